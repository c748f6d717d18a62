package privacy

import "miic/internal/area"

// Why a figure is withheld.
const (
	Small      = "small"      // its denominator is under the threshold
	Complement = "complement" // with it, a small one could be worked out
)

// A Cell is one area of one measure.
type Cell struct {
	AreaType, Code, Name string
	Region               string // of a county or region: the region; of the state: empty
	Denominator          int64
	Numerator            int64
	Withheld             string // why, or empty when it is published
}

// Suppress marks the cells to withhold, among all counties, regions and the state of one measure.
//
// First every cell under the threshold. Then, since a region is the sum of its counties and the state the sum
// of its regions, what is published could give a withheld cell away by subtraction. So in each published region the
// withheld counties together, and in the state what is withheld in all unpublished regions together, must hold at
// least two areas with people in them and no fewer people than the threshold; the smallest areas that are still
// published are withheld until that is so. An area without people has nobody to protect.
func Suppress(cells []Cell, threshold int64) {
	byRegion := map[string][]*Cell{} // counties; of the unassigned, the region itself
	var regions []*Cell
	for i := range cells {
		c := &cells[i]
		if c.Denominator < threshold {
			c.Withheld = Small
		}
		if c.AreaType == "county" || c.AreaType == "region" && c.Code == area.Unassigned {
			byRegion[c.Region] = append(byRegion[c.Region], c)
		}
		if c.AreaType == "region" {
			regions = append(regions, c)
		}
		if c.AreaType == "state" && c.Withheld != "" {
			for j := range cells {
				cells[j].Withheld = Small
			}
			return
		}
	}
	for _, r := range regions {
		if r.Withheld != "" {
			continue
		}
		for discloses(hidden(byRegion[r.Region]), threshold) && hideSmallest(byRegion[r.Region]) {
		}
	}
	for {
		var inside []*Cell
		for _, r := range regions {
			if r.Withheld != "" {
				inside = append(inside, byRegion[r.Region]...)
			}
		}
		if !discloses(hidden(inside), threshold) || !hideSmallest(inside) && !hideSmallest(regions) {
			return
		}
	}
}

// hidden are the withheld of the areas.
func hidden(leaves []*Cell) []*Cell {
	var list []*Cell
	for _, c := range leaves {
		if c.Withheld != "" {
			list = append(list, c)
		}
	}
	return list
}

// discloses reports whether the sum of withheld areas, which anybody can work out, would give one of them away.
func discloses(list []*Cell, threshold int64) bool {
	var sum int64
	peopled, atMost := 0, int64(0)
	for _, c := range list {
		sum += c.Denominator
		if c.Denominator > 0 {
			peopled++
		}
		if c.Withheld == Small {
			atMost += threshold - 1
		} else {
			atMost = 1 << 40
		}
	}
	// Where each is known to be small and the sum is the largest it can be, each is the largest it can be.
	return peopled > 0 && (peopled == 1 || sum < threshold || sum == atMost)
}

// hideSmallest withholds the smallest published area that has people; of equals the first.
func hideSmallest(list []*Cell) bool {
	var least *Cell
	for _, c := range list {
		if c.Withheld == "" && c.Denominator > 0 && (least == nil || c.Denominator < least.Denominator) {
			least = c
		}
	}
	if least == nil {
		return false
	}
	least.Withheld = Complement
	return true
}
