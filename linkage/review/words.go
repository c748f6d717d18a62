package review

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"miic/linkage/match"
)

// Text writes the explanation for people: the steps as a waterfall in bits.
func (p *Pair) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s and %s: one person with probability %s, %.2f bits\n", p.RecordL, p.RecordR,
		share(p.Probabilities[match.Same.String()]), p.Weight)
	if p.ClientL == p.ClientR {
		fmt.Fprintf(&b, "both belong to client %d\n", p.ClientL)
	} else {
		fmt.Fprintf(&b, "they belong to clients %d and %d\n", p.ClientL, p.ClientR)
	}
	fmt.Fprintf(&b, "decision on the pair: %s, scored by snapshot %d, model %s\n", p.Decision, p.Snapshot, p.Model)
	if p.Changed {
		b.WriteString("a record has changed since: this evidence no longer decides\n")
	}
	for _, h := range p.Holds {
		fmt.Fprintf(&b, "held: %s\n", h)
	}
	if v := p.Verdict; v != nil {
		fmt.Fprintf(&b, "review: %s", v.Decision)
		if v.DecidedBy != "" {
			fmt.Fprintf(&b, ", by %s on %s", v.DecidedBy, v.DecidedOn)
		}
		if v.Reason != "" {
			fmt.Fprintf(&b, " (%s)", v.Reason)
		}
		b.WriteByte('\n')
	}
	if len(p.Rules) == 0 {
		b.WriteString("found by no rule: compared because both lie in one component\n")
	} else {
		fmt.Fprintf(&b, "found by: %s\n", strings.Join(p.Rules, "; "))
	}
	b.WriteByte('\n')
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range p.Steps {
		if s.Level == "" && s.Left == "" && s.Right == "" {
			continue
		}
		level := s.Level
		if level == "" {
			level = "nothing to compare"
		}
		fmt.Fprintf(t, "%+8.2f\t%s\t%s\t%s\n", s.Bits, strings.ReplaceAll(s.Part, "_", " "), level, sides(s))
	}
	fmt.Fprintf(t, "%+8.2f\tweight\t\t\n", p.Weight)
	if err := t.Flush(); err != nil {
		return err
	}
	probability := func(c match.Class) string { return share(p.Probabilities[c.String()]) }
	fmt.Fprintf(&b, "\nprobabilities: same person %s, born together %s, same family %s, strangers %s; next best: %s\n",
		probability(match.Same), probability(match.Together), probability(match.Family), probability(match.Stranger),
		p.RunnerUp)
	return trimmed(w, b.String())
}

// sides writes what was compared; of a list of days only their number.
func sides(s Step) string {
	if s.Left == "" && s.Right == "" {
		return ""
	}
	short := func(v string) string {
		switch {
		case v == "":
			return "—"
		case s.Part == "doses":
			return fmt.Sprintf("%d days", strings.Count(v, "|")+1)
		}
		return v
	}
	return short(s.Left) + " | " + short(s.Right)
}

// share writes a probability so that neither end is rounded to certainty.
func share(p float64) string {
	if p > 0 && p < 0.0001 {
		return "< 0.0001"
	}
	if p < 1 && p > 0.9999 {
		return "> 0.9999"
	}
	return fmt.Sprintf("%.4f", p)
}

// Text writes the explanation for people.
func (c *Client) Text(w io.Writer) error {
	var b strings.Builder
	if len(c.Records) == 0 {
		fmt.Fprintf(&b, "client %d has no record any more\n", c.ClientID)
	} else {
		fmt.Fprintf(&b, "client %d, from %d records\n", c.ClientID, len(c.Records))
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range c.Records {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\tsince snapshot %d\n", r.RecordID, r.SenderKind, r.First, r.Last,
			r.BirthDate, r.Since)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(c.Known) > 0 {
		b.WriteString("\nbest known\n")
		for _, k := range c.Known {
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s (%s)\n", strings.ReplaceAll(k.Field, "_", " "), k.Value, k.RecordID,
				k.Reason, k.TrueOn, k.Dated)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	if len(c.Former) > 0 {
		b.WriteString("\nbefore, or beside it\n")
		for _, k := range c.Former {
			fmt.Fprintf(t, "  %s\t%s\t%s\tlast reported %s\n", k.Field, k.Value, k.RecordID, k.LastReported)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	if len(c.Tree) > 0 {
		b.WriteString("\nheld together by\n")
		for _, s := range c.Tree {
			fmt.Fprintf(t, "%+8.2f\t%s\t%s\tp %s\t%s\n", s.Weight, s.RecordL, s.RecordR, share(s.PMatch), s.Decision)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(&b, "weakest: %s and %s, %.2f bits\n", c.Weakest.RecordL, c.Weakest.RecordR, c.Weakest.Weight)
	}
	for _, r := range c.Apart {
		fmt.Fprintf(&b, "no stored pair ties %s to the first record: a verdict, or an earlier model, put it here\n", r)
	}
	if len(c.Changes) > 0 {
		b.WriteString("\nchanges\n")
		for _, ch := range c.Changes {
			fmt.Fprintf(t, "  snapshot %d\tclient %d\t%s\t%s\t%s\n", ch.Snapshot, ch.ClientID, ch.Change,
				changeSubject(ch), ch.Reason)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	return trimmed(w, b.String())
}

// changeSubject names what a change is about beside the person: a record, another person.
func changeSubject(c Change) string {
	var parts []string
	if c.RecordID != "" {
		parts = append(parts, "record "+c.RecordID)
	}
	if c.OtherID != 0 {
		word := "from"
		if c.Change == "merged" {
			word = "into"
		}
		parts = append(parts, fmt.Sprintf("%s client %d", word, c.OtherID))
	}
	return strings.Join(parts, " ")
}

// trimmed writes text without the blanks at the ends of lines that columns leave.
func trimmed(w io.Writer, text string) error {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n"))
	return err
}
