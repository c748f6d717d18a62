package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
	"miic/internal/table"
	"miic/reports/csvfile"
)

// TestOutbreakAndProductRecall: lists about persons on demand hold only who may be shown, each recorded as disclosed; the
// same question has the same answer; and what cannot be asked is named.
func TestOutbreakAndProductRecall(t *testing.T) {
	t.Parallel()
	dir := stateAfterANight(t, "250", "2")
	habits, err := os.OpenFile(filepath.Join(dir, "recipients", "region-metro.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = habits.WriteString("csv: {bom: true, separator: \";\"}\n")
	if err := errors.Join(err, habits.Close()); err != nil {
		t.Fatal(err)
	}
	run := func(code int, args ...string) string {
		out, text := miic(t, code, append([]string{"--config", filepath.Join(dir, "miic.yaml"), "report"}, args...)...)
		return out + text
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	ask := []string{"susceptible", "--group", "MMR", "--area", "metro", "--for", "region-metro", "--reason", "measles", "--all", "--out"}
	run(shell.ExitDone, append(ask, file("a.csv"))...)
	run(shell.ExitDone, append(ask, file("b.csv"), "--as-of", "2026-03-02")...)
	first, err := os.ReadFile(file("a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(file("b.csv")); err != nil || string(again) != string(first) {
		t.Errorf("the same question has another answer: %v", err)
	}
	if !strings.HasPrefix(string(first), "\ufeffroster_id;registry_id;") {
		t.Errorf("it is not written as the recipient's programs want it: %.60q", first)
	}
	list, err := csvfile.Reader(strings.NewReader(string(first))).ReadAll()
	if err != nil || len(list) < 50 {
		t.Fatalf("%d rows, %v", len(list), err)
	}
	hidden := map[int64]bool{}
	region := map[int64]string{}
	for _, r := range rows[table.Restriction](t, dir, "restriction") {
		hidden[r.ClientID] = hidden[r.ClientID] || r.Kind != "no_contact"
	}
	for _, c := range rows[table.Client](t, dir, "client") {
		region[c.ClientID] = c.Region
		hidden[c.ClientID] = hidden[c.ClientID] || c.DeceasedOn != 0
	}
	var ids []int64
	evidence := map[string]int{}
	for _, row := range list[1:] {
		id, _ := strconv.ParseInt(row[1], 10, 64)
		if hidden[id] || region[id] != "metro" {
			t.Errorf("client %d of %q is listed", id, region[id])
		}
		ids = append(ids, id)
		evidence[row[6]]++
	}
	if len(evidence) < 3 {
		t.Errorf("evidence: %v", evidence)
	}
	slices.Sort(ids)
	recorded, err := filepath.Glob(filepath.Join(dir, "lake", "disclosed", "*.json"))
	if err != nil || len(recorded) != 2 {
		t.Fatalf("%d records of disclosures, %v", len(recorded), err)
	}
	text, err := os.ReadFile(recorded[0])
	if err != nil || !strings.Contains(string(text), `"susceptible"`) || strings.Count(string(text), ",") < len(slices.Compact(ids)) {
		t.Errorf("the record is %.200s, %v", text, err)
	}

	doses := rows[table.Immunization](t, dir, "immunization")
	at := slices.IndexFunc(doses, func(d table.Immunization) bool { return d.Lot != "" && !hidden[d.ClientID] && d.CVX != 999 })
	lot := []string{"lot", "--cvx", strconv.Itoa(int(doses[at].CVX)), "--lot", strings.ToLower(doses[at].Lot), "--for", "state",
		"--reason", "recall", "--out"}
	run(shell.ExitDone, append(lot, file("lot.csv"))...)
	if text, err := os.ReadFile(file("lot.csv")); err != nil || !strings.Contains(string(text), "\n"+strconv.FormatInt(doses[at].ClientID, 10)+",") {
		t.Errorf("who was given the lot is not listed: %v", err)
	}

	if err := os.WriteFile(file("school.csv"), []byte("name,birth_date\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	to := []string{"--for", "region-metro", "--reason", "measles", "--out", file("c.csv")}
	for _, c := range []struct {
		args []string
		want string
	}{
		{append([]string{"susceptible", "--group", "Measles", "--area", "metro"}, to...), "unknown vaccine group \"Measles\""},
		{append([]string{"susceptible", "--group", "MMR", "--area", "moon"}, to...), "unknown area \"moon\""},
		{append([]string{"susceptible", "--group", "MMR"}, to...), "name either --area AREA or --roster FILE"},
		{append([]string{"susceptible", "--group", "MMR", "--roster", file("school.csv")}, to...), "school.csv:1: there is no column last_name"},
		{append([]string{"susceptible", "--group", "MMR", "--area", "metro", "--as-of", "2026-03-01"}, to...), "2026-03-02"},
		{append(ask, file("a.csv")), "is there already"},
		{append([]string{"lot", "--cvx", "9999", "--lot", "A"}, to...), "no CVX code"},
		{append([]string{"lot", "--cvx", "3", "--lot", "-"}, to...), "name the lot"},
		{[]string{"lot", "--cvx", "3", "--lot", "A", "--for", "nobody", "--reason", "r", "--out", file("c.csv")}, "there is no recipient nobody"},
	} {
		if out := run(shell.ExitUsage, c.args...); !strings.Contains(out, c.want) {
			t.Errorf("%v: %s; want %q", c.args, out, c.want)
		}
	}
	if _, err := os.Stat(file("c.csv")); err == nil {
		t.Error("a file was written although the question was refused")
	}
}
