package mailing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/privacy"
)

// LetterColumns of reminder.csv and recall.csv. A mailing house reads them by name.
var LetterColumns = []string{"notice_id", "kind", "round", "language", "addressee", "first_name", "last_name", "birth_date", "vaccine_groups",
	"earliest_due_on", "address_1", "address_2", "city", "state", "zip", "phone", "county_fips", "region", "clinic_name", "clinic_phone", "data_cut_off"}

// A letter is one row of a region's file.
type letter struct {
	clientID int64
	notice   table.Notice
	cells    []string // as in LetterColumns
}

func (c *Config) letter(asOf table.Date, chosen campaign.Chosen) letter {
	p, n := &chosen.Person, chosen.Notice
	clinic := c.Clinics[p.Provider]
	return letter{clientID: p.ClientID, notice: n, cells: []string{
		n.NoticeID, n.Kind, fmt.Sprint(n.Round), csvfile.Cell(n.Language), csvfile.Cell(addressee(asOf, p)), csvfile.Cell(p.FirstName), csvfile.Cell(p.LastName), p.BirthDate.String(),
		n.VaccineGroups, n.EarliestDueOn.String(), csvfile.Cell(p.Address1), csvfile.Cell(p.Address2), csvfile.Cell(p.City), csvfile.Cell(p.State), csvfile.Cell(p.ZIP), csvfile.Cell(p.Phone),
		csvfile.Cell(p.CountyFIPS), n.Region, csvfile.Cell(clinic.Name), csvfile.Cell(clinic.Phone), asOf.String()}}
}

// addressee is to whom the letter is addressed: an adult in person, a child's guardian by name where
// one is known.
func addressee(asOf table.Date, p *campaign.Person) string {
	full := func(first, last string) string { return strings.TrimSpace(first + " " + last) }
	child := full(p.FirstName, p.LastName)
	switch {
	case p.BirthDate.AddMonths(18*12) <= asOf && child != "":
		return child
	case p.GuardianLast != "":
		return full(p.GuardianFirst, p.GuardianLast)
	case child != "":
		return "To the parent or guardian of " + child
	}
	return "To the parent or guardian"
}

// letterFile is where a region's letters of a kind lie under out/.
func letterFile(region, kind string) string { return "regions/" + region + "/" + kind + ".csv" }

// sortLetters puts letters in the order of the post: ZIP, surname, given name, person.
func sortLetters(list []letter) {
	zip, last, first := slices.Index(LetterColumns, "zip"), slices.Index(LetterColumns, "last_name"), slices.Index(LetterColumns, "first_name")
	slices.SortFunc(list, func(a, b letter) int {
		return cmp.Or(cmp.Compare(a.cells[zip], b.cells[zip]), cmp.Compare(a.cells[last], b.cells[last]),
			cmp.Compare(a.cells[first], b.cells[first]), cmp.Compare(a.clientID, b.clientID))
	})
}

// writeLetters writes the two files of each region, and a notice and a disclosure for each row of them.
func writeLetters(r *pipeline.Run, c Config, plan *campaign.Plan) error {
	var notices []table.Notice
	var disclosures []table.Disclosure
	for _, region := range c.Regions {
		for _, kind := range campaign.Kinds {
			var list []letter
			for _, chosen := range plan.Chosen[region][kind] {
				list = append(list, c.letter(r.AsOf, chosen))
			}
			sortLetters(list)
			output := letterFile(region, kind)
			path, err := r.OutPath(output)
			if err != nil {
				return err
			}
			err = csvfile.Write(path, LetterColumns, func(yield func([]string) error) error {
				for _, l := range list {
					if err := yield(l.cells); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			for _, l := range list {
				notices = append(notices, l.notice)
				disclosures = append(disclosures, privacy.Disclose(r.Snapshot, region, output, l.clientID, kind+" letters"))
			}
			r.Count(kind+"s", int64(len(list)))
			r.Count("notices", int64(len(list)))
		}
	}
	if len(notices) == 0 {
		return nil // a log gains a file only with rows in it
	}
	slices.SortFunc(notices, func(a, b table.Notice) int { return cmp.Compare(a.NoticeID, b.NoticeID) })
	slices.SortFunc(disclosures, func(a, b table.Disclosure) int {
		return cmp.Or(cmp.Compare(a.Output, b.Output), cmp.Compare(a.ClientID, b.ClientID))
	})
	if err := pipeline.Write(r, table.Notices, notices); err != nil {
		return err
	}
	return pipeline.Write(r, table.Disclosures, disclosures)
}
