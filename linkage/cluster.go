package linkage

import (
	"context"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/cluster"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// clusterRow is a record whose component is clustered again tonight.
type clusterRow struct {
	RID        int32  `col:"rid"`
	RecordID   string `col:"record_id"`
	BirthCert  string `col:"birth_cert,null"`
	BirthOrder int32  `col:"birth_order,null"`
	Multiple   string `col:"multiple,null"`
	First      string `col:"first,null"`
	SenderKind string `col:"sender_kind,null"`
	ClientID   int64  `col:"client_id,null"`
	Since      int64  `col:"since_snapshot,null"`
}

// livePair is a pair scored on an earlier night, of which both records are unchanged.
type livePair struct {
	L        int32   `col:"l"`
	R        int32   `col:"r"`
	Rules    int64   `col:"rules"`
	Vector   string  `col:"vector"`
	TermFreq float64 `col:"term_frequency"`
	FamFreq  float64 `col:"family_frequency"`
}

type verdictRow struct {
	L        int32  `col:"l"`
	R        int32  `col:"r"`
	Decision string `col:"decision"`
}

type linkRow struct {
	RecordID string `col:"record_id"`
	ClientID int64  `col:"client_id"`
	Since    int64  `col:"since_snapshot"`
}

// component is the records that are clustered again tonight, by place.
type component struct {
	rows  []clusterRow
	place map[int32]int32 // by rid
}

// cluster puts the records of every touched component into persons again, gives them their ids, and
// writes scored_pair, client_link and client_change.
func (s *stage) cluster(ctx context.Context) error {
	m, err := s.members(ctx)
	if err != nil {
		return err
	}
	c, links, err := s.clustering(ctx, m)
	if err != nil {
		return err
	}
	groups, err := c.Run(links)
	if err != nil {
		return err
	}
	if c.Whole, err = s.whole(ctx, m); err != nil {
		return err
	}
	together, err := c.JoinWhole(groups, links)
	if err != nil {
		return err
	}
	if err := s.writePairs(ctx); err != nil {
		return err
	}
	if err := s.writeLinks(ctx, m, together); err != nil {
		return err
	}
	s.matcher.Release()
	s.r.Count("components", int64(c.Components))
	s.r.Count("components_above_the_cap", int64(c.Oversize))
	s.r.Count("pairs_compared_inside_components", c.Inside)
	return s.writeChanges(ctx)
}

// members finds the records to cluster again.
func (s *stage) members(ctx context.Context) (*component, error) {
	if err := s.loadEdges(ctx, "tonight_pair", s.edges); err != nil {
		return nil, err
	}
	if err := s.e.Materialize(ctx, "verdict", queries.Get("verdict")); err != nil {
		return nil, err
	}
	if err := s.findMembers(ctx); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[clusterRow](ctx, s.e, queries.Get("cluster_member"))
	m := &component{rows, make(map[int32]int32, len(rows))}
	for i, r := range rows {
		m.place[r.RID] = int32(i)
	}
	return m, err
}

// clustering prepares a clustering of the members, with the links among them.
func (s *stage) clustering(ctx context.Context, m *component) (*cluster.Clustering, []cluster.Link, error) {
	members := make([]cluster.Member, len(m.rows))
	for i, r := range m.rows {
		members[i] = cluster.Member{BirthCert: r.BirthCert, BirthOrder: r.BirthOrder, Multiple: r.Multiple,
			Client: r.ClientID, First: r.First}
		members[i].Sender, _, _ = strings.Cut(r.RecordID, "/")
	}
	links, err := s.links(ctx, m.place)
	if err != nil {
		return nil, nil, err
	}
	if err := s.findSeals(ctx); err != nil {
		return nil, nil, err
	}
	if s.rewritten {
		if links, err = s.loosen(ctx, members, links); err != nil {
			return nil, nil, err
		}
	}
	links = slices.DeleteFunc(links, func(l cluster.Link) bool {
		return s.sealed.apart(m.rows[l.A].RecordID, m.rows[l.B].RecordID)
	})
	verdicts, err := s.verdicts(ctx, m.place)
	if err != nil {
		return nil, nil, err
	}
	c := &cluster.Clustering{Model: s.model, Members: members, Verdicts: verdicts, Anew: s.weighed}
	c.Scores = func(pairs [][2]int32) ([]cluster.Link, error) {
		rids := make([][2]int32, len(pairs))
		for i, p := range pairs {
			rids[i] = [2]int32{m.rows[p[0]].RID, m.rows[p[1]].RID}
		}
		edges, err := s.matcher.ScorePairs(ctx, rids)
		s.inside = edges
		return s.onMembers(edges, m.place), err
	}
	return c, links, nil
}

// writeLinks gives the persons their ids and writes the links that changed.
func (s *stage) writeLinks(ctx context.Context, m *component, together *cluster.Together) error {
	records := make([]cluster.Identity, len(m.rows))
	for i, r := range m.rows {
		records[i] = cluster.Identity{RecordID: r.RecordID, Client: r.ClientID,
			BirthRecord: r.SenderKind == standard.VitalRecords}
	}
	people, last := cluster.GiveIDs(together.Persons, records, s.r.Mark("client_id"), func(ch table.ClientChange) {
		ch.Snapshot, ch.Model = s.r.Snapshot, s.modelID
		s.changes = append(s.changes, ch)
	})
	s.r.SetMark("client_id", last)
	s.noteWhole(people, together)
	var now []linkRow
	for _, p := range people {
		for _, i := range p.Members {
			l := linkRow{RecordID: records[i].RecordID, ClientID: p.ID, Since: s.r.Snapshot}
			if records[i].Client == p.ID {
				l.Since = m.rows[i].Since
			}
			now = append(now, l)
		}
	}
	if err := engine.Load(ctx, s.e, "new_link", now); err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "changed_link", queries.Get("changed_link")); err != nil {
		return err
	}
	keys := "SELECT record_id FROM changed_link"
	if err := s.r.Replace(ctx, table.ClientLinks, keys, queries.Get("client_link")); err != nil {
		return err
	}
	return s.r.View(ctx, table.ClientLinks)
}

// loosen treats the records of a person as if they had never been together, where a delivery that was taken out
// reported something of that person: the former person, and the pairs that were compared only because the two were in
// it, do not count.
func (s *stage) loosen(ctx context.Context, members []cluster.Member, links []cluster.Link) ([]cluster.Link, error) {
	rows, err := engine.Rows[idRow](ctx, s.e, queries.Get("loosened_client"))
	if err != nil {
		return nil, err
	}
	loose := make(map[int64]bool, len(rows))
	for _, r := range rows {
		loose[r.ID] = true
	}
	links = slices.DeleteFunc(links, func(l cluster.Link) bool {
		return l.Inside && members[l.A].Client == members[l.B].Client && loose[members[l.A].Client]
	})
	for i := range members {
		if loose[members[i].Client] {
			members[i].Client = 0
		}
	}
	return links, nil
}

// findMembers makes link_member: the records to cluster again. It starts from the dirty, the companions
// of what changed or went, and the pairs that a verdict now parts or joins, and follows links and
// persons until nothing is added.
func (s *stage) findMembers(ctx context.Context) error {
	if s.full {
		s.weighed = true
		s.r.SetMark(stateMark, s.matcher.Size())
		return s.e.Materialize(ctx, "link_member", "SELECT rid FROM link_index WHERE sender_kind <> 'request'")
	}
	if err := s.e.Materialize(ctx, "live_pair", queries.Get("live_pair", "model", s.modelID)); err != nil {
		return err
	}
	if err := s.weighAnew(ctx); err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "link_member", queries.Get("seed_member")); err != nil {
		return err
	}
	if err := s.e.Materialize(ctx, "open_pair", queries.Get("open_pair")); err != nil {
		return err
	}
	before := int64(-1)
	for {
		n, err := s.e.Int(ctx, "SELECT count(*) FROM link_member")
		if err != nil || n == before || n == 0 {
			return err
		}
		before = n
		more := queries.Get("more_member", "keep", s.model.Thresholds.Keep)
		if err := s.e.Materialize(ctx, "more_member", more); err != nil {
			return err
		}
		if err := s.e.Materialize(ctx, "link_member", "SELECT DISTINCT rid FROM more_member"); err != nil {
			return err
		}
	}
}

// links returns the scored pairs among the members: tonight's, and earlier ones scored again from
// their stored vectors, so that all weights are by the same priors.
func (s *stage) links(ctx context.Context, place map[int32]int32) ([]cluster.Link, error) {
	links := s.onMembers(s.edges, place)
	if s.full {
		return links, nil
	}
	rows, err := engine.Rows[livePair](ctx, s.e, queries.Get("member_pair"))
	if err != nil {
		return nil, err
	}
	edges := make([]match.Edge, len(rows))
	for i, p := range rows {
		edges[i] = match.Edge{L: p.L, R: p.R, Rules: int32(p.Rules), Evidence: p.evidence()}
		edges[i].Score = s.matcher.Weigh(edges[i].Evidence)
	}
	return append(links, s.onMembers(edges, place)...), nil
}

func (s *stage) onMembers(edges []match.Edge, place map[int32]int32) []cluster.Link {
	links := make([]cluster.Link, 0, len(edges))
	for i := range edges {
		a, ok := place[edges[i].L]
		b, ok2 := place[edges[i].R]
		if ok && ok2 {
			links = append(links, cluster.LinkOf(s.model, &edges[i], a, b))
		}
	}
	return links
}

func (s *stage) verdicts(ctx context.Context, place map[int32]int32) (cluster.Verdicts, error) {
	var v cluster.Verdicts
	rows, err := engine.Rows[verdictRow](ctx, s.e, "SELECT l, r, decision FROM verdict ORDER BY l, r")
	for _, r := range rows {
		a, ok := place[r.L]
		b, ok2 := place[r.R]
		if ok && ok2 {
			v.Add(a, b, r.Decision == "same")
		}
	}
	return v, err
}

// writePairs adds tonight's scored pairs to the log, those inside components with them.
func (s *stage) writePairs(ctx context.Context) error {
	known := make(map[[2]int32]bool, len(s.edges))
	for _, e := range s.edges {
		known[[2]int32{e.L, e.R}] = true
	}
	all := s.edges
	for _, e := range s.inside {
		if !known[[2]int32{e.L, e.R}] {
			all = append(all, e)
		}
	}
	s.edges = all
	if len(all) == 0 {
		return nil
	}
	if err := s.loadEdges(ctx, "scored_tonight", all); err != nil {
		return err
	}
	_, err := s.r.Copy(ctx, table.ScoredPairs, queries.Get("scored_pair", "snapshot", s.r.Snapshot,
		"model", s.modelID, "edges", engine.Name("scored_tonight")))
	return err
}

type idRow struct {
	ID int64 `col:"id"`
}

// affected makes affected_client: the persons whose records, doses or links changed.
func (s *stage) affected(ctx context.Context) error {
	if err := s.e.Materialize(ctx, "affected_client", queries.Get("affected_client", "snapshot", s.r.Snapshot)); err != nil {
		return err
	}
	return s.loadNewest(ctx, "client_link WHERE client_id IN (SELECT client_id FROM affected_client)")
}
