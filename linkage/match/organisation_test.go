package match

import "testing"

// A number belongs to its namespace: that each of two organisations in one feed has a number for a child is no sign of
// two children.
func TestNumbersOfTwoOrganisations(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"hub^NORTH:1", "hub^SOUTH:2", true}, {"hub^NORTH:1", "hub^NORTH:2", false}, {"hub:1", "hub:2", false},
		{"hub:1", "hub^SOUTH:2", false}, {"", "hub^SOUTH:2", false},
	} {
		if got := otherOrganisation(c.a, c.b); got != c.want || otherOrganisation(c.b, c.a) != c.want {
			t.Errorf("%q and %q are of two organisations: %v", c.a, c.b, got)
		}
	}
}
