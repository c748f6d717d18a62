package lake

import (
	"context"
	"os"
	"strings"
	"testing"

	"miic/internal/table"
)

// Each case is a sound lake of three nights broken in one known way; check must name that very fault.

func soundLake(t *testing.T) *Lake {
	l := testLake(t)
	w := lock(t, l)
	for i, asOf := range []string{"2026-03-02", "2026-03-03", "2026-03-04"} {
		commitNight(t, w, asOf, 3+i, nil)
	}
	w.Unlock()
	return l
}

func TestDamage(t *testing.T) {
	part := func(run string) string { return "data/client_link/" + run + "/part-0000.parquet" }
	edit := func(rel string, fn func([]byte) []byte) func(*testing.T, *Lake) {
		return func(t *testing.T, l *Lake) {
			data, err := os.ReadFile(l.Path(rel))
			if err == nil {
				err = os.WriteFile(l.Path(rel), fn(data), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(rel string) func(*testing.T, *Lake) {
		return func(t *testing.T, l *Lake) {
			if err := os.Remove(l.Path(rel)); err != nil {
				t.Fatal(err)
			}
		}
	}
	replace := func(old, new string) func([]byte) []byte {
		return func(data []byte) []byte { return []byte(strings.Replace(string(data), old, new, 1)) }
	}
	// forge commits a fourth night whose manifest is not true.
	forge := func(change func(*Manifest)) func(*testing.T, *Lake) {
		return func(t *testing.T, l *Lake) {
			w := lock(t, l)
			commitNight(t, w, "2026-03-05", 6, change)
			w.Unlock()
		}
	}
	cases := []struct {
		name  string
		spoil func(*testing.T, *Lake)
		data  bool // seen only when every byte is read
		want  Finding
		text  string
	}{
		{"a file of HEAD is gone", remove(part("000003")), false, Finding{Kind: "missing", Snapshot: 3, Table: "client_link", File: part("000003")}, "is missing"},
		{"a file of an old night is gone", remove(part("000001")), false, Finding{Kind: "missing", Snapshot: 1, Table: "client_link", File: part("000001")}, "is missing"},
		{"a file is cut", edit(part("000002"), func(b []byte) []byte { return b[:len(b)-1] }), false, Finding{Kind: "size", Snapshot: 2, Table: "client_link", File: part("000002")}, "want"},
		{"a bit is flipped", edit(part("000003"), func(b []byte) []byte { b[40] ^= 4; return b }), true, Finding{Kind: "hash", Snapshot: 3, Table: "client_link", File: part("000003")}, "SHA-256"},
		{"the footer is overwritten", edit(part("000003"), func(b []byte) []byte { copy(b[len(b)-8:], "\xff\xff\xff\x7fPAR1"); return b }), false, Finding{Kind: "footer", Snapshot: 3, Table: "client_link", File: part("000003")}, "does not end in a footer"},
		{"the rows are not as recorded", forge(func(m *Manifest) { m.Tables["client_link"][0].Rows++ }), false, Finding{Kind: "rows", Snapshot: 4, Table: "client_link", File: part("000004")}, "has 6 rows, want 7"},
		{"a file is filed under another table", forge(func(m *Manifest) {
			m.Tables["coverage"] = m.Tables["client_link"]
			delete(m.Tables, "client_link")
		}), false, Finding{Kind: "footer", Snapshot: 4, Table: "coverage", File: part("000004")}, "miic.table = coverage"},
		{"a table nobody knows", forge(func(m *Manifest) {
			m.Tables["chicken"] = m.Tables["client_link"]
			delete(m.Tables, "client_link")
		}), false, Finding{Kind: "footer", Snapshot: 4, Table: "chicken", File: part("000004")}, "does not know"},
		{"two snapshots disagree", forge(func(m *Manifest) {
			f := m.Tables["client_link"][0]
			f.Path = part("000003")
			m.Tables["client_link"] = append(m.Tables["client_link"], f)
		}), false, Finding{Kind: "size", Snapshot: 4, Table: "client_link", File: part("000003")}, "want"},
		{"HEAD is gone", remove("HEAD"), false, Finding{Kind: "head", File: "HEAD"}, "is missing, but run 000003 committed"},
		{"HEAD is garbage", edit("HEAD", func([]byte) []byte { return []byte("000003") }), false, Finding{Kind: "head", File: "HEAD"}, "not a snapshot's number and hash"},
		{"HEAD names no manifest", remove("snapshots/000003.json"), false, Finding{Kind: "head", Snapshot: 3, File: "snapshots/000003.json"}, "is missing"},
		{"a manifest is not JSON", edit("snapshots/000002.json", func(b []byte) []byte { return b[:len(b)/2] }), false, Finding{Kind: "manifest", Snapshot: 2, File: "snapshots/000002.json"}, "not a readable manifest"},
		{"a manifest was edited", edit("snapshots/000002.json", replace("2026-03-03", "2026-03-09")), false, Finding{Kind: "chain", Snapshot: 2, File: "snapshots/000002.json"}, "not the one that snapshot 3 names"},
		{"HEAD's manifest was edited", edit("snapshots/000003.json", replace("2026-03-04", "2026-03-09")), false, Finding{Kind: "chain", Snapshot: 3, File: "snapshots/000003.json"}, "not the one that HEAD names"},
		{"a manifest of another format", edit("snapshots/000001.json", replace(`"format": 2`, `"format": 9`)), false, Finding{Kind: "manifest", Snapshot: 1, File: "snapshots/000001.json"}, "format 9"},
		{"a parent is lost", remove("snapshots/000001.json"), false, Finding{Kind: "chain", Snapshot: 1, File: "snapshots/000001.json"}, "was not pruned"},
		{"a ledger line is damaged", edit("runs/000002.jsonl", replace(`{"time"`, `{time"`)), false, Finding{Kind: "ledger", File: "runs/000002.jsonl"}, "line 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := soundLake(t)
			if r, err := l.Check(context.Background(), CheckOptions{Data: true}); err != nil || r.Err() != nil || r.Files != 3 ||
				len(r.Infos) != 0 {
				t.Fatalf("the sound lake: %+v, %v", r, err)
			}
			c.spoil(t, l)
			for _, data := range []bool{false, true} {
				r, err := l.Check(context.Background(), CheckOptions{Data: data})
				if err != nil {
					t.Fatal(err)
				}
				if c.data && !data {
					if r.Err() != nil {
						t.Errorf("without reading data: %v", r.Faults)
					}
					continue
				}
				if CodeOf(r.Err()) != Damaged || len(r.Faults) == 0 {
					t.Fatalf("data %v: found %+v", data, r)
				}
				got := r.Faults[0]
				more := 0
				if c.name == "two snapshots disagree" { // found at both: which of them is wrong cannot be known
					more = 1
				}
				if c.want.Kind != "footer" || !data { // a spoilt footer is also a wrong hash
					if got.Kind != c.want.Kind || len(r.Faults) != 1+more || !strings.Contains(got.Text, c.text) {
						t.Errorf("data %v: found %v, want one %s: …%s…", data, r.Faults, c.want.Kind, c.text)
					}
				}
				if got.Snapshot != c.want.Snapshot || got.Table != c.want.Table || got.File != c.want.File {
					t.Errorf("data %v: found it in %q, want snapshot %d, table %q, file %s", data, got, c.want.Snapshot, c.want.Table,
						c.want.File)
				}
			}
		})
	}
}

// TestHeadSetBack: HEAD restored from an old backup is found by the ledgers, which record more.
func TestHeadSetBack(t *testing.T) {
	l := testLake(t)
	w := lock(t, l)
	commitNight(t, w, "2026-03-02", 3, nil)
	old, err := os.ReadFile(l.Path("HEAD"))
	if err != nil {
		t.Fatal(err)
	}
	commitNight(t, w, "2026-03-03", 3, nil)
	if err := os.WriteFile(l.Path("HEAD"), old, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := l.Check(context.Background(), CheckOptions{})
	if err != nil || len(r.Faults) != 1 || r.Faults[0].Kind != "head" ||
		!strings.Contains(r.Faults[0].Text, "run 000002 committed snapshot 2") {
		t.Errorf("found %+v, %v", r, err)
	}
}

// TestReadersRefuseDamage: what readers open first is checked every time, not only by check.
func TestReadersRefuseDamage(t *testing.T) {
	l := soundLake(t)
	data, err := os.ReadFile(l.Path("snapshots/000003.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.Path("snapshots/000003.json"), []byte(strings.Replace(string(data), "000003", "000002", 1)),
		0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Head(); CodeOf(err) != Damaged {
		t.Errorf("an edited manifest was read: %v", err)
	}
}

// TestAnotherSchema: a lake that was written by another version of the program is sound, and is refused with what to
// do.
func TestAnotherSchema(t *testing.T) {
	l := soundLake(t)
	m, err := l.Head()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Present(m); err != nil {
		t.Fatal(err)
	}
	if err := l.Readable(m); err != nil {
		t.Fatal(err)
	}
	defer func(v int) { table.ClientLinks.Version = v }(table.ClientLinks.Version)
	for _, version := range []int{0, 7} { // older than this program, and newer than what it reads
		table.ClientLinks.Version = version
		for name, refuse := range map[string]func(*Manifest) error{"a night": l.Present, "a reader": l.Readable} {
			err = refuse(m)
			if CodeOf(err) != Failed || !strings.Contains(err.Error(), "schema version 1 of table client_link") ||
				!strings.Contains(err.Error(), "version of miic") {
				t.Errorf("%s, and a lake of another schema: %v", name, err)
			}
		}
	}
}

func TestOrphansAreNoFault(t *testing.T) {
	l := soundLake(t)
	writeLinks(t, l.Path("data/client_link/000004/part-0000.parquet"), 2)
	r, err := l.Check(context.Background(), CheckOptions{Data: true})
	if err != nil || r.Err() != nil || len(r.Infos) != 1 || r.Infos[0].File != "data/client_link/000004" ||
		r.Infos[0].Kind != "orphan" {
		t.Errorf("found %+v, %v", r, err)
	}
}

// TestEveryFlippedBit: a bit flipped anywhere in a file is found when every byte is read, and in the
// footer always. Without the footer's own hash a flipped bit there makes the Parquet reader ask for
// more memory than there is, which ends the program.
func TestEveryFlippedBit(t *testing.T) {
	l := soundLake(t)
	path := l.Path("data/client_link/000002/part-0000.parquet")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	footers := 0
	for i := 0; i < len(whole); i += 5 {
		spoilt := append([]byte(nil), whole...)
		spoilt[i] ^= 1 << (i % 8)
		if err := os.WriteFile(path, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, data := range []bool{false, true} {
			r, err := l.Check(context.Background(), CheckOptions{Data: data})
			if err != nil {
				t.Fatal(err)
			}
			if data && (len(r.Faults) != 1 || r.Faults[0].Snapshot != 2 || r.Faults[0].Kind != "hash") {
				t.Fatalf("byte %d: found %v", i, r.Faults)
			}
			if !data && len(r.Faults) == 1 {
				footers++
			}
		}
	}
	if footers < 100 {
		t.Errorf("without reading data %d spoilt footers were found", footers)
	}
}

// FuzzReaders: whatever HEAD, a manifest and a ledger hold, readers answer with an error at worst.
func FuzzReaders(f *testing.F) {
	f.Add([]byte("000003 " + strings.Repeat("a", 64) + "\n"))
	f.Add([]byte(`{"format": 2, "snapshot": 3, "parent": 2, "tables": {"client": [{"path": "../x"}]}, "stages": [null]}`))
	f.Add([]byte("{\"event\":\"committed\",\"snapshot\":9}\n{"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := testLake(t)
		for _, rel := range []string{"HEAD", "snapshots/000003.json", "held/000004.json", "runs/000001.jsonl",
			"snapshots/PRUNED"} {
			if err := os.WriteFile(l.Path(rel), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if m, err := l.Head(); err == nil && m != nil {
			t.Errorf("made a snapshot of %q", data)
		}
		if _, err := l.Check(context.Background(), CheckOptions{}); err != nil {
			t.Errorf("check gave up: %v", err)
		}
		if _, err := l.Ledger("000001"); err != nil && CodeOf(err) != Damaged {
			t.Errorf("ledger: %v", err)
		}
	})
}
