package pipeline

import (
	"context"
	"errors"
	"testing"

	"miic/internal/table"
)

// TestTwoStagesAddToOneLog: what each has added is in the log, and one that fails takes nothing of the other with it.
func TestTwoStagesAddToOneLog(t *testing.T) {
	h := newHouse(t)
	fails := true
	adds := func(name string, client int64) Stage {
		return Stage{Name: name, Dated: true, Writes: []string{"disclosure"}, Run: func(_ context.Context, r *Run) error {
			if err := Write(r, table.Disclosures, []table.Disclosure{{Snapshot: r.Snapshot, Output: name, ClientID: client}}); err != nil {
				return err
			}
			if name == "second" && fails {
				return errors.New("no")
			}
			return nil
		}}
	}
	h.opts.Stages = []Stage{adds("first", 1), adds("second", 2)}
	h.night(2, Failed, 1)
	fails = false
	if r := h.night(2, Committed, 0); r.Stages[0].How != "adopted" {
		t.Errorf("the first stage was %s: its rows went with the second's", r.Stages[0].How)
	}
	h.night(3, Committed, 0)
	m, err := h.opts.Lake.Head()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := table.ReadAll[table.Disclosure](h.opts.Lake.Files(m, "disclosure"))
	if err != nil || len(rows) != 4 || len(m.Tables["disclosure"]) != 4 {
		t.Errorf("%d rows in %d files, %v", len(rows), len(m.Tables["disclosure"]), err)
	}
}
