package review

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/standard"
)

// Judged is a person's verdict on an item of the review queue. A list of them is kept in a file of the
// site, and each night takes up those it has not yet: review_item is where they last.
type Judged struct {
	ItemID   string     `col:"item_id"`
	RecordL  string     `col:"record_l"`
	RecordR  string     `col:"record_r"`
	Decision string     `col:"decision"` // same or different
	By       string     `col:"decided_by"`
	On       table.Date `col:"decided_on"`
	Evidence string     `col:"evidence_hash"` // of both records as they were judged
	Line     int64      `col:"line"`          // of the file that it was read from; 0 for none
}

var judgedColumns = []string{"item_id", "record_l", "record_r", "decision", "decided_by", "decided_on", "evidence"}

// ReadSheet reads verdicts as reviewers write them: CSV with the columns item_id, decision (same or
// different) and decided_by. A line without a decision is not judged yet. The column evidence, which an
// exported sheet has, ties the verdict to what the reviewer saw.
func ReadSheet(path string) ([]Judged, error) {
	var list []Judged
	err := standard.ReadCSV(path, []string{"item_id", "decision", "decided_by"}, func(l *standard.Line) error {
		value := func(column string) string { return strings.TrimSpace(l.Get(column)) }
		j := Judged{ItemID: strings.TrimPrefix(value("item_id"), mark), Decision: strings.ToLower(value("decision")),
			By: value("decided_by"), Evidence: strings.TrimPrefix(value("evidence"), mark), Line: int64(l.Number)}
		switch {
		case j.Decision == "":
			return nil
		case j.Decision != "same" && j.Decision != "different":
			return fmt.Errorf("line %d: a decision is same or different", l.Number)
		case !utf8.ValidString(j.By):
			return fmt.Errorf("line %d: decided_by is not UTF-8: save the sheet as CSV UTF-8", l.Number)
		case j.ItemID == "":
			return fmt.Errorf("line %d: no item_id", l.Number)
		case j.By == "":
			return fmt.Errorf("line %d: item %s: write in decided_by who judged it", l.Number, j.ItemID)
		}
		list = append(list, j)
		return nil
	})
	return list, err
}

// ReadVerdicts reads the file of verdicts of a site; one that is not there yet has none.
func ReadVerdicts(path string) ([]Judged, error) {
	if _, err := os.Stat(path); path == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var list []Judged
	err := standard.ReadCSV(path, judgedColumns, func(l *standard.Line) error {
		on, err := table.ParseDate(l.Get("decided_on"))
		j := Judged{l.Get("item_id"), l.Get("record_l"), l.Get("record_r"), l.Get("decision"), l.Get("decided_by"), on,
			l.Get("evidence"), int64(l.Number)}
		decided := j.Decision == "same" || j.Decision == "different"
		if err != nil || !decided || ItemID(j.RecordL, j.RecordR) != j.ItemID {
			return fmt.Errorf("line %d is not as 'miic review import' writes it: "+
				"take it out, and import the verdict again", l.Number)
		}
		list = append(list, j)
		return nil
	})
	return list, err
}

// WriteVerdicts writes the file of verdicts of a site.
func WriteVerdicts(w io.Writer, list []Judged) error {
	rows := [][]string{judgedColumns}
	for _, j := range list {
		rows = append(rows, []string{j.ItemID, j.RecordL, j.RecordR, j.Decision, j.By, j.On.String(), j.Evidence})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// itemNow is an item of the queue in its state in a snapshot.
type itemNow struct {
	ItemID    string     `col:"item_id"`
	RecordL   string     `col:"record_l"`
	RecordR   string     `col:"record_r"`
	Reason    string     `col:"reason"`
	Decision  string     `col:"decision"`
	DecidedBy string     `col:"decided_by,null"`
	DecidedOn table.Date `col:"decided_on"`
	Evidence  string     `col:"evidence_hash"`
	Current   bool       `col:"is_current"` // both records are unchanged since it was raised or judged
}

// Judge checks a sheet against the snapshot and the verdicts that are kept already, and returns those
// that are new, dated. All faults are reported together, and with any nothing is returned.
func (x *Explainer) Judge(ctx context.Context, sheet, kept []Judged, on table.Date) ([]Judged, error) {
	if err := x.views(ctx, table.StandardRecords, table.ReviewItems); err != nil {
		return nil, err
	}
	if err := x.e.Latest(ctx, "latest_review_item", table.ReviewItems, table.ReviewItems.Name); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[itemNow](ctx, x.e, queries.Get("item_now"))
	if err != nil {
		return nil, err
	}
	items := make(map[string]*itemNow, len(rows))
	inForce := map[string]Judged{} // by item
	for i, r := range rows {
		items[r.ItemID] = &rows[i]
		if r.Current && (r.Decision == "same" || r.Decision == "different") {
			inForce[r.ItemID] = Judged{ItemID: r.ItemID, RecordL: r.RecordL, RecordR: r.RecordR, Decision: r.Decision,
				By: r.DecidedBy, On: r.DecidedOn, Evidence: r.Evidence}
		}
	}
	for _, k := range kept {
		if it := items[k.ItemID]; it != nil && it.Decision == "open" && it.Evidence == k.Evidence {
			k.Line = 0
			inForce[k.ItemID] = k
		}
	}
	var fresh []Judged
	var faults []error
	fault := func(j Judged, format string, args ...any) {
		faults = append(faults, fmt.Errorf("line %d: item %s: %s", j.Line, j.ItemID, fmt.Sprintf(format, args...)))
	}
	for _, j := range sheet {
		it := items[j.ItemID]
		before, judged := inForce[j.ItemID]
		switch {
		case it == nil:
			fault(j, "is not in the queue")
		case j.Evidence != "" && j.Evidence != it.Evidence:
			fault(j, "its records have changed since the sheet was written: export the queue again")
		case judged && before.Decision != j.Decision:
			fault(j, "%s judged %s, but %s judged %s", j.By, j.Decision, before.source(), before.Decision)
		case judged:
		case it.Decision != "open":
			fault(j, "does not wait any more (%s): its records have changed since, or are one person", it.Reason)
		default:
			j.RecordL, j.RecordR, j.Evidence, j.On = it.RecordL, it.RecordR, it.Evidence, on
			inForce[j.ItemID] = j
			fresh = append(fresh, j)
		}
	}
	faults = append(faults, contradictions(inForce)...)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return fresh, nil
}

// source is who judged, and on which line or day.
func (j Judged) source() string {
	if j.Line > 0 {
		return fmt.Sprintf("%s, on line %d,", j.By, j.Line)
	}
	return fmt.Sprintf("%s, on %s,", j.By, j.On)
}

// contradictions finds the records that are judged different, though a chain of verdicts makes them the
// same person.
func contradictions(inForce map[string]Judged) []error {
	next := map[string][]Judged{}
	ids := slices.Sorted(maps.Keys(inForce))
	for _, id := range ids {
		if j := inForce[id]; j.Decision == "same" {
			next[j.RecordL] = append(next[j.RecordL], j)
			next[j.RecordR] = append(next[j.RecordR], j)
		}
	}
	var faults []error
	for _, id := range ids {
		d := inForce[id]
		if d.Decision != "different" {
			continue
		}
		via := map[string]Judged{d.RecordL: {}}
		for todo := []string{d.RecordL}; len(todo) > 0; todo = todo[1:] {
			for _, j := range next[todo[0]] {
				for _, r := range []string{j.RecordL, j.RecordR} {
					if _, ok := via[r]; !ok {
						via[r] = j
						todo = append(todo, r)
					}
				}
			}
		}
		if last, ok := via[d.RecordR]; ok {
			faults = append(faults, fmt.Errorf("item %s: %s judged different, but item %s, where %s judged same, "+
				"and others make them one person", d.ItemID, d.source(), last.ItemID, last.source()))
		}
	}
	return faults
}

// AskedAgain begins the reason of an item on which a verdict was given before.
const AskedAgain = "asked again"
