package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"miic/ingest/rule"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// Figures are what a sender's report card is made of: one row a delivery, measure and item.

// What completeness is measured of.
var (
	clientFields = []string{"first_name", "middle_name", "last_name", "birth_date", "sex", "race", "ethnicity",
		"language", "address_1", "city", "state", "zip",
		"county_fips", "phone", "email", "mother_first", "mother_maiden", "guardian_last", "multiple_birth"}
	doseFields  = []string{"cvx", "administered_on"}
	givenFields = []string{"lot", "lot_expiry", "mvx", "volume", "route", "site", "provider", "funding", "eligibility"}
)

// figureRow is a figure on its way.
type figureRow struct {
	File        int32  `col:"file_no" doc:"file of the night"`
	Measure     string `col:"measure" doc:"measure"`
	Item        string `col:"item,null" doc:"item"`
	Numerator   int64  `col:"numerator" doc:"numerator"`
	Denominator int64  `col:"denominator" doc:"denominator"`
	Line        int64  `col:"line,null" doc:"a line to look at"`
}

// writeFigures measures tonight's loaded files and notes those that break a rule about whole deliveries.
func (n *night) writeFigures(ctx context.Context, dropped []unitRow) error {
	var rows []figureRow
	for _, step := range []func(context.Context) ([]figureRow, error){n.completeness, n.dates, n.ages, n.faultFigures} {
		more, err := step(ctx)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	again := map[int32]int64{}
	for _, d := range dropped {
		if d.Rule == rule.Repeated.ID || d.Rule == rule.Twice.ID {
			again[d.File]++
		}
	}
	var figures []table.DeliveryFigure
	for _, b := range n.batches {
		if b.status == refused && b.sender.Kind != "" && !b.replay() {
			rows = append(rows, figureRow{b.no, "files", "", 0, 1, 0})
			if b.Read > 0 {
				rows = append(rows, figureRow{b.no, "units", "accepted", 0, b.Read, 0})
			}
		}
		if b.status != loaded {
			continue
		}
		rows = append(rows, figureRow{b.no, "files", "", 1, 1, 0},
			figureRow{b.no, "units", "accepted", b.Accepted, b.Read, 0},
			figureRow{b.no, "withdrawn", "", b.withdrawn, b.Read, 0},
			figureRow{b.no, "unique", "", b.Read - again[b.no], b.Read, 0})
	}
	for _, r := range rows {
		b := n.batches[r.File-1]
		figures = append(figures, table.DeliveryFigure{BatchID: b.id, Snapshot: n.run.Snapshot, Sender: b.sender.ID,
			Layout: b.layout, ReceivedOn: n.run.AsOf,
			Measure: r.Measure, Item: r.Item, Numerator: r.Numerator, Denominator: r.Denominator, Line: r.Line})
	}
	if len(figures) == 0 {
		return nil
	}
	sort.Slice(figures, func(i, j int) bool {
		a, b := &figures[i], &figures[j]
		return slices.Compare([]string{a.Sender, a.BatchID, a.Measure, a.Item},
			[]string{b.Sender, b.BatchID, b.Measure, b.Item}) < 0
	})
	of := map[string][]table.DeliveryFigure{} // by batch: a stretch of the sorted figures
	for from := 0; from < len(figures); {
		id := figures[from].BatchID
		to := from
		for to < len(figures) && figures[to].BatchID == id {
			to++
		}
		of[id] = figures[from:to]
		from = to
	}
	for _, b := range n.batches {
		if b.status == loaded && !b.replay() {
			n.judgePatterns(b, of[b.id])
		}
	}
	return pipeline.Write(n.run, table.DeliveryFigures, figures)
}

// completeness is how often each field has a value, as counted when the rows were checked.
func (n *night) completeness(ctx context.Context) ([]figureRow, error) {
	var selects []string
	count := func(from string, fields []string) {
		for _, f := range fields {
			selects = append(selects, fmt.Sprintf("SELECT file_no, 'complete' AS measure, '%[1]s' AS item, "+
				"CAST(sum(%[1]s) AS BIGINT) AS numerator, CAST(sum(whole) AS BIGINT) AS denominator, CAST(NULL AS "+
				"BIGINT) AS line FROM %[2]s GROUP BY file_no", f, from))
		}
	}
	count("seen_client", clientFields)
	count("seen_dose", doseFields)
	count("seen_dose WHERE NOT historical", givenFields)
	return engine.Rows[figureRow](ctx, n.run.Engine, strings.Join(selects, " UNION ALL ")+" ORDER BY file_no, item")
}

// dayCount is how many doses, or births, a file dates on a day.
type dayCount struct {
	File int32      `col:"file_no" doc:"file of the night"`
	Day  table.Date `col:"on_day" doc:"the day"`
	N    int64      `col:"n" doc:"how many"`
}

// dates measures timeliness, and how dates lie in the months.
func (n *night) dates(ctx context.Context) ([]figureRow, error) {
	e := n.run.Engine
	var out []figureRow
	doses, err := engine.Rows[dayCount](ctx, e, queries.Get("days_seen", "seen", engine.Name("seen_dose")))
	if err != nil {
		return nil, err
	}
	// Senders report a child's whole history again and again: only a new dose shows how soon it came.
	if err := n.run.ViewTonight(ctx, table.VaccinationEvents); err != nil {
		return nil, err
	}
	fresh, err := engine.Rows[dayCount](ctx, e, queries.Get("days_of_new_doses"))
	if err != nil {
		return nil, err
	}
	births, err := engine.Rows[dayCount](ctx, e, queries.Get("days_seen", "seen", engine.Name("seen_client")))
	if err != nil {
		return nil, err
	}
	for file, days := range byFile(doses) {
		out = append(out, patterns(file, "dose", days)...)
	}
	for file, days := range byFile(fresh) {
		out = append(out, timeliness(file, n.run.AsOf, days)...)
	}
	for file, days := range byFile(births) {
		out = append(out, patterns(file, "birth", days)...)
	}
	return out, nil
}

func byFile(list []dayCount) map[int32][]dayCount {
	m := map[int32][]dayCount{}
	for _, d := range list {
		m[d.File] = append(m[d.File], d)
	}
	return m
}

// patterns counts the days on which made-up dates lie.
func patterns(file int32, what string, days []dayCount) []figureRow {
	var first, fifteenth, last, all, commonest int64
	on := map[table.Date]int64{}
	for _, d := range days {
		_, _, day := d.Day.YMD()
		_, _, next := (d.Day + 1).YMD()
		all += d.N
		on[d.Day] += d.N
		commonest = max(commonest, on[d.Day])
		switch {
		case day == 1:
			first += d.N
		case day == 15:
			fifteenth += d.N
		case next == 1:
			last += d.N
		}
	}
	rows := []figureRow{{file, "pattern", what + " on the first of a month", first, all, 0},
		{file, "pattern", what + " on the fifteenth", fifteenth, all, 0},
		{file, "pattern", what + " on the last of a month", last, all, 0}}
	if what == "dose" {
		rows = append(rows, figureRow{file, "pattern", "dose on the commonest day", commonest, all, 0})
	}
	return rows
}

// timeliness is how long after the dose the night took it in, of what the sender gave itself and reports for the
// first time.
func timeliness(file int32, asOf table.Date, days []dayCount) []figureRow {
	late := map[int64]int64{}
	var all int64
	for _, d := range days {
		late[max(int64(asOf-d.Day), 0)] += d.N
		all += d.N
	}
	if all == 0 {
		return nil
	}
	var within [3]int64
	var median, seen int64
	for i, k := range slices.Sorted(maps.Keys(late)) {
		if seen < (all+1)/2 || i == 0 {
			median = k
		}
		seen += late[k]
		for j, limit := range []int64{1, 7, 14} {
			if k <= limit {
				within[j] += late[k]
			}
		}
	}
	return []figureRow{{file, "timely", "1", within[0], all, 0}, {file, "timely", "7", within[1], all, 0},
		{file, "timely", "14", within[2], all, 0},
		{file, "median_days", "", median, all, 0}}
}

var ageGroups = []string{"0-1", "2-6", "7-17", "18 or more", "unknown"}

// ages counts the ages at the doses.
func (n *night) ages(ctx context.Context) ([]figureRow, error) {
	rows, err := engine.Rows[figureRow](ctx, n.run.Engine, queries.Get("ages_seen"))
	all := map[int32]int64{}
	for _, r := range rows {
		all[r.File] += r.Numerator
	}
	for i := range rows {
		rows[i].Denominator = all[rows[i].File]
	}
	return rows, err
}

// faultCount is how many lines of a file break a rule.
type faultCount struct {
	File     int32  `col:"file_no" doc:"file of the night"`
	Rule     string `col:"rule" doc:"the rule"`
	Severity string `col:"severity" doc:"its severity"`
	Field    string `col:"field,null" doc:"the field"`
	Code     string `col:"code,null" doc:"the unknown code"`
	N        int64  `col:"n" doc:"lines"`
	Line     int64  `col:"line" doc:"the first of them"`
}

// unknownCodes is how many different codes of a file get a figure.
const unknownCodes = 20

// faultFigures counts tonight's rejected rows by rule, by field and by unknown code.
func (n *night) faultFigures(ctx context.Context) ([]figureRow, error) {
	if err := n.run.ViewTonight(ctx, table.Rejections); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[faultCount](ctx, n.run.Engine, queries.Get("fault_counts"))
	if err != nil {
		return nil, err
	}
	type key struct {
		file          int32
		measure, item string
	}
	at, codes := map[key]int{}, map[int32]int{}
	var out []figureRow
	add := func(file int32, measure, item string, lines, line int64) {
		k := key{file, measure, item}
		if i, ok := at[k]; ok {
			out[i].Numerator += lines
			out[i].Line = min(out[i].Line, line)
			return
		}
		at[k] = len(out)
		out = append(out, figureRow{file, measure, item, lines, n.batches[file-1].Read, line})
	}
	for _, r := range rows {
		add(r.File, "rule", r.Rule, r.N, r.Line)
		if r.Field != "" && r.Severity != rule.Inform {
			add(r.File, "valid", r.Field, r.N, r.Line)
		}
		if r.Rule == rule.Code.ID && r.Code != "" && codes[r.File] < unknownCodes {
			codes[r.File]++
			add(r.File, "unknown_code", r.Field+":"+r.Code, r.N, r.Line)
		}
	}
	for i := range out {
		if out[i].Measure == "valid" {
			out[i].Numerator = max(out[i].Denominator-out[i].Numerator, 0)
		}
	}
	return out, nil
}
