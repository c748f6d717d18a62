package record

import (
	"context"
	"io"

	"miic/ingest/hl7"
	"miic/ingest/read"
)

// messages reads an HL7 batch file from start to end, a large one as two halves side by side.
func (b *loading) messages(ctx context.Context, f io.ReaderAt, start, end int64, x *vxu, out *sink) error {
	var middle, before int64
	if b.halves {
		var err error
		if middle, before, err = read.MiddleMessage(f, start, end); err != nil {
			return refuseWhole("reading stopped: %s", read.Reason(err))
		}
	}
	if middle == 0 {
		p := &messageFile{loading: b, x: x, out: out, r: hl7.NewReader(io.NewSectionReader(f, start, end-start))}
		p.r.Behind(start, 0)
		if err := p.stretch(ctx); err != nil {
			return err
		}
		return p.judge()
	}
	p := &messageFile{loading: b, x: x, out: out, r: hl7.NewReader(io.NewSectionReader(f, start, middle-start))}
	other := *b
	q := &messageFile{loading: &other, x: &vxu{unit: x.unit}, out: out.beside(), r: hl7.NewReader(io.NewSectionReader(f, middle, end-middle))}
	p.r.Behind(start, 0)
	q.r.Behind(middle, before)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error)
	go func() { done <- q.stretch(ctx) }()
	err := p.stretch(ctx)
	if err != nil || p.r.NUL {
		cancel()
		<-done
		clear(q.out.files) // as if the file had been read from its beginning only
		if err != nil {
			return err
		}
		return p.judge()
	}
	err = <-done
	p.add(other)
	p.badUTF8 += q.badUTF8
	p.r.Join(q.r)
	if err != nil {
		return err
	}
	return p.judge()
}
