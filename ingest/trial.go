package ingest

import (
	"miic/ingest/hl7"
	"miic/ingest/read"
)

// A trial makes rows of single units as a night would and keeps none of them.
type trial struct {
	lines    *flat // nil for messages
	messages *vxu
}

// newTrial begins a trial of a file's layout.
func newTrial(f *File) *trial {
	u := unit{from: f, fileTime: f.Time}
	if f.Layout == nil {
		return &trial{messages: &vxu{unit: u, utf8: true}}
	}
	u.dates, u.whole, u.comments = f.Layout.Dates, f.Layout.Whole, f.Layout.Comments
	return &trial{lines: newFlat(&loading{from: f}, f.Layout, &u, nil)}
}

// heading takes the lines above a delimited file's records.
func (t *trial) heading() *read.Heading { return t.lines.Heading }

// line returns the id of the rule by which a line would be refused, or nothing.
func (t *trial) line(ln read.Line) string {
	t.lines.take(ln)
	return t.lines.u.refusedBy()
}

// message returns the id of the rule by which a message would be refused, or nothing.
func (t *trial) message(m *hl7.Message) string {
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
