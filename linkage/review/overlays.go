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

// turnQueue adds the questions about records that contradict an earlier version to the queue: on the left what was
// reported before, on the right what has been reported since, each with its delivery.
func (x *Explainer) turnQueue(ctx context.Context, q *Queue, standard map[string]*table.StandardRecord) error {
	open, err := engine.Rows[openTurn](ctx, x.e, queries.Get("open_turn"))
	if err != nil || len(open) == 0 {
		return err
	}
	var ids []string
	for _, o := range open {
		if o.Restricted != x.Restricted {
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
	turns, files, err := x.turns(ids)
	if err != nil {
		return err
	}
	doses, err := x.dosesOf(ids)
	if err != nil {
		return err
	}
	for _, o := range open {
		s := standard[o.RecordL]
		at := slices.IndexFunc(turns[o.RecordL], func(t recordTurn) bool {
			return t.turn.Evidence(o.RecordL) == o.Evidence
		})
		if o.Restricted != x.Restricted || s == nil || at < 0 {
			continue
		}
		standard[o.RecordR] = cmp.Or(standard[o.RecordR], s)
		t := &turns[o.RecordL][at]
		q.Questions = append(q.Questions, Question{ItemID: o.ItemID, Reason: o.Reason, Evidence: o.Evidence,
			Beside: t.beside(files), Left: Side{o.RecordL, o.ClientID, s.Sender},
			Right: Side{RecordID: o.RecordR, Sender: s.Sender}, Doses: t.doses(doses[o.RecordL])})
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

// recordTurn is a turn with the versions before and after it.
type recordTurn struct {
	turn          overlay.Turn
	before, after table.ClientRecord
}

// beside is the fields of both versions.
func (t *recordTurn) beside(files map[string]string) []Step {
	before, after := fieldsOf(&t.before, files), fieldsOf(&t.after, files)
	steps := []Step{}
	for i := range before {
		if before[i].value != "" || after[i].value != "" {
			steps = append(steps, Step{Part: before[i].part, Left: before[i].value, Right: after[i].value})
		}
	}
	return steps
}

// doses puts the doses that were reported before the turn and since side by side.
func (t *recordTurn) doses(events []table.VaccinationEvent) []Day {
	var before, since []doseOn
	for _, d := range events {
		one := doseOn{On: d.AdministeredOn, CVX: d.CVX}
		if d.SenderTime < t.after.SenderTime {
			before = append(before, one)
		} else {
			since = append(since, one)
		}
	}
	return aligned(before, since)
}

// turns finds the turns of records, the last one first, and the names of the deliveries before and after each.
func (x *Explainer) turns(ids []string) (turns map[string][]recordTurn, files map[string]string, err error) {
	rows, err := find[table.ClientRecord](x, table.ClientRecords, "record_id", ids...)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(rows, func(a, b table.ClientRecord) int {
		return cmp.Or(cmp.Compare(a.RecordID, b.RecordID), cmp.Compare(a.SenderTime, b.SenderTime),
			cmp.Compare(a.Snapshot, b.Snapshot), cmp.Compare(a.BatchID, b.BatchID), cmp.Compare(a.Line, b.Line))
	})
	turns = map[string][]recordTurn{}
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
			turns[rows[0].RecordID] = append(turns[rows[0].RecordID], recordTurn{t, rows[t.At-1], rows[t.At]})
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

// dosesOf finds the doses that are reported under records.
func (x *Explainer) dosesOf(ids []string) (map[string][]table.VaccinationEvent, error) {
	under, err := find[table.VaccinationEvent](x, table.VaccinationEvents, "record_id", ids...)
	if err != nil {
		return nil, err
	}
	events := map[string]bool{}
	for _, e := range under {
		events[e.EventID] = true
	}
	// A newer version of an event may be under another record.
	keys := slices.Sorted(maps.Keys(events))
	all, err := find[table.VaccinationEvent](x, table.VaccinationEvents, "event_id", keys...)
	if err != nil {
		return nil, err
	}
	newest := table.Latest(table.VaccinationEvents, all)
	slices.SortFunc(newest, func(a, b table.VaccinationEvent) int { return cmp.Compare(a.EventID, b.EventID) })
	of := map[string][]table.VaccinationEvent{}
	for i := range newest {
		e := &newest[i]
		given := e.Completion == "CP" || e.Completion == "PA"
		if e.Action == "A" && e.AdministeredOn != 0 && given {
			of[e.RecordID] = append(of[e.RecordID], *e)
		}
	}
	return of, nil
}

type namedValue struct{ part, value string }

// fieldsOf is the fields of a version of a record, and its delivery; files are the names of deliveries by batch.
func fieldsOf(r *table.ClientRecord, files map[string]string) []namedValue {
	return []namedValue{
		{"delivery", files[r.BatchID]}, {"batch", r.BatchID}, {"line", fmt.Sprint(r.Line)},
		{"reported_on", table.FromUnixDay(int32(r.SenderTime / (86400 * 1e6))).String()},
		{"given_name", r.FirstName}, {"middle_name", r.MiddleName}, {"surname", r.LastName},
		{"birth_date", r.BirthDate.String()}, {"sex", r.Sex}, {"mother", r.MotherFirst},
		{"mother_maiden", r.MotherMaiden}, {"street", r.Address1}, {"city", r.City}, {"ZIP", r.ZIP}, {"phone", r.Phone},
		{"chart", r.ChartNumber}, {"medicaid", r.MedicaidID}, {"birth_certificate", r.BirthCertNumber},
	}
}
