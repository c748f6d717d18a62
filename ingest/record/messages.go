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
	"miic/internal/prose"
)

// A messageReader makes rows of a part of an HL7 batch file.
type messageReader struct {
	*loading
	x       vxu
	r       *hl7.Reader
	badUTF8 int64
}

func newMessageReader(b *loading) *messageReader {
	return &messageReader{loading: b, x: vxu{unit: unit{from: b.from, fileTime: b.from.Time, dated: b.from.dated()},
		utf8: b.encoding() == read.UTF8}}
}

// errZeroByte ends the reading of a file that is damaged or no text.
var errZeroByte = errors.New("a zero byte")

func (p *messageReader) read(ctx context.Context, f io.ReaderAt, part read.Part) error {
	p.r = hl7.NewReader(io.NewSectionReader(f, part.From, part.To-part.From))
	p.r.Behind(part.From, part.Before)
	for {
		m, err := p.r.Next()
		switch {
		case err == nil && p.r.NUL, errors.Is(err, io.EOF) && p.r.NUL:
			return errZeroByte
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return refuseWhole("reading stopped: %s", prose.Cause(err))
		}
		p.Read++
		if err := p.tooMany(); err != nil {
			return err
		}
		if p.Read&0x3fff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := p.message(m); err != nil {
			return err
		}
	}
}

// message makes one message rows, and writes them.
func (p *messageReader) message(m *hl7.Message) error {
	x, out := &p.x, p.out
	x.message(m)
	if x.arena.UTF8 && !validMessage(m) {
		p.badUTF8++
		x.fault(rule.Encoding, field.None, "", "")
	}
	if err := p.count(&x.unit); err != nil || x.refused {
		return err
	}
	p.Time = max(p.Time, x.client.SenderTime)
	if err := put(out, &out.clients, StagedClients, &x.client); err != nil {
		return err
	}
	if err := putAll(out, &out.events, StagedEvents, x.events); err != nil {
		return err
	}
	return putAll(out, &out.observations, StagedObservations, x.observations)
}

func (p *messageReader) add(behind *messageReader) {
	p.loading.add(behind.loading)
	p.badUTF8 += behind.badUTF8
	p.r.Join(behind.r)
}

func (p *messageReader) judge(err error) error {
	if err == nil {
		err = p.tooMany()
	}
	switch {
	case errors.Is(err, errZeroByte):
		return refuseWhole("message %d holds zero bytes: the file is damaged or not in %s; have it sent again", p.Read+
			1, p.encoding())
	case err != nil:
		return err
	case p.badUTF8 > 5 && p.badUTF8*100 > p.Read:
		return refuseWhole("%d of its %d messages are not valid UTF-8: configure the sender's encoding or have it "+
			"sent again", p.badUTF8, p.Read)
	}
	return p.judgeEnvelope(&p.r.Envelope)
}

func validMessage(m *hl7.Message) bool {
	for _, s := range m.Segments {
		if !read.ASCII(s.Raw) && !utf8.Valid(s.Raw) {
			return false
		}
	}
	return true
}
