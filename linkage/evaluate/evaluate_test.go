package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"miic/internal/testdata"
)

func run(t *testing.T, set string, train bool) *Report {
	t.Helper()
	dir := testdata.Dir(t, "linkage/"+set)
	o := Options{Records: filepath.Join(dir, "records.csv"), Train: train, Scratch: t.TempDir(), Model: os.Getenv("MIIC_MODEL")}
	if _, err := os.Stat(filepath.Join(dir, "truth.csv")); err == nil {
		o.Truth = filepath.Join(dir, "truth.csv")
	} else {
		o.Pairs = filepath.Join(dir, "pairs.csv")
	}
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%s %s\n", set, text)
	return r
}

func TestSets(t *testing.T) {
	for _, set := range []string{"febrl1", "febrl2", "febrl3", "fake1000", "registry-seed1"} {
		t.Run(set, func(t *testing.T) { run(t, set, true) })
	}
	t.Run("aira-a", func(t *testing.T) { run(t, "aira-a", false) })
}
