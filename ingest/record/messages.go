package record

import (
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"miic/ingest/field"
	"miic/ingest/hl7"
	"miic/ingest/read"
	"miic/ingest/rule"
)

// A messageFile is an HL7 batch file, or half of one, being read.
type messageFile struct {
	*loading
	x       *vxu
	r       *hl7.Reader
	out     *sink
	badUTF8 int64
}

// stretch reads messages to the end of its part of the file.
func (p *messageFile) stretch(ctx context.Context) error {
	x, out := p.x, p.out
	x.utf8 = p.encoding() == read.UTF8
	for {
		m, err := p.r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuseWhole("reading stopped: %s", read.Reason(err))
		}
		if p.r.NUL {
			return nil // for judge to tell
		}
		p.Read++
		if p.Read&0x3fff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		x.message(m)
		if x.arena.UTF8 && !validMessage(m) {
			p.badUTF8++
			x.fault(rule.Encoding, field.None, "", "")
		}
		if err := p.count(&x.unit, out); err != nil {
			return err
		}
		if x.refused {
			continue
		}
		p.Time = max(p.Time, x.client.SenderTime)
		if err := put(out, &out.clients, StagedClients, &x.client); err != nil {
			return err
		}
		if err := putAll(out, &out.events, StagedEvents, x.events); err != nil {
			return err
		}
		if err := putAll(out, &out.observations, StagedObservations, x.observations); err != nil {
			return err
		}
	}
}

// judge looks at the file as a whole.
func (p *messageFile) judge() error {
	r := p.r
	switch {
	case r.NUL:
		return refuseWhole("message %d holds zero bytes: the file is damaged or not in %s; have it sent again", p.Read+1, p.encoding())
	case p.badUTF8 > 5 && p.badUTF8*100 > p.Read:
		return refuseWhole("%d of its %d messages are not valid UTF-8: configure the sender's encoding or have it sent again", p.badUTF8, p.Read)
	}
	return p.envelope(&r.Envelope)
}

func validMessage(m *hl7.Message) bool {
	for _, s := range m.Segments {
		if !read.ASCII(s.Raw) && !utf8.Valid(s.Raw) {
			return false
		}
	}
	return true
}
