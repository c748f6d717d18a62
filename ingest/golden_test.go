package ingest_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"miic/ingest"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/pipeline"
	"miic/internal/table"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func senders(t testing.TB, path string) ingest.Config {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cfg ingest.Config
	if err := yaml.UnmarshalWithOptions(text, &cfg, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// TestGoldenNights runs every folder of testdata: senders.yaml, in/<night>/<sender>/<file>, and in
// want.txt the notes and the rows that each night made.
func TestGoldenNights(t *testing.T) {
	cases, err := filepath.Glob("testdata/*/senders.yaml")
	if err != nil || len(cases) < 8 {
		t.Fatalf("%d golden nights, %v", len(cases), err)
	}
	for _, path := range cases {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got := runNights(t, senders(t, path), filepath.Join(dir, "in"))
			file := filepath.Join(dir, "want.txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("rows differ (-want +got):\n%s", diff)
			}
		})
	}
}

func runNights(t *testing.T, cfg ingest.Config, in string) string {
	t.Helper()
	b := newBench(t)
	nights, err := os.ReadDir(in)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i, night := range nights {
		o, err := b.Night(context.Background(), day(t, night.Name()), lying(t, filepath.Join(in, night.Name())),
			ingest.Stage(cfg))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "== %s\n", night.Name())
		for _, n := range o.Notes {
			fmt.Fprintf(&out, "note %s %s/%s %s exit3=%v\n", n.Kind, n.Sender, n.File, n.Text, n.Exit3)
		}
		snapshot := int64(i + 1)
		dump(t, &out, b, table.Batches, snapshot, []table.Batch{})
		dump(t, &out, b, table.Rejections, snapshot, []table.Rejected{})
		dump(t, &out, b, table.ClientRecords, snapshot, []table.ClientRecord{})
		dump(t, &out, b, table.VaccinationEvents, snapshot, []table.VaccinationEvent{})
		dump(t, &out, b, table.Observations, snapshot, []table.Observation{})
		dump(t, &out, b, table.Requests, snapshot, []table.Request{})
		dump(t, &out, b, table.Deaths, snapshot, []table.Death{})
		dump(t, &out, b, table.RosterEntries, snapshot, []table.RosterEntry{})
		dump(t, &out, b, table.Affirmations, snapshot, []table.Affirmation{})
	}
	return out.String()
}

// dump writes the rows that a night added, without what is empty or a fingerprint.
func dump[T any](t *testing.T, out *strings.Builder, b *pipeline.Bench, tab *table.Table, snapshot int64, _ []T) {
	var lines []string
	for _, row := range readAll[T](t, b, tab.Name) {
		v := reflect.ValueOf(row)
		if v.FieldByName("Snapshot").Int() != snapshot {
			continue
		}
		var s strings.Builder
		s.WriteString(tab.Name)
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("col"), ",")
			if v.Field(i).IsZero() || name == "content_hash" || name == "reported" || name == "sha256" ||
				name == "snapshot" || name == "received_on" && tab.Name == "batch" {
				continue
			}
			switch x := v.Field(i).Interface().(type) {
			case table.Time:
				on := table.FromUnixDay(int32(int64(x) / 86400e6))
				fmt.Fprintf(&s, " %s=%s", name, on)
				if rest := int64(x) % 86400e6; rest != 0 {
					fmt.Fprintf(&s, "+%dus", rest)
				}
			default:
				fmt.Fprintf(&s, " %s=%v", name, x)
			}
		}
		lines = append(lines, s.String())
	}
	sort.Strings(lines)
	for _, l := range lines {
		fmt.Fprintln(out, l)
	}
}

func TestChecksDocument(t *testing.T) { document(t, "../docs/checks.md", rule.Document()) }

func TestFormatsDocument(t *testing.T) { document(t, "../docs/formats.md", read.Formats()) }

// document compares a generated document with what the code says.
func document(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the code says: run this test with -update", filepath.Base(path))
	}
}
