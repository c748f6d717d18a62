package ingest

import (
	"context"
	"fmt"
	"io"
	"strings"

	"miic/ingest/record"
	"miic/internal/dated"
	"miic/internal/engine"
	"miic/internal/table"
)

// A sender that changes its system may give every client a new number. The file that maps them keeps its people who
// they are: what it reports under a new number is a further version of the record under the old one.

// Renumbered is one number that a sender has changed.
type Renumbered struct {
	Old   string `json:"old"`
	New   string `json:"new"`
	Since string `json:"since"` // day, YYYY-MM-DD, from which the sender's records carry the new one
}

// ReadRenumbered reads a CSV file with the columns old_id, new_id and since. Errors name the line and no number.
func ReadRenumbered(src io.Reader) ([]Renumbered, error) {
	changes, err := dated.Read(src, "old_id", "new_id", "numbers")
	if err != nil {
		return nil, err
	}
	var list []Renumbered
	seen := map[string]bool{}
	for i, c := range changes {
		if seen[c.To] {
			return nil, fmt.Errorf("line %d: the new number is in an earlier line", i+2)
		}
		seen[c.To] = true
		list = append(list, Renumbered{Old: c.From, New: c.To, Since: c.Since})
	}
	return list, nil
}

type renumberedRow struct {
	Sender string     `col:"sender" doc:"sender"`
	Old    string     `col:"old_id" doc:"the number under which its records are kept"`
	New    string     `col:"new_id" doc:"the number that the sender uses now"`
	Since  table.Time `col:"since" doc:"from when"`
}

// renumber makes the staged records of senders that have changed their numbers carry the old ones.
func (n *night) renumber(ctx context.Context) error {
	if n.renumbered == 0 {
		var rows []renumberedRow
		for _, s := range n.cfg.Senders {
			older := map[string]string{}
			for _, r := range s.Renumbered {
				older[r.New] = r.Old
			}
			for _, r := range s.Renumbered {
				old := r.Old
				for i := 0; older[old] != "" && i < len(s.Renumbered); i++ { // changed more than once
					old = older[old]
				}
				since, err := table.ParseDate(r.Since)
				if err != nil {
					return fmt.Errorf("sender %s: renumbered: %w", s.ID, err)
				}
				rows = append(rows, renumberedRow{s.ID, old, r.New, since.Midnight()})
			}
		}
		if n.renumbered = -1; len(rows) > 0 {
			n.renumbered = len(rows)
			if err := engine.Load(ctx, n.run.Engine, "renumbered", rows); err != nil {
				return err
			}
		}
	}
	if n.renumbered < 0 {
		return nil
	}
	for _, t := range []*table.Table{record.StagedClients, record.StagedEvents, record.StagedObservations} {
		var cols []string
		for _, c := range t.Columns {
			expr := "s." + c.Name
			switch c.Name {
			case "source_client_id":
				expr = "coalesce(m.old_id, s.source_client_id)"
			case "record_id":
				expr = "CASE WHEN m.old_id IS NULL THEN s.record_id ELSE s.sender || '/' || m.old_id || '/1' END"
			}
			cols = append(cols, expr+" AS "+c.Name)
		}
		number := "s.source_client_id"
		if t == record.StagedObservations { // it has the record's id only: sender/number/1
			number = "substr(s.record_id, length(s.sender) + 2, length(s.record_id) - length(s.sender) - 3)"
		}
		raw := "sent_" + strings.TrimPrefix(t.Name, "staged_")
		if err := n.run.Engine.View(ctx, raw, t, n.loadedFiles(t)); err != nil {
			return err
		}
		n.run.Engine.Define(t.Name, fmt.Sprintf("SELECT %s FROM %s AS s LEFT JOIN renumbered AS m ON m.sender = "+
			"s.sender AND m.new_id = %s AND s.sender_time >= m.since",
			strings.Join(cols, ", "), raw, number))
	}
	return nil
}
