package table

import (
	"fmt"
	"regexp"
	"time"
)

// Date is a calendar day: days since 0000-12-31, so that 0001-01-01 is 1 and the zero value means
// "no date". Differences are days; there is no time zone and no clock in it.
type Date int32

// unixEpoch is 1970-01-01 as a Date; Parquet's DATE counts from there.
const unixEpoch Date = 719163

// NewDate returns the day y-m-d, or no date when there is no such day.
func NewDate(y, m, d int) Date {
	if y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0
	}
	before := daysBefore[m]
	if m > 2 {
		before += daysIn(y, 2) - 28
	}
	y-- // whole years before
	return Date(365*y + y/4 - y/100 + y/400 + before + d)
}

// daysBefore is how many days of a common year lie before a month.
var daysBefore = [13]int{0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}

func daysIn(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		y, ok1 := digits(s[:4])
		m, ok2 := digits(s[5:7])
		d, ok3 := digits(s[8:])
		if ok1 && ok2 && ok3 {
			if date := NewDate(y, m, d); date != 0 {
				return date, nil
			}
		}
	}
	return 0, fmt.Errorf("not a date of the form YYYY-MM-DD")
}

func digits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, len(s) > 0
}

// FromTime returns the calendar day of t in t's own location.
func FromTime(t time.Time) Date {
	y, m, d := t.Date()
	return NewDate(y, int(m), d)
}

// FromUnixDay returns the day that lies n days after 1970-01-01.
func FromUnixDay(n int32) Date { return Date(n) + unixEpoch }

// UnixDay returns the days since 1970-01-01.
func (d Date) UnixDay() int32 { return int32(d - unixEpoch) }

// YMD returns year, month and day; all zero for no date.
func (d Date) YMD() (y, m, day int) {
	if d == 0 {
		return 0, 0, 0
	}
	y, month, day := time.Unix(int64(d-unixEpoch)*86400, 0).UTC().Date()
	return y, int(month), day
}

// String returns YYYY-MM-DD, or the empty string for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.YMD()
	digit := func(n int) byte { return byte('0' + n%10) }
	return string([]byte{digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), '-', digit(m / 10), digit(m), '-', digit(day / 10), digit(day)})
}

// AddMonths moves by whole months; a day that the month lacks becomes its last day.
func (d Date) AddMonths(n int) Date {
	if d == 0 {
		return 0
	}
	y, m, day := d.YMD()
	months := y*12 + m - 1 + n
	y, m = months/12, months%12+1
	return NewDate(y, m, min(day, daysIn(y, m)))
}

var spanForm = regexp.MustCompile(`^(\d{1,4}) (day|week|month|year)s?$`)

// ParseSpan reads a time from one day to another, as files name ages: 6 weeks, 18 months, 4 years. It is in whole months, or
// in days.
func ParseSpan(text string) (months, days int, ok bool) {
	m := spanForm.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	n, _ := digits(m[1])
	switch m[2] {
	case "day":
		return 0, n, true
	case "week":
		return 0, 7 * n, true
	case "month":
		return n, 0, true
	}
	return 12 * n, 0, true
}

// Years is the age of somebody born on d, in completed years on a day; false where one of the two is not known or the day
// is before d.
func (d Date) Years(on Date) (int, bool) {
	if d == 0 || on < d {
		return 0, false
	}
	y, _, _ := d.YMD()
	now, _, _ := on.YMD()
	years := now - y
	if d.AddMonths(12*years) > on {
		years--
	}
	return years, true
}

// Time is a moment in microseconds since 1970-01-01 UTC; the zero value means "not known".
type Time int64

// Date returns the day of t, or no date where it is not known.
func (t Time) Date() Date {
	if t == 0 {
		return 0
	}
	const day = 86400 * 1e6
	n := int64(t) / day
	if int64(t)%day < 0 {
		n--
	}
	return FromUnixDay(int32(n))
}

// Midnight returns the first moment of d in UTC.
func (d Date) Midnight() Time {
	if d == 0 {
		return 0
	}
	return Time(int64(d.UnixDay()) * 86400 * 1e6)
}
