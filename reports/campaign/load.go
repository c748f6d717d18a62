package campaign

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"miic/internal/area"
	"miic/internal/table"
	"miic/internal/yamlfile"
)

//go:embed builtin
var builtin embed.FS

// form is a campaign's file. What it does not name is as in the campaign that it is like, or as usual.
type form struct {
	Like     string `yaml:"like"` // a built-in campaign, or the standing one, from which it differs
	Name     string `yaml:"name"`
	Title    string `yaml:"title"`
	On       *bool  `yaml:"on"`
	Kind     string `yaml:"kind"`
	Priority int    `yaml:"priority"`

	Ages struct {
		From  string `yaml:"from"`
		Until string `yaml:"until"`
	} `yaml:"ages"`
	Births struct {
		From string `yaml:"from"`
		To   string `yaml:"to"`
	} `yaml:"births"`
	Regions  []string `yaml:"regions"`
	Counties []string `yaml:"counties"` // by name or FIPS code
	ZIPs     []string `yaml:"zips"`
	Clinics  []string `yaml:"clinics"`

	Groups []string `yaml:"groups"`
	Series string   `yaml:"series"`
	Beside []string `yaml:"beside"`

	DueFrom   int    `yaml:"due_from"`
	DueWithin int    `yaml:"due_within"`
	Overdue   int    `yaml:"overdue_days"`
	CutOff    string `yaml:"cut_off"`
	Starts    string `yaml:"starts"`
	Ends      string `yaml:"ends"`
	Rounds    int    `yaml:"rounds"`
	Interval  int    `yaml:"interval_days"`
	Refusal   int    `yaml:"refusal_days"`
	Outbreak  bool   `yaml:"outbreak"`
	History   bool   `yaml:"history_page"`

	Channels []string          `yaml:"channels"`
	Template string            `yaml:"template"`
	Language string            `yaml:"language"`
	Price    map[string]string `yaml:"price"` // dollars a piece, by channel
	Control  *struct {
		Share    float64 `yaml:"share"`
		Approval string  `yaml:"approval"`
		Ends     string  `yaml:"ends"`
	} `yaml:"control"`
}

// Known is what a campaign may name.
type Known struct {
	Groups    []string // vaccine groups of the schedule
	Regions   []string
	Counties  []area.County
	Clinics   []string            // sender ids
	Templates map[string][]string // by name, the languages that they are in
	Standing  Campaign            // the one that the settings describe
}

// Load reads the site's campaigns, a file each, and what is wrong with them, by file and line. A folder that is not there
// has none.
func Load(dir string, known Known) (list []Campaign, faults []string, err error) {
	files, err := yamlfile.Folder(os.DirFS(dir), ".")
	if err != nil {
		return nil, nil, fmt.Errorf("campaigns: %w", err)
	}
	fault := func(err error) { faults = append(faults, strings.Split(err.Error(), "\n")...) }
	from := map[string]string{}
	for _, file := range files {
		c, on, err := parse(file, &known)
		switch {
		case err != nil:
			fault(err)
		case from[c.Name] != "":
			fault(file.Fault("$.name", "campaign %s is in %s already: give one of them another name", c.Name, from[c.Name]))
		default:
			from[c.Name] = file.Name
			if !on {
				c.Ends, c.Starts = 1, 2 // of no night
			}
			list = append(list, c)
		}
	}
	return list, faults, nil
}

// Builtin are the campaigns that come with the program. None runs before a file of the site says that it is like one.
func Builtin(known Known) ([]Campaign, error) {
	files, err := yamlfile.Folder(builtin, "builtin")
	if err != nil {
		return nil, err
	}
	var list []Campaign
	for _, file := range files {
		c, _, err := parse(file, &known)
		if err != nil {
			return nil, err
		}
		c.Source = "built-in"
		list = append(list, c)
	}
	return list, nil
}

// parse reads one file.
func parse(file yamlfile.File, known *Known) (Campaign, bool, error) {
	f := form{Kind: Both, DueWithin: 30, Overdue: 30, Rounds: 2, Interval: 28, Refusal: 365, Priority: 50,
		Channels: []string{Mail}, Template: "notice", Language: FamilyLanguage}
	at := file.Fault
	var head struct {
		Like string `yaml:"like"`
	}
	if err := yaml.Unmarshal(file.Text, &head); err != nil {
		return Campaign{}, false, file.Unreadable(err)
	}
	standing := head.Like == known.Standing.Name && head.Like != ""
	if head.Like != "" && !standing {
		like, err := builtin.ReadFile("builtin/" + head.Like + ".yaml")
		if err != nil {
			return Campaign{}, false, at("$.like", "there is no built-in campaign %s: 'miic recall list' lists them", head.Like)
		}
		if err := yaml.UnmarshalWithOptions(like, &f, yaml.Strict()); err != nil {
			return Campaign{}, false, err
		}
	}
	if standing {
		f.standing(&known.Standing)
	}
	if err := file.Decode(&f); err != nil {
		return Campaign{}, false, err
	}
	c, errs := f.campaign(at, known)
	c.Source = file.Name
	return c, f.On == nil || *f.On, errors.Join(errs...)
}

// standing fills in what the settings have about the standing campaign.
func (f *form) standing(c *Campaign) {
	f.Name, f.Title, f.Kind, f.Priority = c.Name, c.Title, c.Kind, c.Priority
	f.Ages.From, f.Ages.Until = "0 months", fmt.Sprintf("%d months", c.UntilMonths)
	f.Groups, f.Beside = c.Groups, c.Beside
	f.DueWithin, f.Overdue = c.ReminderDays, c.RecallDays
	f.Rounds, f.Interval, f.Refusal = c.MaxRounds, c.MinInterval, c.RefusalDays
	f.Channels, f.Template, f.Language = c.Channels, c.Template, c.Language
}

var (
	nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	doseForm = regexp.MustCompile(`^(.+?)(?: doses? (\d{1,2})(?:-(\d{1,2}))?)?$`)
)

// wanted reads a group, with the doses of it that are meant: "HPV", "Influenza dose 2", "Polio doses 1-3".
func wanted(text string) (group string, doses []int16) {
	m := doseForm.FindStringSubmatch(text)
	if m == nil || m[2] == "" {
		return text, nil
	}
	first, _ := strconv.ParseInt(m[2], 10, 16)
	last := first
	if m[3] != "" {
		last, _ = strconv.ParseInt(m[3], 10, 16)
	}
	return m[1], []int16{int16(first), int16(last)}
}

func day(text string) (table.Date, error) {
	if text == "" {
		return 0, nil
	}
	return table.ParseDate(text)
}
