package campaign

import (
	"cmp"
	"maps"
	"slices"

	"miic/internal/postal"
	"miic/internal/table"
)

// An Estimate is what one campaign would send: numbers, and nobody's data.
type Estimate struct {
	Campaign   string  `json:"campaign"`
	AsOf       string  `json:"as_of"`
	Unread     int     `json:"unread_request_files"`   // while there is one nothing is sent
	Waiting    int     `json:"request_files_in_inbox"` // the next night reads them first: who opts out in them is still counted
	Candidates int64   `json:"candidates"`
	Excluded   []Count `json:"excluded"` // by the reasons, in their order
	Notices    int64   `json:"notices"`
	InDoubt    int64   `json:"notices_in_review_due_both_ways"`
	Households int64   `json:"households"`
	Pieces     int64   `json:"pieces"`
	ByChannel  []Count `json:"pieces_by_channel"`
	ByLanguage []Count `json:"pieces_by_language"`
	ByRegion   []Count `json:"pieces_by_region"`
	ByCounty   []Count `json:"pieces_by_county"`
	Moves      Moves   `json:"move_update"`
	CostMicros int64   `json:"cost_micros"` // in millionths of a dollar
	Unpriced   int64   `json:"pieces_without_a_price"`
}

// Moves counts pieces of mail by when their addresses were held against the postal service's file of moves, which
// commercial prices demand.
type Moves struct {
	InTime int64 `json:"within_95_days"`
	Older  int64 `json:"older"`
	Never  int64 `json:"never"`
}

// Add counts a piece.
func (m *Moves) Add(checked, mailed table.Date) {
	switch {
	case postal.InTime(checked, mailed):
		m.InTime++
	case checked != 0:
		m.Older++
	default:
		m.Never++
	}
}

// A Count is how many there are of one kind: of people excluded, under the first reason that holds, and under any.
type Count struct {
	Name string `json:"name"`
	N    int64  `json:"count"`
	Any  int64  `json:"any_reason,omitempty"`
}

// Estimate counts what the plan has for a campaign. A piece that another campaign shares is not counted twice: it is
// the one's whose notice is the first in it.
func (plan *Plan) Estimate(name string, asOf table.Date) *Estimate {
	e := &Estimate{Campaign: name, AsOf: asOf.String()}
	if t := plan.Of[name]; t != nil {
		e.Candidates, e.Notices, e.InDoubt = t.Candidates, t.Mailed, t.InDoubt
		for i, reason := range ReasonNames {
			if t.Any[i] > 0 {
				e.Excluded = append(e.Excluded, Count{reason, t.First[i], t.Any[i]})
			}
		}
	}
	type piece struct {
		household int64
		envelope  int32
	}
	first := map[piece]*Chosen{}
	households := map[int64]bool{}
	for _, c := range plan.all() {
		p := piece{c.Notice.HouseholdID, c.Notice.Envelope}
		if was := first[p]; was == nil || cmp.Or(cmp.Compare(was.Person.BirthDate, c.Person.BirthDate),
			cmp.Compare(was.Notice.ClientID, c.Notice.ClientID)) > 0 {
			first[p] = c
		}
		if c.Notice.Campaign == name {
			households[c.Notice.HouseholdID] = true
		}
	}
	e.Households = int64(len(households))
	var by [4]map[string]int64
	for i := range by {
		by[i] = map[string]int64{}
	}
	for _, c := range first {
		if c.Notice.Campaign != name {
			continue
		}
		e.Pieces++
		for i, value := range []string{c.Notice.Channel, c.Notice.Language, c.Notice.Region, cmp.Or(c.Person.CountyFIPS, "unknown")} {
			by[i][value]++
		}
		if c.Notice.Channel == Mail || c.Notice.Channel == Postcard {
			e.Moves.Add(c.Checked.On, asOf)
		}
		e.CostMicros += c.Notice.PriceMicros
		if c.Notice.PriceMicros == 0 {
			e.Unpriced++
		}
	}
	e.ByChannel, e.ByLanguage, e.ByRegion, e.ByCounty = counts(by[0]), counts(by[1]), counts(by[2]), counts(by[3])
	return e
}

func counts(by map[string]int64) []Count {
	var list []Count
	for _, name := range slices.Sorted(maps.Keys(by)) {
		list = append(list, Count{Name: name, N: by[name]})
	}
	return list
}
