package review

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"miic/internal/area"
	"miic/internal/table"
	"miic/linkage/survive"
)

// versionRow is a version of a client record, with what decides which is the newest.
type versionRow struct {
	survive.Sent
	SourceID   string `col:"source_client_id"`
	Generation int32  `col:"generation"`
	Snapshot   int64  `col:"snapshot"`
	Line       int64  `col:"line"`
	affirmed   bool
}

// affirmedRow is a version that was repeated.
type affirmedRow struct {
	Log        string     `col:"log"`
	RecordID   string     `col:"version_key"`
	Sender     string     `col:"sender"`
	Snapshot   int64      `col:"snapshot"`
	BatchID    string     `col:"batch_id"`
	Line       int64      `col:"line"`
	SenderTime table.Time `col:"sender_time"`
	DatedOn    table.Date `col:"dated_on"`
	Reported   int64      `col:"reported"`
}

// doseRow is a version of a dose, as far as it confirms what its sender has.
type doseRow struct {
	EventID        string     `col:"event_id"`
	RecordID       string     `col:"record_id"`
	SenderTime     table.Time `col:"sender_time"`
	Snapshot       int64      `col:"snapshot"`
	BatchID        string     `col:"batch_id"`
	Line           int64      `col:"line"`
	Action         string     `col:"action"`
	Completion     string     `col:"completion"`
	Historical     bool       `col:"historical"`
	Claim          string     `col:"claim_number,null"`
	AdministeredOn table.Date `col:"administered_on"`
}

// known finds where each field of a person's best-known demographics came from, by choosing again from
// the newest versions of the records, and what was known before.
func (x *Explainer) known(c *Client, records []string) error {
	c.Known, c.Former = []Known{}, []Known{}
	if len(records) == 0 {
		return nil
	}
	rows, err := x.reported(c.ClientID, records)
	if err != nil || len(rows) == 0 {
		return err
	}
	best := survive.Choose(rows, area.Default(), func(field string, from *survive.Row, reason string) {
		k := Known{Field: field, Value: from.Value(field), RecordID: from.RecordID, Reason: reason}
		on, dated := from.Since(field)
		k.TrueOn, k.Dated = on.String(), dated
		c.Known = append(slices.DeleteFunc(c.Known, func(k Known) bool { return k.Field == field }), k)
	})
	for i := range c.Known {
		if c.Known[i].Field == "contact" {
			c.Known[i].Value = best.Contact // two records together may allow less than each
		}
	}
	history, err := find[table.ClientHistory](x, table.ClientHistories, "client_id", c.ClientID)
	for _, h := range history {
		c.Former = append(c.Former, Known{Field: h.Kind, Value: survive.FormerText(&h), RecordID: h.RecordID,
			LastReported: dayOf(h.LastReported)})
	}
	return err
}

// reported is all that was reported on records, as survivorship reads it: see sql/client_row.sql of the stage.
func (x *Explainer) reported(client int64, records []string) ([]survive.Row, error) {
	wanted := slices.Clone(records)
	for _, id := range records { // the record that one was parted into may be another person's
		at := strings.LastIndexByte(id, '/') + 1
		if generation, err := strconv.Atoi(id[at:]); err == nil {
			wanted = append(wanted, id[:at]+strconv.Itoa(generation+1))
		}
	}
	versions, err := find[versionRow](x, table.ClientRecords, "record_id", wanted...)
	if err != nil {
		return nil, err
	}
	versions = slices.DeleteFunc(withoutParted(versions),
		func(v versionRow) bool { return !slices.Contains(records, v.RecordID) })
	repeated, err := find[affirmedRow](x, table.Affirmations, "version_key", records...)
	if err != nil {
		return nil, err
	}
	for _, a := range repeated {
		if a.Log == table.ClientRecords.Name && a.DatedOn != 0 {
			versions = append(versions, versionRow{Snapshot: a.Snapshot, Line: a.Line, affirmed: true, Sent: survive.Sent{
				RecordID: a.RecordID, Sender: a.Sender, BatchID: a.BatchID, SenderTime: a.SenderTime, DatedOn: a.DatedOn,
				Reported: a.Reported}})
		}
	}
	slices.SortFunc(versions, func(a, b versionRow) int {
		last := 0
		if a.affirmed != b.affirmed {
			if last = -1; a.affirmed {
				last = 1
			}
		}
		return cmp.Or(cmp.Compare(a.RecordID, b.RecordID), cmp.Compare(a.SenderTime, b.SenderTime),
			cmp.Compare(a.Snapshot, b.Snapshot), cmp.Compare(a.BatchID, b.BatchID), cmp.Compare(a.Line, b.Line), last)
	})
	given, served, err := x.given(records)
	if err != nil {
		return nil, err
	}
	batches := map[string]table.Batch{}
	err = table.Scan(x.files(table.Batches.Name), func(b *table.Batch) error {
		if old, ok := batches[b.BatchID]; ok { // as sql/batch_kind.sql has it
			b.ReceivedOn, b.SenderKind = min(b.ReceivedOn, old.ReceivedOn), min(b.SenderKind, old.SenderKind)
		}
		batches[b.BatchID] = *b
		return nil
	})
	if err != nil {
		return nil, err
	}
	news, err := x.news(client, records, batches)
	if err != nil {
		return nil, err
	}
	rows := make([]survive.Row, len(versions))
	for i, v := range versions {
		b := batches[v.BatchID]
		rows[i] = survive.Row{ClientID: client, SenderKind: b.SenderKind, ReceivedOn: b.ReceivedOn,
			Given: given[v.RecordID], Served: served[claimed{v.RecordID, v.DatedOn}], Affirmed: v.affirmed, Sent: v.Sent}
	}
	return append(rows, news...), nil
}

// withoutParted leaves out what was reported before a record was parted and went to another one.
func withoutParted(versions []versionRow) []versionRow {
	type place struct {
		sender, number, batch string
		line                  int64
	}
	went := map[place]int32{}
	at := func(v *versionRow) place { return place{v.Sender, v.SourceID, v.BatchID, v.Line} }
	for i := range versions {
		if v := &versions[i]; v.Generation > 1 {
			went[at(v)] = max(went[at(v)], v.Generation)
		}
	}
	return slices.DeleteFunc(versions, func(v versionRow) bool {
		to := went[at(&v)]
		return to != 0 && to != v.Generation
	})
}

// claimed is a record, and the day on which its sender updated a claim.
type claimed struct {
	record string
	on     table.Date
}

// given is the newest dose that a sender gave under each number, and the newest service of the claims of a day.
func (x *Explainer) given(records []string) (map[string]table.Date, map[claimed]table.Date, error) {
	doses, err := find[doseRow](x, table.VaccinationEvents, "record_id", records...)
	if err != nil {
		return nil, nil, err
	}
	newest := map[string]doseRow{}
	for _, d := range doses {
		old, ok := newest[d.EventID]
		if !ok || cmp.Or(cmp.Compare(d.SenderTime, old.SenderTime), cmp.Compare(d.Snapshot, old.Snapshot),
			cmp.Compare(d.BatchID, old.BatchID), cmp.Compare(d.Line, old.Line)) > 0 {
			newest[d.EventID] = d
		}
	}
	given, served := map[string]table.Date{}, map[claimed]table.Date{}
	for _, d := range newest {
		if d.Claim != "" {
			day := claimed{d.RecordID, d.SenderTime.Date()}
			served[day] = max(served[day], d.AdministeredOn)
		}
		if d.Action == "A" && (d.Completion == "CP" || d.Completion == "PA") && !d.Historical {
			given[d.RecordID] = max(given[d.RecordID], d.AdministeredOn)
		}
	}
	return given, served, nil
}

func dayOf(t table.Time) string {
	if t == 0 {
		return ""
	}
	return table.FromUnixDay(int32(t / (86400 * 1e6))).String()
}
