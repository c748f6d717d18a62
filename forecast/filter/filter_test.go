package filter

import (
	"bytes"
	"io"
	"maps"
	"strings"
	"testing"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
)

func builtin(t testing.TB) *cdsi.Engine {
	t.Helper()
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	e, err := cdsi.NewEngine(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var asOf = cdsi.MakeDay(2010, 1, 1)

func answers(t *testing.T, in string) (string, Counts) {
	t.Helper()
	var out bytes.Buffer
	counts, err := Run(builtin(t), nil, asOf, strings.NewReader(in), &out)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), counts
}

func TestAnswersStandPersonByPerson(t *testing.T) {
	out, counts := answers(t, "P\ta\t2000-01-31\tF\nD\t1\t08\tMSD\t2000-01-31\t\nP\tb\t1990-01-01\tM\tU.S.\nO\t024\n")
	if counts.People != 2 || counts.Doses != 1 || counts.Held != 0 || counts.Rejected != 0 {
		t.Errorf("counts %+v", counts)
	}
	last := ""
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		id := strings.Split(line, "\t")[1]
		if last == "b" && id == "a" {
			t.Fatal("answers of two people are mixed")
		}
		last = id
	}
	for _, want := range []string{
		"E\ta\t1\tHepB\tHepB\tValid\t\tHepB 3-dose series\t1\n",
		"F\ta\tHepB\tstandard\tNot Complete\t2\t2000-02-28\t2000-03-01\t2000-05-28\t\tHepB\t",
		"F\tb\tVaricella\tstandard\tImmune\t\t\t\t",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no line %q in\n%s", want, out)
		}
	}
}

func TestBadLinesHaveADefinedOutcome(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"dose before anybody", "D\t1\t08\t\t2000-01-31\n", "X\t1\tline belongs to no person that could be read\n"},
		{"unknown letter", "P\ta\t2000-01-31\tF\nZ\t1\n", "X\t2\tline is not one of P, D, O\n"},
		{"dose before birth", "P\ta\t2000-01-31\tF\nD\t1\t08\t\t2000-01-30\n", "H\ta\t1\tbefore birth\n"},
		{"impossible date", "P\ta\t2000-01-31\tF\nD\t1\t08\t\t2001-02-29\n", "X\t2\tno such day in the calendar\nH\ta\t1\tno dose date\n"},
		{"unknown vaccine", "P\ta\t2000-01-31\tF\nD\t1\t999\t\t2001-02-28\n", "H\ta\t1\tunknown vaccine\n"},
		{"vaccine that is no number", "P\ta\t2000-01-31\tF\nD\t1\tMMR\t\t2001-02-28\n", "X\t2\tvaccine code is not a number\nH\ta\t1\tunknown vaccine\n"},
		{"no birth date", "P\ta\t\tF\nD\t1\t08\t\t2001-02-28\n", "H\ta\t\tno birth date\n"},
		{"no sex", "P\ta\t2000-01-31\n", "F\ta\tHPV\tstandard\t"},
		{"odd sex", "P\ta\t2000-01-31\tX\n", "X\t1\tsex is not F, M or U; taken as unknown\n"},
		{"long line", "P\ta\t2000-01-31\tF\t" + strings.Repeat("x", 200_000) + "\nP\tb\t2000-01-31\tF\n", "X\t1\tline is too long\n"},
		{"identical doses", "P\ta\t2000-01-31\tF\nD\t1\t03\t\t2001-03-01\nD\t2\t03\t\t2001-03-01\n", "E\ta\t2\tMeasles\tMMR\tNot Valid\ttoo soon\t"},
		{"bad lot", "P\ta\t2000-01-31\tF\nD\t1\t03\t\t2001-03-01\tcondition,expiry=2001-02-01\n", "E\ta\t1\tMeasles\tMMR\tSub-standard\tlot expired,dose condition\t"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out, _ := answers(t, c.in); !strings.Contains(out, c.want) {
				t.Errorf("no %q in\n%.2000s", c.want, out)
			}
		})
	}
}

// What is odd is counted by name; TestOddPeopleAndDosesAreCounted of package forecast has the same names and figures
// for a night.
func TestOddInputIsCounted(t *testing.T) {
	_, counts := answers(
		t, "P\ta\t2000-01-31\tF\nD\t1\t03\t\t2001-03-01\nD\t2\t08\t\t2001-03-01\nD\t3\t03\t\t2001-03-01\nD\t4\t08\t\t2000-01-30\nD\t5\t999\t\t2001-03-01\nD\t6\t08\t\t2010-01-02\nD\t7\t08\n"+
			"P\tb\t2000-01-31\nP\tc\t\tF\nD\t8\t03\t\t2010-01-02\nP\td\t2000-01-31\tX\nP\te\t2000-01-32\tF\n")
	got := maps.Collect(counts.All())
	want := map[string]int64{"people": 3, "doses": 7, "held_back": 5, "rejected": 2, "no_birth_date": 2, "no_sex": 2,
		"over_100_doses": 0, "doses_before_birth": 1, "doses_without_date": 1,
		"doses_of_unknown_vaccine": 1, "doses_in_the_future": 1, "identical_doses": 1}
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestFourHundredDoses(t *testing.T) {
	in := "P\ta\t2000-01-31\tF\n" + strings.Repeat("D\tx\t03\t\t2001-03-01\n", 400)
	out, counts := answers(t, in)
	if n := strings.Count(out, "E\t"); n != 1200 || counts.Doses != 400 {
		t.Errorf("%d evaluations of %d doses, want three each of 400", n, counts.Doses)
	}
	got := maps.Collect(counts.All())
	if got["over_100_doses"] != 1 || got["identical_doses"] != 399 {
		t.Errorf("counts %v", got)
	}
}

// A host that writes a person and waits gets the answer as soon as the next person begins.
func TestAnswerComesBeforeTheNextPersonIsRead(t *testing.T) {
	in, hostIn := io.Pipe()
	hostOut, out := io.Pipe()
	go func() {
		_, err := Run(builtin(t), nil, asOf, in, out)
		out.CloseWithError(err)
	}()
	go io.WriteString(hostIn, "P\ta\t2000-01-31\tF\nP\tb\t2000-01-31\tF\n")
	buf := make([]byte, 4)
	if _, err := io.ReadFull(hostOut, buf); err != nil || string(buf) != "F\ta\t" {
		t.Fatalf("read %q, %v", buf, err)
	}
	go io.Copy(io.Discard, hostOut)
	hostIn.Close()
}

func FuzzRun(f *testing.F) {
	f.Add("P\ta\t2000-01-31\tF\tU.S.\nD\t1\t08\tMSD\t2000-01-31\tcondition,expiry=2001-01-01,product=X\nO\t007\t2001-01-01\n")
	f.Add("P\ta\t0000-01-01\nD\t1\t03\t\t9999-12-31\n\nP\n")
	e := builtin(f)
	f.Fuzz(func(t *testing.T, in string) {
		var out bytes.Buffer
		counts, err := Run(e, nil, asOf, strings.NewReader(in), &out)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count("\n"+out.String(), "\nX\t"); n != counts.Rejected {
			t.Errorf("%d lines refused, %d counted", n, counts.Rejected)
		}
		if n := strings.Count("\n"+out.String(), "\nH\t"); n != counts.Held {
			t.Errorf("%d held back, %d counted", n, counts.Held)
		}
	})
}

// A person's line that cannot be read must not leave that person's doses to the one before.
func TestDosesOfAnUnreadPersonAreNobodys(t *testing.T) {
	for _, bad := range []string{"p\t2\t2020-05-04\tF", "P\t2\t" + strings.Repeat("9", maxLine)} {
		var out strings.Builder
		in := "P\t1\t2020-05-04\tF\nD\ta\t110\t\t2020-07-06\n" + bad +
			"\nD\tb\t110\t\t2020-07-06\nP\t3\t2020-05-04\tF\nD\tc\t110\t\t2020-07-06\n"
		counts, err := Run(builtin(t), nil, cdsi.MakeDay(2024, 6, 1), strings.NewReader(in), &out)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "\tb\t") || !strings.Contains(out.String(), "E\t1\ta\t") ||
			!strings.Contains(out.String(), "E\t3\tc\t") {
			t.Errorf("answers:\n%s", out.String())
		}
		if counts.People != 2 || counts.Rejected != 2 {
			t.Errorf("counts %+v", counts)
		}
	}
}
