package main

import (
	"bytes"
	"strings"
	"testing"

	"miic/internal/testdata"
)

func TestExitCodes(t *testing.T) {
	const person = "P\ta\t2000-01-31\tF\nD\t1\t08\t\t2000-01-31\n"
	for _, c := range []struct {
		name, in string
		args     []string
		want     int
	}{
		{"done", person, []string{"-as-of", "2010-01-01"}, 0},
		{"nothing to do", "", []string{"-as-of", "2010-01-01"}, 0},
		{"no date", person, nil, 2},
		{"no such date", person, []string{"-as-of", "2010-02-30"}, 2},
		{"another argument", person, []string{"-as-of", "2010-01-01", "people.txt"}, 2},
		{"unknown flag", person, []string{"-today"}, 2},
		{"no such schedule", person, []string{"-as-of", "2010-01-01", "-schedule", "nowhere"}, 2},
		{"lines refused", person + "?\n", []string{"-as-of", "2010-01-01"}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if got := run(c.args, strings.NewReader(c.in), &out, &errs); got != c.want {
				t.Errorf("exit %d, want %d; %s", got, c.want, errs.String())
			}
			if c.want == 2 && out.Len() > 0 {
				t.Error("bad usage wrote answers")
			}
		})
	}
}

func TestWhatIsOddIsToldByName(t *testing.T) {
	var out, errs bytes.Buffer
	run([]string{"-as-of", "2010-01-01", "-corrections=false"}, strings.NewReader("P\ta\t2000-01-31\nD\t1\t08\t\t2011-01-31\n?\n"), &out, &errs)
	want := "miic-forecast: schedule=4.64 people=1 doses=1 held_back=0 rejected=1 no_birth_date=0 no_sex=1 " +
		"over_100_doses=0 doses_before_birth=0 doses_without_date=0 " +
		"doses_of_unknown_vaccine=0 doses_in_the_future=1 identical_doses=0\n"
	if errs.String() != want {
		t.Errorf("got  %swant %s", errs.String(), want)
	}
}

func TestAnotherScheduleIsRead(t *testing.T) {
	dir := testdata.Dir(t, "cdsi/supporting-data-4.64")
	var out, built, errs bytes.Buffer
	in := "P\ta\t2000-01-31\tF\nD\t1\t08\t\t2000-01-31\n"
	if code := run([]string{"-as-of", "2010-01-01", "-schedule", dir}, strings.NewReader(in), &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	if run([]string{"-as-of", "2010-01-01"}, strings.NewReader(in), &built, &errs); out.String() != built.String() {
		t.Error("the release as XML and the built-in one answer differently")
	}
}
