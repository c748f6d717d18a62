package evaluate

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"miic/internal/table"
	"miic/linkage/cluster"
	"miic/linkage/match"
)

// Proposal is a newly estimated model beside the one it started from, for the person who signs it off.
type Proposal struct {
	Records  int             `json:"records"`
	Pairs    int64           `json:"pairs"` // candidate pairs it was estimated from
	Old      string          `json:"old"`   // id of the model before
	New      string          `json:"new"`
	Priors   [2]match.Priors `json:"priors"` // old, new
	Levels   []LevelShift    `json:"levels"`
	Warnings []string        `json:"warnings"`
	Shadow   Shadow          `json:"shadow"`
}

// LevelShift is a level of a comparison before and after.
type LevelShift struct {
	Comparison string  `json:"comparison"`
	Level      string  `json:"level"`
	OldM       float64 `json:"old_m"`
	NewM       float64 `json:"new_m"`
	OldU       float64 `json:"old_u"`
	NewU       float64 `json:"new_u"`
	OldBits    float64 `json:"old_bits"`
	NewBits    float64 `json:"new_bits"`
	Jump       bool    `json:"jump"` // moves by jumpBits or more: to be looked at
}

// Shadow is what linking the same records from nothing gives by both models. A night also weighs what
// was linked before, and verdicts, so fewer people change than are counted here.
type Shadow struct {
	OldPersons int       `json:"old_persons"`
	NewPersons int       `json:"new_persons"`
	Changes    []Regroup `json:"changes"`
}

// Regroup is a set of records that the two models put together differently.
type Regroup struct {
	Old [][]string `json:"old"` // record ids, by person
	New [][]string `json:"new"`
}

// jumpBits is a change of weight that a person should look at before a model is used.
const jumpBits = 3

// Propose estimates a new model from records, without labels, and sets it against the old one. It fails
// when the estimate does not settle.
func Propose(ctx context.Context, old *match.Model, records []table.StandardRecord) (*match.Model, *Proposal, error) {
	model, report, err := match.Train(ctx, old, records)
	if err != nil {
		return nil, nil, err
	}
	if !report.Converged {
		return nil, nil, fmt.Errorf("evaluate: the estimate has not settled after %d rounds of EM: "+
			"the model is not to be used", report.Iterations)
	}
	model.Version = strings.TrimSuffix(old.Version, trained) + trained
	model.Note = fmt.Sprintf("estimated without labels from %d records, starting from %s", len(records), old.ID())
	if model, err = match.Parse(model.Text()); err != nil { // as it will be read from the file, shares rounded
		return nil, nil, fmt.Errorf("evaluate: training gave no usable model: %w", err)
	}
	p := &Proposal{Records: len(records), Pairs: report.Pairs, Old: old.ID(), New: model.ID(),
		Priors: [2]match.Priors{old.Priors, model.Priors}, Levels: shifts(old, model),
		Warnings: append([]string{}, report.Warnings...)}
	var both [2]*cluster.Result
	for i, m := range []*match.Model{old, model} {
		if both[i], err = cluster.Batch(ctx, m, records, false, func(string) {}); err != nil {
			return nil, nil, err
		}
	}
	p.Shadow = Shadow{len(both[0].Persons), len(both[1].Persons),
		regroups(both[0].RecordIDs, both[0].Persons, both[1].Persons)}
	return model, p, nil
}

// trained marks the version of a model that was estimated after its file was written.
const trained = "+trained"

// shifts sets the levels of two models with the same comparisons side by side.
func shifts(old, new *match.Model) []LevelShift {
	var out []LevelShift
	for i := range old.Comparisons {
		a, b := &old.Comparisons[i], &new.Comparisons[i]
		if a.Kind == match.Relation {
			continue
		}
		for j := range a.Levels {
			s := LevelShift{Comparison: a.Name, Level: a.Levels[j].Label,
				OldM: a.Levels[j].M, NewM: b.Levels[j].M, OldU: a.Levels[j].U, NewU: b.Levels[j].U}
			s.OldBits, s.NewBits = math.Log2(s.OldM/s.OldU), math.Log2(s.NewM/s.NewU)
			s.Jump = math.Abs(s.NewBits-s.OldBits) >= jumpBits
			out = append(out, s)
		}
	}
	return out
}

// regroups returns the smallest sets of records that both partitions keep whole but cut differently.
func regroups(ids []string, old, new [][]int32) []Regroup {
	root := make([]int32, len(ids))
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, partition := range [][][]int32{old, new} {
		for _, person := range partition {
			for _, i := range person[1:] {
				a, b := find(person[0]), find(i)
				root[max(a, b)] = min(a, b)
			}
		}
	}
	sets := map[int32]*Regroup{}
	put := func(partition [][]int32, side func(*Regroup) *[][]string) {
		for _, person := range partition {
			g := find(person[0])
			if sets[g] == nil {
				sets[g] = &Regroup{}
			}
			names := make([]string, len(person))
			for k, i := range person {
				names[k] = ids[i]
			}
			slices.Sort(names)
			*side(sets[g]) = append(*side(sets[g]), names)
		}
	}
	put(old, func(r *Regroup) *[][]string { return &r.Old })
	put(new, func(r *Regroup) *[][]string { return &r.New })
	out := []Regroup{}
	for _, g := range slices.Sorted(maps.Keys(sets)) {
		// A set that a partition leaves in one piece is cut by the other, or by neither.
		if r := sets[g]; len(r.Old) > 1 || len(r.New) > 1 {
			out = append(out, *r)
		}
	}
	return out
}
