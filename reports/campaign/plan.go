package campaign

import (
	"slices"
	"strings"

	"miic/internal/table"
	"miic/reports/status"
)

// A Plan is what the campaigns have decided tonight.
type Plan struct {
	Chosen  map[string]map[string][]*Chosen   // who gets a notice, by region and kind
	Tallies map[string]map[string]*Tally      // by region and kind: each person once, as the first campaign that writes has it, else the first that calls
	Of      map[string]*Tally                 // by campaign
	Waiting map[string]*[len(WaitNames)]int64 // by region: people whom nothing calls, by the words of WaitNames
	Hidden  int64                             // people who appear in no output

	Opened map[string]bool    // regions that have a folder open/
	Open   []table.OpenNotice // the notices of those regions, collected and not

	Held       []table.HeldLetter    // who would get a letter but for a reviewer's answer
	Withheld   []table.Withheld      // who gets no notice of a campaign, and why
	Controls   []table.ControlNotice // who gets none for the sake of a comparison
	Households []table.Household

	soon []int64 // who would get mail but for reasons that pass by themselves
}

// WaitNames are the words of a summary for why nothing calls for a letter to somebody with an open dose: they are not
// active here; the next dose that calls is recommended after the window; only vaccines that are named beside others are
// due; or no campaign is about any of what is open.
var WaitNames = [...]string{"inactive", "later", "beside only", "other vaccines"}

// Chosen is a person who gets a notice, without what called for it.
type Chosen struct {
	Person  Person
	Notice  table.Notice
	Waiting bool // the notice is of an earlier night, and lies in the region's folder open/ until somebody collects it
	Checked Checked

	Language    string // the campaign's rule
	HistoryPage bool   // the doses on record go with the letter
	pageMicros  int64  // price of that page

	standard *Home // the address in the postal service's form
}

// chosen is somebody to whom the campaign writes. A history goes into an envelope only.
func (c *Campaign) chosen(asOf table.Date, snapshot int64, d *decision) *Chosen {
	one := &Chosen{Person: d.person, Notice: c.notice(asOf, snapshot, &d.person, d.choice), Language: c.Language}
	one.Person.Needs = nil
	if one.HistoryPage = c.HistoryPage && d.channel == Mail; one.HistoryPage {
		one.pageMicros = c.PageMicros
	}
	return one
}

func newPlan(c *Config, hidden int64) *Plan {
	plan := &Plan{Of: map[string]*Tally{}, Chosen: map[string]map[string][]*Chosen{}, Tallies: map[string]map[string]*Tally{},
		Waiting: map[string]*[len(WaitNames)]int64{}, Hidden: hidden, Opened: map[string]bool{}}
	for i := range c.Campaigns {
		plan.Of[c.Campaigns[i].Name] = &Tally{}
	}
	for _, region := range c.Regions {
		plan.Waiting[region] = &[len(WaitNames)]int64{}
		plan.Chosen[region] = map[string][]*Chosen{}
		plan.Tallies[region] = map[string]*Tally{}
		for _, kind := range Kinds {
			plan.Tallies[region][kind] = &Tally{}
		}
	}
	return plan
}

// add counts a person, and takes one who gets a notice.
func (plan *Plan) add(s *Selection, p *Person, decided []decision) {
	if len(decided) == 0 {
		plan.wait(s.config.Regions, p.Region, s.config.waits(s.asOf, p), 1)
		return
	}
	counts, waits := 0, -1
	for i := range decided {
		d := &decided[i]
		plan.Of[d.campaign.Name].count(d.choice, d.person.InDoubt)
		if waits < 0 && d.waitsForReview() {
			waits = i
		}
		switch {
		case len(d.reasons) == 0:
			counts = i
			plan.Chosen[p.Region][d.kind] = append(plan.Chosen[p.Region][d.kind], d.campaign.chosen(s.asOf, s.snapshot, d))
		case d.control && d.reasons[0] == controlGroup:
			plan.Controls = append(plan.Controls, d.campaign.controlNotice(s.asOf, s.snapshot, &d.person, d.choice))
			fallthrough
		default:
			plan.Withheld = append(plan.Withheld, d.withheld())
			if (d.channel == Mail || d.channel == Postcard) && !slices.ContainsFunc(d.reasons, reason.lasts) {
				plan.soon = append(plan.soon, d.person.ClientID)
			}
		}
	}
	counted := &decided[counts]
	plan.Tallies[p.Region][counted.kind].count(counted.choice, counted.person.InDoubt)
	if len(counted.reasons) > 0 && waits >= 0 {
		plan.Held = append(plan.Held, table.HeldLetter{ClientID: p.ClientID, Kind: decided[waits].kind})
	}
}

// waitsForReview reports that nothing but a reviewer's answer keeps a campaign's notice back.
func (d *decision) waitsForReview() bool {
	return len(d.reasons) > 0 &&
		!slices.ContainsFunc(d.reasons, func(r reason) bool { return r != inReview && r != possibleDeath })
}

// waits is why no campaign calls for a notice to somebody with a dose that comes within the widest window of all.
func (c *Config) waits(asOf table.Date, p *Person) string {
	if p.Status == status.Outside || p.Status == "deceased" {
		return "inactive"
	}
	for i := range c.Campaigns {
		one := &c.Campaigns[i]
		if one.Runs(asOf) && one.OfAge(p.BirthDate, asOf) && one.covers(p) &&
			slices.ContainsFunc(p.Needs, func(n Need) bool { return slices.Contains(one.Groups, n.Group) }) {
			return "later"
		}
	}
	return "other vaccines"
}

// withheld is the row about somebody who gets no notice of a campaign.
func (d *decision) withheld() table.Withheld {
	var why []string
	for _, r := range d.reasons {
		why = append(why, r.String())
	}
	return table.Withheld{ClientID: d.person.ClientID, Campaign: d.campaign.Name, Kind: d.kind, Region: d.person.Region,
		Reason: why[0], Reasons: strings.Join(why, "|")}
}

// all are the notices of tonight.
func (plan *Plan) all() []*Chosen {
	var list []*Chosen
	for _, kinds := range plan.Chosen {
		for _, chosen := range kinds {
			list = append(list, chosen...)
		}
	}
	return list
}

// wait counts people whom nothing calls.
func (plan *Plan) wait(regions []string, region, why string, people int64) {
	if plan.Waiting[region] == nil {
		region = regions[len(regions)-1]
	}
	plan.Waiting[region][slices.Index(WaitNames[:], why)] += people
}

// people is how many people all counts hold together.
func (plan *Plan) people() int64 {
	n := int64(0)
	for region, waiting := range plan.Waiting {
		for _, people := range waiting {
			n += people
		}
		for _, t := range plan.Tallies[region] {
			n += t.Mailed + t.Open
			for _, people := range t.First {
				n += people
			}
		}
	}
	return n
}

// A Tally counts what the campaign has decided about the candidates of one kind in one region.
type Tally struct {
	Candidates int64 // people for whom some vaccine calls for the kind
	Mailed     int64
	Open       int64 // notices of earlier nights, chosen again, that nobody has collected
	InDoubt    int64 // of the mailed, those in review who get the same letter whatever the answer is
	Reachable  int64 // of the candidates, those who can be written to: now, or once enough days have gone by
	Excluded   int64
	First      [len(ReasonNames)]int64 // of the excluded, by the first reason that holds
	Any        [len(ReasonNames)]int64 // and by every reason that does
}

// Add adds another tally of the same kind.
func (t *Tally) Add(o *Tally) {
	t.Candidates += o.Candidates
	t.Mailed += o.Mailed
	t.Open += o.Open
	t.InDoubt += o.InDoubt
	t.Reachable += o.Reachable
	t.Excluded += o.Excluded
	for i := range t.First {
		t.First[i] += o.First[i]
		t.Any[i] += o.Any[i]
	}
}

// wait counts again somebody who counted as mailed, and whose notice is of an earlier night.
func (t *Tally) wait(inDoubt bool) {
	t.Mailed--
	t.Open++
	if inDoubt {
		t.InDoubt--
	}
}

func (t *Tally) count(ch choice, inDoubt bool) {
	t.Candidates++
	if !slices.ContainsFunc(ch.reasons, reason.lasts) {
		t.Reachable++
	}
	if len(ch.reasons) == 0 {
		t.Mailed++
		if inDoubt {
			t.InDoubt++
		}
		return
	}
	t.Excluded++
	t.First[ch.reasons[0]]++
	for _, r := range ch.reasons {
		t.Any[r]++
	}
}
