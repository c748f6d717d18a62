package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"miic/ingest/codes"
	"miic/ingest/rule"
	"miic/internal/engine"
	"miic/internal/table"
)

// A nightFile is one of tonight's files, for the SQL.
type nightFile struct {
	File    int32  `col:"file_no" doc:"file of the night"`
	BatchID string `col:"batch_id" doc:"the delivery"`
	Sender  string `col:"sender" doc:"its sender"`
	Kind    string `col:"sender_kind" doc:"kind of the sender"`
	Layout  string `col:"layout" doc:"its layout"`
}

// A licenceRow is the time in which a vaccine was on the market, for the SQL; without a manufacturer, that of any.
type licenceRow struct {
	CVX   int16      `col:"cvx" doc:"vaccine"`
	MVX   string     `col:"mvx" doc:"manufacturer; empty for any"`
	From  table.Date `col:"licensed_from" doc:"first day; null when it is not known"`
	Until table.Date `col:"licensed_until" doc:"last day; null while it is on the market"`
}

func licenceRows() []licenceRow {
	day := func(n int32) table.Date { return table.NewDate(int(n/10000), int(n/100%100), int(n%100)) }
	var rows []licenceRow
	codes.EachLicence(func(cvx int16, mvx string, on codes.Window) {
		rows = append(rows, licenceRow{cvx, mvx, day(on.NotBefore), day(on.NotAfter)})
	})
	return rows
}

// check looks at what was accepted, beside everything else that is known, and makes checked_rejection of what it
// finds. Nothing is refused here.
func (n *night) check(ctx context.Context) error {
	e := n.run.Engine
	var files []nightFile
	for _, b := range n.batches {
		if b.status == loaded {
			files = append(files, nightFile{b.no, b.id, b.sender.ID, b.sender.Kind, b.layout})
		}
	}
	if err := engine.Load(ctx, e, "tonight_file", files); err != nil {
		return err
	}
	e.Define("check_night", "SELECT "+engine.Literal(n.run.AsOf)+" AS as_of")
	if err := engine.Load(ctx, e, "licence", licenceRows()); err != nil {
		return err
	}
	if err := e.Materialize(ctx, "check_subject", queries.Get("check_subject")); err != nil {
		return err
	}
	var found []string
	for _, about := range rule.Subjects {
		list := rule.About(about)
		e.Define("check_"+about, queries.Get("check_"+about))
		name := "flagged_" + about
		flagged, broken := flaggedSQL(about, list)
		switch about {
		case "client":
			name = "seen_client"
			flagged, broken = seenSQL(about, list, "birth_date", nil, clientFields)
		case "dose":
			name = "seen_dose"
			flagged, broken = seenSQL(about, list, "administered_on", []string{"historical", "age"},
				slices.Concat(doseFields, givenFields))
		}
		if err := e.Materialize(ctx, name, flagged); err != nil {
			return err
		}
		for i, c := range list {
			found = append(found,
				fmt.Sprintf("SELECT file_no, unit, line_no, unit_offset, %s AS field, %s AS rule, %s AS severity "+
					"FROM %s WHERE %s",
					textOrNull(c.Field), engine.Literal(c.ID), engine.Literal(c.Severity), name, broken[i]))
		}
	}
	return e.Materialize(
		ctx,
		"checked_rejection",
		fmt.Sprintf(`SELECT f.batch_id, CAST(%d AS BIGINT) AS snapshot, f.sender, r.line_no AS line,
		r.unit_offset AS byte_offset, r.field, r.rule, r.severity, CAST(NULL AS VARCHAR) AS code, r.file_no, r.unit
		FROM (%s) AS r JOIN tonight_file AS f ON f.file_no = r.file_no`, n.run.Snapshot, strings.Join(found, " UNION ALL ")),
	)
}

// flaggedSQL selects, in one pass, the rows that break any of the checks, and which: broken has it, check by check.
func flaggedSQL(about string, list []rule.Rule) (sql string, broken []string) {
	cols := []string{"file_no", "unit", "line_no", "unit_offset"}
	any := []string{}
	for i, c := range list {
		broken = append(broken, fmt.Sprintf("broken_%d", i))
		cols = append(cols, fmt.Sprintf("coalesce(%s, false) AS broken_%d", c.Condition, i))
		any = append(any, "("+c.Condition+")")
	}
	return fmt.Sprintf("SELECT %s FROM check_%s WHERE %s", strings.Join(cols, ", "), about, strings.Join(any, " OR ")),
		broken
}

// seenSQL is flaggedSQL for what there is most of: in the same pass it counts what the figures ask of all rows. One
// that breaks a check is a row of its own, with a bit of broken set for each; the others are counted by file, day
// and what else is given, and of each field how many have it.
func seenSQL(about string, list []rule.Rule, day string, by, fields []string) (sql string, broken []string) {
	mask := []string{}
	for i, c := range list {
		broken = append(broken, fmt.Sprintf("(broken & %d) <> 0", 1<<i))
		mask = append(mask, fmt.Sprintf("CASE WHEN %s THEN %d ELSE 0 END", c.Condition, 1<<i))
	}
	groups := []string{"seen.file_no", "seen." + day, "seen.broken"}
	names := []string{"file_no", "on_day", "broken"}
	for _, col := range by {
		groups, names = append(groups, "seen."+col), append(names, col)
	}
	for _, place := range []string{"unit", "line_no", "unit_offset"} {
		groups, names = append(groups, "CASE WHEN seen.broken > 0 THEN seen."+place+" END"), append(names, place)
	}
	cols := make([]string, len(groups))
	for i := range groups {
		cols[i] = groups[i] + " AS " + names[i]
	}
	cols = append(cols, "count(*) AS whole")
	for _, f := range fields {
		cols = append(cols, fmt.Sprintf("count(seen.%[1]s) AS %[1]s", f))
	}
	return fmt.Sprintf("SELECT %s FROM (SELECT *, %s AS broken FROM check_%s) AS seen GROUP BY %s",
		strings.Join(cols, ", "), strings.Join(mask, " + "), about, strings.Join(groups, ", ")), broken
}

func textOrNull(s string) string {
	if s == "" {
		return "CAST(NULL AS VARCHAR)"
	}
	return engine.Literal(s)
}
