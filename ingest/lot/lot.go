// Package lot reads a lot number out of what people write into its field. A number is never guessed: only words that
// senders are known to write around it are taken off.
package lot

import "strings"

// Words that people write around a lot number.
var (
	prefixes = []string{"LOT#", "LOT:", "LOT ", "LOT-", "(P)", "MED ", "MED-", "SKB ", "SKB-", "PMC ", "PMC-",
		"WSD ", "WSD-", "WAL ", "WAL-", "MSD ", "MSD-", "PFR ", "PFR-", "#"}
	suffixes = []string{"(P)", "-P", " VFC", "-VFC", "(VFC)", " STATE", "-STATE", " CHIP", "-CHIP", " ADULT",
		"-ADULT", " PED", "-PED", " PRIVATE", "-PRIVATE", "#", "*"}
)

// Bytes that one of the prefixes begins with, and that one of the suffixes ends with: most lots need no look at the
// lists.
var begin, end = func() (begins, ends [256]bool) {
	for _, p := range prefixes {
		begins[p[0]] = true
	}
	for _, p := range suffixes {
		ends[p[len(p)-1]] = true
	}
	return
}()

// Clean returns a lot number, in upper case, without what people write around it; nothing for a filler.
func Clean(s string) string {
	// N/A has been split at its stroke: neither half is a lot.
	for again := true; again; {
		again = false
		if s = strings.TrimSpace(s); s == "" {
			return ""
		}
		if begin[s[0]] {
			for _, p := range prefixes {
				if len(s) > len(p) && strings.HasPrefix(s, p) {
					s, again = s[len(p):], true
				}
			}
		}
		if end[s[len(s)-1]] {
			for _, p := range suffixes {
				if len(s) > len(p) && strings.HasSuffix(s, p) {
					s, again = s[:len(s)-len(p)], true
				}
			}
		}
	}
	switch s {
	case "UNK", "UNKNOWN", "NONE", "N", "A", "NA", "0", "X":
		return ""
	}
	return s
}
