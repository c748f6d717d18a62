// Package reference knows how old each table that comes with the program is, and how old it may get: codes of vaccines,
// counties and ZIP codes change, and a table that nobody renews is silently wrong.
//
// The dates are data, references.csv: the day of the publisher's release or, where the publisher gives none, the day on which
// the table was made. A test compares the files with their fingerprint there, so that a table cannot be renewed
// without its date.
package reference

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed references.csv
var text string

// A Reference is a table, or several of one release, that the program has built in.
type Reference struct {
	Name     string
	Released string // YYYY-MM-DD
	Limit    int    // days after the release from which it is too old
	Renew    string // what to do then
	files    []string
	sha256   string
}

// Schedule is the name under which the built-in schedule is listed: it is not in use where a site has its own.
const Schedule = "CDC's supporting data (the built-in schedule 4.64)"

// All lists the references.
func All() []Reference {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic("reference: the built-in list: " + err.Error())
	}
	var list []Reference
	for _, r := range rows[1:] {
		limit, err := strconv.Atoi(r[2])
		if err != nil {
			panic("reference: the built-in list: " + err.Error())
		}
		list = append(list, Reference{Name: r[0], Released: r[1], Limit: limit, files: strings.Fields(r[3]), sha256: r[4],
			Renew: r[5]})
	}
	return list
}

// An Old reference is past its limit.
type Old struct {
	Reference
	Age   int    // in days
	Since string // the first day on which it was too old
}

// Text is one clause about it.
func (o Old) Text() string {
	return fmt.Sprintf("%s: of %s, %d days old, over the limit of %d days since %s", o.Name, o.Released, o.Age, o.Limit,
		o.Since)
}

// TooOld lists the references that are past their limit on a day, YYYY-MM-DD.
func TooOld(list []Reference, day string) []Old {
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	var old []Old
	for _, r := range list {
		released, err := time.Parse(time.DateOnly, r.Released)
		if err != nil {
			continue
		}
		if age := int(on.Sub(released).Hours() / 24); age > r.Limit {
			old = append(old, Old{r, age, released.AddDate(0, 0, r.Limit+1).Format(time.DateOnly)})
		}
	}
	return old
}
