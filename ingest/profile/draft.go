package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"miic/ingest/read"
)

// needs is what every line of a kind must have, and its name in words.
var needs = map[string]string{"source_client_id": "the sender's own number of the person", "last_name": "the surname",
	"birth_date": "the date of birth", "administered_on": "the day of the dose"}

// A drafting is a layout on its way.
type drafting struct {
	*profiler
	dates    string
	taken    map[string]bool // fields of ours that a column has
	known    []string
	unknown  []string
	settling []string // remarks for a person
}

// draft writes a layout for the file: what was recognised, and the rest as remarks for a person to settle.
func (p *profiler) draft() string {
	if p.Form != "fixed" && (p.Form != "csv" || !p.Header) || len(p.Columns) == 0 {
		return ""
	}
	if !slices.ContainsFunc(p.Columns, func(c Column) bool { return c.Looks == "source_client_id" }) {
		for i := range p.Columns { // the number of its chart is what a clinic knows a person by
			if c := &p.Columns[i]; c.Looks == "chart_number" {
				c.Looks = "source_client_id"
				break
			}
		}
	}
	d := &drafting{profiler: p, dates: commonestDates(p.Columns), taken: map[string]bool{}}
	for i := range p.Columns {
		if line := d.column(&p.Columns[i]); line != "" {
			d.known = append(d.known, line)
			continue
		}
		c, shape := &p.Columns[i], ""
		if len(c.Shapes) > 0 {
			shape = c.Shapes[0].Text
		}
		d.unknown = append(d.unknown, fmt.Sprintf("  # - {to: , %s} # filled %.0f%%, %d to %d long, mostly %q", d.where(c), c.Share*100,
			c.Shortest, c.Longest, shape))
	}
	return d.write()
}

// commonestDates is the form that most columns of dates have.
func commonestDates(columns []Column) string {
	forms := map[string]int{}
	best := "YYYYMMDD"
	for _, c := range columns {
		if c.Dates != "" {
			if forms[c.Dates]++; forms[c.Dates] > forms[best] {
				best = c.Dates
			}
		}
	}
	return best
}

func (d *drafting) where(c *Column) string {
	if d.Form == "csv" {
		return fmt.Sprintf("column: %q", strings.ToLower(c.Name))
	}
	return fmt.Sprintf("at: [[%d, %d]]", c.Begin, c.Width)
}

func (d *drafting) settle(format string, args ...any) {
	d.settling = append(d.settling, fmt.Sprintf(format, args...))
}

// column writes a column's line, or nothing where it is not known what it holds.
func (d *drafting) column(c *Column) string {
	if c.Looks == "" && d.Form == "csv" {
		return d.combined(c)
	}
	if c.Looks == "" || d.taken[c.Looks] {
		return ""
	}
	d.taken[c.Looks] = true
	more := ""
	switch c.Looks {
	case "source_client_id", "last_name", "birth_date", "administered_on", "claim_id", "claim_status":
		more = ", required: true"
	}
	isDate := slices.Contains([]string{"birth_date", "administered_on", "death_date", "lot_expiry", "updated_on"}, c.Looks)
	switch {
	case c.Looks == "sex":
		more += ", canary: sex"
	case isDate && c.days[d.dates]*2 < c.Filled:
		d.settle("%s: most of its values are no dates as %s: have them sent in that form", c.Name, d.dates)
	case c.Dates == d.dates && more != "":
		more += ", canary: date"
	}
	return fmt.Sprintf("  - {to: %s, %s%s}", c.Looks, d.where(c), more)
}

// combined writes the line of a column that holds several fields, or an answer of yes or no.
func (d *drafting) combined(c *Column) string {
	word := plain(c.Name)
	if of, ok := answers[word]; ok && c.Filled > 0 && c.answers == c.Filled && !d.taken["source"] {
		d.taken["source"] = true
		return fmt.Sprintf("  - {to: source, %s, map: {%s}} # 00 given there, 01 reported of another place", d.where(c), c.mapping(of))
	}
	whole, ok := wholes[word]
	if !ok || c.Filled == 0 {
		return ""
	}
	form := splits[whole][0]
	if c.commas*2 < c.Filled {
		if form = splits[whole][1]; whole != "place" {
			d.settle("%s: the first word is taken for the given name and the rest for the surname", c.Name)
		}
	}
	first := strings.Trim(strings.Fields(form)[0], ",?")
	if d.taken[first] {
		return ""
	}
	d.taken[first] = true
	required := ""
	if whole == "name" {
		d.taken["last_name"], required = true, ", required: true"
	}
	return fmt.Sprintf("  - {%s, split: %q%s}", d.where(c), form, required)
}

func (d *drafting) makes() string {
	switch {
	case !d.taken["administered_on"]:
		return "client"
	case d.taken["claim_id"]:
		return "claim"
	case d.taken["birth_date"]:
		return "visit"
	}
	return "dose"
}

func (d *drafting) write() string {
	makes := d.makes()
	wanted := []string{"source_client_id"}
	if makes == "client" || makes == "visit" {
		wanted = append(wanted, "last_name", "birth_date")
	}
	if makes != "client" {
		wanted = append(wanted, "administered_on")
		if !d.taken["cvx"] && !d.taken["ndc"] && !d.taken["cpt"] && !d.taken["trade_name"] && !d.taken["vaccine_group"] {
			d.settle("no column is the vaccine: a line needs cvx, ndc, cpt or trade_name")
		}
	}
	if makes == "visit" && !d.taken["source"] && d.Form == "csv" {
		d.unknown = append(d.unknown, `  # - {to: source, value: "00"} # if each dose was given there: else they count as reported of another place`)
	}
	for _, f := range wanted {
		if !d.taken[f] {
			d.settle("no column is %s: a line needs %s", needs[f], f)
		}
	}
	encoding := d.Encoding
	if encoding == "ascii" {
		encoding = read.UTF8
	}
	var b strings.Builder
	fmt.Fprintf(&b, "id: new-sender # the name of this file without .yaml\ndoc: drafted from one file; a person "+
		"must check every field\nmakes: %s\nform: %s\n", makes, d.Form)
	if d.Form == "fixed" {
		fmt.Fprintf(&b, "width: %d\n", d.Width)
	}
	for name, mark := range read.Delimiters {
		if d.Form == "csv" && mark == d.delimiter && mark != ',' {
			fmt.Fprintf(&b, "between: %s\n", name)
		}
	}
	fmt.Fprintf(&b, "encoding: %s\ndates: %s\n", encoding, d.dates)
	for _, s := range d.settling {
		fmt.Fprintf(&b, "# %s\n", s)
	}
	b.WriteString("fields:")
	if len(d.known) == 0 {
		b.WriteString(" []")
	}
	for _, line := range append(d.known, d.unknown...) {
		b.WriteString("\n" + line)
	}
	return b.String() + "\n"
}

// yesNo are the answers that are read, and whether each is a yes.
var yesNo = map[string]bool{"Y": true, "YES": true, "TRUE": true, "T": true, "1": true, "X": true, "N": false, "NO": false, "FALSE": false,
	"F": false, "0": false}

// mapping writes the answers that the column has as a map: what yes and what no mean.
func (c *Column) mapping(of [2]string) string {
	var parts []string
	for _, word := range slices.Sorted(slices.Values(c.words)) {
		ours := of[1]
		if yesNo[word] {
			ours = of[0]
		}
		parts = append(parts, fmt.Sprintf("%q: %q", strings.ToLower(word), ours))
	}
	return cmp.Or(strings.Join(parts, ", "), `"y": "00"`)
}
