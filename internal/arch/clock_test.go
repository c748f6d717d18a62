package arch

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// outside lists, by package, the names that only the command may use: everywhere else the time, the environment and
// the arguments are parameters, so that a night is a function of what it is given.
var outside = map[string][]string{
	"time":    {"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"},
	"os":      {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Args"},
	"syscall": {"Getenv", "Environ"},
	"flag":    nil, // all of it
}

// outsideUses lists where a file uses one of those names. To name a function without calling it is a use too.
func outsideUses(f sourceFile) []string {
	var uses []string
	local := map[string]string{} // name in this file → package
	for _, spec := range f.tree.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		names, ok := outside[path]
		switch {
		case !ok:
		case names == nil:
			uses = append(uses, fmt.Sprintf("%s: imports %s", f.position(spec), path))
		case spec.Name == nil:
			local[path] = path
		case spec.Name.Name == ".":
			uses = append(uses, fmt.Sprintf("%s: imports the names of %s without saying so where they are used",
				f.position(spec), path))
		default:
			local[spec.Name.Name] = path
		}
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && slices.Contains(outside[local[x.Name]], s.Sel.Name) {
			uses = append(uses, fmt.Sprintf("%s: %s.%s", f.position(s), local[x.Name], s.Sel.Name))
		}
		return true
	})
	return uses
}

// TestClockAndEnvironment: only the commands may ask what time it is, or read the environment or the arguments.
func TestClockAndEnvironment(t *testing.T) {
	seen := 0
	for _, f := range programFiles(t) {
		// internal/testdata reads CI=true for the tests, and is in no program.
		if strings.HasPrefix(f.path, "cmd/") || strings.HasPrefix(f.path, "internal/testdata/") {
			continue
		}
		seen++
		for _, use := range outsideUses(f) {
			t.Errorf("%s: only cmd reads the clock, the environment and the arguments; elsewhere they are parameters", use)
		}
	}
	if seen < 200 {
		t.Errorf("only %d files were looked at: the rule would hold for nothing", seen)
	}
}

func TestClockAndEnvironmentAreFound(t *testing.T) {
	f := plantedFile(t, `package planted

import (
	"flag"
	clock "time"
	. "os"
	"syscall"
)

var _ = clock.Now // not called
var _ = clock.Date(2026, 3, 2, 0, 0, 0, 0, clock.UTC)
var verbose = flag.Bool("v", false, "")

func f() bool { home, _ := syscall.Getenv("HOME"); return home == "time.Now()" && clock.Since(clock.Time{}) > 0 }
`)
	got := outsideUses(f)
	want := []string{
		"planted.go:4:2: imports flag",
		"planted.go:6:2: imports the names of os without saying so where they are used",
		"planted.go:10:9: time.Now",
		"planted.go:14:28: syscall.Getenv",
		"planted.go:14:83: time.Since",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
