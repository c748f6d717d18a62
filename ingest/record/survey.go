package record

import (
	"context"

	"miic/ingest/rule"
)

// A Survey is what would come of a file, without a row of it.
type Survey struct {
	Result
	Broken []Broken // the rules that its units break, in the order in which they were met
}

// Broken is a rule, how often a file breaks it and where first.
type Broken struct {
	Rule  *rule.Rule
	Times int64
	Line  int64
}

// Look reads a file as Load does and writes nothing.
func Look(ctx context.Context, f *File) (*Survey, error) {
	found := &Survey{}
	s := &sinks{found: found}
	b := &loading{from: f, Result: Result{Time: f.Time}, sinks: s, out: s.open()}
	err := b.parse(ctx, 1)
	found.Result = b.Result
	return found, err
}

func (s *Survey) add(faults []fault) {
	for i := range faults {
		f := &faults[i]
		known := false
		for j := range s.Broken {
			if s.Broken[j].Rule == f.rule {
				s.Broken[j].Times++
				known = true
			}
		}
		if !known {
			s.Broken = append(s.Broken, Broken{f.rule, 1, f.line})
		}
	}
}
