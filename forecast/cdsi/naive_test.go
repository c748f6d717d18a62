package cdsi_test

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"miic/forecast/cdsi"
)

// A second implementation of the logic, written from the text for reading only: it walks the schedule as it is, copies
// target doses where the text does, uses the calendar of package time, and remembers nothing. The differential test
// holds the engine against it.

type nDate = time.Time

func nDay(d cdsi.Day) nDate {
	if d == cdsi.NoDay {
		return nDate{}
	}
	return time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(d))
}

func back(d nDate) cdsi.Day {
	if d.IsZero() {
		return cdsi.NoDay
	}
	return cdsi.Day(d.Sub(time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}

// nAdd adds a duration; a missing one, or a missing date, gives the zero date.
func nAdd(d nDate, u cdsi.Duration) nDate {
	if d.IsZero() || !u.Given {
		return nDate{}
	}
	first := time.Date(d.Year(), d.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, int(u.Months), 0)
	out := first.AddDate(0, 0, d.Day()-1)
	if out.Month() != first.Month() {
		out = first.AddDate(0, 1, 0)
	}
	return out.AddDate(0, 0, int(u.Days))
}

func latest(ds ...nDate) nDate {
	var out nDate
	for _, d := range ds {
		if !d.IsZero() && (out.IsZero() || d.After(out)) {
			out = d
		}
	}
	return out
}

func earliest(ds ...nDate) nDate {
	var out nDate
	for _, d := range ds {
		if !d.IsZero() && (out.IsZero() || d.Before(out)) {
			out = d
		}
	}
	return out
}

func less(a, b nDate) bool { return a.Before(b) }

// inAges: begin age <= date < end age; missing sides are 1900 and 2999.
func inAges(birth nDate, a cdsi.Ages, d nDate) bool {
	if b := nAdd(birth, a.Begin); !b.IsZero() && less(d, b) {
		return false
	}
	if e := nAdd(birth, a.End); !e.IsZero() && !less(d, e) {
		return false
	}
	return true
}

func inForce(v cdsi.Validity, d nDate) bool {
	return (v.From == cdsi.NoDay || !less(d, nDay(v.From))) && (v.Until == cdsi.NoDay || !nDay(v.Until).Before(d))
}

type nDose struct {
	index int
	cvx   int16
	date  nDate
	src   cdsi.Dose
}

// bad is why a dose cannot count at all.
func (d nDose) bad() (why cdsi.ReasonSet) {
	if d.src.Expiry != cdsi.NoDay && nDay(d.src.Expiry).Before(d.date) {
		why |= cdsi.LotExpired
	}
	if d.src.Condition {
		why |= cdsi.ConditionReported
	}
	return why
}

type nEval struct {
	status  cdsi.Status
	reasons cdsi.ReasonSet
	target  int // dose number
}

// nTarget is a target dose: a series dose with a status of its own.
type nTarget struct {
	number  int
	def     *cdsi.SeriesDose
	state   string // "", "satisfied", "skipped"
	givenOn nDate
}

type nSeries struct {
	def     *cdsi.Series
	order   int
	targets []nTarget
	at      int
	recs    []nDose // antigen records, as the series takes them
	evals   []nEval // by record

	status                    cdsi.Status
	earliest, rec, past, last nDate
	priority                  bool
}

func (s *nSeries) satisfied() (n int) {
	for _, t := range s.targets {
		if t.state == "satisfied" {
			n++
		}
	}
	return n
}

func (s *nSeries) next() *nTarget {
	if s.at >= len(s.targets) {
		return nil
	}
	return &s.targets[s.at]
}

type naive struct {
	s      *cdsi.Schedule
	p      *cdsi.Person
	birth  nDate
	asOf   nDate
	all    []nDose
	rules  []cdsi.Conflict // those that follow a vaccine given
	result cdsi.Result

	recs   []nDose // of the antigen in hand
	series []*nSeries
}

func naiveForecast(s *cdsi.Schedule, p *cdsi.Person, asOf cdsi.Day) cdsi.Result {
	n := &naive{s: s, p: p, birth: nDay(p.Birth), asOf: nDay(asOf)}
	if p.Birth == cdsi.NoDay {
		n.result.Held = []cdsi.HeldDose{{Dose: -1, Why: cdsi.NoBirthDate}}
		return n.result
	}
	for i, d := range p.Doses {
		mapped := slices.ContainsFunc(s.Associations, func(a cdsi.Association) bool { return a.CVX == d.CVX })
		switch {
		case d.Date == cdsi.NoDay:
			n.result.Held = append(n.result.Held, cdsi.HeldDose{Dose: i, Why: cdsi.NoDoseDate})
			continue
		case nDay(d.Date).Before(n.birth):
			n.result.Held = append(n.result.Held, cdsi.HeldDose{Dose: i, Why: cdsi.BeforeBirth})
			continue
		case !mapped:
			n.result.Held = append(n.result.Held, cdsi.HeldDose{Dose: i, Why: cdsi.UnknownVaccine})
		}
		n.all = append(n.all, nDose{i, d.CVX, nDay(d.Date), d})
	}
	slices.SortStableFunc(n.all, func(a, b nDose) int {
		return cmp.Or(a.date.Compare(b.date), cmp.Compare(a.bad(), b.bad()), cmp.Compare(a.cvx, b.cvx),
			cmp.Compare(a.src.MVX, b.src.MVX), cmp.Compare(a.src.TradeName, b.src.TradeName),
			cmp.Compare(a.src.Expiry, b.src.Expiry))
	})

	for _, c := range s.Conflicts {
		if slices.ContainsFunc(n.all, func(d nDose) bool { return d.cvx == c.Previous }) {
			n.rules = append(n.rules, c)
		}
	}

	type bestOf struct {
		antigen string
		list    []*nSeries
	}
	var bests []bestOf
	for i := range s.Antigens {
		best, prior := n.antigen(&s.Antigens[i])
		bests = append(bests, bestOf{s.Antigens[i].Name, best})
		n.evaluations(&s.Antigens[i], best, prior)
	}
	sort.SliceStable(n.result.Evaluations, func(i, j int) bool {
		return n.result.Evaluations[i].Dose < n.result.Evaluations[j].Dose
	})
	for _, g := range s.Groups {
		for _, kind := range []cdsi.Kind{cdsi.StandardKind, cdsi.RiskKind} {
			var members []nMember
			for _, b := range bests {
				if !slices.Contains(g.Antigens, b.antigen) {
					continue
				}
				var of []*nSeries
				for _, st := range b.list {
					if (st.def.Type == cdsi.Risk) == (kind == cdsi.RiskKind) {
						of = append(of, st)
					}
				}
				if len(of) > 0 {
					members = append(members, nMember{b.antigen, foldSeveral(of)})
				}
			}
			if len(members) > 0 {
				n.result.Forecasts = append(n.result.Forecasts, n.group(g, kind, members))
			}
		}
	}
	return n.result
}

type nMember struct {
	antigen string
	st      *nSeries
}

// foldSeveral: Not Complete wins over Complete, Complete over Contraindicated, that over Aged Out; of several Not
// Complete the earliest.
func foldSeveral(of []*nSeries) *nSeries {
	order := []cdsi.Status{cdsi.NotComplete, cdsi.Complete, cdsi.Immune, cdsi.Contraindicated, cdsi.AgedOut,
		cdsi.NotRecommended}
	for _, status := range order {
		var win *nSeries
		for _, st := range of {
			if st.status == status && (win == nil || status == cdsi.NotComplete && back(st.earliest) < back(win.earliest)) {
				win = st
			}
		}
		if win != nil {
			return win
		}
	}
	return nil
}

func (n *naive) observed(code int16) bool {
	return slices.ContainsFunc(n.p.Observations, func(o cdsi.Observation) bool { return o.Code == code })
}

func (n *naive) indicated(x cdsi.Indication) bool {
	return n.observed(x.Code) && inAges(n.birth, x.Ages, n.asOf)
}

func (n *naive) antigen(a *cdsi.Antigen) (best, prior []*nSeries) {
	n.recs, n.series = nil, nil
	for _, d := range n.all {
		for _, as := range n.s.Associations {
			if as.CVX == d.cvx && as.Antigen == a.Name && inAges(n.birth, as.Ages, d.date) {
				n.recs = append(n.recs, d)
			}
		}
	}
	immune := slices.ContainsFunc(a.ImmuneHistory, n.observed)
	for _, b := range a.ImmuneBirth {
		if n.birth.Before(nDay(b.Before)) && !slices.ContainsFunc(b.Except, n.observed) && (b.Country == "" ||
			b.Country == n.p.Country) {
			immune = true
		}
	}
	contra := slices.ContainsFunc(a.Contraindications, n.indicated)
	forbidden := map[int16]bool{}
	for _, v := range a.VaccineContra {
		if n.indicated(cdsi.Indication{Code: v.Code, Ages: v.Ages}) {
			forbidden[v.CVX] = true
		}
	}
	numbers := map[int]bool{}
	var ascending []int
	for i := range a.Series {
		if g := a.Series[i].Group; !numbers[g] {
			numbers[g] = true
			ascending = append(ascending, g)
		}
	}
	slices.Sort(ascending)
	for _, g := range ascending {
		for i := range a.Series {
			def := &a.Series[i]
			if def.Group != g || len(def.Sexes) > 0 && !slices.Contains(def.Sexes, n.p.Sex) {
				continue
			}
			if def.Type == cdsi.Risk && !slices.ContainsFunc(def.Indications, n.indicated) {
				continue
			}
			st := &nSeries{def: def, order: i}
			for k := range def.Doses {
				st.targets = append(st.targets, nTarget{number: k + 1, def: &def.Doses[k]})
			}
			n.series = append(n.series, st)
			n.evaluate(st)
			n.plan(st, immune, contra, forbidden)
		}
	}
	for _, g := range ascending {
		var members []*nSeries
		for _, st := range n.series {
			if st.def.Group == g {
				members = append(members, st)
			}
		}
		if p := n.prioritised(members); p != nil {
			prior = append(prior, p)
		}
	}
	for _, p := range prior {
		equivalentHas := func(test func(*nSeries) bool) bool {
			return slices.ContainsFunc(prior, func(q *nSeries) bool {
				return q != p && slices.Contains(p.def.Equivalent, q.def.Group) && test(q)
			})
		}
		switch {
		case p.status == cdsi.Complete:
			best = append(best, p)
		case equivalentHas(func(q *nSeries) bool { return q.status == cdsi.Complete }):
		case p.def.Type == cdsi.EvaluationOnly:
		case p.def.Type == cdsi.Risk:
			best = append(best, p)
		case !equivalentHas(func(q *nSeries) bool { return q.def.Type == cdsi.Risk }):
			best = append(best, p)
		}
	}
	return best, prior
}
