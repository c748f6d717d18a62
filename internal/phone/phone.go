// Package phone knows the telephone numbers of the North American Numbering Plan (NANP): ten digits, of the area code,
// the exchange and the line.
package phone

// Number returns the ten digits of a telephone number, given the digits of what was written, or nothing when it cannot
// be one: it has another length (a leading 1, the country's, apart), an area code that begins with 0 or 1, or seven
// equal digits behind the area code, which is a filler. The result is a piece of the argument.
func Number(digits string) string {
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	if len(digits) != 10 || digits[0] < '2' || filler(digits[3:]) {
		return ""
	}
	return digits
}

func filler(digits string) bool {
	for i := 1; i < len(digits); i++ {
		if digits[i] != digits[0] {
			return false
		}
	}
	return true
}
