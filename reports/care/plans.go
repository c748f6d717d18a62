package care

import (
	"context"
	"fmt"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/recipient"
)

// A Column is a column of a sender's list of members: the field of the registry that it is, its own name, and the form
// of its dates.
type Column struct{ Field, Name, Dates string }

// memberRow is an entry of a plan's list, with one dose of the member.
type memberRow struct {
	Sender   string     `col:"sender" doc:"the plan"`
	BatchID  string     `col:"batch_id" doc:"the list"`
	Line     int64      `col:"line" doc:"line of the list"`
	Covered  bool       `col:"covered" doc:"a member tonight"`
	ClientID int64      `col:"client_id,null" doc:"the person"`
	DoseID   string     `col:"immunization_id,null" doc:"the dose"`
	GivenOn  table.Date `col:"administered_on" doc:"day"`
	CVX      int16      `col:"cvx,null" doc:"product"`
	MVX      string     `col:"mvx,null" doc:"manufacturer"`
	Lot      string     `col:"lot,null" doc:"lot number"`
	Reported bool       `col:"historical,null" doc:"nobody reports to have given it"`

	ListID1      string     `col:"list_id_1" doc:""`
	ListID2      string     `col:"list_id_2,null" doc:""`
	ListID3      string     `col:"list_id_3,null" doc:""`
	ListID4      string     `col:"list_id_4,null" doc:""`
	ListID5      string     `col:"list_id_5,null" doc:""`
	ListID6      string     `col:"list_id_6,null" doc:""`
	LastName     string     `col:"last_name,null" doc:""`
	FirstName    string     `col:"first_name,null" doc:""`
	MiddleName   string     `col:"middle_name,null" doc:""`
	BirthDate    table.Date `col:"birth_date" doc:""`
	Sex          string     `col:"sex,null" doc:""`
	Address1     string     `col:"address_1,null" doc:""`
	Address2     string     `col:"address_2,null" doc:""`
	City         string     `col:"city,null" doc:""`
	State        string     `col:"state,null" doc:""`
	ZIP          string     `col:"zip,null" doc:""`
	CountyFIPS   string     `col:"county_fips,null" doc:""`
	MedicaidID   string     `col:"medicaid_id,null" doc:""`
	CoveredFrom  table.Date `col:"covered_from" doc:""`
	CoveredUntil table.Date `col:"covered_until" doc:""`
}

// cell is the value of a column, as the plan wrote it.
func (m *memberRow) cell(c Column) string {
	switch c.Field {
	case "birth_date":
		return inForm(m.BirthDate, c.Dates)
	case "covered_from":
		return inForm(m.CoveredFrom, c.Dates)
	case "covered_until":
		return inForm(m.CoveredUntil, c.Dates)
	}
	return map[string]string{"list_id_1": m.ListID1, "list_id_2": m.ListID2, "list_id_3": m.ListID3, "list_id_4": m.ListID4,
		"list_id_5": m.ListID5, "list_id_6": m.ListID6, "last_name": m.LastName, "first_name": m.FirstName,
		"middle_name": m.MiddleName, "sex": m.Sex, "address_1": m.Address1, "address_2": m.Address2, "city": m.City,
		"state": m.State, "zip": m.ZIP, "county": m.CountyFIPS, "medicaid_id": m.MedicaidID}[c.Field]
}

// inForm is a day in the form of a layout, such as MM/DD/YYYY.
func inForm(day table.Date, form string) string {
	iso := day.String()
	if len(iso) != len("2006-01-02") || form == "" {
		return iso
	}
	return strings.NewReplacer("YYYY", iso[:4], "MM", iso[5:7], "DD", iso[8:]).Replace(form)
}

// answerColumns follow the plan's own columns.
var answerColumns = []string{"result", "dose_date", "cvx", "mvx", "lot", "dose_source"}

// What became of an entry of a list. Of somebody who appears in no output nothing may be known: it is as if the registry
// did not know the person.
const (
	found      = "found"
	notFound   = "not found"
	notCovered = "not covered tonight"
)

// writePlans answers tonight's lists of plans: each member with a row for each dose, or one that has none.
func writePlans(ctx context.Context, w *writer, c Config) error {
	names := w.of(recipient.Plans)
	type named struct {
		Sender string `col:"sender" doc:"the plan"`
	}
	var plans []named
	for _, name := range names {
		plans = append(plans, named{name})
	}
	if len(plans) == 0 || len(w.run.Tonight(table.RosterEntries.Name)) == 0 {
		return nil
	}
	if err := engine.Load(ctx, w.run.Engine, "care_plan", plans); err != nil {
		return err
	}
	if err := w.run.View(ctx, table.RosterEntries); err != nil {
		return err
	}
	var list []line
	var now memberRow // whose list it is
	write := func() error {
		if len(list) == 0 {
			return nil
		}
		var header []string
		for _, column := range c.Lists[now.Sender] {
			header = append(header, column.Name)
		}
		folder := recipient.Folder(recipient.Plans, now.Sender)
		err := w.file(folder, "members-"+now.BatchID+".csv", append(header, answerColumns...), list)
		list = nil
		return err
	}
	query := queries.Get("member", "as_of", w.run.AsOf, "snapshot", w.run.Snapshot)
	err := engine.Stream(ctx, w.run.Engine, query, func(m *memberRow) error {
		if now.BatchID != m.BatchID || now.Sender != m.Sender {
			if err := write(); err != nil {
				return err
			}
		}
		if now = *m; !m.Covered && len(list) > 0 && list[len(list)-1].of == m.Line {
			return nil // one row is enough
		}
		list = append(list, m.answer(c.Lists[m.Sender]))
		return nil
	})
	if err != nil {
		return err
	}
	return write()
}

// answer is a row of the answer.
func (m *memberRow) answer(columns []Column) line {
	var cells []string
	for _, c := range columns {
		cells = append(cells, m.cell(c))
	}
	switch {
	case !m.Covered:
		return line{cells: append(cells, notCovered, "", "", "", "", ""), of: m.Line}
	case m.ClientID == 0:
		return line{cells: append(cells, notFound, "", "", "", "", ""), of: m.Line}
	case m.DoseID == "":
		return line{client: m.ClientID, cells: append(cells, found, "", "", "", "", ""), of: m.Line}
	}
	form := ""
	for _, c := range columns {
		if c.Field == "birth_date" {
			form = c.Dates
		}
	}
	return line{client: m.ClientID, of: m.Line, cells: append(cells, found, inForm(m.GivenOn, form),
		fmt.Sprintf("%02d", m.CVX), m.MVX, m.Lot, source(m.Reported))}
}

// source is who reports a dose.
func source(historical bool) string {
	if historical {
		return "reported"
	}
	return "given"
}
