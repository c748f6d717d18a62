package linkage

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/linkage/match"
	"miic/linkage/review"
)

// A model's version is free text of whoever wrote the file: it is a value in every query, and never part of one.
func TestAModelMayHaveAnyVersion(t *testing.T) {
	m := match.Default()
	m.Version = "O'Brien"
	path := filepath.Join(t.TempDir(), "model.json")
	if err := os.WriteFile(path, m.Text(), 0o600); err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	for i, d := range registry(t, 300).split(2, func(i int) int { return i % 2 }) {
		o, err := b.Night(context.Background(), someNight, nil, d.ingest(nil), Stage(Config{Model: path}))
		if err != nil {
			t.Fatalf("night %d: %v", i+1, err)
		}
		if i == 1 && o.Counts["link.pairs_compared"] == 0 {
			t.Error("the second night compared nothing")
		}
	}
	for _, p := range scoredPairs(t, b) {
		if !strings.HasPrefix(p.Model, "O'Brien-") {
			t.Fatalf("a pair is stored under model %s", p.Model)
		}
	}
	e, err := engine.Open(context.Background(), engine.Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := review.NewExplainer(e, b.Files, m).Queue(context.Background()); err != nil {
		t.Errorf("the review queue: %v", err)
	}
}
