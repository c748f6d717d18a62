package letter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"miic/internal/pdf"
	"miic/internal/pdf/proof"
	"miic/internal/sheet"
	"miic/internal/table"
)

// aLetter is a letter to a household of so many children, each with a name of so many letters.
func aLetter(children, length int) *Letter {
	in := func(language, s string) Text { return Text{{Text: s, Language: language}} }
	name := func(n int) Text {
		const s = "Maximiliana-Guadalupe Nkauj Hnub Wolfeschlegelsteinhausenbergerdorff Xiong "
		return Text{{Text: fmt.Sprint(n, " ", strings.Repeat(s, length/len(s)+1)[:length])}}
	}
	registry := []string{"Minnesota Immunization Registry", "625 Robert Street North", "PO Box 64975",
		"Saint Paul MN 55164-0975"}
	l := &Letter{Sequence: 1204, ID: "N-7F3K-2204", Language: "es", Return: registry,
		Address: []string{"A los padres o tutores de José Ñúñez y hermanos",
			"12345 Wolverton-Washington Avenue NW Apt 1204", "Minneapolis MN 55401-1234"},
		IMb:        strings.Repeat("ADFTFDATT", 7) + "FA",
		Date:       in("es", "2 de marzo de 2026"),
		Subject:    in("es", "Es hora de vacunar a sus hijos"),
		Salutation: append(in("es", "Estimada familia "), Text{{Text: "Ñúñez:"}}...),
		Opening: []Paragraph{
			{Text: in("es", strings.Repeat("Según nuestros registros, a sus hijos les faltan vacunas. ", 4))},
			{Text: in("es", "Si ya las recibieron, llámenos."), Item: true},
			{Text: in("es", "Si no, pida una cita."), Item: true}},
		Due:       Table{Heads: []Text{in("es", "Nombre"), in("es", "Vacunas")}},
		Closing:   []Paragraph{{Text: append(in("es", "Gracias. "), in("en", "Call 651-201-5503 for this letter in English.")...)}},
		Signature: []Text{in("es", "Atentamente,"), in("en", "Minnesota Department of Health")},
		Phone: &Table{Heading: in("es", "A quién llamar"),
			Heads: []Text{in("es", "De"), in("es", "Clínica"), in("es", "Teléfono"), in("es", "Nota")},
			Rows:  [][]Text{{name(1), in("", "Hennepin Healthcare"), in("", "612-555-0100"), nil}}},
		OptOut: &Card{Heading: in("es", "Si no quiere más cartas"),
			Text:   []Paragraph{{Text: in("es", "Corte y envíe esta tarjeta.")}},
			Boxes:  []Text{in("es", "No me envíen cartas."), in("es", "La dirección es otra.")},
			Blanks: []Text{in("es", "Firma"), in("es", "Fecha")}, Return: registry, ID: "N-7F3K-2204"},
		Footer: in("es", "Registro de vacunas de Minnesota"),
		Page:   func(n, of int) string { return fmt.Sprintf("página %d de %d", n, of) },
	}
	vaccines := "sarampión, paperas y rubéola; difteria, tétanos y tosferina; hepatitis B; varicela; meningococo ACWY"
	for n := range children {
		l.Due.Rows = append(l.Due.Rows, []Text{name(n + 1), in("es", vaccines)})
		h := Table{Heading: name(n + 1), Heads: []Text{in("es", "Fecha"), in("es", "Vacuna"), in("es", "Dosis")}}
		for dose := range 24 {
			h.Rows = append(h.Rows, []Text{in("", fmt.Sprintf("01/%02d/2025", dose+1)),
				in("es", "difteria, tétanos y tosferina"), in("", fmt.Sprint(dose+1))})
		}
		l.History = append(l.History, h)
	}
	return l
}

func draw(t *testing.T, letters ...*Letter) (Drawn, string) {
	t.Helper()
	var b bytes.Buffer
	d, err := DrawLetters(&b, "Letters", slices.Values(letters))
	if err != nil {
		t.Fatal(err)
	}
	return d, proof.File(t, b.Bytes())
}

func TestPiecesFollowPDFUA(t *testing.T) {
	if testing.Short() {
		t.Skip("veraPDF takes seconds, and says the same in every pass")
	}
	sided, both := inTwoLanguages(t, 3)
	_, letters := draw(t, slices.Concat([]*Letter{aLetter(1, 20), aLetter(5, 60)}, inEveryLanguage(t, 2), sided)...)
	_, cards := drawCards(t, append(both, aPostcard(), aPostcard())...)
	_, labels := drawLabels(t, aLetter(0, 1).Address, 31)
	if n := proof.Rules(t, letters, cards, labels); n < 20_000 {
		t.Errorf("only %d checks were made", n)
	}
	for _, file := range []string{letters, cards, labels} {
		proof.Sound(t, file)
	}
}

// approvedMail is a site's mail with every built-in text approved, and clinics nearby.
func approvedMail(t *testing.T) *Mail {
	t.Helper()
	var approvals []Approval
	for _, l := range catalog(t).Languages() {
		approvals = append(approvals, Approval{l, "Somebody", catalog(t).Fingerprint(l)})
	}
	m := mail(catalog(t, approvals...))
	m.Clinics = []LowCost{{Name: "Lakes Community Health", Address: "120 Lake St", City: "Saint Paul", ZIP: "55104",
		Phone: "6515550188", Note: "Mondays, no appointment"}, {Name: "Ramsey County Clinic", ZIP: "55104"}}
	return m
}

// siblings are so many children of a household that speaks a language.
func siblings(children int, language string) []Person {
	var people []Person
	for n := range children {
		p := person(int64(n+1), 2+2*n, []string{"Ana", "Nkauj Hnub", "Abdirahman", "José", "Maximiliana"}[n])
		p.Notice.Language, p.Notice.VaccineGroups = language, "DTaP/Tdap/Td|MMR|Polio|Varicella"
		people = append(people, p)
	}
	return people
}

// inTwoLanguages is a letter with the doses on record, and a postcard, in each language and English.
func inTwoLanguages(t *testing.T, children int) (letters []*Letter, cards []*Postcard) {
	t.Helper()
	m := approvedMail(t)
	triple := []string{"Diphtheria", "Pertussis", "Tetanus"}
	for _, language := range m.Catalog.Languages() {
		if language == English {
			continue
		}
		people := siblings(children, language)
		for i := range people {
			who := &people[i]
			who.History, who.Last = true, "Wolfeschlegelsteinhausenbergerdorff-Xiong"
			for n := range 10 * i {
				day := who.Birth + table.Date(60*n)
				who.Doses = append(who.Doses, Dose{day, NewGiven(146, slices.Concat(judged("Valid", "HepB", "Hib", "Polio"), judged("Not Valid", triple...)))},
					Dose{day + 1, NewGiven(21, judged("Extraneous", "Varicella"))})
			}
		}
		p := m.Catalog.Piece(asOf, people)
		p.AlsoInEnglish()
		l, err := p.Letter(m, 1204, strings.Repeat("ADFTFDATT", 7)+"FA")
		if err != nil {
			t.Fatal(err)
		}
		people[0].Notice.Channel = PiecePostcard
		p = m.Catalog.Piece(asOf, people[:1])
		p.AlsoInEnglish()
		c, err := p.Postcard(m, 1204, "")
		if err != nil {
			t.Fatal(err)
		}
		letters, cards = append(letters, &l), append(cards, &c)
	}
	return letters, cards
}

// TestBothSides: a letter in two languages has the first on the front and English on the back, with a card on each; the
// doses on record follow, each child's on a page of its own, and it ends a sheet. Nothing overflows, on a postcard neither.
func TestBothSides(t *testing.T) {
	for _, children := range []int{1, 2, 5} {
		letters, cards := inTwoLanguages(t, children)
		for i, l := range letters {
			d, file := draw(t, l, l)
			pages := proof.Words(t, file)
			sheet := d.Pages / 2
			if d.Pages != len(pages) || sheet%2 != 0 || len(d.Missing) > 0 {
				t.Fatalf("%d children in %s: %d pages, missing %v", children, l.Language, d.Pages, d.Missing)
			}
			bare := func(s string) string { return strings.Join(strings.Fields(s), "") } // lines are broken
			english, history := 0, map[int]bool{}
			for n, words := range pages[:sheet] {
				text := bare(checkPage(t, fmt.Sprintf("%d children in %s, page %d", children, l.Language, n+1), words))
				if strings.Contains(text, bare(l.Also.Subject.Plain())) {
					english = n + 1
				}
				for i := range l.History {
					if strings.Contains(text, bare(l.History[i].Heading.Plain())) {
						history[n] = true
					}
				}
			}
			if english < 2 || english > 3 || // the longest names fill more than the front
				len(history) != children || history[0] || history[1] {
				t.Errorf("%d children in %s: English is on page %d, histories on %v", children, l.Language, english, history)
			}
			if _, file := drawCards(t, cards[i]); len(proof.Words(t, file)) != 2 {
				t.Errorf("a postcard in %s has no two sides", l.Language)
			}
		}
	}
}

// checkPage makes sure that every word of a page is within the margins and none lies over another; it returns the text.
func checkPage(t *testing.T, name string, words []proof.Word) string {
	t.Helper()
	var text strings.Builder
	for i, w := range words {
		text.WriteString(w.Text + " ")
		if w.Left < 0.6*pdf.Inch || w.Right > sheet.PageLeft+sheet.PageWidth+0.5 || w.Bottom > 10.75*pdf.Inch || w.Top < 0.3*pdf.Inch {
			t.Errorf("%s: %q is at %v", name, w.Text, w)
		}
		for _, o := range words[:i] {
			if w.Left < o.Right-0.2 && o.Left < w.Right-0.2 && w.Top < o.Bottom-3.5 && o.Top < w.Bottom-3.5 {
				t.Errorf("%s: %v lies over %v", name, w, o)
			}
		}
	}
	return text.String()
}

// inEveryLanguage is one letter to a household of so many children in each language that has texts.
func inEveryLanguage(t *testing.T, children int) []*Letter {
	t.Helper()
	m := approvedMail(t)
	var out []*Letter
	for _, language := range m.Catalog.Languages() {
		l := oneLetter(t, m, siblings(children, language)...)
		if l.Language != language {
			t.Fatalf("a letter in %s is in %s", language, l.Language)
		}
		out = append(out, &l)
	}
	return out
}

// TestUsualLetterIsOneSheet: with the card and the clinics, in every language; and every letter of it can be drawn. Five
// children take a second page.
func TestUsualLetterIsOneSheet(t *testing.T) {
	for _, children := range []int{1, 5} {
		for _, l := range inEveryLanguage(t, children) {
			d, file := draw(t, l)
			if want := min(children, 2); d.Pages != want || len(d.Missing) > 0 {
				t.Errorf("%d children in %s: %d pages, missing %v", children, l.Language, d.Pages, d.Missing)
			}
			for n, words := range proof.Words(t, file) {
				var text []string
				for _, w := range words {
					text = append(text, w.Text)
				}
				if page := l.Page(n+1, 2); d.Pages == 2 && !strings.Contains(strings.Join(text, " "), page) {
					t.Errorf("%s: page %d does not say %q", l.Language, n+1, page)
				}
			}
		}
	}
}

// TestNothingOverflows: five children with the longest names: every word is within the margins, none lies over another,
// and each page but the first of several has its number.
func TestNothingOverflows(t *testing.T) {
	for _, c := range []struct{ children, length, pages int }{{1, 20, 2}, {2, 60, 3}, {5, 60, 6}, {5, 200, 7}} {
		d, file := draw(t, aLetter(c.children, c.length))
		pages := proof.Words(t, file)
		if d.Pages != c.pages || len(pages) != c.pages {
			t.Errorf("%d children: %d pages, %d counted; want %d", c.children, len(pages), d.Pages, c.pages)
		}
		for n, words := range pages {
			text := checkPage(t, fmt.Sprintf("%d children, page %d", c.children, n+1), words)
			if want := fmt.Sprintf("página %d de %d ", n+1, c.pages); !strings.Contains(text, want) {
				t.Errorf("%d children, page %d does not say %q", c.children, n+1, want)
			}
			if !strings.Contains(text, "1204 ") || !strings.Contains(text, "Registro de vacunas") {
				t.Errorf("%d children, page %d lacks its number or foot", c.children, n+1)
			}
		}
	}
}

// TestTableGoesOnWithItsHeads: a table of many rows has its heads on every page, and loses no row.
func TestTableGoesOnWithItsHeads(t *testing.T) {
	l := aLetter(1, 20)
	rows := l.History[0].Rows
	for range 3 {
		l.History[0].Rows = append(l.History[0].Rows, rows...)
	}
	_, file := draw(t, l)
	heads, cells := 0, 0
	for _, words := range proof.Words(t, file)[1:] {
		for _, w := range words {
			if w.Text == "Dosis" {
				heads++
			}
			if strings.HasSuffix(w.Text, "/2025") {
				cells++
			}
		}
	}
	if heads != 3 || cells != 96 {
		t.Errorf("heads on %d pages, %d rows", heads, cells)
	}
	l.Due.Rows[0][1] = Text{{Text: strings.Repeat("difteria, ", 2000)}}
	_, file = draw(t, l)
	words := 0
	for _, page := range proof.Words(t, file) {
		for _, w := range page {
			if w.Text == "difteria," {
				words++
			}
			if w.Bottom > 10.75*pdf.Inch {
				t.Fatalf("%q is at %v", w.Text, w)
			}
		}
	}
	if words != 2000+96 {
		t.Errorf("of a row higher than a page %d words are left", words-96)
	}
	l.OptOut.Text = []Paragraph{{Text: l.Due.Rows[0][1]}}
	if _, err := DrawLetters(&bytes.Buffer{}, "x", slices.Values([]*Letter{l})); err == nil ||
		!strings.Contains(err.Error(), "letter 1204 (N-7F3K-2204)") {
		t.Errorf("a card higher than a page: %v", err)
	}
}

// TestFilesAreTheSameOnAnyNumberOfCores: pieces are dealt out in order; a failure leaves no file of its own.
func TestFilesAreTheSameOnAnyNumberOfCores(t *testing.T) {
	ctx, label := context.Background(), func(i int) (*Label, error) { return &Label{i + 1, []string{"A", "B"}}, nil }
	write := func(dir string, piece func(int) (*Label, error)) ([]Drawn, error) {
		return WriteFiles(ctx, PerFile+40, piece, func(file int) string { return filepath.Join(dir, fmt.Sprint(file)) },
			"Labels", DrawLabels)
	}
	a, b := t.TempDir(), t.TempDir()
	first, err := write(a, label)
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if _, err := write(b, label); err != nil {
		t.Fatal(err)
	}
	for i, d := range first {
		x, err := os.ReadFile(filepath.Join(a, fmt.Sprint(i)))
		y, err2 := os.ReadFile(filepath.Join(b, fmt.Sprint(i)))
		if err := errors.Join(err, err2); err != nil || !bytes.Equal(x, y) {
			t.Errorf("file %d differs (%v)", i, err)
		}
		if want := []int{1, PerFile + 1}[i]; d.First != want || d.File != filepath.Join(a, fmt.Sprint(i)) {
			t.Errorf("file %d: %+v", i, d)
		}
	}
	bad := errors.New("no such letter")
	c := t.TempDir()
	_, err = write(c, func(i int) (*Label, error) {
		if i == PerFile+3 {
			return nil, bad
		}
		return label(i)
	})
	if _, gone := os.Stat(filepath.Join(c, "1")); !errors.Is(err, bad) || !os.IsNotExist(gone) {
		t.Errorf("%v; the file of the failure: %v", err, gone)
	}
}
