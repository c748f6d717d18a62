package truth

import (
	"testing"

	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/measure"
)

func on(t *testing.T, iso string) table.Date {
	t.Helper()
	d, err := table.ParseDate(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A dose counts by what deliveries give of it, and by the true day only once some source has it.
func TestWhatIsKnownOfADose(t *testing.T) {
	right, wrong := on(t, "2025-05-02"), on(t, "2025-05-01")
	clinic := reported{night: "2026-03-02", source: 1, on: wrong, cvx: 45}
	corrected := reported{night: "2026-03-03", source: 1, on: right, cvx: 45}
	plan := reported{night: "2026-03-03", source: 2, on: wrong, cvx: 8}
	gone := reported{night: "2026-03-03", source: 1, gone: true}
	for _, tc := range []struct {
		name    string
		reports []reported
		night   string
		on      table.Date
		cvx     int16
		ok      bool
	}{
		{"before any report", []reported{clinic}, "2026-03-01", 0, 0, false},
		{"as sent where nobody has it right", []reported{clinic}, "2026-03-02", wrong, 45, true},
		{"corrected, but not yet", []reported{clinic, corrected}, "2026-03-02", wrong, 45, true},
		{"corrected", []reported{clinic, corrected}, "2026-03-03", right, 45, true},
		{"another source names the product", []reported{clinic, plan}, "2026-03-03", wrong, 8, true},
		{"withdrawn", []reported{clinic, gone}, "2026-03-03", 0, 0, false},
		{"withdrawn by one of two", []reported{clinic, gone, plan}, "2026-03-03", wrong, 8, true},
	} {
		d := dose{on: right, cvx: 8, reports: tc.reports}
		day, cvx, ok := d.known(tc.night)
		if ok != tc.ok || ok && (day != tc.on || cvx != tc.cvx) {
			t.Errorf("%s: %v %d %v", tc.name, day, cvx, ok)
		}
	}
}

func TestHomesAsOfANight(t *testing.T) {
	p := person{homes: []home{
		{night: "2026-03-02", from: "2020-01-01", street: "1 Elm St"},
		{night: "2026-03-02", from: "2015-01-01", until: "2020-01-01", street: "2 Oak St"},
		{night: "2026-03-04", from: "2020-01-01", until: "2026-03-03", street: "1 Elm St"},
		{night: "2026-03-04", from: "2026-03-03", street: "3 Fir St"},
	}}
	before, after := p.homesOn("2026-03-03"), p.homesOn("2026-03-04")
	if len(before) != 2 || before[1].street != "1 Elm St" || before[1].until != "" {
		t.Errorf("the night before the move: %v", before)
	}
	if len(after) != 3 || after[1].until != "2026-03-03" || after[2].street != "3 Fir St" {
		t.Errorf("the night after the move: %v", after)
	}
}

func TestPlacesAreComparedInLinkageForm(t *testing.T) {
	for _, tc := range []struct{ street, zip, unit, line1, line2, zip2 string }{
		{"3516 Meadowlark Dr N", "55426", "", "3516 MEADOWLARK DRIVE N", "", "55426"},
		{"12 Elm Ave", "55426", "Apt 4", "12 ELM AVE APT 4", "", "554261234"},
		{"12 Elm Ave", "55426", "Apt 4", "12 Elm Avenue", "#4", "55426"},
	} {
		if a, b := placeOf(tc.street, tc.zip), placeOf(tc.line1, tc.zip2); a != b {
			t.Errorf("%q is not %q", a, b)
		}
		if a, b := unitOf(tc.unit), unitOf(tc.line1+" "+tc.line2); a != b {
			t.Errorf("%s %s: unit %q is not %q", tc.line1, tc.line2, a, b)
		}
	}
	if placeOf("12 Elm Ave", "55426") == placeOf("12 Elm Ave", "55427") || unitOf("Apt 4") == unitOf("12 Elm Ave Apt 5") {
		t.Error("two places are one")
	}
}

func TestTheCauseNearestToALetter(t *testing.T) {
	p, asOf := &person{id: "P1"}, on(t, "2026-03-02")
	late := []campaign.Need{{Group: "MMR", Recommended: on(t, "2025-01-01"), PastDue: on(t, "2025-02-01")}}
	place := clientRow{ClientID: 1, BirthDate: on(t, "2023-01-01"), Contact: "allowed", Address1: "1 Elm St", City: "A", State: "MN",
		ZIP: "55426"}
	doubt, away, none := &client{row: place, needs: late}, &client{row: place, needs: late}, &client{row: place}
	doubt.row.InReview, away.row.Address1 = true, ""
	o := &oracle{campaign: campaign.Campaign{Kind: campaign.Both, UntilMonths: 19 * 12, RecallDays: 30, ReminderDays: 30, MaxRounds: 2}, calls: map[string]bool{"MMR": true}}
	for _, tc := range []struct {
		clients []*client
		cause   string
	}{
		{nil, "no client has a record of the person"},
		{[]*client{none}, "due for nothing by the registry's doses"},
		{[]*client{away}, "no address"},
		{[]*client{doubt}, "held by a doubt"},
		{[]*client{none, doubt}, "held by a doubt, split person"},
	} {
		n := &night{oracle: o, asOf: asOf, registry: &registry{of: map[*person][]*client{p: tc.clients}}}
		if got := n.lost(p, campaign.Recall); got != tc.cause {
			t.Errorf("%q, want %q", got, tc.cause)
		}
	}
}

// A letter counts once, by the first vaccine that it must not name; others than it names do not matter.
func TestLettersAboutBarredVaccines(t *testing.T) {
	p := &person{id: "P1"}
	for _, tc := range []struct {
		groups                           string
		bars                             barred
		refusing, immune, contraindicate int
	}{
		{"MMR|HepB", nil, 0, 0, 0},
		{"MMR|HepB", barred{"Varicella": "immune"}, 0, 0, 0},
		{"MMR|HepB", barred{"HepB": "refused"}, 1, 0, 0},
		{"Varicella", barred{"Varicella": "immune"}, 0, 1, 0},
		{"MMR|HepB", barred{"MMR": "contraindicated", "HepB": "refused"}, 0, 0, 1},
	} {
		n := &night{registry: &registry{of: map[*person][]*client{}}, bars: map[*person]barred{p: tc.bars}}
		n.barred(&letter{notice: table.Notice{NoticeID: "a", VaccineGroups: tc.groups}}, p)
		if n.Refusing != tc.refusing || n.Immune != tc.immune || n.Contraindicated != tc.contraindicate {
			t.Errorf("%s with %v: %d refused, %d immune, %d contraindicated", tc.groups, tc.bars, n.Refusing, n.Immune, n.Contraindicated)
		}
	}
}

// TestCoverageIsComparedByHand: five people in two counties, and what of them the registry has otherwise.
func TestCoverageIsComparedByHand(t *testing.T) {
	c := comparison{measures: []measure.Measure{{ID: "mmr"}}, number: map[string]int{"mmr": 0}, truth: map[cell]*Share{},
		found: map[cell]*Share{{0, "a"}: {N: 2, Of: 3}, {0, "b"}: {N: 0, Of: 2}, {0, ""}: {N: 2, Of: 5}}}
	a, b := cell{0, "a"}, cell{0, "b"}
	c.person(a, true, []verdict{{"a", true}})
	c.person(a, false, []verdict{{"a", true}})               // another result
	c.person(a, true, nil)                                   // not counted
	c.person(b, true, []verdict{{"a", false}})               // in another county
	c.person(b, false, []verdict{{"b", false}, {"b", true}}) // split
	c.largest([]Difference{{People: 2, Limit: 10}, {People: 3, Limit: 1}})
	want := Coverage{Pairs: 5, NotCounted: 1, Elsewhere: 1, Twice: 1, OtherResult: 1}
	if got := c.Coverage; got.Pairs != want.Pairs || got.NotCounted != want.NotCounted || got.Elsewhere != want.Elsewhere ||
		got.Twice != want.Twice || got.OtherResult != want.OtherResult {
		t.Errorf("%+v, want %+v", got, want)
	}
	if c.State != 20 { // 3 of 5 by the truth, 2 of 5 counted
		t.Errorf("the state is %.1f points off, want 20", c.State)
	}
	if two, three := c.Sizes[0], c.Sizes[1]; two.Cells != 2 || two.Over != 1 || two.Most != 50 || two.Mean != 25 ||
		three.Cells != 1 || three.Over != 0 || three.Most != 0 {
		t.Errorf("%+v", c.Sizes)
	}
}
