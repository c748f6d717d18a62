package campaign

import (
	"context"

	"miic/internal/engine"
	"miic/internal/household"
	"miic/internal/table"
)

// doubtRow is that somebody may be the same person as another.
type doubtRow struct {
	ClientID int64 `col:"client_id" doc:"the person"`
	OtherID  int64 `col:"other_id" doc:"who may be the same person"`
	Ordinary bool  `col:"ordinary" doc:"only likeness is in question"`
}

// joinedNeed is a need as it is if another is the same person.
type joinedNeed struct {
	ClientID int64 `col:"client_id" doc:"the person"`
	OtherID  int64 `col:"other_id" doc:"who may be the same person"`
	Need
}

// doubts are the questions about people called tonight, and what of a letter they would change.
type doubts struct {
	of     map[int64][]doubtRow
	joined map[[2]int64]map[string]Need // by person and who may be the same: what is needed by both together
	judged map[int64]judged             // people in doubt whose letter no doubt changes
}

// judged is somebody who was decided upon before one who may be the same person.
type judged struct {
	person Person // without needs
	gets   bool   // gets a letter, now or once enough days have gone by
}

func noDoubts() *doubts {
	return &doubts{of: map[int64][]doubtRow{}, joined: map[[2]int64]map[string]Need{}, judged: map[int64]judged{}}
}

// readDoubts reads the questions about people called tonight.
func readDoubts(ctx context.Context, e *engine.Engine) (*doubts, error) {
	d := noDoubts()
	rows, err := engine.Rows[doubtRow](ctx, e, queries.Get("doubt"))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		d.of[r.ClientID] = append(d.of[r.ClientID], r)
	}
	needs, err := engine.Rows[joinedNeed](ctx, e, queries.Get("joined_need"))
	for _, n := range needs {
		k := [2]int64{n.ClientID, n.OtherID}
		if d.joined[k] == nil {
			d.joined[k] = map[string]Need{}
		}
		d.joined[k][n.Group] = n.Need
	}
	return d, err
}

// choose decides about somebody who may be the same person as another. Where only likeness is in question, a letter is
// held only if the answer would change it: it names what is needed both ways, with the later days of the two, and who
// needs something only as long as the two are apart waits for the answer. Everybody else in review waits. Of two who
// may be one the first gets a letter: it is for both where they agree in given name, birth date and address; where
// another child or another household remains possible the second waits for the answer, since most such pairs are one
// child, who must not get two letters.
func (d *doubts) choose(c *Campaign, asOf table.Date, p *Person, before []EarlierNotice, stale bool) choice {
	if p.InReview {
		if both, ok := d.bothWays(p); ok && c.callsAny(asOf, both) {
			p.Needs, p.InReview, p.InDoubt = both, false, true
		}
	}
	out := c.choose(asOf, p, before, stale)
	if !p.InDoubt {
		return out
	}
	for _, other := range d.of[p.ClientID] {
		if first, ok := d.judged[other.OtherID]; ok && first.gets {
			why := inReview
			if oneLetter(&first.person, p) {
				why = sameLetter
			}
			out.reasons = append(out.reasons, why)
			break
		}
	}
	gets := true // by this campaign; it is enough if one of them writes
	for _, r := range out.reasons {
		gets = gets && !r.lasts()
	}
	person := *p
	person.Needs = nil
	d.judged[p.ClientID] = judged{person, gets || d.judged[p.ClientID].gets}
	return out
}

// bothWays gives what somebody needs whatever the answers are; false where more than likeness is in question.
func (d *doubts) bothWays(p *Person) ([]Need, bool) {
	list := d.of[p.ClientID]
	var both []Need
	for _, n := range p.Needs {
		open := true
		for _, doubt := range list {
			j, ok := d.joined[[2]int64{doubt.ClientID, doubt.OtherID}][n.Group]
			if !doubt.Ordinary {
				return nil, false
			}
			if open = open && ok; open {
				n = n.later(j)
			}
		}
		if open {
			both = append(both, n)
		}
	}
	return both, len(list) > 0
}

// later is a need with the later days of two ways to see it.
func (n Need) later(j Need) Need {
	if j.late() > n.late() {
		n.PastDue = j.PastDue
	}
	n.Recommended, n.Refused = max(n.Recommended, j.Recommended), max(n.Refused, j.Refused)
	return n
}

// late is the day from which a dose is late: the recommended day where the schedule gives no other.
func (n Need) late() table.Date {
	if n.PastDue == 0 {
		return n.Recommended
	}
	return n.PastDue
}

// callsAny reports whether some need calls for a letter.
func (c *Campaign) callsAny(asOf table.Date, needs []Need) bool {
	for _, n := range needs {
		if n.Calls && c.kindOf(asOf, n) != "" {
			return true
		}
	}
	return false
}

// oneLetter reports whether a letter to the one is as good as one to the other: the same child at the same address.
func oneLetter(a, b *Person) bool {
	at := household.Address(a.Address1, a.ZIP)
	return household.SameName(a.FirstName, b.FirstName) && a.BirthDate != 0 && a.BirthDate == b.BirthDate &&
		at != "" && at == household.Address(b.Address1, b.ZIP)
}
