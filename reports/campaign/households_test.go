package campaign

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

// homeOf is a child at 1 Elm Street with the mother's number.
func homeOf(id int64) home {
	return home{ClientID: id, BirthDate: asOf.AddMonths(-48), Address1: "1 Elm Street", ZIP: "55803", GuardianFirst: "Ann", GuardianLast: "Berg",
		Phone: "2185550100", Contact: "allowed"}
}

// TestHouseholdsKeepTheirNumber is item 4: a number stays while children join, leave, move and grow up.
func TestHouseholdsKeepTheirNumber(t *testing.T) {
	had := func(h home, id int64) home { h.HouseholdID, h.Since = id, 3; return h }
	away := func(h home) home { h.Address1 = "9 Oak St"; return h }
	contact := func(h home, word string) home { h.Contact = word; return h }
	foster := func(h home) home { h.GuardianRole = "FCH"; return h }
	adult := func(h home) home { h.BirthDate = asOf.AddMonths(-18 * 12); return h }
	almost := func(h home) home { h.BirthDate = asOf.AddMonths(-18*12) + 1; return h }
	for _, tc := range []struct {
		name  string
		homes []home
		want  string // the numbers, in the order of the homes; those from 41 on are new
	}{
		{"two children", []home{homeOf(1), homeOf(2)}, "41 41"},
		{"one joins, of a smaller id", []home{homeOf(1), had(homeOf(2), 7)}, "7 7"},
		{"two become one", []home{had(homeOf(1), 9), had(homeOf(2), 8), had(homeOf(3), 9)}, "9 9 9"},
		{"two of equal size become one", []home{had(homeOf(1), 9), had(homeOf(2), 8)}, "8 8"},
		{"one becomes two", []home{had(away(homeOf(1)), 9), had(homeOf(2), 9), had(homeOf(3), 9)}, "41 9 9"},
		{"one of two moves", []home{had(homeOf(1), 9), had(away(homeOf(2)), 9)}, "9 41"},
		{"neighbours", []home{homeOf(1), away(homeOf(2))}, "41 42"},
		{"other wishes", []home{homeOf(1), contact(homeOf(2), "recall_only"), homeOf(3)}, "41 42 41"},
		{"a foster child", []home{homeOf(1), foster(homeOf(2)), foster(homeOf(3))}, "41 42 43"},
		{"an adult", []home{adult(homeOf(1)), almost(homeOf(2)), homeOf(3)}, "41 42 42"},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			rows, last := number(asOf, 5, tc.homes, 40)
			var got []string
			next := tc.homes
			for i, r := range rows {
				got = append(got, fmt.Sprint(r.HouseholdID))
				if want := map[bool]int64{true: 3, false: 5}[r.HouseholdID == tc.homes[i].HouseholdID]; r.Since != want {
					t.Errorf("since %d, want %d", r.Since, want)
				}
				next[i].HouseholdID, next[i].Since = r.HouseholdID, r.Since
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("numbers %v, want %s", got, tc.want)
			}
			if again, after := number(asOf, 6, next, last); !slices.Equal(again, rows) || after != last {
				t.Errorf("the next night changes them: %v", again)
			}
		})
	}
}

// TestEnvelopes: as few envelopes as the cap allows, the eldest first, both kinds of notice in one, and one language in each.
func TestEnvelopes(t *testing.T) {
	of := func(id, household int64, months int, change func(*table.Notice)) *Chosen {
		n := &Chosen{Person: Person{ClientID: id, BirthDate: asOf.AddMonths(-months)},
			Notice: table.Notice{ClientID: id, HouseholdID: household, Region: "metro", Channel: "mail", Template: "notice", Language: "en", Kind: Recall}}
		if change != nil {
			change(&n.Notice)
		}
		return n
	}
	somali := func(n *table.Notice) { n.Language = "so" }
	notices := []*Chosen{
		of(1, 7, 20, somali), of(2, 7, 30, nil), of(3, 7, 40, somali), of(4, 7, 50, func(n *table.Notice) { n.Kind = Reminder }),
		of(5, 8, 20, nil), of(6, 8, 30, func(n *table.Notice) { n.Channel = "text" }), of(7, 8, 40, func(n *table.Notice) { n.Region = "central" }),
		of(8, 9, 20, somali), of(9, 9, 30, nil),
	}
	envelopes(notices, 3)
	var got []string
	for _, n := range notices {
		got = append(got, fmt.Sprintf("%d:%d.%d%s", n.Notice.ClientID, n.Notice.HouseholdID, n.Notice.Envelope, n.Notice.Language))
	}
	want := "4:7.1en 3:7.1en 2:7.1en 1:7.2so 7:8.1en 5:8.2en 6:8.3en 9:9.1en 8:9.1en"
	if strings.Join(got, " ") != want {
		t.Errorf("envelopes\n%s, want\n%s", strings.Join(got, " "), want)
	}
}

// What the campaign says of language and history goes with the notice: the language is the household's or the fixed one, a
// history goes into envelopes only and costs its page for each person, and what has another rule of language is another
// piece.
func TestLanguageAndHistoryOfANotice(t *testing.T) {
	campaignOf := func(language string, history bool) *Campaign {
		return &Campaign{Name: "c", Template: "notice", Language: language, HistoryPage: history, PageMicros: 70_000,
			PriceMicros: map[string]int64{Mail: 890_000, Text: 7_900}}
	}
	for _, x := range []struct {
		rule, speaks, channel, want string
		history                     bool
		pages                       int64
	}{
		{FamilyLanguage, "so", Mail, "so", true, 70_000}, {FamilyLanguage, "", Mail, "en", false, 0},
		{BothLanguages, "so", Text, "so", true, 0}, {"es", "so", Mail, "es", true, 70_000},
	} {
		d := &decision{person: Person{ClientID: 1, Language: x.speaks, Needs: []Need{{}}}, choice: choice{channel: x.channel}}
		one := campaignOf(x.rule, x.history).chosen(asOf, 1, d)
		if one.Notice.Language != x.want || one.Language != x.rule || one.pageMicros != x.pages ||
			one.HistoryPage != (x.history && x.channel == Mail) || one.Person.Needs != nil {
			t.Errorf("%+v: %+v", x, one)
		}
	}
	var notices []*Chosen
	for id := int64(1); id <= 3; id++ {
		rule, history := FamilyLanguage, id != 2
		if id == 3 {
			rule = BothLanguages
		}
		d := &decision{person: Person{ClientID: id, Language: "so"}, choice: choice{channel: Mail}}
		one := campaignOf(rule, history).chosen(asOf, 1, d)
		one.Notice.HouseholdID = 7
		notices = append(notices, one)
	}
	envelopes(notices, 5)
	var got []string
	for _, n := range notices {
		got = append(got, fmt.Sprintf("%d in %d for %d", n.Notice.ClientID, n.Notice.Envelope, n.Notice.PriceMicros))
	}
	if want := "3 in 1 for 960000; 1 in 2 for 960000; 2 in 2 for 960000"; strings.Join(got, "; ") != want {
		t.Errorf("envelopes %s, want %s", strings.Join(got, "; "), want)
	}
}
