package forecast

import (
	"reflect"
	"slices"
	"testing"

	"miic/forecast/cdsi"
)

// What the forecaster is measured with is like what it is for.
func TestHistoriesAreLikeARegistrys(t *testing.T) {
	asOf := cdsi.MakeDay(2026, 3, 2)
	people := Histories(1, 30000, asOf)
	most, none := 0, 0
	var six []int
	for _, p := range people {
		most = max(most, len(p.Doses))
		if len(p.Doses) == 0 {
			none++
		}
		if int(asOf-p.Birth)/365 == 6 {
			six = append(six, len(p.Doses))
		}
		for _, d := range p.Doses {
			if d.Date < p.Birth || d.Date > asOf {
				t.Fatalf("a dose outside of the life: %+v", p)
			}
		}
	}
	slices.Sort(six)
	if median := six[len(six)/2]; median < 18 || median > 24 {
		t.Errorf("the median six-year-old has %d doses, want about 20", median)
	}
	if most < 35 || most > 40 || none == 0 {
		t.Errorf("from %d people without doses up to %d doses, want 0 to 40", none, most)
	}
	if !reflect.DeepEqual(people[:50], Histories(1, 50, asOf)) || reflect.DeepEqual(people[:50], Histories(2, 50, asOf)) {
		t.Error("the seed does not decide")
	}
}
