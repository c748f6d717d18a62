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
		rule := Rule{Small: 11, Part: 5}
		if seed == 5 { // all counties and regions were shown, and one region has changed by more than all else
			rule.Part = 1
		}
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
		if then.state.Withheld {
			continue
		}
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
		if now.state.Withheld || !slices.Equal(left, res.Left) {
			continue
		}
		knownNow, knownThen := bounds{}, bounds{}
		for i, c := range tonight {
			if c.Withheld {
				hidden++
				held += map[bool]int{true: 1}[c.Held]
			}
			if !before[i].Withheld && turnover[i] < rule.Small {
				knownNow[c] = about{before[i].Figures, turnover[i]}
			}
			if before[i].Withheld && !c.Withheld {
				knownThen[before[i]] = about{c.Figures, turnover[i]}
			}
		}
		solved++
		list, err := now.pinned(res.Left, knownNow, float64(rule.Small))
		if err != nil {
			t.Errorf("state %d: %v", seed, err)
		}
		for _, p := range list {
			t.Errorf("state %d, tonight: %s", seed, p)
		}
		for c, b := range knownThen {
			if b.within < rule.Small {
				t.Errorf("state %d: a cell of %v is shown after %d have come and left", seed, c.Figures, b.within)
			}
		}
	}
	t.Logf("%d states, %d cells withheld, %d of them since they have little changed", solved, hidden, held)
	if solved < 3 || held < 5 {
		t.Error("too few of the states have something to work out")
	}
}
