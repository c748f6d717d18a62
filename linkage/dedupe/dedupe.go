// Package dedupe makes real doses of reported ones, inside one person.
//
// It promises: every report is of exactly one dose; a dose keeps its id as long as it keeps the report that gave it;
// what the rules do not decide stays two doses and is recorded as a doubt. The rules are MIROW's "Vaccination Level
// Deduplication" (2006), with the weights of NIST's implementation and the winner score of STC.
package dedupe

import (
	"cmp"
	"slices"

	"miic/internal/table"
)

// Row is a reported dose of a person.
type Row struct {
	ClientID       int64      `col:"client_id"`
	EventID        string     `col:"event_id"`
	Sender         string     `col:"sender"`
	SenderKind     string     `col:"sender_kind,null"`
	SenderTime     table.Time `col:"sender_time"`
	CVX            int16      `col:"cvx,null"`
	MVX            string     `col:"mvx,null"`
	TradeName      string     `col:"trade_name,null"`
	Lot            string     `col:"lot,null"`
	LotExpiry      table.Date `col:"lot_expiry"`
	AdministeredOn table.Date `col:"administered_on"`
	Historical     bool       `col:"historical"`
	Condition      string     `col:"condition,null"`
	RawCode        string     `col:"raw_code,null"`           // the product as sent, where no CVX was found
	Prior          string     `col:"prior_immunization,null"` // the immunization it reported in the parent snapshot
}

// doseSet is events that are taken for one real dose.
type doseSet struct {
	events []int
	groups []string // of all events
	hub    bool     // one event alone has all the groups
}

// deduper puts the doses of one person together.
type deduper struct {
	doses  []Row
	groups [][]string
	doubts []doubt // pairs that a person would have to judge; they stay apart
}

// doubt is two reports that may be one dose.
type doubt struct {
	i, j   int
	reason string
}

// A candidate is two reports that the rules take for one dose.
type candidate struct{ i, j, score int }

const (
	sureScore   = 1000 // of two reports that are one event without further question: above any score of the rules
	longestSpan = 31   // days: no month is longer, and estimated looks no further than a month
)

// run returns the real doses: sets of indexes into doses, each in order, by their first.
func (d *deduper) run() [][]int {
	at := make([]*doseSet, len(d.doses))
	d.groups = make([][]string, len(d.doses))
	for i := range d.doses {
		d.groups[i] = groupsOf[d.doses[i].CVX]
		at[i] = &doseSet{events: []int{i}, groups: d.groups[i], hub: true}
	}
	list, verdicts := d.compare()
	// The surest pairs first, so that a report that fits two doses joins the one it fits better.
	slices.SortStableFunc(list, func(a, b candidate) int { return b.score - a.score })
	for _, c := range list {
		a, b := at[c.i], at[c.j]
		if a == b {
			continue
		}
		if merged := d.merge(a, b, verdicts); merged != nil {
			for _, e := range merged.events {
				at[e] = merged
			}
		}
	}
	var out [][]int
	for i := range at {
		if at[i].events[0] == i {
			out = append(out, at[i].events)
		}
	}
	return out
}

// compare judges the pairs of reports that lie close enough together. It returns those that are one dose and all
// verdicts, and notes the doubts.
func (d *deduper) compare() (list []candidate, verdicts map[[2]int]verdict) {
	verdicts = map[[2]int]verdict{}
	for i := range d.doses {
		for j := i + 1; j < len(d.doses); j++ {
			a, b := &d.doses[i], &d.doses[j]
			days := int(b.AdministeredOn - a.AdministeredOn)
			if days > longestSpan {
				break
			}
			same := outright(a, b)
			if w := window(sharedGroups(d.groups[i], d.groups[j])); !same && days >= w {
				if w == windowDays && estimated(a, b) {
					d.doubt(i, j, "one is dated to the first or the middle of the month in which the other was given")
				}
				continue
			}
			p := pairOf(a, b)
			v, score := p.verdict(), p.score()
			if same {
				v, score = sameDose, sureScore
			}
			verdicts[[2]int{i, j}] = v
			switch v {
			case sameDose:
				list = append(list, candidate{i, j, score})
			case unsureDose:
				d.doubt(i, j, "the rules say neither one dose nor two, or their votes and their weight clash")
			}
		}
	}
	return list, verdicts
}

func (d *deduper) doubt(i, j int, reason string) { d.doubts = append(d.doubts, doubt{i, j, reason}) }

// merge joins two sets if the whole of the result can be one dose, else returns nil: every pair lies
// within the window, no pair is known to be two doses, and events of different groups are held
// together by one combination product that has them all.
func (d *deduper) merge(a, b *doseSet, verdicts map[[2]int]verdict) *doseSet {
	events := append(slices.Clone(a.events), b.events...)
	slices.Sort(events)
	m := &doseSet{events: events, groups: slices.Clone(a.groups)}
	for _, g := range b.groups {
		if !slices.Contains(m.groups, g) {
			m.groups = append(m.groups, g)
		}
	}
	for _, e := range m.events {
		m.hub = m.hub || len(d.groups[e]) == len(m.groups)
	}
	if !m.hub {
		return nil
	}
	for _, i := range a.events {
		for _, j := range b.events {
			i, j := min(i, j), max(i, j)
			v, compared := verdicts[[2]int{i, j}]
			if compared && v == differentDose {
				return nil
			}
			if compared {
				continue
			}
			days := int(d.doses[j].AdministeredOn - d.doses[i].AdministeredOn)
			if days >= windowDays || len(sharedGroups(d.groups[i], d.groups[j])) > 0 {
				return nil
			}
		}
	}
	return m
}

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

// chosen returns the event that represents a set, and the rule that chose it.
func (d *deduper) chosen(set []int) (int, string) {
	order := slices.Clone(set)
	slices.SortFunc(order, func(i, j int) int {
		a, b := &d.doses[i], &d.doses[j]
		return cmp.Or(cmp.Compare(b.worth(), a.worth()), cmp.Compare(b.SenderTime, a.SenderTime),
			cmp.Compare(a.EventID, b.EventID))
	})
	switch best, next := &d.doses[order[0]], order[1:]; {
	case len(next) == 0:
		return order[0], "only report"
	case best.worth() > d.doses[next[0]].worth():
		return order[0], "tells most: given by the sender, product, lot, combination"
	case best.SenderTime > d.doses[next[0]].SenderTime:
		return order[0], "newest of equal reports"
	default:
		return order[0], "smallest id of equal reports"
	}
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
		AdministeredOn: c.AdministeredOn, CVX: c.CVX, MVX: c.MVX, TradeName: c.TradeName, Lot: c.Lot,
		LotExpiry: c.LotExpiry, Historical: true, Condition: c.Condition, EventID: c.EventID,
		SourceCount: int32(len(set)), Reason: why}
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
	for _, x := range d.doubts {
		row := table.DoseDoubt{ImmunizationID: of[x.i], OtherID: of[x.j], ClientID: d.doses[x.i].ClientID,
			Days: int32(d.doses[x.j].AdministeredOn - d.doses[x.i].AdministeredOn), Reason: x.reason}
		known := slices.ContainsFunc(out, func(o table.DoseDoubt) bool {
			return o.ImmunizationID == row.ImmunizationID && o.OtherID == row.OtherID ||
				o.ImmunizationID == row.OtherID && o.OtherID == row.ImmunizationID
		})
		if row.ImmunizationID != row.OtherID && !known {
			out = append(out, row)
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
	id := ""
	for _, i := range set {
		p := doses[i].Prior
		own := slices.ContainsFunc(set, func(j int) bool { return doses[j].EventID == p })
		if p != "" && own && (id == "" || p < id) {
			id = p
		}
	}
	return cmp.Or(id, chosen)
}
