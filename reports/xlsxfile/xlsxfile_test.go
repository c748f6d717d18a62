package xlsxfile

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"miic/reports/csvfile"
)

func read(t require, path string) [][]string {
	var rows [][]string
	if err := Read(path, func(cells []string) error { rows = append(rows, slices.Clone(cells)); return nil }); err != nil {
		t.Fatal(err)
	}
	return rows
}

type require interface{ Fatal(...any) }

func TestAnyCellSurvivesTheWorkbook(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("=<>&_x0041F\"';\r\n\t\x00 \u2028\ufffe\u202eÅ")), 0, 12, -1))
		header := []string{"a", "b", "c"}
		want := [][]string{header}
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			want = append(want, []string{cell.Draw(t, "a"), cell.Draw(t, "b"), cell.Draw(t, "c")})
		}
		path := filepath.Join(dir, "list.csv")
		if err := Beside(csvfile.Style{}, path, header, clones(want[1:])); err != nil {
			t.Fatal(err)
		}
		if err := Same(Name(path)); err != nil {
			t.Fatal(err)
		}
		for _, row := range want {
			for i := range row {
				row[i] = Text(row[i])
			}
		}
		if got := read(t, Name(path)); !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("wrote %q, read %q", want, got)
		}
	})
}

// TestPartsAreXML: each part is well-formed to a reader that knows nothing of the writer, and a cell's text is its own.
func TestPartsAreXML(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := Beside(csvfile.Style{}, path, []string{"a"}, clones([][]string{{"<b> & ]]> \x01 end"}})); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(Name(path))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		d, text := xml.NewDecoder(part), ""
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if chars, ok := token.(xml.CharData); ok {
				text += string(chars)
			}
		}
		if strings.HasPrefix(f.Name, "xl/worksheets/") && !strings.HasSuffix(text, "a<b> & ]]>   end") {
			t.Errorf("%s holds %q", f.Name, text)
		}
	}
	if len(z.File) != 6 {
		t.Errorf("%d parts", len(z.File))
	}
}

// TestSameRowsGiveTheSameBytes: on any day, and only its owner may read it.
func TestSameRowsGiveTheSameBytes(t *testing.T) {
	var files [2][]byte
	for i := range files {
		path := filepath.Join(t.TempDir(), "list.csv")
		if err := Beside(csvfile.Style{BOM: i > 0}, path, []string{"a", "b", "c", "d"}, clones(hard)); err != nil {
			t.Fatal(err)
		}
		var err error
		if files[i], err = os.ReadFile(Name(path)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(Name(path)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same rows gave other bytes")
	}
}

// TestALongListGoesOnInTheNextSheet: each sheet has the header, and no row is lost.
func TestALongListGoesOnInTheNextSheet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.xlsx")
	b, err := create(path, []string{"n"})
	if err != nil {
		t.Fatal(err)
	}
	b.most = 4
	for i := range 7 {
		if err := b.row([]string{strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.close(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); !slices.EqualFunc(got, [][]string{{"n"}, {"0"}, {"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}}, slices.Equal) {
		t.Errorf("%q", got)
	}
	if n, err := Rows(path); n != 7 || err != nil || b.sheets != 3 {
		t.Errorf("%d rows on %d sheets, %v", n, b.sheets, err)
	}
}

// TestOtherRowsAreFound: a row more, a row less, another cell, a file that is cut off.
func TestOtherRowsAreFound(t *testing.T) {
	header := []string{"a", "b"}
	path := filepath.Join(t.TempDir(), "list.csv")
	write := func(rows ...[]string) {
		if err := Beside(csvfile.Style{}, path, header, clones(rows)); err != nil {
			t.Fatal(err)
		}
	}
	write([]string{"1", "=x"}, []string{"2", ""})
	book, err := os.ReadFile(Name(path))
	if err != nil {
		t.Fatal(err)
	}
	if err := Same(Name(path)); err != nil {
		t.Error(err)
	}
	for _, rows := range [][][]string{{{"1", "=x"}}, {{"1", "=x"}, {"2", ""}, {"3", ""}}, {{"1", "=y"}, {"2", ""}}} {
		write(rows...)
		if err := os.WriteFile(Name(path), book, 0o600); err != nil {
			t.Fatal(err)
		}
		if Same(Name(path)) == nil {
			t.Errorf("%q are not the workbook's rows", rows)
		}
	}
	if err := os.WriteFile(Name(path), book[:len(book)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if Same(Name(path)) == nil {
		t.Error("half a workbook was read")
	}
}

func TestALongTextEndsInDots(t *testing.T) {
	long := strings.Repeat("å", mostRunes+5)
	if got := Text(long); len([]rune(got)) != mostRunes || !strings.HasSuffix(got, "å…") {
		t.Errorf("%d runes", len([]rune(got)))
	}
	if got := strings.Repeat("a", mostRunes+5); len(Text(got)) != mostRunes-1+len("…") {
		t.Errorf("%d bytes", len(Text(got)))
	}
}
