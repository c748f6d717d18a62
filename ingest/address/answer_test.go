package address

import (
	"slices"
	"strings"
	"testing"

	"miic/internal/postal"
	"miic/internal/table"
)

var (
	exportedOn = table.NewDate(2026, 3, 2)
	today      = table.NewDate(2026, 3, 9)
)

// The addresses of an export.
var homes = []postal.Address{
	{Surname: "Berg", Address1: "1 Main St", City: "Duluth", State: "MN", ZIP: "55802"},
	{Surname: "Xiong", Address1: "22 Oak Ave", Address2: "Apt 4", City: "Saint Paul", State: "MN", ZIP: "55101"},
	{Surname: "O'Hara", Address1: "7 Elm, rear", City: "Boston", State: "MA", ZIP: "02134"},
}

func export7() *Asked {
	a := &Asked{Export: "000007", On: exportedOn}
	for i := range homes {
		a.Addresses = append(a.Addresses, homes[i].ID())
	}
	return a
}

// answers are the rows of a right answer: the first family is where it was, the second has moved, the third is gone.
func answers() [][]string {
	var rows [][]string
	for i := range homes {
		h := &homes[i]
		rows = append(rows, append([]string{"000007", h.ID(), h.Surname, h.Address1, h.Address2, h.City, h.State, h.ZIP},
			make([]string, len(Columns)-8)...))
	}
	set(rows[0], "std_addr1", "1 MAIN ST", "std_city", "DULUTH", "std_state", "MN", "std_zip5", "55802", "std_zip4", "0012",
		"delivery_point", "01", "dpv_code", "Y", "ncoa_code", "00", "processed_on", "2026-03-05")
	set(rows[1], "std_addr1", "22 OAK AVE APT 4", "std_city", "SAINT PAUL", "std_state", "MN", "std_zip5", "55101", "std_zip4", "1234",
		"dpv_code", "Y", "ncoa_code", "A", "moved_on", "2026-01", "new_addr1", "9 NEW RD", "new_city", "EDINA", "new_state", "MN",
		"new_zip5", "55424", "new_zip4", "0007", "processed_on", "2026-03-05")
	set(rows[2], "ncoa_code", "02", "processed_on", "2026-03-05")
	return rows
}

func set(row []string, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		row[slices.Index(Header(), pairs[i])] = pairs[i+1]
	}
}

func text(separator string, rows ...[]string) []byte {
	var b strings.Builder
	for _, row := range append([][]string{Header()}, rows...) {
		cells := slices.Clone(row)
		for i, cell := range cells {
			if strings.ContainsAny(cell, `,;"`) {
				cells[i] = `"` + cell + `"`
			}
		}
		b.WriteString(strings.Join(cells, separator) + "\r\n")
	}
	return []byte(b.String())
}

func TestARightAnswerIsReadWhole(t *testing.T) {
	for _, data := range [][]byte{text(",", answers()...), text(";", answers()...), append([]byte("\xef\xbb\xbf"), text(",", answers()...)...)} {
		if number, err := Export(data); number != "000007" || err != nil {
			t.Errorf("export %q, %v", number, err)
		}
		rows, faults := Read(data, export7(), today)
		if len(faults) > 0 || len(rows) != 3 {
			t.Fatalf("%d rows, %v", len(rows), faults)
		}
		want := table.AddressAnswer{AddressID: homes[1].ID(), Line: 3, ExportID: "000007", Surname: "Xiong", Address1: "22 Oak Ave",
			Address2: "Apt 4", City: "Saint Paul", State: "MN", ZIP: "55101", StdAddress1: "22 OAK AVE APT 4", StdCity: "SAINT PAUL",
			StdState: "MN", StdZIP5: "55101", StdZIP4: "1234", DPVCode: "Y", NCOACode: "A", MovedOn: table.NewDate(2026, 1, 1),
			NewAddress1: "9 NEW RD", NewCity: "EDINA", NewState: "MN", NewZIP5: "55424", NewZIP4: "0007", ProcessedOn: table.NewDate(2026, 3, 5)}
		if rows[1] != want {
			t.Errorf("read %+v", rows[1])
		}
		for i, want := range []postal.Finding{postal.Delivered, postal.Moved, postal.Gone} {
			if got := postal.Find(rows[i].DPVCode, rows[i].NCOACode); got != want {
				t.Errorf("line %d: %d, want %d", i+2, got, want)
			}
		}
	}
}

// TestWhatIsWrongIsNamedByItsLine: each mistake alone, with the line, the column and the words.
func TestWhatIsWrongIsNamedByItsLine(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(rows [][]string) [][]string
		line  int64
		field string
		why   string
	}{
		{"a row is missing", func(r [][]string) [][]string { return r[:2] }, 0, "", "it has 2 rows, export 000007 has 3"},
		{"a row twice", func(r [][]string) [][]string { return append(r[:2], r[0]) }, 4, "address_id", "is in line 2 too"},
		{"another export's address", func(r [][]string) [][]string { set(r[0], "address_id", "0123456789abcdef"); return r }, 2, "address_id", "is no address of export"},
		{"another export", func(r [][]string) [][]string { set(r[2], "export_id", "000008"); return r }, 4, "export_id", "is not that of the rows before"},
		{"a changed surname", func(r [][]string) [][]string { set(r[0], "surname", "Borg"); return r }, 2, "addr1", "is not that of the export"},
		{"a raw ZIP that lost its zero", func(r [][]string) [][]string { set(r[2], "zip", "2134"); return r }, 4, "addr1", "takes leading zeros away"},
		{"a ZIP that lost its zero", func(r [][]string) [][]string { set(r[1], "new_zip5", "5424"); return r }, 3, "new_zip5", "is not five digits"},
		{"four digits that lost zeros", func(r [][]string) [][]string { set(r[0], "std_zip4", "12"); return r }, 2, "std_zip4", "is not four digits"},
		{"a delivery point that lost its zero", func(r [][]string) [][]string { set(r[0], "delivery_point", "1"); return r }, 2, "delivery_point", "is not two digits"},
		{"a code that lost its zero", func(r [][]string) [][]string { set(r[2], "ncoa_code", "2"); return r }, 4, "ncoa_code", "is unknown"},
		{"a day as a number", func(r [][]string) [][]string { set(r[0], "processed_on", "46086"); return r }, 2, "processed_on", "a spreadsheet has changed it"},
		{"a day as a spreadsheet's", func(r [][]string) [][]string { set(r[1], "moved_on", "Jan-26"); return r }, 3, "moved_on", "a spreadsheet has changed it"},
		{"no day", func(r [][]string) [][]string { set(r[0], "processed_on", ""); return r }, 2, "processed_on", "is empty"},
		{"a day to come", func(r [][]string) [][]string { set(r[0], "processed_on", "2026-03-10"); return r }, 2, "processed_on", "has not come yet"},
		{"before the export", func(r [][]string) [][]string { set(r[0], "processed_on", "2026-03-01"); return r }, 2, "processed_on", "is before the export"},
		{"an unknown delivery code", func(r [][]string) [][]string { set(r[0], "dpv_code", "Q"); return r }, 2, "dpv_code", "is unknown"},
		{"delivered, but not where", func(r [][]string) [][]string { set(r[0], "std_zip4", "", "delivery_point", ""); return r }, 2, "std_addr1", "are missing"},
		{"moved, but not where to", func(r [][]string) [][]string { set(r[1], "new_city", ""); return r }, 3, "new_addr1", "are missing"},
		{"an address without a move", func(r [][]string) [][]string { set(r[1], "ncoa_code", "00"); return r }, 3, "ncoa_code", "the code does not say so"},
		{"a state in words", func(r [][]string) [][]string { set(r[0], "std_state", "Minn."); return r }, 2, "std_state", "two capital letters"},
	} {
		_, faults := Read(text(",", c.do(answers())...), export7(), today)
		found := slices.ContainsFunc(faults, func(f Fault) bool {
			return f.Line == c.line && f.Field == c.field && strings.Contains(f.Why, c.why)
		})
		if !found {
			t.Errorf("%s: %v", c.name, faults)
		}
	}
}

// TestOtherColumnsAreRefused: renamed, missing, more, another order; a row of another length; a workbook.
func TestOtherColumnsAreRefused(t *testing.T) {
	right := string(text(",", answers()...))
	for _, c := range []struct{ name, text, why string }{
		{"renamed", strings.Replace(right, "std_zip4", "plus4", 1), "line 1: column 14 must be std_zip4"},
		{"missing", strings.Replace(right, ",processed_on", "", 1), "line 1: the column processed_on is missing"},
		{"more", strings.Replace(right, "processed_on", "processed_on,notes", 1), "line 1: it has 26 columns, the export 25"},
		{"another order", strings.Replace(right, "surname,addr1", "addr1,surname", 1), "line 1: column 3 must be surname"},
		{"empty", "", "it is empty"},
		{"a workbook", "PK\x03\x04rest", "it is a workbook"},
	} {
		_, faults := Read([]byte(c.text), export7(), today)
		if len(faults) != 1 || !strings.Contains(faults[0].Why, c.why) {
			t.Errorf("%s: %v", c.name, faults)
		}
		if _, err := Export([]byte(c.text)); err == nil {
			t.Errorf("%s: an export was found", c.name)
		}
	}
	_, faults := Read([]byte(strings.Replace(right, ",02,", ",02,,", 1)), export7(), today)
	if len(faults) == 0 || faults[0].Line != 4 || !strings.Contains(faults[0].Why, "is not a row of 25 cells") {
		t.Errorf("a row of another length: %v", faults)
	}
}
