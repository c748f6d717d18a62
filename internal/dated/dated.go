// Package dated reads the dated tables that a site keeps beside its configuration: what is numbered or named
// otherwise from a day on.
package dated

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"miic/internal/table"
)

// A Change is one line: from the day Since on, From is To.
type Change struct{ From, To, Since string } // Since is YYYY-MM-DD

// Read reads a CSV file with the columns from, to and since; what names, in the plural, what the first two hold.
// Errors name the line and no value.
func Read(src io.Reader, from, to, what string) ([]Change, error) {
	r := csv.NewReader(src)
	head, err := r.Read()
	if columns := []string{from, to, "since"}; err != nil || !slices.Equal(head, columns) {
		return nil, fmt.Errorf("its first line is not %s", strings.Join(columns, ","))
	}
	var list []Change
	for line := 2; ; line++ {
		cells, err := r.Read()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("line %d has not three cells", line)
		}
		c := Change{strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])}
		if _, err := table.ParseDate(c.Since); err != nil || c.From == "" || c.To == "" || c.From == c.To {
			return nil, fmt.Errorf("line %d: it needs two different %s and a day as YYYY-MM-DD", line, what)
		}
		list = append(list, c)
	}
}
