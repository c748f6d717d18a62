package review

import (
	"cmp"
	"fmt"
	"slices"

	"miic/internal/table"
)

// MemberPair is a scored pair of two records of one person.
type MemberPair struct {
	RecordL  string  `json:"record_l" col:"record_l"`
	RecordR  string  `json:"record_r" col:"record_r"`
	Weight   float64 `json:"weight" col:"match_weight"` // bits
	PMatch   float64 `json:"p_match" col:"p_match"`
	Decision string  `json:"decision" col:"decision"`
	Snapshot int64   `json:"snapshot" col:"snapshot"` // that scored it
	Model    string  `json:"-" col:"model"`
	HashL    string  `json:"-" col:"hash_l"`
	HashR    string  `json:"-" col:"hash_r"`
}

// Member is a record of a person.
type Member struct {
	RecordID   string `json:"record_id" col:"record_id"`
	Sender     string `json:"sender" col:"sender"`
	SenderKind string `json:"sender_kind" col:"sender_kind,null"`
	Since      int64  `json:"since_snapshot"`
	First      string `json:"first,omitempty" col:"first,null"`
	Last       string `json:"last,omitempty" col:"last,null"`
	BirthDate  string `json:"birth_date,omitempty" col:"birth_iso,null"`
	Hash       string `json:"-" col:"content_hash"`
}

// Change is one step in the life of a person's id.
type Change struct {
	Snapshot int64  `json:"snapshot"`
	ClientID int64  `json:"client_id"`
	Change   string `json:"change"`
	OtherID  int64  `json:"other_id,omitempty"`
	RecordID string `json:"record_id,omitempty"`
	Reason   string `json:"reason"`
	Model    string `json:"model"`
}

// Known is a field of the best-known demographics, with the record it came from and why. Former values
// have no reason.
type Known struct {
	Field        string `json:"field"`
	Value        string `json:"value"`
	RecordID     string `json:"record_id"`
	Reason       string `json:"reason,omitempty"`
	TrueOn       string `json:"true_on,omitempty"`       // YYYY-MM-DD, as far as is known
	Dated        string `json:"dated,omitempty"`         // what day that is
	LastReported string `json:"last_reported,omitempty"` // YYYY-MM-DD, of a former value
}

// Client is why records are one person.
type Client struct {
	ClientID int64        `json:"client_id"`
	Records  []Member     `json:"records"`
	Tree     []MemberPair `json:"tree"`    // the strongest pairs that hold the records together, strongest first
	Weakest  *MemberPair  `json:"weakest"` // of the tree: where the person would part first; null for a single record
	Apart    []string     `json:"apart"`   // records that no stored pair ties to the first
	Known    []Known      `json:"known"`   // the best known, field by field
	Former   []Known      `json:"former"`  // names, addresses and phones before it or beside it
	Changes  []Change     `json:"changes"`
}

// Client explains a person by its id. A person who was merged into another has changes only. It fails
// with ErrNotShown.
func (x *Explainer) Client(id int64) (*Client, error) {
	c := &Client{ClientID: id}
	hidden, err := x.hidden(id)
	if err != nil {
		return nil, err
	}
	links, err := find[table.ClientLink](x, table.ClientLinks, "client_id", id)
	if err != nil {
		return nil, err
	}
	if c.Changes, err = x.changes(id); err != nil {
		return nil, err
	}
	if hidden[id] || len(links) == 0 && len(c.Changes) == 0 {
		return nil, fmt.Errorf("client %d: %w", id, ErrNotShown)
	}
	since := make(map[string]int64, len(links))
	records := make([]string, len(links))
	for i, l := range links {
		records[i], since[l.RecordID] = l.RecordID, l.Since
	}
	if c.Records, err = find[Member](x, table.StandardRecords, "record_id", records...); err != nil {
		return nil, err
	}
	hash := make(map[string]string, len(records))
	for i := range c.Records {
		r := &c.Records[i]
		r.Since, hash[r.RecordID] = since[r.RecordID], r.Hash
	}
	pairs, err := find[MemberPair](x, table.ScoredPairs, "record_l", records...)
	if err != nil {
		return nil, err
	}
	// A pair counts while both records are unchanged since this model compared them.
	pairs = slices.DeleteFunc(pairs, func(s MemberPair) bool {
		return s.Model != x.id || hash[s.RecordL] != s.HashL || hash[s.RecordR] != s.HashR
	})
	c.Tree, c.Apart = spanningTree(c.Records, pairs)
	if n := len(c.Tree); n > 0 {
		c.Weakest = &c.Tree[n-1]
	}
	return c, x.known(c, records)
}

// changes returns the steps in the life of a person's id, those that concern a hidden person left out.
func (x *Explainer) changes(id int64) ([]Change, error) {
	var rows []table.ClientChange
	about := []int64{}
	for _, column := range []string{"client_id", "other_id"} {
		found, err := find[table.ClientChange](x, table.ClientChanges, column, id)
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			about = append(about, h.ClientID, h.OtherID)
		}
		rows = append(rows, found...)
	}
	hidden, err := x.hidden(about...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b table.ClientChange) int {
		return cmp.Or(cmp.Compare(a.Snapshot, b.Snapshot), cmp.Compare(a.ClientID, b.ClientID),
			cmp.Compare(a.Change, b.Change), cmp.Compare(a.OtherID, b.OtherID), cmp.Compare(a.RecordID, b.RecordID))
	})
	out := []Change{}
	for _, h := range rows {
		if !hidden[h.ClientID] && !hidden[h.OtherID] {
			out = append(out, Change{h.Snapshot, h.ClientID, h.Change, h.OtherID, h.RecordID, h.Reason, h.Model})
		}
	}
	return out, nil
}

// spanningTree picks the strongest pairs that tie the records together, strongest first, and the records that none of
// them ties to the first one.
func spanningTree(records []Member, pairs []MemberPair) (tree []MemberPair, apart []string) {
	slices.SortFunc(pairs, func(a, b MemberPair) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.RecordL, b.RecordL),
			cmp.Compare(a.RecordR, b.RecordR))
	})
	group := make(map[string]int, len(records))
	for i, r := range records {
		group[r.RecordID] = i
	}
	tree, apart = []MemberPair{}, []string{}
	for _, s := range pairs {
		a, b := group[s.RecordL], group[s.RecordR]
		if a == b {
			continue
		}
		tree = append(tree, s)
		for id, g := range group {
			if g == b {
				group[id] = a
			}
		}
	}
	for _, r := range records {
		if group[r.RecordID] != group[records[0].RecordID] {
			apart = append(apart, r.RecordID)
		}
	}
	return tree, apart
}
