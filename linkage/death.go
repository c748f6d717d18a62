package linkage

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// Who has died. A death certificate is matched as a request is: as a pseudo-record, compared with everybody each
// night by the same model. There are two bars. A certificate that may be somebody's stops their mail at once. Only
// one that surely names a single person makes them deceased: by the number of the birth certificate, by a match that
// would have merged two records, or by a person's verdict. Every night starts from its own certificates and records, so
// one that is voided or replaced has no effect any more.

// deathBases are the grounds on which a death is somebody's, the surest first.
var deathBases = []string{"operator", "certificate", "matched", "possible"}

// deathMatch is a death compared with one record of a person.
type deathMatch struct {
	DeathID  string
	ClientID int64
	RecordID string
	Basis    string
	Weight   float64
	Evidence string // of the record and the death, in the order of a review item
}

// An exclusion is the persons that a death is not of, by death: an operator has judged so.
type exclusion map[string]map[int64]bool

// whoDied settles each death: on the surest basis that any person has, it is of that one person; where several have
// it, or nobody has better than a possible match, it may be any of them. Of each person the surest record counts.
func whoDied(matches []deathMatch, excluded exclusion) []deathMatch {
	best := map[string]map[int64]deathMatch{}
	rank := func(m deathMatch) int { return slices.Index(deathBases, m.Basis) }
	for _, m := range matches {
		if excluded[m.DeathID][m.ClientID] {
			continue
		}
		if best[m.DeathID] == nil {
			best[m.DeathID] = map[int64]deathMatch{}
		}
		b, ok := best[m.DeathID][m.ClientID]
		if !ok || cmp.Or(cmp.Compare(rank(m), rank(b)), cmp.Compare(b.Weight, m.Weight),
			cmp.Compare(m.RecordID, b.RecordID)) < 0 {
			best[m.DeathID][m.ClientID] = m
		}
	}
	var out []deathMatch
	for _, id := range slices.Sorted(maps.Keys(best)) {
		top, holders := len(deathBases), 0
		for _, m := range best[id] {
			switch r := rank(m); {
			case r < top:
				top, holders = r, 1
			case r == top:
				holders++
			}
		}
		for _, client := range slices.Sorted(maps.Keys(best[id])) {
			m := best[id][client]
			if deathBases[top] != "possible" && holders == 1 {
				if rank(m) != top {
					continue
				}
			} else {
				m.Basis = "possible"
			}
			out = append(out, m)
		}
	}
	return out
}

type certifiedDeath struct {
	L      int32 `col:"l"`
	R      int32 `col:"r"`
	Agrees bool  `col:"agrees"`
}

type deathMember struct {
	RID      int32  `col:"rid"`
	RecordID string `col:"record_id"`
	Hash     string `col:"content_hash"`
	ClientID int64  `col:"client_id,null"`
}

type deathDay struct {
	DeathID string     `col:"death_id"`
	On      table.Date `col:"deceased_on"`
}

type priorDeath struct {
	ClientID int64  `col:"client_id"`
	DeathID  string `col:"death_id"`
	Since    int64  `col:"since_snapshot"`
}

// matchDeaths finds who has died or may have, and writes death_match.
func (s *stage) matchDeaths(ctx context.Context) error {
	matches, excluded, err := s.deathEvidence(ctx)
	if err != nil {
		return err
	}
	s.deaths = whoDied(matches, excluded)
	days, err := engine.Rows[deathDay](ctx, s.e,
		"SELECT death_id, deceased_on FROM latest_death WHERE NOT withdrawn")
	if err != nil {
		return err
	}
	day := make(map[string]table.Date, len(days))
	for _, d := range days {
		day[d.DeathID] = d.On
	}
	prior, err := engine.Rows[priorDeath](ctx, s.e,
		"SELECT client_id, death_id, since_snapshot FROM prior_death_match")
	if err != nil {
		return err
	}
	type pair struct {
		client int64
		death  string
	}
	since := make(map[pair]int64, len(prior))
	for _, p := range prior {
		since[pair{p.ClientID, p.DeathID}] = p.Since
	}
	now := make([]table.DeathMatch, 0, len(s.deaths))
	for _, m := range s.deaths {
		row := table.DeathMatch{ClientID: m.ClientID, DeathID: m.DeathID, Basis: m.Basis, DeceasedOn: day[m.DeathID],
			Since: since[pair{m.ClientID, m.DeathID}]}
		if row.Since == 0 {
			row.Since = s.r.Snapshot
		}
		now = append(now, row)
		s.r.Count("deaths_"+m.Basis, 1)
	}
	slices.SortFunc(now, func(a, b table.DeathMatch) int {
		return cmp.Or(cmp.Compare(a.ClientID, b.ClientID), strings.Compare(a.DeathID, b.DeathID))
	})
	s.died = now
	if err := engine.Load(ctx, s.e, "death_now", now); err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "death_change", queries.Get("death_change")); err != nil {
		return err
	}
	return pipeline.Write(s.r, table.DeathMatches, now)
}

// deathEvidence gathers the matches of each death, and the persons that people have excluded.
func (s *stage) deathEvidence(ctx context.Context) ([]deathMatch, exclusion, error) {
	certified, err := engine.Rows[certifiedDeath](ctx, s.e, queries.Get("certified_death"))
	if err != nil {
		return nil, nil, err
	}
	judged, err := engine.Rows[verdictRow](ctx, s.e, queries.Get("judged_death"))
	if err != nil {
		return nil, nil, err
	}
	by, err := s.deathMembers(ctx, certified, judged)
	if err != nil {
		return nil, nil, err
	}
	var matches []deathMatch
	add := func(l, r int32, basis string, weight float64) {
		if m, ok := by.match(l, r, basis, weight); ok {
			matches = append(matches, m)
		}
	}
	for _, e := range s.requestEdges {
		if s.model.Decide(e) == match.Link {
			add(e.L, e.R, "matched", e.Weight)
		} else {
			add(e.L, e.R, "possible", e.Weight)
		}
	}
	for _, c := range certified {
		if c.Agrees {
			add(c.L, c.R, "certificate", 0)
		} else {
			add(c.L, c.R, "possible", 0)
		}
	}
	excluded := exclusion{}
	for _, v := range judged {
		if v.Decision == "same" {
			add(v.L, v.R, "operator", 0)
		} else if m, ok := by.match(v.L, v.R, "", 0); ok {
			if excluded[m.DeathID] == nil {
				excluded[m.DeathID] = map[int64]bool{}
			}
			excluded[m.DeathID][m.ClientID] = true
		}
	}
	return matches, excluded, nil
}

// deathMembers are the records and certificates of the evidence about deaths, by rid.
type deathMembers map[int32]deathMember

func (s *stage) deathMembers(ctx context.Context, certified []certifiedDeath,
	judged []verdictRow) (deathMembers, error) {
	var ids []idRow
	for _, e := range s.requestEdges {
		ids = append(ids, idRow{int64(e.L)}, idRow{int64(e.R)})
	}
	for _, c := range certified {
		ids = append(ids, idRow{int64(c.L)}, idRow{int64(c.R)})
	}
	for _, v := range judged {
		ids = append(ids, idRow{int64(v.L)}, idRow{int64(v.R)})
	}
	if err := engine.Load(ctx, s.e, "death_rid", ids); err != nil {
		return nil, err
	}
	members, err := engine.Rows[deathMember](ctx, s.e, queries.Get("death_member"))
	by := make(deathMembers, len(members))
	for _, m := range members {
		by[m.RID] = m
	}
	return by, err
}

// match is a record and a death certificate by their rids; false where the right is no death, or the left has no
// person.
func (by deathMembers) match(l, r int32, basis string, weight float64) (deathMatch, bool) {
	record, certificate := by[l], by[r]
	id, isDeath := strings.CutPrefix(certificate.RecordID, standard.DeathPrefix)
	m := deathMatch{DeathID: id, ClientID: record.ClientID, RecordID: record.RecordID, Basis: basis, Weight: weight,
		Evidence: record.Hash + certificate.Hash}
	if certificate.RecordID < record.RecordID {
		m.Evidence = certificate.Hash + record.Hash
	}
	return m, isDeath && m.ClientID != 0
}

type lateDose struct {
	DeathID string `col:"death_id"`
}

// strongestFirst puts the persons of each death in the order in which they are asked about.
func strongestFirst(deaths []deathMatch) []deathMatch {
	return slices.SortedFunc(slices.Values(deaths), func(a, b deathMatch) int {
		return cmp.Or(cmp.Compare(a.DeathID, b.DeathID), cmp.Compare(b.Weight, a.Weight),
			cmp.Compare(a.ClientID, b.ClientID))
	})
}

// deathQuestions are the questions about deaths that are raised tonight, and those that are taken back.
func (s *stage) deathQuestions(ctx context.Context, open []openItem) ([]table.ReviewItem, error) {
	wanted := map[string]table.ReviewItem{}
	ask := func(m deathMatch, reason string) {
		certificate := standard.DeathPrefix + m.DeathID
		it := s.question(min(m.RecordID, certificate), max(m.RecordID, certificate), reason, m.Evidence)
		wanted[it.ItemID] = it
	}
	asked := map[string]int{}
	sure := map[string]deathMatch{}
	for _, m := range strongestFirst(s.deaths) {
		switch {
		case m.Basis != "possible":
			sure[m.DeathID] = m
		case asked[m.DeathID] < mostAsked:
			asked[m.DeathID]++
			ask(m, "may have died: mail is held")
		default:
			s.r.Count("review_left_out", 1)
		}
	}
	late, err := engine.Rows[lateDose](ctx, s.e, queries.Get("late_dose"))
	if err != nil {
		return nil, err
	}
	for _, l := range late {
		s.r.Count("deaths_before_a_dose", 1)
		if m := sure[l.DeathID]; m.Basis != "operator" {
			ask(m, "a dose was given after the day of the death")
		}
	}
	return s.raise(wanted, open, "the death is settled, or the evidence has changed"), nil
}

// ofDeath reports whether an item of the queue is about a death.
func ofDeath(l, r string) bool {
	return strings.HasPrefix(l, standard.DeathPrefix) || strings.HasPrefix(r, standard.DeathPrefix)
}
