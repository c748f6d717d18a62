package truth

import (
	"cmp"
	"slices"

	"miic/forecast"
	"miic/forecast/cdsi"
	"miic/internal/table"
	"miic/reports/measure"
)

// measured is a person as a measure asks, by what has been delivered.
func (o *oracle) measured(p *person, asOf table.Date, known *measure.Known) *measure.Person {
	night := asOf.String()
	x := o.subject(p, night)
	number := map[string]int{}
	for i, a := range known.Antigens() {
		number[a] = i
	}
	out := &measure.Person{Birth: p.birth, Doses: make([][]measure.Dose, len(number)), Tonight: make([]measure.Standing, len(known.Groups)),
		Then: map[measure.Age][]measure.Standing{}}
	result := o.worker.Forecast(x, forecast.DayOf(asOf))
	flu := map[int]bool{}
	for _, e := range result.Evaluations {
		if e.Status == cdsi.SubStandard {
			continue
		}
		d := x.Doses[e.Dose]
		flu[e.Dose] = flu[e.Dose] || e.Group == "Influenza"
		out.Doses[number[e.Antigen]] = append(out.Doses[number[e.Antigen]],
			measure.Dose{On: forecast.DateOf(d.Date), CVX: d.CVX, Valid: e.Status == cdsi.Valid})
	}
	for _, list := range out.Doses {
		slices.SortStableFunc(list, func(a, b measure.Dose) int { return cmp.Compare(a.On, b.On) })
	}
	for i, d := range x.Doses {
		if on := forecast.DateOf(d.Date); on >= p.birth {
			out.Given = append(out.Given, measure.Given{On: on, Flu: flu[i]})
		}
	}
	for _, f := range result.Forecasts {
		if at := slices.IndexFunc(known.Groups, func(g measure.Group) bool { return g.Name == f.Group }); f.Kind == cdsi.StandardKind && at >= 0 {
			out.Tonight[at].State = stateOf(f.Status)
		}
	}
	for _, kept := range known.Kept {
		if at := kept.At.Of(p.birth); at <= asOf && kept.Until.Of(p.birth) > asOf {
			out.Then[kept.At] = o.then(x, at, known)
		}
	}
	return out
}

// then is how far the person was in each group on an earlier day, by the doses given and what was known by then.
func (o *oracle) then(x *cdsi.Person, at table.Date, known *measure.Known) []measure.Standing {
	day := forecast.DayOf(at)
	by := *x
	by.Doses, by.Observations = nil, nil
	for _, d := range x.Doses {
		if d.Date <= day {
			by.Doses = append(by.Doses, d)
		}
	}
	for _, s := range x.Observations {
		if s.Date <= day {
			by.Observations = append(by.Observations, s)
		}
	}
	result := o.worker.Forecast(&by, day)
	list := make([]measure.Standing, len(known.Groups))
	for i, g := range known.Groups {
		for _, f := range result.Forecasts {
			if f.Group == g.Name && f.Kind == cdsi.StandardKind {
				list[i].State = stateOf(f.Status)
			}
		}
		for k, antigen := range g.Antigens {
			valid := map[int]bool{}
			for _, e := range result.Evaluations {
				if e.Antigen == antigen && e.Status == cdsi.Valid {
					valid[e.Dose] = true
				}
			}
			if k == 0 || len(valid) < list[i].Doses {
				list[i].Doses = len(valid)
			}
		}
	}
	return list
}

// stateOf is what a measure asks of a status.
func stateOf(s cdsi.Status) measure.State {
	switch s {
	case cdsi.Complete:
		return measure.Complete
	case cdsi.Immune:
		return measure.Immune
	}
	return 0
}
