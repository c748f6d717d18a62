package campaign

import (
	"slices"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// A Plan is what the campaign has decided tonight.
type Plan struct {
	Chosen  map[string]map[string][]Chosen    // who gets a notice, by region and kind
	Tallies map[string]map[string]*Tally      // by region and kind
	Waiting map[string]*[len(WaitNames)]int64 // by region: people whom nothing calls, by the words of WaitNames
	Hidden  int64                             // people who appear in no output
	Held    []table.HeldLetter                // who would get a letter but for a reviewer's answer

	Opened map[string]bool    // regions that have a folder open/
	Open   []table.OpenNotice // the notices of those regions, collected and not

	Withheld []Withheld // who gets nothing though something calls for it
}

// Withheld is somebody who gets no notice though something calls for one, and why.
type Withheld struct {
	ClientID int64
	Kind     string
	Reasons  []string // all that hold; the first counts
}

func withhold(clientID int64, ch choice) Withheld {
	w := Withheld{ClientID: clientID, Kind: ch.kind}
	for _, r := range ch.reasons {
		w.Reasons = append(w.Reasons, r.String())
	}
	return w
}

// WaitNames are the words of a summary for why nothing calls for a letter to somebody with an open dose: they are not
// active here; the next dose that calls is recommended after the window; only vaccines that are named beside others are
// due; or the campaign is about none of what is open.
var WaitNames = [...]string{"inactive", "later", "beside only", "other vaccines"}

// Chosen is a person who gets a notice, without what called for it.
type Chosen struct {
	Person  Person
	Notice  table.Notice
	Waiting bool // the notice is of an earlier night, and lies in the region's folder open/ until somebody collects it
}

func newPlan(regions []string, hidden int64) *Plan {
	plan := &Plan{Chosen: map[string]map[string][]Chosen{}, Tallies: map[string]map[string]*Tally{},
		Waiting: map[string]*[len(WaitNames)]int64{}, Hidden: hidden, Opened: map[string]bool{}}
	for _, region := range regions {
		plan.Waiting[region] = &[len(WaitNames)]int64{}
		plan.Chosen[region] = map[string][]Chosen{}
		plan.Tallies[region] = map[string]*Tally{}
		for _, kind := range Kinds {
			plan.Tallies[region][kind] = &Tally{}
		}
	}
	return plan
}

// add counts a person, and takes one who gets a notice. Somebody of a region that the site does not have counts
// as without one.
func (plan *Plan) add(c *Config, r *pipeline.Run, p *Person, ch choice) {
	if plan.Tallies[p.Region] == nil {
		p.Region = c.Regions[len(c.Regions)-1]
	}
	if c.Closed[p.Region] {
		ch.reasons = append(ch.reasons, noAgreement)
	}
	plan.Tallies[p.Region][ch.kind].count(ch, p.InDoubt)
	if len(ch.reasons) > 0 {
		plan.Withheld = append(plan.Withheld, withhold(p.ClientID, ch))
		if !slices.ContainsFunc(ch.reasons, func(r reason) bool { return r != inReview && r != possibleDeath }) {
			plan.Held = append(plan.Held, table.HeldLetter{ClientID: p.ClientID, Kind: ch.kind})
		}
		return
	}
	chosen := Chosen{Person: *p, Notice: c.notice(r.AsOf, r.Snapshot, p, ch)}
	chosen.Person.Needs = nil
	plan.Chosen[p.Region][ch.kind] = append(plan.Chosen[p.Region][ch.kind], chosen)
}

// all are the notices of tonight.
func (plan *Plan) all() []*Chosen {
	var list []*Chosen
	for _, kinds := range plan.Chosen {
		for _, chosen := range kinds {
			for i := range chosen {
				list = append(list, &chosen[i])
			}
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
