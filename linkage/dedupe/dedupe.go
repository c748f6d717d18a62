// Package dedupe makes real doses of reported ones, inside one person.
//
// It promises: every report is of exactly one dose; a dose keeps its id as long as it keeps the report that gave it;
// what the rules do not decide stays two doses and is recorded as a doubt. The rules are MIROW's "Vaccination Level
// Deduplication" (2006), with the weights of NIST's implementation and the winner score of STC.
package dedupe

import (
	"cmp"
	"maps"
	"slices"
	"strings"

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

// doseSet is reports that are taken for one real dose.
type doseSet struct {
	events []int
	groups []string // of all events
	hub    bool     // one event alone has all the groups
}

// deduper puts the doses of one person together.
type deduper struct {
	doses  []Row
	groups [][]string
	copies map[int][]int // by the first of them, reports that no rule can tell apart
	doubts []doubt       // pairs that a person would have to judge; they stay apart
	work   int           // pairs that were looked at, to see how it grows
}

// doubt is two reports that may be one dose.
type doubt struct {
	i, j   int
	reason string
}

// A candidate is two reports that the rules take for one dose.
type candidate struct{ i, j, score int }

// longestSpan, in days: no month is longer, and estimated looks no further than a month.
const longestSpan = 31

// mostNeighbours is with how many later reports of its vaccine group a report is compared. Nobody has a tenth of that
// within a month; it keeps the work for a person whom nobody can be from growing with its square. A test lowers it.
var mostNeighbours = 500

// outrightKey is the same for two reports that are one event without further question.
type outrightKey struct {
	on                   table.Date
	sender               string
	cvx                  int16
	raw, mvx, trade, lot string // where no CVX was found
}

// copyKey is the same for reports that no rule can tell apart.
type copyKey struct {
	outrightKey
	trade, lot string
	historical bool
}

func (r *Row) outrightKey() outrightKey {
	k := outrightKey{on: r.AdministeredOn, sender: r.Sender, cvx: r.CVX}
	if r.CVX == 0 {
		k.raw, k.mvx, k.trade, k.lot = r.RawCode, r.MVX, strings.ToLower(r.TradeName), strings.ToLower(r.Lot)
	}
	return k
}

// collapse keeps one of the reports that no rule can tell apart, and begins the sets: reports that are one event without
// further question are together. It returns those reports, in order, and the set of each.
func (d *deduper) collapse() (kept []int, at map[int]*doseSet) {
	first, sets := map[copyKey]int{}, map[outrightKey]*doseSet{}
	d.copies, at = map[int][]int{}, map[int]*doseSet{}
	d.groups = make([][]string, len(d.doses))
	for i := range d.doses {
		r := &d.doses[i]
		d.groups[i] = groupsOf[r.CVX]
		key := copyKey{r.outrightKey(), strings.ToLower(r.TradeName), strings.ToLower(r.Lot), r.Historical}
		if k, ok := first[key]; ok {
			d.copies[k] = append(d.copies[k], i)
			continue
		}
		first[key], d.copies[i] = i, []int{i}
		kept = append(kept, i)
		set := sets[key.outrightKey]
		if set == nil {
			set = &doseSet{groups: d.groups[i], hub: true}
			sets[key.outrightKey] = set
		}
		set.events = append(set.events, i)
		at[i] = set
	}
	return kept, at
}

// run returns the real doses: sets of indexes into doses, each in order, by their first.
func (d *deduper) run() [][]int {
	kept, at := d.collapse()
	list, verdicts := d.compare(kept, at)
	// The surest pairs first, so that a report that fits two doses joins the one it fits better.
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	refused := map[[2]*doseSet]bool{} // pairs of sets that cannot be one, as they are
	for _, c := range list {
		a, b := at[c.i], at[c.j]
		if a == b || refused[[2]*doseSet{a, b}] {
			continue
		}
		merged := d.merge(a, b, verdicts)
		if merged == nil {
			refused[[2]*doseSet{a, b}], refused[[2]*doseSet{b, a}] = true, true
			continue
		}
		for _, e := range merged.events {
			at[e] = merged
		}
	}
	var out [][]int
	for _, i := range kept {
		if at[i].events[0] != i {
			continue
		}
		var all []int
		for _, e := range at[i].events {
			all = append(all, d.copies[e]...)
		}
		slices.Sort(all)
		out = append(out, all)
	}
	return out
}

// compare judges the pairs of reports of a vaccine group that lie close enough together. It returns those that are one
// dose and all verdicts, and notes the doubts.
func (d *deduper) compare(kept []int, at map[int]*doseSet) (list []candidate, verdicts map[[2]int]verdict) {
	verdicts = map[[2]int]verdict{}
	seen := map[[2]int]bool{} // combinations have several groups
	byGroup := map[string][]int{}
	for _, i := range kept {
		for _, g := range d.groups[i] {
			byGroup[g] = append(byGroup[g], i)
		}
	}
	for _, g := range slices.Sorted(maps.Keys(byGroup)) {
		of := byGroup[g]
		for x, i := range of {
			for _, j := range of[x+1 : min(x+1+mostNeighbours, len(of))] {
				if int(d.doses[j].AdministeredOn-d.doses[i].AdministeredOn) > longestSpan {
					break
				}
				if at[i] == at[j] || len(d.groups[i]) > 1 && seen[[2]int{i, j}] {
					continue
				}
				if len(d.groups[i]) > 1 {
					seen[[2]int{i, j}] = true
				}
				d.work++
				list = d.judge(i, j, list, verdicts)
			}
		}
	}
	slices.SortStableFunc(d.doubts, func(a, b doubt) int { return cmp.Or(cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j)) })
	return list, verdicts
}

// judge looks at one pair of reports that share a vaccine group.
func (d *deduper) judge(i, j int, list []candidate, verdicts map[[2]int]verdict) []candidate {
	a, b := &d.doses[i], &d.doses[j]
	if w := window(sharedGroups(d.groups[i], d.groups[j])); int(b.AdministeredOn-a.AdministeredOn) >= w {
		if w == windowDays && estimated(a, b) {
			d.doubt(i, j, "one is dated to the first or the middle of the month in which the other was given")
		}
		return list
	}
	p := pairOf(a, b)
	v := p.verdict()
	verdicts[[2]int{i, j}] = v
	switch v {
	case sameDose:
		list = append(list, candidate{i, j, p.score()})
	case unsureDose:
		d.doubt(i, j, "the rules say neither one dose nor two, or their votes and their weight clash")
	}
	return list
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
			d.work++
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
