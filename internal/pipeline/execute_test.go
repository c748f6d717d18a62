package pipeline

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestThreeNights(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,opt_out", "2,lock")
	first := h.night(2, Committed, 0)
	if first.Snapshot != 1 || first.Run != "000001" || len(first.Stages) != 3 {
		t.Errorf("first night: %+v", first)
	}
	if got := tree(t, h.opts.Inbox); len(got) != 0 {
		t.Errorf("left in the inbox: %v", got)
	}
	if got := tree(t, h.opts.Archive); len(got) != 1 {
		t.Errorf("archived: %v", got)
	}
	page := filepath.Join(h.opts.Out, "latest", "run.html")
	if got, _ := os.ReadFile(page); string(got) != "2026-03-02\ningest read 2 clients 0 notes 0\nlink read 0 clients 2 notes 0\n" {
		t.Errorf("run page: %s", got)
	}
	before := tree(t, h.root)
	again := h.night(2, NothingToDo, 0)
	after := tree(t, h.root)
	delete(before, "lake/LOCK")
	delete(after, "lake/LOCK")
	if again.Run != "" || !maps.Equal(before, after) {
		t.Error("the same night again has changed something")
	}

	h.deliver("clinic", "b.csv", "2,lock", "3,lock")
	second := h.night(3, Committed, 0)
	if second.Snapshot != 2 || second.Stages[1].Rows["client_link"] != 1 {
		t.Errorf("second night: %+v", second)
	}
	third := h.night(4, Committed, 0)
	if how := third.Stages[1].How; third.Snapshot != 3 || how != "reused" {
		t.Errorf("an empty inbox on a new date: snapshot %d, link %s", third.Snapshot, how)
	}
	var paths []string
	for _, f := range h.head().Tables["client_link"] {
		paths = append(paths, f.Path)
	}
	want := []string{"data/client_link/000001/part-0000.parquet", "data/client_link/000002/keys-0000.parquet", "data/client_link/000002/part-0001.parquet"}
	if !slices.Equal(paths, want) {
		t.Errorf("carried over: %s, want %s", paths, want)
	}
	if target, _ := os.Readlink(filepath.Join(h.opts.Out, "latest")); target != "000003" {
		t.Errorf("latest points at %s", target)
	}
}

func TestDateBeforeHead(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(5, Committed, 0)
	h.night(4, NothingToDo, 0)
	h.deliver("clinic", "b.csv", "2,lock")
	h.night(4, Failed, 2)
	if got := tree(t, h.opts.Inbox); len(got) != 1 {
		t.Errorf("the refused night took %v from the inbox", got)
	}
	h.night(5, Committed, 0)
}

func TestKeyChanges(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	h.opts.Stages[1].Version++
	res := h.night(2, Committed, 0)
	if how := res.Stages[1].How; how != "run" {
		t.Errorf("a new version of link: %s", how)
	}
	h.night(2, NothingToDo, 0)
	h.opts.Stages[2].Config = map[string]int{"minimum": 11}
	res = h.night(2, Committed, 0)
	if a, b := res.Stages[1].How, res.Stages[2].How; a != "reused" || b != "run" {
		t.Errorf("a new configuration of report: link %s, report %s", a, b)
	}
	h.night(2, NothingToDo, 0)
	h.opts.Config = "another site's setting, of no stage"
	h.night(2, NothingToDo, 0)
}

// TestOutputsAreAnInputOfTheLastStage: it may read what the stages before it wrote under out/.
func TestOutputsAreAnInputOfTheLastStage(t *testing.T) {
	h := newHouse(t)
	text := "one"
	link := h.opts.Stages[1].Run
	h.opts.Stages[1].Run = func(ctx context.Context, r *Run) error {
		path, err := r.OutPath("people.txt")
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		return link(ctx, r)
	}
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	h.opts.Stages[1].Version++
	h.night(2, Committed, 0) // of an empty inbox ingest has other figures
	h.opts.Stages[1].Version++
	if how := h.night(2, Committed, 0).Stages[2].How; how != "reused" {
		t.Errorf("with the same outputs: %s", how)
	}
	text = "two"
	h.opts.Stages[1].Version++
	if how := h.night(2, Committed, 0).Stages[2].How; how != "run" {
		t.Errorf("with other outputs: %s", how)
	}
}

// TestNotesAreAnInput: a stage that reads the notes of a kind runs again when they change, and only then.
func TestNotesAreAnInput(t *testing.T) {
	h := newHouse(t)
	notes := []Note{{Kind: "missing", Sender: "a"}}
	var read []Note
	ingest := h.opts.Stages[0].Run
	h.opts.Stages[0].Run = func(ctx context.Context, r *Run) error {
		r.notes = append(r.notes, notes...)
		return ingest(ctx, r)
	}
	link := h.opts.Stages[1].Run
	h.opts.Stages[1].Notes = []string{"missing"}
	h.opts.Stages[1].Run = func(ctx context.Context, r *Run) error {
		read = r.EarlierNotes("missing")
		return link(ctx, r)
	}
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	h.night(2, NothingToDo, 0)
	notes = append(notes, Note{Kind: "warning", Sender: "b"})
	if how := h.night(3, Committed, 0).Stages[1].How; how != "reused" {
		t.Errorf("with a note of another kind: %s", how)
	}
	notes = append(notes, Note{Kind: "missing", Sender: "c"})
	if how := h.night(4, Committed, 0).Stages[1].How; how != "run" || len(read) != 2 || read[1].Sender != "c" {
		t.Errorf("with another note of the kind: %s, read %v", how, read)
	}
	defer func() {
		if recover() == nil {
			t.Error("a stage may read notes that its contract does not name")
		}
	}()
	newRun(Stage{}, 0, nil, Aside{}).EarlierNotes("missing")
}

func TestWhatCannotBeRead(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	if err := os.MkdirAll(filepath.Join(h.opts.Inbox, "clinic", "b.csv"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"c.csv.part", ".d.csv"} {
		h.deliver("clinic", name, "9,lock")
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(h.opts.Inbox, "clinic", "e.csv")); err != nil {
		t.Fatal(err)
	}
	res := h.night(2, Committed, 3)
	var notes []string
	for _, n := range res.Stages[0].Notes {
		notes = append(notes, n.File+" "+n.Text)
	}
	if got := strings.Join(notes, "; "); got != "b.csv is a folder, not a file: put the file itself in the inbox; "+
		"e.csv is a symbolic link, not a file: put the file itself in the inbox" {
		t.Errorf("notes: %s", got)
	}
	h.night(2, NothingToDo, 0)
	if err := os.Mkdir(filepath.Join(h.opts.Inbox, "clinic", "f.csv"), 0o700); err != nil {
		t.Fatal(err)
	}
	h.night(2, Committed, 3)
}

func TestSealedWorkIsAdopted(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.opts.UpTo = "link"
	h.night(2, Sealed, 0)
	if m, err := h.opts.Lake.Head(); m != nil || err != nil {
		t.Errorf("sealing has committed: %v, %v", m, err)
	}
	h.opts.UpTo = ""
	res := h.night(2, Committed, 0)
	if res.Run != "000002" || res.Stages[0].How != "adopted" || res.Stages[1].How != "adopted" || res.Stages[2].How != "run" {
		t.Errorf("after sealing: %+v", res.Stages)
	}

	h.deliver("clinic", "b.csv", "2,lock")
	h.opts.UpTo = "report"
	h.night(3, Sealed, 0)
	h.deliver("clinic", "b.csv", "3,lock") // another file under the same name
	h.opts.UpTo = ""
	res = h.night(3, Committed, 0)
	if res.Stages[0].How != "run" {
		t.Errorf("another file, but ingest was %s", res.Stages[0].How)
	}
}
