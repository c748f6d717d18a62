package review

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"miic/internal/engine"
	"miic/internal/overlay"
	"miic/internal/table"
)

// turnQueue adds the questions about records that contradict what their sender told before to the queue: on the left what was told before,
// on the right what has been told since, each with its delivery.
func (x *Explainer) turnQueue(ctx context.Context, q *Queue, standard map[string]*table.StandardRecord) error {
	open, err := engine.Rows[openTurn](ctx, x.e, queries.Get("open_turn"))
	if err != nil || len(open) == 0 {
		return err
	}
	var ids []string
	for _, o := range open {
		if o.Restricted {
			q.Restricted++
		} else {
			ids = append(ids, o.RecordL)
		}
	}
	records, err := find[table.StandardRecord](x, table.StandardRecords, "record_id", ids...)
	if err != nil {
		return err
	}
	for i := range records {
		standard[records[i].RecordID] = &records[i]
	}
	versions, files, err := x.told(ids)
	if err != nil {
		return err
	}
	doses, err := x.reported(ids)
	if err != nil {
		return err
	}
	for _, o := range open {
		s, told := standard[o.RecordL], versions[o.RecordL]
		at := slices.IndexFunc(told, func(t toldTurn) bool { return t.turn.Evidence(o.RecordL) == o.Evidence })
		if o.Restricted || s == nil || at < 0 {
			continue
		}
		t := told[at]
		standard[o.RecordR] = cmp.Or(standard[o.RecordR], s)
		left, right := besideOf(&t.before, files), besideOf(&t.after, files)
		steps := []Step{}
		for i := range left {
			if left[i].value != "" || right[i].value != "" {
				steps = append(steps, Step{Part: left[i].part, Left: left[i].value, Right: right[i].value})
			}
		}
		var before, since []doseOn
		for _, d := range doses[o.RecordL] {
			one := doseOn{On: d.AdministeredOn, CVX: d.CVX}
			if d.SenderTime < t.after.SenderTime {
				before = append(before, one)
			} else {
				since = append(since, one)
			}
		}
		q.Questions = append(q.Questions, Question{ItemID: o.ItemID, Reason: o.Reason, Evidence: o.Evidence, Beside: steps, Left: Side{o.RecordL, o.ClientID, s.Sender}, Right: Side{RecordID: o.RecordR, Sender: s.Sender}, Doses: aligned(before, since)})
	}
	return nil
}

type openTurn struct {
	ItemID     string `col:"item_id"`
	RecordL    string `col:"record_l"`
	RecordR    string `col:"record_r"`
	Reason     string `col:"reason"`
	Evidence   string `col:"evidence_hash"`
	ClientID   int64  `col:"client_id"`
	Restricted bool   `col:"restricted"`
}

// toldTurn is a turn with the versions before and after it.
type toldTurn struct {
	turn          overlay.Turn
	before, after table.ClientRecord
}

// told finds the turns of records, the last one first, and the names of the deliveries that told them.
func (x *Explainer) told(ids []string) (turns map[string][]toldTurn, files map[string]string, err error) {
	rows, err := find[table.ClientRecord](x, table.ClientRecords, "record_id", ids...)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(rows, func(a, b table.ClientRecord) int {
		return cmp.Or(cmp.Compare(a.RecordID, b.RecordID), cmp.Compare(a.SenderTime, b.SenderTime), cmp.Compare(a.Snapshot, b.Snapshot), cmp.Compare(a.BatchID, b.BatchID), cmp.Compare(a.Line, b.Line))
	})
	turns = map[string][]toldTurn{}
	batches := map[string]bool{}
	for len(rows) > 0 {
		k := 1
		for k < len(rows) && rows[k].RecordID == rows[0].RecordID {
			k++
		}
		facts := make([]overlay.BirthFacts, k)
		for i, r := range rows[:k] {
			facts[i] = overlay.BirthFacts{BirthDate: r.BirthDate, Sex: r.Sex}
		}
		for _, t := range slices.Backward(overlay.Turns(facts)) {
			turns[rows[0].RecordID] = append(turns[rows[0].RecordID], toldTurn{t, rows[t.At-1], rows[t.At]})
			batches[rows[t.At-1].BatchID], batches[rows[t.At].BatchID] = true, true
		}
		rows = rows[k:]
	}
	delivered, err := find[table.Batch](x, table.Batches, "batch_id", slices.Sorted(maps.Keys(batches))...)
	files = map[string]string{}
	for _, b := range delivered {
		files[b.BatchID] = b.FileName
	}
	return turns, files, err
}

// reported finds the doses that stand under records.
func (x *Explainer) reported(ids []string) (map[string][]table.VaccinationEvent, error) {
	under, err := find[table.VaccinationEvent](x, table.VaccinationEvents, "record_id", ids...)
	if err != nil {
		return nil, err
	}
	events := map[string]bool{}
	for _, e := range under {
		events[e.EventID] = true
	}
	all, err := find[table.VaccinationEvent](x, table.VaccinationEvents, "event_id", slices.Sorted(maps.Keys(events))...) // one may have moved to another record
	if err != nil {
		return nil, err
	}
	newest := map[string]*table.VaccinationEvent{}
	for i, e := range all {
		if was := newest[e.EventID]; was == nil || cmp.Or(cmp.Compare(e.SenderTime, was.SenderTime), cmp.Compare(e.Snapshot, was.Snapshot), cmp.Compare(e.BatchID, was.BatchID), cmp.Compare(e.Line, was.Line)) > 0 {
			newest[e.EventID] = &all[i]
		}
	}
	of := map[string][]table.VaccinationEvent{}
	for _, id := range slices.Sorted(maps.Keys(newest)) {
		if e := newest[id]; e.Action == "A" && e.AdministeredOn != 0 && (e.Completion == "CP" || e.Completion == "PA") {
			of[e.RecordID] = append(of[e.RecordID], *e)
		}
	}
	return of, nil
}

// besideOf is what a version of a record says, and which delivery said it.
func besideOf(r *table.ClientRecord, files map[string]string) []struct{ part, value string } {
	return []struct{ part, value string }{
		{"delivery", files[r.BatchID]}, {"batch", r.BatchID}, {"line", fmt.Sprint(r.Line)}, {"told_on", table.FromUnixDay(int32(r.SenderTime / (86400 * 1e6))).String()},
		{"given_name", r.FirstName}, {"middle_name", r.MiddleName}, {"surname", r.LastName}, {"birth_date", r.BirthDate.String()}, {"sex", r.Sex},
		{"mother", r.MotherFirst}, {"mother_maiden", r.MotherMaiden}, {"street", r.Address1}, {"city", r.City}, {"ZIP", r.ZIP}, {"phone", r.Phone},
		{"chart", r.ChartNumber}, {"medicaid", r.MedicaidID}, {"birth_certificate", r.BirthCertNumber},
	}
}
