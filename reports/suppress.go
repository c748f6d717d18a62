package reports

import "miic/internal/area"

// Why a figure is withheld.
const (
	small      = "small"      // its denominator is under the threshold
	complement = "complement" // with it, a small one could be worked out
)

// A cell is one area of one measure.
type cell struct {
	areaType, code, name string
	region               string // of a county or region: the region; of the state: empty
	denominator          int64
	numerator            int64
	withheld             string // why, or empty when it is published
}

// suppress marks the cells to withhold, among all counties, regions and the state of one measure.
//
// First every cell under the threshold. Then, since a region is the sum of its counties and the state the sum
// of its regions, what is published could give a withheld cell away by subtraction. So in each
// published region the withheld counties together, and in the state what is withheld in all unpublished regions together,
// must hold at least two areas with people in them and no fewer people than the threshold; the smallest areas that are
// still published are withheld until that is so. An area without people has nobody to protect.
func suppress(cells []cell, threshold int64) {
	byRegion := map[string][]*cell{} // counties; of the unassigned, the region itself
	var regions []*cell
	for i := range cells {
		c := &cells[i]
		if c.denominator < threshold {
			c.withheld = small
		}
		switch {
		case c.areaType == "county", c.areaType == "region" && c.code == area.Unassigned:
			byRegion[c.region] = append(byRegion[c.region], c)
		}
		if c.areaType == "region" {
			regions = append(regions, c)
		}
		if c.areaType == "state" && c.withheld != "" {
			for j := range cells {
				cells[j].withheld = small
			}
			return
		}
	}
	for _, r := range regions {
		if r.withheld != "" {
			continue
		}
		for tellsTooMuch(hidden(byRegion[r.region]), threshold) && hideSmallest(byRegion[r.region]) {
		}
	}
	for {
		var inside []*cell
		for _, r := range regions {
			if r.withheld != "" {
				inside = append(inside, byRegion[r.region]...)
			}
		}
		if !tellsTooMuch(hidden(inside), threshold) || !hideSmallest(inside) && !hideSmallest(regions) {
			return
		}
	}
}

func hidden(leaves []*cell) []*cell {
	var list []*cell
	for _, c := range leaves {
		if c.withheld != "" {
			list = append(list, c)
		}
	}
	return list
}

// tellsTooMuch tells whether the sum of withheld areas, which anybody can work out, would disclose one of them.
func tellsTooMuch(list []*cell, threshold int64) bool {
	var sum int64
	peopled, atMost := 0, int64(0)
	for _, c := range list {
		sum += c.denominator
		if c.denominator > 0 {
			peopled++
		}
		if c.withheld == small {
			atMost += threshold - 1
		} else {
			atMost = 1 << 40
		}
	}
	// Where each is known to be small and the sum is the largest it can be, each is the largest it can be.
	return peopled > 0 && (peopled == 1 || sum < threshold || sum == atMost)
}

// hideSmallest withholds the smallest published area that has people; of equals the first.
func hideSmallest(list []*cell) bool {
	var least *cell
	for _, c := range list {
		if c.withheld == "" && c.denominator > 0 && (least == nil || c.denominator < least.denominator) {
			least = c
		}
	}
	if least == nil {
		return false
	}
	least.withheld = complement
	return true
}
