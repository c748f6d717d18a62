package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/table"
	"miic/reports/csvfile"
)

// TestCampaignsOfOneNight: two campaigns of the site beside the standing one, all of them about the same children. Nobody
// gets two notices; the priority decides whose; who is in a control group gets none of any; and the night's figures, tables
// and files say the same.
func TestCampaignsOfOneNight(t *testing.T) {
	dir := state(t, "250", "1")
	if err := os.Mkdir(filepath.Join(dir, "campaigns"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"first":  "priority: 10\nkind: recall\ngroups: [HepB, Polio]\ncontrol: {share: 0.4, approval: IRB-7, ends: 2027-01-01}\n",
		"second": "priority: 20\nkind: recall\ngroups: [DTaP/Tdap/Td, Polio]\n",
	} {
		text = fmt.Sprintf("name: %s\ntitle: a test\n%s", name, text)
		if err := os.WriteFile(filepath.Join(dir, "campaigns", name+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	night(t, dir, "2026-03-02", shell.ExitDone)

	order := []string{"first", "second", "nightly"}
	of := map[int64]string{} // the campaign whose notice somebody got
	sent := map[string]int{}
	notices := rows[table.Notice](t, dir, "notice")
	for _, n := range notices {
		if of[n.ClientID] != "" {
			t.Errorf("client %d has notices of %s and %s", n.ClientID, of[n.ClientID], n.Campaign)
		}
		of[n.ClientID] = n.Campaign
		sent[n.Campaign]++
	}
	controls := map[int64]bool{}
	for _, c := range rows[table.ControlNotice](t, dir, "control_notice") {
		if controls[c.ClientID] = true; c.Campaign != "first" || of[c.ClientID] != "" {
			t.Errorf("client %d of the control group of %s has a notice of %q", c.ClientID, c.Campaign, of[c.ClientID])
		}
	}
	passed, kept := 0, map[int64]bool{}
	for _, w := range rows[table.Withheld](t, dir, "withheld") {
		reasons := strings.Split(w.Reasons, "|")
		got := of[w.ClientID]
		if slices.Contains(reasons, "other campaign") {
			if passed++; got == "" || slices.Index(order, got) >= slices.Index(order, w.Campaign) {
				t.Errorf("client %d is passed over by %s for another campaign, and has a notice of %q", w.ClientID, w.Campaign, got)
			}
		}
		if w.Campaign == "first" && w.Reason == "control group" {
			kept[w.ClientID] = true
		}
		if slices.Index(order, w.Campaign) < slices.Index(order, got) && len(reasons) == 1 && reasons[0] == "other campaign" {
			t.Errorf("client %d has a notice of %s, though %s comes first", w.ClientID, got, w.Campaign)
		}
	}
	if !slices.Equal(ids(kept), ids(controls)) {
		t.Errorf("withheld for the control group: %v; its notices: %v", ids(kept), ids(controls))
	}
	if sent["first"] == 0 || sent["second"] == 0 || sent["nightly"] == 0 || len(controls) == 0 || passed == 0 {
		t.Fatalf("it proves nothing: %v, %d in the control group, %d passed over", sent, len(controls), passed)
	}

	figures := figuresOf(t, dir, "campaign")
	if figures["notices"] != int64(len(notices)) || figures["control_group"] != int64(len(controls)) {
		t.Errorf("the ledger has %d notices and %d controls, the tables %d and %d", figures["notices"], figures["control_group"],
			len(notices), len(controls))
	}
	listed := 0
	for _, kind := range []string{"recall", "reminder"} {
		paths, err := filepath.Glob(filepath.Join(dir, "out", "000001", "regions", "*", kind+".csv"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no lists: %v", err)
		}
		for _, path := range paths {
			listed += csvRows(t, path)
		}
	}
	if listed != len(notices) {
		t.Errorf("the lists have %d rows, the table %d", listed, len(notices))
	}
	disclosed := 0
	for _, d := range rows[table.Disclosure](t, dir, "disclosure") {
		if strings.HasPrefix(d.Output, "regions/") && (strings.HasSuffix(d.Output, "/recall.csv") || strings.HasSuffix(d.Output, "/reminder.csv")) {
			disclosed++
		}
	}
	if disclosed != len(notices) {
		t.Errorf("%d rows of the lists are disclosed, of %d", disclosed, len(notices))
	}
}

func ids(set map[int64]bool) []int64 {
	var list []int64
	for id := range set {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}

// figuresOf are the figures of a stage, as the ledger of the first run has them.
func figuresOf(t *testing.T, dir, stage string) map[string]int64 {
	t.Helper()
	l, err := lake.Open(filepath.Join(dir, "lake"), lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	events, err := l.Ledger("000001")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Stage != nil && e.Stage.Name == stage && len(e.Stage.Figures) > 0 {
			return e.Stage.Figures
		}
	}
	t.Fatalf("the ledger has no figures of %s", stage)
	return nil
}

// csvRows counts the rows of a file below its header.
func csvRows(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csvfile.Reader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return len(all) - 1
}
