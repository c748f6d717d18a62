package record

import (
	"strings"

	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
)

// resultCodes are what can come of a notice, without what writers put between words.
var resultCodes = map[string]string{
	"MAILED": "mailed", "RETURNED": "returned", "MOVED": "moved", "PHONEFAILED": "phone_failed", "NOMAIL": "no_mail",
	"NOCALLS": "no_calls", "NOTEXTS": "no_texts", "NOCONTACT": "no_contact", "WRONGPERSON": "wrong_person",
	"VACCINATED": "vaccinated",
}

// result fills r from the unit's values: what came of a notice, on a day. The same result of the same notice and day
// is one, whatever file it comes in. A date is never guessed: it decides which address is the newer one.
func (u *unit) result(r *stagedResult) {
	*r = stagedResult{unitColumns: u.columns()}
	r.Sender, r.Snapshot, r.BatchID, r.Line, r.SenderTime = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.line,
		u.fileTime
	r.NoticeID = strings.ToLower(strings.TrimPrefix(u.identifier(field.NoticeID), "#"))
	code := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToUpper(u.text(field.ResultCode)))
	if r.Code = resultCodes[code]; r.Code == "" && u.text(field.ResultCode) != "" {
		u.fail(rule.ResultCode, field.ResultCode)
	}
	r.HappenedOn = u.requiredDate(field.HappenedOn, rule.Required, rule.ResultDate, rule.ResultFuture)
	r.Address1, r.Address2, r.City = u.text(field.Address1), u.text(field.Address2), u.text(field.City)
	r.State, r.ZIP = u.state(field.State), u.zip(field.ZIP)
	if half := r.Address1 != "" || r.City != ""; half && r.ZIP == "" {
		u.fail(rule.ResultAddress, field.ZIP)
	}
	r.ResultID = u.arena.Join(r.NoticeID, "/", r.Code, "/", r.HappenedOn.String())
	h := read.Seed.Text(r.ResultID)
	r.UnitKey = h.Sum()
	for _, s := range [...]string{r.Address1, r.Address2, r.City, r.State, r.ZIP} {
		h = h.Text(s)
	}
	r.ContentHash = h.Sum()
	r.UnitHash = r.ContentHash
}
