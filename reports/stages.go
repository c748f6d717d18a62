// Package reports turns forecasts into what people act on: reminder and recall files for each region, coverage,
// report cards and responses for senders, and the page that an operator reads in the morning.
//
// Its packages write, from the ground up: csvfile, xlsxfile, privacy, recipient, newborn, status, care, letter, campaign, mailing, measure,
// followup, linkquality, suppression, publication, atlas, page. This one has
// the stages, their order, and the settings. People who have opted out, are locked or sealed, or may be meant by an
// unsettled request, are in no output, not even in a region's counts: only their number in the whole state is
// published. While a file of families' requests is unread, nothing about persons is.
package reports

import (
	"context"
	"fmt"
	"slices"

	"miic/internal/pipeline"
	"miic/reports/account"
	"miic/reports/atlas"
	"miic/reports/bundle"
	"miic/reports/campaign"
	"miic/reports/care"
	"miic/reports/followup"
	"miic/reports/linkquality"
	"miic/reports/mailing"
	"miic/reports/measure"
	"miic/reports/newborn"
	"miic/reports/page"
	"miic/reports/privacy"
	"miic/reports/publication"
	"miic/reports/recipient"
	"miic/reports/record"
	"miic/reports/school"
	"miic/reports/status"
	"miic/reports/withdrawal"
)

// LastStage is the stage with which the reports, and the night, are complete.
const LastStage = "page"

// Stages are the reports' stages of the night in their order. Each gets only its own part of the settings, so that
// a changed setting runs again only what it is about.
func Stages(c Config) []pipeline.Stage {
	statusConfig, coverageConfig, sendersConfig, pageConfig := c.status(), c.coverage(), c.senders(), c.page()
	recordConfig, publicationConfig, followupConfig := c.records(), c.publication(), c.followup()
	noticeConfig, newbornConfig, careConfig, schoolConfig := c.notices(), c.newborn(), c.care(), school.NightConfig{Config: c.School, Recipients: c.Recipients}
	stages := []pipeline.Stage{
		{ // patient_status
			Name: "status", Version: 2, Dated: true, Config: statusConfig,
			Reads:  []string{"client", "restriction", "immunization", "client_record", "client_link"},
			Prior:  []string{"patient_status"},
			Writes: []string{"patient_status"},
			Run:    func(ctx context.Context, r *pipeline.Run) error { return status.Run(ctx, r, statusConfig) },
		},
		{ // regions/, state/
			Name: "campaign", Version: 15, Dated: true, Config: noticeConfig,
			Reads:  noticeConfig.reads(),
			Notes:  []string{campaign.MissingSender},
			Prior:  []string{"notice", "control_notice", "household", "open_notice"},
			Writes: []string{"notice", "disclosure", "held_letter", "household", "control_notice", "withheld", "open_notice"},
			Run:    func(ctx context.Context, r *pipeline.Run) error { return sendNotices(ctx, r, noticeConfig) },
		},
		{ // newborns/
			Name: "newborn", Version: 1, Dated: true, Config: newbornConfig,
			Reads:  []string{"client", "restriction", "death_match", "batch", "client_record", "client_link"},
			Prior:  []string{"newborn_notice"},
			Writes: []string{"newborn_notice", "disclosure"},
			Run:    func(ctx context.Context, r *pipeline.Run) error { return newborn.Run(ctx, r, newbornConfig) },
		},
		{ // schools/
			Name: "school", Version: 3, Dated: true, Config: schoolConfig, Reads: school.Reads, Prior: school.Prior,
			Writes: school.Writes,
			Run:    func(ctx context.Context, r *pipeline.Run) error { return school.Run(ctx, r, schoolConfig) },
		},
		{ // records/: answers to requests for records
			Name: "records", Version: 4, Dated: true, Config: recordConfig, Reads: record.Reads, Prior: record.Prior,
			Writes: []string{"record_answer", "disclosure"},
			Run:    func(ctx context.Context, r *pipeline.Run) error { return record.Answer(ctx, r, recordConfig) },
		},
		{ // disclosure: what commands have written on demand since the last night
			Name: "account", Version: 1, Config: c.Disclosed,
			Prior:  []string{"disclosure"},
			Writes: []string{"disclosure"},
			Run:    func(ctx context.Context, r *pipeline.Run) error { return account.Run(ctx, r, c.Disclosed) },
		},
		{ // measure_result, not_counted, coverage
			Name: "coverage", Version: 10, Dated: true, Config: coverageConfig,
			Reads:  []string{"client", "patient_status", "dose_evaluation", "milestone", "forecast", "immunization", "doubt", "batch"},
			Prior:  []string{"measure_result"},
			Writes: []string{"measure_result", "not_counted", "coverage"},
			Run:    func(ctx context.Context, r *pipeline.Run) error { return measure.Run(ctx, r, coverageConfig) },
		},
		{ // clinics/, plans/, states/
			Name: "care", Version: 7, Dated: true, Config: careConfig, Reads: care.Reads, Prior: care.Prior, Writes: care.Writes,
			Run: func(ctx context.Context, r *pipeline.Run) error { return care.Run(ctx, r, careConfig) },
		},
		{ // publication, coverage.csv, coverage.parquet, coverage.html, coverage/
			Name: "publish", Version: 8, Dated: true, Config: publicationConfig,
			Reads:  []string{"client", "patient_status", "restriction", "not_counted", "coverage", "batch"},
			Notes:  []string{pipeline.Silence},
			Prior:  []string{"publication"},
			Writes: []string{"publication"},
			Run: func(ctx context.Context, r *pipeline.Run) error {
				if err := publication.Run(ctx, r, publicationConfig); err != nil {
					return err
				}
				return atlas.Run(ctx, r, publicationConfig)
			},
		},
		{ // senders.html, report_cards/, responses/
			Name: "senders", Version: 9, Dated: true, Config: sendersConfig,
			Reads: []string{"batch", "rejected", "delivery_figure"},
			Notes: []string{campaign.MissingSender},
			Run:   func(ctx context.Context, r *pipeline.Run) error { return page.RunSenders(ctx, r, sendersConfig) },
		},
		{ // withdrawal: which older folders name somebody who is restricted since
			Name: "withdraw", Version: 2, Reads: withdrawal.Reads, Prior: []string{"withdrawal"}, Writes: []string{"withdrawal"},
			Run: withdrawal.Run,
		},
		{ // run.html, campaigns.html, linkage.html, bundles/
			Name: LastStage, Version: 13, Dated: true, Config: lastConfig{pageConfig, followupConfig, c.Linkage, c.Recipients},
			Reads: slices.Concat(followup.Reads, linkquality.Reads, []string{"restriction", "forecast", "publication", "death_match",
				"rejected", "request", "settlement", "notice", "open_notice", "withdrawal",
				"disclosure"}),
			Run: func(ctx context.Context, r *pipeline.Run) error {
				n, err := bundle.Plan(r.OutDir(), &c.Recipients, r.AsOf)
				if err != nil {
					return err
				}
				r.Count("bundles", int64(n))
				if err := followup.Run(ctx, r, followupConfig); err != nil {
					return err
				}
				if err := linkquality.Run(ctx, r, c.Linkage); err != nil {
					return err
				}
				return page.Run(ctx, r, pageConfig)
			},
		},
	}
	for i := range stages {
		run := stages[i].Run
		stages[i].Run = func(ctx context.Context, r *pipeline.Run) error {
			if err := c.Validate(); err != nil {
				return fmt.Errorf("settings of the reports: %w", err)
			}
			return run(ctx, r)
		}
	}
	return stages
}

// lastConfig is what the last stage gets: it writes what is in the bundles too, since only it sees what all have written.
type lastConfig struct {
	Page       page.Config
	Followup   followup.Config
	Linkage    linkquality.Config
	Recipients recipient.Book
}

// noticeConfig is what the stage campaign gets.
type noticeConfig struct {
	Campaign   campaign.Config
	Mailing    mailing.Config
	Recipients recipient.Book
	Faults     []string // of campaigns and texts: while there is one, no notice is sent
}

// reads are the tables that the stage campaign reads: the doses too where a campaign sends them with its letters.
func (c *noticeConfig) reads() []string {
	list := []string{"client", "restriction", "death_match", "forecast", "patient_status", "batch",
		"client_record", "client_link", "doubt", "joined_forecast", "notice_result", "address_answer"}
	if slices.ContainsFunc(c.Campaign.Campaigns, func(one campaign.Campaign) bool { return one.HistoryPage }) {
		list = append(list, "immunization", "dose_evaluation")
	}
	return list
}

// sendNotices chooses who is reminded and recalled, and writes their letters, unless requests are unread.
func sendNotices(ctx context.Context, r *pipeline.Run, c noticeConfig) error {
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	if len(unread) > 0 {
		r.Count("withheld", 1)
		return campaign.WriteNone(r)
	}
	c.noteRecipients(r)
	if len(c.Faults) > 0 {
		for _, f := range c.Faults {
			r.Note(pipeline.Note{Kind: campaign.NotSent, Text: f, Exit3: true})
		}
		r.Count("withheld", 1)
		return campaign.WriteNone(r)
	}
	plan, err := campaign.Choose(ctx, r, c.Campaign)
	if err != nil {
		return err
	}
	if err := plan.Write(r); err != nil {
		return err
	}
	return mailing.Write(ctx, r, c.Mailing, plan)
}

// nightlyOutputs are what every night makes for somebody: the regions' files, in the order of the regions, and the
// state's.
func nightlyOutputs(regions []string) []string {
	var list []string
	for _, region := range regions {
		list = append(list, recipient.Folder(recipient.Regions, region))
	}
	return append(list, recipient.State)
}

// noteRecipients finds out who receives each region's files tonight, and notes what nobody receives and why.
func (c *noticeConfig) noteRecipients(r *pipeline.Run) {
	c.Campaign.Recipients, c.Mailing.Recipients = map[string]string{}, map[string]*recipient.Recipient{}
	nightly := nightlyOutputs(c.Campaign.Regions)
	for i, region := range c.Campaign.Regions {
		folder := nightly[i]
		who, _ := c.Recipients.For(folder, r.AsOf)
		c.Mailing.Recipients[region] = who
		if who == nil {
			r.Count("regions_without_recipient", 1)
			continue
		}
		c.Campaign.Recipients[region] = who.Name
	}
	c.Mailing.Recipients[mailing.StateRow], _ = c.Recipients.For(recipient.State, r.AsOf)
	for _, one := range c.Recipients.Recipients {
		if who, err := c.Recipients.May(one.ID, recipient.Addresses, r.AsOf); err == nil && who != nil {
			c.Mailing.Vendor = true
		}
	}
	notReceived, endSoon := c.Recipients.Notes(r.AsOf, nightly)
	for _, text := range slices.Concat(c.Recipients.Faults, notReceived) {
		r.Note(pipeline.Note{Kind: recipient.NotReceived, Text: text})
	}
	for _, text := range endSoon {
		r.Note(pipeline.Note{Kind: recipient.EndsSoon, Text: text})
	}
}

// Invariants returns what must be true of the reports before a night may be committed.
func Invariants(c Config) []pipeline.Invariant {
	var organisations []string
	for _, r := range c.Recipients.Recipients {
		organisations = append(organisations, r.Name, r.Contact.Name)
	}
	for _, one := range c.Clinics {
		organisations = append(organisations, one.Name)
	}
	return append(privacy.Invariants(organisations), c.Recipients.Invariant(), newborn.Invariant(), mailing.Invariant(), care.Invariant(),
		measure.Invariant())
}
