package recall

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/ingest/address"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/postal"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/recipient"
)

func addressesCommand(a *shell.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "addresses",
		Short: "Ask an address vendor about the addresses that will be mailed",
		Long: `Write the addresses that will be mailed for an address vendor, and take in what it answers:
the postal service's form of each, with ZIP+4 and delivery point, and who has moved.` +
			shell.Exits(shell.ExitDone, shell.ExitUsage),
		Example: "  miic recall addresses export --for address-vendor --reason \"mailing of March\" --out addresses.csv",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return cmd.Help() },
	}
	cmd.AddCommand(addressesExport(a), addressesImport(a), addressesWithdraw(a))
	return cmd
}

func addressesExport(a *shell.App) *cobra.Command {
	var to, reason, out string
	cmd := &cobra.Command{
		Use:   "export --for RECIPIENT --reason TEXT --out FILE",
		Short: "Write the addresses that will be mailed",
		Long: `Write the addresses of all whom a campaign will write to by mail: tonight, or as soon as
an interval or a clinic's missing file allows it. A row is an address and the surname at
the door, without which moves are not found; it names nobody else and has no number of a
person. The recipient's entry must receive addresses, under an agreement that holds. Who is
behind the rows is recorded as disclosed before the file appears. The vendor fills in the
empty columns and leaves the first eight as they are; 'miic recall addresses import' takes
the file back. docs/letters.md has the columns.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic recall addresses export --for address-vendor --reason "mailing of March" --out addresses.csv
  miic recall addresses import addresses_answer.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return shell.UsageError("name the file to write with --out FILE")
			}
			return exportAddresses(cmd.Context(), a, to, reason, filepath.Clean(out))
		},
	}
	cmd.Flags().StringVar(&to, "for", "", "who receives it: the `id` of a recipient's entry")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words; kept with the disclosure")
	cmd.Flags().StringVar(&out, "out", "", "the `file` to write; one that is there is not replaced")
	return cmd
}

// exported are the addresses of an export, and who is behind them.
type exported struct {
	rows    []*campaign.Home // one for each address
	ids     []string
	clients []int64
	odd     int // addresses that a file for spreadsheets cannot hold as they are
}

func exportAddresses(ctx context.Context, a *shell.App, to, reason, out string) error {
	o, err := shell.OpenOnDemand(ctx, a, recipient.Addresses, to, reason, 0)
	if err != nil {
		return err
	}
	defer o.Close()
	var homes []campaign.Home
	err = withRun(ctx, a, "", func(c *shell.Config, r *pipeline.Run) error {
		var err error
		homes, err = c.Reports.MailedSoon(ctx, r)
		return err
	})
	if err != nil {
		return err
	}
	x := export(homes, o.Shown)
	if len(x.rows) == 0 {
		return shell.UsageError("there is no address to ask about: no campaign will write to anybody by mail")
	}
	err = o.WriteAddresses(out, x.clients, x.ids, func(number string, w io.Writer) error {
		return writeAddresses(w, o.Recipient.CSV.Style(), number, x)
	})
	if err != nil {
		return err
	}
	if a.JSON {
		return a.Document(map[string]any{"file": out, "recipient": o.Recipient.ID, "rows": len(x.rows), "people": len(x.clients),
			"left_out": x.odd, "snapshot": o.Night.Snapshot})
	}
	a.Say("%s: %s of %s, for %s", out, prose.Count(int64(len(x.rows)), "address", "addresses"),
		prose.Count(int64(len(x.clients)), "person", "people"), o.Recipient.Name)
	if x.odd > 0 {
		a.Say("%s left out: a spreadsheet would change what is written there", prose.Count(int64(x.odd), "address is", "addresses are"))
	}
	return nil
}

// export puts homes into rows, one for each address and surname, in the order of the post.
func export(homes []campaign.Home, shown func(int64) bool) *exported {
	x := &exported{}
	seen, odd := map[string]bool{}, map[string]bool{}
	for i := range homes {
		h := &homes[i]
		if !shown(h.ClientID) {
			continue
		}
		at := h.Address()
		id := at.ID()
		if slices.ContainsFunc([]string{at.Surname, at.Address1, at.Address2, at.City, at.State, at.ZIP}, func(s string) bool { return csvfile.Cell(s) != s }) {
			odd[id] = true
			continue
		}
		x.clients = append(x.clients, h.ClientID)
		if !seen[id] {
			seen[id] = true
			x.rows = append(x.rows, h)
		}
	}
	slices.SortFunc(x.rows, func(p, q *campaign.Home) int {
		return cmp.Or(cmp.Compare(p.ZIP, q.ZIP), cmp.Compare(p.Address1, q.Address1), cmp.Compare(p.Address2, q.Address2),
			cmp.Compare(p.Surname, q.Surname), cmp.Compare(p.ClientID, q.ClientID))
	})
	for _, h := range x.rows {
		at := h.Address()
		x.ids = append(x.ids, at.ID())
	}
	x.odd = len(odd)
	return x
}

// writeAddresses writes an export, as the vendor gets it.
func writeAddresses(out io.Writer, style csvfile.Style, number string, x *exported) error {
	return style.WriteTo(out, address.Header(), func(yield func([]string) bool) {
		for i, h := range x.rows {
			row := []string{number, x.ids[i], h.Surname, h.Address1, h.Address2, h.City, h.State, h.ZIP,
				h.StdAddress1, h.StdAddress2, h.StdCity, h.StdState, h.StdZIP5, h.StdZIP4, h.DeliveryPoint}
			if !yield(append(row, make([]string, len(address.Columns)-len(row))...)) {
				return
			}
		}
	})
}

func addressesImport(a *shell.App) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Take in what an address vendor has answered",
		Long: `Take in a vendor's answer to an export of addresses. The whole file is checked first: a row
for each address of the export, its columns and its words unchanged, days and codes as
docs/letters.md has them. With a line that cannot be taken (a ZIP code that has lost a zero,
a day that a spreadsheet has changed, an unknown code) nothing of it is, and each such line
is named. The next 'miic nightly' acts on it: mail goes to the postal service's form of an
address; where a family has moved or no mail is delivered, it is as if a letter had come
back from there. Whoever has another address by then is left as they are. The same file
handed in twice counts once. A later answer to the same export takes the place of an earlier
one, and what that one said about people goes; 'miic recall addresses withdraw' takes an
answer back without another.` +
			shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitLocked, shell.ExitDamaged,
				shell.ExitNoSpace),
		Example: `  miic recall addresses import addresses_answer.csv
  miic nightly`,
		Args: shell.OneArgument("the vendor's file"),
		RunE: func(cmd *cobra.Command, args []string) error { return importAddresses(a, args[0]) },
	}
}

// mostAnswer is how many bytes a vendor's file may have.
const mostAnswer = 1 << 30

func importAddresses(a *shell.App, path string) error {
	c, l, _, err := shell.OpenHead(a)
	if err != nil {
		return err
	}
	name := prose.Name(filepath.Base(path))
	data, err := readAtMost(path, mostAnswer)
	if err != nil {
		return shell.UsageError("cannot read the vendor's file: %w", err)
	}
	number, err := address.Export(data)
	if err != nil {
		return shell.UsageError("nothing was taken: %s: %w", name, err)
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return shell.UsageError("time_zone: %w", err)
	}
	exports, err := l.Disclosures()
	if err != nil {
		return err
	}
	asked, err := shell.AskedOf(exports, number, zone)
	if err != nil {
		return shell.UsageError("nothing was taken: %s: %w", name, err)
	}
	today, err := shell.Today(c)
	if err != nil {
		return err
	}
	rows, faults := address.Read(data, asked, today)
	if len(faults) > 0 {
		return refusedAnswer(name, faults)
	}
	vendor := exports[slices.IndexFunc(exports, func(d lake.Disclosed) bool { return d.ID == number })].Recipient
	known, err := answer(l, lake.Answered{Export: number, Vendor: vendor, Rows: len(rows), Operator: shell.Operator()}, data)
	if err != nil {
		return err
	}
	return sayAnswered(a, number, rows, known)
}

// answer keeps the vendor's file, unless the same was handed in before.
func answer(l *lake.Lake, one lake.Answered, data []byte) (known bool, err error) {
	w, err := l.Lock()
	if err != nil {
		return false, err
	}
	defer w.Unlock()
	before, err := l.Answers()
	if err != nil {
		return false, err
	}
	if last := lastAnswer(before, one.Export); last != nil && last.SHA256 == lake.AnswerSum(data) && last.Withdrawn == "" {
		return true, nil
	}
	return false, w.Answer(one, data)
}

// lastAnswer is the last line about an export, if there is one.
func lastAnswer(list []lake.Answered, export string) *lake.Answered {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Export == export {
			return &list[i]
		}
	}
	return nil
}

// sayAnswered tells what the answer holds.
func sayAnswered(a *shell.App, number string, rows []table.AddressAnswer, known bool) error {
	counts := map[postal.Finding]int{}
	for i := range rows {
		counts[postal.Find(rows[i].DPVCode, rows[i].NCOACode)]++
	}
	if a.JSON {
		return a.Document(map[string]any{"export": number, "rows": len(rows), "known": known, "delivered": counts[postal.Delivered],
			"moved": counts[postal.Moved], "gone": counts[postal.Gone], "not_found": counts[postal.NotFound]})
	}
	if known {
		a.Say("the same file was handed in before: nothing to do")
		return nil
	}
	a.Say("%s of export %s: %d delivered, %d moved to a new address, %d gone without one or not delivered, %d not found; "+
		"the next 'miic nightly' acts on them", prose.Count(int64(len(rows)), "answer", "answers"), number, counts[postal.Delivered],
		counts[postal.Moved], counts[postal.Gone], counts[postal.NotFound])
	return nil
}

// refusedAnswer is the error about a file of answers.
func refusedAnswer(name string, faults []address.Fault) error {
	slices.SortStableFunc(faults, func(a, b address.Fault) int { return cmp.Compare(a.Line, b.Line) })
	var b strings.Builder
	b.WriteString("nothing was taken:")
	for i, f := range faults {
		if i == mostNamed {
			fmt.Fprintf(&b, "\n  and %d more", len(faults)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s", name)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d", f.Line)
		}
		if f.Field != "" {
			fmt.Fprintf(&b, ": %s", f.Field)
		}
		fmt.Fprintf(&b, ": %s", f.Why)
	}
	b.WriteString("\nhave the vendor correct the file, and hand it in again whole")
	return shell.UsageError("%s", b.String())
}

func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("it has more than %d bytes", most)
	}
	return data, err
}
