package arch

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)

// TestLinksLeadSomewhere: what a document refers to within the project is there.
func TestLinksLeadSomewhere(t *testing.T) {
	seen := 0
	for _, file := range moduleFiles(t, ".md", 25) {
		for _, m := range link.FindAllStringSubmatch(readText(t, file), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			seen++
			target := path.Join(path.Dir(file), m[1])
			if _, err := os.Stat(filepath.Join("../..", filepath.FromSlash(target))); err != nil {
				t.Errorf("%s refers to %s, which is not there", file, m[1])
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d links found: the rule would hold for nothing", seen)
	}
}

// TestDecisionsAreListed: the index names every decision.
func TestDecisionsAreListed(t *testing.T) {
	const dir = "docs/decisions/"
	index, seen := readText(t, dir+"README.md"), 0
	for _, file := range moduleFiles(t, ".md", 25) {
		name, ok := strings.CutPrefix(file, dir)
		if !ok || name == "README.md" {
			continue
		}
		seen++
		number, _, _ := strings.Cut(name, "-")
		if !strings.Contains(index, "| ["+number+"]("+name+") |") {
			t.Errorf("%sREADME.md does not list %s", dir, name)
		}
	}
	if seen < 10 {
		t.Errorf("only %d decisions found", seen)
	}
}

// TestMacrosAreDocumented: the architecture names exactly the macros that the engine has.
func TestMacrosAreDocumented(t *testing.T) {
	defined := regexp.MustCompile(`CREATE MACRO (\w+)\(`)
	var names []string
	for _, file := range moduleFiles(t, ".go", 100) {
		if strings.HasPrefix(file, "internal/engine/") && !strings.HasSuffix(file, "_test.go") {
			for _, m := range defined.FindAllStringSubmatch(readText(t, file), -1) {
				names = append(names, "`"+m[1]+"`")
			}
		}
	}
	if want := "(" + strings.Join(names, ", ") + ")"; len(names) == 0 ||
		!strings.Contains(readText(t, "docs/architecture.md"), want) {
		t.Errorf("docs/architecture.md does not list the macros %s", want)
	}
}
