package record

import (
	"strings"

	"miic/ingest/field"
)

// Words that people write around a lot number.
var (
	lotPrefixes = []string{"LOT#", "LOT:", "LOT ", "LOT-", "(P)", "MED ", "MED-", "SKB ", "SKB-", "PMC ", "PMC-",
		"WSD ", "WSD-", "WAL ", "WAL-", "MSD ", "MSD-", "PFR ", "PFR-", "#"}
	lotSuffixes = []string{"(P)", "-P", " VFC", "-VFC", "(VFC)", " STATE", "-STATE", " CHIP", "-CHIP", " ADULT",
		"-ADULT", " PED", "-PED", " PRIVATE", "-PRIVATE", "#", "*"}
)

// Bytes that one of the prefixes begins with, and that one of the suffixes ends with: most lots need no look at the
// lists.
var lotBegins, lotEnds = func() (begins, ends [256]bool) {
	for _, p := range lotPrefixes {
		begins[p[0]] = true
	}
	for _, p := range lotSuffixes {
		ends[p[len(p)-1]] = true
	}
	return
}()

// lots reads the lot field: the lot, further lots that are beside it, and the field as sent where
// these do not hold all of it.
func (u *unit) lots(e *stagedEvent) {
	raw := u.text(field.Lot)
	if raw == "" {
		return
	}
	s := u.arena.Upper(raw)
	for len(s) > 0 {
		one := s
		if i := strings.IndexAny(s, ",/;"); i >= 0 {
			one, s = s[:i], s[i+1:]
		} else {
			s = ""
		}
		switch one = cleanLot(one); {
		case one == "" || one == e.Lot:
		case e.Lot == "":
			e.Lot = one
		case e.LotOther == "":
			e.LotOther = one
		default:
			e.LotOther = u.arena.Join(e.LotOther, "|", one)
		}
	}
	if e.Lot != raw {
		e.LotRaw = raw
	}
}

// cleanLot returns a lot number, in upper case, without what people write around it; nothing for a filler.
func cleanLot(s string) string {
	// N/A has been split at its stroke: neither half is a lot.
	for again := true; again; {
		again = false
		if s = strings.TrimSpace(s); s == "" {
			return ""
		}
		if lotBegins[s[0]] {
			for _, p := range lotPrefixes {
				if len(s) > len(p) && strings.HasPrefix(s, p) {
					s, again = s[len(p):], true
				}
			}
		}
		if lotEnds[s[len(s)-1]] {
			for _, p := range lotSuffixes {
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
