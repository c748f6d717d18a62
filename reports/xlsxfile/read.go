package xlsxfile

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"miic/reports/csvfile"
)

// Read reads a workbook as this package writes it, from its header on; the header of a further sheet is passed over. A
// reader of XML would take five times as long. The cells of a row are the caller's only until the next.
func Read(path string, row func([]string) error) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer z.Close()
	sheets := 0
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/") {
			continue
		}
		sheets++
		sheet, err := f.Open()
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		err = readSheet(sheet, sheets > 1, row)
		if cerr := sheet.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", path, f.Name, err)
		}
	}
	return nil
}

var errForm = errors.New("is not a sheet as it was written")

var plainText = strings.NewReplacer("_x005F_", "_", "&lt;", "<", "&gt;", ">", "&amp;", "&")

func readSheet(in io.Reader, further bool, row func([]string) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<30)
	lines.Split(func(data []byte, end bool) (int, []byte, error) {
		if i := bytes.Index(data, []byte(rowEnd)); i >= 0 {
			return i + len(rowEnd), data[:i], nil
		}
		if end && len(data) > 0 {
			return len(data), data, nil
		}
		return 0, nil, nil
	})
	var cells []string
	for first := true; lines.Scan(); first = false {
		line := lines.Text()
		if line == sheetEnd {
			return nil
		}
		if first {
			_, line, _ = strings.Cut(line, "<sheetData>")
		}
		line, ok := strings.CutPrefix(line, rowBegin)
		if !ok {
			return errForm
		}
		cells = cells[:0]
		for line != "" {
			if rest, ok := strings.CutPrefix(line, noCell); ok {
				cells, line = append(cells, ""), rest
				continue
			}
			rest, ok := strings.CutPrefix(line, cellBegin)
			text, rest, whole := strings.Cut(rest, cellEnd)
			if !ok || !whole {
				return errForm
			}
			if strings.ContainsAny(text, "&_") {
				text = plainText.Replace(text)
			}
			cells, line = append(cells, text), rest
		}
		if first && further {
			continue
		}
		if err := row(cells); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return errForm
}

// Rows counts the rows of a workbook below its header.
func Rows(path string) (int, error) {
	n := -1
	err := Read(path, func([]string) error { n++; return nil })
	return n, err
}

// Same reports an error where a workbook does not hold the rows of the CSV file beside it.
func Same(path string) error {
	f, err := os.Open(strings.TrimSuffix(path, ".xlsx") + ".csv")
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csvfile.Reader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	n, same := 0, true
	err = Read(path, func(cells []string) error {
		same = same && n < len(rows) && slices.EqualFunc(cells, rows[n], func(a, b string) bool {
			b = Text(b)
			return a == b || csvfile.Cell(a) == b
		})
		n++
		return nil
	})
	if err == nil && (!same || n != len(rows)) {
		err = fmt.Errorf("%s has other rows than the CSV file beside it", path)
	}
	return err
}
