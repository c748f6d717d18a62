package roster

import (
	"testing"

	"miic/internal/table"
)

var born = table.NewDate(2019, 5, 4)

// registry has two people of one name, somebody with a double surname, and a father's namesake.
var registry = []Identity{{FirstName: "ZOE", LastName: "ONeil", BirthDate: born, ZIP: "55104"},
	{FirstName: "Amina", LastName: "Hassan Ali", BirthDate: born, ZIP: "55104"},
	{FirstName: "Max", LastName: "Lee", BirthDate: born, ZIP: "55404"},
	{FirstName: "Max", LastName: "Lee", BirthDate: born, ZIP: "55104"},
	{FirstName: "William", LastName: "Berg", Suffix: "Jr", BirthDate: born, ZIP: "551041234"},
	{FirstName: "Ida", LastName: "Moe", BirthDate: born},
	{FirstName: "Elizabeth", LastName: "Dahl", BirthDate: born, ZIP: "55104"},
	{FirstName: "Beth", LastName: "Dahl", BirthDate: born, ZIP: "55404"}}

func TestAnEntryFindsOnePersonOrNobody(t *testing.T) {
	for _, c := range []struct {
		what           string
		entry          Identity
		decides, agree int64 // who is found, by the rule on the ZIP code
	}{
		{"the name", Identity{FirstName: "Zoë", LastName: "O'Neil", ZIP: "55104"}, 1, 1},
		{"another ZIP code", Identity{FirstName: "Zoë", LastName: "O'Neil", ZIP: "55105"}, 1, 0},
		{"no ZIP code", Identity{FirstName: "Zoë", LastName: "O'Neil"}, 1, 0},
		{"part of a double surname", Identity{FirstName: "Amina", LastName: "Hassan", ZIP: "55104"}, 2, 2},
		{"several, and the ZIP code", Identity{FirstName: "Max", LastName: "Lee", ZIP: "55104-0001"}, 4, 4},
		{"several", Identity{FirstName: "Max", LastName: "Lee"}, 0, 0},
		{"several, and a third ZIP code", Identity{FirstName: "Max", LastName: "Lee", ZIP: "56301"}, 0, 0},
		{"another given name", Identity{FirstName: "Zara", LastName: "O'Neil", ZIP: "55104"}, 0, 0},
		{"no given name", Identity{LastName: "O'Neil", ZIP: "55104"}, 0, 0},
		{"a nickname", Identity{FirstName: "Billy", LastName: "BERG", ZIP: "55104"}, 5, 5},
		{"the father", Identity{FirstName: "William", LastName: "Berg Sr", ZIP: "55104"}, 0, 0},
		{"the name itself before a form of it", Identity{FirstName: "Beth", LastName: "Dahl", ZIP: "55404"}, 8, 8},
		{"the name itself, no ZIP code", Identity{FirstName: "Beth", LastName: "Dahl"}, 8, 0},
		{"the name itself, but the other's ZIP code", Identity{FirstName: "Beth", LastName: "Dahl", ZIP: "55104"}, 0, 7},
		{"a form of two names", Identity{FirstName: "Betty", LastName: "Dahl"}, 0, 0},
		{"a form of two names, and the ZIP code", Identity{FirstName: "Betty", LastName: "Dahl", ZIP: "55104"}, 7, 7},
		{"nowhere known to live", Identity{FirstName: "Ida", LastName: "Moe", ZIP: ""}, 6, 0},
	} {
		c.entry.BirthDate = born
		other := c.entry
		other.BirthDate++
		for rule, want := range map[ZIPRule]int64{ZIPDecides: c.decides, ZIPAgrees: c.agree} {
			f := New(rule, []Identity{other, c.entry})
			for i := range registry {
				f.Offer(int64(i+1), &registry[i])
			}
			if got := f.Found(1); got != want {
				t.Errorf("%s, rule %d: %d, want %d", c.what, rule, got, want)
			}
			if got := f.Found(0); got != 0 {
				t.Errorf("%s: somebody of another birth date is %d", c.what, got)
			}
		}
	}
}
