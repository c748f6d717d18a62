package xlsxfile

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/testdata"
	"miic/reports/csvfile"
)

// office converts files to CSV with LibreOffice, which knows nothing of this program, and returns their rows. The first
// filter says how the files are to be opened; none: as their kind says.
func office(t *testing.T, filter, as string, paths ...string) map[string][][]string {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		testdata.Missing(t, "LibreOffice (libreoffice-calc-nogui)")
	}
	dir := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--norestore"}
	if filter != "" {
		args = append(args, "--infilter="+filter)
	}
	args = append(args, "--convert-to", as, "--outdir", filepath.Join(dir, "out"))
	if out, err := exec.Command(program, append(args, paths...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	rows := map[string][][]string{}
	for _, path := range paths {
		name := filepath.Base(path)
		f, err := os.Open(filepath.Join(dir, "out", strings.TrimSuffix(name, filepath.Ext(name))+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(f)
		if rows[name], err = r.ReadAll(); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return rows
}

// asCSV writes UTF-8 with every text in quotes, as the cells hold it and not as they look.
const asCSV = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false`

// The cells that spreadsheets change: lost zeros, long numbers, days, formulas, letters, lines, quotes.
var hard = [][]string{
	{"055010", "00000001", "1234567890123456789012", "1E5"},
	{"3/4", "2026-03-02", "MAR1", "TRUE"},
	{"=1+1", "+16515550100", "-5", "@SUM(A1)"},
	{"=HYPERLINK(\"http://x\")", "+1+1", "'quoted", "a\"b, c; d"},
	{"Ñandú Muñoz-Ávila", "Xyooj Npauj Npaim", "Cabdiraxmaan Ḥasan", "ʻOkina’s & <b>"},
	{"first\nsecond", "", " blanks ", "_x0041_"},
	{"", "", "", "last"},
}

func clones(rows [][]string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for _, row := range rows {
			if !yield(slices.Clone(row)) {
				return
			}
		}
	}
}

// TestLibreOfficeReadsWhatWasWritten: a workbook's cells come back as they were; a CSV file's, whose columns are read as
// text, as the file's writer has made them safe.
func TestLibreOfficeReadsWhatWasWritten(t *testing.T) {
	dir, header := t.TempDir(), []string{"a", "b", "c", "d"}
	path, marked := filepath.Join(dir, "list.csv"), filepath.Join(dir, "marked.csv")
	if err := Beside(csvfile.Style{}, path, header, clones(hard)); err != nil {
		t.Fatal(err)
	}
	if err := Beside(csvfile.Style{BOM: true}, marked, header, clones(hard)); err != nil {
		t.Fatal(err)
	}
	want, safe := [][]string{header}, [][]string{header}
	for _, row := range hard {
		want = append(want, row)
		changed := slices.Clone(row)
		for i, cell := range changed {
			if cell != "+16515550100" && cell != "-5" { // numbers, which are no formulas
				changed[i] = csvfile.Cell(cell)
			}
		}
		safe = append(safe, changed)
	}
	got := office(t, "", asCSV, Name(path))
	equal(t, "workbook", got["list.xlsx"], want)
	// comma, quote, UTF-8, from line 1, every column as text, text in quotes
	got = office(t, "Text - txt - csv (StarCalc):44,34,76,1,1/2/2/2/3/2/4/2,0,false,false", asCSV, path, marked)
	equal(t, "CSV", got["list.csv"], safe)
	equal(t, "CSV with a byte-order mark", got["marked.csv"], safe)
}

func equal(t *testing.T, what string, got, want [][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d: %q", what, len(got), len(want), got)
		return
	}
	for i := range want {
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("%s, row %d: %q, want %q", what, i+1, got[i], want[i])
		}
	}
}
