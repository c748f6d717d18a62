package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"miic/cmd/miic/shell"
	"miic/ingest/codes"
	"miic/internal/prose"
	"miic/reports/outbreak"
	"miic/reports/recipient"
)

// Lot is miic report lot.
func Lot(a *shell.App) *cobra.Command {
	var d shell.Demand
	var cvx, lot string
	cmd := &cobra.Command{
		Use:   "lot",
		Short: "Who was given a lot of a vaccine",
		Long: `Write a list of the people who were given a product (CVX code) of one lot, for a recall of
it: each dose with its day, the clinic that gave it, and who reports the lot. Spaces,
hyphens and small letters in a lot make no difference. It also counts the doses of the
product of which no report has a lot: these may be of any.

It is about the newest night, or with --as-of about any that is kept. Who is restricted by
now, or has died, is in no list. The list is recorded as disclosed to --for before it is
there.` + shell.Exits(shell.ExitDone, shell.ExitFailed, shell.ExitUsage, shell.ExitNoLake, shell.ExitDamaged),
		Example: `  miic report lot --cvx 03 --lot M4021 --for state --reason "recall 2026-07" --out lot-M4021.csv`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return reportLot(cmd.Context(), a, &d, cvx, lot) },
	}
	cmd.Flags().StringVar(&cvx, "cvx", "", "CVX `code` of the product")
	cmd.Flags().StringVar(&lot, "lot", "", "`lot` number")
	d.Flags(cmd.Flags())
	return cmd
}

func reportLot(ctx context.Context, a *shell.App, d *shell.Demand, code, lot string) error {
	cvx, ok := codes.CVX(code)
	if !ok || codes.NoVaccine(cvx) {
		return shell.UsageError("--cvx %q is no CVX code of a vaccine: docs/codes.md has where the table is from", code)
	}
	if outbreak.PlainLot(lot) == "" {
		return shell.UsageError("name the lot with --lot, as it stands on the vial")
	}
	o, err := openLists(ctx, a, d, recipient.Lot)
	if err != nil {
		return err
	}
	defer o.Close()
	doses, without, err := outbreak.OfLot(ctx, o.Engine, cvx, lot, o.Shown)
	if err != nil {
		return err
	}
	header := append([]string{"registry_id", "last_name", "first_name", "birth_date", "dose_date", "cvx", "mvx", "lot", "lot_expiry",
		"lot_evidence", "dose_source", "given_at"}, contactColumns...)
	var rows [][]string
	var clients []int64
	for _, x := range doses {
		source := "given"
		if x.Historical {
			source = "reported"
		}
		clients = each(clients, x.ClientID)
		rows = append(rows, append([]string{count(x.ClientID), x.LastName, x.FirstName, x.BirthDate.String(), x.AdministeredOn.String(),
			fmt.Sprintf("%02d", cvx), x.MVX, x.Lots, x.LotExpiry.String(), x.Evidence(), source, x.GivenAt}, contact(&x.Contact)...))
	}
	slices.Sort(clients)
	clients = slices.Compact(clients)
	if err := o.WriteRows(d.Out, clients, header, rows); err != nil {
		return err
	}
	return written(a, o, d, len(rows), clients, map[string]any{"cvx": fmt.Sprintf("%02d", cvx), "lot": lot, "without_lot": without},
		[]string{fmt.Sprintf("%s of CVX %02d on record without a lot: they may be of any", prose.Count(int64(without), "dose", "doses"), cvx)})
}
