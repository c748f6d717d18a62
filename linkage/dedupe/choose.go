package dedupe

import (
	"cmp"
	"maps"
	"slices"

	"miic/internal/table"
)

// worth is STC's score of a report: how much it records of the dose.
func (r *Row) worth() int {
	w := 0
	if !r.Historical {
		w++
	}
	if r.CVX != 0 && !unspecified[r.CVX] {
		w += 2
	}
	if r.Lot != "" {
		w += 3
	}
	if len(groupsOf[r.CVX]) > 1 {
		w++
	}
	return w
}

// chosen returns the event that represents a set, and the rule that chose it: of those that name all its antigens the one
// that records most.
func (d *deduper) chosen(set []int) (int, string) {
	named := d.named(set)
	var order []int
	for _, e := range set {
		if partsOf[d.doses[e].CVX] == named {
			order = append(order, e)
		}
	}
	better := func(i, j int) int {
		a, b := &d.doses[i], &d.doses[j]
		return cmp.Or(cmp.Compare(b.worth(), a.worth()), cmp.Compare(b.SenderTime, a.SenderTime),
			cmp.Compare(a.EventID, b.EventID))
	}
	slices.SortFunc(order, better)
	best := &d.doses[order[0]]
	if most := &d.doses[slices.MinFunc(set, better)]; partsOf[most.CVX] != named {
		return order[0], "alone names every antigen that is reported"
	}
	switch next := order[1:]; {
	case len(next) == 0 && len(set) == 1:
		return order[0], "only report"
	case len(next) == 0 || best.worth() > d.doses[next[0]].worth():
		return order[0], "tells most: given by the sender, product, lot, combination"
	case best.SenderTime > d.doses[next[0]].SenderTime:
		return order[0], "newest of equal reports"
	default:
		return order[0], "smallest id of equal reports"
	}
}

// day is when the dose of a set was given. A sender that gave it knows the day best, a bill has the day of service, and a
// copy of somebody's shot card what was read there. Of the best kind the day of most reports counts, of equal ones the
// one nearest to the chosen report. But givers' days are not counted: the nearest one holds.
func (d *deduper) day(set []int, k int) table.Date {
	on := d.doses[k].AdministeredOn
	if !d.doses[k].Historical {
		return on
	}
	kind := func(e int) int {
		switch r := &d.doses[e]; {
		case !r.Historical:
			return 2
		case r.Claimed:
			return 1
		}
		return 0
	}
	best, reports := 0, map[table.Date]int{}
	for _, e := range set {
		if k := kind(e); k > best {
			best, reports = k, map[table.Date]int{}
		}
		if kind(e) == best {
			reports[d.doses[e].AdministeredOn]++
		}
	}
	away := func(day table.Date) int { return int(max(day-on, on-day)) }
	return slices.MinFunc(slices.Sorted(maps.Keys(reports)), func(a, b table.Date) int {
		if best < 2 && reports[a] != reports[b] {
			return cmp.Compare(reports[b], reports[a])
		}
		return cmp.Compare(away(a), away(b))
	})
}

// unknownCVX is CVX's own code for a vaccine that is not known.
const unknownCVX = 999

// Immunizations turns the doses of one person, in the order of date and event, into real ones.
func Immunizations(doses []Row) (real []table.Immunization, sources []table.ImmunizationSource,
	doubts []table.DoseDoubt) {
	d := &deduper{doses: doses}
	of := make([]string, len(doses)) // the real dose of each report
	for _, set := range d.run() {
		k, why := d.chosen(set)
		im := d.immunization(set, k, why)
		real = append(real, im)
		for _, i := range set {
			of[i] = im.ImmunizationID
			reason := "chosen"
			if i != k {
				reason = d.reason(i, k)
			}
			sources = append(sources, table.ImmunizationSource{EventID: doses[i].EventID,
				ImmunizationID: im.ImmunizationID, ClientID: im.ClientID, Reason: reason})
		}
	}
	return real, sources, d.between(of)
}

// immunization makes the real dose of a set of reports: what report k has, blanks filled from the others.
func (d *deduper) immunization(set []int, k int, why string) table.Immunization {
	c := &d.doses[k]
	im := table.Immunization{ImmunizationID: stableID(d.doses, set, c.EventID), ClientID: c.ClientID,
		AdministeredOn: d.day(set, k), CVX: c.CVX, MVX: c.MVX, TradeName: c.TradeName, Lot: c.Lot,
		LotExpiry: c.LotExpiry, Historical: true, Condition: c.Condition, Eligibility: c.Eligibility, EventID: c.EventID,
		SourceCount: int32(len(set)), Reason: why, ClaimedAntigens: d.claimed(set)}
	if im.CVX == 0 {
		im.CVX = unknownCVX
	}
	if !c.Historical && c.SenderKind == "clinic" {
		im.Provider = c.Sender
	}
	for _, i := range set {
		e := &d.doses[i]
		if !e.Historical {
			im.Historical = false
			if im.Provider == "" && e.SenderKind == "clinic" {
				im.Provider = e.Sender
			}
		}
		if im.Condition == "" {
			im.Condition = e.Condition
		}
		im.Eligibility = cmp.Or(im.Eligibility, e.Eligibility)
		if e.CVX != c.CVX { // another product may have another lot
			continue
		}
		im.MVX, im.TradeName = cmp.Or(im.MVX, e.MVX), cmp.Or(im.TradeName, e.TradeName)
		if im.Lot == "" || im.Lot == e.Lot {
			im.Lot, im.LotExpiry = e.Lot, cmp.Or(im.LotExpiry, e.LotExpiry)
		}
	}
	return im
}

// between turns doubts about reports into doubts about doses: one for two doses, none inside one.
func (d *deduper) between(of []string) []table.DoseDoubt {
	var out []table.DoseDoubt
	known := map[[2]string]bool{}
	for _, x := range d.doubts {
		a, b := of[x.i], of[x.j]
		if pair := [2]string{min(a, b), max(a, b)}; a != b && !known[pair] {
			known[pair] = true
			out = append(out, table.DoseDoubt{ImmunizationID: a, OtherID: b, ClientID: d.doses[x.i].ClientID,
				Days: int32(d.doses[x.j].AdministeredOn - d.doses[x.i].AdministeredOn), Reason: x.reason})
		}
	}
	return out
}

// reason is why event i reports the dose that event k represents.
func (d *deduper) reason(i, k int) string {
	a, b := &d.doses[i], &d.doses[k]
	switch p := pairOf(a, b); {
	case outright(a, b):
		return "same day, sender and product"
	case len(sharedGroups(d.groups[i], d.groups[k])) == 0:
		return "component of a combination on about the same day"
	case p.days == 0:
		return "same day, products share a vaccine group"
	default:
		return "close days, products share a vaccine group"
	}
}

// stableID keeps the id that the set had: that of one of its own events, so that no two doses can
// ever have the same. Only a dose that is new gets an id, from its chosen event.
func stableID(doses []Row, set []int, chosen string) string {
	id, own := "", map[string]bool{}
	for _, i := range set {
		own[doses[i].EventID] = true
	}
	for _, i := range set {
		if p := doses[i].Prior; p != "" && own[p] && (id == "" || p < id) {
			id = p
		}
	}
	return cmp.Or(id, chosen)
}
