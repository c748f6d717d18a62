package people

import (
	"context"
	"fmt"
	"strings"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/reports/outbreak"
)

// openLists opens the night that is asked about, with the tables of an outbreak's lists.
func openLists(ctx context.Context, a *shell.App, d *shell.Demand, output string) (*shell.OnDemand, error) {
	o, err := d.OpenFile(ctx, a, output)
	if err != nil {
		return nil, err
	}
	head, err := o.Lake.Head()
	if err == nil {
		err = outbreak.View(ctx, o.Engine, o.Lake.FilesOf(o.Night),
			o.Lake.FilesOf(head))
	}
	if err != nil {
		o.Close()
		return nil, err
	}
	return o, nil
}

// written says what was written.
func written(a *shell.App, o *shell.OnDemand, d *shell.Demand, rows int, clients []int64, more map[string]any, lines []string) error {
	if a.JSON {
		doc := map[string]any{"snapshot": o.Night.Snapshot, "as_of": o.Night.AsOf, "rows": rows, "people": len(clients),
			"recipient": o.Recipient.ID, "file": d.Out}
		for key, value := range more {
			doc[key] = value
		}
		return a.Document(doc)
	}
	for _, line := range lines {
		a.Say("%s", line)
	}
	a.Say("%s: %s about %s, for %s, by the night of %s (snapshot %d)", d.Out, prose.Count(int64(rows), "row", "rows"),
		prose.Count(int64(len(clients)), "person", "people"), o.Recipient.Name, o.Night.AsOf, o.Night.Snapshot)
	return nil
}

// each adds a person to those who are disclosed.
func each(clients []int64, id int64) []int64 {
	if id == 0 || len(clients) > 0 && clients[len(clients)-1] == id {
		return clients
	}
	return append(clients, id)
}

// contactColumns end each list: how to reach the family.
var contactColumns = []string{"guardian", "phone", "address_1", "address_2", "city", "state", "zip", "county_fips", "region",
	"clinic"}

func contact(p *outbreak.Contact) []string {
	return []string{full(p.GuardianFirst, p.GuardianLast), p.Phone, p.Address1, p.Address2, p.City, p.State, p.ZIP, p.CountyFIPS,
		p.Region, p.Provider}
}

func full(first, last string) string { return strings.TrimSpace(first + " " + last) }

func count(n int64) string { return fmt.Sprint(n) }
