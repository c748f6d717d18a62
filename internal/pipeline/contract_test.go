package pipeline

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"miic/internal/lake"
	"miic/internal/table"
)

func TestContract(t *testing.T) {
	nothing := func(context.Context, *Run) error { return nil }
	for name, stages := range map[string][]Stage{
		"reads what is not written yet": {{Name: "a", Reads: []string{"client"}, Run: nothing}, {Name: "b", Writes: []string{"client"}, Run: nothing}},
		"two writers":                   {{Name: "a", Writes: []string{"client"}, Run: nothing}, {Name: "b", Writes: []string{"client"}, Run: nothing}},
		"one name":                      {{Name: "a", Run: nothing}, {Name: "a", Run: nothing}},
		"no such table":                 {{Name: "a", Writes: []string{"chicken"}, Run: nothing}},
		"writes what it does not name": {{Name: "a", Writes: []string{"client"}, Run: func(_ context.Context, r *Run) error {
			return Write(r, table.ClientLinks, []table.ClientLink{})
		}}},
	} {
		h := newHouse(t)
		h.opts.Stages = stages
		if res, err := Execute(context.Background(), h.opts); err == nil || res.Exit != 1 {
			t.Errorf("%s: exit %d, %v", name, res.Exit, err)
		}
	}
	// A table that is read without being named would not be in the key.
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a stage read a table that its contract does not name")
			}
		}()
		b := newRun(Stage{Reads: []string{"client"}}, day(2), nil, Aside{})
		if b.Files("client"); b.AsOf != 0 {
			t.Error("a stage that is not dated sees a date")
		}
		b.Files("immunization")
	}()
	h := newHouse(t)
	h.opts.UpTo = "chicken"
	h.night(2, Failed, 2)
	h.opts.UpTo, h.opts.Inbox = "", filepath.Join(h.root, "nowhere")
	h.night(2, Failed, 2)
}

// TestNoClockInTheLake: nothing but ledger and lock tells a time, so two lakes that live
// the same nights at different times hold the same bytes elsewhere.
func TestNoClockInTheLake(t *testing.T) {
	var trees []map[string]string
	for _, year := range []int{2026, 2031} {
		h := newHouse(t)
		l, err := lake.Open(h.opts.Lake.Dir(), lake.Options{Now: func() time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }})
		if err != nil {
			t.Fatal(err)
		}
		h.opts.Lake = l
		h.deliver("clinic", "a.csv", "1,lock")
		h.night(2, Committed, 0)
		h.deliver("clinic", "b.csv", "2,lock")
		h.night(3, Committed, 0)
		all := tree(t, h.root)
		for path := range all {
			if path == "lake/LOCK" || strings.HasPrefix(path, "lake/runs/") {
				delete(all, path)
			}
		}
		trees = append(trees, all)
	}
	for path, body := range trees[0] {
		if trees[1][path] != body {
			t.Errorf("%s differs", path)
		}
	}
	if len(trees[0]) != len(trees[1]) || len(trees[0]) < 10 {
		t.Errorf("%d and %d files", len(trees[0]), len(trees[1]))
	}
}
