package lake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
)

// Each line of a ledger ends in a check value over its own bytes and the check value of the line before it; that of the
// first line is over the run's name. So a changed line is found, and a line that is missing but the last ones, and a
// ledger that lies under another run's name. Programs up to the first generation wrote no check values: their
// ledgers are read as they are, and a line with a value that follows proves them too.

const (
	checkField  = `,"check":"`
	checkDigits = 16
)

// splitCheck parts a line into the event, as it was before it got its check value, and the value; "" for none.
func splitCheck(line []byte) (event []byte, check string) {
	at := len(line) - len(checkField) - checkDigits - len(`"}`)
	if at < 1 || !bytes.HasPrefix(line[at:], []byte(checkField)) || !bytes.HasSuffix(line, []byte(`"}`)) {
		return line, ""
	}
	digits := line[at+len(checkField) : len(line)-len(`"}`)]
	return append(bytes.Clone(line[:at]), '}'), string(digits)
}

// joinCheck is the line of an event with its check value.
func joinCheck(event []byte, check string) []byte {
	return append(bytes.Clone(event[:len(event)-1]), checkField+check+`"}`...)
}

// checkValue is that of an event which follows on the line with the value before.
func checkValue(before string, event []byte) string {
	sum := sha256.Sum256(append([]byte(before+"\n"), event...))
	return hex.EncodeToString(sum[:])[:checkDigits]
}

// ledgerProof follows the lines of a ledger.
type ledgerProof struct {
	value  string // of the last line
	proved bool   // the last line has a check value, which proves all before it
	begun  bool   // some line has had one
}

func newLedgerProof(run string) *ledgerProof { return &ledgerProof{value: run} }

// next takes in the next line and returns its event. The error is what is wrong with the line; the line after it is
// then compared with what this one claims.
func (p *ledgerProof) next(line []byte) (Event, error) {
	event, check := splitCheck(line)
	want := checkValue(p.value, event)
	p.value, p.proved = want, check != ""
	var e Event
	switch {
	case check != "" && check != want:
		p.value, p.begun = check, true
		return e, errors.New("does not have its check value: it was changed, or a line before it is missing")
	case check == "" && p.begun:
		return e, errors.New("has no check value, and a line before it has one: it was changed")
	}
	p.begun = p.begun || p.proved
	dec := json.NewDecoder(bytes.NewReader(event))
	if !p.proved {
		dec.DisallowUnknownFields() // no program that wrote no check values knew a field that we do not know
	}
	if err := dec.Decode(&e); err != nil || dec.More() {
		return e, errors.New("is not a ledger line")
	}
	return e, nil
}

// ledgerLines parts the bytes of a ledger into its whole lines and what a killed writer may have left after them.
func ledgerLines(data []byte) (lines [][]byte, torn []byte) {
	for {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			return lines, data
		}
		lines, data = append(lines, line), rest
	}
}

// wrongEnd reports that what lies after the last whole line is no torn line: a whole one, and a byte that is no line
// feed. A writer that is killed leaves the beginning of a line.
func wrongEnd(torn []byte) bool {
	return len(torn) > 1 && json.Valid(torn[:len(torn)-1])
}
