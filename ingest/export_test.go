package ingest

import (
	"miic/ingest/rule"
)

// CheckIDs lists the rules that need more than one value, which refuse nothing.
func CheckIDs() []string {
	var ids []string
	for _, c := range rule.All {
		if c.About != "reader" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
