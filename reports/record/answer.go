package record

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"

	"miic/internal/engine"
	"miic/internal/household"
	"miic/internal/name"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/letter"
	"miic/reports/privacy"
)

// Folder is where below out/ the night's records lie.
const Folder = "records"

// Config is what the stage gets.
type Config struct {
	Records Settings
	Mail    *letter.Mail
	Given   []string // requests that operators have answered
}

// Reads and Prior are what the stage reads.
var (
	Reads = []string{"client", "immunization", "dose_evaluation", "observation", "client_link", "forecast", "restriction", "schedule_line",
		"request", "access_match", "client_history", "standard_record", "death_match", "batch"}
	Prior = []string{"record_answer"}
)

// The states of a request for a record.
const (
	Answered = "answered"
	Given    = "given"
	Waits    = "waits"
)

// askedRow is a request and a person whom it may name.
type askedRow struct {
	RequestID  string     `col:"request_id" doc:"the request"`
	ReceivedOn table.Date `col:"received_on" doc:"day it came"`
	Relation   string     `col:"relation,null" doc:"who asks"`
	Maiden     string     `col:"mother_maiden,null" doc:"as written"`
	Address    string     `col:"address_1,null" doc:"as written"`
	ZIP        string     `col:"zip,null" doc:"as written"`
	ClientID   int64      `col:"client_id,null" doc:"the person"`
	Sure       bool       `col:"sure" doc:"surely"`
	Birth      table.Date `col:"birth_date" doc:"the person's"`
	KeptApart  bool       `col:"kept_apart" doc:"restricted, or possibly"`
	Deceased   bool       `col:"deceased" doc:"has died, or may have"`
}

type knownRow struct {
	ClientID int64  `col:"client_id" doc:"the person"`
	Address  string `col:"address_1,null" doc:"of now or before"`
	ZIP      string `col:"zip,null" doc:"its ZIP code"`
	Maiden   string `col:"mother_maiden,null" doc:"in ASCII capitals"`
}

// adult is the age, in years, from which on a record is a person's own to ask for.
const adult = 18

// decide says whether a request may be answered by the night, and if not, why it waits for an operator. A file's own
// claims unlock nothing: what counts is that the registry knows the same by others.
func decide(rows []askedRow, known []knownRow, asOf table.Date) (answered bool, reason string) {
	q := rows[0]
	grown := q.Birth.AddMonths(12*adult) <= asOf
	switch {
	case q.ClientID == 0:
		return false, "nobody"
	case len(rows) > 1:
		return false, "several"
	case !q.Sure:
		return false, "unsure"
	case q.KeptApart:
		return false, "kept_apart"
	case q.Deceased:
		return false, "deceased"
	case q.Birth == 0, grown != (q.Relation == "self"), !grown && q.Relation == "":
		return false, "relation"
	}
	maiden, home := name.ASCII(q.Maiden), household.Address(q.Address, q.ZIP)
	for _, k := range known {
		switch {
		case maiden != "" && maiden == name.ASCII(k.Maiden):
			return true, "mother_maiden"
		case home != "" && home == household.Address(k.Address, k.ZIP):
			reason = "address"
		}
	}
	return reason != "", cmp.Or(reason, "identity")
}

// Answer answers the requests for records that surely name one person who is known to be the one who asks, each once; the
// others wait for an operator. While a file of requests is unread none is answered.
func Answer(ctx context.Context, r *pipeline.Run, c Config) error {
	before, err := table.ReadAll[table.RecordAnswer](r.PriorFiles(table.RecordAnswers.Name))
	if err != nil {
		return err
	}
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	if len(unread) > 0 {
		return writeAnswers(r, before, nil)
	}
	answers, err := decideAll(ctx, r, c, before)
	if err != nil {
		return err
	}
	list, err := issueAll(ctx, r, c, answers)
	if err != nil {
		return err
	}
	return writeAnswers(r, answers, disclosures(r, c, list, answers))
}

// decideAll goes through the requests. What was answered stays so; what was answered today already is written again, so that
// the folder of the day is whole.
func decideAll(ctx context.Context, r *pipeline.Run, c Config, before []table.RecordAnswer) ([]table.RecordAnswer, error) {
	if err := View(ctx, r.Engine, r.Files); err != nil {
		return nil, err
	}
	if err := r.ViewLatest(ctx, table.Requests); err != nil {
		return nil, err
	}
	if err := r.View(ctx, table.AccessMatches, table.ClientHistories, table.StandardRecords, table.DeathMatches); err != nil {
		return nil, err
	}
	known := map[int64][]knownRow{}
	if err := engine.Stream(ctx, r.Engine, queries.Get("known"), func(k *knownRow) error {
		known[k.ClientID] = append(known[k.ClientID], *k)
		return nil
	}); err != nil {
		return nil, err
	}
	of := map[string]table.RecordAnswer{}
	for _, a := range before {
		of[a.RequestID] = a
	}
	var answers []table.RecordAnswer
	request := func(q *askedRow) string { return q.RequestID }
	err := engine.Groups(ctx, r.Engine, queries.Get("request"), request, func(rows []askedRow) error {
		id := rows[0].RequestID
		a := table.RecordAnswer{RequestID: id, State: Waits}
		switch old := of[id]; {
		case slices.Contains(c.Given, id):
			a.State, a.Reason = Given, "operator"
		case old.State == Answered && old.AnsweredOn < r.AsOf:
			a = old
		default:
			if ok, why := decide(rows, known[rows[0].ClientID], r.AsOf); !ok {
				a.Reason = why
			} else if !c.Mail.Sends() {
				a.Reason = "office"
			} else if c.Records.Fault != "" {
				a.Reason = "key"
			} else {
				a.State, a.Reason, a.ClientID, a.AnsweredOn = Answered, why, rows[0].ClientID, r.AsOf
			}
		}
		r.Count("record_requests_"+a.State, 1)
		answers = append(answers, a)
		return nil
	})
	return answers, err
}

// issueAll writes the records that are answered with tonight, and notes their codes in the answers.
func issueAll(ctx context.Context, r *pipeline.Run, c Config, answers []table.RecordAnswer) ([]*Record, error) {
	var ids []int64
	for _, a := range answers {
		if a.State == Answered && a.AnsweredOn == r.AsOf {
			ids = append(ids, a.ClientID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	list, err := Read(ctx, r.Engine, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	of := map[int64]*Record{}
	for _, one := range list {
		if err := one.Issue(Issue{Mail: c.Mail, On: r.AsOf, AsOf: r.AsOf}); err != nil {
			return nil, err
		}
		of[one.RegistryID] = one
	}
	for i := range answers {
		if a := &answers[i]; a.State == Answered && a.AnsweredOn == r.AsOf {
			a.Code = of[a.ClientID].Code
		}
	}
	dir, err := r.OutPath(Folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	files, err := c.Records.Write(ctx, dir, list, c.Mail.Catalog)
	if boxes := Boxes(files); boxes > 0 {
		r.Count("record_letters_as_boxes", boxes)
		r.Note(pipeline.Note{Kind: "warning", Text: prose.Count(boxes, "letter of tonight's records that the fonts lack is drawn as a box",
			"letters of tonight's records that the fonts lack are drawn as boxes") +
			fmt.Sprintf(": %s/%s names the records; write the names in by hand", Folder, Manifest)})
	}
	return list, err
}

// disclosures are one line for each person and request that is answered tonight.
func disclosures(r *pipeline.Run, c Config, list []*Record, answers []table.RecordAnswer) []table.Disclosure {
	var rows []table.Disclosure
	for _, one := range list {
		d := table.Disclosure{Snapshot: r.Snapshot, Output: fmt.Sprintf("%s/record-%d", Folder, one.RegistryID), ClientID: one.RegistryID,
			Recipient: "the person", Kind: "person or guardian", Basis: c.Records.Basis, Purpose: "own record"}
		for _, a := range answers {
			if a.ClientID == one.RegistryID && a.State == Answered && a.AnsweredOn == r.AsOf {
				d.Purpose += ", request " + a.RequestID
			}
		}
		rows = append(rows, d)
	}
	return rows
}

func writeAnswers(r *pipeline.Run, answers []table.RecordAnswer, rows []table.Disclosure) error {
	waiting := int64(0)
	for _, a := range answers {
		if a.State == Waits {
			waiting++
		}
	}
	if waiting > 0 {
		r.Note(pipeline.Note{Kind: "warning", Text: prose.Count(waiting, "request for a record waits",
			"requests for records wait") + " for an operator: 'miic history requests' names them"})
	}
	if len(rows) > 0 { // a night that discloses nothing adds nothing to the log
		slices.SortFunc(rows, func(a, b table.Disclosure) int { return cmp.Compare(a.Output, b.Output) })
		if err := pipeline.Write(r, table.Disclosures, rows); err != nil {
			return err
		}
	}
	return pipeline.Write(r, table.RecordAnswers, answers)
}
