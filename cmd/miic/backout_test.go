package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/cmd/miic/models"
	"miic/cmd/miic/shell"
	"miic/internal/table"
)

// TestBackoutIsAsIfItHadNeverCome runs the same nights with a delivery that is then taken out, and without it: what is
// known and who is who must be the same. Ids may differ, for one that was given out is never given out again.
func TestBackoutIsAsIfItHadNeverCome(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, dir string) {
		for _, date := range []string{"2026-03-02", "2026-03-03"} {
			if err := models.Deliver(filepath.Join(dir, "nights", date), filepath.Join(dir, "inbox")); err != nil {
				t.Fatal(err)
			}
			// A dose file may be held where its members are not delivered.
			Main([]string{"--config", filepath.Join(dir, "miic.yaml"), "nightly", "--as-of", date, "-q"}, os.Stderr, os.Stderr)
		}
	}
	fresh := state(t, "60", "2")
	whole := filepath.Join(t.TempDir(), "state")
	copyState(t, whole, fresh)
	run(t, whole)
	for _, file := range []string{"2026-03-02/metro-health/vxu_20260302.hl7",
		"2026-03-03/north-star-plan/claims_20260303.csv", "2026-03-02/vital-records/births_20260302.ije"} {
		t.Run(strings.ReplaceAll(file, "/", "_"), func(t *testing.T) {
			with, without := filepath.Join(t.TempDir(), "state"), filepath.Join(t.TempDir(), "state")
			copyState(t, with, whole)
			copyState(t, without, fresh)
			if err := os.Remove(filepath.Join(without, "nights", filepath.FromSlash(file))); err != nil {
				t.Fatal(err)
			}
			run(t, without)
			id := ""
			for _, b := range rows[table.Batch](t, with, "batch") {
				if strings.HasSuffix(file, b.Sender+"/"+b.FileName) && b.Status == "loaded" {
					id = b.BatchID
				}
			}
			before, notified := known(t, with), notifiedBirths(t, with)
			miic(t, shell.ExitDone, "--config", filepath.Join(with, "miic.yaml"), "lake", "backout", id, "--reason", "a test", "-q")
			got, want := known(t, with), known(t, without)
			if maps.Equal(before, got) {
				t.Fatal("the delivery changed nothing: the test has nothing to look at")
			}
			for k, v := range want {
				if got[k] != v {
					t.Errorf("%s: %q after the backout, %q without the delivery", k, got[k], v)
				}
			}
			for k := range got {
				if _, ok := want[k]; !ok {
					t.Errorf("%s: %q is still there", k, got[k])
				}
			}
			for _, table := range []string{"client_record", "vaccination_event", "observation", "death"} {
				if n := rowsBy(t, with, table, id); n > 0 {
					t.Errorf("%d rows of %s are of the delivery", n, table)
				}
			}
			// Which family was notified of a birth stays known, also when older tables are brought back.
			if now := notifiedBirths(t, with); len(notified) == 0 || !slices.Equal(now, notified) {
				t.Errorf("after the backout %d births are known to be notified, before it were %d", len(now), len(notified))
			}
			miic(t, shell.ExitDone, "--config", filepath.Join(with, "miic.yaml"), "lake", "rollback", "1", "--reason", "a test", "-q")
			if now := notifiedBirths(t, with); !slices.Equal(now, notified) {
				t.Errorf("after a rollback %d births are known to be notified, before it were %d", len(now), len(notified))
			}
		})
	}
}

// notifiedBirths are the births whose families were notified.
func notifiedBirths(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	for _, n := range rows[table.NewbornNotice](t, dir, "newborn_notice") {
		if n.Outcome == "notified" {
			list = append(list, n.RecordID)
		}
	}
	slices.Sort(list)
	return list
}

// rowsBy counts the rows of a log that a delivery brought.
func rowsBy(t *testing.T, dir, name, batch string) int {
	t.Helper()
	switch name {
	case "client_record":
		return countBy(rows[table.ClientRecord](t, dir, name), func(r table.ClientRecord) string { return r.BatchID }, batch)
	case "vaccination_event":
		return countBy(rows[table.VaccinationEvent](t, dir, name), func(r table.VaccinationEvent) string { return r.BatchID },
			batch)
	case "observation":
		return countBy(rows[table.Observation](t, dir, name), func(r table.Observation) string { return r.BatchID }, batch)
	case "death":
		return countBy(rows[table.Death](t, dir, name), func(r table.Death) string { return r.BatchID }, batch)
	}
	t.Fatalf("no log %s", name)
	return 0
}

func countBy[T any](rows []T, of func(T) string, batch string) int {
	n := 0
	for _, r := range rows {
		if of(r) == batch {
			n++
		}
	}
	return n
}

// known returns the newest version of every record, dose, observation and death, which records and doses go together,
// and who has died.
func known(t *testing.T, dir string) map[string]string {
	t.Helper()
	m := map[string]string{}
	newest := map[string]string{}
	put := func(key string, time table.Time, snapshot int64, value string) {
		if at := fmt.Sprintf("%020d/%06d", int64(time)+1<<60, snapshot); at >= newest[key] {
			newest[key], m[key] = at, value
		}
	}
	for _, r := range rows[table.ClientRecord](t, dir, "client_record") {
		put("record "+r.RecordID, r.SenderTime, r.Snapshot, fmt.Sprint(r.ContentHash, r.SenderTime))
	}
	for _, r := range rows[table.VaccinationEvent](t, dir, "vaccination_event") {
		put("event "+r.EventID, r.SenderTime, r.Snapshot, fmt.Sprint(r.Action, r.ContentHash, r.SenderTime))
	}
	for _, r := range rows[table.Observation](t, dir, "observation") {
		m["observation "+r.ObservationID] = r.Code
	}
	group := func(what string, member map[string][]string) {
		for _, list := range member {
			slices.Sort(list)
			m[what+" "+list[0]] = strings.Join(list, " ")
		}
	}
	people, doses := map[string][]string{}, map[string][]string{}
	for _, l := range rows[table.ClientLink](t, dir, "client_link") {
		k := fmt.Sprint(l.ClientID)
		people[k] = append(people[k], l.RecordID)
	}
	for _, s := range rows[table.ImmunizationSource](t, dir, "immunization_source") {
		doses[s.ImmunizationID] = append(doses[s.ImmunizationID], s.EventID)
	}
	group("person", people)
	group("dose", doses)
	for _, d := range rows[table.Death](t, dir, "death") {
		put("death "+d.DeathID, d.SenderTime, d.Snapshot, fmt.Sprint(d.Withdrawn, d.ContentHash, d.SenderTime))
	}
	for _, d := range rows[table.DeathMatch](t, dir, "death_match") {
		m["death of "+people[fmt.Sprint(d.ClientID)][0]+" "+d.DeathID] = d.Basis
	}
	for _, c := range rows[table.Client](t, dir, "client") {
		m["status of "+people[fmt.Sprint(c.ClientID)][0]] = fmt.Sprint(c.Status, c.DeceasedOn)
	}
	return m
}
