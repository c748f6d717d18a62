package review

import (
	"cmp"
	"slices"

	"miic/internal/area"
	"miic/internal/table"
	"miic/linkage/survive"
)

// versionRow is a version of a client record, with what decides which is the newest.
type versionRow struct {
	survive.Sent
	BatchID  string `col:"batch_id"`
	Snapshot int64  `col:"snapshot"`
	Line     int64  `col:"line"`
}

// known finds where each field of a person's best-known demographics came from, by choosing again from
// the newest versions of the records, and what was known before.
func (x *Explainer) known(c *Client, records []string) error {
	c.Known, c.Former = []Known{}, []Known{}
	if len(records) == 0 {
		return nil
	}
	versions, err := find[versionRow](x, table.ClientRecords, "record_id", records...)
	if err != nil {
		return err
	}
	newest := map[string]versionRow{}
	for _, v := range versions {
		if old, ok := newest[v.RecordID]; !ok || v.newerThan(old) {
			newest[v.RecordID] = v
		}
	}
	kinds := map[string]string{}
	if err := table.Scan(x.files(table.Batches.Name), func(b *table.Batch) error {
		kinds[b.BatchID] = b.SenderKind
		return nil
	}); err != nil {
		return err
	}
	var rows []survive.Row
	for _, id := range records {
		if v, ok := newest[id]; ok {
			rows = append(rows, survive.Row{ClientID: c.ClientID, SenderKind: kinds[v.BatchID], Sent: v.Sent})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	best := survive.Choose(rows, area.Default(), func(field string, from *survive.Row, reason string) {
		k := Known{Field: field, Value: from.Value(field), RecordID: from.RecordID, Reason: reason}
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

// newerThan is the order in which versions of a record win, as table.ClientRecords has it.
func (v versionRow) newerThan(w versionRow) bool {
	return cmp.Or(cmp.Compare(v.SenderTime, w.SenderTime), cmp.Compare(v.Snapshot, w.Snapshot),
		cmp.Compare(v.BatchID, w.BatchID), cmp.Compare(v.Line, w.Line)) > 0
}

func dayOf(t table.Time) string {
	if t == 0 {
		return ""
	}
	return table.FromUnixDay(int32(t / (86400 * 1e6))).String()
}
