package letter

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"miic/internal/table"
)

// vaccines are the names of vaccine groups in one language, by age: a toddler is due DTaP, a teenager Tdap.
type vaccines struct {
	language string
	approved bool
	bands    map[string][]band // by group, the youngest first
}

// A band is what a group's vaccine is called from an age on.
type band struct {
	years         int
	name, against string
}

// vaccineColumns of vaccines.<language>.csv.
var vaccineColumns = []string{"vaccine_group", "from_age", "name", "against"}

// parseVaccines reads names of vaccines. Comment lines before the header may give the language and who has approved them.
func parseVaccines(file string, text []byte) (*vaccines, error) {
	v := &vaccines{bands: map[string][]band{}}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimPrefix(line, "# "), ":")
		switch value = strings.TrimSpace(value); {
		case !strings.HasPrefix(line, "# "):
		case key == "language":
			v.language = value
		case key == "approved_by":
			v.approved = value != ""
		}
	}
	if v.language == "" {
		return nil, fmt.Errorf("%s: there is no line such as '# language: es'", file)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.Comment, r.FieldsPerRecord = '#', len(vaccineColumns)
	head, err := r.Read()
	if err != nil || !slices.Equal(head, vaccineColumns) {
		return nil, fmt.Errorf("%s: it must have the header %s", file, strings.Join(vaccineColumns, ","))
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		line, _ := r.FieldPos(0)
		years, err := strconv.Atoi(cells[1])
		bands := v.bands[cells[0]]
		switch {
		case err != nil || years < 0 || years > 120:
			return nil, fmt.Errorf("%s:%d: from_age is %q: it must be whole years", file, line, cells[1])
		case len(bands) == 0 && years != 0:
			return nil, fmt.Errorf("%s:%d: the first name of %s must be from the age of 0 on", file, line, cells[0])
		case len(bands) > 0 && bands[len(bands)-1].years >= years:
			return nil, fmt.Errorf("%s:%d: the ages of %s must rise", file, line, cells[0])
		case clean(cells[2]) == "":
			return nil, fmt.Errorf("%s:%d: %s has no name", file, line, cells[0])
		}
		v.bands[cells[0]] = append(bands, band{years, clean(cells[2]), clean(cells[3])})
	}
	return v, nil
}

// name is what the vaccine of a group is called for somebody born on a day who is due on another; nothing where the
// file does not have the group.
func (v *vaccines) name(group string, born, due table.Date) (b band, ok bool) {
	for i, next := range v.bands[group] {
		if i == 0 || born.AddMonths(12*next.years) <= due {
			b, ok = next, true
		}
	}
	return b, ok
}

// groups are those that the file has.
func (v *vaccines) groups() []string { return slices.Sorted(maps.Keys(v.bands)) }

// VaccineText is the vaccine of a group in plain words: Tdap (tetanus, diphtheria and whooping cough). A group of a
// site's own schedule that the language has no name for has its English one, or else its own.
func (c *Catalog) VaccineText(language, group string, born, due table.Date) Text {
	b, of := c.vaccine(language, group, born, due)
	if b.against != "" && !strings.EqualFold(b.against, b.name) {
		return Text{{Text: b.name + " (" + b.against + ")", Language: of}}
	}
	return Text{{Text: b.name, Language: of}}
}

// Knows reports whether the catalog has a name for a vaccine or group.
func (c *Catalog) Knows(key string) bool {
	v := c.vaccines[English]
	return v != nil && len(v.bands[key]) > 0
}

// vaccineName is the same without what it protects against.
func (c *Catalog) vaccineName(language, group string, born, due table.Date) Run {
	b, of := c.vaccine(language, group, born, due)
	return Run{Text: b.name, Language: of}
}

// vaccine is what the vaccine of a group is called, and in which language.
func (c *Catalog) vaccine(language, group string, born, due table.Date) (band, string) {
	for _, of := range []string{language, English} {
		if v := c.vaccines[of]; v != nil {
			if b, ok := v.name(group, born, due); ok {
				return b, of
			}
		}
	}
	return band{name: group}, English
}
