package record

import (
	"miic/ingest/codes"
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/table"
)

// dose fills e from the unit's values. It reports false when the unit holds no dose: a fee for giving
// one, or a claim line for something else.
func (u *unit) dose(e *stagedEvent) bool {
	*e = stagedEvent{unitColumns: u.columns()}
	e.Sender, e.Snapshot, e.BatchID, e.Line = u.from.Sender, u.from.Snapshot, u.from.BatchID, u.segment
	e.SourceID = u.identifier(field.SourceID)
	e.ClientNamespace = u.namespace(field.Namespace)
	e.RecordID = u.arena.Join(u.from.Sender, "/", e.SourceID, "/1")
	e.SenderTime = u.senderTime(field.UpdatedOn)
	e.Action = "A"
	if !u.product(e) {
		return false
	}
	e.AdministeredOn = u.requiredDate(field.DoseDate, rule.DoseMissing, rule.DoseBad, rule.DoseFuture)
	if len(u.choice.may) > 1 {
		y, m, d := e.AdministeredOn.YMD()
		e.CVX = codes.OnTheMarket(u.choice.may, e.CPT, e.MVX, int32(y*10000+m*100+d))
	}
	u.lots(e)
	e.LotExpiry = u.optionalDate(field.Expiry, true)
	e.Volume = u.text(field.Volume)
	e.Source = u.text(field.Source)
	if n, ok := read.WholeNumber(u.raw[field.Source]); e.Source != "" && (!ok || n > 8) {
		u.warnCode(field.Source, "NIP001", e.Source)
		e.Source = ""
	}
	e.Historical = e.Source != "00"
	e.Route = u.word(field.Route, "route")
	e.Site = u.arena.Upper(u.text(field.Site))
	if e.Provider = u.text(field.Provider); e.Provider == "" {
		e.Provider = u.text(field.Giver)
	}
	e.GivenBy, e.OrderedBy, e.EnteredBy, e.EnteredOn = u.text(field.Giver), u.text(field.Orderer),
		u.text(field.Enterer), u.optionalDate(field.EnteredOn, false)
	e.Funding, e.Eligibility = u.text(field.Funding), u.text(field.Eligibility)
	if e.Completion = u.text(field.Completion); e.Completion == "" {
		e.Completion = "CP"
	}
	if e.Completion == "PA" {
		e.Condition = "partial"
	}
	e.Content = contentKey(e).Sum()
	if own := u.identifier(field.OwnDoseID); own != "" {
		e.OwnID, e.Namespace = true, u.namespace(field.DoseNamespace)
		e.EventID = u.arena.Join(u.from.Sender, "/", own)
	} else {
		u.keyByContent(e)
	}
	return true
}

// keyByContent gives a dose the id of its record, date, product and lot: its sender gave none that holds.
func (u *unit) keyByContent(e *stagedEvent) {
	e.OwnID, e.Namespace, e.EventID = false, "", u.arena.Join(u.from.Sender, "/h", contentKey(e).Hex(&u.arena))
}

func contentKey(e *stagedEvent) read.Fingerprint {
	h := read.Seed.Text(e.SourceID).Number(int64(e.AdministeredOn)).Number(int64(e.CVX)).Text(e.Lot)
	if e.CVX == 0 {
		h = h.Text(e.RawCode)
	}
	return h
}

// seal fingerprints a dose once nothing more is added to it.
func (e *stagedEvent) seal() {
	e.ContentHash = eventHash(&e.VaccinationEvent)
	// Two lines of a flat file that report the same dose are one; the sender gave no id that they could
	// contradict each other by. Where it did, the id and its time are the key.
	e.UnitHash = e.ContentHash
	id := read.Seed.Text(e.EventID)
	e.KeyHash = id.Sum()
	id = within(within(id, e.Namespace), e.ClientNamespace)
	e.UnitKey = id.Number(int64(e.SenderTime)).Sum()
	if !e.OwnID {
		e.UnitKey = id.Number(e.ContentHash).Sum()
	}
}

// product finds the vaccine among the codes of a dose: CVX before NDC before CPT before trade name, and
// the group only where these give nothing. A code may mean several vaccines; a further code that
// agrees with one of them narrows the choice. A code that our tables lack is kept raw and counted;
// the dose stays. It reports false for a fee for giving a
// vaccine where nothing names one, and for a claim line for something else than a vaccine.
func (u *unit) product(e *stagedEvent) bool {
	p, fee := &u.choice, false
	*p = productChoice{unit: u, event: e}
	if s := u.text(field.CVX); s != "" {
		n, ok := codes.CVX(s)
		p.one[0] = n
		p.take(codes.Product{CVX: p.one[:]}, ok, field.CVX, "CVX", s)
	}
	if s := u.text(field.NDC); s != "" {
		eleven, product, ok := codes.NDC(s)
		e.NDC = eleven
		p.take(product, ok, field.NDC, "NDC", s)
	}
	if s := u.text(field.CPT); s != "" {
		product, known, vaccine := codes.CPT(s)
		fee = codes.Administration(s)
		if !fee && !vaccine && !p.given && len(u.raw[field.ClaimID]) > 0 {
			u.fail(rule.NotVaccine, field.CPT)
			return false
		}
		if !fee {
			e.CPT = s
			p.take(product, known, field.CPT, "CPT", s)
		}
	}
	if s := u.text(field.TradeName); s != "" {
		e.TradeName = s
		product, ok := codes.Trade(s)
		p.take(product, ok, field.TradeName, "TRADE", s)
	}
	if s := u.text(field.VaccineGroup); s != "" && len(p.may) == 0 {
		v, ok := codes.Word("group", s)
		p.one[0], _ = codes.CVX(v)
		p.take(codes.Product{CVX: p.one[:]}, ok, field.VaccineGroup, "GROUP", s)
	}
	if s := u.text(field.RawProduct); s != "" && len(p.may) == 0 {
		p.given = true
		e.RawCode = s
		u.warnCode(field.RawProduct, "", s)
	}
	if fee && !p.given {
		u.fail(rule.NotVaccine, field.CPT)
		return false
	}
	if !p.given && !u.undoing {
		u.fail(rule.Product, field.CVX)
	}
	if len(p.may) > 0 {
		e.CVX, e.RawCode = p.may[0], ""
	}
	e.MVX = p.mvx
	if s := u.text(field.MVX); s != "" {
		if v, ok := codes.MVX(s); ok {
			e.MVX = v
		} else {
			u.warnCode(field.MVX, "MVX", s)
		}
	}
	return true
}

// productChoice narrows the vaccines that a dose's codes may mean.
type productChoice struct {
	unit  *unit
	event *stagedEvent
	given bool
	may   []int16
	mvx   string
	one   [1]int16
	both  [4]int16
}

func (p *productChoice) take(q codes.Product, known bool, t field.Field, system, raw string) {
	p.given = true
	if !known {
		p.unit.warnCode(t, system, raw)
		if p.event.RawCode == "" {
			p.event.RawCode = p.unit.arena.Join(system, ":", raw)
		}
		return
	}
	if len(p.may) == 0 {
		p.may, p.mvx = q.CVX, q.MVX
		return
	}
	both := p.both[:0]
	for _, a := range p.may {
		for _, b := range q.CVX {
			if a == b && len(both) < cap(both) {
				both = append(both, a)
			}
		}
	}
	if len(both) == 0 {
		p.unit.fail(rule.ProductsDif, t)
		return
	}
	p.may = both
	if p.mvx == "" {
		p.mvx = q.MVX
	}
}

// eventHash is the fingerprint of all that an event holds.
func eventHash(e *table.VaccinationEvent) int64 {
	h := read.Seed
	for _, s := range [...]string{e.RecordID, e.Action, e.RawCode, e.MVX, e.NDC, e.CPT, e.TradeName, e.Lot, e.LotOther,
		e.LotRaw, e.Volume, e.Source, e.Route, e.Site,
		e.Provider, e.GivenBy, e.OrderedBy, e.EnteredBy, e.VIS, e.Funding, e.Eligibility, e.Completion, e.Condition,
		e.ClaimNumber} {
		h = h.Text(s)
	}
	if e.Historical {
		h = h.Number(1)
	}
	return h.Number(int64(e.CVX)).
		Number(int64(e.LotExpiry)).
		Number(int64(e.AdministeredOn)).
		Number(int64(e.EnteredOn)).
		Sum()
}

// consent refuses a dose that a school reports without the family's consent: the law on education records (FERPA) asks for it.
func (u *unit) consent() {
	if u.from.Kind == "school" && u.word(field.Consent, "consent") != "Y" {
		u.fail(rule.Consent, field.Consent)
	}
}
