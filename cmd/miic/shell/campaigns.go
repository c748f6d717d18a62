package shell

import (
	"fmt"
	"path/filepath"
	"slices"

	"miic/forecast"
	"miic/reports/campaign"
	"miic/reports/letter"
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

// readLetters reads the texts of letters and who sends them, and then the site's campaigns, which may name the texts. With
// a mistake in any of them no notice is sent; it is named by every night and by the doctor, and the rest of the night goes on.
func (c *Config) readLetters(base string) error {
	mail, err := c.Reports.Letters.Load(base)
	if err == nil {
		err = c.Reports.KnownOffices(mail)
	}
	if err != nil {
		c.Reports.Mail, c.Reports.NoticeFaults = letter.BuiltIn(), []string{"reports: letters: " + err.Error()}
		return nil
	}
	c.Reports.Mail = mail
	if files, err := filepath.Glob(filepath.Join(c.Campaigns, "*.*")); err != nil || len(files) == 0 {
		return err // what they may name is not asked for nothing
	}
	known, err := c.KnownToCampaigns()
	if err != nil {
		return err
	}
	list, faults, err := campaign.Load(c.Campaigns, known)
	c.Reports.Campaigns = list
	for _, f := range faults {
		c.Reports.NoticeFaults = append(c.Reports.NoticeFaults, "campaigns: "+f)
	}
	return err
}
