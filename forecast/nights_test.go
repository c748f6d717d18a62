package forecast

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// given writes a world as linkage does: what has changed of whom.
func (w *world) given(changed map[int64]bool, newToday map[string]bool) pipeline.Stage {
	return pipeline.Stage{Name: "given", Writes: []string{"client", "restriction", "immunization", "client_link",
		"observation", "doubt", "joined_dose"},
		Run: func(ctx context.Context, r *pipeline.Run) error {
			var keys []table.DeathMatch // any table with client_id will do
			for _, id := range slices.Sorted(maps.Keys(changed)) {
				keys = append(keys, table.DeathMatch{ClientID: id})
			}
			of := func(id int64) bool { return len(r.PriorFiles("client")) == 0 || changed[id] }
			some := &world{}
			for _, c := range w.clients {
				if of(c.ClientID) {
					some.clients = append(some.clients, c)
				}
			}
			for _, d := range w.immunizations {
				if of(d.ClientID) {
					some.immunizations = append(some.immunizations, d)
				}
			}
			for _, l := range w.links {
				if of(l.ClientID) {
					some.links = append(some.links, l)
				}
			}
			for _, load := range []func() error{
				func() error { return engine.Load(ctx, r.Engine, "key", keys) },
				func() error { return engine.Load(ctx, r.Engine, "new_client", some.clients) },
				func() error { return engine.Load(ctx, r.Engine, "new_dose", some.immunizations) },
				func() error { return engine.Load(ctx, r.Engine, "new_link", some.links) },
				func() error {
					return r.Replace(ctx, table.Clients, "SELECT client_id FROM key", "SELECT * FROM new_client")
				},
				func() error {
					return r.Replace(ctx, table.Immunizations, "SELECT client_id FROM key", "SELECT * FROM new_dose")
				},
				func() error {
					return r.Replace(ctx, table.ClientLinks, "SELECT 'r' || client_id FROM key", "SELECT * FROM new_link")
				},
				func() error { return pipeline.Write(r, table.Restrictions, w.restrictions) },
				func() error { return pipeline.Write(r, table.Doubts, w.doubts) },
				func() error { return pipeline.Write(r, table.JoinedDoses, w.joined) },
				func() error {
					news := w.observations
					if len(r.PriorFiles("client")) > 0 {
						news = slices.DeleteFunc(slices.Clone(news), func(o table.Observation) bool { return !newToday[o.ObservationID] })
					}
					if len(news) == 0 {
						return nil
					}
					return pipeline.Write(r, table.Observations, news)
				},
			} {
				if err := load(); err != nil {
					return err
				}
			}
			return nil
		}}
}

// outcome reads everything that the stage writes, as text.
func outcome(t *testing.T, b *pipeline.Bench) (list []string) {
	t.Helper()
	add := func(row any) error { list = append(list, fmt.Sprintf("%T%+v", row, row)); return nil }
	for _, err := range []error{
		table.Scan(b.Files("dose_evaluation"), func(r *table.DoseEvaluation) error { return add(*r) }),
		table.Scan(b.Files("forecast"), func(r *table.Forecast) error { return add(*r) }),
		table.Scan(b.Files("milestone"), func(r *table.Milestone) error { return add(*r) }),
		table.Scan(b.Files("visit_group"), func(r *table.VisitGroup) error { return add(*r) }),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(list)
	return list
}

// TestNightsEqualOneRun: forecasts that are made again night by night, only of people who changed or
// whose day has come, are those that one run over everybody makes.
func TestNightsEqualOneRun(t *testing.T) {
	ctx := context.Background()
	seeds, nights := uint64(2), 9
	if testing.Short() { // under the race detector
		seeds, nights = 1, 4
	}
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 11))
		w := &world{}
		today := asOf
		if seed == 1 { // a year's visits are kept no longer
			today = table.NewDate(2026, 12, 28)
		}
		for id := range int64(60) {
			birth := today.AddMonths(-rng.IntN(80)) - table.Date(rng.IntN(30))
			w.client(id+1, birth)
			if rng.IntN(3) > 0 {
				w.routine(id+1, birth)
			}
		}
		nightly, err := pipeline.NewBench(ctx, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer nightly.Close()
		changed, newToday := map[int64]bool{}, map[string]bool{}
		worked, people := int64(0), int64(0)
		for night := range nights {
			o, err := nightly.Night(ctx, today, nil, w.given(changed, newToday), Stage(Config{}))
			if err != nil {
				t.Fatal(err)
			}
			if night > 0 {
				worked, people = worked+o.Counts["forecast.people"], people+int64(len(w.clients))
			}
			once, err := pipeline.NewBench(ctx, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := once.Night(ctx, today, nil, w.given(nil, nil), Stage(Config{})); err != nil {
				t.Fatal(err)
			}
			got, want := outcome(t, nightly), outcome(t, once)
			if !slices.Equal(got, want) {
				for i := range min(len(got), len(want)) {
					if got[i] != want[i] {
						t.Fatalf("seed %d, night %d: %d rows, expected %d; first\n%s\nexpected\n%s", seed, night, len(got), len(want),
							got[i], want[i])
					}
				}
				t.Fatalf("seed %d, night %d: %d rows, expected %d", seed, night, len(got), len(want))
			}
			once.Close()
			today += table.Date(1 + rng.IntN(1+6*(night%3)))
			changed, newToday = w.live(rng, today, immuneToVaricella(t))
		}
		if worked == 0 || worked*2 > people {
			t.Errorf("seed %d: %d of %d forecasts were made again", seed, worked, people)
		}
	}
}

// live lets a day pass: a few people get a dose, move into hiding or out of it, or have something observed.
// It returns whose own rows changed, and the new observations.
func (w *world) live(rng *rand.Rand, today table.Date, immune string) (changed map[int64]bool,
	newToday map[string]bool) {
	changed, newToday = map[int64]bool{}, map[string]bool{}
	for i := range w.clients {
		c := &w.clients[i]
		switch rng.IntN(40) {
		case 0:
			w.dose(c.ClientID, []int16{20, 10, 3, 21, 133}[rng.IntN(5)], today)
			changed[c.ClientID] = true
		case 1:
			c.OptedOut = !c.OptedOut
			changed[c.ClientID] = true
		case 3:
			o := table.Observation{ObservationID: fmt.Sprint(c.ClientID, "/", today), RecordID: fmt.Sprint("r", c.ClientID),
				Action: "A", ObservedOn: today,
				Kind: []string{"refusal", "immunity"}[rng.IntN(2)], CVX: 3, CDSiCode: immune}
			w.observations = append(w.observations, o)
			newToday[o.ObservationID] = true
		case 2:
			w.restrictions = append(w.restrictions, table.Restriction{ClientID: c.ClientID, Kind: "lock",
				SourceID: fmt.Sprint(today), Basis: "matched", Since: 1})
		}
	}
	if len(w.restrictions) > 3 {
		w.restrictions = w.restrictions[2:]
	}
	return changed, newToday
}
