package school

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/privacy"
	"miic/reports/recipient"
)

// NightConfig is what the stage gets.
type NightConfig struct {
	Config
	Recipients recipient.Book
}

// Reads are the tables that the stage reads.
var Reads = []string{"client", "client_link", "standard_record", "restriction", "death_match", "immunization", "forecast",
	"vaccination_event", "batch", "roster_entry"}

// Prior are those that it reads of the night before, and Writes those that it adds to.
var (
	Prior  = []string{"answered_list"}
	Writes = []string{"disclosure", "answered_list"}
)

// Run answers every roster of a school that no night has answered, into schools/<sender>/. One of a school that nobody may
// hand data to, or of a night on which nothing about persons is written, is named, and waits for 31 days.
func Run(ctx context.Context, r *pipeline.Run, c NightConfig) error {
	if err := r.View(ctx, table.RosterEntries, table.Batches); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.AnsweredLists); err != nil {
		return err
	}
	if err := r.Engine.Materialize(ctx, "school_open", queries.Get("open_roster", "as_of", r.AsOf)); err != nil {
		return err
	}
	if n, err := r.Engine.Int(ctx, "SELECT count(*) FROM school_open"); n == 0 || err != nil {
		return err
	}
	var lists [][]table.RosterEntry
	batch := func(e *table.RosterEntry) string { return e.Sender + "/" + e.BatchID }
	if err := engine.Groups(ctx, r.Engine, queries.Get("student"), batch, func(list []table.RosterEntry) error {
		lists = append(lists, slices.Clone(list))
		return nil
	}); err != nil || len(lists) == 0 {
		return err
	}
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	if err := View(ctx, r.Engine, r.Files); err != nil {
		return err
	}
	var all []table.Disclosure
	var answered []table.AnsweredList
	for _, list := range lists {
		folder := recipient.Folder(recipient.Schools, list[0].Sender)
		to, why := c.Recipients.For(folder, r.AsOf)
		if len(unread) > 0 {
			to, why = nil, "requests of families are unread; it is answered once they are read"
		}
		if to == nil {
			r.Count("rosters_unanswered", 1)
			r.Note(pipeline.Note{Kind: recipient.NotReceived, Text: fmt.Sprintf("roster %s of %s is not answered: %s", list[0].BatchID,
				list[0].Sender, why)})
			continue
		}
		disclosed, err := answer(ctx, r, c, to, folder, list)
		if err != nil {
			return fmt.Errorf("roster %s of %s: %w", list[0].BatchID, list[0].Sender, err)
		}
		all = append(all, disclosed...)
		answered = append(answered, table.AnsweredList{BatchID: list[0].BatchID, Sender: list[0].Sender, Snapshot: r.Snapshot,
			AnsweredOn: r.AsOf, Entries: int64(len(list)), Found: int64(len(disclosed))})
	}
	if len(answered) > 0 {
		if err := pipeline.Write(r, table.AnsweredLists, answered); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return nil // a log gains a file only with rows in it
	}
	slices.SortFunc(all, func(a, b table.Disclosure) int {
		return cmp.Or(cmp.Compare(a.Output, b.Output), cmp.Compare(a.ClientID, b.ClientID))
	})
	return pipeline.Write(r, table.Disclosures, all)
}

// answer writes one roster's files.
func answer(ctx context.Context, r *pipeline.Run, c NightConfig, to *recipient.Recipient, folder string,
	students []table.RosterEntry) ([]table.Disclosure, error) {
	list, err := Find(ctx, r.Engine, c.Config, Roster{Place(to), students}, nil, r.AsOf)
	if err != nil {
		return nil, err
	}
	roster := students[0].BatchID
	if lines := UnreadStatements(list); len(lines) > 0 {
		r.Note(pipeline.Note{Kind: "warning", Text: fmt.Sprintf("roster %s of %s: in %s, the first line %d, %s", students[0].BatchID,
			students[0].Sender, prose.Count(int64(len(lines)), "line", "lines"), lines[0], UnreadStatement)})
	}
	issue := Issue{To: to, Roster: roster, Day: r.AsOf,
		Path: func(name string) (string, error) { return r.OutPath(folder + "/" + name) }}
	if err := Write(list, c.Config, issue); err != nil {
		return nil, err
	}
	var rows []table.Disclosure
	for _, id := range People(list) {
		rows = append(rows, to.Disclose(r.Snapshot, folder+"/"+StudentsFile+"-"+roster+".csv", id))
	}
	r.Count("rosters", 1)
	r.Count("students", int64(len(list)))
	r.Count("students_matched", int64(len(rows)))
	return rows, nil
}

// Place is whose law holds for a recipient's students.
func Place(to *recipient.Recipient) string {
	if to.ChildCare() {
		return ForChildCare
	}
	return ForSchool
}
