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
)

// Write writes a header and rows as RFC 4180 has it: UTF-8, CRLF, quotes where needed; for its owner only. Every cell
// but a plain number or a telephone number is made safe by Cell, in place.
func Write(path string, header []string, rows iter.Seq[[]string]) error {
	return write(path, header, rows, func(out io.Writer) func([]string) error {
		w := csv.NewWriter(out)
		w.UseCRLF = true
		return func(row []string) error {
			if err := w.Write(row); err != nil {
				return err
			}
			w.Flush()
			return w.Error()
		}
	})
}

// WriteQuoted does what Write does, with every cell in quotes, as mailing houses want it.
func WriteQuoted(path string, header []string, rows iter.Seq[[]string]) error {
	return write(path, header, rows, func(out io.Writer) func([]string) error {
		return func(row []string) error {
			for i, cell := range row {
				row[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			_, err := io.WriteString(out, strings.Join(row, ",")+"\r\n")
			return err
		}
	})
}

func write(path string, header []string, rows iter.Seq[[]string], by func(io.Writer) func([]string) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 1<<16)
	line := by(out)
	err = line(slices.Clone(header))
	for row := range rows {
		if err != nil {
			break
		}
		for i, cell := range row {
			if !number.MatchString(cell) {
				row[i] = Cell(cell)
			}
		}
		err = line(row)
	}
	if err == nil {
		err = out.Flush()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// number is what no program takes for a formula: a number, or a telephone number in the form of E.164.
var number = regexp.MustCompile(`^(-[0-9]+(\.[0-9]+)?|\+[0-9]{8,15})$`)

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
