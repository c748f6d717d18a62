package school

import (
	"fmt"
	"io"
	"strings"
	"time"

	"miic/internal/pdf"
	"miic/internal/table"
	"miic/reports/letter"
)

// getsLetter reports whether the family is told that immunizations are missing: of a student who is surely matched, has
// one overdue, and about whose records no question is open.
func (a *Answer) getsLetter() bool {
	return a.Class == Sure && a.worst() == Overdue && !a.Person.InReview
}

// letters writes a letter to each family that gets one, into one file; there is none without such families.
func (i *Issue) letters(list []Answer) error {
	var of []*Answer
	for n := range list {
		if list[n].getsLetter() {
			of = append(of, &list[n])
		}
	}
	if len(of) == 0 {
		return nil
	}
	return i.file(LettersFile+"-"+i.Roster+".pdf", func(w io.Writer) error {
		_, err := letter.DrawLetters(w, "Letters about immunizations, "+i.To.Name, func(yield func(*letter.Letter) bool) {
			for n, a := range of {
				if !yield(i.letter(a, n+1)) {
					return
				}
			}
		})
		return err
	})
}

// english is text in the letter's language; foreign is a name, a number or an address, which is in none.
func english(format string, args ...any) letter.Text {
	return letter.Text{{Text: fmt.Sprintf(format, args...), Language: "en"}}
}

func foreign(text string) letter.Text { return letter.Text{{Text: text}} }

// letter is one family's letter.
func (i *Issue) letter(a *Answer, sequence int) *letter.Letter {
	e := a.Entry
	name := strings.TrimSpace(e.FirstName + " " + e.LastName)
	l := &letter.Letter{Sequence: sequence, ID: e.ListID1, Language: "en", Date: english("Data as of %s", inWords(i.Day)),
		Return:     []string{i.To.Name, i.To.Contact.Name},
		Salutation: english("Dear parent or guardian,"),
		Page:       func(n, of int) string { return fmt.Sprintf("page %d of %d", n, of) }}
	for _, s := range []string{i.To.Contact.Phone, i.To.Contact.Email} {
		if s != "" && len(l.Return) < 4 {
			l.Return = append(l.Return, s)
		}
	}
	l.Address = []string{"To the parent or guardian of", name}
	for _, s := range []string{e.Address1, e.Address2, strings.Trim(strings.TrimSpace(e.City+", "+e.State+" "+zip(e.ZIP)), ", ")} {
		if s != "" {
			l.Address = append(l.Address, s)
		}
	}
	l.Subject = append(english("Immunizations that are missing for "), foreign(name)...)
	l.Opening = []letter.Paragraph{
		{Text: english("By law (%s) your child needs the immunizations below to attend, or a statement of exemption. In the state's "+
			"immunization registry we did not find them all.", a.Law.Source)},
	}
	until := "Please bring us one of these for each line above, as soon as you can:"
	if i.ExcludeOn != 0 {
		until = fmt.Sprintf("From %s on, your child may not attend without them. Please bring us one of these for each line above "+
			"before that day:", inWords(i.ExcludeOn))
	}
	l.Due = letter.Table{Heading: english("What is missing"),
		Heads: []letter.Text{english("immunization"), english("doses we found"), english("next dose is recommended from")}}
	history := false
	for _, v := range a.Verdicts {
		if v.Status != Overdue {
			continue
		}
		vaccine := a.Law.vaccine(v.Vaccine)
		history = history || vaccine.History
		next := "ask your clinic"
		if v.NextOn > i.Day {
			next = inWords(v.NextOn)
		} else if v.NextOn != 0 {
			next = "now"
		}
		l.Due.Rows = append(l.Due.Rows, []letter.Text{english("%s", vaccine.Name), english("%d", v.Doses), english("%s", next)})
	}
	item := func(text string) {
		l.Closing = append(l.Closing, letter.Paragraph{Text: english("%s", text), Item: true})
	}
	l.Closing = []letter.Paragraph{{Text: english("%s", until)}}
	item("a record from your clinic with the dates of the doses, also of doses that were given in another state or country;")
	item("a medical exemption that a provider has signed;")
	if history {
		item("for chickenpox, a provider's statement that your child has had the disease;")
	}
	item("a notarized statement that you hold a belief against the immunization.")
	l.Closing = append(l.Closing,
		letter.Paragraph{Text: english("This letter rests on what clinics had reported to the registry by %s. What was reported later, "+
			"or never, is not in it. If you think that it is wrong, call us: the number is above.", inWords(i.Day))})
	l.Signature = []letter.Text{foreign(i.To.Contact.Name), foreign(i.To.Name)}
	l.Footer = append(english("Student "), foreign(e.ListID1)...)
	for _, t := range []string{name, e.Address1, e.City} {
		if len(pdf.Lacks(t)) > 0 { // a box is drawn: the school must write the name by hand
			l.Footer = append(l.Footer, english(" · a letter of the name or address cannot be printed")...)
			break
		}
	}
	return l
}

func zip(code string) string {
	if len(code) == 9 {
		return code[:5] + "-" + code[5:]
	}
	return code
}

// inWords is a day as a letter has it: March 2, 2026.
func inWords(d table.Date) string {
	y, m, day := d.YMD()
	return fmt.Sprintf("%s %d, %d", time.Month(m), day, y)
}
