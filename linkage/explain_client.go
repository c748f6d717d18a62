package linkage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"miic/internal/engine"
	"miic/internal/table"
)

// Strand is a scored pair of two records of one person.
type Strand struct {
	RecordL  string  `json:"record_l" col:"record_l"`
	RecordR  string  `json:"record_r" col:"record_r"`
	Weight   float64 `json:"weight" col:"match_weight"` // bits
	PMatch   float64 `json:"p_match" col:"p_match"`
	Decision string  `json:"decision" col:"decision"`
	Snapshot int64   `json:"snapshot" col:"snapshot"` // that scored it
}

// Belonging is a record of a person.
type Belonging struct {
	RecordID   string `json:"record_id" col:"record_id"`
	Sender     string `json:"sender" col:"sender"`
	SenderKind string `json:"sender_kind" col:"sender_kind,null"`
	Since      int64  `json:"since_snapshot" col:"since_snapshot"`
	First      string `json:"first,omitempty" col:"first,null"`
	Last       string `json:"last,omitempty" col:"last,null"`
	BirthDate  string `json:"birth_date,omitempty" col:"birth_iso,null"`
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

// Client is why records are one person.
type Client struct {
	ClientID int64       `json:"client_id"`
	Records  []Belonging `json:"records"`
	Tree     []Strand    `json:"tree"`    // the strongest pairs that hold the records together, strongest first
	Weakest  *Strand     `json:"weakest"` // of the tree: where the person would part first; null for a single record
	Apart    []string    `json:"apart"`   // records that no stored pair ties to the first
	Changes  []Change    `json:"changes"`
}

// Client explains a person by its id. A person who was merged into another has changes only. It fails
// with ErrUntold.
func (x *Explainer) Client(ctx context.Context, id int64) (*Client, error) {
	c := &Client{ClientID: id}
	var err error
	if c.Records, err = engine.Rows[Belonging](ctx, x.e, query("explain_record", "client", id)); err != nil {
		return nil, err
	}
	changes, err := engine.Rows[table.ClientChange](ctx, x.e, query("explain_change", "client", id))
	if err != nil {
		return nil, err
	}
	hidden, err := x.e.Int(ctx, fmt.Sprintf("SELECT count(*) FROM client WHERE client_id = %d AND (opted_out OR locked OR sealed)", id))
	if err != nil {
		return nil, err
	}
	if hidden > 0 || len(c.Records) == 0 && len(changes) == 0 {
		return nil, fmt.Errorf("client %d: %w", id, ErrUntold)
	}
	c.Changes = make([]Change, len(changes))
	for i, ch := range changes {
		c.Changes[i] = Change{ch.Snapshot, ch.ClientID, ch.Change, ch.OtherID, ch.RecordID, ch.Reason, ch.Model}
	}
	strands, err := engine.Rows[Strand](ctx, x.e, query("explain_strand", "client", id, "model", x.id))
	if err != nil {
		return nil, err
	}
	c.Tree, c.Apart = spanningTree(c.Records, strands)
	if n := len(c.Tree); n > 0 {
		c.Weakest = &c.Tree[n-1]
	}
	return c, nil
}

// spanningTree picks the strongest pairs that tie the records together, strongest first, and tells
// which records none of them ties to the first one.
func spanningTree(records []Belonging, strands []Strand) (tree []Strand, apart []string) {
	slices.SortFunc(strands, func(a, b Strand) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.RecordL, b.RecordL), cmp.Compare(a.RecordR, b.RecordR))
	})
	group := make(map[string]int, len(records))
	for i, r := range records {
		group[r.RecordID] = i
	}
	tree, apart = []Strand{}, []string{}
	for _, s := range strands {
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
