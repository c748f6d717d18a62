// Package footnote has what a reader must know beside a figure of coverage: that an area's doses are given across a border
// that no data crosses, or that a series breaks. Footnotes are data: those that come with the program, and a site's file.
package footnote

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"miic/internal/area"
	"miic/internal/table"
	"miic/internal/yamlfile"
)

// A Footnote is a text and the figures that it stands beside: of all areas, cohorts and measures that it does not name.
type Footnote struct {
	ID       string
	Text     string
	Areas    []string // state, region or county: figures of such areas only
	Counties []string // FIPS codes: figures of these counties only
	Cohorts  []string // figures by birth cohort of these only: the year in whose July each begins
	Measures []string
	Starts   table.Date // nights whose figures it stands beside
	Ends     table.Date // 0: no end
}

// Crowded is the footnote of areas that have more than 105 people in the registry for 100 who live there.
const Crowded = "over-population"

// CrowdedText is its text.
const CrowdedText = "More than 105 people are counted for every 100 who live there by the population named: people who have moved away " +
	"unknown to the registry, or who are in it twice, make the percentage too low."

//go:embed builtin.yaml
var builtin []byte

type form struct {
	Footnotes []struct {
		ID       string   `yaml:"id"`
		Text     string   `yaml:"text"`
		Areas    []string `yaml:"areas"`
		Counties []string `yaml:"counties"`
		Cohorts  []string `yaml:"cohorts"`
		Measures []string `yaml:"measures"`
		Starts   string   `yaml:"starts"`
		Ends     string   `yaml:"ends"`
	} `yaml:"footnotes"`
}

// Known is what a footnote may name.
type Known struct {
	Counties []area.County
	Measures []string
}

// Load reads the built-in footnotes and those of a site's file; no name is no file. A file with a fault defines nothing: its
// faults are returned beside the footnotes of the other.
func Load(path string, known Known) (list []Footnote, faults []string, err error) {
	// what a site's own counties or measures do not have is no fault of the program's file
	if list, err = parse(yamlfile.File{Name: "builtin.yaml", Text: builtin}, nil, nil); err != nil || path == "" {
		return list, nil, err
	}
	name := filepath.Base(path)
	if _, err := os.Stat(path); err != nil {
		return list, []string{fmt.Sprintf("%s cannot be read: put the file there, or take footnotes out of the settings", name)}, nil
	}
	own, err := parse(yamlfile.Read(os.DirFS(filepath.Dir(path)), name), &known, list)
	if err != nil {
		return list, strings.Split(err.Error(), "\n"), nil
	}
	return append(list, own...), nil, nil
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// parse reads a file; what it names must be known, if anything is.
func parse(file yamlfile.File, known *Known, taken []Footnote) ([]Footnote, error) {
	var f form
	if err := file.Decode(&f); err != nil {
		return nil, err
	}
	var errs []error
	var list []Footnote
	for i, n := range f.Footnotes {
		at := fmt.Sprintf("$.footnotes[%d]", i)
		fault := func(path, format string, args ...any) { errs = append(errs, file.Fault(at+path, format, args...)) }
		note := Footnote{ID: n.ID, Text: strings.Join(strings.Fields(n.Text), " "), Areas: n.Areas, Counties: n.Counties,
			Cohorts: n.Cohorts, Measures: n.Measures}
		if !idForm.MatchString(note.ID) {
			fault(".id", "id is %q: it must have small letters, digits and hyphens", note.ID)
		}
		if note.ID == Crowded || slices.ContainsFunc(slices.Concat(taken, list), func(o Footnote) bool { return o.ID == note.ID }) {
			fault(".id", "there is a footnote %s already: give it another id", note.ID)
		}
		if note.Text == "" || strings.Contains(note.Text, "|") {
			fault(".text", "%s: text is empty, or has a vertical bar in it", note.ID)
		}
		for j, kind := range note.Areas {
			if kind != "state" && kind != "region" && kind != "county" {
				fault(fmt.Sprintf(".areas[%d]", j), "%s: %q is no kind of area: write state, region or county", note.ID, kind)
			}
		}
		for j, year := range note.Cohorts {
			if _, err := table.ParseDate(year + "-07-01"); err != nil {
				fault(fmt.Sprintf(".cohorts[%d]", j), "%s: %q is no cohort: write the year in whose July it begins", note.ID, year)
			}
		}
		var err error
		if note.Starts, err = day(n.Starts); err != nil {
			fault(".starts", "%s: starts is %q: it must be a day as YYYY-MM-DD", note.ID, n.Starts)
		}
		if note.Ends, err = day(n.Ends); err != nil || note.Ends != 0 && note.Ends < note.Starts {
			fault(".ends", "%s: ends is %q: it must be a day as YYYY-MM-DD, not before starts", note.ID, n.Ends)
		}
		if known != nil {
			for j, fips := range note.Counties {
				if !slices.ContainsFunc(known.Counties, func(c area.County) bool { return c.FIPS == fips }) {
					fault(fmt.Sprintf(".counties[%d]", j), "%s: there is no county %q: write its five-digit FIPS code", note.ID, fips)
				}
			}
			for j, id := range note.Measures {
				if !slices.Contains(known.Measures, id) {
					fault(fmt.Sprintf(".measures[%d]", j), "%s: there is no measure %q: 'miic measures list' lists them", note.ID, id)
				}
			}
		}
		list = append(list, note)
	}
	if len(f.Footnotes) == 0 {
		errs = append(errs, file.Fault("$.footnotes", "footnotes is empty: the file defines nothing"))
	}
	return list, errors.Join(errs...)
}

func day(text string) (table.Date, error) {
	if text == "" {
		return 0, nil
	}
	return table.ParseDate(text)
}

// A Figure is what footnotes stand beside.
type Figure struct {
	Measure, AreaType, Area, Stratum, Code string
	Night                                  table.Date
}

// Beside are the footnotes of a figure, by id.
func Beside(list []Footnote, f Figure) []Footnote {
	var out []Footnote
	for _, n := range list {
		if n.Starts <= f.Night && (n.Ends == 0 || f.Night <= n.Ends) &&
			(len(n.Measures) == 0 || slices.Contains(n.Measures, f.Measure)) &&
			(len(n.Areas) == 0 || slices.Contains(n.Areas, f.AreaType)) &&
			(len(n.Counties) == 0 || f.AreaType == "county" && slices.Contains(n.Counties, f.Area)) &&
			(len(n.Cohorts) == 0 || f.Stratum == "birth_cohort" && slices.Contains(n.Cohorts, f.Code)) {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b Footnote) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
