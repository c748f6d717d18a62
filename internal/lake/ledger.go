package lake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

// The events of a ledger, in the order a night writes them.
const (
	RunStarted  = "run_started"
	StageDone   = "stage_done"   // sealed: run, or adopted from another run
	StageReused = "stage_reused" // carried over from HEAD
	Compacted   = "compacted"
	Audited     = "audited"
	RunSealed   = "sealed" // up to a stage, not committed
	RunHeld     = "held"
	Accepted    = "accepted"
	Committed   = "committed"
	Published   = "published"
	RunFailed   = "failed"
	Expired     = "expired" // copies of deliveries were past their retention and were deleted
)

// Event is one line of a ledger. It never holds a person's data.
type Event struct {
	Time     time.Time         `json:"time"`
	Event    string            `json:"event"`
	Kind     string            `json:"kind,omitempty"` // run_started: night, rollback, backout, or a decision: release, refuse, replay
	Parent   int64             `json:"parent,omitempty"`
	Snapshot int64             `json:"snapshot,omitempty"`
	AsOf     string            `json:"as_of,omitempty"`
	Operator string            `json:"operator,omitempty"`
	Inbox    []Delivered       `json:"inbox,omitempty"`
	Stage    *Stage            `json:"stage,omitempty"`
	From     string            `json:"from,omitempty"` // stage_done: the run whose files were adopted
	Tables   map[string][]File `json:"tables,omitempty"`
	Dropped  map[string][]File `json:"dropped,omitempty"` // stage_done: files of the parent whose rows the stage wrote again
	Marks    map[string]int64  `json:"marks,omitempty"`
	Seconds  float64           `json:"seconds,omitempty"`
	Tripped  []Tripped         `json:"tripped,omitempty"`
	Decision *Decision         `json:"decision,omitempty"`
	Copies   []string          `json:"copies,omitempty"` // expired: SHA-256 of the deliveries
	Code     Code              `json:"code,omitempty"`
	Text     string            `json:"text,omitempty"`
}

func ledgerPath(run string) string { return "runs/" + run + ".jsonl" }

// Append adds a line to a run's ledger and syncs it.
func (w *Writer) Append(run string, e Event) error {
	e.Time = w.now().UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(w.Path(ledgerPath(run)), os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("ledger of run %s: %w", run, err)
	}
	defer f.Close()
	end, err := wholeLines(f)
	if err != nil {
		return fmt.Errorf("ledger of run %s: %w", run, err)
	}
	if _, err = f.WriteAt(append(line, '\n'), end); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return fmt.Errorf("ledger of run %s: %w", run, err)
	}
	w.Point("ledger " + e.Event)
	return nil
}

// wholeLines cuts off the torn line that a writer left when it was killed or the disk was full, and
// returns the size of what remains. Nobody has relied on such a line: it was never synced whole.
func wholeLines(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	data := make([]byte, info.Size())
	if _, err := f.ReadAt(data, 0); err != nil && len(data) > 0 {
		return 0, err
	}
	end := int64(bytes.LastIndexByte(data, '\n') + 1)
	if end < info.Size() {
		return end, f.Truncate(end)
	}
	return end, nil
}

// Ledger returns the events of a run; a torn last line is left out.
func (l *Lake) Ledger(run string) ([]Event, error) {
	data, err := os.ReadFile(l.Path(ledgerPath(run)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Errorf(Usage, "no run %q: `miic runs` lists them", run)
	}
	if err != nil {
		return nil, err
	}
	var events []Event
	for n := 1; len(data) > 0; n++ {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		data = rest
		if !whole {
			break
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return events, Errorf(Damaged, "%s line %d is not a ledger line: restore the file from a backup", ledgerPath(run), n)
		}
		events = append(events, e)
	}
	return events, nil
}

// Runs lists the names of all runs, ascending.
func (l *Lake) Runs() ([]string, error) {
	entries, err := os.ReadDir(l.Path("runs"))
	if err != nil {
		return nil, err
	}
	var runs []string
	for _, e := range entries {
		run, ok := strings.CutSuffix(e.Name(), ".jsonl")
		if _, err := strconv.ParseInt(run, 10, 64); ok && err == nil {
			runs = append(runs, run)
		}
	}
	sort.Slice(runs, func(i, j int) bool { return runNumber(runs[i]) < runNumber(runs[j]) })
	return runs, nil
}

func runNumber(run string) int64 {
	n, _ := strconv.ParseInt(run, 10, 64)
	return n
}

// lastCommit returns the newest run whose ledger says that it committed, or "".
func (l *Lake) lastCommit() string {
	run, _ := l.newestCommit()
	return run
}

func (l *Lake) newestCommit() (run string, snapshot int64) {
	runs, _ := l.Runs()
	for _, r := range runs {
		events, _ := l.Ledger(r)
		for _, e := range events {
			if e.Event == Committed && e.Snapshot > snapshot {
				run, snapshot = r, e.Snapshot
			}
		}
	}
	return run, snapshot
}

// Sealed is a stage that an uncommitted run has finished.
type Sealed struct {
	Run string
	Event
}

// Sealed returns what uncommitted runs with this parent have sealed, the newest run first.
func (l *Lake) Sealed(parent int64) ([]Sealed, error) {
	runs, err := l.Runs()
	if err != nil {
		return nil, err
	}
	var list []Sealed
	for i := len(runs) - 1; i >= 0; i-- {
		events, _ := l.Ledger(runs[i]) // what a damaged ledger cannot tell is done again
		if len(events) == 0 || events[0].Event != RunStarted {
			continue
		}
		if events[0].Parent < parent {
			break // parents only grow with the run's number
		}
		for _, e := range events {
			if e.Event == StageDone && events[0].Parent == parent {
				list = append(list, Sealed{Run: runs[i], Event: e})
			}
		}
	}
	return list, nil
}

// IsPublished tells whether the run that committed the snapshot has also published it.
func (l *Lake) IsPublished(m *Manifest) (bool, error) {
	events, err := l.Ledger(m.Run)
	if err != nil {
		return false, Errorf(Damaged, "snapshot %d was made by run %s, whose ledger cannot be read: restore it from a backup: %w", m.Snapshot, m.Run, err)
	}
	for _, e := range events {
		if e.Event == Published && e.Snapshot == m.Snapshot {
			return true, nil
		}
	}
	return false, nil
}
