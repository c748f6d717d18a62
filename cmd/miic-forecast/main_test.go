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

// Item 9: as of a day after the last season the filter says on standard error which has run out and since when, before
// the line of figures, and marks what it assumes.
func TestASeasonThatHasRunOutIsOnStandardError(t *testing.T) {
	var out, errs bytes.Buffer
	people := "P\tbaby\t2026-04-10\tM\tUSA\nP\tschool\t2017-09-30\tF\tUSA\nD\td\t140\t\t2025-10-08\nP\told\t1948-01-02\tF\tUSA\n"
	if code := run([]string{"-as-of", "2026-12-15"}, strings.NewReader(people), &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
	if !strings.HasPrefix(lines[len(lines)-1], "miic-forecast: schedule=4.64") || !strings.Contains(lines[len(lines)-1], " people=3 ") {
		t.Errorf("the figures are not the last line: %q", lines)
	}
	for _, want := range []string{"season over: Influenza: ", "since 2026-07-01; 2026-07-01 to 2027-06-30 is assumed",
		"season over: COVID-19: ", "a year old since 2026-08-27", "season over: RSV "} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("standard error does not say %q: %s", want, errs.String())
		}
	}
	for _, id := range []string{"baby", "school", "old"} {
		for group, want := range map[string]string{"Influenza": "\tassumed", "COVID-19": "\tUnknown\t", "RSV": "\tRSV\tstandard\t"} {
			i := strings.Index(out.String(), "F\t"+id+"\t"+group+"\tstandard\t")
			if i < 0 {
				t.Errorf("%s: no row of %s", id, group)
				continue
			}
			row, _, _ := strings.Cut(out.String()[i:], "\n")
			if !strings.Contains(row, want) || strings.Contains(row, "Not Recommended") {
				t.Errorf("%s: %s", group, row)
			}
		}
	}
	errs.Reset()
	run([]string{"-as-of", "2026-01-15"}, strings.NewReader(people), &out, &errs)
	if strings.Contains(errs.String(), "season over") {
		t.Errorf("within the seasons: %s", errs.String())
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
