package record

import (
	"context"
	"io"

	"miic/ingest/read"
	"miic/internal/prose"
)

// A partReader makes rows of one part of a file.
type partReader[P any] interface {
	read(ctx context.Context, f io.ReaderAt, part read.Part) error
	add(behind P)          // what the next part came to
	judge(err error) error // looks at the file as a whole, and at what ended its reading
}

// inParts reads a file, or what is left of it, in up to n parts side by side. The rows, counts and refusals are those
// of reading it from its beginning.
func inParts[P partReader[P]](ctx context.Context, f io.ReaderAt, split read.Splitter, whole read.Part, n int,
	first *loading, open func(*loading) P) error {
	parts, err := split.Split(ctx, f, whole, n)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return refuseWhole("reading stopped: %s", prose.Cause(err))
	}
	readers := []P{open(first)}
	for range parts[1:] {
		readers = append(readers, open(first.beside()))
	}
	failed, err := read.EachPart(ctx, len(parts), func(ctx context.Context, i int) error {
		return readers[i].read(ctx,
			f, parts[i])
	})
	first.sinks.keep(failed + 1)
	for i := 1; i < len(readers) && i <= failed; i++ {
		readers[0].add(readers[i])
	}
	return readers[0].judge(err)
}

// beside begins the loading of a further part of the file.
func (b *loading) beside() *loading {
	return &loading{from: b.from, Result: Result{Time: b.from.Time}, sinks: b.sinks, out: b.sinks.open()}
}

// add adds what a further part came to.
func (b *loading) add(behind *loading) {
	b.Read += behind.Read
	b.Accepted += behind.Accepted
	b.Refused += behind.Refused
	b.Bare += behind.Bare
	b.Time = max(b.Time, behind.Time)
	if b.FaultRule == "" {
		b.FaultRule, b.FaultLine = behind.FaultRule, behind.FaultLine
	}
}
