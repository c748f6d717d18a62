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
	Claimed        bool       `col:"claimed"`
	Condition      string     `col:"condition,null"`
	RawCode        string     `col:"raw_code,null"`           // the product as sent, where no CVX was found
	Eligibility    string     `col:"eligibility,null"`        // of the person, for public vaccine
	Prior          string     `col:"prior_immunization,null"` // the immunization it reported in the parent snapshot
}

// doseSet is reports that are taken for one real dose.
type doseSet struct {
	events []int
	named  uint64 // the antigens of all events
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
			set = &doseSet{named: partsOf[r.CVX]}
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
	d.join(list, at, verdicts)
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

// join puts sets together by the pairs that are one dose.
func (d *deduper) join(list []candidate, at map[int]*doseSet, verdicts map[[2]int]verdict) {
	refused := map[[2]*doseSet]refusal{} // pairs of sets that cannot be one, as they are
	for _, c := range list {
		a, b := at[c.i], at[c.j]
		if a == b {
			continue
		}
		why, known := refused[[2]*doseSet{a, b}]
		var merged *doseSet
		if !known {
			merged, why = d.merge(a, b, verdicts)
		}
		if merged == nil {
			refused[[2]*doseSet{a, b}], refused[[2]*doseSet{b, a}] = why, why
			if why == antigenLost {
				d.doubt(c.i, c.j, "no report names all the antigens that the reports of both name")
			}
			continue
		}
		for _, e := range merged.events {
			at[e] = merged
		}
	}
	d.sortDoubts()
}

// sortDoubts puts the doubts in the order of their reports.
func (d *deduper) sortDoubts() {
	slices.SortStableFunc(d.doubts, func(a, b doubt) int { return cmp.Or(cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j)) })
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
				if at[i] == at[j] || !d.alike(i, j) || len(d.groups[i]) > 1 && seen[[2]int{i, j}] {
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
	return list, verdicts
}

// alike reports whether two reports may be of one dose by their products: those share a vaccine group, and an antigen,
// which measles vaccine and rubella vaccine do not.
func (d *deduper) alike(i, j int) bool {
	return partsOf[d.doses[i].CVX]&partsOf[d.doses[j].CVX] != 0 && len(sharedGroups(d.groups[i], d.groups[j])) > 0
}

// judge looks at one pair of reports that are alike.
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
	if v == unsureDose && reportedTwice(a, b, p) {
		v = sameDose
	}
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

// refusal is why two sets are not joined.
type refusal int

const (
	twoDoses    refusal = iota // a pair across lies beyond the window, or is known to be two doses
	antigenLost                // no report names all the antigens: whichever stood for the dose, one would be lost
)

// merge joins two sets if the whole of the result can be one dose, else returns nil and why: every pair lies within the
// window, no pair is known to be two doses, and one report names all the antigens.
func (d *deduper) merge(a, b *doseSet, verdicts map[[2]int]verdict) (*doseSet, refusal) {
	events := append(slices.Clone(a.events), b.events...)
	slices.Sort(events)
	m := &doseSet{events: events, named: a.named | b.named}
	if !slices.ContainsFunc(m.events, func(e int) bool { return d.covers(e, m.named, m.events) }) {
		return nil, antigenLost
	}
	for _, i := range a.events {
		for _, j := range b.events {
			d.work++
			i, j := min(i, j), max(i, j)
			v, compared := verdicts[[2]int{i, j}]
			if compared && v == differentDose {
				return nil, twoDoses
			}
			if compared {
				continue
			}
			days := int(d.doses[j].AdministeredOn - d.doses[i].AdministeredOn)
			if days >= windowDays || d.alike(i, j) {
				return nil, twoDoses
			}
		}
	}
	return m, 0
}
