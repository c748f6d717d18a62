package forecast

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed testdata/known_failures.csv
var knownFailures string

// KnownFailures lists the published cases that fail, by id, with the reason. The list may only shrink.
func KnownFailures() (map[string]string, error) {
	rows, err := csv.NewReader(strings.NewReader(knownFailures)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("list of known failures: %w", err)
	}
	known := map[string]string{}
	for _, r := range rows[1:] {
		known[r[0]] = r[1]
	}
	return known, nil
}
