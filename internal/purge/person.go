package purge

import (
	"context"
	"embed"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// person is what is to be found.
type person struct {
	Client  int64
	Records []string // ids of the client records, also of those that were voided under the same name and birth date
	Events  []string // ids of the reported doses and observations
	Deaths  []string // certificates that surely name the person
	Names   []named
	Numbers []numbered        // by which senders know the person
	Lines   []lineOf          // of deliveries, where the rows came from
	Senders map[string]string // of the deliveries
}

// named is a name and birth date of the person, as some record or request has it.
type named struct {
	First string     `col:"first_name,null"`
	Last  string     `col:"last_name,null"`
	Born  table.Date `col:"birth_date"`
}

// numbered is a number of the person, and whose it is; a number that is the same everywhere has no sender.
type numbered struct {
	Sender string `col:"sender,null"`
	Number string `col:"number"`
}

// lineOf is a line of a delivery.
type lineOf struct {
	Batch string `col:"batch_id"`
	Line  int64  `col:"line"`
}

type idRow struct {
	ID string `col:"id"`
}

// find reads who the person is. Only who has surely opted out by a request can be purged: the request is what stays.
func find(ctx context.Context, w *lake.Writer, head *lake.Manifest, o Options) (*person, error) {
	if err := o.Engine.Tables(ctx, w.FilesOf(head), table.All()...); err != nil {
		return nil, err
	}
	n, err := o.Engine.Int(ctx, queries.Get("stub", "client", o.Client))
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, lake.Errorf(lake.Usage, "client %d has not surely opted out by a request: the request is what stays, so "+
			"that nobody enrols the person again; have one delivered, also for a court's order, or settle the one that waits", o.Client)
	}
	if err := notLifted(w, head, o.Client); err != nil {
		return nil, err
	}
	p := &person{Client: o.Client}
	if err := o.Engine.Materialize(ctx, "purged_record", queries.Get("purged_record", "client", o.Client)); err != nil {
		return nil, err
	}
	if err := o.Engine.Materialize(ctx, "purged_death", queries.Get("purged_death", "client", o.Client)); err != nil {
		return nil, err
	}
	if err := o.Engine.Materialize(ctx, "purged_event", queries.Get("purged_event")); err != nil {
		return nil, err
	}
	if err := o.Engine.Materialize(ctx, "purged_name", queries.Get("purged_name", "client", o.Client)); err != nil {
		return nil, err
	}
	if err := o.Engine.Materialize(ctx, "purged_key", queries.Get("purged_key")); err != nil {
		return nil, err
	}
	for name, into := range map[string]*[]string{"purged_record": &p.Records, "purged_event": &p.Events, "purged_death": &p.Deaths} {
		rows, err := engine.Rows[idRow](ctx, o.Engine, "SELECT id FROM "+name+" ORDER BY id")
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			*into = append(*into, r.ID)
		}
	}
	if p.Names, err = engine.Rows[named](ctx, o.Engine, "SELECT first_name, last_name, birth_date FROM purged_name"); err != nil {
		return nil, err
	}
	if p.Numbers, err = engine.Rows[numbered](ctx, o.Engine, queries.Get("number")); err != nil {
		return nil, err
	}
	if p.Lines, err = engine.Rows[lineOf](ctx, o.Engine, queries.Get("line")); err != nil {
		return nil, err
	}
	p.Senders = map[string]string{}
	return p, table.Scan(w.Files(head, table.Batches.Name), func(b *table.Batch) error {
		p.Senders[b.BatchID] = b.Sender
		return nil
	})
}

// blanked are the columns of tables whose rows of the person stay, as ids only.
var blanked = map[string][]string{
	"notice":        {"address_1", "zip", "phone"},
	"client_change": {"record_id"},
}

// byRecord are the columns that name a client record or a reported dose.
var byRecord = []string{"record_id", "record_l", "record_r", "event_id", "observation_id", "version_key", "source_id", "request_id"}

// isNamed holds of a row that has a name and the birth date of the person.
const isNamed = "upper(first_name) || '|' || upper(last_name) || '|' || CAST(birth_date AS VARCHAR) IN (SELECT id FROM purged_key)"

// goes is the condition under which a row of a table is the person's, or "" for a table that has none.
func goes(t *table.Table, client int64) string {
	var any []string
	for _, c := range t.Columns {
		switch {
		case slices.Contains(byRecord, c.Name):
			any = append(any, fmt.Sprintf("%s IN (SELECT id FROM purged_record UNION ALL SELECT id FROM purged_event)", c.Name))
		case (c.Name == "client_id" || c.Name == "other_id") && t.Name != "restriction" && c.SQL == "BIGINT":
			any = append(any, fmt.Sprintf("%s = %d", c.Name, client))
		case c.Name == "death_id":
			any = append(any, "death_id IN (SELECT id FROM purged_death)")
		}
	}
	switch t.Name {
	case "disclosure", "control_notice":
		return "" // ids only
	case "roster_entry":
		any = append(any, isNamed)
	case "request":
		return "" // the stub
	}
	return strings.Join(any, " OR ")
}

// without writes the tables that have rows of the person anew, and returns the manifest of a snapshot of them. All its
// stages run again the next night.
func without(ctx context.Context, w *lake.Writer, head *lake.Manifest, o Options, plan *Plan) (*lake.Manifest, error) {
	m := &lake.Manifest{Snapshot: head.Snapshot + 1, Parent: head.Snapshot, Run: w.Run, Kind: "purge", AsOf: head.AsOf,
		Operator: o.Operator, Reason: o.Reason, ConfigSHA256: head.ConfigSHA256, Schedule: head.Schedule,
		Marks: maps.Clone(head.Marks), Tables: maps.Clone(head.Tables), Inbox: []lake.Delivered{}, Out: []lake.File{}}
	for _, s := range head.Stages {
		s.Key, s.After, s.Settings, s.Inputs, s.Out = "", "", "", nil, nil
		m.Stages = append(m.Stages, s)
	}
	for _, t := range table.All() {
		condition := goes(t, o.Client)
		if condition == "" || len(head.Tables[t.Name]) == 0 {
			continue
		}
		n, err := hits(ctx, w, head, o, t, condition)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		plan.Rows[t.Name] = n
		f, err := rewrite(ctx, w, o, t, condition)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.Name, err)
		}
		m.Tables[t.Name] = []lake.File{f}
	}
	return m, nil
}

// hits counts the rows of the person in the files of a table, those that later files replace among them.
func hits(ctx context.Context, w *lake.Writer, head *lake.Manifest, o Options, t *table.Table, condition string) (int64, error) {
	var rows []string
	var n int64
	for _, path := range w.Files(head, t.Name) {
		if !table.IsKeys(path) {
			rows = append(rows, path)
			continue
		}
		if t.Column(t.Owner).SQL != "VARCHAR" { // a client's id may stay
			continue
		}
		keys, err := o.Engine.Int(ctx, fmt.Sprintf("SELECT count(*) FROM (%s) AS k(id) WHERE id IN (SELECT id FROM purged_record "+
			"UNION ALL SELECT id FROM purged_event)", engine.KeysSQL(t, path)))
		if err != nil {
			return 0, err
		}
		n += keys
	}
	if err := o.Engine.View(ctx, "every_row", t, rows); err != nil {
		return 0, err
	}
	found, err := o.Engine.Int(ctx, "SELECT count(*) FROM every_row WHERE "+condition)
	return n + found, err
}

// rewrite writes a table as one file, without the rows of the person, or with those blanked that stay.
func rewrite(ctx context.Context, w *lake.Writer, o Options, t *table.Table, condition string) (lake.File, error) {
	dir := filepath.Join(w.Path("data"), t.Name, w.Run)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return lake.File{}, err
	}
	query := "SELECT * FROM " + t.Name + " WHERE NOT coalesce(" + condition + ", FALSE)"
	if blank, stays := blanked[t.Name]; stays {
		var columns []string
		for _, c := range t.Columns {
			column := c.Name
			if slices.Contains(blank, c.Name) {
				column = fmt.Sprintf("CASE WHEN coalesce(%s, FALSE) THEN NULL ELSE %s END AS %s", condition, c.Name, c.Name)
			}
			columns = append(columns, column)
		}
		query = "SELECT " + strings.Join(columns, ", ") + " FROM " + t.Name
	}
	path := filepath.Join(dir, "part-0000.parquet")
	if _, err := o.Engine.Copy(ctx, t, query, path); err != nil {
		return lake.File{}, err
	}
	f, err := w.Seal(t, path)
	if err != nil {
		return f, err
	}
	return f, w.SyncDirs([]lake.File{f})
}

// notLifted refuses a person whose request an operator has lifted since the night that is HEAD: there it still holds.
func notLifted(w *lake.Writer, head *lake.Manifest, client int64) error {
	list, err := w.Settled()
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.Lifted && s.Client == client && s.Snapshot >= head.Snapshot {
			return lake.Errorf(lake.Usage, "an operator has lifted a restriction of client %d since the last night: run 'miic nightly' first", client)
		}
	}
	return nil
}
