package privacy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"miic/internal/pipeline"
)

// Invariants returns what must be true of people in the tables and outputs before a night may be committed. In notes,
// the names of organisations are nobody's.
func Invariants(organisations []string) []pipeline.Invariant {
	return []pipeline.Invariant{
		pipeline.MustBeEmpty(nobodyHidden, queries.Get("invariant_hidden")),
		pipeline.MustBeEmpty(askedTonight, queries.Get("invariant_asked")),
		pipeline.MustBeEmpty(recordsGoverned, queries.Get("invariant_governed")),
		pipeline.MustBeEmpty(wantsNone, queries.Get("invariant_contact")),
		pipeline.MustBeEmpty(noticeDisclosed, queries.Get("invariant_disclosed")),
		pipeline.MustBeEmpty(disclosedOnce, queries.Get("invariant_once")),
		pipeline.MustBeEmpty(cameAgain, queries.Get("invariant_again")),
		pipeline.MustBeEmpty(byHash, queries.Get("invariant_delivery")),
		{Name: withheldUnread, Check: checkWithheld},
		{Name: notesUnnamed, Check: func(ctx context.Context, r *pipeline.Run) error { return checkNotes(ctx, r, organisations) }},
		{Name: ownersOnly, Check: checkModes},
	}
}

// personOutputs are the files and folders under out/ that are about persons, or count them.
var personOutputs = []string{"bundles", "newborns", "regions", "state", "registry", "clinics", "plans", "states", "records", "coverage.csv", "coverage.parquet"}

func checkWithheld(ctx context.Context, r *pipeline.Run) error {
	unread, err := UnreadRequests(ctx, r)
	if err != nil || len(unread) == 0 {
		return err
	}
	for _, name := range personOutputs {
		if _, err := os.Lstat(filepath.Join(r.OutDir(), name)); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s is to be published although %d files of requests are unread", name, len(unread))
		}
	}
	return nil
}
