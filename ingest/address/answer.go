// Package address takes in what address vendors answer: the form of an address by the postal service, and who has moved.
//
// An answer is read whole or not at all: it has a row for each of the export, with the export's own words unchanged, and
// what is wrong is named by line. A night takes each answer in once, into address_answer, and what it says about people who
// have that address by then into notice_result, where mail that has come back is too.
package address

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"miic/internal/postal"
	"miic/internal/table"
)

// A Column of the file that goes to a vendor and comes back.
type Column struct {
	Name, Doc string
	Ours      bool // the registry fills it in; the vendor leaves it as it is
}

// Columns of an export, and of the answer to it.
var Columns = []Column{
	{"export_id", "number of the export", true},
	{"address_id", "id of the row; it holds for these very words alone", true},
	{"surname", "surname at the door: moves are found by name and address", true},
	{"addr1", "street line, as reported", true},
	{"addr2", "second line, as reported", true},
	{"city", "city, as reported", true},
	{"state", "state, as reported", true},
	{"zip", "ZIP code, as reported", true},
	{"std_addr1", "street line in the postal service's form; as exported: by the last answer", false},
	{"std_addr2", "second line in that form", false},
	{"std_city", "city in that form", false},
	{"std_state", "state in that form, two letters", false},
	{"std_zip5", "ZIP code, five digits", false},
	{"std_zip4", "the four digits behind it", false},
	{"delivery_point", "the two digits of the delivery point", false},
	{"dpv_code", "Y, D, S or N: mail is delivered there; a unit is missing; the unit is not known; it is not. Empty: not found", false},
	{"ncoa_code", "return code of the file of moves: A, 91 and 92 with a new address, 01 to 03, 05, 14 and 19 moved without one, others not moved", false},
	{"moved_on", "when the family moved, YYYY-MM-DD or YYYY-MM", false},
	{"new_addr1", "street line of the new address", false},
	{"new_addr2", "second line of the new address", false},
	{"new_city", "city of the new address", false},
	{"new_state", "state of the new address, two letters", false},
	{"new_zip5", "ZIP code of the new address, five digits", false},
	{"new_zip4", "the four digits behind it", false},
	{"processed_on", "day on which the address was held against the postal service's files, YYYY-MM-DD", false},
}

// Header is the names of the columns.
func Header() []string {
	var names []string
	for _, c := range Columns {
		names = append(names, c.Name)
	}
	return names
}

// A Fault is what is wrong with a line; line 1 is the header, and 0 is for the file.
type Fault struct {
	Line  int64
	Field string
	Why   string
}

// Asked is the export that a file answers.
type Asked struct {
	Export    string
	Addresses []string // ids of its rows
	On        table.Date
}

// What cells look like.
var (
	fiveDigits = regexp.MustCompile(`^[0-9]{5}$`)
	fourDigits = regexp.MustCompile(`^[0-9]{4}$`)
	twoDigits  = regexp.MustCompile(`^[0-9]{2}$`)
	letters    = regexp.MustCompile(`^[A-Z]{2}$`)
	month      = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)
)

// Export finds the number of the export that a file answers, by its first row.
func Export(data []byte) (string, error) {
	r, err := open(data)
	if err != nil {
		return "", err
	}
	row, err := r.Read()
	if err != nil {
		return "", errors.New("it has no row below its header")
	}
	return row[0], nil
}

// open reads the header, which must be that of the export.
func open(data []byte) (*csv.Reader, error) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return nil, errors.New("it is a workbook: save it as CSV, or better, have the vendor's own file")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	first, _, _ := bytes.Cut(data, []byte("\n"))
	for _, comma := range []byte{',', ';', '\t'} { // names of columns hold none of them
		if bytes.IndexByte(first, comma) >= 0 {
			r.Comma = rune(comma)
			break
		}
	}
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, errors.New("it is empty, or is not CSV")
	}
	for i, name := range Header() {
		switch {
		case i >= len(header):
			return nil, fmt.Errorf("line 1: the column %s is missing", name)
		case header[i] != name:
			return nil, fmt.Errorf("line 1: column %d must be %s: the columns are those of the export, in its order", i+1, name)
		}
	}
	if len(header) > len(Columns) {
		return nil, fmt.Errorf("line 1: it has %d columns, the export %d", len(header), len(Columns))
	}
	r.FieldsPerRecord = len(Columns)
	return r, nil
}

// Read reads an answer. Without faults, every row of the export has one.
func Read(data []byte, asked *Asked, today table.Date) ([]table.AddressAnswer, []Fault) {
	r, err := open(data)
	if err != nil {
		return nil, []Fault{{0, "", err.Error()}}
	}
	known := make(map[string]bool, len(asked.Addresses))
	for _, id := range asked.Addresses {
		known[id] = true
	}
	var rows []table.AddressAnswer
	var faults []Fault
	seen := map[string]int64{}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		var at *csv.ParseError
		if errors.As(err, &at) {
			faults = append(faults, Fault{int64(at.Line), "", fmt.Sprintf("is not a row of %d cells: %v", len(Columns), at.Err)})
			if errors.Is(at.Err, csv.ErrFieldCount) {
				continue
			}
			break
		}
		n, _ := r.FieldPos(0)
		l := &line{no: int64(n), cells: cells}
		a := l.read(asked, today)
		switch before, twice := seen[a.AddressID], !known[a.AddressID]; {
		case twice:
			l.fault("address_id", "is no address of export "+asked.Export)
		case before != 0:
			l.fault("address_id", fmt.Sprintf("is in line %d too", before))
		}
		seen[a.AddressID] = l.no
		rows, faults = append(rows, a), append(faults, l.faults...)
	}
	if len(rows) != len(asked.Addresses) {
		faults = append(faults, Fault{0, "", fmt.Sprintf("it has %d rows, export %s has %d: a row for each address must come back",
			len(rows), asked.Export, len(asked.Addresses))})
	}
	return rows, faults
}

// line is a row that is being read.
type line struct {
	no     int64
	cells  []string
	faults []Fault
}

func (l *line) fault(field, why string) { l.faults = append(l.faults, Fault{l.no, field, why}) }

func (l *line) at(name string) string {
	return strings.TrimSpace(l.cells[slices.IndexFunc(Columns, func(c Column) bool { return c.Name == name })])
}

// form is a value that has to have a form; what is wrong otherwise.
func (l *line) form(name string, form *regexp.Regexp, is string) string {
	value := l.at(name)
	if value != "" && !form.MatchString(value) {
		l.fault(name, is)
	}
	return value
}

const (
	zipForm  = "is not five digits: a spreadsheet has taken a leading zero away, or joined the four digits; have the file sent again as the vendor wrote it"
	zip4Form = "is not four digits: a spreadsheet has taken a leading zero away; have the file sent again as the vendor wrote it"
	dpForm   = "is not two digits: a spreadsheet has taken a leading zero away; have the file sent again as the vendor wrote it"
	dateForm = "is not a day as YYYY-MM-DD: a spreadsheet has changed it; have the file sent again as the vendor wrote it"
)

func (l *line) day(name string) table.Date {
	value := l.at(name)
	if month.MatchString(value) && name == "moved_on" {
		value += "-01"
	}
	if value == "" {
		return 0
	}
	d, err := table.ParseDate(value)
	if err != nil || d == 0 || value[4] != '-' {
		l.fault(name, dateForm)
		return 0
	}
	return d
}

func (l *line) read(asked *Asked, today table.Date) table.AddressAnswer {
	a := table.AddressAnswer{AddressID: l.at("address_id"), Line: l.no, ExportID: l.at("export_id"), Surname: l.at("surname"),
		Address1: l.at("addr1"), Address2: l.at("addr2"), City: l.at("city"), State: l.at("state"), ZIP: l.at("zip"),
		StdAddress1: l.at("std_addr1"), StdAddress2: l.at("std_addr2"), StdCity: l.at("std_city"),
		StdState: l.form("std_state", letters, "is not two capital letters"), StdZIP5: l.form("std_zip5", fiveDigits, zipForm),
		StdZIP4: l.form("std_zip4", fourDigits, zip4Form), DeliveryPoint: l.form("delivery_point", twoDigits, dpForm),
		DPVCode: l.at("dpv_code"), NCOACode: l.at("ncoa_code"), MovedOn: l.day("moved_on"),
		NewAddress1: l.at("new_addr1"), NewAddress2: l.at("new_addr2"), NewCity: l.at("new_city"),
		NewState: l.form("new_state", letters, "is not two capital letters"), NewZIP5: l.form("new_zip5", fiveDigits, zipForm),
		NewZIP4: l.form("new_zip4", fourDigits, zip4Form), ProcessedOn: l.day("processed_on")}
	was := postal.Address{Surname: a.Surname, Address1: a.Address1, Address2: a.Address2, City: a.City, State: a.State, ZIP: a.ZIP}
	if a.ExportID != asked.Export {
		l.fault("export_id", "is not that of the rows before")
	}
	if was.ID() != a.AddressID {
		l.fault("addr1", "the name or the address is not that of the export: the first eight columns come back as they were (a spreadsheet takes leading zeros away)")
	}
	std := a.StdAddress1 != "" && a.StdCity != "" && a.StdState != "" && a.StdZIP5 != ""
	switch {
	case !postal.KnownDPV(a.DPVCode):
		l.fault("dpv_code", "is unknown: Y, D, S, N or empty")
	case a.DPVCode != "" && a.DPVCode != "N" && !(std && a.StdZIP4 != ""):
		l.fault("std_addr1", "mail is delivered there by dpv_code, but street, city, state, ZIP code or its four digits are missing")
	case a.DeliveryPoint != "" && a.StdZIP4 == "":
		l.fault("std_zip4", "there is a delivery point, but no four digits")
	}
	isNew := a.NewAddress1 != "" && a.NewCity != "" && a.NewState != "" && a.NewZIP5 != ""
	switch {
	case postal.MovedTo(a.NCOACode):
		if !isNew {
			l.fault("new_addr1", "ncoa_code says that there is a new address, but street, city, state or ZIP code are missing")
		}
	case !postal.KnownNCOA(a.NCOACode):
		l.fault("ncoa_code", "is unknown, or a spreadsheet has taken a leading zero away: docs/letters.md lists the codes")
	case a.NewAddress1 != "" || a.NewZIP5 != "":
		l.fault("ncoa_code", "there is a new address, but the code does not say so")
	}
	switch {
	case a.ProcessedOn == 0 && l.at("processed_on") == "":
		l.fault("processed_on", "is empty")
	case a.ProcessedOn > today:
		l.fault("processed_on", "has not come yet")
	case a.ProcessedOn != 0 && a.ProcessedOn < asked.On:
		l.fault("processed_on", "is before the export")
	case a.MovedOn > today+366:
		l.fault("moved_on", "is more than a year ahead")
	}
	return a
}
