package main

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/table"
)

// unpackLake unpacks a state of fixtures/lakes and returns its folder.
func unpackLake(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := t.TempDir()
	top := ""
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return filepath.Join(dir, top)
		}
		if err != nil {
			t.Fatal(err)
		}
		top, _, _ = strings.Cut(h.Name, "/")
		to := filepath.Join(dir, filepath.FromSlash(h.Name))
		switch h.Typeflag {
		case tar.TypeDir:
			err = os.MkdirAll(to, 0o700)
		case tar.TypeSymlink:
			err = os.Symlink(h.Linkname, to)
		default:
			var data []byte
			if data, err = io.ReadAll(r); err == nil {
				err = os.WriteFile(to, data, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// kept is what no upgrade may lose.
type kept struct {
	head         *lake.Manifest
	client       map[string]int64 // by record
	restrictions map[string]bool
	verdicts     map[string]bool
	notices      map[string]bool
	disclosures  map[string]bool
	requests     map[string]bool
	history      map[string]bool // changes of people's ids
}

func keptIn(t *testing.T, dir string) kept {
	t.Helper()
	l, err := lake.Open(filepath.Join(dir, "lake"), lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	k := kept{client: map[string]int64{}, restrictions: map[string]bool{}, verdicts: map[string]bool{}, notices: map[string]bool{},
		disclosures: map[string]bool{}, requests: map[string]bool{}, history: map[string]bool{}}
	if k.head, err = l.Head(); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[table.ClientLink](t, dir, "client_link") {
		k.client[r.RecordID] = r.ClientID
	}
	for _, r := range rows[table.Restriction](t, dir, "restriction") {
		k.restrictions[fmt.Sprintf("%d %s %s", r.ClientID, r.Kind, r.SourceID)] = true
	}
	for _, r := range rows[table.ReviewItem](t, dir, "review_item") {
		if r.Decision == "same" || r.Decision == "different" {
			k.verdicts[fmt.Sprintf("%+v", r)] = true
		}
	}
	for _, r := range rows[table.Notice](t, dir, "notice") {
		k.notices[fmt.Sprintf("%+v", r)] = true
	}
	for _, r := range rows[table.Disclosure](t, dir, "disclosure") {
		k.disclosures[fmt.Sprintf("%+v", r)] = true
	}
	for _, r := range rows[table.Request](t, dir, "request") {
		k.requests[fmt.Sprintf("%+v", r)] = true
	}
	for _, r := range rows[table.ClientChange](t, dir, "client_change") {
		k.history[fmt.Sprintf("%+v", r)] = true
	}
	return k
}

// TestLakesOfEarlierGenerations opens a lake of every schema generation, checks it, rehearses its upgrade,
// runs nights on it, and compares people's ids, verdicts, restrictions, requests, notices and disclosures.
func TestLakesOfEarlierGenerations(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../fixtures/lakes/generation-*.tar.zst")
	if err != nil || len(paths) < table.Generation-1 {
		t.Fatalf("%d lakes for %d generations before this one (%v)", len(paths), table.Generation-1, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".tar.zst"), func(t *testing.T) {
			if info, err := os.Stat(path); err != nil || info.Size() > 1<<20 {
				t.Errorf("it has %d bytes, and may have 1 MB", info.Size())
			}
			dir := unpackLake(t, path)
			config := filepath.Join(dir, "miic.yaml")
			before := keptIn(t, dir)
			if len(before.verdicts) == 0 || len(before.restrictions) == 0 || len(before.notices) == 0 || len(before.requests) == 0 {
				t.Fatalf("it has too little to lose: %d verdicts, %d restrictions, %d notices, %d requests",
					len(before.verdicts), len(before.restrictions), len(before.notices), len(before.requests))
			}
			miic(t, shell.ExitDone, "--config", config, "lake", "check", "--data")
			out, _ := miic(t, shell.ExitDone, "--config", config, "lake", "upgrade", "--dry-run")
			if !strings.Contains(out, fmt.Sprintf("schema generation %d; this program writes %d", before.head.SchemaGeneration(), table.Generation)) {
				t.Errorf("the rehearsal reports\n%s", out)
			}
			if now := keptIn(t, dir); now.head.Snapshot != before.head.Snapshot {
				t.Fatal("the rehearsal has moved HEAD")
			}
			// The lake's last night was rolled back, and its files wait in the archive: the upgrade finds them.
			miic(t, shell.ExitIncomplete, "--config", config, "nightly", "--as-of", before.head.AsOf, "-q")
			upgraded := keptIn(t, dir)
			// The rules of linkage have changed since: one pair comes together and one apart, each as a recorded change.
			compareKept(t, "the upgrade night", before, upgraded, 2)
			if before.head.SchemaGeneration() < table.Generation {
				if upgraded.head.Snapshot != before.head.Snapshot+1 || upgraded.head.SchemaGeneration() != table.Generation {
					t.Errorf("the upgrade made snapshot %d of generation %d", upgraded.head.Snapshot, upgraded.head.SchemaGeneration())
				}
				page, err := os.ReadFile(filepath.Join(dir, "out", "latest", "run.html"))
				if err != nil || !strings.Contains(string(page), "the lake was upgraded: from schema generation") {
					t.Errorf("the run page does not name the upgrade (%v)", err)
				}
				if ledger, _ := miic(t, shell.ExitDone, "--config", config, "runs", upgraded.head.Run); !strings.Contains(ledger, "upgraded: from schema generation") {
					t.Errorf("the ledger does not name the upgrade:\n%s", ledger)
				}
			}
			out, _ = miic(t, shell.ExitDone, "--config", config, "nightly", "--as-of", before.head.AsOf)
			if !strings.Contains(out, "nothing to do") {
				t.Errorf("the same night again: %s", out)
			}
			if before.head.SchemaGeneration() < table.Generation-1 {
				miic(t, shell.ExitDone, "--config", config, "lake", "check", "--data")
				return // what comes after an upgrade is the same for every generation
			}
			miic(t, shell.ExitDone, "--config", config, "ingest", "return", "--all", "--reason", "after the upgrade")
			miic(t, shell.ExitIncomplete, "--config", config, "nightly", "--as-of", before.head.AsOf, "-q") // one file is cut
			returned := keptIn(t, dir)
			compareKept(t, "the return of what was left out", upgraded, returned, 3)
			nights, err := os.ReadDir(filepath.Join(dir, "nights"))
			if err != nil || len(nights) == 0 {
				t.Fatalf("no night is left to run: %v", err)
			}
			long := time.Now().Add(-time.Hour) // whole, and not just being written
			for _, file := range filesBelow(t, filepath.Join(dir, "nights")) {
				if err := os.Chtimes(file, long, long); err != nil {
					t.Fatal(err)
				}
			}
			night(t, dir, nights[0].Name(), shell.ExitDone)
			compareKept(t, "the night after", returned, keptIn(t, dir), 3)
			miic(t, shell.ExitDone, "--config", config, "lake", "check", "--data")
		})
	}
}

// filesBelow lists the files in a folder and those below it.
func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// compareKept demands that everything of before is there still, and that no more people's ids have moved
// than may, each with a recorded change.
func compareKept(t *testing.T, when string, before, after kept, may int) {
	t.Helper()
	for what, pair := range map[string][2]map[string]bool{
		"restriction": {before.restrictions, after.restrictions}, "verdict": {before.verdicts, after.verdicts}, "notice": {before.notices, after.notices},
		"disclosure": {before.disclosures, after.disclosures}, "request": {before.requests, after.requests}, "change of an id": {before.history, after.history},
	} {
		lost := 0
		for row := range pair[0] {
			if !pair[1][row] {
				lost++
			}
		}
		if lost > 0 {
			t.Errorf("%s: %d of %d rows were lost: %s", when, lost, len(pair[0]), what)
		}
	}
	moved := 0
	for _, record := range slices.Sorted(maps.Keys(before.client)) {
		if id := after.client[record]; id != before.client[record] {
			moved++
		}
	}
	if moved > may || moved > len(after.history)-len(before.history) {
		t.Errorf("%s: %d of %d records belong to another person, with %d changes recorded", when, moved, len(before.client), len(after.history)-len(before.history))
	}
}
