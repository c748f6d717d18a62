package record

import (
	"miic/ingest/hl7"
	"miic/ingest/read"
)

// A trial makes rows of single units as a night would and keeps none of them.
type trial struct {
	lines    *flat // nil for messages
	messages *vxu
}

// NewTrial begins a trial of a file's layout.
func NewTrial(f *File) *trial {
	u := unit{from: f, fileTime: f.Time}
	if f.Layout == nil {
		return &trial{messages: &vxu{unit: u, utf8: true}}
	}
	u.dates, u.whole, u.comments = f.Layout.Dates, f.Layout.Whole, f.Layout.Comments
	return &trial{lines: newFlat(&loading{from: f}, f.Layout, &u, nil)}
}

// Heading takes the lines above a delimited file's records.
func (t *trial) Heading() *read.Heading { return t.lines.Heading }

// Line returns the id of the rule by which a line would be refused, or nothing.
func (t *trial) Line(ln read.Line) string {
	t.lines.take(ln)
	return t.lines.u.refusedBy()
}

// Message returns the id of the rule by which a message would be refused, or nothing.
func (t *trial) Message(m *hl7.Message) string {
	t.messages.message(m)
	return t.messages.refusedBy()
}

// refusedBy returns the id of the first rule that refuses the unit, or nothing.
func (u *unit) refusedBy() string {
	if f := u.refusal(); u.refused && f != nil {
		return f.rule.ID
	}
	return ""
}
