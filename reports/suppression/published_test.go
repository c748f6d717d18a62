package suppression

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// states are how many random states the attack is tried on; it costs a third of a second each.
const states = 6

func TestNothingWithheldCanBeWorkedOut(t *testing.T) {
	rule := Rule{Small: 11, Part: 5}
	hidden, shown, solved := 0, 0, 0
	for seed := range uint64(states) {
		w := random(rand.New(rand.NewPCG(seed, 16)))
		w.publish()
		res := rule.Withhold(w.state, w.areas, w.bySex)
		if res.People < res.Least {
			t.Errorf("state %d: %d are withheld, at the least %d", seed, res.People, res.Least)
		}
		if w.state.Withheld {
			continue
		}
		for _, c := range w.cells() {
			if c.Withheld {
				hidden++
			} else {
				shown++
			}
		}
		list, err := w.pinned(res.Left, nil, float64(rule.Small))
		if err != nil {
			t.Errorf("state %d: %v", seed, err)
			continue
		}
		solved++
		for _, p := range list {
			t.Errorf("state %d: %s", seed, p)
		}
	}
	t.Logf("%d states, %d cells withheld, %d shown", solved, hidden, shown)
	if solved < states/2 || hidden < 2*states || shown < 2*states {
		t.Error("too few of the states have something to work out")
	}
}

// TestTheAttackFindsWhatIsNotHidden: where only small cells are withheld, and none for their sake, they are worked out.
func TestTheAttackFindsWhatIsNotHidden(t *testing.T) {
	rule := Rule{Small: 11, Part: 5}
	found, tried := 0, 0
	for seed := range uint64(states) {
		w := random(rand.New(rand.NewPCG(seed, 16)))
		w.publish()
		res := rule.Withhold(w.state, w.areas, w.bySex)
		if w.state.Withheld {
			continue
		}
		broken := false
		for _, c := range w.cells() {
			broken = broken || c.Withheld != c.Primary
			c.Withheld = c.Primary
		}
		if !broken {
			continue
		}
		tried++
		if list, err := w.pinned(res.Left, nil, float64(rule.Small)); err != nil {
			t.Error(err)
		} else if len(list) > 0 {
			found++
		}
	}
	if tried < 2 || found < tried {
		t.Errorf("of %d states without complements the attack solves %d", tried, found)
	}
}

// TestTwoPublicationsTogether: a month later a few people in each county have come to the age and a few have left. What
// is withheld cannot be worked out tonight by who knows what was published, and how many came and left in each place; nor
// can what was withheld then by what is published tonight.
func TestTwoPublicationsTogether(t *testing.T) {
	hidden, solved, held := 0, 0, 0
	for seed := range uint64(states) {
		p := aMonthApart(seed, Rule{Small: 11, Part: 5})
		if p.then.state.Withheld || p.now.state.Withheld || !p.same {
			continue
		}
		solved++
		before := p.then.cells()
		for i, c := range p.now.cells() {
			if c.Withheld {
				hidden++
				held += map[bool]int{true: 1}[c.Held]
			}
			if before[i].Withheld && !c.Withheld && p.turnover[i] < p.rule.Small {
				t.Errorf("state %d: a cell of %v is shown after %d have come and left", seed, c.Figures, p.turnover[i])
			}
		}
		list, err := p.now.pinned(p.left, p.known(), float64(p.rule.Small))
		if err != nil {
			t.Errorf("state %d: %v", seed, err)
		}
		for _, f := range list {
			t.Errorf("state %d, tonight: %s", seed, f)
		}
	}
	t.Logf("%d states, %d cells withheld, %d of them since they have little changed", solved, hidden, held)
	if solved < 3 || held < 5 {
		t.Error("too few of the states have something to work out")
	}
}

// TestTheRegionThatChangedMost: every county and region of this state was shown, since one child without a vaccine hides no
// row. Then all changed by few people, one region by more than all the others together. The state's row would tell what that
// region has now, so nothing is published.
func TestTheRegionThatChangedMost(t *testing.T) {
	p := aMonthApart(5, Rule{Small: 11, Part: 1})
	for _, c := range slices.Concat(p.then.areas, p.then.areas[0].Parts) {
		if c.Withheld {
			t.Errorf("a row of %v was withheld", c.Figures)
		}
	}
	for _, c := range p.now.cells() {
		if !c.Withheld {
			t.Errorf("a row of %v is published", c.Figures)
		}
	}
	p.now.state.Withheld = false
	most := slices.IndexFunc(p.now.cells(), func(c *Cell) bool { return c == p.now.areas[0] })
	if p.turnover[most] < p.turnover[0]-p.turnover[most] {
		t.Fatalf("%d of %d who came or left are the first region's", p.turnover[most], p.turnover[0])
	}
	low, high, err := p.now.known(p.left, p.known()).span(p.now.sum(p.now.areas[0], 1, counted))
	if err != nil || high-low >= float64(p.rule.Small) {
		t.Errorf("with the state's row the region has from %.0f to %.0f people: %v", low, high, err)
	}
}

// A pair are two publications of a random state, a month apart.
type pair struct {
	rule      Rule
	then, now *world
	turnover  []int64 // of each cell: how many have come and left
	left      []bool  // measures that are shown nowhere tonight
	same      bool    // and then
}

// aMonthApart publishes a random state twice.
func aMonthApart(seed uint64, rule Rule) *pair {
	rng := rand.New(rand.NewPCG(seed, 17))
	then := random(rng)
	then.publish()
	left := rule.Withhold(then.state, then.areas, then.bySex).Left
	now := newWorld(then.counties, then.sexes, len(then.number))
	moved := make([][]int64, len(then.number))
	for c := range then.number {
		moved[c] = make([]int64, then.sexes)
		for s := range then.sexes {
			copy(now.number[c][s], then.number[c][s])
			for range rng.IntN(8) {
				k := rng.IntN(len(kinds))
				if n := &now.number[c][s][k]; *n > 0 && rng.IntN(2) == 0 {
					*n--
				} else {
					*n++
				}
				moved[c][s]++
			}
		}
	}
	now.publish()
	before, tonight := then.cells(), now.cells()
	turnover := make([]int64, len(tonight))
	for i, c := range tonight {
		now.each(now.place[c], func(county, sex, k int) {
			if k == 0 {
				turnover[i] += moved[county][sex]
			}
		})
		was := before[i]
		differs := was.Withheld || !slices.Equal(was.Figures, c.Figures)
		few := turnover[i] < rule.Small
		c.Held, c.Known, c.Turned = differs && few && c.Figures[1].People > 0, !was.Withheld && few, turnover[i]
	}
	res := rule.Withhold(now.state, now.areas, now.bySex)
	return &pair{rule: rule, then: then, now: now, turnover: turnover, left: res.Left, same: slices.Equal(left, res.Left)}
}

// known is what the first publication says about tonight's figures.
func (p *pair) known() bounds {
	known, before := bounds{}, p.then.cells()
	for i, c := range p.now.cells() {
		if !before[i].Withheld && p.turnover[i] < p.rule.Small {
			known[c] = about{before[i].Figures, p.turnover[i]}
		}
	}
	return known
}
