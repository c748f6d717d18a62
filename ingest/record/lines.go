package record

import (
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"miic/ingest/codes"
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/prose"
)

// A lineReader makes rows of the lines of a delimited or fixed-width file, or of a part of one.
type lineReader struct {
	*loading
	l *read.Layout
	u *unit
	read.Cutter

	wrongLength, badUTF8, likeUTF8, foreign int64
	canaryBad                               []int64
	odd                                     map[*read.LayoutField]int64 // values that a split or a map does not know
	client                                  stagedClient
	event, undo                             stagedEvent
	request                                 stagedRequest
	death                                   stagedDeath
	comment                                 stagedObservation
	listed                                  stagedRosterEntry
	came                                    stagedResult
}

func newLineReader(b *loading, heading *read.Heading) *lineReader {
	l := b.from.Layout
	u := &unit{from: b.from, fileTime: b.from.Time, dates: l.Dates, whole: l.Whole, comments: l.Comments,
		dated: b.from.dated()}
	u.arena.UTF8 = b.encoding() == read.UTF8
	return &lineReader{loading: b, l: l, u: u, Cutter: read.Cutter{Heading: heading, UTF8: u.arena.UTF8},
		canaryBad: make([]int64, len(l.Canaries)), odd: map[*read.LayoutField]int64{}}
}

// head reads what is above the records of a delimited file, and returns the rest of it.
func (b *loading) head(f io.ReaderAt, whole read.Part, heading *read.Heading) (rest read.Part, err error) {
	if heading.Known {
		return whole, nil
	}
	r := read.NewPartReader(f, whole)
	for !heading.Known {
		ln, err := b.next(r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return whole, err
		}
		missing, err := heading.Take(ln.Text)
		if err != nil {
			return whole, refuseWhole("%s: have it sent again with the columns of layout %s", err, b.from.Layout.ID)
		}
		if len(missing) > 0 {
			return whole, refuseWhole("its header lacks %d columns of layout %s: %s; have it sent again or correct "+
				"the layout",
				len(missing), b.from.Layout.ID, read.Listed(missing))
		}
	}
	return r.Rest(whole.To), nil
}

// next returns the next line that is not blank, or io.EOF.
func (b *loading) next(r *read.LineReader) (read.Line, error) {
	for {
		ln, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return ln, err
		case err != nil:
			return ln, refuseWhole("reading stopped at byte %d: %s", r.Offset, prose.Cause(err))
		case read.Blank(ln.Text):
		case bytes.IndexByte(ln.Text, 0) >= 0:
			return ln, refuseWhole("line %d holds zero bytes: the file is damaged or not in %s; have it sent again",
				ln.Number, b.encoding())
		default:
			return ln, nil
		}
	}
}

func (p *lineReader) read(ctx context.Context, f io.ReaderAt, part read.Part) error {
	r := read.NewPartReader(f, part)
	cut := false
	for {
		ln, err := p.next(r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		p.Read++
		if p.Read&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := p.tooMany(); err != nil {
			return err
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

func (p *lineReader) add(behind *lineReader) {
	p.loading.add(behind.loading)
	p.wrongLength += behind.wrongLength
	p.badUTF8 += behind.badUTF8
	p.likeUTF8 += behind.likeUTF8
	p.foreign += behind.foreign
	for i, n := range behind.canaryBad {
		p.canaryBad[i] += n
	}
	for f, n := range behind.odd {
		p.odd[f] += n
	}
}

// line makes one line a unit and writes what comes of it.
func (p *lineReader) line(ln read.Line) error {
	p.take(ln)
	if err := p.count(p.u); err != nil || p.u.refused {
		return err
	}
	return p.put()
}

// take makes one line a unit.
func (p *lineReader) take(ln read.Line) {
	u := p.u
	u.begin(ln.Number, ln.Offset)
	switch {
	case ln.TooLong:
		u.fail(rule.TooLong, field.None)
	case !p.values(ln.Text):
	default:
		p.oddValues()
		for _, t := range p.l.Needed {
			// The dates that a record hangs on have rules of their own.
			if len(u.raw[t]) == 0 && t != field.BirthDate && t != field.DoseDate {
				u.fail(rule.Required, t)
			}
		}
		p.canaries()
		p.make()
	}
}

// values cuts a line into values by the layout.
func (p *lineReader) values(text []byte) bool {
	u := p.u
	if !read.ASCII(text) {
		p.foreign++
		valid := utf8.Valid(text)
		if u.arena.UTF8 && !valid {
			p.badUTF8++
			u.fail(rule.Encoding, field.None)
			return false
		}
		if valid {
			p.likeUTF8++
		}
	}
	switch p.Cutter.Cut(text, &u.raw) {
	case read.CutLength:
		p.wrongLength++
		u.fail(rule.Length, field.None)
	case read.CutColumns:
		p.wrongLength++
		u.fail(rule.Columns, field.None)
	case read.CutQuote:
		u.fail(rule.Quote, field.None)
	default:
		return true
	}
	return false
}

func (p *lineReader) canaries() {
	for i, c := range p.l.Canaries {
		b := p.u.raw[c.Field]
		if len(b) == 0 {
			continue
		}
		bad := false
		if c.Kind == "date" {
			_, state := read.ParseDate(p.l.Dates, b)
			bad = state == read.DateBad
		} else {
			_, known := codes.Word(c.Kind, read.UnsafeString(b))
			bad = !known
		}
		if bad {
			p.canaryBad[i]++
		}
	}
}

// oddValues reports values that a split or a map of the layout does not know. They are dropped.
func (p *lineReader) oddValues() {
	for _, f := range p.Odd {
		p.odd[f]++
		if f.Split != "" {
			p.u.fail(rule.Split, f.Targets()[0])
		} else {
			p.u.fail(rule.Map, f.Targets()[0])
		}
	}
}

// make turns the unit's values into rows.
func (p *lineReader) make() {
	u := p.u
	p.client.Unit, p.event.Unit, p.undo.Unit, p.request.Unit, p.death.Unit, p.comment.Unit, p.listed.Unit,
		p.came.Unit = 0, 0, 0, 0, 0, 0, 0, 0
	switch p.l.Makes {
	case "client":
		// The status has a code for the dead: one that is sent as active is not.
		if b := u.raw[field.ClientStatus]; len(b) == 1 && b[0] == 'A' {
			u.deleted |= 1 << field.DeathDate
		}
		u.client(&p.client)
	case "dose":
		u.consent()
		if u.dose(&p.event) {
			p.event.seal()
		} else {
			p.event.Unit = 0
		}
	case "visit":
		u.consent()
		place := u.raw[field.Provider]
		u.raw[field.Provider] = nil // where the dose was given does not care for the person from now on
		u.client(&p.client)
		u.raw[field.Provider] = place
		if dose := u.dose(&p.event); !dose {
			p.event.Unit = 0
		} else if !u.refused {
			p.event.seal()
			p.sealVisit()
			if !p.event.Historical {
				u.days.Event = p.event.AdministeredOn
				p.client.DatedOn = u.dated.On(u.days)
			}
		}
	case "comment":
		u.comment(&p.comment)
	case "roster":
		u.rosterEntry(&p.listed)
	case "result":
		u.result(&p.came)
	case "claim":
		dose, undone := u.claim(&p.event, &p.undo)
		if !dose {
			p.event.Unit = 0
		}
		if !undone {
			p.undo.Unit = 0
		}
	case "request":
		u.request(&p.request)
	case "death":
		u.death(&p.death)
	}
}

// sealVisit lets a line of a person and a dose be the same as another where both are: a person has a line for each dose.
// What the lines of one person report otherwise is a version of the record each, the last line's the newest.
func (p *lineReader) sealVisit() {
	c, e := &p.client, &p.event
	key := read.Seed.Text(c.SourceClientID).Number(e.UnitKey)
	if !e.OwnID {
		key = key.Number(c.ContentHash)
	}
	c.UnitKey, c.UnitHash = key.Sum(), read.Seed.Number(c.ContentHash).Number(e.UnitHash).Sum()
	e.UnitKey = 0 // the client row has it
}

// put writes the unit's rows.
func (p *lineReader) put() error {
	var err error
	switch {
	case p.client.Unit > 0:
		p.Time = max(p.Time, p.client.SenderTime)
		if err := put(p.out, &p.out.clients, StagedClients, &p.client); err != nil || p.event.Unit == 0 {
			return err
		}
	case p.request.Unit > 0:
		p.Time = max(p.Time, p.request.SenderTime)
		return put(p.out, &p.out.requests, stagedRequests, &p.request)
	case p.death.Unit > 0:
		p.Time = max(p.Time, p.death.SenderTime)
		return put(p.out, &p.out.deaths, stagedDeaths, &p.death)
	case p.comment.Unit > 0:
		p.Time = max(p.Time, p.comment.SenderTime)
		return put(p.out, &p.out.observations, StagedObservations, &p.comment)
	case p.listed.Unit > 0:
		p.Time = max(p.Time, p.listed.SenderTime)
		return put(p.out, &p.out.roster, stagedRoster, &p.listed)
	case p.came.Unit > 0:
		p.Time = max(p.Time, p.came.SenderTime)
		return put(p.out, &p.out.results, StagedResults, &p.came)
	}
	if p.event.Unit == 0 && p.undo.Unit == 0 {
		p.Bare++
		return nil
	}
	if p.event.Unit > 0 {
		p.Time = max(p.Time, p.event.SenderTime)
		err = put(p.out, &p.out.events, StagedEvents, &p.event)
	}
	if p.undo.Unit > 0 && err == nil {
		err = put(p.out, &p.out.events, StagedEvents, &p.undo)
	}
	return err
}

// judge looks at the file as a whole: too many lines that do not fit mean that the file is not what
// its name promises.
func (p *lineReader) judge(err error) error {
	if err == nil {
		err = p.tooMany()
	}
	if err != nil {
		return err
	}
	many := func(n int64) bool { return n*100 > p.Read && (n >= 10 || n*2 > p.Read) }
	for i, c := range p.l.Canaries {
		if many(p.canaryBad[i]) {
			return refuseWhole("%d of its %d lines have no readable %s where layout %s expects one: a column is "+
				"shifted or it is another layout; compare it with an earlier file and have it sent again",
				p.canaryBad[i], p.Read, c.Field, p.l.ID)
		}
	}
	for i := range p.l.Fields {
		switch f := &p.l.Fields[i]; {
		case p.odd[f]*2 <= p.Read:
		case f.Split != "":
			return refuseWhole("%d of its %d lines have in column %q a value without the form of the layout's split, %q: correct "+
				"the layout %s ('miic profile' shows the column's shapes) and deliver the file again", p.odd[f], p.Read, f.Column, f.Split, p.l.ID)
		default:
			return refuseWhole("%d of its %d lines have in column %q a value that the layout's map does not have: add it to layout "+
				"%s and deliver the file again", p.odd[f], p.Read, f.Column, p.l.ID)
		}
	}
	if p.wrongLength >= 10 && p.wrongLength*2 > p.Read {
		return refuseWhole("%d of its %d lines are not as long as layout %s says: it is another layout or is "+
			"damaged; have it sent again", p.wrongLength, p.Read, p.l.ID)
	}
	if p.badUTF8 > 5 && p.badUTF8*100 > p.Read {
		return refuseWhole("%d of its %d lines are not valid UTF-8: configure the sender's encoding or have it sent "+
			"again", p.badUTF8, p.Read)
	}
	if !p.u.arena.UTF8 && p.foreign >= 5 && p.likeUTF8 == p.foreign {
		return refuseWhole("all %d lines with letters outside ASCII are valid UTF-8, but its sender is configured "+
			"for %s: correct the configuration or have it sent again", p.foreign, p.encoding())
	}
	return nil
}
