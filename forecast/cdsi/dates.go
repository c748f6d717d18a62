package cdsi

import (
	"fmt"
	"math"
	"strconv"
)

// Day is a calendar date as days since 1970-01-01 in the proleptic Gregorian calendar.
type Day int32

// NoDay means that there is no date.
const NoDay Day = math.MinInt32

// The calendar repeats every 400 years. Shifting dates by many such eras keeps the arithmetic below free of
// negative numbers, whose division is slow.
const (
	eraYears = 400
	eraDays  = 146097
	shift    = 20000 // eras: more than Day can reach back
)

// MakeDay returns the day of a civil date. It does not check that the date exists; ParseDay does.
func MakeDay(year, month, day int) Day {
	if month <= 2 {
		year--
		month += 12
	}
	y := uint64(year + shift*eraYears)
	era := y / eraYears
	yoe := y - era*eraYears
	doy := uint64(153*(month-3)+2)/5 + uint64(day) - 1 // days since 1 March
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return Day(int64(era*eraDays+doe) - 719468 - shift*eraDays)
}

// Civil returns the year, month and day of d.
func (d Day) Civil() (year, month, day int) {
	z := uint64(int64(d) + 719468 + shift*eraDays)
	era := z / eraDays
	doe := z - era*eraDays
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = int(doy - (153*mp+2)/5 + 1)
	month = int(mp) + 3
	year = int(yoe+era*eraYears) - shift*eraYears
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// String returns the date as YYYY-MM-DD, and "" for NoDay.
func (d Day) String() string {
	if d == NoDay {
		return ""
	}
	y, m, dd := d.Civil()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, dd)
}

// ParseDay reads YYYY-MM-DD or YYYYMMDD and refuses dates that do not exist. An empty text is NoDay.
func ParseDay(s string) (Day, error) {
	if s == "" {
		return NoDay, nil
	}
	digits := s
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		digits = s[:4] + s[5:7] + s[8:]
	}
	if len(digits) != 8 {
		return NoDay, fmt.Errorf("date is not YYYY-MM-DD")
	}
	for i := 0; i < 8; i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return NoDay, fmt.Errorf("date is not YYYY-MM-DD")
		}
	}
	y, _ := strconv.Atoi(digits[:4])
	m, _ := strconv.Atoi(digits[4:6])
	d, _ := strconv.Atoi(digits[6:])
	if m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return NoDay, fmt.Errorf("no such day in the calendar")
	}
	return MakeDay(y, m, d), nil
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// EndOfMonth returns the last day of d's month: a lot that expires in a month is good until then.
func (d Day) EndOfMonth() Day {
	y, m, _ := d.Civil()
	return MakeDay(y, m, daysIn(y, m))
}

// Duration is a signed span of calendar months (twelve to a year) and days (seven to a week).
// The zero value means "not given", which is not the same as a given "0 days".
type Duration struct {
	Months int16
	Days   int16
	Given  bool
}

// String returns the compact form ParseDuration reads, such as "6m-4d", "15y", "4w" or "0d"; "" if not given.
func (u Duration) String() string {
	if !u.Given {
		return ""
	}
	s := ""
	switch m := int(u.Months); {
	case m == 0:
	case m%12 == 0:
		s = strconv.Itoa(m/12) + "y"
	default:
		s = strconv.Itoa(m) + "m"
	}
	switch d := int(u.Days); {
	case d == 0 && s != "":
	case d == 0:
		s = "0d"
	default:
		if s != "" && d > 0 {
			s += "+"
		}
		if d%7 == 0 {
			s += strconv.Itoa(d/7) + "w"
		} else {
			s += strconv.Itoa(d) + "d"
		}
	}
	return s
}

// ParseDuration reads a signed sum of terms, each a whole number and a unit: y, m, w or d, or
// spelled out as CDC's data has them ("16 years - 4 months", " 13 Years"). Blanks and case do not
// matter. An empty text is the Duration that is not given.
func ParseDuration(s string) (Duration, error) {
	var u Duration
	months, days, terms := 0, 0, 0
	i := 0
	blanks := func() {
		for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\r' || s[i] == '\t') {
			i++
		}
	}
	for blanks(); i < len(s); blanks() {
		sign := 1
		if s[i] == '+' || s[i] == '-' {
			if s[i] == '-' {
				sign = -1
			}
			i++
			blanks()
		} else if terms > 0 {
			return u, fmt.Errorf("duration %q: two terms without + or -", s)
		}
		start, n := i, 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			n = n*10 + int(s[i]-'0')
			if i-start > 4 {
				return u, fmt.Errorf("duration %q: number too large", s)
			}
			i++
		}
		if i == start {
			return u, fmt.Errorf("duration %q: expected a number", s)
		}
		blanks()
		start = i
		for i < len(s) && (s[i]|0x20) >= 'a' && (s[i]|0x20) <= 'z' {
			i++
		}
		switch lower(s[start:i]) {
		case "y", "year", "years":
			months += sign * n * 12
		case "m", "month", "months":
			months += sign * n
		case "w", "week", "weeks":
			days += sign * n * 7
		case "d", "day", "days":
			days += sign * n
		default:
			return u, fmt.Errorf("duration %q: unit is not years, months, weeks or days", s)
		}
		terms++
	}
	if terms == 0 {
		return u, nil
	}
	if months < -12000 || months > 12000 || days < -30000 || days > 30000 {
		return u, fmt.Errorf("duration %q: too long", s)
	}
	return Duration{Months: int16(months), Days: int16(days), Given: true}, nil
}

func lower(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] |= 0x20
		}
	}
	return string(b)
}

// Add returns d plus u (spec 3.4): months first; a day the month lacks becomes the first of the next
// month; only then days. Adding a Duration that is not given, or adding to NoDay, gives NoDay.
func (d Day) Add(u Duration) Day {
	if !u.Given || d == NoDay {
		return NoDay
	}
	if u.Months == 0 {
		return d + Day(u.Days)
	}
	y, m, dd := d.Civil()
	return addCivil(y, m, dd, u)
}

func addCivil(y, m, dd int, u Duration) Day {
	months := y*12 + m - 1 + int(u.Months)
	y = floorDiv(months, 12)
	m = months - y*12 + 1
	if dd > 28 && dd > daysIn(y, m) {
		if off(ruleMonthOverflow) {
			return MakeDay(y, m, daysIn(y, m)) + Day(u.Days)
		}
		dd = 1
		m++ // never past December: it has 31 days
	}
	return MakeDay(y, m, dd) + Day(u.Days)
}
