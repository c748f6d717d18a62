package name

import "testing"

// Whether two names may be one person's.
func TestMayBeOnePerson(t *testing.T) {
	person := func(first, middle, last, suffix string) Person {
		return Person{First: first, Middle: middle, Last: last, Suffix: suffix}
	}
	for _, c := range []struct {
		what string
		a, b Person
		want bool
	}{
		{"accents and apostrophes", person("Zoë", "", "O'Neil", ""), person("ZOE", "", "ONEIL", ""), true},
		{"a nickname", person("William", "", "Berg", ""), person("Bill", "", "Berg", ""), true},
		{"two forms of one name", person("Liz", "", "Berg", ""), person("Beth", "", "Berg", ""), true},
		{"names that only begin alike", person("Anna", "", "Berg", ""), person("Annika", "", "Berg", ""), false},
		{"two words written as one", person("Mai", "Xee", "Vang", ""), person("Maixee", "", "Vang", ""), true},
		{"a second given name in the first's field", person("Mary Ann", "", "Berg", ""), person("Mary", "A", "Berg", ""), true},
		{"a hyphen", person("Ana", "", "Garcia-Lopez", ""), person("Ana", "", "Garcia Lopez", ""), true},
		{"half of a double surname", person("Ana", "", "Garcia-Lopez", ""), person("Ana", "", "Lopez", ""), true},
		{"halves of two double surnames", person("Ana", "", "Garcia-Lopez", ""), person("Ana", "", "Lopez-Ruiz", ""), false},
		{"a particle", person("Jan", "", "van der Berg", ""), person("Jan", "", "Vanderberg", ""), true},
		{"a particle alone", person("Jan", "", "van Berg", ""), person("Jan", "", "Van", ""), false},
		{"a suffix on one side", person("Leo", "", "Berg Jr.", ""), person("Leo", "", "Berg", ""), true},
		{"a suffix in its field", person("Leo", "", "Berg Jr.", ""), person("Leo", "", "Berg", "Junior"), true},
		{"father and son", person("Leo", "", "Berg", "Sr"), person("Leo", "", "Berg Jr", ""), false},
		{"a newborn without a name", person("Baby Boy", "", "Berg", ""), person("Baby Boy", "", "Berg", ""), false},
		{"no surname", person("Leo", "", "Unknown", ""), person("Leo", "", "Unknown", ""), false},
		{"no given name", person("", "", "Berg", ""), person("", "", "Berg", ""), false},
		{"the given name in the middle name's field", person("", "Leo", "Berg", ""), person("Leo", "", "Berg", ""), true},
		{"another given name", person("Leo", "", "Berg", ""), person("Max", "", "Berg", ""), false},
	} {
		a, b := c.a.Form(), c.b.Form()
		if a.MayBe(&b) != c.want || b.MayBe(&a) != c.want {
			t.Errorf("%s: %v and %v, want %v", c.what, a.MayBe(&b), b.MayBe(&a), c.want)
		}
	}
}
