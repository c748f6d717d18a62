package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"

	"miic/internal/archive"
	"miic/internal/engine"
	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/table"
)

// Options are one night's inputs and surroundings.
type Options struct {
	Lake       *lake.Lake
	Stages     []Stage // in order; the last one may write the run page
	AsOf       table.Date
	Today      table.Date                          // by the clock, in the site's zone; none: the night's date is not compared with it
	ForceDate  string                              // why a date is right that is far from the clock's or from HEAD's
	Inbox      string                              // folder with inbox/<sender>/<file>
	Admit      func(sender string) inbox.Admission // what its files may be at most; nil: no limits
	Stray      inbox.Recognise                     // finds files of families' requests in the wrong place; nil: none
	Archive    string                              // folder that delivered files move to, compressed and named by hash
	RetainDays int                                 // days that copies of deliveries are kept there after they last came; 0: for ever
	OutDays    int                                 // days that the outputs of a night are kept, but HEAD's; 0: until it is pruned
	Out        string                              // folder of the published outputs: <Out>/<snapshot>/ and <Out>/latest
	Config     any                                 // the effective configuration; its hash is kept
	Schedule   string                              // version of the supporting data
	Engine     engine.Options                      // Temp may be empty: a folder below the lake
	Invariants []Invariant
	Brakes     []Brake
	Renamed    map[string]string // by stage.figure: how snapshots of older versions name it; brakes compare with that
	Operator   string
	Begun      func(run string) // called once the night has a number; may be nil
	UpTo       string           // the last stage to run: seal, do not commit
	DryRun     bool             // tell what would be done; write nothing
	Log        *slog.Logger
	Progress   func(stage, step string, done, total int64, unit string) // may be nil; total 0 means not known
	PeakMiB    func() int64                                             // may be nil: the most memory that the process had so far
	Bundles    Bundles
	Withdraw   func(w *lake.Writer, m *lake.Manifest, out string) error // takes folders of older nights out of Out, while it publishes; may be nil
	rehearsal  bool                                                     // nothing is delivered
}

// Bundles are what a recipient gets of a night's folder in one sealed file. They are made when the folder is published: no
// two sealings are alike, and a night is.
type Bundles struct {
	Seal func(folder, before string) ([]lake.File, error) // before: the folder of the parent, which may be gone; may be nil
	Made func(folder string) ([]lake.File, error)         // what Seal has made there
}

// Ending is how a night ended.
type Ending string

// The endings of Execute. An error means that nothing was committed, unless the result is another.
const (
	Committed   Ending = "committed"
	NothingToDo Ending = "nothing to do"
	Held        Ending = "held"
	Sealed      Ending = "sealed"
	DryRun      Ending = "dry run"
	Failed      Ending = "failed"
)

// Result is what a night came to.
type Result struct {
	Outcome  Ending         `json:"outcome"`
	Exit     int            `json:"exit"`
	Run      string         `json:"run,omitempty"`
	Snapshot int64          `json:"snapshot"` // the one made, held or sealed for; else HEAD's
	AsOf     string         `json:"as_of"`
	Files    int            `json:"files"` // in the inbox
	Stages   []StageResult  `json:"stages,omitempty"`
	Tripped  []lake.Tripped `json:"tripped,omitempty"`
	Unmoved  []lake.Unmoved `json:"unmoved,omitempty"` // what of the inbox and the archive needs a person
	Out      string         `json:"out,omitempty"`     // the published folder
}

// StageResult is what one stage came to.
type StageResult struct {
	Stage   string           `json:"stage"`
	How     string           `json:"how"` // run, adopted or reused; in a dry run: run, reuse or if changed
	Seconds float64          `json:"seconds"`
	Rows    map[string]int64 `json:"rows,omitempty"` // written tonight, by table
	Counts  map[string]int64 `json:"counts,omitempty"`
	Notes   []Note           `json:"notes,omitempty"`
}

// night is the state of one execution.
type night struct {
	Options
	w       *lake.Writer
	kind    string         // night, or backout
	backout string         // the delivery that is taken out
	reason  string         // and why
	head    *lake.Manifest // nil before the first night
	inbox   []Delivery
	unmoved []lake.Unmoved // what HEAD's night has taken in and could not move
	aside   Aside
	tables  map[string][]lake.File // as of now
	marks   map[string]int64
	stages  []lake.Stage
	out     []lake.File // what lies in the building folder, by path
	figures []StageFigures
	sealed  []lake.Sealed
	proved  map[string]bool // files of HEAD whose every byte was read and compared tonight, by path
	engine  *engine.Engine
	result  *Result
}

// Execute runs one night: it takes the inbox through the stages, checks what came out, makes it HEAD
// and publishes it; or finds that there is nothing to do. It is the only road by which a night is
// committed. The result is never nil, and its Exit is the exit code.
func Execute(ctx context.Context, o Options) (*Result, error) {
	if o.Log == nil {
		o.Log = discardLog()
	}
	n := &night{Options: o, kind: "night", reason: o.ForceDate, result: &Result{Outcome: Failed, AsOf: o.AsOf.String()}}
	err := n.execute(ctx)
	if err != nil && ctx.Err() != nil && lake.CodeOf(err) != lake.NeedsPerson { // a database has its own words for it
		err = lake.Errorf(lake.Interrupted, "interrupted; run again, what was finished is taken up: %w", err)
	}
	if err != nil {
		n.result.Exit = int(lake.CodeOf(err))
	}
	return n.result, err
}

func (n *night) execute(ctx context.Context) (err error) {
	if err := checkStages(n.Stages, n.UpTo); err != nil {
		return err
	}
	if n.DryRun {
		return n.dryRun(ctx)
	}
	if n.w, err = n.Lake.Lock(); err != nil {
		return err
	}
	defer n.w.Unlock()
	if n.head, err = n.w.Head(); err != nil {
		return err
	}
	if n.head != nil {
		if n.unmoved, err = publish(n.w, n.head, n.Options); err != nil {
			return err
		}
		n.result.Snapshot = n.head.Snapshot
	}
	if err := n.readInbox(ctx); err != nil {
		return err
	}
	n.result.Files = len(n.inbox)
	work, err := n.isWork()
	if err == nil && !work && len(n.unmoved) > 0 {
		n.result.Exit, n.result.Unmoved = int(lake.NeedsPerson), n.unmoved
	}
	if err != nil || !work {
		return err
	}
	return n.begin(ctx)
}

// begin runs the night once it is known that there is something to do and that HEAD and the disk bear it.
func (n *night) begin(ctx context.Context) error {
	if n.head != nil {
		if err := n.w.Present(n.head); err != nil {
			return err
		}
	}
	if next := lake.OutFolder(n.Out, n.parent()+1); exists(next) {
		return lake.Errorf(
			lake.Usage,
			"%s is there already, and snapshot %d is not made yet: is it another lake's? Move the folder away, or name another in the configuration",
			next,
			n.parent()+1,
		)
	}
	if err := n.preflight(); err != nil {
		return err
	}
	return n.run(ctx)
}

// run is the night itself.
func (n *night) run(ctx context.Context) (err error) {
	parent := n.parent()
	if n.sealed, err = n.w.Sealed(parent); err != nil {
		return err
	}
	if err := n.w.Claim(lake.Event{Kind: n.kind, Parent: parent, Snapshot: parent + 1, AsOf: n.AsOf.String(), Operator: n.Operator, Text: n.reason, Inbox: delivered(n.inbox)}); err != nil {
		return err
	}
	n.result.Run, n.result.Snapshot = n.w.Run, parent+1
	if n.Begun != nil {
		n.Begun(n.w.Run)
	}
	defer func() {
		if n.engine != nil {
			n.engine.Close()
		}
		if err != nil {
			code := lake.CodeOf(err)
			if code == lake.NeedsPerson { // it is committed
				return
			}
			if ctx.Err() != nil {
				code = lake.Interrupted
			}
			// The disk may be full or the lake gone: what cannot be recorded here is in the error.
			_ = n.w.Append(n.w.Run, lake.Event{Event: lake.RunFailed, Code: code, Text: err.Error()})
		}
	}()
	n.tables, n.marks, n.proved = map[string][]lake.File{}, map[string]int64{}, map[string]bool{}
	if n.head != nil {
		n.tables, n.marks = maps.Clone(n.head.Tables), maps.Clone(n.head.Marks)
	}
	if n.upgrades() {
		if err := n.w.Append(n.w.Run, lake.Event{Event: lake.Upgraded, Text: n.upgradeText()}); err != nil {
			return err
		}
	}
	for i, s := range n.Stages {
		if err := n.stage(ctx, i, s); err != nil {
			return fmt.Errorf("stage %s: %w", s.Name, err)
		}
		if s.Name == n.UpTo {
			n.result.Outcome, n.result.Exit = Sealed, n.exit()
			return n.w.Append(n.w.Run, lake.Event{Event: lake.RunSealed, Text: "up to " + s.Name})
		}
	}
	if err := n.audit(ctx); err != nil {
		return err
	}
	if err := n.compact(ctx); err != nil {
		return err
	}
	m, err := n.manifest()
	if err != nil {
		return err
	}
	if m.Tripped = n.brakes(); len(m.Tripped) > 0 && n.kind == "night" {
		n.result.Outcome, n.result.Exit, n.result.Tripped = Held, 4, m.Tripped
		return n.w.Hold(m)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	inbox.StoreCopies(n.w, archive.Dir(n.Archive), files(n.inbox))
	if err := n.w.Commit(m); err != nil {
		return err
	}
	n.result.Outcome, n.result.Exit = Committed, n.exit()
	unmoved, err := publish(n.w, m, n.Options)
	if err != nil {
		return afterCommit(m, err)
	}
	if n.result.Unmoved = unmoved; len(unmoved) > 0 {
		n.result.Exit = int(lake.NeedsPerson)
	}
	n.result.Out = lake.OutFolder(n.Out, m.Snapshot)
	return nil
}

func (n *night) parent() int64 {
	if n.head == nil {
		return 0
	}
	return n.head.Snapshot
}

// exit is 3 when a whole delivery of this night was refused or held.
func (n *night) exit() int {
	for _, s := range n.result.Stages {
		for _, note := range s.Notes {
			if note.Exit3 && s.How != "reused" {
				return 3
			}
		}
	}
	return 0
}

func (n *night) manifest() (*lake.Manifest, error) {
	config, err := hashJSON("configuration", n.Config)
	if err != nil {
		return nil, err
	}
	if n.kind == "backout" { // what the inbox stage last saw is what HEAD's has seen
		was := headStage(n.head, n.stages[0].Name)
		n.stages[0].Version, n.stages[0].Settings, n.stages[0].Key, n.stages[0].After = was.Version, was.Settings, was.Key, was.After
	}
	m := &lake.Manifest{
		Snapshot: n.parent() + 1, Parent: n.parent(), Run: n.w.Run, Kind: n.kind, AsOf: n.AsOf.String(), Backout: n.backout, Reason: n.reason,
		ConfigSHA256: config, Schedule: n.Schedule, Marks: n.marks, Stages: n.stages, Inbox: delivered(n.inbox),
		Tables: n.tables, Out: slices.Clone(n.out),
	}
	if n.reason != "" {
		m.Operator = n.Operator
	}
	return m, nil
}

// session opens the engine the first time something needs it. Each stage has a session of its own in it.
func (n *night) session(ctx context.Context) (*engine.Engine, error) {
	if n.engine != nil {
		return n.engine, nil
	}
	o := n.Engine
	if o.Temp == "" {
		o.Temp = n.w.Path(".scratch/spill")
	}
	e, err := engine.Open(ctx, o)
	if err == nil {
		n.engine = e
	}
	return e, err
}

func discardLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func (n *night) paths(tables map[string][]lake.File) map[string][]string {
	m := map[string][]string{}
	for name, files := range tables {
		for _, f := range files {
			m[name] = append(m[name], n.Lake.Path(f.Path))
		}
	}
	return m
}

func encodeNotes(notes []Note) json.RawMessage {
	if len(notes) == 0 {
		return nil
	}
	data, err := json.Marshal(notes)
	if err != nil {
		panic(err) // a Note holds nothing that JSON could refuse
	}
	return data
}

func decodeNotes(data json.RawMessage) []Note {
	var notes []Note
	if len(data) > 0 && json.Unmarshal(data, &notes) != nil {
		return []Note{{Kind: "warning", Text: "the notes of this stage cannot be read"}}
	}
	return notes
}
