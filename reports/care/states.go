package care

import (
	"context"
	"fmt"
	"slices"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/recipient"
)

// residentRow is somebody who lives in another state, with one dose.
type residentRow struct {
	ResidesIn     string     `col:"resides_in" doc:"the state"`
	ClientID      int64      `col:"client_id" doc:"the person"`
	FirstName     string     `col:"first_name,null" doc:"given name"`
	MiddleName    string     `col:"middle_name,null" doc:"middle name"`
	LastName      string     `col:"last_name,null" doc:"surname"`
	Suffix        string     `col:"suffix,null" doc:"suffix"`
	BirthDate     table.Date `col:"birth_date" doc:"date of birth"`
	Sex           string     `col:"sex,null" doc:"sex"`
	GuardianFirst string     `col:"guardian_first,null" doc:"guardian"`
	GuardianLast  string     `col:"guardian_last,null" doc:"guardian"`
	Address1      string     `col:"address_1,null" doc:"street line"`
	Address2      string     `col:"address_2,null" doc:"second line"`
	City          string     `col:"city,null" doc:"city"`
	ZIP           string     `col:"zip,null" doc:"ZIP code"`
	Phone         string     `col:"phone,null" doc:"phone"`
	DoseID        string     `col:"immunization_id" doc:"the dose"`
	GivenOn       table.Date `col:"administered_on" doc:"day"`
	CVX           int16      `col:"cvx" doc:"product"`
	MVX           string     `col:"mvx,null" doc:"manufacturer"`
	Lot           string     `col:"lot,null" doc:"lot number"`
	Historical    bool       `col:"historical" doc:"nobody reports to have given it"`
}

// residentColumns of residents.csv.
var residentColumns = []string{"registry_id", "last_name", "first_name", "middle_name", "suffix", "birth_date", "sex",
	"guardian_last_name", "guardian_first_name", "address_1", "address_2", "city", "state", "zip", "phone",
	"dose_id", "dose_date", "cvx", "mvx", "lot", "dose_source"}

// writeStates writes the residents of each state that receives them, a row a dose.
func writeStates(ctx context.Context, w *writer, _ Config) error {
	type named struct {
		Code string `col:"code" doc:"the state"`
	}
	var states []named
	names := w.of(recipient.States)
	for _, name := range names {
		states = append(states, named{name})
	}
	if len(states) == 0 {
		return nil
	}
	if err := engine.Load(ctx, w.run.Engine, "care_state", states); err != nil {
		return err
	}
	doses := map[string][]line{}
	err := engine.Stream(ctx, w.run.Engine, queries.Get("resident"), func(p *residentRow) error {
		doses[p.ResidesIn] = append(doses[p.ResidesIn], line{client: p.ClientID, cells: []string{fmt.Sprint(p.ClientID),
			p.LastName, p.FirstName, p.MiddleName, p.Suffix, p.BirthDate.String(), p.Sex, p.GuardianLast, p.GuardianFirst,
			p.Address1, p.Address2, p.City, p.ResidesIn, p.ZIP, p.Phone, p.DoseID, p.GivenOn.String(),
			fmt.Sprintf("%02d", p.CVX), p.MVX, p.Lot, source(p.Historical)}})
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(slices.Values(names)) {
		err := w.file(recipient.Folder(recipient.States, name), "residents.csv", residentColumns, doses[name])
		if err != nil {
			return err
		}
	}
	return nil
}
