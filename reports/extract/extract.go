// Package extract writes a night's data as a star of Parquet files for an epidemiologist who works under an agreement: facts
// about doses, visits, forecasts, measures, notices and deliveries, with what their codes stand for.
//
// Nobody in it can be named. A person is a pseudonym under a key of the study, which the registry does not keep. All dates
// of a person are moved by the same number of days, at most half a month, and then cut to periods of a month that end on
// the night's day of the month; ages are in completed months. So a day of birth follows from no column and from no number
// of them together: not from many doses, and not from when something is due. Of everything that describes a person and may
// be known to others, as many people as the site says share each combination; what is rarer is coarser. Whoever may be in
// no output is in none of the files.
package extract

import (
	"context"
	"embed"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/measure"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// Options are what an extract is made of, beside the night's tables.
type Options struct {
	Key        []byte // of the study: the same person has the same pseudonym under it, in each of its extracts
	Class      int    // as many people share each description, at least
	AsOf       table.Date
	Snapshot   int64
	Generation int // of the lake's schema
	Study      string
	Agreement  string
	Recipient  string
	Shown      func(client int64) bool
	VisitsFrom table.Date // first day of which the night worked out what was due on visits

	Counties []area.County
	Regions  []string
	Clinics  []Clinic
	Vaccines []Vaccine
	Groups   []Group
	Measures []Measure
	Turns    []Turn
	Seasons  []Season
}

// A Clinic is an organisation that sends data.
type Clinic struct {
	ID   string `col:"clinic" doc:"id"`
	Name string `col:"name" doc:"name"`
	Kind string `col:"kind" doc:"kind"`
}

// A Vaccine is a product code with an antigen of it, and when it may be given; 0 is not known, or still.
type Vaccine struct {
	CVX     int16      `col:"cvx" doc:"code"`
	Antigen string     `col:"antigen" doc:"antigen"`
	Names   string     `col:"trade_names,null" doc:"under which it is sold"`
	From    table.Date `col:"licensed_from" doc:"first day"`
	Until   table.Date `col:"licensed_until" doc:"last day"`
}

// A Group is an antigen of a vaccine group.
type Group struct {
	Name    string `col:"vaccine_group" doc:"group"`
	Antigen string `col:"antigen" doc:"antigen"`
	Dated   bool   `col:"dated" doc:"calendar dates decide when it is due, such as a season"`
}

// A Measure is what a figure of coverage is about.
type Measure struct {
	ID         string `col:"measure" doc:"id"`
	Version    int32  `col:"measure_version" doc:"version"`
	Title      string `col:"title" doc:"title"`
	Population string `col:"population" doc:"of whom"`
	Doses      string `col:"doses" doc:"valid or any"`
	Steward    string `col:"steward" doc:"who defines it"`
	Published  bool   `col:"published" doc:"in coverage.csv"`
}

// A Turn is a day of birth: whoever is born on it or later has another status in a vaccine group on the night, or is in the
// population of a measure, or not. One of the two is named.
type Turn struct {
	Group   string     `col:"vaccine_group,null" doc:"group"`
	Measure string     `col:"measure,null" doc:"id"`
	Born    table.Date `col:"born_on" doc:"day of birth"`
}

// A Season is the first day of one, of which a measure counts the doses of a vaccine group; 0 is another for each person.
type Season struct {
	Measure string     `col:"measure" doc:"id"`
	Group   string     `col:"vaccine_group" doc:"group"`
	From    table.Date `col:"first_on" doc:"first day"`
}

// An Extract is chosen, and not written yet.
type Extract struct {
	People  []int64       // by id, ascending
	LeftOut int64         // whose description so few share that they are in no file about persons
	Levels  map[int]int64 // people by how coarsely they are described: 0 in full
	Untold  Untold        // of those people; known when the files are written

	options Options
	engine  *engine.Engine
	queries *engine.Queries
}

// Untold is what of people in an extract is in none of its files, since it would say by how many days their dates are moved.
type Untold struct {
	Doses   int64 `col:"doses" json:"doses"`     // moved beyond the night
	Results int64 `col:"results" json:"results"` // of measures that are not the same for each move of the dates
}

// A File is one of an extract.
type File struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// Reads are the tables that an extract is made of.
var Reads = []*table.Table{table.Clients, table.PatientStatuses, table.Immunizations, table.DoseEvaluations, table.Forecasts,
	table.MeasureResults, table.NotCounteds, table.VisitGroups, table.Notices, table.NoticeResults, table.DeliveryFigures, table.Batches,
	table.Publications}

// Choose finds who is in an extract, and how each is described. The engine knows the tables of Reads.
func Choose(ctx context.Context, e *engine.Engine, o Options) (*Extract, error) {
	x := &Extract{Levels: map[int]int64{}, options: o, engine: e}
	x.queries = engine.LoadQueries(sqlFiles).With("as_of", o.AsOf, "snapshot", o.Snapshot, "class", o.Class,
		"visits_from", o.VisitsFrom, "max_shift", maxShift)
	if err := x.load(ctx); err != nil {
		return nil, err
	}
	return x, x.people(ctx)
}

// Write fills a folder with the tables, and reads them again: an extract that would give somebody away is an error.
func (x *Extract) Write(ctx context.Context, dir string) ([]File, error) {
	o := &x.options
	if err := x.engine.Words(ctx, "extract_word", x.queries.Get("word")); err != nil {
		return nil, err
	}
	for _, name := range []string{"antigen", "dose", "judged", "visit", "turning", "near", "numbered", "due", "listed"} {
		if err := x.engine.Materialize(ctx, "extract_"+name, x.queries.Get(name)); err != nil {
			return nil, err
		}
	}
	if err := x.engine.Words(ctx, "extract_list", "SELECT list FROM extract_listed"); err != nil {
		return nil, err
	}
	var files []File
	for i := range Tables {
		t := Tables[i].Table
		t.Metadata = o.metadata()
		write := x.engine.Copy
		if Tables[i].ordered {
			write = x.engine.CopyOrdered
		}
		n, err := write(ctx, &t, x.queries.Get(Tables[i].query), filepath.Join(dir, t.Name+".parquet"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
		files = append(files, File{t.Name + ".parquet", n})
	}
	if err := x.countUntold(ctx, files); err != nil {
		return nil, err
	}
	return files, x.check(ctx, dir)
}

// countUntold counts what is in no file: of results, all but those that are in theirs.
func (x *Extract) countUntold(ctx context.Context, files []File) error {
	rows, err := engine.Rows[Untold](ctx, x.engine, x.queries.Get("untold"))
	if err != nil {
		return err
	}
	x.Untold = rows[0]
	for _, f := range files {
		if f.Name == "fact_result.parquet" {
			x.Untold.Results -= f.Rows
		}
	}
	return nil
}

// metadata is what each file has beside its rows.
func (o *Options) metadata() map[string]string {
	return map[string]string{"miic.snapshot": fmt.Sprint(o.Snapshot), "miic.as_of": o.AsOf.String(),
		"miic.generation": fmt.Sprint(o.Generation), "miic.study": o.Study, "miic.agreement": o.Agreement,
		"miic.recipient": o.Recipient, "miic.class": fmt.Sprint(o.Class)}
}

// load makes what codes stand for known to the engine.
func (x *Extract) load(ctx context.Context) error {
	e, o := x.engine, &x.options
	type regionRow struct {
		Region string `col:"region" doc:"region"`
	}
	var regions []regionRow
	for _, r := range o.Regions {
		regions = append(regions, regionRow{r})
	}
	clinics := slices.SortedFunc(slices.Values(o.Clinics), func(a, b Clinic) int { return strings.Compare(a.ID, b.ID) })
	for _, err := range []error{
		measure.Place(ctx, e, o.Counties, o.AsOf), engine.Load(ctx, e, "extract_region", regions),
		engine.Load(ctx, e, "extract_clinic", clinics), engine.Load(ctx, e, "extract_vaccine", o.Vaccines),
		engine.Load(ctx, e, "extract_group", o.Groups), engine.Load(ctx, e, "extract_measure", o.Measures),
		engine.Load(ctx, e, "extract_turn", o.Turns), engine.Load(ctx, e, "extract_season", o.Seasons),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}
