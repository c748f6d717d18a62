package school

import (
	"io"
	"strconv"
	"strings"

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
func (i *Issue) letters(list []Answer, c *letter.Catalog) error {
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
				if !yield(i.letter(a, c, n+1)) {
					return
				}
			}
		})
		return err
	})
}

// foreign is a name, a number or an address, which is in no language.
func foreign(text string) letter.Text { return letter.Text{{Text: text}} }

// letter is one family's letter, in the household's language where the site has approved its words, with the same in English.
func (i *Issue) letter(a *Answer, c *letter.Catalog, sequence int) *letter.Letter {
	l := i.inLanguage(a, c, a.Person.Language, sequence)
	if l.Language != letter.English {
		l.Also = i.inLanguage(a, c, letter.English, sequence)
	}
	return l
}

// inLanguage is the letter in a language, or in English where that one is not approved.
func (i *Issue) inLanguage(a *Answer, c *letter.Catalog, language string, sequence int) *letter.Letter {
	e := a.Entry
	language, w, common := c.School(language)
	name := strings.TrimSpace(e.FirstName + " " + e.LastName)
	asOf := common.Date(i.Day)
	l := &letter.Letter{Sequence: sequence, ID: e.ListID1, Language: language, Date: w.Text("as_of", "{date}", asOf),
		Return: []string{i.To.Name, i.To.Contact.Name}, Salutation: w.Text("dear"),
		Page: func(n, of int) string {
			return common.Text("page", "{page}", strconv.Itoa(n), "{pages}", strconv.Itoa(of)).String()
		}}
	for _, s := range []string{i.To.Contact.Phone, i.To.Contact.Email} {
		if s != "" && len(l.Return) < 4 {
			l.Return = append(l.Return, s)
		}
	}
	l.Address = []string{common.Text("guardian_of", "{name}", name).String()}
	for _, s := range []string{e.Address1, e.Address2, strings.Trim(strings.TrimSpace(e.City+", "+e.State+" "+zip(e.ZIP)), ", ")} {
		if s != "" {
			l.Address = append(l.Address, s)
		}
	}
	l.Subject = w.Text("subject", "{name}", letter.Foreign(name, ""))
	l.Opening = []letter.Paragraph{{Text: w.Text("opening", "{law}", letter.Foreign(a.Law.Source, letter.English))}}
	l.Due = letter.Table{Heading: w.Text("heading"), Heads: []letter.Text{w.Text("immunization"), w.Text("found"), w.Text("next")}}
	history := false
	for _, v := range a.Verdicts {
		if v.Status != Overdue {
			continue
		}
		vaccine := a.Law.vaccine(v.Vaccine)
		history = history || vaccine.History
		next := w.Text("ask")
		if v.NextOn > i.Day {
			next = letter.Text{{Text: common.Date(v.NextOn), Language: language}}
		} else if v.NextOn != 0 {
			next = w.Text("now")
		}
		l.Due.Rows = append(l.Due.Rows, []letter.Text{vaccine.inWords(c, language, e.BirthDate, i.Day), foreign(strconv.Itoa(v.Doses)), next})
	}
	ask := w.Text("bring")
	if i.ExcludeOn != 0 {
		ask = w.Text("exclude", "{date}", common.Date(i.ExcludeOn))
	}
	l.Closing = []letter.Paragraph{{Text: ask}}
	for _, key := range []string{"record", "medical", "history", "belief"} {
		if key != "history" || history {
			l.Closing = append(l.Closing, letter.Paragraph{Text: w.Text(key), Item: true})
		}
	}
	l.Closing = append(l.Closing, letter.Paragraph{Text: w.Text("cutoff", "{date}", asOf)})
	l.Signature = []letter.Text{foreign(i.To.Contact.Name), foreign(i.To.Name)}
	l.Footer = w.Text("student", "{id}", letter.Foreign(e.ListID1, ""))
	for _, t := range []string{name, e.Address1, e.City} {
		if len(pdf.Lacks(t)) > 0 { // a box is drawn: the school must write the name by hand
			l.Footer = append(append(l.Footer, letter.Run{Text: " · ", Language: language}), w.Text("unprintable")...)
			break
		}
	}
	return l
}

// inWords names the vaccine as all letters do; one that they have no name for, as its law does.
func (v *Vaccine) inWords(c *letter.Catalog, language string, born, day table.Date) letter.Text {
	for _, key := range []string{v.ID, v.Group} {
		if c.Knows(key) {
			return c.VaccineText(language, key, born, day)
		}
	}
	return letter.Text{{Text: v.Name, Language: letter.English}}
}

func zip(code string) string {
	if len(code) == 9 {
		return code[:5] + "-" + code[5:]
	}
	return code
}
