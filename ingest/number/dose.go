package number

import (
	"slices"

	"miic/internal/table"
)

// A Dose is one that its own id may not identify, because another dose has that id too.
type Dose struct {
	GivenID         string     `col:"given_id" doc:"sender/ the id as sent"`
	EventID         string     `col:"event_id" doc:"the id under which it is stored; of tonight's the same"`
	RecordID        string     `col:"record_id" doc:"whose dose it is"`
	Namespace       string     `col:"namespace" doc:"the organisation that gave the id; empty where the sender does not say"`
	ClientNamespace string     `col:"client_namespace" doc:"the one that gave the client's number"`
	AdministeredOn  table.Date `col:"administered_on" doc:"day of the dose"`
	CVX             int16      `col:"cvx,null" doc:"product"`
	SenderTime      table.Time `col:"sender_time" doc:"sender's time"`
	File            int32      `col:"file_no" doc:"file of the night; 0 for earlier nights"`
	Unit            int64      `col:"unit" doc:"unit"`
	Line            int64      `col:"line" doc:"line"`
	Offset          int64      `col:"unit_offset" doc:"offset of the unit"`
	ContentID       string     `col:"content_id" doc:"what it is known by where its id does not identify it"`
}

// An Identity is the id under which a dose of tonight is kept, where that is not the one that it came with or needs a
// word.
type Identity struct {
	File    int32  `col:"file_no" doc:"file of the night"`
	Unit    int64  `col:"unit" doc:"unit"`
	Line    int64  `col:"line" doc:"line"`
	Offset  int64  `col:"unit_offset" doc:"offset of the unit"`
	EventID string `col:"event_id" doc:"the id that it came with"`
	NewID   string `col:"new_id" doc:"the one under which it is kept"`
	Content bool   `col:"by_content" doc:"it is known by its content"`
	Moved   bool   `col:"moved" doc:"it was of another record before"`
}

// Identify finds whose each of the doses is that came with one id, of one sender. The id with its namespace identifies a
// dose, and the id alone where only one organisation has given it; a dose stays with its record. Where the same dose
// comes on another record under its id, it has moved with its person if the two are alike. Otherwise the id is another
// dose's too, of two people or of two days, and each is known by its content.
func Identify(doses []Dose, alike func(record, other string) bool) []Identity {
	x := identities{before: map[string][]*Dose{}, of: map[string]map[string]bool{}, alike: alike}
	var tonight []*Dose
	for i := range doses {
		d := &doses[i]
		if d.File == 0 {
			x.before[d.EventID] = append(x.before[d.EventID], d)
			continue
		}
		if len(tonight) == 0 {
			x.first = d.Namespace
		}
		tonight = append(tonight, d)
		if x.of[d.RecordID] == nil {
			x.of[d.RecordID] = map[string]bool{}
		}
		x.of[d.RecordID][d.Namespace] = true
	}
	target, moved := make([]string, len(tonight)), make([]bool, len(tonight))
	newcomers := map[string][]*Dose{} // that take an id which nobody has had
	for i, d := range tonight {
		target[i], moved[i] = x.target(d)
		if len(x.before[target[i]]) == 0 {
			newcomers[target[i]] = append(newcomers[target[i]], d)
		}
	}
	var out []Identity
	for i, d := range tonight {
		id := Identity{File: d.File, Unit: d.Unit, Line: d.Line, Offset: d.Offset, EventID: d.EventID, NewID: target[i],
			Moved: moved[i]}
		if target[i] == "" || several(newcomers[target[i]]) {
			id.NewID, id.Content = d.ContentID, true
		}
		if id.Content || id.Moved || id.NewID != d.EventID {
			out = append(out, id)
		}
	}
	return out
}

type identities struct {
	before map[string][]*Dose         // earlier nights' by the id under which they are stored
	first  string                     // namespace of tonight's first
	of     map[string]map[string]bool // namespaces of tonight's, by record
	alike  func(record, other string) bool
}

// target is the id that a dose takes, or nothing where none identifies it.
func (x *identities) target(d *Dose) (id string, moved bool) {
	plain, qualified := d.GivenID, ""
	if d.Namespace != "" {
		qualified = plain + "^" + d.Namespace
	}
	if id = plain; len(x.before[qualified]) > 0 {
		id = qualified
	} else if before := x.before[plain]; len(before) > 0 {
		if !x.organisations(d, before) || qualified != "" && unsaid(before) && !x.keeps(d, before) {
			id = qualified
		}
	} else if d.Namespace != x.first {
		id = qualified
	}
	before := x.before[id]
	if id == "" || len(before) == 0 || hers(d, before) {
		return id, false
	}
	if x.keeps(d, before) {
		return id, true
	}
	return "", false
}

// organisations reports whether a dose's id can be the one of earlier doses: their organisation gave it, or the sender
// does not say who did, or it is the same dose of the same record, under another spelling. Where earlier doses do not
// say it and tonight's of the record are of several, or of another than gave the person's number, it takes that too.
func (x *identities) organisations(d *Dose, before []*Dose) bool {
	switch {
	case d.Namespace == "", slices.ContainsFunc(before, func(b *Dose) bool { return b.Namespace == d.Namespace }):
		return true
	case unsaid(before) && len(x.of[d.RecordID]) == 1 && (d.ClientNamespace == "" || d.ClientNamespace == d.Namespace):
		return true
	}
	return hers(d, before) && slices.ContainsFunc(before, d.same)
}

// keeps reports whether a dose can be the one that had its id before: it is on its record, or is the same dose of a
// person who is alike.
func (x *identities) keeps(d *Dose, before []*Dose) bool {
	return hers(d, before) || slices.ContainsFunc(before, func(b *Dose) bool {
		return d.same(b) && x.alike(d.RecordID, b.RecordID)
	})
}

func hers(d *Dose, before []*Dose) bool {
	return slices.ContainsFunc(before, func(b *Dose) bool { return b.RecordID == d.RecordID })
}

func unsaid(before []*Dose) bool {
	return !slices.ContainsFunc(before, func(b *Dose) bool { return b.Namespace != "" })
}

// same reports one day and one product.
func (d *Dose) same(other *Dose) bool {
	return d.AdministeredOn == other.AdministeredOn && d.CVX == other.CVX
}

// several reports doses of more than one record, or of different days and products at one moment.
func several(doses []*Dose) bool {
	for i, d := range doses {
		for _, other := range doses[:i] {
			if d.RecordID != other.RecordID || d.SenderTime == other.SenderTime &&
				d.AdministeredOn != other.AdministeredOn && d.CVX != other.CVX {
				return true
			}
		}
	}
	return false
}
