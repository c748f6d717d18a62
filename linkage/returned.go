package linkage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/standard"
)

// Who has opted out and comes again with both names changed has little in common with the records that were restricted:
// too little for the model, which weighs names most. So everybody who has no restriction and shares a restricted
// person's birth date and the mother, the guardian, the address, a phone or the e-mail, or a birth date that is a slip
// away and two of these, with the sex not against it, is asked about, and suppressed like anybody of whom it is asked
// whether they are a restricted person (suppressDoubtful), until somebody judges.
//
// Persons are compared, not records: one record may have the mother, and another the birth date without its slip.
//
// A twin has all of that in common. Twins who were known as two people before one was restricted are left alone: their
// birth orders or birth certificates differ, or one sender has both under one surname. What arrives together with the
// request, or after it, proves nothing of the kind: whoever comes again could bring it.

// An adoption is left out: the child goes on under a new name, and nothing may show whose it was. So are those who only
// want no letters.
var returningKinds = []string{"opt_out", "lock"}

// mostAtOnePlace is how many people of one birth date may share a restricted person's address or phone: a place with
// more is a shelter or a hospital, and says nothing about a person.
const mostAtOnePlace = 20

// mayHaveReturned begins the reason of a question about somebody who may be a restricted person, come again.
const mayHaveReturned = "may be a person who has opted out or is locked, under another name: same "

// returnedPair is a record of somebody that shares something with a record, or the request, of a restricted person.
type returnedPair struct {
	Restricted int64  `col:"restricted"`
	Candidate  int64  `col:"candidate"`
	RecordA    string `col:"record_a"` // of the restricted person, or the request
	RecordB    string `col:"record_b"`
	HashA      string `col:"hash_a"`
	HashB      string `col:"hash_b"`
	Shared     string `col:"shared"`
	SameDay    bool   `col:"same_day"`
}

func (p *returnedPair) key() [2]int64 { return [2]int64{p.Restricted, p.Candidate} }

// shares is what the two have in common, in words.
func (p *returnedPair) shares() string {
	if p.SameDay {
		return "birth date and " + p.Shared
	}
	return p.Shared + ", birth date a slip away"
}

// returnedClient is a restricted person and one who may be the same.
type returnedClient struct {
	Restricted int64 `col:"restricted"`
	Candidate  int64 `col:"candidate"`
	Since      int64 `col:"since"` // the snapshot in which the first was restricted
}

type restrictedBy struct {
	ClientID int64  `col:"client_id"`
	SourceID string `col:"source_id"`
}

// restrictedSince is the people who have opted out or are locked, and since which snapshot, and the requests that
// surely name them.
func restrictedSince(list []table.Restriction) (since map[int64]int64, by []restrictedBy) {
	since = map[int64]int64{}
	for _, r := range list {
		if !slices.Contains(returningKinds, r.Kind) {
			continue
		}
		if at, ok := since[r.ClientID]; !ok || r.Since < at {
			since[r.ClientID] = r.Since
		}
		if r.Basis != "possible" && r.Basis != "record" {
			by = append(by, restrictedBy{r.ClientID, r.SourceID})
		}
	}
	return since, by
}

// returned are the questions about people who may be a restricted person come again. Of those already known, a question
// is open or judged. Their persons are added to known.
func (s *stage) returned(ctx context.Context, known openPairs) ([]table.ReviewItem, error) {
	pairs, err := s.returnedPairs(ctx)
	if err != nil || len(pairs) == 0 {
		return nil, err
	}
	apart, err := s.knownApart(ctx, pairs)
	if err != nil {
		return nil, err
	}
	records, err := s.restrictedRecords(ctx)
	if err != nil {
		return nil, err
	}
	var items []table.ReviewItem
	for _, p := range pairs {
		k := persons(p.Restricted, p.Candidate)
		switch {
		case known[k]:
			continue
		case apart[p.key()]:
			s.r.Count("returned_known_apart", 1)
			known[k] = true
			continue
		}
		if strings.HasPrefix(p.RecordA, standard.RequestPrefix) {
			a, ok := records[p.Restricted]
			if !ok {
				continue
			}
			p.RecordA, p.HashA = a.RecordID, a.Hash
		}
		if s.sealed.apart(p.RecordA, p.RecordB) {
			continue
		}
		known[k] = true
		evidence := p.HashA + p.HashB
		if p.RecordB < p.RecordA {
			evidence = p.HashB + p.HashA
		}
		items = append(items, s.question(min(p.RecordA, p.RecordB), max(p.RecordA, p.RecordB),
			mayHaveReturned+p.shares(), evidence))
		s.r.Count("review_raised", 1)
		s.r.Count("returned_asked", 1)
	}
	return items, nil
}

// returnedPairs finds, among the records that are new or changed and those of whom is newly restricted, one pair for
// each thing that two persons share.
func (s *stage) returnedPairs(ctx context.Context) ([]returnedPair, error) {
	if err := s.e.Materialize(ctx, "prior_restricted", queries.Get("prior_restricted")); err != nil {
		return nil, err
	}
	if err := s.e.Materialize(ctx, "restricted_record", queries.Get("restricted_record", "full", s.full)); err != nil {
		return nil, err
	}
	if err := s.e.Materialize(ctx, "restricted_fact", queries.Get("restricted_fact")); err != nil {
		return nil, err
	}
	if err := s.e.Materialize(ctx, "candidate_record", queries.Get("candidate_record", "full", s.full)); err != nil {
		return nil, err
	}
	if err := s.e.Materialize(ctx, "candidate_fact", queries.Get("candidate_fact")); err != nil {
		return nil, err
	}
	pairs, err := engine.Rows[returnedPair](ctx, s.e, queries.Get("returned_pair"))
	if err != nil {
		return nil, err
	}
	return s.withoutCrowds(pairs), nil
}

// withoutCrowds leaves out what a restricted person shares with too many to say anything.
func (s *stage) withoutCrowds(pairs []returnedPair) []returnedPair {
	type place struct {
		restricted int64
		shared     string
	}
	people := map[place]map[int64]bool{}
	at := func(p *returnedPair) place { return place{p.Restricted, p.Shared} }
	for i := range pairs {
		k := at(&pairs[i])
		if people[k] == nil {
			people[k] = map[int64]bool{}
		}
		people[k][pairs[i].Candidate] = true
	}
	return slices.DeleteFunc(pairs, func(p returnedPair) bool {
		crowd := len(people[at(&p)]) > mostAtOnePlace
		if crowd {
			s.r.Count("returned_in_a_crowd", 1)
		}
		return crowd
	})
}

// knownApart is the pairs of whom it was known before that they are two people.
func (s *stage) knownApart(ctx context.Context, pairs []returnedPair) (map[[2]int64]bool, error) {
	since, _ := restrictedSince(s.restrictions)
	var list []returnedClient
	for i, p := range pairs {
		if i == 0 || pairs[i-1].key() != p.key() {
			list = append(list, returnedClient{p.Restricted, p.Candidate, since[p.Restricted]})
		}
	}
	if err := engine.Load(ctx, s.e, "returned_client", list); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[returnedClient](ctx, s.e,
		"SELECT restricted, candidate, CAST(0 AS BIGINT) AS since FROM ("+queries.Get("known_apart")+") AS apart")
	apart := make(map[[2]int64]bool, len(rows))
	for _, r := range rows {
		apart[[2]int64{r.Restricted, r.Candidate}] = true
	}
	return apart, err
}

type restrictedRecord struct {
	ClientID int64  `col:"client_id"`
	RecordID string `col:"record_id"`
	Hash     string `col:"content_hash"`
}

// restrictedRecords is the first record of each restricted person of a pair: by it is asked where only the request
// shares something.
func (s *stage) restrictedRecords(ctx context.Context) (map[int64]restrictedRecord, error) {
	rows, err := engine.Rows[restrictedRecord](ctx, s.e, queries.Get("returned_record"))
	first := make(map[int64]restrictedRecord, len(rows))
	for _, r := range rows {
		first[r.ClientID] = r
	}
	return first, err
}

// loadRestricted makes the restricted people, and the requests that surely name them, known to the engine.
func (s *stage) loadRestricted(ctx context.Context) error {
	since, by := restrictedSince(s.restrictions)
	ids := make([]restrictedBy, 0, len(since))
	for id := range since {
		ids = append(ids, restrictedBy{ClientID: id})
	}
	slices.SortFunc(ids, func(a, b restrictedBy) int { return cmp.Compare(a.ClientID, b.ClientID) })
	s.restricted = since
	if err := engine.Load(ctx, s.e, "restricted_client", ids); err != nil {
		return err
	}
	return engine.Load(ctx, s.e, "restricted_by", by)
}

// outOfDate reports whether an open question about somebody who may have come again has lost its ground: neither of the
// two is restricted any more.
func (s *stage) outOfDate(o *openItem) bool {
	_, l := s.restricted[o.ClientL]
	_, r := s.restricted[o.ClientR]
	return strings.HasPrefix(o.Reason, mayHaveReturned) && !l && !r
}

// loneRequests are the pairs of a record and a request that fits nobody: somebody of its birth date lives at its
// address. A family may ask under a name that no record has.
func (s *stage) loneRequests(ctx context.Context, isRequest map[int32]bool, found map[int32]bool) ([]pairRow, error) {
	var lone []ridRow
	for rid := range isRequest {
		if !found[rid] {
			lone = append(lone, ridRow{rid})
		}
	}
	if len(lone) == 0 {
		return nil, nil
	}
	slices.SortFunc(lone, func(a, b ridRow) int { return cmp.Compare(a.RID, b.RID) })
	if err := engine.Load(ctx, s.e, "lone_request", lone); err != nil {
		return nil, fmt.Errorf("requests that fit nobody: %w", err)
	}
	return engine.Rows[pairRow](ctx, s.e, queries.Get("lone_request"))
}
