package models

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast"
	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/internal/prose"
)

// Schedule is miic schedule.
func Schedule(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "CDC's supporting data: take in a release, look at it, compare two",
		Long: "Take in a release of CDC's supporting data, look at the schedule in force, compare two." +
			shell.Exits(shell.ExitDone, shell.ExitUsage),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(scheduleImport(a), scheduleShow(a), scheduleDiff(a))
	return cmd
}

// The words for the schedule built into the program: as it is used, and as CDC published it.
const (
	builtinSchedule   = "builtin"
	publishedSchedule = "published"
)

// namedSchedule reads what a person names on the command line: a folder, or one of the words. A folder whose data is not
// what a correction corrects can be looked at all the same, uncorrected; refusal then says why.
func namedSchedule(name string) (s *cdsi.Schedule, refusal error, err error) {
	switch name {
	case publishedSchedule:
		s, err = schedule.Default()
		return s, nil, err
	case builtinSchedule:
		name = ""
	}
	if s, _, err = schedule.Load(name); err != nil {
		return nil, nil, shell.UsageError("%w", err)
	}
	corrected, refusal := schedule.Corrected(s)
	if refusal == nil {
		s = corrected
	}
	return s, refusal, nil
}

// importReport is what an import found and wrote.
type importReport struct {
	Schedule string   `json:"schedule"`
	Antigens int      `json:"antigens"`
	Groups   int      `json:"groups"`
	Series   int      `json:"series"`
	Doses    int      `json:"series_doses"`
	Oddities []string `json:"oddities"` // what was tolerated
	To       string   `json:"to"`
}

func scheduleImport(a *shell.App) *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "import DIR",
		Short: "Take in a release of CDC's supporting data",
		Long: `Read a release of CDC's supporting data (any 4.x): a folder with its XML as it was
published, its number in the folder's name. It is checked, what is odd but harmless
is named, and it is written in miic's own text form into the folder that the
configuration names under forecast: schedule:, or into --to. The next night uses it.

What is damaged or incomplete is refused with file, element and reason, and the
schedule in force stays as it is.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage),
		Example: `  miic schedule import CDSi-4.65/
  miic schedule import CDSi-4.65/ --to schedule-4.65`,
		Args: shell.OneArgument("the folder with CDC's XML"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				c, err := shell.Load(a.ConfigPath)
				if err != nil {
					return err
				}
				if to = c.Forecast.Schedule; to == "" {
					return shell.UsageError(
						"the configuration %s names no folder under forecast: schedule: set one there, or name one "+
							"with --to",
						a.ConfigPath,
					)
				}
			}
			s, notes, err := schedule.ReadXML(args[0])
			if err != nil {
				return shell.UsageError("release %s is refused, and nothing was replaced: %w", args[0], err)
			}
			if err := schedule.Replace(s, to); err != nil {
				return fmt.Errorf("nothing was replaced: %w", err)
			}
			report := importReport{Schedule: s.Version, Antigens: len(s.Antigens), Groups: len(s.Groups), To: to,
				Oddities: []string{}}
			for _, x := range s.Antigens {
				report.Series += len(x.Series)
				for _, sr := range x.Series {
					report.Doses += len(sr.Doses)
				}
			}
			for _, n := range notes {
				report.Oddities = append(report.Oddities, n.String())
			}
			if _, err := schedule.Corrected(s); err != nil {
				report.Oddities = append(report.Oddities, err.Error()+". Every night fails until then")
			}
			if a.JSON {
				return a.Document(report)
			}
			for _, text := range report.Oddities {
				a.Say("tolerated: %s", text)
			}
			a.Say(
				"schedule %s: %d antigens in %d vaccine groups, %d series with %d doses, %d oddities tolerated",
				s.Version,
				report.Antigens,
				report.Groups,
				report.Series,
				report.Doses,
				len(report.Oddities),
			)
			a.Say("written to %s; compare with 'miic schedule diff builtin %s'", to, to)
			return nil
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "`folder` to write (default the configuration's forecast: schedule:)")
	return cmd
}

// shownGroup is a vaccine group as the overview lists it.
type shownGroup struct {
	Group    string   `json:"group"`
	Antigens []string `json:"antigens"`
	Standard int      `json:"standard_series"`
	Risk     int      `json:"risk_series"`
	Seasons  []string `json:"seasons,omitempty"`
	Over     []string `json:"over,omitempty"` // seasons that have run out, since when, and what holds in their place
}

func scheduleShow(a *shell.App) *cobra.Command {
	var name, day string
	cmd := &cobra.Command{
		Use:   "show [ANTIGEN|GROUP]",
		Short: "The schedule in force, or one antigen or group of it",
		Long: `Without an argument, list the vaccine groups of the schedule in force, with antigens,
series and seasons. With the name of an antigen or a vaccine group, print its series
in miic's text form: ages, intervals, vaccines and skips of each dose. The schedule in
force is the one the configuration names, with the site's seasons. Each season that
has run out by today, or by --as-of, is named, since when, and what a forecast makes
of it: repeated by the calendar and marked as assumed, or unknown. Known faults of
CDC's data that are corrected are named, with the publication that says so.` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: `  miic schedule show
  miic schedule show MMR
  miic schedule show --schedule builtin Influenza`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, refusal, err := scheduleInForce(a, name)
			if err != nil {
				return err
			}
			asOf, err := showDay(day)
			if err != nil {
				return err
			}
			if refusal != nil && !a.JSON {
				a.Say("not corrected: %s", refusal)
			}
			now := schedule.AsOf(s, asOf)
			if len(args) == 0 {
				return showGroups(a, s, now.Lapses)
			}
			return showAntigens(a, s, now.Lapses, args[0])
		},
	}
	cmd.Flags().StringVar(&day, "as-of", "", "the `day` by which seasons have run out, YYYY-MM-DD (default today)")
	cmd.Flags().StringVar(&name, "schedule", "",
		"`folder` with another schedule, or builtin, or published (without corrections); needs no configuration")
	return cmd
}

// scheduleInForce is the named schedule, or else the configuration's.
func scheduleInForce(a *shell.App, name string) (s *cdsi.Schedule, refusal error, err error) {
	if name != "" {
		return namedSchedule(name)
	}
	c, err := shell.Load(a.ConfigPath)
	if err != nil {
		return nil, nil, err
	}
	if s, err = forecast.LoadSchedule(c.Forecast); err != nil {
		return nil, nil, shell.UsageError("forecast: %w", err)
	}
	return s, nil, nil
}

// corrected are the texts of the corrections of some antigens, of all if none is named.
func corrected(s *cdsi.Schedule, antigens ...string) []string {
	out := []string{}
	for _, c := range s.Corrections {
		if len(antigens) == 0 || slices.Contains(antigens, c.Antigen) {
			out = append(out, c.Text())
		}
	}
	return out
}

// showDay is the day that --as-of names, or today.
func showDay(text string) (cdsi.Day, error) {
	if text == "" {
		text = time.Now().Format(time.DateOnly)
	}
	day, err := cdsi.ParseDay(text)
	if err != nil {
		return day, shell.UsageError("--as-of: %w", err)
	}
	return day, nil
}

// lapsesOf are the texts of the seasons of a group that have run out.
func lapsesOf(group string, lapses []schedule.Lapse) []string {
	var list []string
	for _, l := range lapses {
		if l.Group == group {
			list = append(list, l.Text())
		}
	}
	return list
}

func showGroups(a *shell.App, s *cdsi.Schedule, lapses []schedule.Lapse) error {
	var groups []shownGroup
	rows := [][]string{{"group", "antigens", "standard series", "risk series", "season"}}
	for _, g := range s.Groups {
		x := shownGroup{Group: g.Name, Antigens: g.Antigens, Over: lapsesOf(g.Name, lapses)}
		for i := range s.Antigens {
			for _, sr := range s.Antigens[i].Series {
				if sr.VaccineGrp != g.Name {
					continue
				}
				if sr.Type == cdsi.Risk {
					x.Risk++
				} else {
					x.Standard++
				}
				for _, d := range sr.Doses {
					if season := seasonText(d.Season); season != "" && !slices.Contains(x.Seasons, season) {
						x.Seasons = append(x.Seasons, season)
					}
				}
			}
		}
		slices.Sort(x.Seasons)
		groups = append(groups, x)
		rows = append(
			rows,
			[]string{x.Group, strings.Join(x.Antigens, ", "), fmt.Sprint(x.Standard), fmt.Sprint(x.Risk),
				strings.Join(x.Seasons, "; ")},
		)
	}
	if a.JSON {
		return a.Document(map[string]any{"schedule": s.Version, "groups": groups, "corrected": corrected(s)})
	}
	a.Say("schedule %s", s.Version)
	if !a.Quiet {
		prose.Columns(a.Stdout, rows)
	}
	for _, l := range lapses {
		a.Say("season over: %s", l.Text())
	}
	for _, text := range corrected(s) {
		a.Say("corrected: %s", text)
	}
	return nil
}

func seasonText(v cdsi.Validity) string {
	switch {
	case v.From == cdsi.NoDay && v.Until == cdsi.NoDay:
		return ""
	case v.Until == cdsi.NoDay:
		return "from " + v.From.String()
	}
	return v.From.String() + " to " + v.Until.String()
}

func showAntigens(a *shell.App, s *cdsi.Schedule, lapses []schedule.Lapse, name string) error {
	part := cdsi.Schedule{}
	over := []string{}
	for _, g := range s.Groups {
		for i := range s.Antigens {
			if x := s.Antigens[i]; slices.Contains(g.Antigens, x.Name) && (strings.EqualFold(name, g.Name) ||
				strings.EqualFold(name, x.Name)) {
				part.Antigens = append(part.Antigens, x)
				if texts := lapsesOf(g.Name, lapses); len(over) == 0 {
					over = texts
				}
			}
		}
	}
	if len(part.Antigens) == 0 {
		return shell.UsageError(
			"schedule %s has no antigen or vaccine group %q; 'miic schedule show' lists them",
			s.Version,
			name,
		)
	}
	var text bytes.Buffer
	var names []string
	for i := range part.Antigens {
		names = append(names, part.Antigens[i].Name)
		if err := schedule.AntigenText(&text, &part.Antigens[i]); err != nil {
			return err
		}
	}
	if a.JSON {
		return a.Document(map[string]any{"schedule": s.Version, "over": over, "corrected": corrected(s, names...),
			"lines": strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")})
	}
	a.Say("schedule %s", s.Version)
	a.SayText(strings.TrimSuffix(text.String(), "\n"))
	for _, l := range over {
		a.Say("season over: %s", l)
	}
	for _, text := range corrected(s, names...) {
		a.Say("corrected: %s", text)
	}
	return nil
}
