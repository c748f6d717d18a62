// Package mailing writes what the campaign has decided: for each region a folder of files, for the state one too, and
// for the registry alone a list of who was left out.
//
//	regions/<region>/mailing.csv    for a mailing house: a piece of mail a row, one for a household, in the post's order
//	regions/<region>/letters.pdf    those letters, ready for print; postcards.pdf, and labels.pdf for all of them
//	regions/<region>/phone.csv      calls, and text.csv texts: a household a row, without a vaccine
//	regions/<region>/reminder.csv   people with a dose recommended by the end of the reminder's window
//	regions/<region>/recall.csv     people with a dose past due by the recall's grace
//	regions/<region>/summary.csv    candidates, mailed, of them in review, excluded by each reason, not called by each reason
//	regions/<region>/breakdown.csv  tonight's notices by county, clinic, age and language
//	regions/<region>/counties.csv   where the recipient's entry asks for them: people of some counties, and
//	regions/<region>/outside.csv    people whom the recipient's clinics care for and who live elsewhere
//	regions/<region>/open/          the same, but for the two counts, of all notices that nobody has collected
//	state/mailing.csv, letters.pdf …, summary.csv  the same for the state: the mail of all regions, and their figures
//	registry/withheld.csv           whoever gets nothing, by number, with the reasons
//
// What people read comes as a workbook too, beside the CSV file: lists of people, calls and texts, summary and breakdown,
// and who was left out. Each folder of a region and the state's has dictionary.csv, what every column means, and manifest.json, what is in the
// folder: rows, pages, hashes, and which rows are decoys. One row of a list of people is one person with one notice;
// each person in a file has one disclosure for it.
package mailing

import (
	"cmp"
	"context"
	"embed"
	"slices"
	"strconv"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/letter"
	"miic/reports/recipient"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what a site's letters say and where they go.
type Config struct {
	Regions  []string          // in the order of the files; the last is of those who have none
	Clinics  map[string]Clinic // by sender id: who signs the letters
	Settings Settings
	// by region, and by StateRow, who receives its files tonight; what is nobody's has none
	Recipients map[string]*recipient.Recipient `json:"-"`
	Mail       *letter.Mail                    // the words of letters, and who sends them
	Vendor     bool                            `json:"-"` // the site has an address vendor tonight
}

// Clinic is what a letter has about the clinic that cares for a person.
type Clinic struct {
	Name  string
	Phone string
}

// Write writes the files of the regions, the state and the registry, the notices and the disclosures.
func Write(ctx context.Context, r *pipeline.Run, c Config, plan *campaign.Plan) error {
	shown, err := c.writeLists(r, plan)
	if err != nil {
		return err
	}
	lying, err := c.writeOpen(r, plan)
	if err != nil {
		return err
	}
	cut, err := c.writeCuts(r, plan)
	if err != nil {
		return err
	}
	shown = slices.Concat(shown, lying, cut)
	batches, err := c.batches(ctx, r, plan)
	if err != nil {
		return err
	}
	drawn := map[string]letter.Drawn{}
	for i := range batches {
		more, err := c.writeBatch(r, &batches[i])
		if err != nil {
			return err
		}
		shown = append(shown, more...)
		if more, err = c.print(ctx, r, &batches[i], drawn); err != nil {
			return err
		}
		if !batches[i].isOpen() { // a folder open/ is disclosed as a whole
			shown = append(shown, more...)
		}
	}
	noteSigns(r, drawn)
	c.noteMoves(r, batches)
	c.noteWords(r, slices.DeleteFunc(slices.Clone(batches), func(b Batch) bool { return b.Region == StateRow || b.isOpen() }))
	if err := writeDisclosures(r, shown); err != nil {
		return err
	}
	if err := writeWithheld(r, plan); err != nil {
		return err
	}
	if err := writeSummaries(r, c, plan); err != nil {
		return err
	}
	if err := c.breakdowns(r, plan); err != nil {
		return err
	}
	for i := range batches {
		described := regionLists
		switch {
		case batches[i].isOpen():
			described = openLists
		case batches[i].Region != StateRow:
			for _, cut := range c.cuts(batches[i].Region, plan) {
				described = append(slices.Clone(described), cut.list)
			}
		case c.Recipients[StateRow] != nil:
			described = stateLists
		default:
			described = countLists
		}
		if err := writeDictionary(r, c.style(batches[i].Region), batches[i].Folder, described); err != nil {
			return err
		}
	}
	if err := writeDictionary(r, csvfile.Style{}, registryFolder, registryLists); err != nil {
		return err
	}
	return writeManifests(r, batches, drawn)
}

// style is how the CSV files of a region's folder or the state's are written: as its recipient wants them.
func (c *Config) style(region string) csvfile.Style {
	if to := c.Recipients[region]; to != nil {
		return to.CSV.Style()
	}
	return csvfile.Style{} // the registry's own
}

// registryFolder is of what the registry keeps for itself, under out/.
const registryFolder = "registry"

func writeDisclosures(r *pipeline.Run, shown []table.Disclosure) error {
	if len(shown) == 0 {
		return nil // a log gains a file only with rows in it
	}
	slices.SortFunc(shown, func(a, b table.Disclosure) int {
		return cmp.Or(cmp.Compare(a.Output, b.Output), cmp.Compare(a.ClientID, b.ClientID))
	})
	return pipeline.Write(r, table.Disclosures, shown)
}

// writeWithheld writes who gets nothing tonight, and why: by number, for the registry alone.
func writeWithheld(r *pipeline.Run, plan *campaign.Plan) error {
	return withheld.write(r, csvfile.Style{}, registryFolder+"/"+withheld.Name, func(yield func([]string) bool) {
		for _, w := range plan.Withheld {
			if !yield([]string{strconv.FormatInt(w.ClientID, 10), w.Campaign, w.Kind, w.Reason, w.Reasons}) {
				return
			}
		}
	})
}
