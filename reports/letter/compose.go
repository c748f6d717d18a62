package letter

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"miic/internal/name"
	"miic/internal/table"
)

// A Person is somebody whom a piece of mail is about, with that person's notice.
type Person struct {
	ClientID                    int64
	First, Last                 string
	Birth                       table.Date
	GuardianFirst, GuardianLast string
	Address1, Address2          string
	City, State, ZIP            string
	CountyFIPS                  string
	Clinic, ClinicPhone         string
	Notice                      table.Notice
	History                     bool   // the letter shows the doses on record
	Doses                       []Dose // the oldest first
}

// adult reports that letters are addressed to the person itself.
func (p *Person) adult(asOf table.Date) bool { return p.Birth.AddMonths(12*adultYears) <= asOf }

const adultYears = 18

// Given is the person's own given name; nothing for a newborn without one, and for a name that is none.
func (p *Person) Given() string {
	if is, _ := (name.Person{First: p.First, Last: p.Last}).Given(); is {
		return ""
	}
	return clean(p.First)
}

// surname likewise.
func (p *Person) surname() string {
	if (name.Person{First: p.First, Last: p.Last}).Surname() {
		return ""
	}
	return clean(p.Last)
}

func (p *Person) full() string {
	if p.Given() == "" {
		return ""
	}
	return clean(p.Given() + " " + p.surname())
}

// A Piece is the people of one household who get one piece of mail, with what it says of them.
type Piece struct {
	People   []Person // in the order in which the piece names them
	Language string   // of the text: the household's where its text is approved, else English
	Wanted   string   // the household's language, or the one that the campaign fixes
	To       string   // the line that says to whom it goes
	Adult    bool     // to the one whom it is about
	Template string   // the name of its text
	Piece    string   // letter or postcard

	catalog  *Catalog
	template *Template
	words    *Words
	guardian string
	asOf     table.Date
	also     *Piece // the same in English, for the other side
}

// Piece is what people of one household get at once. They have the same channel and template; an adult is alone.
func (c *Catalog) Piece(asOf table.Date, people []Person) Piece {
	p := Piece{People: slices.Clone(people), catalog: c, asOf: asOf}
	p.complete()
	return p
}

// AlsoInEnglish puts the same words in English on the other side, unless the piece is in English.
func (p *Piece) AlsoInEnglish() {
	if p.Language == English {
		return
	}
	also := *p
	also.write(p.catalog.templates[p.Template][English])
	p.also = &also
}

// Both reports that the piece is in two languages.
func (p *Piece) Both() bool { return p.also != nil }

// Languages are those of the piece, as files and counts name them: es, or es+en.
func (p *Piece) Languages() string {
	if p.Both() {
		return p.Language + "+" + English
	}
	return p.Language
}

// write takes a template, and the words of its language.
func (p *Piece) write(t *Template) {
	p.template, p.Language, p.Template, p.Piece = t, t.Language, t.Name, t.Piece
	p.words = p.catalog.words[p.Language]
}

// complete orders the people, the eldest first, and finds template, language and addressee.
func (p *Piece) complete() {
	slices.SortFunc(p.People, func(a, b Person) int {
		return cmp.Or(cmp.Compare(a.Birth, b.Birth), cmp.Compare(a.ClientID, b.ClientID))
	})
	first := &p.People[0].Notice
	p.Wanted = Language(first.Language)
	if p.Wanted == "" {
		p.Wanted = English
	}
	p.write(p.catalog.choose(p.catalog.forChannel(first.Template, first.Channel), p.Wanted))
	p.Adult = p.People[0].adult(p.asOf)
	p.guardian = p.guardianName()
	p.To = p.addressee()
}

// standing are the templates for a notice that names none.
const standingLetter, standingPostcard = "notice", "postcard"

// forChannel is the template for a notice: the one it names, if that is of the channel's piece. A postcard of its own is
// named after the letter: adolescent-postcard.
func (c *Catalog) forChannel(name, channel string) string {
	if channel != PiecePostcard {
		if c.Has(name, PieceLetter) {
			return name
		}
		return standingLetter
	}
	for _, n := range []string{name, name + "-" + PiecePostcard} {
		if c.Has(n, PiecePostcard) {
			return n
		}
	}
	return standingPostcard
}

// guardianName is the guardian whom most of the people name; of several, the one of the eldest. An adult has none.
func (p *Piece) guardianName() string {
	if p.Adult {
		return ""
	}
	count := map[string]int{}
	best := ""
	for i := range p.People {
		g := &p.People[i]
		if (name.Person{First: g.GuardianFirst, Last: g.GuardianLast}).Surname() || strings.TrimSpace(g.GuardianLast) == "" {
			continue
		}
		full := clean(g.GuardianFirst + " " + g.GuardianLast)
		if count[full]++; best == "" || count[full] > count[best] {
			best = full
		}
	}
	return best
}

// addressee is the line of the envelope: an adult in person, the guardian where one is known, else the parent or guardian
// of the children. A postcard, which everybody reads, names no child.
func (p *Piece) addressee() string {
	first := &p.People[0]
	switch {
	case p.Adult && first.full() != "":
		return first.full()
	case p.Adult:
		return p.words.of["resident"]
	case p.guardian != "":
		return p.guardian
	}
	if p.Piece == PiecePostcard {
		return p.words.of["guardian"]
	}
	return strings.Replace(p.words.of["guardian_of"], "{name}", p.envelopeNames(), 1)
}

// envelopeNames are the children's names as an envelope has room for them: all given names where they share a surname
// and fit; else the first with a name.
func (p *Piece) envelopeNames() string {
	var given []string
	one := true
	last := p.People[0].surname()
	for i := range p.People {
		if g := p.People[i].Given(); g != "" {
			given = append(given, g)
		}
		one = one && p.People[i].surname() == last
	}
	if one && len(given) == len(p.People) {
		if all := clean(p.words.join(given) + " " + last); len(given) == 1 || len(all) <= 40 {
			return all
		}
	}
	for i := range p.People {
		if full := p.People[i].full(); full != "" {
			return full
		}
	}
	return p.unnamed(&p.People[0])
}

// unnamed is what somebody without a name of its own is called.
func (p *Piece) unnamed(who *Person) string {
	if who.Birth.AddMonths(24) > p.asOf {
		return p.words.of["your_baby"]
	}
	return p.words.of["your_child"]
}

// called is the name of a person in a sentence.
func (p *Piece) called(who *Person) string {
	if g := who.Given(); g != "" {
		return Foreign(g, "")
	}
	return p.unnamed(who)
}

// Vaccines are what somebody of the piece is due, in plain words of its language, fit for the age on the day on which the
// dose is due or, if that has passed, tonight.
func (p *Piece) Vaccines(who *Person) Text {
	return p.vaccines(who, map[string]bool{})
}

// vaccines are the same. What a vaccine protects against is left out where it was said before.
func (p *Piece) vaccines(who *Person, said map[string]bool) Text {
	var text Text
	for i, group := range strings.Split(who.Notice.VaccineGroups, "|") {
		if i > 0 {
			text = append(text, Run{Text: "; ", Language: p.Language})
		}
		text = append(text, p.vaccine(who, group, max(p.asOf, who.Notice.EarliestDueOn), said)...)
	}
	return text
}

func (p *Piece) vaccine(who *Person, key string, on table.Date, said map[string]bool) Text {
	name := p.catalog.vaccineName(p.Language, key, who.Birth, on)
	if said[name.Text] {
		return Text{name}
	}
	said[name.Text] = true
	return p.catalog.VaccineText(p.Language, key, who.Birth, on)
}

// fields are what the template may write.
func (p *Piece) fields(m *Mail) *Fields {
	office := m.office(p.region())
	f := &Fields{Adult: p.Adult, Several: len(p.People) > 1, Guardian: Foreign(p.guardian, ""),
		Office: Foreign(office.Name, English), OptOutPhone: Foreign(PrintPhone(office.Phone), ""), DataDate: p.words.Date(p.asOf)}
	if p.Adult {
		f.Addressee = Foreign(p.People[0].full(), "")
		if f.Addressee == "" {
			f.Addressee = p.words.of["resident"]
		}
	}
	clinic, phone := p.People[0].Clinic, p.People[0].ClinicPhone
	var names, late []string
	for i := range p.People {
		who := &p.People[i]
		n := p.called(who)
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
		if who.Notice.Kind == recall {
			f.SeveralOverdue = f.Overdue
			f.Overdue = true
			if !slices.Contains(late, n) {
				late = append(late, n)
			}
		}
		if who.Clinic != clinic || who.ClinicPhone != phone {
			clinic, phone = "", ""
		}
	}
	f.Names, f.OverdueNames, f.Clinic = p.words.join(names), p.words.join(late), Foreign(clinic, English)
	if clinic != "" {
		f.ClinicPhone = Foreign(PrintPhone(phone), "")
	}
	calls := p.contacts(m)
	if len(calls) > 1 && office.Phone != "" { // each clinic is in the table of whom to phone
		calls = []contact{{name: office.Name, phone: office.Phone}}
	}
	if len(calls) > 0 {
		f.PhoneName, f.Phone = Foreign(calls[0].name, English), Foreign(PrintPhone(calls[0].phone), "")
	}
	return f
}

// recall is the kind of a notice about what is late (reports/campaign).
const recall = "recall"

func (p *Piece) region() string { return p.People[0].Notice.Region }

// A contact is whom somebody of the piece is to phone.
type contact struct {
	whose       []string
	name, phone string
}

// contacts are whom to phone: of each person the clinic, else the region's office, else the state's; each once.
func (p *Piece) contacts(m *Mail) []contact {
	var list []contact
	for i := range p.People {
		who := &p.People[i]
		c := contact{name: clean(who.Clinic), phone: who.ClinicPhone}
		if c.name == "" || c.phone == "" {
			office := m.office(p.region())
			c = contact{name: office.Name, phone: office.Phone}
		}
		if c.phone == "" {
			continue
		}
		at := slices.IndexFunc(list, func(o contact) bool { return o.name == c.name && o.phone == c.phone })
		if at < 0 {
			at = len(list)
			list = append(list, c)
		}
		list[at].whose = append(list[at].whose, p.called(who))
	}
	return list
}

// PrintPhone writes ten digits as they are read: 651-555-0100.
func PrintPhone(s string) string {
	if len(s) == 10 {
		if _, err := strconv.ParseUint(s, 10, 64); err == nil {
			return s[:3] + "-" + s[3:6] + "-" + s[6:]
		}
	}
	return s
}
