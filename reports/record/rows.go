package record

import (
	"fmt"
	"strconv"
	"strings"

	"miic/internal/table"
)

// Columns are those of the record as rows.
var Columns = []string{"registry_id", "last_name", "first_name", "middle_name", "suffix", "birth_date", "issued_on", "as_of", "row",
	"date", "vaccine_group", "cvx", "mvx", "trade_name", "lot", "source", "counts", "reasons", "kind", "code", "earliest",
	"late_after", "verification_code"}

// Rows are the record as rows: one for each dose and vaccine group, for each fact, for each dose that is recommended, and
// for each vaccine that a law asks for; one without any of these where nothing is on record.
func (r *Record) Rows() [][]string {
	day := func(d Day) string { return table.Date(d).String() }
	head := []string{strconv.FormatInt(r.RegistryID, 10), r.LastName, r.FirstName, r.MiddleName, r.Suffix, day(r.BirthDate),
		day(r.IssuedOn), day(r.AsOf)}
	var rows [][]string
	add := func(cells map[string]string) {
		row := append([]string{}, head...)
		for _, c := range Columns[len(head):] {
			row = append(row, cells[c])
		}
		row[len(row)-1] = r.Code
		rows = append(rows, row)
	}
	for _, d := range r.Doses {
		for _, c := range d.Counts {
			add(map[string]string{"row": "dose", "date": day(d.On), "vaccine_group": c.Group, "cvx": fmt.Sprintf("%02d", d.CVX),
				"mvx": d.MVX, "trade_name": d.TradeName, "lot": d.Lot, "source": d.Source, "counts": c.Counts,
				"reasons": strings.Join(c.Reasons, "|")})
		}
	}
	for _, f := range r.Facts {
		cvx := ""
		if f.CVX != 0 {
			cvx = fmt.Sprintf("%02d", f.CVX)
		}
		add(map[string]string{"row": "fact", "date": day(f.On), "vaccine_group": f.Group, "cvx": cvx, "kind": f.Kind, "code": f.Code})
	}
	for _, n := range r.Next {
		add(map[string]string{"row": "recommended", "date": day(n.From), "vaccine_group": n.Group, "earliest": day(n.Earliest),
			"late_after": day(n.LateFrom)})
	}
	if r.Required != nil {
		for _, q := range r.Required.Vaccines {
			add(map[string]string{"row": "required", "date": day(q.Next), "vaccine_group": q.Group, "code": q.Vaccine, "kind": q.Standing,
				"counts": strconv.Itoa(q.Doses)})
		}
	}
	if len(rows) == 0 {
		add(map[string]string{"row": "none"})
	}
	return rows
}
