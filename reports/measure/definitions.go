package measure

import (
	"bytes"
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed measures.yaml
var measuresYAML []byte

// A measure is the definition of one coverage figure.
type measure struct {
	ID      string   `yaml:"id"`
	Version int32    `yaml:"version"`
	Name    string   `yaml:"name"`
	Clauses []string `yaml:"clauses"`
}

// A clause is one condition of a measure.
type clause struct {
	Measure  string `col:"measure" doc:"id of the measure"`
	Group    string `col:"vaccine_group" doc:"vaccine group"`
	Months   int16  `col:"months" doc:"age by which it must hold"`
	Doses    int32  `col:"doses" doc:"valid doses needed"`
	Complete bool   `col:"complete" doc:"the series must be complete instead"`
}

// denominatorRule is the id of who is counted: everyone of the age in the registry who is active in the jurisdiction
// and not opted out.
const denominatorRule = "age-24-35-months-active-in-registry"

// Headline is the id of the first measure, which the run page shows and a brake watches.
func Headline() (string, error) {
	list, _, err := measures()
	if err != nil {
		return "", err
	}
	return list[0].ID, nil
}

// measures reads the built-in definitions.
func measures() ([]measure, []clause, error) {
	var list []measure
	if err := yaml.NewDecoder(bytes.NewReader(measuresYAML), yaml.DisallowUnknownField()).Decode(&list); err != nil {
		return nil, nil, fmt.Errorf("read the measures: %w", err)
	}
	var clauses []clause
	for _, m := range list {
		for _, text := range m.Clauses {
			c, err := parseClause(text)
			if err != nil {
				return nil, nil, fmt.Errorf("measure %s: %w", m.ID, err)
			}
			c.Measure = m.ID
			clauses = append(clauses, c)
		}
	}
	return list, clauses, nil
}

// parseClause reads "MMR 1" or "Hib complete".
func parseClause(text string) (clause, error) {
	at := strings.LastIndexByte(text, ' ')
	if at < 0 {
		return clause{}, fmt.Errorf("clause %q needs a group and a number or the word complete", text)
	}
	c := clause{Group: text[:at], Months: 24, Complete: text[at+1:] == "complete"}
	if c.Complete {
		return c, nil
	}
	n, err := strconv.Atoi(text[at+1:])
	if err != nil || n < 1 {
		return clause{}, fmt.Errorf("clause %q needs a group and a number or the word complete", text)
	}
	c.Doses = int32(n)
	return c, nil
}
