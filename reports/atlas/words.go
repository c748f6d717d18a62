package atlas

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"miic/internal/area"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/measure"
	"miic/reports/publication"
)

func number(n int64) string { return prose.Thousands(n) }

// percent is a percentage with the decimals with which it is published.
func percent(x float64, p *table.Publication) string {
	return strconv.FormatFloat(x, 'f', publication.Decimals(p.Denominator), 64)
}

// between is a row's interval.
func between(p *table.Publication) string {
	return percent(p.PercentLow, p) + " to " + percent(p.PercentHigh, p)
}

// shown reports that a row has a percentage.
func shown(p *table.Publication) bool { return !p.Suppressed && p.Denominator > 0 }

// met is how many meet the measure, by the doses that it is about.
func met(p *table.Publication) int64 {
	if p.Doses == "any" {
		return p.NumeratorAny
	}
	return p.Numerator
}

// otherMet is how many meet it by the other doses.
func otherMet(p *table.Publication) int64 {
	if p.Doses == "any" {
		return p.Numerator
	}
	return p.NumeratorAny
}

// share is the percentage of a row's people that so many of them are.
func share(n int64, p *table.Publication) float64 {
	x, _, _ := publication.Rates(n, p.Denominator)
	return x
}

// nameOf is a row's place in words.
func nameOf(p *table.Publication) string {
	switch {
	case p.Stratum != "all":
		return p.StratumName
	case p.AreaCode == area.Unassigned:
		return "no county known"
	case p.AreaType == "state":
		return "whole state"
	}
	return p.AreaName
}

// value is a row in a few words.
func value(p *table.Publication) string {
	switch {
	case p.Suppressed:
		return "withheld"
	case p.Denominator == 0:
		return "nobody"
	}
	return percent(p.Percent, p) + " %"
}

// tip is a row in a line.
func tip(p *table.Publication) string {
	if !shown(p) {
		return nameOf(p) + ": " + value(p)
	}
	return fmt.Sprintf("%s: %s (%s), %s of %s", nameOf(p), value(p), between(p), number(met(p)), number(p.Denominator))
}

// stateWords say what the whole state's figure is.
func (f *figures) stateWords() string {
	p := f.state
	if p.Suppressed {
		return "This measure is withheld as a whole in this publication."
	}
	if p.Denominator == 0 {
		return "Nobody in the state is counted by this measure."
	}
	other := "any"
	if p.Doses == "any" {
		other = "valid"
	}
	return fmt.Sprintf("In the whole state %s of %s people meet it by %s doses: %s, with an interval from %s. "+
		"By %s doses it is %s %%.", number(met(p)), number(p.Denominator), p.Doses, value(p), between(p), other,
		percent(share(otherMet(p), p), p))
}

// extremes say which rows are highest and lowest, and not whether they differ by more than chance: two that were picked
// from many since they lie farthest apart always differ by some.
func extremes(rows []table.Publication, one string) string {
	var list []*table.Publication
	for i := range rows {
		if shown(&rows[i]) && rows[i].AreaCode != area.Unassigned {
			list = append(list, &rows[i])
		}
	}
	if len(list) == 0 {
		return "No " + one + " is shown."
	}
	slices.SortStableFunc(list, func(a, b *table.Publication) int {
		switch {
		case a.Percent > b.Percent:
			return -1
		case a.Percent < b.Percent:
			return 1
		}
		return 0
	})
	high, low := list[0], list[len(list)-1]
	if high == low {
		return fmt.Sprintf("Only %s is shown, with %s.", nameOf(high), value(high))
	}
	words := fmt.Sprintf("The highest %s is %s with %s, the lowest %s with %s.", one, nameOf(high), value(high),
		nameOf(low), value(low))
	if len(list) > 2 {
		words += fmt.Sprintf(" The highest and the lowest of %d differ by chance too.", len(list))
	}
	return words
}

// mapWords say what the map shows.
func (f *figures) mapWords() string {
	var withheld, nobody int
	for i := range f.counties {
		switch p := &f.counties[i]; {
		case p.Suppressed:
			withheld++
		case p.Denominator == 0:
			nobody++
		}
	}
	parts := []string{prose.Count(int64(len(f.counties)-withheld-nobody), "is shown", "are shown")}
	if withheld > 0 {
		parts = append(parts, prose.Count(int64(withheld), "is withheld", "are withheld"))
	}
	if nobody > 0 {
		parts = append(parts, prose.Count(int64(nobody), "has nobody to count", "have nobody to count"))
	}
	return fmt.Sprintf("Of %s %s. %s", prose.Count(int64(len(f.counties)), "county", "counties"),
		strings.Join(parts, ", "), extremes(f.counties, "county"))
}

// cohortsInPart are the birth cohorts of which only some were of the measure's age on the day of the figures, by their
// first year. A measure about a birthday in the last calendar year has no whole one.
func (f *figures) cohortsInPart() map[string]bool {
	parts := map[string]bool{}
	if f.measure == nil {
		return parts
	}
	for _, row := range f.strata["birth_cohort"] {
		year, err := strconv.Atoi(row.StratumCode)
		if err != nil {
			continue // nobody knows when they were born
		}
		parts[row.StratumCode] = !f.measure.WholeCohort(year, f.state.PublishedOn)
	}
	return parts
}

// cohortWords say how the first and the last cohort that are shown differ, and which are there only in part.
func cohortWords(rows []table.Publication, parts map[string]bool) string {
	var list []*table.Publication
	var part int64
	for i := range rows {
		if shown(&rows[i]) {
			list = append(list, &rows[i])
		}
		if parts[rows[i].StratumCode] {
			part++
		}
	}
	var words string
	switch len(list) {
	case 0:
		return "No birth cohort is shown."
	case 1:
		words = fmt.Sprintf("Only those %s are shown: %s.", nameOf(list[0]), value(list[0]))
	default:
		first, last := list[0], list[len(list)-1]
		words = fmt.Sprintf("Of those %s it is %s, of those %s %s.", nameOf(first), value(first), nameOf(last), value(last))
	}
	if part == 0 {
		return words
	}
	return words + fmt.Sprintf(" %s marked as part: only some of those were of the measure's age on %s, so that they "+
		"cannot be compared with others.", prose.Count(part, "cohort is", "cohorts are"), rows[0].PublishedOn)
}

// lead is the page's opening sentence: the first measure's figure.
func (l *log) lead() string {
	if len(l.measures) == 0 || !shown(l.measures[0].state) {
		return "Immunization coverage, published " + l.day.String()
	}
	f := &l.measures[0]
	return fmt.Sprintf("%s: %s of those counted have it; published %s.", f.title(), value(f.state), l.day)
}

// historyWords say how the state's figure has changed.
func (f *figures) historyWords() string {
	var list []*table.Publication
	for i := range f.history {
		if shown(&f.history[i]) {
			list = append(list, &f.history[i])
		}
	}
	switch len(list) {
	case 0:
		return "The state's figure has not been shown yet."
	case 1:
		return fmt.Sprintf("The state's figure was shown only once: %s on %s.", value(list[0]), list[0].PublishedOn)
	}
	first, last := list[0], list[len(list)-1]
	words := fmt.Sprintf("The state's figure was %s on %s and is %s on %s.", value(first), first.PublishedOn,
		value(last), last.PublishedOn)
	if slices.ContainsFunc(list, func(p *table.Publication) bool { return p.MeasureVersion != last.MeasureVersion }) {
		words += " The definition has changed in between: where the line is broken, figures cannot be compared."
	}
	return words
}

// facts are the definition in words.
func (f *figures) facts() []fact {
	version := strconv.Itoa(int(f.state.MeasureVersion))
	if f.measure == nil {
		return []fact{{"Measure", f.id + ", version " + version},
			{"Definition", "not in use any more, or changed since these figures were published"}}
	}
	m := f.measure
	whom := m.Population.String()
	if m.Rule() == measure.Registered {
		whom += "; everybody of the age whom the registry knows to live here"
	}
	list := []fact{{"Of whom", "people " + whom}}
	if len(m.Among) > 0 {
		list = append(list, fact{"Of them", "who have " + clauses(m.Among)})
	}
	doses := "any that are on record"
	if m.Valid {
		doses = "valid ones, as the schedule judges them"
	}
	list = append(list, fact{"Who have", clauses(m.Clauses)})
	if tolerance := m.Tolerance(); tolerance != "" {
		list = append(list, fact{"Where", tolerance})
	}
	return append(list, fact{"Doses", doses}, fact{"Defined by", m.Steward + ": " + m.Source},
		fact{"Measure", m.ID + ", version " + version})
}

func clauses(list []measure.Clause) string {
	var words []string
	for i := range list {
		words = append(words, list[i].String())
	}
	return strings.Join(words, "; ")
}

// standing are the words for counts of people.
var standing = map[string]string{"opted-out": "People of all ages who have opted out, and are in no figure",
	"in-review": "People of all ages about whom a question is open"}

// standingWords say how many people are in no figure.
func (l *log) standingWords() []string {
	var list []string
	for i := range l.standing {
		p := &l.standing[i]
		what := standing[p.Measure]
		if p.Suppressed {
			list = append(list, what+": withheld.")
			continue
		}
		list = append(list, what+": "+number(p.Denominator)+".")
	}
	return list
}
