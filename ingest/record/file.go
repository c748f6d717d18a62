package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"miic/ingest/effective"
	"miic/ingest/read"
	"miic/internal/inbox"
	"miic/internal/prose"
	"miic/internal/table"
)

// Refusal is a reason to refuse the whole file.
type Refusal struct{ Reason string }

func (e Refusal) Error() string { return e.Reason }

func refuseWhole(format string, args ...any) error { return Refusal{fmt.Sprintf(format, args...)} }

// A File is a delivered file of which rows are to be made.
type File struct {
	Path     string
	No       int32 // in the night's order, from 1
	BatchID  string
	Snapshot int64
	Sender   string         // its id
	Kind     string         // of sender
	Most     int64          // units that the file may have; 0: any number
	Encoding string         // the sender's own; empty for the layout's
	Dated    effective.Rule // the sender's own; empty for the layout's
	Layout   *read.Layout   // nil for messages
	AsOf     table.Date
	Time     table.Time // its own, for senders that give no time of their own
}

// A Result is what came of a file.
type Result struct {
	Read      int64      // units that the reader found
	Accepted  int64      // units that gave no reason to refuse them
	Refused   int64      // units refused one by one
	Bare      int64      // accepted units that hold nothing to load
	Time      table.Time // the file's own, or its newest unit's
	FaultRule string     // the first reason to refuse a unit, and its line
	FaultLine int64
	Warning   string                    // worth a note although the file was taken
	Files     map[*table.Table][]string // scratch files with its rows, in the order of its lines
}

// A loading is a file, or a part of one, on its way to rows.
type loading struct {
	from *File
	Result
	sinks *sinks
	out   *sink // of sinks
}

// Load reads a file into scratch files in dir, in up to so many parts side by side. An error that is no Refusal means
// that the night cannot go on: a disk that fails, a cancelled run. The result is good also where the file is refused.
func Load(ctx context.Context, f *File, dir string, parts int) (Result, error) {
	// The engine caches files by path: no two nights of a session may give a path to different bytes.
	s := &sinks{prefix: filepath.Join(dir, fmt.Sprintf("file-%d-%04d", f.Snapshot, f.No))}
	b := &loading{from: f, Result: Result{Time: f.Time}, sinks: s, out: s.open()}
	err := b.parse(ctx, parts)
	if cerr := s.close(); err == nil {
		err = cerr
	}
	b.Files = s.written()
	return b.Result, err
}

func (b *loading) parse(ctx context.Context, parts int) error {
	f, info, err := inbox.Open(b.from.Path)
	if err != nil {
		return refuseWhole("the file cannot be opened: %s: put a file there that can be read", prose.Cause(err))
	}
	defer f.Close()
	start, err := b.sniff(f)
	if err != nil {
		return err
	}
	whole := read.Part{From: start, To: info.Size()}
	if b.from.Layout == nil {
		return inParts(ctx, f, read.Messages, whole, parts, b, newMessageReader)
	}
	heading := read.NewHeading(b.from.Layout)
	rest, err := b.head(f, whole, heading)
	if err != nil {
		return err
	}
	return inParts(ctx, f, read.Lines, rest, parts, b, func(b *loading) *lineReader {
		return newLineReader(b,
			heading)
	})
}

// sniff looks at the first bytes of a file for encodings that no layout has, and returns where its text starts.
func (b *loading) sniff(f io.ReaderAt) (start int64, err error) {
	head := make([]byte, 4)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return 0, refuseWhole("it is in UTF-16: have it sent in %s", b.encoding())
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		if b.encoding() != read.UTF8 {
			return 0, refuseWhole("it begins with the mark of UTF-8, but its sender is configured for %s: correct "+
				"the configuration or have it sent again", b.encoding())
		}
		return 3, nil
	}
	return 0, nil
}

func (b *loading) encoding() string {
	switch {
	case b.from.Encoding != "":
		return b.from.Encoding
	case b.from.Layout == nil:
		return read.UTF8
	}
	return b.from.Layout.Encoding
}

// dated is the rule by which what the file reports is dated.
func (f *File) dated() effective.Rule {
	if f.Dated == "" && f.Layout != nil {
		return f.Layout.Dated
	}
	return f.Dated
}

// tooMany reports a file that has more units than it may have.
func (b *loading) tooMany() error {
	if b.from.Most > 0 && b.Read > b.from.Most {
		return refuseWhole("it has more than %d lines or messages, the most there may be: have it sent in several files, "+
			"or raise most_units", b.from.Most)
	}
	return nil
}

// count settles one unit.
func (b *loading) count(u *unit) error {
	if u.refused {
		b.Refused++
		if f := u.refusal(); b.FaultRule == "" && f != nil {
			b.FaultRule, b.FaultLine = f.rule.ID, f.line
		}
	} else {
		b.Accepted++
	}
	if len(u.faults) > 0 {
		return b.out.faults(u)
	}
	return nil
}
