// Package area places people: counties with their region, and the county of a ZIP code.
//
// The built-in table holds the 87 counties of Minnesota by FIPS code (a public fact) and, for each
// five-digit ZIP code of the state, the county in which its post office lies. A ZIP code may cross a
// county line; the post office's county counts for the whole. The grouping of the counties into
// seven regions is this project's own and follows no agency's; a site replaces it by a file.
package area

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Unassigned is the region of a person whose county is not known or not in the table.
const Unassigned = "unassigned"

// County is one county.
type County struct {
	FIPS   string // five digits
	Name   string
	Region string // region id
}

// Table is a set of counties and the ZIP codes in them.
type Table struct {
	counties []County
	byFIPS   map[string]int
	byZIP    map[string]int
	regions  []string
}

//go:embed counties.csv
var countiesCSV string

//go:embed zips.csv
var zipsCSV string

// Default returns the built-in table of Minnesota.
func Default() *Table {
	t, err := read(strings.NewReader(countiesCSV))
	if err == nil {
		err = t.readZIPs(strings.NewReader(zipsCSV))
	}
	if err != nil {
		panic("area: the built-in table: " + err.Error())
	}
	return t
}

// Load returns the table of a site: its CSV file with the columns fips, name and region replaces the
// built-in counties. ZIP codes keep their built-in county where the site's file has it.
func Load(path string) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("area: open the county file: %w", err)
	}
	defer f.Close()
	t, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("area: county file %s: %w", path, err)
	}
	return t, t.readZIPs(strings.NewReader(zipsCSV))
}

func read(r io.Reader) (*Table, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 || strings.Join(rows[0], ",") != "fips,name,region" {
		return nil, fmt.Errorf("wants the header fips,name,region and a row for each county")
	}
	t := &Table{byFIPS: map[string]int{}, byZIP: map[string]int{}}
	seen := map[string]bool{}
	for i, row := range rows[1:] {
		c := County{FIPS: row[0], Name: row[1], Region: row[2]}
		if _, err := strconv.Atoi(c.FIPS); err != nil || len(c.FIPS) != 5 {
			return nil, fmt.Errorf("row %d: fips is not five digits", i+2)
		}
		if _, twice := t.byFIPS[c.FIPS]; twice {
			return nil, fmt.Errorf("row %d: county %s is there twice", i+2, c.FIPS)
		}
		if !regionID(c.Region) || c.Region == Unassigned {
			return nil, fmt.Errorf("row %d: a region id is lower-case letters and hyphens, and not %q", i+2, Unassigned)
		}
		t.byFIPS[c.FIPS] = len(t.counties)
		t.counties = append(t.counties, c)
		if !seen[c.Region] {
			seen[c.Region] = true
			t.regions = append(t.regions, c.Region)
		}
	}
	return t, nil
}

// regionID reports whether s can name a region and a folder.
func regionID(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == "" && s[0] != '-'
}

// readZIPs reads lines of a county and its ZIP codes, single or as a range.
func (t *Table) readZIPs(r io.Reader) error {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		county, ok := t.byFIPS[row[0]]
		if !ok {
			continue
		}
		for _, item := range strings.Fields(row[1]) {
			first, last, isRange := strings.Cut(item, "-")
			if !isRange {
				last = first
			}
			a, aerr := strconv.Atoi(first)
			b, berr := strconv.Atoi(last)
			if aerr != nil || berr != nil || b < a {
				return fmt.Errorf("county %s: %q is not a ZIP code or range", row[0], item)
			}
			for z := a; z <= b; z++ {
				t.byZIP[fmt.Sprintf("%05d", z)] = county
			}
		}
	}
	return nil
}

// Counties returns every county in the table's order.
func (t *Table) Counties() []County { return t.counties }

// Regions returns the region ids in the order in which the table first names them, without Unassigned.
func (t *Table) Regions() []string { return t.regions }

// ByFIPS returns the county of a FIPS code.
func (t *Table) ByFIPS(fips string) (County, bool) {
	i, ok := t.byFIPS[fips]
	if !ok {
		return County{}, false
	}
	return t.counties[i], true
}

// ByZIP returns the county of a ZIP code of five or nine digits.
func (t *Table) ByZIP(zip string) (County, bool) {
	if len(zip) < 5 {
		return County{}, false
	}
	i, ok := t.byZIP[zip[:5]]
	if !ok {
		return County{}, false
	}
	return t.counties[i], true
}

// LookUp places a person: by the county reported where the table has it, else by ZIP code. Without
// either the FIPS code is empty and the region is Unassigned.
func (t *Table) LookUp(fips, zip string) (countyFIPS, region string) {
	if c, ok := t.ByFIPS(fips); ok {
		return c.FIPS, c.Region
	}
	if c, ok := t.ByZIP(zip); ok && fips == "" {
		return c.FIPS, c.Region
	}
	return "", Unassigned
}

// RegionsOf are the regions of some counties in the order of the alphabet, with Unassigned last.
func RegionsOf(counties []County) []string {
	var list []string
	for _, c := range counties {
		list = append(list, c.Region)
	}
	slices.Sort(list)
	return append(slices.Compact(list), Unassigned)
}

// Named finds what somebody means by a word: a region, or a county by its code or its name, with or without the word
// county. The other one is empty; both are where the word is neither.
func Named(counties []County, word string) (fips, region string) {
	if slices.Contains(RegionsOf(counties), word) {
		return "", word
	}
	name := strings.TrimSuffix(strings.TrimSuffix(word, " County"), " county")
	for _, c := range counties {
		if c.FIPS == word || strings.EqualFold(c.Name, name) {
			return c.FIPS, ""
		}
	}
	return "", ""
}
