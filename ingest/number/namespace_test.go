package number

import (
	"fmt"
	"strings"
	"testing"

	"miic/internal/table"
)

// Which spellings of a feed are one organisation: capitals and blanks do not count, a name and the id that comes with
// it alone are one, and a name of two ids is neither's.
func TestSpellingsOfANamespace(t *testing.T) {
	for _, c := range []struct {
		name      string
		spellings string // with bars between them
		same      map[string]string
		groups    string // those that are one, by their places
	}{
		{"capitals and blanks", "NORTH|North|north |SOUTH", nil, "0 1 2/3"},
		{"a name and its id", "NORTH|NORTH&1.2.3&ISO|&1.2.3&ISO|1.2.3|urn:oid:1.2.3|SOUTH&1.2.4&ISO", nil, "0 1 2 3 4/5"},
		{"one local name of two", "MR&1.2.3&ISO|MR&1.2.4&ISO|MR", nil, "0/1/2"},
		{"two names of one id", "NORTH&1.2.3&ISO|NRTH&1.2.3&ISO|NRTH", nil, "0 1 2"},
		{"declared", "NORTH|Nrth|SOUTH", map[string]string{"nrth": "North"}, "0 1/2"},
		{"declared by id", "NORTH|9.8.7|SOUTH", map[string]string{"9.8.7": "NORTH"}, "0 1/2"},
		{"no id", "1.5|15", nil, "0/1"},
	} {
		list := strings.Split(c.spellings, "|")
		means := Namespaces(list, c.same)
		for i, a := range strings.Split(c.groups, "/") {
			for k, b := range strings.Split(c.groups, "/") {
				for _, x := range strings.Fields(a) {
					for _, y := range strings.Fields(b) {
						if one := means[list[x[0]-'0']] == means[list[y[0]-'0']]; one != (i == k) {
							t.Errorf("%s: %q and %q are one: %v", c.name, list[x[0]-'0'], list[y[0]-'0'], one)
						}
					}
				}
			}
		}
	}
}

// What it takes to carry anything from one record to another.
func TestAlike(t *testing.T) {
	ann := told(1, 0, 1, "Ann", "Lind", "2020-03-14", "F")
	for _, c := range []struct {
		name string
		b    Version
		want bool
	}{
		{"the same", told(1, 0, 1, "Ann", "Lind", "2020-03-14", "F"), true},
		{"spelled otherwise", told(1, 0, 1, "Anna Maria", "Lindberg-Lind", "2020-03-14", ""), true},
		{"a slip in the birth date", told(1, 0, 1, "Ann", "Lind", "2020-03-15", "F"), true},
		{"another surname", told(1, 0, 1, "Ann", "Berg", "2020-03-14", "F"), false},
		{"a twin", told(1, 0, 1, "Eva", "Lind", "2020-03-14", "F"), false},
		{"another birth date", told(1, 0, 1, "Ann", "Lind", "2014-11-30", "F"), false},
		{"a boy", told(1, 0, 1, "Ann", "Lind", "2020-03-14", "M"), false},
		{"not named yet", told(1, 0, 1, "Baby Girl", "Lind", "2020-03-14", "F"), true},
		{"not named yet, sex not known", told(1, 0, 1, "", "Lind", "2020-03-14", ""), false},
		{"not named yet, born the day after", told(1, 0, 1, "Baby Girl", "Lind", "2020-03-15", "F"), false},
		{"nobody's surname", told(1, 0, 1, "Ann", "Unknown", "2020-03-14", "F"), false},
		{"accents", told(1, 0, 1, "Änn", "Lïnd", "2020-03-14", "F"), true},
		{"no birth date", told(1, 0, 1, "Ann", "Lind", "", "F"), false},
	} {
		if Alike(&ann, &c.b) != c.want || Alike(&c.b, &ann) != c.want {
			t.Errorf("%s: alike is %v", c.name, Alike(&ann, &c.b))
		}
	}
}

// A version of one organisation, or of none, goes to the generation of its own person.
func TestSettleBetweenNamespaces(t *testing.T) {
	of := func(space string, v Version) Version { v.Namespace = space; return v }
	ann := func(g, file int32, day table.Time) Version {
		return told(g, file, day, "Ann", "Lind", "2020-03-14", "F")
	}
	twin := told(1, 2, 2, "Eva", "Lind", "2020-03-14", "F")
	for _, c := range []struct {
		name string
		all  []Version
		want string // generation and whom it follows
	}{
		{"a twin of another organisation", []Version{of("N", ann(1, 0, 1)), of("S", twin)}, "1,0 2,-1"},
		{"stored without a namespace", []Version{ann(1, 0, 1), of("N", ann(1, 1, 2)), of("S", twin)}, "1,0 1,0 2,-1"},
		{"under another name", []Version{of("N", ann(1, 0, 1)), of("M", ann(1, 1, 2))}, "1,0 1,0"},
		{"two of one name, of two", []Version{of("N", ann(1, 0, 1)), of("S", ann(2, 0, 1)), of("S", ann(1, 1, 2)),
			of("N", ann(1, 1, 3))}, "1,0 2,0 2,0 1,0"},
		{"given again by the second", []Version{of("N", ann(1, 0, 1)), of("S", told(1, 1, 2, "Bo", "Ek", "2011-01-05", "M")),
			of("S", told(1, 2, 3, "Per", "Dahl", "1999-07-07", "M"))}, "1,0 2,-1 3,2"},
		{"all but the birth date", []Version{of("N", ann(1, 0, 1)),
			of("N", told(1, 1, 2, "Bo", "Ek", "2020-03-14", "M"))}, "1,0 2,1"},
	} {
		var got []string
		for _, u := range Settle(c.all) {
			got = append(got, fmt.Sprintf("%d,%d", u.Generation, u.Follows))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

// A request's number that another family has had is another request; one that is put right is the same.
func TestRequestNumbersOfTwoFamilies(t *testing.T) {
	request := func(file int32, id, first, last, born string) Request {
		v := told(1, file, 0, first, last, born, "")
		return Request{GivenID: "f/17", RequestID: id, FirstName: first, LastName: last, BirthDate: v.BirthDate, File: file}
	}
	ann := request(0, "f/17", "Ann", "Lind", "2020-03-14")
	for _, c := range []struct {
		name string
		all  []Request
		want string
	}{
		{"the same", []Request{ann, request(1, "", "Ann", "Lind", "2020-03-14")}, ""},
		{"a surname put right", []Request{ann, request(1, "", "Ann", "Berg", "2020-03-14")}, ""},
		{"a birth date put right", []Request{ann, request(1, "", "Ann", "Lind", "2010-11-25")}, ""},
		{"without a birth date", []Request{ann, request(1, "", "Ann", "Lind", "")}, ""},
		{"another family", []Request{ann, request(1, "", "Bo", "Ek", "2011-01-05")}, "f/17~02"},
		{"another surname, no birth date", []Request{ann, request(1, "", "Ann", "Ek", "")}, "f/17~02"},
		{"a third", []Request{ann, request(0, "f/17~02", "Bo", "Ek", "2011-01-05"),
			request(1, "", "Per", "Dahl", "1999-07-07")}, "f/17~03"},
		{"the second again", []Request{ann, request(0, "f/17~02", "Bo", "Ek", "2011-01-05"),
			request(1, "", "Bo", "Ek", "2011-01-05")}, "f/17~02"},
		{"two of one night", []Request{request(1, "", "Ann", "Lind", "2020-03-14"),
			request(1, "", "Bo", "Ek", "2011-01-05")}, "f/17~02"},
	} {
		got := ""
		for _, r := range IdentifyRequests(c.all) {
			got += r.NewID
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A shifted column must not fill the page: more than a few new names are counted.
func TestManyNewNamespaces(t *testing.T) {
	list := []Spelling{{Text: "NORTH", Means: "NORTH"}}
	for i := range 40 {
		s := fmt.Sprint("X", i)
		list = append(list, Spelling{Text: s, Means: s, Tonight: true, File: "f", Line: int64(i), Known: true})
	}
	got := Changed(list)
	if last := got[len(got)-1].Text; len(got) != few+1 || !strings.Contains(last, "35 more") {
		t.Errorf("%d notes, the last: %s", len(got), last)
	}
}
