package pipeline

import (
	"encoding/json"
	"fmt"
	"maps"

	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/table"
)

// Look is what a stage of the night after a snapshot would see if nothing were delivered: for questions about what it
// would do. Whatever is set in it is lost, and it has nowhere to write.
func Look(m *lake.Manifest, files func(table string) []string, e *engine.Engine, asOf table.Date, notes ...string) (*Run, error) {
	r := &Run{AsOf: asOf, Snapshot: m.Snapshot + 1, Engine: e, now: map[string][]string{}, counts: map[string]int64{},
		marks: map[string]int64{}, noteKinds: notes}
	maps.Copy(r.marks, m.Marks)
	for _, t := range table.All() {
		r.now[t.Name] = files(t.Name)
	}
	r.prior = r.now
	for _, s := range m.Stages {
		f := StageFigures{Stage: s.Name, Counts: s.Figures}
		if len(s.Notes) > 0 {
			if err := json.Unmarshal(s.Notes, &f.Notes); err != nil {
				return nil, fmt.Errorf("notes of stage %s: %w", s.Name, err)
			}
		}
		r.figures = append(r.figures, f)
	}
	return r, nil
}
