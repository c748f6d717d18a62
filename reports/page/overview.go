package page

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
)

// The overview of all senders says who needs a look first. It is drawn from what the report cards count, and from what
// became of each sender's files.

// senderNight is what a sender delivered on one night.
type senderNight struct {
	Sender   string     `col:"sender" doc:"sender"`
	On       table.Date `col:"received_on" doc:"the night"`
	Kind     string     `col:"sender_kind" doc:"its kind"`
	Files    int64      `col:"files" doc:"files"`
	Refused  int64      `col:"refused_files" doc:"files that were refused whole"`
	Read     int64      `col:"units_read" doc:"units read"`
	Accepted int64      `col:"accepted" doc:"units accepted"`
	Rejected int64      `col:"rejected" doc:"units refused"`
	Held     int64      `col:"held" doc:"units held"`
}

// fewUnits are too few for a share of them to be unusual.
const fewUnits = 10

// permille of the units of a night were refused or held.
func (n senderNight) permille() int64 { return 1000 * (n.Rejected + n.Held) / max(n.Read, 1) }

// lookFirst is how soon somebody must look at a sender.
type lookFirst int

const (
	noLook  lookFirst = iota
	mayLook           // something is far from the sender's usual
	mustLook
)

// overviewRow is one sender.
type overviewRow struct {
	senderNight           // its last
	Silent      int64     // days since then
	Gap         int64     // the usual days from one delivery to the next; 0: not known
	Card        bool      // there is a report card
	Filled      [2]int64  // fields that are filled, of fields looked at
	Within7     [2]int64  // doses that came within seven days, of doses
	Median      string    // days from dose to report
	Look        lookFirst // how soon
	Why         []string  // in words
}

// senderNights returns the last nights of each sender, the newest first.
func senderNights(ctx context.Context, r *pipeline.Run) ([]senderNight, error) {
	return engine.Rows[senderNight](ctx, r.Engine, queries.Get("sender_night", "nights", int64(cardNights+1)))
}

// overviewOf sets together what each sender's last night had; first come those who need a look. Histories are by
// sender, missing are the notes about files that were due.
func overviewOf(asOf table.Date, nights []senderNight, histories map[string]history, missing []pipeline.Note) []overviewRow {
	var rows []overviewRow
	seen := map[string]bool{}
	for len(nights) > 0 {
		k := slices.IndexFunc(nights, func(n senderNight) bool { return n.Sender != nights[0].Sender })
		if k < 0 {
			k = len(nights)
		}
		rows = append(rows, overviewRowOf(asOf, nights[:k], histories))
		seen[nights[0].Sender] = true
		nights = nights[k:]
	}
	for _, note := range missing {
		if note.Sender != "" && !seen[note.Sender] {
			seen[note.Sender] = true
			rows = append(rows, overviewRow{senderNight: senderNight{Sender: note.Sender}, Median: unknown})
		}
		for i := range rows {
			if rows[i].Sender == note.Sender {
				what, _, _ := strings.Cut(note.Text, ": ")
				rows[i].needs(mustLook, what)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b overviewRow) int {
		return cmp.Or(cmp.Compare(b.Look, a.Look), cmp.Compare(a.Sender, b.Sender))
	})
	return rows
}

func overviewRowOf(asOf table.Date, nights []senderNight, histories map[string]history) overviewRow {
	row := overviewRow{senderNight: nights[0], Silent: int64(asOf - nights[0].On), Median: unknown}
	if row.Refused > 0 {
		row.needs(mustLook, prose.Count(row.Refused, "file was refused whole", "files were refused whole"))
	}
	if row.Held > 0 {
		row.needs(mustLook, prose.Count(row.Held, "unit is held with its file", "units are held with their files"))
	}
	var gaps, refused []int64
	for i := 1; i < len(nights); i++ {
		gaps = append(gaps, int64(nights[i-1].On-nights[i].On))
		refused = append(refused, nights[i].permille())
	}
	if len(gaps) > 0 {
		row.Gap = slices.Sorted(slices.Values(gaps))[len(gaps)/2]
	}
	if len(gaps) >= farNights && row.Silent > 2*slices.Max(gaps) {
		row.needs(mayLook, fmt.Sprintf("silent for %s, never longer than %s before", daysWords(row.Silent),
			daysWords(slices.Max(gaps))))
	}
	if u := usualOf(row.permille(), refused); u.Far && row.permille() > u.Median && row.Rejected+row.Held > fewUnits {
		row.needs(mayLook, fmt.Sprintf("more units refused or held than usual (%s)", tenths(u.Median)))
	}
	h, ok := histories[row.Sender]
	if !ok {
		return row
	}
	row.Card = true
	if f, ok := h.last("timely", "7"); ok {
		row.Within7 = [2]int64{f.Numerator, f.Denominator}
		series := h.series["timely/7"]
		before := make([]int64, len(series)-1)
		for i := range before {
			before[i] = int64(10 * series[i].percent())
		}
		if u := usualOf(int64(10*f.percent()), before); u.Far && int64(10*f.percent()) < u.Median && f.Denominator > fewUnits {
			row.needs(mayLook, fmt.Sprintf("fewer doses within 7 days than usual (%s)", tenths(u.Median)))
		}
	}
	if f, ok := h.last("median_days", ""); ok {
		row.Median = fmt.Sprint(f.Numerator)
	}
	patterns := int64(0)
	for measure, items := range h.items {
		for _, item := range items {
			f, ok := h.last(measure, item)
			if ok && measure == "complete" {
				row.Filled[0] += f.Numerator
				row.Filled[1] += f.Denominator
			}
			if ok && f.Rule != "" {
				patterns++
			}
		}
	}
	if patterns > 0 {
		row.needs(mustLook, prose.Count(patterns, "pattern that a delivery should not have", "patterns that a delivery should not have"))
	}
	return row
}

// needs notes why somebody must or may look.
func (o *overviewRow) needs(look lookFirst, why string) {
	o.Look = max(o.Look, look)
	o.Why = append(o.Why, why)
}

func tenths(permille int64) string { return percent(float64(permille) / 10) }

// shareOf is a share in words; unknown where nothing was counted.
func shareOf(n, of int64) string {
	if of == 0 {
		return unknown
	}
	return percent(100 * float64(n) / float64(of))
}
