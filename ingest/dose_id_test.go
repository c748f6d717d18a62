package ingest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

// Senders count doses anew in each message. An id that stands for another person's dose tells none of them: each is
// known by its content, and stays the same dose when it is told again or withdrawn.
func TestDoseIDsOfTwoPeople(t *testing.T) {
	message := func(control int, person, day, cvx, action string) string {
		return strings.Replace(vxu(1, strings.ReplaceAll(barePID, "K1", person), "ORC|RE||1^ELM",
			"RXA|0|1|"+day+"||"+cvx+"^^CVX|0.5|||00|||||||||||CP|"+action), "_V04|1|", fmt.Sprintf("_V04|%d|", control),
			1)
	}
	f := newFeed(t)
	// standing lists the doses that are not withdrawn: person, day and product.
	standing := func() string {
		newest := map[string]table.VaccinationEvent{}
		for _, e := range readAll[table.VaccinationEvent](t, f.bench, "vaccination_event") {
			if b, ok := newest[e.EventID]; !ok || e.SenderTime > b.SenderTime || e.SenderTime == b.SenderTime &&
				e.Snapshot > b.Snapshot {
				newest[e.EventID] = e
			}
		}
		var list []string
		for _, e := range newest {
			if e.Action == "A" {
				list = append(list, fmt.Sprint(e.RecordID, " ", e.AdministeredOn, " ", e.CVX))
			}
		}
		slices.Sort(list)
		return strings.Join(list, ", ")
	}
	step := func(name, text string, reused int64, want string) {
		t.Helper()
		n := f.night("elm", fmt.Sprintf("%d.hl7", f.nights), text)
		if got := standing(); got != want || n["ingest.dose_ids_reused"] != reused {
			t.Errorf("%s: %d ids, %s; want %d, %s", name, n["ingest.dose_ids_reused"], got, reused, want)
		}
	}
	const a, b, c = "elm/A/1 2024-03-01 20", "elm/B/1 2024-03-02 21", "elm/C/1 2024-03-03 21"
	step("one person", message(1, "A", "20240301", "20", "A"), 0, a)
	step("another, with the same id", message(2, "B", "20240302", "21", "A"), 1, a+", "+b)
	step("both again, and a third", message(1, "A", "20240301", "20", "A")+message(2, "B", "20240302", "21", "A")+
		message(3, "C", "20240303", "21", "A"), 2, a+", "+b+", "+c)
	step("the second withdrawn", message(4, "B", "20240302", "21", "D"), 1, a+", "+c)
	step("the first moved to another record", message(5, "E", "20240301", "20", "A"), 0,
		"elm/C/1 2024-03-03 21, elm/E/1 2024-03-01 20")
	step("and corrected there", message(6, "E", "20240304", "20", "U"), 0,
		"elm/C/1 2024-03-03 21, elm/E/1 2024-03-04 20")
}

// A hub sends what several clinics have numbered: the same number of another clinic is another message.
func TestControlIDsOfTwoClinics(t *testing.T) {
	of := func(clinic, person string) string {
		return strings.ReplaceAll(vxu(1, strings.ReplaceAll(barePID, "K1", person), "RXA|0|1|20240301||20^^CVX"),
			"|E|ELM|", "|E|"+clinic+"|")
	}
	f := newFeed(t)
	if n := f.night("elm", "hub.hl7", of("NORTH", "A")+of("SOUTH", "B")); n["ingest.units_rejected"] != 0 ||
		n["ingest.units_accepted"] != 2 {
		t.Errorf("two clinics: %d accepted, %d refused", n["ingest.units_accepted"], n["ingest.units_rejected"])
	}
	if n := f.night("elm", "one.hl7", of("NORTH", "A")+of("NORTH", "B")+
		strings.ReplaceAll(of("NORTH", "C"), "_V04|1|", "_V04|2|")); n["ingest.units_rejected"] != 2 ||
		n["ingest.units_accepted"] != 1 {
		t.Errorf("one clinic: %d accepted, %d refused", n["ingest.units_accepted"], n["ingest.units_rejected"])
	}
}
