package shell

import (
	"slices"
	"strings"

	"miic/internal/lake"
	"miic/internal/table"
)

// NightOf is the snapshot of the night of a day, as --as-of names it, or the last before it; 0, for HEAD, where none is named.
func NightOf(a *App, day string) (int64, error) {
	if day == "" {
		return 0, nil
	}
	if _, err := table.ParseDate(day); err != nil {
		return 0, UsageError("--as-of %q: %w", day, err)
	}
	_, l, err := OpenLake(a)
	if err != nil {
		return 0, err
	}
	entries, err := l.Log()
	if err != nil {
		return 0, err
	}
	return nightOf(day, entries)
}

// nightOf finds the newest night on or before a day among those that are there, HEAD first. One that may have been
// pruned is not replaced by an older one in silence.
func nightOf(day string, entries []*lake.Entry) (int64, error) {
	var nights []string
	for _, e := range entries {
		if !slices.Contains(nights, e.AsOf) {
			nights = append(nights, e.AsOf)
		}
	}
	if len(entries) > 0 && day > entries[0].AsOf {
		return 0, UsageError("the newest night is of %s: run 'miic nightly' for a later one, or name an earlier day with "+
			"--as-of", entries[0].AsOf)
	}
	for i, e := range entries {
		if e.AsOf > day {
			continue
		}
		if e.AsOf < day && i > 0 && entries[i-1].Snapshot > e.Snapshot+1 {
			break
		}
		return e.Snapshot, nil
	}
	if n := len(entries); n > 0 && entries[n-1].Snapshot == 1 && day < entries[n-1].AsOf {
		return 0, UsageError("no night had run by %s: the first is of %s; name it or a later day with --as-of", day, entries[n-1].AsOf)
	}
	return 0, UsageError("the night of %s is not there any more, it was pruned: ask about one of these, with --as-of: %s",
		day, strings.Join(nights, ", "))
}
