// Package cases runs CDC's published CDSi test cases through the forecast engine.
//
// Read takes cases as rows of a CSV file, one case a row, with the columns of CDC's two workbooks (healthy and
// underlying conditions) under tidy names. Run compares, and reports per set how many are right. A case is right as a
// whole, never in part; all figures count cases.
package cases

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"miic/forecast/cdsi"
)

// The sets, one from each workbook.
const (
	healthy    = "healthy"
	underlying = "underlying"
)

// Case is one published case.
type Case struct {
	Set    string // healthy or underlying
	ID     string
	Group  string // vaccine group by the schedule's name
	Person cdsi.Person
	AsOf   cdsi.Day

	Doses  []Expected // by Person.Doses
	Status string     // series status in the row's words
	Number int        // forecast number; -1: not given
	Dates  [3]cdsi.Day
}

// Expected is what a row expects of a dose.
type Expected struct {
	Status string
	Reason string // one reason, or none
}

// Read reads cases from CSV text, with or without a byte order mark, lines ended by LF or CRLF, columns in any order
// and of any case. Rows without any value are left out. A file without a case is an error, for it would be right
// whatever the engine answers. Errors name line and column, not values.
func Read(r io.Reader) ([]Case, error) {
	text := bufio.NewReader(r)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" {
		text.Discard(len(mark))
	}
	cr := csv.NewReader(text)
	cr.FieldsPerRecord = -1 // empty fields at the end may be left out
	header, err := cr.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("no header line, the file is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("header line: %w", err)
	}
	column, err := columns(header)
	if err != nil {
		return nil, err
	}
	var out []Case
	for {
		row, err := cr.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w", err)
		}
		if !slices.ContainsFunc(row, func(field string) bool { return strings.TrimSpace(field) != "" }) {
			continue
		}
		line, _ := cr.FieldPos(0)
		c := reader{column: column, row: row}
		if len(row) > len(header) {
			c.fail("", fmt.Errorf("%d fields under a header of %d", len(row), len(header)))
		}
		out = append(out, c.read())
		if c.err != nil {
			return nil, fmt.Errorf("line %d: %w", line, c.err)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no case, the file has a header only")
	}
	return out, nil
}

// required are the columns without which a row would be compared in part; those of doses and observations are asked for
// with their date.
var required = []string{"set", "id", "dob", "gender", "assessment_date", "series_status", "forecast_num",
	"earliest_date", "recommended_date",
	"past_due_date", "vaccine_group"}

// columns finds the place of each column.
func columns(header []string) (map[string]int, error) {
	column := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := column[name]; twice && name != "" {
			return nil, fmt.Errorf("column %s occurs twice", name)
		}
		column[name] = i
	}
	need := slices.Clone(required)
	for i := 1; ; i++ {
		date := fmt.Sprintf("dose%d_date", i)
		if _, ok := column[date]; !ok {
			break
		}
		for _, part := range []string{"cvx", "eval_status", "eval_reason"} {
			need = append(need, fmt.Sprintf("dose%d_%s", i, part))
		}
	}
	for _, name := range need {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("column %s is missing", name)
		}
	}
	return column, nil
}

// reader reads one row and keeps its first error.
type reader struct {
	column map[string]int
	row    []string
	err    error
}

func (r *reader) fail(column string, err error) {
	if r.err != nil || err == nil {
		return
	}
	if r.err = err; column != "" {
		r.err = fmt.Errorf("column %s: %w", column, err)
	}
}

func (r *reader) has(name string) bool {
	_, ok := r.column[name]
	return ok
}

// text returns a field; what the workbooks write for nothing is nothing.
func (r *reader) text(name string) string {
	i, ok := r.column[name]
	if !ok || i >= len(r.row) {
		return ""
	}
	switch text := strings.TrimSpace(r.row[i]); strings.ToLower(text) {
	case "-", "–", "—", "n/a":
		return ""
	default:
		return text
	}
}

// given is a field that must have a value.
func (r *reader) given(name string) string {
	text := r.text(name)
	if text == "" {
		r.fail(name, fmt.Errorf("no value"))
	}
	return text
}

// day reads a date: YYYY-MM-DD, YYYYMMDD, or M/D/YYYY as the workbooks show it, with or without a time of midnight.
func (r *reader) day(name string) cdsi.Day {
	text := r.text(name)
	for _, midnight := range []string{" 00:00:00", "T00:00:00", " 0:00"} {
		text = strings.TrimSuffix(text, midnight)
	}
	if part := strings.Split(text, "/"); len(part) == 3 && len(part[2]) == 4 {
		text = fmt.Sprintf("%s-%02s-%02s", part[2], part[0], part[1])
	}
	d, err := cdsi.ParseDay(text)
	r.fail(name, err)
	return d
}

func (r *reader) givenDay(name string) cdsi.Day {
	r.given(name)
	return r.day(name)
}

func (r *reader) code(name string) int16 {
	n, err := strconv.Atoi(r.text(name))
	if err != nil || n < 0 || n > 9999 {
		r.fail(name, fmt.Errorf("not a code"))
		return 0
	}
	return int16(n)
}

func (r *reader) read() Case {
	c := Case{Set: strings.ToLower(r.given("set")), ID: r.given("id"), Group: groupName(r.given("vaccine_group")),
		AsOf:   r.givenDay("assessment_date"),
		Status: r.given("series_status")}
	if c.Set != healthy && c.Set != underlying {
		r.fail("set", fmt.Errorf("neither %s nor %s", healthy, underlying))
	}
	c.Person.Birth = r.givenDay("dob")
	switch strings.ToUpper(r.text("gender")) {
	case "F", "FEMALE":
		c.Person.Sex = cdsi.Female
	case "M", "MALE":
		c.Person.Sex = cdsi.Male
	case "", "U", "UNKNOWN", "X", "O", "OTHER":
	default:
		r.fail("gender", fmt.Errorf("none of F, M, U"))
	}
	for i := 1; r.has(fmt.Sprintf("obs%d_code", i)); i++ {
		if name := fmt.Sprintf("obs%d_code", i); r.text(name) != "" {
			c.Person.Observations = append(c.Person.Observations,
				cdsi.Observation{Code: r.code(name), Date: r.day(fmt.Sprintf("obs%d_date", i))})
		}
	}
	for i := 1; r.has(fmt.Sprintf("dose%d_date", i)); i++ {
		at := func(name string) string { return fmt.Sprintf("dose%d_%s", i, name) }
		if r.text(at("date")) == "" && r.text(at("cvx")) == "" {
			continue
		}
		// The vaccine column mixes trade names with descriptions, so it is no trade name.
		c.Person.Doses = append(c.Person.Doses, cdsi.Dose{CVX: r.code(at("cvx")), MVX: r.text(at("mvx")),
			Date: r.givenDay(at("date")), Expiry: cdsi.NoDay})
		c.Doses = append(c.Doses, Expected{r.text(at("eval_status")), r.text(at("eval_reason"))})
	}
	c.Number = -1
	if text := r.text("forecast_num"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			r.fail("forecast_num", fmt.Errorf("not a number"))
		}
		c.Number = n
	}
	c.Dates = [3]cdsi.Day{r.day("earliest_date"), r.day("recommended_date"), r.day("past_due_date")}
	return c
}
