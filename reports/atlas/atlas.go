// Package atlas writes the page of published coverage, and the data of its pictures.
//
//	coverage.html            a map of the counties, regions, birth cohorts and tables, for each measure that is published
//	coverage/<picture>.csv   the data of each picture
//
// It reads the log of publications and nothing else: what is inside only cannot come onto the page. So a night that may
// publish nothing shows what was published before, and the page is the same for as long as that stands, but for its
// days.
package atlas

import (
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/navigation"
	"miic/reports/publication"
)

//go:embed atlas.html.tmpl
var pageText string

//go:embed atlas.css
var style string

var pageTemplate = webpage.Must(navigation.Coverage, pageText, nil)

// page is what coverage.html shows.
type page struct {
	Head      webpage.Head
	Lead      string
	Published string // the day of the figures; empty before the first
	Publishes string // the day of the next ones
	Snapshot  int64
	Schedule  string
	Waits     string // why nothing new is published tonight
	Overview  *picture
	Sections  []section
	Standing  []string // people who are in no figure
}

// A picture is shown below a sentence that says what it shows, beside a link to its data.
type picture struct {
	Heading  string
	Sentence string
	Note     string
	Drawing  template.HTML
	File     string
}

// A section is one measure.
type section struct {
	ID       string // of the section on the page
	Title    string
	Short    string // the state's figure
	Sentence string
	Facts    []fact
	Pictures []picture
	Notes    []string // footnotes
	Tables   []webpage.Table
}

// A fact is one of the definition.
type fact struct{ Name, Text string }

// Run writes the page of the latest publication.
func Run(ctx context.Context, r *pipeline.Run, c publication.Config) error {
	log, err := readLog(r.Files(table.Publications.Name), &c)
	if err != nil {
		return err
	}
	waits, err := publication.Waits(ctx, r)
	if err != nil {
		return err
	}
	if err := log.writeData(r.OutPath, tiles(c.Counties)); err != nil {
		return err
	}
	p := log.page(r.AsOf, &c)
	p.Waits = waits
	path, err := r.OutPath(navigation.Coverage)
	if err != nil {
		return err
	}
	return webpage.Write(path, pageTemplate, navigation.Coverage, p)
}

// page is the page of a night.
func (l *log) page(night table.Date, c *publication.Config) *page {
	p := &page{Published: l.day.String(), Publishes: c.Timing.Next(night+1, l.day).String(), Standing: l.standingWords()}
	p.Head = webpage.Head{Title: "Coverage, published on " + p.Published, Nav: navigation.From(navigation.Coverage),
		Footer: fmt.Sprintf("Night of %s. The figures are those published on %s; the next are published on %s. "+
			"They may be passed on.", night, p.Published, p.Publishes)}
	if l.day == 0 {
		p.Head.Title, p.Lead = "Coverage", "Immunization coverage"
		p.Head.Footer = fmt.Sprintf("Night of %s. The first figures are published on %s.", night, p.Publishes)
		return p
	}
	p.Lead = l.lead()
	places := tiles(c.Counties)
	for i := range l.measures {
		f := &l.measures[i]
		p.Snapshot = f.state.Snapshot
		if p.Schedule == "" {
			p.Schedule = f.state.Schedule
		}
		p.Sections = append(p.Sections, f.section(fmt.Sprintf("m%d", i+1), places))
	}
	if len(l.measures) > 1 {
		p.Overview = l.overview()
	}
	p.Head.Style = style + picked(p.Sections)
	return p
}

// picked shows the one section whose button is pressed, without a script; a browser that cannot shows all.
func picked(list []section) string {
	var b strings.Builder
	b.WriteString("@supports selector(:has(*)) {\n  .picker { display: block; }\n  .measure { display: none; }\n")
	for _, s := range list {
		fmt.Fprintf(&b, "  main:has(#pick-%s:checked) #%s { display: block; }\n", s.ID, s.ID)
	}
	b.WriteString("}\n")
	return b.String()
}
