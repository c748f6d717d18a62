package read

import (
	"testing"

	"miic/internal/table"
)

func TestHL7Times(t *testing.T) {
	noon := table.NewDate(2026, 3, 1).Midnight() + 12*3600*1e6
	for s, want := range map[string]table.Time{"202603011200": noon, "20260301120000.123+0000": noon,
		"20260301060000-0600": noon, "202603010700-500": noon,
		"20260301": table.NewDate(2026, 3, 1).Midnight(), "2026": 0, "noon": 0, "20260231": 0, "202603012501": 0} {
		got, ok := ParseTime([]byte(s))
		if got != want || ok != (want != 0) {
			t.Errorf("%s: %d, %v; want %d", s, got, ok, want)
		}
	}
}

// TestFingerprintTail: fingerprints are kept in the lake, so what the last bytes of a text come to may never change.
func TestFingerprintTail(t *testing.T) {
	for n := range 8 {
		s := "\xf1a2\x80Z_7"[:n]
		var want uint64
		for i := 0; i < n; i++ {
			want |= uint64(s[i]) << (8 * i)
		}
		if got := tail(s); got != want {
			t.Errorf("%d bytes: %x, want %x", n, got, want)
		}
	}
}
