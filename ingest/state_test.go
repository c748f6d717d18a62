package ingest_test

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"miic/fixtures"
	"miic/ingest"
	"miic/ingest/codes"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// lying lists the files under dir/<sender>/ as the pipeline would.
func lying(t testing.TB, dir string) []pipeline.Delivery {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var list []pipeline.Delivery
	for _, p := range paths {
		d := pipeline.Delivery{
			File: inbox.File{Sender: filepath.Base(filepath.Dir(p)), Name: filepath.Base(p), Path: p},
		}
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			d.Err = "is a folder, not a file: put the file itself in the inbox"
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
	if _, err := fixtures.Generate(context.Background(), fixtures.Options{Clients: clients, Seed: 7, Nights: nights,
		Out: dir}, nil); err != nil {
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
	statuses := map[string]int{}
	for _, on := range dates {
		if _, err := b.Night(context.Background(), day(t, on), lying(t, filepath.Join(dir, "nights", on)),
			ingest.Stage(cfg)); err != nil {
			t.Fatal(err)
		}
	}
	batches := readAll[table.Batch](t, b, "batch")
	file := map[string]string{} // by batch id and snapshot
	for _, row := range batches {
		statuses[row.Status]++
		file[row.BatchID+fmt.Sprint(row.Snapshot)] = row.Sender + "/" + row.FileName
	}
	for _, s := range []string{"loaded", "duplicate", "refused", "held"} {
		if statuses[s] == 0 {
			t.Errorf("no file was %s: the state does not show what this test is about", s)
		}
	}

	records := map[string]bool{}
	for _, r := range truth(t, dir, "records.csv") {
		records[r["sender"]+"/"+r["source_client_id"]] = true
	}
	found := map[string]bool{}
	for _, c := range readAll[table.ClientRecord](t, b, "client_record") {
		found[c.Sender+"/"+c.SourceClientID] = true
	}
	compare(t, "client record", records, found)

	requests := map[string]bool{}
	for _, r := range truth(t, dir, "requests.csv") {
		requests["families/"+r["request_id"]+" "+r["kind"]] = true
	}
	found = map[string]bool{}
	for _, q := range readAll[table.Request](t, b, "request") {
		found[q.RequestID+" "+q.Kind] = true
	}
	compare(t, "request", requests, found)

	// Faults are compared by unit: a dose's fault stands at its own line in the message.
	loadedFiles, lineOf := map[string]bool{}, map[string]map[int64]int{}
	for _, row := range batches {
		if row.Status == "loaded" || row.Status == "refused" {
			loadedFiles[row.Sender+"/"+row.FileName] = true
		}
	}
	bad := map[string]bool{}
	for _, r := range truth(t, dir, "faults.csv") {
		if name := r["sender"] + "/" + r["file"]; loadedFiles[name] {
			bad[name+" line "+r["line"]] = true
			lineOf[name] = unitLines(t, filepath.Join(dir, "nights", r["night"], r["sender"], r["file"]))
		}
	}
	found = map[string]bool{}
	for _, r := range readAll[table.Rejected](t, b, "rejected") {
		switch { // what is told of good lines
		case slices.Contains([]string{"name_placeholder", "ssn_filler", "repeated"}, r.Rule),
			slices.Contains(ingest.CheckIDs(), r.Rule):
			continue
		}
		name := file[r.BatchID+fmt.Sprint(r.Snapshot)]
		found[fmt.Sprintf("%s line %d", name, lineOf[name][r.Offset])] = true
	}
	compare(t, "bad line", bad, found)
	reconcileDoses(t, dir, b)
}

// unitLines maps the offset of each line of a file to its number.
func unitLines(t *testing.T, path string) map[int64]int {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines, n := map[int64]int{0: 1}, 1
	for i, c := range data {
		if c == '\n' || c == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			n++
			lines[int64(i+1)] = n
		}
	}
	return lines
}

func compare(t *testing.T, what string, want, got map[string]bool) {
	t.Helper()
	for _, k := range missingFrom(got, want) {
		t.Errorf("%s %s was delivered and is not there", what, k)
	}
	for _, k := range missingFrom(want, got) {
		t.Errorf("%s %s is there and was not delivered", what, k)
	}
}

// missingFrom lists, in order, what is in b and not in a: ten at most.
func missingFrom(a, b map[string]bool) []string {
	var list []string
	for k := range b {
		if !a[k] {
			list = append(list, k)
		}
	}
	sort.Strings(list)
	return list[:min(10, len(list))]
}

// reconcileDoses compares the newest version of every event with the last thing the truth says of
// it. Fixed-width senders give no event number: there the doses of a child on a day are compared as
// a set, and a corrected dose leaves the wrong one standing, as its sender cannot say which it was.
func reconcileDoses(t *testing.T, dir string, b *pipeline.Bench) {
	t.Helper()
	type dose struct {
		on, action string
		cvx        int16
	}
	told := map[string][]dose{}
	for _, r := range truth(t, dir, "doses.csv") {
		n, _ := strconv.Atoi(r["cvx"])
		d := dose{r["administered_on"], strings.Replace(r["action"], "U", "A", 1), int16(n)}
		if r["source_event_id"] == "" {
			key := r["sender"] + "/" + r["source_client_id"] + " " + d.on
			told[key] = append(told[key], d)
		} else {
			told[r["sender"]+"/"+r["source_event_id"]] = []dose{d}
		}
	}
	latest := map[string]table.VaccinationEvent{}
	for _, e := range readAll[table.VaccinationEvent](t, b, "vaccination_event") {
		if old, ok := latest[e.EventID]; !ok || e.SenderTime > old.SenderTime || e.SenderTime == old.SenderTime &&
			e.Snapshot > old.Snapshot {
			latest[e.EventID] = e
		}
	}
	want, got := map[string]bool{}, map[string]bool{}
	for k, list := range told {
		for _, d := range list {
			if d.action == "A" {
				want[k+" "+d.on] = true
			}
		}
	}
	exact := 0
	for id, e := range latest {
		if e.Action != "A" || e.CVX == 0 { // a dose of an unknown code is kept, but is a bad line to the truth
			continue
		}
		key := id
		if strings.HasPrefix(id, e.Sender+"/h") {
			key = strings.TrimSuffix(e.RecordID, "/1") + " " + e.AdministeredOn.String()
		}
		got[key+" "+e.AdministeredOn.String()] = true
		agrees, open := false, false
		product, _, _ := codes.CPT(e.CPT)
		for _, d := range told[key] {
			agrees = agrees || d.cvx == e.CVX
			open = open || slices.Contains(product.CVX, d.cvx) // a CPT code alone may leave the product open
		}
		if agrees {
			exact++
		} else if !open {
			t.Errorf("event %s: CVX %d read, %v told", id, e.CVX, told[key])
		}
	}
	compare(t, "dose", want, got)
	if exact*100 < len(latest)*95 {
		t.Errorf("only %d of %d doses have the very code that was given", exact, len(latest))
	}
}
