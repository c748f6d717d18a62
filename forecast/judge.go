package forecast

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/forecast/visit"
	"miic/internal/table"
)

// A judge turns people into rows. It is a function of values: many goroutines may share one.
type judge struct {
	now     *schedule.Current
	engine  *cdsi.Engine // of the schedule as it holds tonight
	then    *cdsi.Engine // of the schedule as it is, for earlier days: seasons that are assumed count in no milestone
	asOf    table.Date
	version string
	groups  map[int16][]string // vaccine groups of each vaccine
	members map[string]int     // how many antigens each vaccine group has
	known   *visit.Schedule
}

func newJudge(s *cdsi.Schedule, asOf table.Date) (*judge, error) {
	j := &judge{now: schedule.AsOf(s, DayOf(asOf)), asOf: asOf, version: s.Version,
		groups: s.GroupsByVaccine(), members: map[string]int{}, known: visit.NewSchedule(s)}
	var err error
	if j.engine, err = cdsi.NewEngine(j.now.Schedule); err != nil {
		return nil, fmt.Errorf("schedule %s: %w", s.Version, err)
	}
	j.then = j.engine
	if j.now.Schedule != s {
		if j.then, err = cdsi.NewEngine(s); err != nil {
			return nil, fmt.Errorf("schedule %s: %w", s.Version, err)
		}
	}
	for _, g := range s.Groups {
		j.members[g.Name] = len(g.Antigens)
	}
	return j, nil
}

// A worker judges one person at a time.
type worker struct{ now, then, visit *cdsi.Worker }

func (j *judge) newWorker() worker {
	w := worker{now: j.engine.NewWorker(), visit: j.then.NewWorker()}
	if w.then = w.now; j.then != j.engine {
		w.then = j.then.NewWorker()
	}
	return w
}

// A history is what the registry knows about one person.
type history struct {
	clientID int64
	birth    table.Date
	sex      string
	country  string
	deceased bool
	doses    []dose
	observed []observed
	refused  []observed // code is a CVX
}

type dose struct {
	id        string
	on        table.Date
	cvx       int16
	mvx       string
	tradeName string
	expiry    table.Date
	spoiled   bool // it was recalled, not kept cold, or given wrongly
	provider  string
}

type observed struct {
	code int16
	on   table.Date
}

// rows is what the stage writes about some people.
type rows struct {
	evaluations []table.DoseEvaluation
	forecasts   []table.Forecast
	milestones  []table.Milestone
	visits      []table.VisitGroup
	people      int64
	deceased    int64
	odd         cdsi.Oddities
	days        []cdsi.Day   // scratch
	needs       []visit.Need // scratch
}

// statuses of a dose that was held back.
const (
	beforeBirth    = "Before Birth"
	unknownVaccine = "Unknown Vaccine"
)

// person judges one person's doses and forecasts every group.
func (j *judge) person(w worker, h *history, out *rows) {
	out.people++
	from := *out
	p := h.patient(forever)
	result := w.now.Forecast(p, DayOf(j.asOf))
	j.now.Settle(&result)
	out.odd.Add(p, result.Held, DayOf(j.asOf))
	for _, held := range result.Held {
		if held.Dose < 0 {
			continue
		}
		d := h.doses[held.Dose]
		row := table.DoseEvaluation{ClientID: h.clientID, ImmunizationID: d.id, AdministeredOn: d.on, CVX: d.cvx,
			Reasons: held.Why.String(), AgeDays: int32(d.on - h.birth), Schedule: j.version}
		switch held.Why {
		case cdsi.BeforeBirth:
			row.Status = beforeBirth
		default:
			row.Status = unknownVaccine
		}
		out.evaluations = append(out.evaluations, row)
	}
	for _, e := range result.Evaluations {
		d := h.doses[e.Dose]
		out.evaluations = append(out.evaluations, table.DoseEvaluation{ClientID: h.clientID, ImmunizationID: d.id,
			Antigen:        e.Antigen,
			AdministeredOn: d.on, CVX: d.cvx, Status: e.Status.String(), Reasons: strings.Join(e.Reasons.Names(), "|"),
			Series:     e.Series,
			TargetDose: int16(e.TargetDose), AgeDays: int32(d.on - h.birth), Schedule: j.version})
	}
	defer out.sort(len(from.evaluations), len(from.forecasts), len(from.milestones))
	if h.deceased {
		out.deceased++
		return
	}
	out.days = result.RowDays(out.days[:0])
	for i, f := range result.Forecasts {
		out.forecasts = append(out.forecasts, table.Forecast{ClientID: h.clientID, Group: f.Group, Kind: f.Kind.String(),
			Status:     f.Status.String(),
			DoseNumber: int16(f.DoseNumber), Earliest: DateOf(f.Earliest), Recommended: DateOf(f.Recommended),
			PastDue: DateOf(f.PastDue), Latest: DateOf(f.Latest),
			Products: products(f.Products), RefusedOn: j.refusedOn(h, f.Group, forever), Series: f.Series, RecomputeOn: DateOf(out.days[i]),
			Schedule: j.version, Assumed: f.Assumed})
	}
	for _, m := range milestones {
		if at := h.birth.AddMonths(int(m.Months)); at <= j.asOf && h.birth.AddMonths(int(m.Until)) > j.asOf {
			j.milestone(w.then, h, m, at, out)
		}
	}
}

// sort puts one person's rows, those from the given places on, in the order of their tables.
func (r *rows) sort(evaluation, forecast, milestone int) {
	slices.SortFunc(r.evaluations[evaluation:], func(a, b table.DoseEvaluation) int {
		return cmp.Or(cmp.Compare(a.AdministeredOn, b.AdministeredOn), cmp.Compare(a.ImmunizationID, b.ImmunizationID),
			cmp.Compare(a.Antigen, b.Antigen))
	})
	slices.SortFunc(r.forecasts[forecast:], func(a, b table.Forecast) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Kind, b.Kind))
	})
	slices.SortFunc(r.milestones[milestone:], func(a, b table.Milestone) int {
		return cmp.Or(cmp.Compare(a.Months, b.Months), cmp.Compare(a.Group, b.Group))
	})
}

// milestone judges the person as of an earlier day, from what had been given and was known by then.
func (j *judge) milestone(w *cdsi.Worker, h *history, m Milestone, at table.Date, out *rows) {
	result := w.Forecast(h.patient(at), DayOf(at))
	for _, f := range result.Forecasts {
		if f.Kind != cdsi.StandardKind {
			continue
		}
		valid := map[string]map[int]bool{} // doses by antigen
		given := map[int]bool{}
		for _, e := range result.Evaluations {
			if e.Group != f.Group {
				continue
			}
			given[e.Dose] = true
			if valid[e.Antigen] == nil {
				valid[e.Antigen] = map[int]bool{}
			}
			if e.Status == cdsi.Valid {
				valid[e.Antigen][e.Dose] = true
			}
		}
		row := table.Milestone{ClientID: h.clientID, Months: m.Months, Group: f.Group, ReachedOn: at,
			Status: f.Status.String(),
			Doses:  int32(len(given)), Schedule: j.version}
		if len(valid) == j.members[f.Group] {
			row.ValidDoses = row.Doses
			for _, doses := range valid {
				row.ValidDoses = min(row.ValidDoses, int32(len(doses)))
			}
		}
		out.milestones = append(out.milestones, row)
	}
}

// forever is later than any day.
const forever = table.Date(1 << 30)

// patient is the person as the forecaster wants to see them, without what happened after a day.
func (h *history) patient(until table.Date) *cdsi.Person {
	p := &cdsi.Person{Birth: DayOf(h.birth), Country: country(h.country)}
	switch h.sex {
	case "F":
		p.Sex = cdsi.Female
	case "M":
		p.Sex = cdsi.Male
	}
	for _, d := range h.doses {
		if d.on > until {
			break // doses are in the order of their days, so that indexes stay those of the history
		}
		p.Doses = append(p.Doses, cdsi.Dose{CVX: d.cvx, MVX: d.mvx, TradeName: d.tradeName, Date: DayOf(d.on),
			Expiry: DayOf(d.expiry), Condition: d.spoiled})
	}
	for _, o := range h.observed {
		if o.on <= until {
			p.Observations = append(p.Observations, cdsi.Observation{Code: o.code, Date: DayOf(o.on)})
		}
	}
	return p
}

// refusedOn is the day of the family's last refusal of a vaccine of the group up to a day, unless a dose of the group was
// given on that day or later, and before the day.
func (j *judge) refusedOn(h *history, group string, day table.Date) table.Date {
	var last table.Date
	for _, r := range h.refused {
		if r.on <= day && slices.Contains(j.groups[r.code], group) {
			last = max(last, r.on)
		}
	}
	for _, d := range h.doses {
		if d.on >= last && d.on < day && slices.Contains(j.groups[d.cvx], group) {
			return 0
		}
	}
	return last
}

// DayOf is a day as the forecaster counts it.
func DayOf(d table.Date) cdsi.Day {
	if d == 0 {
		return cdsi.NoDay
	}
	return cdsi.Day(d.UnixDay())
}

// DateOf is a day of the forecaster as the tables have it.
func DateOf(d cdsi.Day) table.Date {
	if d == cdsi.NoDay {
		return 0
	}
	return table.FromUnixDay(int32(d))
}

// country is the country of birth as the schedule names it.
func country(code string) string {
	switch strings.ToUpper(strings.TrimSpace(code)) {
	case "USA", "US":
		return "U.S."
	}
	return code
}

func products(codes []int16) string {
	var b strings.Builder
	for i, c := range codes {
		if i > 0 {
			b.WriteByte('|')
		}
		b.WriteString(strconv.Itoa(int(c)))
	}
	return b.String()
}
