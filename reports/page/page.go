// Package page writes what people look at: the run page, the senders' report cards, and the responses to senders.
// None of it holds a person's data.
//
//	run.html                                 the night on one page
//	report_cards/                            how well each sender delivers, over its last nights: Parquet, CSV, pages
//	responses/<sender>/<file>.response.csv   what came of each delivery, for its sender: counts, each refused line with its rule
package page

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"os"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/measure"
	"miic/reports/privacy"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what of a site's settings the run page shows or counts by.
type Config struct {
	Campaign  campaign.Config
	SmallCell int
}

// Night is what the other reports have found out for the run page.
type Night struct {
	Unread   []privacy.UnreadRequest
	Tallies  map[string]map[string]*campaign.Tally // by region and kind
	Coverage []table.Coverage
}

// Write writes run.html.
func Write(ctx context.Context, r *pipeline.Run, c Config, found Night) error {
	n := &night{cfg: c, run: r, Night: found}
	return n.writePage(ctx)
}

// WriteSenders writes the report cards and the responses. The rules are what each rule about deliveries says, by id.
func WriteSenders(ctx context.Context, r *pipeline.Run, rules map[string]string) error {
	w := &senders{run: r, rules: rules}
	if err := w.cards(ctx); err != nil {
		return err
	}
	return w.responses(ctx)
}

// senders are the report cards and responses in the making.
type senders struct {
	run      *pipeline.Run
	rules    map[string]string
	patterns map[string][]cardRow // figures that break a rule about whole deliveries, by batch
}

type night struct {
	cfg  Config
	run  *pipeline.Run
	page page
	Night
}

//go:embed run.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("run.html").Funcs(template.FuncMap{"n": prose.Thousands, "rate": rate}).Parse(pageText))

// page is what run.html shows: numbers, senders, files and rules, never a person's data.
type page struct {
	AsOf     string
	Snapshot int64
	Schedule string
	Withheld []privacy.UnreadRequest

	Unmatched []string // tonight's requests that restrict nobody
	Waiting   []string // what is in nobody's way, but waits
	Verdict   string   // one line
	Bad       bool     // somebody must do something
	Todo      []todo

	Files    []fileRow
	Held     []fileRow // of earlier nights, still to be decided about
	Missing  []pipeline.Note
	Refused  []refusedRow
	Notes    []pipeline.Note
	Changes  []pair
	People   []pair
	Regions  []regionRow
	Measure  string
	Coverage []areaRate
	Stages   []stageRow
	Settings Config
}

// A todo is one thing to do and the command that does it.
type todo struct {
	What     string
	Commands []string
}

type fileRow struct {
	BatchID  string `col:"batch_id" doc:"the delivery"`
	Sender   string `col:"sender" doc:"sender"`
	File     string `col:"file_name" doc:"file"`
	Layout   string `col:"layout,null" doc:"layout"`
	Read     int64  `col:"units_read" doc:"units read"`
	Accepted int64  `col:"accepted" doc:"units accepted"`
	Rejected int64  `col:"rejected" doc:"units refused"`
	Held     int64  `col:"held" doc:"units held"`
	Status   string `col:"status" doc:"loaded, empty, duplicate, refused, held or backed_out"`
	Reason   string `col:"reason,null" doc:"why"`
}

type refusedRow struct {
	Sender   string `col:"sender" doc:"sender"`
	Rule     string `col:"rule" doc:"rule"`
	Field    string `col:"field,null" doc:"field"`
	Severity string `col:"severity" doc:"severity"`
	Count    int64  `col:"refusals" doc:"how many"`
	BatchID  string `col:"batch_id" doc:"a batch with one"`
	Line     int64  `col:"line" doc:"its line"`
}

type pair struct {
	Name  string `col:"name" doc:"what"`
	Count int64  `col:"people" doc:"how many"`
}

type regionRow struct {
	Region           string
	Reminder, Recall campaign.Tally
	Total            bool
}

func (r regionRow) Reminded() int64 { return r.Reminder.Mailed }
func (r regionRow) Recalled() int64 { return r.Recall.Mailed }
func (r regionRow) Excluded() int64 { return r.Reminder.Excluded + r.Recall.Excluded }

// Why lists the first reasons of those left out, the commonest first.
func (r regionRow) Why() string {
	type why struct {
		name string
		n    int64
	}
	var list []why
	for i, name := range campaign.ReasonNames {
		if k := r.Reminder.First[i] + r.Recall.First[i]; k > 0 {
			list = append(list, why{name, k})
		}
	}
	slices.SortStableFunc(list, func(a, b why) int { return int(b.n - a.n) })
	var parts []string
	for _, w := range list {
		parts = append(parts, w.name+" "+prose.Thousands(w.n))
	}
	return strings.Join(parts, ", ")
}

type areaRate struct {
	Type, Name             string
	Denominator, Numerator int64
	Withheld               bool
}

type stageRow struct {
	Stage  string
	Reused bool
	Counts []pair
}

// changeWords says what a word of client_change counts.
var changeWords = map[string]string{"created": "people created", "joined": "records joined to a person", "merged": "people merged into another",
	"split": "people split off", "moved": "records moved to another person", "emptied": "people left without a record"}

// taken lists what ingest says that it took in; a stage that counts otherwise is passed over.
func (n *night) taken() []pair {
	var list []pair
	for _, f := range n.run.Figures() {
		for _, t := range takenFigures {
			if v, ok := f.Counts[t.figure]; ok && f.Stage == "ingest" && !f.Reused {
				list = append(list, pair{t.words, v})
			}
		}
	}
	return list
}

var takenFigures = []struct{ figure, words string }{{"client_record_new", "client records new or changed"}, {"vaccination_event_new", "reported doses new or changed"},
	{"observation_new", "observations new or changed"}, {"request_new", "requests of families"}}

// writePage gathers the night and writes run.html.
func (n *night) writePage(ctx context.Context) error {
	p := &n.page
	p.AsOf, p.Snapshot, p.Withheld, p.Settings = n.run.AsOf.String(), n.run.Snapshot, n.Unread, n.cfg
	for _, c := range n.Coverage {
		if p.Measure = n.Coverage[0].Measure; c.Measure == p.Measure {
			p.Coverage = append(p.Coverage, areaRate{c.AreaType, c.AreaName, c.Denominator, c.Numerator, c.Suppressed})
		}
	}
	var err error
	if p.Schedule, err = measure.ScheduleVersion(ctx, n.run.Engine); err != nil {
		return err
	}
	e := n.run.Engine
	if p.Files, err = engine.Rows[fileRow](ctx, e, queries.Get("delivery", "snapshot", n.run.Snapshot)); err != nil {
		return err
	}
	if p.Held, err = engine.Rows[fileRow](ctx, e, queries.Get("held_delivery", "snapshot", n.run.Snapshot)); err != nil {
		return err
	}
	if p.Refused, err = engine.Rows[refusedRow](ctx, e, queries.Get("refusal", "snapshot", n.run.Snapshot)); err != nil {
		return err
	}
	if p.Changes, err = engine.Rows[pair](ctx, e, queries.Get("change", "snapshot", n.run.Snapshot)); err != nil {
		return err
	}
	if p.People, err = engine.Rows[pair](ctx, e, queries.Get("people", "as_of", n.run.AsOf, "oldest_age", n.cfg.Campaign.OldestAge)); err != nil {
		return err
	}
	p.Changes = append(n.taken(), p.Changes...)
	for i, c := range p.Changes {
		if words := changeWords[c.Name]; words != "" {
			p.Changes[i].Name = words
		}
	}
	for _, note := range Notes(n.run) {
		switch note.Kind {
		case "missing":
			p.Missing = append(p.Missing, note)
		case "warning", "held", "refused":
			if !slices.ContainsFunc(p.Files, func(f fileRow) bool {
				return f.Sender == note.Sender && f.File == note.File && f.Status == note.Kind
			}) { // the table of files says it already
				p.Notes = append(p.Notes, note)
			}
		}
	}
	for _, f := range n.run.Figures() {
		row := stageRow{Stage: f.Stage, Reused: f.Reused}
		for name, v := range f.Counts {
			row.Counts = append(row.Counts, pair{name, v})
		}
		slices.SortFunc(row.Counts, func(a, b pair) int { return strings.Compare(a.Name, b.Name) })
		p.Stages = append(p.Stages, row)
	}
	if len(n.Unread) == 0 {
		sum := regionRow{Region: "state", Total: true}
		for _, r := range n.cfg.Campaign.Regions {
			row := regionRow{Region: r, Reminder: *n.Tallies[r][campaign.Reminder], Recall: *n.Tallies[r][campaign.Recall]}
			sum.Reminder.Add(&row.Reminder)
			sum.Recall.Add(&row.Recall)
			p.Regions = append(p.Regions, row)
		}
		p.Regions = append(p.Regions, sum)
	}
	review, err := e.Int(ctx, "SELECT count(*) FROM latest_review_item WHERE decision = 'open'")
	if err != nil {
		return err
	}
	unmatched, err := engine.Rows[requestID](ctx, e, queries.Get("unmatched_request"))
	if err != nil {
		return err
	}
	n.run.Count("requests_unmatched", int64(len(unmatched)))
	dead, err := engine.Rows[deathCount](ctx, e, queries.Get("death_count"))
	if err != nil {
		return err
	}
	n.run.Count("possible_deaths", dead[0].Held)
	n.run.Count("deceased_by_certificate", dead[0].Sure)
	if dead[0].Held > 0 {
		p.Waiting = append(p.Waiting, prose.Count(dead[0].Possible, "death certificate", "death certificates")+" may be of "+prose.Count(dead[0].Held, "person", "people")+
			" in the registry, who get no letter until that is judged ('miic review export').")
	}
	older := int64(0)
	for _, q := range unmatched {
		if q.Snapshot == n.run.Snapshot {
			p.Unmatched = append(p.Unmatched, q.ID)
		} else {
			older++
		}
	}
	p.judge(review)
	p.twoPeople()
	if older > 0 {
		p.Waiting = append(p.Waiting, prose.Count(older, "earlier request still fits", "earlier requests still fit")+" no person in the registry; each is tried again every night.")
	}

	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return fmt.Errorf("write run.html: %w", err)
	}
	path, err := n.run.OutPath("run.html")
	if err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}

// deathCount is how death certificates stand to people.
type deathCount struct {
	Possible int64 `col:"possible" doc:"certificates that may be somebody's"`
	Held     int64 `col:"held" doc:"people they may be of"`
	Sure     int64 `col:"sure" doc:"people that a certificate surely names"`
}

type requestID struct {
	ID       string `col:"request_id" doc:"the request"`
	Snapshot int64  `col:"snapshot" doc:"the night it came"`
}

// judge says in one line how the night went and lists what to do now.
func (p *page) judge(review int64) {
	for _, u := range p.Withheld {
		do := todo{What: fmt.Sprintf("Have %s send %s again: the families' requests in it could not be read (%s). Until a good file of requests comes, nothing about persons is published.", u.Sender, u.File, u.Status)}
		switch u.Status {
		case "loaded":
			do.What = fmt.Sprintf("Look at the refused lines of %s of %s: %d of the families' requests in it could not be read. Have them sent again; until a good file of requests comes, nothing about persons is published.", u.File, u.Sender, u.Rejected)
		case "held":
			do.What = fmt.Sprintf("Look at %s of %s, which is held: the families' requests in it are not applied. Until they are, nothing about persons is published.", u.File, u.Sender)
			do.Commands = []string{releaseCommand(u.BatchID), "miic nightly"}
		}
		p.Todo = append(p.Todo, do)
	}
	unread := func(batch string) bool {
		return slices.ContainsFunc(p.Withheld, func(u privacy.UnreadRequest) bool { return u.BatchID == batch })
	}
	for _, f := range p.Files {
		switch {
		case unread(f.BatchID):
		case f.Status == "held":
			p.Todo = append(p.Todo, decide(f, "is held"))
		case f.Status == "refused":
			p.Todo = append(p.Todo, todo{What: fmt.Sprintf("Ask %s to send %s again: %s", f.Sender, f.File, f.Reason)})
		}
	}
	for _, f := range p.Held {
		if !unread(f.BatchID) {
			p.Todo = append(p.Todo, decide(f, "was held on an earlier night and still waits"))
		}
	}
	for _, m := range p.Missing {
		p.Todo = append(p.Todo, todo{What: fmt.Sprintf("Ask %s why nothing came: %s", m.Sender, m.Text)})
	}
	if len(p.Unmatched) > 0 {
		p.Todo = append(p.Todo, todo{What: prose.Count(int64(len(p.Unmatched)), "request restricts", "requests restrict") + " nobody, because no person in the registry fits: look whether name and birth date are right. Each is tried again every night: " +
			strings.Join(p.Unmatched[:min(len(p.Unmatched), 20)], ", ")})
	}
	p.Bad = len(p.Todo) > 0
	switch {
	case len(p.Withheld) > 0:
		p.Verdict = "Nothing about persons was published tonight."
	case p.Bad:
		p.Verdict = "The night is complete, but " + prose.Count(int64(len(p.Todo)), "thing needs", "things need") + " a person."
	default:
		p.Verdict = "All is well. Nothing needs doing."
	}
	if review > 0 {
		p.Waiting = append(p.Waiting, prose.Count(review, "question waits", "questions wait")+" for clerical review ('miic review export'): until it is judged a pair stays two people, a record that contradicts itself one, and they get no letter.")
	}
}

// twoPeople tells of numbers that may stand for two people.
func (p *page) twoPeople() {
	var numbers int64
	var at []string
	for _, r := range p.Refused {
		if slices.Contains([]string{"overlay", "number_reused", "birth_date_contradicts", "sex_contradicts"}, r.Rule) {
			numbers += r.Count
			at = append(at, fmt.Sprintf("%s (%s) in batch %s, the first in line %d", r.Sender, r.Rule, r.BatchID, r.Line))
		}
	}
	if numbers > 0 {
		p.Waiting = append(p.Waiting, prose.Count(numbers, "client number may stand", "client numbers may stand")+" for two people, to be looked at with the sender (the records wait for review too): "+strings.Join(at, "; ")+". All of them are in the sender's response file.")
	}
}

// decide is what is to be done about a held file.
func decide(f fileRow, how string) todo {
	return todo{What: fmt.Sprintf("Decide about %s of %s, which %s: %s. Release it if it is right, refuse it if it is not.", f.File, f.Sender, how, f.Reason),
		Commands: []string{releaseCommand(f.BatchID), "miic ingest refuse " + f.BatchID + " --reason \"…\"", "miic nightly"}}
}

func releaseCommand(batch string) string { return "miic ingest release " + batch + " --reason \"…\"" }

// rate is a percentage to one decimal, only where the denominator bears it.
func rate(a areaRate) string {
	switch {
	case a.Withheld:
		return "withheld"
	case a.Denominator < 50:
		return fmt.Sprintf("%d of %d", a.Numerator, a.Denominator)
	}
	return fmt.Sprintf("%.1f %%", 100*float64(a.Numerator)/float64(a.Denominator))
}

// Percent is the length of the bar.
func (a areaRate) Percent() int64 { return 100 * a.Numerator / max(a.Denominator, 1) }

// Notes returns what the stages before this one have noted.
func Notes(r *pipeline.Run) []pipeline.Note {
	var list []pipeline.Note
	for _, f := range r.Figures() {
		list = append(list, f.Notes...)
	}
	return list
}
