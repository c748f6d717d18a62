package mailing

import (
	"cmp"
	"fmt"
	"slices"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/recipient"
)

// writeLists writes the two lists of people of each region, and a notice and a disclosure for each row of them.
func (c *Config) writeLists(r *pipeline.Run, plan *campaign.Plan) ([]table.Disclosure, error) {
	var notices []table.Notice
	var shown []table.Disclosure
	for _, region := range c.Regions {
		to := c.Recipients[region]
		if to == nil {
			continue
		}
		for _, kind := range campaign.Kinds {
			output, letters := letterFile(region, kind), c.letters(r.AsOf, fresh(plan.Chosen[region][kind]))
			if err := writeFile(r, to, lists[kind], output, letters); err != nil {
				return nil, err
			}
			for _, l := range letters {
				notices = append(notices, l.notice)
				shown = append(shown, to.Disclose(r.Snapshot, output, l.notice.ClientID))
			}
			r.Count(kind+"s", int64(len(letters)))
			r.Count("notices", int64(len(letters)))
		}
	}
	if len(notices) == 0 {
		return nil, nil // a log gains a file only with rows in it
	}
	slices.SortFunc(notices, func(a, b table.Notice) int { return cmp.Compare(a.NoticeID, b.NoticeID) })
	return shown, pipeline.Write(r, table.Notices, notices)
}

// fresh are the notices that no earlier night has made.
func fresh(chosen []*campaign.Chosen) []*campaign.Chosen {
	return slices.DeleteFunc(slices.Clone(chosen), func(one *campaign.Chosen) bool { return one.Waiting })
}

// letterFile is where a region's letters of a kind lie under out/.
func letterFile(region, kind string) string { return "regions/" + region + "/" + kind + ".csv" }

func writeFile(r *pipeline.Run, to *recipient.Recipient, list *List, output string, letters []listRow) error {
	return list.write(r, to.CSV.Style(), output, func(yield func([]string) bool) {
		for _, l := range letters {
			if !yield(l.cells) {
				return
			}
		}
	})
}

// A listRow is one row of a region's file.
type listRow struct {
	notice table.Notice
	cells  []string // as in LetterColumns
}

// letters are the rows of a file in the order of the post: ZIP, surname, given name, person.
func (c *Config) letters(asOf table.Date, chosen []*campaign.Chosen) []listRow {
	list := make([]listRow, len(chosen))
	for i := range chosen {
		list[i] = listRow{chosen[i].Notice, c.cells(asOf, chosen[i])}
	}
	var order []int
	for _, column := range []string{"zip", "last_name", "first_name"} {
		order = append(order, slices.Index(LetterColumns, column))
	}
	slices.SortFunc(list, func(a, b listRow) int {
		for _, i := range order {
			if c := cmp.Compare(a.cells[i], b.cells[i]); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.notice.ClientID, b.notice.ClientID)
	})
	return list
}

// cells are somebody's row. Whom it names is as on a piece of mail to this person alone.
func (c *Config) cells(asOf table.Date, one *campaign.Chosen) []string {
	p, n, alone := &one.Person, &one.Notice, &Piece{Chosen: []*campaign.Chosen{one}}
	clinic := c.Clinics[p.Provider]
	return []string{
		n.NoticeID, n.Kind, fmt.Sprint(n.Round), n.Language, c.words(asOf, alone, nil).To,
		p.FirstName, p.LastName, p.BirthDate.String(), n.VaccineGroups, n.EarliestDueOn.String(),
		p.Address1, p.Address2, p.City, p.State, p.ZIP, p.Phone, p.CountyFIPS, n.Region, clinic.Name, clinic.Phone, asOf.String(),
	}
}
