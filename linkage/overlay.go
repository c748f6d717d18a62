package linkage

import (
	"context"
	"fmt"

	"miic/internal/engine"
	"miic/internal/overlay"
	"miic/internal/table"
)

// turnedVersion is one version of a record that has had more than one birth date or sex.
type turnedVersion struct {
	RecordID   string     `col:"record_id"`
	Sender     string     `col:"sender"`
	SourceID   string     `col:"source_client_id"`
	Top        int32      `col:"top"` // the latest generation of its number
	SenderTime table.Time `col:"sender_time"`
	BatchID    string     `col:"batch_id"`
	Line       int64      `col:"line"`
	BirthDate  table.Date `col:"birth_date"`
	Sex        string     `col:"sex,null"`
}

// overlays are the questions about records in which birth date or sex contradict an earlier version: the sender has
// corrected them, or two people's data lie on one number. Such a record stays one, as it was reported last, until
// somebody judges that it is two people; then ingest parts it, and the verdict keeps the two apart. The question names
// the record that would begin. Birth certificates are left out: their numbers are nobody else's, and an amended one is
// a correction. Open questions that no longer apply are taken back.
func (s *stage) overlays(ctx context.Context, open []openItem) ([]table.ReviewItem, error) {
	if err := s.e.Materialize(ctx, "turned_record", queries.Get("turned_record")); err != nil {
		return nil, err
	}
	judged, err := s.judgedTurns(ctx)
	if err != nil {
		return nil, err
	}
	wanted := map[string]table.ReviewItem{}
	byRecord := func(v *turnedVersion) string { return v.RecordID }
	err = eachGroup(ctx, s.e, queries.Get("turned_version"), byRecord, func(versions []turnedVersion) error {
		v := &versions[0]
		id, next := v.RecordID, fmt.Sprintf("%s/%s/%d", v.Sender, v.SourceID, v.Top+1)
		turn, ok := lastTurn(versions)
		if begun, judged := judged[turn.Evidence(id)]; !ok || judged && begun != next {
			return nil
		}
		reason := fmt.Sprintf("its sender told another %s before: a correction, or two people's data on one number",
			whatTurned(turn))
		it := s.question(id, next, reason, turn.Evidence(id))
		wanted[it.ItemID] = it
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.raise(wanted, open, "the record does not contradict itself any more, or in another way"), nil
}

// lastTurn is the last turn of a record, if it has one. A version that was stored again counts once.
func lastTurn(versions []turnedVersion) (overlay.Turn, bool) {
	var facts []overlay.BirthFacts
	for i, v := range versions {
		if i > 0 && v.sameLine(&versions[i-1]) {
			facts = facts[:len(facts)-1]
		}
		facts = append(facts, overlay.BirthFacts{BirthDate: v.BirthDate, Sex: v.Sex})
	}
	turns := overlay.Turns(facts)
	if len(turns) == 0 {
		return overlay.Turn{}, false
	}
	return turns[len(turns)-1], true
}

// sameLine reports whether two versions come from one line of a delivery.
func (v *turnedVersion) sameLine(w *turnedVersion) bool {
	return v.SenderTime == w.SenderTime && v.BatchID == w.BatchID && v.Line == w.Line
}

func whatTurned(t overlay.Turn) string {
	birth := overlay.BirthFacts{
		BirthDate: t.Before.BirthDate,
	}.Contradicts(
		overlay.BirthFacts{BirthDate: t.After.BirthDate},
	)
	sex := overlay.BirthFacts{Sex: t.Before.Sex}.Contradicts(overlay.BirthFacts{Sex: t.After.Sex})
	switch {
	case birth && sex:
		return "birth date and sex"
	case birth:
		return "birth date"
	}
	return "sex"
}

// judgedTurns is the evidence of the turns that somebody has judged; for those judged different, with the record that
// was to begin. While that is not there, because the lake was rolled back and the verdict is not in the site's file any
// more, the question is open.
func (s *stage) judgedTurns(ctx context.Context) (map[string]string, error) {
	rows, err := engine.Rows[table.ReviewItem](ctx, s.e, queries.Get("judged_turn"))
	judged := make(map[string]string, len(rows))
	for _, r := range rows {
		judged[r.Evidence] = ""
		if r.Decision == "different" && r.Snapshot < s.r.Snapshot {
			judged[r.Evidence] = r.RecordR
		}
	}
	return judged, err
}
