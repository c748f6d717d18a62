package models

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast"
	"miic/forecast/cases"
	"miic/forecast/cdsi"
)

// Cases is miic forecast cases.
func Cases(a *shell.App) *cobra.Command {
	var dir string
	var corrections bool
	cmd := &cobra.Command{
		Use:   "cases FILE.csv",
		Short: "Run published test cases through the engine",
		Long: `Run cases in the form of CDC's workbooks made tidy (one row a case, ISO dates) and
count what is right: the forecast (status, number where given, three dates), the
status of every dose, and its reason. Needs no lake and no configuration. It fails
with 1 when a case fails that is not on the list of known failures. A file that
cannot be read as cases, or holds none, is a usage error, 2: then nothing is run, and
nothing is written to standard output.

Known faults of CDC's data are corrected, as in a night; --corrections=false runs the
cases on the data as it was published.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage),
		Example: `  miic forecast cases cases.csv
  miic forecast cases cases.csv --schedule CDSi-4.65/ --json`,
		Args: shell.OneArgument("the file of cases"),
		RunE: func(cmd *cobra.Command, args []string) error {
			known, err := forecast.KnownFailures()
			if err != nil {
				return err
			}
			s, err := forecast.LoadSchedule(forecast.Config{Schedule: dir, Corrections: &corrections})
			if err != nil {
				return shell.UsageError("schedule: %w", err)
			}
			engine, err := cdsi.NewEngine(s)
			if err != nil {
				return shell.UsageError("schedule: %w", err)
			}
			f, err := os.Open(args[0])
			if err != nil {
				return shell.UsageError("cases: %w", err)
			}
			defer f.Close()
			list, err := cases.Read(f)
			if err != nil {
				return shell.UsageError("cases %s: %w", args[0], err)
			}
			report := cases.Run(engine, list)
			fresh := 0
			for _, x := range report.Failed {
				if k := known[x.ID]; k.Fault == "" || k.Corrected && corrections {
					fresh++
				}
			}
			if a.JSON {
				if err := a.Document(report); err != nil {
					return err
				}
			} else {
				a.Say("schedule %s", report.Schedule)
				for _, set := range slices.Sorted(maps.Keys(report.Sets)) {
					n := report.Sets[set]
					a.Say("%-10s %4d cases: %d forecasts right, all doses right in %d, reasons in %d", set, n.Cases, n.ForecastRight,
						n.DosesRight, n.ReasonsRight)
				}
				for _, x := range report.Failed {
					mark := "FAILED"
					if k := known[x.ID]; k.Fault != "" {
						mark = "known "
						x.Why = fmt.Sprintf("%s (%s: %s)", x.Why, k.Fault, k.Why)
					}
					a.Say("%s %s: %s", mark, x.ID, x.Why)
				}
			}
			if fresh > 0 {
				return &shell.ExitError{
					Code: shell.ExitFailed,
					Err: fmt.Errorf("%d cases fail that are not on the list of known failures",
						fresh),
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&corrections, "corrections", true, "correct known faults of CDC's data")
	cmd.Flags().StringVar(&dir, "schedule", "",
		"`folder` with CDC's XML of another release (default the built-in supporting data)")
	return cmd
}
