package pipeline

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"miic/internal/lake"
	"miic/internal/table"
)

// Invariant is a sentence that must be true of a night before it may be committed. A broken one
// fails the night and nobody can accept it by hand. Check has all tables and the outputs as they
// would be committed; its error carries numbers and ids, never a person's data.
type Invariant struct {
	Name  string
	SQL   string // a SELECT over all tables, logs also as latest_<name>, that must give no rows
	Check func(context.Context, *Run) error
}

// MustBeEmpty is an invariant in SQL: the SELECT gives no rows, over views of all tables; the newest
// versions of a log are latest_<name>, and what the parent held is prior_<name>.
func MustBeEmpty(name, sql string) Invariant { return Invariant{Name: name, SQL: sql} }

// audit checks every invariant; the first broken one fails the night.
func (n *night) audit(ctx context.Context) error {
	if len(n.Invariants) > 0 {
		r, err := n.auditRun(ctx)
		if err != nil {
			return err
		}
		for _, inv := range n.Invariants {
			if err := inv.check(ctx, r); err != nil {
				return fmt.Errorf("invariant %q: %w; nothing was committed", inv.Name, err)
			}
		}
	}
	return n.w.Append(n.w.Run, lake.Event{Event: lake.Audited})
}

func (inv Invariant) check(ctx context.Context, r *Run) error {
	if inv.SQL != "" {
		rows, err := r.Engine.Int(ctx, "SELECT count(*) FROM ("+inv.SQL+") AS breaches")
		if err != nil {
			return err
		}
		if rows > 0 {
			return fmt.Errorf("broken by %d rows", rows)
		}
	}
	if inv.Check != nil {
		return inv.Check(ctx, r)
	}
	return nil
}

// auditRun is a Run that may write nothing, with views of all tables if an invariant is in SQL.
func (n *night) auditRun(ctx context.Context) (*Run, error) {
	r := &Run{AsOf: n.AsOf, Snapshot: n.parent() + 1, Inbox: n.inbox, Scratch: n.w.Path(".scratch/stage"), outDir: building(n.Out, n.w.Run),
		now: n.paths(n.tables), marks: n.marks, counts: map[string]int64{}, figures: n.figures}
	if n.head != nil {
		r.prior = n.paths(n.head.Tables)
	}
	var err error
	if r.Engine, err = n.session(ctx); err != nil {
		return nil, err
	}
	needed := false
	for _, inv := range n.Invariants {
		needed = needed || inv.SQL != ""
	}
	if !needed {
		return r, nil
	}
	for _, t := range table.All() {
		if err := r.View(ctx, t); err != nil {
			return nil, err
		}
		if err := r.ViewPrior(ctx, t); err != nil {
			return nil, err
		}
		if t.Kind == table.Log {
			if err := r.ViewLatest(ctx, t); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// Brake stops a night whose figure moved further than a site thinks possible: the night is held, and
// a person accepts it with a reason or finds the fault. A limit of 0 is no limit. On the first night
// there is nothing to compare with and no brake works.
type Brake struct {
	Name   string  `json:"name"`
	Figure string  `json:"figure"` // stage.figure
	Of     string  `json:"of"`     // stage.figure to divide by: then the value is a share, in percent
	Rise   float64 `json:"rise"`   // most it may rise against the last snapshot: percent, or points of a share
	Fall   float64 `json:"fall"`   // most it may fall
	Most   float64 `json:"most"`   // most it may be, whatever it was
	Slack  float64 `json:"slack"`  // a change of up to this many never trips: small registries jump
}

func (n *night) brakes() []lake.Tripped {
	if n.head == nil {
		return nil
	}
	was, now := map[string]int64{}, map[string]int64{}
	for _, s := range n.head.Stages {
		for k, v := range s.Figures {
			was[s.Name+"."+k] = v
		}
	}
	for _, s := range n.stages {
		for k, v := range s.Figures {
			now[s.Name+"."+k] = v
		}
	}
	var tripped []lake.Tripped
	for _, b := range n.Brakes {
		if text := b.trips(was, now); text != "" {
			tripped = append(tripped, lake.Tripped{Brake: b.Name, Text: text})
		}
	}
	return tripped
}

// trips says why the brake stops the night, or nothing.
func (b Brake) trips(was, now map[string]int64) string {
	old, known := b.value(was)
	cur, told := b.value(now)
	if !told {
		return ""
	}
	unit, change := "", cur-old
	if b.Of != "" {
		unit = " %"
	}
	limit := func(l float64) float64 {
		if b.Of != "" {
			return l
		}
		return l / 100 * math.Max(math.Abs(old), 1)
	}
	text := ""
	switch {
	case b.Most > 0 && cur > b.Most:
		text = fmt.Sprintf("is %.4g%s, the limit is %.4g%s", cur, unit, b.Most, unit)
	case known && b.Rise > 0 && change > b.Slack && change > limit(b.Rise):
		text = fmt.Sprintf("rose from %.4g%s to %.4g%s, the limit is %.4g %s", old, unit, cur, unit, b.Rise, b.word())
	case known && b.Fall > 0 && -change > b.Slack && -change > limit(b.Fall):
		text = fmt.Sprintf("fell from %.4g%s to %.4g%s, the limit is %.4g %s", old, unit, cur, unit, b.Fall, b.word())
	}
	return text
}

func (b Brake) word() string {
	if b.Of != "" {
		return "points"
	}
	return "%"
}

func (b Brake) value(figures map[string]int64) (float64, bool) {
	v, ok := figures[b.Figure]
	if !ok || b.Of == "" {
		return float64(v), ok
	}
	of := figures[b.Of]
	if of == 0 {
		return 0, false
	}
	return 100 * float64(v) / float64(of), true
}

// compactAt is how many files a log may have before a night rewrites them into one. A test lowers it.
var compactAt = 32

// compact rewrites every log of many files into one, sorted. The rows stay the same, and so do the
// keys of the stages that read them.
func (n *night) compact(ctx context.Context) error {
	for _, t := range table.All() {
		files := n.tables[t.Name]
		if t.Kind != table.Log || len(files) <= compactAt {
			continue
		}
		e, err := n.session(ctx)
		if err != nil {
			return err
		}
		if err := e.View(ctx, "compacting", t, n.paths(n.tables)[t.Name]); err != nil {
			return err
		}
		dir := filepath.Join(n.w.Path("data"), t.Name, n.w.Run)
		one, err := n.compactInto(ctx, t, dir)
		if err != nil {
			return fmt.Errorf("compact table %s: %w", t.Name, err)
		}
		if one.Rows != lake.Rows(files) {
			return fmt.Errorf("compact table %s: %d rows became %d", t.Name, lake.Rows(files), one.Rows)
		}
		one.Stands = lake.Digest(files)
		n.tables[t.Name] = []lake.File{one}
		if err := n.w.Append(n.w.Run, lake.Event{Event: lake.Compacted, Tables: map[string][]lake.File{t.Name: {one}}}); err != nil {
			return err
		}
	}
	return nil
}

func (n *night) compactInto(ctx context.Context, t *table.Table, dir string) (lake.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return lake.File{}, err
	}
	path := filepath.Join(dir, "compact.parquet")
	if _, err := n.engine.Copy(ctx, t, "SELECT * FROM compacting", path); err != nil {
		return lake.File{}, err
	}
	f, err := n.w.Seal(t, path)
	if err != nil {
		return f, err
	}
	return f, n.w.SyncDirs([]lake.File{f})
}
