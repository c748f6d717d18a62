package truth

import (
	"slices"
	"strconv"

	"miic/forecast"
	"miic/forecast/cdsi"
	"miic/internal/table"
	"miic/reports/campaign"
)

// An oracle says what a person really needs, by our own forecaster from the doses really given.
type oracle struct {
	worker   *cdsi.Worker
	campaign campaign.Campaign
	calls    map[string]bool    // vaccine groups that notices name; true: they call for one
	groups   map[int16][]string // vaccine groups of each vaccine
	observed map[string]int16   // CDSi's code by the code of a disease
}

func newOracle(s *cdsi.Schedule, c campaign.Campaign) (*oracle, error) {
	e, err := cdsi.NewEngine(s)
	if err != nil {
		return nil, err
	}
	o := &oracle{worker: e.NewWorker(), campaign: c, calls: map[string]bool{}, groups: s.GroupsByVaccine(),
		observed: map[string]int16{}}
	for _, g := range c.Beside {
		o.calls[g] = false
	}
	for _, g := range c.Groups {
		o.calls[g] = true
	}
	for _, x := range s.Observations {
		for _, c := range x.Codes {
			o.observed[c.Code] = x.Code
		}
	}
	return o, nil
}

// barred says why a person must get no notice about a vaccine group, by what has been delivered: refused, immune or
// contraindicated.
type barred map[string]string

// judge gives the notice that the person should get as of a night, by what has been delivered: recall, reminder or none,
// and what no notice may name.
func (o *oracle) judge(p *person, asOf table.Date) (kind string, bars barred) {
	night := asOf.String()
	bars = barred{}
	var needs []campaign.Need
	for _, f := range o.worker.Forecast(o.subject(p, night), forecast.DayOf(asOf)).Forecasts {
		if f.Kind != cdsi.StandardKind {
			continue
		}
		switch refused := o.refusedOn(p, f.Group, night); {
		case f.Status == cdsi.Immune:
			bars[f.Group] = "immune"
		case f.Status == cdsi.Contraindicated:
			bars[f.Group] = "contraindicated"
		case refused != 0 && int(asOf-refused) < o.campaign.RefusalDays:
			bars[f.Group] = "refused"
		}
		if f.Status == cdsi.NotComplete {
			needs = append(needs, campaign.Need{Group: f.Group, Recommended: forecast.DateOf(f.Recommended), PastDue: forecast.DateOf(f.PastDue),
				Refused: o.refusedOn(p, f.Group, night)})
		}
	}
	return o.calling(needs, p.birth, asOf), bars
}

// subject is a person as the forecaster wants to see them, by what has been delivered up to a night.
func (o *oracle) subject(p *person, night string) *cdsi.Person {
	x := &cdsi.Person{Birth: forecast.DayOf(p.birth), Sex: cdsi.Female}
	if p.male {
		x.Sex = cdsi.Male
	}
	for i := range p.doses {
		if on, cvx, ok := p.doses[i].known(night); ok {
			x.Doses = append(x.Doses, cdsi.Dose{CVX: cvx, Date: forecast.DayOf(on), Expiry: cdsi.NoDay})
		}
	}
	for _, s := range p.said {
		if code, known := o.observed[s.code]; !s.refusal && s.night <= night && known {
			x.Observations = append(x.Observations, cdsi.Observation{Code: code, Date: forecast.DayOf(s.on)})
		}
	}
	return x
}

// calling is the kind of notice that needs call for, of a person of the age for notices.
func (o *oracle) calling(needs []campaign.Need, birth, asOf table.Date) string {
	if !o.campaign.OfAge(birth, asOf) {
		return ""
	}
	named := needs[:0:0]
	for _, n := range needs {
		if calls, known := o.calls[n.Group]; known {
			n.Calls = calls
			named = append(named, n)
		}
	}
	return o.campaign.CallsFor(asOf, named)
}

// refusedOn is the day of the last refusal of a vaccine of the group, unless a dose of it came on that day or later.
func (o *oracle) refusedOn(p *person, group, night string) table.Date {
	var last table.Date
	for _, s := range p.said {
		if cvx, err := strconv.Atoi(s.code); s.refusal && s.night <= night && err == nil && slices.Contains(o.groups[int16(cvx)], group) {
			last = max(last, s.on)
		}
	}
	for i := range p.doses {
		if on, cvx, ok := p.doses[i].known(night); ok && on >= last && slices.Contains(o.groups[cvx], group) {
			return 0
		}
	}
	return last
}
