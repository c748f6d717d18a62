package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/table"
)

// CheckOptions are how deep a check goes.
type CheckOptions struct {
	Data    bool   // read every byte and compare hashes; else sizes and footers
	Out     string // folder of the published outputs, to check those of HEAD; empty for none
	Archive string // folder of the copies of deliveries, to check them; empty for none
}

// Finding is one thing that a check found, named by snapshot, table and file where it has them.
type Finding struct {
	// Kind of a fault: head, manifest, chain, ledger, missing, size, hash, footer, schema, rows or data.
	// Kind of what is no fault: stray, orphan, uncommitted or stale.
	Kind     string `json:"kind"`
	Snapshot int64  `json:"snapshot,omitempty"`
	Table    string `json:"table,omitempty"`
	File     string `json:"file,omitempty"`
	Text     string `json:"text"`
}

func (f Finding) String() string {
	parts := []string{}
	if f.Snapshot > 0 {
		parts = append(parts, fmt.Sprintf("snapshot %d", f.Snapshot))
	}
	if f.Table != "" {
		parts = append(parts, "table "+f.Table)
	}
	if f.File != "" {
		parts = append(parts, f.File)
	}
	return strings.Join(append(parts, f.Text), ": ")
}

// Report is the outcome of a check: faults, and what is no fault but worth knowing.
type Report struct {
	Faults    []Finding `json:"faults"`
	Infos     []Finding `json:"infos"`
	Snapshots int       `json:"snapshots"`
	Files     int       `json:"files"` // of tables
	Bytes     int64     `json:"bytes"` // of tables
	Ledgers   int       `json:"ledgers"`
	Unproved  int       `json:"unproved"` // ledgers that no check value proves to the end: older programs wrote none
	Copies    int       `json:"copies"`   // of deliveries, in the archive
}

// Err returns nil for a sound lake, else an error of code Damaged that names the first fault.
func (r *Report) Err() error {
	if len(r.Faults) == 0 {
		return nil
	}
	more := ""
	if n := len(r.Faults) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	return Errorf(Damaged, "the lake is damaged: %s%s: restore the named files from a backup, "+
		"or roll back to a snapshot that does not use them", r.Faults[0], more)
}

// Check looks at everything that readers rely on. It takes no lock and may run beside a night.
func (l *Lake) Check(ctx context.Context, o CheckOptions) (*Report, error) {
	c := &checker{Lake: l, o: o, r: &Report{}, seen: map[string]File{}, bad: map[string]bool{}, needed: map[string]int64{}}
	// The ledgers before HEAD: a night that commits in between must not look like a lost HEAD.
	run, committed := l.newestCommit()
	if err := c.ledgers(); err != nil {
		return nil, err
	}
	head, sum, err := l.headLine()
	if err != nil {
		c.fault(Finding{Kind: "head", File: "HEAD", Text: err.Error()})
		head, sum = committed, "" // go on from what the ledgers record
	} else if head < committed {
		c.fault(Finding{Kind: "head", File: "HEAD",
			Text: fmt.Sprintf("names snapshot %d, but run %s committed snapshot %d", head, run, committed)})
	}
	ids, err := l.snapshots()
	if err != nil {
		return nil, err
	}
	if err := c.manifests(ctx, ids, head, sum); err != nil {
		return nil, err
	}
	if err := c.heldNights(ctx, head); err != nil {
		return nil, err
	}
	if err := c.archive(ctx); err != nil {
		return nil, err
	}
	if err := c.disclosed(); err != nil {
		return nil, err
	}
	if err := c.answered(); err != nil {
		return nil, err
	}
	if err := c.strays(); err != nil {
		return nil, err
	}
	return c.r, nil
}

type checker struct {
	*Lake
	recorded
	o      CheckOptions
	r      *Report
	seen   map[string]File  // data files, by path
	bad    map[string]bool  // those with a fault
	needed map[string]int64 // by SHA-256 of a delivery: the last snapshot that took it in
}

func (c *checker) fault(f Finding) { c.r.Faults = append(c.r.Faults, f) }
func (c *checker) info(f Finding)  { c.r.Infos = append(c.r.Infos, f) }

// manifests checks the chain of snapshots down from HEAD and, newest first, the files each names.
func (c *checker) manifests(ctx context.Context, ids []int64, head int64, sum string) error {
	for _, id := range ids {
		if id > head {
			c.info(Finding{Kind: "uncommitted", Snapshot: id, File: manifestPath(id),
				Text: "was written and never became HEAD: the next night replaces it"})
		}
	}
	want := sum // SHA-256 of the manifest's bytes, by its child or HEAD
	for id := head; id >= 1; id-- {
		at := Finding{Snapshot: id, File: manifestPath(id)}
		if !slices.Contains(ids, id) {
			if id == head {
				at.Kind, at.Text = "head", "is the manifest that HEAD names, and is missing"
				c.fault(at)
			} else if !c.isPruned(id) {
				at.Kind, at.Text = "chain", "is missing and was not pruned"
				c.fault(at)
			}
			want = ""
			continue
		}
		c.r.Snapshots++
		m, err := c.Manifest(id)
		if err != nil {
			at.Kind, at.Text = "manifest", err.Error()
			c.fault(at)
			want = ""
			continue
		}
		c.chain(m, at, head, want)
		want = m.ParentSHA256
		c.ledgerOf(m, head)
		if err := c.tables(ctx, m); err != nil {
			return err
		}
		for _, d := range m.Inbox {
			if d.Err == "" {
				c.needCopy(d.SHA256, m.Snapshot)
			}
		}
		if id == head {
			c.outputs(m)
			c.needCopies(m)
		}
	}
	return nil
}

// chain checks that a manifest is the one that its child, or HEAD, names, and follows on its parent.
func (c *checker) chain(m *Manifest, at Finding, head int64, want string) {
	at.Kind = "chain"
	if want != "" && m.sum != want {
		who := fmt.Sprintf("snapshot %d", at.Snapshot+1)
		if at.Snapshot == head {
			who = "HEAD"
		}
		at.Text = "its SHA-256 is not the one that " + who + " names"
		c.fault(at)
	}
	if m.Snapshot != at.Snapshot || m.Parent != at.Snapshot-1 {
		at.Text = fmt.Sprintf("gives its number as %d and its parent as %d", m.Snapshot, m.Parent)
		c.fault(at)
	}
}

func (c *checker) heldNights(ctx context.Context, head int64) error {
	runs, err := c.HeldRuns()
	if err != nil {
		return err
	}
	for _, run := range runs {
		m, err := c.Held(run)
		at := Finding{Kind: "manifest", File: "held/" + run + ".json"}
		switch {
		case err != nil:
			at.Text = err.Error()
			c.fault(at)
		case c.recorded.held[run] != "" && c.recorded.held[run] != m.sum:
			at.Text = "its SHA-256 is not the one that the ledger of its run records"
			c.fault(at)
		case m.Parent != head:
			at.Kind, at.Text = "stale", "its parent is no longer HEAD: it cannot be accepted any more"
			c.info(at)
		default:
			if err := c.tables(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) tables(ctx context.Context, m *Manifest) error {
	for _, name := range slices.Sorted(maps.Keys(m.Tables)) {
		for _, f := range m.Tables[name] {
			if err := ctx.Err(); err != nil {
				return err
			}
			at := Finding{Snapshot: m.Snapshot, Table: name, File: f.Path}
			if was, ok := c.seen[f.Path]; ok {
				if was.SHA256 != f.SHA256 || was.Bytes != f.Bytes {
					at.Kind, at.Text = "manifest", "two snapshots give this file different hashes or sizes"
					c.fault(at)
				}
				continue
			}
			c.seen[f.Path] = f
			c.r.Files++
			c.r.Bytes += f.Bytes
			if at.Kind, at.Text = c.file(c.Path(f.Path), f, table.Get(name)); at.Kind != "" {
				c.bad[f.Path] = true
				c.fault(at)
			}
		}
	}
	return nil
}

// file compares one file with its entry in a manifest; a table's part also has a footer.
func (c *checker) file(path string, f File, t *table.Table) (kind, text string) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "missing", "is missing"
	case err != nil:
		return "missing", "cannot be read"
	case info.Size() != f.Bytes:
		return "size", fmt.Sprintf("has %d bytes, want %d", info.Size(), f.Bytes)
	}
	if c.o.Data {
		if err := Verify(path, f); err != nil {
			return "hash", err.Error()
		}
	}
	if !strings.HasSuffix(path, ".parquet") || t == nil && !strings.HasPrefix(f.Path, "data/") {
		return "", ""
	}
	if t == nil {
		return "footer", "belongs to a table this program does not know: use the version of miic that wrote it"
	}
	if err := verifyFooter(path, f); err != nil { // a spoilt one is not given to the Parquet reader
		return "footer", err.Error()
	}
	if version, err := schemaVersion(path); err == nil {
		if _, err := t.At(version); err != nil {
			return "schema", err.Error() + ": use the version of miic that wrote it"
		}
	}
	rows, _, err := readFooter(t, path)
	if err != nil {
		return "footer", err.Error()
	}
	if rows != f.Rows {
		return "rows", fmt.Sprintf("has %d rows, want %d", rows, f.Rows)
	}
	return "", ""
}

// outputs checks the published files of HEAD. Those of older snapshots may be moved or removed.
func (c *checker) outputs(m *Manifest) {
	if c.o.Out == "" {
		return
	}
	if done, err := c.IsPublished(m); err != nil || !done {
		c.info(Finding{Kind: "uncommitted", Snapshot: m.Snapshot,
			Text: "is committed and not yet published: the next run publishes it"})
		return
	}
	for _, f := range slices.Concat(m.Out, c.sealed[m.Snapshot]) {
		at := Finding{Snapshot: m.Snapshot, File: "out/" + f.Path}
		path := filepath.Join(c.o.Out, number(m.Snapshot), filepath.FromSlash(f.Path))
		if at.Kind, at.Text = c.file(path, f, nil); at.Kind != "" {
			c.fault(at)
		}
	}
}

// strays lists what killed runs left behind: no fault, since nothing names it.
func (c *checker) strays() error {
	stray, err := c.tmpFiles()
	if err != nil {
		return err
	}
	for _, rel := range stray {
		c.info(Finding{Kind: "stray", File: rel, Text: "was left by a killed run: the next run sweeps it"})
	}
	orphans := map[string]int{}
	err = c.dataFiles(func(rel string, _ fs.FileInfo) error {
		if _, ok := c.seen[rel]; !ok {
			orphans[rel[:strings.LastIndexByte(rel, '/')]]++
		}
		return nil
	})
	for _, dir := range slices.Sorted(maps.Keys(orphans)) {
		c.info(Finding{Kind: "orphan", File: dir,
			Text: fmt.Sprintf("holds %d files that no snapshot names: `miic lake prune` removes them", orphans[dir])})
	}
	return err
}

// dataFiles visits every file below data/, in order, by its path in the lake.
func (l *Lake) dataFiles(fn func(rel string, info fs.FileInfo) error) error {
	return filepath.WalkDir(l.Path("data"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && d.IsDir() {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(l.dir, path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(filepath.ToSlash(rel), info)
	})
}
