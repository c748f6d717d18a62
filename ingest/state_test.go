package ingest_test

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/goccy/go-yaml"

	"miic/fixtures"
	"miic/ingest"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// inbox lists the files under dir/<sender>/ as the pipeline would.
func inbox(t testing.TB, dir string) []pipeline.Delivery {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var list []pipeline.Delivery
	for _, p := range paths {
		d := pipeline.Delivery{Sender: filepath.Base(filepath.Dir(p)), Name: filepath.Base(p), Path: p}
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			d.Err = "is a folder, not a file"
		} else {
			data, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			d.Bytes, d.SHA256 = int64(len(data)), fmt.Sprintf("%x", sha256.Sum256(data))
		}
		list = append(list, d)
	}
	return list
}

func newBench(t testing.TB) *pipeline.Bench {
	t.Helper()
	b, err := pipeline.NewBench(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func day(t testing.TB, s string) table.Date {
	t.Helper()
	d, err := table.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readAll[T any](t testing.TB, b *pipeline.Bench, name string) []T {
	t.Helper()
	rows, err := table.ReadAll[T](b.Files(name))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// state makes a synthetic state and returns its folder, its senders and its nights.
func state(t testing.TB, clients, nights int) (dir string, cfg ingest.Config, dates []string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "state")
	if _, err := fixtures.Generate(context.Background(), fixtures.Options{Clients: clients, Seed: 7, Nights: nights, Out: dir}, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "miic.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Senders []ingest.Sender `yaml:"senders"`
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "nights"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		dates = append(dates, e.Name())
	}
	return dir, ingest.Config{Senders: c.Senders}, dates
}

func truth(t testing.TB, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "truth", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = r[i]
		}
		list = append(list, m)
	}
	return list
}

// TestStateReconcilesWithItsTruth loads four nights of a synthetic state and compares what the logs
// hold with what the state says it delivered: records, doses, requests and every bad line.
func TestStateReconcilesWithItsTruth(t *testing.T) {
	dir, cfg, dates := state(t, 600, 4)
	b := newBench(t)
	for _, on := range dates {
		o, err := b.Night(context.Background(), day(t, on), inbox(t, filepath.Join(dir, "nights", on)), ingest.Stage(cfg))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range o.Notes {
			if n.Kind != "arrived" {
				t.Logf("%s %s %s/%s: %s", on, n.Kind, n.Sender, n.File, n.Text)
			}
		}
		t.Log(on, o.Counts)
	}
	for _, name := range []string{"records.csv", "doses.csv", "faults.csv", "requests.csv"} {
		rows := truth(t, dir, name)
		t.Log(name, len(rows), rows[:3])
	}
	rules := map[string]int{}
	for _, r := range readAll[table.Rejected](t, b, "rejected") {
		rules[r.Severity+" "+r.Rule+" "+r.Field+" "+r.Code]++
	}
	var keys []string
	for k := range rules {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		t.Log(rules[k], k)
	}
}
