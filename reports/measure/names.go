package measure

import (
	"encoding/csv"
	"strings"
	"sync"
)

// values are the names of the codes of values.csv.
var values = sync.OnceValues(func() ([]valueRow, error) {
	lines, err := csv.NewReader(strings.NewReader(valuesCSV)).ReadAll()
	if err != nil {
		return nil, err
	}
	var list []valueRow
	for _, l := range lines[1:] {
		list = append(list, valueRow{l[0], l[1], l[2]})
	}
	return list, nil
})

// ValueName is the name of a property's code; the code where it has none.
func ValueName(property, code string) string {
	list, err := values()
	if err != nil {
		return code
	}
	for _, v := range list {
		if v.Property == property && v.Code == code {
			return v.Name
		}
	}
	return code
}
