package campaign

import (
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

// someone is a person about whom nothing keeps a notice back.
func someone() *Person {
	return &Person{ClientID: 7, FirstName: "A", LastName: "B", BirthDate: asOf.AddMonths(-48), Address1: "1 Elm St", City: "Duluth", State: "MN", ZIP: "55803",
		Region: "northeast", Contact: "allowed", Status: "active"}
}

var asOf = table.NewDate(2026, 3, 2)

func testConfig() Campaign {
	return Campaign{Name: "nightly", Kind: Both, Channels: []string{Mail}, ReminderDays: 30, RecallDays: 30, UntilMonths: 19 * 12, MaxRounds: 2, MinInterval: 28, RefusalDays: 365}
}

func TestChoose(t *testing.T) {
	c := testConfig()
	w := func(group string, recommended, pastDue table.Date) Need {
		return Need{Group: group, Calls: true, Recommended: recommended, PastDue: pastDue}
	}
	refusedOn := func(w Need, on table.Date) Need { w.Refused = on; return w }
	beside := func(w Need) Need { w.Calls = false; return w }
	soon := w("MMR", asOf+10, asOf+100)
	missed := w("Polio", asOf-90, asOf-30)
	passed := w("DTaP", asOf-100, asOf+20)
	returned := func(e EarlierNotice, from string) EarlierNotice { e.Returned, e.Address1 = true, from; return e }
	earlier := func(kind, groups string, days int) EarlierNotice {
		return EarlierNotice{ClientID: 7, Kind: kind, Groups: groups, Campaign: "nightly", IssuedOn: asOf - table.Date(days), Address1: "1 Elm St", ZIP: "55803"}
	}

	for _, tc := range []struct {
		name    string
		needs   []Need
		change  func(*Person)
		before  []EarlierNotice
		stale   bool
		kind    string
		round   int
		groups  string
		dueOn   table.Date // earliest due day
		reasons string
	}{
		{name: "due soon", needs: []Need{soon}, kind: Reminder, round: 1, groups: "MMR", dueOn: asOf + 10},
		{name: "due today", needs: []Need{w("MMR", asOf, 0)}, kind: Reminder, round: 1, groups: "MMR", dueOn: asOf},
		{name: "due on the window's last day", needs: []Need{w("MMR", asOf+30, 0)}, kind: Reminder, round: 1, groups: "MMR", dueOn: asOf + 30},
		{name: "past due by the grace", needs: []Need{missed}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90},
		{name: "a recall wins and names all", needs: []Need{beside(w("Influenza", asOf-5, 0)), soon, missed}, kind: Recall, round: 1, groups: "Influenza|MMR|Polio", dueOn: asOf - 90},
		{name: "refused is not named", needs: []Need{refusedOn(soon, asOf-3), missed}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90},
		{name: "all refused", needs: []Need{refusedOn(missed, asOf-3)}, kind: Recall, round: 1, reasons: "refused"},
		{name: "a refusal grows old", needs: []Need{refusedOn(missed, asOf-365)}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90},
		{name: "a refused recall leaves the reminder", needs: []Need{soon, refusedOn(missed, asOf-3)}, kind: Reminder, round: 1, groups: "MMR", dueOn: asOf + 10},
		{name: "second round", needs: []Need{missed}, before: []EarlierNotice{earlier(Recall, "Polio", 28)}, kind: Recall, round: 2, groups: "Polio", dueOn: asOf - 90},
		{name: "a notice yesterday", needs: []Need{missed}, before: []EarlierNotice{earlier(Recall, "MMR", 27)}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90, reasons: "recent notice"},
		{name: "a reminder of another vaccine yesterday keeps no recall back", needs: []Need{missed}, before: []EarlierNotice{earlier(Reminder, "MMR", 1)}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90},
		{name: "a reminder of the same dose yesterday is answered first", needs: []Need{missed}, before: []EarlierNotice{earlier(Reminder, "Polio", 27)}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90, reasons: "recent notice"},
		{name: "a reminder of the same dose four weeks ago is not", needs: []Need{missed}, before: []EarlierNotice{earlier(Reminder, "Polio", 28)}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90},
		{name: "its day has passed and nobody has said so", needs: []Need{passed}, kind: Reminder, round: 1, groups: "DTaP", dueOn: asOf - 100},
		{name: "past due, within the grace, and nobody has said so", needs: []Need{w("DTaP", asOf-100, asOf-29)}, kind: Reminder, round: 1, groups: "DTaP", dueOn: asOf - 100},
		{name: "its day has passed after a reminder", needs: []Need{passed}, before: []EarlierNotice{earlier(Reminder, "DTaP", 130)}, kind: Reminder, round: 1, groups: "DTaP", reasons: "reached"},
		{name: "its day has passed after a recall that named it", needs: []Need{passed}, before: []EarlierNotice{earlier(Recall, "DTaP|MMR", 60)}, kind: Reminder, round: 1, groups: "DTaP", reasons: "reached"},
		{name: "a letter about the dose before is none about this one", needs: []Need{passed}, before: []EarlierNotice{earlier(Reminder, "DTaP", 131)}, kind: Reminder, round: 1, groups: "DTaP", dueOn: asOf - 100},
		{name: "a letter about another vaccine is none about this one", needs: []Need{passed}, before: []EarlierNotice{earlier(Reminder, "MMR", 60)}, kind: Reminder, round: 1, groups: "DTaP", dueOn: asOf - 100},
		{name: "the letter came back and they live elsewhere now", needs: []Need{passed}, before: []EarlierNotice{returned(earlier(Reminder, "DTaP", 3), "9 Oak Ave")}, kind: Reminder, round: 1, groups: "DTaP", dueOn: asOf - 100},
		{name: "the letter came back from the present address", needs: []Need{passed}, before: []EarlierNotice{returned(earlier(Reminder, "DTaP", 3), "1 elm street")}, kind: Reminder, round: 2, groups: "DTaP", dueOn: asOf - 100, reasons: "recent notice"},
		{name: "letters that came back are no rounds", needs: []Need{missed}, before: []EarlierNotice{returned(earlier(Recall, "Polio", 80), "9 Oak Ave"), returned(earlier(Recall, "Polio", 40), "9 Oak Ave")}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90},
		{name: "one open dose was named and another was not", needs: []Need{w("HepA", asOf-20, 0), passed}, before: []EarlierNotice{earlier(Reminder, "DTaP", 100)}, kind: Reminder, round: 1, groups: "HepA|DTaP", dueOn: asOf - 20},
		{name: "no past-due day and the recommended one has passed", needs: []Need{w("Td", asOf-29, 0)}, kind: Reminder, round: 1, groups: "Td", dueOn: asOf - 29},
		{name: "no past-due day and the grace is over", needs: []Need{w("Td", asOf-30, 0)}, kind: Recall, round: 1, groups: "Td", dueOn: asOf - 30},
		{name: "rounds used", needs: []Need{missed}, before: []EarlierNotice{earlier(Recall, "Polio", 80), earlier(Recall, "MMR|Polio", 40)}, kind: Recall, round: 1, groups: "Polio", reasons: "rounds used"},
		{name: "rounds about an earlier dose do not count", needs: []Need{missed}, before: []EarlierNotice{earlier(Recall, "Polio", 200), earlier(Recall, "Polio", 91)}, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90},
		{name: "a new vaccine opens the rounds again", needs: []Need{w("HepB", asOf-80, asOf-31), missed}, before: []EarlierNotice{earlier(Recall, "Polio", 85), earlier(Recall, "Polio", 40)}, kind: Recall, round: 1, groups: "HepB|Polio", dueOn: asOf - 80},
		{name: "used-up recall leaves the reminder", needs: []Need{soon, missed}, before: []EarlierNotice{earlier(Recall, "Polio", 80), earlier(Recall, "Polio", 40)}, kind: Reminder, round: 1, groups: "MMR|Polio", dueOn: asOf + 10},
		{name: "outside", needs: []Need{missed}, change: func(p *Person) { p.Status = "outside" }, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90, reasons: "inactive"},
		{name: "may have died", needs: []Need{missed}, change: func(p *Person) { p.PossibleDeath = true }, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90, reasons: "possible death"},
		{name: "has died", needs: []Need{missed}, change: func(p *Person) { p.PossibleDeath, p.Status = true, "deceased" }, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90, reasons: "deceased"},
		{name: "no contact", needs: []Need{missed}, change: func(p *Person) { p.Contact = "none" }, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90, reasons: "contact"},
		{name: "a contact word nobody knows", needs: []Need{missed}, change: func(p *Person) { p.Contact = "" }, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90, reasons: "contact"},
		{name: "no calls is about calls", needs: []Need{missed}, change: func(p *Person) { p.Contact = "allowed_no_calls" }, kind: Recall, round: 1, groups: "Polio", dueOn: asOf - 90},
		{name: "recalls only", needs: []Need{soon}, change: func(p *Person) { p.Contact = "recall_only" }, kind: Reminder, round: 1, groups: "MMR", dueOn: asOf + 10, reasons: "contact"},
		{name: "mail comes back", needs: []Need{soon}, change: func(p *Person) { p.AddressFlag = "bad" }, kind: Reminder, round: 1, groups: "MMR", dueOn: asOf + 10, reasons: "address"},
		{name: "everything at once", needs: []Need{missed}, before: []EarlierNotice{earlier(Recall, "Polio", 27), earlier(Recall, "Polio", 60)}, stale: true,
			change: func(p *Person) {
				p.Status, p.NoContact, p.City, p.InReview = "outside", true, "", true
			}, kind: Recall, round: 1, groups: "Polio", reasons: "inactive,contact,address,rounds used,recent notice,stale clinic,in review"},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			p := someone()
			p.Needs = tc.needs
			if tc.change != nil {
				tc.change(p)
			}
			got := c.choose(asOf, p, tc.before, tc.stale)
			var why []string
			for _, r := range got.reasons {
				why = append(why, r.String())
			}
			if got.kind != tc.kind || got.round != tc.round || got.groups != tc.groups || got.earliestOn != tc.dueOn || strings.Join(why, ",") != tc.reasons {
				t.Errorf("got %+v because %q", got, why)
			}
		})
	}
}

func TestKindOf(t *testing.T) {
	c := testConfig()
	for _, tc := range []struct {
		recommended, pastDue table.Date
		kind                 string
	}{
		{asOf + 31, 0, ""}, {asOf + 30, 0, Reminder}, {asOf, 0, Reminder}, {asOf - 1, 0, Reminder}, {asOf - 60, asOf - 29, Reminder}, {asOf - 60, asOf - 30, Recall},
		{asOf - 60, asOf + 1, Reminder}, {asOf, asOf, Reminder}, {asOf + 5, asOf - 1, Reminder}, {asOf + 31, asOf + 40, ""}, {asOf - 29, 0, Reminder}, {asOf - 30, 0, Recall}, {asOf - 400, 0, Recall},
	} {
		if got := c.kindOf(asOf, Need{Recommended: tc.recommended, PastDue: tc.pastDue}); got != tc.kind {
			t.Errorf("recommended %s, past due %s: %q, want %q", tc.recommended, tc.pastDue, got, tc.kind)
		}
	}
}

func TestNoticeIDs(t *testing.T) {
	c := testConfig()
	base := choice{kind: Recall, round: 1, groups: "MMR", earliestOn: asOf}
	if got := c.noticeID(1, base); got != "aea201a7f51e64c7" {
		t.Errorf("the notice is named %s", got) // by the first bytes of SHA-256 of nightly|1|recall|1|2026-03-02|MMR
	}
	ids := []string{c.noticeID(1, base), c.noticeID(2, base)}
	for _, change := range []func(*choice){func(x *choice) { x.kind = Reminder }, func(x *choice) { x.round = 2 }, func(x *choice) { x.groups = "MMR|Polio" }, func(x *choice) { x.earliestOn++ }} {
		other := base
		change(&other)
		ids = append(ids, c.noticeID(1, other))
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 6 || len(ids[0]) != 16 {
		t.Errorf("ids: %v", ids)
	}
	if got := c.noticeID(1, base); !slices.Contains(ids, got) {
		t.Error("the same notice has two names")
	}
}
