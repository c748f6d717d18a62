package table

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// schemaFile records the columns of every schema version of every table. It is only ever added to: what
// it says of a version that has been released is how files of that version are.
const schemaFile = "testdata/schemas.txt"

// TestSchemasHaveVersions: a column that changes without a new version would make files of the old form
// unreadable, or read wrongly, under the number that they carry.
func TestSchemasHaveVersions(t *testing.T) {
	recorded := map[string]string{}
	text, err := os.ReadFile(schemaFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		name, columns, _ := strings.Cut(strings.TrimSpace(line), ": ")
		recorded[name] = columns
		lines = append(lines, strings.TrimSpace(line))
	}
	for _, table := range All() {
		for v := table.Oldest(); v <= table.Version; v++ {
			name := fmt.Sprintf("%s %d", table.Name, v)
			now := schemaText(t, table, v)
			switch was, ok := recorded[name]; {
			case ok && was != now:
				t.Errorf("table %s: the columns of schema version %d are no longer those that its files have.\n"+
					"Raise Version, add the change to Steps (Added, Renamed, Dropped or Retyped), and run `make docs`.\nrecorded: %s\nnow:      %s", table.Name, v, was, now)
			case !ok && *update:
				lines = append(lines, name+": "+now)
			case !ok:
				t.Errorf("table %s: schema version %d is new: run `make docs` to record its columns", table.Name, v)
			}
		}
	}
	if *update && !t.Failed() {
		slices.Sort(lines)
		if err := os.WriteFile(schemaFile, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func schemaText(t *testing.T, table *Table, version int) string {
	cols, err := table.ColumnsAt(version)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for name, sqlType := range cols {
		list = append(list, name+" "+sqlType)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// The same table in four schema versions.
type (
	sheep1 struct {
		ID    string `col:"sheep_id" doc:"d"`
		Paint string `col:"paint,null" doc:"d"`
		Age   int16  `col:"age" doc:"d"`
		Bell  string `col:"bell,null" doc:"d"`
	}
	sheep2 struct { // gains flock and lost
		ID    string `col:"sheep_id" doc:"d"`
		Paint string `col:"paint,null" doc:"d"`
		Age   int16  `col:"age" doc:"d"`
		Bell  string `col:"bell,null" doc:"d"`
		Flock string `col:"flock" doc:"d"`
		Lost  bool   `col:"lost" doc:"d"`
	}
	sheep3 struct { // paint is colour now, and bell is gone
		ID     string `col:"sheep_id" doc:"d"`
		Colour string `col:"colour,null" doc:"d"`
		Age    int16  `col:"age" doc:"d"`
		Flock  string `col:"flock" doc:"d"`
		Lost   bool   `col:"lost" doc:"d"`
	}
	sheep4 struct { // age is wider, and there is a second bell, another thing; a weight and a day
		ID     string  `col:"sheep_id" doc:"d"`
		Colour string  `col:"colour,null" doc:"d"`
		Age    int64   `col:"age" doc:"d"`
		Flock  string  `col:"flock" doc:"d"`
		Lost   bool    `col:"lost" doc:"d"`
		Bell   int32   `col:"bell" doc:"d"`
		Weight float64 `col:"weight,null" doc:"d"`
		Shorn  Date    `col:"shorn_on" doc:"d"`
	}
)

var sheepSteps = []Step{
	Added(2, "flock", "north"), Added(2, "lost", true),
	Renamed(3, "paint", "colour"), Dropped(3, "bell", "VARCHAR"),
	Retyped(4, "age", "SMALLINT"), Added(4, "bell", int64(7)), Added(4, "weight", nil), Added(4, "shorn_on", NewDate(2020, 2, 29)),
}

func writeSheep[T any](t *testing.T, dir string, version int, rows ...T) string {
	t.Helper()
	table := Working[T]("sheep")
	table.Version = version
	path := filepath.Join(dir, strconv.Itoa(version)+".parquet")
	w, err := NewWriter[T](table, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AppendAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOlderFilesAreReadAsToday: files of all versions of a table lie side by side and are read as one.
func TestOlderFilesAreReadAsToday(t *testing.T) {
	sheep := define[sheep4](Table{Name: "sheep", Kind: State, Version: 4, Steps: sheepSteps, Doc: "A sheep.", Key: []string{"sheep_id"}, Owner: "sheep_id"})
	t.Cleanup(func() { delete(all, "sheep") })
	dir := t.TempDir()
	paths := []string{
		writeSheep(t, dir, 1, sheep1{"a", "red", 3, "ding"}, sheep1{"b", "", 0, ""}),
		writeSheep(t, dir, 2, sheep2{"c", "blue", 5, "dong", "south", false}),
		writeSheep(t, dir, 3, sheep3{"d", "green", 7, "west", false}),
		writeSheep(t, dir, 4, sheep4{"e", "black", 1 << 40, "east", false, 2, 55.5, NewDate(2026, 5, 1)}),
	}
	leap := NewDate(2020, 2, 29)
	want := []string{"a red 3 north true 7 NaN " + leap.String(), "b  0 north true 7 NaN " + leap.String(), "c blue 5 south false 7 NaN " + leap.String(),
		"d green 7 west false 7 NaN " + leap.String(), "e black 1099511627776 east false 2 55.5 2026-05-01"}
	text := func(s *sheep4) string {
		return fmt.Sprint(s.ID, " ", s.Colour, " ", s.Age, " ", s.Flock, " ", s.Lost, " ", s.Bell, " ", s.Weight, " ", s.Shorn)
	}
	var got []string
	if err := Scan(paths, func(s *sheep4) error { got = append(got, text(s)); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("scanned\n%s\nexpected\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	got = nil
	if err := Find(paths, "colour", []string{"red", "green"}, func(s *sheep4) error { got = append(got, text(s)); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []string{want[0], want[3]}) {
		t.Errorf("found by a renamed column: %v", got)
	}
	held, err := Hold[sheep4](paths)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	rows, err := RowsOf[sheep4](held)
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	for i := range held.Len() {
		var s sheep4
		rows.Read(i, &s)
		got = append(got, text(&s))
	}
	if !slices.Equal(got, want) {
		t.Errorf("held %v", got)
	}
	type part struct {
		Age int64 `col:"age" doc:"d"`
	}
	if list, err := ReadAll[part](paths[:1]); err != nil || len(list) != 2 || list[0].Age != 3 {
		t.Errorf("one column: %v, %v", list, err)
	}
	for i, p := range paths {
		if v := VersionOf(sheep, p); v != i+1 {
			t.Errorf("%s has version %d", p, v)
		}
	}
	sheep.Version, sheep.Steps = 3, sheepSteps[2:4] // a program of another day: too old for version 4, too new for version 1
	for _, p := range []string{paths[0], paths[3]} {
		if err := Scan([]string{p}, func(*sheep3) error { return nil }); err == nil || !strings.Contains(err.Error(), "not known to this program") {
			t.Errorf("%s: %v", p, err)
		}
	}
}

func TestWrongStepsPanic(t *testing.T) {
	for what, steps := range map[string][]Step{
		"a column that is not there is added":     {Added(2, "horns", nil)},
		"a column that is there is dropped":       {Dropped(2, "age", "INTEGER")},
		"a narrower type":                         {Retyped(2, "age", "VARCHAR")},
		"a version after today's":                 {Added(5, "flock", "north")},
		"versions out of order":                   {Added(3, "flock", "north"), Added(2, "lost", false)},
		"a column that needs a value has none":    {Added(2, "flock", nil)},
		"a column is renamed to one that is none": {Renamed(2, "colour", "paint")},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: let through", what)
				}
				delete(all, "sheep")
			}()
			define[sheep4](Table{Name: "sheep", Kind: State, Version: 4, Steps: steps, Doc: "A sheep.", Key: []string{"sheep_id"}})
		}()
	}
}

// TestHeldRowsComeInOrder: what later files replace has no place, and what is left has places by owner.
func TestHeldRowsComeInOrder(t *testing.T) {
	define[sheep3](Table{Name: "sheep", Kind: State, Version: 1, Doc: "A sheep.", Key: []string{"sheep_id"}, Owner: "sheep_id"})
	t.Cleanup(func() { delete(all, "sheep") })
	dir := t.TempDir()
	n := 0
	file := func(rows ...sheep3) string {
		n++
		d := filepath.Join(dir, strconv.Itoa(n))
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
		return writeSheep(t, d, 1, rows...)
	}
	keys := func(ids ...string) string {
		type key struct {
			ID string `col:"sheep_id" doc:"d"`
		}
		n++
		path := filepath.Join(dir, fmt.Sprintf("%s%04d.parquet", keysPrefix, n))
		w, err := NewWriter[key](Working[key]("sheep"), path)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if err := w.Append(&key{id}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	state := []string{file(sheep3{ID: "b"}, sheep3{ID: "d"}, sheep3{ID: "f"}), keys("a", "d"), file(sheep3{ID: "a"}, sheep3{ID: "d", Age: 1}),
		keys("d", "f", "e"), file(sheep3{ID: "d", Age: 2}, sheep3{ID: "e"})}
	held, err := Hold[sheep3](state, []string{file(sheep3{ID: "z"}, sheep3{ID: "0"})})
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	rows, err := RowsOf[sheep3](held)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for i := range held.Len() {
		var s sheep3
		rows.Read(i, &s)
		got += fmt.Sprintf("%s%d ", s.ID, s.Age)
	}
	if got != "a0 b0 d2 e0 z0 00 " {
		t.Errorf("held %s", got)
	}
}
