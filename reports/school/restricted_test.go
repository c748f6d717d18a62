package school

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/recipient"
)

// answered is all that a night which answers a roster leaves for anybody to see: each file, byte by byte, the letters,
// tallies and counts among them, what the page notes and counts, and who is disclosed.
func answered(t *testing.T, unknown bool, roster []table.RosterEntry) map[string]string {
	t.Helper()
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	day := day(t, "2026-03-02")
	w := townOf(t, unknown)
	roster = slices.Clone(roster)
	for i := range roster {
		roster[i].Sender, roster[i].Snapshot = "north", 1
	}
	config := NightConfig{Config: Config{State: "MN", Laws: laws, Mail: mail(t), Products: map[int16][]string{3: {"MMR"}, 94: {"MMR", "Varicella"}}}}
	config.Recipients.Recipients = []recipient.Recipient{{ID: "north", Name: "North", Kind: "school", Receives: []string{"schools/north"},
		Plain: true, Agreement: recipient.Agreement{ID: "DUA", Ends: day}, Contact: recipient.Contact{Name: "Nurse", Phone: "651-555-0100"}}}
	o, err := b.Night(t.Context(), day, nil, pipeline.Stage{Name: "town", Writes: slices.Concat(Reads), Run: func(_ context.Context, r *pipeline.Run) error {
		for _, err := range []error{pipeline.Write(r, table.Clients, w.clients), pipeline.Write(r, table.ClientLinks, w.links),
			pipeline.Write(r, table.StandardRecords, w.records), pipeline.Write(r, table.Immunizations, w.doses),
			pipeline.Write(r, table.VaccinationEvents, w.events), pipeline.Write(r, table.Forecasts, w.forecasts),
			pipeline.Write(r, table.Restrictions, w.hidden), pipeline.Write(r, table.DeathMatches, []table.DeathMatch{}),
			pipeline.Write(r, table.RosterEntries, roster), pipeline.Write(r, table.Batches, []table.Batch{{BatchID: "b", Snapshot: 1, Sender: "north",
				SenderKind: "school", Status: "loaded", ReceivedOn: day}})} {
			if err != nil {
				return err
			}
		}
		return nil
	}}, pipeline.Stage{Name: "school", Dated: true, Config: config, Reads: Reads, Prior: Prior, Writes: Writes,
		Run: func(ctx context.Context, r *pipeline.Run) error { return Run(ctx, r, config) }})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	if err := filepath.WalkDir(o.OutDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(o.OutDir, path)
		text, err := os.ReadFile(path)
		seen[rel] = string(text)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	told, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
	if err != nil {
		t.Fatal(err)
	}
	lists, err := table.ReadAll[table.AnsweredList](b.Files("answered_list"))
	if err != nil {
		t.Fatal(err)
	}
	seen["disclosures"], seen["answered lists"] = fmt.Sprintf("%+v", told), fmt.Sprintf("%+v", lists)
	seen["notes"], seen["counts"] = fmt.Sprintf("%+v", o.Notes), fmt.Sprint(o.Counts)
	return seen
}

// TestARestrictedChildIsAsOneUnknown: a student who may be in no output looks in every byte, file and count as one whom the
// registry does not know. The namesake's line is left out: of it more could be said if the restricted child were unknown, and is
// not.
func TestARestrictedChildIsAsOneUnknown(t *testing.T) {
	list := slices.Delete(students(t), 6, 7)
	restricted, unknown := answered(t, false, list), answered(t, true, list)
	files := 0
	for name, text := range restricted {
		if strings.HasPrefix(name, "schools/north/") {
			files++
		}
		if unknown[name] != text {
			t.Errorf("%s differs:\n%s\n%s", name, text, unknown[name])
		}
	}
	if files != 7 || len(unknown) != len(restricted) {
		t.Errorf("%d files, and in all %d places to look at where the child is unknown, %d where it is restricted", files, len(unknown),
			len(restricted))
	}
	if s := restricted["disclosures"]; s == "[]" || strings.Contains(s, "ClientID:6 ") {
		t.Errorf("disclosed: %s", s)
	}
}
