package mailing

import (
	"path/filepath"
	"slices"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/recipient"
)

// The lists that a recipient's entry may ask for beside those of the whole region: cuts of tonight's notices. They change
// no count of a region or the state.
var (
	counties = List{"counties.csv", "One person with a notice tonight in the counties that the recipient's entry names.", listed, forPeople}
	outside  = List{"outside.csv", "One person with a notice tonight whom a clinic of the recipient's entry cares for, and who lives in " +
		"no region of the recipient's.", listed, forPeople}
)

// A cut is one such list of a region's recipient.
type cut struct {
	list   *List
	people []*campaign.Chosen
}

// cuts are the lists that a region's recipient has asked for. Who lives outside is in the folder of the first of the
// recipient's regions alone.
func (c *Config) cuts(region string, plan *campaign.Plan) []cut {
	to := c.Recipients[region]
	if to == nil {
		return nil
	}
	var list []cut
	if len(to.Cuts.Counties) > 0 {
		list = append(list, cut{&counties, c.tonight(plan, func(in string, one *campaign.Chosen) bool {
			return in == region && slices.Contains(to.Cuts.Counties, one.Person.CountyFIPS)
		})})
	}
	mine := func(in string) bool { return slices.Contains(to.Receives, recipient.Folder(recipient.Regions, in)) }
	if len(to.Cuts.Clinics) > 0 && slices.IndexFunc(c.Regions, mine) == slices.Index(c.Regions, region) {
		list = append(list, cut{&outside, c.tonight(plan, func(in string, one *campaign.Chosen) bool {
			return !mine(in) && slices.Contains(to.Cuts.Clinics, one.Person.Provider)
		})})
	}
	return list
}

// tonight are those with a new notice of which something is true.
func (c *Config) tonight(plan *campaign.Plan, is func(region string, one *campaign.Chosen) bool) []*campaign.Chosen {
	var list []*campaign.Chosen
	for _, region := range c.Regions {
		for _, kind := range campaign.Kinds {
			for _, one := range plan.Chosen[region][kind] {
				if c.Recipients[region] != nil && !one.Waiting && is(region, one) {
					list = append(list, one)
				}
			}
		}
	}
	return list
}

// writeCuts writes the lists that the regions' recipients have asked for, with a disclosure for each row.
func (c *Config) writeCuts(r *pipeline.Run, plan *campaign.Plan) ([]table.Disclosure, error) {
	var shown []table.Disclosure
	for _, region := range c.Regions {
		for _, cut := range c.cuts(region, plan) {
			output := "regions/" + region + "/" + cut.list.Name
			rows := c.letters(r.AsOf, cut.people)
			if err := writeFile(r, c.Recipients[region], cut.list, output, rows); err != nil {
				return nil, err
			}
			for _, row := range rows {
				shown = append(shown, c.Recipients[region].Disclose(r.Snapshot, output, row.notice.ClientID))
			}
		}
	}
	return shown, nil
}

// fileCut is a row of such a list, read back.
type fileCut struct {
	Output   string `col:"output" doc:"path under out/"`
	Folder   string `col:"folder" doc:"region of the folder"`
	Outside  bool   `col:"outside" doc:"it is the list of people who live elsewhere"`
	NoticeID string `col:"notice_id" doc:"as in the row"`
	Region   string `col:"region" doc:"as in the row"`
}

// readCuts reads the lists of a region's folder that its recipient has asked for.
func readCuts(r *pipeline.Run, region string, rows []fileCut) ([]fileCut, error) {
	for _, l := range []*List{&counties, &outside} {
		output := "regions/" + region + "/" + l.Name
		if !exists(r, output) {
			continue
		}
		err := csvfile.Read(filepath.Join(r.OutDir(), filepath.FromSlash(output)), LetterColumns, func(cells []string) error {
			at := func(name string) string { return cells[slices.Index(LetterColumns, name)] }
			rows = append(rows, fileCut{output, region, l == &outside, at("notice_id"), at("region")})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}
