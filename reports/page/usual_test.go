package page

import (
	"testing"
)

func TestUsual(t *testing.T) {
	week := []int64{100, 104, 98, 102, 30, 28, 101} // two days at the weekend
	for _, c := range []struct {
		name    string
		tonight int64
		before  []int64
		want    usual
	}{
		{"no night before", 7, nil, usual{}},
		{"too few to say", 900, []int64{10, 12}, usual{Median: 12, Known: true}},
		{"as ever", 103, week, usual{Median: 100, Known: true}},
		{"a weekend", 29, week, usual{Median: 100, Known: true}},
		{"nothing on a weekend", 0, week, usual{Median: 100, Known: true, Far: true}},
		{"twice as much", 200, week, usual{Median: 100, Known: true, Far: true}},
		{"one odd night before does not hide another", 1000, append([]int64{1000}, week...),
			usual{Median: 101, Known: true, Far: true}},
		{"small numbers vary", 9, []int64{1, 0, 2, 1, 0, 1}, usual{Median: 1, Known: true}},
	} {
		if got := usualOf(c.tonight, c.before); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// A night without a row of a figure had none of it, and what no night had is not shown.
func TestFiguresAreCompared(t *testing.T) {
	var rows []nightFigure
	for night := int64(1); night <= 6; night++ {
		rows = append(rows, nightFigure{night, "files", 10}, nightFigure{night, "units_read", 1000})
	}
	rows = append(rows, nightFigure{3, "merged", 90}, nightFigure{7, "files", 10}, nightFigure{7, "units_read", 2500})
	got := compare(rows, 7)
	want := []compared{
		{"files that came", "", 10, usual{10, true, false}},
		{"lines or messages read", "", 2500, usual{1000, true, true}},
		{"people merged into another", "two numbers turned out to be one person's", 0, usual{0, true, false}},
	}
	if len(got) != len(want) {
		t.Fatalf("%d figures: %+v", len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
