// Package linkage makes people of records and real doses of reported ones.
//
// It promises: one person for the records that the evidence puts together, by a Fellegi–Sunter model
// that is a file; twins with different birth orders, and records with different birth certificates,
// are never put together by the machine; an id never moves without a row that gives the reason; a night
// compares only what is new or changed; a restriction that anybody asked for governs the person it
// names, through merges and splits, from the night it arrives; and a death certificate that may be
// somebody's stops their mail at once, but makes them deceased only if it is surely theirs.
//
// The way of a record: package standard writes it in linkage form with its blocking keys; match finds the pairs
// that meet a rule, grades them on coded records and weighs each between same person, born together, same family
// and stranger; cluster puts records into persons by average linkage under hard constraints, and keeps their ids;
// survive chooses the best-known demographics and keeps what else was reported; dedupe finds the real doses; review
// explains, and asks people what the machine does not decide; evaluate measures. Each knows only those named before
// it. This package runs them as the steps of a night, over tables and SQL.
package linkage

import (
	"cmp"
	"fmt"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
)

// Config is the stage's part of the configuration.
type Config struct {
	Model    string `yaml:"model"`    // model file; empty for the built-in one
	Counties string `yaml:"counties"` // CSV of fips, name, region; empty for the built-in table of Minnesota
	Verdicts string `yaml:"verdicts"` // of reviewers, kept by 'miic review import'; a file that is not there has none

	// Population is how many people may have records here, in round numbers: those of the state, also where a pilot has
	// begun with one clinic. The fewer they are, the likelier it is that two records that agree are of one person.
	Population int `yaml:"population"`

	Settled []table.Settlement `yaml:"-"` // operators' decisions about requests, of each the newest
}

// DefaultPopulation is that of a state of middling size, of the ages that an immunization registry mostly holds.
const DefaultPopulation = 1_000_000

// Validate checks what the types cannot.
func (c *Config) Validate() error {
	if c.Population < 0 || c.Population > 1<<40 {
		return fmt.Errorf("linkage: population %d: give the number of people of the state, such as %d; without the "+
			"setting it is that", c.Population, DefaultPopulation)
	}
	return nil
}

// Stage is the stage "link".
func Stage(cfg Config) pipeline.Stage {
	cfg.Population = cmp.Or(cfg.Population, DefaultPopulation)
	model, err := match.Load(cfg.Model)
	return pipeline.Stage{
		Name:    "link",
		Version: 17,
		Reads: names(table.ClientRecords, table.VaccinationEvents, table.Requests, table.Deaths, table.Batches,
			table.Affirmations, table.NoticeResults),
		Prior: names(table.StandardRecords, table.ScoredPairs, table.ReviewItems, table.ClientLinks, table.Clients,
			table.ClientHistories, table.Restrictions, table.Settlements, table.DeathMatches,
			table.Immunizations, table.ImmunizationSources, table.DoseDoubts),
		Writes: names(table.StandardRecords, table.ScoredPairs, table.ReviewItems, table.ClientLinks, table.Clients,
			table.ClientHistories, table.ClientChanges, table.Restrictions, table.Settlements, table.DeathMatches, table.AccessMatches,
			table.Immunizations, table.ImmunizationSources, table.DoseDoubts, table.Doubts, table.JoinedDoses),
		Config: stageKey(cfg, model),
		Run:    (&stage{cfg: cfg, model: model, err: err}).run,
	}
}

func names(tables ...*table.Table) []string {
	out := make([]string, len(tables))
	for i, t := range tables {
		out[i] = t.Name
	}
	return out
}
