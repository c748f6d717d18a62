package ingest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/ingest"
	"miic/internal/engine"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// A feed is a sender whose files a test writes, one a night.
type feed struct {
	t        *testing.T
	bench    *pipeline.Bench
	stage    pipeline.Stage
	nights   int
	messages int
}

func newFeed(t *testing.T) *feed {
	return &feed{t: t, bench: newBench(t), stage: ingest.Stage(ingest.Config{Senders: []ingest.Sender{
		{ID: "elm", Kind: "clinic", Files: []ingest.FilePattern{{Pattern: "*.hl7", Layout: "hl7-vxu"},
			{Pattern: "*_CL_*", Layout: "wir-client"}}},
		{ID: "state", Kind: "vital_records", Files: []ingest.FilePattern{{Pattern: "*.ije",
			Layout: "ije-natality"}}}}})}
}

// night delivers one file and returns the figures of the night.
func (f *feed) night(sender, name, text string) map[string]int64 {
	f.t.Helper()
	f.nights++
	path := filepath.Join(f.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
	d := pipeline.Delivery{File: inbox.File{Sender: sender, Name: name, Path: path, Bytes: int64(len(text)),
		SHA256: fmt.Sprintf("%016x%048x", f.nights, f.nights)}}
	o, err := f.bench.Night(context.Background(), day(f.t, "2026-04-01")+table.Date(f.nights), []pipeline.Delivery{d},
		f.stage)
	if err != nil {
		f.t.Fatal(err)
	}
	if o.Counts["ingest.units_accepted"] == 0 {
		f.t.Fatalf("nothing was accepted: %+v", o.Notes)
	}
	return o.Counts
}

// client is the newest version of the one record that there is.
func (f *feed) client() table.ClientRecord {
	f.t.Helper()
	ctx, e := context.Background(), f.bench.Engine
	if err := e.View(ctx, "told", table.ClientRecords, f.bench.Files("client_record")); err != nil {
		f.t.Fatal(err)
	}
	rows, err := engine.Rows[table.ClientRecord](ctx, e, engine.LatestSQL(table.ClientRecords, "told"))
	if err != nil || len(rows) != 1 {
		f.t.Fatalf("%d client records, %v", len(rows), err)
	}
	return rows[0]
}

// vxu is a message of the given day of March, with the given segments behind its header.
func vxu(day int, segments ...string) string {
	head := fmt.Sprintf(`MSH|^~\&|E|ELM|||202603%02d1200||VXU^V04^VXU_V04|%d|P|2.5.1`, day, day)
	return head + "\r" + strings.Join(segments, "\r") + "\r"
}

const (
	fullPID = "PID|1||K1^^^ELM^MR~900112233^^^SSA^SS||Ruud^Eva^Siri^^^^L|Moe^Liv|20200131|F||2106-3|1 Elm " +
		"St^^Duluth^MN^55802^USA^H||^PRN^PH^^^218^5550101~^NET^Internet^e@example.net||nb|||||||N|St Lukes|Y|2"
	barePID = "PID|1||K1^^^ELM^MR||Ruud^Eva^^^^^L||20200131"
	fullPD1 = "PD1|||||||||||04|Y||||A"
	fullNK1 = "NK1|1|Ruud^Liv|MTH^Mother^HL70063"
)

func said(c table.ClientRecord) string {
	return fmt.Sprint(c.MiddleName, " ", c.MotherFirst, " ", c.MotherMaiden, " ", c.GuardianFirst, " ", c.GuardianRole,
		" ", c.MultipleBirth, c.BirthOrder, " ", c.Sex, " ", c.Race, " ",
		c.Address1, ", ", c.City, " ", c.ZIP, " ", c.Phone, " ", c.Email, " ", c.SSN, " ", c.Share, " ", c.Contact, " ",
		c.Status)
}

// TestAbsenceNeverDeletes: a message that leaves things out, on top of one that told them, is no new
// version; one that adds something keeps the rest; and a version that comes late fills what the
// newer ones left out.
func TestAbsenceNeverDeletes(t *testing.T) {
	const all = "Siri Liv Moe Liv MTH Y2 F 2106-3 1 Elm St, Duluth 55802 2185550101 e@example.net 900112233 refused " +
		"reminder_only A"
	f := newFeed(t)
	f.night("elm", "a.hl7", vxu(1, fullPID, fullPD1, fullNK1))
	if got := said(f.client()); got != all {
		t.Fatalf("told: %s", got)
	}
	if n := f.night("elm", "b.hl7", vxu(5, barePID)); n["ingest.client_record_new"] != 0 ||
		n["ingest.client_record_unchanged"] != 1 {
		t.Errorf("a message that says nothing new: %v", n)
	}
	f.night("elm", "c.hl7", vxu(6, strings.Replace(barePID, "20200131", "20200131||||2 Oak St^^Ely^MN^55731", 1)))
	if got, want := said(f.client()),
		strings.Replace(all, "1 Elm St, Duluth 55802", "2 Oak St, Ely 55731", 1); got != want {
		t.Errorf("a new address alone: %s\nwant %s", got, want)
	}

	late := newFeed(t)
	late.night("elm", "b.hl7", vxu(5, barePID))
	if n := late.night("elm", "a.hl7", vxu(1, fullPID, fullPD1, fullNK1)); n["ingest.client_record_restated"] != 1 {
		t.Errorf("a late full message: %v", n)
	}
	if got := said(late.client()); got != all {
		t.Errorf("a full message that came late fills: %s\nwant %s", got, all)
	}
}

// TestNullsDelete: HL7's explicit null takes back what it stands for and nothing else; a restriction
// is lifted by another value only; a death by being said to be alive.
func TestNullsDelete(t *testing.T) {
	f := newFeed(t)
	f.night("elm", "a.hl7", vxu(1, fullPID+"||||20260301|Y", fullPD1, fullNK1))
	if c := f.client(); c.DeceasedOn == 0 || c.Status != "P" {
		t.Fatalf("the death is not told: %q", c.Status)
	}
	f.night("elm", "b.hl7", vxu(2, barePID, `PD1|||||||||||""|""`))
	if c := f.client(); c.DeceasedOn == 0 || c.Status != "P" || c.Share != "refused" || c.Contact != "reminder_only" {
		t.Errorf("a death or a restriction went by absence or null: %s", said(c))
	}
	f.night("elm", "c.hl7", vxu(3, `PID|1||K1^^^ELM^MR||Ruud^Eva^""^^^^L||20200131||||""||""|||||||||||||||||N`,
		`NK1|1|""|GRD`, "PD1||||||||||||N"))
	c := f.client()
	if c.MiddleName != "" || c.Address1 != "" || c.City != "" || c.Phone != "" || c.Email != "" ||
		c.GuardianLast != "" || c.DeceasedOn != 0 || c.Status == "P" {
		t.Errorf("an explicit null did not delete: %s", said(c))
	}
	if c.MotherFirst != "Liv" || c.Race != "2106-3" || c.Share != "allowed" || c.Contact != "reminder_only" {
		t.Errorf("a null deleted more than its own field: %s", said(c))
	}
}

// wirLine is a client record of the fixed-width layout with values at places.
func wirLine(values map[int]string) string {
	b := []byte(strings.Repeat(" ", 574))
	for at, v := range values {
		copy(b[at-1:], v)
	}
	return string(b) + "\r\n"
}

// TestBlankColumnsDoNotDelete: in a fixed-width file a blank is not told; a client who is sent as active
// is not dead any more.
func TestBlankColumnsDoNotDelete(t *testing.T) {
	bare := map[int]string{1: "K1", 26: "EVA", 76: "RUUD", 121: "01312020"}
	full := map[int]string{1: "K1", 26: "EVA", 76: "RUUD", 121: "01312020", 129: "03012026", 162: "MOE", 210: "01",
		212: "N", 320: "1 ELM ST", 485: "DULUTH", 553: "2185550101"}
	f := newFeed(t)
	f.night("elm", "elm_CL_20260302.txt", wirLine(full))
	f.night("elm", "elm_CL_20260303.txt", wirLine(bare))
	if c := f.client(); c.MotherMaiden != "MOE" || c.Share != "refused" || c.Contact != "none" || c.Phone == "" ||
		c.City == "" || c.DeceasedOn == 0 || c.Status != "P" {
		t.Errorf("blanks deleted: %s", said(c))
	}
	bare[25] = "A"
	f.night("elm", "elm_CL_20260304.txt", wirLine(bare))
	if c := f.client(); c.DeceasedOn != 0 || c.Status != "A" || c.MotherMaiden != "MOE" {
		t.Errorf("an active client: %s, died %s", said(c), c.DeceasedOn)
	}
}

// TestAmendedCertificateTakesBack: a birth certificate is a whole document.
func TestAmendedCertificateTakesBack(t *testing.T) {
	birth := func(values map[int]string) string {
		b := []byte(strings.Repeat(" ", 4000))
		for at, v := range map[int]string{1: "2026", 5: "MN", 7: "000001", 13: "0", 30: "F", 31: "01", 33: "31",
			1001: "EVA", 1101: "RUUD", 3018: "0"} {
			copy(b[at-1:], v)
		}
		for at, v := range values {
			copy(b[at-1:], v)
		}
		return string(b) + "\r\n"
	}
	f := newFeed(t)
	f.night("state", "births_20260302.ije", birth(map[int]string{1283: "LIV", 1843: "OLE", 1943: "RUUD"}))
	f.night("state", "births_20260303.ije", birth(map[int]string{1283: "SIRI", 3018: "1"}))
	if c := f.client(); c.MotherFirst != "SIRI" || c.GuardianFirst != "" || c.GuardianLast != "" {
		t.Errorf("the amended certificate still names who it left out")
	}
}

// TestRepeatedWordCounts: the sender says A, then B, then A again, and B arrives last. The repeated A holds,
// for a client record and for a dose, and it keeps holding when B comes once more.
func TestRepeatedWordCounts(t *testing.T) {
	say := func(day int, lot string) string {
		return vxu(day, strings.Replace(barePID, "20200131", "20200131||||1 "+lot+" St^^Ely^MN^55731", 1),
			"ORC|RE||77^ELM",
			"RXA|0|1|20260201||120^x^CVX|0.5|mL^^UCUM||00||^^^ELM||||"+lot+"|||||CP|A")
	}
	dose := func(f *feed) string {
		ctx, e := context.Background(), f.bench.Engine
		if err := e.View(ctx, "told", table.VaccinationEvents, f.bench.Files("vaccination_event")); err != nil {
			t.Fatal(err)
		}
		rows, err := engine.Rows[table.VaccinationEvent](ctx, e, engine.LatestSQL(table.VaccinationEvents, "told"))
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d doses, %v", len(rows), err)
		}
		return rows[0].Lot
	}
	f := newFeed(t)
	f.night("elm", "a.hl7", say(1, "AAA"))
	if n := f.night("elm", "c.hl7", say(9, "AAA")); n["ingest.affirmations"] != 2 || n["ingest.client_record_new"]+
		n["ingest.vaccination_event_new"] != 0 {
		t.Errorf("the repetition: %v", n)
	}
	n := f.night("elm", "b.hl7", say(5, "BBB"))
	if n["ingest.client_record_restated"] != 1 || n["ingest.vaccination_event_restated"] != 1 {
		t.Errorf("the late version: %v", n)
	}
	if f.client().Address1 != "1 AAA St" || dose(f) != "AAA" {
		t.Errorf("the late version holds: %s, %s", f.client().Address1, dose(f))
	}
	if n := f.night("elm", "d.hl7", say(5, "BBB")+"\r"); n["ingest.client_record_new"]+
		n["ingest.vaccination_event_new"]+n["ingest.client_record_restated"]+n["ingest.vaccination_event_restated"]+
		n["ingest.affirmations"] != 0 {
		t.Errorf("the late version once more: %v", n)
	}
	f.night("elm", "e.hl7", say(7, "CCC")) // between B and the repeated A
	if f.client().Address1 != "1 AAA St" || dose(f) != "AAA" {
		t.Errorf("a second late version holds: %s, %s", f.client().Address1, dose(f))
	}
	f.night("elm", "f.hl7", say(11, "CCC"))
	if f.client().Address1 != "1 CCC St" || dose(f) != "CCC" {
		t.Errorf("a newer version does not hold: %s, %s", f.client().Address1, dose(f))
	}
}
