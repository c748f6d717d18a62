package visit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/forecast/visit"
)

func day(t testing.TB, text string) cdsi.Day {
	t.Helper()
	d, err := cdsi.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// setup is the built-in schedule, ready to ask.
func setup(t testing.TB) (*visit.Schedule, *cdsi.Engine) {
	t.Helper()
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	e, err := cdsi.NewEngine(s)
	if err != nil {
		t.Fatal(err)
	}
	return visit.NewSchedule(s), e
}

// A child of these cases is born on 2 March 2023. CVX: 3 MMR, 8 HepB, 10 IPV, 20 DTaP, 21 varicella, 83 HepA, 94 MMRV,
// 119 rotavirus, 133 PCV, 998 none. Observation 7 (pregnancy) contraindicates varicella vaccine, 23 is evidence of
// immunity to varicella.
const born = "2023-03-02"

// TestWhatIsDueOnAVisit: children who are each on one side of one boundary, worked out by hand from ACIP's schedule.
func TestWhatIsDueOnAVisit(t *testing.T) {
	for _, c := range []struct {
		name     string
		doses    string // CVX@day, in the order of their days
		observed string // code@day
		visit    string
		group    string
		want     string // given, allowed since, due since; empty: no row; "no visit"
	}{
		{"a day before the first birthday", "133@2024-03-01", "", "2024-03-01", "MMR", ""},
		{"on the first birthday", "133@2024-03-02", "", "2024-03-02", "MMR", "missed allowed 2024-03-02 due 2024-03-02"},
		{"a day after it", "133@2024-03-03", "", "2024-03-03", "MMR", "missed allowed 2024-03-02 due 2024-03-02"},
		{"given on the day it was due", "3@2024-03-02", "", "2024-03-02", "MMR", "given allowed 2024-03-02 due 2024-03-02"},
		{"given before it was allowed", "3@2024-03-01", "", "2024-03-01", "MMR", "given"},
		{"given in a vaccine against four diseases: MMR", "94@2024-03-02", "", "2024-03-02", "MMR", "given allowed 2024-03-02 due 2024-03-02"},
		{"given in a vaccine against four diseases: varicella", "94@2024-03-02", "", "2024-03-02", "Varicella", "given allowed 2024-03-02 due 2024-03-02"},

		{"a day younger than six weeks", "8@2023-04-12", "", "2023-04-12", "DTaP/Tdap/Td", ""},
		{"six weeks old: allowed, not due", "8@2023-04-13", "", "2023-04-13", "DTaP/Tdap/Td", "missed allowed 2023-04-13"},
		{"a day younger than two months", "8@2023-05-01", "", "2023-05-01", "DTaP/Tdap/Td", "missed allowed 2023-04-13"},
		{"two months old", "8@2023-05-02", "", "2023-05-02", "DTaP/Tdap/Td", "missed allowed 2023-04-13 due 2023-05-02"},

		{"27 days after the first dose, which was late", "20@2023-08-02 10@2023-08-29", "", "2023-08-29", "DTaP/Tdap/Td", ""},
		{"28 days after it", "20@2023-08-02 10@2023-08-30", "", "2023-08-30", "DTaP/Tdap/Td", "missed allowed 2023-08-30 due 2023-08-30"},
		{"29 days after it", "20@2023-08-02 10@2023-08-31", "", "2023-08-31", "DTaP/Tdap/Td", "missed allowed 2023-08-30 due 2023-08-30"},

		{"27 days after another live vaccine", "3@2024-03-02 133@2024-03-29", "", "2024-03-29", "Varicella", ""},
		{"28 days after it", "3@2024-03-02 133@2024-03-30", "", "2024-03-30", "Varicella", "missed allowed 2024-03-30 due 2024-03-30"},
		{"29 days after it", "3@2024-03-02 133@2024-03-31", "", "2024-03-31", "Varicella", "missed allowed 2024-03-30 due 2024-03-30"},
		{"a live vaccine of the same day is no reason to wait", "3@2024-03-02", "", "2024-03-02", "Varicella", "missed allowed 2024-03-02 due 2024-03-02"},

		{"contraindicated since the day before", "133@2024-04-10", "7@2024-04-09", "2024-04-10", "Varicella", ""},
		{"contraindicated since the day", "133@2024-04-10", "7@2024-04-10", "2024-04-10", "Varicella", ""},
		{"contraindicated since the day after", "133@2024-04-10", "7@2024-04-11", "2024-04-10", "Varicella", "missed allowed 2024-03-02 due 2024-03-02"},
		{"contraindicated, since nobody says when", "133@2024-04-10", "7@", "2024-04-10", "Varicella", ""},
		{"immune since the day before", "133@2024-04-10", "23@2024-04-09", "2024-04-10", "Varicella", ""},
		{"immune since the day after", "133@2024-04-10", "23@2024-04-11", "2024-04-10", "Varicella", "missed allowed 2024-03-02 due 2024-03-02"},

		{"hepatitis A, a day before its second dose is due", "83@2024-03-02 133@2024-09-01", "", "2024-09-01", "HepA", ""},
		{"its second dose is due", "83@2024-03-02 133@2024-09-02", "", "2024-09-02", "HepA", "missed allowed 2024-09-02 due 2024-09-02"},
		{"its second dose given on that day", "83@2024-03-02 83@2024-09-02", "", "2024-09-02", "HepA", "given allowed 2024-09-02 due 2024-09-02"},
		{"complete", "83@2024-03-02 83@2024-09-02 133@2024-09-03", "", "2024-09-03", "HepA", ""},

		{"rotavirus may be begun until 14 weeks and 6 days", "8@2023-06-14", "", "2023-06-14", "Rotavirus", "missed allowed 2023-04-13 due 2023-05-02"},
		{"at 15 weeks it is too late", "8@2023-06-15", "", "2023-06-15", "Rotavirus", ""},

		{"at birth", "8@2023-03-02", "", "2023-03-02", "HepB", "given allowed 2023-03-02 due 2023-03-02"},
		{"a dose before birth is no visit", "8@2023-03-01 8@2023-05-02", "", "2023-03-01", "HepB", "no visit"},
		{"a vaccine that the schedule does not know makes no visit", "998@2024-03-02", "", "2024-03-02", "MMR", "no visit"},
		{"but does not hide one", "133@2024-03-02 998@2024-03-02", "", "2024-03-02", "MMR", "missed allowed 2024-03-02 due 2024-03-02"},
		{"what came later is not known yet", "133@2024-03-02 3@2024-03-20", "", "2024-03-02", "MMR", "missed allowed 2024-03-02 due 2024-03-02"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, e := setup(t)
			p := cdsi.Person{Birth: day(t, born), Sex: cdsi.Female, Doses: doses(t, c.doses)}
			if code, on, ok := strings.Cut(c.observed, "@"); ok {
				n, _ := strconv.Atoi(code)
				p.Observations = []cdsi.Observation{{Code: int16(n), Date: day(t, on)}}
			}
			got, seen := "", false
			for _, n := range x.Needs(e.NewWorker(), &p, cdsi.NoDay, nil) {
				if n.Visit != day(t, c.visit) {
					continue
				}
				seen = true
				if n.Group == c.group {
					got = text(n)
				}
			}
			if !seen {
				got = "no visit"
			}
			if got != c.want {
				t.Errorf("%q, expected %q", got, c.want)
			}
		})
	}
}

func text(n visit.Need) string {
	words := []string{map[bool]string{true: "given", false: "missed"}[n.Given]}
	if n.AllowedSince != cdsi.NoDay {
		words = append(words, "allowed", n.AllowedSince.String())
	}
	if n.DueSince != cdsi.NoDay {
		words = append(words, "due", n.DueSince.String())
	}
	return strings.Join(words, " ")
}

func doses(t testing.TB, list string) (out []cdsi.Dose) {
	t.Helper()
	for _, one := range strings.Fields(list) {
		code, on, _ := strings.Cut(one, "@")
		n, err := strconv.Atoi(code)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, cdsi.Dose{CVX: int16(n), Date: day(t, on), Expiry: cdsi.NoDay})
	}
	return out
}

// TestVisitsBeginOnADay: what is before it is not worked out, but its doses are known.
func TestVisitsBeginOnADay(t *testing.T) {
	x, e := setup(t)
	p := cdsi.Person{Birth: day(t, born), Doses: doses(t, "133@2024-03-02 3@2024-03-02 133@2024-04-10")}
	for from, want := range map[string]string{"2024-03-02": "[2024-03-02 2024-04-10]", "2024-03-03": "[2024-04-10]",
		"2024-04-10": "[2024-04-10]", "2024-04-11": "[]"} {
		days := []cdsi.Day{}
		for _, n := range x.Needs(e.NewWorker(), &p, day(t, from), nil) {
			if !slices.Contains(days, n.Visit) {
				days = append(days, n.Visit)
			}
			if n.Group == "MMR" && n.DueSince != cdsi.NoDay && n.Visit == day(t, "2024-04-10") {
				t.Errorf("from %s: the first dose of MMR is due again", from)
			}
		}
		if got := fmt.Sprint(days); got != want {
			t.Errorf("from %s: visits on %s, expected %s", from, got, want)
		}
	}
}

// TestSeasonsAreTold: what calendar dates decide, the reader must know. The interval of meningococcal B changed on 25 October
// 2024; the rules of HPV and polio last changed on a day before 2023.
func TestSeasonsAreTold(t *testing.T) {
	x, _ := setup(t)
	from := day(t, "2023-01-01")
	for group, want := range map[string][2]bool{"Influenza": {true, true}, "COVID-19": {true, true}, "RSV": {true, true}, "Meningococcal B": {false, true},
		"MMR": {}, "DTaP/Tdap/Td": {}, "Rotavirus": {}, "Pneumococcal": {}, "HPV": {}, "Polio": {}} {
		if got := [2]bool{x.Seasonal(group), x.Dated(group, from)}; got != want {
			t.Errorf("%s: seasonal and dated %t, expected %t", group, got, want)
		}
	}
	if !x.Dated("Meningococcal B", day(t, "2024-10-25")) || x.Dated("Meningococcal B", day(t, "2024-10-26")) {
		t.Error("meningococcal B is dated up to the last day on which its rules change")
	}
}

// TestVisitsAreForecasts: of random people each visit is what a fresh forecaster says of them on that day, asked with the
// doses of earlier days alone. So nothing that a worker remembers from one day is believed on another.
func TestVisitsAreForecasts(t *testing.T) {
	x, e := setup(t)
	r := rand.New(rand.NewPCG(5, 1))
	cvx := []int16{3, 8, 10, 20, 21, 48, 83, 94, 115, 116, 119, 133, 150, 165, 208}
	w, rows := e.NewWorker(), 0
	for range 150 {
		p := cdsi.Person{Birth: day(t, "2020-01-01") + cdsi.Day(r.IntN(3)), Sex: cdsi.Sex(1 + r.IntN(2))}
		for range r.IntN(12) {
			p.Doses = append(p.Doses, cdsi.Dose{CVX: cvx[r.IntN(len(cvx))], Date: p.Birth + cdsi.Day(r.IntN(2200)), Expiry: cdsi.NoDay})
		}
		slices.SortFunc(p.Doses, func(a, b cdsi.Dose) int { return int(a.Date - b.Date) })
		want := map[string]string{}
		for _, d := range p.Doses {
			then := p
			then.Doses = slices.DeleteFunc(slices.Clone(p.Doses), func(o cdsi.Dose) bool { return o.Date >= d.Date })
			for _, f := range e.NewWorker().Forecast(&then, d.Date).Forecasts {
				if f.Kind == cdsi.StandardKind && f.Status == cdsi.NotComplete && f.Earliest <= d.Date {
					due := f.Recommended
					if due > d.Date {
						due = cdsi.NoDay
					}
					want[d.Date.String()+" "+f.Group] = f.Earliest.String() + " " + due.String()
				}
			}
		}
		got := map[string]string{}
		for _, n := range x.Needs(w, &p, cdsi.NoDay, nil) {
			if rows++; n.AllowedSince != cdsi.NoDay {
				got[n.Visit.String()+" "+n.Group] = n.AllowedSince.String() + " " + n.DueSince.String()
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%+v\n%v\nexpected\n%v", p, got, want)
		}
	}
	if rows < 3000 {
		t.Errorf("only %d rows were compared", rows)
	}
}
