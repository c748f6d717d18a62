package reports

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"miic/internal/area"
	"miic/internal/reference"
	"miic/reports/account"
	"miic/reports/campaign"
	"miic/reports/care"
	"miic/reports/followup"
	"miic/reports/footnote"
	"miic/reports/letter"
	"miic/reports/linkquality"
	"miic/reports/mailing"
	"miic/reports/measure"
	"miic/reports/newborn"
	"miic/reports/outcome"
	"miic/reports/page"
	populations "miic/reports/population"
	"miic/reports/publication"
	"miic/reports/recipient"
	"miic/reports/record"
	"miic/reports/school"
	"miic/reports/status"
	"miic/reports/suppression"
)

// Config is what a site decides about its reports. Its parts are in the keys of the stages.
type Config struct {
	Campaign     string   `yaml:"campaign"`      // name of the standing campaign
	HomeState    string   `yaml:"home_state"`    // an address elsewhere means that the person has moved
	ReminderDays int      `yaml:"reminder_days"` // a dose recommended within so many days calls for a reminder
	RecallDays   int      `yaml:"recall_days"`   // a dose past due for so many days calls for a recall
	OldestAge    int      `yaml:"oldest_age"`    // completed years of age of the oldest who get notices
	MaxRounds    int      `yaml:"max_rounds"`    // notices of one kind about the same dose
	MinInterval  int      `yaml:"min_interval"`  // days between two notices of one kind to one person
	RefusalDays  int      `yaml:"refusal_days"`  // how long a family's refusal of a vaccine keeps it out of notices
	PerEnvelope  int      `yaml:"per_envelope"`  // people of one household in one envelope, at most
	Groups       []string `yaml:"groups"`        // vaccine groups that call for a notice
	Beside       []string `yaml:"beside"`        // named in a notice that another group called for
	// letters also name vaccines whose season no schedule has: the last one, repeated by the calendar
	AssumedSeasons bool `yaml:"assumed_seasons"`
	// no figure of coverage about fewer people is published, none of fewer who meet a measure or do not, unless there is none
	SmallCell int    `yaml:"small_cell"`
	SmallPart int    `yaml:"small_part"`
	Publish   string `yaml:"publish"` // when coverage is published

	Mailing  mailing.Settings `yaml:"mailing"`  // what the files for mailing houses hold
	Newborns newborn.Settings `yaml:"newborns"` // whose families are notified

	// MergersFile is a CSV file: provider,becomes,since (YYYY-MM-DD): clinics that have merged or been renamed.
	MergersFile string          `yaml:"providers" json:"-"`
	Mergers     []status.Merger `yaml:"-"` // what it holds

	Campaigns []campaign.Campaign `yaml:"-"` // that the site has beside the standing one
	// NoticeFaults are mistakes in campaigns, in texts of letters and in who sends them, by file and line: while there is
	// one, no notice is sent.
	NoticeFaults []string        `yaml:"-"`
	Letters      letter.Settings `yaml:"letters" json:"-"` // the words of letters
	Mail         *letter.Mail    `yaml:"-"`                // what they name
	Records      record.Settings `yaml:"records"`          // official records: the key that signs them

	// SchoolRules is a folder of files with states' school laws, beside the built-in ones.
	SchoolRules   string            `yaml:"school_rules" json:"-"`
	School        school.Config     `yaml:"-"` // what students' rosters are answered by
	Measures      []measure.Measure `yaml:"-"` // the built-in ones and the site's
	MeasureFaults []string          `yaml:"-"` // files of measures that define nothing, and why
	Schedule      measure.Known     `yaml:"-"` // what measures may name

	Populations []populations.Row   `yaml:"-"` // how many people live in the counties, by the site's file
	Footnotes   []footnote.Footnote `yaml:"-"` // of figures of coverage
	Unused      []string            `yaml:"-"` // what of populations and footnotes is not used, and why

	Disclosed  account.Ledger            `yaml:"-"` // what commands have written about persons on demand
	Recipients recipient.Book            `yaml:"-"` // who may receive what
	Collected  []campaign.Collection     `yaml:"-"` // what was noted about collected files
	Clinics    map[string]mailing.Clinic `yaml:"-"` // by sender id: who signs the letters
	Lists      map[string][]care.Column  `yaml:"-"` // by layout: the columns of a plan's list of members
	Rules      map[string]string         `yaml:"-"` // the words of each rule about deliveries, by id
	DoseGroups []outcome.Group           `yaml:"-"` // the vaccine groups of each vaccine
	Linkage    linkquality.Config        `yaml:"-"` // what is shown of the linkage model
	References []reference.Reference     `yaml:"-"` // tables that come with the program, with their age
	Counties   []area.County             `yaml:"-"` // the counties that coverage lists, with their regions
}

// DefaultConfig returns the usual settings and the built-in counties.
//
// Groups are the routine childhood and adolescent ones. Influenza is named beside them while CDSi
// forecasts it, that is in season, but does not call for a notice by itself: half the state would be
// recalled each spring. COVID-19, RSV, Meningococcal B, Dengue and the travel and risk vaccines are
// left out: they rest on a talk with the clinician or on facts that a registry seldom has.
func DefaultConfig() Config {
	return Config{
		Campaign: "nightly", HomeState: "MN",
		ReminderDays: 30, RecallDays: 30, OldestAge: 18, MaxRounds: 2, MinInterval: 28, RefusalDays: 365, PerEnvelope: 5,
		Groups: []string{"DTaP/Tdap/Td", "HPV", "HepA", "HepB", "Hib", "MMR", "Meningococcal", "Pneumococcal", "Polio",
			"Rotavirus", "Varicella"},
		Beside: []string{"Influenza"}, SmallCell: 11, SmallPart: 5, Publish: "monthly 5",
		Letters: letter.DefaultSettings(), Mail: letter.BuiltIn(), Records: record.DefaultSettings(),
		Mailing: mailing.Settings{Days: 14}, Newborns: newborn.DefaultSettings(),
		Counties: area.Default().Counties(),
	}
}

// Validate reports what is wrong with the settings.
func (c *Config) Validate() error {
	var errs []error
	for _, n := range []struct {
		name  string
		value int
	}{
		{"reminder_days", c.ReminderDays}, {"recall_days", c.RecallDays}, {"oldest_age", c.OldestAge},
		{"min_interval", c.MinInterval}, {"refusal_days", c.RefusalDays},
	} {
		if n.value < 0 {
			errs = append(errs, fmt.Errorf("%s is %d: it must be 0 or more", n.name, n.value))
		}
	}
	if c.MaxRounds < 1 {
		errs = append(errs, fmt.Errorf("max_rounds is %d: it must be 1 or more", c.MaxRounds))
	}
	if c.PerEnvelope < 1 || c.PerEnvelope > mailing.MostPeople {
		errs = append(errs, fmt.Errorf("per_envelope is %d: it must be 1 to %d", c.PerEnvelope, mailing.MostPeople))
	}
	if c.SmallCell < 1 {
		errs = append(errs, fmt.Errorf("small_cell is %d: it must be 1 or more", c.SmallCell))
	}
	if c.SmallPart < 1 || c.SmallPart > c.SmallCell {
		errs = append(errs, fmt.Errorf("small_part is %d: it must be 1 to small_cell, which is %d", c.SmallPart, c.SmallCell))
	}
	if _, err := publication.ParseTiming(c.Publish); err != nil {
		errs = append(errs, err)
	}
	if c.Campaign == "" {
		errs = append(errs, errors.New("campaign has no name"))
	}
	if len(c.Groups) == 0 {
		errs = append(errs, errors.New("groups names no vaccine group: no notice would ever be sent"))
	}
	if err := c.Newborns.Check(); err != nil {
		errs = append(errs, err)
	}
	if err := c.Mailing.Check(c.RegionNames()); err != nil {
		errs = append(errs, err)
	}
	for _, g := range c.Beside {
		if slices.Contains(c.Groups, g) {
			errs = append(errs, fmt.Errorf("vaccine group %s is in both groups and beside: keep it in one", g))
		}
	}
	if len(c.Counties) == 0 {
		errs = append(errs, errors.New("no counties: coverage would have nothing to list"))
	}
	return errors.Join(errs...)
}

// RegionNames are the regions of the site, in alphabetical order, with those who have none last.
func (c *Config) RegionNames() []string { return area.RegionsOf(c.Counties) }

// ReadRecipients reads the entries of who may receive what; they may name the site's regions and these senders.
func (c *Config) ReadRecipients(folder string, clinics, plans, schools []string) error {
	book, err := recipient.Read(folder, recipient.Known{Regions: c.RegionNames(), Clinics: clinics, Plans: plans, Schools: schools,
		Counties: c.Counties})
	if err == nil {
		c.Recipients = *book
	}
	return err
}

// KnownOffices reports an office of a region that the site does not have: its letters would go out in the state's name.
func (c *Config) KnownOffices(m *letter.Mail) error {
	for _, region := range slices.Sorted(maps.Keys(m.Offices)) {
		if region != letter.StateOffice && !slices.Contains(c.RegionNames(), region) {
			return fmt.Errorf("offices: line %d: there is no region %q; there are %s, and %s for all others", m.Offices[region].Line, region,
				strings.Join(c.RegionNames(), ", "), letter.StateOffice)
		}
	}
	return nil
}

// Sendable returns why no notice can be sent, or nil.
func (c *Config) Sendable() error {
	if len(c.NoticeFaults) == 0 {
		return nil
	}
	return errors.New(strings.Join(c.NoticeFaults, "\n  "))
}

// NightlyOutputs are what every night makes for a recipient.
func (c *Config) NightlyOutputs() []string { return nightlyOutputs(c.RegionNames()) }

// Each stage gets its own part of the settings.

func (c *Config) status() status.Config {
	return status.Config{HomeState: c.HomeState, Mergers: c.Mergers}
}

func (c *Config) campaign() campaign.Config {
	return campaign.Config{Campaigns: campaign.Order(c.Standing(), c.Campaigns), PerEnvelope: c.PerEnvelope,
		AssumedSeasons: c.AssumedSeasons, Regions: c.RegionNames(), Mergers: c.Mergers, Collected: c.Collected}
}

// Standing is the campaign that the settings describe.
func (c *Config) Standing() campaign.Campaign {
	return campaign.Campaign{
		Name: c.Campaign, Title: "whoever is due soon or overdue", Source: "settings", Kind: campaign.Both, Priority: 100,
		ReminderDays: c.ReminderDays, RecallDays: c.RecallDays, UntilMonths: 12 * (c.OldestAge + 1),
		MaxRounds: c.MaxRounds, MinInterval: c.MinInterval, RefusalDays: c.RefusalDays,
		Groups: c.Groups, Beside: c.Beside, Channels: []string{campaign.Mail}, Template: "notice", Language: campaign.FamilyLanguage,
	}
}

func (c *Config) notices() noticeConfig {
	return noticeConfig{Campaign: c.campaign(), Recipients: c.Recipients, Faults: c.NoticeFaults,
		Mailing: mailing.Config{Regions: c.RegionNames(), Clinics: c.Clinics, Settings: c.Mailing, Mail: c.Mail}}
}

func (c *Config) care() care.Config {
	var assessed []care.Assessed
	for _, m := range c.Measures {
		if m.Assess {
			assessed = append(assessed, care.Assessed{ID: m.ID, Title: m.Title})
		}
	}
	return care.Config{Assessed: assessed, Groups: c.Groups, Beside: c.Beside, WindowDays: c.ReminderDays, OldestAge: c.OldestAge,
		AssumedSeasons: c.AssumedSeasons, Mergers: c.Mergers, Lists: c.Lists, Recipients: c.Recipients}
}

func (c *Config) newborn() newborn.Config {
	return newborn.Config{Settings: c.Newborns, Recipients: c.Recipients}
}

func (c *Config) records() record.Config {
	out := record.Config{Records: c.Records, Mail: c.Mail}
	for _, d := range c.Disclosed {
		if d.Request != "" {
			out.Given = append(out.Given, d.Request)
		}
	}
	return out
}

func (c *Config) coverage() measure.Config {
	return measure.Config{Measures: c.Measures, Faults: c.MeasureFaults, Known: c.Schedule, HomeState: c.HomeState, Counties: c.Counties,
		Populations: c.Populations, Unused: c.Unused}
}

func (c *Config) publication() publication.Config {
	timing, _ := publication.ParseTiming(c.Publish) // Validate refuses another
	return publication.Config{Timing: timing, Rule: suppression.Rule{Small: int64(c.SmallCell), Part: int64(c.SmallPart)}, Measures: c.Measures,
		HomeState: c.HomeState, Counties: c.Counties, Regions: c.RegionNames(), Footnotes: c.Footnotes}
}

func (c *Config) senders() page.SendersConfig {
	return page.SendersConfig{Rules: c.Rules}
}

func (c *Config) followup() followup.Config {
	return followup.Config{Campaigns: c.campaign().Campaigns, Groups: c.DoseGroups}
}

func (c *Config) page() page.Config {
	return page.Config{Headline: measure.Headline(c.Measures), Campaigns: c.campaign(), Standing: c.Standing(), Timing: c.publication().Timing, SmallCell: c.SmallCell, Rules: c.Rules, References: c.References,
		Recipients: &c.Recipients, NoticeFaults: c.NoticeFaults}
}
