package campaign

import (
	"strings"
	"testing"

	"miic/internal/table"
)

// TestADoubtHoldsOnlyTheLetterItChanges is item 7: somebody who may be the same person as another is mailed what is due
// both ways, at the own address, and waits where it is due only apart; never where more than likeness is in question.
func TestADoubtHoldsOnlyTheLetterItChanges(t *testing.T) {
	c := testConfig()
	missed, soon := Need{"Polio", true, 0, asOf - 90, asOf - 40, 0}, Need{"MMR", true, 0, asOf + 10, 0, 0}
	refusedOn := func(n Need, on table.Date) Need { n.Refused = on; return n }
	need := func(group string, recommended, pastDue table.Date) Need {
		return Need{group, true, 0, recommended, pastDue, 0}
	}
	ordinary := []doubtRow{{7, 9, true}}
	for _, tc := range []struct {
		name          string
		needs         []Need
		of            []doubtRow
		joined        map[int64][]Need // by the other
		kind, groups  string
		reasons       string
		sentInReview  bool
		dueOn         table.Date
		beforeTonight []EarlierNotice
	}{
		{name: "due both ways", needs: []Need{missed}, of: ordinary, joined: map[int64][]Need{9: {missed}}, kind: Recall, groups: "Polio", sentInReview: true, dueOn: asOf - 90},
		{name: "due only apart", needs: []Need{missed}, of: ordinary, joined: map[int64][]Need{9: {soon}}, kind: Recall, groups: "Polio", reasons: "in review", dueOn: asOf - 90},
		{name: "one of two vaccines both ways", needs: []Need{soon, missed}, of: ordinary, joined: map[int64][]Need{9: {missed}}, kind: Recall, groups: "Polio", sentInReview: true, dueOn: asOf - 90},
		{name: "a recall apart, a reminder together", needs: []Need{missed}, of: ordinary, joined: map[int64][]Need{9: {need("Polio", asOf+5, asOf+60)}}, kind: Reminder, groups: "Polio", sentInReview: true, dueOn: asOf + 5},
		{name: "together not for long", needs: []Need{missed}, of: ordinary, joined: map[int64][]Need{9: {need("Polio", asOf+200, asOf+300)}}, kind: Recall, groups: "Polio", reasons: "in review", dueOn: asOf - 90},
		{name: "more than likeness is in question", needs: []Need{missed}, of: []doubtRow{{7, 9, false}}, joined: map[int64][]Need{9: {missed}}, kind: Recall, groups: "Polio", reasons: "in review", dueOn: asOf - 90},
		{name: "a question about one record", needs: []Need{missed}, kind: Recall, groups: "Polio", reasons: "in review", dueOn: asOf - 90},
		{name: "two doubts, one changes it", needs: []Need{missed}, of: []doubtRow{{7, 8, true}, {7, 9, true}}, joined: map[int64][]Need{8: {missed}}, kind: Recall, groups: "Polio", reasons: "in review", dueOn: asOf - 90},
		{name: "two doubts, neither", needs: []Need{missed}, of: []doubtRow{{7, 8, true}, {7, 9, true}}, joined: map[int64][]Need{8: {missed}, 9: {missed}}, kind: Recall, groups: "Polio", sentInReview: true, dueOn: asOf - 90},
		{name: "refused by the other's family", needs: []Need{missed}, of: ordinary, joined: map[int64][]Need{9: {refusedOn(missed, asOf-3)}}, kind: Recall, reasons: "refused"},
		{name: "what holds everybody holds it too", needs: []Need{missed}, of: ordinary, joined: map[int64][]Need{9: {missed}}, kind: Recall, groups: "Polio", reasons: "recent notice", dueOn: asOf - 90, beforeTonight: []EarlierNotice{letter("MMR", 27)}},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			d := &doubts{of: map[int64][]doubtRow{7: tc.of}, joined: map[[2]int64]map[string]Need{}, judged: map[int64]judged{}}
			for other, needs := range tc.joined {
				d.joined[[2]int64{7, other}] = map[string]Need{}
				for _, n := range needs {
					d.joined[[2]int64{7, other}][n.Group] = n
				}
			}
			p := someone()
			p.ClientID, p.InReview, p.Needs = 7, true, tc.needs
			got := d.choose(&c, asOf, p, tc.beforeTonight, false)
			var why []string
			for _, r := range got.reasons {
				why = append(why, r.String())
			}
			if got.kind != tc.kind || got.groups != tc.groups || strings.Join(why, ",") != tc.reasons || got.earliestOn != tc.dueOn {
				t.Errorf("got %+v because %q", got, why)
			}
			var tally Tally
			if tally.count(got, p.InDoubt); tc.sentInReview != (tally.InDoubt == 1 && tally.Mailed == 1) {
				t.Errorf("counted %+v", tally)
			}
		})
	}
}

// letter is a recall of so many days ago to the address that someone has.
func letter(groups string, days int) EarlierNotice {
	p := someone()
	return EarlierNotice{ClientID: 7, Campaign: "nightly", Kind: Recall, Groups: groups, IssuedOn: asOf - table.Date(days), Address1: p.Address1, ZIP: p.ZIP}
}

// TestOneLetterForBoth is item 7: of two who may be one, and agree in given name, birth date and address, the first gets
// the letter for both; with another given name or another home the second waits for the answer, so that no child gets two
// letters. Only where the first gets none the second does.
func TestOneLetterForBoth(t *testing.T) {
	c := testConfig()
	missed := Need{"Polio", true, 0, asOf - 90, asOf - 40, 0}
	for _, tc := range []struct {
		name   string
		change func(first, second *Person)
		want   string
	}{
		{"the same child", func(first, second *Person) {}, "one letter for both"},
		{"an address written in another way", func(first, second *Person) { first.Address1, second.Address1 = "1 Elm Street", "1 ELM ST." }, "one letter for both"},
		{"another given name", func(first, second *Person) { second.FirstName = first.FirstName + "a" }, "in review"},
		{"no given name", func(first, second *Person) { first.FirstName, second.FirstName = "", "" }, "in review"},
		{"another birth date", func(first, second *Person) { second.BirthDate++ }, "in review"},
		{"another home", func(first, second *Person) { second.Address1 = "77 Other Road" }, "in review"},
		{"the first has no address that mail reaches", func(first, second *Person) { first.AddressFlag = "bad" }, ""},
		{"the first was written to yesterday", nil, "one letter for both"},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			d := &doubts{of: map[int64][]doubtRow{7: {{7, 9, true}}, 9: {{9, 7, true}}}, judged: map[int64]judged{},
				joined: map[[2]int64]map[string]Need{{7, 9}: {"Polio": missed}, {9, 7}: {"Polio": missed}}}
			first, second := someone(), someone()
			first.FirstName, second.FirstName = "Ann", "ANN"
			for id, p := range map[int64]*Person{7: first, 9: second} {
				p.ClientID, p.InReview, p.Needs = id, true, []Need{missed}
			}
			var before []EarlierNotice
			if tc.change != nil {
				tc.change(first, second)
			} else {
				before = []EarlierNotice{letter("Polio", 1)}
			}
			d.choose(&c, asOf, first, before, false)
			got := d.choose(&c, asOf, second, nil, false)
			var why []string
			for _, r := range got.reasons {
				why = append(why, r.String())
			}
			if strings.Join(why, ",") != tc.want {
				t.Errorf("the second is left out because %q, want %q", why, tc.want)
			}
		})
	}
}
