package pipeline

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"miic/internal/lake"
	"miic/internal/table"
)

// TestRandomHistories leads lakes through random lives of nights, crashes, rollbacks and prunes; the
// seed is the whole input. History only grows: no request that was committed is ever gone, no id is
// ever given to a second record, no mark falls, and the lake is sound after every step.
func TestRandomHistories(t *testing.T) {
	soak := openSoak(t, "histories", max(1, crashRounds()/5))
	for round := soak.Done; round < soak.Rounds && !t.Failed(); round++ {
		t.Run(strconv.Itoa(round), func(t *testing.T) { randomHistory(t, soak.chance(round)) })
		if !t.Failed() {
			soak.finish(t, round)
		}
	}
}

func randomHistory(t *testing.T, rng *rand.Rand) {
	h := newHouse(t)
	ctx := context.Background()
	today, files := 2, 0
	owner := map[int64]string{}      // of each id ever given out
	requests := map[string]bool{}    // ever committed
	head, mark := int64(0), int64(0) // the highest ever seen
	crashAt := 0
	l, err := lake.Open(h.opts.Lake.Dir(), lake.Options{Now: toyClock(), Point: func(name string) {
		if name == "locked" { // only a killed process lets go of the lock here
			return
		}
		if crashAt--; crashAt == 0 {
			panic("crash at " + name)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	h.opts.Lake = l
	do := func(what string, deed func() error) {
		defer func() {
			if r := recover(); r != nil {
				what += ", " + fmt.Sprint(r)
			}
			crashAt = 0
			t.Log(what)
			report, err := l.Check(ctx, lake.CheckOptions{Data: true, Out: h.opts.Out})
			if err != nil || report.Err() != nil {
				t.Fatalf("%s: check: %v, %+v", what, err, report)
			}
			m, err := l.Head()
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if m == nil {
				return
			}
			if m.Snapshot < head || m.Marks["client_id"] < mark {
				t.Fatalf("%s: HEAD went from %d to %d, the mark from %d to %d", what, head, m.Snapshot, mark, m.Marks["client_id"])
			}
			head, mark = m.Snapshot, m.Marks["client_id"]
			for record, id := range h.clients() {
				if was, ok := owner[id]; ok && was != record {
					t.Fatalf("%s: id %d was %s's and is now %s's", what, id, was, record)
				}
				owner[id] = record
			}
			now := map[string]bool{}
			for _, f := range m.Tables["request"] {
				if err := table.Scan([]string{l.Path(f.Path)}, func(q *table.Request) error { now[q.RequestID] = true; return nil }); err != nil {
					t.Fatal(err)
				}
			}
			for id := range requests {
				if !now[id] {
					t.Fatalf("%s: request %s is gone", what, id)
				}
			}
			requests = now
		}()
		if err := deed(); err != nil {
			what += ": " + err.Error()
		}
	}
	night := func() error {
		o := h.opts
		o.AsOf = day(today)
		res, err := Execute(ctx, o)
		if err != nil && res.Exit != 2 {
			t.Fatalf("a night failed: %v", err)
		}
		return err
	}
	for step := range 14 {
		switch n := rng.IntN(10); {
		case n < 4:
			today += rng.IntN(2)
			files++
			h.deliver("clinic", fmt.Sprintf("%d.csv", files), fmt.Sprintf("%d,lock", rng.IntN(30)), fmt.Sprintf("%d,opt_out", 100+files))
			do("night", night)
		case n < 6:
			files++
			h.deliver("clinic", fmt.Sprintf("%d.csv", files), fmt.Sprintf("%d,lock", 100+files))
			crashAt = 1 + rng.IntN(30)
			do("night", night)
		case n < 8:
			to := int64(1 + rng.IntN(max(1, int(head))))
			crashAt = rng.IntN(12)
			do(fmt.Sprintf("rollback to %d", to), func() error { _, err := Rollback(ctx, h.opts, to, "test"); return err })
		case n < 9:
			do("prune", func() error {
				w, err := l.Lock()
				if err != nil {
					return err
				}
				defer w.Unlock()
				_, err = w.Prune(lake.PruneOptions{Nights: 2, Out: h.opts.Out})
				return err
			})
		default:
			today++
			h.opts.UpTo = "link"
			do("up to link", night)
			h.opts.UpTo = ""
		}
		if t.Failed() {
			t.Fatalf("step %d", step)
		}
	}
	today++
	do("the last night", night)
	if got := tree(t, h.opts.Inbox); len(got) > 0 {
		t.Errorf("left in the inbox: %v", got)
	}
	if target, err := os.Readlink(filepath.Join(h.opts.Out, "latest")); err != nil || target != fmt.Sprintf("%06d", head) {
		t.Errorf("latest points at %s, HEAD is %d (%v)", target, head, err)
	}
}
