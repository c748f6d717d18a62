package yamlfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWhatIsWrongHasALine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"right":                  {"id: a\nages:\n  from: 2 months\n", ""},
		"right, after a comment": {"# ours\n---\nid: a\n", ""},
		"empty":                  {" \n", "ours.yaml:1: is empty"},
		"an unknown key":         {"id: a\ncolour: red\n", "ours.yaml:2: unknown field"},
		"no YAML":                {"id: a\nages: [\n", "ours.yaml:2: "},
		"of another form":        {"id: a\nages: 7\n", "ours.yaml:2: "},
		"two documents":          {"id: a\n---\nid: b\n", "ours.yaml:2: a second document"},
	} {
		var v struct {
			ID   string `yaml:"id"`
			Ages struct {
				From string `yaml:"from"`
			} `yaml:"ages"`
		}
		err := File{Name: "ours.yaml", Text: []byte(c.text)}.Decode(&v)
		switch {
		case c.want == "" && (err != nil || v.ID != "a"):
			t.Errorf("%s: %q, %v", name, v.ID, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestASlipInAKeyIsAnswered has keys near one that is known, at any depth, and keys that are near none.
func TestASlipInAKeyIsAnswered(t *testing.T) {
	type clause struct {
		Group string `yaml:"group"`
		Doses int    `yaml:"doses,omitempty"`
	}
	var v struct {
		Title   string            `yaml:"title"`
		Clauses []*clause         `yaml:"clauses"`
		Other   map[string]clause `yaml:"other"`
		Hidden  int               `yaml:"-"`
	}
	for text, want := range map[string]string{
		"titel: a\n":                           `ours.yaml:1: unknown field "titel": did you mean "title"?`,
		"clauses:\n  - {group: a, does: 1}\n":  `ours.yaml:2: unknown field "does": did you mean "doses"?`,
		"other:\n  b:\n    groups: a\n":        `ours.yaml:3: unknown field "groups": did you mean "group"?`,
		"colour: red\n":                        `ours.yaml:1: unknown field "colour"`,
		"hidden: 1\n":                          `ours.yaml:1: unknown field "hidden"`,
		"clauses:\n  - {group: a, doses: x}\n": "ours.yaml:2: cannot unmarshal string into Go struct field .Clauses of type int",
	} {
		err := File{Name: "ours.yaml", Text: []byte(text)}.Decode(&v)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestAFaultIsAtTheValueOrAtWhatEnclosesIt(t *testing.T) {
	f := File{Name: "ours.yaml", Text: []byte("id: a\nages:\n  from: 2 months\nzips:\n  - x\n  - y\n")}
	for path, want := range map[string]int{"$.id": 1, "$.ages.from": 3, "$.zips[1]": 6, "$.ages.until": 3, "$.groups[2]": 1, "$": 1} {
		if got := f.Line(path); got != want {
			t.Errorf("%s is in line %d, want %d", path, got, want)
		}
	}
}

func TestAFolderHasTheFilesThatSomebodyWrote(t *testing.T) {
	files := fstest.MapFS{"ours/b.yaml": {Data: []byte("id: b")}, "ours/a.yaml": {Data: []byte("id: a")},
		"ours/.a.yaml": {Data: []byte("id: old")}, "ours/._b.yaml": {}, "ours/a.yaml~": {}, "ours/notes.txt": {}}
	list, err := Folder(files, "ours")
	if err != nil || len(list) != 2 || list[0].Name != "a.yaml" || string(list[1].Text) != "id: b" {
		t.Errorf("%v, %v", list, err)
	}
	if list, err := Folder(files, "theirs"); list != nil || err != nil {
		t.Errorf("a folder that is not there: %v, %v", list, err)
	}
}

// A text that begins with a byte-order mark is read, and what would be read wrong, or by nobody, is named.
func TestFilesOfOtherEditors(t *testing.T) {
	files := fstest.MapFS{"ours/a.yaml": {Data: []byte("\xef\xbb\xbfid: a\n")}, "ours/b.yaml": {Data: []byte("id: b\nname: Nu\xf1ez\n")},
		"ours/c.yml": {Data: []byte("id: c")}, "ours/d.YAML": {Data: []byte("id: d")}}
	list, err := Folder(files, "ours")
	if err != nil || len(list) != 4 {
		t.Fatal(list, err)
	}
	for i, want := range []string{"", "b.yaml:2: is not UTF-8 text: save it again as UTF-8", "c.yml:1: would be read by nobody: its name must end in .yaml",
		"d.YAML:1: would be read by nobody: its name must end in .yaml"} {
		var v struct {
			ID string `yaml:"id"`
		}
		switch err := list[i].Decode(&v); {
		case want == "" && (err != nil || v.ID != "a"):
			t.Errorf("%q, %v", v.ID, err)
		case want != "" && (err == nil || err.Error() != want):
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "a.yaml"), 0o700); err != nil { // not even the owner of all files reads a folder
		t.Fatal(err)
	}
	list, err := Folder(os.DirFS(dir), ".")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if err := list[0].Decode(new(struct{})); err == nil || !strings.HasPrefix(err.Error(), "a.yaml:1: cannot be read") {
		t.Error(err)
	}
}
