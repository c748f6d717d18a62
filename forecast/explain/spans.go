package explain

import (
	"fmt"

	"miic/forecast/cdsi"
)

// duration puts a span of the schedule into words: "12 months less 4 days", "4 weeks"; "" if it is not given.
func duration(u cdsi.Duration) string {
	if !u.Given {
		return ""
	}
	months := ""
	switch m := int(u.Months); {
	case m != 0 && m%12 == 0 && m > 12:
		months = count(m/12, "year")
	case m != 0:
		months = count(m, "month")
	}
	days := int(u.Days)
	word := " and "
	if days < 0 {
		days, word = -days, " less "
	}
	text := count(days, "day")
	if days%7 == 0 && days > 0 {
		text = count(days/7, "week")
	}
	switch {
	case months == "":
		return text
	case days == 0:
		return months
	}
	return months + word + text
}

// age is the age on a day, as people give it: days in the first month, months up to two years, then years and months.
func age(birth, on cdsi.Day) string {
	if birth == cdsi.NoDay || on == cdsi.NoDay {
		return "unknown age"
	}
	if on < birth {
		return count(int(birth-on), "day") + " before birth"
	}
	months := 0
	for birth.Add(cdsi.Duration{Months: int16(months + 1), Given: true}) <= on {
		months++
	}
	switch {
	case months == 0:
		return count(int(on-birth), "day")
	case months < 24:
		return count(months, "month")
	case months%12 == 0:
		return count(months/12, "year")
	}
	return count(months/12, "year") + " " + count(months%12, "month")
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprint(n, " ", unit, "s")
}
