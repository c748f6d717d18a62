package cluster

import (
	"context"

	"miic/internal/table"
	"miic/linkage/match"
)

// Result is what linking a set of records gave: records are known by their place in RecordIDs.
type Result struct {
	RecordIDs  []string             // by code point
	Edges      []match.Edge         // pairs at or above the model's keep threshold; L and R are places, from 0
	Persons    [][]int32            // as a night would link them: with the bar, the holds and the hard constraints
	Apart      map[[2]int]bool      // persons, by their places in Persons, of whom it is not asked whether they are one
	Asked      []*match.Edge        // pairs below the bar of review that are asked about for what whole persons report
	Natural    [][]int32            // what is more likely than not, under the hard constraints alone
	Candidates int64                // pairs that meet a blocking rule
	Cut        int64                // pairs on hot keys that were left out
	Recall     match.BlockingRecall // how well the rules catch, estimated without labels
	Model      *match.Model         // by which it was linked
	Training   *match.Training      // nil if the model is as it was given
	met        []match.Pair
}

// Batch links a set of records from nothing, as one night's first load would, with no verdicts; with
// train it first estimates the model from them, without labels. It calls done with the name of each step
// that it has finished.
func Batch(ctx context.Context, model *match.Model, records []table.StandardRecord, train bool,
	done func(step string)) (*Result, error) {
	m := match.New(model)
	if err := m.LoadAll(records); err != nil {
		return nil, err
	}
	return LinkLoaded(ctx, m, train, done)
}

// LinkLoaded links the records that a matcher has loaded, as Batch does.
func LinkLoaded(ctx context.Context, m *match.Matcher, train bool, done func(step string)) (*Result, error) {
	r := &Result{RecordIDs: m.RecordIDs()}
	step := func(name string) error {
		done(name)
		return ctx.Err()
	}
	if err := step("load"); err != nil {
		return nil, err
	}
	if err := m.Block(ctx); err != nil {
		return nil, err
	}
	r.met = m.Pairs()
	r.Candidates, r.Cut = int64(len(r.met)), m.Blocked().Cut
	if err := step("block"); err != nil {
		return nil, err
	}
	if err := m.Compare(ctx); err != nil {
		return nil, err
	}
	if err := step("compare"); err != nil {
		return nil, err
	}
	if train {
		var err error
		if _, r.Training, err = m.Train(ctx); err != nil {
			return nil, err
		}
		if err := step("train"); err != nil {
			return nil, err
		}
	}
	r.Model = m.Model()
	edges, err := m.Score(ctx, r.met, m.Model().Thresholds.Keep)
	if err != nil {
		return nil, err
	}
	for i := range edges {
		edges[i].L--
		edges[i].R--
	}
	r.Edges, r.Recall = edges, match.EstimateRecall(edges)
	if err := step("score"); err != nil {
		return nil, err
	}
	c := &Clustering{Model: r.Model, Members: membersOf(m), Scores: insideScores(ctx, m)}
	links := linksOf(m.Model(), edges)
	if r.Persons, err = c.Run(links); err != nil {
		return nil, err
	}
	c.Whole = wholeOf(m)
	together, err := c.JoinWhole(r.Persons, links)
	if err != nil {
		return nil, err
	}
	r.Persons, r.Apart, r.Asked = together.Persons, together.Apart, together.Asked
	done("cluster")
	natural := &Clustering{Model: r.Model, Members: c.Members, Scores: c.Scores, Natural: true}
	r.Natural, err = natural.Run(linksOf(m.Model(), edges))
	done("natural_cut")
	return r, err
}

// Pairs lists some of the pairs that meet a rule, by record id: one in so many, so that there are about n.
func (r *Result) Pairs(n int) [][2]string {
	var out [][2]string
	for i := 0; i < len(r.met); i += max(1, len(r.met)/n) {
		out = append(out, [2]string{r.RecordIDs[r.met[i].L-1], r.RecordIDs[r.met[i].R-1]})
	}
	return out
}

// Met counts the pairs of records with equal labels that some blocking rule has brought together.
// Labels are by place.
func (r *Result) Met(labels []string) int64 {
	var n int64
	for _, p := range r.met {
		if labels[p.L-1] == labels[p.R-1] {
			n++
		}
	}
	return n
}

func linksOf(m *match.Model, edges []match.Edge) []Link {
	links := make([]Link, len(edges))
	for i := range edges {
		links[i] = LinkOf(m, &edges[i], edges[i].L, edges[i].R)
	}
	return links
}

// insideScores scores pairs of members, of a set whose members are the records of the index in their order.
func insideScores(ctx context.Context, m *match.Matcher) func([][2]int32) ([]Link, error) {
	return func(pairs [][2]int32) ([]Link, error) {
		asked := make([][2]int32, len(pairs))
		for i, p := range pairs {
			asked[i] = [2]int32{p[0] + 1, p[1] + 1}
		}
		edges, err := m.ScorePairs(ctx, asked)
		if err != nil {
			return nil, err
		}
		links := make([]Link, len(edges))
		for i := range edges {
			links[i] = LinkOf(m.Model(), &edges[i], edges[i].L-1, edges[i].R-1)
		}
		return links, nil
	}
}

// LinkOf is an edge as clustering sees it, between members a and b.
func LinkOf(m *match.Model, e *match.Edge, a, b int32) Link {
	there, mother := m.BornThere(*e)
	child, home := m.Newborn(*e)
	return Link{A: a, B: b, Weight: e.Weight, Held: m.Held(*e), Inside: e.Rules == 0, Edge: e,
		Newborn: child && home, NewbornChild: child, BornThere: there, Mother: mother}
}

// membersOf gives what clustering reads of each record of a set.
func membersOf(m *match.Matcher) []Member {
	out := make([]Member, m.Len())
	for i := range out {
		b := m.Birth(int32(i + 1))
		out[i] = Member{BirthCert: b.Certificate, BirthOrder: b.Order, Multiple: b.Multiple, First: b.First,
			Sender: b.Sender}
	}
	return out
}
