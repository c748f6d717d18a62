package reports

import (
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

// someone is a person about whom nothing keeps a notice back.
func someone() *person {
	return &person{ClientID: 7, FirstName: "A", LastName: "B", BirthDate: asOf.AddMonths(-48), Address1: "1 Elm St", City: "Duluth", State: "MN", ZIP: "55803",
		Region: "northeast", Contact: "allowed", Standing: "active"}
}

func TestChoose(t *testing.T) {
	c := DefaultConfig()
	w := func(group string, recommended, pastDue table.Date) want {
		return want{Group: group, Calls: true, Recommended: recommended, PastDue: pastDue}
	}
	refusedOn := func(w want, on table.Date) want { w.Refused = on; return w }
	beside := func(w want) want { w.Calls = false; return w }
	soon := w("MMR", asOf+10, asOf+100)
	missed := w("Polio", asOf-90, asOf-30)
	told := func(kind, groups string, days int) earlier { return earlier{7, kind, groups, asOf - table.Date(days)} }

	for _, tc := range []struct {
		name    string
		wants   []want
		change  func(*person)
		before  []earlier
		stale   bool
		kind    string
		round   int
		groups  string
		earlier table.Date // earliest due day
		reasons string
	}{
		{name: "due soon", wants: []want{soon}, kind: reminder, round: 1, groups: "MMR", earlier: asOf + 10},
		{name: "due today", wants: []want{w("MMR", asOf, 0)}, kind: reminder, round: 1, groups: "MMR", earlier: asOf},
		{name: "due on the window's last day", wants: []want{w("MMR", asOf+30, 0)}, kind: reminder, round: 1, groups: "MMR", earlier: asOf + 30},
		{name: "past due by the grace", wants: []want{missed}, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90},
		{name: "a recall wins and names all", wants: []want{beside(w("Influenza", asOf-5, 0)), soon, missed}, kind: recall, round: 1, groups: "Influenza|MMR|Polio", earlier: asOf - 90},
		{name: "refused is not named", wants: []want{refusedOn(soon, asOf-3), missed}, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90},
		{name: "all refused", wants: []want{refusedOn(missed, asOf-3)}, kind: recall, round: 1, reasons: "refused"},
		{name: "a refusal grows old", wants: []want{refusedOn(missed, asOf-365)}, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90},
		{name: "a refused recall leaves the reminder", wants: []want{soon, refusedOn(missed, asOf-3)}, kind: reminder, round: 1, groups: "MMR", earlier: asOf + 10},
		{name: "second round", wants: []want{missed}, before: []earlier{told(recall, "Polio", 28)}, kind: recall, round: 2, groups: "Polio", earlier: asOf - 90},
		{name: "told yesterday", wants: []want{missed}, before: []earlier{told(recall, "MMR", 27)}, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90, reasons: "recent notice"},
		{name: "a reminder yesterday keeps no recall back", wants: []want{missed}, before: []earlier{told(reminder, "Polio", 1)}, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90},
		{name: "rounds used", wants: []want{missed}, before: []earlier{told(recall, "Polio", 80), told(recall, "MMR|Polio", 40)}, kind: recall, round: 1, groups: "Polio", reasons: "rounds used"},
		{name: "rounds about an earlier dose do not count", wants: []want{missed}, before: []earlier{told(recall, "Polio", 200), told(recall, "Polio", 91)}, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90},
		{name: "a new vaccine opens the rounds again", wants: []want{w("HepB", asOf-80, asOf-31), missed}, before: []earlier{told(recall, "Polio", 85), told(recall, "Polio", 40)}, kind: recall, round: 1, groups: "HepB|Polio", earlier: asOf - 80},
		{name: "used-up recall leaves the reminder", wants: []want{soon, missed}, before: []earlier{told(recall, "Polio", 80), told(recall, "Polio", 40)}, kind: reminder, round: 1, groups: "MMR|Polio", earlier: asOf + 10},
		{name: "moved", wants: []want{missed}, change: func(p *person) { p.Standing = "moved" }, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90, reasons: "inactive"},
		{name: "may have died", wants: []want{missed}, change: func(p *person) { p.PossibleDeath = true }, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90, reasons: "possible death"},
		{name: "has died", wants: []want{missed}, change: func(p *person) { p.PossibleDeath, p.Standing = true, "deceased" }, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90, reasons: "deceased"},
		{name: "no contact", wants: []want{missed}, change: func(p *person) { p.Contact = "none" }, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90, reasons: "contact"},
		{name: "a contact word nobody knows", wants: []want{missed}, change: func(p *person) { p.Contact = "" }, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90, reasons: "contact"},
		{name: "no calls is about calls", wants: []want{missed}, change: func(p *person) { p.Contact = "allowed_no_calls" }, kind: recall, round: 1, groups: "Polio", earlier: asOf - 90},
		{name: "recalls only", wants: []want{soon}, change: func(p *person) { p.Contact = "recall_only" }, kind: reminder, round: 1, groups: "MMR", earlier: asOf + 10, reasons: "contact"},
		{name: "mail comes back", wants: []want{soon}, change: func(p *person) { p.AddressFlag = "bad" }, kind: reminder, round: 1, groups: "MMR", earlier: asOf + 10, reasons: "address"},
		{name: "everything at once", wants: []want{missed}, before: []earlier{told(recall, "Polio", 27), told(recall, "Polio", 60)}, stale: true,
			change: func(p *person) {
				p.Standing, p.NoContact, p.City, p.InReview = "inactive", true, "", true
			}, kind: recall, round: 1, groups: "Polio", reasons: "inactive,contact,address,rounds used,recent notice,stale clinic,in review"},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			p := someone()
			p.wants = tc.wants
			if tc.change != nil {
				tc.change(p)
			}
			got := c.choose(asOf, p, tc.before, tc.stale)
			var why []string
			for _, r := range got.reasons {
				why = append(why, r.String())
			}
			if got.kind != tc.kind || got.round != tc.round || got.groups != tc.groups || got.earliestOn != tc.earlier || strings.Join(why, ",") != tc.reasons {
				t.Errorf("got %+v because %q", got, why)
			}
		})
	}
}

func TestKindOf(t *testing.T) {
	c := DefaultConfig()
	for _, tc := range []struct {
		recommended, pastDue table.Date
		kind                 string
	}{
		{asOf + 31, 0, ""}, {asOf + 30, 0, reminder}, {asOf, 0, reminder}, {asOf - 1, 0, ""}, {asOf - 60, asOf - 29, ""}, {asOf - 60, asOf - 30, recall},
		{asOf - 60, asOf + 1, ""}, {asOf, asOf, reminder}, {asOf + 5, asOf - 1, ""},
	} {
		if got := c.kindOf(asOf, want{Recommended: tc.recommended, PastDue: tc.pastDue}); got != tc.kind {
			t.Errorf("recommended %s, past due %s: %q, want %q", tc.recommended, tc.pastDue, got, tc.kind)
		}
	}
}

func TestNoticeIDs(t *testing.T) {
	c := DefaultConfig()
	base := choice{kind: recall, round: 1, groups: "MMR", earliestOn: asOf}
	ids := []string{c.noticeID(1, base), c.noticeID(2, base)}
	for _, change := range []func(*choice){func(x *choice) { x.kind = reminder }, func(x *choice) { x.round = 2 }, func(x *choice) { x.groups = "MMR|Polio" }, func(x *choice) { x.earliestOn++ }} {
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

func TestConfigIsChecked(t *testing.T) {
	good := DefaultConfig()
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Config){
		"reminder_days": func(c *Config) { c.ReminderDays = -1 }, "max_rounds": func(c *Config) { c.MaxRounds = 0 }, "small_cell": func(c *Config) { c.SmallCell = 0 },
		"groups": func(c *Config) { c.Groups = nil }, "Influenza": func(c *Config) { c.Groups = append(c.Groups, "Influenza") }, "counties": func(c *Config) { c.Counties = nil },
		"campaign": func(c *Config) { c.Campaign = "" },
	} {
		c := DefaultConfig()
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
