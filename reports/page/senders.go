package page

import (
	"context"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
)

// SendersConfig is what of a site's settings report cards and responses show.
type SendersConfig struct {
	Rules map[string]string // the words of each rule about deliveries, by id
}

// RunSenders writes the report cards, the overview of all senders and the responses. They are about deliveries, not about persons, and so are
// published also while requests are unread.
func RunSenders(ctx context.Context, r *pipeline.Run, c SendersConfig) error {
	if err := r.View(ctx, table.Rejections); err != nil {
		return err
	}
	if err := r.ViewLatest(ctx, table.Batches, table.DeliveryFigures); err != nil {
		return err
	}
	figures, err := deliveryFigures(ctx, r)
	if err != nil {
		return err
	}
	histories, err := writeCards(ctx, r, c, addUp(figures))
	if err != nil {
		return err
	}
	if err := writeOverview(ctx, r, histories, r.EarlierNotes(campaign.MissingSender)); err != nil {
		return err
	}
	return writeResponses(ctx, r, c, patterns(figures))
}
