package ingest

import (
	"context"
	"strings"

	"miic/ingest/number"
	"miic/ingest/rule"
	"miic/internal/engine"
	"miic/internal/table"
)

// person is the newest version of a record.
type person struct {
	RecordID string `col:"record_id" doc:"the record"`
	number.Version
}

// identities makes reused_dose_id: the doses whose own id does not identify them, as it is another dose's too, and
// those that have moved to another record. It returns them as rows about units.
func (n *night) identities(ctx context.Context) ([]unitRow, error) {
	e := n.run.Engine
	if err := e.Materialize(ctx, "repeated_dose_id", queries.Get("repeated_dose_id")); err != nil {
		return nil, err
	}
	doses, err := engine.Rows[number.Dose](ctx, e, queries.Get("contested_dose_id"))
	if err != nil {
		return nil, err
	}
	alike, err := n.alike(ctx, doses)
	if err != nil {
		return nil, err
	}
	var list []number.Identity
	for len(doses) > 0 {
		k := 1
		for k < len(doses) && doses[k].GivenID == doses[0].GivenID {
			k++
		}
		list = append(list, number.Identify(doses[:k], alike)...)
		doses = doses[k:]
	}
	var rows []unitRow
	byContent := int64(0)
	for _, d := range list {
		row := unitRow{File: d.File, Unit: d.Unit, Line: d.Line, Offset: d.Offset}
		switch {
		case d.Content:
			row.Rule = rule.FillerTwice.ID
			byContent++
		case d.Moved:
			row.Rule = rule.DoseMoved.ID
		default:
			continue
		}
		rows = append(rows, row)
	}
	n.idsReused = len(list) > 0
	n.run.Count("dose_ids_reused", byContent)
	return rows, engine.Load(ctx, e, "reused_dose_id", list)
}

type askedRecord struct {
	RecordID string `col:"record_id" doc:"the record"`
	SourceID string `col:"source_client_id" doc:"its number"`
}

// alike compares the people of the doses' records.
func (n *night) alike(ctx context.Context, doses []number.Dose) (func(a, b string) bool, error) {
	asked := map[string]bool{}
	var list []askedRecord
	for i := range doses {
		id := doses[i].RecordID
		if asked[id] {
			continue
		}
		asked[id] = true
		_, of, _ := strings.Cut(id, "/")
		list = append(list, askedRecord{id, of[:max(strings.LastIndexByte(of, '/'), 0)]})
	}
	if err := engine.Load(ctx, n.run.Engine, "asked_record", list); err != nil || len(list) == 0 {
		return nil, err
	}
	people, err := engine.Rows[person](ctx, n.run.Engine, queries.Get("record_person"))
	known := make(map[string]*number.Version, len(people))
	for i := range people {
		known[people[i].RecordID] = &people[i].Version
	}
	return func(a, b string) bool {
		return known[a] != nil && known[b] != nil && number.Alike(known[a], known[b])
	}, err
}

// requests makes renumbered_request: tonight's requests whose numbers were another person's.
func (n *night) requests(ctx context.Context) error {
	asked, err := engine.Rows[askedAt](ctx, n.run.Engine, queries.Get("contested_request"))
	if err != nil {
		return err
	}
	var list []number.RenumberedRequest
	for len(asked) > 0 {
		var one []number.Request
		for len(one) < len(asked) && asked[len(one)].GivenID == asked[0].GivenID {
			one = append(one, asked[len(one)].Request)
		}
		list = append(list, number.IdentifyRequests(one)...)
		asked = asked[len(one):]
	}
	n.run.Count("request_ids_reused", int64(len(list)))
	return engine.Load(ctx, n.run.Engine, "renumbered_request", list)
}

type askedAt struct {
	number.Request
	SenderTime table.Time `col:"sender_time" doc:"when it was made"`
}
