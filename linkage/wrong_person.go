package linkage

import (
	"context"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/standard"
)

// wrongPerson is a letter of which it is reported that it reached somebody else.
type wrongPerson struct {
	ResultID string `col:"result_id"`
	RecordID string `col:"record_id"`
}

// wrongPersons are the questions about letters that are reported to have reached the wrong person. Until one is judged,
// its person waits for review and gets no letter. Same: the letter was right. Different: nobody of that name lives there,
// and the address counts as one from which mail comes back.
func (s *stage) wrongPersons(ctx context.Context) ([]table.ReviewItem, error) {
	open, err := engine.Rows[openItem](ctx, s.e, queries.Get("open_wrong_person"))
	if err != nil {
		return nil, err
	}
	rows, err := engine.Rows[wrongPerson](ctx, s.e, queries.Get("wrong_person"))
	if err != nil {
		return nil, err
	}
	wanted := map[string]table.ReviewItem{}
	for _, w := range rows {
		it := s.question(w.RecordID, standard.ResultPrefix+w.ResultID, "a letter reached the wrong person: mail is held",
			standard.NotePrefix+w.ResultID)
		wanted[it.ItemID] = it
	}
	return s.raise(wanted, open, "the report was taken out, or the record is gone"), nil
}
