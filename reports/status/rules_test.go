package status

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/table"
)

const day = table.Date(20000)

// stands is how a person stands in the jurisdiction and then at each clinic, as status/rule.
func stands(p Person, clinics ...Clinic) string {
	if p.State == "" && p.Region == "" {
		p.State, p.Region = "MN", "metro"
	}
	var words []string
	for _, row := range Judge(day, "MN", &p, clinics) {
		words = append(words, row.Status+"/"+row.Reason)
	}
	return strings.Join(words, " ")
}

// Each rule holds on one side of its boundary, and not on the other.
func TestRulesOnEachSideOfTheirBoundary(t *testing.T) {
	at := func(name string, last table.Date) Clinic { return Clinic{Provider: name, FirstOn: last, LastOn: last} }
	says := func(c Clinic, word string, on table.Date) Clinic { c.Word, c.WordOn = word, on; return c }
	oak := Person{Provider: "oak"}
	for _, c := range []struct {
		name   string
		person Person
		clinic []Clinic
		want   string
	}{
		{"one clinic", oak, []Clinic{at("oak", day-9)}, "active/lives-here active/gave-newest-dose"},
		{"no clinic", Person{}, nil, "active/no-clinic"},
		{"a clinic that has given nothing", oak, []Clinic{{Provider: "oak"}}, "active/lives-here active/reported-last"},
		{"the other one gave the newest dose", oak, []Clinic{at("elm", day-9), at("oak", day-8)},
			"active/lives-here moved/newer-dose-elsewhere active/gave-newest-dose"},
		{"this one gave the newest dose", Person{Provider: "elm"}, []Clinic{at("elm", day-7), at("oak", day-8)},
			"active/lives-here active/gave-newest-dose moved/newer-dose-elsewhere"},
		{"gone elsewhere on the day of the last dose", oak, []Clinic{says(at("oak", day-9), "M", day-9)},
			"active/no-clinic moved/gone-elsewhere"},
		{"gone elsewhere, but came for a dose a day later", oak, []Clinic{says(at("oak", day-9), "M", day-10)},
			"active/lives-here active/gave-newest-dose"},
		{"lost", oak, []Clinic{says(at("oak", day-9), "L", day-9)}, "active/no-clinic inactive/lost-reported"},
		{"lost, but came a day later", oak, []Clinic{says(at("oak", day-9), "L", day-10)},
			"active/lives-here active/gave-newest-dose"},
		{"inactive", oak, []Clinic{says(at("oak", day-9), "N", day-9)}, "active/no-clinic inactive/inactive-reported"},
		{"inactive, but came a day later", oak, []Clinic{says(at("oak", day-9), "N", day-10)},
			"active/lives-here active/gave-newest-dose"},
		{"a word that is none of these", oak, []Clinic{says(at("oak", day-9), "U", day)},
			"active/lives-here active/gave-newest-dose"},
		{"inactive at every clinic, and still the state's", Person{Provider: "oak", Word: "inactive"},
			[]Clinic{at("elm", day-20), says(at("oak", day-9), "L", day)},
			"active/no-clinic moved/newer-dose-elsewhere inactive/lost-reported"},
		{"a newer dose elsewhere wins over the clinic's own word", oak,
			[]Clinic{says(at("elm", day-20), "L", day), at("oak", day-9)},
			"active/lives-here moved/newer-dose-elsewhere active/gave-newest-dose"},
		{"lives in the next state, as the clinic itself knows",
			Person{Provider: "oak", State: "WI", Region: "unassigned", AddressFrom: "oak"}, []Clinic{at("oak", day-9)},
			"outside/address-outside active/gave-newest-dose"},
		{"lives in the next state, as another sender knows",
			Person{Provider: "oak", State: "WI", Region: "unassigned", AddressFrom: "plan"}, []Clinic{at("oak", day-9)},
			"outside/address-outside moved/left-the-state"},
		{"the state in small letters", Person{State: "mn", Region: "metro"}, nil, "active/no-clinic"},
		{"a move is reported with an address in another state", Person{Word: "moved", LeftState: true}, nil,
			"outside/move-reported"},
		{"a move is reported, with an address here", Person{Word: "moved"}, nil, "active/no-clinic"},
		{"came back after the move", Person{Word: "active", LeftState: true}, nil, "active/no-clinic"},
		{"mail comes back", Person{State: "MN", Region: "metro", AddressFlag: "bad"}, nil, "unknown/mail-returned"},
		{"mail comes back from another state", Person{State: "ND", Region: "unassigned", AddressFlag: "bad"}, nil,
			"outside/address-outside"},
		{"no address", Person{Region: "unassigned"}, nil, "unknown/no-address"},
		{"a county and nothing else", Person{Region: "northwest"}, nil, "active/no-clinic"},
		{"a state and nothing else", Person{State: "MN", Region: "unassigned"}, nil, "active/no-clinic"},
		{"unknown where, and still a clinic's patient",
			Person{Provider: "oak", State: "MN", Region: "metro", AddressFlag: "bad"}, []Clinic{at("oak", day-9)},
			"unknown/mail-returned active/gave-newest-dose"},
		{"dead overrides all", Person{Provider: "oak", DeceasedOn: day - 1, State: "WI", Region: "unassigned",
			AddressFlag: "bad"}, []Clinic{at("elm", day-20), says(at("oak", day-9), "M", day)},
			"deceased/death-reported deceased/death-reported deceased/death-reported"},
		{"dead on a day that is not known", Person{Word: "deceased"}, nil, "deceased/death-reported"},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			if got := stands(c.person, c.clinic...); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestSinceWhen(t *testing.T) {
	for _, c := range []struct {
		name   string
		before string
		since  table.Date
		on     table.Date
		want   table.Date
	}{
		{"seen for the first time, no day is known", "", 0, 0, 0},
		{"seen for the first time, a day is known", "", 0, day - 5, day - 5},
		{"as it was", Active, day - 50, day - 5, day - 50},
		{"as it was, since nobody knows when", Active, 0, 0, 0},
		{"as it was, and the day is known now", Active, 0, day - 5, day - 5},
		{"another one, by a day that is known", Moved, day - 50, day - 5, day - 5},
		{"another one from tonight", Moved, day - 50, 0, day},
	} {
		if got := began(day, Active, c.on, c.before, c.since); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAFamilyThatMovesKeepsWhereItCameFrom(t *testing.T) {
	p := Person{ClientID: 1, State: "MN", Region: "metro"}
	var before table.PatientStatus
	for _, step := range []struct {
		night  table.Date
		region string
		want   string
	}{
		{0, "metro", "metro  "},
		{1, "metro", "metro  "},
		{2, "northeast", "northeast metro +2"},
		{3, "northeast", "northeast metro +2"},
		{4, "metro", "metro northeast +4"},
	} {
		p.Before, p.BeforeSince = before.Status, before.Since
		p.BeforeRegion, p.RegionSince, p.RegionBefore = before.Region, before.RegionSince, before.RegionBefore
		p.Region = step.region
		before = Judge(day+step.night, "MN", &p, nil)[0]
		got := before.Region + " " + before.RegionBefore + " "
		if before.RegionSince != 0 {
			got += fmt.Sprintf("+%d", before.RegionSince-day)
		}
		if got != step.want {
			t.Errorf("night %d: %q, want %q", step.night, got, step.want)
		}
	}
}

// Whatever the facts are, at most one clinic has somebody as its active patient, and the dead are nobody's.
func TestOnePersonIsOneClinicsPatient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"elm", "fir", "oak"}
		p := Person{Provider: rapid.SampledFrom([]string{"", "elm", "fir", "oak"}).Draw(t, "responsible"),
			Word:  rapid.SampledFrom([]string{"active", "moved", "inactive", "deceased"}).Draw(t, "word"),
			State: rapid.SampledFrom([]string{"MN", "WI", ""}).Draw(t, "state"), Region: "unassigned",
			LeftState: rapid.Bool().Draw(t, "left"), AddressFrom: "elm"}
		var clinics []Clinic
		for _, name := range names {
			clinics = append(clinics, Clinic{Provider: name, LastOn: table.Date(rapid.IntRange(0, 3).Draw(t, "last")),
				WordOn: table.Date(rapid.IntRange(0, 3).Draw(t, "on")),
				Word:   rapid.SampledFrom([]string{"A", "N", "L", "M", ""}).Draw(t, "of the clinic")})
		}
		rows := Judge(day, "MN", &p, clinics)
		active := 0
		for _, row := range rows[1:] {
			if row.Status == Active {
				active++
			}
			if (row.Status == Deceased) != (p.Word == "deceased") {
				t.Fatalf("%s at %s though the word is %s", row.Status, row.Provider, p.Word)
			}
		}
		if active > 1 {
			t.Fatalf("active at %d clinics: %+v", active, rows)
		}
		if rows[0].Reason == "no-clinic" && active > 0 || rows[0].Reason == "lives-here" && active == 0 {
			t.Fatalf("%s, and active at %d clinics", rows[0].Reason, active)
		}
	})
}

// The table of rules in the documentation is this one.
func TestRulesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/care.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, r := range Rules {
		level := map[string]string{AtClinic: "clinic", Jurisdiction: "state"}[r.Level]
		want = append(want, fmt.Sprintf("| %s | %s | `%s` | %s |", level, r.Status, r.ID, r.When))
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| clinic |") || strings.HasPrefix(line, "| state |") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("docs/care.md has not the table of rules; it is:\n%s", strings.Join(want, "\n"))
	}
}
