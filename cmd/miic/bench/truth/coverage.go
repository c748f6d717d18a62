package truth

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"miic/cmd/miic/bench"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/measure"
)

// Coverage is how far the coverage that the newest night has counted is from that by the truth: everybody whom a delivery has
// told of, where the newest delivery has them live, with the doses that were delivered, each once.
type Coverage struct {
	Night    string       `json:"night"`
	Measures int          `json:"measures"`
	Sizes    []Difference `json:"counties_by_size"`
	State    float64      `json:"state_points_at_most"` // of any measure in the whole state

	// of all pairs of a person and a measure that is about them
	Pairs       int `json:"pairs"`         // by the truth
	NotCounted  int `json:"not_counted"`   // nobody in the registry's figure is the person
	Elsewhere   int `json:"other_county"`  // counted, in another county
	Twice       int `json:"counted_twice"` // a person split over two clients
	OtherResult int `json:"other_result"`  // counted, and found to meet the measure or not, other than by the truth
	Beyond      int `json:"beyond"`        // counted though the truth does not: moved away, dead, hidden, of another age
}

// A Difference is of the counties with so many people of a measure by the truth.
type Difference struct {
	People int     `json:"people_at_least"`
	Limit  float64 `json:"limit_points"`
	Cells  int     `json:"cells"` // a measure in a county
	Over   int     `json:"cells_over_the_limit"`
	Most   float64 `json:"points_at_most"`
	Mean   float64 `json:"points_on_average"`
	Where  string  `json:"where_most"` // the measure and the county
}

// Print prints the comparison.
func (c *Coverage) Print(p bench.Printer) {
	p.Say("coverage of %s by %d measures and by the truth as delivered: in the whole state at most %.2f points apart",
		c.Night, c.Measures, c.State)
	for _, s := range c.Sizes {
		if s.Cells == 0 {
			p.Say("counties with %s people of a measure: none", prose.Thousands(int64(s.People)))
			continue
		}
		p.Say("counties with %s people of a measure or more: %s figures, %.2f points apart on average and %.2f at most, %d more than %.1f; %s",
			prose.Thousands(int64(s.People)), prose.Thousands(int64(s.Cells)), s.Mean, s.Most, s.Over, s.Limit, s.Where)
	}
	share := func(n int) string {
		return fmt.Sprintf("%s (%.2f %%)", prose.Thousands(int64(n)), 100*float64(n)/float64(max(c.Pairs, 1)))
	}
	p.Say("of %s people by measures %s are not counted, %s in another county, %s twice, %s with another result; beside them %s are "+
		"counted who should not be", prose.Thousands(int64(c.Pairs)), share(c.NotCounted), share(c.Elsewhere), share(c.Twice),
		share(c.OtherResult), share(c.Beyond))
}

// A cell is a measure in a county, or in the whole state.
type cell struct {
	measure int
	county  string // empty: the whole state
}

// verdict is what is found of a person by a measure.
type verdict struct {
	county string
	met    bool
}

// Coverage compares the coverage of the newest night that was measured.
func (m *Measurement) Coverage(measures []measure.Measure, known measure.Known) (*Coverage, error) {
	night, err := m.options.Lake.Head()
	if err != nil {
		return nil, err
	}
	asOf, err := night.Date()
	if err != nil {
		return nil, err
	}
	files := func(t *table.Table) []string { return m.options.Lake.Files(night, t.Name) }
	r, _, err := readClients(files, m.state)
	if err != nil {
		return nil, err
	}
	c := comparison{Coverage: Coverage{Night: night.AsOf}, measures: measures, number: map[string]int{},
		truth: map[cell]*Share{}, found: map[cell]*Share{}}
	for i := range measures {
		if measures[i].Runs(asOf) {
			c.number[measures[i].ID] = i
		}
	}
	c.Measures = len(c.number)
	counted, err := c.read(files, r)
	if err != nil {
		return nil, err
	}
	for _, p := range m.state.persons {
		f := p.on(night.AsOf)
		if f == nil || f.county == "" || f.died != "" || f.optedOut != "" || f.locked != "" {
			continue
		}
		x := m.oracle.measured(p, asOf, &known)
		for id, i := range c.number {
			one := &measures[i]
			result, in := one.Judge(x, asOf)
			if in {
				c.person(cell{i, f.county}, figure(one, result.Met, result.MetAny), counted[id][p])
				delete(counted[id], p)
			}
		}
	}
	for _, rest := range counted {
		c.Beyond += len(rest)
	}
	c.largest([]Difference{{People: 2000, Limit: .3}, {People: 500, Limit: 1}})
	return &c.Coverage, nil
}

// figure is the one that a measure is about: by valid or by any doses.
func figure[T any](m *measure.Measure, valid, anyDoses T) T {
	if m.Valid {
		return valid
	}
	return anyDoses
}

// A comparison goes on.
type comparison struct {
	Coverage
	measures     []measure.Measure
	number       map[string]int
	truth, found map[cell]*Share
}

// read takes what the night has counted by county, and of each person.
func (c *comparison) read(files func(*table.Table) []string, r *registry) (map[string]map[*person][]verdict, error) {
	err := table.Scan(files(table.Coverages), func(x *table.Coverage) error {
		i, runs := c.number[x.Measure]
		if !runs || x.Stratum != "all" {
			return nil
		}
		share := &Share{N: int(figure(&c.measures[i], x.Numerator, x.NumeratorAny)), Of: int(x.Denominator)}
		switch x.AreaType {
		case "county":
			c.found[cell{i, x.AreaCode}] = share
		case "state":
			c.found[cell{i, ""}] = share
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := map[int64]bool{}
	if err := table.Scan(files(table.NotCounteds), func(x *table.NotCounted) error {
		out[x.ClientID] = true
		return nil
	}); err != nil {
		return nil, err
	}
	counted := map[string]map[*person][]verdict{}
	for id := range c.number {
		counted[id] = map[*person][]verdict{}
	}
	return counted, table.Scan(files(table.MeasureResults), func(x *table.MeasureResult) error {
		client, of := r.clients[x.ClientID], counted[x.Measure]
		if client == nil || of == nil || out[x.ClientID] {
			return nil
		}
		if p := client.main(); p != nil {
			of[p] = append(of[p], verdict{client.row.County, figure(&c.measures[c.number[x.Measure]], x.Met, x.MetAny)})
		}
		return nil
	})
}

// person adds somebody whom a measure is about by the truth, and how the registry has counted them.
func (c *comparison) person(at cell, met bool, counted []verdict) {
	for _, where := range []cell{at, {at.measure, ""}} {
		if c.truth[where] == nil {
			c.truth[where] = &Share{}
		}
		c.truth[where].add(met)
	}
	c.Pairs++
	switch {
	case len(counted) == 0:
		c.NotCounted++
	case len(counted) > 1:
		c.Twice++
	case counted[0].county != at.county:
		c.Elsewhere++
	case counted[0].met != met:
		c.OtherResult++
	}
}

// largest finds the largest differences of the state, and of counties of each size.
func (c *comparison) largest(sizes []Difference) {
	c.Sizes = sizes
	at := slices.SortedFunc(maps.Keys(c.truth), func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure), cmp.Compare(a.county, b.county))
	})
	for _, k := range at {
		truth, found := c.truth[k], c.found[k]
		if found == nil {
			found = &Share{}
		}
		points := math.Abs(truth.Percent() - found.Percent())
		if k.county == "" {
			c.State = max(c.State, points)
			continue
		}
		for i := range c.Sizes {
			s := &c.Sizes[i]
			if truth.Of < s.People {
				continue
			}
			s.Cells++
			s.Mean += points
			if points > s.Limit {
				s.Over++
			}
			if points > s.Most {
				s.Most, s.Where = points, fmt.Sprintf("%s in %s: %.2f %% of %d by the truth, %.2f %% of %d counted", c.measures[k.measure].ID,
					k.county, truth.Percent(), truth.Of, found.Percent(), found.Of)
			}
		}
	}
	for i := range c.Sizes {
		c.Sizes[i].Mean /= float64(max(c.Sizes[i].Cells, 1))
	}
}
