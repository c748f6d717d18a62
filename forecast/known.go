package forecast

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed testdata/known_failures.csv
var knownFailures string

// A KnownFailure is a published case that fails, and whose fault that is: of the row (older than the data, or faulty), of
// the data, or ours. Corrected: with the corrections of the data it is right.
type KnownFailure struct {
	Fault     string
	Corrected bool
	Why       string
}

// KnownFailures lists the published cases that fail, by id. The list may only shrink.
func KnownFailures() (map[string]KnownFailure, error) {
	rows, err := csv.NewReader(strings.NewReader(knownFailures)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("list of known failures: %w", err)
	}
	known := map[string]KnownFailure{}
	for _, r := range rows[1:] {
		known[r[0]] = KnownFailure{Fault: r[1], Corrected: r[2] == "yes", Why: r[3]}
	}
	return known, nil
}
