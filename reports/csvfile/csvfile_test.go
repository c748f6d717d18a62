package csvfile

import (
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCellsAreNoFormulas(t *testing.T) {
	for in, out := range map[string]string{"=1+2": "'=1+2", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'=1", " =1": "'=1", "\r\n-a": "'-a", "O'Hara": "O'Hara", "St-Jean": "St-Jean",
		"a\x00b\nc": "a b c", "05501": "05501", "Ñandú": "Ñandú", "＝1": "'＝1", "": "",
		"fdp\u202etxt": "fdp txt", "\u202e=1": "'=1"} {
		if got := Cell(in); got != out {
			t.Errorf("%q became %q, want %q", in, got, out)
		} else if again := Cell(got); again != got {
			t.Errorf("%q became %q, and that %q", in, got, again)
		}
	}
}

// What nobody has made safe before is safe in the file, and a negative number is a number there.
func TestWriteMakesCellsSafe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	for _, c := range []struct {
		write func(string, []string, iter.Seq[[]string]) error
		want  string
	}{
		{Write, "a,b,c,d\r\n'=HYPERLINK(1),-12.5,'-1+1,+16515550100\r\n"},
		{Style{}.WriteQuoted, `"a","b","c","d"` + "\r\n" + `"'=HYPERLINK(1)","-12.5","'-1+1","+16515550100"` + "\r\n"},
	} {
		rows := [][]string{{"=HYPERLINK(1)", "-12.5", "-1+1", "+16515550100"}}
		if err := c.write(path, []string{"a", "b", "c", "d"}, slices.Values(rows)); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil || string(text) != c.want {
			t.Errorf("%q, %v, want %q", text, err, c.want)
		}
	}
}

func TestAnyCellSurvivesTheFile(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("=+-@\"',;\r\n\t\x00 \u2028aÅ|")), 0, 12, -1))
		header := []string{"a", "b", "c"}
		var rows [][]string
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			row := make([]string, 3)
			for i := range row {
				row[i] = Cell(strings.ToValidUTF8(cell.Draw(t, "cell"), "?"))
				if row[i] != "" && strings.ContainsRune("=+-@", rune(row[i][0])) || strings.ContainsAny(row[i], "\r\n\t\x00") || !utf8.ValidString(row[i]) {
					t.Fatalf("cell %q", row[i])
				}
			}
			rows = append(rows, row)
		}
		path, write := filepath.Join(dir, "x.csv"), Write
		if rapid.Bool().Draw(t, "quoted") {
			write = Style{}.WriteQuoted
		}
		want := make([][]string, len(rows))
		for i := range rows {
			want[i] = slices.Clone(rows[i])
		}
		err := write(path, header, slices.Values(rows))
		if err != nil {
			t.Fatal(err)
		}
		var back [][]string
		if err := Read(path, header, func(cells []string) error { back = append(back, slices.Clone(cells)); return nil }); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(want, back, slices.Equal) {
			t.Fatalf("wrote %q, read %q", want, back)
		}
	})
}
