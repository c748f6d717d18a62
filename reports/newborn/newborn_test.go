package newborn

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/internal/testdata"
	"miic/reports/recipient"
)

func TestMain(m *testing.M) {
	testdata.OneThread()
	os.Exit(m.Run())
}

var day = table.NewDate(2026, 3, 2)

// TestWhatBecomesOfABirth: one rule after the other, on both sides.
func TestWhatBecomesOfABirth(t *testing.T) {
	for _, c := range []struct {
		name           string
		change         func(*birth)
		policy         string
		unread, nobody bool
		want           string
	}{
		{"in time", func(*birth) {}, Never, false, false, Notified},
		{"on the last day", func(b *birth) { b.BirthDate = day - 90 }, Never, false, false, Notified},
		{"a day late", func(b *birth) { b.BirthDate = day - 91 }, Never, false, false, Late},
		{"a teenager of the first load", func(b *birth) { b.BirthDate = day.AddMonths(-14 * 12) }, Never, false, false, Late},
		{"a file of requests is unread", func(*birth) {}, Never, true, false, Waiting},
		{"waited beyond the time", func(b *birth) { b.Before, b.BirthDate = Waiting, day-95 }, Never, false, false, Notified},
		{"nobody receives it", func(*birth) {}, Never, false, true, Unreceived},
		{"somebody receives it now", func(b *birth) { b.Before = Unreceived }, Never, false, false, Notified},
		{"somebody receives it too late", func(b *birth) { b.Before, b.BirthDate = Unreceived, day-91 }, Never, false, false, Late},
		{"has died", func(b *birth) { b.Dead, b.MayBeDead = true, true }, Never, false, false, Dead},
		{"may have died", func(b *birth) { b.MayBeDead = true }, Never, false, false, Waiting},
		{"a false death", func(b *birth) { b.Before = Dead }, Never, false, false, Notified},
		{"opted out", func(b *birth) { b.Restricted = true }, Never, false, false, Restricted},
		{"lifted", func(b *birth) { b.Before = Restricted }, Never, false, false, Restricted},
		{"lifted, by the other policy", func(b *birth) { b.Before = Restricted }, WhenLifted, false, false, Notified},
		{"under seal", func(b *birth) { b.Sealed, b.Restricted = true, true }, WhenLifted, false, false, Sealed},
		{"a second record of the child", func(b *birth) { b.SameChild = true }, Never, false, false, SameChild},
		{"twins who were one", func(b *birth) { b.Before = SameChild }, Never, false, false, Notified},
	} {
		b := birth{RecordID: "vital/1/1", ClientID: 1, BirthDate: day - 3}
		c.change(&b)
		s := Settings{Days: 90, Restricted: c.policy}
		if got := s.outcome(&b, day, !c.unread, !c.nobody); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// state is what the tables of a night hold.
type state struct {
	records      []table.ClientRecord
	links        []table.ClientLink
	clients      []table.Client
	restrictions []table.Restriction
	deaths       []table.DeathMatch
	unread       bool
	version      int // of the program's stage
}

func (s *state) stage() pipeline.Stage {
	return pipeline.Stage{Name: "given", Dated: true,
		Writes: []string{"client_record", "client_link", "client", "restriction", "death_match", "batch"},
		Run: func(_ context.Context, r *pipeline.Run) error {
			batches := []table.Batch{{BatchID: "a", Snapshot: r.Snapshot, Sender: "vital", SenderKind: "vital_records", Status: "loaded"},
				{BatchID: "b", Snapshot: r.Snapshot, Sender: "clinic", SenderKind: "clinic", Status: "loaded"}}
			if s.unread {
				batches = append(batches, table.Batch{BatchID: "c", Snapshot: r.Snapshot, Sender: "families", SenderKind: "families",
					Status: "refused"})
			} else {
				batches = append(batches, table.Batch{BatchID: "d", Snapshot: r.Snapshot, Sender: "families", SenderKind: "families",
					Status: "loaded"})
			}
			for i := range s.records {
				s.records[i].Snapshot = r.Snapshot
			}
			var err error
			if len(s.records) > 0 {
				err = pipeline.Write(r, table.ClientRecords, s.records)
			}
			return errors.Join(err, pipeline.Write(r, table.ClientLinks, s.links), pipeline.Write(r, table.Clients, s.clients),
				pipeline.Write(r, table.Restrictions, s.restrictions), pipeline.Write(r, table.DeathMatches, s.deaths),
				pipeline.Write(r, table.Batches, batches))
		}}
}

func (s *state) add(client int64, record string, born table.Date) {
	sender, _, _ := strings.Cut(record, "/")
	s.records = append(s.records, table.ClientRecord{RecordID: record, Sender: sender, BirthDate: born, SenderTime: 1,
		MotherFirst: "Mai", MotherLast: "Xiong"})
	s.links = append(s.links, table.ClientLink{RecordID: record, ClientID: client})
	if !slices.ContainsFunc(s.clients, func(c table.Client) bool { return c.ClientID == client }) {
		s.clients = append(s.clients, table.Client{ClientID: client, BirthDate: born, Status: "active", Contact: "allowed",
			Address1: "1 Elm St", City: "Ely", State: "MN", ZIP: "55731"})
	}
}

var book = recipient.Book{Recipients: []recipient.Recipient{{ID: "state", Name: "State", Kind: "commissioner of health",
	Receives: []string{recipient.Newborns}, Plain: true, Basis: "Minn. Stat. 144.3351", Purpose: "notification",
	Agreement: recipient.Agreement{ID: "DUA-1", Ends: day + 900}}}}

// night runs a night and returns the registry ids in the file, or "none" where there is no file.
func night(t *testing.T, b *pipeline.Bench, on table.Date, s *state, spoil func(*pipeline.Run) error) (string, error) {
	t.Helper()
	cfg := Config{Settings: DefaultSettings(), Recipients: book}
	names := []string{"client", "restriction", "death_match", "batch", "client_record", "client_link", "newborn_notice", "disclosure"}
	var broken error
	o, err := b.Night(context.Background(), on, nil, s.stage(), pipeline.Stage{Name: "newborn", Version: s.version, Dated: true,
		Reads:  names[:6],
		Prior:  []string{"newborn_notice"},
		Writes: []string{"newborn_notice", "disclosure"},
		Run:    func(ctx context.Context, r *pipeline.Run) error { return Run(ctx, r, cfg) },
	}, pipeline.Stage{Name: "audit", Dated: true, Reads: names, Writes: []string{"newborn_notice", "client"}, Run: func(ctx context.Context, r *pipeline.Run) error {
		if spoil != nil {
			if err := spoil(r); err != nil {
				return err
			}
		}
		broken = Invariant().Check(ctx, r)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(o.OutDir, filepath.FromSlash(file)))
	if errors.Is(err, os.ErrNotExist) {
		return "none", broken
	}
	var ids []string
	for line := range strings.Lines(string(text)) {
		id, _, _ := strings.Cut(line, ",")
		ids = append(ids, id)
	}
	return strings.Join(ids[1:], " "), broken
}

// TestEachBirthIsNotifiedOnce follows births over nights.
func TestEachBirthIsNotifiedOnce(t *testing.T) {
	b, err := pipeline.NewBench(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var s state
	s.add(1, "vital/1/1", day-2)
	s.add(2, "vital/2/1", day-5000) // of the first load
	s.add(3, "clinic/3/1", day-2)   // no birth record
	s.add(4, "vital/4/1", day-1)    // opted out
	s.add(5, "vital/5/1", day-1)    // may have died
	s.add(6, "vital/6/1", day-1)    // two certificates of one child
	s.add(6, "vital/7/1", day-1)
	s.add(8, "vital/8/1", day-1) // sealed
	s.add(9, "vital/9/1", day-1) // void
	s.records[len(s.records)-1].Withdrawn = true
	s.restrictions = []table.Restriction{{ClientID: 4, Kind: "opt_out", SourceID: "f/1", Basis: "possible"},
		{ClientID: 8, Kind: "seal", SourceID: "f/2", Basis: "matched"}}
	s.deaths = []table.DeathMatch{{ClientID: 5, DeathID: "d/1", Basis: "possible"}}
	expect := func(on table.Date, want string) {
		t.Helper()
		got, broken := night(t, b, on, &s, nil)
		if got != want || broken != nil {
			t.Errorf("%s: notified %q (%v), want %q", on, got, broken, want)
		}
	}
	expect(day, "1 6")
	s.records = s.records[:0]
	expect(day, "1 6")                                                                                            // the same day again
	s.records = []table.ClientRecord{{RecordID: "vital/1/1", Sender: "vital", BirthDate: day - 2, SenderTime: 9}, // amended
		{RecordID: "vital/9/1", Sender: "vital", BirthDate: day - 1, SenderTime: 9}} // valid after all
	s.add(10, "vital/10/1", day)
	s.unread = true
	s.deaths = nil
	expect(day+1, "none")
	s.records, s.unread = nil, false
	s.restrictions = s.restrictions[1:] // lifted: by the policy it is too late
	expect(day+2, "5 9 10")
	s.restrictions = append(s.restrictions, table.Restriction{ClientID: 9, Kind: "lock", SourceID: "f/3", Basis: "matched"})
	expect(day+2, "5 10") // locked since the day's first run
	// The identity of child 1 is sealed, and the child comes under another: that family is told, the first one never again.
	s.restrictions = append(s.restrictions, table.Restriction{ClientID: 1, Kind: "seal", SourceID: "f/4", Basis: "matched"})
	s.records = []table.ClientRecord{{RecordID: "vital/1/1", Sender: "vital", BirthDate: day - 2, SenderTime: 12}}
	s.add(11, "vital/11/1", day-2)
	expect(day+3, "11")
	s.records = nil
	expect(day+4, "")
	s.version++ // another program looks at every birth again
	expect(day+5, "")
	s.records = []table.ClientRecord{{RecordID: "vital/1/1", Sender: "vital", BirthDate: day - 2, SenderTime: 20},
		{RecordID: "vital/10/1", Sender: "vital", BirthDate: day, SenderTime: 20}} // a delivery that was taken out comes again
	expect(day+6, "")
	rows, err := table.ReadAll[table.NewbornNotice](b.Files("newborn_notice"))
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]string{}
	for _, n := range rows {
		last[n.RecordID] = n.Outcome
	}
	for record, want := range map[string]string{"vital/1/1": Notified, "vital/2/1": Late, "vital/4/1": Restricted, "vital/5/1": Notified,
		"vital/6/1": Notified, "vital/7/1": SameChild, "vital/8/1": Sealed, "vital/9/1": Notified, "vital/11/1": Notified, "clinic/3/1": ""} {
		if last[record] != want {
			t.Errorf("%s: %q, want %q", record, last[record], want)
		}
	}
}

// TestAFileThatIsCarriedOver: where the stage need not run again, the file is the one of the run before, which disclosed it.
func TestAFileThatIsCarriedOver(t *testing.T) {
	b, err := pipeline.NewBench(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var s state
	s.add(1, "vital/1/1", day-2)
	s.add(2, "vital/2/1", day-2)
	if got, broken := night(t, b, day, &s, nil); got != "1 2" || broken != nil {
		t.Fatalf("notified %q (%v)", got, broken)
	}
	for _, c := range []struct {
		rows   string
		broken bool
	}{{"1,,,,,,,,,,,\r\n2,,,,,,,,,,,\r\n", false}, {"1,,,,,,,,,,,\r\n", true}} {
		var broken error
		if _, err := b.Night(context.Background(), day, nil, pipeline.Stage{Name: "audit", Dated: true, Reads: []string{"client", "restriction",
			"death_match", "batch", "client_record", "client_link", "newborn_notice", "disclosure"}, Run: func(ctx context.Context, r *pipeline.Run) error {
			path, err := r.OutPath(file)
			if err == nil {
				err = os.WriteFile(path, []byte(strings.Join(columns, ",")+"\r\n"+c.rows), 0o600)
			}
			broken = Invariant().Check(ctx, r)
			return err
		}}); err != nil {
			t.Fatal(err)
		}
		if (broken != nil) != c.broken {
			t.Errorf("%q is carried over: %v", c.rows, broken)
		}
	}
}

// TestTheCheckOfNewbornsCanBeBroken: each thing that must not be is found.
func TestTheCheckOfNewbornsCanBeBroken(t *testing.T) {
	for name, spoil := range map[string]func(*state, *pipeline.Run) error{
		"": func(*state, *pipeline.Run) error { return nil },
		"notified twice": func(_ *state, r *pipeline.Run) error {
			return pipeline.Write(r, table.NewbornNotices, []table.NewbornNotice{{RecordID: "vital/1/1", Snapshot: r.Snapshot, ClientID: 1,
				Outcome: Notified, DecidedOn: day}})
		},
		"two records of one child": func(_ *state, r *pipeline.Run) error {
			return pipeline.Write(r, table.NewbornNotices, []table.NewbornNotice{{RecordID: "vital/2/1", Snapshot: r.Snapshot, ClientID: 1,
				Outcome: Notified, DecidedOn: day}})
		},
		"a dead infant": func(s *state, r *pipeline.Run) error {
			s.clients[0].DeceasedOn = day
			return pipeline.Write(r, table.Clients, s.clients)
		},
		"under seal": func(s *state, r *pipeline.Run) error {
			s.clients[0].Sealed = true
			return pipeline.Write(r, table.Clients, s.clients)
		},
		"a row too few": func(_ *state, r *pipeline.Run) error {
			path, err := r.OutPath(file)
			return errors.Join(err, os.WriteFile(path, []byte(strings.Join(columns, ",")+"\r\n"), 0o600))
		},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			b, err := pipeline.NewBench(context.Background(), t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			var s state
			s.add(1, "vital/1/1", day-2)
			s.add(1, "vital/2/1", day-2)
			_, broken := night(t, b, day, &s, func(r *pipeline.Run) error { return spoil(&s, r) })
			if (broken != nil) != (name != "") {
				t.Errorf("broken: %v", broken)
			}
		})
	}
}
