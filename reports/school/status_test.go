package school

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"

	"miic/internal/table"
)

// builtinLaws are read once for all tests.
var builtinLaws = sync.OnceValues(func() (Laws, error) { return Load("") })

func day(t *testing.T, s string) table.Date {
	t.Helper()
	d, err := table.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// dosesOf reads doses: "2021-03-01:20 2021-05-01:20".
func dosesOf(t *testing.T, text string) []Dose {
	t.Helper()
	var list []Dose
	for _, word := range strings.Fields(text) {
		on, code, _ := strings.Cut(word, ":")
		cvx, err := strconv.ParseInt(code, 10, 16)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, Dose{On: day(t, on), CVX: int16(cvx)})
	}
	return list
}

// verdict judges one child, by the built-in law of Minnesota for a place.
func verdict(t *testing.T, place, vaccine string, s Student, doses string, evidence []Evidence, on string) Verdict {
	t.Helper()
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range laws.For("MN", place).Judge(&s, true, dosesOf(t, doses), evidence, day(t, on)) {
		if v.Vaccine == vaccine {
			return v
		}
	}
	t.Fatalf("no verdict on %s", vaccine)
	return Verdict{}
}

// Each row has a child on one side of a boundary of the law's table, the next one a child on its other side. All are
// judged on 2026-03-02, and enrolled on 2025-09-02, so that nobody's time in progress is over.
func TestBoundariesOfTheSchoolTable(t *testing.T) {
	const (
		five      = "2020-06-15" // five years old: born 2020-06-15, four on 2024-06-15
		eight     = "2018-01-10" // eight years old
		twelve    = "2013-05-20" // twelve years old
		seventeen = "2008-04-01" // seventeen years old, sixteen on 2024-04-01
	)
	for _, c := range []struct {
		name, grade, born, vaccine, doses string
		want                              Status
	}{
		// Kindergarten: 5 DTaP, 4 if the 4th is on or after the 4th birthday.
		{"K, five DTaP, all before four", "K", five, "DTaP", "2020-08-15:20 2020-10-15:20 2020-12-15:20 2021-12-15:20 2024-05-01:20", Complete},
		{"K, four DTaP, the last the day before four", "K", five, "DTaP", "2020-08-15:20 2020-10-15:20 2020-12-15:20 2024-06-14:20", InProgress},
		{"K, four DTaP, the last on the birthday", "K", five, "DTaP", "2020-08-15:20 2020-10-15:20 2020-12-15:20 2024-06-15:20", Complete},
		{"K, three DTaP, the last after four", "K", five, "DTaP", "2020-08-15:20 2020-10-15:20 2024-06-15:20", InProgress},
		{"K, no DTaP", "K", five, "DTaP", "", Overdue},
		{"K, four DTaP of products with others", "K", five, "DTaP", "2020-08-15:110 2020-10-15:120 2020-12-15:146 2024-06-15:130", Complete},
		{"K, the fourth is Td", "K", five, "DTaP", "2020-08-15:20 2020-10-15:20 2020-12-15:20 2024-06-15:113", InProgress},
		// 4 polio, 3 if the 3rd is on or after the 4th birthday.
		{"K, four polio, all before four", "K", five, "Polio", "2020-08-15:10 2020-10-15:10 2020-12-15:10 2021-12-15:10", Complete},
		{"K, three polio, the last the day before four", "K", five, "Polio", "2020-08-15:10 2020-10-15:10 2024-06-14:10", InProgress},
		{"K, three polio, the last on the birthday", "K", five, "Polio", "2020-08-15:10 2020-10-15:10 2024-06-15:10", Complete},
		{"K, two polio", "K", five, "Polio", "2020-08-15:10 2024-06-15:10", InProgress},
		// 2 MMR, from 12 months less four days, four weeks apart less four days.
		{"K, one MMR", "K", five, "MMR", "2021-06-15:3", InProgress},
		{"K, two MMR", "K", five, "MMR", "2021-06-15:3 2024-06-15:94", Complete},
		{"K, two MMR, the first four days before one", "K", five, "MMR", "2021-06-11:3 2024-06-15:3", Complete},
		{"K, two MMR, the first five days before one", "K", five, "MMR", "2021-06-10:3 2024-06-15:3", InProgress},
		{"K, two MMR, 24 days apart", "K", five, "MMR", "2021-06-15:3 2021-07-09:3", Complete},
		{"K, two MMR, 23 days apart", "K", five, "MMR", "2021-06-15:3 2021-07-08:3", InProgress},
		// 3 hepatitis B.
		{"K, two HepB", "K", five, "HepB", "2020-06-15:8 2020-08-15:8", InProgress},
		{"K, three HepB", "K", five, "HepB", "2020-06-15:8 2020-08-15:8 2020-12-15:110", Complete},
		// 2 varicella.
		{"K, one varicella", "K", five, "Varicella", "2021-06-15:21", InProgress},
		{"K, two varicella", "K", five, "Varicella", "2021-06-15:21 2024-06-15:94", Complete},
		{"K, no meningococcal", "K", five, "MenACWY", "", NotRequired},
		{"K, no Tdap", "K", five, "Tdap", "", NotRequired},

		// Grades 1 to 6: six and younger as in kindergarten, from seven on 3 tetanus and diphtheria, pertussis not asked.
		{"grade 1, the day before seven, four DTaP before four", "1", "2019-03-03", "DTaP", "2019-05-03:20 2019-07-03:20 2019-09-03:20 2020-09-03:20", InProgress},
		{"grade 1, seven today, DTaP", "1", "2019-03-02", "DTaP", "2019-05-03:20 2019-07-03:20 2019-09-03:20 2020-09-03:20", NotRequired},
		{"grade 1, seven today, three of tetanus", "1", "2019-03-02", "Td", "2019-05-03:20 2019-07-03:20 2019-09-03:20", Complete},
		{"grade 1, the day before seven, Td", "1", "2019-03-03", "Td", "2019-05-03:20", NotRequired},
		{"kindergarten at seven", "K", "2019-03-02", "DTaP", "", NotRequired},
		{"grade 3, two of tetanus", "3", eight, "Td", "2018-03-10:20 2018-05-10:20", InProgress},
		{"grade 3, three of tetanus, the last Td", "3", eight, "Td", "2018-03-10:20 2018-05-10:28 2025-05-10:113", Complete},
		{"grade 3, two polio", "3", eight, "Polio", "2018-03-10:10 2018-05-10:10", InProgress},
		{"grade 3, three polio, none after four", "3", eight, "Polio", "2018-03-10:10 2018-05-10:10 2018-07-10:10", Complete},
		{"grade 3, one MMR", "3", eight, "MMR", "2019-01-10:3", InProgress},
		{"grade 3, two MMR", "3", eight, "MMR", "2019-01-10:3 2022-01-10:3", Complete},
		{"grade 3, two HepB", "3", eight, "HepB", "2018-01-10:8 2018-03-10:8", InProgress},
		{"grade 3, three HepB", "3", eight, "HepB", "2018-01-10:8 2018-03-10:8 2018-07-10:8", Complete},
		{"grade 3, one varicella", "3", eight, "Varicella", "2019-01-10:21", InProgress},
		{"grade 3, two varicella", "3", eight, "Varicella", "2019-01-10:21 2022-01-10:21", Complete},
		{"grade 6, no Tdap", "6", twelve, "Tdap", "", NotRequired},

		// Grades 7 to 12: 3 of tetanus and diphtheria, and a Tdap at seven years or later.
		{"grade 7, no Tdap", "7", twelve, "Tdap", "2013-07-20:20", Overdue},
		{"grade 7, Tdap at eleven", "7", twelve, "Tdap", "2024-05-20:115", Complete},
		{"grade 7, Tdap on the seventh birthday", "7", twelve, "Tdap", "2020-05-20:115", Complete},
		{"grade 7, Tdap four days before seven", "7", twelve, "Tdap", "2020-05-16:115", Complete},
		{"grade 7, Tdap five days before seven", "7", twelve, "Tdap", "2020-05-15:115", Overdue},
		{"grade 7, Td instead", "7", twelve, "Tdap", "2024-05-20:113", Overdue},
		{"grade 7, two of tetanus with the Tdap", "7", twelve, "Td", "2013-07-20:20 2024-05-20:115", InProgress},
		{"grade 7, three of tetanus with the Tdap", "7", twelve, "Td", "2013-07-20:20 2013-09-20:20 2024-05-20:115", Complete},
		{"grade 7, two polio", "7", twelve, "Polio", "2013-07-20:10 2013-09-20:10", InProgress},
		{"grade 7, three polio", "7", twelve, "Polio", "2013-07-20:10 2013-09-20:10 2013-11-20:10", Complete},
		{"grade 12, the day before eighteen, no polio", "12", "2008-03-03", "Polio", "", Overdue},
		{"grade 12, eighteen today, no polio", "12", "2008-03-02", "Polio", "", NotRequired},
		{"grade 7, one MMR", "7", twelve, "MMR", "2014-05-20:3", InProgress},
		{"grade 7, two MMR", "7", twelve, "MMR", "2014-05-20:3 2018-05-20:3", Complete},
		{"grade 7, two varicella", "7", twelve, "Varicella", "2014-05-20:21 2018-05-20:21", Complete},
		{"grade 7, one varicella", "7", twelve, "Varicella", "2014-05-20:21", InProgress},
		// Hepatitis B: 3, or 2 of the adult product from 11 to 15 years, four months apart.
		{"grade 7, two HepB of children", "7", twelve, "HepB", "2013-05-20:8 2013-07-20:8", InProgress},
		{"grade 7, three HepB of children", "7", twelve, "HepB", "2013-05-20:8 2013-07-20:8 2013-11-20:8", Complete},
		{"grade 7, two-dose series, four months apart", "7", twelve, "HepB", "2024-05-20:43 2024-09-20:43", Complete},
		{"grade 7, two-dose series, a day short of four months", "7", twelve, "HepB", "2024-05-20:43 2024-09-19:43", InProgress},
		{"grade 7, two-dose series begun the day before eleven", "7", twelve, "HepB", "2024-05-19:43 2024-09-20:43", InProgress},
		{"grade 11, two-dose series ended the day before sixteen", "11", seventeen, "HepB", "2023-09-01:43 2024-03-31:43", Complete},
		{"grade 11, two-dose series ended at sixteen", "11", seventeen, "HepB", "2023-09-01:43 2024-04-01:43", InProgress},
		// Meningococcal: one at grade 7; in grade 12 a second at sixteen or later, or a first one then.
		{"grade 6, no meningococcal", "6", twelve, "MenACWY", "", NotRequired},
		{"grade 7, no meningococcal", "7", twelve, "MenACWY", "", Overdue},
		{"grade 7, one meningococcal", "7", twelve, "MenACWY", "2024-05-20:136", Complete},
		{"grade 7, one before ten", "7", twelve, "MenACWY", "2023-05-15:136", Overdue},
		{"grade 11, one meningococcal", "11", seventeen, "MenACWY", "2019-04-01:114", Complete},
		{"grade 12, one at eleven", "12", seventeen, "MenACWY", "2019-04-01:114", InProgress},
		{"grade 12, a second the day before sixteen", "12", seventeen, "MenACWY", "2019-04-01:114 2024-03-31:203", InProgress},
		{"grade 12, a second at sixteen", "12", seventeen, "MenACWY", "2019-04-01:114 2024-04-01:203", Complete},
		{"grade 12, a first at sixteen", "12", seventeen, "MenACWY", "2024-04-01:203", Complete},
		{"grade 12, a first the day before sixteen", "12", seventeen, "MenACWY", "2024-03-31:203", InProgress},
	} {
		s := Student{Grade: c.grade, Born: day(t, c.born), EnrolledOn: day(t, "2025-09-02")}
		if got := verdict(t, ForSchool, c.vaccine, s, c.doses, nil, "2026-03-02"); got.Status != c.want {
			t.Errorf("%s: %s is %s (%s), want %s", c.name, c.vaccine, got.Status, got.Reason, c.want)
		}
	}
}

func TestBoundariesOfTheChildCareTable(t *testing.T) {
	for _, c := range []struct {
		name, born, vaccine, doses string
		want                       Status
	}{
		// All are judged on 2026-03-02.
		{"the day before two months", "2026-01-03", "DTaP", "", NotRequired},
		{"two months today", "2026-01-02", "DTaP", "", Overdue},
		{"two months, one dose today", "2026-01-02", "DTaP", "2026-03-02:20", Complete},
		{"the day before four months, one dose", "2025-11-03", "Polio", "2026-01-03:10", Complete},
		{"four months today, one dose", "2025-11-02", "Polio", "2026-01-03:10", InProgress},
		{"four months today, two doses", "2025-11-02", "Hib", "2026-01-03:49 2026-03-02:49", Complete},
		{"six months today, two DTaP", "2025-09-02", "DTaP", "2025-11-02:20 2026-01-02:20", InProgress},
		{"six months today, two polio", "2025-09-02", "Polio", "2025-11-02:10 2026-01-02:10", Complete},
		{"two PCV, begun the day before seven months", "2025-01-02", "PCV", "2025-08-01:133 2025-10-02:133", InProgress},
		{"two PCV, begun at seven months", "2025-01-02", "PCV", "2025-08-02:133 2025-10-02:133", Complete},
		{"the day before fifteen months, no MMR", "2024-12-03", "MMR", "", NotRequired},
		{"fifteen months today, no MMR", "2024-12-02", "MMR", "", Overdue},
		{"fifteen months today, MMR at one year", "2024-12-02", "MMR", "2025-12-02:3", Complete},
		{"the day before fifteen months, no varicella", "2024-12-03", "Varicella", "", NotRequired},
		{"fifteen months today, no varicella", "2024-12-02", "Varicella", "", Overdue},
		{"fifteen months, one Hib at fifteen months", "2024-12-02", "Hib", "2026-03-02:49", Complete},
		{"fifteen months, one Hib at fourteen months", "2024-12-02", "Hib", "2026-02-02:49", InProgress},
		{"the day before eighteen months, three DTaP", "2024-09-03", "DTaP", "2024-11-03:20 2025-01-03:20 2025-03-03:20", Complete},
		{"eighteen months today, three DTaP", "2024-09-02", "DTaP", "2024-11-03:20 2025-01-03:20 2025-03-03:20", InProgress},
		{"eighteen months today, no HepA", "2024-09-02", "HepA", "", Overdue},
		{"the day before eighteen months, no HepA", "2024-09-03", "HepA", "", NotRequired},
		{"the day before two years, no PCV", "2024-03-03", "PCV", "", Overdue},
		{"two years today, no PCV", "2024-03-02", "PCV", "", NotRequired},
		{"two years today, one HepA", "2024-03-02", "HepA", "2025-03-02:83", InProgress},
		{"two years today, two HepA", "2024-03-02", "HepA", "2025-03-02:83 2025-09-02:83", Complete},
		{"two HepA, five days short of six months", "2024-03-02", "HepA", "2025-03-02:83 2025-08-28:83", InProgress},
		{"the day before five, two HepB", "2021-03-03", "HepB", "2021-03-03:8 2021-05-03:8", InProgress},
		{"the day before five, three HepB", "2021-03-03", "HepB", "2021-03-03:8 2021-05-03:8 2021-09-03:8", Complete},
		{"five today", "2021-03-02", "HepB", "2021-03-03:8 2021-05-03:8", InProgress},
		{"the day before twelve years", "2014-03-03", "HepB", "", Overdue},
		{"twelve years today", "2014-03-02", "HepB", "", Unknown},
	} {
		s := Student{Born: day(t, c.born), EnrolledOn: day(t, c.born)}
		s.EnrolledOn = max(s.EnrolledOn, day(t, "2025-09-02"))
		if got := verdict(t, ForChildCare, c.vaccine, s, c.doses, nil, "2026-03-02"); got.Status != c.want {
			t.Errorf("%s: %s is %s (%s), want %s", c.name, c.vaccine, got.Status, got.Reason, c.want)
		}
	}
}

// givenAt is doses of a product at ages in months: "2 4 6", of somebody born on a day.
func givenAt(t *testing.T, born string, cvx int16, ages string) string {
	t.Helper()
	var list []string
	for _, age := range strings.Fields(ages) {
		months, err := strconv.Atoi(age)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%s:%d", day(t, born).AddMonths(months), cvx))
	}
	return strings.Join(list, " ")
}

// A row of the law's table, by a child of an age in months: the doses that are just enough for each vaccine, by the ages at
// which they were given. With one dose fewer the child is not complete.
type lawRow struct {
	grades string
	months int
	enough map[string]string
}

var cvxOf = map[string]int16{"DTaP": 20, "Td": 20, "Tdap": 115, "Polio": 10, "Hib": 49, "PCV": 133, "MMR": 3, "Varicella": 21, "HepA": 83,
	"HepB": 8, "MenACWY": 136}

func judgeRows(t *testing.T, place string, rows []lawRow) {
	t.Helper()
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	const on = "2026-03-02"
	for _, r := range rows {
		born := day(t, on).AddMonths(-r.months).String()
		for _, grade := range strings.Split(r.grades, " ") {
			s := Student{Grade: grade, Born: day(t, born), EnrolledOn: day(t, "2025-09-02")}
			for _, v := range laws.For("MN", place).Vaccines {
				ages, asked := r.enough[v.ID]
				all := strings.Fields(ages)
				got := verdict(t, place, v.ID, s, givenAt(t, born, cvxOf[v.ID], ages), nil, on)
				want := Complete
				if !asked {
					want = NotRequired
				}
				if got.Status != want {
					t.Errorf("%s, grade %q, %d months, %s at %q: %s (%s), want %s", place, grade, r.months, v.ID, ages, got.Status, got.Reason, want)
				}
				if !asked {
					continue
				}
				want = InProgress
				if len(all) == 1 {
					want = Overdue
				}
				if got := verdict(t, place, v.ID, s, givenAt(t, born, cvxOf[v.ID], strings.Join(all[:len(all)-1], " ")), nil, on); got.Status != want {
					t.Errorf("%s, grade %q, %d months, %s with a dose fewer than %q: %s (%s), want %s", place, grade, r.months, v.ID, ages, got.Status,
						got.Reason, want)
				}
			}
		}
	}
}

// TestEveryRowOfTheSchoolTable: in each grade, of each vaccine that is asked for.
func TestEveryRowOfTheSchoolTable(t *testing.T) {
	young := map[string]string{"DTaP": "2 4 6 15 40", "Polio": "2 4 6 15", "MMR": "12 48", "HepB": "0 2 6", "Varicella": "12 48"}
	older := map[string]string{"Td": "2 4 6", "Polio": "2 4 6", "MMR": "12 48", "HepB": "0 2 6", "Varicella": "12 48"}
	teen := map[string]string{"Td": "2 4 6", "Tdap": "84", "Polio": "2 4 6", "MMR": "12 48", "HepB": "0 2 6", "Varicella": "12 48", "MenACWY": "132"}
	senior := maps.Clone(teen)
	senior["MenACWY"] = "132 192"
	adult := maps.Clone(senior)
	delete(adult, "Polio")
	judgeRows(t, ForSchool, []lawRow{{"K 1 2 3 4 5 6", 83, young}, {"K 1 2 3 4 5 6", 84, older}, {"K 1 2 3 4 5 6", 143, older},
		{"7 8 9 10 11", 150, teen}, {"7 8 9 10 11", 215, teen}, {"12", 215, senior}, {"12", 216, adult}})
}

// TestEveryRowOfTheChildCareTable: at the first and in the last month of each age band, of each vaccine that is asked for.
func TestEveryRowOfTheChildCareTable(t *testing.T) {
	two := map[string]string{"DTaP": "2", "Polio": "2", "Hib": "2", "PCV": "2", "HepB": "0"}
	four := map[string]string{"DTaP": "2 4", "Polio": "2 4", "Hib": "2 4", "PCV": "2 4", "HepB": "0 2"}
	six := map[string]string{"DTaP": "2 4 6", "Polio": "2 4", "Hib": "2 4", "PCV": "2 4 6", "HepB": "0 2"}
	fifteen := map[string]string{"DTaP": "2 4 6", "Polio": "2 4", "Hib": "2 12", "PCV": "2 4 6 12", "MMR": "12", "Varicella": "12", "HepB": "0 2"}
	eighteen := map[string]string{"DTaP": "2 4 6 15", "Polio": "2 4 6", "Hib": "2 12", "PCV": "2 4 6 12", "MMR": "12", "Varicella": "12",
		"HepA": "12", "HepB": "0 2 6"}
	years := map[string]string{"DTaP": "2 4 6 15", "Polio": "2 4 6", "Hib": "2 12", "MMR": "12", "Varicella": "12", "HepA": "12 18", "HepB": "0 2 6"}
	five := map[string]string{"DTaP": "2 4 6 15 40", "Polio": "2 4 6 15", "MMR": "12 48", "Varicella": "12 48", "HepB": "0 2 6"}
	seven := map[string]string{"Td": "2 4 6", "Polio": "2 4 6", "MMR": "12 48", "Varicella": "12 48", "HepB": "0 2 6"}
	judgeRows(t, ForChildCare, []lawRow{{"", 0, nil}, {"", 1, nil}, {"", 2, two}, {"", 3, two}, {"", 4, four}, {"", 5, four}, {"", 6, six},
		{"", 11, six}, {"", 12, six}, {"", 14, six}, {"", 15, fifteen}, {"", 17, fifteen}, {"", 18, eighteen}, {"", 23, eighteen},
		{"", 24, years}, {"", 59, years}, {"", 60, five}, {"", 83, five}, {"", 84, seven}, {"", 143, seven}})
}

// The 18 months run from enrolment; their last day still counts.
func TestTimeInProgress(t *testing.T) {
	for _, c := range []struct {
		enrolled, on string
		want         Status
		deadline     string
	}{
		{"2024-09-03", "2026-03-02", InProgress, "2026-03-03"},
		{"2024-09-02", "2026-03-02", InProgress, "2026-03-02"},
		{"2024-09-01", "2026-03-02", Overdue, "2026-03-01"},
		{"2024-08-31", "2026-03-01", InProgress, "2026-03-01"}, // there is no 31 February 2026: the day after its last
	} {
		s := Student{Grade: "3", Born: day(t, "2018-01-10"), EnrolledOn: day(t, c.enrolled)}
		got := verdict(t, ForSchool, "MMR", s, "2019-01-10:3", []Evidence{{Group: "MMR", NextOn: day(t, "2022-01-10")}}, c.on)
		if got.Status != c.want || got.Deadline.String() != c.deadline || got.NextOn.String() != "2022-01-10" {
			t.Errorf("enrolled %s, judged %s: %+v, want %s until %s", c.enrolled, c.on, got, c.want, c.deadline)
		}
	}
}

func TestWhatTakesTheDosesPlace(t *testing.T) {
	immune := func(group string) []Evidence { return []Evidence{{Group: group, Immune: true}} }
	for _, c := range []struct {
		name, vaccine, grade, enrolled, doses string
		exemptions                            []Exemption
		evidence                              []Evidence
		want                                  Status
	}{
		{"a belief about all", "MMR", "3", "2025-09-02", "", []Exemption{{Kind: NonMedical, Vaccine: "all"}}, nil, ExemptNonMedical},
		{"a belief about another vaccine", "MMR", "3", "2025-09-02", "", []Exemption{{Kind: NonMedical, Vaccine: "HepB"}}, nil, Overdue},
		{"a belief, dated tomorrow", "MMR", "3", "2025-09-02", "", []Exemption{{NonMedical, 739677 + 1, "MMR"}}, nil, Overdue},
		{"a belief, dated today", "MMR", "3", "2025-09-02", "", []Exemption{{NonMedical, 739677, "MMR"}}, nil, ExemptNonMedical},
		{"a school's own word for the vaccine", "Varicella", "3", "2025-09-02", "", []Exemption{{Kind: Medical, Vaccine: "chickenpox"}}, nil, ExemptMedical},
		{"medical goes before a belief", "MMR", "3", "2025-09-02", "", []Exemption{{Kind: NonMedical, Vaccine: "all"}, {Kind: Medical, Vaccine: "MMR"}}, nil, ExemptMedical},
		{"all doses go before an exemption", "MMR", "3", "2025-09-02", "2019-01-10:3 2022-01-10:3", []Exemption{{Kind: NonMedical, Vaccine: "all"}}, nil, Complete},
		{"chickenpox, by the registry", "Varicella", "3", "2025-09-02", "", nil, immune("Varicella"), HadDisease},
		{"chickenpox, by a statement", "Varicella", "3", "2025-09-02", "", []Exemption{{Kind: History, Vaccine: "Varicella"}}, nil, HadDisease},
		{"history of measles is not asked for", "MMR", "3", "2025-09-02", "", []Exemption{{Kind: History, Vaccine: "MMR"}}, nil, Overdue},
		{"immunity against measles is medical", "MMR", "3", "2025-09-02", "", nil, immune("MMR"), ExemptMedical},
		{"a contraindication is medical", "MMR", "3", "2025-09-02", "", nil, []Evidence{{Group: "MMR", Contraindicated: true}}, ExemptMedical},
		{"no grade", "MMR", "", "2025-09-02", "2019-01-10:3 2022-01-10:3", nil, nil, Unknown},
		{"no enrolment date, doses are missing", "MMR", "3", "", "2019-01-10:3", nil, nil, Unknown},
		{"no enrolment date, all doses", "MMR", "3", "", "2019-01-10:3 2022-01-10:3", nil, nil, Complete},
		{"a dose in the future", "MMR", "3", "2025-09-02", "2019-01-10:3 2026-03-03:3", nil, nil, InProgress},
		{"two reports of one day", "MMR", "3", "2025-09-02", "2022-01-10:3 2022-01-10:94", nil, nil, InProgress},
	} {
		s := Student{Grade: c.grade, Born: day(t, "2018-01-10"), Exemptions: c.exemptions}
		if c.enrolled != "" {
			s.EnrolledOn = day(t, c.enrolled)
		}
		got := verdict(t, ForSchool, c.vaccine, s, c.doses, c.evidence, "2026-03-02")
		if got.Status != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Status, got.Reason, c.want)
		}
		if (got.Status == Unknown) && got.Reason == "" {
			t.Errorf("%s: unknown without a reason", c.name)
		}
	}
	if d := day(t, "2026-03-02"); d != 739677 {
		t.Errorf("2026-03-02 is %d", d)
	}
}

// Of somebody whom the registry does not know only the school's own statements count.
func TestNotMatched(t *testing.T) {
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	s := Student{Grade: "K", Born: day(t, "2020-06-15"), EnrolledOn: day(t, "2025-09-02"),
		Exemptions: []Exemption{{Kind: NonMedical, Vaccine: "MMR"}}}
	for _, v := range laws.For("MN", ForSchool).Judge(&s, false, nil, nil, day(t, "2026-03-02")) {
		want := Unknown
		switch v.Vaccine {
		case "MMR":
			want = ExemptNonMedical
		case "Td", "Tdap", "MenACWY":
			want = NotRequired
		}
		if v.Status != want {
			t.Errorf("%s: %s, want %s", v.Vaccine, v.Status, want)
		}
	}
}

// A child born on 29 February is a year old on 1 March.
func TestBirthdayOfALeapDay(t *testing.T) {
	if got := (span{months: 12}).after(day(t, "2020-02-29")); got != day(t, "2021-03-01") {
		t.Errorf("one year after 2020-02-29 is %s", got)
	}
	if got := (span{months: 48}).after(day(t, "2020-02-29")); got != day(t, "2024-02-29") {
		t.Errorf("four years after 2020-02-29 is %s", got)
	}
}
