package outbreak

import (
	"context"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
)

// A Dose is a dose of a lot that is recalled, with whom it was given to.
type Dose struct {
	Contact
	ImmunizationID string     `col:"immunization_id" doc:"the dose"`
	AdministeredOn table.Date `col:"administered_on" doc:"day"`
	MVX            string     `col:"mvx,null" doc:"manufacturer"`
	LotExpiry      table.Date `col:"lot_expiry" doc:"expiry"`
	Historical     bool       `col:"historical" doc:"nobody reports to have given it"`
	GivenAt        string     `col:"given_at,null" doc:"the clinic that gave it"`
	Lots           string     `col:"lots,null" doc:"lots of one report"`
	Place          int32      `col:"place" doc:"1 the dose's own, 2 of a report of it"`
}

// Evidence is who reports the lot.
func (d *Dose) Evidence() string {
	if d.Place == 1 {
		return "the dose's lot"
	}
	return "another report of the dose"
}

// OfLot lists the doses of a product and lot, by surname, and counts the doses of the product of which no report has a
// lot: those may be of any.
func OfLot(ctx context.Context, e *engine.Engine, cvx int16, lot string, shown Shown) (list []Dose, without int, err error) {
	want := PlainLot(lot)
	last := ""
	err = engine.Stream(ctx, e, queries.Get("lot", "cvx", int(cvx)), func(d *Dose) error {
		switch {
		case !shown(d.ClientID) || d.ImmunizationID == last:
		case d.Place == 0:
			without++
		default:
			for one := range strings.SplitSeq(d.Lots, "|") {
				if PlainLot(one) == want {
					list, last = append(list, *d), d.ImmunizationID
					break
				}
			}
		}
		return nil
	})
	return list, without, err
}

// PlainLot is what two spellings of a lot have in common: letters and digits, in capitals.
func PlainLot(lot string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, lot)
}

// tables are those that the questions read.
var tables = []*table.Table{table.Clients, table.ClientLinks, table.DeathMatches, table.PatientStatuses, table.Immunizations,
	table.ImmunizationSources, table.VaccinationEvents, table.DoseEvaluations, table.Forecasts}

// View makes a night's tables known to the engine, with who has died since by HEAD's.
func View(ctx context.Context, e *engine.Engine, night, head func(table string) []string) error {
	if err := e.Tables(ctx, night, tables...); err != nil {
		return err
	}
	for name, t := range map[string]*table.Table{"head_client": table.Clients, "head_link": table.ClientLinks,
		"head_death_match": table.DeathMatches} {
		if err := e.View(ctx, name, t, head(t.Name)); err != nil {
			return err
		}
	}
	return e.Materialize(ctx, "dead_since", queries.Get("dead_since"))
}
