package letter

import (
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

var asOf = table.NewDate(2026, 3, 2)

func born(years int) table.Date { return asOf.AddMonths(-12*years - 1) }

func catalog(t testing.TB, approvals ...Approval) *Catalog {
	t.Helper()
	c, err := Load("", approvals)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// person is a child of one household in English, due MMR by recall.
func person(id int64, years int, first string) Person {
	return Person{ClientID: id, First: first, Last: "Vang", Birth: born(years), Address1: "12 Oak St", City: "Saint Paul",
		State: "MN", ZIP: "55104", CountyFIPS: "27123", Clinic: "Lakes Clinic", ClinicPhone: "6515550100",
		Notice: table.Notice{NoticeID: "n" + first, ClientID: id, Kind: recall, Channel: "mail", Language: "en", Region: "metro",
			VaccineGroups: "MMR", EarliestDueOn: asOf - 60}}
}

func mail(c *Catalog) *Mail {
	return &Mail{Catalog: c, Offices: map[string]Office{StateOffice: {Name: "State Registry",
		Address: []string{"1 Main St", "Saint Paul, MN 55101"}, Phone: "6515550199"}}}
}

func oneLetter(t testing.TB, m *Mail, people ...Person) Letter {
	t.Helper()
	p := m.Catalog.Piece(asOf, people)
	l, err := p.Letter(m, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// words of a letter, all of them.
func all(l Letter) string {
	var b strings.Builder
	put := func(list ...Text) {
		for _, x := range list {
			b.WriteString(x.String() + "\n")
		}
	}
	put(l.Date, l.Subject, l.Salutation)
	for _, p := range slices.Concat(l.Opening, l.Closing) {
		put(p.Text)
	}
	put(l.Signature...)
	tables := []*Table{&l.Due, l.Phone, l.Clinics}
	for i := range l.History {
		tables = append(tables, &l.History[i])
	}
	for _, x := range tables {
		if x == nil {
			continue
		}
		put(x.Heading)
		put(x.Heads...)
		for _, row := range x.Rows {
			put(row...)
		}
	}
	put(l.OptOut.Heading, l.Footer)
	put(l.OptOut.Boxes...)
	return strings.Join(append(append(l.Address, l.Return...), b.String()), "\n")
}

// A family gets one letter for all its children; the eldest is first, recall and reminder stand apart, and one who is of
// age has a letter of one's own.
func TestOneLetterForAHousehold(t *testing.T) {
	m := mail(catalog(t))
	baby, ana, luis, adult := person(4, 0, "Baby Girl"), person(2, 6, "Ana"), person(1, 3, "Luis"), person(3, 18, "Eva")
	ana.Notice.Kind, ana.Notice.VaccineGroups = "reminder", "DTaP/Tdap/Td|Polio"
	for i, guardian := range []string{"", "Mai", "Mai"} {
		[]*Person{&ana, &luis, &baby}[i].GuardianFirst = guardian
		if guardian != "" {
			[]*Person{&ana, &luis, &baby}[i].GuardianLast = "Vang"
		}
	}
	p := m.Catalog.Piece(asOf, []Person{baby, luis, ana})
	if p.To != "Mai Vang" {
		t.Errorf("the piece goes to %s, want the guardian of the most", p.To)
	}
	l, err := p.Letter(m, 12, "")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range l.Due.Rows {
		rows = append(rows, r[0].String()+": "+r[1].String()+", "+r[2].String())
	}
	want := []string{"Ana Vang: DTaP (diphtheria, tetanus and whooping cough); Polio, due now or soon",
		"Luis Vang: MMR (measles, mumps and rubella), late, as soon as possible",
		"your baby: MMR, late, as soon as possible"}
	if !slices.Equal(rows, want) {
		t.Errorf("due are\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if text := all(l); strings.Contains(text, "Eva") || strings.Contains(text, "Baby Girl") || !strings.Contains(text, "Letter 12") {
		t.Errorf("the family's letter is\n%s", text)
	}
	// Ana is not late, and it is not said of her.
	if got := l.Subject.String() + "\n" + l.Opening[0].Text.String(); !strings.HasPrefix(got, "Vaccines are overdue for Luis and your baby\n") ||
		!strings.Contains(got, "Luis and your baby have missed") || strings.Contains(got, "Ana") {
		t.Errorf("a letter about two of three begins\n%s", got)
	}
	own := all(oneLetter(t, m, adult))
	if !strings.Contains(own, "Your vaccines are overdue") || !strings.Contains(own, "Dear Eva Vang,") || strings.Contains(own, "child") {
		t.Errorf("an adult's letter is\n%s", own)
	}
}

func TestToWhomAPieceGoes(t *testing.T) {
	c := catalog(t)
	with := func(p Person, change func(*Person)) Person { change(&p); return p }
	guardian := func(first, last string) func(*Person) {
		return func(p *Person) { p.GuardianFirst, p.GuardianLast = first, last }
	}
	for _, x := range []struct {
		people []Person
		want   string
	}{
		{[]Person{with(person(1, 0, ""), func(p *Person) { p.Last = "Hansen" })}, "To the parent or guardian of your baby"},
		{[]Person{person(1, 6, "")}, "To the parent or guardian of your child"},
		{[]Person{person(1, 0, "BABYBOY")}, "To the parent or guardian of your baby"},
		{[]Person{person(1, 6, "Emma")}, "To the parent or guardian of Emma Vang"},
		{[]Person{person(1, 6, "Emma"), person(2, 7, "Kai")}, "To the parent or guardian of Kai and Emma Vang"},
		{[]Person{person(1, 6, "Emma-Katharina"), person(2, 7, "Maximiliana"), person(3, 8, "Wilhelmine")}, "To the parent or guardian of Wilhelmine Vang"},
		{[]Person{with(person(1, 0, ""), guardian("Karin", "Hansen"))}, "Karin Hansen"},
		{[]Person{with(person(1, 6, "Emma"), guardian("Unknown", "Unknown"))}, "To the parent or guardian of Emma Vang"},
		{[]Person{with(person(1, 30, "Emma"), guardian("Karin", "Hansen"))}, "Emma Vang"},
		{[]Person{person(1, 30, "")}, "To the addressee of this letter"},
	} {
		if got := c.Piece(asOf, x.people).To; got != x.want {
			t.Errorf("a piece goes %q, want %q", got, x.want)
		}
	}
}

// In a letter in Spanish names are in no language, the clinic's in English, and all else in Spanish.
func TestEveryRunHasItsLanguage(t *testing.T) {
	c := catalog(t)
	m := mail(catalog(t, Approval{"es", "R. Ruiz", c.Fingerprint("es")}))
	ana := person(1, 6, "Ana\u202e\x00 María\uE000")
	ana.Notice.Language = "es"
	l := oneLetter(t, m, ana)
	want := Text{{Text: "Vacunas atrasadas de ", Language: "es"}, {Text: "Ana María", Language: ""}}
	if !slices.Equal(l.Subject, want) {
		t.Errorf("the subject is %q, want %q", l.Subject, want)
	}
	if !slices.Contains(l.Opening[1].Text, Run{Text: "Lakes Clinic", Language: "en"}) || l.Opening[1].Text[0].Language != "es" {
		t.Errorf("the clinic's sentence is %q", l.Opening[1].Text)
	}
	if l.Date.String() != "2 de marzo de 2026" {
		t.Errorf("the date is %s", l.Date)
	}
}

// Whom to phone is the clinic, else the region's office, else the state's.
func TestWhomToPhone(t *testing.T) {
	m := mail(catalog(t))
	ana, luis := person(1, 6, "Ana"), person(2, 3, "Luis")
	ana.ClinicPhone = ""
	l := oneLetter(t, m, ana, luis)
	if got := all(Letter{Phone: l.Phone, OptOut: &Card{}}); !strings.Contains(got, "Ana\nState Registry\n651-555-0199") ||
		!strings.Contains(got, "Luis\nLakes Clinic\n651-555-0100") {
		t.Errorf("whom to phone:\n%s", got)
	}
	m.Offices["metro"] = Office{Name: "Metro Office", Address: []string{"Saint Paul, MN 55102"}, Phone: "6515550111"}
	l = oneLetter(t, m, ana)
	if text := all(l); l.Phone != nil || !strings.Contains(text, "Questions? Call Metro Office, 651-555-0111.") || l.Return[0] != "Metro Office" {
		t.Errorf("the letter of one office is\n%s", text)
	}
	if text := all(oneLetter(t, m, luis)); !strings.Contains(text, "Please call Lakes Clinic, 651-555-0100, to make") {
		t.Errorf("the letter of a clinic with a number is\n%s", text)
	}
	delete(m.Offices, "metro")
	delete(m.Offices, StateOffice)
	if l = oneLetter(t, m, ana); l.Phone != nil || !strings.Contains(all(l), "Questions? Please ask your clinic.") {
		t.Errorf("without any number the letter is\n%s", all(l))
	}
}

// A postcard in no language has a vaccine or a child.
func TestAPostcardNamesNoVaccineAndNoChild(t *testing.T) {
	c := catalog(t)
	var approvals []Approval
	for _, l := range c.Languages() {
		approvals = append(approvals, Approval{l, "Somebody", c.Fingerprint(l)})
	}
	m := mail(catalog(t, approvals...))
	for _, language := range c.Languages() {
		ana := person(1, 6, "Anastasia")
		ana.Notice.Language, ana.Notice.Channel = language, PiecePostcard
		p := m.Catalog.Piece(asOf, []Person{ana}) // nobody knows a guardian
		card, err := p.Postcard(m, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		if to := m.Catalog.words[language].of["guardian"]; card.Address[0] != to {
			t.Errorf("a postcard in %s goes to %q, want %q", language, card.Address[0], to)
		}
		text := card.Heading.String() + "\n" + strings.Join(card.Address, "\n")
		for _, p := range card.Body {
			text += "\n" + p.Text.String()
		}
		if card.Language != language || !strings.Contains(text, "651-555-0100") {
			t.Errorf("the postcard is in %s:\n%s", card.Language, text)
		}
		for _, never := range []string{"Anastasia", "MMR", "vaccin", "vacuna", "tallaal", "tshuaj"} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(never)) {
				t.Errorf("a postcard in %s has %s:\n%s", language, never, text)
			}
		}
	}
}

// Low-cost clinics are those of the family's ZIP code, then of its county, and no others.
func TestClinicsNearby(t *testing.T) {
	list, err := ReadClinics(strings.NewReader("\ufeffname,address,city,zip,county_fips,phone,note\n" +
		"Far,,Duluth,55803,27137,,\nCounty A,1 B St,Saint Paul,55101,27123,6515550101,\nHere,2 C St,Saint Paul,55104,27123,6515550102,Tuesdays\n" +
		"County B,,,,27123,,\nCounty C,,,,27123,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	m := mail(catalog(t))
	m.Clinics = list
	l := oneLetter(t, m, person(1, 6, "Ana"))
	var names []string
	for _, r := range l.Clinics.Rows {
		names = append(names, r[0].String())
	}
	if !slices.Equal(names, []string{"Here", "County A", "County B"}) || l.Clinics.Rows[0][1].String() != "2 C St, Saint Paul" {
		t.Errorf("nearby are %v", l.Clinics.Rows)
	}
	for text, want := range map[string]string{
		"name,address\n": "wants name", "": "wants the header", "name,address,city,zip,county_fips,phone,note\nX,,,,,,\n": "line 2: the clinic has neither",
		"name,address,city,zip,county_fips,phone,note\nX,,,5510,,,\n":       "line 2: zip and county_fips",
		"name,address,city,zip,county_fips,phone,note\nX,,,55104,,555-1,\n": "line 2: phone"} {
		if _, err := ReadClinics(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestOffices(t *testing.T) {
	head := "region,name,address_1,address_2,city,state,zip,phone\n"
	offices, err := ReadOffices(strings.NewReader(head + "state,Registry,PO Box 1,,Saint Paul,MN,55101,6515550100\nmetro,Metro,1 A St,,Saint Paul,MN,55102,\n"))
	if err != nil {
		t.Fatal(err)
	}
	m := &Mail{Offices: offices}
	if o := m.office("metro"); o.Phone != "6515550100" || o.Address[1] != "Saint Paul, MN 55102" {
		t.Errorf("metro's office is %v", o)
	}
	if o := m.office("central"); o.Name != "Registry" {
		t.Errorf("central's office is %v", o)
	}
	for text, want := range map[string]string{
		head + "metro,Metro,1 A St,,Saint Paul,MN,55102,\n":                "no row for \"state\"",
		head + "state,A,B,,C,MN,55101,\nstate,A,B,,C,MN,55101,\n":          "line 3: region",
		head + "state,A,B,,C,MN,5510,\n":                                   "line 2: a return address",
		head + "state,A,B,,C,MN,55101,555\n":                               "line 2: phone",
		"region,name,address_1,address_2,city,state,zip,fax\nstate,,,,,,,": "\"fax\" is unknown"} {
		if _, err := ReadOffices(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A campaign may want a family's language and English beside it; one that speaks English, or whose language nobody has
// approved, gets one.
func TestALetterInTwoLanguages(t *testing.T) {
	c := catalog(t)
	m := mail(catalog(t, Approval{"es", "R. Ruiz", c.Fingerprint("es")}))
	for language, want := range map[string]string{"es": "es+en", "en": "en", "so": "en"} {
		ana := person(1, 6, "Ana")
		ana.Notice.Language, ana.History = language, true
		for _, channel := range []string{"mail", PiecePostcard} {
			ana.Notice.Channel = channel
			p := m.Catalog.Piece(asOf, []Person{ana})
			p.AlsoInEnglish()
			if p.Languages() != want || p.Both() != (want == "es+en") || p.To != m.Catalog.Piece(asOf, []Person{ana}).To {
				t.Errorf("%s by %s: the piece is in %s, want %s", language, channel, p.Languages(), want)
			}
		}
		ana.Notice.Channel = "mail"
		p := m.Catalog.Piece(asOf, []Person{ana})
		p.AlsoInEnglish()
		l, err := p.Letter(m, 7, "AD")
		if err != nil {
			t.Fatal(err)
		}
		if want != "es+en" {
			if l.Also != nil {
				t.Errorf("%s: the letter has another side", language)
			}
			continue
		}
		if l.Language != "es" || l.Also.Language != "en" || l.Also.Subject.String() != "Vaccines are overdue for Ana" ||
			l.Subject.String() != "Vacunas atrasadas de Ana" || len(l.History) != 1 || len(l.Also.History) != 0 || l.Also.IMb != "" {
			t.Errorf("%+v\nand on the other side %+v", l, l.Also)
		}
	}
}
