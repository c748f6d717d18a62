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
	err = ReadCSV(path, []string{"record_id"}, func(line int, get func(string) string) error {
		r := table.ClientRecord{RecordID: get("record_id"), Sender: get("submitter"), FirstName: get("name_first"), MiddleName: get("name_middle"),
			LastName: get("name_last"), Suffix: get("name_suffix"), MotherFirst: get("mother_first"), MotherMaiden: get("mother_maiden"),
			GuardianFirst: get("guardian_first"), GuardianLast: get("guardian_last"), MultipleBirth: get("multiple_birth"), Sex: get("sex"),
			Address1: get("street"), City: get("city"), State: get("state"), ZIP: get("zip"), Email: get("email"), SSN: get("ssn"),
			MedicaidID: get("medicaid_id"), BirthCertNumber: get("birth_certificate_no"), ChartNumber: get("source_client_id")}
		if r.RecordID == "" {
			return fmt.Errorf("line %d: no record_id", line)
		}
		if a := get("name_alias"); a != "" {
			r.Aliases = a + "^"
		}
		r.BirthDate, _ = table.ParseDate(get("birth_date"))
		if n, err := strconv.Atoi(get("birth_order")); err == nil {
			r.BirthOrder = int32(n)
		}
		r.Phone, r.Phone2, _ = strings.Cut(get("phone"), "|")
		records = append(records, r)
		doses = append(doses, get("doses"))
		return nil
	})
	return records, doses, err
}

// ReadCSV calls fn for each line of a CSV file, which must have the wanted columns.
func ReadCSV(path string, want []string, fn func(line int, get func(string) string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("linkage: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("linkage: %s: no header line", path)
	}
	at := map[string]int{}
	for i, h := range header {
		at[strings.TrimPrefix(h, "\ufeff")] = i
	}
	for _, w := range want {
		if _, ok := at[w]; !ok {
			return fmt.Errorf("linkage: %s: no column %s", path, w)
		}
	}
	for line := 2; ; line++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("linkage: %s: line %d is not CSV", path, line)
		}
		get := func(name string) string {
			if i, ok := at[name]; ok && i < len(row) {
				return row[i]
			}
			return ""
		}
		if err := fn(line, get); err != nil {
			return fmt.Errorf("linkage: %s: %w", path, err)
		}
	}
}
