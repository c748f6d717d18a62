package ingest_test

import (
	"context"
	"fmt"
	"testing"

	"miic/ingest"
	"miic/internal/engine"
	"miic/internal/overlay"
	"miic/internal/table"
)

// standing returns the newest version of each key of a log, as text.
func standing[T any](f *feed, t *table.Table, text func(*T) (key, what string)) map[string]string {
	f.t.Helper()
	ctx, e := context.Background(), f.bench.Engine
	if err := e.View(ctx, "told", t, f.bench.Files(t.Name)); err != nil {
		f.t.Fatal(err)
	}
	rows, err := engine.Rows[T](ctx, e, engine.LatestSQL(t, "told"))
	if err != nil {
		f.t.Fatal(err)
	}
	m := map[string]string{}
	for i := range rows {
		key, what := text(&rows[i])
		m[key] = what
	}
	return m
}

func (f *feed) records() map[string]string {
	return standing(f, table.ClientRecords, func(c *table.ClientRecord) (string, string) {
		return c.RecordID, fmt.Sprintf("%s %s %s %s", c.BirthDate, c.Sex, c.Address1, c.Phone)
	})
}

// doses are those that stand, by day: whose they are.
func (f *feed) doses() map[string]string {
	m := map[string]string{}
	for id, what := range standing(f, table.VaccinationEvents, func(v *table.VaccinationEvent) (string, string) {
		return v.EventID, v.Action + " " + v.AdministeredOn.String() + " " + v.RecordID
	}) {
		if what[0] == 'A' {
			if m[what[2:12]] != "" {
				f.t.Errorf("the dose of %s stands twice, the second time as %s", what[2:12], id)
			}
			m[what[2:12]] = what[13:]
		}
	}
	return m
}

func (f *feed) observations() map[string]string {
	m := map[string]string{}
	for _, what := range standing(f, table.Observations, func(o *table.Observation) (string, string) {
		return o.ObservationID, o.Action + " " + o.ObservedOn.String() + " " + o.RecordID
	}) {
		if what[0] == 'A' {
			m[what[2:12]] = what[13:]
		}
	}
	return m
}

func wants(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n%v\nwant\n%v", what, got, want)
	}
}

const (
	overlaidA = "PID|1||K1^^^ELM^MR||Ruud^Eva^^^^^L||20190203|F|||1 Elm St^^Duluth^MN^55802||^PRN^PH^^^218^5550101"
	overlaidB = "PID|1||K1^^^ELM^MR||Ruud^Eva^^^^^L||20210917|F"
)

// shot is a dose, with or without an id of the sender's own.
func shot(own, on, action string) string {
	return "ORC|RE||" + own + "\rRXA|0|1|" + on + "||20^DTaP^CVX|0.5|mL^^UCUM||00||||||L" + on + "||PMC^^MVX|||CP|" +
		action
}

func immune(on string) string {
	return "ORC|RE\rRXA|0|1|" + on +
		"||998^none^CVX|999|||||||||||||NA\rOBX|1|CE|59784-9^immunity^LN|1|38907003^varicella^SCT||||||F|||" + on
}

// A record that a person has judged to hold two people's data becomes two, as if its sender had told of two: each
// with its own versions, carrying over nothing of the other's, and with the doses and observations told in its
// time; and it stays so.
func TestParting(t *testing.T) {
	f := newFeed(t)
	f.night("elm", "a.hl7", vxu(1, overlaidA, shot("", "20190404", "A"), shot("D1", "20190604", "A"),
		immune("20200101")))
	f.night("elm", "b.hl7", vxu(3, overlaidB, shot("", "20211201", "A"), shot("D2", "20220201", "A"),
		immune("20220301")))
	wants(t, "one record, as it was told last", f.records(),
		map[string]string{"elm/K1/1": "2021-09-17 F 1 Elm St 2185550101"})

	facts := []overlay.BirthFacts{{BirthDate: day(t, "2019-02-03"), Sex: "F"},
		{BirthDate: day(t, "2021-09-17"), Sex: "F"}}
	verdict := ingest.Parting{Record: "elm/K1/1", Becomes: "elm/K1/2",
		Evidence: overlay.Turns(facts)[0].Evidence("elm/K1/1")}
	site := func(parted ...ingest.Parting) {
		f.stage = ingest.Stage(ingest.Config{Parted: parted, Senders: []ingest.Sender{{ID: "elm", Kind: "clinic",
			Files: []ingest.FilePattern{{Pattern: "*.hl7", Layout: "hl7-vxu"}}}}})
	}
	other := verdict
	other.Evidence = "turn:0000000000000000"
	site(other)
	if n := f.night("elm", "x.hl7",
		vxu(1, "PID|1||K9^^^ELM^MR||Moe^Tor^^^^^L||20180101|M")); n["ingest.records_parted"] != 0 {
		t.Errorf("a verdict on another turn parts %d records", n["ingest.records_parted"])
	}

	site(verdict)
	// The night of the verdict brings the second person's again, with a telephone.
	n := f.night("elm", "c.hl7", vxu(5, overlaidB+"|||||^PRN^PH^^^218^5550202"))
	if n["ingest.records_parted"] != 1 {
		t.Fatalf("%d records were parted, want 1", n["ingest.records_parted"])
	}
	records := map[string]string{"elm/K9/1": "2018-01-01 M  ", "elm/K1/1": "2019-02-03 F 1 Elm St 2185550101",
		"elm/K1/2": "2021-09-17 F  2185550202"}
	wants(t, "parted", f.records(), records)
	doses := map[string]string{"2019-04-04": "elm/K1/1", "2019-06-04": "elm/K1/1", "2021-12-01": "elm/K1/2",
		"2022-02-01": "elm/K1/2"}
	wants(t, "doses", f.doses(), doses)
	wants(t, "observations", f.observations(), map[string]string{"2020-01-01": "elm/K1/1", "2022-03-01": "elm/K1/2"})

	// The first person is told of again, and the second one's dose without an id is taken back and another one
	// repeated.
	if n := f.night("elm", "d.hl7", vxu(7, overlaidA, shot("D3", "20190804", "A"))); n["ingest.records_parted"] != 0 {
		t.Errorf("parted again: %d", n["ingest.records_parted"])
	}
	f.night("elm", "e.hl7", vxu(9, overlaidB, shot("", "20211201", "D"), shot("D2", "20220201", "A")))
	doses["2019-08-04"] = "elm/K1/1"
	delete(doses, "2021-12-01")
	wants(t, "records told of again", f.records(), records)
	wants(t, "doses told again and taken back", f.doses(), doses)
}
