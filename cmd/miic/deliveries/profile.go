package deliveries

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/ingest/profile"
	"miic/internal/prose"
	"miic/internal/table"
)

// Profile is miic profile.
func Profile(a *shell.App) *cobra.Command {
	var asOf, layout string
	var draft bool
	cmd := &cobra.Command{
		Use:   "profile FILE",
		Short: "What a delivered file looks like, and which layout reads it",
		Long: `Look at a file before its sender is configured: which layout reads it and what it would
refuse, what is in each column (how much of it is filled, how many values, their
lengths, shapes and days), what is odd about the file, and, where no layout fits, a
draft of one. Needs no lake and no configuration, and changes nothing.

A shape shows digits as 9 and letters as A or a. Values are shown only of columns with
a few codes of one or two characters: no name, number or address is printed.

To mend a draft, save it with --draft, edit it, and try it with --layout.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage),
		Example: `  miic profile doses.csv
  miic profile doses.csv --draft > new-sender.yaml
  miic profile doses.csv --layout new-sender.yaml
  miic profile vxu_20260302.hl7 --json | jq .layouts`,
		Args: shell.OneArgument("the file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			on := table.FromTime(time.Now())
			if asOf != "" {
				var err error
				if on, err = table.ParseDate(asOf); err != nil {
					return shell.UsageError("--as-of %q: %w", asOf, err)
				}
			}
			var tried []byte
			if layout != "" {
				var err error
				if tried, err = os.ReadFile(layout); err != nil {
					return shell.UsageError("--layout: %w", err)
				}
			}
			p, err := profile.Of(args[0], on, tried)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return shell.UsageError("there is no file %s", args[0])
			case err != nil:
				return fmt.Errorf("profile %s: %w", args[0], err)
			case a.JSON:
				return a.Document(p)
			case draft && p.Draft == "":
				return shell.UsageError("no draft for %s: a layout fits it, or it has no header with names", args[0])
			case draft:
				if p.Drafted != nil {
					fmt.Fprintf(a.Stderr, "the draft %s\n", loads(*p.Drafted))
				}
				_, err := fmt.Fprint(a.Stdout, p.Draft)
				return err
			}
			sayProfile(a, p)
			return nil
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "dates after this `date` are reported as odd (default today)")
	cmd.Flags().StringVar(&layout, "layout", "", "try the layout in this `file` beside the known ones")
	cmd.Flags().BoolVar(&draft, "draft", false, "print the drafted layout only")
	return cmd
}

// sayProfile writes a profile for people to read.
func sayProfile(a *shell.App, p *profile.Profile) {
	form := p.Form
	switch p.Form {
	case "fixed":
		form = fmt.Sprintf("fixed width, %d bytes", p.Width)
	case "csv":
		form = fmt.Sprintf("delimited by %q, %d fields", p.Delimiter, p.Fields)
		if !p.Header {
			form += ", no header"
		}
	}
	a.Say(
		"%s bytes, %s lines, %s, %s, line ends %s",
		prose.Thousands(p.Bytes),
		prose.Thousands(p.Lines),
		form,
		p.Encoding,
		p.LineEnds,
	)
	for _, f := range p.Layouts {
		encoding := ""
		if f.Encoding != "" {
			encoding = ", if its sender is configured with encoding: " + f.Encoding
		}
		switch {
		case f.Why != "":
			a.Say("layout   %s does not: %s", f.Layout, f.Why)
		case f.Fits():
			a.Say(
				"layout   %s fits: %s of %s accepted%s%s",
				f.Layout,
				prose.Thousands(f.Accepted),
				prose.Thousands(f.Units),
				refusals(f),
				encoding,
			)
		default:
			a.Say(
				"layout   %s does not fit: %s of %s accepted%s",
				f.Layout,
				prose.Thousands(f.Accepted),
				prose.Thousands(f.Units),
				refusals(f),
			)
		}
	}
	if len(p.Layouts) == 0 {
		a.Say("layout   none that is known")
	}
	for _, o := range p.Oddities {
		a.Say("odd      %s", o)
	}
	lines := [][]string{{"column", "at", "filled", "distinct", "length", "shapes, days, codes", "looks like"}}
	for _, c := range p.Columns {
		at := ""
		if c.Width > 0 {
			at = fmt.Sprintf("%d/%d", c.Begin, c.Width)
		}
		distinct := prose.Thousands(c.Distinct)
		if c.More {
			distinct = "over " + distinct
		}
		lines = append(
			lines,
			[]string{
				c.Name,
				at,
				fmt.Sprintf("%.1f%%", c.Share*100),
				distinct,
				fmt.Sprintf("%d to %d", c.Shortest, c.Longest),
				what(c),
				c.Looks,
			},
		)
	}
	if len(p.Columns) > 0 && !a.Quiet {
		a.Say("")
		prose.Columns(a.Stdout, lines)
	}
	for _, c := range p.Columns {
		for _, o := range c.Oddities {
			a.Say("odd      %s: %s", c.Name, o)
		}
	}
	if p.Draft != "" {
		if p.Drafted != nil {
			a.Say("\nthe draft below %s", loads(*p.Drafted))
		}
		a.SayText("\na layout to begin with, lines with # are for you to settle:\n\n" + p.Draft)
	}
}

// loads describes how well a draft reads the file.
func loads(f profile.Fit) string {
	if f.Why != "" {
		return "does not read the file: " + f.Why
	}
	return fmt.Sprintf("reads %s of %s lines%s", prose.Thousands(f.Accepted), prose.Thousands(f.Units), refusals(f))
}

func refusals(f profile.Fit) string {
	var parts []string
	for _, rule := range slices.Sorted(maps.Keys(f.Refused)) {
		parts = append(parts, fmt.Sprintf("%d %s", f.Refused[rule], rule))
	}
	if len(parts) == 0 {
		return ""
	}
	return "; refused: " + strings.Join(parts, ", ")
}

// what describes the values of a column without showing any that is a person's.
func what(c profile.Column) string {
	list, b := c.Shapes, strings.Builder{}
	switch {
	case c.Dates != "":
		return fmt.Sprintf("%s, %s to %s", c.Dates, c.First, c.Last)
	case len(c.Values) > 0:
		list = c.Values
	}
	for i, x := range list[:min(len(list), 6)] {
		if i > 0 {
			b.WriteString("  ")
		}
		fmt.Fprintf(&b, "%s ×%s", x.Text, prose.Thousands(x.Count))
	}
	return b.String()
}
