// Package xlsxfile writes lists for people as workbooks, beside the same lists as CSV, and reads them back to be checked.
//
// Every cell is text: leading zeros and long numbers stay as they are, and nothing is a formula. The same rows give the
// same bytes. A row goes to the file as it comes, so that a list of any length takes the same memory; one that is longer
// than a sheet goes on in the next.
package xlsxfile

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"

	"miic/reports/csvfile"
)

// Name is the workbook's beside a list's CSV file.
func Name(csv string) string { return strings.TrimSuffix(csv, ".csv") + ".xlsx" }

// Beside writes rows as CSV in a style, and the same rows as the workbook beside it.
func Beside(style csvfile.Style, path string, header []string, rows iter.Seq[[]string]) error {
	b, err := create(Name(path), header)
	if err != nil {
		return err
	}
	var failed error
	err = style.Write(path, header, func(yield func([]string) bool) {
		for row := range rows {
			if failed = b.row(row); failed != nil || !yield(row) { // before the CSV file's writer changes cells
				return
			}
		}
	})
	return errors.Join(err, failed, b.close())
}

// MostRows is how many rows a sheet has at most, its header among them.
const MostRows = 1 << 20

// mostRunes is how many signs a cell has at most; a longer text ends in three dots.
const mostRunes = 32767

// written is the time in the archive: of no night, so that the same rows give the same bytes.
var written = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// book is a workbook that is being written.
type book struct {
	file   *os.File
	zip    *zip.Writer
	sheet  *bufio.Writer
	header []string
	most   int // rows of a sheet
	sheets int
	rows   int // of the sheet
}

func create(path string, header []string) (*book, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	b := &book{file: f, zip: zip.NewWriter(f), header: slices.Clone(header), most: MostRows}
	b.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return borrow(w), nil })
	if err := b.begin(); err != nil {
		f.Close()
		return nil, err
	}
	return b, nil
}

// compressors are those that no part is being written with: each has a megabyte of tables, and a book has six parts.
var compressors = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil { // there is no such level
		panic(err)
	}
	return w
}}

// A borrowed compressor goes back when its part is closed.
type borrowed struct{ *flate.Writer }

func borrow(to io.Writer) borrowed {
	w := compressors.Get().(*flate.Writer)
	w.Reset(to)
	return borrowed{w}
}

func (b borrowed) Close() error {
	err := b.Writer.Close()
	b.Writer.Reset(nil)
	compressors.Put(b.Writer)
	return err
}

func (b *book) part(name string) (io.Writer, error) {
	return b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: written})
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	main    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	rels    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packed  = "http://schemas.openxmlformats.org/package/2006/"
)

// What rows and cells begin and end with.
const (
	rowBegin  = "<row>"
	rowEnd    = "</row>"
	noCell    = "<c/>"
	cellBegin = `<c s="1" t="inlineStr"><is><t xml:space="preserve">`
	cellEnd   = "</t></is></c>"
	sheetEnd  = "</sheetData></worksheet>"
)

// begin begins a sheet with the header, which stays in sight.
func (b *book) begin() error {
	b.sheets++
	w, err := b.part(fmt.Sprintf("xl/worksheets/sheet%d.xml", b.sheets))
	if err != nil {
		return err
	}
	b.sheet, b.rows = bufio.NewWriterSize(w, 1<<16), 0
	fmt.Fprintf(b.sheet, xmlHead+`<worksheet xmlns="%s"><sheetViews><sheetView workbookViewId="0">`+
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`+
		`<cols><col min="1" max="%d" width="18" style="1" customWidth="1"/></cols><sheetData>`, main, max(1, len(b.header)))
	return b.cells(b.header)
}

// end ends the sheet.
func (b *book) end() error {
	b.sheet.WriteString(sheetEnd)
	return b.sheet.Flush() // the first error of all writes
}

// row writes a row, on the next sheet where this one is full.
func (b *book) row(cells []string) error {
	if b.rows == b.most {
		if err := b.end(); err != nil {
			return err
		}
		if err := b.begin(); err != nil {
			return err
		}
	}
	return b.cells(cells)
}

func (b *book) cells(cells []string) error {
	b.rows++
	w := b.sheet
	w.WriteString(rowBegin)
	for _, cell := range cells {
		if cell == "" {
			w.WriteString(noCell) // keeps its place
			continue
		}
		w.WriteString(cellBegin)
		escape(w, Text(cell))
		w.WriteString(cellEnd)
	}
	_, err := w.WriteString(rowEnd)
	return err
}

func escape(w *bufio.Writer, text string) {
	from := 0
	for i := range len(text) {
		as := ""
		switch text[i] {
		case '&':
			as = "&amp;"
		case '<':
			as = "&lt;"
		case '>':
			as = "&gt;"
		case '_': // else _x0041_ would be read as the letter A
			if !coded(text[i:]) {
				continue
			}
			as = "_x005F_"
		default:
			continue
		}
		w.WriteString(text[from:i])
		w.WriteString(as)
		from = i + 1
	}
	w.WriteString(text[from:])
}

// coded reports that a text begins as the format writes a sign by its number: _x0041_.
func coded(text string) bool {
	return len(text) >= 7 && text[1] == 'x' && text[6] == '_' &&
		!strings.ContainsFunc(text[2:6], func(r rune) bool { return !unicode.Is(unicode.ASCII_Hex_Digit, r) })
}

// Text is a text as a cell holds it: lines stay lines; other control signs, and those that turn the direction of writing,
// become blanks.
func Text(s string) string {
	if plain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029') {
			return ' '
		}
		if r == 0xFFFE || r == 0xFFFF { // XML has no place for them
			return utf8.RuneError
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > mostRunes {
		s = string([]rune(s)[:mostRunes-1]) + "…"
	}
	return s
}

// plain reports that a text is of ASCII without control signs and short, as most are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return len(s) <= mostRunes
}

// close ends the last sheet and writes what a program needs to find the sheets.
func (b *book) close() error {
	err := b.end()
	var types, sheets, links strings.Builder
	for n := 1; n <= b.sheets; n++ {
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		fmt.Fprintf(&sheets, `<sheet name="%d" sheetId="%[1]d" r:id="rId%[1]d"/>`, n)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%[1]d.xml"/>`, n, rels)
	}
	for _, p := range []struct{ name, text string }{
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + rels + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packed + `relationships">` + links.String() +
			`<Relationship Id="styles" Type="` + rels + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", styles},
		{"_rels/.rels", `<Relationships xmlns="` + packed + `relationships"><Relationship Id="book" Type="` + rels +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", `<Types xmlns="` + packed + `content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
			types.String() + `</Types>`},
	} {
		if err != nil {
			break
		}
		var w io.Writer
		if w, err = b.part(p.name); err == nil {
			_, err = io.WriteString(w, xmlHead+p.text)
		}
	}
	if err == nil {
		err = b.zip.Close()
	}
	return errors.Join(err, b.file.Close())
}

// styles has the usual cell, and one whose number format is text (49): what somebody types over it stays text too.
const styles = `<styleSheet xmlns="` + main + `"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
	`<cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1" quotePrefix="1"/></cellXfs></styleSheet>`
