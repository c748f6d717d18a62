package ingest

import (
	"context"
	"errors"
	"io"

	"miic/ingest/hl7"
)

// messages reads an HL7 batch file from start to end, a large one as two halves side by side.
func (b *loading) messages(ctx context.Context, f io.ReaderAt, start, end int64, x *vxu, out *sink) error {
	var middle, before int64
	if b.halves {
		var err error
		if middle, before, err = middleMessage(f, start, end); err != nil {
			return refuseWhole("reading stopped: %s", ioReason(err))
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

// middleMessage returns where the first message after the middle of the file begins and how many lines
// stand before it; 0 when the file is not to be cut: no message begins there, or a line is so long that
// the reader would cut it.
func middleMessage(f io.ReaderAt, start, end int64) (middle, before int64, err error) {
	buf := make([]byte, 2*hl7.MaxMessage)
	middle = start + (end-start)/2
	n, err := f.ReadAt(buf, middle)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, err
	}
	i := hl7.FindMessage(buf[:n])
	if i < 0 {
		return 0, 0, nil
	}
	middle += int64(i)
	var last byte
	block := buf[:hl7.MaxMessage/2]
	for at := start; at < middle; at += int64(len(block)) {
		block = block[:min(int64(len(block)), middle-at)]
		if _, err := f.ReadAt(block, at); err != nil {
			return 0, 0, err
		}
		lines := hl7.CountLines(last, block)
		if lines == 0 && len(block) == hl7.MaxMessage/2 {
			return 0, 0, nil
		}
		before += lines
		last = block[len(block)-1]
	}
	return middle, before, nil
}
