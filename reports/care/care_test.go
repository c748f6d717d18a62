package care

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/recipient"
	"miic/reports/xlsxfile"
)

// state is a night of a few people.
type state struct {
	clients      []table.Client
	records      []table.ClientRecord
	links        []table.ClientLink
	statuses     []table.PatientStatus
	doses        []table.Immunization
	evaluations  []table.DoseEvaluation
	forecasts    []table.Forecast
	restrictions []table.Restriction
	deaths       []table.DeathMatch
	notices      []table.Notice
	open         []table.OpenNotice
	results      []table.NoticeResult
	batches      []table.Batch
	roster       []table.RosterEntry
	measured     []table.MeasureResult
}

func (s *state) stage() pipeline.Stage {
	return pipeline.Stage{Name: "given", Writes: []string{"client", "client_record", "client_link", "patient_status",
		"immunization", "dose_evaluation", "forecast", "restriction", "death_match", "notice", "open_notice", "notice_result",
		"roster_entry", "measure_result"},
		Run: func(_ context.Context, r *pipeline.Run) error {
			for _, err := range []error{pipeline.Write(r, table.Clients, s.clients),
				pipeline.Write(r, table.ClientRecords, s.records), pipeline.Write(r, table.ClientLinks, s.links),
				pipeline.Write(r, table.PatientStatuses, s.statuses), pipeline.Write(r, table.Immunizations, s.doses),
				pipeline.Write(r, table.DoseEvaluations, s.evaluations), pipeline.Write(r, table.Forecasts, s.forecasts),
				pipeline.Write(r, table.Restrictions, s.restrictions), pipeline.Write(r, table.DeathMatches, s.deaths),
				pipeline.Write(r, table.Notices, s.notices),
				pipeline.Write(r, table.OpenNotices, s.open), pipeline.Write(r, table.NoticeResults, s.results),
				pipeline.Write(r, table.RosterEntries, s.roster), pipeline.Write(r, table.MeasureResults, s.measured)} {
				if err != nil {
					return err
				}
			}
			return nil
		}}
}

// arrives is what comes on a night.
func (s *state) arrives() pipeline.Stage {
	return pipeline.Stage{Name: "arrives", Writes: []string{"batch"},
		Run: func(_ context.Context, r *pipeline.Run) error { return pipeline.Write(r, table.Batches, s.batches) }}
}

// person adds somebody of four years with the clinic oak, who is late with Polio.
func (s *state) person(id int64, first string, change func(c *table.Client)) {
	c := table.Client{ClientID: id, FirstName: first, LastName: "Berg", BirthDate: tonight - 1500, Sex: "F", State: "MN",
		ZIP: "55104", Region: "metro", Provider: "oak", Status: "active", Contact: "allowed", Records: 1}
	status := table.PatientStatus{ClientID: id, Level: "provider", Provider: "oak", Status: "active",
		Reason: "gave-newest-dose", Since: tonight - 300}
	here := table.PatientStatus{ClientID: id, Level: "jurisdiction", Status: "active", Reason: "lives-here"}
	if change != nil {
		change(&c)
	}
	if c.State != "MN" {
		here.Status = "outside"
	}
	s.clients, s.statuses = append(s.clients, c), append(s.statuses, here, status)
	name := "oak/" + first + "/1"
	s.records = append(s.records, table.ClientRecord{RecordID: name, Sender: "oak", SourceClientID: first, Generation: 1,
		Share: "allowed", Contact: "allowed"})
	s.links = append(s.links, table.ClientLink{RecordID: name, ClientID: id, Since: 1})
	s.forecasts = append(s.forecasts, table.Forecast{ClientID: id, Group: "Polio", Kind: "standard", Status: "Not Complete",
		DoseNumber: 3, Earliest: tonight - 90, Recommended: tonight - 60, PastDue: tonight - 30})
}

func people() *state {
	s := &state{batches: []table.Batch{{BatchID: "f", Snapshot: 1, Sender: "families", SenderKind: "families",
		Layout: "family-requests", Status: "loaded"}}}
	s.person(1, "Anna", nil)
	s.person(2, "Bea", func(c *table.Client) { c.OptedOut = true })
	s.person(3, "Cora", func(c *table.Client) { c.Status, c.DeceasedOn = "deceased", tonight-9 })
	s.person(4, "Dora", nil) // may have died
	s.person(5, "Edda", nil) // may be meant by a request
	s.person(6, "Frida", func(c *table.Client) { c.State, c.ZIP = "WI", "54880" })
	s.person(7, "Gerda", func(c *table.Client) { c.State = "ND" })
	s.person(8, "Hanna", nil) // has gone to elm
	s.statuses[2*8-1] = table.PatientStatus{ClientID: 8, Level: "provider", Provider: "oak", Status: "moved",
		Reason: "newer-dose-elsewhere", Since: tonight - 364}
	s.person(9, "Ida", nil) // has gone longer ago
	s.statuses[2*9-1] = table.PatientStatus{ClientID: 9, Level: "provider", Provider: "oak", Status: "moved",
		Reason: "newer-dose-elsewhere", Since: tonight - 367}
	s.deaths = []table.DeathMatch{{ClientID: 4, DeathID: "d", Basis: "possible"}}
	s.restrictions = []table.Restriction{{ClientID: 5, Kind: "opt_out", SourceID: "q", Basis: "possible"}}
	dose := func(id string, client int64, ago table.Date) {
		s.doses = append(s.doses, table.Immunization{ImmunizationID: id, ClientID: client, AdministeredOn: tonight - ago,
			CVX: 3, Provider: "oak", EventID: id})
	}
	dose("a", 1, 30)
	dose("b", 1, 20)
	dose("c", 2, 20)
	dose("w", 6, 40)
	dose("n", 7, 40)
	s.evaluations = []table.DoseEvaluation{
		{ClientID: 1, ImmunizationID: "a", Antigen: "Measles", Status: "Valid"},
		{ClientID: 1, ImmunizationID: "b", Antigen: "Measles", Status: "Not Valid", Reasons: "too soon"},
		{ClientID: 2, ImmunizationID: "c", Antigen: "Measles", Status: "Extraneous"}}
	s.notices = []table.Notice{{NoticeID: "1", Snapshot: 0, ClientID: 1, Kind: "recall", Channel: "mail", Region: "metro",
		IssuedOn: tonight - 40}}
	return s
}

// book is a site where oak, the plan north and Wisconsin receive their lists; North Dakota's agreement has ended.
func book() recipient.Book {
	var b recipient.Book
	for _, x := range []struct {
		id, kind, output string
		ends             table.Date
	}{{"oak", "provider", "clinics/oak", tonight}, {"elm", "provider", "clinics/elm", tonight - 1},
		{"north", "group purchaser", "plans/north", tonight + 99}, {"wi", "other state's registry", "states/WI", tonight + 99},
		{"nd", "other state's registry", "states/ND", tonight - 1}} {
		b.Recipients = append(b.Recipients, recipient.Recipient{ID: x.id, Name: x.id, Kind: x.kind, Receives: []string{x.output},
			Plain: true, Agreement: recipient.Agreement{ID: "A", Ends: x.ends}})
	}
	return b
}

// night runs the lists and returns the rows of each file by its path, and who is disclosed in each.
func night(t *testing.T, s *state) (files map[string]string, disclosed map[string][]int64) {
	t.Helper()
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	files, _ = run(t, b, s, tonight)
	rows, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
	if err != nil {
		t.Fatal(err)
	}
	disclosed = map[string][]int64{}
	for _, d := range rows {
		disclosed[d.Output] = append(disclosed[d.Output], d.ClientID)
	}
	return files, disclosed
}

// run makes a night of a bench, and returns the rows of each file by its path, and what the page has to say.
func run(t *testing.T, b *pipeline.Bench, s *state, asOf table.Date) (files map[string]string, notes []string) {
	t.Helper()
	one := func(field string) []Piece { return []Piece{{Field: field}} }
	c := Config{Assessed: []Assessed{{"series", "The series"}, {"teens", "What teens have"}}, Groups: []string{"Polio"}, Beside: []string{"Influenza"}, WindowDays: 30, OldestAge: 18, Recipients: book(),
		Lists: map[string][]Column{
			"north-csv": {{Name: "MBR", Pieces: one("list_id_1"), Dates: "M/D/YYYY"},
				{Name: "Name", Pieces: []Piece{{Field: "last_name"}, {Before: ", ", Field: "first_name"},
					{Before: " ", Field: "middle_name", Optional: true}}, After: ".", Dates: "M/D/YYYY"},
				{Name: "Sex", Pieces: one("sex"), Words: map[string]string{"F": "Female"}, Dates: "M/D/YYYY"},
				{Name: "DOB", Pieces: one("birth_date"), Dates: "M/D/YYYY"}},
			"north-fixed": {{Name: "list_id_1", Pieces: one("list_id_1"), Dates: "MMDDYYYY"},
				{Name: "birth_date", Pieces: one("birth_date"), Dates: "MMDDYYYY"}}}}
	stages := []pipeline.Stage{s.stage(), s.arrives(), {Name: "care", Dated: true, Config: c, Reads: Reads, Prior: Prior,
		Writes: Writes, Run: func(ctx context.Context, r *pipeline.Run) error { return Run(ctx, r, c) }}}
	if len(b.Files("client")) > 0 {
		stages = stages[1:]
	}
	o, err := b.Night(t.Context(), asOf, nil, stages...)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range o.Notes {
		notes = append(notes, n.Text)
	}
	files = map[string]string{}
	for _, pattern := range []string{"*", "*/*", "*/*/*"} {
		found, _ := filepath.Glob(filepath.Join(o.OutDir, pattern))
		for _, path := range found {
			rel, _ := filepath.Rel(o.OutDir, path)
			if filepath.Ext(path) == ".xlsx" {
				files[rel] = "the rows of the CSV file"
				if err := xlsxfile.Same(path); err != nil {
					files[rel] = err.Error()
				}
			} else if text, err := os.ReadFile(path); err == nil {
				_, rows, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
				files[rel] = rows
			}
		}
	}
	return files, notes
}

func TestEachReceivesItsOwnPeople(t *testing.T) {
	s := people()
	files, disclosed := night(t, s)
	want := map[string]string{
		"clinics/oak/due.csv": "Anna,1,Berg,Anna," + (tonight - 1500).String() + ",F,,,,,,MN,55104,,late," +
			(tonight - 29).String() + ",29,Polio dose 3,,," + (tonight - 20).String() + ",1," + (tonight - 40).String() + ",,\n" +
			"Frida,6,Berg,Frida," + (tonight - 1500).String() + ",F,,,,,,WI,54880,,late," + (tonight - 29).String() +
			",29,Polio dose 3,,," + (tonight - 40).String() + ",0,,,\n" +
			"Gerda,7,Berg,Gerda," + (tonight - 1500).String() + ",F,,,,,,ND,55104,,late," + (tonight - 29).String() +
			",29,Polio dose 3,,," + (tonight - 40).String() + ",0,,,\n",
		"clinics/oak/doses.csv": "Anna,1,Berg,Anna," + (tonight - 1500).String() + "," + (tonight - 20).String() +
			",03,given too early,Measles\n",
		"clinics/oak/left.csv": "Hanna,8,Berg,Hanna," + (tonight - 1500).String() + ",moved,newer-dose-elsewhere," +
			(tonight - 364).String() + "\n",
		"clinics/oak/summary.csv": "active patients,3\ndue,0\nlate,3\nrefused,0\ndoses given to active patients in the last year,4\n" +
			"given too early,1\none too many,0\nleft in the last year,1\n",
		"clinics/oak/assessment.csv": "",
		"clinics/oak/rates.csv":      "series,The series,0,0,,0,0\nteens,What teens have,0,0,,0,0\n",
		"states/WI/residents.csv": "6,Berg,Frida,,," + (tonight - 1500).String() + ",F,,,,,,WI,54880,,w," +
			(tonight - 40).String() + ",03,,,given\n",
	}
	for _, name := range []string{"due", "doses", "left", "rates", "assessment", "summary"} { // programs read the lists of the others
		want["clinics/oak/"+name+".xlsx"] = "the rows of the CSV file"
	}
	for name, rows := range want {
		if files[name] != rows {
			t.Errorf("%s:\ngot  %swant %s", name, files[name], rows)
		}
	}
	if len(files) != len(want) {
		t.Errorf("%d files, want %d: no agreement, no file", len(files), len(want))
	}
	for output, people := range map[string][]int64{"clinics/oak/due.csv": {1, 6, 7}, "clinics/oak/doses.csv": {1},
		"clinics/oak/left.csv": {8}, "states/WI/residents.csv": {6}} {
		if !slices.Equal(disclosed[output], people) {
			t.Errorf("%s is disclosed of %v, want %v", output, disclosed[output], people)
		}
	}
	if len(disclosed) != 4 {
		t.Errorf("disclosed: %v", disclosed)
	}
}

// A clinic's list counts the letters that were sent: none that lies in open/ or dropped out, no text message.
func TestLettersAreThoseThatWereSent(t *testing.T) {
	s := people()
	for i, of := range []struct {
		channel   string
		until     int64
		collected table.Date
	}{{"mail", 0, tonight - 3}, {"mail", 0, 0}, {"mail", 1, 0}, {"text", 0, tonight - 1}} {
		id := string(rune('a' + i))
		s.notices = append(s.notices, table.Notice{NoticeID: id, ClientID: 6, Kind: "recall", Channel: of.channel, Region: "metro",
			IssuedOn: tonight - 9})
		s.open = append(s.open, table.OpenNotice{NoticeID: id, ClientID: 6, Region: "metro", IssuedOn: tonight - 9,
			Until: of.until, CollectedOn: of.collected})
	}
	files, _ := night(t, s)
	for row := range strings.Lines(files["clinics/oak/due.csv"]) {
		if want := ",1," + (tonight - 3).String() + ",,\n"; strings.HasPrefix(row, "Frida,") && !strings.HasSuffix(row, want) {
			t.Errorf("%s, want %s", row, want)
		}
	}
}

// list is a list of members of a plan, with a batch that brings it on a night.
func (s *state) list(id, layout string, on table.Date, members ...table.RosterEntry) table.Batch {
	for i, m := range members {
		m.EntryID, m.Sender, m.Snapshot, m.BatchID, m.Line = id+"/"+m.ListID1, "north", 1, id, int64(i+2)
		s.roster = append(s.roster, m)
	}
	return table.Batch{BatchID: id, Snapshot: 1, Sender: "north", SenderKind: "health_plan", Layout: layout, Status: "loaded", ReceivedOn: on}
}

func TestAPlansListIsAnswered(t *testing.T) {
	s := people()
	member := func(number, first, last string, birth table.Date, until table.Date) table.RosterEntry {
		return table.RosterEntry{ListID1: number, FirstName: first, LastName: last, BirthDate: birth, ZIP: "55104-1234", Sex: "F",
			CoveredFrom: tonight - 100, CoveredUntil: until}
	}
	known := func(number string, client int64) {
		s.records = append(s.records, table.ClientRecord{RecordID: "north/" + number, Sender: "north", SourceClientID: number,
			Generation: 1, Share: "allowed", Contact: "allowed"})
		s.links = append(s.links, table.ClientLink{RecordID: "north/" + number, ClientID: client, Since: 1})
	}
	born := tonight - 1500
	known("01", 1)
	known("05", 5)
	known("09", 9)
	second := member("02", "ANNIE", "Berg-Olson", born, tonight)
	second.MiddleName = "Bo"
	s.batches = append(s.batches, s.list("list", "north-csv", tonight, member("01", "Other", "BERG", born, 0), // by the number
		second, // a form of the name, a part of the surname, birth date and ZIP code; covered until tonight
		member("03", "ANNA", "BERG", born, tonight-1), // no longer covered
		member("04", "ANNA", "BERG", born+1, 0),       // another birth date
		member("05", "Edda", "BERG", born, 0),         // may be meant by a request: as if nobody knew her
		member("06", "BEA", "BERG", born, 0),          // opted out
		member("07", "FRIDA", "BERG", born, 0),        // the name fits, the ZIP code does not
		member("08", "GRETA", "BERG", born, tonight+40)),
		s.list("fixed", "north-fixed", tonight, member("01", "Other", "BERG", born, 0)))
	s.clients[7].FirstName = "Greta"
	files, disclosed := night(t, s)
	dob := InForm(born, "M/D/YYYY")
	dose := func(ago table.Date) string { return InForm(tonight-ago, "M/D/YYYY") + ",03,,,given\n" }
	row := func(number, first, end string) string {
		return number + ",\"BERG, " + first + ".\",Female," + dob + "," + end
	}
	want := row("01", "Other", "found,") + dose(30) + row("01", "Other", "found,") + dose(20) +
		"02,\"Berg-Olson, ANNIE Bo.\",Female," + dob + ",found," + dose(30) + "02,\"Berg-Olson, ANNIE Bo.\",Female," + dob + ",found," + dose(20) +
		row("03", "ANNA", "not covered tonight,,,,,\n") +
		"04,\"BERG, ANNA.\",Female," + InForm(born+1, "M/D/YYYY") + ",not found,,,,,\n" +
		row("05", "Edda", "not found,,,,,\n") + row("06", "BEA", "not found,,,,,\n") + row("07", "FRIDA", "not found,,,,,\n") +
		row("08", "GRETA", "found,,,,,\n")
	if got := files["plans/north/members-list.csv"]; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := disclosed["plans/north/members-list.csv"]; !slices.Equal(got, []int64{1, 8}) {
		t.Errorf("disclosed: %v", got)
	}
	plain := func(day table.Date) string { return InForm(day, "MMDDYYYY") }
	want = "01," + plain(born) + ",found," + plain(tonight-30) + ",03,,,given\n01," + plain(born) + ",found," + plain(tonight-20) +
		",03,,,given\n"
	if got := files["plans/north/members-fixed.csv"]; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// A list that came on a night on which nothing was published is answered on the next that publishes, once; one that is too
// old is not; and a plan that sends none is named.
func TestAListWaitsForANightThatIsPublished(t *testing.T) {
	s := people()
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	entry := table.RosterEntry{ListID1: "02", FirstName: "ANNA", LastName: "BERG", BirthDate: tonight - 1500, ZIP: "55104"}
	list := s.list("list", "north-csv", tonight, entry)
	stale := s.list("stale", "north-csv", tonight-answerDays-1, entry)
	back := s.list("back", "north-csv", tonight, entry)
	s.batches[0].Status = "refused"
	s.batches = append(s.batches, list, stale, back)
	other := func(status string, snapshot int64) table.Batch {
		x := s.batches[0]
		x.BatchID, x.Snapshot, x.Status = "g", snapshot, status
		return x
	}
	out := back
	out.Snapshot, out.Status = 2, "backed_out"
	for i, c := range []struct {
		arrives  []table.Batch
		answered bool
		noted    string
	}{{s.batches, false, ""}, {[]table.Batch{other("loaded", 2), out}, true, ""}, {nil, false, ""},
		{nil, false, "plan north gets no file: its last list of members is of " + tonight.String()}} {
		night := tonight + table.Date(i)
		if c.noted != "" {
			night = tonight + silentDays + 1
		}
		s.batches = c.arrives
		files, notes := run(t, b, s, night)
		got := 0
		for name := range files {
			if strings.HasPrefix(name, "plans/") {
				got++
			}
		}
		if (got == 1) != c.answered || got > 1 || (files["plans/north/members-list.csv"] != "") != c.answered {
			t.Errorf("night %d: %d lists answered", i, got)
		}
		if text := strings.Join(notes, ";"); !strings.HasPrefix(text, c.noted) || c.noted == "" && text != "" {
			t.Errorf("night %d: %q, want %q", i, text, c.noted)
		}
	}
	rows, err := table.ReadAll[table.AnsweredList](b.Files("answered_list"))
	if want := (table.AnsweredList{BatchID: "list", Sender: "north", Snapshot: 2, AnsweredOn: tonight + 1, Entries: 1, Found: 1}); err != nil ||
		len(rows) != 1 || rows[0] != want {
		t.Errorf("kept: %+v, %v", rows, err)
	}
}

func TestDaysInTheirForm(t *testing.T) {
	for form, want := range map[string]string{"M/D/YYYY": "3/5/0987", "MMDDYYYY": "03050987", "YYYYMMDD": "09870305",
		"HL7": "09870305", "YYYY-MM-DD": "0987-03-05", "": "0987-03-05"} {
		if got := InForm(table.NewDate(987, 3, 5), form); got != want {
			t.Errorf("%s: %s, want %s", form, got, want)
		}
	}
	if got := InForm(0, "M/D/YYYY"); got != "" {
		t.Errorf("no day: %s", got)
	}
}

func TestNothingIsListedWhileRequestsAreUnread(t *testing.T) {
	s := people()
	s.batches[0].Status = "refused"
	files, disclosed := night(t, s)
	if len(files)+len(disclosed) > 0 {
		t.Errorf("%d files, %d outputs disclosed", len(files), len(disclosed))
	}
}
