package evaluate_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"

	"miic/fixtures"
	"miic/ingest"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage"
	"miic/linkage/evaluate"
)

// TestSyntheticState links the first night of a synthetic state that the default model was not
// estimated on, and asks its truth.
func TestSyntheticState(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "state")
	options := fixtures.Options{Clients: 1500, Seed: 11, Nights: 1, Out: dir}
	if _, err := fixtures.Generate(ctx, options, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "miic.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Senders []ingest.Sender `yaml:"senders"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	const night = "2026-03-02"
	paths, err := filepath.Glob(filepath.Join(dir, "nights", night, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var lying []pipeline.Delivery
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		lying = append(lying,
			pipeline.Delivery{File: inbox.File{Sender: filepath.Base(filepath.Dir(p)), Name: filepath.Base(p), Path: p,
				Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}})
	}
	b, err := pipeline.NewBench(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	asOf, err := table.ParseDate(night)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Night(ctx, asOf, lying, ingest.Stage(ingest.Config{Senders: config.Senders}),
		linkage.Stage(linkage.Config{})); err != nil {
		t.Fatal(err)
	}
	r, err := evaluate.CheckNight(b.Files, filepath.Join(dir, "truth"), night)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v %+v", *r, *r.Clusters)
	if r.Unknown > 0 || r.Records < 3000 {
		t.Fatalf("%d records, %d of them not in the truth", r.Records, r.Unknown)
	}
	if r.Clusters.Precision < .999 || r.Clusters.Recall < .98 || r.Clusters.FalseTwinMerges > 0 {
		t.Errorf("persons: precision %.4f, recall %.4f, %d false twin merges", r.Clusters.Precision, r.Clusters.Recall,
			r.Clusters.FalseTwinMerges)
	}
	if r.LostDoses*1000 > r.TrueDoses || r.DoubleDoses*100 > r.TrueDoses {
		t.Errorf("of %d real doses %d are hidden and %d counted twice", r.TrueDoses, r.LostDoses, r.DoubleDoses)
	}
}
