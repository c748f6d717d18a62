package bench

import (
	"fmt"
	"runtime"
	"time"

	"miic/internal/machine"
	"miic/internal/table"
	"miic/reports"
	"miic/reports/campaign"
)

// PeopleALetter is how many candidates are selected for each letter of the measurement: a million for 100,000.
const PeopleALetter = 10

// SelectionReport is how fast the campaigns decide about candidates, on one core, with what is known about each in memory.
type SelectionReport struct {
	Campaigns  int     `json:"campaigns"`
	Candidates int     `json:"candidates"`
	Notices    int64   `json:"notices"`
	Excluded   int64   `json:"excluded"`
	NotCalled  int64   `json:"not_called"`
	Seconds    float64 `json:"seconds"`
	CPU        float64 `json:"processor_seconds"`
	PeakMiB    int64   `json:"peak_mib"`
}

func (s *SelectionReport) print(p Printer) {
	p.Say("selection by %d campaigns on one core: %s candidates in %.2f s (%.2f processor seconds), peak %s MiB: %s get a notice, "+
		"%s are excluded, nothing calls for %s", s.Campaigns, thousands(int64(s.Candidates)), s.Seconds, s.CPU, thousands(s.PeakMiB),
		thousands(s.Notices), thousands(s.Excluded), thousands(s.NotCalled))
}

// selectPeople has the standing campaign and all built-in ones decide about n made-up candidates.
func selectPeople(n int, seed uint64) (SelectionReport, error) {
	site := reports.DefaultConfig()
	standing := site.Standing()
	known := campaign.Known{Groups: append(standing.Groups, "Influenza"), Regions: []string{"metro"}, Counties: site.Counties,
		Templates: site.Mail.Catalog.Templates(), Standing: standing}
	builtin, err := campaign.Builtin(known)
	if err != nil {
		return SelectionReport{}, err
	}
	c := &campaign.Config{Campaigns: campaign.Order(standing, builtin), Regions: []string{"metro", "unassigned"}}
	before := map[int64][]campaign.EarlierNotice{}
	for i := 0; i < n; i += 5 { // one in five had a letter
		before[int64(i)] = []campaign.EarlierNotice{{ClientID: int64(i), Campaign: standing.Name, Kind: campaign.Recall, Groups: "MMR|Polio",
			IssuedOn: madeUpDay - table.Date(10+i%80), Snapshot: 1, Address1: "100 Wolverton Avenue NW", ZIP: "55101"}}
	}
	out := SelectionReport{Campaigns: len(c.Campaigns), Candidates: n}
	runtime.GC()
	machine.ResetPeak()
	start, cpu := time.Now(), ProcessorSeconds()
	s := campaign.NewSelection(c, madeUpDay, 2, before, map[string]bool{"stale-clinic": true})
	for i := range n {
		s.Add(madeUpCandidate(seed, i))
	}
	out.Seconds, out.CPU, out.PeakMiB = time.Since(start).Seconds(), ProcessorSeconds()-cpu, machine.PeakMiB()
	for region, kinds := range s.Plan.Tallies {
		for _, t := range kinds {
			out.Notices, out.Excluded = out.Notices+t.Mailed, out.Excluded+t.Excluded
		}
		for _, people := range s.Plan.Waiting[region] {
			out.NotCalled += people
		}
	}
	if sum := out.Notices + out.Excluded + out.NotCalled; sum != int64(n) {
		return out, fmt.Errorf("bench: of %d candidates %d were decided about", n, sum)
	}
	return out, nil
}

// madeUpCandidate is the n-th one: a child of up to eighteen years who needs four vaccines.
func madeUpCandidate(seed uint64, n int) *campaign.Person {
	x := (seed + uint64(n)*2654435761) * 0x9E3779B97F4A7C15
	draw := func(of int) int {
		x ^= x >> 29
		x *= 0xBF58476D1CE4E5B9
		return int((x >> 33) % uint64(of))
	}
	p := &campaign.Person{ClientID: int64(n), FirstName: "Ana", LastName: "Vang", BirthDate: madeUpDay - table.Date(30+draw(6800)),
		Language: []string{"en", "es", "so", "hmn"}[draw(4)], GuardianFirst: "Pa", GuardianLast: "Vang",
		Address1: "100 Wolverton Avenue NW", City: "Saint Paul", State: "MN", ZIP: "55101", Phone: "6515550100", CountyFIPS: "27123",
		Region: "metro", Provider: "lakes-health", Contact: "allowed", Status: "active", NoMail: draw(50) == 0, InReview: draw(100) == 0,
		Needs: make([]campaign.Need, 0, 4)}
	if draw(20) == 0 {
		p.AddressFlag = "bad"
	}
	if draw(40) == 0 {
		p.Provider = "stale-clinic"
	}
	for i, group := range []string{"DTaP/Tdap/Td", "MMR", "Polio", "Influenza"} {
		due := madeUpDay + table.Date(draw(900)-450) // nothing calls for some of them
		p.Needs = append(p.Needs, campaign.Need{Group: group, Calls: i < 3, Dose: int16(1 + draw(3)), Recommended: due, PastDue: due + 30})
	}
	return p
}
