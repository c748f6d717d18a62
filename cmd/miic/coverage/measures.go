// Package coverage has the commands about measures of coverage.
package coverage

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/reports/measure"
)

// Measures is miic measures.
func Measures(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "measures",
		Short: "The measures of coverage",
		Long: `Show how coverage is measured, and check a file of measures before a night reads it. A
site's own measures are files in the folder measures/ beside miic.yaml; none needs a
build.` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: "  miic measures list\n  miic measures show mmr-1",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(list(a), show(a), check(a))
	return cmd
}

// all are the measures of a configuration; the faults of its files are an error.
func all(a *shell.App) ([]measure.Measure, error) {
	c, err := shell.Load(a.ConfigPath)
	if err != nil {
		return nil, err
	}
	measures, faults, err := c.AllMeasures()
	if err != nil {
		return nil, shell.UsageError("measures: %w", err)
	}
	for _, f := range faults {
		fmt.Fprintln(a.Stderr, "warning: "+f)
	}
	return measures, nil
}

// described is a measure as it is shown: in the words of its file.
type described struct {
	ID         string   `json:"id"`
	Version    int32    `json:"version"`
	Title      string   `json:"title"`
	Steward    string   `json:"steward"`
	Source     string   `json:"source"`
	File       string   `json:"file"`
	Published  bool     `json:"published"`
	Doses      string   `json:"doses"` // valid or any: what the measure is about; both are counted
	Population string   `json:"population"`
	Rule       string   `json:"denominator_rule"`
	Among      []string `json:"among,omitempty"`
	Clauses    []string `json:"clauses"`
	Tolerance  string   `json:"tolerance,omitempty"`
}

func describe(m *measure.Measure) described {
	d := described{ID: m.ID, Version: m.Version, Title: m.Title, Steward: m.Steward, Source: m.Source, File: m.Origin,
		Published: m.Publish, Doses: "any", Population: m.Population.String(), Rule: m.Rule(), Tolerance: m.Tolerance()}
	if m.Valid {
		d.Doses = "valid"
	}
	for i := range m.Among {
		d.Among = append(d.Among, m.Among[i].String())
	}
	for i := range m.Clauses {
		d.Clauses = append(d.Clauses, m.Clauses[i].String())
	}
	return d
}

func list(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "All measures, and of whom each is",
		Long: `List the measures that come with the program and the site's. A file with a fault is named,
and the others' measures are listed.` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: "  miic measures list\n  miic measures list --json | jq -r '.[] | select(.published) | .id'",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			measures, err := all(a)
			if err != nil {
				return err
			}
			rows := []described{}
			for i := range measures {
				rows = append(rows, describe(&measures[i]))
			}
			if a.JSON {
				return a.Document(rows)
			}
			if a.Quiet {
				return nil
			}
			w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "MEASURE\tDOSES\tPUBLISHED\tFILE\tTITLE\tOF WHOM")
			for _, r := range rows {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Doses, map[bool]string{true: "yes", false: "no"}[r.Published],
					r.File, r.Title, r.Population)
			}
			return w.Flush()
		},
	}
}

func show(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "show MEASURE",
		Short: "One measure in full: of whom, what they must have, by when, and who defines it",
		Long:  "Show the definition of a measure in words." + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: `  miic measures show mmr-1
  miic measures show ima-hpv --json | jq .clauses`,
		Args: shell.OneArgument("a measure: 'miic measures list' lists them"),
		RunE: func(cmd *cobra.Command, args []string) error {
			measures, err := all(a)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(measures, func(m measure.Measure) bool { return m.ID == args[0] })
			if i < 0 {
				return shell.UsageError("there is no measure %q: 'miic measures list' lists them", args[0])
			}
			d := describe(&measures[i])
			if a.JSON {
				return a.Document(d)
			}
			if a.Quiet {
				return nil
			}
			w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintf(w, "measure\t%s, version %d: %s\n", d.ID, d.Version, d.Title)
			fmt.Fprintf(w, "of whom\t%s\n", d.Population)
			for _, c := range d.Among {
				fmt.Fprintf(w, "of them\twho have %s\n", c)
			}
			for _, c := range d.Clauses {
				fmt.Fprintf(w, "must have\t%s\n", c)
			}
			if d.Tolerance != "" {
				fmt.Fprintf(w, "where\t%s\n", d.Tolerance)
			}
			fmt.Fprintf(w, "doses\t%s\n", map[string]string{"valid": "those that are valid by the schedule; the rate by any doses is counted too",
				"any": "any on record; the rate by valid doses is counted too"}[d.Doses])
			fmt.Fprintf(w, "defined by\t%s, %s\n", d.Steward, d.Source)
			fmt.Fprintf(w, "file\t%s\n", d.File)
			fmt.Fprintf(w, "published\t%s\n", map[bool]string{true: "in coverage.csv", false: "in no file: internal figures only"}[d.Published])
			return w.Flush()
		},
	}
}

func check(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Check a file of measures",
		Long: `Check a file of measures as a night would, beside those that come with the program and the
other files in measures/, and name every fault with its line. Nothing is changed: put the
file into measures/ when it is right.` + shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: "  miic measures check measures/ours.yaml",
		Args:    shell.OneArgument("a file of measures"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := shell.Load(a.ConfigPath)
			if err != nil {
				return err
			}
			known, err := c.KnownToMeasures()
			if err != nil {
				return shell.UsageError("%w", err)
			}
			if _, err := os.Stat(args[0]); err != nil {
				return shell.UsageError("cannot read the file: %w", err)
			}
			found, err := measure.Check(args[0], c.Measures, known)
			if err != nil {
				return shell.ContentError("%w", err)
			}
			if a.JSON {
				rows := []described{}
				for i := range found {
					rows = append(rows, describe(&found[i]))
				}
				return a.Document(rows)
			}
			ids := make([]string, len(found))
			for i := range found {
				ids[i] = found[i].ID
			}
			a.Say("%s: %s", prose.Count(int64(len(found)), "measure is right", "measures are right"), strings.Join(ids, ", "))
			return nil
		},
	}
}
