// Package page writes what people look at: the run page, the senders' report cards, and the responses to senders.
// None of it holds a person's data.
//
//	run.html                                 the night on one page
//	senders.html, senders.csv                all senders: who needs a look first
//	report_cards/                            how well each sender delivers, over its last nights: Parquet, CSV, pages
//	responses/<sender>/<file>.response.csv   what came of each delivery, for its sender
package page

import (
	"context"
	"embed"
	"fmt"
	"slices"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/reference"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/bundle"
	"miic/reports/campaign"
	"miic/reports/mailing"
	"miic/reports/measure"
	"miic/reports/navigation"
	"miic/reports/privacy"
	"miic/reports/publication"
	"miic/reports/recipient"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

//go:embed run.html.tmpl
var pageText string

var pageTemplate = webpage.Must(navigation.Night, pageText, nil)

// Config is what of a site's settings the run page shows or counts by.
type Config struct {
	Campaigns  campaign.Config
	Standing   campaign.Campaign     // the one that the settings describe
	SmallCell  int                   // coverage with a smaller denominator is withheld
	Headline   string                // id of the measure of coverage that is shown
	Timing     publication.Timing    // when coverage is published
	Rules      map[string]string     // the words of each rule about deliveries, by id
	References []reference.Reference // tables that come with the program, with their age
	Recipients *recipient.Book       `json:"-"` // part of the stage's key beside this
	// mistakes in campaigns and texts of letters: while there is one, no notice is sent
	NoticeFaults []string
}

// page is what run.html shows: numbers, senders, files and rules, never a person's data.
type page struct {
	AsOf     string
	Snapshot int64
	Schedule string
	Settings Config
	Head     webpage.Head
	dir      string // tonight's folder, as far as it is built

	Verdict   string // one line
	Bad       bool   // somebody must do something
	Todo      []todo
	Waiting   []string                // what waits without being in anybody's way
	Unread    []privacy.UnreadRequest // while there is one, nothing about persons is published
	Unmatched []string                // tonight's requests that restrict nobody

	Files     []delivery
	Held      []delivery // of earlier nights, still to be decided about
	LeftOut   []delivery // by a rollback, until each is returned or refused
	Silence   string     // that nothing has come, or not enough: what and what to do
	Missing   []pipeline.Note
	Unmoved   []pipeline.Note // of files that cannot leave the inbox
	Closed    []pipeline.Note // of what nobody receives, since no agreement holds
	Measures  []pipeline.Note // of files of measures that have a fault
	Unused    []pipeline.Note // of what of the files of populations and footnotes is not used
	Crowded   []pipeline.Note // of areas of which more people are counted than live there
	Ending    []pipeline.Note // of agreements that end soon
	Unlisted  []pipeline.Note // of plans that send no list of members to be answered
	Seasons   []pipeline.Note // of seasons that have run out in the schedule
	Refused   []refusal
	Notes     []pipeline.Note
	Figures   []compared
	Changes   []count // counted tonight only
	People    []count
	Regions   []regionRow
	Bundles   []bundle.Entry
	Open      []openFolder
	Withdrawn []withdrawn
	Measure   string
	Coverage  []areaRate // of the latest publication
	Published string     // its day; empty before the first
	Publishes string     // the day of the next one
	Stages    []stageRow

	usualUnits usualUnits
	asOf       table.Date
}

// A count is a figure with the words for what it counts.
type count struct {
	Name  string `col:"name" doc:"what"`
	Count int64  `col:"people" doc:"how many"`
}

type stageRow struct {
	Stage  string
	Reused bool
}

// Run writes run.html. It notes each file of requests that is unread, with which the night ends as incomplete.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	p := &page{AsOf: r.AsOf.String(), Snapshot: r.Snapshot, Settings: c, dir: r.OutDir(), asOf: r.AsOf}
	if err := view(ctx, r, c); err != nil {
		return err
	}
	var wait waiting
	for _, step := range []func() error{
		func() error { return p.readUnread(ctx, r) },
		func() error { return p.readDeliveries(ctx, r) },
		func() error { return p.readFigures(ctx, r) },
		func() error { return p.readPeople(ctx, r, c) },
		func() error { return p.readNotices(r, c) },
		func() error { return p.readHanded(ctx, r) },
		func() error { return p.readCoverage(ctx, r) },
		func() error { return wait.read(ctx, r) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	p.readStages(r.Figures())
	p.readNotes(r.Figures())
	p.judge(wait)
	p.Head = p.head(wait.questions > 0 || wait.deaths.Held > 0)
	return p.write(r)
}

// view makes what the page reads known to the engine.
func view(ctx context.Context, r *pipeline.Run, c Config) error {
	err := r.View(ctx, table.Clients, table.Forecasts, table.Immunizations, table.DeathMatches, table.Rejections,
		table.ClientChanges, table.Publications, table.Settlements, table.Settlements, table.ReviewItems, table.Notices,
		table.OpenNotices, table.Withdrawals, table.Disclosures)
	if err != nil {
		return err
	}
	if err := r.ViewLatest(ctx, table.Batches, table.ReviewItems, table.Requests); err != nil {
		return err
	}
	if _, err := privacy.HideRestricted(ctx, r); err != nil {
		return err
	}
	return campaign.LoadGroups(ctx, r.Engine, c.Campaigns)
}

func (p *page) readUnread(ctx context.Context, r *pipeline.Run) (err error) {
	p.Unread, err = privacy.UnreadRequests(ctx, r)
	for _, u := range p.Unread {
		if u.Status == "stray" {
			continue // ingest has noted it
		}
		r.Note(pipeline.Note{Kind: "held", Sender: u.Sender, File: u.File, Exit3: true,
			Text: "nothing about persons is published: the requests in this file could not be read, " +
				"so that an opt-out may be in it; have it sent again"})
	}
	return err
}

// readPeople reads how many people there are, and what ingest has added to what is known of them.
func (p *page) readPeople(ctx context.Context, r *pipeline.Run, c Config) (err error) {
	if p.Schedule, err = measure.ScheduleVersion(ctx, r.Engine); err != nil {
		return err
	}
	p.Changes = accepted(r.Figures())
	query := queries.Get("people", "as_of", r.AsOf, "until_months", c.Standing.UntilMonths)
	p.People, err = engine.Rows[count](ctx, r.Engine, query)
	return err
}

var acceptedFigures = []struct{ figure, words string }{
	{"client_record_new", "client records new or changed"}, {"vaccination_event_new", "reported doses new or changed"},
	{"observation_new", "observations new or changed"}, {"request_new", "requests of families"},
}

// accepted lists what ingest has added to the records tonight.
func accepted(figures []pipeline.StageFigures) []count {
	var list []count
	for _, f := range figures {
		for _, a := range acceptedFigures {
			if v, ok := f.Counts[a.figure]; ok && f.Stage == "ingest" && !f.Reused {
				list = append(list, count{a.words, v})
			}
		}
	}
	return list
}

// readNotices reads from the state's summary how many notices each region got.
func (p *page) readNotices(r *pipeline.Run, c Config) error {
	if len(p.Unread) > 0 || len(c.NoticeFaults) > 0 {
		return nil
	}
	tallies, err := mailing.ReadState(r)
	if err != nil {
		return err
	}
	for _, region := range append(slices.Clone(c.Campaigns.Regions), mailing.StateRow) {
		t := tallies[region]
		if t == nil {
			return fmt.Errorf("the state's summary has no row of %s", region)
		}
		p.Regions = append(p.Regions, regionRow{Region: region, Total: region == mailing.StateRow,
			Reminder: *t[campaign.Reminder], Recall: *t[campaign.Recall]})
	}
	return nil
}

// readCoverage reads the headline measure as it was published last.
func (p *page) readCoverage(ctx context.Context, r *pipeline.Run) (err error) {
	p.Measure = p.Settings.Headline
	p.Coverage, err = engine.Rows[areaRate](ctx, r.Engine,
		queries.Get("coverage_area", "measure", p.Measure, "unassigned", area.Unassigned))
	last := table.Date(0)
	if len(p.Coverage) > 0 {
		last = p.Coverage[0].PublishedOn
		p.Published = last.String()
	}
	p.Publishes = p.Settings.Timing.Next(r.AsOf+1, last).String()
	return err
}

func (p *page) readStages(figures []pipeline.StageFigures) {
	for _, f := range figures {
		p.Stages = append(p.Stages, stageRow{Stage: f.Stage, Reused: f.Reused})
	}
}

func (p *page) write(r *pipeline.Run) error {
	path, err := r.OutPath(navigation.Night)
	if err != nil {
		return err
	}
	return webpage.Write(path, pageTemplate, navigation.Night, p)
}
