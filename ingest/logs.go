package ingest

import (
	"context"
	"fmt"
	"strings"

	"miic/ingest/timeline"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// A log is one of the tables that records go to.
type log struct {
	table  *table.Table
	staged string
	key    string
	hash   string // the staged column that two rows of one key have in common: its fingerprint, or itself
	owner  string // how a row finds its client's generation
}

var logs = []log{
	{table.ClientRecords, "staged_client", "record_id", "record_id", "unit"},
	{table.VaccinationEvents, "staged_event", "event_id", "key_hash", "time"},
	{table.Observations, "staged_observation", "observation_id", "observation_id", "note"},
	{table.Requests, "staged_request", "request_id", "request_id", "number"},
	{table.Deaths, "staged_death", "death_id", "death_id", ""},
	{table.RosterEntries, "staged_roster", "entry_id", "entry_id", ""},
	{table.NoticeResults, "known_result", "result_id", "result_id", ""},
}

// What the night added to one log.
type added struct{ written, restated, unchanged int64 }

// write adds the night's new versions to the logs. A version that repeats the one before it is
// not stored; that it was reported is kept in affirmation, so that an older version which arrives later
// does not win over it.
func (n *night) write(ctx context.Context) error {
	e := n.run.Engine
	for _, l := range logs {
		staged, err := e.Int(ctx, "SELECT count(*) FROM "+l.staged)
		if err != nil {
			return err
		}
		if staged == 0 {
			continue
		}
		owner, err := n.ownerOf(ctx, l)
		if err != nil {
			return err
		}
		reused := n.idsReused && l.table == table.VaccinationEvents
		e.Define("fresh", l.freshSQL(owner, reused))
		dropped, err := e.Int(ctx, "SELECT count(*) FROM "+l.staged+
			" AS s JOIN dropped_unit AS d ON d.file_no = s.file_no AND d.unit = s.unit")
		if err != nil {
			return err
		}
		var a added
		if l.table == table.ClientRecords {
			a, err = n.writeClients(ctx)
		} else {
			a, err = n.writeLog(ctx, l, reused)
		}
		if err != nil {
			return err
		}
		if staged != a.written+a.unchanged+dropped {
			return fmt.Errorf("%s: %d rows were read, but %d written, %d found unchanged and %d dropped: this is a "+
				"fault of the program, nothing is committed; keep the files and report it",
				l.table.Name, staged, a.written, a.unchanged, dropped)
		}
		n.run.Count(l.table.Name+"_new", a.written)
		n.run.Count(l.table.Name+"_unchanged", a.unchanged)
		n.run.Count(l.table.Name+"_restated", a.restated)
	}
	return nil
}

// writeLog adds to a log whose versions are complete.
func (n *night) writeLog(ctx context.Context, l log, reused bool) (a added, err error) {
	e := n.run.Engine
	if err := n.reportedAgain(ctx, l, reused); err != nil {
		return a, err
	}
	again, err := e.Int(ctx, "SELECT count(*) FROM reported_again")
	if err != nil {
		return a, err
	}
	if again == 0 {
		a.written, err = n.run.Append(ctx, l.table, fmt.Sprintf("SELECT %s FROM fresh AS f", l.columns("f", nil)))
		return a, err
	}
	if err := e.Materialize(ctx, "repeated_version", repeatedSQL(l)); err != nil {
		return a, err
	}
	if a.unchanged, err = e.Int(ctx, "SELECT count(*) FROM repeated_version WHERE file_no > 0"); err != nil {
		return a, err
	}
	if a.restated, err = e.Int(ctx, "SELECT count(*) FROM repeated_version WHERE file_no = 0"); err != nil {
		return a, err
	}
	query := fmt.Sprintf("SELECT %s FROM fresh AS f LEFT JOIN repeated_version AS u ON u.file_no = f.file_no AND "+
		"u.line = f.line AND u.version_key = f.%s WHERE u.line IS NULL",
		l.columns("f", nil), l.key)
	if a.restated > 0 {
		at := map[string]string{"snapshot": fmt.Sprint(n.run.Snapshot), "batch_id": "r.batch_id", "line": "r.line",
			"sender_time": "r.sender_time"}
		query += fmt.Sprintf(` UNION ALL SELECT %s FROM repeated_version AS r
			JOIN (SELECT *, row_number() OVER (PARTITION BY %[2]s, content_hash ORDER BY sender_time, snapshot, batch_id, line) AS place
			      FROM prior_%[3]s WHERE %[2]s IN (SELECT version_key FROM repeated_version WHERE file_no = 0)) AS p
			  ON p.%[2]s = r.version_key AND p.content_hash = r.content_hash AND p.place = 1
			WHERE r.file_no = 0`, l.columns("p", at), l.key, l.table.Name)
	}
	rows, err := n.run.Append(ctx, l.table, query)
	if err != nil {
		return a, err
	}
	a.written = rows - a.restated
	if a.unchanged > 0 {
		err = n.affirm(ctx, l, "SELECT version_key, sender, batch_id, line, sender_time, CAST(NULL AS DATE) AS dated_on, 0 AS reported, content_hash "+
			"FROM repeated_version WHERE file_no > 0 AND time_no = 1")
	}
	return a, err
}

// affirm notes the versions that reported nothing new.
func (n *night) affirm(ctx context.Context, l log, query string) error {
	if rows, err := n.run.Engine.Int(ctx, "SELECT count(*) FROM ("+query+") AS r"); err != nil || rows == 0 {
		return err
	}
	rows, err := n.run.Copy(ctx, table.Affirmations, fmt.Sprintf("SELECT %s AS log, CAST(%d AS BIGINT) AS snapshot, "+
		"r.* FROM (%s) AS r", engine.Literal(l.table.Name), n.run.Snapshot, query))
	n.run.Count("affirmations", rows)
	return err
}

// writeClients adds to client_record, where a version carries over what it leaves out.
func (n *night) writeClients(ctx context.Context) (a added, err error) {
	e, l := n.run.Engine, logs[0]
	if err := e.Materialize(ctx, "standing", queries.Get("standing")); err != nil {
		return a, err
	}
	others, err := e.Int(ctx, "SELECT count(*) FROM standing WHERE standing <> 'new'")
	if err != nil {
		return a, err
	}
	if others == 0 {
		a.written, err = n.run.Append(ctx, l.table, fmt.Sprintf("SELECT %s FROM fresh AS f", l.columns("f", nil)))
		return a, err
	}
	one := "SELECT %s FROM fresh AS f JOIN standing AS s ON s.record_id = f.record_id WHERE s.standing = '%s'"
	if a.written, err = n.run.Append(ctx, l.table, fmt.Sprintf(one, l.columns("f", nil), "new")); err != nil {
		return a, err
	}
	same := fmt.Sprintf(one, "f.record_id AS version_key, f.sender, f.batch_id, f.line, f.sender_time, f.dated_on, f.reported, "+
		"f.content_hash", "same")
	if a.unchanged, err = e.Int(ctx, "SELECT count(*) FROM standing WHERE standing = 'same'"); err != nil {
		return a, err
	}
	if err := n.affirm(ctx, l, same); err != nil {
		return a, err
	}
	contested, err := e.Int(ctx, "SELECT count(*) FROM standing WHERE standing = 'contested'")
	if err != nil || contested == 0 {
		return a, err
	}
	err = n.writeContested(ctx, &a)
	return a, err
}

// writeContested follows the timelines of records that were reported more than once, one record in memory at a time.
func (n *night) writeContested(ctx context.Context, a *added) error {
	rows, err := pipeline.NewWriter[table.ClientRecord](n.run, table.ClientRecords)
	if err != nil {
		return err
	}
	affirmed, err := pipeline.NewWriter[table.Affirmation](n.run, table.Affirmations)
	if err != nil {
		rows.Close()
		return err
	}
	settle := func(one []timeline.Entry) error {
		t := timeline.Follow(one, n.run.Snapshot)
		for i := range t.Rows {
			if err := rows.Append(&t.Rows[i]); err != nil {
				return err
			}
		}
		for i := range t.Affirmed {
			c := &t.Affirmed[i]
			if err := affirmed.Append(&table.Affirmation{Log: table.ClientRecords.Name, VersionKey: c.RecordID,
				Sender: c.Sender, Snapshot: n.run.Snapshot,
				BatchID: c.BatchID, Line: c.Line, SenderTime: c.SenderTime, DatedOn: c.DatedOn, Reported: c.Reported,
				ContentHash: c.ContentHash}); err != nil {
				return err
			}
		}
		a.written += int64(len(t.Rows)) - t.Restated
		a.restated += t.Restated
		a.unchanged += t.Unchanged
		return nil
	}
	var one []timeline.Entry
	err = engine.Stream(ctx, n.run.Engine, contestedSQL(), func(e *timeline.Entry) error {
		if len(one) > 0 && one[0].RecordID != e.RecordID {
			if err := settle(one); err != nil {
				return err
			}
			one = one[:0]
		}
		one = append(one, *e)
		return nil
	})
	if err == nil && len(one) > 0 {
		err = settle(one)
	}
	n.run.Count("affirmations", affirmed.Rows)
	for _, close := range []func() error{rows.Close, affirmed.Close} {
		if cerr := close(); err == nil {
			err = cerr
		}
	}
	return err
}

// contestedSQL selects the timelines of the contested records.
func contestedSQL() string {
	stored, affirmed := versionColumns(table.ClientRecords)
	of := func(cols []string, kind int32, file, from, key string) string {
		return fmt.Sprintf("SELECT %s, CAST(%d AS INTEGER) AS entry_kind, %s AS file_no FROM %s AS p JOIN standing "+
			"AS s ON s.record_id = p.%s WHERE s.standing = 'contested'",
			strings.Join(cols, ", "), kind, file, from, key)
	}
	return "SELECT * FROM (" + of(stored, timeline.StoredVersion, "0", "prior_client_record", "record_id") +
		" UNION ALL " + of(affirmed, timeline.Affirmation, "0", "prior_affirmation", "version_key") +
		" AND p.log = 'client_record'" +
		" UNION ALL " + of(stored, timeline.TonightsVersion, "p.file_no", "fresh", "record_id") +
		") AS reported ORDER BY record_id, sender_time, snapshot, batch_id, line, entry_kind, file_no"
}

// versionColumns lists a log's columns of the relation p: where that holds its rows, and where it holds affirmations.
func versionColumns(t *table.Table) (stored, affirmed []string) {
	for _, c := range t.Columns {
		stored = append(stored, "p."+c.Name)
		switch {
		case c.Name == t.Key[0]:
			affirmed = append(affirmed, "p.version_key")
		case table.Affirmations.Column(c.Name) != nil:
			affirmed = append(affirmed, "p."+c.Name)
		default:
			affirmed = append(affirmed, fmt.Sprintf("CAST(NULL AS %s) AS %s", c.SQL, c.Name))
		}
	}
	return stored, affirmed
}

// columns lists the log's columns of the relation r, some of them replaced.
func (l log) columns(r string, instead map[string]string) string {
	cols := make([]string, len(l.table.Columns))
	for i, c := range l.table.Columns {
		cols[i] = r + "." + c.Name
		if other, ok := instead[c.Name]; ok {
			cols[i] = fmt.Sprintf("CAST(%s AS %s) AS %s", other, c.SQL, c.Name)
		}
	}
	return strings.Join(cols, ", ")
}

// ownerOf returns how the log's rows find their client's generation, or nothing on a night that re-uses no number.
func (n *night) ownerOf(ctx context.Context, l log) (owner string, err error) {
	from := map[string]string{"unit": "unit_generation", "time": "dose_generation",
		"note": "observation_generation", "number": "renumbered_request"}[l.owner]
	if from == "" {
		return "", nil
	}
	rows, err := n.run.Engine.Int(ctx, "SELECT count(*) FROM "+from)
	if rows == 0 {
		return "", err
	}
	return l.owner, nil
}

// freshSQL selects the staged rows that were not dropped, under their client's generation, and doses whose id is
// another person's too under one made of their content.
func (l log) freshSQL(owner string, reused bool) string {
	var cols []string
	for _, c := range l.table.Columns {
		expr := "s." + c.Name
		if owner == "number" && c.Name == l.key {
			expr = "coalesce(g.new_id, " + expr + ")"
		} else if owner != "" {
			switch c.Name {
			case "follows":
				expr = "CASE WHEN g.generation > 1 AND g.follows NOT IN (0, g.generation - 1) THEN g.follows END"
			case "generation":
				expr = "coalesce(g.generation, s.generation)"
			case "record_id":
				source := "s.record_id"
				expr = fmt.Sprintf("CASE WHEN g.generation > 1 THEN substr(%s, 1, length(%s) - 1) || "+
					"CAST(g.generation AS VARCHAR) ELSE %s END", source, source, source)
			case "event_id":
				expr = "CASE WHEN g.generation > 1 AND NOT s.own_id THEN s.event_id || '~' || CAST(g.generation AS " +
					"VARCHAR) ELSE s.event_id END"
			case "observation_id":
				expr = "CASE WHEN g.generation > 1 THEN s.observation_id || '~' || CAST(g.generation AS VARCHAR) " +
					"ELSE s.observation_id END"
			}
		}
		if reused && c.Name == "event_id" {
			expr = "coalesce(r.new_id, " + expr + ")"
		}
		cols = append(cols, expr+" AS "+c.Name)
	}
	cols = append(cols, "s.file_no AS file_no", "s.unit AS unit")
	switch {
	case reused:
		cols = append(cols, fmt.Sprintf("CASE WHEN r.by_content THEN s.content_key ELSE s.%[1]s END AS %[1]s",
			l.hash))
	case l.table.Column(l.hash) == nil:
		cols = append(cols, "s."+l.hash+" AS "+l.hash)
	}
	sql := "SELECT " + strings.Join(cols, ", ") + " FROM " + l.staged +
		" AS s LEFT JOIN dropped_unit AS d ON d.file_no = s.file_no AND d.unit = s.unit"
	switch owner {
	case "unit":
		sql += " LEFT JOIN unit_generation AS g ON g.file_no = s.file_no AND g.unit = s.unit"
	case "number":
		sql += " LEFT JOIN renumbered_request AS g ON g.file_no = s.file_no AND g.unit = s.unit"
	case "note":
		sql += " LEFT JOIN observation_generation AS g ON g.file_no = s.file_no AND g.unit = s.unit"
	case "time":
		sql += " LEFT JOIN dose_generation AS g ON g.file_no = s.file_no AND g.line = s.line"
	}
	if reused {
		sql += " LEFT JOIN reused_dose_id AS r ON r.file_no = s.file_no AND r.line = s.line AND " +
			"r.event_id = s.event_id"
	}
	return sql + " WHERE d.unit IS NULL"
}

// reportedAgain makes reported_again: the keys that were reported more than once, tonight or on earlier nights.
// They are few, and all others need no look at their versions.
func (n *night) reportedAgain(ctx context.Context, l log, reused bool) error {
	twice := "SELECT key_hash FROM repeated_dose_id"
	if l.table != table.VaccinationEvents || reused {
		from := l.staged
		if reused { // their fingerprints are other than those of the ids that they came with
			from = "fresh"
		}
		twice = fmt.Sprintf("SELECT %[1]s FROM %[2]s GROUP BY %[1]s HAVING count(*) > 1", l.hash, from)
	}
	n.run.Engine.Define("reported_twice", twice)
	again := queries.Get("reported_again_tonight", "key", engine.Name(l.key), "hash", engine.Name(l.hash))
	if len(n.run.PriorFiles(l.table.Name)) > 0 {
		again = queries.Get("reported_again", "key", engine.Name(l.key), "hash", engine.Name(l.hash),
			"prior", engine.Name("prior_"+l.table.Name), "log", l.table.Name)
	}
	return n.run.Engine.Materialize(ctx, "reported_again", again)
}

// repeatedSQL selects tonight's versions that repeat what was reported, and affirmations that hold no longer.
func repeatedSQL(l log) string {
	return queries.Get(
		"repeated_version",
		"key",
		engine.Name(l.key),
		"prior",
		engine.Name("prior_"+l.table.Name),
		"log",
		l.table.Name,
		"tonight",
		int(timeline.TonightsVersion),
		"stored",
		int(timeline.StoredVersion),
		"affirmation",
		int(timeline.Affirmation),
	)
}
