package record

import (
	"bytes"
	"slices"
	"strings"

	"miic/ingest/codes"
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/table"
)

// The order groups: ORC, RXA and RXR, and the OBX that follow them.

// An order is what the group around a dose holds.
type order struct {
	id               []byte // the sender's own id of the dose
	authority        []byte // who gave it
	orderer, enterer []byte
	on               table.Date // RXA-3
	dose             bool       // an RXA was read
	given            bool       // and a dose, or the withdrawal of one, came of it
	withdrawn        bool       // RXA-21 is D
	product          int16      // CVX, also where no dose was given
}

// doses reads the order groups, which begin with that segment. An OBX belongs to the RXA before it, or to
// the person where there is none.
func (x *vxu) doses(from int) {
	x.person = x.raw
	x.order, x.vis = order{}, x.vis[:0]
	for i := from; i < len(x.m.Segments); i++ {
		x.turn(i)
		switch x.m.Segments[i].Name() {
		case "ORC":
			x.finish()
			x.ordered()
		case "RXA":
			x.finish()
			x.events = append(x.events, stagedEvent{})
			x.order.dose = true
			if x.order.given = x.administration(x.event()); !x.order.given {
				x.events = x.events[:len(x.events)-1]
			}
		case "RXR":
			if x.order.given {
				x.raw[field.Route], x.raw[field.Site] = x.coded(1, "NCIT", "HL70162"), x.coded(2, "HL70163")
				x.event().Route, x.event().Site = x.word(field.Route, "route"), x.arena.Upper(x.text(field.Site))
			}
		case "OBX":
			x.observation()
		}
	}
	x.finish()
	x.segment = x.line
	x.ownIDs()
	x.refused = false // a refused dose does not refuse the message
}

// event is the dose that is being read.
func (x *vxu) event() *stagedEvent { return &x.events[len(x.events)-1] }

// finish closes the group of a dose; what ORC held is of the next RXA only.
func (x *vxu) finish() {
	if x.order.given {
		x.event().VIS = x.statements()
		x.event().seal()
		x.event().UnitKey = 0
	}
	if x.order.dose {
		x.order, x.vis = order{}, x.vis[:0]
	}
}

// ordered reads ORC: the dose's id, and who ordered and wrote it.
func (x *vxu) ordered() {
	x.order = order{}
	at := 3
	if x.order.id = x.first(at, 1); len(x.order.id) == 0 {
		at = 2
		x.order.id = x.first(at, 1)
	}
	if rep, _ := x.m.Next(x.field(at)); len(x.order.id) > 0 {
		x.order.authority = x.authority(rep, 2, false)
	}
	if string(x.order.id) == "9999" { // what the guide sends where nothing was ordered
		x.order.id = nil
	}
	x.order.enterer, x.order.orderer = x.staff(10), x.staff(12)
}

// staff reads a person at the sender's (XCN): the id, else given name and surname.
func (x *vxu) staff(field int) []byte {
	rep, _ := x.m.Next(x.field(field))
	if len(rep) == 0 {
		return nil
	}
	if id := x.part(rep, 1, 1); len(id) > 0 {
		return id
	}
	family, given := x.part(rep, 2, 1), x.part(rep, 3, 1)
	switch {
	case len(given) == 0:
		return family
	case len(family) == 0:
		return given
	}
	name := append(make([]byte, 0, len(given)+1+len(family)), given...)
	return append(append(name, ' '), family...)
}

// administration reads RXA. It reports false when no dose comes of it.
func (x *vxu) administration(e *stagedEvent) bool {
	x.raw = field.Values{}
	x.raw[field.SourceID], x.raw[field.Namespace] = x.person[field.SourceID], x.person[field.Namespace]
	x.raw[field.DoseDate] = x.first(3, 1)
	if d, state := read.ParseDate("HL7", x.raw[field.DoseDate]); state == read.DateGood && d <= x.from.AsOf {
		x.order.on = d
	}
	x.product5()
	x.order.product = x.vaccine()
	if amount := x.first(6, 1); len(amount) > 0 && string(amount) != "999" {
		x.raw[field.Volume] = append(append(make([]byte, 0, 32), amount...), ' ')
		x.raw[field.Volume] = append(x.raw[field.Volume], x.first(7, 1)...)
	}
	x.raw[field.Source] = x.coded(9, "NIP001", "NIP0001")
	x.raw[field.Giver], x.raw[field.Orderer], x.raw[field.Enterer] = x.staff(10), x.order.orderer, x.order.enterer
	place, _ := x.m.Next(x.field(11))
	if x.raw[field.Provider] = x.part(place, 4, 1); len(x.raw[field.Provider]) == 0 {
		x.raw[field.Provider] = x.person[field.Provider]
	}
	x.raw[field.Lot], x.raw[field.Expiry], x.raw[field.MVX] = x.first(15, 1), x.first(16, 1),
		x.coded(17, "MVX", "HL70227")
	x.raw[field.Completion] = capitals(x.first(20, 1))
	x.raw[field.EnteredOn] = x.first(22, 1)
	x.raw[field.OwnDoseID], x.raw[field.DoseNamespace] = x.order.id, x.order.authority
	act := x.action()
	refusal := x.field(18)
	before := x.refused
	x.refused = false
	defer func() { x.refused = before }()

	x.undoing, x.order.withdrawn = act == "D", act == "D"
	code := x.order.product
	switch done := string(x.raw[field.Completion]); {
	case done == "RE" || len(refusal) > 0 && done != "CP" && done != "PA":
		x.refusal(refusal, code)
		return x.withdraw(e, act)
	case done == "NA" || codes.NoVaccine(code):
		if code != 0 && !codes.NoVaccine(code) {
			x.fault(rule.NotGiven, field.Completion, "RXA-20", "")
		}
		return x.withdraw(e, act)
	case done != "" && done != "CP" && done != "PA":
		x.fault(rule.Code, field.Completion, "RXA-20", safeCode("", done))
		x.raw[field.Completion] = nil
	case len(refusal) > 0:
		x.fault(rule.RefusedDose, field.None, "RXA-18", "")
	}
	if !x.dose(e) || x.refused {
		return false
	}
	if act == "D" {
		e.Action = "D"
	}
	return true
}

// action is RXA-21: A, U or D. One that is not known is taken as A: the dose is loaded.
func (x *vxu) action() string {
	switch act := capitals(x.first(21, 1)); string(act) {
	case "U":
		return "U"
	case "D":
		return "D"
	case "", "A":
	default:
		x.fault(rule.Code, field.None, "RXA-21", safeCode("", string(act)))
	}
	return "A"
}

// capitals returns a code in capital letters: most are.
func capitals(b []byte) []byte {
	for _, c := range b {
		if c >= 'a' && c <= 'z' {
			return bytes.ToUpper(b)
		}
	}
	return b
}

// withdraw makes a tombstone of what is now reported as not given, where the sender's own id
// identifies that dose.
func (x *vxu) withdraw(e *stagedEvent, act string) bool {
	if act != "U" && act != "D" || len(x.raw[field.OwnDoseID]) == 0 {
		return false
	}
	x.undoing = true
	x.raw[field.Completion] = nil
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
			x.raw[field.CVX] = code
		case "NDC", "NDCU", "NDCS":
			x.raw[field.NDC] = code
		case "CPT", "C4", "CPT4", "C5", "HCPCS", "HPC":
			x.raw[field.CPT] = code
		default:
			if len(system) == 0 && at == 1 {
				x.raw[field.CVX] = code
				continue
			}
			x.raw[field.RawProduct] = append(append(append(make([]byte, 0, 40), system...), ':'), code...)
		}
	}
}

// vaccine is the CVX code of RXA-5, by whatever code it names the vaccine, or 0.
func (x *vxu) vaccine() int16 {
	if code, ok := codes.CVX(read.UnsafeString(x.raw[field.CVX])); ok {
		return code
	}
	p, ok := codes.Product{}, false
	if _, p, ok = codes.NDC(read.UnsafeString(x.raw[field.NDC])); !ok {
		p, _, _ = codes.CPT(read.UnsafeString(x.raw[field.CPT]))
	}
	if len(p.CVX) > 0 {
		return p.CVX[0]
	}
	return 0
}

// ownIDs looks at the ids that the sender gave the message's doses: one that is on different doses is that of an
// order or a visit, and identifies none of them.
func (x *vxu) ownIDs() {
	if len(x.events) < 2 {
		return
	}
	clear(x.byID)
	x.ids = x.ids[:0]
	for i := range x.events {
		e := &x.events[i]
		x.ids = append(x.ids, "")
		if !e.OwnID || e.Action != "A" {
			continue
		}
		x.ids[i] = e.EventID
		if e.Namespace != "" {
			x.ids[i] = x.arena.Join(e.EventID, "^", strings.ToUpper(strings.TrimSpace(e.Namespace)))
		}
		first := x.sameID(i)
		if first < 0 {
			continue
		}
		if f := &x.events[first]; f.AdministeredOn != e.AdministeredOn || f.CVX != e.CVX || f.RawCode != e.RawCode {
			x.disown(f)
			x.disown(e)
		} else if !f.OwnID {
			x.disown(e)
		}
	}
	x.segment = x.line
}

// sameID returns the place of the first dose before the one at i to which the sender gave the same id, or -1.
func (x *vxu) sameID(i int) int {
	if i < 16 { // as in most messages: a map would cost more
		return slices.Index(x.ids[:i], x.ids[i])
	}
	if x.byID == nil {
		x.byID = map[string]int{}
	}
	if len(x.byID) == 0 {
		for k, id := range slices.Backward(x.ids[:i]) {
			x.byID[id] = k
		}
	}
	if k, ok := x.byID[x.ids[i]]; ok {
		return k
	}
	x.byID[x.ids[i]] = i
	return -1
}

// disown makes a dose known by its content.
func (x *vxu) disown(e *stagedEvent) {
	if !e.OwnID {
		return
	}
	x.segment = e.Line
	x.fault(rule.FillerTwice, field.OwnDoseID, "ORC-3", "")
	x.keyByContent(e)
	e.seal()
	e.UnitKey = 0
}
