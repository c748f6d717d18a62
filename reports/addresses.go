package reports

import (
	"context"

	"miic/internal/pipeline"
	"miic/reports/campaign"
)

// MailedSoon are the addresses that the next nights' mail goes to, with what an address vendor last said about each.
func (c *Config) MailedSoon(ctx context.Context, r *pipeline.Run) ([]campaign.Home, error) {
	if err := c.Sendable(); err != nil {
		return nil, err
	}
	n := c.notices()
	n.noteRecipients(r)
	plan, err := campaign.Choose(ctx, r, n.Campaign)
	if err != nil {
		return nil, err
	}
	return plan.MailedSoon(ctx, r)
}
