package truth

import (
	"cmp"
	"slices"
	"strings"

	"miic/internal/household"
	"miic/internal/name"
	"miic/internal/table"
	"miic/reports/campaign"
)

// A night is a comparison that goes on.
type night struct {
	Night
	oracle   *oracle
	registry *registry
	asOf     table.Date
	should   map[*person]string // the notice that a living person of the state should get; none for the others
	bars     map[*person]barred // what no notice to the person may name
	cases    []Case
}

// fault notes a case. l is the letter, or nil.
func (n *night) fault(fault, cause string, p *person, l *letter) {
	c := Case{Night: n.AsOf, Fault: fault, Cause: cause}
	if p != nil {
		c.Person = p.id
		for _, x := range n.registry.of[p] {
			c.Clients = append(c.Clients, x.row.ClientID)
		}
	}
	if l != nil {
		c.Notice = l.notice.NoticeID
	}
	n.cases = append(n.cases, c)
}

// people compares who should get a letter with who does.
func (n *night) people(s *state) {
	for _, c := range n.registry.clients {
		if len(c.records) > 1 {
			n.Joined++
			n.fault("two persons are one client", "", c.main(), nil)
		}
	}
	slices.SortFunc(n.cases, func(a, b Case) int { return strings.Compare(a.Person, b.Person) })
	for _, p := range s.persons {
		f := p.on(n.AsOf)
		if f == nil {
			continue
		}
		n.Persons++
		clients := n.registry.of[p]
		if n.Split.add(len(clients) > 1); len(clients) > 1 {
			n.fault("one person is several clients", "", p, nil)
		}
		kind, bars := n.oracle.judge(p, n.asOf)
		n.should[p] = kind
		if len(bars) > 0 {
			n.bars[p] = bars
		}
		if kind == "" || f.county == "" || f.died != "" || f.optedOut != "" || f.noContact != "" || f.locked != "" {
			continue
		}
		recalled := n.registry.noticed[campaign.Recall][p]
		mailed := recalled || n.registry.noticed[campaign.Reminder][p]
		if kind == campaign.Recall {
			n.Recalled.add(recalled)
			if !recalled {
				cause := n.lost(p, kind)
				if !excused[strings.TrimSuffix(cause, split)] {
					n.OnList.add(false)
				}
				n.LostRecalls[cause]++
				n.fault("should be recalled and is not", cause, p, nil)
			} else {
				n.OnList.add(true)
			}
			continue
		}
		if n.Reminded.add(mailed); !mailed {
			cause := n.lost(p, kind)
			n.LostReminders[cause]++
			n.fault("should be reminded and is not", cause, p, nil)
		}
	}
}

// The causes for which somebody who is overdue is not meant to be on a night's list: the campaign waits by rule.
const (
	waits     = "clinic's file is missing, or a letter was sent lately"
	inDoubt   = "held by a doubt"
	comesBack = "mail comes back"
)

// split is behind a cause of somebody who is several clients.
const split = ", split person"

// excused are these causes.
var excused = map[string]bool{waits: true, inDoubt: true, comesBack: true}

// lost says why a person who should get a notice does not: the cause that is nearest to a letter among the clients.
func (n *night) lost(p *person, kind string) string {
	clients := n.registry.of[p]
	if len(clients) == 0 {
		return "no client has a record of the person"
	}
	var best string
	rank := -1
	for _, c := range clients {
		cause, at := n.held(c, kind)
		if at > rank {
			best, rank = cause, at
		}
	}
	if len(clients) > 1 {
		return best + split
	}
	return best
}

// held says why a client gets no notice of a kind, and how far it comes.
func (n *night) held(c *client, kind string) (cause string, rank int) {
	has := n.oracle.calling(c.needs, c.row.BirthDate, n.asOf)
	for i, x := range []struct {
		holds bool
		cause string
	}{
		{len(c.records) > 1, "joined with another person"},
		{c.hidden, "opted out or locked, by a possible request"},
		{c.status == "deceased" || c.mayDead, "dead or possibly dead"},
		{has == "", "due for nothing by the registry's doses"},
		{kind == campaign.Recall && has != kind, "not yet late by the registry's doses"},
		{c.status == "outside", "outside the state"},
		{c.row.NoContact || !campaign.Permits(c.row.Contact, kind), "contact not wished"},
		{c.row.Address1 == "" || c.row.City == "" || c.row.State == "" || len(c.row.ZIP) < 5, "no address"},
		{c.row.AddressFlag == "bad", comesBack},
		{c.row.InReview, inDoubt},
	} {
		if x.holds {
			return x.cause, i
		}
	}
	return waits, 100
}

// letters compares tonight's letters with whom they are for.
func (n *night) letters() {
	got := map[*person]int{}
	places := map[string]map[string]int{} // letters by household and place
	n.Withdrawn = n.registry.withdrawn
	letters := n.registry.letters
	slices.SortFunc(letters, func(a, b letter) int { return cmp.Compare(a.notice.NoticeID, b.notice.NoticeID) })
	for i := range letters {
		l := &letters[i]
		recall := l.notice.Kind == campaign.Recall
		if recall {
			n.Recalls++
		} else {
			n.Reminders++
		}
		p := l.client.main()
		if p == nil {
			n.fault("a letter to nobody whom the truth knows", "", nil, l)
			continue
		}
		f := p.on(n.AsOf)
		if got[p]++; got[p] == 2 {
			n.Twice++
			n.fault("a child with two letters", "", p, l)
		}
		n.due(l, p, recall)
		n.forbidden(l, p, f)
		if f.county == "" {
			if recall {
				n.LeftState++
			} else {
				n.LeftStateReminder++
			}
			n.fault("a letter to a family who left the state", "", p, l)
			continue
		}
		if recall {
			if left := l.cells["county_fips"] != f.county; left {
				n.OldCounty.N++
				n.fault("a recall to a county left", "", p, l)
			}
			n.OldCounty.Of++
		}
		n.printed(l, p, f)
		if places[f.household] == nil {
			places[f.household] = map[string]int{}
		}
		places[f.household][placeOf(l.cells["address_1"], l.cells["zip"])]++
	}
	for _, at := range places {
		if total := sum(at); total > 1 {
			n.Household.add(len(at) == 1)
		}
	}
}

func sum(m map[string]int) (n int) {
	for _, x := range m {
		n += x
	}
	return n
}

// due notes a letter to somebody who needs none.
func (n *night) due(l *letter, p *person, recall bool) {
	kind := n.should[p]
	cause := "other doses than the true ones"
	switch {
	case len(n.registry.of[p]) > 1:
		cause = "split person"
	case len(l.client.records) > 1:
		cause = "joined with another person"
	case l.client.row.BirthDate != p.birth:
		cause = "another birth date"
	}
	switch {
	case recall && kind != campaign.Recall:
		n.NotDue++
		n.FalseRecalls[cause]++
		n.fault("recalled though not due", cause, p, l)
	case !recall && kind == "":
		n.RemindedNotDue++
		n.fault("reminded though not due", cause, p, l)
	}
}

// barred notes a letter that names a vaccine that the family refuses, or that the child must not or need not have.
func (n *night) barred(l *letter, p *person) {
	for group := range strings.SplitSeq(l.notice.VaccineGroups, "|") {
		why := n.bars[p][group]
		switch why {
		case "":
			continue
		case "immune":
			n.Immune++
		case "contraindicated":
			n.Contraindicated++
		default:
			n.Refusing++
		}
		cause := ""
		if len(n.registry.of[p]) > 1 {
			cause = "split person"
		}
		n.fault("a letter about a vaccine that is "+why, cause, p, l)
		return
	}
}

// forbidden notes a letter that must not be written.
func (n *night) forbidden(l *letter, p *person, f *facts) {
	n.barred(l, p)
	for _, x := range []struct {
		day, fault string
		count      *int
	}{
		{f.optedOut, "a letter to one who opted out", &n.OptedOut},
		{f.locked, "a letter to one whose record is locked", &n.Locked},
		{f.noContact, "a letter to one who wants none", &n.NoContact},
		{f.died, "a letter to one who died", &n.Dead},
	} {
		if x.day != "" {
			*x.count++
			n.fault(x.fault, "", p, l)
		}
	}
}

// printed compares what a letter prints with the truth.
func (n *night) printed(l *letter, p *person, f *facts) {
	var last, newest *home
	homes := p.homesOn(n.AsOf)
	for i := range homes {
		if newest = &homes[i]; newest.reported != "" {
			last = newest
		}
	}
	if last == nil || last != newest {
		n.Unreported++
	}
	if last != nil {
		street := placeOf(last.street, last.zip) == placeOf(l.cells["address_1"], l.cells["zip"])
		exact := street && unitOf(last.unit) == unitOf(l.cells["address_1"]+" "+l.cells["address_2"])
		n.Street.add(street)
		if n.Exact.add(exact); !exact {
			n.fault("another address", map[bool]string{true: "unit", false: formerly(homes, l)}[street], p, l)
		}
	}
	right := f.first != "" && folded(l.cells["first_name"]) == folded(f.first) && folded(l.cells["last_name"]) == folded(f.last)
	n.Name.add(right)
	if n.Language.add(l.cells["language"] == f.lang); l.cells["language"] != f.lang {
		n.fault("another language", l.cells["language"]+" for "+f.lang, p, l)
	}
	if p.birth.AddMonths(18*12) <= n.asOf {
		return // an adult is written to in person
	}
	to := l.cells["addressee"]
	if strings.HasPrefix(to, "To the parent or guardian") {
		n.GuardianNot++
		return
	}
	parent := folded(to) == folded(f.guardianFirst+" "+f.guardianLast) || folded(to) == folded(f.fatherFirst+" "+f.fatherLast)
	if n.Guardian.add(parent); !parent {
		n.fault("another guardian", "", p, l)
	}
}

// formerly says whether a letter goes to a home that the family has left.
func formerly(homes []home, l *letter) string {
	for _, h := range homes {
		if placeOf(h.street, h.zip) == placeOf(l.cells["address_1"], l.cells["zip"]) {
			return "an earlier or unreported home"
		}
	}
	return "no home of the family"
}

// questions counts the open questions and those about one person.
func (n *night) questions() {
	for _, q := range n.registry.review {
		a, b := q[0].main(), q[1].main()
		n.Review.add(a != nil && a == b)
	}
}

// placeOf is a street and a ZIP code in linkage form.
func placeOf(street, zip string) string {
	return household.Street(street) + " " + zip[:min(5, len(zip))]
}

// unitOf is the number after the word for an apartment; empty without one.
func unitOf(address string) string {
	w := strings.Fields(strings.NewReplacer("#", " UNIT ", ".", " ").Replace(strings.ToUpper(address)))
	for i := 0; i+1 < len(w); i++ {
		if w[i] == "APT" || w[i] == "APARTMENT" || w[i] == "UNIT" {
			return w[i+1]
		}
	}
	return ""
}

// folded is a name in capitals without accents, hyphens or blanks.
func folded(s string) string { return strings.Join(name.Words(s), "") }
