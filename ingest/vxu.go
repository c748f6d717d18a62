package ingest

import (
	"bytes"

	"miic/ingest/codes"
	"miic/ingest/hl7"
	"miic/internal/table"
)

// vxu reads vaccination updates (VXU^V04, HL7 v2.5.1, profile Z22 of the national guide). A message
// is one unit: a client record, its doses and its observations. A dose that cannot be read is refused
// by itself and the message goes on; a message whose patient cannot be read is refused whole.
type vxu struct {
	unit
	client       stagedClient
	events       []stagedEvent
	observations []stagedObservation

	m      *hl7.Message
	fields [][]byte
	person values // the patient's values, while doses are read
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
	v, scratch := x.m.Unescape(b, x.arena.buf)
	x.arena.buf = scratch
	return trim(v)
}

// first returns component n of the first repetition of a field.
func (x *vxu) first(field, n int) []byte {
	rep, _ := x.m.Next(x.field(field))
	return x.part(rep, n, 1)
}

// message turns m into rows. The rows are good until the next message.
func (x *vxu) message(m *hl7.Message) {
	x.begin(m.Segments[0].Line, m.Segments[0].Offset)
	x.m, x.events, x.observations = m, x.events[:0], x.observations[:0]
	x.dates = "HL7"
	if !x.header() {
		return
	}
	sent, ok := parseTime(x.first(7, 1))
	switch {
	case !ok:
		x.fault(&ruleTimeBad, noTarget, "MSH-7", "")
		return
	case sent > (x.asOf + 2).Midnight():
		x.fault(&ruleTimeFuture, noTarget, "MSH-7", "")
		return
	}
	x.fileTime = sent
	control := unsafeString(x.first(10, 1))
	x.raw[provider] = x.first(22, 1)
	if len(x.raw[provider]) == 0 {
		x.raw[provider] = x.first(4, 1)
	}
	patients, at := 0, 0
	for i, s := range m.Segments[1:] {
		x.segment = s.Line
		switch s.Name() {
		case "PID":
			patients++
			x.fields = m.Fields(s, x.fields)
			x.patient()
			x.nulls(s)
		case "PD1":
			x.fields = m.Fields(s, x.fields)
			x.additional()
			x.nulls(s)
		case "NK1":
			x.fields = m.Fields(s, x.fields)
			x.kin()
			x.nulls(s)
		case "ORC", "RXA":
			if at == 0 {
				at = i + 1
			}
		case "":
			x.fault(&ruleHL7Segment, noTarget, "", "")
		}
	}
	x.segment = x.line
	if patients != 1 {
		x.fault(&ruleHL7Patient, noTarget, "PID", "")
		return
	}
	for _, need := range [...]target{sourceID, lastName} {
		if len(x.raw[need]) == 0 {
			x.fail(&ruleRequired, need)
		}
	}
	x.unit.client(&x.client)
	if x.refused {
		return
	}
	x.client.UnitKey = fingerprintSeed.text(control).sum()
	if control == "" {
		x.client.UnitKey = fingerprintSeed.number(x.line).sum()
	}
	x.client.UnitHash = messageHash(m)
	if at > 0 {
		x.doses(m.Segments[at:])
	}
}

// messageHash is the fingerprint of all segments but the header, which holds when it was sent.
func messageHash(m *hl7.Message) int64 {
	h := fingerprintSeed
	for _, s := range m.Segments[1:] {
		h = h.text(unsafeString(s.Raw))
	}
	return h.sum()
}

// messageTypes are the types that a refusal may name: anything else is not repeated.
var messageTypes = map[string]bool{"ACK": true, "ADT": true, "ORU": true, "ORM": true, "QBP": true, "QCK": true, "RSP": true, "VXQ": true,
	"VXR": true, "VXX": true, "SIU": true, "MDM": true, "MFN": true, "DFT": true, "RDE": true, "RAS": true}

func (x *vxu) header() bool {
	if !x.m.Good || x.m.Segments[0].Name() != "MSH" {
		x.fault(&ruleHL7Header, noTarget, "MSH", "")
		return false
	}
	if x.m.TooLong {
		x.fault(&ruleHL7Size, noTarget, "", "")
		return false
	}
	x.fields = x.m.Fields(x.m.Segments[0], x.fields)
	if kind := string(x.first(9, 1)); kind != "VXU" {
		if !messageTypes[kind] {
			kind = ""
		}
		x.fault(&ruleHL7Type, noTarget, "MSH-9", kind)
		return false
	}
	switch processing := x.first(11, 1); {
	case bytes.Equal(processing, []byte("T")), bytes.Equal(processing, []byte("D")):
		x.fault(&ruleHL7Test, noTarget, "MSH-11", string(processing))
		return false
	}
	return true
}

// doses reads the order groups: ORC, RXA, RXR and OBX. What OBX says belongs to the RXA before it.
func (x *vxu) doses(segments []hl7.Segment) {
	x.person = x.raw
	var open, dropped bool
	var own []byte
	var e *stagedEvent
	finish := func() {
		if open && !dropped {
			e.seal()
			e.UnitKey = 0
			e.Early = e.AdministeredOn < x.client.BirthDate
		}
		if open && dropped {
			x.events = x.events[:len(x.events)-1]
		}
		open, dropped = false, false
	}
	for _, s := range segments {
		x.segment = s.Line
		x.fields = x.m.Fields(s, x.fields)
		switch s.Name() {
		case "ORC":
			finish()
			if own = x.first(3, 1); len(own) == 0 {
				own = x.first(2, 1)
			}
			if string(own) == "9999" { // what the guide sends where nothing was ordered
				own = nil
			}
		case "RXA":
			finish()
			x.events = append(x.events, stagedEvent{})
			e = &x.events[len(x.events)-1]
			open, dropped = true, !x.administration(e, own)
			own = nil
		case "RXR":
			if open && !dropped {
				x.raw = values{}
				x.raw[route], x.raw[site] = x.first(1, 1), x.first(2, 1)
				e.Route, e.Site = x.word(route, "route"), x.arena.upper(x.text(site))
			}
		case "OBX":
			x.observation(e, open)
		}
	}
	finish()
	x.segment = x.line
	x.refused = false // a refused dose does not refuse the message
}

// administration reads RXA. It reports false when no dose comes of it.
func (x *vxu) administration(e *stagedEvent, own []byte) bool {
	x.raw = values{}
	x.raw[sourceID] = x.person[sourceID]
	x.raw[doseDate] = x.first(3, 1)
	x.product5()
	if amount := x.first(6, 1); len(amount) > 0 && string(amount) != "999" {
		x.raw[volume] = append(append(make([]byte, 0, 32), amount...), ' ')
		x.raw[volume] = append(x.raw[volume], x.first(7, 1)...)
	}
	x.raw[source] = x.first(9, 1)
	giverName, _ := x.m.Next(x.field(10))
	x.raw[giver] = x.part(giverName, 1, 1)
	place, _ := x.m.Next(x.field(11))
	if x.raw[provider] = x.part(place, 4, 1); len(x.raw[provider]) == 0 {
		x.raw[provider] = x.person[provider]
	}
	x.raw[lot], x.raw[expiry], x.raw[mvx] = x.first(15, 1), x.first(16, 1), x.first(17, 1)
	x.raw[completion] = x.first(20, 1)
	x.raw[ownDoseID] = own
	act := string(x.first(21, 1))
	refusal := x.first(18, 1)
	before := x.refused
	x.refused = false
	defer func() { x.refused = before }()

	x.undoing = act == "D"
	code, _ := codes.CVX(unsafeString(x.raw[cvx]))
	switch done := string(x.raw[completion]); {
	case done == "RE" || len(refusal) > 0 && done != "CP" && done != "PA":
		x.refusal(refusal, code)
		return x.withdraw(e, act)
	case done == "NA" || codes.NoVaccine(code):
		if code != 0 && !codes.NoVaccine(code) {
			x.fault(&ruleNotGiven, completion, "RXA-20", "")
		}
		return x.withdraw(e, act)
	case done != "" && done != "CP" && done != "PA":
		x.fault(&ruleCode, completion, "RXA-20", safeCode("", done))
		x.raw[completion] = nil
	}
	if !x.dose(e) || x.refused {
		return false
	}
	if act == "D" {
		e.Action = "D"
	}
	return true
}

// withdraw makes a tombstone of what is now said not to have been given, where the sender's own id
// tells which dose that was.
func (x *vxu) withdraw(e *stagedEvent, act string) bool {
	if act != "U" && act != "D" || len(x.raw[ownDoseID]) == 0 {
		return false
	}
	x.undoing = true
	x.raw[completion] = nil
	if !x.dose(e) || x.refused {
		return false
	}
	e.Action = "D"
	return true
}

// product5 reads RXA-5: a code with its system, and an alternate one.
func (x *vxu) product5() {
	rep, _ := x.m.Next(x.field(5))
	for at := 1; at <= 4; at += 3 {
		code, system := x.part(rep, at, 1), x.part(rep, at+2, 1)
		if len(code) == 0 {
			continue
		}
		switch string(system) {
		case "CVX", "HL70292", "292":
			x.raw[cvx] = code
		case "NDC", "NDCU", "NDCS":
			x.raw[ndc] = code
		case "CPT", "C4", "CPT4":
			x.raw[cpt] = code
		default:
			if len(system) == 0 && at == 1 {
				x.raw[cvx] = code
				continue
			}
			x.raw[rawProduct] = append(append(append(make([]byte, 0, 40), system...), ':'), code...)
		}
	}
}

// refusal writes the observation that a vaccine was refused: a refusal is not a dose.
func (x *vxu) refusal(reason []byte, code int16) {
	d, state := parseDate("HL7", x.raw[doseDate])
	if state != dateGood || d > x.asOf {
		x.fault(&ruleDateBad, doseDate, "RXA-3", "")
		d = 0
	}
	r := x.arena.text(reason)
	if r == "" {
		r = "02"
	}
	x.observe("refusal", x.arena.join("NIP002:", r), code, d)
}

// observation reads OBX: what it says about the dose before it, or about the person.
func (x *vxu) observation(e *stagedEvent, open bool) {
	value := x.first(5, 1)
	if len(value) == 0 {
		return
	}
	system := string(x.first(5, 3))
	kind := ""
	switch string(x.first(3, 1)) {
	case "64994-7":
		if open {
			e.Eligibility = x.arena.text(value)
		}
		return
	case "30963-3":
		if open {
			e.Funding = x.arena.text(value)
		}
		return
	case "59784-9":
		kind = "immunity"
	case "30945-0", "31044-1":
		kind = "contraindication"
	case "59785-6":
		kind = "risk"
	default:
		return
	}
	switch system {
	case "SCT", "SNOMED", "SNM":
		system = "SCT"
	case "CDCPHINVS", "":
		system = "CDCPHINVS"
	}
	d, state := parseDate("HL7", x.first(14, 1))
	if state == dateBad || d > x.asOf {
		x.fault(&ruleDateBad, noTarget, "OBX-14", "")
		d = 0
	}
	if d == 0 && open {
		if d, state = parseDate("HL7", x.raw[doseDate]); state != dateGood || d > x.asOf {
			d = 0
		}
	}
	x.observe(kind, x.arena.join(x.arena.text([]byte(system)), ":", x.arena.text(value)), 0, d)
}

func (x *vxu) observe(kind, code string, vaccine int16, on table.Date) {
	h := fingerprintSeed.text(kind).text(code).number(int64(vaccine)).number(int64(on))
	id := h.text(x.client.SourceClientID)
	o := stagedObservation{File: x.file, Unit: x.line}
	o.ObservationID = x.arena.join(x.sender.ID, "/", id.hex(&x.arena))
	o.RecordID, o.Sender, o.Snapshot, o.BatchID, o.Line = x.client.RecordID, x.sender.ID, x.snapshot, x.batchID, x.segment
	o.SenderTime, o.Action, o.Kind, o.Code, o.CDSiCode = x.client.SenderTime, "A", kind, code, codes.CDSi(code)
	o.CVX, o.ObservedOn, o.ContentHash = vaccine, on, h.sum()
	x.observations = append(x.observations, o)
}
