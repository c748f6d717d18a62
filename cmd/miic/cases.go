package main

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"miic/forecast"
	"miic/forecast/cases"
	"miic/forecast/cdsi"
)

func casesCommand(a *app) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "cases FILE.csv",
		Short: "Run published test cases through the engine",
		Long: `Run cases in the form of CDC's workbooks made tidy (one row a case, ISO dates) and
count what is right: the forecast (status, number where given, three dates), the
status of every dose, and its reason. Needs no lake and no configuration. It fails
with 1 when a case fails that is not on the list of known failures. A file that
cannot be read as cases, or holds none, is a usage error, 2: then nothing is run, and
nothing is written to standard output.` + exits(exitDone, exitFailed, exitUsage),
		Example: `  miic forecast cases cases.csv
  miic forecast cases cases.csv --schedule CDSi-4.65/ --json`,
		Args: oneArgument("the file of cases"),
		RunE: func(cmd *cobra.Command, args []string) error {
			known, err := forecast.KnownFailures()
			if err != nil {
				return err
			}
			s, err := forecast.LoadSchedule(forecast.Config{Schedule: dir})
			if err != nil {
				return usageError("schedule: %w", err)
			}
			engine, err := cdsi.NewEngine(s)
			if err != nil {
				return usageError("schedule: %w", err)
			}
			f, err := os.Open(args[0])
			if err != nil {
				return usageError("cases: %w", err)
			}
			defer f.Close()
			list, err := cases.Read(f)
			if err != nil {
				return usageError("cases %s: %w", args[0], err)
			}
			report := cases.Run(engine, list)
			fresh := 0
			for _, x := range report.Failed {
				if known[x.ID] == "" {
					fresh++
				}
			}
			if a.json {
				if err := a.document(report); err != nil {
					return err
				}
			} else {
				a.say("schedule %s", report.Schedule)
				for _, set := range slices.Sorted(maps.Keys(report.Sets)) {
					n := report.Sets[set]
					a.say("%-10s %4d cases: %d forecasts right, all doses right in %d, reasons in %d", set, n.Cases, n.ForecastRight,
						n.DosesRight, n.ReasonsRight)
				}
				for _, x := range report.Failed {
					mark := "FAILED"
					if why := known[x.ID]; why != "" {
						mark = "known "
					}
					a.say("%s %s: %s", mark, x.ID, x.Why)
				}
			}
			if fresh > 0 {
				return &exitError{code: exitFailed, err: fmt.Errorf("%d cases fail that are not on the list of known failures",
					fresh)}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "schedule", "",
		"`folder` with CDC's XML of another release (default the built-in supporting data)")
	return cmd
}
