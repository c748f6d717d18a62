package ingest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"miic/ingest/record"
	"miic/ingest/timeline"
	"miic/internal/engine"
	"miic/internal/overlay"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// A Parting is a verdict that a record holds two people's data: what contradicts what was reported before goes to a
// record of its own.
type Parting struct {
	Record   string `json:"record" col:"record_id"` // the record that turned
	Becomes  string `json:"becomes" col:"becomes"`  // the record that begins: a further generation of its number
	Evidence string `json:"evidence" col:"evidence"`
}

// A span is a time in which a record that is parted was about the person of the new one.
type span struct {
	RecordID  string     `col:"record_id" doc:"the record"`
	Becomes   string     `col:"becomes" doc:"the record that begins"`
	From      table.Time `col:"since" doc:"first moment; null for the beginning"`
	Until     table.Time `col:"until" doc:"first moment after it; null for no end"`
	OldSuffix string     `col:"old_suffix" doc:"how ids that are made of its number end"`
	NewSuffix string     `col:"new_suffix" doc:"how those of the new record end"`
}

// part goes before the night's deliveries: it adds to the logs what makes two records of one, as if their sender
// had reported two people from the beginning, and shows that to all later steps as the state before the night. What
// was reported in the time of the new record is stored again under it, and the other is as it was reported last. Ids
// that are made of the record and not the sender's own begin anew, and the old ones are withdrawn.
func (n *night) part(ctx context.Context) error {
	if len(n.cfg.Parted) == 0 {
		return nil
	}
	e := n.run.Engine
	if err := engine.Load(ctx, e, "parting", n.cfg.Parted); err != nil {
		return err
	}
	if err := n.run.ViewPrior(ctx, table.ClientRecords, table.VaccinationEvents, table.Observations,
		table.Affirmations); err != nil {
		return err
	}
	if err := e.Materialize(ctx, "parted_key", "SELECT q.record_id AS k FROM parting AS q WHERE q.becomes NOT IN "+
		"(SELECT record_id FROM prior_client_record)"); err != nil {
		return err
	}
	todo := map[string]Parting{} // by evidence, which is of one record
	for _, p := range n.cfg.Parted {
		todo[p.Evidence] = p
	}
	clinic := map[string]bool{}
	for _, s := range n.cfg.Senders {
		clinic[s.ID] = s.Kind == "clinic"
	}
	var rows []table.ClientRecord
	var spans []span
	var one []timeline.Entry
	flush := func() {
		if len(one) > 0 {
			if r, s := parted(one, todo, n.run.Snapshot, clinic[one[0].Sender]); s != nil {
				rows, spans = append(rows, r...), append(spans, s...)
				n.run.Count("records_parted", 1)
			}
		}
		one = one[:0]
	}
	err := engine.Stream(ctx, e, timelineSQL(table.ClientRecords, "parted_key"), func(x *timelineEntry) error {
		if len(one) > 0 && one[0].RecordID != x.RecordID {
			flush()
		}
		one = append(one, timeline.Entry(*x))
		return nil
	})
	if err != nil {
		return err
	}
	flush()
	if len(spans) == 0 {
		return nil
	}
	if err := pipeline.Write(n.run, table.ClientRecords, rows); err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "parted_span", spans); err != nil {
		return err
	}
	for _, l := range logs[1:3] { // doses and observations
		if _, err := n.run.Append(ctx, l.table, l.partedSQL(n.run.Snapshot)); err != nil {
			return err
		}
	}
	for _, l := range logs[:3] {
		n.partedFiles[l.table] = n.run.Files(l.table.Name)
	}
	return nil
}

// viewPrior shows the state before the night, with the records that a verdict has parted as two.
func (n *night) viewPrior(ctx context.Context, tables ...*table.Table) error {
	if err := n.run.ViewPrior(ctx, tables...); err != nil {
		return err
	}
	for t, files := range n.partedFiles {
		if err := n.run.Engine.View(ctx, "prior_"+t.Name, t, files); err != nil {
			return err
		}
	}
	return nil
}

// parted is what a record that turned becomes: the rows to be added, and the times of the new one. Nothing, if it
// is not the turn that was judged any more.
func parted(entries []timeline.Entry, todo map[string]Parting, snapshot int64, clinic bool) ([]table.ClientRecord,
	[]span) {
	known := timeline.Recall(entries)
	facts := make([]overlay.BirthFacts, len(known))
	for i, e := range known {
		facts[i] = overlay.BirthFacts{BirthDate: e.BirthDate, Sex: e.Sex}
	}
	turns := overlay.Turns(facts)
	if len(turns) == 0 {
		return nil, nil
	}
	turn := turns[len(turns)-1]
	p, ok := todo[turn.Evidence(entries[0].RecordID)]
	generation, err := strconv.Atoi(p.Becomes[strings.LastIndexByte(p.Becomes, '/')+1:])
	if !ok || err != nil {
		return nil, nil
	}
	s := span{RecordID: p.Record, Becomes: p.Becomes, NewSuffix: fmt.Sprintf("~%d", generation)}
	if g := known[0].Generation; g > 1 {
		s.OldSuffix = fmt.Sprintf("~%d", g)
	}
	var stays, goes []timeline.Entry
	var spans []span
	before := false // whom the version before was about
	for i, e := range known {
		going := before
		switch {
		case i >= turn.At:
			going = true
		case facts[i].Contradicts(turn.After):
			going = false
		case facts[i].Contradicts(turn.Before):
			going = true
		}
		if going {
			goes = append(goes, e)
		} else {
			stays = append(stays, e)
		}
		switch {
		case going && !before:
			s.From, s.Until = e.SenderTime, 0
			if i == 0 {
				s.From = 0
			}
			spans = append(spans, s)
		case before && !going:
			spans[len(spans)-1].Until = e.SenderTime
		}
		before = going
	}
	rows := withoutBatch(goes, "", clinic)
	for i := range rows {
		rows[i].RecordID, rows[i].Generation, rows[i].Snapshot = p.Becomes, int32(generation), snapshot
		if rows[i].Follows = 0; known[0].Generation != int32(generation)-1 {
			rows[i].Follows = known[0].Generation
		}
	}
	left := withoutBatch(stays, "", clinic)
	if len(left) == 0 {
		return nil, nil
	}
	last := left[len(left)-1]
	last.SenderTime, last.Snapshot, last.Reported = known[len(known)-1].SenderTime, snapshot, record.ReportedAll
	return append(rows, last), spans
}

// partedSQL selects what a log is to hold of the doses, or observations, that a parted record reported in the time of
// the new one: they are reported under the new one, and what had an id of the old one's is withdrawn there.
func (l log) partedSQL(snapshot int64) string {
	made := "true" // whether the id is made of the record
	if l.table == table.VaccinationEvents {
		made = fmt.Sprintf("length(p.%[1]s) = length(p.sender) + %d + length(s.old_suffix) AND substr(p.%[1]s, "+
			"length(p.sender) + 1, 2) = '/h'", l.key, len("/h")+16)
	}
	at := map[string]string{"snapshot": fmt.Sprint(snapshot), "record_id": "s.becomes",
		l.key: fmt.Sprintf("CASE WHEN %s THEN substr(p.%[2]s, 1, length(p.%[2]s) - length(s.old_suffix)) || "+
			"s.new_suffix ELSE p.%[2]s END", made, l.key)}
	void := map[string]string{"snapshot": fmt.Sprint(snapshot), "action": "'D'", "content_hash": "0"}
	const within = "s.record_id = p.record_id AND (s.since IS NULL OR s.since <= p.sender_time) AND (s.until IS " +
		"NULL OR p.sender_time < s.until)"
	return fmt.Sprintf("SELECT %s FROM prior_%s AS p JOIN parted_span AS s ON %s", l.columns("p", at), l.table.Name,
		within) +
		fmt.Sprintf(" UNION ALL SELECT %s FROM (SELECT v.*, row_number() OVER (PARTITION BY v.%[2]s ORDER BY "+
			"v.sender_time DESC NULLS LAST, v.snapshot DESC NULLS LAST, v.batch_id DESC NULLS LAST, v.line DESC "+
			"NULLS LAST) AS place "+
			"FROM prior_%[3]s AS v WHERE v.record_id IN (SELECT record_id FROM parted_span)) AS p JOIN parted_span "+
			"AS s ON %[4]s WHERE p.place = 1 AND p.action = 'A' AND %[5]s",
			l.columns("p", void), l.key, l.table.Name, within, made)
}
