package name

import "testing"

// A newborn's words for no name, derived ones, words for unknown and test patients, each beside names that are real.
func TestPlaceholders(t *testing.T) {
	for _, c := range []struct {
		p     Person
		order int32
	}{
		{Person{First: "Baby Boy"}, 0}, {Person{First: "BabyBoyA"}, 1}, {Person{First: "BABYGIRLB"}, 2}, {Person{First: "BABY,BOY"}, 0},
		{Person{First: "B/G Hansen", Last: "Hansen"}, 0}, {Person{First: "B/B"}, 0}, {Person{First: "Bb Boy 1"}, 1}, {Person{First: "BG2"}, 2},
		{Person{First: "Lindasboy"}, 0}, {Person{First: "Lindas Girl"}, 0}, {Person{First: "Linda's Baby Boy"}, 0}, {Person{First: "1 Judysgirl"}, 1},
		{Person{First: "Karen Girl", MotherFirst: "Karen"}, 0}, {Person{First: "Karengirl", MotherFirst: "Karen"}, 0},
		{Person{First: "Newborn"}, 0}, {Person{First: "Infant Twin B"}, 2}, {Person{First: "Infant Male"}, 0}, {Person{First: "TwinB"}, 2},
		{Person{First: "BoyA"}, 1}, {Person{First: "Girl#2"}, 2}, {Person{First: "Boy Smith", Last: "Smith"}, 0},
		{Person{First: "De La Cruz Baby Girl", Last: "De la Cruz"}, 0}, {Person{First: "Hansenboy", Last: "Hansen"}, 0},
		{Person{First: "BabyBoyHansen", Last: "Hansen"}, 0}, {Person{First: "Baby Boy of Karin", MotherFirst: "Karin"}, 0},
		{Person{First: "MC2"}, 2}, {Person{First: "Newborn Girl Two"}, 2}, {Person{First: "BGirl B"}, 2},
		{Person{First: "Unknown"}, 0}, {Person{First: "unk"}, 0}, {Person{First: "N/A"}, 0}, {Person{First: "NFN"}, 0},
		{Person{First: "Anonymous"}, 0}, {Person{First: "No First Name"}, 0}, {Person{First: "John", Last: "Doe"}, 0}, {Person{First: "Doe"}, 0},
		{Person{First: "ZZTest", Last: "Larson"}, 0}, {Person{First: "Amy", Last: "ZZTEST"}, 0}, {Person{First: "Test", Last: "Patient"}, 0},
		{Person{First: "Mickey", Last: "Mouse"}, 0}, {Person{First: "Emma", Last: "Test"}, 0},
	} {
		if is, order := c.p.Given(); !is || order != c.order {
			t.Errorf("%+v: placeholder %v of order %d, want true and %d", c.p, is, order, c.order)
		}
	}
	for _, p := range []Person{{First: "Emma", Last: "Larson"}, {First: "Boyd"}, {First: "Malea"}, {First: "Twina"}, {First: "Boya"}, {First: "Son", Last: "Nguyen"},
		{First: "Annabelle", MotherFirst: "Anna"}, {First: "Thomas James"}, {First: "A"}, {First: "Christian", Last: "Child"}, {First: "McKenna"},
		{First: "Mickey", Last: "Larson"}, {First: "Jane", Last: "Larson"}, {First: "Tuesday", Last: "Testa"},
		{First: "Abby"}, {First: "Bobby"}, {First: "Ebba"}, {First: "Donald", Last: "Duckworth"}, {First: "Patience", Last: "Moe"}, {First: "Lindsay Grace"},
		{First: "Cruz Marie", Last: "De la Cruz"}, {First: "Karen Joy", MotherFirst: "Karen"}, {First: "Zoe", Last: "Xiong"}, {First: ""}} {
		if is, _ := p.Given(); is {
			t.Errorf("%+v is taken for a placeholder", p)
		}
		if p.Surname() {
			t.Errorf("the surname of %+v is taken for a placeholder", p)
		}
	}
	for _, last := range []string{"Unknown", "UNK", "NLN", "No Last Name", "Doe", "Anonymous", "zztest", "LNU", "Test"} {
		if !(Person{First: "Emma", Last: last}).Surname() {
			t.Errorf("the surname %s is taken for one", last)
		}
	}
}

// The list is asked about every name of every record: the name of a person takes no memory.
func TestARealNameTakesNoMemory(t *testing.T) {
	p := Person{First: "Katherine", Last: "Lindqvist"}
	if n := testing.AllocsPerRun(100, func() { p.Given(); p.Surname(); p.Test() }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
