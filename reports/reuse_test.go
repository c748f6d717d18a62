package reports

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/status"
)

// A site is a lake with its folders, on which nights are committed.
type site struct {
	root    string
	options pipeline.Options
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{root: t.TempDir()}
	l, err := lake.Create(filepath.Join(s.root, "lake"), lake.Options{Now: func() time.Time { return time.Unix(0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	s.options = pipeline.Options{Lake: l, Out: filepath.Join(s.root, "out"), Inbox: filepath.Join(s.root, "inbox"),
		Archive: filepath.Join(s.root, "archive"), Invariants: Invariants(testConfig())}
	if err := os.Mkdir(s.options.Inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	return s
}

// night runs and commits a night, and returns how each stage came about and what lies under out/.
func (s *site) night(t *testing.T, stages []pipeline.Stage) (how map[string]string, out map[string][]byte) {
	t.Helper()
	o := s.options
	o.AsOf, o.Stages = asOf, stages
	result, err := pipeline.Execute(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if result.Outcome != pipeline.Committed {
		t.Fatalf("the night is %s", result.Outcome)
	}
	how = map[string]string{}
	for _, stage := range result.Stages {
		how[stage.Stage] = stage.How
	}
	return how, tree(t, result.Out)
}

// TestASettingRunsOnlyWhatItIsAbout: after a change of one setting on the same day, only the stages that have it in
// their part of the settings run again, and the others' files are there as they were.
func TestASettingRunsOnlyWhatItIsAbout(t *testing.T) {
	w := population(41, 500)
	for _, c := range []struct {
		name   string
		change func(*Config)
		runs   []string
		differ []string // prefixes of the files that may differ; run.html and what is about campaigns always may
	}{
		{"a campaign's interval", func(c *Config) { c.MinInterval = 60 }, []string{"campaign", "care", "withdraw", "page"},
			[]string{"registry/"}},
		{"a campaign's window", func(c *Config) { c.ReminderDays = 10 }, []string{"campaign", "care", "withdraw", "page"},
			[]string{"regions/", "state/", "registry/"}},
		{"the smallest cell", func(c *Config) { c.SmallCell = 20 }, []string{"publish", "page"},
			nil},
		{"a rule's words", func(c *Config) { c.Rules = map[string]string{"birth-date-impossible": "no such day"} },
			// responses are of the snapshot's own deliveries
			[]string{"senders", "page"}, []string{"report_cards/", "responses/"}},
		{"a clinic's phone", func(c *Config) { delete(c.Clinics, "metro-health") }, []string{"campaign", "care", "withdraw", "page"},
			[]string{"regions/", "state/"}},
		{"a merger", func(c *Config) {
			c.Mergers = []status.Merger{{Provider: "lakes-health", Becomes: "metro-health", Since: "2026-01-01"}}
		}, []string{"status", "campaign", "care", "coverage", "publish", "withdraw", "page"}, []string{"regions/", "state/"}},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			s, cfg := newSite(t), testConfig()
			_, before := s.night(t, nightStages(w, cfg))
			c.change(&cfg)
			how, after := s.night(t, nightStages(w, cfg))
			for stage, h := range how {
				want := "reused"
				if slices.Contains(c.runs, stage) {
					want = "run"
				}
				if h != want {
					t.Errorf("stage %s was %s, want %s", stage, h, want)
				}
			}
			mayDiffer := func(name string, _ []byte) bool {
				return name == "run.html" || strings.HasPrefix(name, "campaign") || slices.ContainsFunc(c.differ,
					func(p string) bool { return strings.HasPrefix(name, p) })
			}
			maps.DeleteFunc(before, mayDiffer)
			maps.DeleteFunc(after, mayDiffer)
			if !maps.EqualFunc(before, after, bytes.Equal) {
				t.Errorf("other files are %d, were %d, or have changed: %v", len(after), len(before), differing(before, after))
			}
		})
	}
}

// differing lists the files that are not the same in both.
func differing(a, b map[string][]byte) []string {
	both := maps.Clone(a)
	maps.Copy(both, b)
	maps.DeleteFunc(both, func(name string, _ []byte) bool { return bytes.Equal(a[name], b[name]) })
	return slices.Sorted(maps.Keys(both))
}

// afterNotes puts a stage before the others that notes what ingest would.
func afterNotes(stages []pipeline.Stage, notes ...pipeline.Note) []pipeline.Stage {
	return slices.Insert(stages, 0, pipeline.Stage{Name: "calendar", Config: notes,
		Run: func(_ context.Context, r *pipeline.Run) error {
			for _, n := range notes {
				r.Note(n)
			}
			return nil
		}})
}

// TestAMissingSenderRunsTheCampaignAgain: that a clinic sent nothing is in a note, and holds its patients back.
func TestAMissingSenderRunsTheCampaignAgain(t *testing.T) {
	s, w, cfg := newSite(t), population(42, 500), testConfig()
	_, before := s.night(t, afterNotes(nightStages(w, cfg)))
	how, after := s.night(t, afterNotes(nightStages(w, cfg), pipeline.Note{Kind: "missing", Sender: "metro-health", Text: "expected every day"}))
	if how["campaign"] != "run" || how["coverage"] != "reused" {
		t.Errorf("stages: %v", how)
	}
	if bytes.Equal(before["state/summary.csv"], after["state/summary.csv"]) {
		t.Error("nobody was held back")
	}
}

// TestNothingIsCarriedOverWhileRequestsAreUnread: what an earlier night of the same day has published is gone once a
// file of requests is unread, but for coverage and its page, which have the rows that are published for good.
func TestNothingIsCarriedOverWhileRequestsAreUnread(t *testing.T) {
	s, w, cfg := newSite(t), population(43, 300), testConfig()
	_, before := s.night(t, nightStages(w, cfg))
	if before["coverage.csv"] == nil || before["regions/metro/recall.csv"] == nil {
		t.Fatal("the first night has published nothing")
	}
	w.batches = append(w.batches, table.Batch{BatchID: "b000000000000009", Snapshot: 2, FileName: "late.csv",
		Sender: "families", SenderKind: "families", Layout: "family-requests", Status: "refused", Reason: "cut off"})
	_, after := s.night(t, nightStages(w, cfg))
	for name := range after {
		if strings.HasPrefix(name, "coverage/") || name == "coverage.csv" || name == "coverage.parquet" || name == "footnotes.csv" {
			if !bytes.Equal(before[name], after[name]) {
				t.Errorf("%s has changed", name)
			}
			continue
		}
		if name != "run.html" && name != "coverage.html" && name != "campaigns.html" && !strings.HasPrefix(name, "linkage") &&
			!strings.HasPrefix(name, "senders.") && !strings.HasPrefix(name, "responses/") &&
			!strings.HasPrefix(name, "report_cards/") {
			t.Errorf("%s is published", name)
		}
	}
	if after["coverage.csv"] == nil || after["coverage.parquet"] == nil {
		t.Error("coverage that was published before is gone")
	}
	if !bytes.Contains(after["coverage.html"], []byte("Nothing new is published tonight")) {
		t.Error("the page of coverage does not say that nothing new is published")
	}
}

// TestASilentNightPublishesNoCoverage: what is published stays for good, so a night to which nobody has delivered leaves it to
// the next one.
func TestASilentNightPublishesNoCoverage(t *testing.T) {
	s, w, cfg := newSite(t), population(44, 300), testConfig()
	_, silent := s.night(t, afterNotes(nightStages(w, cfg), pipeline.Note{Kind: pipeline.Silence, Text: "nothing has come from any of the 2 senders"}))
	if silent["coverage.csv"] != nil || silent["regions/metro/recall.csv"] == nil {
		t.Error("coverage is published, or nothing else is")
	}
	if !bytes.Contains(silent["coverage.html"], []byte("nothing has come from most of the senders")) {
		t.Error("the page of coverage does not say why it has no figures")
	}
	if how, after := s.night(t, afterNotes(nightStages(w, cfg))); how["publish"] != "run" || after["coverage.csv"] == nil {
		t.Errorf("the next night publishes nothing: %v", how)
	}
}
