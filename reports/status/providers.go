package status

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"miic/internal/dated"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// Merger is a rule that from a day on one provider's patients are another's. Clinics merge and are renamed; what the
// records say stays as it was reported.
type Merger struct {
	Provider string
	Becomes  string
	Since    string // YYYY-MM-DD
}

// ReadMergers reads a CSV file with the columns provider, becomes and since. Another name of the same clinic is a
// line as well.
func ReadMergers(src io.Reader) ([]Merger, error) {
	changes, err := dated.Read(src, "provider", "becomes", "providers")
	if err != nil {
		return nil, err
	}
	var list []Merger
	for _, c := range changes {
		list = append(list, Merger{Provider: c.From, Becomes: c.To, Since: c.Since})
	}
	return list, checkMergers(list)
}

// checkMergers refuses a provider that becomes two, and one that comes back to itself.
func checkMergers(list []Merger) error {
	next := map[string]string{}
	for _, m := range list {
		if next[m.Provider] != "" {
			return fmt.Errorf("provider %s becomes two", m.Provider)
		}
		next[m.Provider] = m.Becomes
	}
	for p := range next {
		at := p
		for range list {
			if at = next[at]; at == p {
				return fmt.Errorf("provider %s comes back to itself", p)
			}
		}
	}
	return nil
}

type providerNow struct {
	Provider string `col:"provider" doc:"as records say"`
	Becomes  string `col:"becomes" doc:"whose patients they are tonight"`
}

// providersNow follows the mergers up to tonight.
func providersNow(list []Merger, asOf table.Date) []providerNow {
	next := map[string]string{}
	for _, m := range list {
		if since, err := table.ParseDate(m.Since); err == nil && since <= asOf {
			next[m.Provider] = m.Becomes
		}
	}
	var rows []providerNow
	for _, m := range list {
		at := m.Provider
		for next[at] != "" {
			at = next[at]
		}
		if at != m.Provider {
			rows = append(rows, providerNow{m.Provider, at})
		}
	}
	return rows
}

// View makes the table provider_now of whose patients they are tonight, and tables with a column provider known to the
// engine under their own names, with tonight's providers.
func View(ctx context.Context, r *pipeline.Run, mergers []Merger, tables ...*table.Table) error {
	rows := providersNow(mergers, r.AsOf)
	if err := engine.Load(ctx, r.Engine, "provider_now", rows); err != nil || len(rows) == 0 {
		return cmp.Or(err, r.View(ctx, tables...))
	}
	for _, t := range tables {
		if err := r.Engine.View(ctx, "recorded_"+t.Name, t, r.Files(t.Name)); err != nil {
			return err
		}
		var cols []string
		for _, c := range t.Columns {
			expr := "p." + c.Name
			if c.Name == "provider" {
				expr = "coalesce(m.becomes, p.provider)"
			}
			cols = append(cols, expr+" AS "+c.Name)
		}
		r.Engine.Define(t.Name, fmt.Sprintf("SELECT %s FROM recorded_%s AS p LEFT JOIN provider_now AS m ON m.provider = p.provider",
			strings.Join(cols, ", "), t.Name))
	}
	return nil
}
