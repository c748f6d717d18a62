package page

import (
	"context"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
)

// usualNights is how many earlier nights tonight is compared with, and farNights how many of them it takes to say that
// it is far from the usual.
const (
	usualNights = 15
	farNights   = 5
)

// usual is what a figure was on the nights before.
type usual struct {
	Median int64
	Known  bool // there was a night before
	Far    bool // tonight lies beyond what they had
}

// usualOf compares tonight with the nights before, of which the first and the last in size do not count: a figure is
// far when it lies outside what the others had by more than a quarter of the median, and by more than ten.
func usualOf(tonight int64, before []int64) usual {
	if len(before) == 0 {
		return usual{}
	}
	sorted := slices.Sorted(slices.Values(before))
	u := usual{Median: sorted[len(sorted)/2], Known: true}
	if len(sorted) >= farNights {
		room := max(u.Median/4, 10)
		u.Far = tonight < sorted[1]-room || tonight > sorted[len(sorted)-2]+room
	}
	return u
}

// Words are the usual as the page shows it.
func (u usual) Words() string {
	if !u.Known {
		return unknown
	}
	return prose.Thousands(u.Median)
}

// nightFigures are the figures that the page compares, in its order, with their words.
var nightFigures = []struct{ id, words, second string }{
	{"files", "files that came", ""},
	{"units_read", "lines or messages read", ""},
	{"accepted", "accepted", ""},
	{"refused", "refused one by one, or with their file", ""},
	{"held", "held with their file", "until somebody releases or refuses the file"},
	{"doubted", "values dropped or doubted", "the line was loaded without the value"},
	{"created", "people created", ""},
	{"joined", "records joined to a person", "a new record of somebody who is known"},
	{"merged", "people merged into another", "two numbers turned out to be one person's"},
	{"split", "people split off", "one number turned out to be two people's"},
	{"moved", "records moved to another person", ""},
	{"emptied", "people left without a record", "all their records were taken out or moved"},
	{"questions", "questions for clerical review", "that were asked tonight"},
	{"reminder", "reminders", "letters about a dose that is recommended"},
	{"recall", "recalls", "letters about a dose that is past due"},
}

// A compared figure is tonight's beside the usual.
type compared struct {
	Words, Second string
	Tonight       int64
	Usual         usual
}

type nightFigure struct {
	Snapshot int64  `col:"snapshot" doc:"the night"`
	Figure   string `col:"figure" doc:"what was counted"`
	Amount   int64  `col:"amount" doc:"how many"`
}

// readFigures compares tonight's figures with those of the last nights.
func (p *page) readFigures(ctx context.Context, r *pipeline.Run) error {
	rows, err := engine.Rows[nightFigure](ctx, r.Engine,
		queries.Get("night_figure", "snapshot", r.Snapshot, "nights", int64(usualNights)))
	if err != nil {
		return err
	}
	p.Figures = compare(rows, r.Snapshot)
	return nil
}

// compare sets tonight's figures beside the nights before; what was never counted is left out. A night that has no row
// of a figure had none of it.
func compare(rows []nightFigure, tonight int64) []compared {
	var nights []int64
	amounts := map[string]map[int64]int64{}
	for _, row := range rows {
		if row.Snapshot != tonight && !slices.Contains(nights, row.Snapshot) {
			nights = append(nights, row.Snapshot)
		}
		if amounts[row.Figure] == nil {
			amounts[row.Figure] = map[int64]int64{}
		}
		amounts[row.Figure][row.Snapshot] += row.Amount
	}
	var list []compared
	for _, f := range nightFigures {
		if amounts[f.id] == nil {
			continue
		}
		before := make([]int64, len(nights))
		for i, n := range nights {
			before[i] = amounts[f.id][n]
		}
		now := amounts[f.id][tonight]
		list = append(list, compared{Words: f.words, Second: f.second, Tonight: now, Usual: usualOf(now, before)})
	}
	return list
}

// usualUnits is how many units the last files of each sender and layout had.
type usualUnits map[[2]string][]int64

type deliveryUnits struct {
	Sender string `col:"sender" doc:"sender"`
	Layout string `col:"layout,null" doc:"layout"`
	Units  int64  `col:"units_read" doc:"units read"`
}

func readUsualUnits(ctx context.Context, r *pipeline.Run) (usualUnits, error) {
	rows, err := engine.Rows[deliveryUnits](ctx, r.Engine,
		queries.Get("usual_delivery", "snapshot", r.Snapshot, "nights", int64(usualNights)))
	list := usualUnits{}
	for _, u := range rows {
		k := [2]string{u.Sender, u.Layout}
		list[k] = append(list[k], u.Units)
	}
	return list, err
}
