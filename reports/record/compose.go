package record

import (
	"fmt"
	"strconv"

	"miic/internal/pdf"
	"miic/internal/sheet"
	"miic/internal/table"
	"miic/reports/letter"
)

// An Issue is what makes what is on record an official record.
type Issue struct {
	Mail        *letter.Mail // who issues it, and the words
	On, AsOf    table.Date
	Language    string // empty: the household's
	HistoryOnly bool   // without what is recommended, as a school may want it
}

// Issue fills in who issues the record and when, in a language that the site has approved, and its verification code.
func (r *Record) Issue(i Issue) error {
	language := i.Language
	if language == "" {
		language = r.preferred
	}
	code, w, _ := i.Mail.Catalog.Record(language)
	office := i.Mail.Offices[letter.StateOffice]
	r.Issuer = Issuer{office.Name, office.Address, office.Phone}
	r.IssuedOn, r.AsOf, r.Language = Day(i.On), Day(i.AsOf), code
	if r.HistoryOnly = i.HistoryOnly; r.HistoryOnly {
		r.Next = nil
		if r.Required != nil {
			for i := range r.Required.Vaccines {
				r.Required.Vaccines[i].Next = 0
			}
		}
	}
	r.Limits = w.Text("limits").String()
	r.Corrections = w.Text("correct", "{office}", letter.Foreign(office.Name, ""), "{phone}",
		letter.Foreign(letter.PrintPhone(office.Phone), "")).String()
	var err error
	r.Code, err = CodeOf(r)
	return err
}

// page composes a record for paper.
type page struct {
	sheet.Drawing
	r        *Record
	catalog  *letter.Catalog
	w        *letter.Words // of records
	common   *letter.Words // of letters too
	language string
}

func (p *page) text(s string) sheet.Text { return sheet.Text{{Text: s, Language: p.language}} }

func plain(s string) sheet.Text { return sheet.Text{{Text: s}} }

// titled is a heading of the kind H2 and what follows it.
func (p *page) titled(key string, blocks ...sheet.Block) []sheet.Block {
	return append([]sheet.Block{p.Paragraph(pdf.H2, p.w.Text(key), sheet.PageLeft, sheet.PageWidth, heading, 14)}, blocks...)
}

func (p *page) said(t sheet.Text) sheet.Block {
	return p.Paragraph(pdf.P, t, sheet.PageLeft, sheet.PageWidth, body, 4)
}

// who is the table of the person.
func (p *page) who() []sheet.Block {
	r := p.r
	named := plain(r.FullName())
	if r.FirstName == "" {
		named = append(p.common.Text("your_child"), sheet.Run{Text: " " + r.LastName})
	}
	born := ""
	if r.BirthDate != 0 {
		born = p.common.Date(table.Date(r.BirthDate))
	}
	return p.Table(&sheet.Table{Heads: []sheet.Text{p.w.Text("name"), p.w.Text("born"), p.w.Text("registry_id")},
		Rows: [][]sheet.Text{{named, p.text(born), plain(strconv.FormatInt(r.RegistryID, 10))}}}, sheet.PageLeft, sheet.PageWidth, 12)
}

// doses are a table for each vaccine group, in the order of their names on paper, what is of none last.
func (p *page) doses() []sheet.Block {
	if len(p.r.Doses) == 0 {
		return []sheet.Block{p.said(p.w.Text("no_doses"))}
	}
	var tables []sheet.Table
	for _, g := range p.groups() {
		t := sheet.Table{Heading: p.group(g), Heads: []sheet.Text{p.w.Text("on"), p.w.Text("age"), p.w.Text("product"), p.w.Text("counts"), p.w.Text("source")}}
		for i := range p.r.Doses {
			d := &p.r.Doses[i]
			for _, c := range d.Counts {
				if c.Group == g {
					t.Rows = append(t.Rows, []sheet.Text{p.text(p.common.Date(table.Date(d.On))), p.age(d.On), p.product(d), p.counted(c), p.w.Text(d.Source)})
				}
			}
		}
		tables = append(tables, t)
	}
	p.Align(tables, sheet.PageWidth)
	var out []sheet.Block
	for i := range tables {
		out = append(out, p.Table(&tables[i], sheet.PageLeft, sheet.PageWidth, 12)...)
	}
	return append(out, p.said(p.w.Text("source_note")))
}

// groups are those of the record's doses, in the order of the first dose of each.
func (p *page) groups() []string {
	var list []string
	seen, rest := map[string]bool{"": true}, false
	for _, d := range p.r.Doses {
		for _, c := range d.Counts {
			rest = rest || c.Group == ""
			if !seen[c.Group] {
				seen[c.Group] = true
				list = append(list, c.Group)
			}
		}
	}
	if rest {
		list = append(list, "")
	}
	return list
}

// group is a vaccine group in plain words: against what it is given, at any age.
func (p *page) group(g string) sheet.Text {
	if g == "" {
		return p.w.Text("other")
	}
	born := table.Date(p.r.BirthDate)
	return p.catalog.VaccineText(p.language, g, born, born)
}

// product names what was given: the vaccines in it as letters name them, the trade name where one was reported, and the code.
func (p *page) product(d *Dose) sheet.Text {
	code := fmt.Sprintf("CVX %02d", d.CVX)
	t := p.catalog.Names(p.language, d.Vaccines, table.Date(p.r.BirthDate), table.Date(d.On))
	switch {
	case len(t) == 0 && d.TradeName == "":
		return plain(code)
	case len(t) == 0:
		return plain(d.TradeName + " (" + code + ")")
	case d.TradeName != "":
		code = d.TradeName + ", " + code
	}
	return append(t, sheet.Run{Text: " (" + code + ")"})
}

// age is how old the person was on a day: days within the first month, then months, from two years on years and months.
func (p *page) age(on Day) sheet.Text {
	born, day := table.Date(p.r.BirthDate), table.Date(on)
	if born == 0 || day < born {
		return nil
	}
	y0, m0, _ := born.YMD()
	y1, m1, _ := day.YMD()
	months := (y1-y0)*12 + m1 - m0
	if born.AddMonths(months) > day {
		months--
	}
	switch {
	case months < 1:
		return p.w.Text("age_days", "{days}", strconv.Itoa(int(day-born)))
	case months < 24:
		return p.w.Text("age_months", "{months}", strconv.Itoa(months))
	}
	return p.w.Text("age_years", "{years}", strconv.Itoa(months/12), "{months}", strconv.Itoa(months%12))
}

// counted is whether a dose counts, and why not.
func (p *page) counted(c Count) sheet.Text {
	t := p.w.Text(c.Counts)
	for i, key := range c.Reasons {
		mark := "; "
		if i == 0 {
			mark = ": "
		}
		t = append(append(t, sheet.Run{Text: mark, Language: p.language}), p.w.Text(key)...)
	}
	return t
}

// facts are immunity, contraindications, reactions and exemptions.
func (p *page) facts() []sheet.Block {
	if len(p.r.Facts) == 0 {
		return nil
	}
	t := sheet.Table{Heads: []sheet.Text{p.w.Text("fact"), p.w.Text("vaccine"), p.w.Text("fact_on")}}
	for _, f := range p.r.Facts {
		of, on := plain(f.Code), ""
		if f.Group != "" {
			of = p.group(f.Group)
		} else if f.CVX != 0 {
			of = plain(fmt.Sprintf("CVX %02d, %s", f.CVX, f.Code))
		}
		if f.On != 0 {
			on = p.common.Date(table.Date(f.On))
		}
		t.Rows = append(t.Rows, []sheet.Text{p.w.Text(f.Kind), of, p.text(on)})
	}
	return p.titled("health_heading", p.Table(&t, sheet.PageLeft, sheet.PageWidth, 5)...)
}

// next is what is recommended.
func (p *page) next() []sheet.Block {
	if len(p.r.Next) == 0 {
		return nil
	}
	t := sheet.Table{Heads: []sheet.Text{p.w.Text("vaccine"), p.w.Text("recommended"), p.w.Text("late_after")}}
	for _, n := range p.r.Next {
		late := ""
		if n.LateFrom != 0 {
			late = p.common.Date(table.Date(n.LateFrom))
		}
		due := p.catalog.VaccineText(p.language, n.Group, table.Date(p.r.BirthDate), max(table.Date(n.From), table.Date(p.r.AsOf)))
		t.Rows = append(t.Rows, []sheet.Text{due, p.text(p.common.Date(table.Date(n.From))), p.text(late)})
	}
	note := p.said(p.w.Text("next_note"))
	note.Units[len(note.Units)-1].Keep = true
	return p.titled("next_heading", append([]sheet.Block{note}, p.Table(&t, sheet.PageLeft, sheet.PageWidth, 5)...)...)
}
