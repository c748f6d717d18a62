package linkage

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/review"
)

// keptVerdict is a verdict of the site's file beside what the night knows of it.
type keptVerdict struct {
	ItemID   string     `col:"item_id"`
	RecordL  string     `col:"record_l"`
	RecordR  string     `col:"record_r"`
	Decision string     `col:"decision"`
	By       string     `col:"decided_by"`
	On       table.Date `col:"decided_on"`
	Evidence string     `col:"evidence_hash"`
	Current  bool       `col:"is_current"` // both records are unchanged since they were judged
}

// takeVerdicts adds the verdicts of the site's file that the lake does not have yet to review_item.
// One whose records have changed since is only counted: the pair is asked about again.
func (s *stage) takeVerdicts(ctx context.Context) error {
	kept, err := review.ReadVerdicts(s.cfg.Verdicts)
	if err != nil || len(kept) == 0 {
		return err
	}
	if err := engine.Load(ctx, s.e, "kept_verdict", kept); err != nil {
		return err
	}
	rows, err := engine.Rows[keptVerdict](ctx, s.e, queries.Get("kept_verdict"))
	if err != nil {
		return err
	}
	var items []table.ReviewItem
	for _, k := range rows {
		if !k.Current {
			s.r.Count("verdicts_outdated", 1)
			continue
		}
		s.r.Count("verdicts_taken", 1)
		items = append(items, table.ReviewItem{ItemID: k.ItemID, RecordL: k.RecordL, RecordR: k.RecordR,
			Snapshot: s.r.Snapshot, Reason: "judged by a person", Decision: k.Decision,
			DecidedBy: k.By, DecidedOn: k.On, Evidence: k.Evidence})
	}
	if len(items) == 0 {
		return nil
	}
	if err := pipeline.Write(s.r, table.ReviewItems, items); err != nil {
		return err
	}
	return s.r.ViewLatest(ctx, table.ReviewItems)
}

// whatChanged names the fields in which tonight's records differ from those of the parent snapshot, for
// the person who has judged them before. It names no value.
func (s *stage) whatChanged(ctx context.Context, records ...string) (string, error) {
	var parts []string
	for _, id := range records {
		where := " WHERE record_id = " + engine.Quote(id)
		now, err := engine.Rows[table.StandardRecord](ctx, s.e, "SELECT * FROM standard_record"+where)
		if err != nil {
			return "", err
		}
		before, err := engine.Rows[table.StandardRecord](ctx, s.e, "SELECT * FROM prior_standard_record"+where)
		if err != nil {
			return "", err
		}
		if len(now) != 1 || len(before) != 1 || now[0].ContentHash == before[0].ContentHash {
			continue
		}
		fields := changedFields(&before[0], &now[0])
		if len(fields) == 0 {
			fields = []string{"the rules of linkage"}
		}
		parts = append(parts, strings.Join(fields, ", ")+" of "+id)
	}
	if len(parts) == 0 {
		return "its records have changed on an earlier night", nil
	}
	return strings.Join(parts, " and ") + " changed", nil
}

// changedFields names the columns that senders fill in which two versions of a record differ; what is
// made from them (codes, parts, keys) is left out.
func changedFields(a, b *table.StandardRecord) []string {
	var out []string
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	derivedNames := []string{"record_id", "content_hash", "model", "last_1", "last_2", "birth_iso"}
	for i, c := range table.StandardRecords.Columns {
		derived := strings.HasPrefix(c.Name, "key_") || strings.HasSuffix(c.Name, "_code") ||
			strings.HasSuffix(c.Name, "_root") || slices.Contains(derivedNames, c.Name)
		if !derived && x.Field(i).Interface() != y.Field(i).Interface() {
			out = append(out, review.PartWords(c.Name))
		}
	}
	return out
}
