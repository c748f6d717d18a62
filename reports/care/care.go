// Package care writes the lists for those who care for a person:
//
//	clinics/<clinic>/due.csv      its active patients who need a vaccine, with what the next visit can give
//	clinics/<clinic>/doses.csv    doses of the last year that it gave too early, or that were one too many
//	clinics/<clinic>/left.csv     who has left it in the last year, and why
//	clinics/<clinic>/rates.csv    how many of its active patients meet each measure that clinics are assessed by
//	clinics/<clinic>/assessment.csv  these patients, and which doses each lacks
//	clinics/<clinic>/summary.csv  how many of each
//	plans/<plan>/<list>           a plan's list of members, answered: its own columns, and the doses of each
//	states/<state>/residents.csv  residents of another state, with their doses, for that state
//
// A clinic's lists come as workbooks too, and the others where the recipient's entry says xlsx.
// A list is written only for who has an entry that receives it, under an agreement that holds; nothing is, while a file
// of families' requests is unread. Nobody who appears in no output, has died or may have, is in any. Each file has one
// disclosure a person in it.
package care

import (
	"cmp"
	"context"
	"embed"
	"iter"
	"path"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/privacy"
	"miic/reports/recipient"
	"miic/reports/status"
	"miic/reports/xlsxfile"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what the lists are made by.
type Config struct {
	Groups         []string // vaccine groups that put somebody on a clinic's list
	Beside         []string // named beside them
	WindowDays     int      // a dose recommended by so many days from tonight is due
	OldestAge      int      // completed years of the oldest on a clinic's list
	AssumedSeasons bool     // groups are named though no schedule has their season
	Mergers        []status.Merger
	Assessed       []Assessed          // measures that clinics are assessed by
	Lists          map[string][]Column // the columns of plans' lists of members, by layout, in their order
	Recipients     recipient.Book
}

// Run writes all lists that somebody may receive tonight.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	if len(unread) > 0 {
		r.Count("withheld", 1)
		return nil
	}
	w := &writer{run: r, open: map[string]*recipient.Recipient{}}
	for _, output := range c.received() {
		if who, _ := c.Recipients.For(output, r.AsOf); who != nil {
			w.open[output] = who
		}
	}
	if len(w.open) == 0 {
		return nil
	}
	if err := view(ctx, r, c); err != nil {
		return err
	}
	for _, write := range []func(context.Context, *writer, Config) error{writeClinics, writePlans, writeStates} {
		if err := write(ctx, w, c); err != nil {
			return err
		}
	}
	return w.disclose()
}

// received are the outputs of this package that an entry names, in their order.
func (c *Config) received() []string {
	var list []string
	for _, r := range c.Recipients.Recipients {
		for _, output := range r.Receives {
			if kind, _, _ := strings.Cut(output, "/"); slices.Contains(folders, kind) {
				list = append(list, output)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

var folders = []string{recipient.Clinics, recipient.Plans, recipient.States}

// view makes what all lists read known to the engine.
func view(ctx context.Context, r *pipeline.Run, c Config) error {
	if err := status.View(ctx, r, c.Mergers, table.Clients, table.Immunizations); err != nil {
		return err
	}
	if err := r.View(ctx, table.PatientStatuses, table.DeathMatches, table.Restrictions, table.ClientRecords,
		table.ClientLinks); err != nil {
		return err
	}
	return privacy.Shown(ctx, r.Engine)
}

// writer writes files, and remembers who is in them.
type writer struct {
	run         *pipeline.Run
	open        map[string]*recipient.Recipient // who receives what, by folder
	disclosures []table.Disclosure
}

// of lists the regions, clinics and so on of a kind of folder that somebody receives, in their order.
func (w *writer) of(kind string) []string {
	var list []string
	for folder := range w.open {
		if first, name, _ := strings.Cut(folder, "/"); first == kind {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// A line is a row of a file, and the person whom it is about; 0 where it is about nobody.
type line struct {
	client int64
	cells  []string
}

// file writes a file of a folder, with a disclosure for each person in it.
func (w *writer) file(folder, name string, header []string, lines []line) error {
	output := path.Join(folder, name)
	to, err := w.run.OutPath(output)
	if err != nil {
		return err
	}
	people := map[int64]bool{}
	kind, _, _ := strings.Cut(folder, "/")
	write := w.open[folder].CSV.Style().Write
	if kind == recipient.Clinics || w.open[folder].XLSX {
		write = func(path string, header []string, rows iter.Seq[[]string]) error {
			return xlsxfile.Beside(w.open[folder].CSV.Style(), path, header, rows)
		}
	}
	err = write(to, header, func(yield func([]string) bool) {
		for _, l := range lines {
			if l.client != 0 && !people[l.client] {
				people[l.client] = true
				w.disclosures = append(w.disclosures, w.open[folder].Disclose(w.run.Snapshot, output, l.client))
			}
			if !yield(l.cells) {
				return
			}
		}
	})
	w.run.Count("files", 1)
	w.run.Count("people_listed", int64(len(people)))
	return err
}

func (w *writer) disclose() error {
	if len(w.disclosures) == 0 {
		return nil // a log gains a file only with rows in it
	}
	slices.SortFunc(w.disclosures, func(a, b table.Disclosure) int {
		return cmp.Or(cmp.Compare(a.Output, b.Output), cmp.Compare(a.ClientID, b.ClientID))
	})
	return pipeline.Write(w.run, table.Disclosures, w.disclosures)
}

// Reads are the tables that the lists are made of.
var Reads = []string{"client", "restriction", "death_match", "patient_status", "immunization", "dose_evaluation",
	"forecast", "client_record", "client_link", "measure_result", "not_counted", "notice", "open_notice", "notice_result",
	"batch", "roster_entry"}

// Prior are the tables of the night before that the lists are made of.
var Prior = []string{"answered_list"}

// Writes are the tables that keep what was written.
var Writes = []string{"disclosure", "answered_list"}
