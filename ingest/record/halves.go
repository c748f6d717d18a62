package record

import (
	"bytes"
	"context"
	"errors"
	"io"

	"miic/ingest/read"
)

// HalveFrom is the smallest file, in bytes, whose halves are read side by side. A test lowers it.
var HalveFrom int64 = 16 << 20

func newFlat(b *loading, l *read.Layout, u *unit, out *sink) *flat {
	u.arena.UTF8 = b.encoding() == read.UTF8
	return &flat{loading: b, l: l, u: u, out: out, Cutter: read.Cutter{Heading: read.NewHeading(l)}, canaryBad: make([]int64, len(l.Canaries))}
}

// lines reads the lines from start to end.
func (b *loading) lines(ctx context.Context, f io.ReaderAt, start, end int64, l *read.Layout, u *unit, out *sink) error {
	var middle int64
	if b.halves {
		var err error
		if middle, err = read.MiddleOf(f, start, end); err != nil {
			return refuseWhole("reading stopped: %s", read.Reason(err))
		}
	}
	other, v := *b, *u
	p := newFlat(b, l, u, out)
	if middle == 0 {
		if err := p.stretch(ctx, f, start, end, 0); err != nil {
			return err
		}
		return p.judge()
	}
	q := newFlat(&other, l, &v, out.beside())
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error)
	go func() { done <- q.behind(ctx, f, start, middle, end) }()
	err := p.stretch(ctx, f, start, middle, 0)
	if err != nil {
		cancel()
		<-done
		clear(q.out.files) // as if the file had been read from its beginning only
		return err
	}
	err = <-done
	p.add(q)
	if err != nil {
		return err
	}
	return p.judge()
}

// behind reads the second half of a file whose lines begin at start: first it counts the lines of the first half.
func (p *flat) behind(ctx context.Context, f io.ReaderAt, start, middle, end int64) error {
	if !p.Known {
		r := read.NewLineReader(io.NewSectionReader(f, start, middle-start), read.MaxLine)
		for !p.Known {
			ln, err := r.Next()
			if errors.Is(err, io.EOF) {
				break // nothing but blank lines: the header is in this half
			}
			if err != nil {
				return refuseWhole("reading stopped at byte %d: %s", r.Offset, read.Reason(err))
			}
			if read.Blank(ln.Text) {
				continue
			}
			if err := p.header(ln.Text); err != nil {
				return err
			}
		}
	}
	var before int64
	block := make([]byte, read.BlockSize)
	for at := start; at < middle; {
		n, err := f.ReadAt(block[:min(read.BlockSize, middle-at)], at)
		if err != nil && (n == 0 || !errors.Is(err, io.EOF)) {
			return refuseWhole("reading stopped at byte %d: %s", at, read.Reason(err))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		before += int64(bytes.Count(block[:n], []byte{'\n'}))
		at += int64(n)
	}
	return p.stretch(ctx, f, middle, end, before)
}

// stretch reads the lines from one place to another, before which there are so many.
func (p *flat) stretch(ctx context.Context, f io.ReaderAt, from, to, before int64) error {
	r := read.NewLineReader(io.NewSectionReader(f, from, to-from), read.MaxLine)
	r.Behind(from, before)
	cut := false
	for {
		ln, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return refuseWhole("reading stopped at byte %d: %s", r.Offset, read.Reason(err))
		}
		if read.Blank(ln.Text) {
			continue
		}
		if bytes.IndexByte(ln.Text, 0) >= 0 {
			return refuseWhole("line %d holds zero bytes: the file is damaged or not in %s; have it sent again", ln.Number, p.encoding())
		}
		if !p.Known {
			if err := p.header(ln.Text); err != nil {
				return err
			}
			continue
		}
		p.Read++
		if p.Read&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		refusedBefore := p.Refused
		if err := p.line(ln); err != nil {
			return err
		}
		cut = !ln.Ended && p.Refused > refusedBefore
	}
	if cut {
		return refuseWhole("its last line, %d, is cut: the file did not arrive whole; have it sent again", r.Number)
	}
	return nil
}

// add adds what the reader of the second half counted.
func (b *loading) add(other loading) {
	b.Read += other.Read
	b.Accepted += other.Accepted
	b.Refused += other.Refused
	b.Bare += other.Bare
	b.Time = max(b.Time, other.Time)
	if b.FaultRule == "" {
		b.FaultRule, b.FaultLine = other.FaultRule, other.FaultLine
	}
}

// add adds what the reader of the second half counted.
func (p *flat) add(q *flat) {
	p.loading.add(*q.loading)
	p.wrongLength += q.wrongLength
	p.badUTF8 += q.badUTF8
	p.likeUTF8 += q.likeUTF8
	p.foreign += q.foreign
	for i, n := range q.canaryBad {
		p.canaryBad[i] += n
	}
}
