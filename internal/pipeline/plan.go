package pipeline

import (
	"context"
	"fmt"
	"syscall"

	"miic/internal/lake"
	"miic/internal/table"
)

// isWork decides whether tonight is a night of its own. It is when a file has arrived, when the date
// is later than HEAD's, when a stage's version, configuration or input differs from HEAD's, or when HEAD
// is of an earlier schema generation. A date before HEAD's has no night: a file delivered then cannot be placed.
func (n *night) isWork() (bool, error) {
	n.result.Outcome = NothingToDo
	if err := n.plausible(); err != nil {
		n.result.Outcome = Failed
		return false, err
	}
	arrived := n.arrived()
	if n.head == nil {
		n.result.Outcome = Failed
		return true, nil
	}
	if n.AsOf.String() < n.head.AsOf {
		if arrived {
			n.result.Outcome = Failed
			return false, lake.Errorf(
				lake.Usage,
				"the as-of date %s lies before %s, the date of snapshot %d, and new files are in the inbox: use that date or a later one; if the snapshot's date is wrong, go back with 'miic lake rollback'",
				n.AsOf,
				n.head.AsOf,
				n.head.Snapshot,
			)
		}
		return false, nil
	}
	work := arrived || n.AsOf.String() > n.head.AsOf || n.upgrades()
	for i := 0; i < len(n.Stages) && !work; i++ {
		same, err := n.sameAsHead(i)
		if err != nil {
			return false, err
		}
		work = !same
		if n.Stages[i].Name == n.UpTo {
			break
		}
	}
	if work {
		n.result.Outcome = Failed
	}
	return work, nil
}

// mostDays is how far a night's date may lie after HEAD's without a person's word: longer than any holiday, shorter than
// what a clock is wrong by when it has lost its battery.
const mostDays = 45

// plausible refuses a date that would make everybody too old, and every true night after it one before HEAD's.
func (n *night) plausible() error {
	far := ""
	switch {
	case n.ForceDate != "":
	case n.Today != 0 && n.AsOf > n.Today+1:
		far = fmt.Sprintf("is later than tomorrow (today is %s by this machine's clock)", n.Today)
	case n.head != nil:
		last, err := n.head.Date()
		if err != nil {
			return err
		}
		if n.AsOf > last+mostDays {
			far = fmt.Sprintf("is %d days after %s, the date of snapshot %d", n.AsOf-last, last, n.head.Snapshot)
		}
	}
	if far == "" {
		return nil
	}
	return lake.Errorf(lake.Usage, "the as-of date %s %s: look at the clock and at --as-of. Ages, due dates and letters "+
		"would be of that day, and no night before it could follow. If it is right: --force-date --reason \"…\"", n.AsOf, far)
}

// arrived reports whether the inbox holds anything that HEAD's night has not seen. What it could not
// read is still lying there and is not new.
func (n *night) arrived() bool {
	seen := map[lake.Delivered]bool{}
	if n.head != nil {
		for _, d := range n.head.Inbox {
			seen[d] = d.Err != ""
		}
	}
	for _, d := range delivered(n.inbox) {
		if !seen[d] {
			return true
		}
	}
	return n.strayGone()
}

// sameAsHead reports whether stage i, given HEAD's tables and nothing new in the inbox, has the key it
// had in HEAD.
func (n *night) sameAsHead(i int) (bool, error) {
	s := n.Stages[i]
	was := headStage(n.head, s.Name)
	if was == nil || was.Key == "" {
		return false, nil
	}
	figures := n.keyFigures(i, headFigures(n.head, s.Name))
	key, err := stageKey(s, n.AsOf, n.head.Tables, nil, n.aside, figures)
	if s.Inbox {
		return key == was.After, err
	}
	return key == was.Key, err
}

func headStage(m *lake.Manifest, name string) *lake.Stage {
	if m == nil {
		return nil
	}
	for i := range m.Stages {
		if m.Stages[i].Name == name {
			return &m.Stages[i]
		}
	}
	return nil
}

// headFigures are the figures that a stage of HEAD was given: those of the stages before it.
func headFigures(m *lake.Manifest, stage string) []StageFigures {
	var list []StageFigures
	for _, s := range m.Stages {
		if s.Name == stage {
			break
		}
		list = append(
			list,
			StageFigures{Stage: s.Name, Counts: s.Figures, Notes: decodeNotes(s.Notes), out: lake.Digest(s.Out)},
		)
	}
	return list
}

// spaceFactor is how many bytes a night may need for each byte delivered: the lake's own files, what
// is derived from them, the outputs and room to spill.
const spaceFactor = 8

var testOnlyFree func(dir string) (uint64, error)

// room refuses a night that the disk has no room for, before the deliveries are copied.
func (n *night) room(bytes int64) error {
	if bytes == 0 {
		return nil
	}
	return n.enough((spaceFactor + 1) * bytes)
}

// preflight refuses a night that the disk has no room for, before it has written anything.
func (n *night) preflight() error {
	var need int64
	for _, d := range n.inbox {
		need += spaceFactor * d.Bytes
	}
	if n.head != nil {
		for name, files := range n.head.Tables {
			if t := table.Get(name); t != nil && t.Kind == table.State {
				need += lake.Bytes(files) // rewritten whole
			}
		}
	}
	return n.enough(need)
}

func (n *night) enough(need int64) error {
	free, err := freeBytes(n.w.Dir())
	if err != nil {
		return err
	}
	if free < uint64(need) {
		return lake.Errorf(
			lake.NoSpace,
			"the night may need %d MiB and %d MiB are free where the lake lies: free some, for instance with `miic lake prune`",
			need>>20+1,
			free>>20,
		)
	}
	return nil
}

func freeBytes(dir string) (uint64, error) {
	if testOnlyFree != nil {
		return testOnlyFree(dir)
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("free space: %w", err)
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}

// dryRun reports what a night would do, as far as that can be known without running it.
func (n *night) dryRun(ctx context.Context) (err error) {
	if n.head, err = n.Lake.Head(); err != nil {
		return err
	}
	if n.head != nil {
		if n.unmoved, err = n.Lake.Unmoved(n.head); err != nil {
			return err
		}
	}
	if err := n.readInbox(ctx); err != nil {
		return err
	}
	n.result.Files = len(n.inbox)
	if n.head != nil {
		n.result.Snapshot = n.head.Snapshot
	}
	work, err := n.isWork()
	if err != nil || !work {
		return err
	}
	n.result.Outcome, n.result.Snapshot = DryRun, n.parent()+1
	touched := map[string]bool{}
	for i, s := range n.Stages {
		same := false
		if n.head != nil && !(s.Inbox && n.arrived()) {
			if same, err = n.sameAsHead(i); err != nil {
				return err
			}
		}
		how := "run"
		if same {
			how = "reuse"
			for _, name := range s.Reads {
				if touched[name] {
					how = "if changed"
				}
			}
		}
		if how != "reuse" {
			for _, name := range s.Writes {
				touched[name] = true
			}
		}
		result := StageResult{Stage: s.Name, How: how}
		if s.Foresee != nil && how == "run" {
			r := newRun(s, n.AsOf, n.inbox, n.aside)
			r.Snapshot = n.parent() + 1
			if n.head != nil {
				r.prior = n.paths(n.head.Tables)
			}
			if err := s.Foresee(ctx, r); err != nil {
				return err
			}
			result.Notes = r.notes
		}
		n.result.Stages = append(n.result.Stages, result)
		if s.Name == n.UpTo {
			break
		}
	}
	return nil
}
