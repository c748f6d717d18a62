package measure

import (
	"os"
	"strings"
	"testing"
)

// TestEveryCodeHasAName: what ingest makes of a sender's word for sex, race, ethnicity or language has a name in figures.
func TestEveryCodeHasAName(t *testing.T) {
	words, err := os.ReadFile("../../ingest/codes/words.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(words)) {
		f := strings.Fields(line)
		if len(f) < 3 || f[1] == "-" || f[0] != "sex" && f[0] != "race" && f[0] != "ethnicity" && f[0] != "language" {
			continue
		}
		seen++
		if !strings.Contains(valuesCSV, "\n"+f[0]+","+f[1]+",") {
			t.Errorf("%s %s has no name in values.csv", f[0], f[1])
		}
	}
	if seen < 60 {
		t.Errorf("%d codes were looked at", seen)
	}
}
