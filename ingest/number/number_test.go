package number

import (
	"fmt"
	"testing"

	"miic/internal/table"
)

func told(generation, file int32, time table.Time, first, last, born, sex string) Version {
	d, err := table.ParseDate(born)
	if born != "" && err != nil {
		panic(err)
	}
	return Version{Sender: "s", SourceID: "1", Generation: generation, File: file, Unit: int64(file), SenderTime: time,
		FirstName: first, LastName: last, BirthDate: d, Sex: sex}
}

// A version of a number goes to whom it agrees with, else to the latest whom it does not contradict, else a
// generation begins.
func TestSettle(t *testing.T) {
	// parted by a verdict
	a, b := told(1, 0, 1, "Eva", "Ruud", "2019-02-03", "F"), told(2, 0, 2, "Eva", "Ruud", "2021-09-17", "F")
	ben := told(2, 0, 2, "Ben", "Moe", "2021-09-17", "M")
	for _, c := range []struct {
		name string
		all  []Version
		want []int32
	}{
		{"a birth date alone begins nothing", []Version{a, told(1, 1, 2, "Eva", "Ruud", "2021-09-17", "F")},
			[]int32{1, 1}},
		{"nor does a sex", []Version{a, told(1, 1, 2, "Eva", "Ruud", "2019-02-03", "M")}, []int32{1, 1}},
		{"birth date and given name do", []Version{a, told(1, 1, 2, "Ben", "Ruud", "2021-09-17", "F")}, []int32{1, 2}},
		{"the first of two is told again", []Version{a, b, told(1, 1, 3, "Eva", "Ruud", "2019-02-03", "F")},
			[]int32{1, 2, 1}},
		{"with a slip", []Version{a, b, told(1, 1, 3, "Eva", "Ruud", "2019-03-02", "F")}, []int32{1, 2, 1}},
		{"the second of two is told again", []Version{a, b, told(1, 1, 3, "Eva", "Ruud", "2021-09-17", "F")},
			[]int32{1, 2, 2}},
		{"a third birth date is the latest one's", []Version{a, b, told(1, 1, 3, "Eva", "Ruud", "2024-04-04", "F")},
			[]int32{1, 2, 2}},
		{"a correction of who does not have the number any more", []Version{a, ben, told(1, 1, 3, "Eva", "Ruud",
			"2016-05-05", "F")}, []int32{1, 2, 1}},
	} {
		var got []int32
		for _, u := range Settle(c.all) {
			got = append(got, u.Generation)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Of two versions that contradict each other the one that came tonight is told to its sender.
func TestTurned(t *testing.T) {
	a := told(1, 0, 1, "Eva", "Ruud", "2019-02-03", "F")
	for _, c := range []struct {
		name string
		all  []Version
		want string
	}{
		{"birth date", []Version{a, told(1, 7, 2, "Eva", "Ruud", "2021-09-17", "F")}, "[{7 7 true false}]"},
		{"sex", []Version{a, told(1, 7, 2, "Eva", "Ruud", "2019-02-03", "M")}, "[{7 7 false true}]"},
		{"a slip", []Version{a, told(1, 7, 2, "Eva", "Ruud", "2019-02-04", "F")}, "[]"},
		{"late", []Version{told(1, 7, 1, "Eva", "Ruud", "2021-09-17", "F"),
			told(1, 0, 2, "Eva", "Ruud", "2019-02-03", "F")}, "[{7 7 true false}]"},
		{"late, between two that agree", []Version{a, told(1, 7, 2, "Eva", "Ruud", "2019-02-03", "M"),
			told(1, 0, 3, "Eva", "Ruud", "2019-02-03", "F")}, "[{7 7 false true}]"},
		{"both before tonight", []Version{a, told(1, 0, 2, "Eva", "Ruud", "2021-09-17", "F"),
			told(1, 7, 3, "Eva", "Ruud", "2021-09-17", "F")}, "[]"},
	} {
		settled := make([]UnitGeneration, len(c.all))
		for i := range settled {
			settled[i].Generation = 1
		}
		if got := fmt.Sprint(Turned(c.all, settled)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestNumbersOfTwoPeople(t *testing.T) {
	born := func(y int) table.Date { return table.NewDate(y, 5, 5) }
	for _, c := range []struct {
		name string
		a, b Version
		want bool
	}{
		{"same person", Version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)}, false},
		{"corrected birth date", Version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2011)}, false},
		{"new name", Version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "MAJA", LastName: "KROG", BirthDate: born(2010)}, false},
		{"named at last", Version{FirstName: "BABY BOY", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "OLE", LastName: "RUUD", BirthDate: born(2010) + 1}, false},
		{"nickname", Version{FirstName: "ALEXANDER", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "Alex", LastName: "RUUD", BirthDate: born(2011)}, false},
		{"another person", Version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "OLE", LastName: "LIE", BirthDate: born(2020)}, true},
		{"a sister", Version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "MAJA", LastName: "RUUD", BirthDate: born(2013)}, true},
		{"two on one number", Version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010), Sex: "M"},
			Version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2012), Sex: "F"}, true},
		{"a corrected sex", Version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010), Sex: "M"},
			Version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010) + 9, Sex: "F"}, false},
		{"a sex told at last", Version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "KIM", LastName: "RUUD", BirthDate: born(2012), Sex: "F"}, false},
		{"a namesake", Version{FirstName: "EVA", LastName: "RUUD", BirthDate: born(2010)},
			Version{FirstName: "EVA", LastName: "KROG", BirthDate: born(2013)}, true},
	} {
		if got := contradicts(&c.a, &c.b); got != c.want {
			t.Errorf("%s: contradicts is %v", c.name, got)
		}
		if contradicts(&c.a, &c.b) != contradicts(&c.b, &c.a) {
			t.Errorf("%s: the order of the two matters", c.name)
		}
	}
}
