package prose

import "testing"

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 1234567: "1,234,567", -5: "-5", -999: "-999", -1000: "-1,000", -1234567: "-1,234,567",
	} {
		if got := Thousands(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0 doses", 1: "1 dose", 2: "2 doses", 1200: "1,200 doses"} {
		if got := Count(n, "dose", "doses"); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
