package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// forbidden lists what no SQL may contain, so that it can run on another engine (docs/architecture.md, "SQL").
// damerau_levenshtein is portable and forbidden for its speed.
var forbidden = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`::`), "write CAST(x AS T)"},
	{regexp.MustCompile(`(?i)\bQUALIFY\b`), "number rows in a subquery"},
	{regexp.MustCompile(`(?i)\bEXCLUDE\b`), "name the columns"},
	{regexp.MustCompile(`(?i)GROUP\s+BY\s+ALL`), "name the columns"},
	{regexp.MustCompile(`(?i)\blist_\w+\(|\bstruct_\w+\(|\bunnest\(`), "no list or struct functions"},
	{regexp.MustCompile(`(?i)\bhash\(`), "hashes are computed in Go"},
	{regexp.MustCompile(`(?i)\bconcat(_ws)?\(`), "write ||"},
	{regexp.MustCompile(`(?i)\bregexp_\w+\(|\bSIMILAR TO\b`), "no regular expressions"},
	{regexp.MustCompile(`(?i)damerau_levenshtein`), "seventeen times slower than Jaro-Winkler"},
}

// notPortable lists what is forbidden in a text of SQL, by line of the text.
func notPortable(text string) []string {
	var found []string
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "--")
		for _, f := range forbidden {
			if m := f.pattern.FindString(line); m != "" {
				found = append(found, fmt.Sprintf("line %d: %q: %s", n+1, m, f.why))
			}
		}
	}
	return found
}

// withHeader lists the folders whose files must begin with one line that says what the file makes.
var withHeader = []string{
	"forecast/sql",
	"linkage/review/sql",
	"linkage/sql",
}

var (
	header    = regexp.MustCompile(`^-- [A-Z].*\.$`)
	selection = regexp.MustCompile(`(?is)^\s*(SELECT|WITH)\b`)
)

// wrongFile lists what is wrong with a .sql file as a whole.
func wrongFile(text string, needsHeader bool) []string {
	var found []string
	first, _, _ := strings.Cut(text, "\n")
	if needsHeader && !header.MatchString(first) {
		found = append(found, "the first line is not \"-- One sentence that says what the file makes.\"")
	}
	statement := ""
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "--")
		statement += line + "\n"
	}
	rest := strings.TrimSuffix(strings.TrimSpace(statement), ";")
	if strings.Contains(rest, ";") || !selection.MatchString(statement) {
		found = append(found, "one file is one SELECT")
	}
	return found
}

func TestSQLFiles(t *testing.T) {
	seen := map[string]int{}
	for _, file := range moduleFiles(t, ".sql", 80) {
		text, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		seen[path.Dir(file)]++
		needsHeader := slices.Contains(withHeader, path.Dir(file))
		for _, fault := range append(notPortable(string(text)), wrongFile(string(text), needsHeader)...) {
			t.Errorf("%s: %s", file, fault)
		}
	}
	for _, dir := range withHeader {
		if seen[dir] == 0 {
			t.Errorf("%s holds no .sql file: take it off the list, or name where its files went", dir)
		}
	}
}

// manyLines lists, by a file's own name wherever it lies, where there is still SQL of more than one line in Go. It is
// to become empty: the statements move into .sql files.
var manyLines = []string{
	"checks.go", "figures.go", "limits.go", "logs.go", "resolve.go", // ingest
}

// sqlText recognises a statement, or the beginning of one, in a string.
var sqlText = regexp.MustCompile(`(?s)\bSELECT\b.*\bFROM\b|^\s*(WITH|SELECT)\s|^\s*COPY\b.*\b(TO|FROM)\b` +
	`|^\s*CREATE\s+(OR\s+REPLACE\s+)?(TEMP(ORARY)?\s+)?(VIEW|TABLE|MACRO)\b|^\s*(INSERT\s+INTO|DELETE\s+FROM)\b`)

// A goSQL is one statement in a Go file, as far as it is written in string literals.
type goSQL struct {
	at, text string
	lines    int // in the Go file
}

// sqlIn lists the SQL in the string literals of a Go file. Literals that are joined with + are one text, in which any
// other operand counts as a blank.
func sqlIn(f sourceFile) []goSQL {
	var list []goSQL
	ast.Inspect(f.tree, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		switch e := e.(type) {
		case *ast.BasicLit:
			if e.Kind != token.STRING {
				return false
			}
		case *ast.BinaryExpr:
			if e.Op != token.ADD || !hasText(e) {
				return true
			}
		default:
			return true
		}
		if text := literalText(e); sqlText.MatchString(text) {
			list = append(list, goSQL{at: f.position(e), text: text, lines: 1 + strings.Count(strings.TrimSpace(text), "\n")})
		}
		return false
	})
	return list
}

func hasText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (hasText(e.X) || hasText(e.Y))
	}
	return false
}

func literalText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
	case *ast.BinaryExpr:
		return literalText(e.X) + literalText(e.Y)
	}
	return " "
}

// TestSQLInGo: SQL in Go is as portable as that in files, and short.
func TestSQLInGo(t *testing.T) {
	seen := 0
	for _, f := range programFiles(t) {
		if strings.HasPrefix(f.path, "internal/engine/") { // it holds what differs between engines
			continue
		}
		for _, q := range sqlIn(f) {
			seen++
			for _, fault := range notPortable(q.text) {
				t.Errorf("%s: %s", q.at, fault)
			}
			if q.lines > 1 && !slices.Contains(manyLines, path.Base(f.path)) {
				t.Errorf("%s: SQL of %d lines: it belongs into a .sql file of its own", q.at, q.lines)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d texts of SQL found in Go: the rule would hold for nothing", seen)
	}
}

func TestForbiddenSQLIsFound(t *testing.T) {
	f := plantedFile(t, "package planted\n\n"+
		"const one = \"SELECT a::INTEGER FROM t\"\n"+
		"const two = `\nSELECT a\nFROM t -- a::b\n`\n"+
		"var three = \"SELECT \" + one + \" FROM t \" +\n\t\"QUALIFY true\"\n"+
		"const four = \"choose from the list\"\n"+
		"func five() []string { return []string{\"COPY t TO 'f'\", \"CREATE TEMP VIEW v AS SELECT hash(a) FROM t\"} }\n")
	var got []string
	for _, q := range sqlIn(f) {
		got = append(got, fmt.Sprintf("%s %d %v", q.at, q.lines, notPortable(q.text)))
	}
	want := []string{
		`planted.go:3:13 1 [line 1: "::": write CAST(x AS T)]`,
		`planted.go:4:13 2 []`,
		`planted.go:8:13 1 [line 1: "QUALIFY": number rows in a subquery]`,
		`planted.go:11:40 1 []`,
		`planted.go:11:57 1 [line 1: "hash(": hashes are computed in Go]`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	for text, faults := range map[string]int{
		"-- What is asked.\nSELECT 1 FROM t;\n": 0,
		"-- what is asked\nSELECT 1 FROM t\n":   1,
		"SELECT 1 FROM t; SELECT 2 FROM t":      2,
		"-- What is done.\nDELETE FROM t\n":     1,
	} {
		if got := wrongFile(text, true); len(got) != faults {
			t.Errorf("%q: %v, want %d faults", text, got, faults)
		}
	}
}
