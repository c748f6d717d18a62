package linkage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
)

// stageKey is the part of the configuration that decides the result: the content of the files it names.
func stageKey(cfg Config, model *match.Model) any {
	key := struct {
		Model, Counties, Verdicts string
		Population                int
		Settled                   []table.Settlement `json:",omitempty"`
	}{Counties: contentKey(cfg.Counties), Verdicts: contentKey(cfg.Verdicts),
		Population: cfg.Population, Settled: cfg.Settled}
	if model != nil {
		key.Model = model.ID()
	}
	return key
}

// contentKey is a hash of a file's content; a file that is not named or not there has none.
func contentKey(path string) string {
	if path == "" {
		return ""
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ""
	case err != nil:
		return "unreadable"
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// stage is one run of the stage: its steps share what they find.
type stage struct {
	cfg   Config
	model *match.Model
	err   error

	r        *pipeline.Run
	e        *engine.Engine
	modelID  string
	counties *area.Table
	full     bool // every record is read again, not only tonight's
	matcher  *match.Matcher
	pseudo   string // the file of requests and deaths in linkage form

	rewritten bool // a delivery was taken out
	weighed   bool // earlier links are weighed anew: see weighAnew

	edges        []match.Edge // of tonight, between records
	requestEdges []match.Edge // of tonight, between a record and a request that restricts, or a death certificate
	accessEdges  []match.Edge // of tonight, between a record and a request for a record
	inside       []match.Edge // scored because clustering needed them
	changes      []table.ClientChange
	barredRIDs   map[int32]bool // records whose persons are left to people
	apart        openPairs      // persons of tonight who are surely two by all that their records report
	asked        []pairRow      // pairs below the bar of review that are asked about for what whole persons report

	deaths []deathMatch       // the persons who died, or may have, each with the record that shows it
	died   []table.DeathMatch // the same, as it is written

	sealed       seals
	restrictions []table.Restriction // in force, before doubtful persons are suppressed with them
	settled      map[string]*settled // requests of which an operator has decided whom they are about
	restricted   map[int64]int64     // who has opted out or is locked by them, and since which snapshot
}

func (s *stage) run(ctx context.Context, r *pipeline.Run) error {
	if s.err != nil {
		return s.err
	}
	s = &stage{cfg: s.cfg, model: s.model, r: r, e: r.Engine, modelID: s.model.ID()}
	s.counties = area.Default()
	if s.cfg.Counties != "" {
		var err error
		if s.counties, err = area.Load(s.cfg.Counties); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"read", s.views}, {"standardise", s.standardise}, {"verdicts", s.takeVerdicts}, {"compare", s.compare},
		{"cluster", s.cluster}, {"deaths", s.matchDeaths}, {"affected", s.affected}, {"restrict", s.restrict}, {"access", s.matchAccess},
		{"doses", s.doses}, {"people", s.people}, {"review", s.review}, {"history", s.history},
		{"doubts", s.doubts},
	} {
		r.Progress(step.name, 0, 0, "")
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("linkage: %s: %w", step.name, err)
		}
	}
	return nil
}

// eachGroup streams rows that come in the order of a key and calls fold with those of each key.
func eachGroup[T any, K comparable](ctx context.Context, e *engine.Engine, query string, key func(*T) K,
	fold func([]T) error) error {
	var held []T
	err := engine.Stream(ctx, e, query, func(row *T) error {
		if len(held) > 0 && key(&held[0]) != key(row) {
			if err := fold(held); err != nil {
				return err
			}
			held = held[:0]
		}
		held = append(held, *row)
		return nil
	})
	if err != nil || len(held) == 0 {
		return err
	}
	return fold(held)
}
