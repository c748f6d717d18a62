package page

import (
	"context"
	"fmt"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/bundle"
	"miic/reports/withdrawal"
)

// openRegion is what lies in the folder open/ of a region whose collections are noted.
type openRegion struct {
	Region  string     `col:"region" doc:"the region"`
	Notices int64      `col:"notices" doc:"that nobody has collected"`
	Oldest  table.Date `col:"oldest_on" doc:"day of the oldest of them"`
}

// openFolder is that, and when a collection was last noted.
type openFolder struct {
	openRegion
	Noted table.Date
}

// withdrawn is a folder of an older night, withdrawn tonight.
type withdrawn struct {
	Folder    string `col:"folder" doc:"below the night's folder, or an output on demand"`
	Why       string `col:"why" doc:"kinds of restrictions"`
	Of        int64  `col:"of_snapshot" doc:"the night"`
	Recipient string `col:"recipient,null" doc:"who was handed an output on demand"`
}

// readHanded reads what is sealed for whom, what waits to be collected, and what is withdrawn.
func (p *page) readHanded(ctx context.Context, r *pipeline.Run) (err error) {
	if p.Bundles, err = bundle.Overview(r.OutDir(), p.Settings.Recipients, r.AsOf); err != nil {
		return err
	}
	query := queries.Get("withdrawn", "tonight", r.Snapshot)
	if p.Withdrawn, err = engine.Rows[withdrawn](ctx, r.Engine, query); err != nil {
		return err
	}
	rows, err := engine.Rows[openRegion](ctx, r.Engine, queries.Get("open_region"))
	if err != nil {
		return err
	}
	lying := map[string]openRegion{}
	for _, row := range rows {
		lying[row.Region] = row
	}
	noted := map[string]table.Date{}
	for _, c := range p.Settings.Campaigns.Collected {
		noted[c.Region] = max(noted[c.Region], min(c.On, p.asOf))
	}
	for _, region := range p.Settings.Campaigns.Regions {
		if on, ok := noted[region]; ok {
			o := openFolder{lying[region], on}
			o.Region = region
			p.Open = append(p.Open, o)
			r.Count("open_notices", o.Notices)
		}
	}
	return nil
}

// longUncollected is after how many days without a collection somebody is asked to look.
const longUncollected = 21

// forgotten reports that notices lie in a region's folder and nobody has collected any for weeks.
func (o openFolder) forgotten(asOf table.Date) bool {
	return o.Notices > 0 && asOf-o.Oldest >= longUncollected && asOf-o.Noted >= longUncollected
}

// doNotices names the mistakes for which no notice was sent.
func (p *page) doNotices() {
	if faults := p.Settings.NoticeFaults; len(faults) > 0 {
		p.Todo = append(p.Todo, todo{What: "No reminder and no recall was written tonight, since the site's own files have mistakes: " +
			strings.Join(faults, "; ") + ". Correct them and run the night again; whoever would have had a notice gets it then.",
			Commands: []string{"miic doctor", "miic nightly"}})
	}
}

// doHanded names folders that nobody collects, and lists on demand that name somebody who is restricted since.
func (p *page) doHanded(asOf table.Date) {
	for _, o := range p.Open {
		if p.Unread == nil && o.forgotten(asOf) {
			p.Todo = append(p.Todo, todo{What: fmt.Sprintf("Ask whoever mails for %s: %s in its folder open/, the oldest since %s, and "+
				"no collection was noted since %s. Families get nothing until somebody collects them; if somebody did, note it with the "+
				"number of the folder from which they were taken.", o.Region, lie(o.Notices), o.Oldest, o.Noted),
				Commands: []string{fmt.Sprintf("miic recall collected %s --through %d", o.Region, p.Snapshot)}})
		}
	}
	for _, w := range p.Withdrawn {
		if strings.HasPrefix(w.Folder, withdrawal.OnDemand) {
			p.Todo = append(p.Todo, todo{What: fmt.Sprintf("Ask %s to destroy the list %s that they were given, and destroy your own "+
				"copy: somebody in it %s. Write a new list if they still need one.", w.Recipient, w.Folder, because(w.Why))})
		}
	}
}

func lie(n int64) string {
	if n == 1 {
		return "1 notice lies"
	}
	return prose.Thousands(n) + " notices lie"
}

// restrictionWords say what a kind of restriction means.
var restrictionWords = map[string]string{"opt_out": "has opted out", "lock": "is locked", "seal": "is under seal",
	"no_contact": "wants no notices", "no_mail": "wants no letters", "no_calls": "wants no calls", "no_texts": "wants no texts"}

func because(why string) string {
	var words []string
	for kind := range strings.SplitSeq(why, "|") {
		words = append(words, restrictionWords[kind])
	}
	return strings.Join(words, " or ") + ", or may"
}

// WithdrawnTable has a row for each folder and reason, with the nights in whose folders it lay.
func (p *page) WithdrawnTable() webpage.Table {
	t := webpage.Table{Caption: "Files of older nights that nobody may use any more: they are taken out of out/, with the bundles " +
		"that held them. Who still has copies or prints must destroy them.",
		Columns: webpage.Columns("files", "of snapshots", "somebody in them")}
	for i := 0; i < len(p.Withdrawn); {
		first, j := p.Withdrawn[i], i
		var of []int64
		for ; j < len(p.Withdrawn) && p.Withdrawn[j].Folder == first.Folder && p.Withdrawn[j].Why == first.Why; j++ {
			of = append(of, p.Withdrawn[j].Of)
		}
		i = j
		t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(first.Folder, spans(of), because(first.Why))})
	}
	return t
}

// spans writes ascending numbers with those that follow on each other as one: 3, 5–8.
func spans(list []int64) string {
	var parts []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(list[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d–%d", list[i], list[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// BundleTable has a row for each recipient of nightly files.
func (p *page) BundleTable() webpage.Table {
	t := webpage.Table{Caption: "What each recipient gets tonight; a sealed bundle is in bundles/, under the name of the recipient's entry",
		Columns: webpage.Columns("recipient", "#files", "#kilobytes", "how")}
	for _, b := range p.Bundles {
		row := webpage.Row{Cells: []webpage.Cell{{Text: b.Name, Second: b.ID}, {Text: prose.Thousands(int64(b.Files))},
			{Text: prose.Thousands((b.Bytes + 999) / 1000)}, {Text: b.How}}}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// OpenTable has a row for each region whose collections are noted.
func (p *page) OpenTable() webpage.Table {
	t := webpage.Table{Caption: "Notices that nobody has collected, in the regions that note it: chosen anew each night, they lie in the " +
		"region's folder open/", Columns: webpage.Columns("region", "#notices", "oldest of", "collection last noted on", "")}
	for _, o := range p.Open {
		row := webpage.Row{Cells: []webpage.Cell{{Text: o.Region, File: p.Link("regions/" + o.Region + "/open/mailing.csv")},
			{Text: prose.Thousands(o.Notices)}, {}, {Text: o.Noted.String()}, {}}}
		if o.Notices > 0 {
			row.Cells[2].Text = o.Oldest.String()
		}
		if o.forgotten(p.asOf) {
			row.Class, row.Cells[4].Text = classFar, "nobody collects them"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
