package standard

import (
	"testing"

	"miic/internal/table"
)

func TestPostalCode(t *testing.T) {
	for in, want := range map[string]string{"55801": "55801", "55801-1234": "55801", "558011234": "55801",
		"3070": "3070", " r3c 4t3 ": "R3C4T3", "SW1A 1AA": "SW1A1AA",
		"": "", "00000": "", "99999": "", "UNKNOWN": "", "MN 55801": "55801", "55801USA": "55801", "PO BOX 12": "",
		"APT 12B": "", "A0A0A0": "", "1012 AB": "1012AB", "M5": "", "12345": ""} {
		if got := postalCode(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

// A filler is no date of birth; an old one is: registers of the dead are linked too.
func TestFillerDatesAreUnknown(t *testing.T) {
	s := New(nil)
	for in, want := range map[table.Date]string{0: "", table.NewDate(1900, 1, 1): "", table.NewDate(1901, 1, 1): "",
		table.NewDate(1800, 1, 1): "", table.NewDate(1753, 1, 1): "",
		table.NewDate(9999, 12, 31): "", table.NewDate(1, 1, 1): "", table.NewDate(19, 3, 4): "",
		table.NewDate(1899, 12, 30): "", table.NewDate(1862, 1, 1): "1862-01-01",
		table.NewDate(1900, 1, 2): "1900-01-02", table.NewDate(1644, 5, 9): "1644-05-09",
		table.NewDate(2020, 1, 1): "2020-01-01"} {
		r := table.ClientRecord{RecordID: "a/1/1", BirthDate: in}
		if got := s.Standardise(&r, "clinic", ""); got.BirthISO != want {
			t.Errorf("%s gives %q, want %q", in, got.BirthISO, want)
		}
	}
}
