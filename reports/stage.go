// Package reports turns forecasts into what people act on: reminder and recall files for each
// region, coverage, and the page that an operator reads in the morning.
//
// It is the last stage of the night. Under out/ it writes
//
//	regions/<region>/reminder.csv   people 0-18 with a dose recommended within 30 days
//	regions/<region>/recall.csv     people 0-18 with a dose past due by 30 days or more
//	regions/<region>/summary.csv    candidates, mailed, excluded by each reason
//	state/summary.csv               the same for every region and the state
//	coverage.parquet, coverage.csv  measures by county, region and state
//	report_cards/                   how well each sender delivers, over its last nights: Parquet, CSV, pages
//	responses/<sender>/<file>.response.csv   what came of each delivery, for its sender: counts, each refused line with its rule
//	run.html                        the night on one page, without any person's data
//
// One row is one person; a recall wins over a reminder. People who have opted out, are locked or
// sealed, or may be meant by an unsettled request, are in none of it, not even in a region's counts: only their number
// in the whole state is told. While a file of families' requests cannot be read, nothing about persons is published.
//
// Whom the campaign chooses and why is decided by choose, a function of values. A notice is named by
// its content, and only notices of earlier days count as sent: the same night run twice writes the same files.
package reports

import (
	"context"
	"fmt"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/mailing"
	"miic/reports/measure"
	"miic/reports/page"
	"miic/reports/privacy"
	"miic/reports/status"
)

// Stage is the reports' stage of the night.
func Stage(cfg Config) pipeline.Stage {
	return pipeline.Stage{
		Name: "report", Version: 3, Dated: true, Config: cfg,
		Reads: []string{"client", "restriction", "death_match", "forecast", "milestone", "immunization", "batch", "rejected", "client_change", "review_item", "request",
			"delivery_figure"},
		Prior:  []string{"patient_status", "notice"},
		Writes: []string{"patient_status", "notice", "coverage", "disclosure"},
		Run: func(ctx context.Context, r *pipeline.Run) error {
			if err := cfg.Validate(); err != nil {
				return fmt.Errorf("settings of the reports: %w", err)
			}
			n := &night{cfg: cfg, run: r, tally: map[string]map[string]*campaign.Tally{}}
			return n.write(ctx)
		},
	}
}

// A night is the reports in the making.
type night struct {
	cfg      Config
	run      *pipeline.Run
	unread   []privacy.UnreadRequest
	tally    map[string]map[string]*campaign.Tally // by region and kind
	coverage []table.Coverage
	hidden   int64 // people who appear in no output
}

func (n *night) withheld() bool { return len(n.unread) > 0 }

func (n *night) write(ctx context.Context) error {
	if err := n.open(ctx); err != nil {
		return err
	}
	if err := status.Write(ctx, n.run, n.cfg.HomeState); err != nil {
		return err
	}
	var err error
	if n.unread, err = privacy.UnreadRequests(ctx, n.run); err != nil {
		return err
	}
	if n.withheld() {
		for _, u := range n.unread {
			n.run.Note(pipeline.Note{Kind: "held", Sender: u.Sender, File: u.File, Exit3: true,
				Text: "nothing about persons is published: the requests in this file could not be read, so that an opt-out may be in it; have it sent again"})
		}
		if err := measure.WriteTable(ctx, n.run, nil); err != nil {
			return err
		}
	} else {
		if err := n.campaign(ctx); err != nil {
			return err
		}
		if n.coverage, err = measure.Write(ctx, n.run, n.cfg.measure()); err != nil {
			return err
		}
	}
	if err := page.WriteSenders(ctx, n.run, n.cfg.Rules); err != nil { // it is about deliveries, not persons
		return err
	}
	return page.Write(ctx, n.run, page.Config{Campaign: n.cfg.campaign(), SmallCell: n.cfg.SmallCell},
		page.Night{Unread: n.unread, Tallies: n.tally, Coverage: n.coverage})
}

// campaign chooses whom to remind and recall, and writes the regions' files, the summaries, the
// notices and the disclosures.
func (n *night) campaign(ctx context.Context) error {
	plan, err := campaign.Choose(ctx, n.run, n.cfg.campaign(), page.Notes(n.run))
	if err != nil {
		return err
	}
	n.tally = plan.Tallies
	return mailing.Write(n.run, n.cfg.mailing(), plan, n.hidden)
}

// open makes the tables known to the engine.
func (n *night) open(ctx context.Context) error {
	r, e := n.run, n.run.Engine
	if err := r.View(ctx, table.Clients, table.Restrictions, table.DeathMatches, table.Forecasts, table.Milestones, table.Immunizations, table.Rejections, table.ClientChanges); err != nil {
		return err
	}
	if err := status.FollowMergers(ctx, n.run, n.cfg.Mergers); err != nil {
		return err
	}
	if err := r.ViewLatest(ctx, table.Batches, table.ReviewItems, table.Requests, table.DeliveryFigures); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.PatientStatuses, table.Notices); err != nil {
		return err
	}
	if err := e.Latest(ctx, "latest_prior_notice", table.Notices, "prior_notice"); err != nil {
		return err
	}
	c := n.cfg
	if err := campaign.LoadGroups(ctx, e, c.campaign()); err != nil {
		return err
	}
	err := measure.LoadCounties(ctx, e, c.measure())
	if err != nil {
		return err
	}
	n.hidden, err = privacy.HideRestricted(ctx, e)
	return err
}

// Invariants returns what must be true of the reports before a night may be committed.
func Invariants() []pipeline.Invariant {
	return append(privacy.Invariants(), mailing.Invariant())
}
