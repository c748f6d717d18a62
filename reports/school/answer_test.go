package school

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/letter"
	"miic/reports/privacy"
	"miic/reports/recipient"
)

// A child is somebody of the registry in a test.
type child struct {
	id                                        int64
	first, last, last1, last2, sex, zip, born string
	doses                                     string
	hidden, review                            bool
}

// registry has a child of each kind that matters to matching.
var registry = []child{
	{id: 1, first: "MIRA", last: "SOLBERG", sex: "F", zip: "55104", born: "2020-06-15", doses: "2021-06-15:3 2024-06-15:3"},
	{id: 2, first: "ODIN", last: "DAHLMOE", last1: "DAHL", last2: "MOE", sex: "M", zip: "55104", born: "2020-06-15", doses: "2021-06-15:3"},
	{id: 3, first: "MAX", last: "LEE", sex: "M", zip: "55104", born: "2019-05-04", doses: "2020-06-15:94"}, // two of one name and day
	{id: 4, first: "MAX", last: "LEE", sex: "M", zip: "55404", born: "2019-05-04"},
	{id: 5, first: "ADA", last: "BERG", sex: "F", zip: "55104", born: "2018-03-07", doses: "2019-03-07:3"}, // twins: one may not be shown
	{id: 6, first: "IDA", last: "BERG", sex: "F", zip: "55104", born: "2018-03-07", doses: "2019-03-07:3", hidden: true},
	{id: 7, first: "LARS", last: "EK", sex: "M", zip: "55104", born: "2017-02-03", hidden: true}, // namesakes: one may not be shown
	{id: 8, first: "LARS", last: "EK", sex: "M", zip: "55104", born: "2017-02-03", doses: "2018-03-07:3"},
	{id: 9, first: "ALI", last: "NUR", sex: "M", zip: "55104", born: "2016-01-01", doses: "2017-03-07:3"},
	{id: 10, first: "TOU", last: "VANG", sex: "M", zip: "55104", born: "2017-08-09", review: true},
	{id: 11, first: "ANN", last: "ROE", sex: "F", zip: "55104", born: "2015-09-04"},
}

// town is what the tables of the registry hold.
type town struct {
	clients   []table.Client
	links     []table.ClientLink
	records   []table.StandardRecord
	doses     []table.Immunization
	events    []table.VaccinationEvent
	forecasts []table.Forecast
	hidden    []table.Restriction
}

// townOf is the registry; without those who may not be shown where unknown is true.
func townOf(t *testing.T, unknown bool) *town {
	t.Helper()
	w := &town{}
	for _, c := range registry {
		if c.hidden && unknown {
			continue
		}
		record, born := fmt.Sprint("clinic/", c.id), day(t, c.born)
		w.clients = append(w.clients, table.Client{ClientID: c.id, FirstName: c.first, LastName: c.last, BirthDate: born, Sex: c.sex,
			Status: "active", InReview: c.review, Race: "2106-3|2028-9", Language: "spa"})
		w.links = append(w.links, table.ClientLink{RecordID: record, ClientID: c.id})
		w.records = append(w.records, table.StandardRecord{RecordID: record, First: c.first, Last: c.last, Last1: c.last1, Last2: c.last2,
			Sex: c.sex, ZIP: c.zip, BirthDate: born})
		for i, d := range dosesOf(t, c.doses) {
			id := fmt.Sprintf("%s/%d", record, i)
			w.doses = append(w.doses, table.Immunization{ImmunizationID: id, EventID: id, ClientID: c.id, AdministeredOn: d.On, CVX: d.CVX,
				Lot: "A|1", Historical: i == 0})
			event := table.VaccinationEvent{EventID: id, RecordID: record, Action: "A"}
			if i == 0 { // what was reported goes before what the product has
				event.CPT, event.Route, event.Site = "90749", "SC", "LT"
			}
			w.events = append(w.events, event)
		}
		w.forecasts = append(w.forecasts, table.Forecast{ClientID: c.id, Group: "MMR", Status: "Not Complete", Recommended: day(t, "2026-02-01")})
		if c.hidden {
			w.hidden = append(w.hidden, table.Restriction{ClientID: c.id, Kind: "lock", SourceID: "families/1", Basis: "possible", Since: 1})
		}
	}
	return w
}

// world makes the registry known to an engine.
func world(t *testing.T, unknown bool) *engine.Engine { return townOf(t, unknown).open(t) }

func (w *town) open(t *testing.T) *engine.Engine {
	t.Helper()
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{MemoryMiB: 256, Temp: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	for _, err := range []error{engine.Load(ctx, e, "client", w.clients), engine.Load(ctx, e, "client_link", w.links),
		engine.Load(ctx, e, "standard_record", w.records), engine.Load(ctx, e, "immunization", w.doses),
		engine.Load(ctx, e, "vaccination_event", w.events), engine.Load(ctx, e, "forecast", w.forecasts),
		engine.Load(ctx, e, "restriction", w.hidden), engine.Load(ctx, e, "death_match", []table.DeathMatch{}),
		privacy.Shown(ctx, e)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// students are a roster about the registry.
func students(t *testing.T) []table.RosterEntry {
	t.Helper()
	var list []table.RosterEntry
	for i, text := range []string{
		"007 |Mira|Solberg|2020-06-15|F|55104", // 0 sure, and complete
		"=1+1|Odin|Dahl|2020-06-15||",          // 1 sure: half of a double surname
		"-5|Max|Lee|2019-05-04|M|55404",        // 2 the ZIP code decides
		"a,b|Max|Lee|2019-05-04|M|56301",       // 3 possible: two fit
		"x\"y|Ada|Berg|2018-03-07|F|55104",     // 4 sure: the twin who may be shown
		"@6|Ida|Berg|2018-03-07|F|55104",       // 5 none: the twin who may not
		"7|Lars|Ek|2017-02-03|M|55104",         // 6 none: nobody is offered in the place of one who may not be shown
		"8|Ali|Nur|2016-01-01|M|56301",         // 7 possible: 1 January, another place
		"9|Ali|Nur|2016-01-01|M|55104",         // 8 sure
		"10|Tou|Vang|2017-09-08|M|55104",       // 9 possible: day and month the other way round
		"11|Ann|Roe|2015-09-04|M|55104",        // 10 possible: the sex differs
		"12|Nobody|Known|2015-09-04|M|55104",   // 11 none
		"13|Tou|Vang|2017-08-09|M|55104",       // 12 sure; a question is open
	} {
		c := strings.Split(text, "|")
		list = append(list, table.RosterEntry{EntryID: fmt.Sprint("b:", i+2), BatchID: "b", Line: int64(i + 2), ListID1: c[0], ListID2: "00" + fmt.Sprint(i),
			FirstName: c[1], LastName: c[2], BirthDate: day(t, c[3]), Sex: c[4], ZIP: c[5], Grade: Grades[1+i%7],
			EnrolledOn: day(t, "2025-09-02")})
	}
	list[11].ExemptionKind, list[11].ExemptionVaccine = NonMedical, "all"
	list[2].ExemptionKind, list[2].ExemptionVaccine = Medical, "HepB; measels"
	list[4].ExemptionKind = NonMedical
	return list
}

// mail has the words of letters, each translation approved.
func mail(t testing.TB) *letter.Mail {
	t.Helper()
	c, err := letter.AllApproved()
	if err != nil {
		t.Fatal(err)
	}
	return &letter.Mail{Catalog: c}
}

func ask(t *testing.T, e *engine.Engine, list []table.RosterEntry) (string, []Answer) {
	t.Helper()
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	c := Config{State: "MN", Laws: laws, Products: map[int16][]string{3: {"MMR"}, 94: {"MMR", "Varicella"}},
		CPT: map[int16]string{3: "90707", 94: "90710"}, Mail: mail(t)}
	on := day(t, "2026-03-02")
	answers, err := Find(context.Background(), e, c, Roster{ForSchool, list}, nil, on)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	to := &recipient.Recipient{Name: "North School", Contact: recipient.Contact{Name: "Nurse", Phone: "651-555-0100"}}
	if err := Write(answers, c, Issue{To: to, Roster: "r", Day: on, Path: func(name string) (string, error) {
		return filepath.Join(dir, name), nil
	}}); err != nil {
		t.Fatal(err)
	}
	return dir, answers
}

func TestMatching(t *testing.T) {
	_, answers := ask(t, world(t, false), students(t))
	for i, want := range []struct {
		class  Class
		client int64
		reason string
	}{{Sure, 1, ""}, {Sure, 2, ""}, {Sure, 4, ""}, {Possible, 0, severalFit}, {Sure, 5, ""}, {None, 0, nobodyFits},
		{None, 0, nobodyFits}, {Possible, 0, otherPlace}, {Sure, 9, ""}, {Possible, 0, otherBirth}, {Possible, 0, otherSex},
		{None, 0, nobodyFits}, {Sure, 10, ""}} {
		a := &answers[i]
		if a.Class != want.class || a.ClientID != want.client || a.Reason != want.reason {
			t.Errorf("student %d: %s %d %q, want %s %d %q", i, a.Class, a.ClientID, a.Reason, want.class, want.client, want.reason)
		}
		if a.Class != Sure && (len(a.Doses) > 0 || a.Person != person{}) {
			t.Errorf("student %d is %s, and health data are in the answer", i, a.Class)
		}
	}
	// The same person is not told to two students.
	list := students(t)[:2]
	list[1].FirstName, list[1].LastName, list[1].Sex = "Mira", "Solberg", "F"
	_, answers = ask(t, world(t, false), list)
	for i := range answers {
		if answers[i].Class != Possible || answers[i].Reason != twiceOnList {
			t.Errorf("student %d of two alike: %s %s", i, answers[i].Class, answers[i].Reason)
		}
	}
}

func text(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFiles(t *testing.T) {
	list := students(t)
	dir, answers := ask(t, world(t, false), list)
	rosterIDs := text(t, dir, "students-r.csv")
	for _, id := range []string{"\r\n007 ,", "\r\n=1+1,", "\r\n-5,", "\r\n\"a,b\",", "\r\n\"x\"\"y\",", "\r\n@6,"} {
		if !strings.Contains(rosterIDs, id) {
			t.Errorf("the number %q did not come back untouched", id)
		}
	}
	want := "id_1|id_2|id_3|id_4|id_5|id_6|miic_client_id|first_name|last_name|birth_date|sex_code|race_code|ethnicity_code|" +
		"immunization_id|vaccine_group_name|cpt_code|cvx_code|trademark_name|vaccination_date|administration_route_code|" +
		"body_site_code|manufacturer_code|historical_ind|historical_lot_number\n" +
		"007 |000|||||1|MIRA|SOLBERG|2020-06-15|F|2106-3;2028-9||clinic/1/0|MMR|90749|03||2021-06-15|SC|LT||Y|A 1\n" +
		"007 |000|||||1|MIRA|SOLBERG|2020-06-15|F|2106-3;2028-9||clinic/1/1|MMR|90707|03||2024-06-15||||N|A 1\n"
	if got := text(t, dir, "doses-r.txt"); !strings.HasPrefix(got, want) {
		t.Errorf("doses begin with\n%s\nwant\n%s", got[:min(len(got), len(want))], want)
	}
	if got := text(t, dir, "import-r.csv"); !strings.HasPrefix(got, "007 ,000,MMR,06/15/2021\r\n007 ,000,MMR,06/15/2024\r\n=1+1,001,MMR,06/15/2021\r\n") {
		t.Errorf("import begins with\n%s", got[:min(len(got), 120)])
	}
	for _, class := range []string{"possible", "none"} {
		n := strings.Count(text(t, dir, "not-matched-r.csv"), ","+class+",")
		for _, a := range answers {
			if string(a.Class) == class {
				n--
			}
		}
		if n != 0 {
			t.Errorf("not-matched has %d rows too many that are %s", n, class)
		}
	}
	// The tallies of a grade and vaccine add up to its enrolment, and the enrolments of the summary to the roster.
	for _, line := range strings.Split(strings.TrimSpace(text(t, dir, "tallies-r.csv")), "\r\n")[1:] {
		sum, cells := 0, cells(line)
		for _, c := range cells[3:] {
			sum += number(t, c)
		}
		if sum != number(t, cells[2]) {
			t.Errorf("%s: the statuses add up to %d", line, sum)
		}
	}
	sum := 0
	for _, line := range strings.Split(strings.TrimSpace(text(t, dir, "summary-r.csv")), "\r\n")[1:] {
		c := strings.Split(line, ",")
		n := number(t, c[1])
		sum += n
		if number(t, c[2])+number(t, c[3])+number(t, c[4]) != n || number(t, c[5])+number(t, c[6])+number(t, c[7])+number(t, c[8]) != n {
			t.Errorf("%s does not add up", line)
		}
	}
	if sum != len(list) {
		t.Errorf("%d students in the summary, %d on the roster", sum, len(list))
	}
	if got := text(t, dir, "letters-r.pdf"); !strings.HasPrefix(got, "%PDF") {
		t.Error("the letters are no PDF")
	}
	letters := 0
	for i := range answers {
		if answers[i].getsLetter() {
			letters++
		}
	}
	if letters != 5 { // all who are sure, but for the one about whom a question is open
		t.Errorf("%d letters, want 5", letters)
	}
	// A statement about no vaccine of the law is named, where it could have changed something.
	if got := UnreadStatements(answers); !slices.Equal(got, []int64{4, 6}) {
		t.Errorf("statements that say nothing are in lines %v, want 4 and 6", got)
	}
	for _, v := range answers[2].Verdicts {
		if named := strings.HasSuffix(v.Reason, UnreadStatement); named != (v.Vaccine != "HepB" && v.Status != NotRequired) {
			t.Errorf("%s is %s: %q", v.Vaccine, v.Status, v.Reason)
		}
	}
	if got := answers[11].exemptFromAll(); got != ExemptNonMedical {
		t.Errorf("exempt from all: %q", got)
	}
}

// cells of a line whose second cell may be in quotes.
func cells(line string) []string {
	var list []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			part = strings.ReplaceAll(part, ",", ";")
		}
		list = append(list, part)
	}
	return strings.Split(strings.Join(list, ""), ",")
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Child care has a table of its own: by age band, without grades, and with the day on which to look again. What a school
// has below kindergarten is child care too.
func TestChildCareIsTalliedByAge(t *testing.T) {
	laws, err := builtinLaws()
	if err != nil {
		t.Fatal(err)
	}
	on := day(t, "2026-03-02")
	c := Config{State: "MN", Laws: laws}
	list := []table.RosterEntry{
		{ListID1: "1", FirstName: "New", LastName: "Born", BirthDate: day(t, "2026-01-20"), EnrolledOn: on - 5},
		{ListID1: "2", FirstName: "Three", LastName: "Years", BirthDate: day(t, "2023-02-02"), EnrolledOn: on - 5},
		{ListID1: "3", FirstName: "Six", LastName: "Years", BirthDate: day(t, "2020-02-02"), EnrolledOn: on - 5},
		{ListID1: "4", FirstName: "Eleven", LastName: "Months", BirthDate: day(t, "2025-03-03"), EnrolledOn: on - 5},
		{ListID1: "5", FirstName: "Twelve", LastName: "Months", BirthDate: day(t, "2025-03-02"), EnrolledOn: on - 5},
		{ListID1: "6", FirstName: "Twelve", LastName: "Years", BirthDate: day(t, "2014-03-02"), EnrolledOn: on - 5},
	}
	answers, err := Find(context.Background(), world(t, false), c, Roster{ForChildCare, list}, nil, on)
	if err != nil {
		t.Fatal(err)
	}
	_, rows := summary(answers, on)
	var bands []string
	for _, r := range rows {
		bands = append(bands, r[0]+" "+r[1])
	}
	if got := strings.Join(bands, ", "); got != "under two months 1, six to eleven months 1, twelve to fourteen months 1, two to four years 1, "+
		"five and six years 1, of another age 1" {
		t.Errorf("bands: %s", got)
	}
	for i, want := range []string{"2026-09-02", "2027-09-02", "2029-03-02", "2026-09-02", "2027-03-02", ""} {
		row := answers[i].rows(on)[0]
		if got := row[len(row)-1]; got != want {
			t.Errorf("student %d: check again on %q, want %q", i, got, want)
		}
	}
	if got := answers[0].rows(on); len(got) != 1 || got[0][13] != string(NotRequired) {
		t.Errorf("under two months: %v", got)
	}
	list = list[1:2]
	list[0].Grade = "PK"
	if answers, err = Find(context.Background(), world(t, false), c, Roster{ForSchool, list}, nil, on); err != nil || answers[0].Law.For != ForChildCare {
		t.Errorf("a program below kindergarten: %v", err)
	}
}
