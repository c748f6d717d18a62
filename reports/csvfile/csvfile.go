// Package csvfile writes the CSV files that people receive, and reads them back to be checked.
package csvfile

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"miic/internal/private"
)

// Style is how a recipient's programs want a file; as nothing else is said: without a byte-order mark, with commas.
type Style struct {
	BOM   bool
	Comma rune // 0: a comma
	Own   int  // so many first columns are the recipient's own numbers: they are written as they came
}

const bom = "\ufeff"

func (s Style) comma() rune {
	if s.Comma == 0 {
		return ','
	}
	return s.Comma
}

// Write writes a header and rows as RFC 4180 has it: UTF-8, CRLF, quotes where needed; for its owner only. Every cell
// but a plain number or a telephone number is made safe by Cell, in place.
func Write(path string, header []string, rows iter.Seq[[]string]) error {
	return Style{}.Write(path, header, rows)
}

// Write does what the function Write does, in the style.
func (s Style) Write(path string, header []string, rows iter.Seq[[]string]) error {
	return s.write(path, header, rows, s.plain)
}

// WriteTo does what Write does, into a file that is open.
func (s Style) WriteTo(out io.Writer, header []string, rows iter.Seq[[]string]) error {
	return s.writeTo(out, header, rows, s.plain)
}

// plain writes rows with quotes where needed.
func (s Style) plain(out io.Writer) func([]string) error {
	w := csv.NewWriter(out)
	w.UseCRLF, w.Comma = true, s.comma()
	return func(row []string) error {
		if err := w.Write(row); err != nil {
			return err
		}
		w.Flush()
		return w.Error()
	}
}

// WriteQuoted does what Write does, with every cell in quotes, as mailing houses want it.
func (s Style) WriteQuoted(path string, header []string, rows iter.Seq[[]string]) error {
	return s.write(path, header, rows, func(out io.Writer) func([]string) error {
		return func(row []string) error {
			for i, cell := range row {
				row[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			_, err := io.WriteString(out, strings.Join(row, string(s.comma()))+"\r\n")
			return err
		}
	})
}

func (s Style) write(path string, header []string, rows iter.Seq[[]string],
	by func(io.Writer) func([]string) error) error {
	return private.Write(path, func(out io.Writer) error { return s.writeTo(out, header, rows, by) })
}

func (s Style) writeTo(f io.Writer, header []string, rows iter.Seq[[]string], by func(io.Writer) func([]string) error) error {
	out := bufio.NewWriterSize(f, 1<<16)
	if s.BOM {
		if _, err := out.WriteString(bom); err != nil { // a small text: it is only kept
			return err
		}
	}
	line := by(out)
	err := line(slices.Clone(header))
	for row := range rows {
		if err != nil {
			break
		}
		for i, cell := range row {
			if i >= s.Own && !safe(cell) && !number.MatchString(cell) {
				row[i] = Cell(cell)
			}
		}
		err = line(row)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// number is what no program takes for a formula: a number, or a telephone number in the form of E.164.
var number = regexp.MustCompile(`^(-[0-9]+(\.[0-9]+)?|\+[0-9]{8,15})$`)

// Reader reads a file that was written in any style, from its header on.
func Reader(f io.Reader) *csv.Reader {
	in := bufio.NewReaderSize(f, 1<<16)
	if mark, err := in.Peek(len(bom)); err == nil && string(mark) == bom {
		_, _ = in.Discard(len(bom)) // it has just been looked at
	}
	r := csv.NewReader(in)
	first, _ := in.Peek(in.Size()) // less where the file is small
	line, _, _ := strings.Cut(string(first), "\n")
	for _, comma := range []rune{',', ';', '\t'} { // names of columns hold none of them
		if strings.ContainsRune(line, comma) {
			r.Comma = comma
			break
		}
	}
	return r
}

// Read reads a file that was written in any style: every row has the header's columns. The cells of a row are the
// caller's.
func Read(path string, header []string, row func([]string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := Reader(f)
	r.FieldsPerRecord = len(header)
	got, err := r.Read()
	if err != nil || !slices.Equal(got, header) {
		return fmt.Errorf("%s does not begin with its header", path)
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := row(cells); err != nil {
			return err
		}
	}
}

// Cell makes a sender's words safe in a cell: control characters, and those that turn the direction of writing, become
// blanks, and what a spreadsheet would take for a formula gets an apostrophe before it. What Cell has written stays as
// it is. Codes such as ZIP stay text
// with their leading zeros; a program that opens the file must read every column as text.
func Cell(s string) string {
	if safe(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if s != "" && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// safe reports that Cell leaves a text as it is: one of ASCII without control signs, blanks around it or a sign that begins
// a formula, as nearly all are.
func safe(s string) bool {
	if s == "" {
		return true
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return s[0] != ' ' && s[len(s)-1] != ' ' && !strings.ContainsRune(`=+-@`, rune(s[0]))
}
