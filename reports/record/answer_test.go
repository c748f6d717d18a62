package record

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/letter"
)

// TestWhoIsAnsweredByTheNight: only a request that surely names one person of whom the one who asks knows something that
// others have reported.
func TestWhoIsAnsweredByTheNight(t *testing.T) {
	child, grown := asOf.AddMonths(-12*18)+1, asOf.AddMonths(-12*18)
	good := askedRow{RequestID: "f/1", ClientID: 7, Sure: true, Birth: child, Relation: "parent", Maiden: "de la Cruz", Address: "12 Elm Street Apt 4", ZIP: "55104-1234"}
	known := []knownRow{{ClientID: 7, Address: "99 Oak Ave", ZIP: "55401"}, {ClientID: 7, Address: "12 ELM ST", ZIP: "55104"}, {ClientID: 7, Maiden: "DE LA CRUZ"}}
	for name, c := range map[string]struct {
		change func(*askedRow)
		known  []knownRow
		more   int // other people whom it may name
		want   string
	}{
		"maiden name":             {known: known, want: "mother_maiden"},
		"address only":            {change: func(q *askedRow) { q.Maiden = "Other" }, known: known, want: "address"},
		"maiden name only":        {change: func(q *askedRow) { q.Address = "1 Main St" }, known: known, want: "mother_maiden"},
		"guardian":                {change: func(q *askedRow) { q.Relation = "guardian" }, known: known, want: "mother_maiden"},
		"an adult for himself":    {change: func(q *askedRow) { q.Birth, q.Relation = grown, "self" }, known: known, want: "mother_maiden"},
		"neither":                 {change: func(q *askedRow) { q.Maiden, q.Address = "Other", "1 Main St" }, known: known, want: "!identity"},
		"nothing said":            {change: func(q *askedRow) { q.Maiden, q.Address = "", "" }, known: known, want: "!identity"},
		"nothing known":           {want: "!identity"},
		"another ZIP":             {change: func(q *askedRow) { q.Maiden, q.ZIP = "", "55105" }, known: known, want: "!identity"},
		"a street without ZIP":    {change: func(q *askedRow) { q.Maiden, q.ZIP = "", "" }, known: known, want: "!identity"},
		"nobody":                  {change: func(q *askedRow) { q.ClientID = 0 }, known: known, want: "!nobody"},
		"somebody else too":       {known: known, more: 1, want: "!several"},
		"not surely":              {change: func(q *askedRow) { q.Sure = false }, known: known, want: "!unsure"},
		"kept apart":              {change: func(q *askedRow) { q.KeptApart = true }, known: known, want: "!kept_apart"},
		"deceased":                {change: func(q *askedRow) { q.Deceased = true }, known: known, want: "!deceased"},
		"who asks is not said":    {change: func(q *askedRow) { q.Relation = "" }, known: known, want: "!relation"},
		"a child for itself":      {change: func(q *askedRow) { q.Relation = "self" }, known: known, want: "!relation"},
		"a parent about an adult": {change: func(q *askedRow) { q.Birth = grown }, known: known, want: "!relation"},
	} {
		q := good
		if c.change != nil {
			c.change(&q)
		}
		rows := []askedRow{q}
		for range c.more {
			rows = append(rows, askedRow{RequestID: q.RequestID, ClientID: 8})
		}
		ok, why := decide(rows, c.known, asOf)
		if !ok {
			why = "!" + why
		}
		if why != c.want {
			t.Errorf("%s: %s, want %s", name, why, c.want)
		}
	}
}

// TestRequestsAreAnsweredOnce: the record is written and disclosed on the day of the answer, also when that day's night is
// run again, and never after; what an operator has given waits no more; while a file of requests is unread nothing is
// answered.
func TestRequestsAreAnsweredOnce(t *testing.T) {
	w := ana()
	w.clients[0].Address1, w.clients[0].ZIP, w.clients[0].MiddleName = "12 Elm St", "55104", "\u6797\u6797" // the fonts lack these letters
	requests := []table.Request{
		{RequestID: "f/1", Sender: "f", Kind: "access", LastName: "Ñúñez", Address1: "12 Elm Street", ZIP: "55104", Relation: "parent", ReceivedOn: asOf},
		{RequestID: "f/2", Sender: "f", Kind: "access", LastName: "Ñúñez", Relation: "parent", ReceivedOn: asOf},
		{RequestID: "f/3", Sender: "f", Kind: "opt_in", LastName: "Ñúñez", ReceivedOn: asOf},
	}
	matches := []table.AccessMatch{{RequestID: "f/1", ClientID: 1204, Sure: true}, {RequestID: "f/2", ClientID: 1204, Sure: true}}
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	mail := issue(catalog(t), "").Mail
	cfg := Config{Mail: mail}
	var notes []pipeline.Note
	night := func(on table.Date, unread bool) ([]table.RecordAnswer, []table.Disclosure, string) {
		t.Helper()
		var out string
		var batches []table.Batch
		if unread {
			batches = []table.Batch{{BatchID: "x", Sender: "f", SenderKind: "families", Status: "refused", FileName: "r.csv", Layout: "family-requests", ReceivedOn: on}}
		}
		tables := pipeline.Stage{Name: "town", Config: []any{on, unread, len(cfg.Given)}, Writes: Reads, Run: func(_ context.Context, r *pipeline.Run) error {
			for i := range requests {
				requests[i].Snapshot = r.Snapshot
			}
			for i := range w.facts {
				w.facts[i].Snapshot = r.Snapshot
			}
			for i := range batches {
				batches[i].Snapshot = r.Snapshot
			}
			for _, err := range []error{pipeline.Write(r, table.Clients, w.clients), pipeline.Write(r, table.Immunizations, w.doses),
				pipeline.Write(r, table.DoseEvaluations, w.judged), pipeline.Write(r, table.Observations, w.facts),
				pipeline.Write(r, table.ClientLinks, w.links), pipeline.Write(r, table.Forecasts, w.needs),
				pipeline.Write(r, table.Restrictions, w.forbids), pipeline.Write(r, table.ScheduleLines, w.schedule),
				pipeline.Write(r, table.Requests, requests), pipeline.Write(r, table.AccessMatches, matches),
				pipeline.Write[table.ClientHistory](r, table.ClientHistories, nil), pipeline.Write[table.StandardRecord](r, table.StandardRecords, nil),
				pipeline.Write[table.DeathMatch](r, table.DeathMatches, nil), pipeline.Write(r, table.Batches, batches)} {
				if err != nil {
					return err
				}
			}
			return nil
		}}
		answer := pipeline.Stage{Name: "records", Dated: true, Config: cfg, Reads: Reads, Prior: Prior, Writes: []string{"record_answer", "disclosure"},
			Run: func(ctx context.Context, r *pipeline.Run) error { out = r.OutDir(); return Answer(ctx, r, cfg) }}
		o, err := b.Night(t.Context(), on, nil, tables, answer)
		if err != nil {
			t.Fatal(err)
		}
		notes = o.Notes
		answers, err := table.ReadAll[table.RecordAnswer](b.Files("record_answer"))
		if err != nil {
			t.Fatal(err)
		}
		told, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
		if err != nil {
			t.Fatal(err)
		}
		return answers, told, filepath.Join(out, Folder)
	}
	states := func(list []table.RecordAnswer) string {
		var words []string
		for _, a := range list {
			words = append(words, a.RequestID+" "+a.State+" "+a.Reason)
		}
		return strings.Join(words, ", ")
	}
	wantThere := func(dir string, there bool) {
		t.Helper()
		if _, err := os.Stat(filepath.Join(dir, "record-1204.pdf")); (err == nil) != there {
			t.Errorf("%s: %v", dir, err)
		}
	}
	answers, told, dir := night(asOf, false)
	if got, want := states(answers), "f/1 answered address, f/2 waits identity"; got != want || len(answers[0].Code) != 19 {
		t.Errorf("%s, want %s", got, want)
	}
	if len(told) != 1 || told[0].ClientID != 1204 || told[0].Output != "records/record-1204" || told[0].Purpose != "own record, request f/1" {
		t.Errorf("disclosed: %+v", told)
	}
	wantThere(dir, true)
	if !slices.ContainsFunc(notes, func(n pipeline.Note) bool {
		return strings.Contains(n.Text, "that the fonts lack are drawn as boxes: records/manifest.csv")
	}) {
		t.Errorf("the page does not say that letters are missing: %+v", notes)
	}
	cfg.Given = []string{"f/2"} // the same day again
	answers, _, dir = night(asOf, false)
	if got, want := states(answers), "f/1 answered address, f/2 given operator"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	wantThere(dir, true)
	answers, told, dir = night(asOf+1, false)
	if got, want := states(answers), "f/1 answered address, f/2 given operator"; got != want || answers[0].AnsweredOn != asOf || len(told) != 2 {
		t.Errorf("%s, %d disclosures", got, len(told))
	}
	wantThere(dir, false)
	cfg.Mail = &letter.Mail{Catalog: mail.Catalog}
	requests = append(requests, table.Request{RequestID: "f/4", Sender: "f", Kind: "access", LastName: "Ñúñez", Address1: "12 Elm Street", ZIP: "55104", Relation: "parent", ReceivedOn: asOf})
	matches = append(matches, table.AccessMatch{RequestID: "f/4", ClientID: 1204, Sure: true})
	if answers, _, _ = night(asOf+3, false); answers[2].Reason != "office" {
		t.Errorf("without an office: %s", states(answers))
	}
	cfg = Config{Mail: mail, Records: Settings{Fault: "the key is broken"}}
	if answers, _, _ = night(asOf+4, false); answers[2].Reason != "key" {
		t.Errorf("without a key that signs: %s", states(answers))
	}
	cfg = Config{Mail: mail}
	answers, told, dir = night(asOf+5, true)
	if got, want := states(answers), "f/1 answered address, f/2 waits identity, f/4 waits key"; got != want || len(told) != 2 {
		t.Errorf("while requests are unread: %s, want %s as before", got, want)
	}
	wantThere(dir, false)
}
