package cluster

import (
	"cmp"
	"slices"

	"miic/linkage/match"
	"miic/linkage/whole"
)

// Whole is what weighing whole persons needs of the records of a clustering.
type Whole struct {
	// Facts returns what records report, in the order in which they are asked for.
	Facts func(members []int32) ([]match.Facts, error)
	// State returns what the persons to weigh are weighed against, given all persons of the clustering.
	State func(groups [][]int32, weighed []*whole.Person) (*whole.State, error)
	// Barred reports whether a record keeps its person out of this, as a death, a restriction or a number re-used does.
	// Nil: none does.
	Barred func(member int32) bool
}

// Together is what weighing whole persons gave.
type Together struct {
	Persons [][]int32
	Joined  map[int32]bool  // the first members of persons that were put together
	Apart   map[[2]int]bool // persons, by their places in Persons, who are surely two
	// Asked are pairs of records that say too little by themselves to be asked about, of two who may be one by all that
	// their records report: with a name each, and likelier one than two, or with a birth day and home or days of doses in
	// common, they would get two letters.
	Asked []*match.Edge
}

// between is the strongest pair of records of two groups, and what all of their records make of the two.
type between struct {
	a, b    int // groups
	one     [2]*whole.Person
	edge    *match.Edge
	home    bool // born on one day, with a home in common
	outcome whole.Outcome
	weight  whole.Weight
}

// runnerUp is by how many bits another person who may be meant must be behind.
const runnerUp = 6

// JoinWhole puts groups together that the links leave for a person to judge, but that are surely one person by all that
// their records report, and finds those that are surely two. A group that fits several others stays as it is. What was put
// together is weighed again, for it may answer what its parts left open; what is as it was is not.
func (c *Clustering) JoinWhole(groups [][]int32, links []Link) (*Together, error) {
	out := &Together{Joined: map[int32]bool{}, Apart: map[[2]int]bool{}}
	var list []*between
	var state *whole.State
	w := &weighing{persons: map[side]*whole.Person{}}
	for {
		list = c.questions(groups, links)
		if len(list) == 0 {
			break
		}
		var err error
		if state, err = c.judge(groups, list, state, w); err != nil {
			return nil, err
		}
		sets := c.sure(groups, list, state)
		if len(sets) == 0 {
			break
		}
		u := newUnion(len(groups))
		for _, set := range sets {
			for _, g := range set[1:] {
				u.join(int32(set[0]), int32(g))
			}
		}
		var joined [][]int32
		for _, set := range u.groups(1) {
			var members []int32
			for _, g := range set {
				members = append(members, groups[g]...)
			}
			slices.Sort(members)
			if len(set) > 1 || slices.ContainsFunc(members, func(m int32) bool { return out.Joined[m] }) {
				out.Joined[members[0]] = true
			}
			joined = append(joined, members)
		}
		groups = joined
	}
	out.Persons = groups
	for _, x := range list {
		review := x.edge.Weight >= c.Model.Thresholds.Review
		if x.outcome == whole.Two && review {
			out.Apart[[2]int{x.a, x.b}] = true
		}
		likely := x.edge.Weight > 0 || x.home || x.weight.BorneOut()
		if x.outcome == whole.Ask && !review && likely && c.maybeOne(groups[x.a], groups[x.b]) {
			out.Asked = append(out.Asked, x.edge)
		}
	}
	return out, nil
}

// questions lists the strongest link of each two groups that a person would be asked about, the strongest first.
func (c *Clustering) questions(groups [][]int32, links []Link) []*between {
	of := make([]int, len(c.Members))
	for g, members := range groups {
		for _, m := range members {
			of[m] = g
		}
	}
	best := map[[2]int]*between{}
	for i := range links {
		l := &links[i]
		a, b := min(of[l.A], of[l.B]), max(of[l.A], of[l.B])
		if a == b || l.Edge == nil || l.Weight < c.Model.Thresholds.Keep {
			continue
		}
		x := best[[2]int{a, b}]
		if x == nil {
			x = &between{a: a, b: b}
			best[[2]int{a, b}] = x
		}
		x.home = x.home || c.Model.AtHome(*l.Edge)
		if x.edge == nil || l.Weight > x.edge.Weight || l.Weight == x.edge.Weight &&
			(l.Edge.L < x.edge.L || l.Edge.L == x.edge.L && l.Edge.R < x.edge.R) {
			x.edge = l.Edge
		}
	}
	list := make([]*between, 0, len(best))
	for _, x := range best {
		list = append(list, x)
	}
	slices.SortFunc(list, func(x, y *between) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return list
}

// A side is a group, whatever its place: groups only grow, so that its first member and their number tell it.
type side struct {
	first int32
	size  int
}

func sideOf(group []int32) side { return side{group[0], len(group)} }

// weighing is what earlier rounds have found.
type weighing struct {
	persons   map[side]*whole.Person
	questions map[[2]side]*between // of the round before
}

// judge weighs the two persons of each question that was not there the round before, against a state that is made where
// there is none yet.
func (c *Clustering) judge(groups [][]int32, list []*between, state *whole.State, w *weighing) (*whole.State, error) {
	questions := make(map[[2]side]*between, len(list))
	var weighed []*whole.Person
	for _, x := range list {
		sides := [2]side{sideOf(groups[x.a]), sideOf(groups[x.b])}
		questions[sides] = x
		for i, g := range [...]int{x.a, x.b} {
			p := w.persons[sides[i]]
			if p == nil {
				facts, err := c.Whole.Facts(groups[g])
				if err != nil {
					return nil, err
				}
				p = whole.Of(facts)
				w.persons[sides[i]] = p
				weighed = append(weighed, p)
			}
			x.one[i] = p
		}
	}
	if state == nil {
		var err error
		if state, err = c.Whole.State(groups, weighed); err != nil {
			return nil, err
		}
	}
	before := w.questions
	w.questions = questions
	for _, x := range list {
		if was := before[[2]side{sideOf(groups[x.a]), sideOf(groups[x.b])}]; was != nil && was.edge == x.edge {
			x.outcome, x.weight = was.outcome, was.weight
			continue
		}
		x.outcome, x.weight = state.Judge(c.Model, x.edge, x.one[0], x.one[1])
		if x.outcome == whole.One && c.parted(groups[x.a], groups[x.b]) || c.barred(groups[x.a]) || c.barred(groups[x.b]) {
			x.outcome = whole.Ask
		}
	}
	return state, nil
}

// maybeOne reports whether two groups have a given name each, and nothing keeps a machine from asking about them.
func (c *Clustering) maybeOne(a, b []int32) bool {
	named := func(m int32) bool { return c.Members[m].First != "" }
	return slices.ContainsFunc(a, named) && slices.ContainsFunc(b, named) && !c.barred(a) && !c.barred(b) && !c.parted(a, b)
}

func (c *Clustering) barred(group []int32) bool {
	return c.Whole.Barred != nil && slices.ContainsFunc(group, c.Whole.Barred)
}

// parted reports whether some record of one group and some of the other may not be in one person.
func (c *Clustering) parted(a, b []int32) bool {
	return slices.ContainsFunc(a, func(m int32) bool {
		return slices.ContainsFunc(b, func(n int32) bool { return c.forbidden(m, n) })
	})
}

// sure lists the sets of groups that are one person each: any two of a set are surely one, and nobody else is nearly as
// likely to be meant. Of other sets the likeliest two are one, where whoever is nearly as likely to be meant is surely one
// with one of them and nothing keeps it from being one with the other: the parts of one person.
func (c *Clustering) sure(groups [][]int32, list []*between, state *whole.State) [][]int {
	of := map[int][]*between{} // by group: those who are not surely somebody else
	person := map[int]*whole.Person{}
	u := newUnion(len(groups))
	var ones []*between
	alike := map[[2]int]bool{} // compared, and at least kept
	for _, x := range list {
		person[x.a], person[x.b], alike[[2]int{x.a, x.b}] = x.one[0], x.one[1], true
		if x.outcome == whole.Two {
			continue
		}
		of[x.a], of[x.b] = append(of[x.a], x), append(of[x.b], x)
		if x.outcome == whole.One {
			ones = append(ones, x)
			u.join(int32(x.a), int32(x.b))
		}
	}
	surely := map[[2]int]bool{}
	for _, x := range ones {
		surely[[2]int{x.a, x.b}] = true
	}
	// part reports whether a group may be a part of the same person as the two of a question.
	part := func(g int, x *between) bool {
		one := false
		for i, h := range [...]int{x.a, x.b} {
			k := [2]int{min(g, h), max(g, h)}
			one = one || surely[k]
			if !alike[k] || !state.MayBeOne(person[g], x.one[i]) || c.parted(groups[g], groups[h]) || c.barred(groups[g]) {
				return false
			}
		}
		return one
	}
	var out [][]int
	inSet := map[int]bool{}
	for _, set := range u.groups(2) {
		if sorted := c.allOne(set, of); sorted != nil {
			out = append(out, sorted)
			for _, g := range sorted {
				inSet[g] = true
			}
		}
	}
	slices.SortStableFunc(ones, func(x, y *between) int { return cmp.Compare(y.weight.Total, x.weight.Total) })
	for _, x := range ones {
		if inSet[x.a] || inSet[x.b] {
			continue
		}
		rival := false
		for _, g := range [...]int{x.a, x.b} {
			for _, y := range of[g] {
				other := y.a + y.b - g
				near := y.weight.Total > x.weight.Total-runnerUp
				rival = rival || other != x.a && other != x.b && near && !part(other, x)
			}
		}
		if !rival {
			inSet[x.a], inSet[x.b] = true, true
			out = append(out, []int{x.a, x.b})
		}
	}
	return out
}

// allOne returns a set in order if any two of it are surely one, and nobody else is nearly as likely to be meant; else nil.
func (c *Clustering) allOne(set []int32, of map[int][]*between) []int {
	in := map[int]bool{}
	for _, g := range set {
		in[int(g)] = true
	}
	ones, least, rival := 0, 0.0, false
	for _, g := range set {
		for _, x := range of[int(g)] {
			if in[x.a] && in[x.b] && x.outcome == whole.One {
				if ones == 0 || x.weight.Total < least {
					least = x.weight.Total
				}
				ones++ // twice for each pair
			}
		}
	}
	for _, g := range set {
		for _, x := range of[int(g)] {
			rival = rival || in[x.a] != in[x.b] && x.weight.Total > least-runnerUp
		}
	}
	if n := len(set); ones != n*(n-1) || rival {
		return nil
	}
	var sorted []int
	for _, g := range set {
		sorted = append(sorted, int(g))
	}
	slices.Sort(sorted)
	return sorted
}

// wholeOf weighs the persons of a set that was linked from nothing, whose members are the records of the index.
func wholeOf(m *match.Matcher) *Whole {
	return &Whole{
		Facts: func(members []int32) ([]match.Facts, error) {
			rids := make([]int32, len(members))
			for i, member := range members {
				rids[i] = member + 1
			}
			return m.Facts(rids)
		},
		State: func(groups [][]int32, weighed []*whole.Person) (*whole.State, error) {
			certified, undosed, err := Shares(m, groups, func(member int32) int32 { return member + 1 })
			if err != nil {
				return nil, err
			}
			return whole.NewState(m, certified, undosed, weighed)
		},
	}
}

// Shares returns the shares of persons that have a birth certificate, and of those without a dose.
func Shares(m *match.Matcher, groups [][]int32, rid func(member int32) int32) (certified, undosed float64, err error) {
	certificate, dosed, err := m.Reported()
	if err != nil || len(groups) == 0 {
		return 0, 0, err
	}
	for _, members := range groups {
		if slices.ContainsFunc(members, func(i int32) bool { return certificate[rid(i)] }) {
			certified++
		}
		if !slices.ContainsFunc(members, func(i int32) bool { return dosed[rid(i)] }) {
			undosed++
		}
	}
	n := float64(len(groups))
	return certified / n, undosed / n, nil
}
