package survive

import (
	"cmp"
	"slices"

	"miic/internal/area"
)

// addresses are the kinds of address, the best first. A whole one is better than a newer part of one.
var addresses = []struct {
	is     func(Row) bool
	reason string
}{
	{func(r Row) bool { return r.Address1 != "" && r.ZIP != "" }, "the whole address that was true last"},
	{func(r Row) bool { return r.ZIP != "" }, "true last; no record has a whole address that mail reaches"},
}

// address chooses where a person lives. An address that mail comes back from gives way to any other that mail reaches,
// but not to an older one that its own sender has replaced: then nothing is mailed.
func (x *chooser) address(counties *area.Table) {
	c := &x.c
	var bad []*Row
	for i := range x.rows {
		if r := &x.rows[i]; r.AddressFlag != "" {
			bad = append(bad, r)
		}
	}
	reached := func(r Row) bool {
		return !slices.ContainsFunc(bad, func(b *Row) bool { return r.RecordID == b.RecordID || b.overtakes(&r) })
	}
	var best *Row
	reason := ""
	for _, kind := range addresses {
		if best = x.best(ofAddress, false, func(r Row) bool { return kind.is(r) && reached(r) }); best != nil {
			reason = kind.reason
			break
		}
	}
	if best == nil {
		best = x.best(ofAddress, false, func(r Row) bool { return r.addressKey() != "" })
		reason = "true last; none is known that mail reaches"
	}
	c.Region = area.Unassigned
	if best == nil {
		return
	}
	c.Address1, c.Address2, c.City, c.State, c.ZIP = best.Address1, best.Address2, best.City, best.State, best.ZIP
	c.AddressFlag, c.AddressSource = best.AddressFlag, best.RecordID
	if !reached(*best) {
		c.AddressFlag = "bad"
	}
	c.CountyFIPS, c.Region = counties.LookUp(x.county(best), best.ZIP)
	c.Region = cmp.Or(c.Region, area.Unassigned)
	x.report("address", best, reason)
}

// county is the county that a record reports; if it has none, the one that another record of the person gives for that
// address, else for its ZIP code: some codes lie in two counties, and the table knows only the larger part.
func (x *chooser) county(of *Row) string {
	if of.CountyFIPS != "" {
		return of.CountyFIPS
	}
	for _, same := range []func(r Row) bool{
		func(r Row) bool { return of.Address1 != "" && r.addressKey() == of.addressKey() },
		func(r Row) bool { return of.ZIP != "" && zip5(r.ZIP) == zip5(of.ZIP) },
	} {
		if r := x.best(ofAddress, false, func(r Row) bool { return r.CountyFIPS != "" && same(r) }); r != nil {
			return r.CountyFIPS
		}
	}
	return ""
}

// overtakes reports that mail which came back from one address speaks against another that another record has: it is
// the same one, and no newer; or it is older, and the sender of the bad one has replaced it. Who reports what came of
// notices replaces nothing thereby: an address that another letter brought to light is not its own older word.
func (r *Row) overtakes(other *Row) bool {
	here, there := r.since[ofAddress].on, other.since[ofAddress].on
	key := other.addressKey()
	switch {
	case there > here:
		return false
	case key == r.addressKey():
		return true
	}
	own := r.Sender == other.Sender && !r.ofNotice()
	return there < here && (own || slices.Contains(r.replaced, key))
}
