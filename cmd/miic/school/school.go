// Package school has the command that answers a school's roster.
package school

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/recipient"
	"miic/reports/school"
)

// demand is what is asked.
type demand struct{ to, reason, out, layout, excludeOn string }

// Command is miic school.
func Command(a *shell.App) *cobra.Command {
	var d demand
	cmd := &cobra.Command{
		Use:   "school ROSTER",
		Short: "Answer a school's roster: doses, status by law, tallies and letters",
		Long: `Answer the list of students of a school, of child care or of a camp, by the newest night:
who is surely in the registry, the doses, how each student stands to the state's school
law, who was not matched and why, the tallies of the annual report, and a letter for
each family of a student who lacks an immunization.

The roster is a file of the layout school-roster, or of the one that --layout names: a
site's own, where a district has other columns. Its numbers come back untouched. A line
that cannot be read is named, and the others are answered.

Of a possible match nothing is shown. A student who may be in no output looks as one
whom the registry does not know. The answer is recorded as disclosed to --for before it
is there. Rosters that come through the inbox are answered by every night.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitIncomplete, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic school roster.csv --for north-school --reason "annual report" --out answer/
  miic school roster.csv --for north-school --reason "exclusion" --exclude-on 2026-04-15 --out april/`,
		Args: shell.OneArgument("the roster"),
		RunE: func(cmd *cobra.Command, args []string) error { return answer(cmd.Context(), a, &d, args[0]) },
	}
	cmd.Flags().StringVar(&d.to, "for", "", "who receives it: the `id` of a recipient's entry")
	cmd.Flags().StringVar(&d.reason, "reason", "", "why, in words; kept with the disclosure")
	cmd.Flags().StringVar(&d.out, "out", "", "the new `folder` to write")
	cmd.Flags().StringVar(&d.layout, "layout", "school-roster", "the `layout` of the roster")
	cmd.Flags().StringVar(&d.excludeOn, "exclude-on", "", "the `date`, YYYY-MM-DD, that the letters name: from it on a student may not attend")
	return cmd
}

func answer(ctx context.Context, a *shell.App, d *demand, path string) error {
	if d.out == "" {
		return shell.UsageError("name the folder to write with --out DIR")
	}
	if _, err := shell.NewFolder(d.out); err != nil {
		return err
	}
	var excludeOn table.Date
	if d.excludeOn != "" {
		var err error
		if excludeOn, err = table.ParseDate(d.excludeOn); err != nil {
			return shell.UsageError("--exclude-on %q: %w", d.excludeOn, err)
		}
	}
	o, err := shell.OpenOnDemand(ctx, a, recipient.Students, d.to, d.reason, 0)
	if err != nil {
		return err
	}
	defer o.Close()
	day, err := o.Night.Date()
	if err != nil {
		return err
	}
	roster, refused, err := ReadRoster(ctx, o.Config, path, d.layout, day)
	if err != nil {
		return err
	}
	if err := shell.NameProducts(o.Config); err != nil {
		return err
	}
	if err := school.View(ctx, o.Engine, o.Lake.FilesOf(o.Night)); err != nil {
		return err
	}
	c := o.Config.Reports.School
	list, err := school.Find(ctx, o.Engine, c, school.Roster{Place: school.Place(o.Recipient), Students: roster}, o.Shown, day)
	if err != nil {
		return err
	}
	for _, line := range school.UnreadStatements(list) {
		refused = append(refused, fmt.Sprintf("%s:%d: %s", filepath.Base(path), line, school.UnreadStatement))
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	people := school.People(list)
	if err := o.WriteFolder(d.out, people, func(part string) ([]string, error) {
		return nil, school.Write(list, c, school.Issue{To: o.Recipient, Roster: name, Day: day, ExcludeOn: excludeOn,
			Path: func(file string) (string, error) { return filepath.Join(part, file), nil }})
	}); err != nil {
		return err
	}
	classes := map[school.Class]int{}
	for i := range list {
		classes[list[i].Class]++
	}
	if a.JSON {
		err = a.Document(map[string]any{"snapshot": o.Night.Snapshot, "as_of": o.Night.AsOf, "students": len(list),
			"match": classes, "refused": refused, "recipient": o.Recipient.ID, "folder": filepath.Clean(d.out)})
	} else {
		for _, line := range refused {
			a.Say("%s", line)
		}
		a.Say("%s: %s, %d surely matched, %d possibly, %d not; for %s, by the night of %s (snapshot %d)", filepath.Clean(d.out),
			prose.Count(int64(len(list)), "student", "students"), classes[school.Sure], classes[school.Possible], classes[school.None],
			o.Recipient.Name, o.Night.AsOf, o.Night.Snapshot)
	}
	if err == nil && len(refused) > 0 {
		err = &shell.ExitError{Code: shell.ExitIncomplete, Err: fmt.Errorf("%s of %s have something that could not be read: "+
			"correct them and ask again", prose.Count(int64(len(refused)), "line", "lines"), filepath.Base(path))}
	}
	return err
}
