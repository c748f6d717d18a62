package record

import (
	"miic/ingest/hl7"
	"miic/ingest/read"
)

// A Trial makes rows of single units as a night would and keeps none of them.
type Trial struct {
	lines    *lineReader // nil for messages
	messages *vxu
}

// NewTrial begins a trial of a file's layout.
func NewTrial(f *File) *Trial {
	if f.Layout == nil {
		return &Trial{messages: &vxu{unit: unit{from: f, fileTime: f.Time}, utf8: true}}
	}
	return &Trial{lines: newLineReader(&loading{from: f}, read.NewHeading(f.Layout))}
}

// Heading takes the lines above a delimited file's records.
func (t *Trial) Heading() *read.Heading { return t.lines.Heading }

// Line returns the id of the rule by which a line would be refused, or nothing.
func (t *Trial) Line(ln read.Line) string {
	t.lines.take(ln)
	return t.lines.u.refusedBy()
}

// Message returns the id of the rule by which a message would be refused, or nothing.
func (t *Trial) Message(m *hl7.Message) string {
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
