// Package lake keeps the registry's tables as immutable Parquet files, a JSON manifest per snapshot
// and one pointer, HEAD.
//
// The promise: a reader sees the old night or the new one, whole, whatever happens to the writer.
// Data files are written once and never touched again; a manifest names every file of every table
// with its size and hash; replacing HEAD by rename is the only commit point. A reader reads HEAD
// once and then exactly the files its manifest names: no globbing and no lock. There is one writer,
// who holds LOCK; the kernel drops it when the writer dies.
//
// The package knows Parquet footers and the list of tables, but neither engine nor stages. The
// layout on disk is described in docs/lake-format.md.
package lake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"miic/internal/table"
)

// Lake is one lake on disk, for reading. Lock gives the right to write.
type Lake struct {
	dir   string
	now   func() time.Time
	point func(string)
	// finishes a purge that was killed
	purge func(*Writer) error
}

// Options are what a lake is given from outside.
type Options struct {
	Now   func() time.Time    // the clock of ledger and lock, which only a writer needs; nothing else records a time
	Point func(name string)   // called at every step a crash could fall between: for crash tests
	Purge func(*Writer) error // finishes a purge that was killed, before a writer does anything else
}

// Open opens a lake that is there; it fails with code NoLake where there is none.
func Open(dir string, o Options) (*Lake, error) {
	if info, err := os.Stat(filepath.Join(dir, "snapshots")); err != nil || !info.IsDir() {
		return nil, Errorf(NoLake, "no lake at %s: name it in the configuration, or let `miic nightly` make the first night",
			dir)
	}
	return &Lake{dir: dir, now: o.Now, point: o.Point, purge: o.Purge}, nil
}

// Create makes the folders of an empty lake where there is none yet, and opens it.
func Create(dir string, o Options) (*Lake, error) {
	for _, sub := range []string{"data", "runs", "held", "snapshots"} { // snapshots last: it is what Open looks for
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("make the lake: %w", err)
		}
	}
	for _, d := range []string{dir, filepath.Dir(filepath.Clean(dir))} {
		if err := SyncDir(d); err != nil {
			return nil, fmt.Errorf("make the lake: %w", err)
		}
	}
	return Open(dir, o)
}

// Dir returns the lake's folder.
func (l *Lake) Dir() string { return l.dir }

// Path returns where a path of a manifest lies.
func (l *Lake) Path(rel string) string { return filepath.Join(l.dir, filepath.FromSlash(rel)) }

// Files returns where the files of a table lie that a manifest names.
func (l *Lake) Files(m *Manifest, table string) []string {
	paths := make([]string, len(m.Tables[table]))
	for i, f := range m.Tables[table] {
		paths[i] = l.Path(f.Path)
	}
	return paths
}

// FilesOf gives the files of each table that a manifest names.
func (l *Lake) FilesOf(m *Manifest) func(table string) []string {
	return func(table string) []string { return l.Files(m, table) }
}

// Now returns the time by the lake's clock.
func (l *Lake) Now() time.Time { return l.now() }

// Point marks a step that a crash could fall on either side of.
func (l *Lake) Point(name string) {
	if l.point != nil {
		l.point(name)
	}
}

func number(id int64) string { return fmt.Sprintf("%06d", id) }

// OutFolder is where the outputs of a snapshot lie, below the folder of all outputs.
func OutFolder(out string, snapshot int64) string { return filepath.Join(out, number(snapshot)) }

func manifestPath(id int64) string { return "snapshots/" + number(id) + ".json" }

// headLine reads HEAD: a snapshot's number and the SHA-256 of its manifest. It returns 0 when no
// night was committed yet.
func (l *Lake) headLine() (id int64, sum string, err error) {
	data, err := os.ReadFile(l.Path("HEAD"))
	if errors.Is(err, fs.ErrNotExist) {
		if run := l.lastCommit(); run != "" {
			return 0, "", Errorf(Damaged, "HEAD is missing, but run %s committed a snapshot: restore HEAD from a backup, or "+
				"write into it the number and SHA-256 of the newest file in snapshots/", run)
		}
		return 0, "", nil
	}
	if err != nil {
		return 0, "", err
	}
	a, b, ok := strings.Cut(strings.TrimSuffix(string(data), "\n"), " ")
	id, err = strconv.ParseInt(a, 10, 64)
	if !ok || err != nil || id < 1 || len(b) != 64 {
		return 0, "", Errorf(Damaged, "HEAD is not a snapshot's number and hash: restore it from a backup, or write into "+
			"it the number and SHA-256 of the newest file in snapshots/")
	}
	return id, b, nil
}

// Head returns the manifest that HEAD names, or nil when no night was committed yet.
func (l *Lake) Head() (*Manifest, error) {
	id, sum, err := l.headLine()
	if err != nil || id == 0 {
		return nil, err
	}
	m, err := l.Manifest(id)
	if err != nil {
		return nil, fmt.Errorf("HEAD names snapshot %d: %w", id, err)
	}
	if m.sum != sum {
		return nil, Errorf(Damaged, "%s is not the manifest that HEAD names, its hash differs: restore it from a backup; "+
			"`miic lake check` lists all faults", manifestPath(id))
	}
	return m, nil
}

// Manifest reads the manifest of a snapshot.
func (l *Lake) Manifest(id int64) (*Manifest, error) { return l.readManifest(manifestPath(id)) }

func (l *Lake) readManifest(rel string) (*Manifest, error) {
	data, err := os.ReadFile(l.Path(rel))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Errorf(Damaged, "%s is missing: restore it from a backup; `miic lake log` lists the snapshots that "+
			"are there", rel)
	}
	if err != nil {
		return nil, err
	}
	m := &Manifest{sum: hashBytes(data)}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, Errorf(Damaged, "%s is not a readable manifest (%v): restore it from a backup", rel, err)
	}
	if m.Format < 1 || m.Format > Format || m.Generation > table.Generation {
		return nil, Errorf(Failed, "%s has format %d and schema generation %d, and this program reads up to %d and %d: "+
			"nothing is wrong with the lake; "+
			"use the version of miic that wrote it, or a newer one", rel, m.Format, m.Generation, Format, table.Generation)
	}
	return m, nil
}

// snapshots lists the numbers of the manifests that are there, ascending.
func (l *Lake) snapshots() ([]int64, error) {
	entries, err := os.ReadDir(l.Path("snapshots"))
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, e := range entries {
		if id, err := strconv.ParseInt(strings.TrimSuffix(e.Name(), ".json"), 10, 64); err == nil &&
			strings.HasSuffix(e.Name(), ".json") {
			ids = append(ids, id)
		}
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	return ids, nil
}

// HeldRuns lists the runs that a brake stopped and nobody has accepted, ascending.
func (l *Lake) HeldRuns() ([]string, error) {
	entries, err := os.ReadDir(l.Path("held"))
	if err != nil {
		return nil, err
	}
	var runs []string
	for _, e := range entries {
		if run, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			runs = append(runs, run)
		}
	}
	return runs, nil
}

// Held reads the manifest of a held run.
func (l *Lake) Held(run string) (*Manifest, error) {
	if _, err := os.Stat(l.Path("held/" + run + ".json")); err != nil {
		return nil, Errorf(Usage, "no held night %q: `miic lake status` lists them", run)
	}
	return l.readManifest("held/" + run + ".json")
}
