package reports

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/privacy"
)

// A tally counts what the campaign decided about the candidates of one kind in one region.
type tally struct {
	candidates, mailed, excluded int64
	first, any                   [len(reasonNames)]int64
}

func (t *tally) add(o *tally) {
	t.candidates += o.candidates
	t.mailed += o.mailed
	t.excluded += o.excluded
	for i := range t.first {
		t.first[i] += o.first[i]
		t.any[i] += o.any[i]
	}
}

func (t *tally) count(ch choice) {
	t.candidates++
	if len(ch.reasons) == 0 {
		t.mailed++
		return
	}
	t.excluded++
	t.first[ch.reasons[0]]++
	for _, r := range ch.reasons {
		t.any[r]++
	}
}

// dueRow is a person and one want, as due.sql gives them.
type dueRow struct {
	person
	want
}

// campaign chooses whom to remind and recall, and writes the regions' files, the summaries, the
// notices and the disclosures.
func (n *night) campaign(ctx context.Context) error {
	if err := n.materialize(ctx, "called"); err != nil {
		return err
	}
	total, err := n.run.Engine.Int(ctx, "SELECT count(*) FROM called")
	if err != nil {
		return err
	}
	before := map[int64][]earlier{}
	err = engine.Stream(ctx, n.run.Engine, query("earlier_notice"), func(e *earlier) error {
		before[e.ClientID] = append(before[e.ClientID], *e)
		return nil
	})
	if err != nil {
		return err
	}
	stale, err := n.staleClinics(ctx)
	if err != nil {
		return err
	}
	letters := map[string]map[string][]letter{}
	for _, r := range n.cfg.regions() {
		letters[r] = map[string][]letter{}
		n.tally[r] = map[string]*tally{}
		for _, k := range kinds {
			n.tally[r][k] = &tally{}
		}
	}
	done := int64(0)
	decide := func(p *person) {
		ch := n.cfg.choose(n.run.AsOf, p, before[p.ClientID], stale[p.Provider])
		if n.tally[p.Region] == nil {
			p.Region = n.cfg.regions()[len(n.cfg.regions())-1]
		}
		n.tally[p.Region][ch.kind].count(ch)
		if len(ch.reasons) == 0 {
			letters[p.Region][ch.kind] = append(letters[p.Region][ch.kind], n.cfg.letter(n.run.AsOf, n.run.Snapshot, p, ch))
		}
		if done++; done%4096 == 0 {
			n.run.Progress("choose", done, total)
		}
	}
	var now *person
	err = engine.Stream(ctx, n.run.Engine, query("due"), func(row *dueRow) error {
		if now == nil || now.ClientID != row.ClientID {
			if now != nil {
				decide(now)
			}
			p := row.person
			now = &p
		}
		now.wants = append(now.wants, row.want)
		return nil
	})
	if err != nil {
		return err
	}
	if now != nil {
		decide(now)
	}
	n.run.Progress("choose", done, total)
	if err := n.writeLetters(letters); err != nil {
		return err
	}
	return n.writeSummaries()
}

// staleClinics returns the clinics whose patients are held tonight: a file of theirs was refused or held and
// none has been read since, or an earlier stage has noted that they sent nothing.
func (n *night) staleClinics(ctx context.Context) (map[string]bool, error) {
	type sender struct {
		Sender string `col:"sender" doc:"id of the sender"`
	}
	rows, err := engine.Rows[sender](ctx, n.run.Engine, query("stale_clinic"))
	if err != nil {
		return nil, err
	}
	stale := map[string]bool{}
	for _, r := range rows {
		stale[r.Sender] = true
	}
	for _, note := range n.notes() {
		if note.Kind == "missing" && note.Sender != "" {
			stale[note.Sender] = true
		}
	}
	return stale, nil
}

// writeLetters writes the two files of each region, and a notice and a disclosure for each row of them.
func (n *night) writeLetters(letters map[string]map[string][]letter) error {
	var notices []table.Notice
	var disclosures []table.Disclosure
	for _, region := range n.cfg.regions() {
		for _, kind := range kinds {
			list := letters[region][kind]
			sortLetters(list)
			output := "regions/" + region + "/" + kind + ".csv"
			path, err := n.run.OutPath(output)
			if err != nil {
				return err
			}
			err = csvfile.Write(path, columns, func(yield func([]string) error) error {
				for _, l := range list {
					if err := yield(l.cells); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			for _, l := range list {
				notices = append(notices, l.notice)
				disclosures = append(disclosures, privacy.Disclose(n.run.Snapshot, region, output, l.clientID, kind+" letters"))
			}
			n.run.Count(kind+"s", int64(len(list)))
			n.run.Count("notices", int64(len(list)))
		}
	}
	if len(notices) == 0 {
		return nil // a log gains a file only with rows in it
	}
	slices.SortFunc(notices, func(a, b table.Notice) int { return cmp.Compare(a.NoticeID, b.NoticeID) })
	slices.SortFunc(disclosures, func(a, b table.Disclosure) int {
		return cmp.Or(cmp.Compare(a.Output, b.Output), cmp.Compare(a.ClientID, b.ClientID))
	})
	if err := pipeline.Write(n.run, table.Notices, notices); err != nil {
		return err
	}
	return pipeline.Write(n.run, table.Disclosures, disclosures)
}

// summaryColumns of summary.csv: people are counted once, under the first reason that keeps them
// out; people_any_reason counts them under every reason that does.
var summaryColumns = []string{"region", "kind", "outcome", "reason", "people", "people_any_reason"}

func summaryRows(region string, tallies map[string]*tally) [][]string {
	var rows [][]string
	num := func(v int64) string { return strconv.FormatInt(v, 10) }
	for _, kind := range kinds {
		t := tallies[kind]
		rows = append(rows,
			[]string{region, kind, "candidates", "", num(t.candidates), ""},
			[]string{region, kind, "mailed", "", num(t.mailed), ""},
			[]string{region, kind, "excluded", "", num(t.excluded), ""})
		for i, name := range reasonNames {
			rows = append(rows, []string{region, kind, "excluded", name, num(t.first[i]), num(t.any[i])})
		}
	}
	return rows
}

// writeSummaries writes each region's summary and the state's, which holds them all, their sum, and
// how many people appear in no output.
func (n *night) writeSummaries() error {
	state := map[string]*tally{}
	for _, kind := range kinds {
		state[kind] = &tally{}
	}
	var all [][]string
	for _, region := range n.cfg.regions() {
		rows := summaryRows(region, n.tally[region])
		if err := n.writeSummary("regions/"+region+"/summary.csv", rows); err != nil {
			return err
		}
		all = append(all, rows...)
		for _, kind := range kinds {
			state[kind].add(n.tally[region][kind])
		}
	}
	all = append(all, summaryRows("state", state)...)
	all = append(all, []string{"state", "", "hidden", "opted out, locked or sealed", strconv.FormatInt(n.hidden, 10), ""})
	for _, kind := range kinds {
		n.run.Count(map[string]string{reminder: "due", recall: "overdue"}[kind], state[kind].candidates)
		n.run.Count(kind+"s_left_out", state[kind].excluded)
	}
	return n.writeSummary("state/summary.csv", all)
}

func (n *night) writeSummary(output string, rows [][]string) error {
	path, err := n.run.OutPath(output)
	if err != nil {
		return err
	}
	return csvfile.Write(path, summaryColumns, func(yield func([]string) error) error {
		for _, row := range rows {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	})
}
