package record

import (
	"testing"

	"miic/ingest/field"
	"miic/ingest/hl7"
)

// Numbers that a state has given are that state's: two states' Medicaid numbers may be equal, and a birth certificate is
// one by state, year and number.
func TestNumbersOfStates(t *testing.T) {
	x := &vxu{m: &hl7.Message{Delimiters: hl7.Delimiters{Field: '|', Component: '^', Repetition: '~', Escape: '\\', Sub: '&'}}}
	for _, c := range []struct{ rep, medicaid, certificate string }{
		{"123456^^^MN^MA", "123456", ""},
		{"123456^^^WI^MA", "WI-123456", ""},
		{"123456^^^DHS&1.2.3&ISO^MA^^^^WI", "WI-123456", ""},
		{"123456^^^DHS^MA", "123456", ""},
		{"2024-001234^^^WI^BR", "WI-2024-001234", "WI-2024-001234"},
		{"MN-2024-001234^^^MDH^BR", "MN-2024-001234", "MN-2024-001234"},
		{"2024-001234^^^HOSP^BR", "2024-001234", ""},
		{"77^^^WI^BR", "WI-77", ""},
	} {
		id := x.part([]byte(c.rep), 1, 1)
		if got := string(x.ofState([]byte(c.rep), id)); got != c.medicaid {
			t.Errorf("%s: Medicaid number %q, want %q", c.rep, got, c.medicaid)
		}
		if got := string(x.certificate([]byte(c.rep), id)); got != c.certificate {
			t.Errorf("%s: certificate %q, want %q", c.rep, got, c.certificate)
		}
	}
	u := &unit{from: &File{}}
	for _, ssn := range []string{"078-05-1120", "219099999", "666123456", "111-11-1111"} {
		u.begin(1, 0)
		u.raw[field.SSN] = []byte(ssn)
		if got := u.socialSecurity(field.SSN); got != "" {
			t.Errorf("%s is %s, want nobody's", ssn, got)
		}
	}
}
