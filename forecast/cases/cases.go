// Package cases runs CDC's published CDSi test cases through the forecast engine.
//
// Read takes cases as rows of a CSV file, one case a row, with the columns of CDC's two workbooks (healthy
// and underlying conditions) under tidy names. Run compares, and reports per set how many are right. A case is right as a whole,
// never in part; all figures count cases.
package cases

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"miic/forecast/cdsi"
)

// Case is one published case.
type Case struct {
	Set    string // "healthy" or "underlying"
	ID     string
	Group  string // vaccine group by the schedule's name
	Person cdsi.Person
	AsOf   cdsi.Day

	Doses  []Expected // by Person.Doses
	Status string     // series status in the row's words
	Number int        // forecast number; -1: not given
	Dates  [3]cdsi.Day
}

// Expected is what a row says about a dose.
type Expected struct {
	Status string
	Reason string // one reason, or none
}

const maxDoses = 7

// Read reads cases. Errors name line and column, not values.
func Read(r io.Reader) ([]Case, error) {
	cr := csv.NewReader(r)
	header, err := cr.Read()
	if err != nil {
		return nil, fmt.Errorf("cases: no header line: %w", err)
	}
	column := map[string]int{}
	for i, name := range header {
		column[strings.TrimPrefix(name, "\ufeff")] = i
	}
	for _, name := range []string{"set", "id", "dob", "gender", "assessment_date", "series_status", "vaccine_group"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("cases: column %s is missing", name)
		}
	}
	var out []Case
	for {
		row, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("cases: %w", err)
		}
		line, _ := cr.FieldPos(0)
		c := reader{column: column, row: row}
		out = append(out, c.read())
		if c.err != nil {
			return nil, fmt.Errorf("cases: line %d: %w", line, c.err)
		}
	}
}

// reader reads one row and keeps its first error.
type reader struct {
	column map[string]int
	row    []string
	err    error
}

func (r *reader) text(name string) string {
	i, ok := r.column[name]
	if !ok || i >= len(r.row) {
		return ""
	}
	return strings.TrimSpace(r.row[i])
}

func (r *reader) day(name string) cdsi.Day {
	d, err := cdsi.ParseDay(r.text(name))
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("column %s: %w", name, err)
	}
	return d
}

func (r *reader) code(name string) int16 {
	n, err := strconv.Atoi(r.text(name))
	if (err != nil || n < 0 || n > 9999) && r.err == nil {
		r.err = fmt.Errorf("column %s: not a code", name)
		return 0
	}
	return int16(n)
}

func (r *reader) read() Case {
	c := Case{Set: r.text("set"), ID: r.text("id"), Group: groupName(r.text("vaccine_group")), AsOf: r.day("assessment_date"), Status: r.text("series_status")}
	c.Person.Birth = r.day("dob")
	switch strings.ToUpper(r.text("gender")) {
	case "F", "FEMALE":
		c.Person.Sex = cdsi.Female
	case "M", "MALE":
		c.Person.Sex = cdsi.Male
	}
	for i := 1; i <= 3; i++ {
		if name := fmt.Sprintf("obs%d_code", i); r.text(name) != "" {
			c.Person.Observations = append(c.Person.Observations, cdsi.Observation{Code: r.code(name), Date: r.day(fmt.Sprintf("obs%d_date", i))})
		}
	}
	for i := 1; i <= maxDoses; i++ {
		at := func(name string) string { return fmt.Sprintf("dose%d_%s", i, name) }
		if r.text(at("date")) == "" {
			continue
		}
		// The vaccine column mixes trade names with descriptions, so it is no trade name.
		c.Person.Doses = append(c.Person.Doses, cdsi.Dose{CVX: r.code(at("cvx")), MVX: r.text(at("mvx")), Date: r.day(at("date")), Expiry: cdsi.NoDay})
		c.Doses = append(c.Doses, Expected{r.text(at("eval_status")), r.text(at("eval_reason"))})
	}
	c.Number = -1
	if text := r.text("forecast_num"); text != "" && text != "-" {
		n, err := strconv.Atoi(text)
		if err != nil && r.err == nil {
			r.err = fmt.Errorf("column forecast_num: not a number")
		}
		c.Number = n
	}
	c.Dates = [3]cdsi.Day{r.day("earliest_date"), r.day("recommended_date"), r.day("past_due_date")}
	return c
}

// groupName translates the workbooks' names of vaccine groups, which differ from each other and from the data.
func groupName(name string) string {
	if to, ok := groupNames[strings.ToUpper(name)]; ok {
		return to
	}
	return name
}

var groupNames = map[string]string{
	"DTAP": "DTaP/Tdap/Td", "POL": "Polio", "IPOL": "Polio", "PCV": "Pneumococcal", "MCV": "Meningococcal", "MENB": "Meningococcal B",
	"ROTA": "Rotavirus", "FLU": "Influenza", "VAR": "Varicella", "ZOSTER": "Zoster", "HEPA": "HepA", "HEPB": "HepB", "HIB": "Hib",
}
