package people

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/internal/prose"
	"miic/reports/outbreak"
)

// demand are the flags of a list that is written on demand.
type demand struct{ to, reason, out, asOf string }

func (d *demand) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.to, "for", "", "who receives it: the `id` of a recipient's entry")
	cmd.Flags().StringVar(&d.reason, "reason", "", "why, in words; kept with the disclosure")
	cmd.Flags().StringVar(&d.out, "out", "", "the `file` to write; one that is there is not replaced")
	cmd.Flags().StringVar(&d.asOf, "as-of", "", "the night of this `date`, YYYY-MM-DD, or the last before it (default the newest)")
}

// open opens the night that is asked about, with its tables.
func (d *demand) open(ctx context.Context, a *shell.App, output string) (*shell.OnDemand, error) {
	if d.out == "" {
		return nil, shell.UsageError("name the file to write with --out FILE")
	}
	o, err := d.openNight(ctx, a, output)
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

// openNight opens the night that is asked about.
func (d *demand) openNight(ctx context.Context, a *shell.App, output string) (*shell.OnDemand, error) {
	snapshot, err := shell.NightOf(a, d.asOf)
	if err != nil {
		return nil, err
	}
	return shell.OpenOnDemand(ctx, a, output, d.to, d.reason, snapshot)
}

// write writes a list with a header, as the recipient's programs want it.
func write(o *shell.OnDemand, path string, clients []int64, header []string, rows [][]string) error {
	return o.Write(path, clients, func(out io.Writer) error {
		return o.Recipient.CSV.Style().WriteTo(out, header, slices.Values(rows))
	})
}

// written says what was written.
func written(a *shell.App, o *shell.OnDemand, d *demand, rows int, clients []int64, more map[string]any, lines []string) error {
	if a.JSON {
		doc := map[string]any{"snapshot": o.Night.Snapshot, "as_of": o.Night.AsOf, "rows": rows, "people": len(clients),
			"recipient": o.Recipient.ID, "file": d.out}
		for key, value := range more {
			doc[key] = value
		}
		return a.Document(doc)
	}
	for _, line := range lines {
		a.Say("%s", line)
	}
	a.Say("%s: %s about %s, for %s, by the night of %s (snapshot %d)", d.out, prose.Count(int64(rows), "row", "rows"),
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
