package cdsi

import (
	"fmt"
	"slices"
)

// Version returns the release of the supporting data.
func (e *Engine) Version() string { return e.version }

// NewEngine compiles a schedule. It fails when the schedule contradicts itself in a way that the
// logic could not survive; the error names the antigen, series and dose.
func NewEngine(s *Schedule) (*Engine, error) {
	c := compiler{e: &Engine{version: s.Version}, antigens: map[string]int16{}}
	if err := c.schedule(s); err != nil {
		return nil, err
	}
	return c.e, nil
}

type compiler struct {
	e        *Engine
	antigens map[string]int16
}

func (c *compiler) schedule(s *Schedule) error {
	e := c.e
	for i := range e.cvxIndex {
		e.cvxIndex[i] = -1
	}
	for i, a := range s.Antigens {
		if _, twice := c.antigens[a.Name]; twice {
			return fmt.Errorf("antigen %s occurs twice", a.Name)
		}
		c.antigens[a.Name] = int16(i)
	}
	for _, a := range s.Associations {
		i, err := c.cvx(a.CVX)
		if err != nil {
			return fmt.Errorf("vaccine map: %w", err)
		}
		n, ok := c.antigens[a.Antigen]
		if !ok {
			return fmt.Errorf("vaccine map: CVX %02d belongs to antigen %q, which has no data", a.CVX, a.Antigen)
		}
		e.assoc[i] = append(e.assoc[i], association{n, a.Ages})
	}
	for i := range e.assoc {
		slices.SortStableFunc(e.assoc[i], func(a, b association) int { return int(a.antigen) - int(b.antigen) })
	}
	if err := c.conflictTable(s.Conflicts); err != nil {
		return err
	}
	member := make([]int16, len(s.Antigens))
	for i := range member {
		member[i] = -1
	}
	for gi, g := range s.Groups {
		out := group{name: g.Name, full: g.Full}
		for _, name := range g.Antigens {
			n, ok := c.antigens[name]
			if !ok {
				return fmt.Errorf("vaccine group %s names antigen %q, which has no data", g.Name, name)
			}
			if member[n] >= 0 {
				return fmt.Errorf("antigen %s belongs to two vaccine groups", name)
			}
			member[n] = int16(gi)
			out.antigens = append(out.antigens, n)
		}
		slices.Sort(out.antigens)
		e.groups = append(e.groups, out)
	}
	e.antigens = make([]antigen, len(s.Antigens))
	for i := range s.Antigens {
		if member[i] < 0 {
			return fmt.Errorf("antigen %s belongs to no vaccine group", s.Antigens[i].Name)
		}
		e.antigens[i].group = member[i]
		if err := c.antigen(&s.Antigens[i], &e.antigens[i]); err != nil {
			return fmt.Errorf("antigen %s: %w", s.Antigens[i].Name, err)
		}
	}
	return nil
}

// cvx returns the index of a code, making one on first sight.
func (c *compiler) cvx(code int16) (int16, error) {
	e := c.e
	if code < 0 || code >= maxCVXCode {
		return 0, fmt.Errorf("CVX %d is out of range", code)
	}
	if i := e.cvxIndex[code]; i >= 0 {
		return i, nil
	}
	i := int16(len(e.cvxCode))
	if i >= maxCVX {
		return 0, fmt.Errorf("more than %d CVX codes", maxCVX)
	}
	e.cvxIndex[code] = i
	e.cvxCode = append(e.cvxCode, code)
	e.assoc = append(e.assoc, nil)
	e.liveIndex = append(e.liveIndex, -1)
	return i, nil
}

func (c *compiler) cvxes(codes []int16) (cvxSet, error) {
	var set cvxSet
	for _, code := range codes {
		i, err := c.cvx(code)
		if err != nil {
			return set, err
		}
		set.add(i)
	}
	return set, nil
}

func (c *compiler) conflictTable(rows []Conflict) error {
	e := c.e
	for _, r := range rows {
		for _, code := range [2]int16{r.Previous, r.Current} {
			i, err := c.cvx(code)
			if err != nil {
				return fmt.Errorf("vaccine conflicts: %w", err)
			}
			if e.liveIndex[i] < 0 {
				e.liveIndex[i] = int16(e.nLive)
				e.nLive++
			}
		}
	}
	e.conflicts = make([]conflict, e.nLive*e.nLive)
	for _, r := range rows {
		if !r.Begin.Given || !r.MinEnd.Given || !r.End.Given {
			return fmt.Errorf("vaccine conflicts: CVX %02d then %02d lacks an interval", r.Previous, r.Current)
		}
		p, q := e.liveIndex[e.cvxIndex[r.Previous]], e.liveIndex[e.cvxIndex[r.Current]]
		e.conflicts[int(p)*e.nLive+int(q)] = conflict{r.Begin, r.MinEnd, r.End}
	}
	return nil
}

func (c *compiler) antigen(in *Antigen, out *antigen) error {
	out.name = in.Name
	observe := func(code int16) error {
		if code < 0 || code >= maxObservation {
			return fmt.Errorf("observation %d is out of range", code)
		}
		out.observed.add(code)
		return nil
	}
	for _, code := range in.ImmuneHistory {
		if err := observe(code); err != nil {
			return err
		}
		out.history.add(code)
	}
	for _, b := range in.ImmuneBirth {
		row := birthImmunity{before: b.Before}
		if b.Country != "" {
			i := slices.Index(c.e.countries, b.Country)
			if i < 0 {
				i = len(c.e.countries)
				c.e.countries = append(c.e.countries, b.Country)
			}
			row.country = int16(i + 1)
		}
		for _, code := range b.Except {
			if err := observe(code); err != nil {
				return err
			}
			row.except.add(code)
		}
		out.births = append(out.births, row)
	}
	for _, x := range in.Contraindications {
		if err := observe(x.Code); err != nil {
			return err
		}
		out.contra = append(out.contra, x)
	}
	for _, x := range in.VaccineContra {
		if err := observe(x.Code); err != nil {
			return err
		}
		i, err := c.cvx(x.CVX)
		if err != nil {
			return err
		}
		out.vaccines = append(out.vaccines, vaccineContra{x.Code, i, x.Ages})
	}
	out.series = make([]series, len(in.Series))
	for i := range in.Series {
		s := &out.series[i]
		s.order = i
		if err := c.series(&in.Series[i], s, out, observe); err != nil {
			return fmt.Errorf("series %q: %w", in.Series[i].Name, err)
		}
	}
	// A Completed Series condition looks at a lower group, so lower groups are evaluated first.
	slices.SortStableFunc(out.series, func(a, b series) int { return a.number - b.number })
	for i, s := range out.series {
		if n := len(out.byGroup); n > 0 && out.byGroup[n-1].number == s.number {
			out.byGroup[n-1].to = i + 1
		} else {
			out.byGroup = append(out.byGroup, span{s.number, i, i + 1})
		}
	}
	return nil
}

func (c *compiler) series(in *Series, out *series, a *antigen, observe func(int16) error) error {
	out.name, out.kind, out.number, out.equivalent = in.Name, in.Type, in.Group, in.Equivalent
	out.isDefault, out.productPath = in.Default, in.ProductPath
	out.priority, out.start = in.Priority, in.Start
	out.preference = in.Preference
	if out.preference == 0 {
		out.preference = 1 << 30
	}
	for _, sex := range in.Sexes {
		out.sexes |= 1 << sex
	}
	for _, x := range in.Indications {
		if err := observe(x.Code); err != nil {
			return err
		}
		out.indications = append(out.indications, x)
	}
	if len(in.Doses) == 0 {
		return fmt.Errorf("it has no doses")
	}
	if len(in.Doses) >= noTarget {
		return fmt.Errorf("it has %d doses", len(in.Doses))
	}
	out.doses = make([]targetDose, len(in.Doses))
	for i := range in.Doses {
		if err := c.dose(&in.Doses[i], &out.doses[i], a, observe); err != nil {
			return fmt.Errorf("dose %d: %w", i+1, err)
		}
		for _, iv := range in.Doses[i].Intervals {
			if iv.FromTarget > len(in.Doses) {
				return fmt.Errorf("dose %d: interval from target dose %d, which the series does not have", i+1, iv.FromTarget)
			}
		}
		for _, sk := range in.Doses[i].Skips {
			for _, set := range sk.Sets {
				for _, cond := range set.Conditions {
					for _, g := range cond.Groups {
						if cond.Type == CompletedSeries && g >= in.Group {
							return fmt.Errorf("dose %d: skip asks whether series group %d is complete, which is not before its own group %d",
								i+1, g, in.Group)
						}
					}
				}
			}
		}
	}
	return nil
}

func (c *compiler) dose(in *SeriesDose, out *targetDose, a *antigen, observe func(int16) error) error {
	out.ages, out.recurring, out.season = in.Ages, in.Recurring, in.Season
	var err error
	if out.intervals, err = c.intervals(in.Intervals, a, observe); err != nil {
		return err
	}
	if out.allowable, err = c.intervals(in.Allowable, a, observe); err != nil {
		return err
	}
	for _, v := range in.Preferable {
		i, err := c.cvx(v.CVX)
		if err != nil {
			return err
		}
		row := vaccine{i, v.Ages, v.TradeName, v.MVX}
		out.preferable.add(i)
		out.prefRows = append(out.prefRows, row)
		if v.Forecast {
			out.products = append(out.products, row)
		}
		if live := c.e.liveIndex[i]; live >= 0 && !slices.Contains(out.conflicts, live) {
			out.conflicts = append(out.conflicts, live)
			for code, idx := range c.e.cvxIndex {
				if idx >= 0 && c.e.liveIndex[idx] >= 0 && c.e.conflicts[int(c.e.liveIndex[idx])*c.e.nLive+int(live)].end.Given {
					a.outside.add(c.e.cvxIndex[code])
				}
			}
		}
	}
	for _, v := range in.Allowed {
		i, err := c.cvx(v.CVX)
		if err != nil {
			return err
		}
		out.allowed.add(i)
		if v.Ages == (Ages{}) {
			out.allowedAny.add(i)
		} else {
			out.allowRows = append(out.allowRows, vaccine{cvx: i, ages: v.Ages})
		}
	}
	if out.inadvertent, err = c.cvxes(in.Inadvertent); err != nil {
		return err
	}
	out.hasInadv = len(in.Inadvertent) > 0
	for _, sk := range in.Skips {
		block := skip{context: sk.Context, all: sk.All}
		out.contexts |= sk.Context
		for _, set := range sk.Sets {
			s := skipSet{all: set.All, valid: set.Valid}
			for _, cond := range set.Conditions {
				cc := condition{Condition: cond, anyCVX: len(cond.CVX) == 0}
				if cc.cvx, err = c.cvxes(cond.CVX); err != nil {
					return err
				}
				s.conditions = append(s.conditions, cc)
			}
			block.sets = append(block.sets, s)
		}
		out.skips = append(out.skips, block)
	}
	return nil
}

func (c *compiler) intervals(in []Interval, a *antigen, observe func(int16) error) ([]interval, error) {
	var out []interval
	for _, iv := range in {
		set, err := c.cvxes(iv.FromRecent)
		if err != nil {
			return nil, err
		}
		a.outside.union(&set)
		if iv.FromObservation != 0 {
			if err := observe(iv.FromObservation); err != nil {
				return nil, err
			}
		}
		out = append(out, interval{iv, set})
	}
	return out, nil
}
