package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"miic/internal/table"
	"miic/internal/testdata"
)

// guideFragments are the guide's examples of single segments, by the number in the file's name, with what they say
// once a header and a person stand before them: doses as CVX/status/condition/eligibility/VIS, observations as
// kind/code/vaccine/day.
var guideFragments = map[string][]string{
	"05": {"3/PA/partial//"},
	"07": nil, // its RXA is only hinted at
	"08": {"3/CP//V01/"}, "09": {"3/CP//V01/"}, "10": {"3/CP//AKA01/"},
	"11": {"reaction/SCT:39579001/0/2009-04-12"},
	"12": {"immunity/SCT:66071002/0/2009-04-12"},
	"13": {"contraindication/SCT:91930004/0/2009-04-15", "contraindication/CDCPHINVS:VXC19/0/2009-04-15"},
	"14": {"risk/CDCPHINVS:VXC7/0/2009-04-15"},
	"15": {"94/CP///253088698300012711120420^^2010-10-10|253088698300024011080313^^|^^2010-10-10"},
	"16": {"refusal/NIP002:00/107/2009-10-10"},
	"17": {"120/CP///"},
	"18": {"160/CP///", "801/CP///"},
	"26": {"48/CP///"},
	"28": {"3/CP///", "94/CP///"},
	"29": {"48/CP///"},
	"30": {"3/CP///"}, // how many doses a series has
	"31": nil,         // a forecast
}

// guideAnswers are the fragments that are OBX alone: they are read about a dose of ours.
var guideAnswers = map[string]bool{"08": true, "09": true, "10": true, "30": true}

// TestGuideFragments reads the guide's segments and fields behind a header of our own.
func TestGuideFragments(t *testing.T) {
	const head = "MSH|^~\\&|EHR|GUIDE|||20150301||VXU^V04^VXU_V04|1|P|2.5.1\nPID|1||F1^^^GUIDE^MR||Ness^Kari^^^^^L||20071001|F\n"
	dir := testdata.Dir(t, "ingest/hl7-national-guide")
	for number, want := range guideFragments {
		files, err := filepath.Glob(filepath.Join(dir, number+"_*.hl7"))
		if err != nil || len(files) != 1 {
			t.Fatalf("fragment %s: %d files, %v", number, len(files), err)
		}
		text, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		before := head
		if guideAnswers[number] {
			before += "RXA|0|1|20090531||03^MMR^CVX|0.5|mL^^UCUM\n"
		}
		path := filepath.Join(t.TempDir(), number+".hl7")
		if err := os.WriteFile(path, append([]byte(before), text...), 0o600); err != nil {
			t.Fatal(err)
		}
		b := take(t, "hl7-vxu", "fragment.hl7", path)
		if row := readAll[table.Batch](t, b, "batch")[0]; row.Accepted != 1 {
			t.Errorf("fragment %s: %d messages accepted", number, row.Accepted)
		}
		var got []string
		for _, e := range readAll[table.VaccinationEvent](t, b, "vaccination_event") {
			got = append(got, fmt.Sprintf("%d/%s/%s/%s/%s", e.CVX, e.Completion, e.Condition, e.Eligibility, e.VIS))
		}
		for _, o := range readAll[table.Observation](t, b, "observation") {
			got = append(got, fmt.Sprintf("%s/%s/%d/%s", o.Kind, o.Code, o.CVX, o.ObservedOn))
		}
		sort.Strings(got)
		sort.Strings(want)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("fragment %s says\n%s\nwant\n%s", number, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestGuideMessageTypes: every message of the guide that is no update is refused by the name of its type.
func TestGuideMessageTypes(t *testing.T) {
	refused := 0
	for f, text := range guideFiles(t) {
		var want, got []string
		for _, l := range strings.FieldsFunc(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
			if fields := strings.Split(l, "|"); strings.HasPrefix(l, "MSH|^~") && !strings.HasPrefix(fields[8], "VXU") {
				want = append(want, fields[8][:3])
			}
		}
		if len(want) == 0 {
			continue
		}
		b := take(t, "hl7-vxu", "guide.hl7", f)
		for _, r := range readAll[table.Rejected](t, b, "rejected") {
			if r.Rule == "message_type" {
				got = append(got, r.Code)
			}
		}
		refused += len(got)
		sort.Strings(want)
		sort.Strings(got)
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: refused %v, want %v", filepath.Base(f), got, want)
		}
	}
	if refused < 15 {
		t.Errorf("only %d messages of other types in the guide", refused)
	}
}

// guideFiles returns the text of each of the guide's files, by its path.
func guideFiles(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testdata.Dir(t, "ingest/hl7-national-guide"), "*.hl7"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[f] = string(text)
	}
	return texts
}
