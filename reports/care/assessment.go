package care

import (
	"context"
	"fmt"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
)

// An Assessed is a measure that clinics are assessed by.
type Assessed struct{ ID, Title string }

type measureRow struct {
	Measure string `col:"measure" doc:"its id"`
	Place   int32  `col:"place" doc:"its place among the others"`
}

// assessedRow is a patient who is in a measure's population.
type assessedRow struct {
	patient
	Place   int32  `col:"place"`
	Measure string `col:"measure"`
	Met     bool   `col:"met"`
	MetAny  bool   `col:"met_any"`
	Late    bool   `col:"met_late"`
	Missing string `col:"missing"`
}

// assessmentColumns of assessment.csv: the population of each measure. Who has yes in up_to_date is its numerator.
var assessmentColumns = append(patientColumns[:len(patientColumns):len(patientColumns)],
	"measure", "up_to_date", "by_any_doses", "by_now", "missing")

// rateColumns of rates.csv.
var rateColumns = []string{"measure", "title", "patients", "up_to_date", "percent", "by_any_doses", "by_now"}

// rate is how many patients of a clinic meet a measure.
type rate struct{ patients, met, metAny, late int }

func (k *rate) cells(m Assessed) []string {
	percent := ""
	if k.patients > 0 {
		percent = fmt.Sprintf("%.1f", 100*float64(k.met)/float64(k.patients))
	}
	return []string{m.ID, m.Title, fmt.Sprint(k.patients), fmt.Sprint(k.met), percent, fmt.Sprint(k.metAny),
		fmt.Sprint(k.late)}
}

// readAssessment reads how each clinic's own active patients stand by the measures that clinics are assessed by.
func readAssessment(ctx context.Context, w *writer, c Config, clinics map[string]*clinic) error {
	var list []measureRow
	for i, m := range c.Assessed {
		list = append(list, measureRow{m.ID, int32(i)})
	}
	if err := engine.Load(ctx, w.run.Engine, "care_measure", list); err != nil {
		return err
	}
	if err := w.run.View(ctx, table.MeasureResults, table.NotCounteds); err != nil {
		return err
	}
	rates := map[string][]rate{}
	for name := range clinics {
		rates[name] = make([]rate, len(c.Assessed))
	}
	err := engine.Stream(ctx, w.run.Engine, queries.Get("assessment"), func(row *assessedRow) error {
		k, r := clinics[row.Provider], &rates[row.Provider][row.Place]
		r.patients++
		for _, n := range []struct {
			is    bool
			count *int
		}{{row.Met, &r.met}, {row.MetAny, &r.metAny}, {row.Late, &r.late}} {
			if n.is {
				*n.count++
			}
		}
		k.assessment = append(k.assessment, line{client: row.ClientID, cells: append(row.cells(), row.Measure,
			yesOrNo(row.Met), yesOrNo(row.MetAny), yesOrNo(row.Late), strings.ReplaceAll(row.Missing, "|", "; "))})
		return nil
	})
	for name, k := range clinics {
		for i, m := range c.Assessed {
			k.rates = append(k.rates, line{cells: rates[name][i].cells(m)})
		}
	}
	return err
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
