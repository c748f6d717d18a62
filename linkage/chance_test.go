package linkage

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"miic/internal/table"
)

// Counted from the values, the pairs of equal given names are those that a look at every pair finds; a level that is more than
// equality, or one value that is not known, is not counted.
func TestEqualValuesAreThoseOfEveryPairLookedAt(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 8))
	records := make([]table.StandardRecord, 500)
	for i := range records {
		records[i] = table.StandardRecord{RecordID: fmt.Sprintf("a/%03d", i)}
		if rng.IntN(5) > 0 {
			records[i].First = fmt.Sprint("N", int(40*rng.Float64()*rng.Float64()))
		}
	}
	m := &matcher{model: DefaultModel()}
	if err := m.loadAll(records); err != nil {
		t.Fatal(err)
	}
	var equal, known float64
	for i := range records {
		for j := range i {
			if records[i].First != "" && records[j].First != "" {
				known++
				if records[i].First == records[j].First {
					equal++
				}
			}
		}
	}
	got := m.equalValues()
	if x := got[m.model.index("first")]; x.equal != equal || x.known != known {
		t.Errorf("%.0f of %.0f pairs are equal, want %.0f of %.0f", x.equal, x.known, equal, known)
	}
	for _, name := range []string{"address", "phone", "sex", "doses", "ssn"} {
		if x := got[m.model.index(name)]; x.equal != 0 || x.known != 0 {
			t.Errorf("comparison %s: %.0f of %.0f pairs are counted", name, x.equal, x.known)
		}
	}
}

// The first level takes its share from the others in their proportions.
func TestSetEqual(t *testing.T) {
	c := Comparison{Levels: []Level{{U: 0.2}, {U: 0.2}, {U: 0.6}}}
	c.setEqual(0.1)
	for i, want := range []float64{0.1, 0.225, 0.675} {
		if math.Abs(c.Levels[i].U-want) > 1e-12 {
			t.Errorf("level %d has u %g, want %g", i, c.Levels[i].U, want)
		}
	}
}
