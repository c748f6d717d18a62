package campaign

// A Tally counts what the campaign has decided about the candidates of one kind in one region.
type Tally struct {
	Candidates, Mailed, Excluded int64
	First, Any                   [len(ReasonNames)]int64
}

func (t *Tally) Add(o *Tally) {
	t.Candidates += o.Candidates
	t.Mailed += o.Mailed
	t.Excluded += o.Excluded
	for i := range t.First {
		t.First[i] += o.First[i]
		t.Any[i] += o.Any[i]
	}
}

func (t *Tally) count(ch choice) {
	t.Candidates++
	if len(ch.reasons) == 0 {
		t.Mailed++
		return
	}
	t.Excluded++
	t.First[ch.reasons[0]]++
	for _, r := range ch.reasons {
		t.Any[r]++
	}
}
