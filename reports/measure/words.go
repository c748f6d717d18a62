package measure

import (
	"fmt"
	"strconv"
	"strings"
)

// String says of whom a measure is.
func (p *Population) String() string {
	var words string
	switch {
	case p.Turning > 0:
		words = fmt.Sprintf("who turned %d in the last calendar year, by that birthday", p.Turning)
	case p.Until.Months >= 12*150:
		words = fmt.Sprintf("%s and older", p.From)
	default:
		words = fmt.Sprintf("from %s until %s", p.From, p.Until)
	}
	if !p.By.IsZero() {
		words += ", judged at " + p.By.String()
	}
	if p.TwoDoses {
		words += ", with two doses or more"
	}
	return words
}

// Tolerance says how much of its clauses somebody may lack who meets a measure, or have had late; nothing for all.
func (m *Measure) Tolerance() string {
	doses := "doses"
	if m.Short == 1 {
		doses = "dose"
	}
	switch {
	case m.Timely:
		return fmt.Sprintf("by the day of judgement one of these doses or more was late on no more than %d days", m.DaysLate)
	case m.Short > 0:
		return fmt.Sprintf("no more than %d %s of each may be lacking", m.Short, doses)
	}
	return ""
}

// String says what a clause asks for.
func (c *Clause) String() string {
	if c.None {
		if c.GroupNo < 0 {
			return "no dose of any vaccine"
		}
		return "no dose of " + c.Group
	}
	var ways []string
	for i := range c.Ways {
		ways = append(ways, c.Ways[i].String())
	}
	words := c.Group + " " + strings.Join(ways, ", or ")
	if c.Immune {
		words += ", or immunity on record"
	}
	return words
}

// String says what a way asks for.
func (w *Way) String() string {
	words := fmt.Sprintf("%d doses", w.Doses)
	if w.Doses == 1 {
		words = "1 dose"
	}
	if w.Complete {
		return "complete by the schedule (any doses: " + words + ")"
	}
	if len(w.Products) > 0 {
		words += " of CVX " + codes(w.Products)
	}
	if len(w.Primary) > 0 {
		words += ", all but the last of CVX " + codes(w.Primary)
	}
	for _, a := range []struct {
		words string
		age   Age
	}{{"from", w.From}, {"until", w.Until}, {"the last from", w.LastFrom}, {"the first before", w.FirstBefore},
		{"for those under", w.Under}} {
		if !a.age.IsZero() {
			words += ", " + a.words + " " + a.age.String()
		}
	}
	if !w.Apart.IsZero() {
		words += ", " + w.Apart.String() + " apart"
	}
	if w.Season != "" {
		words += ", since the last " + w.Season
	}
	return words
}

func codes(list []int16) string {
	var words []string
	for _, c := range list {
		words = append(words, strconv.Itoa(int(c)))
	}
	return strings.Join(words, ", ")
}
