package page

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/webpage"
	"miic/reports/campaign"
	"miic/reports/care"
	"miic/reports/measure"
	"miic/reports/navigation"
	"miic/reports/publication"
	"miic/reports/recipient"
)

// Classes of rows.
const (
	classBad = "bad" // somebody must look
	classFar = "far" // from the usual
	classSum = "sum"
)

// head is what is before and after the page's content. A link is there only if its file is.
func (p *page) head(reviewed bool) webpage.Head {
	h := webpage.Head{NavBelow: true, Nav: navigation.From(navigation.Night), // the verdict comes first
		Title: fmt.Sprintf("Night of %s · snapshot %d", p.AsOf, p.Snapshot),
		Footer: fmt.Sprintf("As of %s. Schedule %s. This page holds no data about any person; it may be mailed.", p.AsOf,
			p.Schedule),
	}
	for _, l := range []webpage.Link{{File: "state/summary.csv", Text: "Summary of letters"},
		{File: "coverage.csv", Text: "Coverage figures"}} {
		if p.Link(l.File) != "" {
			h.Nav = append(h.Nav, l)
		}
	}
	if reviewed {
		h.Nav = append(h.Nav, webpage.Link{File: reviewPage, Text: "Clerical review"})
	}
	return h
}

// reviewPage is the page of clerical review, which each night that is committed writes anew. It lies outside the
// night's folder: it holds personal data, and shows what waits now.
const reviewPage = "../review/review.html"

// Link returns the way to a file of tonight's folder, or nothing if there is no such file.
func (p *page) Link(rel string) string {
	if info, err := os.Stat(filepath.Join(p.dir, filepath.FromSlash(rel))); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return rel
}

func (p *page) MissingTable() webpage.Table {
	t := webpage.Table{Caption: "Senders of whom a file was due and has not come",
		Columns: webpage.Columns("sender", "what")}
	for _, m := range p.Missing {
		t.Rows = append(t.Rows, webpage.Row{Class: classBad, Cells: webpage.Texts(m.Sender, m.Text)})
	}
	return t
}

func (p *page) HeldTable() webpage.Table {
	t := webpage.Table{Caption: "Files of earlier nights that wait for somebody to decide",
		Columns: webpage.Columns("file", "sender", "#lines", "why", "batch")}
	for _, f := range p.Held {
		t.Rows = append(t.Rows, webpage.Row{Class: classBad, Cells: []webpage.Cell{{Text: prose.Name(f.File)},
			{Text: f.Sender}, {Text: prose.Thousands(f.Read)}, {Text: prose.Name(f.Reason)},
			{Text: f.BatchID, Code: true}}})
	}
	return t
}

func (p *page) LeftOutTable() webpage.Table {
	t := webpage.Table{Caption: "Deliveries whose night was rolled back: they lie in the archive and are in no table, until " +
		"each is returned or refused", Columns: webpage.Columns("file", "sender", "came", "why", "batch")}
	for _, f := range p.LeftOut {
		t.Rows = append(t.Rows, webpage.Row{Class: classBad, Cells: []webpage.Cell{{Text: prose.Name(f.File)},
			{Text: f.Sender}, {Text: f.Came.String()}, {Text: prose.Name(f.Reason)}, {Text: f.BatchID, Code: true}}})
	}
	return t
}

// statusWords say what came of a file.
var statusWords = map[string]string{"loaded": "loaded", "empty": "empty", "duplicate": "came before",
	"refused": "refused whole", "held": "held", "left": "left for the next night", "declined": "refused by an operator",
	"backed_out": "taken out"}

func (p *page) FileTable() webpage.Table {
	t := webpage.Table{Caption: "Each file, and what came of it; usual: the median of the sender's last fifteen files " +
		"of the kind. The file's name leads to the response for its sender.",
		Columns: webpage.Columns("file", "sender", "#read", "#usual", "#accepted", "#refused", "#held", "what came of it")}
	for _, f := range p.Files {
		var u usual
		if f.Layout != "" {
			u = usualOf(f.Read, p.usualUnits[[2]string{f.Sender, f.Layout}])
		}
		row := webpage.Row{Cells: []webpage.Cell{
			{Text: prose.Name(f.File), File: p.Link(responsePath(f, p.Files)), Second: f.Layout}, {Text: f.Sender},
			{Text: prose.Thousands(f.Read)}, {Text: u.Words()}, {Text: prose.Thousands(f.Accepted)},
			{Text: prose.Thousands(f.Rejected)}, {Text: prose.Thousands(f.Held)}, {Text: statusWords[f.Status]}}}
		last := &row.Cells[len(row.Cells)-1]
		if f.Reason != "" {
			last.Second = prose.Name(f.Reason) + " (batch " + f.BatchID + ")"
		}
		switch {
		case f.Status == "refused", f.Status == "held":
			row.Class = classBad
		case u.Far && f.Status == "loaded":
			row.Class, last.Text = classFar, last.Text+", far from the usual"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// doneWords say what a rule of a severity does.
var doneWords = map[string]string{"refuse": "the line was not loaded", "warn": "the value was dropped or is doubted",
	"inform": "noted only"}

func (p *page) RefusedTable() webpage.Table {
	t := webpage.Table{Caption: "Rules that lines broke, and the first line of each; all of them are in the response for " +
		"the sender", Columns: webpage.Columns("rule", "sender", "field", "what was done", "#times", "for example")}
	for _, f := range p.Refused {
		words, id := p.Settings.Rules[f.Rule], f.Rule
		if words == "" {
			words, id = f.Rule, ""
		}
		at := fmt.Sprintf("%s, line %s", prose.Name(f.File), prose.Thousands(f.Line))
		if f.File == "" { // the delivery itself came on an earlier night
			at = fmt.Sprintf("batch %s, line %s", f.BatchID, prose.Thousands(f.Line))
		}
		t.Rows = append(t.Rows, webpage.Row{Cells: []webpage.Cell{{Text: words, Second: id}, {Text: f.Sender},
			{Text: strings.ReplaceAll(f.Field, "_", " ")}, {Text: doneWords[f.Severity]},
			{Text: prose.Thousands(f.Count)},
			{Text: at, File: p.Link(responsePath(delivery{Sender: f.Sender, File: f.File, BatchID: f.BatchID},
				p.Files))}}})
	}
	return t
}

func (p *page) NoteTable() webpage.Table {
	t := webpage.Table{Caption: "Warnings about files, and what operators have decided",
		Columns: webpage.Columns("kind", "about", "what")}
	for _, n := range p.Notes {
		about := strings.TrimSpace(n.Sender + " " + prose.Name(n.File))
		t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(n.Kind, about, prose.Name(n.Text))})
	}
	return t
}

func (p *page) FigureTable() webpage.Table {
	t := webpage.Table{Caption: fmt.Sprintf("Usual: the median of the last %d nights on which a file came. Marked as far: "+
		"outside what those nights had, but for the highest and the lowest, by more than a quarter of the usual and more than ten; "+
		"from %d nights on.", usualNights, farNights),
		Columns: webpage.Columns("what", "#tonight", "#usual", "")}
	for _, f := range p.Figures {
		row := webpage.Row{Cells: []webpage.Cell{{Text: f.Words, Second: f.Second}, {Text: prose.Thousands(f.Tonight)},
			{Text: f.Usual.Words()}, {}}}
		if f.Usual.Far {
			row.Class, row.Cells[3].Text = classFar, "far above the usual"
			if f.Tonight < f.Usual.Median {
				row.Cells[3].Text = "far below the usual"
			}
		}
		t.Rows = append(t.Rows, row)
	}
	for _, c := range p.Changes {
		t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(c.Name, prose.Thousands(c.Count), "", "")})
	}
	return t
}

func (p *page) PeopleTable() webpage.Table {
	t := webpage.Table{Caption: "All that the registry holds, after tonight", Columns: webpage.Columns("what", "#number")}
	for _, c := range p.People {
		t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(c.Name, prose.Thousands(c.Count))})
	}
	return t
}

func (p *page) RegionTable() webpage.Table {
	t := webpage.Table{Caption: "Letters of each region; the numbers lead to the region's files",
		Columns: webpage.Columns("region", "#reminders", "#recalls", "#left out", "left out because (first reason)")}
	for _, g := range p.Regions {
		folder := "regions/" + g.Region + "/"
		row := webpage.Row{Cells: []webpage.Cell{{Text: g.Region, File: p.Link(folder + "summary.csv")},
			{Text: prose.Thousands(g.Reminded()), File: p.Link(folder + campaign.Reminder + ".csv")},
			{Text: prose.Thousands(g.Recalled()), File: p.Link(folder + campaign.Recall + ".csv")},
			{Text: prose.Thousands(g.Excluded())}, {Text: g.Why()}}}
		if g.Total {
			row.Class, row.Cells[0].File = classSum, p.Link("state/summary.csv")
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (p *page) CoverageTable() webpage.Table {
	t := webpage.Table{Caption: "Children of 24 to 35 months who had every dose of the measure by their second birthday",
		Columns: webpage.Columns("area", "#children", "", "#covered")}
	for _, a := range p.Coverage {
		row := webpage.Row{Cells: []webpage.Cell{{Text: a.Name}, {Text: unknown}, {}, {Text: a.Rate()}}}
		if !a.Withheld {
			row.Cells[1].Text = prose.Thousands(a.Denominator)
			if a.Denominator > 0 {
				row.Cells[2].Drawing = webpage.Bar(float64(a.Percent()))
			}
		}
		if a.Type == "state" {
			row.Class = classSum
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// stageWords say what a stage does.
var stageWords = map[string]string{"ingest": "reads the deliveries", "link": "finds who is one person, and which doses are one",
	"forecast": "works out which doses are due", "status": "works out who is whose patient",
	"campaign": "chooses who gets a letter, and writes them", "coverage": "works out coverage", "publish": "publishes coverage at set dates",
	"account": "takes in what was disclosed on demand", "withdraw": "finds older files that name somebody restricted since",
	"care": "writes lists for clinics, plans and other states", "senders": "writes report cards and responses",
	"addresses": "reads what address vendors answered", "newborn": "notes whose family is notified of a birth",
	"school": "answers the rosters of schools and child care", "records": "answers requests for official records"}

func (p *page) StageTable() webpage.Table {
	t := webpage.Table{Caption: "A stage whose input is as it was on the night before is carried over",
		Columns: webpage.Columns("stage", "what it does", "tonight")}
	for _, s := range p.Stages {
		how := "worked out"
		if s.Reused {
			how = "unchanged, carried over"
		}
		t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(s.Stage, stageWords[s.Stage], how)})
	}
	return t
}

// readNotes sorts what earlier stages have noted. What the table of files shows already is not repeated.
func (p *page) readNotes(figures []pipeline.StageFigures) {
	for _, f := range figures {
		for _, note := range f.Notes {
			switch note.Kind {
			case pipeline.Silence:
				p.Silence = note.Text
			case campaign.MissingSender:
				p.Missing = append(p.Missing, note)
			case "season over", "off season":
				p.Seasons = append(p.Seasons, note)
			case recipient.NotReceived:
				p.Closed = append(p.Closed, note)
			case measure.Refused:
				p.Measures = append(p.Measures, note)
			case measure.Unused:
				p.Unused = append(p.Unused, note)
			case publication.Crowded:
				p.Crowded = append(p.Crowded, note)
			case recipient.EndsSoon:
				p.Ending = append(p.Ending, note)
			case care.NoList:
				p.Unlisted = append(p.Unlisted, note)
			case "unmoved":
				p.Unmoved = append(p.Unmoved, note)
			case "warning", "held", "refused":
				if !slices.ContainsFunc(p.Files, func(f delivery) bool {
					return f.Sender == note.Sender && prose.Name(f.File) == note.File && f.Status == note.Kind
				}) {
					p.Notes = append(p.Notes, note)
				}
			}
		}
	}
}
