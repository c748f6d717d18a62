package cases

import (
	"fmt"
	"slices"
	"strings"

	"miic/forecast/cdsi"
)

// Report is the outcome of a run, in the form the command prints as JSON.
type Report struct {
	Schedule string            `json:"schedule"`
	Sets     map[string]Counts `json:"sets"`
	Failed   []Failure         `json:"failed"`
}

// Counts counts the cases of a set.
type Counts struct {
	Cases         int `json:"cases"`
	ForecastRight int `json:"forecast_right"` // status, number where given, three dates
	DosesRight    int `json:"doses_right"`    // the status of every dose
	// the named reason of every dose is among those found; none where none is named
	ReasonsRight int `json:"reasons_right"`
}

// Failure is a case whose forecast or dose statuses are not right.
type Failure struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// A numbering gives the forecast numbers that count as right: f is a forecast of the case's group, valid how many doses
// are valid in any best series of the group.
type numbering func(c *Case, f *cdsi.Forecast, valid int) []int

// asWritten is the numbering of the rows.
// most rows with underlying conditions that have doses of both kinds number across the two: valid doses of either kind,
// plus one.
func asWritten(c *Case, f *cdsi.Forecast, valid int) []int {
	if c.Set == underlying {
		return []int{f.DoseNumber, valid + 1}
	}
	return []int{f.DoseNumber}
}

// Run runs the cases in order.
func Run(e *cdsi.Engine, cases []Case) Report { return run(e, cases, asWritten) }

func run(e *cdsi.Engine, cases []Case, numbers numbering) Report {
	report := Report{Schedule: e.Version(), Sets: map[string]Counts{}, Failed: []Failure{}}
	w := e.NewWorker()
	for i := range cases {
		c := &cases[i]
		v := compare(c, w.Forecast(&c.Person, c.AsOf), numbers)
		n := report.Sets[c.Set]
		n.Cases++
		n.ForecastRight += one(v.forecast == "")
		n.DosesRight += one(v.doses == "")
		n.ReasonsRight += one(v.reasons == "")
		report.Sets[c.Set] = n
		if why := strings.TrimSuffix(v.forecast+"; "+v.doses, "; "); v.forecast != "" || v.doses != "" {
			report.Failed = append(report.Failed, Failure{c.ID, strings.TrimPrefix(why, "; ")})
		}
	}
	return report
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// verdict returns what is wrong with forecast, dose statuses and dose reasons; "" is right.
type verdict struct{ forecast, doses, reasons string }

func compare(c *Case, r cdsi.Result, numbers numbering) verdict {
	var v verdict
	valid := 0
	for i := range c.Person.Doses {
		status, reasons := doseStatus(c, r, i)
		if group, _, ok := r.GroupStatus(i, c.Group); ok && group == cdsi.Valid {
			valid++
		}
		want := c.Doses[i]
		if want.Status != "" && !strings.EqualFold(want.Status, status.String()) && v.doses == "" {
			v.doses = fmt.Sprintf("dose %d is %s, expected %s", i+1, status, want.Status)
		}
		if !sameReason(want.Reason, reasons) && v.reasons == "" {
			v.reasons = fmt.Sprintf("dose %d has reasons %q, expected %q", i+1, reasons.Names(), want.Reason)
		}
	}
	found := 0
	for i := range r.Forecasts {
		f := &r.Forecasts[i]
		if f.Group != c.Group {
			continue
		}
		why := differs(c, f, numbers(c, f, valid))
		if found++; why == "" {
			v.forecast = ""
			return v
		}
		if v.forecast != "" {
			v.forecast += "; or "
		}
		v.forecast += f.Kind.String() + " forecast: " + why
	}
	if found == 0 {
		v.forecast = fmt.Sprintf("no forecast for vaccine group %q", c.Group)
	}
	return v
}

// doseStatus judges a dose in the case's group, or, if it holds no antigen of it, in its own.
func doseStatus(c *Case, r cdsi.Result, dose int) (cdsi.Status, cdsi.ReasonSet) {
	if s, why, ok := r.GroupStatus(dose, c.Group); ok {
		return s, why
	}
	for _, ev := range r.Evaluations {
		if ev.Dose == dose {
			s, why, _ := r.GroupStatus(dose, ev.Group)
			return s, why
		}
	}
	return cdsi.NotEvaluated, 0
}

func differs(c *Case, f *cdsi.Forecast, numbers []int) string {
	var out []string
	if !strings.EqualFold(c.Status, f.Status.String()) {
		out = append(out, fmt.Sprintf("status %s, expected %s", f.Status, c.Status))
	}
	if c.Number >= 0 && !slices.Contains(numbers, c.Number) {
		out = append(out, fmt.Sprintf("number %d, expected %d", numbers[len(numbers)-1], c.Number))
	}
	for i, got := range [3]cdsi.Day{f.Earliest, f.Recommended, f.PastDue} {
		if got != c.Dates[i] {
			out = append(out, fmt.Sprintf("%s %s, expected %s", [3]string{"earliest", "recommended", "past due"}[i], orNone(got),
				orNone(c.Dates[i])))
		}
	}
	return strings.Join(out, ", ")
}

func orNone(d cdsi.Day) string {
	if d == cdsi.NoDay {
		return "none"
	}
	return d.String()
}

var reasonWords = map[string]cdsi.ReasonSet{
	"age: too young": cdsi.AgeTooYoung, "age: too old": cdsi.AgeTooOld, "interval: too soon": cdsi.IntervalTooShort,
	"live virus conflict": cdsi.VaccineConflict, "inadvertent vaccine": cdsi.InadvertentVaccine,
	"not a preferable or allowable vaccine": cdsi.WrongVaccine, "series already complete": cdsi.SeriesComplete,
}

// sameReason compares as a set: rows name one reason, even where two apply.
func sameReason(want string, got cdsi.ReasonSet) bool {
	if want == "" {
		return got == 0
	}
	return got&reasonWords[strings.ToLower(want)] != 0
}
