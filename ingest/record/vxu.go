package record

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"

	"miic/ingest/field"
	"miic/ingest/hl7"
	"miic/ingest/read"
	"miic/ingest/rule"
)

// vxu reads vaccination updates (VXU^V04, HL7 v2.5.1, profile Z22 of the national guide). A message
// is one unit: a client record, its doses and its observations. A dose that cannot be read is refused
// by itself and the message goes on; a message whose patient cannot be read is refused whole.
type vxu struct {
	unit
	client       stagedClient
	events       []stagedEvent
	observations []stagedObservation

	m        *hl7.Message
	clean    []byte         // segments without what nobody sees
	cells    [][]byte       // of all segments, cut into their fields
	ends     []int          // of each segment in cells
	fields   [][]byte       // of the segment that is being read
	escape   bool           // it has escapes
	utf8     bool           // the file's encoding, where a message does not declare its own
	facility []byte         // who writes, as the header names it (MSH-4)
	person   field.Values   // the patient's values, while doses are read
	order    order          // what is before and around the dose that is being read
	ids      []string       // of the message's doses, as the sender gave them; empty for none
	byID     map[string]int // in a message of many doses, where an id comes first
	vis      []statement    // of the dose that is being read

	updated []byte // PID-33
}

// cut cuts the message's segments into their fields.
func (x *vxu) cut() {
	x.cells, x.ends = x.cells[:0], x.ends[:0]
	for _, s := range x.m.Segments {
		x.cells = x.m.Fields(s, x.cells)
		x.ends = append(x.ends, len(x.cells))
	}
}

// turn turns to a segment.
func (x *vxu) turn(i int) {
	from := 0
	if i > 0 {
		from = x.ends[i-1]
	}
	s := x.m.Segments[i]
	x.fields, x.segment = x.cells[from:x.ends[i]], s.Line
	x.escape = bytes.IndexByte(s.Raw, x.m.Escape) >= 0
}

// hides reports that the segment holds the beginning of another one: of an order or a dose, an answer, or of what
// forbids to share. An order's control goes with it: its three letters may mean a place.
func (x *vxu) hides() bool {
	for n := 1; n < len(x.fields)-1; n++ {
		f := x.fields[n]
		if len(f) < 3 {
			continue
		}
		switch f[len(f)-1] {
		case 'A', 'X', '1':
			if end := string(f[len(f)-3:]); end == "RXA" || end == "OBX" || end == "PD1" {
				return true
			}
		case 'C':
			if string(f[len(f)-3:]) == "ORC" && string(x.fields[n+1]) == "RE" && n+2 < len(x.fields) {
				return true
			}
		}
	}
	return false
}

func (x *vxu) field(n int) []byte {
	if n < len(x.fields) && !isNull(x.fields[n]) {
		return x.fields[n]
	}
	return nil
}

// hl7Null is HL7's explicit empty value.
var hl7Null = []byte(`""`)

func isNull(b []byte) bool { return bytes.Equal(b, hl7Null) }

func (x *vxu) part(rep []byte, n, sub int) []byte {
	return x.value(x.m.Part(rep, n, sub))
}

func (x *vxu) value(b []byte) []byte {
	if isNull(b) {
		return nil
	}
	if !x.escape {
		return read.Trim(b)
	}
	v, scratch := x.m.Unescape(b, x.arena.Buf)
	x.arena.Buf = scratch
	return read.Trim(v)
}

// code returns the code of a coded repetition (CE or CWE: a code, its text and its system, and the same again)
// in one of the given systems, else the first one.
func (x *vxu) code(rep []byte, systems ...string) (code, system []byte) {
	if len(rep) == 0 {
		return nil, nil
	}
	var part [7][]byte // those that are missing stay nil; the last holds the rest
	x.m.Components(rep, part[:0], len(part))
	for at := 0; at <= 3; at += 3 {
		if len(part[at]) == 0 || len(part[at+2]) == 0 {
			continue
		}
		if system = read.Trim(part[at+2]); slices.Contains(systems, read.UnsafeString(system)) {
			return x.value(x.m.Part(part[at], 1, 1)), system
		}
	}
	for at := 0; at <= 3; at += 3 {
		if code = x.value(x.m.Part(part[at], 1, 1)); len(code) > 0 {
			return code, x.value(x.m.Part(part[at+2], 1, 1))
		}
	}
	return nil, nil
}

// coded returns the code of the first repetition of a coded field.
func (x *vxu) coded(field int, systems ...string) []byte {
	rep, _ := x.m.Next(x.field(field))
	code, _ := x.code(rep, systems...)
	return code
}

// first returns component n of the first repetition of a field.
func (x *vxu) first(field, n int) []byte {
	return x.value(x.m.First(x.field(field), n))
}

// message turns m into rows. The rows are good until the next message.
func (x *vxu) message(m *hl7.Message) {
	x.begin(m.Segments[0].Line, m.Segments[0].Offset)
	x.updated = nil
	x.m, x.events, x.observations = m, x.events[:0], x.observations[:0]
	x.dates, x.arena.UTF8 = "HL7", x.utf8
	if !x.header() {
		return
	}
	sent, ok := read.ParseTime(x.first(7, 1))
	switch {
	case !ok:
		x.fault(rule.TimeBad, field.None, "MSH-7", "")
		return
	case sent > (x.from.AsOf + 2).Midnight():
		x.fault(rule.TimeFuture, field.None, "MSH-7", "")
		return
	}
	x.fileTime = sent
	control, key := read.UnsafeString(x.first(10, 1)), read.Seed
	for _, field := range [...]int{3, 4, 10} { // a hub passes on what several systems have numbered
		key = key.Text(read.UnsafeString(x.first(field, 1)))
	}
	x.facility = x.first(4, 1)
	x.raw[field.Provider] = x.first(22, 1)
	if len(x.raw[field.Provider]) == 0 {
		x.raw[field.Provider] = x.facility
	}
	patients, at := 0, 0
	if m.Segments[0].Joined {
		x.fault(rule.HL7Wrapped, field.None, "MSH", "")
	}
	for i, s := range m.Segments {
		if i == 0 {
			continue
		}
		x.turn(i)
		name := s.Name()
		if s.Joined {
			x.fault(rule.HL7Wrapped, field.None, name, "")
		}
		if s.Buried || x.hides() {
			x.fault(rule.HL7RunOn, field.None, name, "")
		}
		switch name {
		case "PID":
			patients++
			x.patient()
			x.nulls(s)
		case "PD1":
			x.additional()
			x.nulls(s)
		case "NK1":
			x.kin()
			x.nulls(s)
		case "ORC", "RXA", "OBX":
			if at == 0 {
				at = i
			}
		}
	}
	x.segment = x.line
	if patients != 1 {
		x.fault(rule.HL7Patient, field.None, "PID", "")
		return
	}
	for _, need := range [...]field.Field{field.SourceID, field.LastName} {
		if len(x.raw[need]) == 0 {
			x.fail(rule.Required, need)
		}
	}
	x.unit.client(&x.client)
	if x.refused {
		return
	}
	x.raw[field.UpdatedOn] = x.updated
	x.days.Updated = x.optionalDate(field.UpdatedOn, false)
	x.raw[field.UpdatedOn] = nil
	x.client.UnitKey = key.Sum()
	if control == "" {
		x.client.UnitKey = read.Seed.Number(x.line).Sum()
	}
	x.client.UnitHash = messageHash(m)
	if at > 0 {
		x.doses(at)
	}
	x.date()
}

// date gives the client record its day, once the doses of the message are read: those that the sender gave, and what
// was refused there.
func (x *vxu) date() {
	for i := range x.events {
		if e := &x.events[i]; e.Action == "A" && !e.Historical {
			x.days.Event = max(x.days.Event, e.AdministeredOn)
		}
	}
	for i := range x.observations {
		if o := &x.observations[i]; o.Action == "A" && o.Kind == "refusal" && o.ObservedOn <= x.from.AsOf {
			x.days.Event = max(x.days.Event, o.ObservedOn)
		}
	}
	x.client.DatedOn = x.dated.On(x.days)
}

// messageSeed is of this process: messages are compared with others of the same night only.
var messageSeed = maphash.MakeSeed()

// messageHash is the fingerprint of all segments but the header, which holds when it was sent.
func messageHash(m *hl7.Message) int64 {
	h := read.Seed
	for _, s := range m.Segments[1:] {
		h = h.Number(int64(maphash.Bytes(messageSeed, s.Raw)))
	}
	return h.Sum()
}

// messageTypes are HL7's message types (v2.5.1, table 0076), which a refusal may name: anything else is not repeated.
var messageTypes = func() map[string]bool {
	m := map[string]bool{}
	for _, t := range strings.Fields(`ACK ADR ADT BAR BPS BRP BRT BTS CRM CSU DFT DOC DSR EAC EAN EAR EDR EQQ ERP ESR ESU INR INU
		LSR LSU MCF MDM MFD MFK MFN MFQ MFR NMD NMQ NMR OMB OMD OMG OMI OML OMN OMP OMS ORB ORD ORF ORG ORI ORL ORM ORN ORP ORR ORS
		ORU OSQ OSR OUL PEX PGL PIN PMU PPG PPP PPR PPT PPV PRR PTR QBP QCK QCN QRY QSB QSX QVR RAR RAS RCI RCL RDE RDR RDS RDY REF
		RER RGR RGV ROR RPA RPI RPL RPR RQA RQC RQI RQP RQQ RRA RRD RRE RRG RRI RSP RTB SIU SPQ SQM SQR SRM SRR SSR SSU SUR TBR TCR
		TCU UDM VQQ VXQ VXR VXX`) {
		m[t] = true
	}
	return m
}()

func (x *vxu) header() bool {
	if !x.m.Good || x.m.Segments[0].Name() != "MSH" {
		x.fault(rule.HL7Header, field.None, "MSH", "")
		return false
	}
	if x.m.TooLong {
		x.fault(rule.HL7Size, field.None, "", "")
		return false
	}
	x.cut()
	x.turn(0)
	kind := string(x.first(9, 1))
	if structure := x.first(9, 3); kind == "" && len(structure) > 3 && structure[3] == '_' {
		kind = string(structure[:3])
	}
	if kind, _, _ = strings.Cut(kind, "_"); kind != "VXU" {
		if !messageTypes[kind] {
			kind = ""
		}
		x.fault(rule.HL7Type, field.None, "MSH-9", kind)
		return false
	}
	switch processing := strings.ToUpper(string(x.first(11, 1))); processing {
	case "T", "D":
		x.fault(rule.HL7Test, field.None, "MSH-11", processing)
		return false
	}
	return x.text18()
}

// text18 makes the message's text what it declares to be (MSH-18), and takes out what nobody sees.
func (x *vxu) text18() bool {
	recoded := false
	if name := string(x.first(18, 1)); name != "" {
		charset, known := hl7.CharsetNamed(name)
		switch {
		case !known:
			x.fault(rule.Code, field.None, "MSH-18", safeCode("0211", name))
		case !charset.Decode(x.m):
			x.fault(rule.Encoding, field.None, "MSH-18", "")
			return false
		case !charset.Silent():
			x.arena.UTF8, recoded = charset.UTF8(), true
		}
	}
	x.clean = x.clean[:0]
	for i := range x.m.Segments {
		s := &x.m.Segments[i]
		s.Raw, x.clean = read.Clean(s.Raw, x.clean, x.arena.UTF8)
	}
	if recoded || len(x.clean) > 0 {
		x.cut()
		x.turn(0)
	}
	return true
}
