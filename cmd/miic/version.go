package main

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast"
	"miic/internal/engine"
	"miic/internal/table"
)

// programVersion is what a report of a fault should name.
type programVersion struct {
	Revision   string `json:"revision"` // of the sources; empty when they were not under version control
	Modified   bool   `json:"modified"` // they had changes that were not committed
	Go         string `json:"go"`
	Generation int    `json:"generation"` // of the tables that it writes; it reads all up to it
	Schedule   string `json:"schedule"`   // version of the supporting data built in
	Engine     string `json:"engine"`     // version of DuckDB
}

func versionCommand(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "What this program was built from and what it works with",
		Long: `Name the revision that the program was built from, the generation of the tables that
it writes (it reads every one up to it), the versions of the schedule built in and of
the engine.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage),
		Example: "  miic version\n  miic version --json | jq -r .revision",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return sayVersion(a, cmd.Context()) },
	}
}

func sayVersion(a *shell.App, ctx context.Context) error {
	v, err := readVersion(ctx)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.Document(v)
	}
	revision := v.Revision
	switch {
	case revision == "":
		revision = "of an unknown revision"
	case v.Modified:
		revision += ", modified"
	}
	a.Say("miic %s", revision)
	a.Say("built by    %s", v.Go)
	a.Say("generation  %d", v.Generation)
	a.Say("schedule    %s", v.Schedule)
	a.Say("engine      DuckDB %s", v.Engine)
	return nil
}

func readVersion(ctx context.Context) (programVersion, error) {
	v := programVersion{Generation: table.Generation}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Go = info.GoVersion
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				v.Revision = s.Value
			case "vcs.modified":
				v.Modified = s.Value == "true"
			}
		}
	}
	var err error
	if v.Schedule, err = forecast.ScheduleVersion(forecast.Config{}); err != nil {
		return v, err
	}
	v.Engine, err = engineVersion(ctx)
	return v, err
}

// engineVersion asks the engine itself: the driver's version is another one.
func engineVersion(ctx context.Context) (string, error) {
	temp, err := os.MkdirTemp("", "miic-version-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	e, err := engine.Open(ctx, engine.Options{Temp: temp})
	if err != nil {
		return "", err
	}
	defer e.Close()
	type row struct {
		Version string `col:"library_version"`
	}
	rows, err := engine.Rows[row](ctx, e, "SELECT library_version FROM pragma_version()")
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Version, nil
}
