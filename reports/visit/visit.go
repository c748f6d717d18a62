// Package visit counts what went wrong at visits, by clinic and vaccine group: missed opportunities, which are vaccines that
// were due and were not given, and doses that are not valid, by reason.
//
// Only vaccination visits count, because the registry sees no others. A visit is its clinic's: the first, by id, of those that
// report to have given a dose on the day. Figures are for the registry and whoever it tells, whatever their size.
package visit

import (
	"context"
	"embed"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/privacy"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// A Figure is a clinic's, or that of all clinics, for a vaccine group, or for all but those with seasons.
type Figure struct {
	Level   string `col:"level"`
	Clinic  string `col:"clinic"` // of one clinic: its id
	Group   string `col:"vaccine_group"`
	Visits  int64  `col:"visits"`  // on which the group was due; all: any group
	Missed  int64  `col:"missed"`  // of them, on which it was not given; all: one at least was not
	Refused int64  `col:"refused"` // of those, where the family had refused it; all: each that was not given
}

// Levels of figures: of one clinic, of the visits on which nobody reports to have given a dose, and of all visits.
const (
	OneClinic  = "clinic"
	NoClinic   = "no clinic"
	AllClinics = "all clinics"
)

// Missed counts the visits of a span of days. The engine knows visit_group of the night; hidden are those who may be in no
// figure.
func Missed(ctx context.Context, e *engine.Engine, since, until table.Date, hidden []int64) ([]Figure, error) {
	if err := privacy.HidePeople(ctx, e, hidden); err != nil {
		return nil, err
	}
	return engine.Rows[Figure](ctx, e, queries.Get("missed", "since", since, "until", until,
		"one", OneClinic, "none", NoClinic, "all", AllClinics))
}
