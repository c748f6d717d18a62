package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"miic/internal/table"
)

// Counted from the values, the pairs of equal given names are those that a look at every pair finds; a level that is
// more than equality, or one value that is not known, is not counted.
func TestEqualValuesAreThoseOfEveryPairLookedAt(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 8))
	records := make([]table.StandardRecord, 500)
	for i := range records {
		records[i] = table.StandardRecord{RecordID: fmt.Sprintf("a/%03d", i)}
		if rng.IntN(5) > 0 {
			records[i].First = fmt.Sprint("N", int(40*rng.Float64()*rng.Float64()))
		}
	}
	m := New(Default())
	if err := m.LoadAll(records); err != nil {
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

// A default value is one on more records than the model's count; a street only within its ZIP code.
func TestDefaultValuesAreCounted(t *testing.T) {
	model := Default()
	model.StopCount = 3
	var records []table.StandardRecord
	for i := range 8 {
		r := table.StandardRecord{RecordID: fmt.Sprintf("a/%d", i), Street: "1 MAIN ST", ZIP: "55801",
			Phone: fmt.Sprint(2185550111 + i), Phone2: "2185559999"}
		if i < 4 {
			r.ZIP = "55802"
		}
		if i == 7 {
			r.ZIP = "55803"
		}
		if i < 5 {
			r.Phone = "2185559999"
		}
		records = append(records, r)
	}
	m := New(model)
	if err := m.LoadAll(records); err != nil {
		t.Fatal(err)
	}
	for i := range records {
		v := m.forms.list[i+1].v
		if known := v[fStreet] != 0; known != (i >= 4) {
			t.Errorf("record %d: street known: %v", i, known)
		}
		if known := v[fPhone] != 0; known != (i >= 5) {
			t.Errorf("record %d: phone known: %v", i, known)
		}
		if v[fPhone2] != 0 {
			t.Errorf("record %d: the default number is taken for a second phone", i)
		}
	}
}

// A record that was withdrawn keeps its place in a night's index, and meets nobody.
func TestWithdrawnRecordsMeetNobody(t *testing.T) {
	x := newIndex(1, 3)
	x.add(&indexRow{RuleKeys: table.RuleKeys{Key00: 7}})
	x.add(&indexRow{RuleKeys: table.RuleKeys{Key00: 7}, Phone: "2185550111", Withdrawn: true})
	x.add(&indexRow{RuleKeys: table.RuleKeys{Key00: 7}})
	var rids []int32
	for _, k := range x.sharing(0) {
		rids = append(rids, k.rid)
	}
	if fmt.Sprint(rids) != "[1 3]" || x.living != 2 || x.stop[0][2] != 0 {
		t.Errorf("records %v share a key, %d are not withdrawn", rids, x.living)
	}
}

// Where equal values can be counted, u is what they give and not what a sample happens to show.
func TestCountedUGoesBeforeTheSample(t *testing.T) {
	model := Default()
	at := model.index("first")
	differ := Vector(0)
	for i := range model.Comparisons {
		g := nullLevel
		if i == at {
			g = len(model.Comparisons[i].Levels) - 1
		}
		differ |= Vector(g) << (levelBits * i)
	}
	tr := &trainer{model: model, sampled: []patternCount{{Vector: differ, N: 5000}}, total: 1e6,
		exact: make([]valuePairs, len(model.Comparisons))}
	tr.exact[at] = valuePairs{equal: 3000, known: 1e6}
	tr.prior = [classes]float64{1e-4, 1e-6, 1e-4, 1 - 2.01e-4}
	tr.estimateU()
	if u := model.Comparisons[at].Levels[0].U; math.Abs(u-0.003) > 1e-4 {
		t.Errorf("u of equal names is %g, want 0.003", u)
	}
}

// A rule few of whose pairs are of one person is left out of what m is learned from; but not all rules are.
func TestRulesOfChanceAreLeftOut(t *testing.T) {
	tr := &trainer{rules: [][classes]float64{{0.9}, {0.05}}, chancy: make([]bool, 2)}
	tr.weighRules()
	if tr.chancy[0] || !tr.chancy[1] {
		t.Errorf("left out: %v", tr.chancy)
	}
	tr.rules[0][Same] = 0.1
	if tr.weighRules(); tr.chancy[0] {
		t.Error("no rule is left")
	}
}
