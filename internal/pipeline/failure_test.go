package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/lake"
	"miic/internal/table"
)

// sound demands that nothing a reader relies on is amiss and that nothing is left half done.
func (h *house) sound() {
	h.t.Helper()
	r, err := h.opts.Lake.Check(context.Background(), lake.CheckOptions{Data: true, Out: h.opts.Out})
	if err != nil || r.Err() != nil {
		h.t.Errorf("check: %v, %+v", err, r)
	}
}

// swap replaces the work of a toy stage.
func (h *house) swap(name string, run func(context.Context, *Run) error) {
	for i := range h.opts.Stages {
		if h.opts.Stages[i].Name == name {
			h.opts.Stages[i].Run = run
		}
	}
}

func TestTwoRunsAtOnce(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	var second *Result
	var secondErr error
	h.swap("link", func(ctx context.Context, r *Run) error {
		second, secondErr = Execute(ctx, h.opts)
		return toyLink(ctx, r)
	})
	h.night(2, Committed, 0)
	if second.Exit != 11 || secondErr == nil || !strings.Contains(secondErr.Error(), fmt.Sprintf("pid %d, run 000001", os.Getpid())) {
		t.Errorf("the second run: exit %d, %v", second.Exit, secondErr)
	}
	if runs, err := h.opts.Lake.Runs(); len(runs) != 1 || err != nil {
		t.Errorf("runs: %v, %v", runs, err)
	}
	h.sound()
}

// TestFullDisk fills the disk in a data file, in the manifest and in HEAD. /dev/full refuses every
// write with the error of a full disk.
func TestFullDisk(t *testing.T) {
	for _, where := range []string{"data", "snapshots/000002.json.tmp", "HEAD.tmp"} {
		t.Run(where, func(t *testing.T) {
			h := newHouse(t)
			h.deliver("clinic", "a.csv", "1,lock")
			h.night(2, Committed, 0)
			h.deliver("clinic", "b.csv", "2,lock")
			good, stages := h.opts, toyStages()
			var err error
			if where == "data" {
				h.swap("link", func(_ context.Context, r *Run) error {
					path, err := r.Create(table.ClientLinks)
					if err == nil {
						err = os.WriteFile(path, []byte("half"), 0o600)
					}
					if err == nil {
						err = os.WriteFile("/dev/full", []byte("x"), 0o600)
					}
					return err
				})
			} else {
				h.opts.Lake, err = lake.Open(h.opts.Lake.Dir(), lake.Options{Now: toyClock(), Point: func(name string) {
					if name == "ledger audited" {
						if err := os.Symlink("/dev/full", h.opts.Lake.Path(where)); err != nil {
							t.Error(err)
						}
					}
				}})
				if err != nil {
					t.Fatal(err)
				}
			}
			h.night(3, Failed, 13)
			if m := h.head(); m.Snapshot != 1 {
				t.Errorf("HEAD is %d", m.Snapshot)
			}
			for path := range tree(t, h.opts.Lake.Dir()) {
				if strings.HasSuffix(path, ".tmp") || strings.HasPrefix(path, "data/client_link/000002") && where == "data" {
					t.Errorf("left behind: %s", path)
				}
			}
			h.sound()
			h.opts = good
			h.opts.Stages = stages
			res := h.night(3, Committed, 0)
			if res.Stages[0].How != "adopted" || h.head().Snapshot != 2 {
				t.Errorf("once there is room: %+v", res)
			}
			h.sound()
		})
	}
}

func TestPreflight(t *testing.T) {
	testOnlyFree = func(string) (uint64, error) { return 100, nil }
	defer func() { testOnlyFree = nil }()
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,opt_out", "2,opt_out")
	h.night(2, Failed, 13)
	if runs, err := h.opts.Lake.Runs(); len(runs) != 0 || err != nil {
		t.Errorf("it has begun: runs %v, %v", runs, err)
	}
}

func TestInterrupt(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	ctx, cancel := context.WithCancel(context.Background())
	h.swap("link", func(ctx context.Context, r *Run) error {
		path, err := r.Create(table.ClientLinks)
		if err == nil {
			err = os.WriteFile(path, []byte("half"), 0o600)
		}
		cancel()
		if err != nil {
			return err
		}
		return r.Engine.Exec(ctx, "SELECT 1") // fails in the database's own words
	})
	res, err := Execute(ctx, h.opts)
	if res.Exit != 130 || lake.CodeOf(err) != lake.Interrupted {
		t.Errorf("exit %d, %v", res.Exit, err)
	}
	if got := tree(t, h.opts.Lake.Path("data/client_link")); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
	s, err := h.opts.Lake.Summary("000001")
	if err != nil || s.State != lake.RunFailed {
		t.Errorf("the ledger says %+v, %v", s, err)
	}
	h.opts.Stages = toyStages()
	h.night(2, Committed, 0)
	h.sound()
}

func TestInvariant(t *testing.T) {
	h := newHouse(t)
	h.opts.Invariants = []Invariant{MustBeEmpty("every request has a client",
		"SELECT 1 FROM latest_request AS q LEFT JOIN client_link AS l ON l.record_id = q.request_id WHERE l.client_id IS NULL")}
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	h.deliver("clinic", "b.csv", "2,lock", "3,lock")
	h.swap("link", func(_ context.Context, r *Run) error {
		return Write(r, table.ClientLinks, []table.ClientLink{{RecordID: "clinic/1", ClientID: 1, Since: 1}})
	})
	o := h.opts
	o.AsOf = day(3)
	res, err := Execute(context.Background(), o)
	if res.Exit != 1 || err == nil || !strings.Contains(err.Error(), `"every request has a client": broken by 2 rows`) {
		t.Errorf("exit %d, %v", res.Exit, err)
	}
	if h.head().Snapshot != 1 || len(tree(t, h.opts.Inbox)) != 1 {
		t.Error("a broken invariant was committed")
	}
	h.opts.Stages = toyStages()
	h.opts.Stages[1].Version++ // a stage that is mended says so; its sealed work is not taken again
	h.night(3, Committed, 0)

	h.deliver("clinic", "c.csv", "4,lock")
	h.opts.Invariants = []Invariant{{Name: "never", Check: func(_ context.Context, r *Run) error {
		if len(r.Files("request")) != 3 || len(r.PriorFiles("request")) != 2 || len(r.Figures()) != 3 {
			t.Errorf("the invariant sees %v, before %v", r.Files("request"), r.PriorFiles("request"))
		}
		return errors.New("it is so")
	}}}
	h.night(4, Failed, 1)
}

func TestSealedDamageIsNotAdopted(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.opts.UpTo = "report"
	h.night(2, Sealed, 0)
	for _, path := range []string{h.opts.Lake.Path("data/client_link/000001/part-0000.parquet"), filepath.Join(building(h.opts.Out, "000001"), "run.html")} {
		data, err := os.ReadFile(path)
		if err == nil {
			data[len(data)/2] ^= 1
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	h.opts.UpTo = ""
	res := h.night(2, Committed, 0)
	if a, b, c := res.Stages[0].How, res.Stages[1].How, res.Stages[2].How; a != "adopted" || b != "run" || c != "run" {
		t.Errorf("ingest %s, link %s, report %s", a, b, c)
	}
	h.sound()
}

// TestDamagedLakeIsLeftAlone: a night on a lake that has lost a file ends before it begins.
func TestDamagedLakeIsLeftAlone(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	if err := os.Remove(h.opts.Lake.Path("data/client_link/000001/part-0000.parquet")); err != nil {
		t.Fatal(err)
	}
	h.night(3, Failed, 12)
	if runs, err := h.opts.Lake.Runs(); len(runs) != 1 || err != nil {
		t.Errorf("runs: %v, %v", runs, err)
	}
}

// TestLostOutputs: the finished outputs vanish between commit and publish; rolling back is the way out.
func TestLostOutputs(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	h.deliver("clinic", "b.csv", "2,lock")
	good := h.opts.Lake
	var err error
	h.opts.Lake, err = lake.Open(good.Dir(), lake.Options{Now: toyClock(), Point: func(name string) {
		if name == "ledger committed" {
			os.RemoveAll(building(h.opts.Out, "000002"))
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	h.night(3, Committed, 12)
	h.opts.Lake = good
	h.night(3, Failed, 12)
	if _, err := Rollback(context.Background(), h.opts, 1, "outputs lost"); err != nil {
		t.Fatal(err)
	}
	if res := h.night(3, Committed, 0); res.Snapshot != 4 || len(h.clients()) != 2 {
		t.Errorf("after the rollback: %+v", res)
	}
	h.sound()
}

// TestForeignOutputs: the outputs of another lake are never taken for this one's.
func TestForeignOutputs(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	foreign := filepath.Join(h.opts.Out, "000001", "regions", "north")
	if err := os.MkdirAll(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	h.night(2, Failed, 2)
	if err := os.RemoveAll(h.opts.Out); err != nil {
		t.Fatal(err)
	}
	h.swap("report", func(ctx context.Context, r *Run) error {
		return errors.Join(toyReport(ctx, r), os.MkdirAll(foreign, 0o700))
	})
	h.night(2, Committed, 12)
	if _, err := os.Lstat(filepath.Join(h.opts.Out, "latest")); err == nil {
		t.Error("foreign outputs were published")
	}
	if err := os.RemoveAll(filepath.Join(h.opts.Out, "000001")); err != nil {
		t.Fatal(err)
	}
	h.night(2, NothingToDo, 0)
	h.sound()
}

// TestEveryTableSeals: what SQL writes of each table has the columns and types that sealing demands.
func TestEveryTableSeals(t *testing.T) {
	h := newHouse(t)
	h.opts.Stages = []Stage{{Name: "all", Run: func(ctx context.Context, r *Run) error {
		for _, t := range table.All() {
			if err := r.View(ctx, t); err != nil {
				return err
			}
			if n, err := r.Copy(ctx, t, "SELECT * FROM "+t.Name); err != nil || n != 0 {
				return fmt.Errorf("%s: %d rows, %w", t.Name, n, err)
			}
		}
		return nil
	}}}
	for _, t := range table.All() {
		h.opts.Stages[0].Writes = append(h.opts.Stages[0].Writes, t.Name)
	}
	h.night(2, Committed, 0)
	if n := len(h.head().Tables); n != len(table.All()) {
		t.Errorf("%d tables", n)
	}
	h.sound()
}

// TestKilledWhileSealing: a night that ends between two bundles is committed, and nobody sees its folder or a part of a
// bundle; the next run seals all and publishes. So it is with what withdraws older folders.
func TestKilledWhileSealing(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	broken := errors.New("killed")
	sealed, withdrawn := 0, 0
	h.opts.Bundles = Bundles{Made: func(string) ([]lake.File, error) { return nil, nil }, Seal: func(folder, _ string) ([]lake.File, error) {
		var files []lake.File
		if err := os.MkdirAll(filepath.Join(folder, "bundles"), 0o700); err != nil {
			return nil, err
		}
		for _, name := range []string{"bundles/a.zip.age", "bundles/b.zip.age"} {
			if sealed++; sealed == 2 {
				return nil, broken
			}
			path := filepath.Join(folder, name)
			if err := os.WriteFile(path, []byte("sealed"), 0o600); err != nil {
				return nil, err
			}
			f := lake.File{Path: name}
			var err error
			if f.Bytes, f.SHA256, err = lake.HashFile(path); err != nil {
				return nil, err
			}
			files = append(files, f)
		}
		return files, nil
	}}
	h.opts.Withdraw = func(*lake.Writer, *lake.Manifest, string) error {
		if withdrawn++; withdrawn == 1 {
			return broken
		}
		return nil
	}
	h.opts.AsOf = day(2)
	for attempt, visible := range []bool{false, true} {
		if _, err := Execute(context.Background(), h.opts); !errors.Is(err, broken) || attempt == 0 && lake.CodeOf(err) != lake.NeedsPerson {
			t.Fatalf("attempt %d: %v", attempt, err)
		}
		if exists(lake.OutFolder(h.opts.Out, 1)) != visible || exists(filepath.Join(h.opts.Out, "latest")) != visible {
			t.Errorf("attempt %d: the folder is there: %v", attempt, !visible)
		}
		m := h.head()
		if done, err := h.opts.Lake.IsPublished(m); done || err != nil || m.Snapshot != 1 {
			t.Errorf("attempt %d: snapshot %d, published %v, %v", attempt, m.Snapshot, done, err)
		}
	}
	h.night(2, NothingToDo, 0)
	if sealed != 4 || withdrawn != 2 {
		t.Errorf("%d bundles were sealed, %d withdrawals", sealed, withdrawn)
	}
	if done, err := h.opts.Lake.IsPublished(h.head()); !done || err != nil {
		t.Errorf("published %v, %v", done, err)
	}
	h.sound()
}
