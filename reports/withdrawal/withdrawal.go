// Package withdrawal decides which folders of older nights may lie in out/ no more, since they name somebody who has opted
// out, is locked or sealed, or wants no such letter by now. The table withdrawal has each once; the pipeline takes the
// folders, and what was sealed of them, out of out/ when the night is published, and once more should they come back.
package withdrawal

import (
	"cmp"
	"context"
	"embed"
	"maps"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Reads are the tables that Run reads, beside the withdrawals of earlier nights.
var Reads = []string{"client", "restriction", "client_change", "disclosure", "open_notice"}

// A named output holds people who are hidden by now.
type named struct {
	Output   string `col:"output" doc:"path under out/"`
	Snapshot int64  `col:"snapshot" doc:"the night that wrote it"`
	Why      string `col:"why" doc:"the kind of the restriction"`
	People   int64  `col:"people" doc:"whom it is about"`
}

// A lay is a stretch of nights on which notices to people who are hidden by now lay in a folder open/.
type lay struct {
	Region  string `col:"region" doc:"whose folder"`
	Channel string `col:"channel,null" doc:"of the notices"`
	Since   int64  `col:"since_snapshot" doc:"the first night"`
	Until   int64  `col:"until_snapshot" doc:"the first night after"`
	Why     string `col:"why" doc:"the kind of the restriction"`
	People  int64  `col:"people" doc:"whom it is about"`
}

// A place is a folder of a night.
type place struct {
	Folder   string `col:"folder" doc:"below the night's folder"`
	Snapshot int64  `col:"snapshot" doc:"the night"`
}

type outputFolder struct {
	Output string `col:"output" doc:"path under out/"`
	Folder string `col:"folder" doc:"the recipient's folder in which it lies"`
}

// lastMark is the mark of the last night on which the stage ran.
const lastMark = "withdraw_snapshot"

// hide makes the table hidden of the people who may be shown less than they were. Whom the last run of this stage knew as
// that, and has looked up, is left out of the table newly_hidden; and what was disclosed before the night that it returns
// was looked at then. After a rollback, or by another version, everything is looked at again.
func hide(ctx context.Context, r *pipeline.Run) (since int64, err error) {
	people := func(name string, files func(string) []string) error {
		for _, t := range []*table.Table{table.Clients, table.Restrictions, table.ClientChanges} {
			if err := r.Engine.View(ctx, t.Name, t, files(t.Name)); err != nil {
				return err
			}
		}
		return r.Engine.Materialize(ctx, name, queries.Get("hidden", "tonight", r.Snapshot))
	}
	if r.Continues {
		since = r.Mark(lastMark)
	}
	r.SetMark(lastMark, r.Snapshot)
	before := r.PriorFiles
	if since == 0 {
		before = r.Files
	}
	if err = people("hidden_before", before); err == nil {
		err = people("hidden", r.Files)
	}
	if err == nil {
		err = r.Engine.Materialize(ctx, "newly_hidden", "SELECT * FROM hidden EXCEPT SELECT * FROM hidden_before")
	}
	return since, err
}

// Run writes which folders are withdrawn tonight. It reads the log of disclosures as far as it has to: what was disclosed
// since its last run, and what was ever disclosed of those who are hidden since then.
func Run(ctx context.Context, r *pipeline.Run) error {
	since, err := hide(ctx, r)
	if err != nil {
		return err
	}
	if err := r.View(ctx, table.Disclosures, table.OpenNotices); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.Withdrawals); err != nil {
		return err
	}
	rows, err := engine.Rows[table.Withdrawal](ctx, r.Engine, "SELECT * FROM prior_withdrawal ORDER BY of_snapshot, folder")
	if err != nil {
		return err
	}
	before := map[place]int64{} // with which night each was withdrawn
	for _, w := range rows {
		before[place{w.Folder, w.Of}] = w.Snapshot
	}
	found, err := places(ctx, r.Engine, since, r.Snapshot, before)
	if err != nil {
		return err
	}
	for p := range before {
		delete(found, p)
	}
	rows = nil
	for p, f := range found {
		rows = append(rows, table.Withdrawal{Snapshot: r.Snapshot, Of: p.Snapshot, Folder: p.Folder, People: f.people,
			Why: strings.Join(slices.Sorted(maps.Keys(f.why)), "|")})
	}
	r.Count("withdrawn", int64(len(rows)))
	if len(rows) == 0 {
		return nil // a log gains a file only with rows in it
	}
	slices.SortFunc(rows, func(a, b table.Withdrawal) int {
		return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Folder, b.Folder))
	})
	return pipeline.Write(r, table.Withdrawals, rows)
}

// finding is why a folder is withdrawn, and the most people whom one of its outputs is about.
type finding struct {
	why    map[string]bool
	people int64
}

// places finds the folders of the nights before tonight that name somebody who is hidden by now, given since when this was
// not looked up, and with which nights folders were withdrawn before.
func places(ctx context.Context, e *engine.Engine, since, tonight int64, before map[place]int64) (map[place]*finding, error) {
	list, err := engine.Rows[named](ctx, e, queries.Get("named", "since", since))
	if err != nil {
		return nil, err
	}
	found := map[place]*finding{}
	add := func(p place, why string, people int64) {
		if found[p] == nil {
			found[p] = &finding{why: map[string]bool{}}
		}
		found[p].why[why], found[p].people = true, max(found[p].people, people)
	}
	list = slices.DeleteFunc(list, func(n named) bool { return !about(n.Output, n.Why) })
	next, err := nextWritten(ctx, e, list, tonight)
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		folder := Folder(n.Output)
		// A night that has nothing new for a folder may have it from the night before, and discloses nobody. It has not from
		// the night on that withdrew the folder: that one made its own anew.
		end := next[place{folder, n.Snapshot}]
		if was, ok := before[place{folder, n.Snapshot}]; ok {
			end = min(end, was)
		}
		for night := n.Snapshot; night < end; night++ {
			add(place{folder, night}, n.Why, n.People)
		}
	}
	lying, err := engine.Rows[lay](ctx, e, queries.Get("lay", "tonight", tonight))
	if err != nil {
		return nil, err
	}
	for _, l := range lying {
		if !byChannel(l.Channel, l.Why) {
			continue
		}
		for night := l.Since; night < min(l.Until, tonight); night++ {
			add(place{Folder("regions/" + l.Region + "/open"), night}, l.Why, l.People)
		}
	}
	return found, nil
}

// nextWritten is for each folder of the list, by the night that wrote it, the next night that disclosed somebody in it, or
// tonight. What is handed out on demand is of one night.
func nextWritten(ctx context.Context, e *engine.Engine, list []named, tonight int64) (map[place]int64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	wanted, first := map[string]bool{}, tonight
	for _, n := range list {
		wanted[Folder(n.Output)], first = true, min(first, n.Snapshot)
	}
	type output struct {
		Output string `col:"output" doc:"path under out/"`
	}
	outputs, err := engine.Rows[output](ctx, e, queries.Get("output", "first", first))
	if err != nil {
		return nil, err
	}
	var asked []outputFolder
	for _, o := range outputs {
		if folder := Folder(o.Output); wanted[folder] {
			asked = append(asked, outputFolder{o.Output, folder})
		}
	}
	if err := engine.Load(ctx, e, "asked_folder", asked); err != nil {
		return nil, err
	}
	written, err := engine.Rows[place](ctx, e, queries.Get("written", "first", first))
	if err != nil {
		return nil, err
	}
	next := map[place]int64{}
	for i, w := range written {
		switch {
		case strings.HasPrefix(w.Folder, OnDemand):
			next[w] = min(w.Snapshot+1, tonight)
		case i+1 < len(written) && written[i+1].Folder == w.Folder:
			next[w] = min(written[i+1].Snapshot, tonight)
		default:
			next[w] = tonight
		}
	}
	return next, nil
}

// OnDemand begins the outputs that commands have handed out: they lie nowhere below out/.
const OnDemand = "on-demand/"

// Folder is the recipient's folder in which an output lies: regions/metro, clinics/<id>, state, newborns. What was handed
// out on demand stands for itself.
func Folder(output string) string {
	first, rest, _ := strings.Cut(output, "/")
	second, _, inside := strings.Cut(rest, "/")
	switch {
	case strings.HasPrefix(output, OnDemand):
		return output
	case inside:
		return first + "/" + second
	}
	return first
}

// about reports that an output is against a restriction of somebody in it. A wish about letters, calls or texts is about
// what the regions and the state get, and about the newborns whose families are written to.
func about(output, why string) bool {
	if strings.HasPrefix(output, "records/") { // a person's own record, for that person alone
		return false
	}
	if !table.OnlyContact(why) {
		return true
	}
	folder := Folder(output)
	if folder == "newborns" {
		return byChannel("mail", why)
	}
	if folder != "state" && !strings.HasPrefix(folder, "regions/") ||
		strings.HasSuffix(output, "/open") { // what lay in open/ is known night by night
		return false
	}
	switch channel := output[strings.LastIndexByte(output, '/')+1:]; channel {
	case "phone.csv":
		return byChannel("phone", why)
	case "text.csv":
		return byChannel("text", why)
	case "recall.csv", "reminder.csv": // these hold all channels: the others say by which
		return why == "no_contact"
	}
	return byChannel("mail", why)
}

// byChannel reports that a restriction is against a notice by this channel.
func byChannel(channel, why string) bool {
	switch why {
	case "no_mail":
		return channel == "mail" || channel == "postcard"
	case "no_calls":
		return channel == "phone"
	case "no_texts":
		return channel == "text"
	}
	return true
}
