package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"miic/ingest/hl7"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// What a batch can be. See table.Batch.
const (
	loaded    = "loaded"
	empty     = "empty"
	duplicate = "duplicate"
	refused   = "refused"
	held      = "held"
	backedOut = "backed_out"
)

// A batch is one delivered file on its way through the night.
type batch struct {
	no     int32 // in the night's order, from 1
	file   pipeline.Delivery
	sender *Sender
	layout string  // its id
	l      *layout // nil for messages
	asOf   table.Date
	id     string
	time   table.Time // the file's own, or its newest unit's

	status, reason string
	read           int64 // units that the reader found
	accepted       int64 // units that gave no reason to refuse them
	refused        int64 // units refused one by one
	withdrawn      int64 // units that take something back
	bare           int64 // accepted units that hold nothing to load
	faultRule      string
	faultLine      int64
	files          map[*table.Table][]string
	halves         bool   // large beside the night's other files: its halves are read side by side
	copyOf         *batch // an earlier file of the night with the same bytes
	warning        string // worth a note although the file was taken
}

// refuseFile is a reason to refuse the whole file.
type refuseFile struct{ reason string }

func (e refuseFile) Error() string { return e.reason }

func refuseWhole(format string, args ...any) error { return refuseFile{fmt.Sprintf(format, args...)} }

// load reads the batch's file into scratch files and settles its status. An error means that the
// night cannot go on: a disk that fails, a cancelled run. Faults of the file are in the status.
func (b *batch) load(ctx context.Context, snapshot int64, dir string) error {
	// The engine caches files by path: no two nights of a session may give a path to different bytes.
	out := newSink(dir, fmt.Sprintf("file-%d-%04d", snapshot, b.no))
	err := b.parse(ctx, snapshot, out)
	if cerr := out.close(); err == nil {
		err = cerr
	}
	b.files = out.written()
	var whole refuseFile
	switch {
	case errors.As(err, &whole):
		b.status, b.reason = refused, whole.reason
	case err != nil:
		return fmt.Errorf("batch %s, %s/%s: %w", b.id, b.sender.ID, b.file.Name, err)
	case b.read == 0:
		b.status, b.reason = empty, "the file holds no records: taken as a sign that the sender is alive"
	case b.accepted == 0:
		b.status = refused
		b.reason = fmt.Sprintf("none of its %d records can be read; the first fault is %s in line %d: look at its rejected rows, correct the file and send it again",
			b.read, b.faultRule, b.faultLine)
	default:
		b.status = loaded
	}
	return nil
}

func (b *batch) parse(ctx context.Context, snapshot int64, out *sink) error {
	f, err := os.Open(b.file.Path)
	if err != nil {
		return refuseWhole("the file cannot be opened: check its permissions in the inbox")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return refuseWhole("it is not a file: remove it from the inbox and put the file there")
	}
	start, err := b.sniff(f)
	if err != nil {
		return err
	}
	u := unit{sender: b.sender, asOf: b.asOf, fileTime: b.time, file: b.no, batchID: b.id, snapshot: snapshot}
	if b.layout == hl7Layout {
		return b.messages(ctx, f, start, info.Size(), &vxu{unit: u}, out)
	}
	l := b.l
	u.dates, u.whole, u.comments = l.Dates, l.Whole, l.Comments
	return b.lines(ctx, f, start, info.Size(), l, &u, out)
}

// sniff looks at the first bytes of a file for encodings that no layout has, and returns where its text starts.
func (b *batch) sniff(f io.ReaderAt) (start int64, err error) {
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
		if b.encoding() != utf8Encoding {
			return 0, refuseWhole("it begins with the mark of UTF-8, but its sender is configured for %s: correct the configuration or have it sent again", b.encoding())
		}
		return 3, nil
	}
	return 0, nil
}

func (b *batch) encoding() string {
	switch {
	case b.sender.Encoding != "":
		return b.sender.Encoding
	case b.layout == hl7Layout:
		return utf8Encoding
	}
	return b.l.Encoding
}

// count settles one unit.
func (b *batch) count(u *unit, out *sink) error {
	if u.refused {
		b.refused++
		if b.faultRule == "" {
			for _, f := range u.faults {
				if f.rule.severity == refuse {
					b.faultRule, b.faultLine = f.rule.id, f.line
					break
				}
			}
		}
	} else {
		b.accepted++
	}
	if len(u.faults) > 0 {
		return out.faults(u)
	}
	return nil
}

// A messageFile is an HL7 batch file, or half of one, being read.
type messageFile struct {
	*batch
	x       *vxu
	r       *hl7.Reader
	out     *sink
	badUTF8 int64
}

// stretch reads messages to the end of its part of the file.
func (p *messageFile) stretch(ctx context.Context) error {
	x, out := p.x, p.out
	x.utf8 = p.encoding() == utf8Encoding
	for {
		m, err := p.r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuseWhole("reading stopped: %s", ioReason(err))
		}
		if p.r.NUL {
			return nil // for judge to tell
		}
		p.read++
		if p.read&0x3fff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		x.message(m)
		if x.arena.utf8 && !validMessage(m) {
			p.badUTF8++
			x.fault(&ruleEncoding, noTarget, "", "")
		}
		if err := p.count(&x.unit, out); err != nil {
			return err
		}
		if x.refused {
			continue
		}
		p.time = max(p.time, x.client.SenderTime)
		if err := put(out, &out.clients, stagedClients, &x.client); err != nil {
			return err
		}
		if err := putAll(out, &out.events, stagedEvents, x.events); err != nil {
			return err
		}
		if err := putAll(out, &out.observations, stagedObservations, x.observations); err != nil {
			return err
		}
	}
}

// judge looks at the file as a whole.
func (p *messageFile) judge() error {
	r := p.r
	switch {
	case r.NUL:
		return refuseWhole("message %d holds zero bytes: the file is damaged or not in %s; have it sent again", p.read+1, p.encoding())
	case p.badUTF8 > 5 && p.badUTF8*100 > p.read:
		return refuseWhole("%d of its %d messages are not valid UTF-8: configure the sender's encoding or have it sent again", p.badUTF8, p.read)
	}
	return p.envelope(&r.Envelope)
}

func validMessage(m *hl7.Message) bool {
	for _, s := range m.Segments {
		if !ascii(s.Raw) && !utf8.Valid(s.Raw) {
			return false
		}
	}
	return true
}
