package mailing

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"miic/internal/pipeline"
	"miic/reports/campaign"
	"miic/reports/csvfile"
)

// noLetter is the kind of the rows about people with an open dose that calls for no letter tonight.
const noLetter = "none"

// inDoubt is the row of those among the mailed who wait for review, whose letter no answer would change. Those whose
// letter waits for the answer are excluded as in review.
const inDoubt = "in review, due both ways"

// StateRow is the region of the state's own rows in its summary.
const StateRow = "state"

func summaryRows(region string, tallies map[string]*campaign.Tally,
	waiting *[len(campaign.WaitNames)]int64) [][]string {
	var rows [][]string
	num := func(v int64) string { return strconv.FormatInt(v, 10) }
	for _, kind := range campaign.Kinds {
		t := tallies[kind]
		rows = append(rows,
			[]string{region, kind, "candidates", "", num(t.Candidates), ""},
			[]string{region, kind, "mailed", "", num(t.Mailed), ""},
			[]string{region, kind, "mailed", inDoubt, num(t.InDoubt), ""},
			[]string{region, kind, "excluded", "", num(t.Excluded), ""})
		if t.Open > 0 {
			rows = append(rows, []string{region, kind, "open", "", num(t.Open), ""})
		}
		for i, name := range campaign.ReasonNames {
			rows = append(rows, []string{region, kind, "excluded", name, num(t.First[i]), num(t.Any[i])})
		}
	}
	for i, name := range campaign.WaitNames {
		rows = append(rows, []string{region, noLetter, "not called", name, num(waiting[i]), ""})
	}
	return rows
}

// writeSummaries writes each region's summary and the state's, which holds them all, their sum, and
// how many people appear in no output.
func writeSummaries(r *pipeline.Run, c Config, plan *campaign.Plan) error {
	state := map[string]*campaign.Tally{}
	for _, kind := range campaign.Kinds {
		state[kind] = &campaign.Tally{}
	}
	var waiting [len(campaign.WaitNames)]int64
	var all [][]string
	for _, region := range c.Regions {
		rows := summaryRows(region, plan.Tallies[region], plan.Waiting[region])
		if c.Recipients[region] != nil {
			if err := writeSummary(r, c.style(region), regionSummary(region), rows); err != nil {
				return err
			}
		}
		all = append(all, rows...)
		for _, kind := range campaign.Kinds {
			state[kind].Add(plan.Tallies[region][kind])
		}
		for i, people := range plan.Waiting[region] {
			waiting[i] += people
		}
	}
	all = append(all, summaryRows(StateRow, state, &waiting)...)
	hidden := strconv.FormatInt(plan.Hidden, 10)
	all = append(all, []string{StateRow, "", "hidden", "opted out, locked or sealed", hidden, ""})
	r.Count("due", state[campaign.Reminder].Candidates)
	r.Count("overdue", state[campaign.Recall].Candidates)
	for _, kind := range campaign.Kinds {
		r.Count("candidates", state[kind].Candidates)
		r.Count("reachable", state[kind].Reachable)
		r.Count("open", state[kind].Open)
		r.Count(kind+"s_left_out", state[kind].Excluded)
	}
	return writeSummary(r, c.style(StateRow), stateSummary, all)
}

// Where the summaries lie under out/.
const stateSummary = "state/summary.csv"

func regionSummary(region string) string { return "regions/" + region + "/summary.csv" }

func writeSummary(r *pipeline.Run, style csvfile.Style, output string, rows [][]string) error {
	return summary.write(r, style, output, slices.Values(rows))
}

// ReadState reads back from the state's summary who got a notice and who was left out for which first reason, by
// region, or StateRow for the sum, and by kind.
func ReadState(r *pipeline.Run) (map[string]map[string]*campaign.Tally, error) {
	rows, err := readSummary(r, StateRow, stateSummary, nil)
	tallies := map[string]map[string]*campaign.Tally{}
	for _, row := range rows {
		if tallies[row.Region] == nil {
			tallies[row.Region] = map[string]*campaign.Tally{campaign.Reminder: {}, campaign.Recall: {}}
		}
		t := tallies[row.Region][row.Kind]
		reason := slices.Index(campaign.ReasonNames[:], row.Reason)
		switch {
		case t == nil: // the line about those who appear in no output
		case row.Outcome == "candidates":
			t.Candidates = row.People
		case row.Outcome == "mailed" && row.Reason == inDoubt:
			t.InDoubt = row.People
		case row.Outcome == "mailed":
			t.Mailed = row.People
		case row.Outcome == "open":
			t.Open = row.People
		case reason >= 0:
			t.First[reason] = row.People
		default:
			t.Excluded = row.People
		}
	}
	return tallies, err
}

// summaryRow is a row of a summary, read back.
type summaryRow struct {
	Folder  string `col:"folder" doc:"region of the folder, or state"`
	Region  string `col:"region" doc:"as in the row"`
	Kind    string `col:"kind" doc:"as in the row"`
	Outcome string `col:"outcome" doc:"as in the row"`
	Reason  string `col:"reason" doc:"as in the row"`
	People  int64  `col:"people" doc:"as in the row"`
}

func readSummary(r *pipeline.Run, folder, output string, rows []summaryRow) ([]summaryRow, error) {
	path := filepath.Join(r.OutDir(), filepath.FromSlash(output))
	err := csvfile.Read(path, summary.header(), func(cells []string) error {
		people, err := strconv.ParseInt(cells[4], 10, 64)
		if err != nil {
			return fmt.Errorf("%s: people is not a number", output)
		}
		rows = append(rows, summaryRow{Folder: folder, Region: cells[0], Kind: cells[1],
			Outcome: cells[2], Reason: cells[3], People: people})
		return nil
	})
	return rows, err
}
