package extract

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/area"
	"miic/internal/engine"
	"miic/internal/table"
)

var update = flag.Bool("update", false, "write docs/extracts.md")

// A state is the tables of a night.
type state struct {
	clients []table.Client
	status  []table.PatientStatus
	doses   []table.Immunization
	judged  []table.DoseEvaluation
	needs   []table.Forecast
	batches []table.Batch
	visits  []table.VisitGroup
	results []table.MeasureResult
}

// randomState has people of all ages, each with doses on days of no pattern.
func randomState(seed uint64, people int, night table.Date) *state {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &state{batches: []table.Batch{{BatchID: "b", Snapshot: 1, Sender: "a", ReceivedOn: night}}}
	counties := area.Default().Counties()
	for i := range people {
		id := int64(i + 1)
		born := night - table.Date(r.IntN(540))
		if i%5 == 0 {
			born = night - table.Date(r.IntN(90*365))
		}
		c := counties[r.IntN(3)]
		one := table.Client{ClientID: id, FirstName: "Ann", LastName: "Berg", BirthDate: born, Sex: []string{"F", "M"}[r.IntN(2)],
			Race: []string{"2106-3", "2054-5", ""}[r.IntN(3)], Ethnicity: "N", Language: []string{"en", "en", "so"}[r.IntN(3)], CountyFIPS: c.FIPS, Region: c.Region,
			Status: "active", Contact: "allowed", Since: 1}
		one.OptedOut = i%97 == 5
		s.clients = append(s.clients, one)
		if !one.OptedOut {
			s.status = append(s.status, table.PatientStatus{ClientID: id, Level: "jurisdiction", Status: "active", Reason: "r"})
		}
		for d := range r.IntN(25) {
			on := born + table.Date(r.IntN(int(night-born)+1))
			dose := fmt.Sprintf("%d-%d", id, d)
			s.doses = append(s.doses, table.Immunization{ImmunizationID: dose, ClientID: id, AdministeredOn: on, CVX: 3, EventID: dose, Reason: "r"})
			s.judged = append(s.judged, table.DoseEvaluation{ClientID: id, ImmunizationID: dose, Antigen: "Measles", AdministeredOn: on, CVX: 3, Status: "Valid", TargetDose: 1, AgeDays: int32(on - born)})
		}
		s.visit(one.ClientID, born)
		s.result(id, born, night)
		s.needs = append(s.needs, table.Forecast{ClientID: id, Group: "MMR", Kind: "standard", Status: status(born, night), DoseNumber: 1, Earliest: born + 28,
			Recommended: born + 28, PastDue: born + 480}, table.Forecast{ClientID: id, Group: "Influenza", Kind: "standard", Status: "Not Complete",
			DoseNumber: 1, Earliest: seasonBegins, Recommended: seasonBegins, PastDue: seasonBegins + 100})
	}
	return s
}

// open makes the state known to an engine.
func (s *state) open(t testing.TB) *engine.Engine {
	t.Helper()
	e := start(t)
	for _, err := range []error{
		engine.Load(t.Context(), e, "client", s.clients), engine.Load(t.Context(), e, "patient_status", s.status),
		engine.Load(t.Context(), e, "immunization", s.doses), engine.Load(t.Context(), e, "dose_evaluation", s.judged),
		engine.Load(t.Context(), e, "forecast", s.needs), engine.Load(t.Context(), e, "batch", s.batches),
		engine.Load(t.Context(), e, "measure_result", s.results), engine.Load(t.Context(), e, "not_counted", []table.NotCounted{}),
		engine.Load(t.Context(), e, "notice", []table.Notice{}),
		engine.Load(t.Context(), e, "notice_result", []table.NoticeResult{}), engine.Load(t.Context(), e, "publication", []table.Publication{}),
		engine.Load(t.Context(), e, "delivery_figure", []table.DeliveryFigure{}), engine.Load(t.Context(), e, "visit_group", s.visits),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func start(t testing.TB) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Temp: filepath.Join(t.TempDir(), "temp")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func options(night table.Date) Options {
	return Options{Key: []byte(strings.Repeat("k", KeyBytes)), Class: 11, AsOf: night, Snapshot: 7, Generation: 5, Study: "s", Agreement: "DUA-1", Recipient: "state",
		Shown: func(id int64) bool { return id%101 != 7 }, Counties: area.Default().Counties(), Regions: area.Default().Regions(),
		Clinics: []Clinic{{"a", "Clinic A", "clinic"}}, Groups: []Group{{"MMR", "Measles", false}, {"Influenza", "Influenza", true}}, Vaccines: []Vaccine{{CVX: 3, Antigen: "Measles"}},
		Measures: []Measure{{ID: "m", Version: 1}}, VisitsFrom: night - 400, Turns: turns(night), Seasons: []Season{{"season", "MMR", seasonBegins}, {"own-season", "MMR", 0}}}
}

// written writes the extract of a state, and makes its tables known to another engine.
func written(t testing.TB, s *state, o Options) (*Extract, *engine.Engine) {
	t.Helper()
	dir := t.TempDir()
	x, err := Choose(t.Context(), s.open(t), o)
	if err != nil {
		t.Fatal(err)
	}
	files, err := x.Write(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(Tables) {
		t.Errorf("%d files of %d tables", len(files), len(Tables))
	}
	e := start(t)
	for i := range Tables {
		e.Define(Tables[i].Name, "SELECT * FROM "+engine.Quote(filepath.Join(dir, Tables[i].Name+".parquet")))
	}
	return x, e
}

// A guess is a day of birth, moved, and by how many days all dates of the person are moved.
type guess struct{ day, shift table.Date }

func (g guess) born() table.Date { return g.day - g.shift }

// TestNoBirthDateIsGivenBack puts together all that an extract has about when a person was born: the period, of each dose
// the period and the age, whether a vaccine is due 28 days from birth, what was due at visits, the status, and who is in which
// measure and meets it. Of all days of birth with all moves, those that fit are left: the true one among them, and half a month
// of days for anybody; a whole one for whom nothing is so new that the night itself says which way dates are moved.
func TestNoBirthDateIsGivenBack(t *testing.T) {
	nights := []table.Date{table.NewDate(2026, 3, 2), table.NewDate(2024, 2, 29)}
	for seed, night := range nights {
		s := randomState(uint64(seed), 700, night)
		o := options(night)
		o.Class = 3
		_, e := written(t, s, o)
		born := map[int64]table.Date{}
		for _, c := range s.clients {
			p, _ := pseudonym(o.Key, c.ClientID)
			born[p] = c.BirthDate
		}
		left, near := guesses(t, e, night)
		if n := narrow(t, e, night, left); n < 1000 {
			t.Errorf("%s: of %d visits it is told what was due", night, n)
		}
		if n := narrowByResults(t, e, night, left); n < 500 {
			t.Errorf("%s: %d statuses and results are told", night, n)
		}
		least, leastFar, far := 99, 99, 0
		for p, list := range left {
			fits := map[table.Date]bool{}
			for _, g := range list {
				fits[g.born()] = true
			}
			if !fits[born[p]] {
				t.Errorf("%s: the true day of birth fits no more", night)
			}
			least = min(least, len(fits))
			if !near[p] {
				far++
				leastFar = min(leastFar, len(fits))
			}
		}
		if len(left) < 300 || far < 100 || least < maxShift || leastFar < 2*maxShift {
			t.Errorf("%s: of %d people, the birth of one is known to within %d days, %d at least; of %d without news to within %d", night,
				len(left), least, maxShift, far, leastFar)
		}
	}
}

// guesses are those that fit what each person's doses say, and who has a dose or the birth within half a month of the night.
func guesses(t *testing.T, e *engine.Engine, night table.Date) (left map[int64][]guess, near map[int64]bool) {
	t.Helper()
	type fact struct {
		Person   int64      `col:"person"`
		From     table.Date `col:"born_from"`
		Until    table.Date `col:"born_until"`
		GivenOn  table.Date `col:"given_on"`
		GivenEnd table.Date `col:"given_until"`
		Age      int32      `col:"age_months"`
	}
	left, near = map[int64][]guess{}, map[int64]bool{}
	err := engine.Stream(t.Context(), e, "SELECT p.person, p.born_from, p.born_until, d.given_on, d.given_until, d.age_months "+
		"FROM dim_person AS p JOIN fact_dose AS d ON d.person = p.person WHERE p.level < 5 ORDER BY p.person",
		func(d *fact) error {
			if _, ok := left[d.Person]; !ok {
				for day := d.From; day <= d.Until; day++ {
					for shift := table.Date(-maxShift); shift <= maxShift; shift++ {
						if g := (guess{day, shift}); g.born() <= night {
							left[d.Person] = append(left[d.Person], g)
						}
					}
				}
			}
			near[d.Person] = near[d.Person] || d.GivenEnd >= night || d.Until >= night
			var day, first, last table.Date
			left[d.Person] = slices.DeleteFunc(left[d.Person], func(g guess) bool {
				if g.day != day {
					day, first, last = g.day, comesTo(g.day, int(d.Age)), comesTo(g.day, int(d.Age)+1)-1
				}
				return max(first, d.GivenOn) > min(last, d.GivenEnd, night+g.shift)
			})
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return left, near
}

// comesTo is the first day on which somebody is of an age in completed months.
func comesTo(born table.Date, months int) table.Date {
	y, m, d := born.YMD()
	day := table.NewDate(y+(m-1+months)/12, (m-1+months)%12+1, 1)
	if next := day.AddMonths(1); day+table.Date(d)-1 >= next {
		return next
	}
	return day + table.Date(d) - 1
}

func TestEnoughPeopleShareEachDescription(t *testing.T) {
	night := table.NewDate(2026, 3, 2)
	s := randomState(3, 1500, night)
	o := options(night)
	o.Class = 5
	x, e := written(t, s, o)
	n, err := e.Int(t.Context(), "SELECT min(n) FROM (SELECT count(*) AS n FROM dim_person GROUP BY born_from, sex, race, ethnicity, language, county_fips, region) AS c")
	if err != nil {
		t.Fatal(err)
	}
	if n < int64(o.Class) {
		t.Errorf("%d people share a description, %d at least", n, o.Class)
	}
	for _, q := range []struct {
		what, sql string
		want      int64
	}{
		{"people in the extract", "SELECT count(*) FROM dim_person", int64(len(x.People))},
		{"facts about nobody in it", "SELECT count(*) FROM fact_dose WHERE person NOT IN (SELECT person FROM dim_person)", 0},
	} {
		got, err := e.Int(t.Context(), q.sql)
		if err != nil {
			t.Fatal(err)
		}
		if got != q.want {
			t.Errorf("%s: %d, want %d", q.what, got, q.want)
		}
	}
	in := map[int64]bool{}
	for _, id := range x.People {
		in[id] = true
	}
	doses, results := int64(0), int64(0) // of people in it
	for _, d := range s.doses {
		if in[d.ClientID] {
			doses++
		}
	}
	for _, r := range s.results {
		if in[r.ClientID] {
			results++
		}
	}
	for _, q := range []struct {
		what, sql     string
		untold, whole int64
	}{
		{"doses", "SELECT count(*) FROM fact_dose", x.Untold.Doses, doses},
		{"results", "SELECT count(*) FROM fact_result", x.Untold.Results, results},
	} {
		told, err := e.Int(t.Context(), q.sql)
		if err != nil {
			t.Fatal(err)
		}
		if q.untold < 50 || told+q.untold != q.whole {
			t.Errorf("%d %s are told and %d are not, of %d", told, q.what, q.untold, q.whole)
		}
	}
	hidden, shown := 0, 0
	for _, c := range s.clients {
		switch {
		case c.OptedOut || c.ClientID%101 == 7:
			hidden++
			if in[c.ClientID] {
				t.Errorf("client %d may be in no output", c.ClientID)
			}
		default:
			shown++
		}
	}
	if hidden < 20 || int64(shown) != int64(len(x.People))+x.LeftOut {
		t.Errorf("%d may be in it, %d are, %d are left out; %d may not", shown, len(x.People), x.LeftOut, hidden)
	}
	if x.Levels[0] < 50 || len(x.Levels) < 4 {
		t.Errorf("descriptions by level: %v", x.Levels)
	}
}

// TestTheCheckOfAnExtractCanBeBroken: what would give somebody away is refused where it is read again.
func TestTheCheckOfAnExtractCanBeBroken(t *testing.T) {
	night := table.NewDate(2026, 3, 2)
	o := options(night)
	dir := t.TempDir()
	x, err := Choose(t.Context(), randomState(5, 300, night).open(t), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Write(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	least, err := x.engine.Int(t.Context(), "SELECT min(n) FROM (SELECT count(*) AS n FROM "+
		"read_parquet("+engine.Quote(filepath.Join(dir, "dim_person.parquet"))+") GROUP BY born_from, sex, race, ethnicity, language, county_fips, region) AS c")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []struct {
		why   string
		begin func(x *Extract)
	}{
		{"too few others", func(x *Extract) {
			x.queries = engine.LoadQueries(sqlFiles).With("as_of", night, "snapshot", int64(7), "class", int(least+1))
		}},
		{"may be in no output", func(x *Extract) { x.options.Shown = func(id int64) bool { return id != x.People[0] } }},
		{"not those of the study's key", func(x *Extract) {
			if err := x.engine.Materialize(t.Context(), "extract_pseudonym", "SELECT CAST(client_id AS BIGINT) AS person FROM client"); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		broken := *x
		b.begin(&broken)
		if err := broken.check(t.Context(), dir); err == nil || !strings.Contains(err.Error(), b.why) {
			t.Errorf("%s: %v", b.why, err)
		}
	}
}

// TestAnotherStudyHasOtherPseudonyms: two studies cannot put their people side by side.
func TestAnotherStudyHasOtherPseudonyms(t *testing.T) {
	a, b := []byte(strings.Repeat("a", KeyBytes)), []byte(strings.Repeat("b", KeyBytes))
	seen, shifts := map[int64]bool{}, map[int32]bool{}
	for id := int64(1); id <= 1000; id++ {
		p, shift := pseudonym(a, id)
		other, _ := pseudonym(b, id)
		again, same := pseudonym(a, id)
		if p <= 0 || p == id || seen[p] || p == other || p != again || shift != same || shift < -maxShift || shift > maxShift {
			t.Fatalf("client %d: pseudonym %d, moved by %d", id, p, shift)
		}
		seen[p], shifts[shift] = true, true
	}
	if len(shifts) != 2*maxShift+1 {
		t.Errorf("dates are moved in %d ways", len(shifts))
	}
}

// TestQuestionsAreAnswered runs each question against an extract of real rows.
func TestQuestionsAreAnswered(t *testing.T) {
	night := table.NewDate(2026, 3, 2)
	s := randomState(4, 300, night)
	_, e := written(t, s, options(night))
	questions := Questions()
	if len(questions) != 30 {
		t.Errorf("%d questions, 30 are promised", len(questions))
	}
	for _, q := range questions {
		if !strings.HasSuffix(q.Text, "?") || strings.Count(q.SQL, "\n") >= 10 {
			t.Errorf("%s: a question, and at most ten lines that answer it", q.Name)
		}
		if err := e.Materialize(context.Background(), "answer", q.SQL); err != nil {
			t.Errorf("%s: %v", q.Name, err)
		}
	}
}

// TestExtractsDocument keeps docs/extracts.md as the tables are: -update writes it.
func TestExtractsDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/extracts.md")
	if err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(string(text), "## Tables\n")
	if !ok {
		t.Fatal("docs/extracts.md has no part Tables")
	}
	var b strings.Builder
	b.WriteString(head + "## Tables\n")
	for i := range Tables {
		tb := &Tables[i]
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| column | type | null | meaning |\n|---|---|---|---|\n", tb.Name, tb.Doc)
		for _, c := range tb.Columns {
			null := ""
			if c.Null {
				null = "yes"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, c.SQL, null, c.Doc)
		}
	}
	if *update {
		if err := os.WriteFile("../../docs/extracts.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !*update && b.String() != string(text) {
		t.Error("docs/extracts.md is not as the tables are: go test -tags duckdb_arrow ./reports/extract -run TestExtractsDocument -update")
	}
}
