package reports

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"miic/internal/table"
)

// columns of reminder.csv and recall.csv. A mailing house reads them by name.
var columns = []string{"notice_id", "kind", "round", "language", "addressee", "first_name", "last_name", "birth_date", "vaccine_groups",
	"earliest_due_on", "address_1", "address_2", "city", "state", "zip", "phone", "county_fips", "region", "clinic_name", "clinic_phone", "data_cut_off"}

// A letter is one row of a region's file.
type letter struct {
	clientID int64
	notice   table.Notice
	cells    []string // as in columns
}

func (c *Config) letter(asOf table.Date, snapshot int64, p *person, ch choice) letter {
	language := p.Language
	if language == "" {
		language = "en"
	}
	n := table.Notice{NoticeID: c.noticeID(p.ClientID, ch), Snapshot: snapshot, ClientID: p.ClientID, Campaign: c.Campaign, Kind: ch.kind,
		Round: int32(ch.round), Channel: "mail", Language: language, Region: p.Region, VaccineGroups: ch.groups, EarliestDueOn: ch.earliestOn, IssuedOn: asOf}
	clinic := c.Clinics[p.Provider]
	return letter{clientID: p.ClientID, notice: n, cells: []string{
		n.NoticeID, n.Kind, fmt.Sprint(n.Round), text(language), text(addressee(asOf, p)), text(p.FirstName), text(p.LastName), p.BirthDate.String(),
		n.VaccineGroups, n.EarliestDueOn.String(), text(p.Address1), text(p.Address2), text(p.City), text(p.State), text(p.ZIP), text(p.Phone),
		text(p.CountyFIPS), n.Region, text(clinic.Name), text(clinic.Phone), asOf.String()}}
}

// text makes a sender's words safe in a cell: control characters become blanks, and what a
// spreadsheet would take for a formula gets an apostrophe before it. Codes such as ZIP stay text
// with their leading zeros; a program that opens the file must read every column as text.
func text(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if s != "" && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// sortLetters puts letters in the order of the post: ZIP, surname, given name, person.
func sortLetters(list []letter) {
	zip, last, first := slices.Index(columns, "zip"), slices.Index(columns, "last_name"), slices.Index(columns, "first_name")
	slices.SortFunc(list, func(a, b letter) int {
		return cmp.Or(cmp.Compare(a.cells[zip], b.cells[zip]), cmp.Compare(a.cells[last], b.cells[last]),
			cmp.Compare(a.cells[first], b.cells[first]), cmp.Compare(a.clientID, b.clientID))
	})
}

// writeCSV writes a header and rows as RFC 4180 has it: UTF-8, CRLF, quotes where needed.
func writeCSV(path string, header []string, rows func(yield func([]string) error) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	w.UseCRLF = true
	err = w.Write(header)
	if err == nil {
		err = rows(w.Write)
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// readCSV reads a file that writeCSV wrote: every row has the header's columns.
func readCSV(path string, header []string, row func([]string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = len(header)
	got, err := r.Read()
	if err != nil || !slices.Equal(got, header) {
		return fmt.Errorf("%s does not begin with its header", path)
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := row(cells); err != nil {
			return err
		}
	}
}
