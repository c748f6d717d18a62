package review

import (
	"cmp"
	"context"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/standard"
	"miic/linkage/survive"
)

// openLetter is an open question about a letter that is reported to have reached the wrong person.
type openLetter struct {
	ItemID     string     `col:"item_id"`
	RecordL    string     `col:"record_l"`
	RecordR    string     `col:"record_r"`
	Reason     string     `col:"reason"`
	Evidence   string     `col:"evidence_hash"`
	ClientID   int64      `col:"client_id"`
	Restricted bool       `col:"restricted"`
	SentTo     string     `col:"sent_to_address_1,null"`
	SentToZIP  string     `col:"sent_to_zip,null"`
	HappenedOn table.Date `col:"happened_on"`
}

// wrongPersonQueue adds the questions about letters that reached the wrong person to the queue: on the left a record of
// the person, on the right where the letter went.
func (x *Explainer) wrongPersonQueue(ctx context.Context, q *Queue, records map[string]*table.StandardRecord) error {
	if err := x.e.Latest(ctx, "latest_notice_result", table.NoticeResults, table.NoticeResults.Name); err != nil {
		return err
	}
	open, err := engine.Rows[openLetter](ctx, x.e, queries.Get("open_wrong_person"))
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.Restricted != x.Restricted {
			q.Restricted++
			continue
		}
		found, err := find[table.StandardRecord](x, table.StandardRecords, "record_id", o.RecordL)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		s := &found[0]
		records[o.RecordL], records[o.RecordR] = s, s
		letter := *s
		letter.Street, letter.City, letter.ZIP = strings.ToUpper(o.SentTo), "", o.SentToZIP
		steps := append(beside(s, &letter), Step{Part: "reported_on", Right: o.HappenedOn.String()})
		q.Questions = append(q.Questions, Question{ItemID: o.ItemID, Reason: o.Reason, Evidence: o.Evidence,
			Beside: steps, Left: Side{o.RecordL, o.ClientID, s.Sender}, Right: Side{RecordID: o.RecordR}, Doses: []Day{}})
	}
	return nil
}

// news is what results of notices report about a person: see sql/news.sql of the stage.
func (x *Explainer) news(client int64, records []string, batches map[string]table.Batch) ([]survive.Row, error) {
	results, err := find[table.NoticeResult](x, table.NoticeResults, "record_id", records...)
	if err != nil {
		return nil, err
	}
	results = table.Latest(table.NoticeResults, results)
	questions := make([]string, len(results))
	for i := range results {
		questions[i] = standard.NotePrefix + results[i].ResultID
	}
	items, err := find[table.ReviewItem](x, table.ReviewItems, "evidence_hash", questions...)
	if err != nil {
		return nil, err
	}
	astray := map[string]bool{} // a person has judged so
	for _, it := range table.Latest(table.ReviewItems, items) {
		astray[it.Evidence] = it.Decision == "different"
	}
	var rows []survive.Row
	for i := range results {
		r := &results[i]
		n := survive.News{ClientID: client, ResultID: r.ResultID, Code: r.Code, Sender: r.Sender, BatchID: r.BatchID,
			SenderTime: r.SenderTime, HappenedOn: r.HappenedOn, ReceivedOn: cmp.Or(batches[r.BatchID].ReceivedOn, r.HappenedOn), SentTo: r.SentTo,
			SentToZIP: r.SentToZIP, SentPhone: r.SentToPhone, Address1: r.Address1, Address2: r.Address2, City: r.City, State: r.State, ZIP: r.ZIP,
			Astray: astray[questions[i]]}
		rows = append(rows, n.Rows()...)
	}
	return rows, nil
}
