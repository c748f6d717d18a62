package reports

import (
	"cmp"
	"fmt"
	"slices"

	"miic/internal/table"
	"miic/reports/csvfile"
)

// columns of reminder.csv and recall.csv. A mailing house reads them by name.
var columns = []string{"notice_id", "kind", "round", "language", "addressee", "first_name", "last_name", "birth_date", "vaccine_groups",
	"earliest_due_on", "address_1", "address_2", "city", "state", "zip", "phone", "county_fips", "region", "clinic_name", "clinic_phone", "data_cut_off"}

// A letter is one row of a region's file.
type letter struct {
	clientID int64
	notice   table.Notice
	cells    []string // as in columns
}

func (c *Config) letter(asOf table.Date, snapshot int64, p *person, ch choice) letter {
	language := p.Language
	if language == "" {
		language = "en"
	}
	n := table.Notice{NoticeID: c.noticeID(p.ClientID, ch), Snapshot: snapshot, ClientID: p.ClientID, Campaign: c.Campaign, Kind: ch.kind,
		Round: int32(ch.round), Channel: "mail", Language: language, Region: p.Region, VaccineGroups: ch.groups, EarliestDueOn: ch.earliestOn, IssuedOn: asOf}
	clinic := c.Clinics[p.Provider]
	return letter{clientID: p.ClientID, notice: n, cells: []string{
		n.NoticeID, n.Kind, fmt.Sprint(n.Round), csvfile.Cell(language), csvfile.Cell(addressee(asOf, p)), csvfile.Cell(p.FirstName), csvfile.Cell(p.LastName), p.BirthDate.String(),
		n.VaccineGroups, n.EarliestDueOn.String(), csvfile.Cell(p.Address1), csvfile.Cell(p.Address2), csvfile.Cell(p.City), csvfile.Cell(p.State), csvfile.Cell(p.ZIP), csvfile.Cell(p.Phone),
		csvfile.Cell(p.CountyFIPS), n.Region, csvfile.Cell(clinic.Name), csvfile.Cell(clinic.Phone), asOf.String()}}
}

// sortLetters puts letters in the order of the post: ZIP, surname, given name, person.
func sortLetters(list []letter) {
	zip, last, first := slices.Index(columns, "zip"), slices.Index(columns, "last_name"), slices.Index(columns, "first_name")
	slices.SortFunc(list, func(a, b letter) int {
		return cmp.Or(cmp.Compare(a.cells[zip], b.cells[zip]), cmp.Compare(a.cells[last], b.cells[last]),
			cmp.Compare(a.cells[first], b.cells[first]), cmp.Compare(a.clientID, b.clientID))
	})
}
