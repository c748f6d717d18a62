package lake

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestDisclosuresOnDemandAreKept(t *testing.T) {
	l, err := Create(t.TempDir()+"/lake", Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	w, err := l.Lock() // a night runs meanwhile
	if err != nil {
		t.Fatal(err)
	}
	defer w.Unlock()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			_, err := l.Disclose(Disclosed{Output: "susceptible", Recipient: "Board", Operator: "op", Reason: "measles",
				Snapshot: 3, Clients: []int64{int64(i), 7, int64(i)}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list, err := l.Disclosures()
	if err != nil || len(list) != 20 || list[19].ID != "000020" || list[0].Path() != "on-demand/000001/susceptible" {
		t.Fatalf("%d records, %v", len(list), err)
	}
	for _, d := range list {
		if !slices.IsSorted(d.Clients) || !slices.Contains(d.Clients, 7) || len(d.Clients) > 2 || d.At.IsZero() {
			t.Errorf("%+v", d)
		}
	}
	if _, err := l.Disclose(Disclosed{Output: "lot", Clients: []int64{1}}); CodeOf(err) != Usage {
		t.Errorf("without a reason: %v", err)
	}
	path := l.Path("disclosed/000004.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "measles", "mumps", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := l.Disclosures(); CodeOf(err) != Damaged || !strings.Contains(err.Error(), "000004.json") || len(list) != 19 {
		t.Errorf("changed: %d records, %v", len(list), err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Disclosures(); CodeOf(err) != Damaged || !strings.Contains(err.Error(), "000004.json is missing") {
		t.Errorf("removed: %v", err)
	}
}
