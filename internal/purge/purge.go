// Package purge removes a person from the lake, the archive and the output: every row, every copy of a delivery, every
// earlier snapshot. What stays is the request by which the person opted out (the stub, so that nobody is enrolled again
// who was purged), and ids in notices, disclosures and the history of ids.
//
// The promise: once the plan is on disk, the purge is finished, by this command or by the next writer, whenever it is
// killed. Before that nothing has changed.
package purge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/table"
)

// Options are where everything lies.
type Options struct {
	Engine   *engine.Engine
	Archive  string
	Out      string
	Verdicts string // of reviewers; may be empty
	Client   int64
	Operator string
	Reason   string
}

// Plan is what is to be done; it lies in the lake until that is done.
type Plan struct {
	Archive, Out, Verdicts string
	Person                 person
	Manifest               *lake.Manifest
	Run                    string
	Rows                   map[string]int64
	Rewritten              map[string]string
}

// Run purges a person. The caller holds the lock.
func Run(ctx context.Context, w *lake.Writer, o Options) (*Plan, error) {
	head, err := w.Head()
	if err != nil {
		return nil, err
	}
	if head == nil {
		return nil, lake.Errorf(lake.NoLake, "the lake has no snapshot")
	}
	if done, err := w.IsPublished(head); err != nil || !done {
		return nil, errors.Join(err, lake.Errorf(lake.Usage, "snapshot %d is not published yet: run `miic nightly` first", head.Snapshot))
	}
	for _, t := range table.All() {
		if err := w.Prove(ctx, t.Name, head.Tables[t.Name]); err != nil {
			return nil, err
		}
	}
	p, err := find(ctx, w, head, o)
	if err != nil {
		return nil, err
	}
	if err := w.Claim(lake.Event{Kind: "purge", Parent: head.Snapshot, Snapshot: head.Snapshot + 1, AsOf: head.AsOf,
		Operator: o.Operator, Text: o.Reason}); err != nil {
		return nil, err
	}
	plan := &Plan{Archive: o.Archive, Out: o.Out, Verdicts: o.Verdicts, Person: *p, Run: w.Run, Rows: map[string]int64{}}
	if plan.Manifest, err = without(ctx, w, head, o, plan); err != nil {
		_ = w.Append(w.Run, lake.Event{Event: lake.RunFailed, Code: lake.CodeOf(err), Text: err.Error()})
		return nil, err
	}
	w.Point("purge planned")
	if err := w.StartPurge(plan); err != nil {
		return nil, err
	}
	w.Point("purge begun")
	return plan, finish(w, plan)
}

// Resume finishes the purge whose plan lies in the lake.
func Resume(w *lake.Writer) error {
	var plan Plan
	if begun, err := w.Purging(&plan); err != nil || !begun {
		return err
	}
	return finish(w, &plan)
}

// finish does what the plan says; all of it may have been done before.
func finish(w *lake.Writer, plan *Plan) error {
	head, err := w.Head()
	if err != nil {
		return err
	}
	if head == nil || head.Snapshot < plan.Manifest.Snapshot {
		if err := w.Commit(plan.Manifest); err != nil {
			return err
		}
	}
	w.Point("purge committed")
	for _, step := range []func() error{
		func() error { return publish(w, plan) },
		func() error {
			_, err := w.Prune(lake.PruneOptions{Nights: 1, Out: plan.Out})
			return err
		},
		func() error { return emptyOut(plan.Out) },
		func() error { return rewriteArchive(w, plan) },
		func() error { return dropVerdicts(plan.Verdicts, plan.Person.Records) },
		func() error { return w.Redact(plan.Person.Records) },
		func() error {
			return w.EndPurge(plan.Run, plan.Manifest.Snapshot, lake.PurgeOf{Client: plan.Person.Client, Rows: plan.Rows,
				Rewritten: plan.Rewritten})
		},
	} {
		if err := step(); err != nil {
			return fmt.Errorf("purge: %w; the next command goes on with it", err)
		}
		w.Point("purge step")
	}
	return nil
}

// publish withdraws what lies under out/: the snapshot has no outputs, as after a rollback.
func publish(w *lake.Writer, plan *Plan) error {
	if err := os.Remove(filepath.Join(plan.Out, "latest")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	done, err := w.IsPublished(plan.Manifest)
	if err != nil || done {
		return err
	}
	return w.Append(plan.Run, lake.Event{Event: lake.Published, Snapshot: plan.Manifest.Snapshot})
}

// emptyOut removes every folder of a night, of a held one, and of questions to be reviewed.
func emptyOut(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		if len(name) == 6 && strings.Trim(name, "0123456789") == "" || strings.HasPrefix(name, ".building-") ||
			strings.HasPrefix(name, "review") {
			err = errors.Join(err, os.RemoveAll(filepath.Join(out, name)))
		}
	}
	return err
}

// dropVerdicts takes the lines about a purged person's records out of the file of verdicts.
func dropVerdicts(path string, records []string) error {
	data, err := os.ReadFile(path)
	if path == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var kept []string
	for line := range strings.Lines(string(data)) {
		cells := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",\"\r\n", r) })
		if !slices.ContainsFunc(cells, func(c string) bool { return slices.Contains(records, c) }) {
			kept = append(kept, line)
		}
	}
	return replace(path, []byte(strings.Join(kept, "")))
}

// replace writes a file anew, whole or not at all.
func replace(path string, data []byte) error {
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return err
	}
	if err := lake.SyncFile(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return lake.SyncDir(filepath.Dir(path))
}
