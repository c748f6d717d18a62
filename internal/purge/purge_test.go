package purge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"miic/internal/archive"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/table"
)

var born = table.NewDate(2024, 5, 17)

// clinicFile is a delivery with two lines of the purged person (one of them of a dose, by the sender's number) and one of a
// namesake who was born on another day.
const clinicFile = "number,first,last,born\nA-7701,Zelda,Quimby,2024-05-17\nA-7702,Zelda,Quimby,2023-01-02\nA-7701,dose,,\n"

// message is a delivery in HL7 with a message of the person, whom no row of the lake is from, and one of somebody else.
const message = "MSH|^~\\&|E\rPID|1||x9||Quimby^Zelda||20240517\rMSH|^~\\&|E\rPID|1||y9||Berg^Eva||20240517\r"

// site is a lake with two snapshots of two people, of whom the first has opted out.
type site struct {
	t             *testing.T
	root          string
	clinic, other string // SHA-256 of the deliveries
}

func write[T any](s *site, w *lake.Writer, m *lake.Manifest, t *table.Table, name string, rows ...T) {
	s.t.Helper()
	dir := filepath.Join(w.Path("data"), t.Name, w.Run)
	s.check(os.MkdirAll(dir, 0o700))
	path := filepath.Join(dir, name+".parquet")
	out, err := table.NewWriter[T](t, path)
	s.check(err)
	for i := range rows {
		s.check(out.Append(&rows[i]))
	}
	s.check(out.Close())
	f, err := w.Seal(t, path)
	s.check(err)
	m.Tables[t.Name] = append(m.Tables[t.Name], f)
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) path(parts ...string) string {
	return filepath.Join(append([]string{s.root}, parts...)...)
}

func (s *site) store(text string) string {
	h := sha256.Sum256([]byte(text))
	sum := hex.EncodeToString(h[:])
	s.check(archive.Dir(s.path("archive")).Store(strings.NewReader(text), sum))
	return sum
}

func (s *site) options(point func(string)) lake.Options {
	return lake.Options{Now: func() time.Time { return time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) }, Point: point, Purge: Resume}
}

func newSite(t *testing.T) *site {
	s := &site{t: t, root: t.TempDir()}
	s.clinic, s.other = s.store(clinicFile), s.store(message)
	l, err := lake.Create(s.path("lake"), s.options(nil))
	s.check(err)
	w, err := l.Lock()
	s.check(err)
	defer w.Unlock()
	for snapshot := int64(1); snapshot <= 2; snapshot++ {
		s.check(w.Claim(lake.Event{Kind: "night", Parent: snapshot - 1, Snapshot: snapshot, AsOf: "2026-03-02"}))
		m := &lake.Manifest{Snapshot: snapshot, Parent: snapshot - 1, Run: w.Run, Kind: "night", AsOf: "2026-03-02",
			Marks: map[string]int64{"client": 2}, Tables: map[string][]lake.File{}, Inbox: []lake.Delivered{}, Out: []lake.File{},
			Stages: []lake.Stage{{Name: "link", Version: 1, Key: "k"}}}
		batch := s.clinic[:16]
		write(s, w, m, table.Batches, "part-0000", table.Batch{BatchID: batch, SHA256: s.clinic, Sender: "clinic", SenderKind: "clinic",
			Snapshot: snapshot, Status: "loaded"}, table.Batch{BatchID: s.other[:16], SHA256: s.other, Sender: "hl7", SenderKind: "clinic",
			Snapshot: snapshot, Status: "loaded"})
		write(s, w, m, table.ClientRecords, "part-0000",
			table.ClientRecord{RecordID: "clinic/A-7701/1", Sender: "clinic", SourceClientID: "A-7701", FirstName: "Zelda",
				LastName: "Quimby", BirthDate: born, BatchID: batch, Line: 2, Snapshot: 1},
			table.ClientRecord{RecordID: "clinic/A-7702/1", Sender: "clinic", SourceClientID: "A-7702", FirstName: "Zelda",
				LastName: "Quimby", BirthDate: table.NewDate(2023, 1, 2), BatchID: batch, Line: 3, Snapshot: 1},
			table.ClientRecord{RecordID: "clinic/A-7709/1", Sender: "clinic", SourceClientID: "A-7709", FirstName: "Zelda",
				LastName: "Quimby", BirthDate: born, BatchID: batch, Line: 2, Snapshot: 1, Withdrawn: true})
		write(s, w, m, table.VaccinationEvents, "part-0000", table.VaccinationEvent{EventID: "clinic/e1", RecordID: "clinic/A-7701/1",
			Sender: "clinic", BatchID: batch, Line: 4, Action: "A", Completion: "CP"})
		// The state of links has changed owner by owner: rows that no longer count, and keys, have the ids too.
		write(s, w, m, table.ClientLinks, "part-0000", table.ClientLink{RecordID: "clinic/A-7701/1", ClientID: 9},
			table.ClientLink{RecordID: "clinic/A-7702/1", ClientID: 2})
		e := s.engine()
		_, err := e.CopyKeys(context.Background(), table.ClientLinks, "SELECT 'clinic/A-7701/1'",
			filepath.Join(w.Path("data"), "client_link", w.Run, "keys-0000.parquet"))
		s.check(err)
		s.check(e.Close())
		keys, err := w.Seal(table.ClientLinks, filepath.Join(w.Path("data"), "client_link", w.Run, "keys-0000.parquet"))
		s.check(err)
		keys.Replaces = 1
		m.Tables["client_link"] = append(m.Tables["client_link"], keys)
		write(s, w, m, table.ClientLinks, "part-0001", table.ClientLink{RecordID: "clinic/A-7701/1", ClientID: 1})
		write(s, w, m, table.Clients, "part-0000", table.Client{ClientID: 1, FirstName: "Zelda", LastName: "Quimby", BirthDate: born,
			OptedOut: true}, table.Client{ClientID: 2, FirstName: "Zelda", LastName: "Quimby", BirthDate: table.NewDate(2023, 1, 2)})
		write(s, w, m, table.Requests, "part-0000", table.Request{RequestID: "families/1", Kind: "opt_out", FirstName: "Zelda",
			LastName: "Quimby", BirthDate: born, BatchID: "none", Line: 1})
		write(s, w, m, table.Restrictions, "part-0000",
			table.Restriction{ClientID: 1, Kind: "opt_out", SourceID: "families/1", Basis: "operator", Since: 1},
			table.Restriction{ClientID: 1, Kind: "lock", SourceID: "clinic/A-7701/1", Basis: "record", Since: 1},
			// Of these none is enough for a purge: not sure, no wish to be forgotten, the sender's word only.
			table.Restriction{ClientID: 2, Kind: "opt_out", SourceID: "families/1", Basis: "possible", Since: 1},
			table.Restriction{ClientID: 2, Kind: "lock", SourceID: "families/1", Basis: "matched", Since: 1},
			table.Restriction{ClientID: 2, Kind: "seal", SourceID: "families/1", Basis: "matched", Since: 1},
			table.Restriction{ClientID: 2, Kind: "opt_out", SourceID: "clinic/A-7702/1", Basis: "record", Since: 1})
		write(s, w, m, table.Settlements, "part-0000", table.Settlement{RequestID: "families/1", RecordID: "clinic/A-7701/1",
			Decision: "person", ClientID: 1, DecidedBy: "kim", Reason: "x", Snapshot: 1})
		write(s, w, m, table.Notices, "part-0000", table.Notice{NoticeID: "n1", ClientID: 1, Address1: "9 Zinnia Way", ZIP: "55104"},
			table.Notice{NoticeID: "n2", ClientID: 2, Address1: "2 Elm St", ZIP: "55104"})
		write(s, w, m, table.Disclosures, "part-0000", table.Disclosure{Output: "regions/metro/recall.csv", ClientID: 1, Recipient: "Metro"})
		write(s, w, m, table.RosterEntries, "part-0000", table.RosterEntry{EntryID: "e", FirstName: "ZELDA", LastName: "Quimby", BirthDate: born})
		write(s, w, m, table.Coverages, "part-0000", table.Coverage{Measure: "up to date", AreaType: "state", AreaCode: "MN"})
		s.check(w.Commit(m))
		s.check(w.Append(w.Run, lake.Event{Event: lake.Published, Snapshot: snapshot}))
		s.check(os.MkdirAll(s.path("out", fmt.Sprintf("%06d", snapshot)), 0o700))
		s.check(os.WriteFile(s.path("out", fmt.Sprintf("%06d", snapshot), "list.csv"), []byte("Zelda,Quimby,2024-05-17"), 0o600))
	}
	s.check(w.Settle(lake.Settled{Request: "families/1", Client: 1, Records: []string{"clinic/A-7701/1"}, Operator: "kim", Reason: "x"}))
	s.check(os.WriteFile(s.path("verdicts.csv"), []byte("item,a,b\n1,clinic/A-7701/1,clinic/A-7702/1\n2,x/1,x/2\n"), 0o600))
	return s
}

func (s *site) engine() *engine.Engine {
	e, err := engine.Open(context.Background(), engine.Options{Temp: s.path("spill"), MemoryMiB: 256})
	s.check(err)
	return e
}

// purge runs the command, which dies at the nth point that it passes, and returns the names of the points.
func (s *site) purge(dieAt int) (points []string, died bool) {
	count := func(name string) {
		points = append(points, name)
		if len(points) == dieAt {
			panic("killed at " + name)
		}
	}
	armed := false
	l, err := lake.Open(s.path("lake"), s.options(func(name string) {
		if armed {
			count(name)
		}
	}))
	s.check(err)
	w, err := l.Lock()
	s.check(err)
	e := s.engine()
	defer e.Close()
	defer w.Unlock()
	defer func() {
		if r := recover(); r != nil {
			died = true
		}
	}()
	armed = true
	_, err = Run(context.Background(), w, Options{Engine: e, Archive: s.path("archive"), Out: s.path("out"),
		Verdicts: s.path("verdicts.csv"), Client: 1, Operator: "kim", Reason: "court order"})
	s.check(err)
	return points, false
}

// texts gives all that any file of the site holds, row by row and byte by byte, with the file's name before it. The stub is
// left out: the table of requests.
func (s *site) texts() []string {
	var list []string
	e := s.engine()
	defer e.Close()
	s.check(filepath.WalkDir(s.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "/data/request/") || strings.HasPrefix(path, s.path("spill")) {
			return err
		}
		switch filepath.Ext(path) {
		case ".parquet":
			type row struct {
				Text string `col:"text"`
			}
			rows, err := engine.Rows[row](context.Background(), e, "SELECT CAST(x AS VARCHAR) AS text FROM read_parquet("+
				engine.Quote(path)+") AS x")
			s.check(err)
			for _, r := range rows {
				list = append(list, path+" "+r.Text)
			}
		case ".zst":
			sum := strings.TrimSuffix(filepath.Base(path), ".zst")
			in, err := archive.Dir(s.path("archive")).Open(sum)
			s.check(err)
			text, err := io.ReadAll(in)
			s.check(err)
			s.check(in.Close())
			for _, line := range bytes.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
				list = append(list, path+" "+string(line))
			}
		default:
			text, err := os.ReadFile(path)
			s.check(err)
			for line := range strings.Lines(string(text)) {
				list = append(list, path+" "+line)
			}
		}
		return nil
	}))
	return list
}

// gone asks that the person is nowhere, that everybody else is where they were, and that the lake is sound.
func (s *site) gone() {
	s.t.Helper()
	others := 0
	for _, text := range s.texts() {
		upper := strings.ToUpper(text)
		for _, id := range []string{"A-7701", "A-7709", "clinic/e1", "9 Zinnia"} {
			if strings.Contains(text, id) {
				s.t.Errorf("%s is still there: %s", id, text)
			}
		}
		if strings.Contains(upper, "ZELDA") && strings.Contains(upper, "QUIMBY") && (strings.Contains(text, "2024-05-17") ||
			strings.Contains(text, "20240517")) {
			s.t.Errorf("name and birth date are still there: %s", text)
		}
		if strings.Contains(text, "A-7702") || strings.Contains(text, "Berg^Eva") || strings.Contains(text, "2 Elm St") ||
			strings.Contains(text, "up to date") {
			others++
		}
	}
	if others < 6 {
		s.t.Errorf("others are in %d places only", others)
	}
	l, err := lake.Open(s.path("lake"), s.options(nil))
	s.check(err)
	report, err := l.Check(context.Background(), lake.CheckOptions{Data: true, Archive: s.path("archive"), Out: s.path("out")})
	s.check(err)
	for _, f := range report.Faults {
		s.t.Errorf("the lake is not sound: %+v", f)
	}
	m, err := l.Head()
	s.check(err)
	links, err := table.ReadAll[table.ClientLink](l.Files(m, "client_link"))
	s.check(err)
	if len(links) != 1 || links[0].ClientID != 2 || m.Snapshot != 3 || m.Kind != "purge" {
		s.t.Errorf("snapshot %d (%s) has %d links", m.Snapshot, m.Kind, len(links))
	}
	notices, err := table.ReadAll[table.Notice](l.Files(m, "notice"))
	s.check(err)
	if len(notices) != 2 || notices[0].ClientID != 1 || notices[0].Address1 != "" || notices[1].Address1 == "" {
		s.t.Errorf("notices: %d", len(notices))
	}
	now, err := l.Rewritten()
	s.check(err)
	if len(now) != 2 || len(now[s.clinic]) != 64 || len(now[s.other]) != 64 {
		s.t.Errorf("the old hashes are not known: %v", now)
	}
	batches, err := table.ReadAll[table.Batch](l.Files(m, "batch"))
	s.check(err)
	if !slices.ContainsFunc(batches, func(b table.Batch) bool { return b.SHA256 == s.clinic }) {
		s.t.Error("the bytes that were delivered are not known any more")
	}
	var plan Plan
	if begun, err := l.Purging(&plan); begun || err != nil {
		s.t.Errorf("the plan is still there: %v", err)
	}
}

func TestAPurgedPersonIsNowhere(t *testing.T) {
	s := newSite(t)
	s.purge(0)
	s.gone()
}

// TestAPurgeIsFinished: killed at any moment, nothing has changed, or the next writer finishes it.
func TestAPurgeIsFinished(t *testing.T) {
	made := newSite(t)
	copied := func() *site {
		s := &site{t: t, root: t.TempDir(), clinic: made.clinic, other: made.other}
		s.check(os.CopyFS(s.root, os.DirFS(made.root)))
		return s
	}
	points, _ := copied().purge(0)
	if len(points) < 40 {
		t.Fatalf("only %d points", len(points))
	}
	for i, name := range points {
		at, again := i+1, slices.Contains(points[:i], name)
		if again && name != "purge step" { // the sealing of one table is like that of another
			continue
		}
		s := copied()
		if _, died := s.purge(at); !died {
			t.Fatalf("it was not killed at %s", name)
		}
		l, err := lake.Open(s.path("lake"), s.options(nil))
		s.check(err)
		w, err := l.Lock() // any command that writes
		s.check(err)
		s.check(w.Unlock())
		if m, err := l.Head(); err != nil || m.Snapshot == 2 { // it had not begun
			s.check(err)
			s.purge(0)
		}
		s.gone()
		if t.Failed() {
			t.Fatalf("killed at %s, point %d", name, at)
		}
	}
}

// TestWhoHasNotOptedOutIsNotPurged: without a request there is nothing that keeps the person from being enrolled again.
func TestWhoHasNotOptedOutIsNotPurged(t *testing.T) {
	s := newSite(t)
	l, err := lake.Open(s.path("lake"), s.options(nil))
	s.check(err)
	w, err := l.Lock()
	s.check(err)
	defer w.Unlock()
	e := s.engine()
	defer e.Close()
	// The request of client 1 is lifted after the night.
	s.check(w.Settle(lake.Settled{Request: "families/1", Lifted: true, Client: 1, Operator: "ops", Reason: "form 12"}))
	before := len(s.texts())
	for client, why := range map[int64]string{2: "has not surely opted out", 1: "since the last night"} {
		_, err := Run(context.Background(), w, Options{Engine: e, Client: client, Reason: "x"})
		if lake.CodeOf(err) != lake.Usage || !strings.Contains(err.Error(), why) {
			t.Errorf("client %d: %v", client, err)
		}
	}
	if after := len(s.texts()); after != before {
		t.Errorf("%d rows became %d", before, after)
	}
}
