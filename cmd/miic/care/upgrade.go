package care

import (
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

func lakeUpgrade(a *shell.App) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "upgrade --dry-run",
		Short: "What this version of the program would change in the lake",
		Long: `Show what the next night changes because the program is another version than the one
that made HEAD: which people would be merged or split, and which letters would be added,
dropped or changed, by cause; and whether a brake would hold the night.

The night is rehearsed beside the lake, on HEAD's date and with nothing delivered. It
needs about as much time and disk as a first load, and changes nothing. The upgrade
itself is part of the next 'miic nightly'.` +
			shell.Exits(
				shell.ExitDone,
				shell.ExitFailed,
				shell.ExitUsage,
				shell.ExitHeld,
				shell.ExitNoLake,
				shell.ExitDamaged,
				shell.ExitNoSpace,
				shell.ExitInterrupted,
			),
		Example: "  miic lake upgrade --dry-run\n  miic lake upgrade --dry-run --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !dryRun {
				return shell.UsageError(
					"'miic nightly' upgrades the lake as it goes; --dry-run shows beforehand what would change",
				)
			}
			return rehearseUpgrade(cmd.Context(), a)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change, and change nothing")
	return cmd
}

// An upgradeReport is what the next night would change because of the program's version.
type upgradeReport struct {
	Snapshot   int64           `json:"snapshot"` // HEAD
	AsOf       string          `json:"as_of"`
	Generation [2]int          `json:"schema_generation"` // before and after
	Stages     []string        `json:"stages"`            // that would run
	People     []changedPeople `json:"people"`
	Letters    []changedLetter `json:"letters"`
	Tripped    []lake.Tripped  `json:"tripped"`
}

type changedPeople struct {
	Change string `json:"change" col:"change"`
	Reason string `json:"reason" col:"reason"`
	People int64  `json:"people" col:"people"`
}

type changedLetter struct {
	Letter  string `json:"letter"  col:"letter"` // added, dropped or changed
	Cause   string `json:"cause"   col:"cause"`
	Letters int64  `json:"letters" col:"letters"`
}

func rehearseUpgrade(ctx context.Context, a *shell.App) error {
	c, l, head, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	asOf, err := head.Date()
	if err != nil {
		return err
	}
	options, err := shell.Nightly(c, asOf)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(filepath.Clean(c.Lake)), ".upgrade-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	options.Lake, options.Operator = l, shell.Operator()
	p := shell.NewProgress(a)
	options.Log, options.Progress = p.Log, p.At
	r, err := pipeline.Rehearse(ctx, options, dir)
	p.End()
	if err != nil {
		return err
	}
	report := upgradeReport{
		Snapshot:   head.Snapshot,
		AsOf:       head.AsOf,
		Generation: [2]int{head.SchemaGeneration(), table.Generation},
		Stages:     []string{},
		People:     []changedPeople{},
		Letters:    []changedLetter{},
		Tripped:    []lake.Tripped{},
	}
	if r.After != nil {
		if err := report.compare(ctx, r, asOf, filepath.Join(dir, "spill")); err != nil {
			return err
		}
	}
	if len(report.Tripped) > 0 {
		a.Code = shell.ExitHeld
	}
	if a.JSON {
		return a.Document(report)
	}
	report.print(a)
	return nil
}

// compare asks both snapshots for what differs.
func (u *upgradeReport) compare(ctx context.Context, r *pipeline.Rehearsal, asOf table.Date, spill string) (err error) {
	e, err := engine.Open(ctx, engine.Options{Temp: spill})
	if err != nil {
		return err
	}
	defer e.Close()
	before := func(t *table.Table) []string { return r.Lake.Files(r.Before, t.Name) }
	after := func(t *table.Table) []string { return r.Lake.Files(r.After, t.Name) }
	for _, t := range []*table.Table{table.Restrictions, table.Immunizations, table.Forecasts, table.Clients} {
		now, was := engine.FilesSQL(t, after(t)), engine.FilesSQL(t, before(t))
		query := fmt.Sprintf(
			"SELECT client_id FROM ((%s) EXCEPT (%s)) AS come UNION SELECT client_id FROM ((%s) EXCEPT (%s)) AS gone",
			now,
			was,
			was,
			now,
		)
		if err := e.Materialize(ctx, "changed_"+t.Name, query); err != nil {
			return err
		}
	}
	for name, files := range map[string][]string{"before_notice": before(table.Notices), "after_notice": after(table.Notices)} {
		if err := e.View(ctx, name, table.Notices, files); err != nil {
			return err
		}
	}
	if err := e.View(ctx, "client_change", table.ClientChanges, after(table.ClientChanges)); err != nil {
		return err
	}
	people, err := engine.Rows[changedPeople](ctx, e, queries.Get("upgrade_people", "snapshot", r.After.Snapshot))
	if err != nil {
		return err
	}
	letters, err := engine.Rows[changedLetter](
		ctx,
		e,
		queries.Get("upgrade_letter", "snapshot", r.After.Snapshot, "as_of", asOf),
	)
	u.People, u.Letters = append(u.People, people...), append(u.Letters, letters...)
	for _, s := range r.After.Stages {
		u.Stages = append(u.Stages, s.Name)
	}
	u.Tripped = append(u.Tripped, r.Tripped...)
	return err
}

func (u *upgradeReport) print(a *shell.App) {
	a.Say(
		"snapshot %d as of %s, schema generation %d; this program writes %d",
		u.Snapshot,
		u.AsOf,
		u.Generation[0],
		u.Generation[1],
	)
	if len(u.Stages) == 0 {
		a.Say("nothing would change: a night on the same date and with nothing delivered has nothing to do")
		return
	}
	if len(u.People) == 0 {
		a.Say("people    nobody would be created, merged, split or moved")
	}
	for _, p := range u.People {
		a.Say("people    %s would be %s: %s", prose.Thousands(p.People), p.Change, p.Reason)
	}
	if len(u.Letters) == 0 {
		a.Say("letters   those of %s would be the same", u.AsOf)
	}
	for _, l := range u.Letters {
		a.Say("letters   %s would be %s: %s", prose.Thousands(l.Letters), l.Letter, l.Cause)
	}
	for _, t := range u.Tripped {
		a.Say("brake     %s %s: the night would be held", t.Brake, t.Text)
	}
}
