package campaign

import (
	"math"
	"strings"
	"testing"

	"miic/internal/table"
)

// decideOn gives what the campaigns decide about a person, each as name, kind, channel and reasons.
func decideOn(c *Config, day table.Date, p *Person, before ...EarlierNotice) string {
	none := &doubts{of: map[int64][]doubtRow{}, judged: map[int64]judged{}}
	var out []string
	for _, d := range c.decide(nil, day, none, p, before, false) {
		words := []string{d.campaign.Name, d.kind}
		if len(d.reasons) == 0 {
			words = append(words, d.channel, d.groups)
		}
		for _, r := range d.reasons {
			words = append(words, "-"+r.String())
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, "; ")
}

// TestCampaignsDecideTogether is item 2: the first by priority writes, everybody in another one has that as a reason there,
// and each campaign is only about its people, its vaccines, its doses and its nights.
func TestCampaignsDecideTogether(t *testing.T) {
	first, standing := testConfig(), testConfig()
	first.Name, first.Kind, first.UntilMonths, first.Channels = "first", Recall, 60, []string{Text, Mail}
	first.Groups, first.Doses = []string{"MMR", "Polio"}, map[string][]int16{"Polio": {1, 3}}
	standing.Groups, standing.Beside = []string{"MMR", "Polio"}, []string{"Influenza"}
	mmr, polio := Need{"MMR", true, 1, asOf - 90, asOf - 40, 0}, Need{"Polio", true, 4, asOf - 90, asOf - 40, 0}
	flu := Need{"Influenza", true, 1, asOf - 5, 0, 0}
	for _, tc := range []struct {
		name   string
		needs  []Need
		change func(c *Campaign, p *Person)
		before []EarlierNotice
		want   string
	}{
		{"both call", []Need{flu, mmr}, nil, nil, "first recall mail MMR; nightly recall -other campaign"},
		{"text reaches", []Need{mmr}, func(_ *Campaign, p *Person) { p.Phone = "2185550100" }, nil, "first recall text MMR; nightly recall -other campaign"},
		{"text without an address", []Need{mmr}, func(_ *Campaign, p *Person) { p.Phone, p.Address1 = "2185550100", "" }, nil, "first recall text MMR; nightly recall -address|-other campaign"},
		{"no calls", []Need{mmr}, func(_ *Campaign, p *Person) { p.Phone, p.Contact = "2185550100", "recall_only_no_calls" }, nil, "first recall mail MMR; nightly recall -other campaign"},
		{"no calls and nothing but text", []Need{mmr}, func(c *Campaign, p *Person) {
			p.Phone, p.Contact, c.Channels = "2185550100", "allowed_no_calls", []string{Text, Phone}
		}, nil, "first recall -contact; nightly recall mail MMR"},
		{"no phone", []Need{mmr}, func(c *Campaign, p *Person) { c.Channels = []string{Phone} }, nil, "first recall -no phone; nightly recall mail MMR"},
		{"no letters", []Need{mmr}, func(_ *Campaign, p *Person) { p.Phone, p.NoMail = "2185550100", true }, nil, "first recall text MMR; nightly recall -contact|-other campaign"},
		{"no texts", []Need{mmr}, func(_ *Campaign, p *Person) { p.Phone, p.NoTexts = "2185550100", true }, nil, "first recall mail MMR; nightly recall -other campaign"},
		{"no calls from us", []Need{mmr}, func(c *Campaign, p *Person) {
			p.Phone, p.NoCalls, c.Channels = "2185550100", true, []string{Phone, Text}
		}, nil, "first recall text MMR; nightly recall -other campaign"},
		{"reminders only", []Need{mmr}, func(_ *Campaign, p *Person) { p.Contact = "reminder_only" }, nil, "first recall -contact; nightly recall -contact"},
		{"a dose that the first is not about", []Need{flu, polio}, nil, nil, "nightly recall mail Influenza|Polio"},
		{"due, not overdue", []Need{{"MMR", true, 1, asOf + 5, asOf + 100, 0}}, nil, nil, "nightly reminder mail MMR"},
		{"too old", []Need{mmr}, func(_ *Campaign, p *Person) { p.BirthDate = asOf.AddMonths(-60) }, nil, "nightly recall mail MMR"},
		{"born too late", []Need{mmr}, func(c *Campaign, p *Person) { c.BornUntil = p.BirthDate - 1 }, nil, "nightly recall mail MMR"},
		{"born on the last day", []Need{mmr}, func(c *Campaign, p *Person) { c.BornUntil, c.BornFrom = p.BirthDate, p.BirthDate }, nil, "first recall mail MMR; nightly recall -other campaign"},
		{"elsewhere", []Need{mmr}, func(c *Campaign, _ *Person) { c.Regions = []string{"metro"} }, nil, "nightly recall mail MMR"},
		{"ZIP codes", []Need{mmr}, func(c *Campaign, p *Person) { c.ZIPs, p.ZIP = []string{"55803"}, "55803-1234" }, nil, "first recall mail MMR; nightly recall -other campaign"},
		{"another clinic", []Need{mmr}, func(c *Campaign, p *Person) { c.Clinics, p.Provider = []string{"a"}, "b" }, nil, "nightly recall mail MMR"},
		{"over", []Need{mmr}, func(c *Campaign, _ *Person) { c.Ends = asOf - 1 }, nil, "nightly recall mail MMR"},
		{"not begun", []Need{mmr}, func(c *Campaign, _ *Person) { c.Starts = asOf + 1 }, nil, "nightly recall mail MMR"},
		{"a letter of the other campaign last week", []Need{mmr}, nil, []EarlierNotice{letter("MMR", 7)}, "first recall -recent notice; nightly recall -recent notice"},
		{"the other's rounds are its own", []Need{mmr}, nil, []EarlierNotice{letter("MMR", 60), letter("MMR", 30)}, "first recall mail MMR; nightly recall -rounds used|-other campaign"},
		{"inactive, and without an address", []Need{mmr}, func(_ *Campaign, p *Person) { p.Status, p.Address1 = "outside", "" }, nil, "first recall -inactive|-no phone; nightly recall -inactive|-address"},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			c := Config{Campaigns: []Campaign{first, standing}}
			p := someone()
			p.BirthDate, p.Needs = asOf.AddMonths(-48), tc.needs
			if tc.change != nil {
				tc.change(&c.Campaigns[0], p)
			}
			if got := strings.ReplaceAll(decideOn(&c, asOf, p, tc.before...), " -", "|-"); got != strings.ReplaceAll(strings.ReplaceAll(tc.want, " -", "|-"), "||", "|") {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestCutOff: what is due by a day is due, whenever it would be so otherwise, and a second letter before it is no nuisance.
func TestCutOff(t *testing.T) {
	school := testConfig()
	school.Name, school.CutOff, school.FromMonths, school.UntilMonths, school.Groups = "school", "09-01", 60, 72, []string{"MMR"}
	c := Config{Campaigns: []Campaign{school}}
	p := someone()
	p.BirthDate, p.Needs = table.NewDate(2021, 8, 20), []Need{{"MMR", true, 2, table.NewDate(2026, 8, 20), table.NewDate(2028, 8, 20), 0}}
	if got := decideOn(&c, asOf, p); got != "school reminder mail MMR" {
		t.Errorf("in March: %s", got)
	}
	sent := EarlierNotice{ClientID: 7, Campaign: "school", Kind: Reminder, Groups: "MMR", IssuedOn: asOf, Address1: p.Address1, ZIP: p.ZIP}
	if got := decideOn(&c, table.NewDate(2026, 8, 25), p, sent); got != "school reminder mail MMR" {
		t.Errorf("in August, with a letter in March: %s", got)
	}
	if got := decideOn(&c, table.NewDate(2026, 9, 2), p, sent); got != "" {
		t.Errorf("after the day: %s", got)
	}
	later := *p
	later.Needs = []Need{{"MMR", true, 2, table.NewDate(2026, 9, 2), 0, 0}}
	if got := decideOn(&c, asOf, &later); got != "" {
		t.Errorf("due after the day: %s", got)
	}
}

// TestControlGroup: its share is what was approved, it is the same every night, it ends, and its people count the notices
// that they did not get.
func TestControlGroup(t *testing.T) {
	one := testConfig()
	one.Control, one.Groups = &Control{Share: 0.2, Approval: "IRB 7", Ends: asOf + 100}, []string{"MMR"}
	c := Config{Campaigns: []Campaign{one}}
	p := someone()
	p.Needs = []Need{{"MMR", true, 1, asOf - 90, asOf - 40, 0}}
	in := 0
	for p.ClientID = range 10000 {
		control := decideOn(&c, asOf, p) == "nightly recall -control group"
		if control {
			in++
		}
		if later := decideOn(&c, asOf+60, p) == "nightly recall -control group"; later != control {
			t.Fatalf("client %d is in the group on one night and not on another", p.ClientID)
		}
		if got := decideOn(&c, asOf+101, p); got != "nightly recall mail MMR" {
			t.Fatalf("after the end: %s", got)
		}
	}
	if share := float64(in) / 10000; math.Abs(share-0.2) > 0.015 {
		t.Errorf("a share of %v is in the group", share)
	}
	for !one.inControl(asOf, p.ClientID) {
		p.ClientID++
	}
	// Those whom one campaign keeps without a notice get none from the next either, but for an outbreak.
	next, outbreak := testConfig(), testConfig()
	next.Name, next.Groups, outbreak.Name, outbreak.Groups, outbreak.Outbreak = "next", one.Groups, "outbreak", one.Groups, true
	several := Config{Campaigns: []Campaign{one, next, outbreak}}
	want := "nightly recall -control group; next recall -control group; outbreak recall mail MMR"
	if got := decideOn(&several, asOf, p); got != want {
		t.Errorf("of several campaigns: %s; want %s", got, want)
	}
	would := EarlierNotice{ClientID: p.ClientID, Campaign: "nightly", Kind: Recall, Groups: "MMR", IssuedOn: asOf - 7, Control: true}
	if got := decideOn(&c, asOf, p, would); got != "nightly recall -recent notice -control group" {
		t.Errorf("a week after it would have had one: %s", got)
	}
	if got := decideOn(&c, asOf+101, p, would, would); got != "nightly recall mail MMR" {
		t.Errorf("after the end, with both rounds kept back: %s", got)
	}
	would.Campaign = "other"
	if got := decideOn(&c, asOf+101, p, would, would); got != "nightly recall mail MMR" {
		t.Errorf("one that another campaign did not send counts here: %s", got)
	}
}
