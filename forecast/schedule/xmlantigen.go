package schedule

import (
	"fmt"
	"strconv"
	"strings"

	"miic/forecast/cdsi"
)

// antigen reads an antigen file. Its name in the schedule is the targetDisease of its series: file names abbreviate.
func (x *xmlReader) antigen(root *node) error {
	a := cdsi.Antigen{}
	for _, n := range root.all("immunity") {
		if err := x.immunity(n, &a); err != nil {
			return err
		}
	}
	for _, n := range root.all("contraindications") {
		if err := x.contraindications(n, &a); err != nil {
			return err
		}
	}
	for i, n := range root.all("series") {
		x.place = fmt.Sprintf("series %d", i+1)
		f := fields{n: n}
		disease := f.required("targetDisease")
		if f.err != nil {
			return f.err
		}
		if a.Name == "" {
			a.Name = disease
		} else if a.Name != disease {
			return fmt.Errorf("element series/targetDisease: %q in a file of %q", disease, a.Name)
		}
		s, err := x.series(n)
		if err != nil {
			return err
		}
		a.Series = append(a.Series, s)
	}
	if other, twice := x.from.antigens[a.Name]; twice {
		return fmt.Errorf("element series/targetDisease: %q is the antigen of file %s", a.Name, other)
	}
	x.from.antigens[a.Name] = x.file
	x.s.Antigens = append(x.s.Antigens, a)
	return nil
}

func (x *xmlReader) immunity(n *node, a *cdsi.Antigen) error {
	for _, h := range n.all("clinicalHistory") {
		h.ignore("guidelineTitle")
		f := fields{n: h}
		a.ImmuneHistory = append(a.ImmuneHistory, f.code("guidelineCode"))
		if f.err != nil {
			return f.err
		}
	}
	for _, b := range n.all("dateOfBirth") {
		f := fields{n: b}
		row := cdsi.BirthImmunity{Before: f.day("immunityBirthDate"), Country: b.value("birthCountry")}
		for _, e := range b.all("exclusion") {
			e.ignore("exclusionTitle")
			g := fields{n: e}
			row.Except = append(row.Except, g.code("exclusionCode"))
			f.fail("exclusion", g.err)
		}
		if row.Before == cdsi.NoDay {
			f.fail("immunityBirthDate", fmt.Errorf("no value"))
		}
		if f.err != nil {
			return f.err
		}
		a.ImmuneBirth = append(a.ImmuneBirth, row)
	}
	return nil
}

func (x *xmlReader) contraindications(n *node, a *cdsi.Antigen) error {
	for _, g := range n.all("vaccineGroup") {
		for i, c := range g.all("contraindication") {
			x.place = fmt.Sprintf("contraindications: vaccineGroup: contraindication %d", i+1)
			c.ignore("observationTitle", "contraindicationText", "contraindicationGuidance")
			f := fields{n: c}
			a.Contraindications = append(a.Contraindications,
				cdsi.Indication{Code: f.code("observationCode"), Ages: f.ages("beginAge", "endAge")})
			if f.err != nil {
				return f.err
			}
		}
	}
	for _, g := range n.all("vaccine") {
		for i, c := range g.all("contraindication") {
			x.place = fmt.Sprintf("contraindications: vaccine: contraindication %d", i+1)
			c.ignore("observationTitle", "contraindicationText", "contraindicationGuidance")
			f := fields{n: c}
			code := f.code("observationCode")
			for _, v := range c.all("contraindicatedVaccine") {
				v.ignore("vaccineType")
				h := fields{n: v}
				a.VaccineContra = append(a.VaccineContra, cdsi.VaccineContraindication{Code: code, CVX: h.code("cvx"),
					Ages: h.ages("beginAge", "endAge")})
				f.fail("contraindicatedVaccine", h.err)
			}
			if f.err != nil {
				return f.err
			}
		}
	}
	return nil
}

func (x *xmlReader) series(n *node) (cdsi.Series, error) {
	f := fields{n: n}
	n.ignore("seriesAdminGuidance")
	s := cdsi.Series{Name: f.required("seriesName"), VaccineGrp: f.required("vaccineGroup")}
	x.place = fmt.Sprintf("series %q", s.Name)
	s.Type = cdsi.SeriesType(f.word("seriesType", "Standard", "Risk", "Evaluation Only"))
	for _, part := range strings.FieldsFunc(n.value("equivalentSeriesGroups"), func(r rune) bool {
		return r == ';' ||
			r == ','
	}) {
		g, err := strconv.Atoi(strings.TrimSpace(part))
		f.fail("equivalentSeriesGroups", err)
		s.Equivalent = append(s.Equivalent, g)
	}
	for _, g := range n.all("requiredGender") {
		switch strings.ToLower(g.text) {
		case "female":
			s.Sexes = append(s.Sexes, cdsi.Female)
		case "male":
			s.Sexes = append(s.Sexes, cdsi.Male)
		case "unknown":
			s.Sexes = append(s.Sexes, cdsi.Unknown)
		default:
			f.fail("requiredGender", fmt.Errorf("%q is none of Female, Male, Unknown", g.text))
		}
	}
	sel := n.all("selectSeries")[0] // it is there: see shapes
	sel.ignore("seriesGroupName")
	g := fields{n: sel}
	s.Default = g.word("defaultSeries", "No", "Yes") == 1
	s.ProductPath = g.word("productPath", "No", "Yes") == 1
	s.Group = g.number("seriesGroup")
	if p := sel.value("seriesPriority"); len(p) == 1 && p[0] >= 'A' && p[0] <= 'Z' {
		s.Priority = p[0]
	} else {
		g.fail("seriesPriority", fmt.Errorf("%q is not a letter", p))
	}
	s.Preference = g.number("seriesPreference")
	s.Start = g.ages("minAgeToStart", "maxAgeToStart")
	f.fail("selectSeries", g.err)
	for _, i := range n.all("indication") {
		i.ignore("description", "guidance")
		h := fields{n: i}
		ind := cdsi.Indication{Ages: h.ages("beginAge", "endAge")}
		for _, c := range i.all("observationCode") {
			c.ignore("text")
			k := fields{n: c}
			ind.Code = k.code("code")
			h.fail("observationCode", k.err)
		}
		s.Indications = append(s.Indications, ind)
		f.fail("indication", h.err)
	}
	if f.err != nil {
		return s, f.err
	}
	for i, d := range n.all("seriesDose") {
		x.place = fmt.Sprintf("series %q dose %d", s.Name, i+1)
		if want, got := "Dose "+strconv.Itoa(i+1), d.value("doseNumber"); got != want {
			return s, fmt.Errorf("element seriesDose/doseNumber: %q where %q was expected", got, want)
		}
		dose, err := x.dose(d)
		if err != nil {
			return s, err
		}
		s.Doses = append(s.Doses, dose)
	}
	return s, nil
}

func (x *xmlReader) dose(n *node) (cdsi.SeriesDose, error) {
	var d cdsi.SeriesDose
	f := fields{n: n}
	n.ignore("doseNumber")
	for _, r := range n.all("age") {
		g := fields{n: r}
		d.Ages = append(d.Ages, cdsi.AgeRow{
			AbsMin: g.duration("absMinAge"), Min: g.duration("minAge"), EarliestRec: g.duration("earliestRecAge"),
			LatestRec: g.duration("latestRecAge"), Max: g.duration("maxAge"),
			Valid: g.validity("effectiveDate", "cessationDate")})
		f.fail("age", g.err)
	}
	for _, r := range n.all("interval") {
		iv, err := x.interval(r)
		f.fail("interval", err)
		d.Intervals = append(d.Intervals, iv)
	}
	for _, r := range n.all("allowableInterval") {
		iv, err := x.interval(r)
		f.fail("allowableInterval", err)
		d.Allowable = append(d.Allowable, iv)
	}
	for _, r := range n.all("preferableVaccine") {
		r.ignore("vaccineType")
		g := fields{n: r}
		d.Preferable = append(d.Preferable, cdsi.Vaccine{
			CVX: g.code("cvx"), Ages: g.ages("beginAge", "endAge"), TradeName: r.value("tradeName"), MVX: r.value("mvx"),
			Volume: r.value("volume"), Forecast: g.word("forecastVaccineType", "N", "Y") == 1})
		f.fail("preferableVaccine", g.err)
	}
	for _, r := range n.all("allowableVaccine") {
		r.ignore("vaccineType")
		g := fields{n: r}
		d.Allowed = append(d.Allowed, cdsi.Vaccine{CVX: g.code("cvx"), Ages: g.ages("beginAge", "endAge")})
		f.fail("allowableVaccine", g.err)
	}
	for _, r := range n.all("inadvertentVaccine") {
		r.ignore("vaccineType")
		g := fields{n: r}
		d.Inadvertent = append(d.Inadvertent, g.code("cvx"))
		f.fail("inadvertentVaccine", g.err)
	}
	for _, r := range n.all("conditionalSkip") {
		sk, err := x.skip(r)
		f.fail("conditionalSkip", err)
		d.Skips = append(d.Skips, sk)
	}
	d.Recurring = f.word("recurringDose", "No", "Yes") == 1
	d.Season = cdsi.Validity{From: cdsi.NoDay, Until: cdsi.NoDay}
	for _, r := range n.all("seasonalRecommendation") {
		g := fields{n: r}
		d.Season = g.validity("startDate", "endDate")
		f.fail("seasonalRecommendation", g.err)
	}
	return d, f.err
}

func (x *xmlReader) interval(n *node) (cdsi.Interval, error) {
	f := fields{n: n}
	iv := cdsi.Interval{
		FromPrevious: f.word("fromPrevious", "", "N", "Y") == 2, FromTarget: f.number("fromTargetDose"),
		FromRecent: f.codes("fromMostRecent"),
		AbsMin:     f.duration("absMinInt"), Min: f.duration("minInt"), EarliestRec: f.duration("earliestRecInt"),
		LatestRec: f.duration("latestRecInt"),
		Priority:  f.word("intervalPriority", "", "N", "override", "Y") >= 2,
		Valid:     f.validity("effectiveDate", "cessationDate")}
	for _, o := range n.all("fromRelevantObs") {
		o.ignore("text")
		g := fields{n: o}
		iv.FromObservation = g.code("code")
		f.fail("fromRelevantObs", g.err)
	}
	return iv, f.err
}

func (x *xmlReader) skip(n *node) (cdsi.Skip, error) {
	f := fields{n: n}
	sk := cdsi.Skip{Context: [...]cdsi.Context{cdsi.Both, cdsi.InEvaluation,
		cdsi.InForecast}[f.word("context", "Both", "Evaluation", "Forecast")],
		All: f.word("setLogic", "", "OR", "AND") == 2}
	for _, r := range n.all("set") {
		r.ignore("setID", "setDescription")
		g := fields{n: r}
		set := cdsi.SkipSet{All: g.word("conditionLogic", "", "OR", "AND") == 2,
			Valid: g.validity("effectiveDate", "cessationDate")}
		for _, c := range r.all("condition") {
			cond, err := x.condition(c)
			g.fail("condition", err)
			set.Conditions = append(set.Conditions, cond)
		}
		switch logic := r.value("conditionLogic"); {
		case len(set.Conditions) > 1 && logic == "":
			g.fail("conditionLogic", fmt.Errorf("empty, though there are several conditions"))
		case len(set.Conditions) == 1 && logic != "":
			x.note("a single skip condition carries %s: it means nothing", logic)
		}
		f.fail("set", g.err)
		sk.Sets = append(sk.Sets, set)
	}
	switch logic := n.value("setLogic"); {
	case len(sk.Sets) > 1 && logic == "":
		f.fail("setLogic", fmt.Errorf("empty, though there are several sets"))
	case len(sk.Sets) == 1 && logic != "":
		x.note("a single skip set carries %s: it means nothing", logic)
	}
	return sk, f.err
}

func (x *xmlReader) condition(n *node) (cdsi.Condition, error) {
	n.ignore("conditionID")
	f := fields{n: n}
	c := cdsi.Condition{Ages: f.ages("beginAge", "endAge"), Interval: f.duration("interval"), Start: f.day("startDate"),
		End:   f.day("endDate"),
		Count: f.number("doseCount"), CVX: f.codes("vaccineTypes")}
	for _, g := range f.codes("seriesGroups") {
		c.Groups = append(c.Groups, int(g))
	}
	kind := f.word("conditionType", "Age", "Completed Series", "Interval", "Vaccine Count by Age", "Vaccine Count by Date",
		"Vaccine Count by Date and Age", "Vaccine Count by Age and Date")
	c.Type = cdsi.ConditionType(min(kind, int(cdsi.CountDoses)))
	if kind > int(cdsi.CountDoses) && c.Start == cdsi.NoDay && c.End == cdsi.NoDay {
		f.fail("startDate", fmt.Errorf("neither it nor endDate has a value"))
	}
	switch c.Type {
	case cdsi.ByAge:
		if !c.Ages.Begin.Given && !c.Ages.End.Given {
			f.fail("beginAge", fmt.Errorf("neither it nor endAge has a value"))
		}
	case cdsi.CountDoses:
		f.required("doseCount")
		c.ValidOnly = f.word("doseType", "Total", "Valid") == 1
		c.Comparison = cdsi.Comparison(f.word("doseCountLogic", "greater than", "equal to", "less than"))
	case cdsi.CompletedSeries:
		f.required("seriesGroups")
	case cdsi.ByInterval:
		f.required("interval")
	}
	return c, f.err
}
