package school

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/cmd/miic/shell"
	"miic/ingest/read"
	"miic/ingest/record"
	"miic/ingest/rule"
	"miic/internal/table"
)

// ReadRoster reads a roster as the night reads one that comes through the inbox. It returns the students and what is wrong with
// each line that was refused, or has a value that was left out; never anything of what stands in it.
func ReadRoster(ctx context.Context, c *shell.Config, path, layout string, day table.Date) ([]table.RosterEntry, []string, error) {
	layouts, err := read.Layouts(c.Layouts)
	if err != nil {
		return nil, nil, shell.UsageError("layouts: %w", err)
	}
	l := layouts[layout]
	if l == nil || l.Makes != "roster" {
		var names []string
		for name, l := range layouts {
			if l.Makes == "roster" {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return nil, nil, shell.UsageError("--layout %q is no layout of rosters: one of %s", layout, strings.Join(names, ", "))
	}
	work, err := os.MkdirTemp("", "miic-school-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(work)
	file := filepath.Base(path)
	result, err := record.Load(ctx, &record.File{Path: path, No: 1, BatchID: "roster", Snapshot: 1, Sender: "roster",
		Kind: "school", Layout: l, AsOf: day, Time: day.Midnight()}, work, 1)
	var refusal record.Refusal
	if errors.As(err, &refusal) {
		return nil, nil, shell.UsageError("roster %s: %s", file, refusal.Reason)
	}
	if err != nil {
		return nil, nil, err
	}
	var list []table.RosterEntry
	wrong := map[int64][]string{}
	for t, files := range result.Files {
		if t == record.StagedRejections {
			err = table.Scan(files, func(r *table.Rejected) error {
				where := ""
				if r.Field != "" {
					where = r.Field + ": "
				}
				wrong[r.Line] = append(wrong[r.Line], where+rule.Messages()[r.Rule])
				return nil
			})
		} else {
			err = table.Scan(files, func(e *table.RosterEntry) error { list = append(list, *e); return nil })
		}
		if err != nil {
			return nil, nil, err
		}
	}
	list = single(list, wrong)
	if len(list) == 0 {
		return nil, nil, shell.UsageError("roster %s: no line could be read as a student%s", file, first(file, wrong))
	}
	var faults []string
	for _, line := range slices.Sorted(maps.Keys(wrong)) {
		faults = append(faults, fmt.Sprintf("%s:%d: %s", file, line, strings.Join(wrong[line], "; ")))
	}
	return list, faults, nil
}

func first(file string, wrong map[int64][]string) string {
	for _, line := range slices.Sorted(maps.Keys(wrong)) {
		return fmt.Sprintf(": %s:%d: %s", file, line, wrong[line][0])
	}
	return ""
}

// single takes out students whose numbers come twice: once where both lines are the same, both where they differ, since
// the answer to such a number could be to either.
func single(students []table.RosterEntry, wrong map[int64][]string) []table.RosterEntry {
	type ids [6]string
	of := func(e *table.RosterEntry) ids {
		return ids{e.ListID1, e.ListID2, e.ListID3, e.ListID4, e.ListID5, e.ListID6}
	}
	firsts, differ := map[ids]int{}, map[ids]bool{}
	for i := range students {
		key := of(&students[i])
		if at, ok := firsts[key]; !ok {
			firsts[key] = i
		} else if students[at].ContentHash != students[i].ContentHash {
			differ[key] = true
		}
	}
	var list []table.RosterEntry
	for i := range students {
		e, key := &students[i], of(&students[i])
		switch {
		case differ[key]:
			wrong[e.Line] = append(wrong[e.Line], rule.Messages()["id_twice_differs"])
		case firsts[key] == i:
			list = append(list, *e)
		}
	}
	return list
}
