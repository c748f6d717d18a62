package record

import (
	"fmt"
	"strings"

	"miic/ingest/hl7"
)

// judgeEnvelope judges what the headers and trailers of an HL7 file hold. Counts are optional and often wrong, and so
// are the segments themselves: such a file is taken with a warning. One that holds fewer messages than it
// declares, or that ends in the middle of a line, did not arrive whole.
func (b *loading) judgeEnvelope(e *hl7.Envelope) error {
	switch {
	case e.Declared > b.Read:
		return refuseWhole(
			"it holds %d messages and its trailer counts %d: it did not arrive whole; have it sent again",
			b.Read,
			e.Declared,
		)
	case e.Short:
		return refuseWhole("one of its batches holds fewer messages than its own trailer counts: it did not arrive " +
			"whole; have it sent again")
	case e.Open && e.Unended:
		return refuseWhole("its header has no trailer and its last line no end: the file did not arrive whole; have " +
			"it sent again")
	}
	var doubts []string
	if e.Open || e.Unclosed > 0 {
		doubts = append(doubts, "a header has no trailer")
	}
	if e.Unopened > 0 {
		doubts = append(doubts, "a trailer has no header")
	}
	switch {
	case e.Declared >= 0 && e.Declared < b.Read:
		doubts = append(doubts, fmt.Sprintf("it holds %d messages and its trailer counts %d", b.Read, e.Declared))
	case e.Miscounted:
		doubts = append(doubts, "a trailer's count is not the number of messages or batches before it")
	}
	if len(doubts) > 0 {
		b.Warning = strings.Join(doubts, "; ") + ": all that came was taken; ask the sender whether it is all"
	}
	return nil
}
