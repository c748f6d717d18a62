package read

import (
	"bytes"

	"miic/internal/table"
)

// Dates are read by the form that the layout declares and never guessed.

type DateState int

const (
	DateGood     DateState = iota
	DateNone               // blank, zeros
	DateBad                // not of the declared form, or no such day
	DateSentinel           // a filler: 1900-01-01, 1970-01-01, all nines
)

var DateForms = map[string]func([]byte) (y, m, d int, ok bool){
	"YYYYMMDD": func(b []byte) (y, m, d int, ok bool) {
		if len(b) != 8 {
			return 0, 0, 0, false
		}
		return threeNumbers(b[:4], b[4:6], b[6:])
	},
	"MMDDYYYY": func(b []byte) (y, m, d int, ok bool) {
		if len(b) != 8 {
			return 0, 0, 0, false
		}
		return threeNumbers(b[4:], b[:2], b[2:4])
	},
	"YYYY-MM-DD": func(b []byte) (y, m, d int, ok bool) {
		if len(b) != 10 || b[4] != '-' || b[7] != '-' {
			return 0, 0, 0, false
		}
		return threeNumbers(b[:4], b[5:7], b[8:])
	},
	// As a spreadsheet writes days in the United States, padded or not; a midnight behind the day is none of its own.
	"M/D/YYYY": func(b []byte) (y, m, d int, ok bool) {
		day, clock, timed := bytes.Cut(b, []byte(" "))
		if timed && !midnight(clock) {
			return 0, 0, 0, false
		}
		month, rest, ok1 := bytes.Cut(day, []byte("/"))
		of, year, ok2 := bytes.Cut(rest, []byte("/"))
		if !ok1 || !ok2 || len(month) > 2 || len(of) > 2 || len(year) != 4 {
			return 0, 0, 0, false
		}
		return threeNumbers(year, month, of)
	},
	// HL7 times begin with the day; a year or a month alone is no day.
	"HL7": func(b []byte) (y, m, d int, ok bool) {
		if len(b) < 8 || len(b) > 8 && len(b) < 10 {
			return 0, 0, 0, false
		}
		return threeNumbers(b[:4], b[4:6], b[6:8])
	},
}

func midnight(clock []byte) bool {
	switch string(clock) {
	case "0:00", "00:00", "0:00:00", "00:00:00", "12:00 AM", "12:00:00 AM":
		return true
	}
	return false
}

func threeNumbers(a, b, c []byte) (y, m, d int, ok bool) {
	y, ok1 := WholeNumber(a)
	m, ok2 := WholeNumber(b)
	d, ok3 := WholeNumber(c)
	return y, m, d, ok1 && ok2 && ok3
}

func WholeNumber(b []byte) (n int, ok bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

func ParseDate(form string, b []byte) (table.Date, DateState) {
	if AllOf(b, '0') {
		return 0, DateNone
	}
	y, m, d, ok := DateForms[form](b)
	if !ok {
		return 0, DateBad
	}
	switch {
	case y == 9999, m == 99 && d == 99, y == 1900 && m == 1 && d == 1, y == 1970 && m == 1 && d == 1:
		return 0, DateSentinel
	}
	if date := table.NewDate(y, m, d); date != 0 {
		return date, DateGood
	}
	return 0, DateBad
}

func AllOf(b []byte, c byte) bool {
	for _, x := range b {
		if x != c {
			return false
		}
	}
	return true
}

// ParseTime reads an HL7 time: YYYYMMDD[HH[MM[SS[.S…]]]][±ZZZZ]. Without a zone it is taken as UTC:
// it only orders what one sender reports.
func ParseTime(b []byte) (table.Time, bool) {
	zone := 0
	for i := 8; i < len(b); i++ {
		if b[i] == '+' || b[i] == '-' {
			z, ok := WholeNumber(b[i+1:])
			if !ok || len(b)-i-1 > 4 || len(b)-i-1 < 3 {
				return 0, false
			}
			zone = z/100*60 + z%100
			if b[i] == '-' {
				zone = -zone
			}
			b = b[:i]
			break
		}
	}
	for i := range b {
		if b[i] == '.' {
			b = b[:i]
			break
		}
	}
	if len(b) != 8 && len(b) != 10 && len(b) != 12 && len(b) != 14 {
		return 0, false
	}
	y, m, d, ok := threeNumbers(b[:4], b[4:6], b[6:8])
	if !ok {
		return 0, false
	}
	day := table.NewDate(y, m, d)
	if day == 0 {
		return 0, false
	}
	var hms [3]int
	for i := 8; i < len(b); i += 2 {
		n, ok := WholeNumber(b[i : i+2])
		if !ok || n > 60 || i == 8 && n > 24 {
			return 0, false
		}
		hms[(i-8)/2] = n
	}
	seconds := int64(hms[0])*3600 + int64(hms[1]-zone)*60 + int64(hms[2])
	return day.Midnight() + table.Time(seconds*1e6), true
}

// FileDate finds the day in a file's name: _YYYYMMDD before the extension.
func FileDate(name string) table.Date {
	for i := len(name) - 8; i > 0; i-- {
		if c := name[i-1]; c >= '0' && c <= '9' || i+8 < len(name) && name[i+8] >= '0' && name[i+8] <= '9' {
			continue
		}
		if d, s := ParseDate("YYYYMMDD", []byte(name[i:i+8])); s == DateGood {
			return d
		}
	}
	return 0
}
