package truth

import (
	"fmt"
	"hash/fnv"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"miic/internal/table"
	"miic/linkage/standard"
)

// A state is the truth of a synthetic state, of all its nights.
type state struct {
	persons []*person // in the order of their numbers in persons.csv
	byID    map[string]*person
	records map[string]*person // by sender and the sender's number
	last    string             // night of the last line of doses.csv
}

// A person is who somebody really is: every list in the order of the nights.
type person struct {
	id    string
	birth table.Date
	male  bool
	facts []facts
	homes []home
	doses []dose
	said  []said
}

// facts are what deliveries up to a night report of a person, had all in them been believed.
type facts struct {
	night                         string
	county, died, optedOut        string
	noContact, locked             string
	household, first, last        string
	guardianFirst, guardianLast   string
	fatherFirst, fatherLast, lang string
}

// A home is a row of addresses.csv.
type home struct {
	night, from, until, reported string
	street, unit, zip            string
}

// A dose was really given, and is reported by somebody.
type dose struct {
	id      string
	on      table.Date
	cvx     int16
	reports []reported
}

// reported is one report of a dose by one source, or its withdrawal.
type reported struct {
	night  string
	source uint32
	on     table.Date
	cvx    int16
	gone   bool
}

// said is a refusal or a past disease as reported.
type said struct {
	night   string
	refusal bool
	code    string
	on      table.Date
}

// readState reads the truth that `miic synth` wrote.
func readState(dir string) (*state, error) {
	s := &state{byID: map[string]*person{}, records: map[string]*person{}}
	for _, f := range []struct {
		name    string
		columns []string
		row     func(*standard.Line)
	}{
		{"persons.csv", []string{"night", "person_id", "household_id", "language", "no_contact_on", "locked_on"}, s.fact},
		{"records.csv", []string{"sender", "source_client_id", "person_id"}, s.record},
		{"addresses.csv", []string{"night", "person_id", "from_on", "until", "reported_on"}, s.home},
		{"doses.csv", []string{"night", "person_id", "true_dose_id", "true_administered_on", "true_cvx"}, s.dose},
		{"observations.csv", []string{"night", "person_id", "kind", "code", "observed_on"}, s.observation},
	} {
		if err := standard.ReadCSV(filepath.Join(dir, f.name), f.columns, func(l *standard.Line) error {
			if !l.Whole() {
				return fmt.Errorf("line %d has another number of values than the header", l.Number)
			}
			f.row(l)
			return nil
		}); err != nil {
			return nil, fmt.Errorf("the state's truth: %w; a state that an older program made has less: make it again with "+
				"'miic synth'", err)
		}
	}
	return s, nil
}

// of is the person of a line; persons.csv comes first and has everybody.
func (s *state) of(l *standard.Line) *person { return s.byID[l.Get("person_id")] }

func (s *state) fact(l *standard.Line) {
	p := s.of(l)
	if p == nil {
		birth, _ := table.ParseDate(l.Get("birth_date"))
		p = &person{id: l.Get("person_id"), birth: birth, male: l.Get("sex") == "M"}
		s.persons, s.byID[p.id] = append(s.persons, p), p
	}
	p.facts = append(p.facts, facts{night: l.Get("night"), county: l.Get("county_fips"), died: l.Get("died_on"),
		optedOut: l.Get("opted_out_on"), noContact: l.Get("no_contact_on"), locked: l.Get("locked_on"),
		household: l.Get("household_id"), first: l.Get("first_name"), last: l.Get("last_name"),
		guardianFirst: l.Get("guardian_first"), guardianLast: l.Get("guardian_last"),
		fatherFirst: l.Get("father_first"), fatherLast: l.Get("father_last"), lang: l.Get("language")})
}

func (s *state) record(l *standard.Line) {
	s.records[l.Get("sender")+"/"+l.Get("source_client_id")] = s.of(l)
}

func (s *state) home(l *standard.Line) {
	if p := s.of(l); p != nil {
		p.homes = append(p.homes, home{night: l.Get("night"), from: l.Get("from_on"), until: l.Get("until"),
			reported: l.Get("reported_on"), street: l.Get("address_1"), unit: l.Get("address_2"), zip: l.Get("zip")})
	}
}

func (s *state) dose(l *standard.Line) {
	p, id := s.of(l), l.Get("true_dose_id")
	if p == nil || id == "" {
		return
	}
	asSent := func(day, cvx string) (table.Date, int16) {
		on, _ := table.ParseDate(l.Get(day))
		code, _ := strconv.Atoi(l.Get(cvx))
		return on, int16(code)
	}
	at := slices.IndexFunc(p.doses, func(d dose) bool { return d.id == id })
	if at < 0 {
		at = len(p.doses)
		on, cvx := asSent("true_administered_on", "true_cvx")
		p.doses = append(p.doses, dose{id: strings.Clone(id), on: on, cvx: cvx})
	}
	source := fnv.New32a()
	source.Write([]byte(l.Get("sender") + "/" + l.Get("source_client_id")))
	on, cvx := asSent("administered_on", "cvx")
	p.doses[at].reports = append(p.doses[at].reports,
		reported{s.night(l), source.Sum32(), on, cvx, l.Get("action") == "D"})
}

func (s *state) observation(l *standard.Line) {
	if p := s.of(l); p != nil {
		on, _ := table.ParseDate(l.Get("observed_on"))
		p.said = append(p.said, said{l.Get("night"), l.Get("kind") == "refusal", l.Get("code"), on})
	}
}

// on returns what is reported of the person up to a night; nil before the first record.
func (p *person) on(night string) *facts {
	var last *facts
	for i := range p.facts {
		if p.facts[i].night <= night {
			last = &p.facts[i]
		}
	}
	return last
}

// homesOn returns the homes as known on a night, the earliest first.
func (p *person) homesOn(night string) []home {
	var list []home
	for _, h := range p.homes {
		if h.night > night {
			continue
		}
		if at := slices.IndexFunc(list, func(x home) bool { return x.from == h.from }); at >= 0 {
			list[at] = h
		} else {
			list = append(list, h)
		}
	}
	slices.SortFunc(list, func(a, b home) int {
		if a.from < b.from {
			return -1
		}
		return 1
	})
	return list
}

// known is the day and the product of the dose by what is reported of it up to a night and not withdrawn; ok is false when
// nothing is. They are the true ones if any source has them: what no source has, no registry can know.
func (d *dose) known(night string) (on table.Date, cvx int16, ok bool) {
	last := map[uint32]reported{}
	for _, r := range d.reports {
		if r.night <= night {
			last[r.source] = r
		}
	}
	right, named := false, false
	for _, source := range slices.Sorted(maps.Keys(last)) {
		r := last[source]
		if r.gone {
			continue
		}
		right, named = right || r.on == d.on, named || r.cvx == d.cvx
		if !ok {
			on, cvx, ok = r.on, r.cvx, true
		}
	}
	if right {
		on = d.on
	}
	if named {
		cvx = d.cvx
	}
	return on, cvx, ok
}

// night is a line's night: one string for all lines of it.
func (s *state) night(l *standard.Line) string {
	if n := l.Get("night"); n != s.last {
		s.last = strings.Clone(n)
	}
	return s.last
}
