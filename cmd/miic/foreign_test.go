package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/lake"
	"miic/internal/table"
)

// TestALakeOfAnotherSchema: whoever asks a lake that another version of the program wrote learns that, and what to do.
func TestALakeOfAnotherSchema(t *testing.T) {
	f := newFaultCase(t, "../../fixtures/faults/twins")
	for _, step := range f.steps() {
		f.do(step)
	}
	// Every table is everybody's: no other test runs beside this one.
	defer func(v int) { table.ClientLinks.Version = v }(table.ClientLinks.Version)
	table.ClientLinks.Version += 6
	for _, args := range []string{"explain client 1", "explain pair a b", "explain forecast 1 MMR", "explain dose x",
		"review export", "link train", "lake views --for research", "ingest release x --reason y"} {
		var out, errs bytes.Buffer
		code := Main(append([]string{"--config", filepath.Join(f.work, "miic.yaml")}, strings.Fields(args)...), &out, &errs)
		if code != int(lake.Failed) || out.Len() > 0 ||
			!strings.Contains(errs.String(), "schema version 1 of table client_link is not known to this program") {
			t.Errorf("miic %s: exit %d\n%s%s", args, code, &out, &errs)
		}
	}
}
