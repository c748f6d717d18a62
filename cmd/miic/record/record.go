// Package record has the commands about official immunization records: to issue and to check them, and the key that signs
// them.
package record

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/engine"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports"
	"miic/reports/csvfile"
	"miic/reports/letter"
	"miic/reports/recipient"
	"miic/reports/record"
	"miic/reports/school"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// order is what was asked for.
type order struct {
	list, to, reason, out, language string
	request, checked                string
	grade                           string
	historyOnly                     bool
}

// History is miic history.
func History(a *shell.App) *cobra.Command {
	var o order
	cmd := &cobra.Command{
		Use:   "history ID... | --list FILE",
		Short: "Issue official immunization records",
		Long: `Issue the official immunization record of each person named, by registry number: on paper
(PDF), as rows (CSV), as a document (JSON) and, where the site has a key, as a SMART Health
Card, into a new folder with a manifest. A list is a file with a number a line, or a CSV
file with the column registry_id.

Records for an organisation (--for) leave out whoever has opted out, is locked or has died.
A number of which no record can be issued is named, and the others go on; the command then
ends with 3.

With --grade a record for a school says what the law asks of the grade, in the law's order, and how
the person is placed, as if enrolled today; PK is child care, and what is below kindergarten.

A person's own record (--own-request) is issued also to somebody who is opted out or locked:
for one number, by an operator who has made sure who asks. A sealed identity has none.
Requester, law, purpose, operator and reason are kept with each disclosure, which is
recorded before the folder is there.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitIncomplete, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic history 1204 --for elm-clinic --reason "new patient" --out records-1204
  miic history --list camp.csv --for state --history-only --reason "summer camp" --out camp
  miic history 1204 --for elm-school --grade K --reason "kindergarten" --out records-1204
  miic history 1204 --own-request families/R2026-0412 --identity-checked "birth certificate at the desk" \
    --reason "asked for a copy" --language es --out own-1204`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return issue(cmd.Context(), a, &o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.list, "list", "", "`file` of registry numbers")
	f.StringVar(&o.to, "for", "", "who receives them: the `id` of a recipient's entry")
	f.StringVar(&o.request, "own-request", "", "the `request` of the person, or of a parent, for the record")
	f.StringVar(&o.checked, "identity-checked", "", "with --own-request: `how` you have made sure who asks")
	f.StringVar(&o.reason, "reason", "", "why, in words; kept with the disclosure")
	f.StringVar(&o.out, "out", "", "the `folder` to make")
	f.StringVar(&o.language, "language", "", "`code` of the language (default English; of an own record the household's)")
	f.BoolVar(&o.historyOnly, "history-only", false, "without what is recommended, as a school may want it")
	f.StringVar(&o.grade, "grade", "", "with what the law asks of this `grade`: PK, K or 1 to 12")
	cmd.AddCommand(verifyCommand(a), requestsCommand(a))
	return cmd
}

// refused is a number of which no record is issued.
type refused struct {
	Where  string `json:"where"` // the number, or file and line
	Reason string `json:"reason"`
}

// issue issues records.
func issue(ctx context.Context, a *shell.App, o *order, args []string) error {
	numbers, no, err := o.numbers(args)
	if err != nil {
		return err
	}
	d, err := o.open(ctx, a)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := o.ready(&d.Config.Reports); err != nil {
		return err
	}
	on, err := shell.Today(d.Config)
	if err != nil {
		return err
	}
	if err := record.View(ctx, d.Engine, d.Lake.FilesOf(d.Night)); err != nil {
		return err
	}
	var ids []int64
	for _, n := range numbers {
		ids = append(ids, n.id)
	}
	slices.Sort(ids)
	read, err := record.Read(ctx, d.Engine, slices.Compact(ids))
	if err != nil {
		return err
	}
	list, more := o.allowed(d, numbers, read)
	no = append(no, more...)
	if o.request != "" && len(list) == 1 {
		if err := o.sameBirth(ctx, d, list[0]); err != nil {
			return err
		}
	}
	list, more, err = o.require(ctx, d, list, on)
	if err != nil {
		return err
	}
	no = append(no, more...)
	var made []record.File
	if len(list) > 0 {
		if made, err = o.write(ctx, d, list, on); err != nil {
			return err
		}
	}
	return o.tell(a, d, list, made, no)
}

// A number is asked for: where it stands is for messages.
type number struct {
	id    int64
	where string
}

// numbers reads what is asked for, and names what is no number.
func (o *order) numbers(args []string) ([]number, []refused, error) {
	if (len(args) == 0) == (o.list == "") {
		return nil, nil, shell.UsageError("name either registry numbers or --list FILE")
	}
	if o.out == "" {
		return nil, nil, shell.UsageError("name the folder to make with --out FOLDER")
	}
	var list []number
	var no []refused
	add := func(where, text string) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			list = append(list, number{id, where})
		} else {
			no = append(no, refused{where, "it is no registry number: that is a number, as in table client"})
		}
	}
	for _, text := range args {
		add(text, text)
	}
	if o.list != "" {
		if err := readList(o.list, add); err != nil {
			return nil, nil, shell.UsageError("%w", err)
		}
	}
	if o.request != "" && len(list)+len(no) != 1 {
		return nil, nil, shell.UsageError("an own request is about one person: name one registry number")
	}
	return list, no, nil
}

// readList reads a file of registry numbers: one a line, or a CSV file with the column registry_id.
func readList(path string, add func(where, text string)) error {
	file := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot read the list %s: %s", file, prose.Cause(err))
	}
	defer f.Close()
	r := csvfile.Reader(f)
	r.FieldsPerRecord = -1
	column, found := 0, false
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s cannot be read as text with commas: save it as CSV again", file)
		}
		line, _ := r.FieldPos(0)
		if line == 1 {
			if at := slices.Index(cells, "registry_id"); at >= 0 {
				column = at
				continue
			}
			if len(cells) > 1 {
				return fmt.Errorf("%s:1: there is no column registry_id: name it so in the header, or write a number a line", file)
			}
		}
		found = true
		text := ""
		if column < len(cells) {
			text = strings.TrimSpace(cells[column])
		}
		add(fmt.Sprintf("%s:%d", file, line), text)
	}
	if !found {
		return fmt.Errorf("%s: there is nobody on the list", file)
	}
	return nil
}

// open opens HEAD for a recipient, or for the person.
func (o *order) open(ctx context.Context, a *shell.App) (*shell.OnDemand, error) {
	switch {
	case (o.to == "") == (o.request == ""):
		return nil, shell.UsageError("say who receives the record: --for RECIPIENT, or --own-request REQUEST")
	case o.to != "" && o.checked != "":
		return nil, shell.UsageError("--identity-checked is about a person's own request: name it with --own-request")
	case o.to != "":
		return shell.OpenOnDemand(ctx, a, recipient.Records, o.to, o.reason, 0)
	}
	return shell.OpenOwnRequest(ctx, a, recipient.Records, o.reason, shell.OwnRequest{Request: o.request, Checked: o.checked})
}

// ready refuses what nobody issues, a key that cannot sign, and a language that nobody has approved.
func (o *order) ready(c *reports.Config) error {
	s, mail := &c.Records, c.Mail
	if err := c.Sendable(); err != nil {
		return shell.UsageError("no record is issued: %w", err)
	}
	if !mail.Sends() {
		return shell.UsageError("nobody issues records: offices.csv beside the configuration says who does (docs/letters.md)")
	}
	if s.Fault != "" {
		return shell.UsageError("no record is issued: %s", s.Fault)
	}
	if o.grade != "" && !slices.Contains(school.Grades, o.grade) {
		return shell.UsageError("--grade %s: the grades are %s", strconv.Quote(o.grade), strings.Join(school.Grades, ", "))
	}
	if o.language != "" {
		if code, _, _ := mail.Catalog.Record(o.language); code != letter.Language(o.language) {
			return shell.UsageError("records in %q are not approved, or there are no words for them: 'miic recall templates' shows both",
				o.language)
		}
	}
	return nil
}

// allowed are the records that may be issued; the others are named. Who may not be shown is not told apart from who is
// not known.
func (o *order) allowed(d *shell.OnDemand, numbers []number, read []*record.Record) ([]*record.Record, []refused) {
	of := map[int64]*record.Record{}
	for _, r := range read {
		of[r.RegistryID] = r
	}
	var list []*record.Record
	var no []refused
	for _, n := range numbers {
		r := of[n.id]
		if r == nil || !d.Shown(n.id) || o.request == "" && (r.KeptApart || r.Deceased()) {
			no = append(no, refused{n.where, fmt.Sprintf("no record of %d can be issued: there is no such person, or not for this recipient", n.id)})
			continue
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b *record.Record) int { return cmp.Compare(a.RegistryID, b.RegistryID) })
	return slices.Compact(list), no
}

type ownRequest struct {
	ID         string     `col:"request_id" doc:"the request"`
	BirthDate  table.Date `col:"birth_date" doc:"date of birth as written"`
	ReceivedOn table.Date `col:"received_on" doc:"day it came"`
}

// sameBirth makes sure that the request is there and is not about somebody else: a slip in the number would hand a record
// to a stranger.
func (o *order) sameBirth(ctx context.Context, d *shell.OnDemand, r *record.Record) error {
	t := table.Requests
	err := d.Engine.Tables(ctx, d.Lake.FilesOf(d.Night), t)
	if err == nil {
		err = d.Engine.Latest(ctx, "latest_request", t, t.Name)
	}
	if err != nil {
		return err
	}
	rows, err := engine.Rows[ownRequest](ctx, d.Engine, queries.Get("own_request", "request", o.request))
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return shell.UsageError("there is no request %s for a record: a letter or a call is entered as one first (docs/records.md)",
			strconv.Quote(o.request))
	case rows[0].BirthDate != 0 && rows[0].BirthDate != table.Date(r.BirthDate):
		return shell.UsageError("request %s gives another birth date than %d has: look at both again; nothing was written",
			prose.Name(o.request), r.RegistryID)
	}
	return nil
}

// require adds what the law asks of the grade, and names of whom that cannot be said.
func (o *order) require(ctx context.Context, d *shell.OnDemand, list []*record.Record, on table.Date) (with []*record.Record, no []refused, err error) {
	if o.grade == "" {
		return list, nil, nil
	}
	if err := school.View(ctx, d.Engine, d.Lake.FilesOf(d.Night)); err != nil {
		return nil, nil, err
	}
	why, err := school.Require(ctx, d.Engine, d.Config.Reports.School, list, school.Place(d.Recipient), o.grade, on)
	if err != nil {
		return nil, nil, err
	}
	for i, r := range list {
		if why[i] != "" {
			no = append(no, refused{strconv.FormatInt(r.RegistryID, 10), why[i]})
			continue
		}
		with = append(with, r)
	}
	return with, no, nil
}

// write issues the records into the new folder.
func (o *order) write(ctx context.Context, d *shell.OnDemand, list []*record.Record, on table.Date) (made []record.File, err error) {
	asOf, err := d.Night.Date()
	if err != nil {
		return nil, err
	}
	language := o.language
	if language == "" && o.request == "" {
		language = letter.English
	}
	mail := d.Config.Reports.Mail
	var clients []int64
	var codes []string
	for _, r := range list {
		if err := r.Issue(record.Issue{Mail: mail, On: on, AsOf: asOf, Language: language, HistoryOnly: o.historyOnly}); err != nil {
			return nil, err
		}
		clients, codes = append(clients, r.RegistryID), append(codes, r.Code)
	}
	return made, d.WriteFolder(o.out, clients, func(dir string) ([]string, error) {
		made, err = d.Config.Reports.Records.Write(ctx, dir, list, mail.Catalog)
		return codes, err
	})
}

// tell says what was issued, and names what was not.
func (o *order) tell(a *shell.App, d *shell.OnDemand, list []*record.Record, made []record.File, no []refused) error {
	signed := len(made) > 0 && made[0].Signed
	if a.JSON {
		if no == nil {
			no = []refused{}
		}
		if err := a.Document(map[string]any{"snapshot": d.Night.Snapshot, "as_of": d.Night.AsOf, "records": len(list), "files": len(made),
			"signed": signed, "recipient": d.Recipient.Name, "folder": o.out, "refused": no}); err != nil {
			return err
		}
	}
	for _, r := range no {
		if !a.JSON {
			fmt.Fprintf(a.Stderr, "miic: %s: %s\n", prose.Name(r.Where), r.Reason)
		}
	}
	if boxes := record.Boxes(made); boxes > 0 && !a.JSON {
		fmt.Fprintf(a.Stderr, "miic: %s that the fonts lack are drawn as boxes: %s names the records\n",
			prose.Count(boxes, "letter", "letters"), filepath.Join(o.out, record.Manifest))
	}
	if len(list) == 0 {
		return &shell.ExitError{Code: shell.ExitFailed, Err: errors.New("no record was issued: nothing was written")}
	}
	how := "not signed: the site has no key"
	if signed {
		how = "signed"
	}
	a.Say("%s: %s for %s, by the night of %s (snapshot %d), %s", o.out, prose.Count(int64(len(list)), "record", "records"),
		d.Recipient.Name, d.Night.AsOf, d.Night.Snapshot, how)
	if len(no) > 0 {
		a.Code = shell.ExitIncomplete
	}
	return nil
}
