package lake

import (
	"maps"
	"slices"
	"time"
)

// Status is the lake at a glance.
type Status struct {
	Head      *Entry           `json:"head"` // nil before the first night
	Published bool             `json:"published"`
	Tables    []TableSize      `json:"tables"`
	Held      []HeldNight      `json:"held"`
	Snapshots int              `json:"snapshots"`
	Runs      int              `json:"runs"`
	LastRun   *RunSummary      `json:"last_run"`
	Writer    string           `json:"writer,omitempty"` // who holds the lock, or held it when killed
	Running   bool             `json:"running"`          // the writer holds it: it is at work
	Marks     map[string]int64 `json:"marks"`
}

// TableSize is one table in HEAD.
type TableSize struct {
	Table string `json:"table"`
	Files int    `json:"files"`
	Rows  int64  `json:"rows"`
	Bytes int64  `json:"bytes"`
}

// HeldNight is a night that a brake stopped.
type HeldNight struct {
	Run        string    `json:"run"`
	Parent     int64     `json:"parent"`
	AsOf       string    `json:"as_of"`
	Tripped    []Tripped `json:"tripped"`
	Acceptable bool      `json:"acceptable"` // its parent is still HEAD, and nothing was decided since about what it took in
}

// Entry is one snapshot in the log.
type Entry struct {
	Snapshot   int64  `json:"snapshot"`
	Parent     int64  `json:"parent"`
	Run        string `json:"run"`
	Kind       string `json:"kind"`
	AsOf       string `json:"as_of"`
	Schedule   string `json:"schedule"`
	RollbackTo int64  `json:"rollback_to,omitempty"`
	Operator   string `json:"operator,omitempty"`
	Reason     string `json:"reason,omitempty"`
	Delivered  int    `json:"delivered"` // files taken in
	Rows       int64  `json:"rows"`
	Bytes      int64  `json:"bytes"`
	Outputs    int    `json:"outputs"`
}

func entry(m *Manifest) *Entry {
	e := &Entry{Snapshot: m.Snapshot, Parent: m.Parent, Run: m.Run, Kind: m.Kind, AsOf: m.AsOf, Schedule: m.Schedule,
		RollbackTo: m.RollbackTo, Operator: m.Operator, Reason: m.Reason, Outputs: len(m.Out)}
	for _, d := range m.Inbox {
		if d.Err == "" {
			e.Delivered++
		}
	}
	for _, files := range m.Tables {
		e.Rows += Rows(files)
		e.Bytes += Bytes(files)
	}
	return e
}

// Status returns what HEAD holds, what is held and what the last run came to.
func (l *Lake) Status() (*Status, error) {
	head, err := l.Head()
	if err != nil {
		return nil, err
	}
	writing := l.Writing()
	s := &Status{Tables: []TableSize{}, Held: []HeldNight{}, Writer: writing.Text, Running: writing.Held}
	parent := int64(0)
	if head != nil {
		parent, s.Head, s.Marks = head.Snapshot, entry(head), head.Marks
		if s.Published, err = l.IsPublished(head); err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(head.Tables)) {
			files := head.Tables[name]
			s.Tables = append(s.Tables, TableSize{Table: name, Files: len(files), Rows: Rows(files), Bytes: Bytes(files)})
		}
	}
	held, err := l.HeldRuns()
	if err != nil {
		return nil, err
	}
	for _, run := range held {
		m, err := l.Held(run)
		if err != nil {
			return nil, err
		}
		since, err := l.decidedSince(run, m)
		if err != nil {
			return nil, err
		}
		s.Held = append(s.Held, HeldNight{Run: run, Parent: m.Parent, AsOf: m.AsOf, Tripped: m.Tripped,
			Acceptable: m.Parent == parent && since == nil})
	}
	ids, err := l.snapshots()
	if err != nil {
		return nil, err
	}
	s.Snapshots = len(ids)
	runs, err := l.Runs()
	if err != nil {
		return nil, err
	}
	if s.Runs = len(runs); s.Runs > 0 {
		s.LastRun, err = l.Summary(runs[len(runs)-1])
	}
	return s, err
}

// Log lists the snapshots that are there, HEAD first.
func (l *Lake) Log() ([]*Entry, error) {
	head, _, err := l.headLine()
	if err != nil {
		return nil, err
	}
	ids, err := l.snapshots()
	if err != nil {
		return nil, err
	}
	list := []*Entry{}
	for i := len(ids) - 1; i >= 0; i-- {
		if ids[i] > head {
			continue
		}
		m, err := l.Manifest(ids[i])
		if err != nil {
			return nil, err
		}
		list = append(list, entry(m))
	}
	return list, nil
}

// RunSummary is one run's ledger in a line.
type RunSummary struct {
	Run      string    `json:"run"`
	Kind     string    `json:"kind"`
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended"` // time of the last line
	Parent   int64     `json:"parent"`
	Snapshot int64     `json:"snapshot"`
	AsOf     string    `json:"as_of"`
	// published, committed, held, sealed, failed or decided; where the ledger has no end, running or killed
	State string `json:"state"`
	Text  string `json:"text,omitempty"`
}

// Summary reads a run's ledger to its end. A run whose ledger has no end is running while its process holds the lock;
// else it was killed.
func (l *Lake) Summary(run string) (*RunSummary, error) {
	writing := l.Writing() // before the ledger is read: a run that ends in between has an end

	events, err := l.Ledger(run)
	if err != nil {
		return nil, err
	}
	s := &RunSummary{Run: run, State: "killed"}
	if writing.Held && writing.Run == run {
		s.State = "running"
	}
	for _, e := range events {
		s.Ended = e.Time
		switch e.Event {
		case RunStarted:
			s.Kind, s.Started, s.Parent, s.Snapshot, s.AsOf = e.Kind, e.Time, e.Parent, e.Snapshot, e.AsOf
		case Committed, Published, RunHeld, RunSealed, RunFailed, Decided:
			s.State, s.Text = e.Event, e.Text
		case RequestSettled, FilesCollected, AddressesAnswered, Purged, Removed, TablesShown:
			s.State, s.Text = Decided, e.Text
		}
	}
	return s, nil
}
