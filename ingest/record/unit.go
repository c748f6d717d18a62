package record

import (
	"miic/ingest/codes"
	"miic/ingest/effective"
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
	"miic/internal/phone"
	"miic/internal/table"
)

// A unit turns one record's raw values into rows. It is used again for every unit of a file.
type unit struct {
	from     *File
	dates    string     // form of the dates
	fileTime table.Time // of the file, for senders that give no time of their own
	dated    effective.Rule
	days     effective.Days // of the client record being read

	raw      field.Values
	line     int64 // of the unit
	offset   int64
	segment  int64 // in HL7, the line of the segment being read
	arena    read.Arena
	faults   []fault
	refused  bool
	choice   productChoice
	undoing  bool              // the unit withdraws a dose: it need not name the vaccine
	comments map[string]string // what the codes of the layout's comments mean
	whole    bool              // the layout's records are whole documents: what they leave blank they take back
	deleted  uint64            // by target, what HL7's explicit null takes back
}

// columns are what the unit's rows carry of it; what sets it apart is worked out row by row.
func (u *unit) columns() unitColumns {
	return unitColumns{File: u.from.No, Unit: u.line, Offset: u.offset}
}

// A fault is a rule broken in one unit.
type fault struct {
	rule  *rule.Rule
	field field.Field
	where string // the field in the sender's own words (RXA-3), when it has one
	line  int64  // in HL7 the segment's line; 0: the unit's
	code  string // the unknown code, where the rule is about a code table
}

// refusal returns the first reason to refuse the unit, or nil.
func (u *unit) refusal() *fault {
	for i := range u.faults {
		if u.faults[i].rule.Severity == rule.Refuse {
			return &u.faults[i]
		}
	}
	return nil
}

func (u *unit) begin(line, offset int64) {
	u.raw = field.Values{}
	u.line, u.offset, u.segment = line, offset, line
	u.arena.Reset()
	u.faults = u.faults[:0]
	u.refused, u.undoing, u.deleted, u.days = false, false, 0, effective.Days{}
}

func (u *unit) fault(r *rule.Rule, field field.Field, where, code string) {
	u.faults = append(u.faults, fault{rule: r, field: field, where: where, line: u.segment, code: code})
	u.refused = u.refused || r.Severity == rule.Refuse
}

func (u *unit) fail(r *rule.Rule, field field.Field) { u.fault(r, field, "", "") }
func (u *unit) warnCode(field field.Field, system, s string) {
	u.fault(rule.Code, field, "", safeCode(system, s))
}

// safeCode returns what may be kept of an unknown code: only what is shaped like a code, so that a
// name in a shifted column is never written down.
func safeCode(system, s string) string {
	digits, other := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c != '-':
			other++
		}
	}
	switch {
	case other == 0 && digits > 0 && len(s) <= 5, len(s) <= 2,
		system == "NDC" && other == 0 && (digits == 11 || len(s) > digits+1 && len(s) <= 13):
		return string([]byte(s))
	}
	return ""
}

func (u *unit) text(t field.Field) string { return u.arena.Text(u.raw[t]) }

// identifier reads a value that keys are made of.
func (u *unit) identifier(t field.Field) string {
	s := u.text(t)
	if len(s) > 100 {
		u.fail(rule.IDLength, t)
		return ""
	}
	return s
}

// word reads a coded value through a table of codes; an unknown one is dropped with a warning.
func (u *unit) word(t field.Field, tableName string) string {
	if len(u.raw[t]) == 0 {
		return ""
	}
	s := u.text(t)
	v, ok := codes.Word(tableName, s)
	if !ok {
		u.warnCode(t, tableName, s)
	}
	return v
}

// optionalDate reads a date that may be missing; what is not a past day is dropped with a warning.
func (u *unit) optionalDate(t field.Field, mayLieAhead bool) table.Date {
	b := u.raw[t]
	if len(b) == 0 {
		return 0
	}
	d, state := read.ParseDate(u.dates, b)
	switch {
	case state == read.DateBad:
		u.fail(rule.DateBad, t)
	case state == read.DateSentinel:
		u.fail(rule.Sentinel, t)
	case d > u.from.AsOf && !mayLieAhead:
		u.fail(rule.DateFuture, t)
		return 0
	}
	return d
}

// requiredDate reads a date without which the unit is refused by one of the three rules.
func (u *unit) requiredDate(t field.Field, missing, bad, future *rule.Rule) table.Date {
	d, state := read.ParseDate(u.dates, u.raw[t])
	switch {
	case state == read.DateNone, state == read.DateSentinel:
		u.fail(missing, t)
	case state == read.DateBad:
		u.fail(bad, t)
	case d > u.from.AsOf:
		u.fail(future, t)
	}
	return d
}

// senderTime is the sender's own time of the unit: its update column, else the file's.
func (u *unit) senderTime(t field.Field) table.Time {
	if len(u.raw[t]) == 0 {
		return u.fileTime
	}
	d, state := read.ParseDate(u.dates, u.raw[t])
	switch {
	case state != read.DateGood:
		u.fail(rule.TimeBad, t)
	case d > u.from.AsOf+1:
		u.fail(rule.TimeFuture, t)
	}
	return d.Midnight()
}

func (u *unit) number(t field.Field, limit int) int {
	b := u.raw[t]
	if len(b) == 0 {
		return 0
	}
	n, ok := read.WholeNumber(b)
	if !ok || n > limit {
		u.fail(rule.Number, t)
		return 0
	}
	return n
}

func (u *unit) phone(t field.Field) string {
	if len(u.raw[t]) == 0 {
		return ""
	}
	d := phone.Number(u.arena.Digits(u.raw[t]))
	if d == "" {
		u.fail(rule.Phone, t)
	}
	return d
}

func (u *unit) zip(t field.Field) string {
	if len(u.raw[t]) == 0 {
		return ""
	}
	d := u.arena.Digits(u.raw[t])
	if len(d) == 9 && d[5:] == "0000" {
		d = d[:5]
	}
	if len(d) != 5 && len(d) != 9 || d[:5] == "00000" || d[:5] == "99999" {
		u.fail(rule.ZIP, t)
		return ""
	}
	return d
}

func (u *unit) socialSecurity(t field.Field) string {
	if len(u.raw[t]) == 0 {
		return ""
	}
	d := u.arena.Digits(u.raw[t])
	if len(d) != 9 || read.AllOf([]byte(d), d[0]) || d == "123456789" || printed[d] || d[:3] == "666" ||
		d[:3] == "000" || d[3:5] == "00" || d[5:] == "0000" {
		u.fail(rule.SSN, t)
		return ""
	}
	return d
}

// printed are numbers that were printed on samples and in advertisements, which people have copied.
var printed = map[string]bool{"078051120": true, "219099999": true, "457555462": true, "111223333": true,
	"123121234": true, "987654321": true}

// county reads a county by number or name.
func (u *unit) county(t field.Field, state string) string {
	s := u.text(t)
	if s == "" {
		return ""
	}
	fips, ok := codes.County(state, s)
	if !ok {
		u.warnCode(t, "county", s)
		return ""
	}
	if len(fips) == len(s) {
		return fips
	}
	return u.arena.Join(fips)
}
