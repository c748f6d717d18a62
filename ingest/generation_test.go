package ingest

import (
	"fmt"
	"testing"

	"miic/internal/table"
)

func told(generation, file int32, time table.Time, first, last, born, sex string) version {
	d, err := table.ParseDate(born)
	if born != "" && err != nil {
		panic(err)
	}
	return version{Sender: "s", SourceID: "1", Generation: generation, File: file, Unit: int64(file), SenderTime: time,
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
		all  []version
		want []int32
	}{
		{"a birth date alone begins nothing", []version{a, told(1, 1, 2, "Eva", "Ruud", "2021-09-17", "F")},
			[]int32{1, 1}},
		{"nor does a sex", []version{a, told(1, 1, 2, "Eva", "Ruud", "2019-02-03", "M")}, []int32{1, 1}},
		{"birth date and given name do", []version{a, told(1, 1, 2, "Ben", "Ruud", "2021-09-17", "F")}, []int32{1, 2}},
		{"the first of two is told again", []version{a, b, told(1, 1, 3, "Eva", "Ruud", "2019-02-03", "F")},
			[]int32{1, 2, 1}},
		{"with a slip", []version{a, b, told(1, 1, 3, "Eva", "Ruud", "2019-03-02", "F")}, []int32{1, 2, 1}},
		{"the second of two is told again", []version{a, b, told(1, 1, 3, "Eva", "Ruud", "2021-09-17", "F")},
			[]int32{1, 2, 2}},
		{"a third birth date is the latest one's", []version{a, b, told(1, 1, 3, "Eva", "Ruud", "2024-04-04", "F")},
			[]int32{1, 2, 2}},
		{"a correction of who does not have the number any more", []version{a, ben, told(1, 1, 3, "Eva", "Ruud",
			"2016-05-05", "F")}, []int32{1, 2, 1}},
	} {
		if got := settle(c.all); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Of two versions that contradict each other the one that came tonight is told to its sender.
func TestTurned(t *testing.T) {
	a := told(1, 0, 1, "Eva", "Ruud", "2019-02-03", "F")
	for _, c := range []struct {
		name string
		all  []version
		want string
	}{
		{"birth date", []version{a, told(1, 7, 2, "Eva", "Ruud", "2021-09-17", "F")}, "[{7 7 true false}]"},
		{"sex", []version{a, told(1, 7, 2, "Eva", "Ruud", "2019-02-03", "M")}, "[{7 7 false true}]"},
		{"a slip", []version{a, told(1, 7, 2, "Eva", "Ruud", "2019-02-04", "F")}, "[]"},
		{"late", []version{told(1, 7, 1, "Eva", "Ruud", "2021-09-17", "F"),
			told(1, 0, 2, "Eva", "Ruud", "2019-02-03", "F")}, "[{7 7 true false}]"},
		{"late, between two that agree", []version{a, told(1, 7, 2, "Eva", "Ruud", "2019-02-03", "M"),
			told(1, 0, 3, "Eva", "Ruud", "2019-02-03", "F")}, "[{7 7 false true}]"},
		{"both before tonight", []version{a, told(1, 0, 2, "Eva", "Ruud", "2021-09-17", "F"),
			told(1, 7, 3, "Eva", "Ruud", "2021-09-17", "F")}, "[]"},
	} {
		generation := make([]int32, len(c.all))
		for i := range generation {
			generation[i] = 1
		}
		if got := fmt.Sprint(turned(c.all, generation)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
