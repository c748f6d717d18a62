package recall

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/pipeline"
	"miic/reports/campaign"
)

// all are the campaigns of the site by priority, then those that come with the program and are not in use.
func all(c *shell.Config) (site, more []campaign.Campaign, err error) {
	if err := c.Reports.Sendable(); err != nil {
		return nil, nil, shell.UsageError("%w", err)
	}
	known, err := c.KnownToCampaigns()
	if err != nil {
		return nil, nil, shell.UsageError("%w", err)
	}
	site = c.Reports.AllCampaigns()
	more, err = campaign.Builtin(known)
	more = slices.DeleteFunc(more, func(b campaign.Campaign) bool {
		return slices.ContainsFunc(site, func(s campaign.Campaign) bool { return s.Name == b.Name })
	})
	return site, more, err
}

// find finds a campaign by name.
func find(c *shell.Config, name string) (*campaign.Campaign, error) {
	site, more, err := all(c)
	if err != nil {
		return nil, err
	}
	for _, one := range slices.Concat(site, more) {
		if one.Name == name {
			return &one, nil
		}
	}
	return nil, shell.UsageError("there is no campaign %q: 'miic recall list' lists them", name)
}

func list(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "The campaigns, by priority",
		Long: `List the campaigns that run, by priority, and those that do not: the site's that are off
or over, and those that come with the program. Whoever is in two on one night gets the
notice of the first.` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: `  miic recall list
  miic recall list --json | jq '.[] | select(.on) | .name'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := shell.Load(a.ConfigPath)
			if err != nil {
				return err
			}
			site, more, err := all(c)
			if err != nil {
				return err
			}
			asOf, err := shell.AsOfDate("", c)
			if err != nil {
				return err
			}
			type row struct {
				campaign.Campaign
				On bool `json:"on"`
			}
			var rows []row
			for _, one := range site {
				rows = append(rows, row{one, one.Runs(asOf)})
			}
			for _, one := range more {
				rows = append(rows, row{one, false})
			}
			if a.JSON {
				return a.Document(rows)
			}
			if a.Quiet {
				return nil
			}
			w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "CAMPAIGN\tON\tPRIORITY\tKIND\tFROM\tWHAT FOR")
			for _, r := range rows {
				fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\n", r.Name, map[bool]string{true: "yes", false: "no"}[r.On], r.Priority, r.Kind, r.Source, r.Title)
			}
			return w.Flush()
		},
	}
}

func show(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "show CAMPAIGN",
		Short: "All settings of a campaign",
		Long: `Show a campaign with all its settings, those too that its file leaves as they are
usually, as a night uses them: ages in months, and of each group the first and the last dose
that call. The keys of a file are in docs/campaigns.md.` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: `  miic recall show toddlers
  miic recall show nightly --json | jq .groups`,
		Args: shell.OneArgument("a campaign: 'miic recall list' lists them"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := shell.Load(a.ConfigPath)
			if err != nil {
				return err
			}
			one, err := find(c, args[0])
			if err != nil {
				return err
			}
			if a.JSON {
				return a.Document(one)
			}
			if a.Quiet {
				return nil
			}
			text, err := yaml.MarshalWithOptions(one, yaml.UseJSONMarshaler())
			if err != nil {
				return err
			}
			_, err = a.Stdout.Write(text)
			return err
		},
	}
}

func plan(a *shell.App) *cobra.Command {
	var asOf string
	cmd := &cobra.Command{
		Use:   "plan CAMPAIGN",
		Short: "Count what a campaign would send, and send nothing",
		Long: `Count whom a campaign calls for a notice by what the last committed night knows, why the
others get none, and how many households and pieces of mail there are, by channel,
language, region and county, with what they cost. The campaigns that run are asked
too, so that nobody is counted here who gets another one's notice. One that is off, or
comes with the program, is planned as if it were on. How many files of families' requests
lie in the inbox is said first: the night reads them, the plan does not. Nothing is written.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic recall plan toddlers
  miic recall plan kindergarten --as-of 2026-05-01 --json | jq .pieces`,
		Args: shell.OneArgument("a campaign: 'miic recall list' lists them"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withRun(cmd.Context(), a, asOf, func(c *shell.Config, r *pipeline.Run) error {
				one, err := find(c, args[0])
				if err != nil {
					return err
				}
				e, err := c.Reports.Plan(cmd.Context(), r, *one)
				if err != nil {
					return err
				}
				waiting, err := shell.RequestsWaiting(c)
				if err != nil {
					return err
				}
				e.Waiting = len(waiting)
				if a.JSON {
					return a.Document(e)
				}
				if a.Quiet {
					return nil
				}
				return writePlan(a.Stdout, e)
			})
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "the `day` on which it would be sent (default: the day after the last night)")
	return cmd
}

// withRun reads HEAD as the night after it would.
func withRun(ctx context.Context, a *shell.App, day string, do func(c *shell.Config, r *pipeline.Run) error) error {
	c, l, m, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	head, err := m.Date()
	if err != nil {
		return err
	}
	asOf := head + 1
	if day != "" {
		if asOf, err = shell.AsOfDate(day, c); err != nil {
			return err
		}
	}
	if asOf < head {
		return shell.UsageError("--as-of %s is before the last night, %s: what was known then has changed", asOf, head)
	}
	e, err := shell.OpenEngine(ctx, c)
	if err != nil {
		return err
	}
	defer e.Close()
	r, err := pipeline.Look(m, l.FilesOf(m), e, asOf, campaign.MissingSender)
	if err != nil {
		return err
	}
	return do(c, r)
}

// writePlan writes a plan in words.
func writePlan(w io.Writer, e *campaign.Estimate) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if e.Unread > 0 {
		fmt.Fprintf(t, "nothing would be sent: files of families' requests are unread\t%d\n", e.Unread)
	}
	if e.Waiting > 0 {
		fmt.Fprintf(t, "files of families' requests in the inbox, which the next night reads first: who opts out in them is still counted here\t%d\n", e.Waiting)
	}
	fmt.Fprintf(t, "campaign %s, as of %s\t\n", e.Campaign, e.AsOf)
	fmt.Fprintf(t, "people for whom it calls\t%d\n", e.Candidates)
	for _, x := range e.Excluded {
		fmt.Fprintf(t, "  left out: %s\t%d\t(for any reason: %d)\n", x.Name, x.N, x.Any)
	}
	fmt.Fprintf(t, "notices\t%d\n", e.Notices)
	fmt.Fprintf(t, "households\t%d\n", e.Households)
	fmt.Fprintf(t, "pieces\t%d\n", e.Pieces)
	for _, by := range []struct {
		what string
		list []campaign.Count
	}{{"channel", e.ByChannel}, {"language", e.ByLanguage}, {"region", e.ByRegion}, {"county", e.ByCounty}} {
		for _, n := range by.list {
			fmt.Fprintf(t, "  %s %s\t%d\n", by.what, n.Name, n.N)
		}
	}
	fmt.Fprintf(t, "pieces of mail held against moves within 95 days\t%d\n", e.Moves.InTime)
	if n := e.Moves.Older + e.Moves.Never; n > 0 {
		fmt.Fprintf(t, "  not, so that commercial prices do not hold\t%d\t(never: %d)\n", n, e.Moves.Never)
	}
	fmt.Fprintf(t, "cost in dollars\t%.2f\n", float64(e.CostMicros)/1e6)
	if e.Unpriced > 0 {
		fmt.Fprintf(t, "  pieces without a price\t%d\n", e.Unpriced)
	}
	return t.Flush()
}

// ExplainNotice is miic explain notice.
func ExplainNotice(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "notice NOTICE_ID",
		Short: "Why a family got a reminder or a recall",
		Long: `Show a notice: its campaign, round and channel; the vaccines it named, with what the
person needs of them by now; who was in the same piece; the person's other notices; and
who was given it. Nothing is shown of a person who may appear in no
output.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic explain notice 37a0a1d0bcbee61d
  miic explain notice 37a0a1d0bcbee61d --json | jq .vaccines`,
		Args: shell.OneArgument("a notice by notice_id, as in the files of letters"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withRun(cmd.Context(), a, "", func(_ *shell.Config, r *pipeline.Run) error {
				answer, err := campaign.Ask(cmd.Context(), r, strings.ToLower(args[0]))
				switch {
				case errors.Is(err, campaign.ErrNoNotice):
					return shell.UsageError("%s: %w", args[0], err)
				case err != nil:
					return err
				}
				return a.Answer(answer)
			})
		},
	}
}
