package pipeline

import (
	"context"
	"fmt"

	"miic/internal/lake"
	"miic/internal/table"
)

// Invariant is a sentence that must be true of a night before it may be committed. A broken one
// fails the night and nobody can accept it by hand. Check has all tables and the outputs as they
// would be committed; its error carries numbers and ids, never a person's data.
type Invariant struct {
	Name string
	SQL  string // a SELECT over all tables, logs also as latest_<name>, that must give no rows
	// Changes is asked instead of SQL on a night that changed the states Of owner by owner: what the parent
	// held has been proved, so it is enough to look at what is new. The owners are changed_<name>.
	Changes string
	Of      []*table.Table
	Check   func(context.Context, *Run) error
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
	e := lake.Event{Event: lake.Audited}
	if n.PeakMiB != nil {
		e.PeakMiB = n.PeakMiB()
	}
	return n.w.Append(n.w.Run, e)
}

func (inv Invariant) check(ctx context.Context, r *Run) error {
	if inv.SQL != "" {
		query, err := inv.query(ctx, r)
		if err != nil {
			return err
		}
		rows, err := r.Engine.Int(ctx, "SELECT count(*) FROM ("+query+") AS breaches")
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

// query returns the SELECT to ask tonight.
func (inv Invariant) query(ctx context.Context, r *Run) (string, error) {
	if inv.Changes == "" {
		return inv.SQL, nil
	}
	for _, t := range inv.Of {
		owners, ok := r.Changed(t)
		if !ok {
			return inv.SQL, nil
		}
		if err := r.Engine.Materialize(ctx, "changed_"+t.Name, owners); err != nil {
			return "", err
		}
	}
	return inv.Changes, nil
}

// auditRun is a Run that may write nothing, with views of all tables if an invariant is in SQL.
func (n *night) auditRun(ctx context.Context) (*Run, error) {
	r := &Run{
		AsOf:     n.AsOf,
		Snapshot: n.parent() + 1,
		Inbox:    n.inbox,
		Scratch:  n.w.Path(".scratch/stage"),
		outDir:   building(n.Out, n.w.Run),
		now:      n.paths(n.tables),
		marks:    n.marks,
		counts:   map[string]int64{},
		figures:  n.figures,
	}
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
	if err := n.proveAll(ctx); err != nil {
		return nil, err
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
