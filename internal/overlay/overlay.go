// Package overlay finds the sign of two people's data on one number of a sender: birth date or sex, which nobody
// changes, are reported otherwise than before. Ingest reports it to the sender, linkage asks a person, and ingest
// parts the record when the answer is that they are two: what an overlay is must be one rule for all.
package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"miic/internal/table"
)

// BirthFacts is what a version of a record has that does not change in a life.
type BirthFacts struct {
	BirthDate table.Date
	Sex       string // F, M, X or nothing
}

// A Turn is a version of a record that contradicts what its sender reported before.
type Turn struct {
	At            int // place of the version
	Before, After BirthFacts
}

// Turns returns the turns in the versions of one record, which come in the order of the sender's time. What a
// version does not report is as it was reported before.
func Turns(versions []BirthFacts) []Turn {
	var list []Turn
	var known BirthFacts
	for i, v := range versions {
		before := known
		if v.BirthDate != 0 {
			known.BirthDate = v.BirthDate
		}
		if v.Sex != "" {
			known.Sex = v.Sex
		}
		if before.Contradicts(known) {
			list = append(list, Turn{i, before, known})
		}
	}
	return list
}

// Contradicts reports that both cannot be true of one person, unless one of them was wrong by more than a slip: one
// is a boy and the other a girl, or the birth dates differ by more than people mistype.
func (a BirthFacts) Contradicts(b BirthFacts) bool {
	return a.Sex == "F" && b.Sex == "M" || a.Sex == "M" && b.Sex == "F" || !mistyped(a.BirthDate, b.BirthDate)
}

// nearDays is how far apart birth dates are still one: admission or registration is taken for birth.
const nearDays = 7

// mistyped reports two birth dates of which one may be the other with a slip: a digit or the century wrong,
// neighbouring digits or day and month exchanged, some days out, or known to the year or the month only and written
// as its first day. A date that is not known is no other.
func mistyped(a, b table.Date) bool {
	if a == 0 || b == 0 || max(a-b, b-a) <= nearDays {
		return true
	}
	ya, ma, da := a.YMD()
	yb, mb, db := b.YMD()
	if ma == mb && da == db && max(ya-yb, yb-ya) == 100 {
		return true
	}
	if ya == yb &&
		(ma == db && da == mb || ma == 1 && da == 1 || mb == 1 && db == 1 || ma == mb && (da == 1 || db == 1)) {
		return true
	}
	x, y := fmt.Sprintf("%04d%02d%02d", ya, ma, da), fmt.Sprintf("%04d%02d%02d", yb, mb, db)
	var differ []int
	for i := range x {
		if x[i] != y[i] {
			differ = append(differ, i)
		}
	}
	return len(differ) == 1 ||
		len(differ) == 2 && differ[1] == differ[0]+1 && x[differ[0]] == y[differ[1]] && x[differ[1]] == y[differ[0]]
}

// TurnPrefix begins the evidence of a question about a turn: no hash of two records begins so.
const TurnPrefix = "turn:"

// Evidence is a hash of what contradicts each other in the turn of a record, whichever was reported first: when it
// comes again the question is the same one.
func (t Turn) Evidence(recordID string) string {
	x, y := fmt.Sprintf("%d %s", t.Before.BirthDate, t.Before.Sex), fmt.Sprintf("%d %s", t.After.BirthDate, t.After.Sex)
	sum := sha256.Sum256([]byte(recordID + "|" + min(x, y) + "|" + max(x, y)))
	return TurnPrefix + hex.EncodeToString(sum[:8])
}

// IsTurn reports whether the evidence of a review item is that of a turn. The item's first record is the one that
// turned, and the second the one that would begin if the two are different people.
func IsTurn(evidence string) bool { return strings.HasPrefix(evidence, TurnPrefix) }
