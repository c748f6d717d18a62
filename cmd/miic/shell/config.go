package shell

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"miic/cmd/miic/attempt"
	"miic/forecast"
	"miic/ingest"
	"miic/ingest/address"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/area"
	"miic/internal/reference"
	"miic/internal/yamlfile"
	"miic/linkage"
	"miic/reports"
	"miic/reports/care"
	"miic/reports/mailing"
	"miic/reports/school"
	"miic/reports/status"
)

// Config is miic.yaml. Relative paths start at the folder that holds it. A key that is not here is an error.
type Config struct {
	Lake      string          `yaml:"lake"`         // the lake's folder
	Inbox     string          `yaml:"inbox"`        // one folder per sender inside
	Archive   string          `yaml:"archive"`      // delivered files, compressed and named by hash
	Retain    int             `yaml:"archive_days"` // days that they are kept there after they last came; 0: for ever
	Out       string          `yaml:"out"`          // one folder per snapshot inside, and latest
	OutDays   int             `yaml:"out_days"`     // days that a night's folder is kept there; 0: until its snapshot is pruned
	TimeZone  string          `yaml:"time_zone"`    // the as-of date defaults to today here
	MemoryMiB int             `yaml:"memory_mib"`   // for the SQL engine; Go's own heap comes on top
	Threads   int             `yaml:"threads"`      // of the engine and of everything in Go; 0: one per core
	Senders   []ingest.Sender `yaml:"senders"`
	Layouts   string          `yaml:"layouts"`         // folder of the site's own layouts; empty: none
	Holidays  []string        `yaml:"holidays"`        // days on which nobody is expected to send
	Delivery  ingest.Limits   `yaml:"deliveries"`      // when a whole file is held, beside its sender's own history
	Missing   float64         `yaml:"missing_percent"` // of the senders due, from which on the night ends with 3; 0: only all
	// folder of entries, one file a recipient: who may receive what
	Recipients  string          `yaml:"recipients"`
	Campaigns   string          `yaml:"campaigns"`   // folder of the site's campaigns, one file each
	Measures    string          `yaml:"measures"`    // folder of the site's measures of coverage, a file for each set of them
	Populations string          `yaml:"populations"` // CSV file: how many people live in each county
	Footnotes   string          `yaml:"footnotes"`   // file of the site's footnotes to figures of coverage
	Backup      string          `yaml:"backup"`      // the newest backup, or a folder of them: 'miic doctor' looks how old it is
	Linkage     linkage.Config  `yaml:"linkage"`
	Forecast    forecast.Config `yaml:"forecast"`
	Reports     reports.Config  `yaml:"reports"`
	Brakes      Brakes          `yaml:"brakes"`
	Notify      attempt.Notify  `yaml:"notify"` // whom to let know how a night ended

	parted   []ingest.Parting // by the site's verdicts
	answered address.Config   // what address vendors have answered
}

// Default is the configuration of an empty miic.yaml.
func Default() Config {
	return Config{
		Lake: "lake", Inbox: "inbox", Archive: "archive", Out: "out", TimeZone: "America/Chicago", MemoryMiB: 4096,
		Recipients: "recipients", Campaigns: "campaigns", Measures: "measures",
		Delivery: ingest.DefaultLimits(), Missing: 50,
		Linkage:  linkage.Config{Verdicts: "verdicts.csv", Population: linkage.DefaultPopulation},
		Forecast: forecast.Config{Corrections: new(true)},
		Reports:  reports.DefaultConfig(), Brakes: DefaultBrakes(),
		Notify: attempt.Notify{When: attempt.Trouble},
	}
}

// Load reads and checks a configuration; every error names the file and what to do.
func Load(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, UsageError(
			"there is no configuration %s: name one with --config, or make a synthetic state with 'miic synth --out DIR'",
			path,
		)
	}
	if err != nil {
		return nil, UsageError("cannot read the configuration: %w", err)
	}
	c := Default()
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, ContentError("configuration %s is empty: it must name at least the senders", path)
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, ContentError("configuration %s is not UTF-8 text: save it again as UTF-8", path)
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&c); err != nil {
		return nil, ContentError("configuration %s: %s", path, yaml.FormatError(yamlfile.Meant(err, &c), false, true))
	}
	if err := (yamlfile.File{Name: filepath.Base(path), Text: text}).OneDocument(); err != nil {
		return nil, ContentError("configuration %w", err)
	}
	base, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, ContentError("configuration %s: %w", path, err)
	}
	for _, p := range []*string{&c.Lake, &c.Inbox, &c.Archive, &c.Out, &c.Layouts, &c.Linkage.Model, &c.Linkage.Counties, &c.Linkage.Verdicts, &c.Forecast.Schedule, &c.Forecast.Seasons,
		&c.Reports.MergersFile, &c.Reports.SchoolRules, &c.Backup, &c.Recipients, &c.Campaigns, &c.Measures,
		&c.Populations, &c.Footnotes} {
		switch {
		case *p == "":
		case filepath.IsAbs(*p):
			*p = filepath.Clean(*p)
		default:
			*p = filepath.Join(base, *p)
		}
	}
	if err := c.tables(base); err != nil {
		return nil, ContentError("configuration %s: %w", path, err)
	}
	if err := c.letters(); err != nil {
		return nil, ContentError("configuration %s: %w", path, err)
	}
	if err := c.Reports.Records.Load(base); err != nil {
		return nil, ContentError("configuration %s: reports: records: %w", path, err)
	}
	if err := c.readLetters(base); err != nil {
		return nil, ContentError("configuration %s: campaigns: %w", path, err)
	}
	if c.Reports.School.Laws, err = school.Load(c.Reports.SchoolRules); err != nil {
		return nil, ContentError("configuration %s: reports: school_rules: %w", path, err)
	}
	c.Reports.School.State, c.Reports.School.Mail = c.Reports.HomeState, c.Reports.Mail
	if err := c.readRecipients(); err != nil {
		return nil, ContentError("configuration %s: recipients: %w", path, err)
	}
	if err := c.Validate(); err != nil {
		return nil, ContentError("configuration %s: %w", path, err)
	}
	if c.Threads > 0 { // the engine and everything in Go go by the scheduler's
		runtime.GOMAXPROCS(c.Threads)
	}
	return &c, nil
}

// outOf is where the outputs of a configuration lie that has faults, so that even then the attempt has a page. Empty: it
// cannot be known, or nothing was ever written there.
func outOf(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	c := struct {
		Out string `yaml:"out"`
	}{Default().Out}
	if yaml.Unmarshal(text, &c) != nil || c.Out == "" {
		return ""
	}
	if !filepath.IsAbs(c.Out) {
		c.Out = filepath.Join(filepath.Dir(path), c.Out)
	}
	if info, err := os.Stat(c.Out); err != nil || !info.IsDir() {
		return ""
	}
	return c.Out
}

// tables reads the dated tables that the configuration names: changed client numbers, and providers that have merged.
func (c *Config) tables(base string) error {
	for i := range c.Senders {
		s := &c.Senders[i]
		if s.RenumberedFile == "" {
			continue
		}
		if !filepath.IsAbs(s.RenumberedFile) {
			s.RenumberedFile = filepath.Join(base, s.RenumberedFile)
		}
		var err error
		if s.Renumbered, err = readTable(s.RenumberedFile, ingest.ReadRenumbered); err != nil {
			return fmt.Errorf("sender %s: renumbered: %w", s.ID, err)
		}
	}
	if c.Reports.MergersFile == "" {
		return nil
	}
	var err error
	if c.Reports.Mergers, err = readTable(c.Reports.MergersFile, status.ReadMergers); err != nil {
		return fmt.Errorf("reports: providers: %w", err)
	}
	return nil
}

func readTable[T any](path string, read func(io.Reader) (T, error)) (list T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return list, err
	}
	defer f.Close()
	if list, err = read(f); err != nil {
		return list, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return list, nil
}

// letters gives the reports what other parts of the configuration know: who signs for a clinic, and the site's counties.
func (c *Config) letters() error {
	c.Reports.Clinics = map[string]mailing.Clinic{}
	for _, s := range c.Senders {
		if s.Kind == "clinic" {
			c.Reports.Clinics[s.ID] = mailing.Clinic{Name: s.Name, Phone: s.Phone}
		}
	}
	c.Reports.Rules = rule.Messages()
	c.Reports.Lists = c.lists()
	if c.Linkage.Counties == "" {
		return nil
	}
	counties, err := area.Load(c.Linkage.Counties)
	if err != nil {
		return fmt.Errorf("linkage: %w", err)
	}
	c.Reports.Counties = counties.Counties()
	c.Reports.References = References(c)
	return nil
}

// lists are the columns of the lists of members that health plans send to be answered, by layout. What is wrong with a
// layout the next night says.
func (c *Config) lists() map[string][]care.Column {
	layouts, err := read.Layouts(c.Layouts)
	if err != nil {
		return nil
	}
	all := map[string][]care.Column{}
	for _, s := range c.Senders {
		for _, f := range s.Files {
			l := layouts[f.Layout]
			if s.Kind != "health_plan" || l == nil || l.Makes != "roster" {
				continue
			}
			all[l.ID] = columns(l)
		}
	}
	return all
}

// columns are those of a list, as its layout has them.
func columns(l *read.Layout) []care.Column {
	var list []care.Column
	for i := range l.Fields {
		field := &l.Fields[i]
		pieces, after := field.Pieces()
		c := care.Column{Name: field.Name(), Dates: l.Dates, Words: field.Words(), After: after}
		for _, p := range pieces {
			c.Pieces = append(c.Pieces, care.Piece(p))
		}
		if len(c.Pieces) > 0 {
			list = append(list, c)
		}
	}
	return list
}

// readRecipients reads who may receive what. An entry with a mistake is left out, and named by every night and by the
// doctor: the others' files still go out.
func (c *Config) readRecipients() error {
	var clinics, plans, schools []string
	for _, s := range c.Senders {
		switch s.Kind {
		case "clinic":
			clinics = append(clinics, s.ID)
		case "health_plan":
			plans = append(plans, s.ID)
		case "school":
			schools = append(schools, s.ID)
		}
	}
	return c.Reports.ReadRecipients(c.Recipients, clinics, plans, schools)
}

// Ingest is what of the configuration the ingest stage gets.
func (c *Config) Ingest() ingest.Config {
	return ingest.Config{
		Senders:    c.Senders,
		Layouts:    c.Layouts,
		Holidays:   c.Holidays,
		Deliveries: c.Delivery, MissingPercent: c.Missing,
		Parted: c.parted,
	}
}

// Validate checks what the types cannot.
func (c *Config) Validate() error {
	for name, p := range map[string]string{"lake": c.Lake, "inbox": c.Inbox, "archive": c.Archive, "out": c.Out} {
		if p == "" {
			return fmt.Errorf("%s: name a folder", name)
		}
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		return fmt.Errorf("time_zone: %q is no zone name such as America/Chicago", c.TimeZone)
	}
	if c.Retain < 0 {
		return fmt.Errorf("archive_days: %d is under 0; 0 keeps the copies for ever", c.Retain)
	}
	if c.OutDays < 0 {
		return fmt.Errorf("out_days: %d is under 0; 0 keeps a night's outputs until its snapshot is pruned", c.OutDays)
	}
	if c.MemoryMiB < 256 {
		return fmt.Errorf("memory_mib: %d is under 256", c.MemoryMiB)
	}
	if err := c.Notify.Validate(); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	if err := c.Linkage.Validate(); err != nil {
		return err
	}
	if err := c.Reports.Validate(); err != nil {
		return fmt.Errorf("reports: %w", err)
	}
	return c.Ingest().Validate()
}

// ConfigCommand is miic config.
func ConfigCommand(a *App) *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Show the effective settings",
		Long: "Show the settings in force: the file's, with defaults where it is silent and paths made absolute." + Exits(
			ExitDone,
			ExitUsage,
		),
		Example: `  miic config --config /etc/miic/miic.yaml
  miic config --json | jq .brakes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := Load(a.ConfigPath)
			if err != nil {
				return err
			}
			text, err := yaml.Marshal(c)
			if err != nil {
				return err
			}
			if a.JSON {
				var tree any
				if err := yaml.Unmarshal(text, &tree); err != nil {
					return err
				}
				return a.Document(tree)
			}
			_, err = a.Stdout.Write(text)
			return err
		},
	}
}

// References are the tables that come with the program and that the configuration uses, with their age.
func References(c *Config) []reference.Reference {
	return slices.DeleteFunc(reference.All(), func(r reference.Reference) bool {
		return r.Name == reference.Schedule && c.Forecast.Schedule != ""
	})
}
