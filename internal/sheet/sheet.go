// Package sheet sets text and tables on pages of US letter, one below the other, for letters and records.
//
// It promises that a heading stays with what it heads, that a line or a row is never divided between two pages, that the
// heads of a table's columns are on every page that it goes on to, and that each run of text is tagged with its language.
package sheet

import (
	"strings"

	"miic/internal/pdf"
)

// A Run is text in one language. Without a language it is a name, an address or a number, which is in none.
type Run struct {
	Text     string
	Language string // as BCP 47 has it: en, es, so, hmn
}

// Text is a line or a paragraph: runs of languages, to be set one after the other.
type Text []Run

// A Paragraph is text that ends a line.
type Paragraph struct {
	Text Text
	Item bool // an item of a list: consecutive items are one list
}

// A Table is a heading, the heads of the columns, the rows and a note below them. A column of which no row has text is
// left out.
type Table struct {
	Columns []float64 // widths, as Columns of several tables gives them; empty: as wide as this one's text asks
	Heading Text
	Heads   []Text
	Rows    [][]Text
	Note    Text
}

// String is the text without its languages, as a cell of a file has it.
func (t Text) String() string {
	var b strings.Builder
	for _, r := range t {
		b.WriteString(r.Text)
	}
	return b.String()
}

// Plain is the text without its languages and the blanks around it.
func (t Text) Plain() string { return strings.TrimSpace(t.String()) }

// The page, in points.
const (
	PageTop    = 0.75 * pdf.Inch
	PageBottom = 10.4 * pdf.Inch // of the text; the foot is below
	PageLeft   = 0.85 * pdf.Inch
	PageWidth  = pdf.LetterWidth - 2*PageLeft
	FootTop    = 10.46 * pdf.Inch
)

// How text is set: the heading of a table, and what is small.
var (
	Heading    = Style{Size: 10.5, Leading: 13, Bold: true}
	Small      = Style{Size: 8, Leading: 10}
	tableHead  = Style{Size: 8.75, Leading: 11, Bold: true}
	tableStyle = Style{Size: 9.5, Leading: 11.6}
)

// A Drawing is a file in which pieces are drawn one behind the other.
type Drawing struct {
	File      *pdf.File
	Language  string // of the piece
	Page, Of  int    // of the piece: the page, from 0, and how many there are
	Furniture func() // draws what is on every page, beside the text
}
