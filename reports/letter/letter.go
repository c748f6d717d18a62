// Package letter has the words of letters and postcards: from a household's notices to pieces of mail that only have
// to be drawn.
//
// It promises that a piece names nobody but the household's own people; that every vaccine is named in plain words that
// fit the age of the person; that nothing is mailed in a language whose texts nobody has approved; and that the same
// notices give the same pieces. A postcard never names a vaccine or a child.
package letter

import "miic/internal/sheet"

// What a piece consists of is set as every other document.
type (
	Run       = sheet.Run
	Text      = sheet.Text
	Paragraph = sheet.Paragraph
	Table     = sheet.Table
)

// A Letter is one piece of mail in an envelope with two windows, for one household.
type Letter struct {
	Sequence int    // its place in the file, from 1; printed, so that one page of thousands can be found
	ID       string // what a family quotes on the telephone: the id of the first notice
	Language string // of the piece as a whole

	Return  []string // lines of the return address, at most 4
	Address []string // lines of the addressee, at most 5; the last is city, state and ZIP
	IMb     string   // the bars of the Intelligent Mail barcode, 65 letters of A, D, F and T; empty: none

	Date       Text
	Subject    Text // the heading of the letter, for readers and for the document's title
	Salutation Text
	Opening    []Paragraph
	Due        Table // a row for each person: name, vaccines
	Closing    []Paragraph
	Signature  []Text

	Phone   *Table                 // whom to phone: whose, name, number
	Clinics *Table                 // low-cost clinics nearby: name, address, number, note
	OptOut  *Card                  // a card to be cut off and sent back
	History []Table                // doses on record, one table a person, each on a page of its own
	Also    *Letter                // the same in English, for the other side of the sheet
	Footer  Text                   // on every page, before the page's number
	Page    func(n, of int) string // "page 2 of 3" in the letter's language
}

// A Card is what a family sends back: a heading, text, boxes to be ticked by hand, and lines to be filled in.
type Card struct {
	Heading Text
	Text    []Paragraph
	Boxes   []Text   // an empty square is drawn before each
	Blanks  []Text   // a line to write on is drawn after each
	Return  []string // where it is sent
	ID      string   // as the letter's, so that the card finds its household
}

// A Postcard is open to everybody's eyes: it has no name of a child, no vaccine and no date of birth.
type Postcard struct {
	Sequence int
	ID       string
	Language string
	Return   []string
	Address  []string
	IMb      string
	Heading  Text
	Body     []Paragraph
	Also     *Postcard // the same in English, below
}
