package cdsi_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"miic/forecast/cases"
	"miic/forecast/cdsi"
	"miic/internal/testdata"
)

// bends are rules that a changed schedule takes away.
var bends = map[string]func(*cdsi.Schedule){
	"plan by minimum, not absolute minimum": eachDose(func(d *cdsi.SeriesDose) {
		for i := range d.Ages {
			d.Ages[i].Min = d.Ages[i].AbsMin
		}
		for i := range d.Intervals {
			d.Intervals[i].Min = d.Intervals[i].AbsMin
		}
	}),
	"grace when judging": eachDose(func(d *cdsi.SeriesDose) {
		for i := range d.Ages {
			d.Ages[i].AbsMin = d.Ages[i].Min
		}
		for i := range d.Intervals {
			d.Intervals[i].AbsMin = d.Intervals[i].Min
		}
	}),
	"past due is the day before": eachDose(func(d *cdsi.SeriesDose) {
		for i := range d.Ages {
			d.Ages[i].LatestRec.Days++
		}
		for i := range d.Intervals {
			d.Intervals[i].LatestRec.Days++
		}
	}),
	"allowable vaccines count":  eachDose(func(d *cdsi.SeriesDose) { d.Allowed = nil }),
	"preferable vaccines count": eachDose(func(d *cdsi.SeriesDose) { d.Preferable = nil }),
	"allowable intervals count": eachDose(func(d *cdsi.SeriesDose) { d.Allowable = nil }),
	"inadvertent vaccines":      eachDose(func(d *cdsi.SeriesDose) { d.Inadvertent = nil }),
	"doses recur":               eachDose(func(d *cdsi.SeriesDose) { d.Recurring = false }),
	"a recurring dose recurs at any place": eachSeries(func(s *cdsi.Series) {
		for i := range s.Doses[:len(s.Doses)-1] {
			s.Doses[i].Recurring = false
		}
	}),
	"vaccines are checked": func(s *cdsi.Schedule) {
		any := map[string][]cdsi.Vaccine{}
		for _, a := range s.Associations {
			any[a.Antigen] = append(any[a.Antigen], cdsi.Vaccine{CVX: a.CVX})
		}
		for i := range s.Antigens {
			for k := range s.Antigens[i].Series {
				for d := range s.Antigens[i].Series[k].Doses {
					s.Antigens[i].Series[k].Doses[d].Allowed = any[s.Antigens[i].Name]
				}
			}
		}
	},
	"series groups count for one another in one direction": eachAntigen(func(a *cdsi.Antigen) {
		type pair struct{ group, standIn int }
		var back []pair
		for _, s := range a.Series {
			for _, g := range s.Equivalent {
				back = append(back, pair{g, s.Group})
			}
		}
		for i := range a.Series {
			for _, p := range back {
				if s := &a.Series[i]; s.Group == p.group && !slices.Contains(s.Equivalent, p.standIn) {
					s.Equivalent = append(s.Equivalent, p.standIn)
				}
			}
		}
	}),
	"seasons start": eachDose(func(d *cdsi.SeriesDose) { d.Season.From = cdsi.NoDay }),
	"skips":         eachDose(func(d *cdsi.SeriesDose) { d.Skips = nil }),
	"maximum age": eachDose(func(d *cdsi.SeriesDose) {
		eachAge(d,
			func(r *cdsi.AgeRow) { r.Max = cdsi.Duration{} })
	}),
	"age rows have dates": eachDose(func(d *cdsi.SeriesDose) {
		eachAge(d,
			func(r *cdsi.AgeRow) { r.Valid = always })
	}),
	"intervals have dates":           eachInterval(func(iv *cdsi.Interval) { iv.Valid = always }),
	"intervals from recent vaccines": eachInterval(func(iv *cdsi.Interval) { clearIf(iv, len(iv.FromRecent) > 0) }),
	"intervals from observations":    eachInterval(func(iv *cdsi.Interval) { clearIf(iv, iv.FromObservation > 0) }),
	"intervals from target doses":    eachInterval(func(iv *cdsi.Interval) { clearIf(iv, iv.FromTarget > 0) }),
	"intervals from previous doses":  eachInterval(func(iv *cdsi.Interval) { clearIf(iv, iv.FromPrevious) }),
	"priority intervals":             eachInterval(func(iv *cdsi.Interval) { iv.Priority = false }),
	"skips know their context": eachDose(func(d *cdsi.SeriesDose) {
		for i := range d.Skips {
			d.Skips[i].Context = cdsi.Both
		}
	}),
	"skips by age":              eachCondition(cdsi.ByAge),
	"skips by completed series": eachCondition(cdsi.CompletedSeries),
	"skips by interval":         eachCondition(cdsi.ByInterval),
	"skips by count":            eachCondition(cdsi.CountDoses),
	"vaccines have ages": eachDose(func(d *cdsi.SeriesDose) {
		for i := range d.Preferable {
			d.Preferable[i].Ages = cdsi.Ages{}
		}
		for i := range d.Allowed {
			d.Allowed[i].Ages = cdsi.Ages{}
		}
	}),
	"maximum age to start":                eachSeries(func(s *cdsi.Series) { s.Start.End = cdsi.Duration{} }),
	"minimum age to start":                eachSeries(func(s *cdsi.Series) { s.Start.Begin = cdsi.Duration{} }),
	"series groups count for one another": eachSeries(func(s *cdsi.Series) { s.Equivalent = nil }),
	"default series":                      eachSeries(func(s *cdsi.Series) { s.Default = false }),
	"product paths":                       eachSeries(func(s *cdsi.Series) { s.ProductPath = false }),
	"preference":                          eachSeries(func(s *cdsi.Series) { s.Preference = 1 }),
	"priority of risk series":             eachSeries(func(s *cdsi.Series) { s.Priority = 'A' }),
	"sex":                                 eachSeries(func(s *cdsi.Series) { s.Sexes = nil }),
	"indications have ages":               eachSeries(func(s *cdsi.Series) { clearAges(s.Indications) }),
	"risk series need a reason":           eachSeries(func(s *cdsi.Series) { s.Type = cdsi.Standard }),
	"evaluation only": eachSeries(func(s *cdsi.Series) {
		if s.Type == cdsi.EvaluationOnly {
			s.Type = cdsi.Standard
		}
	}),
	"immunity by birth":       eachAntigen(func(a *cdsi.Antigen) { a.ImmuneBirth = nil }),
	"immunity by history":     eachAntigen(func(a *cdsi.Antigen) { a.ImmuneHistory = nil }),
	"contraindicated antigen": eachAntigen(func(a *cdsi.Antigen) { a.Contraindications = nil }),
	"contraindicated vaccine": eachAntigen(func(a *cdsi.Antigen) { a.VaccineContra = nil }),
	"exclusions from immunity": eachAntigen(func(a *cdsi.Antigen) {
		for i := range a.ImmuneBirth {
			a.ImmuneBirth[i].Except = nil
		}
	}),
	"a valid dose conflicts for less long": func(s *cdsi.Schedule) {
		for i := range s.Conflicts {
			s.Conflicts[i].MinEnd = s.Conflicts[i].End
		}
	},
	"number of a full group is the least": func(s *cdsi.Schedule) {
		for i := range s.Groups {
			s.Groups[i].Full = !s.Groups[i].Full
		}
	},
}

var always = cdsi.Validity{From: cdsi.NoDay, Until: cdsi.NoDay}

func eachAntigen(f func(*cdsi.Antigen)) func(*cdsi.Schedule) {
	return func(s *cdsi.Schedule) {
		for i := range s.Antigens {
			f(&s.Antigens[i])
		}
	}
}

func eachSeries(f func(*cdsi.Series)) func(*cdsi.Schedule) {
	return eachAntigen(func(a *cdsi.Antigen) {
		for i := range a.Series {
			f(&a.Series[i])
		}
	})
}

func eachDose(f func(*cdsi.SeriesDose)) func(*cdsi.Schedule) {
	return eachSeries(func(s *cdsi.Series) {
		for i := range s.Doses {
			f(&s.Doses[i])
		}
	})
}

func eachAge(d *cdsi.SeriesDose, f func(*cdsi.AgeRow)) {
	for i := range d.Ages {
		f(&d.Ages[i])
	}
}

func eachInterval(f func(*cdsi.Interval)) func(*cdsi.Schedule) {
	return eachDose(func(d *cdsi.SeriesDose) {
		for i := range d.Intervals {
			f(&d.Intervals[i])
		}
	})
}

func clearIf(iv *cdsi.Interval, yes bool) {
	if yes {
		iv.AbsMin, iv.Min, iv.EarliestRec, iv.LatestRec = cdsi.Duration{}, cdsi.Duration{}, cdsi.Duration{}, cdsi.Duration{}
	}
}

func clearAges(list []cdsi.Indication) {
	for i := range list {
		list[i].Ages = cdsi.Ages{}
	}
}

// eachCondition makes conditions of a type impossible to meet.
func eachCondition(of cdsi.ConditionType) func(*cdsi.Schedule) {
	return eachDose(func(d *cdsi.SeriesDose) {
		for i := range d.Skips {
			for j := range d.Skips[i].Sets {
				for k := range d.Skips[i].Sets[j].Conditions {
					if c := &d.Skips[i].Sets[j].Conditions[k]; c.Type == of {
						*c = cdsi.Condition{Type: cdsi.CountDoses, Comparison: cdsi.LessThan, Start: cdsi.NoDay, End: cdsi.NoDay}
					}
				}
			}
		}
	})
}

// tableOfRules names for each row of the reference's table (cdsi.md 10, what each rule is worth) the rule here that
// drops or bends it.
var tableOfRules = map[string]string{
	"forecast from absolute minimum": "plan by minimum, not absolute minimum",
	"allowable intervals off":        "allowable intervals count",
	"past due without -1 day":        "past due is the day before",
	"last day of month on overflow":  "a missing day is the next month's",
	"preferable vaccines only":       "allowable vaccines count",
	"dose number min/max swapped":    "number of a full group is the least",
	"no grace in evaluation":         "grace when judging", "forecast conflict off": "a forecast waits for conflicts",
	"recommended = later of age and interval": "recommended age beats interval",
	"dose conflict off":                       "a dose in conflict is not valid",
	"previous = valid doses only":             "a not valid dose is a previous one", "validate step off": "the forecast is validated",
	"vaccine check off": "vaccines are checked", "full conflict end always": "a valid dose conflicts for less long",
	"recurring off": "doses recur", "recurring in the last dose only": "a recurring dose recurs at any place",
	"immunity exclusions off": "exclusions from immunity", "plain dose number": "the number counts this season",
	"skip context ignored":       "skips know their context",
	"count later doses in skips": "skips count earlier doses only", "inadvertent off": "inadvertent vaccines",
	"interval dates ignored": "intervals have dates",
	"age dates ignored":      "age rows have dates", "vaccine ages ignored": "vaccines have ages",
	"maxAgeToStart ignored": "maximum age to start",
	"minAgeToStart ignored": "minimum age to start", "completed-series off": "skips by completed series",
	"anchor = assessment date": "anchor is the dose's date",
	"last-dose floor off":      "not before the last dose", "equivalence symmetric": "series groups count for one another in one direction",
	"equivalence off":              "series groups count for one another",
	"multi-antigen earliest = min": "a group waits for all its antigens", "priority flag ignored": "priority intervals",
}

// Every rule is held by a case, published or our own: without the rule, a case that was right is wrong.
func TestEveryRuleIsHeldByACase(t *testing.T) {
	f, err := os.Open(testdata.Dir(t, "cdsi/cases.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	published, err := cases.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	own := ownArchives(t)
	base := failures(engine(t, builtin(t)), published)
	unbent := func(*cdsi.Schedule) {}
	notice := func(name string, bend func(*cdsi.Schedule)) {
		s := clone(t, builtin(t))
		bend(s)
		lost := 0
		for id := range failures(engine(t, s), published) {
			if !base[id] {
				lost++
			}
		}
		ours := 0
		for _, a := range own {
			s := clone(t, a.schedule)
			bend(s)
			w := engine(t, s).NewWorker()
			for i := range a.cases {
				if c := &a.cases[i]; len(c.wrong(w.Forecast(&c.person, c.asOf))) > 0 {
					ours++
				}
			}
		}
		t.Logf("%4d published and %3d own cases hold: %s", lost, ours, name)
		if lost+ours == 0 {
			t.Errorf("no case notices the loss of: %s", name)
		}
	}
	for row, name := range tableOfRules {
		if _, switched := cdsi.Rules[name]; !switched && bends[name] == nil {
			t.Errorf("%s: no rule %q to take away", row, name)
		}
	}
	for name, r := range cdsi.Rules {
		cdsi.SwitchOff(r, func() { notice(name, unbent) })
	}
	for name, bend := range bends {
		notice(name, bend)
	}
}

func failures(e *cdsi.Engine, list []cases.Case) map[string]bool {
	out := map[string]bool{}
	for _, f := range cases.Run(e, list).Failed {
		out[f.ID] = true
	}
	return out
}

// clone copies a schedule deeply.
func clone(t *testing.T, s *cdsi.Schedule) *cdsi.Schedule {
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	out := &cdsi.Schedule{}
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(out); err != nil {
		t.Fatal(err)
	}
	return out
}
