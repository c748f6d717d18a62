package overlay

import (
	"testing"

	"miic/internal/table"
)

func TestBirthDatesThatContradict(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"2019-02-03", "2021-09-17", true},
		{"2019-02-03", "2019-03-24", true},
		{"2019-02-03", "2019-02-13", false}, // a digit
		{"2019-02-03", "2009-02-03", false}, // a digit
		{"2019-02-03", "1919-02-03", false}, // a century
		{"2019-02-03", "2019-03-02", false}, // day and month
		{"2019-02-03", "2018-03-02", true},  // not of one year
		{"2019-04-12", "2019-04-21", false}, // neighbouring digits
		{"2021-04-12", "2012-04-12", false}, // neighbouring digits of the year
		{"2019-04-12", "2019-05-21", true},  // three digits
		{"2019-02-28", "2019-03-07", false}, // a week out
		{"2019-02-28", "2019-03-08", true},  // eight days out
		{"2019-01-01", "2019-08-17", false}, // to the year
		{"2019-01-01", "2020-08-17", true},
		{"2019-08-01", "2019-08-27", false}, // to the month
		{"2019-08-01", "2019-09-27", true},
		{"2019-02-03", "", false},
		{"2019-02-03", "2019-02-03", false},
	} {
		var a, b BirthFacts
		a.BirthDate, _ = table.ParseDate(c.a)
		b.BirthDate, _ = table.ParseDate(c.b)
		if a.Contradicts(b) != c.want || b.Contradicts(a) != c.want {
			t.Errorf("%s and %q contradict each other: %v, want %v", c.a, c.b, a.Contradicts(b), c.want)
		}
	}
}

func TestSexesThatContradict(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"F", "M", true}, {"F", "", false}, {"F", "X", false}, {"X", "M", false}, {"F", "F", false}, {"", "", false}} {
		if a, b := (BirthFacts{Sex: c.a}), (BirthFacts{Sex: c.b}); a.Contradicts(b) != c.want || b.Contradicts(a) != c.want {
			t.Errorf("sex %q and %q contradict each other: %v, want %v", c.a, c.b, a.Contradicts(b), c.want)
		}
	}
}

func TestTurns(t *testing.T) {
	day, other := table.NewDate(2019, 2, 3), table.NewDate(2021, 9, 17)
	turns := Turns([]BirthFacts{{day, ""}, {day, "F"}, {0, ""}, {0, "M"}, {other, ""}, {day, "M"}})
	want := []Turn{
		{3, BirthFacts{day, "F"}, BirthFacts{day, "M"}}, // the version between told nothing
		{4, BirthFacts{day, "M"}, BirthFacts{other, "M"}},
		{5, BirthFacts{other, "M"}, BirthFacts{day, "M"}},
	}
	if len(turns) != len(want) {
		t.Fatalf("%d turns, want %d: %v", len(turns), len(want), turns)
	}
	for i := range want {
		if turns[i] != want[i] {
			t.Errorf("turn %d is %v, want %v", i, turns[i], want[i])
		}
	}
	there, back, first := turns[1].Evidence("s/1/1"), turns[2].Evidence("s/1/1"), turns[0].Evidence("s/1/1")
	if there != back {
		t.Error("told and told back are two questions, want one")
	}
	if there == first || there == turns[1].Evidence("s/2/1") {
		t.Error("another turn, or another record, has the same evidence")
	}
	if !IsTurn(there) || IsTurn("0123456789abcdef") {
		t.Error("the evidence of a turn is not told from that of a pair")
	}
}
