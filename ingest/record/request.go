package record

import (
	"strings"

	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/table"
)

var requestKinds = map[string]string{
	"OPTOUT": "opt_out", "OPTIN": "opt_in", "LOCK": "lock", "NOCONTACT": "no_contact", "SEAL": "seal",
	"ACCESS": "access",
}

// relations are who may ask for a record, as the registry has them. Another word is kept as none: who it is an operator
// finds out.
var relations = map[string]string{"self": "self", "patient": "self", "parent": "parent", "mother": "parent", "father": "parent",
	"guardian": "guardian", "legal guardian": "guardian"}

// request fills q from the unit's values. What it takes to act on a request is its kind and a name:
// everything else that cannot be read is dropped with a warning, so that a wish is not lost over a typing error.
func (u *unit) request(q *stagedRequest) {
	*q = stagedRequest{unitColumns: u.columns()}
	q.Sender, q.Snapshot, q.BatchID, q.Line = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.line
	q.RequestID = u.arena.Join(u.from.Sender, "/", u.identifier(field.RequestID))
	kind := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToUpper(u.text(field.RequestKind)))
	if q.Kind = requestKinds[kind]; q.Kind == "" && kind != "" {
		u.fail(rule.RequestKind, field.RequestKind)
	}
	q.FirstName, q.LastName = u.text(field.FirstName), u.text(field.LastName)
	q.BirthDate = u.optionalDate(field.BirthDate, false)
	q.Address1, q.City, q.State, q.ZIP = u.text(field.Address1), u.text(field.City), u.state(field.State),
		u.zip(field.ZIP)
	q.ReceivedOn = u.optionalDate(field.ReceivedOn, false)
	if q.ReceivedOn == 0 {
		q.ReceivedOn = u.from.AsOf
	}
	q.Requester, q.MotherMaiden = u.text(field.Requester), u.text(field.MotherMaiden)
	q.Relation = relations[strings.ToLower(u.text(field.Relation))]
	q.SenderTime = q.ReceivedOn.Midnight()
	q.ContentHash = requestHash(&q.Request)
	// A list may give one number to two families: they are two requests.
	q.UnitKey = read.Seed.Text(q.RequestID).Number(int64(q.SenderTime)).Text(q.FirstName).Text(q.LastName).
		Number(int64(q.BirthDate)).Sum()
	q.UnitHash = q.ContentHash
}

// requestHash is the fingerprint of all that a request holds.
func requestHash(q *table.Request) int64 {
	h := read.Seed
	for _, s := range [...]string{q.Kind, q.FirstName, q.LastName, q.Address1, q.City, q.State, q.ZIP} {
		h = h.Text(s)
	}
	h = h.Number(int64(q.BirthDate)).Number(int64(q.ReceivedOn))
	if q.Requester != "" || q.Relation != "" || q.MotherMaiden != "" { // requests from before there were such stay what they were
		h = h.Text(q.Requester).Text(q.Relation).Text(q.MotherMaiden)
	}
	return h.Sum()
}
