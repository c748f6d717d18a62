package hl7

// Envelope is what a file's header and trailer segments (FHS, BHS, BTS, FTS) hold. All of them may be missing, and
// their counts may be wrong: what follows from that is the caller's business.
type Envelope struct {
	Declared   int64  // messages, by all BTS-1 together; -1 when no trailer counts them
	Short      bool   // a batch holds fewer messages than its own trailer counts
	Miscounted bool   // a trailer counts more or fewer messages or batches than there are, or its count cannot be read
	Unclosed   int    // headers without a trailer, before the file's end
	Unopened   int    // trailers without a header
	Open       bool   // a header has no trailer yet
	Unended    bool   // the last line has no end
	Time       []byte // FHS-7, else BHS-7
	NUL        bool   // the file holds a zero byte: it is not HL7 text

	inFile, inBatch   bool
	messages, batches int64 // since the last header or trailer

	// what is read is not the file's beginning: its lines are kept, for what they close is known from what lies before
	behind bool
	lines  []envelopeLine // in their order
}

// envelopeLine is a header or trailer. It is small: a file may have four to a message.
type envelopeLine struct {
	messages, count int64 // since the line before, when it was kept; and as a trailer counts
	name            [3]byte
	counted, spoilt bool // a trailer's count can be read; or cannot
}

func (e *Envelope) envelope(name string, raw []byte) {
	separator := byte('|')
	if len(raw) > 3 {
		separator = raw[3]
	}
	field := func(n int) []byte { return nth(raw, separator, n+1) }
	line := envelopeLine{name: [3]byte([]byte(name))}
	switch name {
	case "FHS", "BHS":
		// Like in MSH, the separator itself is field 1.
		if t := field(6); len(t) > 0 && len(e.Time) == 0 {
			e.Time = append([]byte(nil), t...)
		}
	default:
		text := field(1)
		line.count, line.counted = count(text)
		line.spoilt = !line.counted && len(text) > 0
	}
	if e.behind {
		line.messages = e.messages
		e.lines, e.messages = append(e.lines, line), 0
		return
	}
	e.take(line)
}

// join goes on with what was kept of the rest of the file.
func (e *Envelope) join(rest *Envelope) {
	for _, l := range rest.lines {
		e.messages += l.messages
		e.take(l)
	}
	e.messages += rest.messages
	if len(e.Time) == 0 {
		e.Time = rest.Time
	}
	e.Unended, e.NUL = rest.Unended, e.NUL || rest.NUL
}

func (e *Envelope) take(line envelopeLine) {
	switch string(line.name[:]) {
	case "FHS":
		e.header(&e.inFile)
		e.batches = 0
	case "BHS":
		e.header(&e.inBatch)
		e.batches++
		e.messages = 0
	case "BTS":
		e.trailer(&e.inBatch, line, e.messages)
		if line.counted {
			e.Declared = max(e.Declared, 0) + line.count
			// Where headers are missing it is not known which messages the trailer counts.
			e.Short = e.Short || line.count > e.messages && e.Unclosed == 0 && e.Unopened == 0
		}
		e.messages = 0
	case "FTS":
		e.trailer(&e.inFile, line, e.batches)
		e.batches = 0
	}
	e.Open = e.inFile || e.inBatch
}

func (e *Envelope) header(in *bool) {
	if *in {
		e.Unclosed++
	}
	*in = true
}

func (e *Envelope) trailer(in *bool, line envelopeLine, have int64) {
	if !*in {
		e.Unopened++
	}
	*in = false
	e.Miscounted = e.Miscounted || line.counted && line.count != have || line.spoilt
}

func count(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 12 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
