package schedule

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Data that was edited does not pass as the release it came from.
func TestEditedDataSaysSoInItsVersion(t *testing.T) {
	load := func(dir string) string {
		s, _, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		return s.Version
	}
	edited := func(folder string) string {
		return releaseWith(t, folder, hepB, "<absMinAge>4 weeks - 4 days", "<absMinAge>4 weeks - 3 days")
	}
	if v := load(releaseWith(t, "supporting-data-4.64", hepB, "4 weeks", "4 weeks")); v != "4.64" {
		t.Errorf("the release itself is %s", v)
	}
	xml := load(edited("supporting-data-4.64"))
	if !strings.HasPrefix(xml, "4.64+edited-") {
		t.Errorf("the edited release is %s", xml)
	}
	other := edited("CDSi-4.65")
	if v := load(other); v != "4.65" {
		t.Errorf("another release is %s", v)
	}

	// In our form the version stays what it was at the import, until somebody edits the files.
	for folder, want := range map[string]string{other: "4.65", edited("4.64"): xml} {
		s, _, err := ReadXML(folder)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "schedule")
		if err := Replace(s, dir); err != nil {
			t.Fatal(err)
		}
		if v := load(dir); v != want {
			t.Errorf("imported as %s, want %s", v, want)
		}
		path := filepath.Join(dir, antigenDir, "hepb.txt")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), "absmin=25d", "absmin=26d", 1)),
			0o600); err != nil {
			t.Fatal(err)
		}
		v := load(dir)
		if number, mark, ok := strings.Cut(v, "+edited-"); !ok || number != want[:4] || len(mark) != 8 || v == want {
			t.Errorf("edited after the import as %s: %s", want, v)
		}
	}
}
