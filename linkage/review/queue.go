package review

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/overlay"
	"miic/internal/table"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// Question waits for a person's verdict. It is about a pair of records, about a record and a death certificate, about a
// record before and after it contradicted itself, or about a record and a letter that reached somebody else.
type Question struct {
	ItemID string `json:"item_id"`
	Family int    `json:"family"` // number of the group of questions that one look settles, from 1
	// Letters that wait for nothing but the answer.
	Letters int `json:"letters"`
	// Expected harm: the probability that the two are one person × (1 + the fewer of their doses). It is 1000 for a
	// death, and 0 for two records of one number and for one that contradicts itself.
	Harm     float64 `json:"harm"`
	Reason   string  `json:"reason"`
	Evidence string  `json:"evidence"` // hash of both records: a verdict is on this evidence
	Pair     *Pair   `json:"pair"`     // nil if this model keeps no comparison of the two
	Beside   []Step  `json:"beside"`   // the fields of both, where there is no comparison
	Left     Side    `json:"left"`
	Right    Side    `json:"right"`
	Doses    []Day   `json:"doses"` // of both persons, by day
	Other    *Other  `json:"other"` // the best match of one of the two with a third person; nil if none is kept
}

// Other is a record that might be the person's instead.
type Other struct {
	RecordID string  `json:"record_id" col:"record_id"` // of the question
	OtherID  string  `json:"other_id" col:"other_id"`
	ClientID int64   `json:"client_id" col:"client_id"` // of the other
	Weight   float64 `json:"weight" col:"match_weight"`
	PMatch   float64 `json:"p_match" col:"p_match"`
}

// AskedAgain reports whether somebody has judged the pair before, on other evidence; the reason gives who, and what has
// changed.
func (q Question) AskedAgain() bool { return strings.HasPrefix(q.Reason, AskedAgain) }

// Turned reports whether the question is about one record: what was reported before, and since.
func (q Question) Turned() bool { return overlay.IsTurn(q.Evidence) }

// WrongPerson reports whether the question is about a letter that is said to have reached somebody else.
func (q Question) WrongPerson() bool {
	return strings.HasPrefix(q.Right.RecordID, standard.ResultPrefix)
}

// Alternatives are the relations but same person that the pair may have, the likeliest first.
func (q Question) Alternatives() []match.Class {
	list := []match.Class{match.Together, match.Family, match.Stranger}
	slices.SortStableFunc(list, func(a, b match.Class) int {
		return cmp.Compare(q.Pair.Probabilities[b.String()], q.Pair.Probabilities[a.String()])
	})
	return list
}

// Side is one of the two records.
type Side struct {
	RecordID string `json:"record_id"`
	ClientID int64  `json:"client_id"`
	Sender   string `json:"sender"`
}

// Day is what both persons were given on one day, as CVX codes.
type Day struct {
	On    string  `json:"on"` // YYYY-MM-DD
	Left  []int16 `json:"left"`
	Right []int16 `json:"right"`
}

// Queue is what waits for review: questions about deaths first, then by the letters that wait for an answer, then by
// expected harm. The questions about a household are together.
type Queue struct {
	Questions  []Question `json:"questions"`
	Restricted int        `json:"restricted"` // those left out: of people who may appear in no output, or all others
}

type openQuestion struct {
	ItemID     string `col:"item_id"`
	RecordL    string `col:"record_l"`
	RecordR    string `col:"record_r"`
	Snapshot   int64  `col:"snapshot"`
	Reason     string `col:"reason"`
	Evidence   string `col:"evidence_hash"`
	ClientL    int64  `col:"client_l"`
	ClientR    int64  `col:"client_r"`
	Restricted bool   `col:"restricted"`
}

type doseOn struct {
	ClientID int64      `col:"client_id"`
	On       table.Date `col:"administered_on"`
	CVX      int16      `col:"cvx"`
}

// Queue reads what waits for review.
func (x *Explainer) Queue(ctx context.Context) (*Queue, error) {
	if err := x.views(ctx, table.StandardRecords, table.ScoredPairs, table.ClientLinks, table.Clients,
		table.ReviewItems, table.Immunizations, table.Deaths, table.HeldLetters, table.NoticeResults); err != nil {
		return nil, err
	}
	if err := x.e.Latest(ctx, "latest_review_item", table.ReviewItems, table.ReviewItems.Name); err != nil {
		return nil, err
	}
	if err := x.e.Materialize(ctx, "open_question", queries.Get("open_question")); err != nil {
		return nil, err
	}
	open, err := engine.Rows[openQuestion](ctx, x.e, "SELECT * FROM open_question ORDER BY item_id")
	if err != nil {
		return nil, err
	}
	known := &evidence{records: map[string]*table.StandardRecord{}}
	if len(open) > 0 { // on most nights of a small site there is none
		if known, err = x.evidence(ctx); err != nil {
			return nil, err
		}
	}
	q := &Queue{Questions: []Question{}}
	for _, o := range open {
		switch {
		case o.Restricted != x.Restricted:
			q.Restricted++
		case known.records[o.RecordL] != nil && known.records[o.RecordR] != nil:
			one, err := x.question(&o, known)
			if err != nil {
				return nil, err
			}
			q.Questions = append(q.Questions, *one)
		}
	}
	if err := x.deathQueue(ctx, q, known.records); err != nil {
		return nil, err
	}
	if err := x.turnQueue(ctx, q, known.records); err != nil {
		return nil, err
	}
	if err := x.wrongPersonQueue(ctx, q, known.records); err != nil {
		return nil, err
	}
	if err := x.countLetters(ctx, q.Questions); err != nil {
		return nil, err
	}
	byFamily(q.Questions, known.records)
	return q, nil
}

// evidence is what is stored of the records and persons of the open questions.
type evidence struct {
	records map[string]*table.StandardRecord
	pairs   map[[2]string]*table.ScoredPair
	doses   map[int64][]doseOn
	others  map[string]*Other // by item
}

func (x *Explainer) evidence(ctx context.Context) (*evidence, error) {
	records, err := engine.Rows[table.StandardRecord](ctx, x.e, queries.Get("question_record"))
	if err != nil {
		return nil, err
	}
	scored, err := engine.Rows[table.ScoredPair](ctx, x.e, queries.Get("question_pair"))
	if err != nil {
		return nil, err
	}
	given, err := engine.Rows[doseOn](ctx, x.e, queries.Get("question_dose"))
	if err != nil {
		return nil, err
	}
	others, err := engine.Rows[struct {
		ItemID string `col:"item_id"`
		Other
	}](ctx, x.e, queries.Get("other_match", "model", x.id))
	if err != nil {
		return nil, err
	}
	known := &evidence{map[string]*table.StandardRecord{}, map[[2]string]*table.ScoredPair{}, map[int64][]doseOn{},
		map[string]*Other{}}
	for i := range records {
		known.records[records[i].RecordID] = &records[i]
	}
	for i := range scored {
		if scored[i].Model == x.id {
			known.pairs[[2]string{scored[i].RecordL, scored[i].RecordR}] = &scored[i]
		}
	}
	for _, d := range given {
		known.doses[d.ClientID] = append(known.doses[d.ClientID], d)
	}
	for i := range others {
		known.others[others[i].ItemID] = &others[i].Other
	}
	return known, nil
}

// question explains an open question about two records.
func (x *Explainer) question(o *openQuestion, known *evidence) (*Question, error) {
	l, r := known.records[o.RecordL], known.records[o.RecordR]
	dosesL, dosesR := known.doses[o.ClientL], known.doses[o.ClientR]
	q := &Question{ItemID: o.ItemID, Reason: o.Reason, Evidence: o.Evidence, Other: known.others[o.ItemID],
		Doses: aligned(dosesL, dosesR),
		Left:  Side{o.RecordL, o.ClientL, l.Sender}, Right: Side{o.RecordR, o.ClientR, r.Sender}}
	row := known.pairs[[2]string{o.RecordL, o.RecordR}]
	if row == nil {
		q.Beside = beside(l, r)
		return q, nil
	}
	var err error
	if q.Pair, err = x.Explain(row, l, r); err != nil {
		return nil, err
	}
	q.Pair.ClientL, q.Pair.ClientR = o.ClientL, o.ClientR
	q.Harm = row.PMatch * float64(1+min(len(dosesL), len(dosesR)))
	return q, nil
}

// aligned puts the doses of two persons, each in the order of days, side by side.
func aligned(left, right []doseOn) []Day {
	days := map[table.Date]*Day{}
	at := func(d table.Date) *Day {
		if days[d] == nil {
			days[d] = &Day{On: d.String(), Left: []int16{}, Right: []int16{}}
		}
		return days[d]
	}
	for _, d := range left {
		at(d.On).Left = append(at(d.On).Left, d.CVX)
	}
	for _, d := range right {
		at(d.On).Right = append(at(d.On).Right, d.CVX)
	}
	out := make([]Day, 0, len(days))
	for _, d := range days {
		out = append(out, *d)
	}
	slices.SortFunc(out, func(a, b Day) int { return cmp.Compare(a.On, b.On) })
	return out
}

// ItemID names a pair: the same pair is always the same item.
func ItemID(l, r string) string {
	sum := sha256.Sum256([]byte(l + "|" + r))
	return hex.EncodeToString(sum[:8])
}
