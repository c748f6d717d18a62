package doctor

import (
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"miic/cmd/miic/shell"
	"miic/internal/doctor"
	"miic/internal/lake"
	"miic/internal/machine"
	"miic/internal/prose"
)

// lookBack is how many runs the need of a night is taken from.
const lookBack = 10

// nights is what the last runs took: the most of each.
type nights struct {
	tables, outputs int64 // bytes written
	delivered       int64 // bytes taken in
	peak            int64 // MiB of memory
	committed       time.Time
	written         time.Time // the newest time that a ledger records
}

func lookAtLake(dir string, root fs.FS) (doctor.Lake, nights) {
	var f doctor.Lake
	var n nights
	if _, err := os.Stat(dir); err == nil && !machine.May(dir, machine.Read|machine.Enter) {
		f.Err, f.Do = "it may not be read, so nothing is known about it", "see folders, above"
		return f, n
	}
	l, err := lake.Open(dir, shell.LakeOptions())
	if lake.CodeOf(err) == lake.NoLake {
		f.Missing = true
		return f, n
	}
	damaged := func(err error) (doctor.Lake, nights) {
		f.Err, f.Do = prose.Text(err.Error()), "'miic lake check' names every fault"
		return f, n
	}
	if err != nil {
		return damaged(err)
	}
	head, err := l.Head()
	if err == nil && head != nil {
		err = l.Readable(head)
	}
	if err != nil {
		return damaged(err)
	}
	status, err := l.Status()
	if err != nil {
		return damaged(err)
	}
	f.Published, f.Held = status.Published, acceptable(status.Held)
	if status.Head != nil {
		f.Snapshot, f.AsOf = status.Head.Snapshot, status.Head.AsOf
	}
	if status.LastRun != nil {
		f.LastRun, f.State = status.LastRun.Run, status.LastRun.State
	}
	if isHeld(l, root, status.Writer) {
		f.Holder = prose.Name(l.Holder())
	}
	n.read(l, head)
	return f, n
}

// acceptable counts the held nights that can still be taken.
func acceptable(held []lake.HeldNight) int {
	n := 0
	for _, h := range held {
		if h.Acceptable {
			n++
		}
	}
	return n
}

// isHeld asks the kernel whether somebody has the lock. To try to take it could stop a night that is just starting.
// Where the kernel does not list locks, or not under the numbers that files have, it is asked whether the process is there
// that LOCK names.
func isHeld(l *lake.Lake, root fs.FS, writer string) bool {
	if id, err := machine.StatID(l.Path("LOCK")); err == nil {
		if pid, known := machine.LockHolder(root, id); known && pid != 0 {
			return true
		}
	}
	host, err := os.Hostname()
	if err != nil || !strings.HasPrefix(writer, "host "+host+", pid ") {
		return false
	}
	text, _, _ := strings.Cut(strings.TrimPrefix(writer, "host "+host+", pid "), ",")
	pid, err := strconv.Atoi(text)
	if err != nil {
		return false
	}
	comm, err := fs.ReadFile(root, fmt.Sprintf("proc/%d/comm", pid))
	return err == nil && strings.HasPrefix(string(comm), "miic")
}

// read takes from the ledgers of the last runs what they needed. One that cannot be read counts as none: 'miic lake
// check' is for damage.
func (n *nights) read(l *lake.Lake, head *lake.Manifest) {
	runs, err := l.Runs()
	if err != nil {
		return
	}
	for _, run := range runs[max(0, len(runs)-lookBack):] {
		events, _ := l.Ledger(run)
		var tables, outputs, delivered int64
		for _, e := range events {
			if e.Time.After(n.written) {
				n.written = e.Time
			}
			for _, files := range e.Tables {
				tables += lake.Bytes(files)
			}
			if e.Stage != nil {
				outputs += lake.Bytes(e.Stage.Out)
			}
			for _, d := range e.Inbox {
				delivered += d.Bytes
			}
			n.peak = max(n.peak, e.PeakMiB)
			if e.Event == lake.Committed && head != nil && e.Snapshot == head.Snapshot {
				n.committed = e.Time
			}
		}
		n.tables, n.outputs, n.delivered = max(n.tables, tables), max(n.outputs, outputs), max(n.delivered, delivered)
	}
}
