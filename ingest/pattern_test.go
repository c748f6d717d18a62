package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"miic/ingest"
	"miic/ingest/rule"
	"miic/internal/table"
)

// TestPatternsOfDeliveries: each rule about a whole delivery is told of the file that breaks it, and of no ordinary
// one.
func TestPatternsOfDeliveries(t *testing.T) {
	ordinary := func(i int) string { return fmt.Sprintf("2025%02d%02d", 1+i%12, 1+i*11%28) }
	births := func(i int) string { return fmt.Sprintf("20%02d%02d%02d", 20+i%4, 1+i*5%12, 1+i*11%28) }
	always := func(day string) func(int) string { return func(i int) string { return fmt.Sprintf(day, 1+i%12) } }
	long := []string{"0131", "0331", "0531", "0731", "0831", "1031", "1231"}
	f := newFeed(t)
	f.stage = ingest.Stage(ingest.Config{Deliveries: ingest.DefaultLimits(),
		Senders: []ingest.Sender{{ID: "elm", Kind: "clinic", Files: []ingest.FilePattern{{Pattern: "*.hl7",
			Layout: "hl7-vxu"}}}}})
	night := 0
	send := func(born, given, sex func(int) string) {
		night++
		var b strings.Builder
		for i := range 120 {
			fmt.Fprintf(&b, "MSH|^~\\&|E|ELM|||202604%02d||VXU^V04^VXU_V04|%d|P|2.5.1\rPID|1||K%d^^^ELM^MR||Ruud^Eva^^^^^L||%s|%s\rRXA|0|1|%s||%d^^CVX|0.5|mL^^UCUM||00|||||||||||CP|A\r",
				night, i, i, born(i), sex(i), given(i), 20+night%2*90)
		}
		f.night("elm", fmt.Sprintf("n%02d.hl7", night), b.String())
	}
	broken := func() (rules []string) {
		t.Helper()
		if err := table.Scan(f.bench.Files("delivery_figure"), func(d *table.DeliveryFigure) error {
			if d.Rule != "" && d.ReceivedOn == day(t, "2026-04-01")+table.Date(f.nights) {
				rules = append(rules, d.Rule)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(rules)
		return slices.Compact(rules)
	}
	girls := func(int) string { return "F" }
	for range 5 {
		send(births, ordinary, girls)
		if got := broken(); len(got) > 0 {
			t.Fatalf("an ordinary file breaks %v", got)
		}
	}
	for _, c := range []struct {
		rule             string
		born, given, sex func(int) string
	}{
		{"doses_on_the_first", births, always("2025%02d01"), girls},
		{"doses_on_the_fifteenth", births, always("2025%02d15"), girls},
		{"doses_on_the_last", births, func(i int) string { return "2025" + long[i%len(long)] }, girls},
		{"doses_on_one_day", births, func(int) string { return "20250919" }, girls},
		{"births_on_the_first", always("2021%02d01"), ordinary, girls},
		{"births_on_the_fifteenth", always("2021%02d15"), ordinary, girls},
		{"births_on_the_last", func(i int) string { return "2021" + long[i%len(long)] }, ordinary, girls},
		{"sexes_contradict", births, ordinary, func(i int) string {
			return [...]string{"M",
				"F"}[min(i, 1)*min(i%20, 1)]
		}},
		{"age_mix_unusual", func(i int) string { return "19" + births(i)[2:] }, ordinary, girls},
	} {
		send(c.born, c.given, c.sex)
		if got := broken(); !slices.Contains(got, c.rule) {
			t.Errorf("the file that should break %s breaks %v", c.rule, got)
		}
	}
}

// TestALineWithoutEnd: a line longer than any record may be is refused alone, and is never kept.
func TestALineWithoutEnd(t *testing.T) {
	f := newFeed(t)
	f.stage = ingest.Stage(ingest.Config{Senders: []ingest.Sender{{ID: "plan", Kind: "health_plan",
		Files: []ingest.FilePattern{{Pattern: "*.csv", Layout: "plan-members"}}}}})
	head, err := os.ReadFile("../fixtures/faults/overlay/in/2026-03-02/north-plan/members_20260302.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(head), "\n")
	n := f.night("plan", "a.csv", lines[0]+lines[1]+strings.Repeat("x", 70000)+"\n"+lines[2])
	rules := standing(f, table.Rejections, func(r *table.Rejected) (string, string) {
		return r.Rule,
			fmt.Sprint(r.Line)
	})
	if n["ingest.units_accepted"] != 2 || rules["line_too_long"] != "3" {
		t.Errorf("%d accepted; refused %v", n["ingest.units_accepted"], rules)
	}
}

// TestEveryRuleHasACase: a rule that no case of a fault, no golden file and no test names has never been seen to work.
func TestEveryRuleHasACase(t *testing.T) {
	var seen strings.Builder
	for _, pattern := range []string{"*_test.go", "*/*_test.go", "testdata/*/want.txt",
		"../fixtures/faults/*/want/*.txt"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			seen.Write(text)
		}
	}
	for id := range rule.Messages() {
		if !regexp.MustCompile(`[="( ]` + id + `\b`).MatchString(seen.String()) {
			t.Errorf("no case shows rule %s", id)
		}
	}
}
