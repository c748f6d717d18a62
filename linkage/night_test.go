package linkage

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/internal/testdata"
	"miic/linkage/standard"
)

// delivered is what a test's ingest writes on one night.
type delivered struct {
	records  []table.ClientRecord
	events   []table.VaccinationEvent
	requests []table.Request
	deaths   []table.Death

	affirmations []table.Affirmation
	results      []table.NoticeResult
}

// ingest is a stage that writes what is given, one batch for each sender.
func (d delivered) ingest(kinds map[string]string) pipeline.Stage {
	return pipeline.Stage{Name: "ingest",
		Writes: names(table.Batches, table.ClientRecords, table.VaccinationEvents, table.Requests, table.Deaths,
			table.Affirmations, table.NoticeResults),
		Run: func(_ context.Context, r *pipeline.Run) error {
			batches := map[string]bool{}
			var list []table.Batch
			batch := func(sender string) string {
				id := fmt.Sprintf("%s-%d", sender, r.Snapshot)
				if !batches[id] {
					batches[id] = true
					kind := kinds[sender]
					if kind == "" {
						kind = standard.Clinic
					}
					list = append(list, table.Batch{BatchID: id, Snapshot: r.Snapshot, Sender: sender, SenderKind: kind,
						Status: "loaded", FileName: sender})
				}
				return id
			}
			for i := range d.records {
				x := &d.records[i]
				x.Snapshot, x.BatchID = r.Snapshot, batch(x.Sender)
			}
			for i := range d.events {
				x := &d.events[i]
				x.Snapshot, x.BatchID = r.Snapshot, batch(x.Sender)
			}
			for i := range d.requests {
				x := &d.requests[i]
				x.Snapshot, x.BatchID = r.Snapshot, batch(x.Sender)
			}
			for i := range d.deaths {
				x := &d.deaths[i]
				x.Snapshot, x.BatchID = r.Snapshot, batch(x.Sender)
			}
			for i := range d.affirmations {
				x := &d.affirmations[i]
				x.Snapshot, x.BatchID = r.Snapshot, batch(x.Sender)
			}
			for i := range d.results {
				x := &d.results[i]
				x.Snapshot, x.BatchID = r.Snapshot, batch(x.Sender)
			}
			if len(list) == 0 {
				return nil
			}
			for _, write := range []func() error{
				func() error { return pipeline.Write(r, table.Batches, list) },
				func() error { return pipeline.Write(r, table.ClientRecords, d.records) },
				func() error { return pipeline.Write(r, table.VaccinationEvents, d.events) },
				func() error { return pipeline.Write(r, table.Requests, d.requests) },
				func() error { return pipeline.Write(r, table.Deaths, d.deaths) },
				func() error { return pipeline.Write(r, table.Affirmations, d.affirmations) },
				func() error { return pipeline.Write(r, table.NoticeResults, d.results) },
			} {
				if err := write(); err != nil {
					return err
				}
			}
			return nil
		}}
}

// The labelled registry is read once: it has 65,000 records, of which each test takes some.
var (
	readRegistry    sync.Once
	registryRecords []table.ClientRecord
	registryDoses   []string
	registryFault   error
)

// registry returns the records and doses of the synthetic registry, at most n records.
func registry(t testing.TB, n int) delivered {
	t.Helper()
	path := filepath.Join(testdata.Dir(t, "linkage/registry-seed1"), "records.csv")
	readRegistry.Do(func() { registryRecords, registryDoses, registryFault = standard.ReadRecords(path) })
	if registryFault != nil {
		t.Fatal(registryFault)
	}
	records, doses := registryRecords, registryDoses
	var d delivered
	for i := range records[:min(n, len(records))] {
		r := records[i]
		r.Share, r.Contact = "allowed", "allowed"
		r.SenderTime = table.Time(1 + i)
		d.records = append(d.records, r)
		for k := 0; k+10 <= len(doses[i]); k += 11 {
			day, err := table.ParseDate(doses[i][k : k+10])
			if err != nil {
				t.Fatal(err)
			}
			d.events = append(d.events,
				table.VaccinationEvent{EventID: fmt.Sprintf("%s/%s", r.RecordID, day), RecordID: r.RecordID,
					Sender: r.Sender,
					Action: "A", CVX: 20, AdministeredOn: day, Completion: "CP"})
		}
	}
	return d
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

var someNight = table.NewDate(2026, 3, 2)

func night(t testing.TB, b *pipeline.Bench, d delivered) map[string]int64 {
	t.Helper()
	o, err := b.Night(context.Background(), someNight, nil,
		d.ingest(map[string]string{"BIRTH": standard.VitalRecords, "PLAN": "health_plan"}), Stage(Config{}))
	if err != nil {
		t.Fatal(err)
	}
	return o.Counts
}

func links(t testing.TB, b *pipeline.Bench) map[string]int64 {
	t.Helper()
	m := map[string]int64{}
	if err := table.Scan(b.Files("client_link"),
		func(l *table.ClientLink) error { m[l.RecordID] = l.ClientID; return nil }); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTwiceIsOnce(t *testing.T) {
	b := newBench(t)
	first := night(t, b, registry(t, 2000))
	for _, figure := range []string{"dirty", "pairs_compared", "clients_created", "review_raised", "immunizations"} {
		if first["link."+figure] == 0 {
			t.Fatalf("the first night reports no %s: %v", figure, first)
		}
	}
	before := links(t, b)
	second := night(t, b, delivered{})
	for _, figure := range []string{"dirty", "pairs_compared", "clients_created", "clients_joined", "clients_moved",
		"clients_split", "clients_merged", "clients_emptied", "review_raised"} {
		if second["link."+figure] != 0 {
			t.Errorf("running again on nothing new: %s = %d", figure, second["link."+figure])
		}
	}
	for _, figure := range []string{"records", "clients", "immunizations", "in_review", "linked"} {
		if first["link."+figure] != second["link."+figure] {
			t.Errorf("%s: %d, then %d", figure, first["link."+figure], second["link."+figure])
		}
	}
	after := links(t, b)
	for r, c := range before {
		if after[r] != c {
			t.Errorf("record %s moved from %d to %d", r, c, after[r])
		}
	}
}

// partition returns the sets of records that belong together, each named by its smallest record.
func partition(links map[string]int64) map[string]string {
	smallest := map[int64]string{}
	for r, c := range links {
		if s, ok := smallest[c]; !ok || r < s {
			smallest[c] = r
		}
	}
	out := map[string]string{}
	for r, c := range links {
		out[r] = smallest[c]
	}
	return out
}

// split deals the records and their doses over nights.
func (d delivered) split(nights int, at func(i int) int) []delivered {
	out := make([]delivered, nights)
	of := map[string]int{}
	for i, r := range d.records {
		n := at(i)
		of[r.RecordID] = n
		out[n].records = append(out[n].records, r)
	}
	for _, e := range d.events {
		n := of[e.RecordID]
		out[n].events = append(out[n].events, e)
	}
	return out
}

func TestOrderOfArrivalIsBatch(t *testing.T) {
	all := registry(t, 900)
	batch := newBench(t)
	night(t, batch, all)
	want := partition(links(t, batch))
	for name, at := range map[string]func(int) int{
		"in order":  func(i int) int { return i * 3 / 900 },
		"backwards": func(i int) int { return 2 - i*3/900 },
		"scattered": func(i int) int { return i * 7919 % 3 },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			for _, d := range all.split(3, at) {
				night(t, b, d)
			}
			got := partition(links(t, b))
			differ := 0
			for r, p := range want {
				if got[r] != p {
					differ++
				}
			}
			if differ > 0 || len(got) != len(want) {
				t.Errorf("%d of %d records are in another person than in one batch", differ, len(want))
			}
		})
	}
}
