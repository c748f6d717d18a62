package care

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/recipient"
	"miic/reports/roster"
)

// A Column is a column of a sender's list of members: the sender's name of it, and how the sender writes what is in it.
type Column struct {
	Name   string
	Pieces []Piece           // usually one
	After  string            // behind the last piece
	Dates  string            // the form of dates, such as MM/DD/YYYY
	Words  map[string]string // the sender's, for ours
}

// A Piece is a field of the registry, and what separates it from the piece before.
type Piece struct {
	Before, Field string
	Optional      bool // where it is empty, so is what separates it
}

// memberRow is an entry of a plan's list, with one dose of the member.
type memberRow struct {
	Sender   string     `col:"sender" doc:"the plan"`
	BatchID  string     `col:"batch_id" doc:"the list"`
	Layout   string     `col:"layout" doc:"the list's layout"`
	Line     int64      `col:"line" doc:"line of the list"`
	Covered  bool       `col:"covered" doc:"a member tonight"`
	ClientID int64      `col:"client_id,null" doc:"the person"`
	DoseID   string     `col:"immunization_id,null" doc:"the dose"`
	GivenOn  table.Date `col:"administered_on" doc:"day"`
	CVX      int16      `col:"cvx,null" doc:"product"`
	MVX      string     `col:"mvx,null" doc:"manufacturer"`
	Lot      string     `col:"lot,null" doc:"lot number"`
	Reported bool       `col:"historical,null" doc:"nobody reports to have given it"`

	ListID1      string     `col:"list_id_1" doc:""`
	ListID2      string     `col:"list_id_2,null" doc:""`
	ListID3      string     `col:"list_id_3,null" doc:""`
	ListID4      string     `col:"list_id_4,null" doc:""`
	ListID5      string     `col:"list_id_5,null" doc:""`
	ListID6      string     `col:"list_id_6,null" doc:""`
	LastName     string     `col:"last_name,null" doc:""`
	FirstName    string     `col:"first_name,null" doc:""`
	MiddleName   string     `col:"middle_name,null" doc:""`
	BirthDate    table.Date `col:"birth_date" doc:""`
	Sex          string     `col:"sex,null" doc:""`
	Address1     string     `col:"address_1,null" doc:""`
	Address2     string     `col:"address_2,null" doc:""`
	City         string     `col:"city,null" doc:""`
	State        string     `col:"state,null" doc:""`
	ZIP          string     `col:"zip,null" doc:""`
	CountyFIPS   string     `col:"county_fips,null" doc:""`
	MedicaidID   string     `col:"medicaid_id,null" doc:""`
	CoveredFrom  table.Date `col:"covered_from" doc:""`
	CoveredUntil table.Date `col:"covered_until" doc:""`
}

// cell is a column, as the plan wrote it.
func (m *memberRow) cell(c Column) string {
	text, known := "", false
	for _, p := range c.Pieces {
		value := m.value(p.Field, c.Dates)
		if word, ok := c.Words[value]; ok {
			value = word
		}
		if value != "" || !p.Optional {
			text += p.Before + value
		}
		known = known || value != ""
	}
	if !known {
		return ""
	}
	return text + c.After
}

func (m *memberRow) value(field, dates string) string {
	switch field {
	case "birth_date":
		return InForm(m.BirthDate, dates)
	case "covered_from":
		return InForm(m.CoveredFrom, dates)
	case "covered_until":
		return InForm(m.CoveredUntil, dates)
	}
	return map[string]string{"list_id_1": m.ListID1, "list_id_2": m.ListID2, "list_id_3": m.ListID3,
		"list_id_4": m.ListID4, "list_id_5": m.ListID5, "list_id_6": m.ListID6, "last_name": m.LastName, "first_name": m.FirstName,
		"middle_name": m.MiddleName, "sex": m.Sex, "address_1": m.Address1, "address_2": m.Address2, "city": m.City,
		"state": m.State, "zip": m.ZIP, "county": m.CountyFIPS, "medicaid_id": m.MedicaidID}[field]
}

// InForm is a day in a form that layouts name, such as M/D/YYYY.
func InForm(day table.Date, form string) string {
	y, m, d := day.YMD()
	switch {
	case day == 0:
		return ""
	case form == "M/D/YYYY":
		return fmt.Sprintf("%d/%d/%04d", m, d, y)
	case form == "MMDDYYYY":
		return fmt.Sprintf("%02d%02d%04d", m, d, y)
	case form == "YYYYMMDD", form == "HL7":
		return fmt.Sprintf("%04d%02d%02d", y, m, d)
	}
	return day.String()
}

// answerColumns follow the plan's own columns.
var answerColumns = []string{"result", "dose_date", "cvx", "mvx", "lot", "dose_source"}

// What became of an entry of a list. Of somebody who appears in no output nothing may be known: it is as if the
// registry did not know the person.
const (
	found      = "found"
	notFound   = "not found"
	notCovered = "not covered tonight"
)

// planList is a list of members that a plan has sent.
type planList struct {
	Sender     string     `col:"sender" doc:"the plan"`
	BatchID    string     `col:"batch_id" doc:"the delivery"`
	Snapshot   int64      `col:"snapshot" doc:"the night that took it in"`
	Layout     string     `col:"layout" doc:"its layout"`
	ReceivedOn table.Date `col:"received_on" doc:"when it came"`
	Answered   bool       `col:"answered" doc:"a night has answered it"`
}

// answerDays is how long a list waits for a night that can answer it: after that it says too little of who is a member.
const answerDays = 31

// silentDays is after how long without a list the page names the plan: most send one a month.
const silentDays = 45

// NoList is the kind of the notes about plans that have an agreement and send no list of members.
const NoList = "no list of members"

// writePlans answers the lists of plans that no night has answered, as one on which nothing could be published: each
// member with a row for each dose, or one that has none.
func writePlans(ctx context.Context, w *writer, c Config) error {
	lists, err := openLists(ctx, w, c)
	if err != nil || len(lists) == 0 {
		return err
	}
	if err := w.run.View(ctx, table.RosterEntries); err != nil {
		return err
	}
	if err := findMembers(ctx, w.run.Engine); err != nil {
		return err
	}
	answers := &answers{w: w, columns: c.Lists}
	for _, l := range lists {
		answers.log = append(answers.log, table.AnsweredList{BatchID: l.BatchID, Sender: l.Sender, Snapshot: w.run.Snapshot,
			AnsweredOn: w.run.AsOf})
	}
	if err := engine.Stream(ctx, w.run.Engine, queries.Get("member", "as_of", w.run.AsOf), answers.add); err != nil {
		return err
	}
	if err := answers.write(); err != nil {
		return err
	}
	return pipeline.Write(w.run, table.AnsweredLists, answers.log)
}

// openLists makes care_list of the lists that are to be answered, and notes which plans send none.
func openLists(ctx context.Context, w *writer, c Config) ([]planList, error) {
	type named struct {
		Name string `col:"name" doc:"a plan, or a layout"`
	}
	of := func(names []string) (list []named) {
		for _, name := range names {
			list = append(list, named{name})
		}
		return list
	}
	plans := w.of(recipient.Plans)
	if len(plans) == 0 {
		return nil, nil
	}
	if err := engine.Load(ctx, w.run.Engine, "care_plan", of(plans)); err != nil {
		return nil, err
	}
	if err := engine.Load(ctx, w.run.Engine, "care_layout", of(slices.Sorted(maps.Keys(c.Lists)))); err != nil {
		return nil, err
	}
	if err := w.run.View(ctx, table.Batches); err != nil {
		return nil, err
	}
	if err := w.run.ViewPrior(ctx, table.AnsweredLists); err != nil {
		return nil, err
	}
	lists, err := engine.Rows[planList](ctx, w.run.Engine, queries.Get("plan_list"))
	if err != nil {
		return nil, err
	}
	newest := map[string]table.Date{}
	for _, l := range lists {
		newest[l.Sender] = max(newest[l.Sender], l.ReceivedOn)
	}
	for _, plan := range plans {
		if last, sent := newest[plan]; !sent || w.run.AsOf-last > silentDays {
			w.noteNoList(plan, last)
		}
	}
	lists = slices.DeleteFunc(lists, func(l planList) bool { return l.Answered || w.run.AsOf-l.ReceivedOn > answerDays })
	return lists, engine.Load(ctx, w.run.Engine, "care_list", lists)
}

func (w *writer) noteNoList(plan string, last table.Date) {
	since := "it has never sent a list of its members"
	if last != 0 {
		since = fmt.Sprintf("its last list of members is of %s", last)
	}
	w.run.Note(pipeline.Note{Kind: NoList, Sender: plan, Text: fmt.Sprintf("plan %s gets no file: %s. Ask it for a list "+
		"in the layout plan-roster, or in its own that makes roster, and name that under its files in miic.yaml",
		plan, since)})
}

// member is an entry of a list that its number does not find.
type member struct {
	EntryID string `col:"entry_id" doc:"the entry"`
	roster.Identity
}

// candidate is somebody who was born on the day of such an entry.
type candidate struct {
	ClientID int64 `col:"client_id" doc:"the person"`
	roster.Identity
}

// findMembers makes care_member of who the entries are about: found by the plan's own number, else by name, birth date
// and ZIP code. Whoever may not be shown is among them.
func findMembers(ctx context.Context, e *engine.Engine) error {
	if err := e.Materialize(ctx, "care_numbered", queries.Get("numbered")); err != nil {
		return err
	}
	if err := e.Materialize(ctx, "care_unnumbered", queries.Get("unnumbered")); err != nil {
		return err
	}
	var ids []string
	var entries []roster.Identity
	if err := engine.Stream(ctx, e, "SELECT * FROM care_unnumbered ORDER BY entry_id", func(m *member) error {
		ids, entries = append(ids, m.EntryID), append(entries, m.Identity)
		return nil
	}); err != nil {
		return err
	}
	finder := roster.New(roster.ZIPAgrees, entries)
	if err := engine.Stream(ctx, e, queries.Get("candidate"), func(c *candidate) error {
		finder.Offer(c.ClientID, &c.Identity)
		return nil
	}); err != nil {
		return err
	}
	type found struct {
		EntryID  string `col:"entry_id" doc:"the entry"`
		ClientID int64  `col:"client_id" doc:"the person"`
	}
	var named []found
	for i, id := range ids {
		if client := finder.Found(i); client != 0 {
			named = append(named, found{id, client})
		}
	}
	if err := engine.Load(ctx, e, "care_named", named); err != nil {
		return err
	}
	return e.Materialize(ctx, "care_member", queries.Get("found_member"))
}

// answers writes a file for each list, from rows in the order of the lists and their lines.
type answers struct {
	w       *writer
	columns map[string][]Column
	log     []table.AnsweredList
	list    []line
	now     memberRow // the row before
}

func (a *answers) add(m *memberRow) error {
	if a.now.BatchID != m.BatchID || a.now.Sender != m.Sender {
		if err := a.write(); err != nil {
			return err
		}
		a.now = memberRow{}
	}
	same := a.now.BatchID != "" && a.now.Line == m.Line
	a.now = *m
	if !same {
		a.count(m)
	} else if !m.Covered {
		return nil // one row is enough
	}
	a.list = append(a.list, m.answer(a.columns[m.Layout]))
	return nil
}

// count adds an entry to what is kept of its list.
func (a *answers) count(m *memberRow) {
	for i := range a.log {
		if l := &a.log[i]; l.BatchID == m.BatchID && l.Sender == m.Sender {
			l.Entries++
			if m.Covered && m.ClientID != 0 {
				l.Found++
			}
		}
	}
}

func (a *answers) write() error {
	if len(a.list) == 0 {
		return nil
	}
	var header []string
	for _, column := range a.columns[a.now.Layout] {
		header = append(header, column.Name)
	}
	folder := recipient.Folder(recipient.Plans, a.now.Sender)
	err := a.w.file(folder, "members-"+a.now.BatchID+".csv", append(header, answerColumns...), a.list)
	a.list = nil
	return err
}

// answer is a row of the answer.
func (m *memberRow) answer(columns []Column) line {
	var cells []string
	for _, c := range columns {
		cells = append(cells, m.cell(c))
	}
	switch {
	case !m.Covered:
		return line{cells: append(cells, notCovered, "", "", "", "", "")}
	case m.ClientID == 0:
		return line{cells: append(cells, notFound, "", "", "", "", "")}
	case m.DoseID == "":
		return line{client: m.ClientID, cells: append(cells, found, "", "", "", "", "")}
	}
	form := ""
	for _, c := range columns {
		form = c.Dates // one for all of a layout
	}
	return line{client: m.ClientID, cells: append(cells, found, InForm(m.GivenOn, form),
		fmt.Sprintf("%02d", m.CVX), m.MVX, m.Lot, source(m.Reported))}
}

// source is who reports a dose.
func source(historical bool) string {
	if historical {
		return "reported"
	}
	return "given"
}
