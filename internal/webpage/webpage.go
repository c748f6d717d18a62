// Package webpage is what all pages have in common, so that they look and read alike: head, stylesheet, navigation,
// footer, and tables with captions and scopes. A page is one file that asks nothing of any other place: its policy
// (Content-Security-Policy) allows its own stylesheet and its own script, by their hashes, and nothing else; so that
// a page has no style attributes and no handlers in attributes.
//
// A page's template is written as
//
//	{{template "begin" .Head}} … {{template "table" .Files}} … {{template "end" .Head}}
package webpage

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"miic/internal/prose"
)

//go:embed style.css
var style string

//go:embed layout.html.tmpl
var layout string

// Head is what is before and after a page's own content.
type Head struct {
	Title    string // of the window
	Nav      []Link
	NavBelow bool   // the page has {{template "nav" .Head}} where it wants it
	Banner   string // one sentence in a frame before everything else; empty for none
	Footer   string
	Style    string // what this page has beside the stylesheet
	Script   string // the page's own; empty for none
}

// A Link leads to a file, by its path relative to the page.
type Link struct {
	File, Text string
	Current    bool // it is the page itself
}

// Policy is what the page may load: nothing from anywhere, its own style and script by hash.
func (h Head) Policy() string {
	policy := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + hash(string(h.CSS()))
	if h.Script != "" {
		policy += "; script-src " + hash(h.Script)
	}
	return policy
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// CSS is the page's whole stylesheet.
func (h Head) CSS() template.CSS { return template.CSS(style + h.Style) }

// JS is the page's script.
func (h Head) JS() template.JS { return template.JS(h.Script) }

// Parse reads a page's template, which may use "begin", "table" and "end", and the functions name (a name from outside) and file (the
// link to a file, by its path).
func Parse(name, text string, funcs template.FuncMap) (*template.Template, error) {
	all := template.FuncMap{"name": prose.Name, "file": fileURL}
	maps.Copy(all, funcs)
	t, err := template.New(name).Funcs(all).Parse(layout)
	if err != nil {
		return nil, err
	}
	return t.Parse(text)
}

// fileURL makes a link of a file's path relative to the page; a name may hold any character.
func fileURL(path string) template.URL { return template.URL((&url.URL{Path: path}).String()) }

// Execute writes a page; name is of the template within t. Control characters that came in with a text from outside are
// shown, not sent to whoever looks at the file in a terminal.
func Execute(w io.Writer, t *template.Template, name string, data any) error {
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err := io.WriteString(w, prose.Text(b.String()))
	return err
}

// Write writes a page as a file for its owner alone; where the template fails there is none.
func Write(path string, t *template.Template, name string, data any) error {
	var b bytes.Buffer
	if err := Execute(&b, t, name, data); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}

// Must parses a template that is part of the program.
func Must(name, text string, funcs template.FuncMap) *template.Template {
	return template.Must(Parse(name, text, funcs))
}

// Table is shown with its headings in scope; on a narrow screen each row is a block.
type Table struct {
	Caption string // what the table shows
	Columns []Column
	Rows    []Row
}

// Column is a heading.
type Column struct {
	Name   string
	Number bool // aligned to the right
}

// Columns makes headings; one that begins with # is of numbers.
func Columns(names ...string) []Column {
	var list []Column
	for _, n := range names {
		name, number := strings.CutPrefix(n, "#")
		list = append(list, Column{Name: name, Number: number})
	}
	return list
}

// Row is a row; its first cell is its heading.
type Row struct {
	Class string // bad (somebody must look), far (from the usual), sum, or none
	Cells []Cell
}

// Cell is a cell: a text, a second line in smaller letters, and where the text leads.
type Cell struct {
	Text    string
	Second  string
	File    string        // the file to which the text leads, by its path relative to the page
	Code    bool          // the text is to be copied
	Drawing template.HTML // instead of a text; made by Bar and Curve
}

// Texts makes cells of texts.
func Texts(texts ...string) []Cell {
	list := make([]Cell, len(texts))
	for i, t := range texts {
		list[i].Text = t
	}
	return list
}

// longWord is more letters than a word has that a narrow column may not break.
const longWord = 15

// Long reports whether a cell has a word, such as a file's name, that is broken anywhere rather than make its table too wide. A
// name with hyphens before its letters is broken there, and only there.
func (c Cell) Long() bool {
	return slices.ContainsFunc(strings.Fields(c.Text+" "+c.Second), func(word string) bool {
		letters, last := 0, ' '
		for _, r := range word {
			if last == '-' && unicode.IsLetter(r) {
				letters = 0
			}
			if letters, last = letters+1, r; letters > longWord {
				return true
			}
		}
		return false
	})
}

// Date reports whether a cell is a day: it stays on one line.
func (c Cell) Date() bool {
	_, err := time.Parse(time.DateOnly, c.Text)
	return err == nil
}

// Empty reports whether there is nothing in a cell.
func (c Cell) Empty() bool { return c.Text == "" && c.Second == "" && c.Drawing == "" }

// Bar draws a share of 100.
func Bar(percent float64) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="bar" aria-hidden="true"><rect width="%.1f%%" height="100%%"/></svg>`,
		min(max(percent, 0), 100)))
}

// Curve draws values between 0 and 1 at their places, which lie between 0 and 1 too.
func Curve(places, values []float64) template.HTML {
	if len(places) == 0 {
		return ""
	}
	var points []string
	for i := range places {
		points = append(points, fmt.Sprintf("%.1f,%.1f", 2+96*places[i], 18-16*values[i]))
	}
	x, y, _ := strings.Cut(points[len(points)-1], ",")
	return template.HTML(fmt.Sprintf(`<svg class="curve" viewBox="0 0 100 20" aria-hidden="true">`+
		`<polyline points="%s"/><circle cx="%s" cy="%s" r="2"/></svg>`, strings.Join(points, " "), x, y))
}
