package pipeline

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/table"
)

// stateChange is what one night of TestChangesAreReadAsWritten does to a state.
type stateChange struct {
	owners []int64
	rows   []table.DoseDoubt
}

// TestChangesAreReadAsWritten: a state that is changed owner by owner over many nights reads, in the
// engine, in Go and by looking up, as a map that is changed in the same way; gathering changes nothing.
func TestChangesAreReadAsWritten(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 7))
			if seed%2 == 1 {
				defer lowerLimits()()
			}
			h := newHouse(t)
			var tonight stateChange
			h.opts.Stages = append(toyStages()[:1:1], Stage{Name: "doses", Version: 1, Reads: []string{"request"}, Prior: []string{"dose_doubt"},
				Writes: []string{"dose_doubt"}, Dated: true, Run: func(ctx context.Context, r *Run) error { return tonight.write(ctx, r) }})
			want := map[int64][]table.DoseDoubt{}
			for night := range 14 {
				tonight = randomChange(rng, night)
				for _, id := range tonight.owners {
					delete(want, id)
				}
				for _, row := range tonight.rows {
					want[row.ClientID] = append(want[row.ClientID], row)
				}
				h.night(2+night, Committed, 0)
				checkState(t, h, want)
			}
			h.sound()
		})
	}
}

func randomChange(rng *rand.Rand, night int) stateChange {
	var c stateChange
	for id := range int64(40) {
		if night > 0 && rng.IntN(5) > 0 {
			continue
		}
		c.owners = append(c.owners, id)
		for n := range rng.IntN(4) {
			c.rows = append(c.rows, table.DoseDoubt{ImmunizationID: fmt.Sprintf("%d/%d/%d", id, night, n), OtherID: "o", ClientID: id, Reason: "r"})
		}
	}
	if night%5 == 4 {
		c = stateChange{} // nothing changes
	}
	return c
}

func (c stateChange) write(ctx context.Context, r *Run) error {
	var keys []table.ScheduleLine // any table with a number will do
	for _, id := range c.owners {
		keys = append(keys, table.ScheduleLine{Line: int32(id), Text: "t"})
	}
	if err := engine.Load(ctx, r.Engine, "key", keys); err != nil {
		return err
	}
	if err := engine.Load(ctx, r.Engine, "doubt", c.rows); err != nil {
		return err
	}
	return r.Replace(ctx, table.DoseDoubts, "SELECT line FROM key", "SELECT * FROM doubt")
}

func checkState(t *testing.T, h *house, want map[int64][]table.DoseDoubt) {
	t.Helper()
	var all []string
	for _, rows := range want {
		for _, r := range rows {
			all = append(all, fmt.Sprintf("%+v", r))
		}
	}
	slices.Sort(all)
	m := h.head()
	files := h.opts.Lake.Files(m, "dose_doubt")
	var scanned []string
	if err := table.Scan(files, func(r *table.DoseDoubt) error { scanned = append(scanned, fmt.Sprintf("%+v", *r)); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(scanned)
	if !slices.Equal(scanned, all) {
		t.Fatalf("snapshot %d: scanned %d rows, expected %d", m.Snapshot, len(scanned), len(all))
	}
	e, err := engine.Open(context.Background(), engine.Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	queried, err := engine.Rows[table.DoseDoubt](context.Background(), e, engine.FilesSQL(table.DoseDoubts, files))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, r := range queried {
		texts = append(texts, fmt.Sprintf("%+v", r))
	}
	slices.Sort(texts)
	if !slices.Equal(texts, all) {
		t.Fatalf("snapshot %d: the engine reads %d rows, expected %d", m.Snapshot, len(texts), len(all))
	}
	if n := lake.Rows(m.Tables["dose_doubt"]); n != int64(len(all)) {
		t.Fatalf("snapshot %d: the manifest counts %d rows, expected %d", m.Snapshot, n, len(all))
	}
	ids := slices.Collect(maps.Keys(want))
	found := 0
	if err := table.Find(files, "client_id", ids, func(*table.DoseDoubt) error { found++; return nil }); err != nil || found != len(all) {
		t.Fatalf("snapshot %d: looking up found %d rows, expected %d (%v)", m.Snapshot, found, len(all), err)
	}
}

// TestDamageEndsTheNight: a bit flipped in any file that a stage reads ends the night with the file's
// name before anything is derived from it.
func TestDamageEndsTheNight(t *testing.T) {
	h := newHouse(t)
	h.opts.Invariants = []Invariant{MustBeEmpty("no two links of a record", "SELECT 1 FROM client_link GROUP BY record_id HAVING count(*) > 1")}
	for i, line := range []string{"1,lock", "2,lock", "3,opt_out"} {
		h.deliver("clinic", fmt.Sprintf("%d.csv", i), line)
		h.night(2+i, Committed, 0)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	for name, files := range h.head().Tables {
		for _, f := range files {
			path := h.opts.Lake.Path(f.Path)
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				spoilt := slices.Clone(whole)
				spoilt[rng.IntN(len(spoilt))] ^= 1 << rng.IntN(8)
				if err := os.WriteFile(path, spoilt, 0o600); err != nil {
					t.Fatal(err)
				}
				o := h.opts
				o.AsOf = day(9)
				before := h.head().Snapshot
				res, err := Execute(context.Background(), o)
				if lake.CodeOf(err) != lake.Damaged || res.Exit != 12 || !strings.Contains(fmt.Sprint(err), f.Path) {
					t.Errorf("table %s, %s: %s, %v", name, f.Path, res.Outcome, err)
				}
				if h.head().Snapshot != before {
					t.Fatalf("table %s: a night was committed on a flipped bit", name)
				}
			}
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.night(9, Committed, 0)
	h.sound()
}
