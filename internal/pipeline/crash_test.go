package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"miic/internal/delivery"
	"miic/internal/lake"
	"miic/internal/table"
	"miic/internal/testdata"
)

// The crash test kills a night at every point it passes and at random moments, and asks three
// things each time: is the lake sound, did every reader see the old or the new night whole, and does
// the rerun commit what an undisturbed night commits.

// TestMain lets the test binary be the night that is killed.
func TestMain(m *testing.M) {
	testdata.OneThread()
	if root := os.Getenv("MIIC_CRASH_CHILD"); root != "" {
		at, _ := strconv.Atoi(os.Getenv("MIIC_CRASH_AT"))
		crashChild(root, os.Getenv("MIIC_CRASH_DO"), at)
	}
	os.Exit(m.Run())
}

// lowerLimits makes every night gather what the one before has added, so that kills fall into that too.
func lowerLimits() (restore func()) {
	a, b, c := compactAt, changesAt, fewChanges
	compactAt, changesAt, fewChanges = 1, 0, 2
	return func() { compactAt, changesAt, fewChanges = a, b, c }
}

// crashChild does one thing and kills itself at the given point, counted from 1; 0 is never.
func crashChild(root, do string, at int) {
	lowerLimits()
	passed, swap := 0, do == "swap"
	if swap {
		do = "night"
	}
	o := toyOptions(root, func(string) {
		if passed++; passed == at {
			if swap {
				_ = replacements["renamed onto"](filepath.Join(root, "inbox", "clinic", "b.csv"), otherBytes)
			}
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	if err := crashDeeds[do](o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// crashDeeds are the things that write to a lake, each by name.
var crashDeeds = map[string]func(Options) error{
	"night": func(o Options) error {
		o.AsOf = day(3)
		_, err := Execute(context.Background(), o)
		return err
	},
	"rollback": func(o Options) error {
		_, err := Rollback(context.Background(), o, 1, "test")
		return err
	},
	"accept": func(o Options) error {
		_, err := Accept(context.Background(), o, "000003", "test")
		return err
	},
	"prune": func(o Options) error {
		w, err := o.Lake.Lock()
		if err != nil {
			return err
		}
		defer w.Unlock()
		_, err = w.Prune(lake.PruneOptions{Nights: 1, Out: o.Out})
		return err
	},
	"backout": func(o Options) error {
		b, err := crashBatch(o, "a.csv")
		if err != nil {
			return err
		}
		takeOut := Stage{Name: "ingest", Version: 1, Writes: []string{"batch", "request"}, Run: toyTakeOut(b.BatchID)}
		_, err = Backout(context.Background(), o, takeOut, b.BatchID, "test")
		return err
	},
	"release": func(o Options) error {
		b, err := crashBatch(o, "held.csv")
		if err != nil {
			return err
		}
		_, err = Decide(o, delivery.Release, []string{b.BatchID}, "test")
		return err
	},
	"upgrade": func(o Options) error {
		o.AsOf = day(4)
		res, err := Execute(context.Background(), o)
		if err == nil && res.Outcome != Committed {
			err = fmt.Errorf("the upgrade night is %s", res.Outcome)
		}
		return err
	},
}

// crashBatch returns the delivery that is taken out or released.
func crashBatch(o Options, file string) (*table.Batch, error) {
	m, err := o.Lake.Head()
	if err != nil {
		return nil, err
	}
	var first *table.Batch
	err = table.Scan(o.Lake.Files(m, "batch"), func(b *table.Batch) error {
		if b.FileName == file {
			row := *b
			first = &row
		}
		return nil
	})
	if err == nil && first == nil {
		err = errors.New("no batch of " + file)
	}
	return first, err
}

// toyTakeOut takes a delivery's rows out of the logs.
func toyTakeOut(batch string) func(context.Context, *Run) error {
	return func(_ context.Context, r *Run) error {
		for _, path := range slices.Clone(r.Files("request")) {
			var stay []table.Request
			found := false
			if err := table.Scan([]string{path}, func(q *table.Request) error {
				if found = found || q.BatchID == batch; q.BatchID != batch {
					stay = append(stay, *q)
				}
				return nil
			}); err != nil {
				return err
			}
			if !found {
				continue
			}
			if err := r.Drop(table.Requests, path); err != nil {
				return err
			}
			if len(stay) > 0 {
				if err := Write(r, table.Requests, stay); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// olderHead makes HEAD one of the first schema generation, as a program before this one wrote it.
func olderHead(t *testing.T, root string) {
	t.Helper()
	head := filepath.Join(root, "lake", "HEAD")
	text, err := os.ReadFile(head)
	if err != nil {
		t.Fatal(err)
	}
	id := string(text[:6])
	path := filepath.Join(root, "lake", "snapshots", id+".json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	older := strings.Replace(string(data), `"format": 2,`, `"format": 1,`, 1)
	older = strings.Replace(older, fmt.Sprintf("\n \"generation\": %d,", table.Generation), "", 1)
	if older == string(data) || strings.Contains(older, "generation") {
		t.Fatal("the manifest has no generation to take away")
	}
	sum := sha256.Sum256([]byte(older))
	for p, body := range map[string]string{path: older, head: id + " " + hex.EncodeToString(sum[:]) + "\n"} {
		if err := os.WriteFile(p, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// crashWorld makes a house after its first night, with the second night's files delivered.
func crashWorld(t *testing.T) string {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,opt_out", "2,lock")
	h.deliver("plan", "m.csv", "7,lock")
	h.night(2, Committed, 0)
	h.deliver("clinic", "b.csv", "2,lock", "3,lock")
	h.deliver("plan", "m.csv", "8,opt_out")
	h.deliver("plan", "n.csv", "8,opt_out", "9,seal")
	return h.root
}

func TestCrash(t *testing.T) {
	defer lowerLimits()()
	world := crashWorld(t)

	// The undisturbed night, which also tells the points that there are.
	var points []string
	calm := filepath.Join(t.TempDir(), "calm")
	copyTree(t, world, calm)
	o := toyOptions(calm, func(name string) { points = append(points, name) })
	o.AsOf = day(3)
	if res, err := Execute(context.Background(), o); err != nil || res.Outcome != Committed {
		t.Fatalf("the undisturbed night: %+v, %v", res, err)
	}
	m, err := o.Lake.Head()
	if err != nil {
		t.Fatal(err)
	}
	want := rows(t, o.Lake, m)

	// Each name once, then, as rounds allow, every point, then random moments.
	var first, later []int
	seen := map[string]bool{}
	for i, name := range points {
		if seen[name] {
			later = append(later, i+1)
		} else {
			first = append(first, i+1)
		}
		seen[name] = true
	}
	calmTime := time.Hour
	for range 3 {
		start := time.Now()
		runChild(t, copyOf(t, world), "night", 0, 0)
		calmTime = min(calmTime, time.Since(start))
	}

	plan := append(first, later...)
	soak := openSoak(t, "crash", max(crashRounds(), len(first)))
	rounds := soak.Rounds
	for round := soak.Done; round < rounds; round++ {
		rng := soak.chance(round)
		at, after := 0, time.Duration(0)
		if round < len(plan) && round < max(len(first), rounds*3/4) {
			at = plan[round]
		} else {
			after = calmTime*3/10 + time.Duration(rng.Int64N(int64(calmTime*8/10))) // the first part is the process starting
		}
		root := copyOf(t, world)
		stop := watch(t, root)
		name := fmt.Sprintf("round %d, killed after %s", round, after)
		if at > 0 {
			name = fmt.Sprintf("round %d, killed at point %d (%s)", round, at, points[at-1])
		}
		killed := runChild(t, root, "night", at, after)
		if at > 0 && !killed {
			t.Fatalf("%s: was not killed", name)
		}
		if rng.IntN(3) == 0 { // and the rerun is killed as well
			runChild(t, root, "night", 0, time.Duration(rng.Int64N(int64(calmTime))))
		}
		if killed {
			soak.count("kills")
		} else { // it was faster than thought: the machine's load changes
			calmTime = calmTime * 9 / 10
		}
		if afterCrash(t, name, root) == 1 {
			soak.count("kills before the commit")
		}
		res := rerun(t, name, root, want)
		for _, s := range res.Stages {
			if s.How == "adopted" {
				soak.count("reruns that adopted sealed work")
				break
			}
		}
		if seen, err := stop(); err != nil || seen == 0 {
			t.Fatalf("%s: a reader beside it (%d readings): %v", name, seen, err)
		}
		os.RemoveAll(root)
		if t.Failed() {
			return
		}
		soak.finish(t, round)
	}
	t.Logf("%d points of %d names, %d rounds: %v", len(points), len(first), rounds, soak.Seen)
	kills, old := soak.Seen["kills"], soak.Seen["kills before the commit"]
	adopted := soak.Seen["reruns that adopted sealed work"]
	if old == 0 || adopted == 0 || old == rounds || kills < rounds/2 {
		t.Error("the kills were too few or did not fall on both sides of the commit, or no work was adopted")
	}
}

// TestCrashOfCare kills the commands that care for a lake at every point they pass. What is left is
// sound, and doing it again, then the next night, ends as if nothing had happened.
func TestCrashOfCare(t *testing.T) {
	defer lowerLimits()()
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.deliver("clinic", "held.csv", "9,lock")
	h.night(2, Committed, 0)
	h.deliver("clinic", "b.csv", "2,lock")
	h.night(3, Committed, 0)
	h.deliver("clinic", "c.csv", "3,lock", "4,lock")
	h.opts.Brakes = []Brake{{Name: "clients", Figure: "link.clients", Rise: 10}}
	h.night(4, Held, 4)
	held := h.root
	older := copyOf(t, held)
	olderHead(t, older)

	// next runs the next night and returns what a reader then sees.
	next := func(root string) string {
		o := toyOptions(root, nil)
		o.AsOf = day(5)
		if res, err := Execute(context.Background(), o); err != nil || res.Outcome != Committed {
			t.Fatalf("the next night: %+v, %v", res, err)
		}
		m, err := o.Lake.Head()
		if err != nil {
			t.Fatal(err)
		}
		return rows(t, o.Lake, m)
	}
	for _, do := range []string{"rollback", "accept", "prune", "backout", "release", "upgrade"} {
		var points []string
		world := held
		if do == "upgrade" {
			world = older
		}
		calm := copyOf(t, world)
		if err := crashDeeds[do](toyOptions(calm, func(name string) { points = append(points, name) })); err != nil {
			t.Fatalf("%s: %v", do, err)
		}
		want := next(calm)
		for i, point := range points {
			name := fmt.Sprintf("%s, killed at point %d (%s)", do, i+1, point)
			root := copyOf(t, world)
			if !runChild(t, root, do, i+1, 0) {
				t.Fatalf("%s: was not killed", name)
			}
			o := toyOptions(root, nil)
			sound := func(when string) {
				r, err := o.Lake.Check(context.Background(), lake.CheckOptions{Data: true, Out: o.Out})
				if err != nil || r.Err() != nil {
					t.Fatalf("%s: check %s: %v, %+v", name, when, err, r)
				}
			}
			sound("after the kill")
			head, err := o.Lake.Head()
			if err != nil {
				t.Fatal(err)
			}
			if do == "prune" || head.Snapshot == 2 { // not done yet: again
				err := crashDeeds[do](o)
				released := do == "release" && lake.CodeOf(err) == lake.Usage // it is decided already
				if err != nil && !released {
					t.Fatalf("%s: again: %v", name, err)
				}
				sound("after doing it again")
			}
			if got := next(root); got != want {
				t.Fatalf("%s: the next night holds\n%s\nwant\n%s", name, got, want)
			}
		}
		t.Logf("%s: %d points", do, len(points))
	}
}
