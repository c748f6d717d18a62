// Package postal knows an address as an address vendor is asked about it: by its own words and the surname at the door,
// under an id that changes when any of them does. So an answer about an address is nobody's who has another one by now.
package postal

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"miic/internal/table"
)

// An Address is what a vendor is asked about, as the registry has it.
type Address struct {
	Surname  string // of the family: a move is found by name and address
	Address1 string
	Address2 string
	City     string
	State    string
	ZIP      string
}

// ID names the address by what it holds.
func (a *Address) ID() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{a.Surname, a.Address1, a.Address2, a.City, a.State, a.ZIP}, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// MoveUpdateDays is how long before a mailing the addresses may have been held against moves at most, for the postal
// service's commercial prices (Move Update).
const MoveUpdateDays = 95

// InTime reports whether an address was held against moves no longer than that before a mailing.
func InTime(processed, mailed table.Date) bool {
	return processed != 0 && int(mailed-processed) <= MoveUpdateDays
}
