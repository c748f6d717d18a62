package record

import (
	"strconv"

	"miic/internal/sheet"
	"miic/internal/table"
	"miic/reports/letter"
)

// A Required is how the person is placed by a law about schools or child care, in its order, as if enrolled on the day
// of issue: what a school has on file is not known to a registry.
type Required struct {
	Law      string        `json:"law"` // where it is to be read
	Vaccines []Requirement `json:"vaccines"`
}

// A Requirement is what the law asks for one vaccine.
type Requirement struct {
	Vaccine  string `json:"vaccine"` // as the law's file calls it
	Name     string `json:"name"`    // in words
	Group    string `json:"vaccine_group"`
	Standing string `json:"standing"`
	Doses    int    `json:"doses_that_count"`
	Next     Day    `json:"next_dose_from,omitzero"`
}

// Standings of a requirement.
const (
	Complete = "complete"
	Disease  = "disease" // has had it
	Medical  = "medical" // immune, or may not be vaccinated
	Begun    = "begun"
	Missing  = "missing"
	NotAsked = "not_asked"
)

// required is what the law asks.
func (p *page) required() []sheet.Block {
	of := p.r.Required
	if of == nil {
		return nil
	}
	t := sheet.Table{Heads: []sheet.Text{p.w.Text("requirement"), p.w.Text("standing"), p.w.Text("doses_counted"), p.w.Text("next_dose")}}
	if p.r.HistoryOnly {
		t.Heads = t.Heads[:3]
	}
	for _, q := range of.Vaccines {
		name := sheet.Text{{Text: q.Name, Language: letter.English}}
		for _, key := range []string{q.Group, q.Vaccine} { // as letters name it, where they do
			if p.catalog.Knows(key) {
				name = p.catalog.VaccineText(p.language, key, table.Date(p.r.BirthDate), table.Date(p.r.AsOf))
			}
		}
		row := []sheet.Text{name, p.w.Text("law_" + q.Standing), nil, nil}
		if q.Standing != NotAsked {
			row[2] = plain(strconv.Itoa(q.Doses))
		}
		if q.Next != 0 {
			row[3] = p.text(p.common.Date(table.Date(q.Next)))
		}
		t.Rows = append(t.Rows, row[:len(t.Heads)])
	}
	note := p.said(p.w.Text("required_note", "{law}", letter.Foreign(of.Law, letter.English), "{date}", p.common.Date(table.Date(p.r.IssuedOn))))
	note.Units[len(note.Units)-1].Keep = true
	return p.titled("required_heading", append([]sheet.Block{note}, p.Table(&t, sheet.PageLeft, sheet.PageWidth, 5)...)...)
}
