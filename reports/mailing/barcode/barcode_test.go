package barcode

import (
	"strings"
	"testing"
)

// TestPublishedExamples: the four examples that USPS-B-3200 prints, and two codes that another encoder (reportlab's) made.
func TestPublishedExamples(t *testing.T) {
	const example = "01234567094987654321"
	for _, c := range []struct{ tracking, routing, bars string }{
		{example, "", "ATTFATTDTTADTAATTDTDTATTDAFDDFADFDFTFFFFFTATFAAAATDFFTDAADFTFDTDT"},
		{example, "01234", "DTTAFADDTTFTDTFTFDTDDADADAFADFATDDFTAAAFDTTADFAAATDFDTDFADDDTDFFT"},
		{example, "012345678", "ADFTTAFDTTTTFATTADTAAATFTFTATDAAAFDDADATATDTDTTDFDTDATADADTDFFTFA"},
		{example, "01234567891", "AADTFFDFTDADTAADAATFDTDDAAADDTDTTDAFADADDDTFFFDDTTTADFAAADFTDAADA"},
		{"00270123456200800001", "987654321", "DTADDAFTTDAFFTDTAFFTFDTFFDFTFDDFDFDATFFDFDDFTTATATTTADTAAFAFAADDF"},
		{"00700899999000000000", "55101", "FDAFFTATAFDTDFTTFAFTTDTFFFFTTAFADFDDFDDFTTTFFTFATFAFFFFADTDDAFFDA"},
	} {
		got, err := Encode(c.tracking, c.routing)
		if err != nil || got != c.bars {
			t.Errorf("%s %s: %q, %v, want %q", c.tracking, c.routing, got, err, c.bars)
		}
	}
}

func TestTheDigitsOfAPiece(t *testing.T) {
	for _, c := range []struct {
		mailer Mailer
		serial int64
		want   string
	}{
		{Mailer{"123456", "270"}, 7, "00270123456000000007"},
		{Mailer{"900000001", "271"}, 7, "00271900000001000007"},
		{Mailer{"900000001", "271"}, 1_000_007, "00271900000001000007"}, // six digits are used up
	} {
		if got := c.mailer.Tracking(c.serial); got != c.want || c.mailer.Check() != nil {
			t.Errorf("%v %d: %q, %v, want %q", c.mailer, c.serial, got, c.mailer.Check(), c.want)
		}
	}
	for _, m := range []Mailer{{"", "270"}, {"1234567", "270"}, {"12345a", "270"}, {"123456", ""}, {"123456", "27"}} {
		if m.Check() == nil {
			t.Errorf("%v passes", m)
		}
	}
}

func TestRouting(t *testing.T) {
	for _, c := range [][4]string{
		{"55101", "", "", "55101"}, {"55101", "1234", "", "551011234"}, {"55101", "1234", "05", "55101123405"},
		{"55101", "", "05", "55101"}, {"K1A 0", "1234", "05", ""}, {"5510", "1234", "05", ""}, {"55101", "12", "05", "55101"},
	} {
		if got := Routing(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("%q %q %q: %q, want %q", c[0], c[1], c[2], got, c[3])
		}
	}
}

func TestWhatCannotBeEncoded(t *testing.T) {
	for _, c := range [][2]string{
		{"", ""}, {strings.Repeat("1", 19), ""}, {"05" + strings.Repeat("1", 18), ""}, {"0027012345620080000x", ""},
		{strings.Repeat("1", 20), "5510"}, {strings.Repeat("1", 20), "5510x"},
	} {
		if got, err := Encode(c[0], c[1]); err == nil || got != "" {
			t.Errorf("%q %q became %q", c[0], c[1], got)
		}
	}
}
