package record

import (
	"strconv"
	"strings"

	"miic/ingest/codes"
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/table"
)

// What is no dose: refusals, and what OBX reports about a dose or a person.

// refusal writes the observation that a vaccine was refused, one for each reason: a refusal is not a dose.
func (x *vxu) refusal(reasons []byte, code int16) {
	if x.order.on == 0 {
		x.fault(rule.DateBad, field.DoseDate, "RXA-3", "")
	}
	if codes.NoVaccine(code) {
		code = 0
	}
	for rep, rest := x.m.Next(reasons); ; rep, rest = x.m.Next(rest) {
		reason, _ := x.code(rep, "NIP002")
		r := x.arena.Text(reason)
		if r == "" {
			r = "02"
		}
		x.observe(table.Observation{Kind: "refusal", Code: x.arena.Join("NIP002:", r), CVX: code,
			ObservedOn: x.order.on}, x.order.withdrawn)
		if rest == nil {
			return
		}
	}
}

// observationKinds are the questions of OBX-3 (LOINC) whose answers are observations.
var observationKinds = map[string]string{
	"59784-9": "immunity", "75505-8": "immunity", // presumed, and by serology
	"30945-0": "contraindication", "31044-1": "reaction", "59785-6": "risk",
}

// observation reads OBX: what it reports about the dose before it, or about the person.
func (x *vxu) observation() {
	rep, _ := x.m.Next(x.field(3))
	asked, _ := x.code(rep, "LN")
	status := string(x.first(11, 1))
	gone := status == "D" || status == "W" // deleted, or sent by mistake
	if status == "X" || status == "N" {    // no answer
		return
	}
	question := string(asked)
	if kind := observationKinds[question]; kind != "" {
		x.findings(kind, gone)
		return
	}
	value := x.coded(5, "SCT", "CDCPHINVS", "CVX")
	if len(value) == 0 || gone || !x.order.given {
		return
	}
	e := x.event()
	switch question {
	case "64994-7":
		e.Eligibility = x.arena.Text(value)
	case "30963-3":
		e.Funding = x.arena.Text(value)
	case "69764-9", "30956-7", "29768-9", "29769-7":
		x.statement(question, value)
	}
}

// findings writes an observation for each answer of OBX-5.
func (x *vxu) findings(kind string, gone bool) {
	on := x.observedOn()
	for rep, rest := x.m.Next(x.field(5)); ; rep, rest = x.m.Next(rest) {
		value, system := x.code(rep, "SCT", "SNOMED", "SNM", "CDCPHINVS")
		if len(value) > 0 {
			o := table.Observation{Kind: kind, ObservedOn: on}
			switch string(system) {
			case "SCT", "SNOMED", "SNM":
				o.Code = x.arena.Join("SCT:", x.arena.Text(value))
			case "CDCPHINVS", "":
				o.Code = x.arena.Join("CDCPHINVS:", x.arena.Text(value))
			default:
				o.Code = x.arena.Join(x.arena.Text(system), ":", x.arena.Text(value))
			}
			o.CDSiCode = codes.CDSi(o.Code)
			if kind == "reaction" && x.order.given {
				o.CVX = x.order.product
				if o.Code == anaphylaxis {
					o.CDSiCode = codes.CDSi(x.arena.Join("CVX:", twoDigits(o.CVX)))
				}
			}
			x.observe(o, gone || x.order.withdrawn)
		}
		if rest == nil {
			return
		}
	}
}

// anaphylaxis after a dose is the CDSi observation of a severe allergic reaction to that vaccine.
const anaphylaxis = "SCT:39579001"

func twoDigits(cvx int16) string {
	if cvx < 10 {
		return "0" + string(rune('0'+cvx))
	}
	return strconv.Itoa(int(cvx))
}

// observedOn is OBX-14, else the day of the dose that it is about.
func (x *vxu) observedOn() table.Date {
	d, state := read.ParseDate("HL7", x.first(14, 1))
	if state == read.DateBad || d > x.from.AsOf {
		x.fault(rule.DateBad, field.None, "OBX-14", "")
		d = 0
	}
	if d == 0 {
		return x.order.on
	}
	return d
}

func (x *vxu) observe(o table.Observation, withdrawn bool) {
	h := read.Seed.Text(o.Kind).Text(o.Code).Number(int64(o.CVX)).Number(int64(o.ObservedOn))
	id := h.Text(x.client.SourceClientID)
	o.ObservationID = x.arena.Join(x.from.Sender, "/", id.Hex(&x.arena))
	o.RecordID, o.Sender, o.Snapshot, o.BatchID, o.Line = x.client.RecordID, x.from.Sender, x.from.Snapshot,
		x.from.BatchID, x.segment
	o.SenderTime, o.Action = x.client.SenderTime, "A"
	if withdrawn {
		o.Action = "D"
		h = h.Text("D")
	}
	o.ContentHash = h.Sum()
	x.observations = append(x.observations, stagedObservation{Observation: o, unitColumns: unitColumns{File: x.from.No,
		Unit: x.line}})
}

// A statement is a vaccine information statement that was given with a dose. The parts of one have the same OBX-4.
type statement struct {
	group, document      string
	published, presented table.Date
}

// mostStatements is among how many statements of a dose the parts of one are looked for: nobody is handed as many.
const mostStatements = 64

// statement takes one part of a statement: its document or the vaccine it is about, or one of its days.
func (x *vxu) statement(question string, value []byte) {
	group := x.arena.Text(x.first(4, 1))
	at := -1
	for i := max(0, len(x.vis)-mostStatements); i < len(x.vis); i++ {
		if x.vis[i].group == group {
			at = i
		}
	}
	if at < 0 {
		at = len(x.vis)
		x.vis = append(x.vis, statement{group: group})
	}
	v := &x.vis[at]
	switch question {
	case "69764-9":
		v.document = x.arena.Text(value)
	case "30956-7":
		if v.document == "" {
			v.document = x.arena.Join("CVX:", x.arena.Text(value))
		}
	default:
		d, state := read.ParseDate("HL7", value)
		if state != read.DateGood || d > x.from.AsOf {
			x.fault(rule.DateBad, field.None, "OBX-5", "")
		} else if question == "29768-9" {
			v.published = d
		} else {
			v.presented = d
		}
	}
}

// statements joins what was reported of the dose's statements. A vaccine alone is none.
func (x *vxu) statements() string {
	start := len(x.arena.Buf)
	for i := range x.vis {
		v := &x.vis[i]
		if v.published == 0 && v.presented == 0 && (v.document == "" || strings.HasPrefix(v.document, "CVX:")) {
			continue
		}
		if len(x.arena.Buf) > start {
			x.arena.Buf = append(x.arena.Buf, '|')
		}
		x.arena.Join(v.document, "^", v.published.String(), "^", v.presented.String())
	}
	return read.UnsafeString(x.arena.Buf[start:len(x.arena.Buf):len(x.arena.Buf)])
}
