package mailing

import (
	"context"
	"fmt"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/letter"
)

// doseRow is one antigen of a dose on record.
type doseRow struct {
	ClientID       int64      `col:"client_id" doc:"the person"`
	ImmunizationID string     `col:"immunization_id" doc:"the dose"`
	On             table.Date `col:"administered_on" doc:"the day"`
	CVX            int16      `col:"cvx" doc:"product"`
	Antigen        string     `col:"antigen,null" doc:"antigen; empty: nobody knows what it was"`
	Status         string     `col:"status,null" doc:"how it was judged"`
}

// histories are the doses on record of those with whose letter they go, the oldest first. Nobody else's are read: the
// doses of somebody who may appear in no output are in no letter to the household.
func histories(ctx context.Context, r *pipeline.Run, plan *campaign.Plan) (map[int64][]letter.Dose, error) {
	type person struct {
		ClientID int64 `col:"client_id" doc:"whose history goes with the letter"`
	}
	var people []person
	for _, kinds := range plan.Chosen {
		for _, chosen := range kinds {
			for i := range chosen {
				if chosen[i].HistoryPage {
					people = append(people, person{chosen[i].Notice.ClientID})
				}
			}
		}
	}
	if len(people) == 0 {
		return nil, nil
	}
	if err := r.View(ctx, table.Immunizations, table.DoseEvaluations); err != nil {
		return nil, err
	}
	if err := engine.Load(ctx, r.Engine, "historied", people); err != nil {
		return nil, err
	}
	doses, known := map[int64][]letter.Dose{}, map[string]*letter.Given{}
	type dose struct {
		client int64
		id     string
	}
	key := func(row *doseRow) dose { return dose{row.ClientID, row.ImmunizationID} }
	err := engine.Groups(ctx, r.Engine, queries.Get("dose"), key, func(rows []doseRow) error {
		var judged []letter.Judged
		for _, row := range rows {
			judged = append(judged, letter.Judged{Antigen: row.Antigen, Status: row.Status})
		}
		first := &rows[0]
		key := fmt.Sprint(first.CVX, judged)
		given := known[key]
		if given == nil {
			given = letter.NewGiven(first.CVX, judged)
			known[key] = given
		}
		doses[first.ClientID] = append(doses[first.ClientID], letter.Dose{On: first.On, Given: given})
		return nil
	})
	return doses, err
}
