package privacy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

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

// unhindered are the files and folders under out/ that an unread file of requests does not hold back: they are about senders,
// the night and how records are linked, have what was published on an earlier day, which stays, or, as campaigns.html, say
// that nothing is counted. Everything else is taken to be about persons.
var unhindered = []string{"run.html", "coverage.html", "coverage", "coverage.csv", "coverage.parquet", "footnotes.csv",
	"campaigns.html", "senders.html", "senders.csv", "linkage.html", "linkage_weights.csv", "linkage_nights.csv", "linkage_questions.csv", "report_cards", "responses"}

func checkWithheld(ctx context.Context, r *pipeline.Run) error {
	unread, err := UnreadRequests(ctx, r)
	if err != nil || len(unread) == 0 {
		return err
	}
	name, err := aboutPersons(r.OutDir())
	if err == nil && name != "" {
		err = fmt.Errorf("%s is to be published although %d files of requests are unread", name, len(unread))
	}
	return err
}

// aboutPersons is the first of a night's outputs that is about persons, or counts them; empty where none is.
func aboutPersons(out string) (string, error) {
	outputs, err := os.ReadDir(out)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	for _, o := range outputs {
		if !slices.Contains(unhindered, o.Name()) {
			return o.Name(), nil
		}
	}
	return "", err
}
