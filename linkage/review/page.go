package review

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"miic/linkage/dedupe"
	"miic/linkage/match"
)

//go:embed review.html.tmpl
var reviewPage string

// mark begins an id in the sheet. Without it a spreadsheet takes an id of digits, or of digits and one
// e, for a number, and writes it back rounded.
const mark = "#"

// WriteCSV writes the queue as a sheet to fill in: decision (same or different) and decided_by are left
// empty, and the filled sheet is what ReadSheet takes. It is written as the project's other sheets are,
// UTF-8 and CRLF.
func (q *Queue) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	rows := [][]string{{"item_id", "decision", "decided_by", "family", "expected_harm", "probability", "bits",
		"runner_up", "reason", "record_l", "record_r", "client_l", "client_r", "evidence"}}
	for _, x := range q.Questions {
		probability, bits, runnerUp := "", "", ""
		if p := x.Pair; p != nil {
			probability = fmt.Sprintf("%.4f", p.Probabilities[match.Same.String()])
			bits, runnerUp = fmt.Sprintf("%.2f", p.Weight), p.RunnerUp
		}
		rows = append(rows, []string{mark + x.ItemID, "", "", strconv.Itoa(x.Family), fmt.Sprintf("%.3f", x.Harm),
			probability, bits, runnerUp, x.Reason, x.Left.RecordID, x.Right.RecordID,
			strconv.FormatInt(x.Left.ClientID, 10), strconv.FormatInt(x.Right.ClientID, 10), mark + x.Evidence})
	}
	return c.WriteAll(rows)
}

// WriteHTML writes the queue as one page that needs nothing else: both records side by side, what each
// field weighs, the doses of both persons by day, and what else it may be.
func (q *Queue) WriteHTML(w io.Writer) error {
	t, err := template.New("review").Funcs(template.FuncMap{
		"bits":     func(b float64) string { return fmt.Sprintf("%+.1f", b) },
		"share":    share,
		"percent":  func(p float64) string { return fmt.Sprintf("%.1f", 100*p) },
		"part":     PartWords,
		"fall":     fall,
		"vaccines": vaccines,
		"differ":   func(s Step) bool { return s.Left != "" && s.Right != "" && s.Left != s.Right },
		"side":     side,
		"add":      func(a, b int) int { return a + b },
		"families": (*Queue).families,
	}).Parse(reviewPage)
	if err != nil {
		return err
	}
	return t.Execute(w, q)
}

// family is the head of a group of questions on the page.
type family struct {
	Number    int
	Harm      float64 // of the most serious
	First     int     // place of its first question in the queue, from 0
	Questions []Question
}

// families cuts the queue into its families.
func (q *Queue) families() []family {
	var out []family
	for i, x := range q.Questions {
		if n := len(out); n == 0 || out[n-1].Number != x.Family {
			out = append(out, family{Number: x.Family, Harm: x.Harm, First: i})
		}
		last := &out[len(out)-1]
		last.Questions = append(last.Questions, x)
	}
	return out
}

// partNames are the names of comparisons for people who do not know the model.
var partNames = map[string]string{"prior": "before looking", "first": "given name", "middle": "middle name",
	"last": "surname", "mother_first": "mother's given name", "mother_maiden": "mother's maiden name",
	"birth_cert": "birth certificate", "chart": "chart number", "ssn": "social security number",
	"medicaid": "Medicaid number"}

// PartWords names a part of a comparison for people who do not know the model.
func PartWords(part string) string {
	if words := partNames[part]; words != "" {
		return words
	}
	return strings.ReplaceAll(part, "_", " ")
}

// side writes a value of one record, or a dash where only the other has it.
func side(value, other string) string {
	if value == "" && other != "" {
		return "–"
	}
	return value
}

// A bar is one step of the waterfall: where it lies on a line that holds the whole way, in hundredths.
type bar struct {
	Step
	From, Width, Zero float64
	Against, Empty    bool // the step is against one person; it has nothing to compare
}

// fall lays the steps of a pair out as a waterfall: each begins where the one before it ends.
func fall(p *Pair) []bar {
	low, high, at := 0.0, 0.0, 0.0
	for _, s := range p.Steps {
		at += s.Bits
		low, high = min(low, at), max(high, at)
	}
	scale := 100 / max(high-low, 1)
	var out []bar
	at = 0
	for _, s := range p.Steps {
		from := min(at, at+s.Bits)
		at += s.Bits
		if s.Level == "" && s.Left == "" && s.Right == "" || s.Part == "rarity" && s.Bits == 0 {
			continue
		}
		out = append(out, bar{Step: s, From: (from - low) * scale, Width: max(s.Bits, -s.Bits) * scale,
			Zero: -low * scale, Against: s.Bits < 0, Empty: s.Level == ""})
	}
	return out
}

// vaccine is a dose as the page shows it.
type vaccine struct {
	CVX    string
	Groups string
	Both   bool // the other person had the same product, or one of the same groups, on that day
}

// vaccines names the doses of one side of a day; other is the other side.
func vaccines(codes, other []int16) []vaccine {
	var out []vaccine
	for _, c := range codes {
		v := vaccine{CVX: fmt.Sprintf("%02d", c), Groups: strings.Join(dedupe.Groups(c), " ")}
		v.Both = slices.ContainsFunc(other, func(o int16) bool { return o == c || dedupe.ShareGroup(o, c) })
		out = append(out, v)
	}
	return out
}
