// Package csvfile writes the CSV files that people receive, and reads them back to be checked.
package csvfile

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Write writes a header and rows as RFC 4180 has it: UTF-8, CRLF, quotes where needed; for its owner only. Every cell
// but a plain number is made safe by Cell, in place.
func Write(path string, header []string, rows iter.Seq[[]string]) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	w.UseCRLF = true
	err = w.Write(header)
	for row := range rows {
		if err == nil {
			for i, cell := range row {
				if cell == "" || cell[0] != '-' || !number.MatchString(cell) {
					row[i] = Cell(cell)
				}
			}
			err = w.Write(row)
		}
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

var number = regexp.MustCompile(`^-[0-9]+(\.[0-9]+)?$`)

// Read reads a file that Write wrote: every row has the header's columns. The cells of a row are the caller's.
func Read(path string, header []string, row func([]string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
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
