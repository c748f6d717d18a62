package visit

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/privacy"
)

// A Doses is how many doses of a vaccine group a clinic, or all clinics, gave, and how many are not valid for a reason.
type Doses struct {
	Level   string
	Clinic  string // of one clinic: its id
	Group   string
	Reason  string // AnyReason, or one of those of the evaluation
	Given   int64  // doses that were judged, for whatever reason
	Invalid int64  // of them, those that are not valid for the reason; a dose has a row for each of its reasons
}

// AnyReason is the reason of the figure over all reasons.
const AnyReason = "all"

// A GroupAntigen is a vaccine group with one of its antigens.
type GroupAntigen struct {
	Group   string `col:"vaccine_group" doc:"the group"`
	Antigen string `col:"antigen" doc:"an antigen"`
}

// judgedRow is a number of doses with the same reasons.
type judgedRow struct {
	Level   string `col:"level"`
	Clinic  string `col:"clinic"`
	Group   string `col:"vaccine_group"`
	Reasons string `col:"reasons"`
	Doses   int64  `col:"doses"`
	Invalid int64  `col:"invalid"`
}

// Invalid counts the doses of a span of days that clinics report to have given themselves. A dose counts once in each group
// for which it was judged, and is not valid there if it is not for one of the group's antigens. The engine knows
// immunization and dose_evaluation of the night; hidden are those who may be in no figure.
func Invalid(ctx context.Context, e *engine.Engine, since, until table.Date, groups []GroupAntigen, hidden []int64) ([]Doses, error) {
	if err := privacy.HidePeople(ctx, e, hidden); err != nil {
		return nil, err
	}
	if err := engine.Load(ctx, e, "group_antigen", groups); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[judgedRow](ctx, e, queries.Get("invalid", "since", since, "until", until,
		"one", OneClinic, "none", NoClinic, "all", AllClinics))
	if err != nil {
		return nil, err
	}
	type key struct{ level, clinic, group string }
	var list []Doses
	for len(rows) > 0 {
		of := key{rows[0].Level, rows[0].Clinic, rows[0].Group}
		n := slices.IndexFunc(rows, func(r judgedRow) bool { return key{r.Level, r.Clinic, r.Group} != of })
		if n < 0 {
			n = len(rows)
		}
		list = append(list, byReason(rows[:n])...)
		rows = rows[n:]
	}
	return list, nil
}

// byReason gives the figures of one clinic and group: over all reasons, and of each, the most frequent first.
func byReason(rows []judgedRow) []Doses {
	all := Doses{Level: rows[0].Level, Clinic: rows[0].Clinic, Group: rows[0].Group, Reason: AnyReason}
	of := map[string]int64{}
	for _, r := range rows {
		all.Given += r.Doses
		all.Invalid += r.Invalid
		reasons := strings.Split(r.Reasons, "|")
		slices.Sort(reasons)
		for _, reason := range slices.Compact(reasons) {
			if reason != "" {
				of[reason] += r.Invalid
			}
		}
	}
	list := []Doses{all}
	for reason, n := range of {
		one := all
		one.Reason, one.Invalid = reason, n
		list = append(list, one)
	}
	slices.SortFunc(list[1:], func(a, b Doses) int {
		return cmp.Or(cmp.Compare(b.Invalid, a.Invalid), strings.Compare(a.Reason, b.Reason))
	})
	return list
}
