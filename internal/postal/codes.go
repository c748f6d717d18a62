package postal

import "slices"

// The codes of the postal service's files.
var (
	dpvCodes  = []string{"", "Y", "D", "S", "N"}
	movedTo   = []string{"A", "91", "92"}                    // a new address is given
	movedAway = []string{"01", "02", "03", "05", "14", "19"} // abroad, without an address, or to one that cannot be given
	notMoved  = []string{"", "00", "04", "06", "07", "08", "09", "10", "11", "12", "13", "15", "16", "17", "18", "20", "66"}
)

// KnownDPV reports whether a code says if mail is delivered to an address.
func KnownDPV(code string) bool { return slices.Contains(dpvCodes, code) }

// KnownNCOA reports whether a code is one of the file of moves.
func KnownNCOA(code string) bool {
	return MovedTo(code) || slices.Contains(movedAway, code) || slices.Contains(notMoved, code)
}

// MovedTo reports that a code comes with a new address.
func MovedTo(code string) bool { return slices.Contains(movedTo, code) }

// A Finding is what a vendor's answer about an address comes to.
type Finding int

// The findings.
const (
	NotFound  Finding = iota // the postal service does not know the address
	Delivered                // mail is delivered to the family there
	Moved                    // it has moved to an address that is given
	Gone                     // it has moved, and no address is given; or no mail is delivered there
)

// Find sums the two codes of an answer up.
func Find(dpv, ncoa string) Finding {
	switch {
	case MovedTo(ncoa):
		return Moved
	case slices.Contains(movedAway, ncoa), dpv == "N":
		return Gone
	case dpv == "":
		return NotFound
	}
	return Delivered
}
