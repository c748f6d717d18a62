package letter

import (
	"fmt"
	"slices"

	"miic/internal/table"
)

// A Dose is one on record.
type Dose struct {
	On    table.Date
	Given *Given
}

// Given is what a dose was and what of it counts. The doses of many people share one.
type Given struct {
	CVX      int16
	Products []Product // none: nobody knows what it was
}

// A Product is one of the vaccines in a dose, by its key in the files of vaccines.
type Product struct {
	Key    string
	Counts Counts
}

// Counts is whether a vaccine in a dose counts towards what its person needs.
type Counts uint8

const (
	DoesNotCount Counts = iota // too early, too soon after another, or not fit for the age
	Counted
	Surplus // one more than needed
)

// Judged is how one antigen of a dose was judged (table dose_evaluation).
type Judged struct{ Antigen, Status string }

// NewGiven brings the antigens of a dose together into the vaccines that have a name: diphtheria, tetanus and pertussis
// are one. Such a vaccine counts where some antigen does and the dose is good for all of them.
func NewGiven(cvx int16, judged []Judged) *Given {
	g := &Given{CVX: cvx}
	var left []Judged
	var dtp, mmr []Judged
	for _, j := range judged {
		switch j.Antigen {
		case "":
		case "Diphtheria", "Tetanus", "Pertussis":
			dtp = append(dtp, j)
		case "Measles", "Mumps", "Rubella":
			mmr = append(mmr, j)
		default:
			left = append(left, j)
		}
	}
	has := func(antigen string) bool {
		return slices.ContainsFunc(dtp, func(j Judged) bool { return j.Antigen == antigen })
	}
	switch {
	case len(dtp) == 3:
		g.add(tripleName(cvx), dtp)
	case len(dtp) == 2 && !has("Pertussis") && cvx == cvxDT:
		g.add("DT", dtp)
	case len(dtp) == 2 && !has("Pertussis"):
		g.add("Td", dtp)
	default:
		left = append(left, dtp...)
	}
	if len(mmr) == 3 {
		g.add("MMR", mmr)
	} else {
		left = append(left, mmr...)
	}
	for _, j := range left {
		g.add(j.Antigen, []Judged{j})
	}
	return g
}

func (g *Given) add(key string, judged []Judged) {
	p := Product{key, Surplus}
	for _, j := range judged {
		switch j.Status {
		case "Valid":
			p.Counts = Counted
		case "Extraneous":
		default:
			p.Counts = DoesNotCount
		}
		if p.Counts == DoesNotCount {
			break
		}
	}
	g.Products = append(g.Products, p)
}

// Products by CVX whose antigens do not tell which of several vaccines they are.
const (
	cvxTdap = 115
	cvxDT   = 28
)

// whole are the CVX codes of vaccines with whole cells of pertussis: DTP alone, with Hib, with HepB and Hib.
var whole = []int16{1, 22, 102, 198}

func tripleName(cvx int16) string {
	switch {
	case cvx == cvxTdap:
		return "Tdap"
	case slices.Contains(whole, cvx):
		return "DTP"
	}
	return "DTaP"
}

// historyTable is what is on record for a person, the oldest dose first: the day, the vaccines, what they protect against
// where they are named for the first time, and whether the dose counts.
func (p *Piece) historyTable(who *Person) Table {
	w := p.words
	named := p.nameCell(who)
	t := Table{Heads: []Text{w.Text("given_on"), w.Text("vaccines"), w.Text("counted")},
		Heading: w.Text("history_heading", "{name}", Foreign(named.String(), named[0].Language))}
	t.Heading = append(t.Heading, Run{Text: ", ", Language: p.Language})
	t.Heading = append(t.Heading, w.Text("born", "{date}", w.Date(who.Birth))...)
	if len(who.Doses) == 0 {
		t.Rows = [][]Text{{nil, w.Text("history_none"), nil}}
		return t
	}
	said := map[string]bool{}
	for _, d := range who.Doses {
		t.Rows = append(t.Rows, []Text{{{Text: w.Date(d.On), Language: p.Language}}, p.givenText(who, &d, said), p.countsText(who, &d)})
		if slices.ContainsFunc(d.Given.Products, func(g Product) bool { return g.Counts == DoesNotCount }) {
			t.Note = w.Text("history_note")
		}
	}
	return t
}

// Keys are the vaccines in a dose, for Names.
func (g *Given) Keys() []string {
	var keys []string
	for _, p := range g.Products {
		keys = append(keys, p.Key)
	}
	return keys
}

// Names are the vaccines in a dose in plain words, as letters and records name them; nothing where nobody knows what it was.
func (c *Catalog) Names(language string, keys []string, born, on table.Date) Text {
	var text Text
	for i, key := range keys {
		if i > 0 {
			text = append(text, Run{Text: "; ", Language: language})
		}
		text = append(text, c.vaccineName(language, key, born, on))
	}
	return text
}

// givenText names the vaccines of a dose.
func (p *Piece) givenText(who *Person, d *Dose, said map[string]bool) Text {
	if len(d.Given.Products) == 0 {
		return Text{{Text: fmt.Sprintf("CVX %02d", d.Given.CVX)}}
	}
	var text Text
	for i, g := range d.Given.Products {
		if i > 0 {
			text = append(text, Run{Text: "; ", Language: p.Language})
		}
		text = append(text, p.vaccine(who, g.Key, d.On, said)...)
	}
	return text
}

// countsText is whether a dose counts; of one of which only some vaccines do, which.
func (p *Piece) countsText(who *Person, d *Dose) Text {
	w, has := p.words, map[Counts]int{}
	var counted []string
	for _, g := range d.Given.Products {
		if has[g.Counts]++; g.Counts == Counted {
			name := p.catalog.vaccineName(p.Language, g.Key, who.Birth, d.On)
			if name.Language != p.Language {
				name.Text = Foreign(name.Text, name.Language)
			}
			counted = append(counted, name.Text)
		}
	}
	switch {
	case len(counted) > 0 && has[DoesNotCount] > 0:
		return w.Text("counted_only", "{vaccines}", w.join(counted))
	case len(counted) > 0:
		return w.Text("counted_yes")
	case has[Surplus] > 0 && has[DoesNotCount] == 0:
		return w.Text("counted_extra")
	}
	return w.Text("counted_no")
}
