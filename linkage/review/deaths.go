package review

import (
	"context"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/standard"
)

// deathHarm puts questions about deaths before all others, however many doses those concern: until it is judged, a
// living child gets no mail, or the parents of a dead one might.
const deathHarm = 1000

type openDeath struct {
	ItemID     string `col:"item_id"`
	RecordID   string `col:"record_id"`
	DeathID    string `col:"death_id"`
	Reason     string `col:"reason"`
	Evidence   string `col:"evidence_hash"`
	ClientID   int64  `col:"client_id"`
	Restricted bool   `col:"restricted"`
}

// deathQueue adds the questions about deaths to the queue: the record on the left, the certificate on the right.
// records gets the certificates in linkage form.
func (x *Explainer) deathQueue(ctx context.Context, q *Queue, records map[string]*table.StandardRecord) error {
	open, err := engine.Rows[openDeath](ctx, x.e, queries.Get("open_death"))
	if err != nil || len(open) == 0 {
		return err
	}
	if err := x.e.Latest(ctx, "latest_death", table.Deaths, table.Deaths.Name); err != nil {
		return err
	}
	if err := engine.Load(ctx, x.e, "open_death", open); err != nil {
		return err
	}
	certificates, err := engine.Rows[table.Death](ctx, x.e, queries.Get("question_certificate"))
	if err != nil {
		return err
	}
	writer := standard.New(x.model.Keys())
	for i := range certificates {
		r := standard.OfDeath(&certificates[i])
		s := writer.Standardise(&r, standard.Pseudo, "")
		records[r.RecordID] = &s
	}
	asked, err := engine.Rows[table.StandardRecord](ctx, x.e, queries.Get("question_death_record"))
	if err != nil {
		return err
	}
	for i := range asked {
		records[asked[i].RecordID] = &asked[i]
	}
	for _, o := range open {
		l, r := records[o.RecordID], records[standard.DeathPrefix+o.DeathID]
		switch {
		case o.Restricted != x.Restricted:
			q.Restricted++
		case l != nil && r != nil:
			q.Questions = append(q.Questions, Question{ItemID: o.ItemID, Harm: deathHarm, Reason: o.Reason,
				Evidence: o.Evidence, Beside: beside(l, r), Left: Side{o.RecordID, o.ClientID, l.Sender},
				Right: Side{RecordID: r.RecordID, Sender: r.Sender}, Doses: []Day{}})
		}
	}
	return nil
}

// beside is the fields of two records in linkage form.
func beside(l, r *table.StandardRecord) []Step {
	steps := []Step{}
	for _, f := range []struct {
		part string
		of   func(s *table.StandardRecord) string
	}{
		{"given_name", func(s *table.StandardRecord) string { return s.First }},
		{"middle_name", func(s *table.StandardRecord) string { return s.Middle }},
		{"surname", func(s *table.StandardRecord) string { return s.Last }},
		{"another_surname", func(s *table.StandardRecord) string { return s.AliasLast }},
		{"birth_date", func(s *table.StandardRecord) string { return s.BirthISO }},
		{"sex", func(s *table.StandardRecord) string { return s.Sex }},
		{"mother", func(s *table.StandardRecord) string { return s.MotherFirst }},
		{"mother_maiden", func(s *table.StandardRecord) string { return s.MotherMaiden }},
		{"street", func(s *table.StandardRecord) string { return s.Street }},
		{"city", func(s *table.StandardRecord) string { return s.City }},
		{"ZIP", func(s *table.StandardRecord) string { return s.ZIP }},
		{"birth_certificate", func(s *table.StandardRecord) string { return s.BirthCert }},
	} {
		if a, b := f.of(l), f.of(r); a != "" || b != "" {
			steps = append(steps, Step{Part: f.part, Left: a, Right: b})
		}
	}
	return steps
}
