package csvfile

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestFilesInEveryStyleAreReadAlike: a byte-order mark, another separator and quotes change the bytes, and no cell.
func TestFilesInEveryStyleAreReadAlike(t *testing.T) {
	header := []string{"id", "name"}
	rows := [][]string{{"007", "Åse; \"Ann\", Lee"}, {"", "a\tb"}, {"-5", "'=x"}}
	write := func(s Style, quoted bool) string {
		path := filepath.Join(t.TempDir(), "a.csv")
		by := s.Write
		if quoted {
			by = s.WriteQuoted
		}
		clone := func(yield func([]string) bool) {
			for _, r := range rows {
				if !yield(slices.Clone(r)) {
					return
				}
			}
		}
		if err := by(path, header, clone); err != nil {
			t.Fatal(err)
		}
		return path
	}
	want := [][]string{{"007", "Åse; \"Ann\", Lee"}, {"", "a b"}, {"-5", "'=x"}}
	for _, s := range []Style{{}, {BOM: true}, {Comma: ';'}, {BOM: true, Comma: '\t'}} {
		for _, quoted := range []bool{false, true} {
			path := write(s, quoted)
			var got [][]string
			if err := Read(path, header, func(cells []string) error { got = append(got, slices.Clone(cells)); return nil }); err != nil {
				t.Fatalf("%+v: %v", s, err)
			}
			for i := range want {
				if len(got) != len(want) || !slices.Equal(got[i], want[i]) {
					t.Errorf("%+v, quoted %v: %q", s, quoted, got)
					break
				}
			}
			text, err := os.ReadFile(path)
			begins := "id,"
			if s.Comma != 0 {
				begins = "id" + string(s.Comma)
			}
			if quoted {
				begins = "\"id\"" + begins[2:]
			}
			if s.BOM {
				begins = bom + begins
			}
			if err != nil || string(text[:len(begins)]) != begins {
				t.Errorf("%+v: it begins %q, %v", s, text[:len(begins)], err)
			}
		}
	}
}
