package reports

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/mailing"
	"miic/reports/measure"
)

// marker stands in every name and street of the test people: the page and the errors must not have it.
const marker = "Xanthippe"

var asOf = table.NewDate(2026, 3, 2)

// A world is the tables that the reports read, made by hand.
type world struct {
	clients       []table.Client
	restrictions  []table.Restriction
	deaths        []table.DeathMatch
	forecasts     []table.Forecast
	milestones    []table.Milestone
	immunizations []table.Immunization
	batches       []table.Batch
	rejected      []table.Rejected
	changes       []table.ClientChange
	reviews       []table.ReviewItem
	evaluations   []table.DoseEvaluation
	records       []table.ClientRecord
	links         []table.ClientLink
	doubts        []table.Doubt
	joined        []table.JoinedForecast
	results       []table.NoticeResult
	notes         []pipeline.Note
}

// shuffle puts every table's rows in another order.
func (w *world) shuffle(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	mix(r, w.clients)
	mix(r, w.restrictions)
	mix(r, w.forecasts)
	mix(r, w.milestones)
	mix(r, w.immunizations)
	mix(r, w.batches)
	mix(r, w.rejected)
	mix(r, w.changes)
	mix(r, w.reviews)
}

func mix[T any](r *rand.Rand, rows []T) {
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
}

// stage is a stage that writes the world as it is. On the same day it is written again once a delivery was added.
func (w *world) stage() pipeline.Stage {
	return pipeline.Stage{Name: "given", Config: len(w.batches),
		Writes: []string{"client_record", "client_link", "client", "restriction", "death_match", "forecast", "milestone", "visit_group",
			"immunization", "batch", "rejected", "client_change", "review_item", "dose_evaluation", "request", "settlement", "delivery_figure",
			"doubt", "joined_forecast", "roster_entry", "notice_result", "address_answer",
			"standard_record", "scored_pair", "vaccination_event", "immunization_source", "observation", "schedule_line", "access_match", "client_history"},
		Run: func(_ context.Context, r *pipeline.Run) error {
			for _, n := range w.notes {
				r.Note(n)
			}
			r.Count("clients", int64(len(w.clients)))
			for _, err := range []error{
				pipeline.Write(r, table.Clients, w.clients), pipeline.Write(r, table.Restrictions, w.restrictions),
				pipeline.Write(r, table.DeathMatches, w.deaths),
				pipeline.Write(r, table.Forecasts, w.forecasts), pipeline.Write(r, table.Milestones, w.milestones),
				pipeline.Write(r, table.Immunizations, w.immunizations), pipeline.Write(r, table.Batches, w.batches),
				pipeline.Write(r, table.Rejections, w.rejected), pipeline.Write(r, table.ClientChanges, w.changes),
				pipeline.Write(r, table.ReviewItems, w.reviews),
				pipeline.Write(r, table.DoseEvaluations, w.evaluations),
				pipeline.Write(r, table.ClientRecords, w.records), pipeline.Write(r, table.ClientLinks, w.links),
				pipeline.Write(r, table.Doubts, w.doubts), pipeline.Write(r, table.JoinedForecasts, w.joined),
				pipeline.Write(r, table.NoticeResults, w.results),
			} {
				if err != nil {
					return err
				}
			}
			return nil
		}}
}

func testConfig() Config {
	c := DefaultConfig()
	c.Publish = "monthly 2"
	if err := c.ReadRecipients("testdata/recipients", nil, nil, nil); err != nil || len(c.Recipients.Faults) > 0 {
		panic(fmt.Sprint(err, c.Recipients.Faults))
	}
	c.Schedule = measure.Known{Kept: []measure.Kept{{At: measure.Age{Months: 24}, Until: measure.Age{Months: 36}}}}
	for _, g := range []string{"HPV", "HepA", "HepB", "Hib", "Influenza", "Meningococcal", "Pneumococcal", "Polio", "RSV", "Rotavirus", "Varicella", "Zoster"} {
		c.Schedule.Groups = append(c.Schedule.Groups, measure.Group{Name: g, Antigens: []string{g}})
	}
	c.Schedule.Groups = append(c.Schedule.Groups, measure.Group{Name: "DTaP/Tdap/Td", Antigens: []string{"Diphtheria", "Pertussis", "Tetanus"}},
		measure.Group{Name: "MMR", Antigens: []string{"Measles", "Mumps", "Rubella"}})
	var err error
	if c.Measures, c.MeasureFaults, err = measure.Load("", c.Schedule); err != nil || len(c.MeasureFaults) > 0 {
		panic(fmt.Sprint(err, c.MeasureFaults))
	}
	c.Clinics = map[string]mailing.Clinic{"metro-health": {Name: "Metro Health", Phone: "6515550100"},
		"lakes-health": {Name: "=Lakes \"Health\", Inc", Phone: "2185550100"}}
	return c
}

func newBench(t testing.TB) *pipeline.Bench {
	t.Helper()
	b, err := pipeline.NewBench(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// nightOf runs the world and the reports as one night.
func nightOf(t testing.TB, b *pipeline.Bench, day table.Date, w *world) *pipeline.Outcome {
	t.Helper()
	o, err := b.Night(context.Background(), day, nil, nightStages(w, testConfig())...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// nightStages are a stage that writes the world, the reports, and whatever comes after.
func nightStages(w *world, c Config, after ...pipeline.Stage) []pipeline.Stage {
	return slices.Concat([]pipeline.Stage{w.stage()}, Stages(c), after)
}

func read(t testing.TB, o *pipeline.Outcome, rel string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(o.OutDir, filepath.FromSlash(rel)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// lettersOf reads one file of a region as one map for each row, by column.
func lettersOf(t testing.TB, o *pipeline.Outcome, region, kind string) []map[string]string {
	t.Helper()
	var rows []map[string]string
	err := csvfile.Read(filepath.Join(o.OutDir, "regions", region, kind+".csv"), mailing.LetterColumns,
		func(cells []string) error {
			row := map[string]string{}
			for i, c := range mailing.LetterColumns {
				row[c] = cells[i]
			}
			rows = append(rows, row)
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// clientOf is an ordinary child of the metro region.
func clientOf(id int64, birth table.Date) table.Client {
	return table.Client{ClientID: id, FirstName: fmt.Sprintf("%s%d", marker, id), LastName: "Nguyễn" + marker,
		BirthDate: birth, Language: "en",
		GuardianFirst: "Gua", GuardianLast: marker,
		Address1: fmt.Sprintf("%d %s St", id, marker), City: "Saint Paul", State: "MN", ZIP: "55104",
		CountyFIPS: "27123", Region: "metro", Phone: "6515550000", Provider: "metro-health", Status: "active", Contact: "allowed", Records: 1}
}

func due(id int64, group string, recommended, pastDue table.Date) table.Forecast {
	return table.Forecast{ClientID: id, Group: group, Kind: "standard", Status: "Not Complete", DoseNumber: 1,
		Earliest: recommended, Recommended: recommended, PastDue: pastDue, Schedule: "4.64"}
}

// population makes n seeded people over a few counties with forecasts, milestones and some of everything that
// keeps a notice back.
func population(seed uint64, n int) *world {
	r := rand.New(rand.NewPCG(seed, 2))
	w := &world{}
	places := []struct{ fips, region, zip string }{{"27123", "metro", "55104"}, {"27053", "metro", "55404"},
		{"27037", "metro", "55024"}, {"27137", "northeast", "55803"},
		{"27027", "west-central", "56560"}, {"27145", "central", "56301"}, {"27105", "southwest", "56187"},
		{"27109", "southeast", "55901"}, {"27007", "northwest", "56601"}, {"", "unassigned", "00501"}}
	groups := []string{"DTaP/Tdap/Td", "HepA", "HepB", "Hib", "MMR", "Pneumococcal", "Polio", "Rotavirus",
		"Varicella", "Influenza", "COVID-19"}
	chance := func(percent int) bool { return r.IntN(100) < percent }
	for i := range n {
		id := int64(1000 + i)
		c := clientOf(id, asOf-table.Date(r.IntN(19*365+200)))
		place := places[min(r.IntN(14), len(places)-1)]
		if place.fips == "" && !chance(30) {
			place = places[r.IntN(3)]
		}
		c.CountyFIPS, c.Region, c.ZIP = place.fips, place.region, place.zip
		if chance(40) {
			c.Provider = "lakes-health"
		}
		if chance(4) {
			c.Address1 = ""
		}
		if chance(3) {
			c.Status, c.State = "moved", "SD"
		}
		if chance(2) {
			c.Status, c.DeceasedOn = "deceased", asOf-100
		}
		if chance(3) {
			c.NoContact, c.Contact = true, "none"
		}
		if chance(3) {
			c.Contact = "reminder_only"
		}
		c.InReview = chance(2)
		if i%50 == 7 {
			w.deaths = append(w.deaths, table.DeathMatch{ClientID: id, DeathID: fmt.Sprintf("vital/%d", i),
				Basis: "possible", DeceasedOn: asOf - 3, Since: 1})
		}
		c.OptedOut = chance(2)
		w.clients = append(w.clients, c)
		if chance(1) {
			w.restrictions = append(w.restrictions, table.Restriction{ClientID: id, Kind: "lock",
				SourceID: "families/1", Basis: "possible", Since: 1})
			c.Locked = true
		}
		if c.OptedOut || c.Locked {
			continue
		}
		for _, g := range groups {
			if !chance(20) || c.DeceasedOn != 0 {
				continue
			}
			recommended := asOf + table.Date(r.IntN(400)-330)
			f := due(id, g, recommended, recommended+table.Date(r.IntN(90)))
			if chance(3) {
				f.RefusedOn = asOf - table.Date(r.IntN(500))
			}
			w.forecasts = append(w.forecasts, f)
		}
		if c.BirthDate.AddMonths(24) <= asOf && c.BirthDate.AddMonths(36) > asOf {
			for _, g := range groups[:9] {
				m := table.Milestone{ClientID: id, Months: 24, Group: g, ReachedOn: c.BirthDate.AddMonths(24),
					Status: "Complete", ValidDoses: 4, Doses: 4, Schedule: "4.64"}
				if chance(8) {
					m.Status, m.ValidDoses = "Not Complete", int32(r.IntN(3))
				}
				w.milestones = append(w.milestones, m)
			}
		}
	}
	w.batches = []table.Batch{
		{BatchID: "a000000000000001", Snapshot: 1, FileName: "clients.txt", Sender: "metro-health",
			SenderKind: "clinic", Layout: "wir-client", UnitsRead: 10, Accepted: 9, Rejected: 1, Status: "loaded"},
		{BatchID: "a000000000000002", Snapshot: 1, FileName: "requests.csv", Sender: "families",
			SenderKind: "families", Layout: "family-requests", UnitsRead: 2, Accepted: 2, Status: "loaded"},
		{BatchID: "a000000000000003", Snapshot: 1, FileName: "batch.hl7", Sender: "lakes-health",
			SenderKind: "clinic", Layout: "hl7", UnitsRead: 5, Accepted: 5, Status: "loaded"}}
	for i := range w.batches {
		w.batches[i].SHA256 = w.batches[i].BatchID + strings.Repeat("0", 48)
	}
	w.rejected = []table.Rejected{{BatchID: "a000000000000001", Snapshot: 1, Sender: "metro-health", Line: 7,
		Offset: 4000, Rule: "birth-date-impossible", Field: "birth_date", Severity: "refuse"}}
	w.changes = []table.ClientChange{{ClientID: 1000, Snapshot: 1, Change: "created", Reason: "a new record",
		Model: "1"}}
	return w
}
