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

	"miic/internal/prose"
	"miic/internal/webpage"
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
	rows := [][]string{{"item_id", "decision", "decided_by", "family", "letters", "expected_harm_doses",
		"probability", "bits", "runner_up", "reason", "record_l", "record_r", "client_l", "client_r", "evidence"}}
	for _, x := range q.Questions {
		probability, bits, runnerUp := "", "", ""
		if p := x.Pair; p != nil {
			probability = fmt.Sprintf("%.4f", p.Probabilities[match.Same.String()])
			bits, runnerUp = fmt.Sprintf("%.2f", p.Weight), p.RunnerUp
		}
		harm := fmt.Sprintf("%.3f", x.Harm)
		if x.Pair == nil { // a death, or one record that contradicts itself: it is not estimated in doses
			harm = ""
		}
		rows = append(rows, []string{mark + x.ItemID, "", "", strconv.Itoa(x.Family), strconv.Itoa(x.Letters), harm,
			probability, bits, runnerUp, x.Reason, x.Left.RecordID, x.Right.RecordID,
			strconv.FormatInt(x.Left.ClientID, 10), strconv.FormatInt(x.Right.ClientID, 10), mark + x.Evidence})
	}
	return c.WriteAll(rows)
}

// pageQuestions is how many questions the page shows, the most serious ones; the sheet has all. A page of all of a
// state's questions would be too large for a browser.
const pageQuestions = 500

//go:embed review.css
var reviewStyle string

//go:embed review.js
var reviewScript string

var reviewTemplate = webpage.Must("review", reviewPage, template.FuncMap{
	"bits":     func(b float64) string { return fmt.Sprintf("%+.1f", b) },
	"share":    share,
	"part":     PartWords,
	"vaccines": vaccines,
	"words":    func(n int, one, many string) string { return prose.Count(int64(n), one, many) },
})

// WriteHTML writes the queue as one page that needs nothing else and asks no server: why each question waits, both
// records side by side, what each field weighs, the doses of both persons by day, and what else it may be. It is
// answered on the page, which saves the answers as a sheet for ReadSheet.
func (q *Queue) WriteHTML(w io.Writer) error {
	list := q.shown(pageQuestions)
	return webpage.Execute(w, reviewTemplate, "review", struct {
		Head                    webpage.Head
		Total, Restricted, More int
		Shown                   []shownQuestion
	}{webpage.Head{Title: "Records to judge", Style: reviewStyle, Script: reviewScript,
		Nav: []webpage.Link{{File: "../latest/run.html", Text: "The night"}, {File: "review.csv", Text: "All questions"}},
		Footer: "This page holds personal data. Answers are kept in this browser by item until the question is gone, " +
			"without names."}, len(q.Questions), q.Restricted, len(q.Questions) - len(list), list})
}

// shownQuestion is a question as the page has it.
type shownQuestion struct {
	Question
	Number, Total           int // in the queue
	Place, Size             int // in its family
	Differ, Equal, OneSided []Step
	Bars                    []bar
}

// shown lists the first questions of the queue, but no more than that.
func (q *Queue) shown(most int) []shownQuestion {
	size := map[int]int{}
	for _, x := range q.Questions {
		size[x.Family]++
	}
	place := map[int]int{}
	var list []shownQuestion
	for i, x := range q.Questions[:min(most, len(q.Questions))] {
		place[x.Family]++
		s := shownQuestion{Question: x, Number: i + 1, Total: len(q.Questions), Place: place[x.Family], Size: size[x.Family]}
		steps := x.Beside
		if x.Pair != nil {
			steps, s.Bars = x.Pair.Steps, fall(x.Pair)
		}
		for _, step := range steps {
			switch {
			case strings.HasPrefix(step.Part, "doses"), step.Left == "" && step.Right == "": // doses are shown by day
			case step.Left == "" || step.Right == "":
				s.OneSided = append(s.OneSided, step)
			case step.Left == step.Right:
				s.Equal = append(s.Equal, step)
			default:
				s.Differ = append(s.Differ, step)
			}
		}
		list = append(list, s)
	}
	return list
}

// Has reports whether one of the fields that only one side has is the left one's, or the right one's.
func (s shownQuestion) Has(left bool) bool {
	return slices.ContainsFunc(s.OneSided, func(step Step) bool { return (step.Left != "") == left })
}

// Death reports whether the question is about a death certificate.
func (s shownQuestion) Death() bool { return s.Harm == deathHarm }

// Why says why the question waits.
func (s shownQuestion) Why() []string {
	if s.Pair != nil && len(s.Pair.Holds) > 0 {
		if s.AskedAgain() {
			return append([]string{s.Reason}, s.Pair.Holds...)
		}
		return s.Pair.Holds
	}
	return []string{s.Reason}
}

// LetterWords say how many letters wait for the answer; nothing if none does.
func (s shownQuestion) LetterWords() string {
	if s.Letters == 0 {
		return ""
	}
	return prose.Count(int64(s.Letters), "letter waits", "letters wait") + " for it · "
}

// HarmWords are the expected harm with its unit.
func (s shownQuestion) HarmWords() string {
	switch {
	case s.Death():
		return "a death"
	case s.WrongPerson():
		return "a letter to the wrong person"
	case s.Turned():
		return "one record that contradicts itself"
	case s.Pair == nil:
		return "expected harm not known"
	}
	return fmt.Sprintf("expected harm %.1f doses", s.Harm)
}

// DoseWords say in a line what both have.
func (s shownQuestion) DoseWords() string {
	left, right, days, both := 0, 0, 0, 0
	for _, d := range s.Doses {
		left, right = left+len(d.Left), right+len(d.Right)
		if len(d.Left) > 0 && len(d.Right) > 0 {
			days++
			for _, v := range vaccines(d.Left, d.Right) {
				if v.Both {
					both++
				}
			}
		}
	}
	if left+right == 0 {
		return "neither has one"
	}
	words := func(n int, one, many string) string { return prose.Count(int64(n), one, many) }
	return fmt.Sprintf("%d and %d; %s in common, with %s of the same vaccine", left, right, words(days, "day", "days"),
		words(both, "dose", "doses"))
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
