package standard

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"miic/internal/table"
)

// ReadRecords reads client records from a CSV file for evaluation and training, with a header of the
// columns record_id, submitter, source_client_id, name_first, name_middle, name_last, name_suffix,
// name_alias, mother_first, mother_maiden, guardian_first, guardian_last, birth_date, birth_order,
// multiple_birth, sex, street, city, state, zip, phone, email, ssn, medicaid_id,
// birth_certificate_no and doses (days joined by a bar); in any order, empty for not known. A value
// that does not fit its column is taken as not known. The doses are returned by record.
func ReadRecords(path string) (records []table.ClientRecord, doses []string, err error) {
	err = ReadCSV(path, []string{"record_id"}, func(l *Line) error {
		r := table.ClientRecord{RecordID: l.Get("record_id"), Sender: l.Get("submitter"),
			FirstName: l.Get("name_first"), MiddleName: l.Get("name_middle"), LastName: l.Get("name_last"),
			Suffix: l.Get("name_suffix"), MotherFirst: l.Get("mother_first"), MotherMaiden: l.Get("mother_maiden"),
			GuardianFirst: l.Get("guardian_first"), GuardianLast: l.Get("guardian_last"),
			MultipleBirth: l.Get("multiple_birth"), Sex: l.Get("sex"), Address1: l.Get("street"), City: l.Get("city"),
			State: l.Get("state"), ZIP: l.Get("zip"), Email: l.Get("email"), SSN: l.Get("ssn"),
			MedicaidID: l.Get("medicaid_id"), BirthCertNumber: l.Get("birth_certificate_no"),
			ChartNumber: l.Get("source_client_id")}
		if r.RecordID == "" {
			return fmt.Errorf("line %d: no record_id", l.Number)
		}
		if a := l.Get("name_alias"); a != "" {
			r.Aliases = a + "^"
		}
		r.BirthDate, _ = table.ParseDate(l.Get("birth_date"))
		if n, err := strconv.Atoi(l.Get("birth_order")); err == nil {
			r.BirthOrder = int32(n)
		}
		r.Phone, r.Phone2, _ = strings.Cut(l.Get("phone"), "|")
		records = append(records, r)
		doses = append(doses, l.Get("doses"))
		return nil
	})
	return records, doses, err
}

// A Line is one line of a CSV file with a header.
type Line struct {
	Number int // the header is line 1
	values []string
	column map[string]int
	width  int // columns of the header
}

// Get returns the value of a column; empty where the file lacks the column, or the line ends before it.
func (l *Line) Get(column string) string {
	if i, ok := l.column[column]; ok && i < len(l.values) {
		return l.values[i]
	}
	return ""
}

// Whole reports whether the line has a value for every column of the header, and no more. A spreadsheet cuts off the
// empty values at the end of a line.
func (l *Line) Whole() bool { return len(l.values) == l.width }

// ReadCSV calls fn for each line of a CSV file, which must have the named columns. The line is valid during the call.
// Errors name the file.
func ReadCSV(path string, columns []string, fn func(*Line) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: no header line", path)
	}
	l := Line{Number: 1, column: map[string]int{}, width: len(header)}
	for i, h := range header {
		l.column[strings.TrimPrefix(h, "\ufeff")] = i
	}
	for _, c := range columns {
		if _, ok := l.column[c]; !ok {
			return fmt.Errorf("%s: no column %s", path, c)
		}
	}
	for {
		l.Number++
		l.values, err = r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: line %d is not CSV", path, l.Number)
		}
		if err := fn(&l); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}
