package cluster_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"miic/internal/table"
	"miic/linkage/cluster"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// person is one record of a lake of a few: what a test does not give is not known.
type person struct {
	sender, first, middle, last, born, sex, street, zip, phone, motherFirst, motherMaiden, ssn, multiple string
	given                                                                                                string // day:CVX, joined by a bar
	order                                                                                                int32  // in a multiple birth
}

// lake links records that are alone in a state of a million, as a night would, and returns the persons and the number
// of pairs of persons that are asked about.
func lake(t *testing.T, list []person) (persons [][]int32, asked int) {
	t.Helper()
	model := match.Default()
	var records []table.StandardRecord
	writer := standard.New(model.Keys())
	for i, p := range list {
		born, err := table.ParseDate(p.born)
		if err != nil {
			t.Fatal(err)
		}
		sender := p.sender
		if sender == "" {
			sender = "clinic"
		}
		r := writer.Standardise(&table.ClientRecord{RecordID: fmt.Sprintf("%s/%05d/1", sender, i), Sender: sender,
			FirstName: p.first, MiddleName: p.middle, LastName: p.last, BirthDate: born, Sex: p.sex, Address1: p.street,
			ZIP: p.zip, Phone: p.phone, MotherFirst: p.motherFirst, MotherMaiden: p.motherMaiden, SSN: p.ssn,
			MultipleBirth: p.multiple, BirthOrder: p.order}, standard.Clinic, "")
		r.Given = p.given
		var days []string
		for dose := range strings.SplitSeq(p.given, "|") {
			if day, _, ok := strings.Cut(dose, ":"); ok {
				days = append(days, day)
			}
		}
		r.Doses = strings.Join(days, "|")
		records = append(records, r)
	}
	m := match.New(model)
	m.Population = 1_000_000
	if err := m.LoadAll(records); err != nil {
		t.Fatal(err)
	}
	r, err := cluster.LinkLoaded(context.Background(), m, false, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	of := map[int32]int{}
	for k, g := range r.Persons {
		for _, i := range g {
			of[i] = k
		}
	}
	pairs := map[[2]int]bool{}
	for _, e := range r.Edges {
		t.Logf("%d %d: %.1f bits, %s, %s", e.L, e.R, e.Weight, e.Vector.Text(len(model.Comparisons)), model.HoldNames(e.Firm))
		if a, b := of[e.L], of[e.R]; a != b && e.Weight >= model.Thresholds.Review {
			pairs[[2]int{min(a, b), max(a, b)}] = true
		}
	}
	return r.Persons, len(pairs)
}

// TestStrangersStayApart is item 4: who shares a name, a birth date or a town with somebody else is not taken for them,
// however few records have come; and who is one person still is.
func TestStrangersStayApart(t *testing.T) {
	const school = "2025-09-15:141"
	common := person{first: "James", last: "Johnson", born: "2014-03-09", sex: "M"}
	at := func(p person, street, zip, phone string) person {
		p.street, p.zip, p.phone = street, zip, phone
		return p
	}
	with := func(p person, change func(*person)) person {
		change(&p)
		return p
	}
	var six []person
	for i, p := range [][3]string{{"Nora", "Lindqvist", "Abdi"}, {"Owen", "Castellano", "Vang"}, {"Ruth", "Novak", "Eze"},
		{"Felix", "Moreau", "Thao"}, {"Clara", "Hightower", "Ruiz"}, {"Jonas", "Baptiste", "Koskinen"}} {
		for k, last := range p[1:] {
			sex := "F"
			if i%2 == 1 {
				sex = "M"
			}
			six = append(six, person{first: p[0], last: last, born: fmt.Sprintf("20%d-0%d-1%d", 11+i, 2+i, i), sex: sex,
				street: fmt.Sprintf("%d %s Rd", 100+37*i+500*k, []string{"Birch", "Harbor"}[k]), zip: "55901", given: school})
		}
	}
	var refugees, forty []person
	for i := range 5 {
		refugees = append(refugees, person{first: "Mohamed", last: "Ali", born: "2009-01-01", sex: "M",
			street: fmt.Sprintf("%d Cedar Ave", 200+i), zip: fmt.Sprintf("5540%d", i), phone: fmt.Sprintf("612%d55%d%d31", 3+i, 9-i, 2*i)})
	}
	for i := range 40 {
		forty = append(forty, person{first: "Xiomara", last: "Qvistgaard", born: "2012-05-20", sex: "F",
			street: fmt.Sprintf("%d Elm St", 10+i), zip: fmt.Sprintf("55%03d", 100+i)})
	}
	home := at(common, "41 Pine St", "55102", "6515550147")
	elsewhere := at(common, "905 Lake Rd", "56303", "3205550188")
	for _, tc := range []struct {
		name    string
		list    []person
		persons int
		asked   bool // somebody is asked; false: nobody need be, or it does not matter
	}{
		{"six pairs of one given name, birth date and ZIP", six, 12, false},
		{"one very common name at one clinic", []person{home, elsewhere}, 2, false},
		{"the same at two clinics", []person{home, with(elsewhere, func(p *person) { p.sender = "other" })}, 2, true},
		{"five of one common name born on 1 January", refugees, 5, false},
		{"two of them with phones one digit apart", []person{
			with(refugees[0], func(p *person) { p.phone = "6125552731" }),
			with(refugees[1], func(p *person) { p.phone = "6125553731" })}, 2, false},
		{"five more, of five clinics", func() []person {
			list := append([]person(nil), refugees...)
			for i := range list {
				list[i].sender = fmt.Sprintf("clinic-%d", i)
			}
			return list
		}(), 5, false},
		{"one name and two sexes at one clinic", []person{home, with(elsewhere, func(p *person) { p.sex = "F" })}, 2, false},
		{"the same at one address", []person{home, with(home, func(p *person) { p.sex = "F" })}, 2, true},
		{"forty of one name", forty, 40, true},
		{"one vaccine of one clinic on one day, under two numbers", []person{
			with(home, func(p *person) { p.given = school }), with(home, func(p *person) { p.given = school })}, 2, true},
		{"classmates of two days, with another surname and address", []person{
			{sender: "a", first: "Ella", last: "Sundberg", born: "2013-06-02", sex: "F", street: "12 Oak Ln", zip: "55720",
				given: "2024-09-15:141|2025-09-16:141"},
			{sender: "b", first: "Ella", last: "Marchetti", born: "2013-06-02", sex: "F", street: "77 Mill Dr", zip: "55720",
				given: "2024-09-15:141|2025-09-16:141"}}, 2, false},
		{"social security numbers one digit apart", []person{
			{sender: "a", first: "Ella", last: "Sundberg", born: "2013-06-02", sex: "F", ssn: "473829106", zip: "55720"},
			{sender: "b", first: "Ella", last: "Marchetti", born: "2013-06-02", sex: "F", ssn: "473829107", zip: "55720"}}, 2, false},
		{"brothers with numbers one digit apart", []person{
			with(home, func(p *person) { p.sender, p.ssn = "a", "473829106" }),
			with(home, func(p *person) { p.sender, p.ssn, p.first = "b", "473829107", "Marcus" })}, 2, false},

		{"one person at two clinics", []person{home, with(home, func(p *person) { p.sender = "other" })}, 1, false},
		{"one person who got another number", []person{home, home}, 1, false},
		{"one person who moved and kept the phone", []person{home,
			with(elsewhere, func(p *person) { p.sender, p.phone = "other", home.phone })}, 1, false},
		{"one person with equal social security numbers", []person{
			{sender: "a", first: "Ella", last: "Sundberg", born: "2013-06-02", sex: "F", ssn: "473829106", zip: "55720"},
			{sender: "b", first: "Ella", last: "Marchetti", born: "2013-06-02", sex: "F", ssn: "473829106", zip: "55720"}}, 1, false},
		{"one person born on 1 January at one address", []person{refugees[0],
			with(refugees[0], func(p *person) { p.sender = "other" })}, 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			persons, asked := lake(t, tc.list)
			if len(persons) != tc.persons || tc.asked && asked == 0 {
				t.Errorf("%d records are %d persons, want %d; %d pairs are asked about %v", len(tc.list), len(persons),
					tc.persons, asked, persons)
			}
		})
	}
}

// TestNewbornsWithoutAName is item 5: a record without a given name is linked only by an exact number, or as the only
// newborn of its mother; twins and doubtful ones are asked about.
func TestNewbornsWithoutAName(t *testing.T) {
	baby := person{sender: "hospital", first: "Babyboy", last: "Okonkwo", born: "2026-01-17", sex: "M", street: "8 Fern Ct",
		zip: "55901", phone: "5075550123", motherFirst: "Adaeze", motherMaiden: "Nwosu"}
	named := func(first, sender string) person {
		p := baby
		p.first, p.sender = first, sender
		return p
	}
	without := func(p person, change func(*person)) person {
		change(&p)
		return p
	}
	twin := func(p person, order int32) person {
		p.multiple, p.order = "Y", order
		return p
	}
	unnamed := without(baby, func(p *person) { p.motherFirst, p.motherMaiden, p.phone = "", "", "" })
	single := without(named("Chidi", "clinic"), func(p *person) { p.multiple = "N" })
	for _, tc := range []struct {
		name    string
		list    []person
		persons int
		asked   bool
	}{
		{"no mother, one home, a single birth on one side", []person{unnamed, single}, 1, false},
		{"no mother, by the mother's surname", []person{
			without(unnamed, func(p *person) { p.last = "Nwosu" }), single}, 1, false},
		{"no mother, another surname", []person{without(unnamed, func(p *person) { p.last = "Lindgren" }), single}, 2, false},
		{"no mother, another child born there", []person{unnamed, single,
			without(named("Ingrid", "plan"), func(p *person) { p.last, p.motherFirst, p.motherMaiden = "Okonkwo", "", "" })}, 3, true},
		{"no mother, another home", []person{unnamed,
			without(single, func(p *person) { p.street, p.zip = "2 Bay St", "56301" })}, 2, false},
		{"the only child", []person{baby, named("Chidi", "clinic")}, 1, false},
		{"the only child of several records", []person{baby, named("Chidi", "clinic"), named("Chidi", "plan")}, 1, false},
		{"by phone, after a move", []person{baby,
			without(named("Chidi", "clinic"), func(p *person) { p.street, p.zip = "310 Vine St", "55401" })}, 1, false},
		{"two children of one birth", []person{baby, named("Chidi", "clinic"), named("Emeka", "clinic")}, 3, true},
		{"two newborns of one hospital and one child", []person{baby, baby, named("Chidi", "clinic")}, 3, true},
		{"one of a multiple birth", []person{without(baby, func(p *person) { p.multiple = "Y" }), named("Chidi", "clinic")}, 2, false},
		{"another mother", []person{baby, without(named("Chidi", "clinic"), func(p *person) { p.motherFirst = "Ingrid" })}, 2, false},
		{"the mother is not known", []person{baby,
			without(named("Chidi", "clinic"), func(p *person) { p.motherFirst, p.motherMaiden = "", "" })}, 2, true},
		{"neither address nor phone", []person{baby,
			without(named("Chidi", "clinic"), func(p *person) { p.street, p.zip, p.phone = "2 Bay St", "56301", "2185550199" })}, 2, false},
		{"an exact number", []person{without(baby, func(p *person) { p.ssn, p.street = "512837465", "" }),
			without(named("Chidi", "clinic"), func(p *person) { p.ssn, p.motherFirst = "512837465", "" })}, 1, false},
		{"the mother in one record of the child, the home in another", []person{
			without(baby, func(p *person) { p.street, p.zip, p.multiple = "", "", "N" }),
			without(named("Chidi", "certificate"), func(p *person) { p.phone, p.multiple = "", "N" }),
			without(named("Chidi", "clinic"), func(p *person) { p.motherFirst, p.motherMaiden = "", "" })}, 1, false},
		{"the mother in a record of the child, and no home", []person{
			without(baby, func(p *person) { p.street, p.zip, p.phone, p.multiple = "", "", "", "N" }),
			without(named("Chidi", "certificate"), func(p *person) { p.phone, p.multiple = "", "N" })}, 2, true},
		{"the sex is not known, a single birth", []person{without(baby, func(p *person) { p.sex = "" }), single}, 1, false},
		{"the sex is not known, nor whether it was a single birth", []person{
			without(baby, func(p *person) { p.sex = "" }), named("Chidi", "clinic")}, 2, false},
		{"twins by their order", []person{twin(baby, 2), twin(named("Chidi", "registrar"), 1), twin(named("Emeka", "registrar"), 2)}, 2, false},
		{"twins by their order, no mother", []person{
			twin(unnamed, 2), twin(named("Chidi", "registrar"), 1), twin(named("Emeka", "registrar"), 2)}, 2, false},
		{"twins, no order at the hospital", []person{twin(baby, 0), twin(named("Chidi", "registrar"), 1), twin(named("Emeka", "registrar"), 2)}, 3, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			persons, asked := lake(t, tc.list)
			if len(persons) != tc.persons || tc.asked && asked == 0 {
				t.Errorf("%d records are %d persons, want %d; %d pairs are asked about", len(tc.list), len(persons),
					tc.persons, asked)
			}
		})
	}
}
