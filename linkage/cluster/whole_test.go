package cluster

import (
	"fmt"
	"testing"

	"miic/internal/table"
	"miic/linkage/match"
	"miic/linkage/whole"
)

// TestWhoIsPutTogetherByWholePersons is item 6 on groups of records: days of doses put two together; nobody who is barred,
// was judged different, or has another birth certificate, and nobody who fits two others.
func TestWhoIsPutTogetherByWholePersons(t *testing.T) {
	born := table.NewDate(2015, 3, 10)
	days := []int32{int32(born) + 61, int32(born) + 124, int32(born) + 190, int32(born) + 371}
	model := match.Default()
	// alike is a pair that is too weak to link, or held, with equal given names.
	alike := func(a, b int32, weight float64) Link {
		e := &match.Edge{L: a, R: b}
		for i, c := range model.Comparisons {
			if c.Name != "first" {
				e.Vector |= 7 << (3 * i) // nothing to compare
			}
		}
		e.Weight, e.P[match.Same], e.P[match.Stranger] = weight, 1-.01, .01
		return Link{A: a, B: b, Weight: weight, Held: true, Edge: e}
	}
	apart := func(a, b int32) Link { // weighs too little, whatever the persons add
		l := alike(a, b, model.Thresholds.Keep)
		l.Edge.P[match.Same], l.Edge.P[match.Stranger] = 1e-12, 1
		return l
	}
	for _, tc := range []struct {
		name   string
		links  []Link
		change func(c *Clustering, facts []match.Facts)
		want   string
	}{
		{"days in common", []Link{alike(0, 1, 5)}, nil, "[[0 1] [2]]"},
		{"barred", []Link{alike(0, 1, 5)}, func(c *Clustering, _ []match.Facts) {
			c.Whole.Barred = func(m int32) bool { return m == 1 }
		}, "[[0] [1] [2]]"},
		{"judged different", []Link{alike(0, 1, 5)}, func(c *Clustering, _ []match.Facts) { c.Verdicts.Add(1, 0, false) }, "[[0] [1] [2]]"},
		{"two certificates", []Link{alike(0, 1, 30)}, func(c *Clustering, facts []match.Facts) {
			for i, number := range []string{"MN-1", "MN-2"} {
				c.Members[i].BirthCert, facts[i].Certificate = number, number
			}
		}, "[[0] [1] [2]]"},
		{"it fits two who are not surely one", []Link{alike(0, 1, 5), alike(1, 2, 5)}, nil, "[[0] [1] [2]]"},
		{"all three are one", []Link{alike(0, 1, 5), alike(1, 2, 5), alike(0, 2, 5)}, nil, "[[0 1 2]]"},
		{"parts of one person, of whom two have too little in common", []Link{alike(0, 1, 5), alike(1, 2, 5), apart(0, 2)}, nil, "[[0 1 2]]"},
		{"parts of one person, and one sender has a number for two of them", []Link{alike(0, 1, 5), alike(1, 2, 5), apart(0, 2)},
			func(_ *Clustering, facts []match.Facts) { facts[2].Sender = facts[0].Sender }, "[[0] [1] [2]]"},
		{"a pair below the floor of review", []Link{alike(0, 1, 1)}, nil, "[[0 1] [2]]"},
		{"a pair of which too little is known", []Link{alike(0, 1, model.Thresholds.Keep-1)}, nil, "[[0] [1] [2]]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			facts := make([]match.Facts, 3)
			for i := range facts {
				facts[i] = match.Facts{Born: born, First: "ANNA", Sender: int32(i + 1), Days: days}
			}
			c := &Clustering{Model: model, Members: make([]Member, 3)}
			c.Whole = &Whole{
				Facts: func(members []int32) ([]match.Facts, error) {
					var out []match.Facts
					for _, m := range members {
						out = append(out, facts[m])
					}
					return out, nil
				},
				State: func([][]int32, []*whole.Person) (*whole.State, error) {
					return &whole.State{Certified: .9, Undosed: .05}, nil
				},
			}
			if tc.change != nil {
				tc.change(c, facts)
			}
			got, err := c.JoinWhole([][]int32{{0}, {1}, {2}}, tc.links)
			if err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprint(got.Persons); text != tc.want {
				t.Errorf("persons %s, want %s", text, tc.want)
			}
		})
	}
}

// A round weighs only whom the round before has put together: each person's facts are read once.
func TestOnlyWhatWasPutTogetherIsWeighedAgain(t *testing.T) {
	born := table.NewDate(2015, 3, 10)
	days := []int32{int32(born) + 61, int32(born) + 124, int32(born) + 190, int32(born) + 371}
	model := match.Default()
	link := func(a, b int32, same float64) Link {
		e := &match.Edge{L: a, R: b}
		for i, c := range model.Comparisons {
			if c.Name != "first" {
				e.Vector |= 7 << (3 * i) // nothing to compare
			}
		}
		e.Weight, e.P[match.Same], e.P[match.Stranger] = 5, same, 1-same
		return Link{A: a, B: b, Weight: e.Weight, Held: true, Edge: e}
	}
	var read [][]int32
	c := &Clustering{Model: model, Members: make([]Member, 7)}
	c.Whole = &Whole{
		Facts: func(members []int32) ([]match.Facts, error) {
			read = append(read, members)
			var out []match.Facts
			for _, m := range members {
				out = append(out, match.Facts{Born: born, First: "ANNA", Sender: m + 1, Days: days})
			}
			return out, nil
		},
		State: func([][]int32, []*whole.Person) (*whole.State, error) {
			return &whole.State{Certified: .9, Undosed: .05}, nil
		},
	}
	// 0 and 1 are one, and 2 may be a part of them; 3 and 4 fit 5 alike, and are left as they are.
	got, err := c.JoinWhole([][]int32{{0}, {1}, {2}, {3}, {4}, {5}, {6}}, []Link{link(0, 1, .99), link(1, 2, 1e-12), link(3, 5, .99), link(4, 5, .99)})
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(got.Persons); text != "[[0 1] [2] [3] [4] [5] [6]]" {
		t.Errorf("persons %s", text)
	}
	if text := fmt.Sprint(read); text != "[[0] [1] [2] [3] [5] [4] [0 1]]" {
		t.Errorf("facts were read of %s", text)
	}
}

// Two who were born on one day and share a home, with another given name, are asked about however little their records
// say by themselves, for both would get a letter; so are those with days of doses in common. Neighbours and those without a name are not.
func TestWhoIsAskedAboutBelowTheFloor(t *testing.T) {
	born := table.NewDate(2015, 3, 10)
	days := []int32{int32(born) + 61, int32(born) + 124, int32(born) + 190}
	model := match.Default()
	for _, tc := range []struct {
		name   string
		home   int // level of the address
		second string
		days   []int32
		likely bool // one rather than two by the records alone
		asked  int
	}{
		{"likelier one than two", 6, "NOAH", days[:1], true, 1},
		{"one home", 0, "NOAH", days[:1], false, 1},
		{"another town", 6, "NOAH", days[:1], false, 0},
		{"another town, and the days", 6, "NOAH", days, false, 1},
		{"no name", 0, "", days[:1], false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := &match.Edge{L: 0, R: 1}
			for i, c := range model.Comparisons {
				level := 7
				switch c.Name {
				case "first":
					level = len(c.Levels) - 1
				case "birth_date":
					level = 0
				case "address":
					level = tc.home
				}
				e.Vector |= match.Vector(level) << (3 * i)
			}
			e.Weight, e.P[match.Same], e.P[match.Together] = -1, .33, .67
			if tc.likely {
				e.Weight, e.P[match.Same], e.P[match.Together] = 1, .67, .33
			}
			facts := []match.Facts{{Born: born, First: "MASON", Sender: 1, Days: days}, {Born: born, First: tc.second, Sender: 2, Days: tc.days}}
			c := &Clustering{Model: model, Members: []Member{{First: "MASON"}, {First: tc.second}}}
			c.Whole = &Whole{
				Facts: func(members []int32) ([]match.Facts, error) { return facts[members[0] : members[0]+1], nil },
				State: func([][]int32, []*whole.Person) (*whole.State, error) {
					return &whole.State{Certified: .9, Undosed: .05}, nil
				},
			}
			got, err := c.JoinWhole([][]int32{{0}, {1}}, []Link{{A: 0, B: 1, Weight: e.Weight, Held: true, Edge: e}})
			if err != nil || len(got.Persons) != 2 || len(got.Asked) != tc.asked {
				t.Errorf("%d persons, %d asked, %v; want 2 and %d", len(got.Persons), len(got.Asked), err, tc.asked)
			}
		})
	}
}
