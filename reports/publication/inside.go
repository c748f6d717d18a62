package publication

import (
	"context"
	"slices"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/measure"
	"miic/reports/privacy"
)

// Areas are what figures can be asked for by, beside properties.
var Areas = []string{"state", "region", "county"}

// An Inside is a figure of a measure that is nobody's but the registry's, whatever its size. What was not asked for is empty.
type Inside struct {
	County        string `col:"county"`
	CountyName    string `col:"county_name"`
	Region        string `col:"region"`
	BirthCohort   string `col:"birth_cohort"`
	Age           string `col:"age"`
	Sex           string `col:"sex"`
	SexName       string `col:"sex_name"`
	Race          string `col:"race"`
	RaceName      string `col:"race_name"`
	Ethnicity     string `col:"ethnicity"`
	EthnicityName string `col:"ethnicity_name"`
	Language      string `col:"language"`
	LanguageName  string `col:"language_name"`
	Clinic        string `col:"clinic"`
	Funding       string `col:"funding"`
	FundingName   string `col:"funding_name"`
	Denominator   int64  `col:"denominator"`
	Numerator     int64  `col:"numerator"`
	NumeratorAny  int64  `col:"numerator_any"`
}

// A Question asks for a measure's figures inside the registry, by areas and properties together.
type Question struct {
	Measure  string
	By       []string
	Night    table.Date
	Counties []area.County
	Hidden   []int64 // who may be shown no more
}

// Ask counts anew from a night's results. The caller has made client, patient_status, measure_result and not_counted of that
// night known to the engine.
func (q *Question) Ask(ctx context.Context, e *engine.Engine) ([]Inside, error) {
	if err := measure.PlaceResults(ctx, e, q.Counties, q.Night); err != nil {
		return nil, err
	}
	if err := privacy.HidePeople(ctx, e, q.Hidden); err != nil {
		return nil, err
	}
	args := []any{"measure", q.Measure}
	for _, by := range slices.Concat(Areas[1:], measure.Properties) {
		args = append(args, by, slices.Contains(q.By, by))
	}
	return engine.Rows[Inside](ctx, e, queries.Get("inside", args...))
}
