package profile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strings"

	"miic/ingest/read"
	"miic/internal/name"
	"miic/internal/table"
)

// A Column is what one column holds. Values are shown only where they are codes: one or two
// characters, few of them, each many times.
type Column struct {
	Name     string    `json:"name"`
	Begin    int       `json:"begin,omitempty"` // fixed width: from 1
	Width    int       `json:"width,omitempty"`
	Filled   int64     `json:"filled"`
	Share    float64   `json:"filled_share"`
	Distinct int64     `json:"distinct"` // up to a limit
	More     bool      `json:"more_distinct,omitempty"`
	Shortest int       `json:"shortest"`
	Longest  int       `json:"longest"`
	Shapes   []Counted `json:"shapes,omitempty"` // the commonest: 9 a digit, A and a letters, … a run of them
	Values   []Counted `json:"values,omitempty"`
	Dates    string    `json:"dates,omitempty"` // the form that nearly all values have
	First    string    `json:"first,omitempty"`
	Last     string    `json:"last,omitempty"`
	Looks    string    `json:"looks_like,omitempty"` // the field of ours that it may be
	Oddities []string  `json:"oddities,omitempty"`

	commas  int64            // values with a comma
	answers int64            // values of yes or no
	words   []string         // the answers that came, in capitals
	days    map[string]int64 // values that are days, by the form of dates
}

// Counted is a shape or value and how often it came.
type Counted struct {
	Text  string `json:"text"`
	Count int64  `json:"count"`
}

const (
	maxDistinct = 1 << 16 // values that are counted apart in a column
	maxShapes   = 512
)

// columnStats counts one column in memory that does not grow with the file.
type columnStats struct {
	Column
	from, to int
	asOf     table.Date
	rows     int64
	seen     map[read.Fingerprint]struct{}
	shapes   map[string]int64
	codes    map[string]int64
	lost     bool // a shape or code was left out
	names    int64
	digits   map[int]int64 // lengths of values that are all digits
	dates    map[string]*dateStats
	shape    []byte
}

type dateStats struct {
	good, sentinel, future, firsts int64
	first, last                    table.Date
}

func newColumn(name string, at int, asOf table.Date) *columnStats {
	c := &columnStats{from: at, asOf: asOf, seen: map[read.Fingerprint]struct{}{}, shapes: map[string]int64{},
		codes: map[string]int64{}, digits: map[int]int64{}, dates: map[string]*dateStats{}}
	c.Name = name
	for form := range read.DateForms {
		if form != "HL7" {
			c.dates[form] = &dateStats{}
		}
	}
	return c
}

func fixedColumn(name string, begin, width int, asOf table.Date) *columnStats {
	c := newColumn(name, begin-1, asOf)
	c.to, c.Begin, c.Width = begin-1+width, begin, width
	return c
}

// layoutColumns are the columns of a fixed-width layout that we have.
func layoutColumns(l *read.Layout, asOf table.Date) (cols []*columnStats) {
	seen := map[[2]int]bool{}
	for _, f := range l.Fields {
		for _, at := range f.At {
			if !seen[at] {
				seen[at] = true
				cols = append(cols, fixedColumn(f.To, at[0], at[1], asOf))
			}
		}
	}
	sort.SliceStable(cols, func(i, j int) bool { return cols[i].from < cols[j].from })
	return cols
}

// guessColumns finds the columns of a fixed-width file: a column begins where a blank that is in all
// lines of a sample ends, and where blanks give way to letters or digits in most.
func guessColumns(f *os.File, start, size int64, width int, asOf table.Date) []*columnStats {
	r := read.NewLineReader(io.NewSectionReader(f, start, size-start), read.MaxLine)
	filled := make([]int, width)
	begins := make([]int, width)
	lines := 0
	for lines < 5000 {
		ln, err := r.Next()
		if err != nil {
			break
		}
		if len(ln.Text) != width {
			continue
		}
		lines++
		for i, c := range ln.Text {
			if c != ' ' {
				filled[i]++
				if i > 0 && ln.Text[i-1] == ' ' {
					begins[i]++
				}
			}
		}
	}
	var cols []*columnStats
	from := -1
	end := func(to int) {
		if from >= 0 {
			cols = append(cols, fixedColumn(fmt.Sprintf("at_%d", from+1), from+1, to-from, asOf))
		}
		from = -1
	}
	for i := range filled {
		switch {
		case filled[i] == 0:
			end(i)
		case from < 0, begins[i] > 0 && begins[i]*10 >= filled[i]*9 && filled[i] > lines/50:
			end(i)
			from = i
		}
	}
	end(width)
	return cols
}

// value counts one value of a row.
func (c *columnStats) value(b []byte) {
	c.rows++
	if len(b) == 0 {
		return
	}
	c.Filled++
	if c.Filled == 1 || len(b) < c.Shortest {
		c.Shortest = len(b)
	}
	c.Longest = max(c.Longest, len(b))
	if len(c.seen) < maxDistinct {
		c.seen[read.Seed.Text(read.UnsafeString(b))] = struct{}{}
	} else {
		c.More = true
	}
	c.shape = shapeOf(b, c.shape[:0])
	count(c.shapes, c.shape, &c.lost)
	if len(b) <= 2 {
		count(c.codes, b, &c.lost)
	}
	if len(b) < 20 && allDigits(b) {
		c.digits[len(b)]++
	}
	if bytes.IndexByte(b, ',') >= 0 {
		c.commas++
	}
	if len(b) <= 5 {
		if word := strings.ToUpper(string(b)); slices.Contains(c.words, word) {
			c.answers++
		} else if _, ok := yesNo[word]; ok {
			c.answers++
			c.words = append(c.words, word)
		}
	}
	if is, _ := (name.Person{First: read.UnsafeString(b)}).Given(); is {
		c.names++
	}
	for form, d := range c.dates {
		switch date, state := read.ParseDate(form, b); state {
		case read.DateSentinel, read.DateNone:
			d.sentinel++
		case read.DateGood:
			d.good++
			if c.asOf != 0 && date > c.asOf {
				d.future++
			}
			if _, _, day := date.YMD(); day == 1 {
				d.firsts++
			}
			if d.first == 0 || date < d.first {
				d.first = date
			}
			d.last = max(d.last, date)
		}
	}
}

func count(m map[string]int64, b []byte, lost *bool) {
	if n, ok := m[string(b)]; ok {
		m[string(b)] = n + 1
	} else if len(m) < maxShapes {
		m[string(b)] = 1
	} else {
		*lost = true
	}
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// shapeOf writes the shape of a value: digits as 9, letters as A and a, more than three in a row as one and …
func shapeOf(b, shape []byte) []byte {
	var last byte
	run := 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			c = '9'
		case c >= 'A' && c <= 'Z':
			c = 'A'
		case c >= 'a' && c <= 'z', c >= 0x80:
			c = 'a'
		case c < ' ':
			c = '?'
		}
		if run++; c != last {
			run = 1
		}
		last = c
		switch {
		case run <= 3 || c == '9' && run <= 12:
			shape = append(shape, c)
		case run == 4 || c == '9' && run == 13:
			shape = append(shape, "…"...)
		}
	}
	return shape
}

// finish draws the conclusions.
func (c *columnStats) finish(p *profiler) {
	c.Distinct = int64(len(c.seen))
	if c.rows > 0 {
		c.Share = float64(c.Filled) / float64(c.rows)
	}
	c.Shapes = topOf(c.shapes, 3)
	coded := int64(0)
	few := len(c.codes) <= 20
	for _, n := range c.codes {
		coded += n
		few = few && n >= 10
	}
	if few && coded == c.Filled && c.Filled >= 100 {
		c.Values = topOf(c.codes, 20)
	}
	c.days = map[string]int64{}
	for form, d := range c.dates {
		c.days[form] = d.good + d.sentinel
		if c.Filled > 0 && d.good > 0 && (d.good+d.sentinel)*100 >= c.Filled*95 && plausible(d) &&
			(c.Dates == "" || d.good > c.dates[c.Dates].good || d.good == c.dates[c.Dates].good && form < c.Dates) {
			c.Dates, c.First, c.Last = form, d.first.String(), d.last.String()
		}
	}
	odd := func(format string, args ...any) { c.Oddities = append(c.Oddities, fmt.Sprintf(format, args...)) }
	if d := c.dates[c.Dates]; d != nil {
		if d.sentinel > 0 {
			odd("%d filler dates", d.sentinel)
		}
		if d.future > 0 {
			odd("%d dates after %s", d.future, c.asOf)
		}
		if bad := c.Filled - d.good - d.sentinel; bad > 0 {
			odd("%d values are not dates", bad)
		}
		if d.good >= 100 && d.firsts*100 > d.good*10 {
			odd("%d%% of the dates are the first of a month: days may have been made up", d.firsts*100/d.good)
		}
	} else if most, n := int64(0), 0; len(c.digits) > 1 {
		var all, shorter int64
		for length, k := range c.digits {
			if all += k; k > most {
				most, n = k, length
			}
		}
		for length, k := range c.digits {
			if length < n && length >= n-3 {
				shorter += k
			}
		}
		if all*100 >= c.Filled*95 && most*100 >= all*60 && shorter > 0 && n >= 5 {
			odd("%d numbers are shorter than the usual %d digits: leading zeros may be lost", shorter, n)
		}
	}
	c.Looks = fieldNamed(c.Name)
	if c.names > 0 && (strings.Contains(c.Looks, "first_name") || strings.Contains(c.Looks, "last_name")) {
		odd("%d placeholder names (%.1f%%)", c.names, float64(c.names)*100/float64(max(c.Filled, 1)))
	}
	p.Columns = append(p.Columns, c.Column)
}

// plausible reports a span of days that people's dates may have.
func plausible(d *dateStats) bool {
	return d.first >= table.NewDate(1880, 1, 1) && d.last <= table.NewDate(2100, 1, 1)
}

func topOf(m map[string]int64, n int) []Counted {
	list := make([]Counted, 0, len(m))
	for k, v := range m {
		list = append(list, Counted{k, v})
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Count > list[j].Count || list[i].Count == list[j].Count && list[i].Text < list[j].Text
	})
	return list[:min(n, len(list))]
}
