package letter

import (
	"strconv"
	"strings"
)

// Letter writes a piece that goes into an envelope.
func (p *Piece) Letter(m *Mail, sequence int, imb string) (Letter, error) {
	f, w := p.fields(m), p.words
	office := m.office(p.region())
	l := Letter{Sequence: sequence, ID: p.People[0].Notice.NoticeID, Language: p.Language, IMb: imb,
		Return: append([]string{office.Name}, office.Address...), Address: p.Address(),
		Date: Text{{Text: f.DataDate, Language: p.Language}},
		Footer: append(append(w.Text("number", "{sequence}", strconv.Itoa(sequence)), Run{Text: " · ", Language: p.Language}),
			w.Text("quote", "{id}", Foreign(p.People[0].Notice.NoticeID, ""))...),
		Page: func(n, of int) string {
			return w.Text("page", "{page}", strconv.Itoa(n), "{pages}", strconv.Itoa(of)).String()
		}}
	var err error
	line := func(section string) (text Text) {
		if err == nil {
			text, err = p.template.line(section, f)
		}
		return text
	}
	part := func(section string) (list []Paragraph) {
		if err == nil {
			list, err = p.template.paragraphs(section, f)
		}
		return list
	}
	l.Subject, l.Salutation = line("subject"), line("salutation")
	l.Opening, l.Closing = part("opening"), part("closing")
	for _, s := range part("signature") {
		l.Signature = append(l.Signature, s.Text)
	}
	l.Due = p.dueTable()
	l.Phone, l.Clinics = p.phoneTable(m), p.clinicTable(m)
	l.OptOut = &Card{Heading: w.Text("optout_heading"), Text: part("optout"), Return: l.Return, ID: l.ID,
		Boxes:  []Text{w.Text("optout_none"), w.Text("optout_done"), w.Text("optout_moved"), w.Text("optout_wrong")},
		Blanks: []Text{w.Text("signed"), w.Text("signed_on")}}
	for i := range p.People {
		if p.People[i].History {
			l.History = append(l.History, p.historyTable(&p.People[i]))
		}
	}
	if p.also != nil && err == nil {
		var also Letter
		also, err = p.also.Letter(m, sequence, "")
		also.History, l.Also = nil, &also
	}
	return l, err
}

// Postcard writes a piece that everybody can read.
func (p *Piece) Postcard(m *Mail, sequence int, imb string) (Postcard, error) {
	f := p.fields(m)
	office := m.office(p.region())
	c := Postcard{Sequence: sequence, ID: p.People[0].Notice.NoticeID, Language: p.Language, IMb: imb,
		Return: append([]string{office.Name}, office.Address...), Address: p.Address()}
	var err error
	if c.Heading, err = p.template.line("subject", f); err != nil {
		return c, err
	}
	c.Body, err = p.template.paragraphs("body", f)
	if p.also != nil && err == nil {
		var also Postcard
		also, err = p.also.Postcard(m, sequence, "")
		c.Also = &also
	}
	return c, err
}

// Address is the lines of the envelope's window.
func (p *Piece) Address() []string {
	first := &p.People[0]
	var lines []string
	for _, l := range []string{p.To, clean(first.Address1), clean(first.Address2),
		clean(clean(first.City) + ", " + clean(first.State) + " " + clean(first.ZIP))} {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

// dueTable has a row for each person: the name, what is due, and whether it is late. A recall names what falls due soon
// beside what is late; which is which nobody has noted.
func (p *Piece) dueTable() Table {
	w := p.words
	t := Table{Heading: w.Text("due_heading"), Heads: []Text{w.Text("name"), w.Text("vaccines"), w.Text("when")}}
	said := map[string]bool{}
	for i := range p.People {
		who := &p.People[i]
		when := "due"
		if who.Notice.Kind == recall {
			when = "late"
			if strings.Contains(who.Notice.VaccineGroups, "|") {
				when = "late_some"
			}
		}
		t.Rows = append(t.Rows, []Text{p.nameCell(who), p.vaccines(who, said), w.Text(when)})
	}
	return t
}

// nameCell is a person's name in a table: the whole name, or what somebody without one is called.
func (p *Piece) nameCell(who *Person) Text {
	if full := who.full(); full != "" {
		return Text{{Text: full, Language: ""}}
	}
	return Text{{Text: p.unnamed(who), Language: p.Language}}
}

// phoneTable is whom to phone for whom, where there are several; the one of all is in the text.
func (p *Piece) phoneTable(m *Mail) *Table {
	w, calls := p.words, p.contacts(m)
	if len(calls) < 2 {
		return nil
	}
	t := &Table{Heading: w.Text("phone_heading"), Heads: []Text{w.Text("name"), w.Text("place"), w.Text("phone")}}
	for _, c := range calls {
		t.Rows = append(t.Rows, []Text{runs(w.join(c.whose), p.Language), {{Text: c.name, Language: English}}, {{Text: PrintPhone(c.phone), Language: ""}}})
	}
	return t
}

func (p *Piece) clinicTable(m *Mail) *Table {
	w, list := p.words, m.nearby(p.People[0].ZIP, p.People[0].CountyFIPS)
	if len(list) == 0 {
		return nil
	}
	t := &Table{Heading: w.Text("clinics_heading"),
		Heads: []Text{w.Text("place"), w.Text("address"), w.Text("phone"), w.Text("note")}}
	for _, c := range list {
		where := strings.Trim(c.Address+", "+c.City, ", ")
		t.Rows = append(t.Rows, []Text{{{Text: c.Name, Language: English}}, {{Text: where, Language: ""}}, {{Text: PrintPhone(c.Phone), Language: ""}}, {{Text: c.Note, Language: English}}})
	}
	return t
}
