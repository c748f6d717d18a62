package recall

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/ingest"
	"miic/ingest/addressee"
	"miic/ingest/read"
	"miic/ingest/record"
	"miic/ingest/rule"
	"miic/internal/engine"
	"miic/internal/lake"
	"miic/internal/prose"
	"miic/internal/table"
)

func resultsCommand(a *shell.App) *cobra.Command {
	var sender string
	cmd := &cobra.Command{
		Use:   "results FILE",
		Short: "Hand in what came of notices: returned mail, moves, wishes",
		Long: `Hand in a file of what came of notices, as a mailing house, a call centre or a regional
coordinator sends it: CSV with the columns notice_id, date, result_code, new_address_1,
new_address_2, new_city, new_state and new_zip. The whole file is checked first: with a
line that cannot be taken (a notice that nobody has written, a date that a spreadsheet has
changed, an unknown code, a wish of a person who has no record any more) nothing of it is, and each such line is named. A file that is
right is put into the inbox of its sender, and the next 'miic nightly' acts on it: a wish
for no letters holds that night. The sender is the one that has files of such a layout in
miic.yaml; --sender names it where several have. The same file handed in twice counts once.
docs/operating.md has the codes and what each does.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: "  miic recall results results_20260309.csv\n  miic recall results results_duluth.csv --sender northeast-region\n  miic nightly",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return shell.UsageError("%s: name the file of results", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, l, m, err := shell.OpenHead(a)
			if err != nil {
				return err
			}
			return handIn(cmd.Context(), a, &results{c: c, l: l, m: m, path: args[0]}, sender)
		},
	}
	cmd.Flags().StringVar(&sender, "sender", "", "whose file it is, by the `id` in miic.yaml")
	return cmd
}

// results is a file of results that is to be handed in.
type results struct {
	c    *shell.Config
	l    *lake.Lake
	m    *lake.Manifest
	path string

	sender *ingest.Sender
	layout *read.Layout
	bytes  []byte
	sha256 string
}

// handed is what was handed in.
type handed struct {
	Sender  string         `json:"sender"`
	File    string         `json:"file"` // in the inbox; empty where an earlier night has it
	Results int            `json:"results"`
	Codes   map[string]int `json:"codes"`
	Known   string         `json:"known,omitempty"` // the night that took in the same bytes, YYYY-MM-DD
}

// handIn checks the file and puts it into the inbox.
func handIn(ctx context.Context, a *shell.App, r *results, sender string) error {
	if err := r.open(sender); err != nil {
		return err
	}
	out := handed{Sender: r.sender.ID, Codes: map[string]int{}}
	if err := table.Scan(r.l.Files(r.m, table.Batches.Name), func(b *table.Batch) error {
		if b.SHA256 == r.sha256 && b.Status == "loaded" {
			out.Known = b.ReceivedOn.String()
		}
		return nil
	}); err != nil {
		return err
	}
	if out.Known == "" {
		faults, err := r.check(ctx, out.Codes)
		if err != nil {
			return err
		}
		if len(faults) > 0 {
			return refused(r.path, faults)
		}
		if len(out.Codes) == 0 {
			return shell.UsageError("nothing was taken: %s has no result below its header: have it sent again", prose.Name(filepath.Base(r.path)))
		}
		if out.File, err = r.put(); err != nil {
			return err
		}
	}
	for _, n := range out.Codes {
		out.Results += n
	}
	switch {
	case a.JSON:
		return a.Document(out)
	case out.Known != "":
		a.Say("the same file was taken in on %s: nothing to do", out.Known)
	default:
		var of []string
		for _, code := range slices.Sorted(maps.Keys(out.Codes)) {
			of = append(of, fmt.Sprintf("%d %s", out.Codes[code], code))
		}
		codes := " of notices (" + strings.Join(of, ", ") + ")"
		a.Say("%s in the inbox of %s; the next 'miic nightly' acts on them",
			prose.Count(int64(out.Results), "result"+codes+" is", "results"+codes+" are"), r.sender.ID)
	}
	return nil
}

// open finds whose file it is and reads it whole: what is checked is what is handed in.
func (r *results) open(sender string) error {
	cfg := r.c.Ingest()
	layouts, err := read.Layouts(cfg.Layouts)
	if err != nil {
		return err
	}
	name := filepath.Base(r.path)
	var senders, patterns []string
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		if sender != "" && s.ID != sender {
			continue
		}
		takes := false
		for _, f := range s.Files {
			l := layouts[f.Layout]
			if l == nil || l.Makes != "result" {
				continue
			}
			takes, patterns = true, append(patterns, f.Pattern)
			if fits, _ := filepath.Match(f.Pattern, name); fits && r.layout == nil {
				r.layout = l
			}
		}
		if takes {
			senders = append(senders, s.ID)
			r.sender = s
		}
	}
	switch {
	case len(senders) == 0 && sender != "":
		return shell.UsageError("sender %s of miic.yaml has no files of layout notice-results", prose.Name(sender))
	case len(senders) == 0:
		return shell.UsageError("no sender of miic.yaml has files of layout notice-results: add one, such as\n  - id: mailing-house\n    " +
			"name: Mailing house\n    kind: mailing_house\n    expected: none\n    files: [{pattern: \"results_*.csv\", layout: notice-results}]")
	case len(senders) > 1:
		return shell.UsageError("several senders send results: name one with --sender: %s", strings.Join(senders, ", "))
	case r.layout == nil:
		return shell.UsageError("%s: its name fits no file of results of %s: call it as one of %s", prose.Name(name), r.sender.ID,
			strings.Join(patterns, ", "))
	}
	f, err := os.Open(r.path)
	if err != nil {
		return shell.UsageError("cannot read the file of results: %w", err)
	}
	defer f.Close()
	most := cmp.Or(cfg.Admit(r.sender.ID).MostBytes, 1<<30)
	if r.bytes, err = io.ReadAll(io.LimitReader(f, most+1)); err != nil {
		return shell.UsageError("cannot read the file of results: %w", err)
	}
	if int64(len(r.bytes)) > most {
		return shell.UsageError("%s has more than %d bytes, the most that a file of its sender may have", prose.Name(name), most)
	}
	sum := sha256.Sum256(r.bytes)
	r.sha256 = hex.EncodeToString(sum[:])
	return nil
}

// fault is a line that cannot be taken.
type fault struct {
	line  int64
	field string
	why   string
}

// check reads the file as a night would, and compares it with the notices of HEAD.
func (r *results) check(ctx context.Context, codes map[string]int) ([]fault, error) {
	dir, err := os.MkdirTemp("", "miic-results-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "results")
	if err := os.WriteFile(path, r.bytes, 0o600); err != nil {
		return nil, err
	}
	asOf, err := shell.Today(r.c)
	if err != nil {
		return nil, err
	}
	if head, err := r.m.Date(); err == nil {
		asOf = max(asOf, head)
	}
	found, err := record.Load(ctx, &record.File{Path: path, No: 1, BatchID: r.sha256[:16], Snapshot: 1, Sender: r.sender.ID,
		Kind: r.sender.Kind, Encoding: r.sender.Encoding, Layout: r.layout, AsOf: asOf}, dir, 1)
	var refusal record.Refusal
	switch {
	case errors.As(err, &refusal):
		return nil, shell.UsageError("%s is not taken: %s", prose.Name(filepath.Base(r.path)), refusal.Reason)
	case err != nil:
		return nil, err
	}
	return r.faults(ctx, found.Files, codes)
}

// line is a result as a file has it.
type line struct {
	NoticeID   string     `col:"notice_id"`
	Line       int64      `col:"line"`
	Code       string     `col:"code"`
	HappenedOn table.Date `col:"happened_on"`
}

// written is when a notice was written, and whether somebody has the records of whom it was written to.
type written struct {
	NoticeID string     `col:"notice_id"`
	IssuedOn table.Date `col:"issued_on"`
	RecordID string     `col:"record_id,null"`
}

// notices are the notices of HEAD that the lines are about.
func (r *results) notices(ctx context.Context, lines []line) (map[string]written, error) {
	e, err := shell.OpenEngine(ctx, r.c)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	for _, t := range addressee.Tables {
		if err := e.View(ctx, "prior_"+t.Name, t, r.l.Files(r.m, t.Name)); err != nil {
			return nil, err
		}
	}
	var asked []addressee.Asked
	for _, x := range lines {
		asked = append(asked, addressee.Asked{NoticeID: x.NoticeID})
	}
	if err := engine.Load(ctx, e, "asked_notice", asked); err != nil {
		return nil, err
	}
	if err := addressee.Find(ctx, e); err != nil {
		return nil, err
	}
	rows, err := engine.Rows[written](ctx, e, "SELECT notice_id, issued_on, record_id FROM addressee")
	found := map[string]written{}
	for _, w := range rows {
		found[w.NoticeID] = w
	}
	return found, err
}

// faults lists the lines that cannot be taken, in their order, and counts the codes of the others.
func (r *results) faults(ctx context.Context, files map[*table.Table][]string, codes map[string]int) ([]fault, error) {
	var faults []fault
	messages := rule.Messages()
	if err := table.Scan(files[record.StagedRejections], func(f *record.StagedRejection) error {
		if f.Severity == rule.Refuse {
			faults = append(faults, fault{f.Line, f.Field, messages[f.Rule]})
		}
		return nil
	}); err != nil {
		return nil, err
	}
	lines, err := table.ReadAll[line](files[record.StagedResults])
	if err != nil {
		return nil, err
	}
	found, err := r.notices(ctx, lines)
	if err != nil {
		return nil, err
	}
	for _, x := range lines {
		codes[x.Code]++
		switch w, known := found[x.NoticeID]; {
		case !known:
			faults = append(faults, fault{x.Line, "notice_id", rule.NoticeUnknown.Message})
		case x.HappenedOn < w.IssuedOn:
			faults = append(faults, fault{x.Line, "happened_on", rule.ResultEarly.Message})
		case w.RecordID == "" && addressee.Personal(x.Code):
			faults = append(faults, fault{x.Line, "notice_id", rule.ResultOfNobody.Message})
		}
	}
	for i := range faults {
		faults[i].field = r.column(faults[i].field)
	}
	slices.SortStableFunc(faults, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	return faults, nil
}

// column is what a field is called in the file.
func (r *results) column(name string) string {
	for i := range r.layout.Fields {
		if f := &r.layout.Fields[i]; string(f.To) == name && f.Column != "" {
			return f.Column
		}
	}
	return name
}

// mostNamed is how many lines an error names.
const mostNamed = 20

// refused is the error about a file of which lines cannot be taken.
func refused(path string, faults []fault) error {
	var b strings.Builder
	fmt.Fprintf(&b, "nothing was taken: %s cannot be", prose.Count(int64(len(faults)), "line", "lines"))
	for i, f := range faults {
		if i == mostNamed {
			fmt.Fprintf(&b, "\n  and %d more", len(faults)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s:%d: %s: %s", prose.Name(filepath.Base(path)), f.line, f.field, f.why)
	}
	b.WriteString("\ncorrect these lines, or leave them out, and hand the file in again")
	return shell.UsageError("%s", b.String())
}

// put lays the file into the inbox, whole or not at all, and returns where.
func (r *results) put() (string, error) {
	dir, name := filepath.Join(r.c.Inbox, r.sender.ID), filepath.Base(r.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path, part := filepath.Join(dir, name), filepath.Join(dir, "."+name+".part")
	if was, err := os.ReadFile(path); err == nil {
		if sum := sha256.Sum256(was); hex.EncodeToString(sum[:]) == r.sha256 {
			return path, nil
		}
		return "", shell.UsageError("another file of the name %s lies in the inbox of %s: give this one another name", prose.Name(name), r.sender.ID)
	}
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	defer os.Remove(part)
	_, err = f.Write(r.bytes)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("%s is not handed in: %w", prose.Name(name), err)
	}
	// It is whole: the next night must not take it for one that still grows.
	done := time.Now().Add(-r.c.Ingest().Admit(r.sender.ID).LeastAge)
	if err := os.Chtimes(part, done, done); err != nil {
		return "", err
	}
	if err := os.Link(part, path); err != nil { // unlike a renaming it takes no other file's place
		return "", fmt.Errorf("%s is not handed in: %w", prose.Name(name), err)
	}
	return path, nil
}
