package lake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"miic/internal/prose"
)

// The events of a ledger, in the order a night writes them.
const (
	RunStarted  = "run_started"
	StageDone   = "stage_done"   // sealed: run, or adopted from another run
	StageReused = "stage_reused" // carried over from HEAD
	Upgraded    = "upgraded"     // the parent was written under an earlier schema generation
	Compacted   = "compacted"
	Audited     = "audited"
	RunSealed   = "sealed" // up to a stage, not committed
	RunHeld     = "held"
	Accepted    = "accepted"
	Committed   = "committed"
	Published   = "published"
	RunFailed   = "failed"
	// folders of older nights are taken out of out/
	OutputsWithdrawn = "outputs_withdrawn"
	Expired          = "expired" // copies of deliveries, or nights' outputs, were past their retention and were deleted
	Removed          = "pruned"  // snapshots, held nights and what only they name are removed
)

// Event is one line of a ledger, without its check value. It never holds a person's data.
type Event struct {
	Time     time.Time         `json:"time"`
	Event    string            `json:"event"`
	Kind     string            `json:"kind,omitempty"` // run_started: night, rollback, backout, or a decision: release, return, refuse, replay
	Parent   int64             `json:"parent,omitempty"`
	Snapshot int64             `json:"snapshot,omitempty"`
	AsOf     string            `json:"as_of,omitempty"`
	Operator string            `json:"operator,omitempty"`
	Inbox    []Delivered       `json:"inbox,omitempty"`
	Stage    *Stage            `json:"stage,omitempty"`
	From     string            `json:"from,omitempty"` // stage_done: the run whose files were adopted
	Tables   map[string][]File `json:"tables,omitempty"`
	// stage_done: files of the parent whose rows the stage wrote again
	Dropped  map[string][]File `json:"dropped,omitempty"`
	Marks    map[string]int64  `json:"marks,omitempty"`
	Seconds  float64           `json:"seconds,omitempty"`
	PeakMiB  int64             `json:"peak_mib,omitempty"` // audited: the most memory that the process had, by then
	Tripped  []Tripped         `json:"tripped,omitempty"`
	Decision *Decision         `json:"decision,omitempty"`
	Settled  *Settled          `json:"settled,omitempty"`
	Purged   *PurgeOf          `json:"purged,omitempty"`
	Copies   []string          `json:"copies,omitempty"`      // expired: SHA-256 of the deliveries
	Gone     []int64           `json:"gone,omitempty"`        // expired: nights whose outputs; pruned: snapshots
	SHA256   string            `json:"sha256,omitempty"`      // held: of the manifest of the held night
	Unmoved  []Unmoved         `json:"unmoved,omitempty"`     // published: what needs a person
	Rolled   *Rolled           `json:"rolled_back,omitempty"` // run_started of a rollback
	Sealed   []File            `json:"sealed,omitempty"`      // published: the bundles in the night's folder
	Code     Code              `json:"code,omitempty"`
	Text     string            `json:"text,omitempty"`
	// files collected: by whom, and as of which snapshot
	Collected *Collected `json:"collected,omitempty"`
	Answered  *Answered  `json:"answered,omitempty"` // addresses answered: to which export, in which file
	// outputs withdrawn: which folders are taken out of out/, after this line
	Withdrawn []Withdrawn `json:"withdrawn,omitempty"`
}

// A Withdrawn folder of an older night named somebody who may not be shown so any more.
type Withdrawn struct {
	Snapshot int64  `json:"snapshot"` // the night
	Folder   string `json:"folder"`   // below its folder
}

func ledgerPath(run string) string { return "runs/" + run + ".jsonl" }

// Append adds a line to a run's ledger and syncs it.
func (w *Writer) Append(run string, e Event) error {
	e.Time = w.now().UTC()
	event, err := json.Marshal(e)
	event = prose.JSON(event)
	if err != nil {
		return err
	}
	if err := w.appendLine(run, event); err != nil {
		return fmt.Errorf("ledger of run %s: %w", run, err)
	}
	w.Point("ledger " + e.Event)
	return nil
}

// appendLine cuts off the torn line that a writer left when it was killed or the disk was full, and adds the event.
// Nobody has relied on a torn line: it was never synced whole.
func (w *Writer) appendLine(run string, event []byte) error {
	f, err := os.OpenFile(w.Path(ledgerPath(run)), os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	lines, torn := ledgerLines(data)
	proof := newLedgerProof(run)
	for _, line := range lines {
		_, _ = proof.next(line) // what is wrong with the lines so far is for a reader to find
	}
	end := int64(len(data) - len(torn))
	if len(torn) > 0 {
		if err := f.Truncate(end); err != nil {
			return err
		}
	}
	line := joinCheck(event, checkValue(proof.value, event))
	if _, err := f.WriteAt(append(line, '\n'), end); err != nil {
		return err
	}
	return f.Sync()
}

// Ledger returns the events of a run; a torn last line is left out. A line that was changed is an error of code
// Damaged, with the events before it.
func (l *Lake) Ledger(run string) ([]Event, error) {
	events, _, err := l.readLedger(run)
	return events, err
}

// readLedger also reports whether check values prove the ledger to its last line.
func (l *Lake) readLedger(run string) (events []Event, proved bool, err error) {
	data, err := os.ReadFile(l.Path(ledgerPath(run)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, Errorf(Usage, "no run %q: `miic runs` lists them", run)
	}
	if err != nil {
		return nil, false, err
	}
	damaged := func(line int, what string) error {
		return Errorf(Damaged, "%s line %d %s: restore the file from a backup", ledgerPath(run), line, what)
	}
	lines, torn := ledgerLines(data)
	proof := newLedgerProof(run)
	for n, line := range lines {
		e, err := proof.next(line)
		if err != nil {
			return events, false, damaged(n+1, err.Error())
		}
		events = append(events, e)
	}
	if wrongEnd(torn) {
		return events, false, damaged(len(lines)+1, "does not end in a line feed")
	}
	return events, proof.proved, nil
}

// eachEvent goes through the events of all runs, in their order. What is lost with a damaged ledger is left out: check
// names it.
func (l *Lake) eachEvent(use func(run string, e *Event)) error {
	runs, err := l.Runs()
	if err != nil {
		return err
	}
	for _, run := range runs {
		events, _ := l.Ledger(run)
		for i := range events {
			use(run, &events[i])
		}
	}
	return nil
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

// lastCommit returns the newest run whose ledger records that it committed, or "".
func (l *Lake) lastCommit() string {
	run, _ := l.newestCommit()
	return run
}

func (l *Lake) newestCommit() (run string, snapshot int64) {
	_ = l.eachEvent(func(r string, e *Event) { // without a folder of runs none has committed
		if e.Event == Committed && e.Snapshot > snapshot {
			run, snapshot = r, e.Snapshot
		}
	})
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
		events, _ := l.Ledger(runs[i]) // what is lost with a damaged ledger is done again
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

// IsPublished reports whether the run that committed the snapshot has also published it.
func (l *Lake) IsPublished(m *Manifest) (bool, error) {
	events, err := l.Ledger(m.Run)
	if err != nil {
		return false, Errorf(Damaged, "snapshot %d was made by run %s, whose ledger cannot be read: "+
			"restore it from a backup: %w", m.Snapshot, m.Run, err)
	}
	for _, e := range events {
		if e.Event == Published && e.Snapshot == m.Snapshot {
			return true, nil
		}
	}
	return false, nil
}
