// Package mailing writes what the campaign has decided: two files of letters and a summary for each region, and
// the state's summary.
//
//	regions/<region>/reminder.csv   people with a dose recommended by the end of the reminder's window
//	regions/<region>/recall.csv     people with a dose past due by the recall's grace
//	regions/<region>/summary.csv    candidates, mailed, of them in review, excluded by each reason, not called by each reason
//	state/summary.csv               the same for every region and the state
//
// One row of a file of letters is one person, with one notice and one disclosure.
package mailing

import (
	"embed"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/reports/campaign"
	"miic/reports/recipient"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what a site's letters say and where they go.
type Config struct {
	Regions []string          // in the order of the files; the last is of those who have none
	Clinics map[string]Clinic // by sender id: who signs the letters
	// by region, who receives its files tonight; a region of nobody's has none
	Recipients map[string]*recipient.Recipient `json:"-"`
}

// Clinic is what a letter has about the clinic that cares for a person.
type Clinic struct {
	Name  string
	Phone string
}

// Write writes the regions' files, the summaries, the notices and the disclosures.
func Write(r *pipeline.Run, c Config, plan *campaign.Plan) error {
	if err := writeLetters(r, c, plan); err != nil {
		return err
	}
	return writeSummaries(r, c, plan)
}
