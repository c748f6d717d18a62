package record

import (
	"fmt"
	"io"
	"strconv"

	"miic/internal/pdf"
	"miic/internal/sheet"
	"miic/internal/table"
	"miic/reports/letter"
)

var (
	titleStyle = sheet.Style{Size: 17, Leading: 21, Bold: true}
	heading    = sheet.Style{Size: 12, Leading: 15, Bold: true}
	body       = sheet.Style{Size: 9.75, Leading: 12.4}
)

// A Square is a code of squares, such as a QR code.
type Square interface {
	Size() int           // squares a side
	Black(x, y int) bool // from the left upper corner
}

// Draw writes the record on paper, with the codes of its SMART Health Card where it is signed, and returns the letters that
// the fonts lack.
func (r *Record) Draw(w io.Writer, catalog *letter.Catalog, codes []Square) ([]pdf.Missing, error) {
	language, words, common := catalog.Record(r.Language)
	file := pdf.New(w, pdf.About{Title: words.Text("title").String(), Language: language})
	p := &page{Drawing: sheet.Drawing{File: file, Language: language}, r: r, catalog: catalog, w: words, common: common, language: language}
	p.Furniture = p.furniture
	blocks := []sheet.Block{p.Paragraph(pdf.H1, words.Text("title"), sheet.PageLeft, sheet.PageWidth, titleStyle, 0)}
	blocks = append(blocks, p.issued()...)
	blocks = append(blocks, p.who()...)
	if r.KeptApart {
		blocks = append(blocks, p.said(words.Text("restricted")))
	}
	blocks = append(blocks, p.doses()...)
	blocks = append(blocks, p.facts()...)
	blocks = append(blocks, p.required()...)
	blocks = append(blocks, p.next()...)
	blocks = append(blocks, p.titled("limits_heading", p.said(words.Text("limits")), p.said(p.correct()))...)
	blocks = append(blocks, p.check(codes)...)
	file.Page(pdf.LetterWidth, pdf.LetterHeight)
	var err error
	file.Tag(pdf.Tag{Role: pdf.Part, Lang: language}, func() {
		if err = p.Flow(blocks, sheet.PageTop); err == nil {
			file.Tag(pdf.Tag{Role: pdf.P}, p.foot)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("record of %d: %w", r.RegistryID, err)
	}
	missing := file.Missing()
	return missing, file.Close()
}

// issued is who issues the record, on which day, and as of which.
func (p *page) issued() []sheet.Block {
	r := p.r
	issuer := append(p.w.Text("issued_by"), sheet.Run{Text: ": ", Language: p.language}, sheet.Run{Text: r.Issuer.Name})
	for _, line := range r.Issuer.Address {
		issuer = append(issuer, sheet.Run{Text: ", " + line})
	}
	days := append(p.w.Text("issued_on", "{date}", p.common.Date(table.Date(r.IssuedOn))), sheet.Run{Text: ". ", Language: p.language})
	days = append(days, p.w.Text("as_of", "{date}", p.common.Date(table.Date(r.AsOf)))...)
	return []sheet.Block{p.said(issuer), p.said(days)}
}

func (p *page) correct() sheet.Text {
	return p.w.Text("correct", "{office}", letter.Foreign(p.r.Issuer.Name, letter.English), "{phone}",
		letter.Foreign(letter.PrintPhone(p.r.Issuer.Phone), ""))
}

// check says how the record is checked, and draws the codes for it.
func (p *page) check(codes []Square) []sheet.Block {
	if len(codes) == 0 {
		return p.titled("check_heading", p.said(p.w.Text("unsigned", "{code}", letter.Foreign(p.r.Code, ""), "{phone}",
			letter.Foreign(letter.PrintPhone(p.r.Issuer.Phone), ""))))
	}
	blocks := p.titled("check_heading", p.said(p.w.Text("signed")))
	for i := 0; i < len(codes); i += codesAside {
		blocks = append(blocks, p.squares(codes, i, min(i+codesAside, len(codes))))
	}
	return blocks
}

// codeSide is the side of a code on paper, with the white around it that readers need.
const codeSide = 2.7 * pdf.Inch

// codesAside is how many codes stand side by side, with more white between two than a reader needs.
const codesAside = 2

// squares are some of the codes, side by side.
func (p *page) squares(codes []Square, from, to int) sheet.Block {
	const caption = 11
	return sheet.Block{Units: []sheet.Unit{{Height: codeSide + caption, Before: 6}},
		Draw: func(_ *sheet.Drawing, at func(int) (float64, bool)) {
			y, _ := at(0)
			for i := from; i < to; i++ {
				p.square(codes[i], i+1, len(codes), sheet.PageLeft+float64(i-from)*sheet.PageWidth/codesAside, y)
			}
		}}
}

// square draws a code and, where there are several, its place among them.
func (p *page) square(c Square, n, of int, left, y float64) {
	words := p.w.Text("scan", "{n}", strconv.Itoa(n), "{of}", strconv.Itoa(of))
	p.File.Tag(pdf.Tag{Role: pdf.Figure, Alt: "SMART Health Card, " + words.String()}, func() {
		const white = 4 // squares on each side
		margin := white * codeSide / float64(c.Size()+2*white)
		p.File.Squares(left+margin, y+margin, codeSide-2*margin, c.Size(), c.Black)
	})
	if of > 1 {
		p.File.Tag(pdf.Tag{Role: pdf.P}, func() {
			p.File.Text(left+12, y+codeSide+sheet.Small.Rise(), sheet.Small.Size, p.Runs(words, false)...)
		})
	}
}

// furniture is what is on every page: its number, and on all but the last the foot.
func (p *page) furniture() {
	p.File.Artifact(func() {
		number := pdf.Run{Text: p.common.Text("page", "{page}", strconv.Itoa(p.Page+1), "{pages}", strconv.Itoa(p.Of)).String()}
		size := sheet.Small.Size
		p.File.Text(sheet.PageLeft+sheet.PageWidth-pdf.Width(size, number), sheet.FootTop+sheet.Small.Rise(), size, number)
		if p.Page+1 < p.Of {
			p.foot()
		}
	})
}

func (p *page) foot() {
	foot := p.w.Text("footer", "{id}", letter.Foreign(strconv.FormatInt(p.r.RegistryID, 10), ""), "{code}", letter.Foreign(p.r.Code, ""))
	if full := p.r.FullName(); full != "" {
		foot = append(sheet.Text{{Text: full}, {Text: " · ", Language: p.language}}, foot...)
	}
	p.File.Text(sheet.PageLeft, sheet.FootTop+sheet.Small.Rise(), sheet.Small.Size, p.Runs(foot, false)...)
}
