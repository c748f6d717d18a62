package lake

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// Writer is the one who holds LOCK.
type Writer struct {
	*Lake
	Run  string // the claimed run, or ""
	lock *flock.Flock
}

// Lock makes the caller the one writer and sweeps what a killed one left. It fails at once, with
// code Locked and the holder's name, when there is another.
func (l *Lake) Lock() (*Writer, error) {
	if l.now == nil {
		return nil, errors.New("lock the lake: a writer needs a clock, and this lake was opened without one")
	}
	lock := flock.New(l.Path("LOCK"), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	for i := 0; i < 20 && err == nil && !got; i++ { // somebody may only be looking whether it is held
		time.Sleep(5 * time.Millisecond)
		got, err = lock.TryLock()
	}
	if err != nil {
		return nil, fmt.Errorf("lock the lake: %w", err)
	}
	if !got {
		return nil, Errorf(Locked, "the lake is locked by %s: wait for it to end; the lock goes with the process, there "+
			"is nothing to remove", l.Holder())
	}
	w := &Writer{Lake: l, lock: lock}
	err = w.sweep()
	if err == nil {
		err = w.sign()
	}
	if err == nil {
		err = w.finishPurge()
	}
	if err != nil {
		lock.Unlock()
		return nil, fmt.Errorf("lock the lake: %w", err)
	}
	w.Point("locked")
	return w, nil
}

// Holder returns what the writer, or the last one, has written into LOCK.
func (l *Lake) Holder() string {
	text, _ := os.ReadFile(l.Path("LOCK"))
	if s := strings.TrimSpace(string(text)); s != "" {
		return s
	}
	return "another run"
}

// Writing is who writes into the lake, or did when it was killed.
type Writing struct {
	Held bool   // the lock is held: it is at work
	Run  string // the run; "" while none is claimed
	Text string // host, process, run and since when; "" where the last one has ended
}

var lockRun = regexp.MustCompile(`, run (\d+), since `)

// Writing finds out whether somebody holds the lock. To look, it takes the lock for a moment together with whoever else
// looks; a writer that comes just then tries again.
func (l *Lake) Writing() Writing {
	f, err := os.Open(l.Path("LOCK"))
	if err != nil {
		return Writing{}
	}
	defer f.Close() // and with it goes the lock, if it was got
	w := Writing{Held: errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)}
	text, _ := io.ReadAll(f)
	w.Text = strings.TrimSpace(string(text))
	if m := lockRun.FindStringSubmatch(w.Text); m != nil {
		w.Run = m[1]
	}
	return w
}

// sign writes into LOCK who holds it. The text is information only; the lock is the kernel's.
func (w *Writer) sign() error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	run := w.Run
	if run == "" {
		run = "not claimed yet"
	}
	text := fmt.Sprintf("host %s, pid %d, run %s, since %s\n", host, os.Getpid(), run, w.now().UTC().Format(time.RFC3339))
	return os.WriteFile(w.Path("LOCK"), []byte(text), 0o600)
}

// Unlock ends the writer's time. The text in LOCK goes: what is left there is a live run's or a killed one's.
func (w *Writer) Unlock() error {
	if !w.lock.Locked() {
		return nil
	}
	err := os.RemoveAll(w.Path(".scratch"))
	if terr := os.Truncate(w.Path("LOCK"), 0); err == nil {
		err = terr
	}
	if uerr := w.lock.Unlock(); err == nil {
		err = uerr
	}
	return err
}

// Claim takes the next run number by creating its ledger, whose first line is start.
func (w *Writer) Claim(start Event) error {
	runs, err := w.Runs()
	if err != nil {
		return err
	}
	next := int64(1)
	if len(runs) > 0 {
		next = runNumber(runs[len(runs)-1]) + 1
	}
	run := number(next)
	f, err := os.OpenFile(w.Path(ledgerPath(run)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return Errorf(Locked, "run %s was claimed by another writer: two programs hold this lake's lock, which a network "+
			"file system can cause", run)
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := SyncDir(filepath.Dir(w.Path(ledgerPath(run)))); err != nil {
		return err
	}
	w.Run = run
	w.Point("claimed")
	if err := w.sign(); err != nil { // before the ledger has a line: whoever reads one can see that the run is at work
		return err
	}
	start.Event = RunStarted
	return w.Append(run, start)
}

// Scratch makes and returns a private folder below the lake that is wiped with the lock.
func (w *Writer) Scratch(name string) (string, error) {
	dir := w.Path(".scratch/" + name)
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o700)
}

// Commit writes the manifest of the next snapshot and makes it HEAD.
func (w *Writer) Commit(m *Manifest) error {
	id, sum, err := w.headLine()
	if err != nil {
		return err
	}
	if m.Parent != id || m.Snapshot != id+1 {
		return Errorf(Failed, "snapshot %d on parent %d cannot follow HEAD, which is %d", m.Snapshot, m.Parent, id)
	}
	m.ParentSHA256 = sum
	data, err := m.encode()
	if err != nil {
		return err
	}
	if err := w.writeFile(w.Path(manifestPath(m.Snapshot)), data); err != nil {
		return err
	}
	m.sum = hashBytes(data)
	if err := w.writeFile(w.Path("HEAD"), []byte(number(m.Snapshot)+" "+m.sum+"\n")); err != nil {
		return err
	}
	return w.Append(m.Run, Event{Event: Committed, Snapshot: m.Snapshot})
}

// Hold keeps the manifest of a night that a brake stopped.
func (w *Writer) Hold(m *Manifest) error {
	data, err := m.encode()
	if err != nil {
		return err
	}
	if err := w.writeFile(w.Path("held/"+m.Run+".json"), data); err != nil {
		return err
	}
	return w.Append(m.Run, Event{Event: RunHeld, Snapshot: m.Snapshot, Tripped: m.Tripped, SHA256: hashBytes(data)})
}
