package reports

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/recipient"
)

// withEntries is the test's configuration with these entries in place of the state's.
func withEntries(t *testing.T, files map[string]string) Config {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := testConfig()
	if err := c.ReadRecipients(dir, []string{"metro-health"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

const metroEntry = `name: Metro board
kind: community health board
receives: [regions/metro]
basis: Minn. Stat. 145A
purpose: letters to families
agreement: {id: DUA-7, ends: 2026-03-20}
contact: {name: Desk, phone: 651-555-0100}
plain: true
csv: {bom: true, separator: ";"}
`

func TestWithoutAnAgreementNoFile(t *testing.T) {
	rest := strings.ReplaceAll(strings.Replace(metroEntry, "regions/metro", "regions/northeast, regions/central", 1), "DUA-7", "DUA-8")
	c := withEntries(t, map[string]string{"metro.yaml": metroEntry,
		"rest.yaml":  strings.Replace(rest, "2026-03-20", "2026-03-01", 1), // it has ended yesterday
		"wrong.yaml": strings.Replace(metroEntry, "kind: community health board", "kind: circus", 1)})
	b, w := newBench(t), population(21, 900)
	var broken []string
	o, err := b.Night(context.Background(), asOf, nil, nightStages(w, c, auditOf(c, &broken))...)
	if err != nil || len(broken) > 0 {
		t.Fatalf("%v, broken %q", err, broken)
	}
	folders, err := os.ReadDir(filepath.Join(o.OutDir, "regions"))
	if err != nil || len(folders) != 1 || folders[0].Name() != "metro" {
		t.Errorf("folders %v, %v", folders, err)
	}
	rows, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
	if err != nil || len(rows) == 0 {
		t.Fatal(len(rows), err)
	}
	people := 0
	for _, kind := range []string{"reminder", "recall"} {
		people += len(lettersOf(t, o, "metro", kind))
	}
	for _, piece := range byColumn(t, filepath.Join(o.OutDir, "regions/metro/mailing.csv")) {
		n, err := strconv.Atoi(piece["child_count"])
		if err != nil {
			t.Fatal(err)
		}
		people += n
	}
	if len(rows) != people {
		t.Errorf("%d disclosures of %d rows in files", len(rows), people)
	}
	for _, d := range rows {
		if d.Recipient != "Metro board" || d.Kind != "community health board" || d.Basis != "Minn. Stat. 145A" ||
			d.Purpose != "letters to families" || !strings.HasPrefix(d.Output, "regions/metro/") {
			t.Fatalf("%+v", d)
		}
	}
	for name, head := range map[string]string{"recall": "notice_id;kind;", "mailing": `"campaign_id";"run_id";`, "summary": "region;kind;",
		"breakdown": "region;kind;", "dictionary": "file;column;"} {
		if text := read(t, o, "regions/metro/"+name+".csv"); !strings.HasPrefix(text, "\ufeff"+head) {
			t.Errorf("%s.csv is not as its recipient wants it: %.40q", name, text)
		}
	}
	notices, err := table.ReadAll[table.Notice](b.Files("notice"))
	if err != nil || 2*len(notices) != people { // each is in a list, and in a piece of mail
		t.Errorf("%d notices of %d letters, %v: somebody without a letter counts as reached", len(notices), people, err)
	}
	summary := read(t, o, "state/summary.csv")
	if !strings.Contains(summary, "\nmetro,recall,excluded,no agreement,0,0\r") ||
		strings.Contains(summary, "\nnortheast,recall,excluded,no agreement,0,") {
		t.Errorf("the summary does not count who has no letter for lack of an agreement:\n%s", summary)
	}
	page := read(t, o, "run.html")
	for _, want := range []string{"rest.yaml: agreement DUA-8 with Metro board ended on 2026-03-01",
		"wrong.yaml:2: unknown kind", "no recipient&#39;s entry names regions/southwest", "Agreement DUA-7 with Metro board ends on 2026-03-20"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not name %q", want)
		}
	}
	if o.Counts["campaign.regions_without_recipient"] != 7 {
		t.Errorf("%d regions without a recipient", o.Counts["campaign.regions_without_recipient"])
	}
}

// TestMistakesInCampaignsKeepNoticesBack: while a site's campaign or text of letters has a mistake nobody is written to, since
// another campaign might write to its people. The rest of the night goes out, the page says what to correct, and the night
// that is run again writes to everybody.
func TestMistakesInCampaignsKeepNoticesBack(t *testing.T) {
	b, w := newBench(t), population(23, 300)
	c := testConfig()
	var broken []string
	night := func() *pipeline.Outcome {
		o, err := b.Night(context.Background(), asOf, nil, nightStages(w, c, auditOf(c, &broken))...)
		if err != nil || len(broken) > 0 {
			t.Fatalf("%v, broken %q", err, broken)
		}
		return o
	}
	c.NoticeFaults = []string{"campaigns: a.yaml:2: there is no vaccine group \"Mumpz\""}
	o := night()
	if files := b.Files("notice"); len(files) > 0 {
		t.Errorf("notices in spite of a mistake: %v", files)
	}
	if _, err := os.Stat(filepath.Join(o.OutDir, "regions")); !os.IsNotExist(err) {
		t.Errorf("there are files of regions: %v", err)
	}
	if read(t, o, "coverage.csv") == "" || !strings.Contains(read(t, o, "run.html"), "campaigns: a.yaml:2: there is no vaccine group") {
		t.Error("coverage is empty, or the page does not name the mistake")
	}
	c.NoticeFaults = nil
	o = night()
	if letters := lettersOf(t, o, "metro", "recall"); len(letters) == 0 || strings.Contains(read(t, o, "run.html"), "a.yaml") {
		t.Errorf("%d letters once it is corrected", len(letters))
	}
}

// TestAnAgreementThatIsRenewedLetsTheLettersGo: who had no letter for lack of an agreement gets the first round afterwards.
func TestAnAgreementThatIsRenewedLetsTheLettersGo(t *testing.T) {
	b, w := newBench(t), population(22, 300)
	night := func(c Config, day table.Date) *pipeline.Outcome {
		o, err := b.Night(context.Background(), day, nil, nightStages(w, c)...)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	night(withEntries(t, nil), asOf)
	if files := b.Files("notice"); len(files) > 0 {
		t.Errorf("notices without a recipient: %v", files)
	}
	o := night(withEntries(t, map[string]string{"metro.yaml": metroEntry}), asOf+1)
	letters := lettersOf(t, o, "metro", "recall")
	if len(letters) == 0 || letters[0]["round"] != "1" {
		t.Errorf("%d letters of the first round", len(letters))
	}
	if r, why := (&recipient.Book{}).For("regions/metro", asOf); r != nil || why == "" {
		t.Error("nobody's letters have a recipient")
	}
}

// A coordinator's own lists hold the people of the counties that the entry names, and those whom its clinics care for and who
// live elsewhere. Each row is disclosed and counted, and the regions' and the state's files are as they are without.
func TestACoordinatorsOwnLists(t *testing.T) {
	rest := strings.NewReplacer("regions/metro", "regions/northeast, regions/unassigned, state", "community health board",
		"commissioner of health").Replace(metroEntry)
	night := func(metro string) (*pipeline.Bench, *pipeline.Outcome) {
		b := newBench(t)
		c := withEntries(t, map[string]string{"metro.yaml": metro, "rest.yaml": rest})
		if len(c.Recipients.Faults) > 0 {
			t.Fatal(c.Recipients.Faults)
		}
		var broken []string
		o, err := b.Night(t.Context(), asOf, nil, nightStages(homes(), c, auditOf(c, &broken))...)
		if err != nil || len(broken) > 0 {
			t.Fatalf("%v, broken %q", err, broken)
		}
		return b, o
	}
	_, without := night(metroEntry)
	b, o := night(metroEntry + "cuts:\n  counties: [Hennepin]\n  clinics: [metro-health]\n")
	shown, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
	if err != nil {
		t.Fatal(err)
	}
	disclosed := map[string]int{}
	for _, d := range shown {
		disclosed[d.Output]++
	}
	counted := map[string]string{}
	for _, row := range byColumn(t, filepath.Join(o.OutDir, "regions/metro/breakdown.csv")) {
		if row["by"] == "list" {
			counted[row["value"]] += row["kind"] + " " + row["people"] + " "
		}
	}
	for name, want := range map[string]struct{ regions, counted string }{
		"counties.csv": {"metro 27053 metro 27053 ", "reminder 1 recall 1 "},
		"outside.csv":  {"unassigned  northeast 27137 ", "reminder 2 "},
	} {
		got := ""
		rows := byColumn(t, filepath.Join(o.OutDir, "regions/metro", name))
		for _, row := range rows {
			got += row["region"] + " " + row["county_fips"] + " "
		}
		if got != want.regions || disclosed["regions/metro/"+name] != len(rows) || counted[name] != want.counted {
			t.Errorf("%s has %q, %d disclosures, counted %q", name, got, disclosed["regions/metro/"+name], counted[name])
		}
		if !strings.Contains(read(t, o, "regions/metro/dictionary.csv"), name+";notice_id;") {
			t.Errorf("the dictionary does not describe %s", name)
		}
	}
	for _, same := range []string{"regions/metro/recall.csv", "regions/metro/mailing.csv", "regions/northeast/mailing.csv",
		"regions/unassigned/mailing.csv", "state/mailing.csv", "state/summary.csv", "state/breakdown.csv"} {
		if read(t, o, same) != read(t, without, same) {
			t.Errorf("%s is otherwise than without the lists", same)
		}
	}
}
