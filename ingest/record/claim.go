package record

import (
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
)

// claim fills e from a claim line, and undo with the tombstone of the line that a void or an
// adjustment takes back: a reversal removes only what its claim and line added.
func (u *unit) claim(e *stagedEvent, undo *stagedEvent) (dose, undone bool) {
	claim, number, adjusts := u.identifier(field.ClaimID), u.identifier(field.ClaimLine),
		u.identifier(field.AdjustsClaim)
	status := u.arena.Upper(u.text(field.ClaimStatus))
	if status != "P" && status != "V" && status != "A" {
		u.fault(rule.ClaimStatus, field.ClaimStatus, "", "")
	}
	u.undoing = status == "V"
	dose = u.dose(e)
	if !dose {
		return false, false
	}
	eventOf := func(claim string) string { return u.arena.Join(u.from.Sender, "/", claim, ":", number) }
	e.OwnID, e.Historical, e.Namespace = true, true, u.namespace(field.DoseNamespace)
	e.EventID, e.ClaimNumber = eventOf(claim), u.arena.Join(claim, ":", number)
	if status == "V" && adjusts == "" {
		adjusts = claim
	}
	if adjusts != "" {
		*undo = *e
		undo.Action = "D"
		undo.EventID, undo.ClaimNumber = eventOf(adjusts), u.arena.Join(adjusts, ":", number)
		undo.SenderTime++ // a reversal of the same day follows what it reverses
		undo.seal()
		undone = true
	}
	if status == "V" {
		undo.UnitKey = read.Seed.Text(e.EventID).Text("V").Number(int64(e.SenderTime)).Sum()
		return false, undone
	}
	e.seal()
	if undone {
		undo.UnitKey, undo.UnitHash = e.UnitKey, e.UnitHash
	}
	return true, undone
}
