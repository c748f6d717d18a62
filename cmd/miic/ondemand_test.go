package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/account"
)

// TestOutputsOnDemandAreGovernedAndRecorded: who receives it, who may not be in it, and what is on record before the file
// is there; the next night takes it in.
func TestOutputsOnDemandAreGovernedAndRecorded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := stateAfterANight(t, "250", "2")
	app := &shell.App{ConfigPath: filepath.Join(dir, "miic.yaml"), Stdout: io.Discard, Stderr: io.Discard}
	open := func(output, to, reason string) (*shell.OnDemand, error) {
		return shell.OpenOnDemand(ctx, app, output, to, reason, 0)
	}
	for _, c := range [][4]string{{"susceptible", "nobody", "measles", "there is no recipient nobody"},
		{"records", "region-metro", "measles", "does not receive records"}, {"susceptible", "region-metro", " ", "--reason"}} {
		if _, err := open(c[0], c[1], c[2]); err == nil || !strings.Contains(err.Error(), c[3]) {
			t.Errorf("%s to %s: %v", c[0], c[1], err)
		}
	}
	clients := rows[table.Client](t, dir, "client")
	restricted := map[int64]bool{}
	for _, r := range rows[table.Restriction](t, dir, "restriction") {
		restricted[r.ClientID] = restricted[r.ClientID] || r.Kind != "no_contact"
	}
	d, err := open("susceptible", "region-metro", "measles")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var shown []int64
	hidden := int64(0)
	for _, c := range clients {
		if d.Shown(c.ClientID) == (restricted[c.ClientID] || c.OptedOut || c.Locked || c.Sealed) {
			t.Errorf("client %d: shown is %v", c.ClientID, d.Shown(c.ClientID))
		}
		if d.Shown(c.ClientID) {
			shown = append(shown, c.ClientID)
		} else {
			hidden = c.ClientID
		}
	}
	path := filepath.Join(dir, "list.csv")
	text := func(w io.Writer) error { _, err := io.Copy(w, bytes.NewReader([]byte("a list\n"))); return err }
	if err := d.Write(path, []int64{shown[0], hidden}, text); hidden == 0 || err == nil {
		t.Errorf("somebody who may be in no output (%d) is written: %v", hidden, err)
	}
	recorded := 0
	if err := d.Write(path, shown[:3], func(w io.Writer) error {
		list, err := d.Lake.Disclosures()
		recorded = len(list)
		if err != nil {
			return err
		}
		return text(w)
	}); err != nil || recorded != 1 {
		t.Fatalf("%d records before the file is there, %v", recorded, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := d.Write(path, shown[:3], text); err == nil {
		t.Error("a file that is there was replaced")
	}
	ledger, err := d.Lake.Disclosures()
	if err != nil || len(ledger) != 1 {
		t.Fatalf("%d records, %v", len(ledger), err)
	}

	sameFigures(t, app.ConfigPath, d.Engine, rows[table.Coverage](t, dir, "coverage"))

	// A request that lies in the inbox may be an opt-out.
	waiting := filepath.Join(dir, "inbox", "families", "requests_20260303.csv")
	if err := os.MkdirAll(filepath.Dir(waiting), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(waiting, []byte("request_id,kind\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open("susceptible", "region-metro", "measles"); err == nil || !strings.Contains(err.Error(), "requests_20260303.csv") {
		t.Errorf("while requests are unread: %v", err)
	}
	if err := os.Remove(waiting); err != nil {
		t.Fatal(err)
	}

	families := askForRecords(t, dir, "2026-03-02")
	miic(t, shell.ExitDone, "--config", app.ConfigPath, "nightly", "--as-of", "2026-03-02", "-q")
	taken := 0
	for _, r := range rows[table.Disclosure](t, dir, "disclosure") {
		if r.Output == ledger[0].Path() && r.Recipient == "Regional coordinator metro" {
			taken++
		}
	}
	if taken != 3 {
		t.Errorf("the night took in %d disclosures", taken)
	}
	out, _ := miic(t, shell.ExitDone, "--config", app.ConfigPath, "nightly", "--as-of", "2026-03-02")
	if !strings.Contains(out, "nothing to do") {
		t.Errorf("what was taken in is taken in again:\n%s", out)
	}
	_, _, head, err := shell.OpenHead(app)
	if err != nil {
		t.Fatal(err)
	}
	for _, tb := range []*table.Table{table.Disclosures, table.ClientChanges} {
		if err := d.Engine.View(ctx, tb.Name, tb, d.Lake.Files(head, tb.Name)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := account.Of(ctx, d.Engine, ledger, shown[0])
	there := false // a record that the night answers may come after it
	for _, one := range list {
		there = there || one.Output == ledger[0].Path()
	}
	if err != nil || !there {
		t.Errorf("the accounting has %v, %v", list, err)
	}
	recordsAreAnswered(t, dir, families)
}

// sameFigures counts each measure by the views for questions: an epidemiologist and the night's coverage have the same numbers.
func sameFigures(t *testing.T, config string, e *engine.Engine, night []table.Coverage) {
	t.Helper()
	var views bytes.Buffer
	if code := Main([]string{"--config", config, "lake", "views", "--for", "research"}, &views, io.Discard); code != 0 {
		t.Fatalf("lake views: exit %d", code)
	}
	for statement := range strings.SplitSeq(views.String(), ";\n") {
		if strings.HasPrefix(statement, "CREATE") {
			if err := e.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	type figure struct {
		Measure     string `col:"measure"`
		Denominator int64  `col:"denominator"`
		Numerator   int64  `col:"numerator"`
	}
	counted, err := engine.Rows[figure](t.Context(), e,
		"SELECT measure, count(*) AS denominator, count(*) FILTER (WHERE met) AS numerator FROM measure_result GROUP BY measure")
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]figure{}
	for _, f := range counted {
		of[f.Measure] = f
	}
	compared := 0
	for _, c := range night {
		if c.AreaType != "state" || c.Stratum != "all" {
			continue
		}
		if got := of[c.Measure]; got.Denominator != c.Denominator || got.Numerator != c.Numerator {
			t.Errorf("%s: %d of %d by the views, %d of %d by the night", c.Measure, got.Numerator, got.Denominator, c.Numerator, c.Denominator)
		}
		compared += int(min(c.Denominator, 1))
	}
	if compared < 30 {
		t.Errorf("only %d measures of somebody are compared", compared)
	}
}
