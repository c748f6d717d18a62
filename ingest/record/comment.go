package record

import (
	"strings"

	"miic/ingest/codes"
	"miic/ingest/field"
	"miic/ingest/read"
)

// comment fills o from a line of a comment file: a code, and the day it applies to. What a code means is in the
// layout; one that does not is kept under its number as a comment, by which nothing is decided.
func (u *unit) comment(o *stagedObservation) {
	*o = stagedObservation{unitColumns: u.columns()}
	o.SourceID, o.ClientNamespace = u.identifier(field.SourceID), u.namespace(field.Namespace)
	o.RecordID = u.arena.Join(u.from.Sender, "/", o.SourceID, "/1")
	o.Sender, o.Snapshot, o.BatchID, o.Line, o.SenderTime, o.Action = u.from.Sender, u.from.Snapshot, u.from.BatchID,
		u.line, u.fileTime, "A"
	o.ObservedOn = u.optionalDate(field.CommentOn, false)
	raw := u.identifier(field.CommentCode)
	o.Kind, o.Code = "comment", u.arena.Join("WIR:", raw)
	if meaning, ok := u.comments[raw]; ok {
		o.Kind, o.Code, _ = strings.Cut(meaning, " ")
	} else if raw != "" {
		u.warnCode(field.CommentCode, "comment", raw)
	}
	o.CDSiCode = codes.CDSi(o.Code)
	h := read.Seed.Text(o.Kind).Text(o.Code).Number(0).Number(int64(o.ObservedOn))
	id := h.Text(o.SourceID)
	o.ObservationID = u.arena.Join(u.from.Sender, "/", id.Hex(&u.arena))
	o.ContentHash = h.Sum()
	o.UnitKey, o.UnitHash = within(id, o.ClientNamespace).Sum(), o.ContentHash
}
