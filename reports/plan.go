package reports

import (
	"context"
	"slices"

	"miic/internal/pipeline"
	"miic/reports/campaign"
	"miic/reports/privacy"
)

// AllCampaigns are the campaigns that a night asks, by priority.
func (c *Config) AllCampaigns() []campaign.Campaign { return c.campaign().Campaigns }

// Plan works out what a campaign would send, beside those that run anyway, and writes nothing. One that is not on is
// planned as if it were.
func (c *Config) Plan(ctx context.Context, r *pipeline.Run, one campaign.Campaign) (*campaign.Estimate, error) {
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return nil, err
	}
	n := c.notices()
	n.noteRecipients(r)
	one.Starts, one.Ends = 0, 0
	others := slices.DeleteFunc(n.Campaign.Campaigns, func(o campaign.Campaign) bool { return o.Name == one.Name })
	n.Campaign.Campaigns = campaign.Order(one, others)
	plan, err := campaign.Choose(ctx, r, n.Campaign)
	if err != nil {
		return nil, err
	}
	e := plan.Estimate(one.Name, r.AsOf)
	e.Unread = len(unread)
	return e, nil
}
