// Package pipeline runs the stages of a night, keeps the run's ledger and applies invariants and brakes.
//
// A stage reads tables and writes tables; it knows neither flags, environment nor clock. The same
// inputs give the same rows, so a stage whose key has not changed is not run again.
package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/engine"
	"miic/internal/inbox"
	"miic/internal/prose"
	"miic/internal/table"
)

// Stage is one step of the night.
type Stage struct {
	Name    string
	Version int      // bump when the same input must give another output
	Reads   []string // tables of earlier stages
	Prior   []string // its own tables as they stand in the parent (stable ids, past notices)
	Writes  []string // tables: states whole or owner by owner, logs by adding; a log may have several writers
	Inbox   bool     // the delivered files are an input
	Dated   bool     // the result depends on the as-of date
	Notes   []string // kinds of the earlier stages' notes that are an input
	Config  any      // its JSON is part of the key
	Run     func(context.Context, *Run) error
	// of a stage that reads the inbox: notes what would come of each delivery, for a dry run. It writes nothing and has
	// no engine.
	Foresee func(context.Context, *Run) error
}

// Delivery is one file in the inbox, or from the archive.
type Delivery struct {
	inbox.File
	// it is from the archive, where an operator has decided so, and not from the inbox
	Archived bool

	Let *Let // by what decision of an operator it is let in; nil for what a sender delivered

	Stray   string   // why it seems to hold families' requests though nobody delivers them there; Err has it too
	Refused *Refusal // an operator's decision about a stray file
}

// Let is an operator's decision that lets a delivery in: a held one, or corrected lines of one.
type Let struct {
	Batch    string // the delivery it is about
	Replay   bool   // the file holds corrected lines of that delivery, and not all of it
	Returned bool   `json:",omitempty"` // it was left out by a rollback: it is judged as on the night it came
	// when the delivery first came: the day of what has none in its name
	ReceivedOn string `json:",omitempty"`
	Operator   string
	Reason     string
	Snapshot   int64 // HEAD when it was decided
}

// Refusal is an operator's decision that a delivery is not to be loaded.
type Refusal struct {
	Batch    string
	Operator string
	Reason   string
	Snapshot int64 // HEAD when it was decided
}

// LeftOut is a delivery that no table has because of a rollback.
type LeftOut struct {
	Batch, Sender, Name, SHA256 string
	Bytes                       int64
	ReceivedOn                  string // the night that took it in, YYYY-MM-DD
	Status                      string // left_out; or backed_out, where an operator had taken it out
	UnitsRead                   int64  // by that night
	Whole                       bool   // that night took every unit of it
	Reason                      string
}

// Aside is what was delivered and is not to be taken in now.
type Aside struct {
	Refused []Refusal `json:",omitempty"` // by operators
	LeftOut []LeftOut `json:",omitempty"`
}

// Run is what a stage sees of the night: the tables before it, where to put what it writes, and how
// to report.
type Run struct {
	AsOf     table.Date // no date for a stage that is not Dated: it could not lean on one
	Snapshot int64      // the number that tonight's snapshot will carry; what rows carry as since_snapshot
	Inbox    []Delivery
	Aside    Aside // what was delivered and is not to be taken in now; for a stage that reads the inbox
	Engine   *engine.Engine
	Scratch  string // private folder for the stage's own intermediate files; wiped after it

	dataDir string // folder under which this run writes its parts: <dataDir>/<table>/<run>/
	outDir  string // folder in which this run builds out/<snapshot>
	run     string // name of the run's folders
	// Continues is true when the parent's tables of this stage are its own result, by the same version and
	// settings, on the parent's tables that it reads: then only what differs since then needs to be done.
	// Otherwise everything is worked out again from what is stored.
	Continues  bool
	PriorAsOf  table.Date // the parent's date; no date where there is no parent
	NewVersion bool       // the parent's tables of this stage were made by another version of it

	prior     map[string][]string // files of every table in the parent
	priorRows map[string]int64    // rows of every table that count in the parent; nil where no manifest counts them
	now       map[string][]string // files of every table as of now
	written   map[string][]string // by this stage
	replaces  map[string]int64    // of each file of keys that it wrote, the rows that no longer count
	dropped   map[string][]string // files of the parent that this stage takes out of a log
	writes    map[string]bool     // what this stage may write
	reads     map[string]bool     // what it may read; nil for all
	marks     map[string]int64    // high-water marks of ids
	counts    map[string]int64    // figures of this stage
	notes     []Note              // what the run page must say
	noteKinds []string            // kinds of earlier notes that it may read
	figures   []StageFigures      // of the stages before this one
	report    func(step string, done, total int64, unit string)
}

// newRun is what a stage sees of the night, as far as its contract goes.
func newRun(s Stage, asOf table.Date, inbox []Delivery, aside Aside) *Run {
	r := &Run{writes: map[string]bool{}, reads: map[string]bool{}, written: map[string][]string{},
		replaces: map[string]int64{}, dropped: map[string][]string{}, counts: map[string]int64{}}
	r.noteKinds = s.Notes
	if s.Dated {
		r.AsOf = asOf
	}
	if s.Inbox {
		r.Inbox, r.Aside = inbox, aside
	}
	for _, name := range s.Writes {
		r.writes[name] = true
	}
	for _, list := range [][]string{s.Reads, s.Prior, s.Writes} {
		for _, name := range list {
			r.reads[name] = true
		}
	}
	return r
}

// StageFigures is what a stage of this night, before the present one, had to tell.
type StageFigures struct {
	Stage  string
	Reused bool // its inputs are those of the parent: figures and notes are of the night it last ran
	Counts map[string]int64
	Notes  []Note

	out string // digest of what it wrote under out/
}

// Silence is the kind of the note that nothing, or not enough, of what was due has come.
const Silence = "silence"

// Note is one thing the run page must say. It never holds a person's data.
type Note struct {
	Kind   string `json:"kind"` // arrived, duplicate, refused, held, missing, silence, warning: what it is about
	Sender string `json:"sender,omitempty"`
	File   string `json:"file,omitempty"`
	Text   string `json:"text"`
	Exit3  bool   `json:"exit3,omitempty"` // a whole delivery was refused or held, nothing has come, no notice could be sent, or measures have a fault
}

// allow holds a stage to its contract. A table it reads without naming it would not be in its key,
// and one day the stage would be carried over though that table has changed.
func (r *Run) allow(name string) {
	if r.reads != nil && !r.reads[name] {
		panic(fmt.Sprintf("a stage reads table %s, which its contract does not name", name))
	}
}

// Files returns the files of a table as of now: the parent's and tonight's for a log; for a state what this
// night wrote whole, or the parent's and what this night has changed. Here and below a stage may ask for
// tables of its contract only; another is a mistake in the program, and panics.
func (r *Run) Files(name string) []string {
	r.allow(name)
	return r.now[name]
}

// PriorFiles returns the files of a table as they stand in the parent snapshot.
func (r *Run) PriorFiles(name string) []string {
	r.allow(name)
	return r.prior[name]
}

// Tonight returns the files of a table that the parent does not have.
func (r *Run) Tonight(name string) []string {
	r.allow(name)
	return without(r.now[name], r.prior[name])
}

// Gone returns the files of a table that only the parent has: a delivery in them was taken out.
func (r *Run) Gone(name string) []string {
	r.allow(name)
	return without(r.prior[name], r.now[name])
}

// without lists what is in a and not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// Create returns the path for the next part file of a table that the stage writes: of a log more rows, of
// a state the whole of it. The file is part of the table from then on; the caller writes it whole or fails.
func (r *Run) Create(t *table.Table) (string, error) {
	if t.Kind == table.State && len(r.written[t.Name]) == 0 {
		r.now[t.Name] = nil
	}
	return r.create(t, "part")
}

// create adds a file to a table, under a name for what it holds.
func (r *Run) create(t *table.Table, holds string) (string, error) {
	if !r.writes[t.Name] {
		return "", fmt.Errorf("stage writes table %s, which its contract does not name", t.Name)
	}
	dir := filepath.Join(r.dataDir, t.Name, r.run)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	earlier := 0 // parts of the same run that another stage has added to this log
	for _, f := range r.now[t.Name] {
		if filepath.Dir(f) == dir && !slices.Contains(r.written[t.Name], f) {
			earlier++
		}
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%04d.parquet", holds, earlier+len(r.written[t.Name])))
	r.written[t.Name] = append(r.written[t.Name], path)
	r.now[t.Name] = append(r.now[t.Name][:len(r.now[t.Name]):len(r.now[t.Name])], path)
	return path, nil
}

// Drop takes a file of the parent out of a log: the stage has written again what stays of its rows.
func (r *Run) Drop(t *table.Table, path string) error {
	if !r.writes[t.Name] {
		return fmt.Errorf("stage changes table %s, which its contract does not name", t.Name)
	}
	at := slices.Index(r.now[t.Name], path)
	if at < 0 {
		return fmt.Errorf("table %s has no file %s", t.Name, filepath.Base(path))
	}
	r.dropped[t.Name] = append(r.dropped[t.Name], path)
	r.now[t.Name] = slices.Delete(slices.Clone(r.now[t.Name]), at, at+1)
	return nil
}

// Rewrite writes those files of a log again that hold other rows than the condition lets stay.
func (r *Run) Rewrite(ctx context.Context, t *table.Table, stays string) error {
	for _, path := range r.PriorFiles(t.Name) {
		if err := r.Engine.View(ctx, "rewritten_file", t, []string{path}); err != nil {
			return err
		}
		all, err := r.Engine.Int(ctx, "SELECT count(*) FROM rewritten_file")
		if err != nil {
			return err
		}
		staying, err := r.Engine.Int(ctx, "SELECT count(*) FROM rewritten_file WHERE "+stays)
		if err != nil {
			return err
		}
		if staying == all {
			continue
		}
		if err := r.Drop(t, path); err != nil {
			return err
		}
		if staying == 0 {
			continue
		}
		if _, err := r.Copy(ctx, t, "SELECT * FROM rewritten_file WHERE "+stays); err != nil {
			return err
		}
	}
	return nil
}

// Copy writes the result of a SELECT as the next part of a table and returns its rows.
func (r *Run) Copy(ctx context.Context, t *table.Table, query string) (int64, error) {
	path, err := r.Create(t)
	if err != nil {
		return 0, err
	}
	return r.Engine.Copy(ctx, t, query, path)
}

// Append writes the result of a SELECT as the next part of a log, in any order: compaction sorts it one day.
func (r *Run) Append(ctx context.Context, t *table.Table, query string) (int64, error) {
	path, err := r.Create(t)
	if err != nil {
		return 0, err
	}
	return r.Engine.CopyUnsorted(ctx, t, query, path)
}

// Write writes rows as the next part of a table.
func Write[T any](r *Run, t *table.Table, rows []T) error {
	w, err := NewWriter[T](r, t)
	if err != nil {
		return err
	}
	for i := range rows {
		if err := w.Append(&rows[i]); err != nil {
			w.Close()
			return err
		}
	}
	return w.Close()
}

// NewWriter opens the next part of a table for rows of T.
func NewWriter[T any](r *Run, t *table.Table) (*table.Writer[T], error) {
	path, err := r.Create(t)
	if err != nil {
		return nil, err
	}
	return table.NewWriter[T](t, path)
}

// View makes a table, as of now, known to the engine under its own name: for a log all versions.
func (r *Run) View(ctx context.Context, tables ...*table.Table) error {
	return r.Engine.Tables(ctx, r.Files, tables...)
}

// ViewLatest makes the newest version of each key of a log known to the engine as latest_<name>.
func (r *Run) ViewLatest(ctx context.Context, tables ...*table.Table) error {
	for _, t := range tables {
		if err := r.View(ctx, t); err != nil {
			return err
		}
		if err := r.Engine.Latest(ctx, "latest_"+t.Name, t, t.Name); err != nil {
			return err
		}
	}
	return nil
}

// ViewPrior makes a table, as it is in the parent, known to the engine as prior_<name>.
func (r *Run) ViewPrior(ctx context.Context, tables ...*table.Table) error {
	for _, t := range tables {
		if err := r.Engine.View(ctx, "prior_"+t.Name, t, r.PriorFiles(t.Name)); err != nil {
			return err
		}
	}
	return nil
}

// ViewTonight makes what this night has added to a log known to the engine as tonight_<name>.
func (r *Run) ViewTonight(ctx context.Context, tables ...*table.Table) error {
	for _, t := range tables {
		if err := r.Engine.View(ctx, "tonight_"+t.Name, t, r.Tonight(t.Name)); err != nil {
			return err
		}
	}
	return nil
}

// OutPath returns the path for a file of the night's out/ folder, given its path there with slashes.
func (r *Run) OutPath(rel string) (string, error) {
	path := filepath.Join(r.outDir, filepath.FromSlash(rel))
	return path, os.MkdirAll(filepath.Dir(path), 0o700)
}

// OutDir is the folder in which the night's out/ files are built.
func (r *Run) OutDir() string { return r.outDir }

// Count adds to a figure of the stage; figures go into the ledger and the run page.
func (r *Run) Count(name string, n int64) { r.counts[name] += n }

// Note records one thing that the run page must say. It goes into the ledger, the page and the terminal: names in it are
// shown whole.
func (r *Run) Note(n Note) {
	n.File, n.Text = prose.Name(n.File), prose.Name(n.Text)
	r.notes = append(r.notes, n)
}

// Figures returns what the stages before this one had to tell, in their order. It is for the last
// stage, which writes the run page: only in its key do the figures count as an input, and what the stages before it
// wrote under out/, which it may read.
func (r *Run) Figures() []StageFigures { return r.figures }

// EarlierNotes returns the notes of a kind of the stages before this one. A stage may ask for kinds of its
// contract only; another is a mistake in the program, and panics.
func (r *Run) EarlierNotes(kind string) []Note {
	if !slices.Contains(r.noteKinds, kind) {
		panic(fmt.Sprintf("a stage reads notes of kind %s, which its contract does not name", kind))
	}
	var list []Note
	for _, f := range r.figures {
		for _, note := range f.Notes {
			if note.Kind == kind {
				list = append(list, note)
			}
		}
	}
	return list
}

// Mark returns a high-water mark, such as the last client id given out.
func (r *Run) Mark(name string) int64 { return r.marks[name] }

// SetMark raises a high-water mark; it never falls, not even by a rollback.
func (r *Run) SetMark(name string, n int64) { r.marks[name] = max(r.marks[name], n) }

// Units that progress is counted in.
const (
	Bytes   = "bytes"
	Records = "records"
	People  = "people"
)

// Progress reports how far a step is, in a unit; total 0 means not known. A step that counts nothing has no unit.
func (r *Run) Progress(step string, done, total int64, unit string) {
	if r.report != nil {
		r.report(step, done, total, unit)
	}
}
