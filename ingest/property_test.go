package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"miic/ingest"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// contents are all rows of all logs, as text.
func contents(t *testing.T, b *pipeline.Bench, snapshots int64) string {
	t.Helper()
	var out strings.Builder
	for s := int64(1); s <= snapshots; s++ {
		dump(t, &out, b, table.Batches, s, []table.Batch{})
		dump(t, &out, b, table.Rejections, s, []table.Rejected{})
		dump(t, &out, b, table.ClientRecords, s, []table.ClientRecord{})
		dump(t, &out, b, table.VaccinationEvents, s, []table.VaccinationEvent{})
		dump(t, &out, b, table.Observations, s, []table.Observation{})
		dump(t, &out, b, table.Requests, s, []table.Request{})
		dump(t, &out, b, table.Affirmations, s, []table.Affirmation{})
	}
	return out.String()
}

func TestOrderOfFilesNeverMatters(t *testing.T) {
	dir, cfg, dates := state(t, 100, 2)
	var want string
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 2 {
		b := newBench(t)
		for _, on := range dates {
			files := lying(t, filepath.Join(dir, "nights", on))
			if round > 0 {
				r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
			}
			if _, err := b.Night(context.Background(), day(t, on), files, ingest.Stage(cfg)); err != nil {
				t.Fatal(err)
			}
		}
		got := contents(t, b, int64(len(dates)))
		if round == 0 {
			want = got
		} else if got != want {
			t.Fatalf("another order of files gave other rows:\n%s", cmp.Diff(strings.Split(want, "\n"),
				strings.Split(got, "\n")))
		}
	}
}

// TestTwiceIsOnce: the same deliveries a second night, and the same records in files of other bytes,
// add no version of anything.
func TestTwiceIsOnce(t *testing.T) {
	dir, cfg, dates := state(t, 200, 1)
	b := newBench(t)
	night := filepath.Join(dir, "nights", dates[0])
	if _, err := b.Night(context.Background(), day(t, dates[0]), lying(t, night), ingest.Stage(cfg)); err != nil {
		t.Fatal(err)
	}
	logs := []string{"client_record", "vaccination_event", "observation", "request"}
	before := map[string]int{}
	for _, l := range logs {
		before[l] = len(b.Files(l))
	}
	if _, err := b.Night(context.Background(), day(t, dates[0])+1, lying(t, night), ingest.Stage(cfg)); err != nil {
		t.Fatal(err)
	}
	for _, l := range logs {
		if len(b.Files(l)) != before[l] {
			t.Errorf("%s has new files after the same bytes", l)
		}
	}
	for _, d := range lying(t, night) { // an empty line more: other bytes, the same records
		f, err := os.OpenFile(d.Path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("\r\n"); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	o, err := b.Night(context.Background(), day(t, dates[0])+2, lying(t, night), ingest.Stage(cfg))
	if err != nil {
		t.Fatal(err)
	}
	if o.Counts["ingest.files_loaded"] < 15 {
		t.Fatalf("the changed files were not read: %v", o.Counts)
	}
	for _, l := range logs {
		if n := o.Counts["ingest."+l+"_new"]; n != 0 {
			t.Errorf("%s: %d new versions of the same content", l, n)
		}
	}
}

// newest returns the newest version of each key: what readers of the logs see. Keys whose sender says two
// different things at the very same time are left out: there what arrived last holds.
func newest(t *testing.T, b *pipeline.Bench) map[string]string {
	t.Helper()
	out := map[string]string{}
	at := map[string]table.Time{}
	keep := func(key string, sent table.Time, row any) {
		v := reflect.ValueOf(&row).Elem().Elem()
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		for _, f := range []string{"Snapshot", "BatchID", "Line"} {
			c.FieldByName(f).SetZero()
		}
		text := fmt.Sprintf("%+v", c.Interface())
		if old, ok := at[key]; !ok || sent > old {
			at[key], out[key] = sent, text
		} else if sent == old && out[key] != text {
			out[key] = ""
		}
	}
	for _, r := range readAll[table.ClientRecord](t, b, "client_record") {
		keep("r "+r.RecordID, r.SenderTime, r)
	}
	for _, r := range readAll[table.VaccinationEvent](t, b, "vaccination_event") {
		keep("e "+r.EventID, r.SenderTime, r)
	}
	for _, r := range readAll[table.Request](t, b, "request") {
		keep("q "+r.RequestID, r.SenderTime, r)
	}
	return out
}

// TestNightsOutOfOrder: what is newest does not depend on which night's files arrived first.
func TestNightsOutOfOrder(t *testing.T) {
	dir, cfg, dates := state(t, 100, 4)
	last := day(t, dates[len(dates)-1])
	run := func(order []int) map[string]string {
		b := newBench(t)
		for i, n := range order {
			// Every night is dated after all files, so that none lies in the future.
			if _, err := b.Night(context.Background(), last+table.Date(i),
				without(lying(t, filepath.Join(dir, "nights", dates[n])), "prairie-family"),
				ingest.Stage(cfg)); err != nil {
				t.Fatal(err)
			}
		}
		return newest(t, b)
	}
	want := run([]int{0, 1, 2, 3})
	if got := run([]int{0, 3, 1, 2}); !reflect.DeepEqual(want, got) {
		t.Errorf("what is newest depends on the order of nights:\n%s", cmp.Diff(want, got))
	}
}

// without leaves out a sender whose damaged file makes the order of its files matter on purpose.
func without(files []pipeline.Delivery, sender string) []pipeline.Delivery {
	return slices.DeleteFunc(files, func(d pipeline.Delivery) bool { return d.Sender == sender })
}

// TestNoPersonalDataInMessages plants a marker in every text of every kind of file, damages the
// files in many ways, and looks for the marker in notes, errors and the rows that people read.
func TestNoPersonalDataInMessages(t *testing.T) {
	const marker = "Zqmarker"
	cases, _ := filepath.Glob("testdata/*/senders.yaml")
	names := []string{"EVA", "RUUD", "Vang", "Moua", "Lee", "Berg", "NÚÑEZ", "Pa Houa", "HOLM", "OLSON", "DAHL",
		"Duluth", "DULUTH"}
	looked := 0
	for _, path := range cases {
		cfg := senders(t, path)
		nights, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "in", "*"))
		b := newBench(t)
		snapshot := int64(0)
		for _, night := range nights {
			snapshot++
			var files []pipeline.Delivery
			for _, d := range lying(t, night) {
				if d.Err != "" {
					continue
				}
				data, err := os.ReadFile(d.Path)
				if err != nil {
					t.Fatal(err)
				}
				for how := range 4 {
					spoiled := plant(data, names, marker, how)
					f := d
					f.Name = strings.Replace(d.Name, "_", fmt.Sprintf("_%c_", 'a'+how), 1)
					f.Path = filepath.Join(t.TempDir(), f.Name)
					if err := os.WriteFile(f.Path, spoiled, 0o600); err != nil {
						t.Fatal(err)
					}
					f.Bytes, f.SHA256 = int64(len(spoiled)), fmt.Sprintf("%064x", looked)
					looked++
					files = append(files, f)
				}
			}
			o, err := b.Night(context.Background(), day(t, filepath.Base(night)), files, ingest.Stage(cfg))
			var said strings.Builder
			fmt.Fprintf(&said, "%v\n", err)
			if err == nil {
				fmt.Fprintf(&said, "%+v\n", o.Notes)
				dump(t, &said, b, table.Batches, snapshot, []table.Batch{})
				dump(t, &said, b, table.Rejections, snapshot, []table.Rejected{})
			}
			if i := strings.Index(strings.ToLower(said.String()), strings.ToLower(marker)); i >= 0 {
				t.Errorf("%s: the marker is in: %.300s", night, said.String()[max(0, i-200):])
			}
		}
	}
	if looked < 60 {
		t.Fatalf("only %d files were looked at", looked)
	}
}

// plant puts the marker where names were, and then spoils the file: not at all, shifted by three
// bytes, with every separator doubled now and then, with the marker in every tenth place.
func plant(data []byte, names []string, marker string, how int) []byte {
	for _, n := range names {
		m := marker
		for len(m) < len(n) {
			m += "q"
		}
		data = bytes.ReplaceAll(data, []byte(n), []byte(m)[:max(len(n), len(m))])
	}
	switch how {
	case 1:
		data = bytes.ReplaceAll(data, []byte("\n"), []byte("\nabc"))
	case 2:
		data = bytes.ReplaceAll(data, []byte(","), []byte(","+marker+","))
		data = bytes.ReplaceAll(data, []byte("|20"), []byte("|"+marker))
		data = bytes.ReplaceAll(data, []byte("^CVX"), []byte("^"+marker))
	case 3:
		data = bytes.ReplaceAll(data, []byte("|F|"), []byte("|"+marker+"|"))
		data = bytes.ReplaceAll(data, []byte("|M|"), []byte("|"+marker+"|"))
		data = bytes.ReplaceAll(data, []byte("VXU"), []byte(marker))
		data = bytes.ReplaceAll(data, []byte("90700"), []byte(marker[:5]))
	}
	return data
}
