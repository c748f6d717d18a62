// Package explain describes in words how a forecast came about: which rules, which dates, which series won and why.
//
// ForecastOf and DoseOf gather the facts as values with JSON names; Text puts them into words. All words
// are in words.tmpl. The facts hold no name and no address; dates of doses and due dates are what it is about.
package explain

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
)

// Subject is whom or what the question is about.
type Subject struct {
	ClientID int64    `json:"client_id"`
	AsOf     string   `json:"as_of"`
	Schedule string   `json:"schedule"` // version of the supporting data
	DoseIDs  []string `json:"-"`        // by Person.Doses

	Corrections []cdsi.Correction `json:"-"` // all that the schedule has

	Now *schedule.Current `json:"-"` // the schedule as of the day; nil: all its seasons are as it has them
}

// Forecast explains one vaccine group.
type Forecast struct {
	Subject
	Group    string    `json:"vaccine_group"`
	Doses    []Given   `json:"doses"`
	Held     []Given   `json:"held,omitempty"` // doses of whatever group that no series judges, and why
	Answers  []Answer  `json:"answers"`
	Antigens []Antigen `json:"antigens"`

	Corrected []string `json:"corrected,omitempty"` // what of CDC's data on the group's antigens was corrected, with the source
}

// Given is a dose as recorded, with what the group or the antigen makes of it.
type Given struct {
	ID      string   `json:"immunization_id"`
	Date    string   `json:"administered_on"`
	CVX     int16    `json:"cvx"`
	Age     string   `json:"age"`
	Status  string   `json:"status"`
	Reasons []string `json:"reasons,omitempty"`
}

// Answer is a forecast row: one of the standard, one of the risk series.
type Answer struct {
	Kind        string   `json:"kind"`
	Status      string   `json:"status"`
	DoseNumber  int      `json:"dose_number,omitempty"`
	Earliest    string   `json:"earliest_on,omitempty"`
	Recommended string   `json:"recommended_on,omitempty"`
	PastDue     string   `json:"past_due_on,omitempty"`
	Latest      string   `json:"latest_on,omitempty"`
	Antigens    []string `json:"antigens_needed,omitempty"`
	Products    []int16  `json:"products,omitempty"`
	Recompute   string   `json:"recompute_on,omitempty"`
	Assumed     bool     `json:"assumed,omitempty"` // it rests on a season that no schedule has
	Season      string   `json:"season,omitempty"`  // what has run out, when that is why it is assumed or unknown
}

// Antigen is how one antigen was decided.
type Antigen struct {
	Antigen         string   `json:"antigen"`
	Immune          bool     `json:"immune"`
	Contraindicated bool     `json:"contraindicated"`
	Counts          []Series `json:"counts"` // the series the forecast rests on
	Others          []Series `json:"others"` // those that lost or do not concern the person
}

// Series is what became of one series.
type Series struct {
	Series      string   `json:"series"`
	Type        string   `json:"type"`
	Relevant    bool     `json:"relevant"` // it concerns the person
	Status      string   `json:"status,omitempty"`
	How         string   `json:"how"` // how it was chosen in its series group, or "not chosen"
	Points      *int     `json:"points,omitempty"`
	Prioritised bool     `json:"prioritised"` // it won its series group, though another series may count in its place
	Doses       []Judged `json:"doses,omitempty"`
	Skipped     []int    `json:"skipped,omitempty"`
	Next        int      `json:"next_dose,omitempty"`
	Earliest    string   `json:"earliest_on,omitempty"`
	Recommended string   `json:"recommended_on,omitempty"`
	PastDue     string   `json:"past_due_on,omitempty"`
	Bounds      []Bound  `json:"not_before,omitempty"`
	RecBy       *Bound   `json:"recommended_by,omitempty"`
	PastBy      *Bound   `json:"past_due_by,omitempty"`
}

// Judged is a dose as a series judged it.
type Judged struct {
	Given
	Target int     `json:"target_dose,omitempty"`
	Broken []Bound `json:"broken,omitempty"`
}

// Bound is a rule with the day it leads to.
type Bound struct {
	What string `json:"what"`
	Date string `json:"date"`
	From string `json:"from,omitempty"`
	Rule string `json:"rule,omitempty"` // the age or the wait in words
}

// Dose explains one dose.
type Dose struct {
	Subject
	Given
	Held      string      `json:"held,omitempty"` // why it was held back and judged by no series
	Judgement []InAntigen `json:"judgement"`
}

// InAntigen is what one antigen made of a dose.
type InAntigen struct {
	Antigen string        `json:"antigen"`
	Group   string        `json:"vaccine_group"`
	Status  string        `json:"status"`
	Series  string        `json:"series"` // the series that counts; "" if none concerns the person
	Verdict Judged        `json:"verdict"`
	Others  []OtherSeries `json:"others,omitempty"`
}

// OtherSeries is what a series that does not count made of the dose.
type OtherSeries struct {
	Series string `json:"series"`
	Judged
}

// ForecastOf explains a vaccine group of a person; false if the person has no forecast for it.
func ForecastOf(w *cdsi.Worker, p *cdsi.Person, asOf cdsi.Day, group string, s Subject) (*Forecast, bool) {
	s.AsOf = asOf.String()
	out := &Forecast{Subject: s, Group: group, Doses: []Given{}}
	antigens := w.Explain(p, asOf, group)
	r := w.Forecast(p, asOf)
	s.Now.Settle(&r)
	days := r.RowDays(nil)
	for i, f := range r.Forecasts {
		if f.Group != group {
			continue
		}
		out.Answers = append(out.Answers, Answer{Kind: f.Kind.String(), Status: f.Status.String(), DoseNumber: f.DoseNumber,
			Earliest:    f.Earliest.String(),
			Recommended: f.Recommended.String(), PastDue: f.PastDue.String(), Latest: f.Latest.String(),
			Antigens: slices.Clone(f.Antigens),
			Products: slices.Clone(f.Products), Recompute: days[i].String(),
			Assumed: f.Assumed, Season: s.Now.Why(&f)})
	}
	if len(out.Answers) == 0 {
		return nil, false
	}
	for _, c := range s.Corrections {
		if slices.ContainsFunc(antigens, func(x cdsi.AntigenExplanation) bool { return x.Antigen == c.Antigen }) {
			out.Corrected = append(out.Corrected, c.Text())
		}
	}
	for _, i := range byDate(p) {
		if status, reasons, ok := r.GroupStatus(i, group); ok {
			out.Doses = append(out.Doses, given(p, i, s, status, reasons))
		}
	}
	for _, h := range r.Held {
		if h.Dose >= 0 {
			x := given(p, h.Dose, s, cdsi.NotEvaluated, 0)
			x.Reasons = []string{h.Why.String()}
			out.Held = append(out.Held, x)
		}
	}
	for _, a := range antigens {
		x := Antigen{Antigen: a.Antigen, Immune: a.Immune, Contraindicated: a.Contraindicated}
		for i := range a.Series {
			if sr := series(p, &a.Series[i], s); a.Series[i].Best {
				x.Counts = append(x.Counts, sr)
			} else {
				x.Others = append(x.Others, sr)
			}
		}
		out.Antigens = append(out.Antigens, x)
	}
	return out, true
}

// DoseOf explains the dose with an index into the person's doses.
func DoseOf(w *cdsi.Worker, p *cdsi.Person, asOf cdsi.Day, dose int, s Subject) *Dose {
	s.AsOf = asOf.String()
	r := w.Forecast(p, asOf)
	out := &Dose{Subject: s, Given: given(p, dose, s, cdsi.NotEvaluated, 0)}
	for _, h := range r.Held {
		if h.Dose == dose {
			out.Held = h.Why.String()
		}
	}
	evaluations := slices.Clone(r.Evaluations)
	for _, ev := range evaluations {
		if ev.Dose != dose {
			continue
		}
		x := InAntigen{Antigen: ev.Antigen, Group: ev.Group, Status: ev.Status.String(), Series: ev.Series}
		for _, a := range w.Explain(p, asOf, ev.Group) {
			if a.Antigen != ev.Antigen {
				continue
			}
			for i := range a.Series {
				for _, d := range a.Series[i].Doses {
					switch {
					case d.Dose != dose:
					case a.Series[i].Series == ev.Series:
						x.Verdict = judged(p, &d, s)
					default:
						x.Others = append(x.Others, OtherSeries{a.Series[i].Series, judged(p, &d, s)})
					}
				}
			}
		}
		out.Judgement = append(out.Judgement, x)
	}
	return out
}

func series(p *cdsi.Person, e *cdsi.SeriesExplanation, s Subject) Series {
	x := Series{Series: e.Series, Type: [...]string{"standard", "risk", "evaluation only"}[e.Type], Relevant: e.Relevant,
		How: e.Way.String(), Prioritised: e.Prioritised}
	if !e.Relevant {
		return x
	}
	x.Status, x.Skipped = e.Status.String(), e.Skipped
	if e.Way == cdsi.ByScore {
		x.Points = &e.Points
	}
	for i := range e.Doses {
		x.Doses = append(x.Doses, judged(p, &e.Doses[i], s))
	}
	if e.Status == cdsi.NotComplete {
		x.Next, x.Earliest, x.Recommended, x.PastDue = e.TargetDose, e.Earliest.String(), e.Recommended.String(),
			e.PastDue.String()
		for _, b := range e.Bounds {
			x.Bounds = append(x.Bounds, bound(b))
		}
		if e.RecBy.What != cdsi.NoRule {
			b := bound(e.RecBy)
			x.RecBy = &b
		}
		if e.PastBy.What != cdsi.NoRule {
			b := bound(e.PastBy)
			x.PastBy = &b
		}
	}
	return x
}

func judged(p *cdsi.Person, d *cdsi.JudgedDose, s Subject) Judged {
	x := Judged{Given: given(p, d.Dose, s, d.Status, d.Reasons), Target: d.TargetDose}
	for _, b := range d.Broken {
		x.Broken = append(x.Broken, bound(b))
	}
	return x
}

func given(p *cdsi.Person, i int, s Subject, status cdsi.Status, reasons cdsi.ReasonSet) Given {
	d := &p.Doses[i]
	return Given{ID: s.DoseIDs[i], Date: d.Date.String(), CVX: d.CVX, Age: age(p.Birth, d.Date), Status: status.String(),
		Reasons: reasons.Names()}
}

func bound(b cdsi.Bound) Bound {
	return Bound{What: b.What.String(), Date: b.Date.String(), From: b.From.String(), Rule: duration(b.Rule)}
}

func byDate(p *cdsi.Person) []int {
	order := make([]int, len(p.Doses))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(p.Doses[a].Date) - int(p.Doses[b].Date) })
	return order
}

//go:embed words.tmpl
var words string

var texts = template.Must(template.New("words").Funcs(template.FuncMap{
	"cvx":  func(c int16) string { return fmt.Sprintf("CVX %02d", c) },
	"join": func(list []string) string { return strings.Join(list, ", ") },
	"list": func(codes []int16) string {
		var b strings.Builder
		for i, c := range codes {
			fmt.Fprintf(&b, "%s%02d", map[bool]string{true: ", "}[i > 0], c)
		}
		return b.String()
	},
	"aged": func(age string) string {
		if strings.HasSuffix(age, "before birth") {
			return age
		}
		return "at " + age
	},
	"needed": func(answers []Answer) bool {
		return slices.ContainsFunc(answers, func(a Answer) bool { return a.DoseNumber > 0 })
	},
	"passedOver": func(list []Series) []string {
		var names []string
		for _, x := range list {
			if x.Relevant && !x.Prioritised && x.Points == nil {
				names = append(names, "“"+x.Series+"”")
			}
		}
		return names
	},
	"less": func(a, b string) bool { return a < b },
}).Parse(words))

// Text writes the explanation in words.
func (f *Forecast) Text(w io.Writer) error { return texts.ExecuteTemplate(w, "forecast", f) }

// Text writes the explanation in words.
func (d *Dose) Text(w io.Writer) error { return texts.ExecuteTemplate(w, "dose", d) }
