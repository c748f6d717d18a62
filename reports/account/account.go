// Package account keeps the accounting of disclosures: every person in every output that somebody received. What commands
// have written on demand is recorded beside the lake before it appears, and comes into the table with the next night.
package account

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"slices"

	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Ledger is what was disclosed on demand, as a setting of the night.
type Ledger []lake.Disclosed

// MarshalJSON gives the key of the stage a digest: the list only grows.
func (l Ledger) MarshalJSON() ([]byte, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode([]lake.Disclosed(l)); err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"records": len(l), "sha256": hex.EncodeToString(h.Sum(nil))})
}

type known struct {
	Output string `col:"output" doc:"an output on demand that the table has"`
}

// Run takes into the table what was disclosed on demand since the last night.
func Run(ctx context.Context, r *pipeline.Run, ledger Ledger) error {
	if err := r.ViewPrior(ctx, table.Disclosures); err != nil {
		return err
	}
	has, err := engine.Rows[known](ctx, r.Engine, queries.Get("on_demand"))
	if err != nil {
		return err
	}
	var rows []table.Disclosure
	for _, d := range ledger {
		if len(d.Clients) == 0 || slices.Contains(has, known{d.Path()}) { // figures have nobody's name
			continue
		}
		for _, client := range d.Clients {
			rows = append(rows, table.Disclosure{Snapshot: r.Snapshot, Output: d.Path(), ClientID: client,
				Recipient: d.Recipient, Kind: d.Kind, Basis: d.Basis, Purpose: d.Purpose})
		}
		r.Count("outputs_on_demand", 1)
	}
	r.Count("disclosed_on_demand", int64(len(rows)))
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b table.Disclosure) int {
		return cmp.Or(cmp.Compare(a.Output, b.Output), cmp.Compare(a.ClientID, b.ClientID))
	})
	return pipeline.Write(r, table.Disclosures, rows)
}

// Of lists every disclosure of a person: from the table, and from the ledger what no night has taken up yet; the nights'
// first. The caller has made disclosure, and client_change, known to the engine. A person has had other ids, if records
// came together: what was disclosed under those counts.
func Of(ctx context.Context, e *engine.Engine, ledger Ledger, client int64) ([]table.Disclosure, error) {
	type id struct {
		ID int64 `col:"client_id" doc:"the person's, now or before"`
	}
	ids, err := engine.Rows[id](ctx, e, queries.Get("ids", "client", client))
	if err != nil {
		return nil, err
	}
	rows, err := engine.Rows[table.Disclosure](ctx, e, queries.Get("of_person", "client", client))
	if err != nil {
		return nil, err
	}
	for _, d := range ledger {
		for _, one := range ids {
			_, about := slices.BinarySearch(d.Clients, one.ID)
			taken := slices.ContainsFunc(rows, func(r table.Disclosure) bool {
				return r.Output == d.Path() && r.ClientID == one.ID
			})
			if about && !taken {
				rows = append(rows, table.Disclosure{Snapshot: d.Snapshot, Output: d.Path(), ClientID: one.ID,
					Recipient: d.Recipient, Kind: d.Kind, Basis: d.Basis, Purpose: d.Purpose})
			}
		}
	}
	return rows, nil
}
