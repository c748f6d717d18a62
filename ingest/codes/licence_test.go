package codes

import (
	"strconv"
	"testing"

	"miic/fixtures/facts"
)

// Days on which vaccines came onto the market and left it, known from elsewhere than the tables: a licence that says
// otherwise would doubt real doses.
func TestLicences(t *testing.T) {
	for _, c := range []struct {
		name  string
		CVX   int16
		MVX   string
		on    int32
		holds bool
	}{
		{"measles, mumps and rubella in the seventies", 3, "", 19760401, true},
		{"and of its only maker", 3, "MSD", 19760401, true},
		{"varicella before its licence", 21, "", 19900101, false},
		{"varicella", 21, "MSD", 19980101, true},
		{"a dose against rotavirus before any was licensed", 119, "", 20050101, false},
		{"the first rotavirus vaccine long after it was withdrawn", 74, "", 20150101, false},
		{"pneumococcal polysaccharide in 1990", 33, "", 19900101, true},
		{"COVID-19 in 2019", 208, "", 20190301, false},
		{"COVID-19, first formulation", 208, "PFR", 20210601, true},
		{"and after it was withdrawn", 208, "PFR", 20250101, false},
		{"influenza of three strains, which came back", 140, "", 20251001, true},
		{"a maker's diphtheria, tetanus and pertussis vaccine after it gave it up", 20, "WAL", 20100101, false},
		{"and another's", 20, "PMC", 20100101, true},
		{"a code that nobody has", 9999, "", 20250101, true},
	} {
		if got := Licensed(c.CVX, c.MVX).Holds(c.on); got != c.holds {
			t.Errorf("%s: on the market on %d: %v (%+v)", c.name, c.on, got, Licensed(c.CVX, c.MVX))
		}
	}
	seen := 0
	EachLicence(func(cvx int16, mvx string, on Window) {
		seen++
		if on.NotBefore == tableBegun || on.NotAfter != 0 && on.NotAfter < on.NotBefore {
			t.Errorf("CVX %d of %q: on the market from %d to %d", cvx, mvx, on.NotBefore, on.NotAfter)
		}
		if kind := cvxCodes[cvx].kind; kind != vaccine {
			t.Errorf("CVX %d is of kind %c", cvx, kind)
		}
	})
	if seen < 150 {
		t.Errorf("%d licences", seen)
	}
}

// What the synthetic state's clinics give is on the market when they begin with it, and when they end.
func TestTheSyntheticStateGivesWhatIsOnTheMarket(t *testing.T) {
	for _, p := range facts.Products() {
		cvx, ok := CVX(p.CVX)
		if !ok {
			t.Errorf("%s: CVX %s is unknown", p.Key, p.CVX)
		}
		for _, on := range []string{p.First, p.Last} {
			if day, err := strconv.Atoi(on); err == nil && !Licensed(cvx, p.MVX).Holds(int32(day)) {
				t.Errorf("%s is given on %s, and CVX %s was not on the market then: %+v", p.Key, on, p.CVX,
					Licensed(cvx, p.MVX))
			}
		}
	}
}
