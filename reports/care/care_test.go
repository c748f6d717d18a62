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
}

func (s *state) stage() pipeline.Stage {
	return pipeline.Stage{Name: "given", Writes: []string{"client", "client_record", "client_link", "patient_status",
		"immunization", "dose_evaluation", "forecast", "restriction", "death_match", "notice", "open_notice", "notice_result",
		"batch", "roster_entry"},
		Run: func(_ context.Context, r *pipeline.Run) error {
			for _, err := range []error{pipeline.Write(r, table.Clients, s.clients),
				pipeline.Write(r, table.ClientRecords, s.records), pipeline.Write(r, table.ClientLinks, s.links),
				pipeline.Write(r, table.PatientStatuses, s.statuses), pipeline.Write(r, table.Immunizations, s.doses),
				pipeline.Write(r, table.DoseEvaluations, s.evaluations), pipeline.Write(r, table.Forecasts, s.forecasts),
				pipeline.Write(r, table.Restrictions, s.restrictions), pipeline.Write(r, table.DeathMatches, s.deaths),
				pipeline.Write(r, table.Notices, s.notices), pipeline.Write(r, table.Batches, s.batches),
				pipeline.Write(r, table.OpenNotices, s.open), pipeline.Write(r, table.NoticeResults, s.results),
				pipeline.Write(r, table.RosterEntries, s.roster)} {
				if err != nil {
					return err
				}
			}
			return nil
		}}
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
	c := Config{Groups: []string{"Polio"}, Beside: []string{"Influenza"}, WindowDays: 30, OldestAge: 18, Recipients: book(),
		Lists: map[string][]Column{"north": {{"list_id_1", "MBR", ""}, {"last_name", "NAME", ""}, {"birth_date", "DOB", "MM/DD/YYYY"}}}}
	o, err := b.Night(t.Context(), tonight, nil, s.stage(), pipeline.Stage{Name: "care", Dated: true, Config: c, Reads: Reads,
		Writes: []string{"disclosure"}, Run: func(ctx context.Context, r *pipeline.Run) error { return Run(ctx, r, c) }})
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, pattern := range []string{"*", "*/*", "*/*/*"} {
		found, _ := filepath.Glob(filepath.Join(o.OutDir, pattern))
		for _, path := range found {
			if text, err := os.ReadFile(path); err == nil {
				rel, _ := filepath.Rel(o.OutDir, path)
				_, rows, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
				files[rel] = rows
			}
		}
	}
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
		"clinics/oak/summary.csv": "active patients,3\ndue,0\nlate,3\nrefused,0\ndoses given in the last year,4\n" +
			"given too early,1\none too many,0\nleft in the last year,1\n",
		"states/WI/residents.csv": "6,Berg,Frida,,," + (tonight - 1500).String() + ",F,,,,,,WI,54880,,w," +
			(tonight - 40).String() + ",03,,,given\n",
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

func TestAPlansListIsAnswered(t *testing.T) {
	s := people()
	member := func(number, first string, birth table.Date, until table.Date) {
		s.roster = append(s.roster, table.RosterEntry{EntryID: "list:" + number, Sender: "north", Snapshot: 1, BatchID: "list",
			Line: int64(len(s.roster) + 2), ListID1: number, FirstName: first, LastName: "BERG", BirthDate: birth, ZIP: "55104-1234",
			CoveredFrom: tonight - 100, CoveredUntil: until})
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
	member("01", "Other", born, 0)          // by the number
	member("02", "ANNA", born, tonight)     // by name, birth date and ZIP code; covered until tonight
	member("03", "ANNA", born, tonight-1)   // no longer covered
	member("04", "ANNA", born+1, 0)         // another birth date
	member("05", "Edda", born, 0)           // may be meant by a request: as if nobody knew her
	member("06", "BEA", born, 0)            // opted out
	member("07", "FRIDA", born, 0)          // the name fits, the ZIP code does not
	member("08", "HANNA", born, tonight+40) // has no dose
	files, disclosed := night(t, s)
	dob := inForm(born, "MM/DD/YYYY")
	dose := func(ago table.Date) string { return inForm(tonight-ago, "MM/DD/YYYY") + ",03,,,given\n" }
	want := "01,BERG," + dob + ",found," + dose(30) + "01,BERG," + dob + ",found," + dose(20) +
		"02,BERG," + dob + ",found," + dose(30) + "02,BERG," + dob + ",found," + dose(20) +
		"03,BERG," + dob + ",not covered tonight,,,,,\n" +
		"04,BERG," + inForm(born+1, "MM/DD/YYYY") + ",not found,,,,,\n" +
		"05,BERG," + dob + ",not found,,,,,\n06,BERG," + dob + ",not found,,,,,\n07,BERG," + dob + ",not found,,,,,\n" +
		"08,BERG," + dob + ",found,,,,,\n"
	if got := files["plans/north/members-list.csv"]; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := disclosed["plans/north/members-list.csv"]; !slices.Equal(got, []int64{1, 8}) {
		t.Errorf("disclosed: %v", got)
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
