package standard

import (
	"regexp"
	"strings"
	"unicode"

	"miic/internal/name"
	"miic/internal/phone"
)

// city writes a city in capitals, SAINT spelt as one.
func city(s string) string {
	w := name.Words(s)
	for i, x := range w {
		if x == "ST" {
			w[i] = "SAINT"
		}
	}
	return strings.Join(w, " ")
}

// digits keeps the digits of s.
func digits(s string) string {
	keep := true
	for i := 0; i < len(s); i++ {
		keep = keep && s[i] >= '0' && s[i] <= '9'
	}
	if keep {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// phoneNumber returns the ten digits of a telephone number, or nothing where phone.Number has none. It also rejects
// what counts up or down and the sample number 555-0100: they are filled in where no number is known.
func phoneNumber(s string) string {
	d := phone.Number(digits(s))
	if d == "" || isDefault(d) || isDefault(d[3:]) || d[3:] == "5550100" {
		return ""
	}
	return d
}

// isDefault reports whether a number was filled in where none is known: one digit throughout, or counting.
func isDefault(d string) bool {
	if d == "" {
		return true
	}
	if strings.Trim(d, d[:1]) == "" {
		return true
	}
	return strings.HasPrefix("01234567890", d) || strings.HasPrefix("1234567890", d) ||
		strings.HasPrefix("9876543210", d)
}

// foreignCodes are the postal codes of Canada, Britain and the Netherlands, as one word.
var foreignCodes = regexp.MustCompile(
	`^([A-Z][0-9][A-Z][0-9][A-Z][0-9]|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}|[0-9]{4}[A-Z]{2})$`)

// postalCode is a ZIP code without its extension, or a code of another country as one word; empty for what is neither.
// Ingest lets only ZIP codes through; sets that are linked from a file may have others.
func postalCode(s string) string {
	d := digits(s)
	if !strings.ContainsFunc(s, unicode.IsLetter) || len(d) >= 5 {
		if len(d) < 4 || isDefault(d) {
			return ""
		}
		return d[:min(5, len(d))]
	}
	if code := strings.Join(name.Words(s), ""); foreignCodes.MatchString(code) && strings.Trim(d, "0") != "" {
		return code
	}
	return ""
}
