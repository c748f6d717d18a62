package privacy

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/area"
)

// solvable tells whether a withheld cell follows from the published ones, given that a region is the sum
// of its counties and the state the sum of its regions: whether its unit vector lies in
// the span of the published sums' equations (Gauss over the rationals).
func solvable(cells []Cell, target int) bool {
	leaves := map[int]int{} // cell index of a leaf → unknown
	for i, c := range cells {
		if c.AreaType == "county" || c.AreaType == "region" && c.Code == area.Unassigned {
			leaves[i] = len(leaves)
		}
	}
	vector := func(i int) []*big.Rat {
		v := make([]*big.Rat, len(leaves))
		for k := range v {
			v[k] = new(big.Rat)
		}
		for leaf, k := range leaves {
			if leaf == i || cells[i].AreaType == "state" || cells[i].AreaType == "region" && cells[leaf].Region == cells[i].Region {
				v[k].SetInt64(1)
			}
		}
		return v
	}
	var rows [][]*big.Rat
	for i, c := range cells {
		if c.Withheld == "" {
			rows = append(rows, vector(i))
		}
	}
	rank := func(rows [][]*big.Rat) int {
		m := make([][]*big.Rat, len(rows))
		for i, r := range rows {
			for _, x := range r {
				m[i] = append(m[i], new(big.Rat).Set(x))
			}
		}
		rank := 0
		for col := 0; col < len(leaves) && rank < len(m); col++ {
			pivot := -1
			for i := rank; i < len(m); i++ {
				if m[i][col].Sign() != 0 {
					pivot = i
					break
				}
			}
			if pivot < 0 {
				continue
			}
			m[rank], m[pivot] = m[pivot], m[rank]
			for i := rank + 1; i < len(m); i++ {
				if m[i][col].Sign() == 0 {
					continue
				}
				f := new(big.Rat).Quo(m[i][col], m[rank][col])
				for k := col; k < len(m[i]); k++ {
					m[i][k].Sub(m[i][k], new(big.Rat).Mul(f, m[rank][k]))
				}
			}
			rank++
		}
		return rank
	}
	return rank(append(rows, vector(target))) == rank(rows)
}

func layout(regions map[string][]int64, unassigned int64) []Cell {
	var cells []Cell
	var sum int64
	names := []string{"a", "b", "c", "d"}
	for _, r := range names {
		var inRegion int64
		for i, n := range regions[r] {
			cells = append(cells, Cell{AreaType: "county", Code: fmt.Sprint(r, i), Region: r, Denominator: n})
			inRegion += n
		}
		if len(regions[r]) > 0 {
			cells = append(cells, Cell{AreaType: "region", Code: r, Region: r, Denominator: inRegion})
			sum += inRegion
		}
	}
	cells = append(cells, Cell{AreaType: "region", Code: area.Unassigned, Region: area.Unassigned,
		Denominator: unassigned})
	return append(cells, Cell{AreaType: "state", Code: "MN", Denominator: sum + unassigned})
}

func TestNoWithheldCountCanBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		regions := map[string][]int64{}
		for _, r := range []string{"a", "b", "c", "d"}[:rapid.IntRange(1, 4).Draw(t, "regions")] {
			regions[r] = rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 14), rapid.Int64Range(0, 200),
				rapid.Just(int64(0))), 1, 6).Draw(t, r)
		}
		cells := layout(regions, rapid.OneOf(rapid.Int64Range(0, 14), rapid.Int64Range(0, 100)).Draw(t, "unassigned"))
		Suppress(cells, 11)
		for i, c := range cells {
			switch {
			case c.Denominator < 11 && c.Withheld != Small:
				t.Fatalf("%s %s with %d people is published", c.AreaType, c.Code, c.Denominator)
			case c.Denominator >= 11 && c.Withheld == Small && cells[len(cells)-1].Withheld == "":
				t.Fatalf("%s %s with %d people is called small", c.AreaType, c.Code, c.Denominator)
			case c.Withheld != "" && c.Denominator > 0 && solvable(cells, i):
				t.Fatalf("%s %s (%d people, %s) can be worked out from %s", c.AreaType, c.Code, c.Denominator,
					c.Withheld, picture(cells))
			}
		}
	})
}

func picture(cells []Cell) string {
	var b strings.Builder
	for _, c := range cells {
		fmt.Fprintf(&b, "%s %s %d %s; ", c.AreaType, c.Code, c.Denominator, c.Withheld)
	}
	return b.String()
}

func TestSuppressionTakesNoMoreThanItNeeds(t *testing.T) {
	for _, tc := range []struct {
		name       string
		regions    map[string][]int64
		unassigned int64
		withheld   string
	}{
		{"nothing small", map[string][]int64{"a": {40, 50}, "b": {60, 70}}, 20, ""},
		{"one small county takes the next smallest", map[string][]int64{"a": {5, 40, 50}, "b": {60, 70}}, 20,
			"a0 small a1 complement"},
		{"two small that are enough", map[string][]int64{"a": {5, 8, 50}, "b": {60, 70}}, 20, "a0 small a1 small"},
		{"two small that are too few together", map[string][]int64{"a": {5, 3, 50, 80}, "b": {60, 70}}, 20,
			"a0 small a1 small a2 complement"},
		{"two that can only be ten each", map[string][]int64{"a": {10, 10, 50, 80}, "b": {60, 70}}, 20,
			"a0 small a1 small a2 complement"},
		{"empty counties need no company", map[string][]int64{"a": {0, 40, 50}, "b": {60, 70}}, 20, "a0 small"},
		{"a few without a region take the smallest county of the smallest region",
			map[string][]int64{"a": {40, 50}, "b": {60, 70}}, 3, "a0 complement a complement unassigned small"},
		{"a small state", map[string][]int64{"a": {4, 5}}, 1, "a0 small a1 small a small unassigned small MN small"},
	} {
		t.Run(strings.ReplaceAll(tc.name, " ", "-"), func(t *testing.T) {
			cells := layout(tc.regions, tc.unassigned)
			Suppress(cells, 11)
			var got []string
			for _, c := range cells {
				if c.Withheld != "" {
					got = append(got, c.Code+" "+c.Withheld)
				}
			}
			if strings.Join(got, " ") != tc.withheld {
				t.Errorf("withheld: %q, want %q", strings.Join(got, " "), tc.withheld)
			}
		})
	}
}
