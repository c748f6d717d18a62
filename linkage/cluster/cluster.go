// Package cluster puts records into persons, and gives persons ids.
//
// It promises: records of different birth certificates, or of different orders in one multiple birth, are never
// put together by a machine; a person's decision outweighs any weight; the order of pairs does not matter; and an
// id never moves without a change that gives the reason.
package cluster

import (
	"cmp"
	"slices"

	"miic/linkage/match"
)

// Member is what clustering must know of a record apart from its pairs.
type Member struct {
	BirthCert  string
	BirthOrder int32
	Multiple   string
	Client     int64  // the person it belonged to before tonight; 0 for none
	First      string // given name; empty where none is known
	Sender     string
}

// conflict reports whether two records may never be put together by a machine: different birth
// certificates, or different orders of one multiple birth.
func conflict(a, b *Member) bool {
	if a.BirthCert != "" && b.BirthCert != "" && a.BirthCert != b.BirthCert {
		return true
	}
	single := a.Multiple == "N" && b.Multiple == "N"
	return a.BirthOrder != 0 && b.BirthOrder != 0 && a.BirthOrder != b.BirthOrder && !single
}

// Link is a scored pair of members as clustering sees it.
type Link struct {
	A, B   int32
	Weight float64
	Held   bool // a hold rule keeps it from joining by itself
	Inside bool // it meets no blocking rule: it was compared because its component needed it
	Edge   *match.Edge

	Newborn      bool // one has no given name, and mother, birth and home are the same: see joinNewborns
	NewbornChild bool // the same, but that the home need not be the same in these two records
	BornThere    bool // one has no given name, and birth date and home are the same, whatever else
	Mother       bool // both have a mother
}

// Verdicts are what people have decided of pairs of members. The zero value has none.
type Verdicts struct{ same, different map[[2]int32]bool }

// Add takes in a verdict: the two are one person, or they are not.
func (v *Verdicts) Add(a, b int32, same bool) {
	if v.same == nil {
		v.same, v.different = map[[2]int32]bool{}, map[[2]int32]bool{}
	}
	if same {
		v.same[pairKey(a, b)] = true
	} else {
		v.different[pairKey(a, b)] = true
	}
}

func pairKey(a, b int32) [2]int32 {
	if a > b {
		a, b = b, a
	}
	return [2]int32{a, b}
}

// clamp bounds the weight of one pair in an average, in bits.
const clamp = 10

// A Clustering puts records into persons. The pairs that can join make loose components; inside one
// every pair is scored, and groups merge by the highest average weight as long as that is positive,
// some pair across would link by itself or did before, and no hard constraint forbids it.
type Clustering struct {
	Model    *match.Model
	Members  []Member
	Verdicts Verdicts
	Natural  bool // join whatever is more likely than not: for measuring, never in a night
	Anew     bool // a former link must bear the weights of tonight: the model is another, or the state has grown
	// Scores returns the weights of pairs that have not been scored yet.
	Scores func([][2]int32) ([]Link, error)

	Components int   // loose components of two or more records
	Oversize   int   // of them above the cap: taken apart at a higher bar
	Inside     int64 // pairs scored because their component needed them

	Whole *Whole // weighs persons by all that their records report; nil leaves that out
}

// joins reports whether a pair can bring two groups together.
func (c *Clustering) joins(l Link) bool {
	if c.Natural {
		return l.Weight > 0
	}
	if c.former(l.A, l.B) && !(c.Anew && (l.Held || l.Weight < c.Model.Thresholds.Review)) {
		return l.Weight > c.Model.Thresholds.Leave
	}
	return !l.Held && l.Weight >= c.Model.Thresholds.Link
}

func (c *Clustering) former(a, b int32) bool {
	return c.Members[a].Client != 0 && c.Members[a].Client == c.Members[b].Client
}

// Run returns the persons: sets of members, each in order, by their first member. Links are in any order.
func (c *Clustering) Run(links []Link) ([][]int32, error) {
	byPair := make(map[[2]int32]Link, len(links))
	for _, l := range links {
		byPair[pairKey(l.A, l.B)] = l
	}
	var out [][]int32
	var work [][]int32
	for _, g := range c.components(links).groups(1) {
		switch {
		case len(g) == 1:
			out = append(out, g)
		case len(g) > c.Model.ClusterCap:
			c.Components++
			c.Oversize++
			work = append(work, c.apart(g, byPair)...)
		default:
			c.Components++
			work = append(work, g)
		}
	}
	if err := c.complete(work, byPair); err != nil {
		return nil, err
	}
	for _, g := range work {
		out = append(out, c.average(g, byPair)...)
	}
	if !c.Natural {
		out = c.joinNewborns(out, byPair)
	}
	slices.SortFunc(out, func(a, b []int32) int { return cmp.Compare(a[0], b[0]) })
	return out, nil
}

// components puts together the members that may be of one person: by their former person, by a link, or by a verdict.
func (c *Clustering) components(links []Link) *union {
	u := newUnion(len(c.Members))
	first := map[int64]int32{}
	for i, m := range c.Members {
		if m.Client == 0 {
			continue
		}
		if j, ok := first[m.Client]; ok {
			u.join(j, int32(i))
		} else {
			first[m.Client] = int32(i)
		}
	}
	for _, l := range links {
		if c.joins(l) && !c.forbidden(l.A, l.B) {
			u.join(l.A, l.B)
		}
	}
	for p := range c.Verdicts.same {
		u.join(p[0], p[1])
	}
	return u
}

// forbidden reports whether two members may not be in one person.
func (c *Clustering) forbidden(a, b int32) bool {
	k := pairKey(a, b)
	return c.Verdicts.different[k] || (!c.Verdicts.same[k] && conflict(&c.Members[a], &c.Members[b]))
}

// apart cuts a component above the cap by a bar that rises until every part fits.
func (c *Clustering) apart(group []int32, byPair map[[2]int32]Link) [][]int32 {
	place := map[int32]int32{}
	for i, m := range group {
		place[m] = int32(i)
	}
	var inside []Link
	for k, l := range byPair {
		if _, ok := place[k[0]]; !ok {
			continue
		}
		if _, ok := place[k[1]]; ok && c.joins(l) && !c.forbidden(l.A, l.B) {
			inside = append(inside, l)
		}
	}
	var done [][]int32
	for bar := c.Model.Thresholds.Link + 2; ; bar += 2 {
		u := newUnion(len(group))
		for _, l := range inside {
			if l.Weight >= bar && bar < 1000 {
				u.join(place[l.A], place[l.B])
			}
		}
		fits := true
		done = done[:0]
		for _, g := range u.groups(1) {
			fits = fits && len(g) <= c.Model.ClusterCap
			for i, m := range g {
				g[i] = group[m]
			}
			done = append(done, g)
		}
		if fits {
			return done
		}
	}
}

// complete scores the pairs inside components of three and more that have no score yet.
func (c *Clustering) complete(groups [][]int32, byPair map[[2]int32]Link) error {
	var missing [][2]int32
	for _, g := range groups {
		for i, a := range g {
			for _, b := range g[i+1:] {
				if _, ok := byPair[pairKey(a, b)]; !ok {
					missing = append(missing, pairKey(a, b))
				}
			}
		}
	}
	c.Inside = int64(len(missing))
	if len(missing) == 0 {
		return nil
	}
	links, err := c.Scores(missing)
	if err != nil {
		return err
	}
	for _, l := range links {
		byPair[pairKey(l.A, l.B)] = l
	}
	return nil
}

// average merges the members of one component by average linkage.
func (c *Clustering) average(group []int32, byPair map[[2]int32]Link) [][]int32 {
	if len(group) == 1 {
		return [][]int32{group}
	}
	a := c.newAgglomeration(group, byPair)
	for {
		i, j := a.best(c.Model.Thresholds.Leave)
		if i < 0 {
			break
		}
		a.merge(i, j)
	}
	var out [][]int32
	for _, p := range a.parts {
		if p != nil {
			slices.Sort(p)
			out = append(out, p)
		}
	}
	return out
}

// An agglomeration is a component on the way from single members to persons.
type agglomeration struct {
	parts [][]int32 // members by part; nil for one that was merged into another
	cells [][]cell  // by two parts
}

// A cell is what lies between two parts.
type cell struct {
	sum    float64 // of the weights of all pairs across, in bits
	joins  bool    // some pair across can bring them together
	barred bool    // some pair across may not be in one person
}

func (c *Clustering) newAgglomeration(group []int32, byPair map[[2]int32]Link) *agglomeration {
	n := len(group)
	a := &agglomeration{make([][]int32, n), make([][]cell, n)}
	for i := range a.cells {
		a.cells[i] = make([]cell, n)
		a.parts[i] = []int32{group[i]}
	}
	for i := range n {
		for j := range i {
			l := byPair[pairKey(group[i], group[j])]
			v := cell{max(-clamp, min(clamp, l.Weight)), c.joins(l), c.forbidden(group[i], group[j])}
			if c.Verdicts.same[pairKey(group[i], group[j])] {
				// A person's decision outweighs any average, but no hard constraint of other pairs.
				v.sum, v.joins = float64(clamp*n*n), true
			}
			a.cells[i][j], a.cells[j][i] = v, v
		}
	}
	return a
}

// best returns the two parts with the highest average weight above a bar, of those that may merge; -1 if there are
// none.
func (a *agglomeration) best(bar float64) (bestI, bestJ int) {
	bestI, bestJ = -1, -1
	for i := range a.parts {
		for j := i + 1; j < len(a.parts) && a.parts[i] != nil; j++ {
			v := a.cells[i][j]
			if a.parts[j] == nil || v.barred || !v.joins {
				continue
			}
			if avg := v.sum / float64(len(a.parts[i])*len(a.parts[j])); avg > bar {
				bestI, bestJ, bar = i, j, avg
			}
		}
	}
	return bestI, bestJ
}

// merge puts part j into part i.
func (a *agglomeration) merge(i, j int) {
	for k := range a.parts {
		if k == i || k == j || a.parts[k] == nil {
			continue
		}
		v, w := a.cells[i][k], a.cells[j][k]
		v = cell{v.sum + w.sum, v.joins || w.joins, v.barred || w.barred}
		a.cells[i][k], a.cells[k][i] = v, v
	}
	a.parts[i] = append(a.parts[i], a.parts[j]...)
	a.parts[j] = nil
}
