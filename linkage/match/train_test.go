package match

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// Pattern counts drawn from known m, u and shares of relations, then trained on from another start:
// the known numbers come back.
func TestTrainingRecoversKnownParameters(t *testing.T) {
	truth := Default()
	keep := []string{"first", "last", "birth_date", "sex", "address", "phone", "mother_first", "doses", "medicaid"}
	var comparisons []Comparison
	for _, n := range keep {
		comparisons = append(comparisons, truth.Comparisons[truth.index(n)])
	}
	truth.Comparisons = comparisons
	truth.Rules = []Rule{{Name: "a", Key: []string{"first", "birth_date"}}, {Name: "b", Key: []string{"phone"}},
		{Name: "c", Key: []string{"street"}}}
	rng := rand.New(rand.NewPCG(5, 6))
	draw := func(class Class, c *Comparison) int {
		x := rng.Float64()
		for g := range c.Levels {
			if x -= c.P(class, g); x < 0 {
				return g
			}
		}
		return len(c.Levels) - 1
	}
	const total = 2e8
	shares := [classes]float64{60000, 6000, 24000}
	counts := map[patternCount]int64{}
	pair := func(class Class) (v Vector, rules int32) {
		for i := range truth.Comparisons {
			v |= Vector(draw(class, &truth.Comparisons[i])) << (levelBits * i)
		}
		if v.Level(0) == 0 && v.Level(2) == 0 {
			rules |= 1
		}
		if v.Level(5) == 0 {
			rules |= 2
		}
		if v.Level(4) <= 1 {
			rules |= 4
		}
		return v, rules
	}
	for class := Same; class < Stranger; class++ {
		for range int(shares[class]) {
			if v, rules := pair(class); rules != 0 {
				counts[patternCount{Rules: rules, Vector: v}]++
			}
		}
	}
	// Strangers: of the two hundred million only those that meet a rule are made, and a sample of the rest.
	var sampled []patternCount
	outside := map[patternCount]int64{}
	for i := range 2_000_000 {
		v, rules := pair(Stranger)
		if rules != 0 {
			counts[patternCount{Rules: rules, Vector: v}] += 100
		} else if i%2 == 0 {
			outside[patternCount{Vector: v}]++
		}
	}
	var blocked []patternCount
	for p, n := range counts {
		p.N = n
		blocked = append(blocked, p)
	}
	for p, n := range outside {
		p.N = n
		sampled = append(sampled, p)
	}
	byVector(blocked)
	byVector(sampled)

	model := truth.clone()
	for i := range model.Comparisons { // a start that is off
		c := &model.Comparisons[i]
		if c.Kind == Relation {
			continue
		}
		for g := range c.Levels {
			c.Levels[g].M = 0.5*c.Levels[g].M + 0.5/float64(len(c.Levels))
		}
	}
	tr := &trainer{model: model, blocked: blocked, sampled: sampled, total: total}
	report, err := tr.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !report.Converged {
		t.Error("training hit its cap")
	}
	for i, c := range truth.Comparisons {
		if c.Kind == Relation {
			continue
		}
		got := model.Comparisons[i]
		if d := math.Abs(got.Levels[0].M - c.Levels[0].M); d > 0.02 {
			t.Errorf("%s: m of agreement is %.3f, was drawn from %.3f", c.Name, got.Levels[0].M, c.Levels[0].M)
		}
		if r := got.Levels[0].U / c.Levels[0].U; c.Levels[0].U > 1e-4 && (r < 0.8 || r > 1.25) {
			t.Errorf("%s: u of agreement is %.2g, was drawn from %.2g", c.Name, got.Levels[0].U, c.Levels[0].U)
		}
	}
	if r := report.Same / shares[Same]; r < 0.95 || r > 1.05 {
		t.Errorf("%.0f pairs of one person are expected, %.0f were made", report.Same, shares[Same])
	}
}

func TestBadModels(t *testing.T) {
	text := string(Default().Text())
	for name, c := range map[string]struct{ from, to, want string }{
		"no version":                  {`"version": "4"`, `"version": ""`, "no version"},
		"an unknown field":            {`"version"`, `"versoin"`, "unknown field"},
		"a level without a condition": {`"when":"same_first",`, ``, "has a condition"},
		"an unknown key":              {`"key":["ssn"]`, `"key":["shoe_size"]`, "no key part shoe_size"},
		"an unknown test":             {`"when":"same_sex"`, `"when":"same_hat"`, "no test same_hat"},
		"half a condition":            {`close_middle >= 0.9`, `close_middle >=`, "is no condition"},
		"a cap above the model's":     {`"cap":20`, `"cap":20000`, "cap must lie between"},
		"a key that cannot refine":    {`"refine":["zip"]`, `"refine":["ssn"]`, "cannot refine"},
		"an unknown hold":             {`"maybe_twin"]`, `"maybe_so"]`, "no hold rule maybe_so"},
		"no twins":                    {`"name":"birth_order"`, `"name":"birth_other"`, "no comparison birth_order"},
	} {
		bad := strings.Replace(text, c.from, c.to, 1)
		if bad == text {
			t.Errorf("%s: the model has no %s", name, c.from)
		} else if _, err := Parse([]byte(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
	falling := Default()
	l := falling.Comparisons[0].Levels
	l[0].M, l[len(l)-1].M = l[len(l)-1].M, l[0].M
	if _, err := Parse(falling.Text()); err == nil || !strings.Contains(err.Error(), "more than the better level") {
		t.Errorf("weights that fall: %v", err)
	}
	same, err := Parse([]byte(text))
	if err != nil || same.ID() != Default().ID() {
		t.Errorf("a model written and read is not the same: %v", err)
	}
}

var updateModel = flag.Bool("update-model", false, "write model.json in the form of a trained model")

func TestModelFileIsAsWritten(t *testing.T) {
	text := Default().Text()
	if *updateModel {
		if err := os.WriteFile("model.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
		return // the embedded bytes are those of before
	}
	if string(text) != string(defaultModel) {
		t.Error("model.json is not in the form that a trained model is written in; run the test with -update-model")
	}
}

// Stored rows carry the model's ID, and the stage's key is made of it: it may change only with the model.
func TestIDOfTheBuiltInModelIsFixed(t *testing.T) {
	if got, want := Default().ID(), "4-be0787be"; got != want {
		t.Errorf("the built-in model is %s; rows are stored under %s", got, want)
	}
}
