package pipeline

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/table"
)

// The toy night: requests come in as "id,kind" lines, every id gets a number that it keeps, kinds
// are counted, and a page says what came. It has one of everything a real night has: a log, states,
// a prior, a mark, outputs, a dated stage and a run page.

func toyStages() []Stage {
	return []Stage{
		{Name: "ingest", Version: 1, Writes: []string{"batch", "request"}, Inbox: true, Dated: true, Run: toyIngest},
		{Name: "link", Version: 1, Reads: []string{"request"}, Prior: []string{"client_link"}, Writes: []string{"client_link"}, Run: toyLink},
		{Name: "report", Version: 1, Reads: []string{"batch", "request", "client_link"}, Writes: []string{"coverage"}, Dated: true, Run: toyReport},
	}
}

func toyIngest(_ context.Context, r *Run) error {
	var batches []table.Batch
	var requests []table.Request
	for _, d := range r.Inbox {
		if d.Err != "" {
			r.Note(Note{Kind: "refused", Sender: d.Sender, File: d.Name, Text: d.Err, Exit3: true})
			continue
		}
		f, err := os.Open(d.Path)
		if err != nil {
			return err
		}
		rows, err := csv.NewReader(bufio.NewReader(f)).ReadAll()
		f.Close()
		if err != nil {
			r.Note(Note{Kind: "refused", Sender: d.Sender, File: d.Name, Text: "not CSV", Exit3: true})
			continue
		}
		status := "loaded"
		if strings.HasPrefix(d.Name, "held") && d.Let == nil { // until an operator lets it in
			status = "held"
		}
		for i, row := range rows {
			if status == "held" {
				break
			}
			requests = append(requests, table.Request{RequestID: d.Sender + "/" + row[0], Sender: d.Sender, Snapshot: r.Snapshot, BatchID: d.SHA256[:16], Line: int64(i + 1), Kind: row[1], ReceivedOn: r.AsOf})
		}
		batches = append(batches, table.Batch{BatchID: d.SHA256[:16], Snapshot: r.Snapshot, FileName: d.Name, Sender: d.Sender, SHA256: d.SHA256, ReceivedOn: r.AsOf, Bytes: d.Bytes, Accepted: int64(len(rows)), UnitsRead: int64(len(rows)), Status: status})
		r.Count("read", int64(len(rows)))
	}
	if len(batches) == 0 {
		return nil
	}
	if err := Write(r, table.Batches, batches); err != nil {
		return err
	}
	return Write(r, table.Requests, requests)
}

func toyLink(ctx context.Context, r *Run) error {
	known := map[string]table.ClientLink{}
	if err := table.Scan(r.PriorFiles("client_link"), func(l *table.ClientLink) error { known[l.RecordID] = *l; return nil }); err != nil {
		return err
	}
	before := len(known)
	next := r.Mark("client_id")
	var ids []string
	if err := table.Scan(r.Files("request"), func(q *table.Request) error {
		if _, ok := known[q.RequestID]; !ok {
			ids = append(ids, q.RequestID)
			known[q.RequestID] = table.ClientLink{}
		}
		return nil
	}); err != nil {
		return err
	}
	sort.Strings(ids)
	var links []table.ClientLink
	for _, id := range ids {
		next++
		links = append(links, table.ClientLink{RecordID: id, ClientID: next, Since: r.Snapshot})
	}
	r.SetMark("client_id", next)
	r.Count("clients", int64(before+len(links)))
	if err := engine.Load(ctx, r.Engine, "new_link", links); err != nil {
		return err
	}
	return r.Replace(ctx, table.ClientLinks, "SELECT record_id FROM new_link", "SELECT * FROM new_link")
}

func toyReport(_ context.Context, r *Run) error {
	kinds := map[string]int64{}
	if err := table.Scan(r.Files("request"), func(q *table.Request) error { kinds[q.Kind]++; return nil }); err != nil {
		return err
	}
	var rows []table.Coverage
	text := ""
	for kind, n := range kinds {
		rows = append(rows, table.Coverage{Measure: kind, AreaType: "state", AreaCode: "MN", Stratum: "all", Numerator: n, AsOf: r.AsOf})
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].Measure < rows[j].Measure })
	for _, c := range rows {
		text += fmt.Sprintf("%s,%d\n", c.Measure, c.Numerator)
	}
	page := r.AsOf.String() + "\n"
	for _, f := range r.Figures() {
		page += fmt.Sprintf("%s read %d clients %d notes %d\n", f.Stage, f.Counts["read"], f.Counts["clients"], len(f.Notes))
	}
	for name, body := range map[string]string{"regions/north/kinds.csv": text, "run.html": page} {
		path, err := r.OutPath(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			return err
		}
	}
	return Write(r, table.Coverages, rows)
}

// A house is a lake with its folders around it.
type house struct {
	t    testing.TB
	root string
	opts Options
}

func newHouse(t testing.TB) *house {
	h := &house{t: t, root: t.TempDir()}
	h.opts = toyOptions(h.root, nil)
	return h
}

func toyOptions(root string, point func(string)) Options {
	l, err := lake.Create(filepath.Join(root, "lake"), lake.Options{Now: toyClock(), Point: point})
	if err == nil {
		err = os.MkdirAll(filepath.Join(root, "inbox"), 0o700)
	}
	if err != nil {
		panic(err)
	}
	return Options{Lake: l, Stages: toyStages(), AsOf: day(2), Inbox: filepath.Join(root, "inbox"), Archive: filepath.Join(root, "archive"), Out: filepath.Join(root, "out")}
}

// toyClock moves on by a second each time it is asked.
func toyClock() func() time.Time {
	now := time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)
	return func() time.Time { now = now.Add(time.Second); return now }
}

func day(d int) table.Date { return table.NewDate(2026, 3, d) }

// deliver puts a file of toy requests into the inbox.
func (h *house) deliver(sender, name string, lines ...string) {
	h.t.Helper()
	deliver(h.t, h.root, sender, name, lines...)
}

func deliver(t testing.TB, root, sender, name string, lines ...string) {
	t.Helper()
	body := ""
	for _, l := range lines {
		body += l + "\n"
	}
	dir := filepath.Join(root, "inbox", sender)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

// night runs a night and demands an ending.
func (h *house) night(d int, want Ending, exit int) *Result {
	h.t.Helper()
	o := h.opts
	o.AsOf = day(d)
	res, err := Execute(context.Background(), o)
	if res.Outcome != want || res.Exit != exit {
		h.t.Fatalf("night of day %d: %s, exit %d (%v); want %s, exit %d", d, res.Outcome, res.Exit, err, want, exit)
	}
	return res
}

// tree returns every file below a folder with its content, to see what a run has changed.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || info.Mode()&os.ModeSymlink != 0 {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[rel] = string(data)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return files
}

// rows returns all that a reader sees at HEAD, as text: rows of every table, outputs, marks.
func rows(t testing.TB, l *lake.Lake, m *lake.Manifest) string {
	t.Helper()
	text := ""
	files := func(name string) []string {
		var paths []string
		for _, f := range m.Tables[name] {
			paths = append(paths, l.Path(f.Path))
		}
		return paths
	}
	add := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	add(table.Scan(files("batch"), func(r *table.Batch) error { text += fmt.Sprintf("%+v\n", *r); return nil }))
	add(table.Scan(files("request"), func(r *table.Request) error { text += fmt.Sprintf("%+v\n", *r); return nil }))
	add(table.Scan(files("client_link"), func(r *table.ClientLink) error { text += fmt.Sprintf("%+v\n", *r); return nil }))
	add(table.Scan(files("coverage"), func(r *table.Coverage) error { text += fmt.Sprintf("%+v\n", *r); return nil }))
	for _, f := range m.Out {
		text += f.Path + " " + f.SHA256 + "\n"
	}
	return text + "client_id " + strconv.FormatInt(m.Marks["client_id"], 10) + "\n"
}

func (h *house) head() *lake.Manifest {
	h.t.Helper()
	m, err := h.opts.Lake.Head()
	if err != nil || m == nil {
		h.t.Fatalf("no HEAD: %v", err)
	}
	return m
}
