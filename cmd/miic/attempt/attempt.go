// Package attempt writes the page of every attempt at a night: committed, held, failed, interrupted or still running.
// out/tonight.html is always that of the newest one, so that nobody takes yesterday's run page for tonight's; those
// before it are kept under out/attempts/. It also passes the outcome, in one line, to a command or a webhook of the
// site. Neither holds a person's data.
package attempt

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/webpage"
)

// Attempt is one attempt, as far as it has come.
type Attempt struct {
	Out      string // the folder of the outputs
	Kind     string // night, or what else moves HEAD
	Began    time.Time
	Ended    time.Time // zero while it runs
	Result   *pipeline.Result
	Err      error
	Exit     int
	Meaning  string // of the exit code
	Advice   string // what to do about it; commands are in single quotes
	Operator string
	Reason   string
	Head     int64  // HEAD's snapshot now, 0 for none
	HeadAsOf string // and its date
}

//go:embed attempt.html.tmpl
var attemptPage string

var attemptTemplate = webpage.Must("attempt", attemptPage, template.FuncMap{"text": prose.Text})

// The kinds of attempt.
const (
	Night    = "night"
	Accept   = "accept"
	Rollback = "rollback"
	Backout  = "backout"
)

// needsPerson is the exit code of a night that is committed, but whose inbox or archive needs a person.
const needsPerson = 14

const style = `.error{white-space:pre-wrap;overflow-wrap:anywhere}`

// newest is the page of the newest attempt, below out/.
const newest = "tonight.html"

// kept is how many pages of earlier attempts stay.
const kept = 60

// page is what the template gets.
type page struct {
	*Attempt
	Head    webpage.Head
	Bad     bool
	Verdict string
	Todo    []piece
	Notes   []pipeline.Note
	RunPage string // the night's own page, relative to this one
	Before  string // the page of the night that is in force, when that is another
	Stages  *webpage.Table
	Tripped *webpage.Table
}

// Name is that of the file: of the run, or of the time when none was begun.
func (a *Attempt) Name() string {
	if a.Kind != Night {
		return fmt.Sprintf("%s-%06d", a.Kind, a.Head)
	}
	if a.Result != nil && a.Result.Run != "" {
		return "run-" + a.Result.Run
	}
	return "no-run-" + a.Began.UTC().Format("20060102T150405")
}

// InForce is the snapshot that the attempt has made HEAD; 0 for none.
func (a *Attempt) InForce() int64 {
	switch {
	case a.Kind != Night && a.Err == nil:
		return a.Head
	case a.Result != nil && a.Result.Outcome == pipeline.Committed:
		return a.Result.Snapshot
	}
	return 0
}

// shown reports whether the newest page is of the attempt that made HEAD.
func (a *Attempt) shown() bool {
	text, err := os.ReadFile(filepath.Join(a.Out, newest))
	return err == nil && a.Head > 0 && strings.Contains(string(text), fmt.Sprintf(`data-in-force="%d"`, a.Head))
}

// Write writes the page as out/tonight.html, and beside the earlier ones. A night that found nothing to do leaves the page
// of the one that is in force: that has what needs a person.
func (a *Attempt) Write() error {
	if a.Result != nil && a.Result.Outcome == pipeline.NothingToDo && a.Exit == 0 && a.shown() {
		return nil
	}
	dir := filepath.Join(a.Out, "attempts")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, to := range []struct{ path, up string }{
		{filepath.Join(dir, a.Name()+".html"), "../"}, {filepath.Join(a.Out, newest), ""},
	} {
		var b strings.Builder
		if err := webpage.Execute(&b, attemptTemplate, "attempt", a.page(to.up)); err != nil {
			return err
		}
		if err := writeWhole(to.path, b.String()); err != nil {
			return err
		}
	}
	return dropOldest(dir)
}

// writeWhole replaces a file: a reader sees the old page or the new one.
func writeWhole(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".page-*.tmp") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// dropOldest keeps the newest pages.
func dropOldest(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) <= kept {
		return err
	}
	age := func(e os.DirEntry) time.Time {
		info, err := e.Info()
		if err != nil {
			return time.Time{} // it is gone
		}
		return info.ModTime()
	}
	slices.SortStableFunc(entries, func(x, y os.DirEntry) int { return age(x).Compare(age(y)) })
	for _, e := range entries[:len(entries)-kept] {
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Summary is the attempt in one line, without anything about a person.
func (a *Attempt) Summary() string {
	text := fmt.Sprintf("miic: %s (exit %d)", strings.TrimSuffix(a.verdict(), "."), a.Exit)
	if a.Err != nil {
		text += ": " + a.errorText()
	}
	for _, n := range a.notes() {
		text += "; " + noteText(n)
	}
	return prose.Name(text)
}

func (a *Attempt) asOf() string {
	if a.Result == nil || a.Result.AsOf == "" {
		return "an unknown date"
	}
	return a.Result.AsOf
}

func (a *Attempt) night() string {
	if a.Result == nil {
		return "The night"
	}
	return "The night of " + a.asOf()
}

// verdict is the page's first line.
func (a *Attempt) verdict() string {
	switch r := a.Result; {
	case a.Kind == Accept:
		return fmt.Sprintf("Snapshot %d is in force: %s accepted a held night.", a.Head, a.Operator)
	case a.Kind == Rollback:
		return fmt.Sprintf("Rolled back: snapshot %d has the tables of an earlier night.", a.Head)
	case a.Kind == Backout:
		return fmt.Sprintf("Snapshot %d is in force: a delivery was taken out.", a.Head)
	case a.Ended.IsZero():
		return "The night of " + a.asOf() + " is running, or was killed."
	case a.Err != nil && a.Exit == 130:
		return "The night of " + a.asOf() + " was interrupted. Nothing was committed."
	case a.Err != nil && a.Exit == needsPerson:
		return fmt.Sprintf("Snapshot %d of %s is committed, but the inbox or the archive needs a person.", a.Head, a.asOf())
	case a.Err != nil:
		return a.night() + " failed. Nothing was committed."
	case r.Outcome == pipeline.Held:
		return "The night of " + a.asOf() + " is held by a brake. Nothing was committed."
	case r.Outcome == pipeline.NothingToDo && a.Exit == needsPerson:
		return fmt.Sprintf("Nothing new has come since snapshot %d of %s, but the inbox or the archive needs a person.", a.Head,
			a.HeadAsOf)
	case r.Outcome == pipeline.NothingToDo:
		return fmt.Sprintf("Nothing to do: snapshot %d of %s is in force, and nothing new has come.", a.Head, a.HeadAsOf)
	case a.Exit == needsPerson:
		return fmt.Sprintf("Snapshot %d of %s is committed, but the inbox or the archive needs a person.", r.Snapshot, r.AsOf)
	case a.Exit != 0:
		return fmt.Sprintf("Snapshot %d of %s is committed, and something needs a person.", r.Snapshot, r.AsOf)
	default:
		return fmt.Sprintf("Snapshot %d of %s is committed.", r.Snapshot, r.AsOf)
	}
}

func (a *Attempt) errorText() string {
	if a.Err == nil {
		return ""
	}
	return strings.TrimSpace(a.Err.Error())
}

// notes are those that need a person.
func (a *Attempt) notes() []pipeline.Note {
	var list []pipeline.Note
	if a.Result == nil {
		return nil
	}
	for _, s := range a.Result.Stages {
		for _, n := range s.Notes {
			if n.Exit3 || n.Kind == "missing" {
				list = append(list, n)
			}
		}
	}
	for _, u := range a.Result.Unmoved {
		list = append(list, pipeline.Note{Kind: "unmoved", Sender: u.Sender, File: u.Name, Text: u.Why})
	}
	slices.SortStableFunc(list, func(x, y pipeline.Note) int { return rank(x) - rank(y) })
	return list
}

// rank puts what is about the whole night first, and what only one sender lacks last.
func rank(n pipeline.Note) int {
	switch n.Kind {
	case pipeline.Silence, "unmoved":
		return 0
	case "missing":
		return 2
	}
	return 1
}

func noteText(n pipeline.Note) string {
	of := strings.TrimSpace(n.Sender + " " + n.File)
	if of == "" {
		return n.Text
	}
	return of + ": " + n.Text
}

// A piece is a part of an advice: words, or a command to copy.
type piece struct {
	Text string
	Code bool
}

// pieces parts an advice at its quotes.
func pieces(advice string) []piece {
	if advice == "" {
		return nil
	}
	var list []piece
	for i, text := range strings.Split(advice, "'") {
		list = append(list, piece{text, i%2 == 1})
	}
	return list
}

// page fills the template; up leads from the page's folder to out/.
func (a *Attempt) page(up string) *page {
	p := &page{Attempt: a, Verdict: a.verdict(), Notes: a.notes(), Todo: pieces(a.Advice)}
	p.Bad = a.Exit != 0 || a.Kind == Rollback
	p.Head = webpage.Head{Style: style, Title: "miic · " + strings.TrimSuffix(p.Verdict, "."),
		Footer: "This page is of the newest attempt. It holds no personal data."}
	if up != "" {
		p.Head.Footer = "This page is of one attempt. It holds no personal data."
	}
	night := func(snapshot int64) string {
		path := fmt.Sprintf("%06d/run.html", snapshot)
		if _, err := os.Lstat(filepath.Join(a.Out, path)); err != nil {
			return "" // a rollback has no outputs, and prune removes old ones
		}
		return up + path
	}
	if a.Result != nil && a.Result.Outcome == pipeline.Held {
		path := pipeline.HeldFolder(a.Result.Run) + "/run.html"
		if _, err := os.Lstat(filepath.Join(a.Out, path)); err == nil {
			p.RunPage = up + path
		}
		p.Before = night(a.Head)
	} else if a.Err == nil && !a.Ended.IsZero() {
		p.RunPage = night(a.Head)
	} else {
		p.Before = night(a.Head)
	}
	if a.Result == nil {
		return p
	}
	if len(a.Result.Tripped) > 0 {
		t := &webpage.Table{Caption: "Each figure that moved further than its limit; the limits are under brakes: in the configuration",
			Columns: webpage.Columns("figure", "what it did")}
		for _, x := range a.Result.Tripped {
			t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(x.Brake, x.Text)})
		}
		p.Tripped = t
	}
	if len(a.Result.Stages) > 0 {
		t := &webpage.Table{Caption: "The stages of this attempt",
			Columns: webpage.Columns("stage", "how", "#seconds")}
		for _, s := range a.Result.Stages {
			t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(s.Stage, s.How, fmt.Sprintf("%.1f", s.Seconds))})
		}
		p.Stages = t
	}
	return p
}
