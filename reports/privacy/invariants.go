package privacy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"miic/internal/pipeline"
)

// Invariants returns what must be true of people in the tables and outputs before a night may be committed.
func Invariants() []pipeline.Invariant {
	return []pipeline.Invariant{
		pipeline.MustBeEmpty("nobody who is opted out, locked or sealed appears in forecasts or reports",
			queries.Get("invariant_hidden")),
		pipeline.MustBeEmpty("nobody who wants no notices, has died or may have, gets one",
			queries.Get("invariant_contact")),
		pipeline.MustBeEmpty("every notice is disclosed once, in the file of the person's region",
			queries.Get("invariant_disclosed")),
		{Name: "nothing about persons is published while a file of requests is unread", Check: checkWithheld},
	}
}

// personOutputs are the files and folders under out/ that are about persons, or count them.
var personOutputs = []string{"bundles", "regions", "state", "registry", "clinics", "plans", "states", "coverage.csv", "coverage.parquet"}

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
