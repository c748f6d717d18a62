package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// byTheClock is what differs from day to day.
var byTheClock = regexp.MustCompile(`today is \d{4}-\d\d-\d\d`)

var update = flag.Bool("update", false, "rewrite what the fault cases want")

// faultTables can be asked for by a file want/<table>.txt.
var faultTables = map[string]func(paths []string) ([]any, error){
	"batch": read[table.Batch], "rejected": read[table.Rejected], "client_record": read[table.ClientRecord],
	"vaccination_event": read[table.VaccinationEvent], "death": read[table.Death], "death_match": read[table.DeathMatch],
	"request": read[table.Request], "restriction": read[table.Restriction],
	"client_link": read[table.ClientLink], "client": read[table.Client], "client_change": read[table.ClientChange],
	"client_history":  read[table.ClientHistory],
	"delivery_figure": read[table.DeliveryFigure], "immunization": read[table.Immunization],
	"review_item": read[table.ReviewItem], "patient_status": read[table.PatientStatus], "notice": read[table.Notice],
}

func read[T any](paths []string) ([]any, error) {
	rows, err := table.ReadAll[T](paths)
	list := make([]any, len(rows))
	for i := range rows {
		list[i] = rows[i]
	}
	return list, err
}

// TestFaults runs every folder of fixtures/faults: what goes wrong in a real night, and what must come of
// it. In a folder, in/<date>/<sender>/<file> is delivered night by night; miic.yaml, where there is none the
// shared one, names the senders; steps.txt, where there is one, is what else is done, a command a line:
//
//	deliver 2026-03-02          a night's files are moved into the inbox
//	make, move, remove, config  see arrange
//	miic nightly --as-of …      any command; BATCH:<sender>/<file> is that file's batch
//
// want/steps.txt holds the exit code and the notes of each command, and want/<table>.txt the rows of a
// table as HEAD has them at the end: of those tables that the case is about. want/out/<path> is a published file.
func TestFaults(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("../../fixtures/faults/*/want")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no fault cases, %v", err)
	}
	for _, want := range cases {
		dir := filepath.Dir(want)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			f := newFaultCase(t, dir)
			for _, step := range f.steps() {
				f.do(step)
			}
			f.compare("steps.txt", f.log.String())
			f.compare("page.txt", f.pages.String())
			files, err := filepath.Glob(filepath.Join(want, "*.txt"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				if name := strings.TrimSuffix(filepath.Base(file), ".txt"); name != "steps" && name != "page" {
					f.compare(filepath.Base(file), f.rows(name))
				}
			}
			f.check(filepath.WalkDir(filepath.Join(want, "out"), func(path string, d fs.DirEntry, err error) error {
				if errors.Is(err, fs.ErrNotExist) {
					return nil
				}
				if err != nil || d.IsDir() {
					return err
				}
				rel, err := filepath.Rel(filepath.Join(want, "out"), path)
				f.check(err)
				got, err := os.ReadFile(filepath.Join(f.work, "out", "latest", rel))
				f.check(err)
				f.compare(filepath.Join("out", rel), strings.ReplaceAll(string(got), "\r\n", "\n"))
				return nil
			}))
		})
	}
}

// TestFaultsOfOtherTests: where a fault needs a full disk or a kill, its folder names the tests that show what comes
// of it, one a line: package and test. They must be there; every test run runs them.
func TestFaultsOfOtherTests(t *testing.T) {
	lists, err := filepath.Glob("../../fixtures/faults/*/tests.txt")
	if err != nil || len(lists) == 0 {
		t.Fatalf("no folder names tests, %v", err)
	}
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			pkg, name, _ := strings.Cut(line, " ")
			files, err := filepath.Glob(filepath.Join("../..", filepath.FromSlash(pkg), "*_test.go"))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(files, func(file string) bool {
				source, err := os.ReadFile(file)
				return err == nil && bytes.Contains(source, []byte("func "+name+"(t *testing.T) {"))
			}) {
				t.Errorf("%s: package %s has no test %s", filepath.Base(filepath.Dir(list)), pkg, name)
			}
		}
	}
}

// A faultCase is one folder on its way.
type faultCase struct {
	t         *testing.T
	dir, work string
	log       strings.Builder
	pages     strings.Builder // what the page of each night has
}

func newFaultCase(t *testing.T, dir string) *faultCase {
	f := &faultCase{t: t, dir: dir, work: t.TempDir()}
	config, err := os.ReadFile(filepath.Join(dir, "miic.yaml"))
	if os.IsNotExist(err) {
		config, err = os.ReadFile(filepath.Join(dir, "..", "miic.yaml"))
	}
	f.check(err)
	f.check(os.WriteFile(filepath.Join(f.work, "miic.yaml"), config, 0o600))
	f.check(os.Mkdir(filepath.Join(f.work, "inbox"), 0o700))
	offices, err := os.ReadFile(filepath.Join(dir, "..", "offices.csv"))
	f.check(err)
	f.check(os.WriteFile(filepath.Join(f.work, "offices.csv"), offices, 0o600))
	entry, err := os.ReadFile(filepath.Join(dir, "..", "recipients.yaml"))
	f.check(err)
	f.check(os.Mkdir(filepath.Join(f.work, "recipients"), 0o700))
	f.check(os.WriteFile(filepath.Join(f.work, "recipients", "state.yaml"), entry, 0o600))
	tables, err := filepath.Glob(filepath.Join(dir, "*.csv")) // what the configuration names
	f.check(err)
	for _, path := range tables {
		data, err := os.ReadFile(path)
		f.check(err)
		f.check(os.WriteFile(filepath.Join(f.work, filepath.Base(path)), data, 0o600))
	}
	return f
}

func (f *faultCase) check(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *faultCase) steps() []string {
	text, err := os.ReadFile(filepath.Join(f.dir, "steps.txt"))
	if err == nil {
		return slices.DeleteFunc(strings.Split(string(text), "\n"), func(s string) bool { return s == "" || s[0] == '#' })
	}
	nights, err := os.ReadDir(filepath.Join(f.dir, "in"))
	f.check(err)
	var steps []string
	for _, n := range nights {
		steps = append(steps, "deliver "+n.Name(), "miic nightly --as-of "+n.Name())
	}
	return steps
}

func (f *faultCase) do(step string) {
	f.t.Helper()
	words := strings.Fields(step)
	if f.arrange(words) {
		return
	}
	switch words[0] {
	case "deliver":
		f.check(os.CopyFS(filepath.Join(f.work, "inbox"), os.DirFS(filepath.Join(f.dir, "in", words[1]))))
	case "miic":
		args := []string{"--config", filepath.Join(f.work, "miic.yaml")}
		if words[1] == "nightly" {
			args = append(args, "--json")
		}
		for _, w := range words[1:] {
			args = append(args, f.argument(w))
		}
		var out, errs bytes.Buffer
		code := Main(args, &out, &errs)
		fmt.Fprintf(&f.log, "== %s: exit %d\n", step, code)
		if words[1] == "nightly" {
			fmt.Fprintf(&f.pages, "== %s: exit %d\n%s", step, code, f.page())
		}
		if words[1] != "nightly" || out.Len() == 0 {
			for _, b := range []*bytes.Buffer{&out, &errs} {
				for _, line := range strings.Split(b.String(), "\n") {
					if line != "" && !strings.Contains(line, "level=") {
						fmt.Fprintln(&f.log, strings.ReplaceAll(line, f.work, "…"))
					}
				}
			}
			return
		}
		var r pipeline.Result
		f.check(json.Unmarshal(out.Bytes(), &r))
		fmt.Fprintf(&f.log, "%s\n", r.Outcome)
		for _, b := range r.Tripped {
			fmt.Fprintf(&f.log, "brake %s: %s\n", b.Brake, b.Text)
		}
		for _, s := range r.Stages {
			for _, n := range s.Notes {
				fmt.Fprintf(&f.log, "%s %s %s: %s\n", n.Kind, n.Sender, n.File, n.Text)
			}
		}
	default:
		f.t.Fatalf("step %q is unknown", step)
	}
}

// argument puts in the batch that BATCH:<sender>/<file> names, and the place of IN:<file>.
func (f *faultCase) argument(w string) string {
	if in, ok := strings.CutPrefix(w, "IN:"); ok {
		return filepath.Join(f.dir, "in", in)
	}
	name, ok := strings.CutPrefix(w, "BATCH:")
	if !ok {
		return strings.ReplaceAll(w, "_", " ")
	}
	id := ""
	for _, b := range rows[table.Batch](f.t, f.work, "batch") {
		if b.Sender+"/"+b.FileName == name {
			id = b.BatchID
		}
	}
	if id == "" {
		f.t.Fatalf("no batch is %s", name)
	}
	return id
}

// rows writes a table as HEAD has it: what is neither empty nor a fingerprint.
func (f *faultCase) rows(name string) string {
	f.t.Helper()
	if name == "archive" { // the copies of deliveries that are kept
		files, err := filepath.Glob(filepath.Join(f.work, "archive", "*", "*"))
		f.check(err)
		var b strings.Builder
		for _, path := range files {
			info, err := os.Stat(path)
			f.check(err)
			fmt.Fprintf(&b, "%s %o\n", filepath.Base(path), info.Mode().Perm())
		}
		return b.String()
	}
	if faultTables[name] == nil {
		f.t.Fatalf("want/%s.txt: the test does not know this table", name)
	}
	l, err := lake.Open(filepath.Join(f.work, "lake"), lake.Options{})
	f.check(err)
	m, err := l.Head()
	f.check(err)
	if m == nil {
		return ""
	}
	list, err := faultTables[name](l.Files(m, name))
	f.check(err)
	var lines []string
	for _, row := range list {
		v := reflect.ValueOf(row)
		var cells []string
		for i := range v.NumField() {
			col, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("col"), ",")
			if v.Field(i).IsZero() || slices.Contains([]string{"content_hash", "reported", "sha256", "model", "evidence_hash"},
				col) {
				continue
			}
			value := v.Field(i).Interface()
			if at, ok := value.(table.Time); ok {
				value = fmt.Sprint(table.FromUnixDay(int32(int64(at) / 86400e6)))
			}
			cells = append(cells, fmt.Sprintf("%s=%v", col, value))
		}
		lines = append(lines, strings.Join(cells, " "))
	}
	slices.Sort(lines)
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// decidedAt is when an operator decided: the clock's time.
var decidedAt = regexp.MustCompile(`since \d{4}-\d\d-\d\d \d\d:\d\d UTC \(by`)

func (f *faultCase) compare(name, got string) {
	f.t.Helper()
	file := filepath.Join(f.dir, "want", name)
	got = strings.ReplaceAll(got, "by "+shell.Operator()+":", "by OPERATOR:")
	got = byTheClock.ReplaceAllString(got, "today is TODAY")
	got = decidedAt.ReplaceAllString(got, "since TIME (by")
	if *update {
		f.check(os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	f.check(err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		f.t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}
