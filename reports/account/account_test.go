package account

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

var day = table.NewDate(2026, 3, 2)

func stage(ledger Ledger, nightly ...table.Disclosure) []pipeline.Stage {
	return []pipeline.Stage{
		{Name: "campaign", Dated: true, Writes: []string{"disclosure", "client_change"},
			Run: func(_ context.Context, r *pipeline.Run) error {
				for i := range nightly {
					nightly[i].Snapshot = r.Snapshot
				}
				if err := pipeline.Write(r, table.ClientChanges, []table.ClientChange{
					{ClientID: 5, OtherID: 1, Snapshot: r.Snapshot, Change: "merged"},
					{ClientID: 9, OtherID: 2, Snapshot: 99, Change: "split"}}); err != nil {
					return err
				}
				return pipeline.Write(r, table.Disclosures, nightly)
			}},
		{Name: "account", Config: ledger, Prior: []string{"disclosure"}, Writes: []string{"disclosure"},
			Run: func(ctx context.Context, r *pipeline.Run) error { return Run(ctx, r, ledger) }}}
}

func TestEachDisclosureOnDemandIsTakenInOnceAndCounted(t *testing.T) {
	ctx := context.Background()
	b, err := pipeline.NewBench(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	ledger := Ledger{{ID: "000001", Output: "susceptible", Recipient: "Board", Kind: "community health board", Basis: "law",
		Purpose: "measles", Clients: []int64{1, 2, 3}}}
	night := func(d table.Date, want int) {
		t.Helper()
		if _, err := b.Night(ctx, d, nil, stage(ledger, table.Disclosure{Output: "regions/metro/recall.csv", ClientID: 1})...); err != nil {
			t.Fatal(err)
		}
		rows, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
		if err != nil || len(rows) != want {
			t.Fatalf("%d rows, want %d, %v", len(rows), want, err)
		}
	}
	night(day, 4)
	night(day+1, 5) // the night's own, and nothing again
	of := func(client int64) []string {
		for _, tb := range []*table.Table{table.Disclosures, table.ClientChanges} {
			if err := b.Engine.View(ctx, tb.Name, tb, b.Files(tb.Name)); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := Of(ctx, b.Engine, ledger, client)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, r := range rows {
			list = append(list, fmt.Sprint(r.ClientID, " ", r.Output))
		}
		return list
	}
	ledger = append(ledger, lake.Disclosed{ID: "000002", Output: "lot", Recipient: "Clinic", Clients: []int64{2, 5}})
	for client, want := range map[int64]int{
		1: 4, // two nights, once on demand, and once in the ledger under the id that was merged into it
		2: 2, // in the table, and in the ledger only
		3: 1, 4: 0,
		9: 1, // parted from 2: what the table has of 2 was about it too
	} {
		if got := of(client); len(got) != want {
			t.Errorf("client %d: %q, want %d", client, got, want)
		}
	}
	night(day+2, 8)
	if got := of(1); len(got) != 5 { // and one night more
		t.Errorf("after the ledger was taken in: %q", got)
	}
}

// TestTheKeyFollowsTheLedger: the setting of the stage is a digest, and another record gives another.
func TestTheKeyFollowsTheLedger(t *testing.T) {
	key := func(l Ledger) string {
		data, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	one := Ledger{{ID: "000001", Clients: []int64{1}}}
	if key(one) == key(Ledger{{ID: "000001", Clients: []int64{2}}}) || key(one) == key(nil) || key(one) != key(one[:1]) {
		t.Error("the key does not follow the ledger")
	}
}
