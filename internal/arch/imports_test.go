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
	why      string
}

var stages = []string{"miic/ingest", "miic/linkage", "miic/forecast", "miic/reports"}

func rules() []rule {
	list := []rule{
		{"miic/internal/table", "miic/", "internal/table is the ground: it imports no other package of the project"},
		{"miic/internal/lake", "miic/internal/engine", "the lake knows neither engine nor DuckDB, so that a damaged engine cannot keep us from reading it"},
		{"miic/internal/lake", "miic/internal/pipeline", "the lake is below the pipeline"},
		{"miic/internal/engine", "miic/internal/lake", "the engine runs SQL over files; it does not know the lake"},
		{"miic/internal/engine", "miic/internal/pipeline", "the engine is below the pipeline"},
		{"miic/internal/pipeline", "miic/cmd", "only the command knows the command"},
		{"miic/fixtures", "miic/ingest", "the synthetic state knows the senders' formats from their specifications, not from the reader it tests"},
	}
	for _, s := range stages {
		for _, other := range stages {
			if s != other {
				list = append(list, rule{s, other, "stages meet only in tables: no stage imports another"})
			}
		}
		list = append(list,
			rule{s, "miic/cmd", "only the command reads flags, environment and clock"},
			rule{s, "miic/fixtures", "the product does not know the synthetic state"},
			rule{"miic/internal/pipeline", s, "the pipeline runs stages it is given; it knows none"})
	}
	return list
}

// layers lists the packages within a stage, the lowest first: each knows only those before it, and the stage knows all.
var layers = map[string][]string{
	"miic/ingest": {"due", "layouts", "codes", "lot", "hl7", "field", "effective", "rule", "read", "record", "address", "timeline", "number", "addressee", "profile",
		"replay", "stray"},
	"miic/linkage": {"standard", "match", "whole", "cluster", "survive", "dedupe", "review", "evaluate"},
	"miic/reports": {"csvfile", "xlsxfile", "navigation", "sent", "privacy", "outcome", "recipient", "newborn", "account", "bundle", "withdrawal", "status", "roster", "care", "outbreak", "letter", "healthcard/proof", "healthcard", "record",
		"campaign", "mailing/barcode", "mailing", "school", "population", "footnote", "measure", "visit", "followup", "linkquality", "extract", "suppression", "publication",
		"atlas", "page"},
}

// TestLayers: within a stage packages know only those below them, and never the stage.
func TestLayers(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range listed(t) {
		for stage, names := range layers {
			if p.ImportPath == stage || !under(p.ImportPath, stage) {
				continue
			}
			seen[p.ImportPath] = true
			place := slices.Index(names, strings.TrimPrefix(p.ImportPath, stage+"/"))
			if place < 0 {
				t.Errorf("%s is not in the list of the packages within %s", p.ImportPath, stage)
				continue
			}
			for _, d := range p.Imports {
				if under(d, stage) && !slices.Contains(names[:place], strings.TrimPrefix(d, stage+"/")) {
					t.Errorf("%s imports %s: within a stage a package knows only those below it", p.ImportPath, d)
				}
			}
		}
	}
	for stage, names := range layers {
		for _, name := range names {
			if !seen[stage+"/"+name] {
				t.Errorf("there is no package %s/%s: the rule would hold for nothing", stage, name)
			}
		}
	}
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
	out, err := exec.Command("go", "list", "-tags", "duckdb_arrow", "-json=ImportPath,Imports,Deps,Standard",
		"miic/...").Output()
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
