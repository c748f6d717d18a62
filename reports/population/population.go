// Package population tells how many people live in each county, by a file of the site: from births or a census, so that
// figures of coverage can be compared with what they should be about.
//
//	county_fips,birth_cohort,ages,population,source
//	27123,,2,6712,census estimate 2025
//	27123,,13-17,34100,census estimate 2025
//	27123,2023,,6655,births July 2023 to June 2024
//
// A line is about ages in completed years, or about those born from July of a year to June of the next.
package population

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"miic/internal/area"
)

// Oldest is the last age of a span without an end, such as 65+.
const Oldest = 149

// A Row is how many people of some ages, or of a birth cohort, live in a county.
type Row struct {
	FIPS   string
	Cohort int // the year in whose July it begins; 0: by ages
	Ages   Span
	People int64
	Source string
}

// A Span is ages in completed years, both included.
type Span struct{ First, Last int }

// String is the span as a file has it.
func (s Span) String() string {
	switch {
	case s.First == s.Last:
		return strconv.Itoa(s.First)
	case s.Last == Oldest:
		return strconv.Itoa(s.First) + "+"
	}
	return fmt.Sprintf("%d-%d", s.First, s.Last)
}

// Header are the columns of the file.
var Header = []string{"county_fips", "birth_cohort", "ages", "population", "source"}

// Load reads a site's file; no name is no file. What is wrong with a line is told with the line, and the county has no
// population there: neither have the region and the state. So is which county a span of ages or a cohort lacks.
func Load(path string, counties []area.County) (rows []Row, faults []string) {
	if path == "" {
		return nil, nil
	}
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return nil, []string{fmt.Sprintf("%s cannot be read: put the file there, or take populations out of the settings", name)}
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil || strings.TrimPrefix(strings.Join(header, ","), "\ufeff") != strings.Join(Header, ",") {
		return nil, []string{fmt.Sprintf("%s:1: the first line must be %s: nothing of the file is used", name, strings.Join(Header, ","))}
	}
	return read(r, name, counties)
}

// key is what only one line may be about.
type key struct {
	fips   string
	cohort int
	ages   Span
}

func read(r *csv.Reader, name string, counties []area.County) (rows []Row, faults []string) {
	places := map[string]string{}
	for _, c := range counties {
		places[c.FIPS] = c.Name
	}
	first := map[key]int{} // line
	twice := map[key]bool{}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			var at *csv.ParseError
			line := 1
			if errors.As(err, &at) {
				line = at.StartLine
			}
			return nil, append(faults, fmt.Sprintf("%s:%d: is no CSV line: mind the quotation marks; nothing of the file is used", name, line))
		}
		line, _ := r.FieldPos(0)
		row, fault := parse(cells)
		if fault == "" && places[row.FIPS] == "" {
			fault = fmt.Sprintf("there is no county %q in the table of counties: write its five-digit FIPS code", row.FIPS)
		}
		k := key{row.FIPS, row.Cohort, row.Ages}
		if fault == "" && first[k] > 0 {
			twice[k] = true
			fault = fmt.Sprintf("%s has a population of %s in line %d already: neither is used", places[row.FIPS], k, first[k])
		}
		if fault != "" {
			faults = append(faults, fmt.Sprintf("%s:%d: %s", name, line, fault))
			continue
		}
		first[k] = line
		rows = append(rows, row)
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool { return twice[key{r.FIPS, r.Cohort, r.Ages}] })
	return rows, append(faults, missing(rows, name, counties)...)
}

var spanForm = regexp.MustCompile(`^(\d{1,3})(?:-(\d{1,3})|(\+))?$`)

// parse reads a line, or says what is wrong with it.
func parse(cells []string) (Row, string) {
	if len(cells) != len(Header) {
		return Row{}, fmt.Sprintf("has %d columns: it must have %d", len(cells), len(Header))
	}
	row := Row{FIPS: cells[0], Source: strings.TrimSpace(cells[4])}
	switch {
	case (cells[1] == "") == (cells[2] == ""):
		return row, "must have either birth_cohort or ages"
	case cells[1] != "":
		year, err := strconv.Atoi(cells[1])
		if err != nil || year < 1900 || year > 2200 {
			return row, fmt.Sprintf("birth_cohort is %q: it must be the year in whose July the cohort begins", cells[1])
		}
		row.Cohort = year
	default:
		m := spanForm.FindStringSubmatch(cells[2])
		if m == nil {
			return row, fmt.Sprintf("ages is %q: it must be completed years, such as 2, 13-17 or 65+", cells[2])
		}
		row.Ages.First, _ = strconv.Atoi(m[1])
		row.Ages.Last = row.Ages.First
		if m[2] != "" {
			row.Ages.Last, _ = strconv.Atoi(m[2])
		} else if m[3] != "" {
			row.Ages.Last = Oldest
		}
		if row.Ages.Last < row.Ages.First || row.Ages.Last > Oldest {
			return row, fmt.Sprintf("ages is %q: it must begin with the youngest", cells[2])
		}
	}
	n, err := strconv.ParseInt(cells[3], 10, 64)
	if err != nil || n < 0 || n > 1e9 {
		return row, fmt.Sprintf("population is %q: it must be a whole number, 0 or more", cells[3])
	}
	row.People = n
	if row.Source == "" {
		return row, "source is empty: readers of the ratio need to know whose count it is"
	}
	return row, ""
}

func (k key) String() string {
	if k.cohort > 0 {
		return fmt.Sprintf("the cohort of July %d", k.cohort)
	}
	return "ages " + k.ages.String()
}

// missing names the counties that each span of ages and each cohort of the file lacks.
func missing(rows []Row, name string, counties []area.County) []string {
	var kinds []key
	have := map[key]bool{}
	for _, r := range rows {
		k := key{"", r.Cohort, r.Ages}
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
		have[key{r.FIPS, r.Cohort, r.Ages}] = true
	}
	var faults []string
	for _, k := range kinds {
		var lacks []string
		for _, c := range counties {
			if !have[key{c.FIPS, k.cohort, k.ages}] {
				lacks = append(lacks, fmt.Sprintf("%s (%s)", c.Name, c.FIPS))
			}
		}
		if len(lacks) > 0 {
			const most = 5
			more := ""
			if len(lacks) > most {
				more = fmt.Sprintf(" and %d more", len(lacks)-most)
				lacks = lacks[:most]
			}
			faults = append(faults, fmt.Sprintf("%s has no population of %s for %s%s: they, their regions and the state have no ratio", name, k,
				strings.Join(lacks, ", "), more))
		}
	}
	return faults
}

// An Index finds populations.
type Index struct {
	people   map[key]int64
	counties []area.County
}

// NewIndex makes rows ready to be looked up.
func NewIndex(rows []Row, counties []area.County) *Index {
	x := &Index{map[key]int64{}, counties}
	for _, r := range rows {
		x.people[key{r.FIPS, r.Cohort, r.Ages}] = r.People
	}
	return x
}

// OfAges is how many people of the ages live in a county, a region or the state; 0 where that is not known of every county.
func (x *Index) OfAges(areaType, code string, ages Span) int64 {
	return x.sum(areaType, code, func(fips string) (int64, bool) {
		if n, ok := x.people[key{fips, 0, ages}]; ok {
			return n, true
		}
		sum := int64(0)
		for a := ages.First; a <= ages.Last; a++ {
			n, ok := x.people[key{fips, 0, Span{a, a}}]
			if !ok {
				return 0, false
			}
			sum += n
		}
		return sum, true
	})
}

// OfCohort is how many people of a birth cohort live in an area; 0 where that is not known of every county.
func (x *Index) OfCohort(areaType, code string, year int) int64 {
	return x.sum(areaType, code, func(fips string) (int64, bool) {
		n, ok := x.people[key{fips, year, Span{}}]
		return n, ok
	})
}

func (x *Index) sum(areaType, code string, of func(fips string) (int64, bool)) int64 {
	sum := int64(0)
	for _, c := range x.counties {
		if areaType == "state" || areaType == "region" && c.Region == code || areaType == "county" && c.FIPS == code {
			n, ok := of(c.FIPS)
			if !ok {
				return 0
			}
			sum += n
		}
	}
	return sum
}
