package ingest

import (
	"strings"

	"miic/ingest/codes"
	"miic/ingest/field"
)

// comment fills o from a line of a comment file: a code, and the day it applies to. What a code means stands in the
// layout; one that does not is kept under its number as a comment, by which nothing is decided.
func (u *unit) comment(o *stagedObservation) {
	*o = stagedObservation{unitColumns: u.columns()}
	o.SourceID = u.identifier(field.SourceID)
	o.RecordID = u.arena.join(u.from.Sender, "/", o.SourceID, "/1")
	o.Sender, o.Snapshot, o.BatchID, o.Line, o.SenderTime, o.Action = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.line, u.fileTime, "A"
	o.ObservedOn = u.optionalDate(field.CommentOn, false)
	raw := u.identifier(field.CommentCode)
	o.Kind, o.Code = "comment", u.arena.join("WIR:", raw)
	if meaning, ok := u.comments[raw]; ok {
		o.Kind, o.Code, _ = strings.Cut(meaning, " ")
	} else if raw != "" {
		u.warnCode(field.CommentCode, "comment", raw)
	}
	o.CDSiCode = codes.CDSi(o.Code)
	h := fingerprintSeed.text(o.Kind).text(o.Code).number(0).number(int64(o.ObservedOn))
	id := h.text(o.SourceID)
	o.ObservationID = u.arena.join(u.from.Sender, "/", id.hex(&u.arena))
	o.ContentHash = h.sum()
	o.UnitKey, o.UnitHash = id.sum(), o.ContentHash
}
