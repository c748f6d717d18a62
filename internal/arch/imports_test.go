package arch

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A rule forbids packages under from to import (directly or not) packages under to.
type rule struct {
	from, to string
	direct   bool // only direct imports count
	why      string
}

var stages = []string{"miic/ingest", "miic/linkage", "miic/forecast", "miic/reports"}

// layers are the packages of a stage's folder, from the ground up: each knows only those listed before it.
var layers = map[string][]string{
	"miic/reports": {"csvfile", "privacy", "status", "campaign", "mailing", "measure", "page"},
}

func rules() []rule {
	list := []rule{
		{"miic/internal/table", "miic/", false, "internal/table is the ground: it imports no other package of the project"},
		{"miic/internal/lake", "miic/internal/engine", false, "the lake knows neither engine nor DuckDB, so that a damaged engine cannot keep us from reading it"},
		{"miic/internal/lake", "miic/internal/pipeline", false, "the lake is below the pipeline"},
		{"miic/internal/engine", "miic/internal/lake", false, "the engine runs SQL over files; it does not know the lake"},
		{"miic/internal/engine", "miic/internal/pipeline", false, "the engine is below the pipeline"},
		{"miic/internal/pipeline", "miic/cmd", false, "only the command knows the command"},
		{"miic/fixtures", "miic/ingest", false, "the synthetic state knows the senders' formats from their specifications, not from the reader it tests"},
	}
	for _, s := range stages {
		for _, other := range stages {
			if s != other {
				list = append(list, rule{s, other, false, "stages meet only in tables: no stage imports another"})
			}
		}
		list = append(list,
			rule{s, "miic/cmd", false, "only the command reads flags, environment and clock"},
			rule{s, "miic/fixtures", false, "the product does not know the synthetic state"},
			rule{"miic/internal/pipeline", s, false, "the pipeline runs stages it is given; it knows none"})
	}
	for root, names := range layers {
		for i, name := range names {
			for _, above := range names[i+1:] {
				list = append(list, rule{root + "/" + name, root + "/" + above, false,
					"within " + root + " a package knows only those listed before it: " + strings.Join(names, ", ")})
			}
		}
	}
	return list
}

func under(pkg, root string) bool {
	return pkg == strings.TrimSuffix(root, "/") || strings.HasPrefix(pkg, strings.TrimSuffix(root, "/")+"/")
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

func listed(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-tags", "duckdb_arrow", "-json=ImportPath,Imports,Deps,Standard", "miic/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p goPackage
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if len(list) < 10 {
		t.Fatalf("go list named %d packages only", len(list))
	}
	return list
}

func TestImports(t *testing.T) {
	for _, p := range listed(t) {
		for _, r := range rules() {
			if !under(p.ImportPath, r.from) {
				continue
			}
			for _, d := range p.Deps {
				if under(d, r.to) && !under(d, r.from) {
					t.Errorf("%s depends on %s: %s", p.ImportPath, d, r.why)
				}
			}
		}
		for _, d := range p.Imports {
			if strings.Contains(d, "duckdb-go") && !under(p.ImportPath, "miic/internal/engine") {
				t.Errorf("%s imports %s: only internal/engine knows DuckDB", p.ImportPath, d)
			}
		}
	}
}

// TestLayersAreComplete: a package that is in no list would be under no rule.
func TestLayersAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range listed(t) {
		for root, names := range layers {
			name, inside := strings.CutPrefix(p.ImportPath, root+"/")
			if inside && !slices.Contains(names, name) {
				t.Errorf("%s is not in the list of %s: add it where it belongs", p.ImportPath, root)
			}
			seen[p.ImportPath] = true
		}
	}
	for root, names := range layers {
		for _, name := range names {
			if !seen[root+"/"+name] {
				t.Errorf("there is no package %s/%s", root, name)
			}
		}
	}
}

// TestForecastCoreIsPure: the CDSi engine must be able to run inside any host.
func TestForecastCoreIsPure(t *testing.T) {
	seen := 0
	for _, p := range listed(t) {
		if !under(p.ImportPath, "miic/forecast/cdsi") {
			continue
		}
		seen++
		for _, d := range p.Imports {
			if strings.Contains(d, ".") || strings.HasPrefix(d, "miic/") && !under(d, "miic/forecast/cdsi") {
				t.Errorf("%s imports %s: forecast/cdsi imports the standard library only", p.ImportPath, d)
			}
		}
	}
	if seen == 0 {
		t.Error("no package forecast/cdsi: the rule would hold for nothing")
	}
}

// TestClockAndEnvironment: only the command may ask what time it is or read the environment.
func TestClockAndEnvironment(t *testing.T) {
	out, err := exec.Command("git", "-C", "../..", "grep", "-nE", `time\.(Now|Since)\(|os\.(Getenv|LookupEnv|Environ)\(`, "--",
		"ingest", "linkage", "forecast", "reports", "fixtures", "internal").Output()
	if err != nil && len(out) > 0 {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		file, _, _ := strings.Cut(line, ":")
		if line == "" || strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "internal/testdata/") || !strings.HasSuffix(file, ".go") {
			continue
		}
		t.Errorf("%s: only cmd reads the clock and the environment; elsewhere they are parameters", line)
	}
}
