package campaign

import (
	"context"
	"slices"
	"testing"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// file is a row of batch in few words.
func file(sender, kind, layout, status string, snapshot int64, time table.Time) table.Batch {
	return table.Batch{BatchID: sender + layout + status, Snapshot: snapshot, FileName: layout + status,
		Sender: sender, SenderKind: kind, Layout: layout, Status: status, SenderTime: time}
}

func TestWhichClinicsAreStale(t *testing.T) {
	b, err := pipeline.NewBench(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	clinic := func(sender, layout, status string, snapshot int64) table.Batch {
		return file(sender, "clinic", layout, status, snapshot, 0)
	}
	files := []table.Batch{
		clinic("a-good", "hl7-vxu", "refused", 1), clinic("a-good", "hl7-vxu", "loaded", 2),
		clinic("b-refused", "hl7-vxu", "loaded", 1), clinic("b-refused", "hl7-vxu", "refused", 2),
		clinic("c-half", "wir-client", "refused", 2), clinic("c-half", "wir-immunization", "loaded", 2),
		clinic("d-held", "hl7-vxu", "held", 2),
		clinic("e-alive", "hl7-vxu", "refused", 1), clinic("e-alive", "hl7-vxu", "empty", 2),
		clinic("f-copy", "hl7-vxu", "refused", 1), clinic("f-copy", "hl7-vxu", "duplicate", 2),
		clinic("h-left-out", "hl7-vxu", "left_out", 2), clinic("h-left-out", "hl7-vxu", "loaded", 3),
		clinic("i-returned", "hl7-vxu", "left_out", 2), clinic("i-returned", "hl7-vxu", "loaded", 3),
		clinic("j-settled", "hl7-vxu", "left_out", 2), clinic("j-settled", "hl7-vxu", "declined", 3),
		clinic("j-settled", "hl7-vxu", "loaded", 4),
		file("g-plan", "health_plan", "plan-claims", "refused", 2, 0),
	}
	for i := range files { // the same delivery on two nights
		switch files[i].Sender + files[i].Status {
		case "i-returnedloaded", "j-settleddeclined":
			files[i].BatchID = files[i-1].BatchID
		}
	}
	if err := engine.Load(context.Background(), b.Engine, "latest_batch", files); err != nil {
		t.Fatal(err)
	}
	type sender struct {
		Sender string `col:"sender" doc:"id"`
	}
	rows, err := engine.Rows[sender](context.Background(), b.Engine, queries.Get("stale_clinic"))
	if err != nil {
		t.Fatal(err)
	}
	if want := []sender{{"b-refused"}, {"c-half"}, {"d-held"}, {"f-copy"}, {"h-left-out"}}; !slices.Equal(rows, want) {
		t.Errorf("stale: %v, want %v", rows, want)
	}
}
