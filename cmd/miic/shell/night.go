package shell

import (
	"slices"
	"strconv"
	"time"

	"miic/forecast"
	"miic/ingest"
	"miic/ingest/address"
	"miic/ingest/codes"
	"miic/ingest/read"
	"miic/ingest/stray"
	"miic/internal/engine"
	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/machine"
	"miic/internal/overlay"
	"miic/internal/pipeline"
	"miic/internal/purge"
	"miic/internal/table"
	"miic/linkage"
	"miic/linkage/match"
	"miic/linkage/review"
	"miic/reports"
	"miic/reports/account"
	"miic/reports/bundle"
	"miic/reports/campaign"
	"miic/reports/linkquality"
	"miic/reports/recipient"
	"miic/reports/withdrawal"
)

// Stages lists the night in order. Each reads only tables that one before it has written.
func Stages(c *Config) []pipeline.Stage {
	return append([]pipeline.Stage{
		ingest.Stage(c.Ingest()),   // deliveries  → records
		address.Stage(c.answered),  // answers of address vendors
		linkage.Stage(c.Linkage),   // records     → people → doses
		forecast.Stage(c.Forecast), // people      → due dates
	}, reports.Stages(c.Reports)...) // due dates   → letters, percentages, the run page
}

// LakeOptions gives the lake the only clock there is, and how a purge is finished that was killed.
func LakeOptions() lake.Options { return lake.Options{Now: time.Now, Purge: purge.Resume} }

// AsOfDate reads the flag, or takes today in the configured zone.
func AsOfDate(flag string, c *Config) (table.Date, error) {
	if flag != "" {
		d, err := table.ParseDate(flag)
		if err != nil {
			return 0, UsageError("--as-of %q: %w", flag, err)
		}
		return d, nil
	}
	return Today(c)
}

// Today is the day in the configured zone.
func Today(c *Config) (table.Date, error) { return DayOf(c, time.Now()) }

// DayOf is the day of a moment in the configured zone.
func DayOf(c *Config, at time.Time) (table.Date, error) {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return 0, UsageError("time_zone: %w", err)
	}
	return table.FromTime(at.In(zone)), nil
}

// OpenOrCreate opens the lake, or makes an empty one for the first night.
func OpenOrCreate(dir string, dryRun bool) (*lake.Lake, error) {
	l, err := lake.Open(dir, LakeOptions())
	if lake.CodeOf(err) == lake.NoLake && !dryRun {
		return lake.Create(dir, LakeOptions())
	}
	return l, err
}

// Nightly is everything about a night that the configuration decides; the lake is the caller's.
func Nightly(c *Config, asOf table.Date) (pipeline.Options, error) {
	var err error
	if c.parted, err = partings(c.Linkage.Verdicts); err != nil {
		return pipeline.Options{}, UsageError("%w", err)
	}
	if c.Linkage.Settled, err = settlements(c); err != nil {
		return pipeline.Options{}, err
	}
	if c.Reports.Disclosed, err = disclosed(c); err != nil {
		return pipeline.Options{}, err
	}
	if c.answered, err = answered(c); err != nil {
		return pipeline.Options{}, err
	}
	if c.Reports.Collected, err = collections(c); err != nil {
		return pipeline.Options{}, err
	}
	if slices.ContainsFunc(c.Senders, func(s ingest.Sender) bool { return s.Kind == "school" }) {
		if err := NameProducts(c); err != nil {
			return pipeline.Options{}, UsageError("forecast: %w", err)
		}
	}
	if err := c.readMeasures(); err != nil {
		return pipeline.Options{}, UsageError("measures: %w", err)
	}
	if model, err := match.Load(c.Linkage.Model); err == nil { // what is wrong with a model its own stage says
		c.Reports.Linkage = linkquality.Config{Model: model.Version, Link: model.Thresholds.Link, Review: model.Thresholds.Review}
	}
	clock, err := Today(c)
	if err != nil {
		return pipeline.Options{}, err
	}
	schedule, err := forecast.ScheduleVersion(c.Forecast)
	if err != nil {
		return pipeline.Options{}, UsageError("forecast: %w", err)
	}
	finder, err := Strays(c)
	if err != nil {
		return pipeline.Options{}, UsageError("%w", err)
	}
	return pipeline.Options{
		Stray: finder, Bundles: bundles(), Withdraw: withdrawal.TakeOut,
		Stages: Stages(c), AsOf: asOf, Today: clock,
		Inbox: c.Inbox, Admit: c.Ingest().Admit, Archive: c.Archive, RetainDays: c.Retain, OutDays: c.OutDays, Out: c.Out,
		Config: c, Schedule: schedule,
		Engine:     engine.Options{MemoryMiB: c.MemoryMiB},
		Invariants: invariants(c.Reports),
		Brakes:     c.Brakes.list(),
		Renamed:    renamed,
		PeakMiB:    machine.PeakMiB,
	}, nil
}

// NameProducts finds the vaccine groups of each product by the schedule, for the answers to schools.
func NameProducts(c *Config) error {
	s, err := forecast.LoadSchedule(c.Forecast)
	if err != nil {
		return err
	}
	groups := s.GroupsByVaccine()
	for _, list := range groups {
		slices.Sort(list)
	}
	c.Reports.School.Products, c.Reports.School.CPT = groups, codes.CPTOf()
	return nil
}

// partings are the verdicts that ingest acts on: a record that contradicts itself is two people's.
func partings(path string) ([]ingest.Parting, error) {
	verdicts, err := review.ReadVerdicts(path)
	var list []ingest.Parting
	for _, v := range verdicts {
		if v.Decision == "different" && overlay.IsTurn(v.Evidence) {
			list = append(list, ingest.Parting{Record: v.RecordL, Becomes: v.RecordR, Evidence: v.Evidence})
		}
	}
	return list, err
}

// settlements are operators' decisions about requests, as linkage takes them: a row for each record that one names.
func settlements(c *Config) ([]table.Settlement, error) {
	l, err := lake.Open(c.Lake, LakeOptions())
	if lake.CodeOf(err) == lake.NoLake {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	decided, err := l.Settled()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return nil, UsageError("time_zone: %w", err)
	}
	var list []table.Settlement
	for _, d := range decided {
		row := table.Settlement{RequestID: d.Request, ClientID: d.Client, DecidedBy: d.Operator,
			DecidedOn: table.FromTime(d.At.In(zone)), Reason: d.Reason, Snapshot: d.Snapshot}
		row.Decision = "person"
		if d.Lifted {
			row.Decision = "lifted"
		}
		for _, row.RecordID = range d.Records {
			list = append(list, row)
		}
		row.Decision, row.ClientID = "other", 0
		for _, row.RecordID = range d.Others {
			list = append(list, row)
		}
		if len(d.Records)+len(d.Others) == 0 {
			list = append(list, row)
		}
	}
	return list, nil
}

// disclosed is what commands have written about persons on demand.
func disclosed(c *Config) (account.Ledger, error) {
	l, err := lake.Open(c.Lake, LakeOptions())
	if lake.CodeOf(err) == lake.NoLake {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return l.Disclosures()
}

// bundles are how each recipient's archive is sealed when a night is published.
func bundles() pipeline.Bundles { return pipeline.Bundles{Seal: bundle.Seal, Made: bundle.Made} }

// collections are what operators have noted about collected files, as the reports take them.
func collections(c *Config) ([]campaign.Collection, error) {
	l, err := lake.Open(c.Lake, LakeOptions())
	if lake.CodeOf(err) == lake.NoLake {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	noted, err := l.Collections()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return nil, UsageError("time_zone: %w", err)
	}
	var list []campaign.Collection
	for _, one := range noted {
		list = append(list, campaign.Collection{Region: one.Region, Through: one.Through, On: table.FromTime(one.At.In(zone))})
	}
	return list, nil
}

// answered are the address vendors' answers that were handed in.
func answered(c *Config) (address.Config, error) {
	var out address.Config
	l, err := lake.Open(c.Lake, LakeOptions())
	if lake.CodeOf(err) == lake.NoLake {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	list, err := l.Answers()
	if err != nil || len(list) == 0 {
		return out, err
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return out, UsageError("time_zone: %w", err)
	}
	exports, err := l.Disclosures()
	if err != nil {
		return out, err
	}
	for _, a := range list {
		asked, err := AskedOf(exports, a.Export, zone)
		if err != nil {
			return out, err
		}
		out.Answers = append(out.Answers, address.Handed{SHA256: a.SHA256, Vendor: a.Vendor, Asked: *asked, Withdrawn: a.Withdrawn != "",
			On: table.FromTime(a.At.In(zone)), Read: func() ([]byte, error) { return l.ReadAnswer(a.SHA256) }})
	}
	return out, nil
}

// AskedOf is the export of addresses of a number.
func AskedOf(exports []lake.Disclosed, number string, zone *time.Location) (*address.Asked, error) {
	for _, d := range exports {
		if d.ID == number && d.Output == recipient.Addresses {
			return &address.Asked{Export: d.ID, Addresses: d.Addresses, On: table.FromTime(d.At.In(zone))}, nil
		}
	}
	return nil, UsageError("there is no export %s of addresses in this lake: 'miic recall addresses export' makes one", strconv.Quote(number))
}

// Strays finds files of families' requests that lie where nobody delivers them.
func Strays(c *Config) (inbox.Recognise, error) {
	in := c.Ingest()
	layouts, err := read.Layouts(in.Layouts)
	if err != nil {
		return nil, err
	}
	var senders []stray.Sender
	for _, s := range in.Senders {
		one := stray.Sender{ID: s.ID, Families: s.Kind == "families"}
		for _, f := range s.Files {
			one.Files = append(one.Files, stray.Pattern{Name: f.Pattern, Layout: f.Layout})
		}
		senders = append(senders, one)
	}
	return stray.New(senders, layouts).Why, nil
}
