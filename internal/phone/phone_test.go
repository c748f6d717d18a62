package phone

import "testing"

func TestNumber(t *testing.T) {
	for digits, want := range map[string]string{
		"2185550101":   "2185550101",
		"12185550101":  "2185550101",
		"22185550101":  "", // eleven digits, and no country code
		"0185550101":   "",
		"1185550101":   "", // no area code begins with 0 or 1
		"2180000000":   "",
		"2185555555":   "", // fillers
		"2185555556":   "2185555556",
		"5550101":      "",
		"":             "",
		"121855501012": "",
	} {
		if got := Number(digits); got != want {
			t.Errorf("%s: %q, want %q", digits, got, want)
		}
	}
}
