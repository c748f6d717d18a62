package people

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/forecast"
	"miic/internal/area"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/outbreak"
	"miic/reports/recipient"
	"miic/reports/roster"
)

// Susceptible is miic report susceptible.
func Susceptible(a *shell.App) *cobra.Command {
	var d shell.Demand
	var group, file string
	var areas []string
	var all bool
	cmd := &cobra.Command{
		Use:   "susceptible",
		Short: "Who in an area or on a roster may catch a disease",
		Long: `Write a list of the people of an area, or on a school's roster, by what is known of their
protection: two valid doses (or more), one, none, immunity recorded, or unknown: no dose of
any vaccine is on record, or the registry does not know the person. Of an area those who
may be susceptible are listed, with --all everybody; of a roster each line is answered.

An area is a region, a county (its name or five-digit code) or a ZIP code; several are
joined. A roster is a CSV file with the columns last_name, first_name and birth_date
(YYYY-MM-DD), and, where there are such, id, zip, middle_name and suffix; other columns
are left alone. A line finds a person of that birth date and name, or of a form of the name
such as Bill, or with half of a double surname; where several fit, the ZIP code decides.

It is about the newest night, or with --as-of about any that is kept. Who is restricted by
now, or has died, is in no list, also not in one about an older night; on a roster such a
person is unknown. The list is recorded as disclosed to --for before it is there.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic report susceptible --group MMR --area Hennepin --for region-metro --reason "measles case 12" --out mmr.csv
  miic report susceptible --group MMR --roster school.csv --as-of 2026-03-02 --for state --reason "measles" --out school-mmr.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			q := outbreak.Question{Group: group, All: all}
			return reportSusceptible(cmd.Context(), a, &d, q, areas, file)
		},
	}
	cmd.Flags().StringVar(&group, "group", "", "vaccine `group`, such as MMR")
	cmd.Flags().StringSliceVar(&areas, "area", nil, "`area`: a region, a county or a ZIP code; may be repeated")
	cmd.Flags().StringVar(&file, "roster", "", "CSV `file` of a school's students")
	cmd.Flags().BoolVar(&all, "all", false, "of an area, also who is protected")
	d.Flags(cmd.Flags())
	return cmd
}

func reportSusceptible(ctx context.Context, a *shell.App, d *shell.Demand, q outbreak.Question, areas []string, file string) error {
	if (len(areas) == 0) == (file == "") {
		return shell.UsageError("name either --area AREA or --roster FILE")
	}
	var err error
	if file != "" {
		if q.Roster, err = readRoster(file); err != nil {
			return shell.UsageError("%w", err)
		}
	}
	o, err := openLists(ctx, a, d, recipient.Susceptible)
	if err != nil {
		return err
	}
	defer o.Close()
	if q.Areas, err = areasOf(o.Config.Reports.Counties, areas); err != nil {
		return shell.UsageError("%w", err)
	}
	if q.Antigens, err = antigensOf(ctx, o, q.Group); err != nil {
		return err
	}
	people, counts, err := outbreak.Susceptible(ctx, o.Engine, q, o.Shown)
	if err != nil {
		return err
	}
	header := append([]string{"roster_id", "registry_id", "last_name", "first_name", "birth_date", "age", "evidence", "valid_doses",
		"last_valid_dose", "next_dose_from"}, contactColumns...)
	night, err := o.Night.Date()
	if err != nil {
		return err
	}
	var rows [][]string
	var clients []int64
	for _, p := range people {
		id, doses := "", ""
		if p.ClientID != 0 {
			id, doses = count(p.ClientID), count(p.Valid)
		}
		clients = each(clients, p.ClientID)
		rows = append(rows, append([]string{p.RosterID, id, p.LastName, p.FirstName, p.BirthDate.String(), age(p.BirthDate, night),
			p.Evidence, doses, p.LastOn.String(), p.NextOn.String()}, contact(&p.Contact)...))
	}
	slices.Sort(clients)
	clients = slices.Compact(clients)
	if err := o.WriteRows(d.Out, clients, header, rows); err != nil {
		return err
	}
	var lines []string
	for _, kind := range outbreak.Kinds {
		lines = append(lines, fmt.Sprintf("%-18s %d", kind, counts[kind]))
	}
	return written(a, o, d, len(rows), clients, map[string]any{"group": q.Group, "evidence": counts}, lines)
}

// age is somebody's age in completed years.
func age(born, on table.Date) string {
	years, ok := born.Years(on)
	if !ok {
		return ""
	}
	return fmt.Sprint(years)
}

// antigensOf are a vaccine group's antigens, by the schedule of the night.
func antigensOf(ctx context.Context, o *shell.OnDemand, group string) ([]string, error) {
	lines := o.Lake.Files(o.Night, table.ScheduleLines.Name)
	if len(lines) == 0 {
		return nil, shell.UsageError("snapshot %d does not hold the schedule it was made with: an older program made it; ask about a newer "+
			"night", o.Night.Snapshot)
	}
	s, err := forecast.Kept(ctx, o.Engine, lines)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, g := range s.Groups {
		if g.Name == group {
			return g.Antigens, nil
		}
		names = append(names, g.Name)
	}
	return nil, shell.UsageError("unknown vaccine group %q: name one with --group: %s", group, strings.Join(names, ", "))
}

// areasOf reads areas: a region, a county by its code or name, or a ZIP code.
func areasOf(counties []area.County, words []string) ([]outbreak.Area, error) {
	byZIP := area.Default()
	var list []outbreak.Area
	for _, word := range words {
		word = strings.TrimSpace(word)
		fips, region := area.Named(counties, word)
		_, zip := byZIP.ByZIP(word)
		switch {
		case region != "":
			list = append(list, outbreak.Area{Region: region})
		case fips != "":
			list = append(list, outbreak.Area{CountyFIPS: fips})
		case zip && len(word) == 5:
			list = append(list, outbreak.Area{ZIP: word})
		default:
			return nil, fmt.Errorf("unknown area %q: name a region (%s), a county by its name or five-digit code, or a ZIP code of "+
				"five digits of the state", word, strings.Join(area.RegionsOf(counties), ", "))
		}
	}
	return list, nil
}

// readRoster reads a roster. What is wrong is named by line, without anything of what stands in it.
func readRoster(path string) ([]outbreak.Student, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the roster %s: %s", filepath.Base(path), prose.Cause(err))
	}
	defer f.Close()
	file := filepath.Base(path)
	r := csvfile.Reader(f)
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s:1: there is no header of columns separated by commas", file)
	}
	at := map[string]int{}
	for i, column := range header {
		at[strings.ToLower(strings.TrimSpace(column))] = i
	}
	for _, column := range []string{"last_name", "first_name", "birth_date"} {
		if _, ok := at[column]; !ok {
			return nil, fmt.Errorf("%s:1: there is no column %s: a roster has last_name, first_name and birth_date, and may have id, "+
				"zip, middle_name and suffix; rename the columns in the header", file, column)
		}
	}
	var list []outbreak.Student
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var bad *csv.ParseError
			if errors.As(err, &bad) {
				return nil, fmt.Errorf("%s:%d: %w: save the file as CSV again", file, bad.Line, bad.Err)
			}
			return nil, fmt.Errorf("%s: cannot be read", file)
		}
		line, _ := r.FieldPos(0)
		get := func(column string) string {
			if i, ok := at[column]; ok {
				return strings.TrimSpace(cells[i])
			}
			return ""
		}
		born, err := table.ParseDate(get("birth_date"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: birth_date is %w: a spreadsheet may have changed it; set the column to text", file, line, err)
		}
		if get("last_name") == "" {
			return nil, fmt.Errorf("%s:%d: last_name is empty: fill it in, or take the line out", file, line)
		}
		list = append(list, outbreak.Student{ID: get("id"), Identity: roster.Identity{FirstName: get("first_name"),
			MiddleName: get("middle_name"), LastName: get("last_name"), Suffix: get("suffix"), BirthDate: born, ZIP: get("zip")}})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: there is nobody on the roster", file)
	}
	return list, nil
}
