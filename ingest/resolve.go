package ingest

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/record"
	"miic/ingest/rule"
	"miic/internal/engine"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// A unitRow names a unit, or one line of it, that a rule is about.
type unitRow struct {
	File   int32  `col:"file_no" doc:"file of the night"`
	Unit   int64  `col:"unit" doc:"line of the unit"`
	Line   int64  `col:"line" doc:"line the rule is about"`
	Offset int64  `col:"unit_offset" doc:"offset of the unit"`
	Rule   string `col:"rule" doc:"the rule"`
}

// resolve sees the night's records beside each other and beside those of the nights before, and
// writes the logs: what came twice, whose number it is now, whose doses they are, what is new.
func (n *night) resolve(ctx context.Context) error {
	if err := n.part(ctx); err != nil {
		return err
	}
	if err := n.view(ctx); err != nil {
		return err
	}
	if err := n.holdFarOff(ctx); err != nil {
		return err
	}
	if err := n.view(ctx); err != nil { // held files are not in view any more
		return err
	}
	if err := n.namespaces(ctx); err != nil {
		return err
	}
	dropped, err := n.dropUnits(ctx)
	if err != nil {
		return err
	}
	if err := n.generations(ctx); err != nil {
		return err
	}
	if err := n.checkUnits(ctx, dropped); err != nil {
		return err
	}
	reused, err := n.identities(ctx)
	if err != nil {
		return err
	}
	if err := n.requests(ctx); err != nil {
		return err
	}
	if err := n.check(ctx); err != nil {
		return err
	}
	if err := n.carriedOn(ctx); err != nil {
		return err
	}
	if err := n.write(ctx); err != nil {
		return err
	}
	if err := n.writeRejections(ctx, append(dropped[:len(dropped):len(dropped)], reused...)); err != nil {
		return err
	}
	return n.writeFigures(ctx, dropped)
}

// dropUnits finds the units that do not load, once the files are known that do: those that came twice in their file,
// and doses of nobody whom their sender has reported. It makes dropped_unit of them.
func (n *night) dropUnits(ctx context.Context) ([]unitRow, error) {
	e := n.run.Engine
	e.Define("unit", n.unitSQL())
	if err := e.Materialize(ctx, "repeated_unit", queries.Get("repeated_unit")); err != nil {
		return nil, err
	}
	repeated, err := engine.Rows[unitRow](ctx, e,
		"SELECT file_no, unit, unit AS line, unit_offset, rule FROM repeated_unit ORDER BY file_no, unit")
	if err != nil {
		return nil, err
	}
	if err := engine.Load(ctx, e, "dropped_unit", repeated); err != nil {
		return nil, err
	}
	for _, step := range []string{"dose_client", "known_client", "orphan_dose"} {
		if err := e.Materialize(ctx, step, queries.Get(step)); err != nil {
			return nil, err
		}
	}
	if err := n.hold(ctx); err != nil {
		return nil, err
	}
	if err := n.view(ctx); err != nil { // held files are not in view any more
		return nil, err
	}
	orphans, err := engine.Rows[unitRow](ctx, e,
		"SELECT file_no, unit, unit AS line, unit_offset, rule FROM orphan_dose ORDER BY file_no, unit")
	if err != nil {
		return nil, err
	}
	strange, err := n.results(ctx)
	if err != nil {
		return nil, err
	}
	orphans = append(orphans, strange...)
	dropped := append(repeated[:len(repeated):len(repeated)], orphans...)
	dropped = n.inView(dropped)
	for _, d := range dropped {
		if b := n.batches[d.File-1]; d.Rule != rule.Repeated.ID {
			b.Accepted--
			b.Refused++
		}
	}
	return dropped, engine.Load(ctx, e, "dropped_unit", dropped)
}

// view shows the engine what the night's loaded files hold, and what was there before.
func (n *night) view(ctx context.Context) error {
	for _, t := range record.Staged {
		if err := n.run.Engine.View(ctx, t.Name, t, n.loadedFiles(t)); err != nil {
			return err
		}
	}
	if err := n.renumber(ctx); err != nil {
		return err
	}
	return n.viewPrior(ctx, table.ClientRecords, table.VaccinationEvents, table.Observations, table.Requests,
		table.Deaths, table.RosterEntries, table.NoticeResults, table.Affirmations)
}

// unitSQL selects every unit that has rows, with what identifies it in its file. Doses and observations of a
// message have no key: their unit is the client's.
func (n *night) unitSQL() string {
	var kinds []string
	for _, t := range record.Staged {
		if t != record.StagedClients && len(n.loadedFiles(t)) == 0 { // so that it is a table where nothing came
			continue
		}
		kinds = append(kinds, "SELECT file_no, unit, unit_offset, unit_key, unit_hash FROM "+t.Name+
			" WHERE unit_key <> 0")
	}
	return strings.Join(kinds, " UNION ALL ")
}

// loadedFiles lists the scratch files of a kind that tonight's loaded deliveries have made.
func (n *night) loadedFiles(t *table.Table) []string {
	var files []string
	for _, b := range n.batches {
		if b.status == loaded {
			files = append(files, b.Files[t]...)
		}
	}
	return files
}

// hold keeps back whole dose files whose clients cannot be known yet, because the file that would
// bring them was refused or did not come with its pair.
func (n *night) hold(ctx context.Context) error {
	files, err := engine.Rows[fileRow](ctx, n.run.Engine, "SELECT DISTINCT file_no FROM orphan_dose ORDER BY file_no")
	if err != nil {
		return err
	}
	for _, o := range files {
		b := n.batches[o.File-1]
		l := b.l
		if l == nil || l.Clients == "" {
			continue
		}
		state := ""
		for _, mate := range n.batches {
			// A refused file that no layout fits may be the one under another name.
			if mate.sender != b.sender || mate.layout != l.Clients && (mate.layout != "" || mate.status != refused) ||
				!sameDay(b, mate) {
				continue
			}
			switch mate.status {
			case refused, held, left:
				state = "was refused"
			default:
				if state == "" {
					state = "came"
				}
			}
		}
		switch {
		case state == "was refused":
			b.reason = fmt.Sprintf("it holds doses of clients that are not known, and tonight's %s file was refused "+
				"or held: settle that one first, then release this one", l.Clients)
		case state == "" && l.Paired && !b.replay():
			b.reason = fmt.Sprintf("it holds doses of clients that are not known, and no %s file came with it: ask "+
				"for that file, then release this one", l.Clients)
		default:
			continue
		}
		b.status = held
	}
	return nil
}

// sameDay reports that two files may be a pair: where both names have a day, it is the same. After nights without a
// delivery several days' files come at once, and a cut one keeps back its own day's alone.
func sameDay(a, b *batch) bool {
	x, y := read.FileDate(a.file.Name), read.FileDate(b.file.Name)
	return x == 0 || y == 0 || x == y
}

func (n *night) inView(rows []unitRow) []unitRow {
	kept := rows[:0:0]
	for _, r := range rows {
		if n.batches[r.File-1].status == loaded {
			kept = append(kept, r)
		}
	}
	return kept
}

// checkUnits counts the units in the scratch files again: what the reader accepted must be there.
func (n *night) checkUnits(ctx context.Context, dropped []unitRow) error {
	rows, err := engine.Rows[unitCount](ctx, n.run.Engine,
		"SELECT file_no, count(DISTINCT unit) AS n FROM unit GROUP BY file_no")
	if err != nil {
		return err
	}
	staged := map[int32]int64{}
	for _, r := range rows {
		staged[r.File] = r.N
	}
	refusedLater := map[int32]int64{}
	for _, d := range dropped {
		if d.Rule != rule.Repeated.ID {
			refusedLater[d.File]++
		}
	}
	for _, b := range n.batches {
		if b.status == loaded && staged[b.no]+b.Bare != b.Accepted+refusedLater[b.no] {
			return fmt.Errorf("batch %s, %s/%s: %d units were accepted, but %d were set down: this is a fault of "+
				"the program, nothing is committed; keep the file and report it",
				b.id, b.sender.ID, b.file.Name, b.Accepted+refusedLater[b.no], staged[b.no]+b.Bare)
		}
	}
	return nil
}

// maxRefusedRows is how many rejected rows are kept of a file that is refused whole.
const maxRefusedRows = 1000

// writeRejections writes what was wrong: what the readers found and what only the night as a whole showed.
func (n *night) writeRejections(ctx context.Context, later []unitRow) error {
	e := n.run.Engine
	var files []string
	for _, b := range n.batches {
		if b.status == loaded || b.status == refused {
			files = append(files, b.Files[record.StagedRejections]...)
		}
	}
	rows := make([]record.StagedRejection, 0, len(later))
	for _, d := range later {
		b := n.batches[d.File-1]
		where := ""
		switch d.Rule {
		case rule.ClientUnknown.ID, rule.Ambiguous.ID:
			where = field.SourceID.String()
		case rule.NoticeUnknown.ID, rule.ResultOfNobody.ID:
			where = field.NoticeID.String()
		case rule.ResultEarly.ID:
			where = field.HappenedOn.String()
		case rule.FillerTwice.ID, rule.DoseMoved.ID:
			where = field.OwnDoseID.String()
			if b.l == nil {
				where = "ORC-3"
			}
		}
		rows = append(rows, record.StagedRejection{File: d.File, Unit: d.Unit,
			Rejected: table.Rejected{BatchID: b.id, Snapshot: n.run.Snapshot, Sender: b.sender.ID,
				Line: d.Line, Offset: d.Offset, Field: where, Rule: d.Rule, Severity: rule.Reader(d.Rule).Severity}})
	}
	checked, err := e.Int(ctx, "SELECT count(*) FROM checked_rejection")
	if err != nil {
		return err
	}
	if len(files) == 0 && len(rows) == 0 && checked == 0 {
		return nil
	}
	if err := e.View(ctx, record.StagedRejections.Name, record.StagedRejections, files); err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "later_rejection", rows); err != nil {
		return err
	}
	e.Define("found_rejection", queries.Get("found_rejection"))
	kept := "SELECT * FROM found_rejection"
	if whole := n.refusedFiles(); len(whole) > 0 {
		if err := engine.Load(ctx, e, "refused_file", whole); err != nil {
			return err
		}
		kept = queries.Get("kept_rejection", "most", maxRefusedRows)
	}
	written, err := n.run.Copy(ctx, table.Rejections, kept)
	n.run.Count("rejected_rows", written)
	return err
}

// fileRow is a file of the night.
type fileRow struct {
	File int32 `col:"file_no" doc:"file of the night"`
}

// refusedFiles are the files of tonight that are refused whole.
func (n *night) refusedFiles() []fileRow {
	var rows []fileRow
	for _, b := range n.batches {
		if b.status == refused {
			rows = append(rows, fileRow{b.no})
		}
	}
	return rows
}

// unitCount is how many units of a file have something in common.
type unitCount struct {
	File int32 `col:"file_no" doc:"file of the night"`
	N    int64 `col:"n" doc:"units"`
}
