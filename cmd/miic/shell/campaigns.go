package shell

import (
	"fmt"
	"path/filepath"
	"slices"

	"miic/forecast"
	"miic/reports/campaign"
)

// KnownToCampaigns is what a campaign of the site may name.
func (c *Config) KnownToCampaigns() (campaign.Known, error) {
	schedule, err := forecast.LoadSchedule(c.Forecast)
	if err != nil {
		return campaign.Known{}, fmt.Errorf("forecast: %w", err)
	}
	k := campaign.Known{Counties: c.Reports.Counties, Standing: c.Reports.Standing()}
	for _, g := range schedule.Groups {
		k.Groups = append(k.Groups, g.Name)
	}
	for _, county := range k.Counties {
		if !slices.Contains(k.Regions, county.Region) {
			k.Regions = append(k.Regions, county.Region)
		}
	}
	for _, s := range c.Senders {
		if s.Kind == "clinic" {
			k.Clinics = append(k.Clinics, s.ID)
		}
	}
	k.Templates = c.Reports.Mail.Catalog.Templates()
	slices.Sort(k.Groups)
	slices.Sort(k.Regions)
	return k, nil
}

// readCampaigns reads the site's campaigns.
func (c *Config) readCampaigns() error {
	if files, err := filepath.Glob(filepath.Join(c.Campaigns, "*.yaml")); err != nil || len(files) == 0 {
		return err // what they may name is not asked for nothing
	}
	known, err := c.KnownToCampaigns()
	if err == nil {
		c.Reports.Campaigns, err = campaign.Load(c.Campaigns, known)
	}
	return err
}
