package shell

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports"
	"miic/reports/privacy"
	"miic/reports/recipient"
)

var docs = flag.Bool("docs", false, "write docs/privacy.md")

// TestPrivacyDocument: docs/privacy.md has the program's list of invariants.
func TestPrivacyDocument(t *testing.T) {
	const path, begin, end = "../../../docs/privacy.md", "<!-- made by make docs -->\n", "<!-- until here -->\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	is, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the table", path)
	}
	if *docs {
		if err := os.WriteFile(path, []byte(before+begin+privacy.Document()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if is != privacy.Document() {
		t.Errorf("docs/privacy.md is not what the program has: make docs\n%s", privacy.Document())
	}
}

// brokenInReports are the checks of finished files, which the test of package reports breaks one by one.
var brokenInReports = []string{privacy.Lists, privacy.Regional, privacy.Newborns,
	"every notice is disclosed once, in the file of the person's region",
	"nothing about persons is published while a file of requests is unread"}

// given is what the tables of a small night hold.
type given struct {
	clients      []table.Client
	records      []table.ClientRecord
	standard     []table.StandardRecord
	links        []table.ClientLink
	restrictions []table.Restriction
	settlements  []table.Settlement
	requests     []table.Request
	deaths       []table.Death
	matches      []table.DeathMatch
	batches      []table.Batch
	forecasts    []table.Forecast
	disclosures  []table.Disclosure
	notes        []string
	spoil        func(*pipeline.Run) error
}

func (g *given) stage() pipeline.Stage {
	return pipeline.Stage{Name: "given", Dated: true, Writes: tableNames(), Run: func(_ context.Context, r *pipeline.Run) error {
		for _, text := range g.notes {
			r.Note(pipeline.Note{Kind: "warning", Text: text})
		}
		err := errors.Join(pipeline.Write(r, table.Clients, g.clients), pipeline.Write(r, table.ClientRecords, g.records),
			pipeline.Write(r, table.StandardRecords, g.standard), pipeline.Write(r, table.ClientLinks, g.links),
			pipeline.Write(r, table.Restrictions, g.restrictions), pipeline.Write(r, table.Settlements, g.settlements),
			pipeline.Write(r, table.Requests, g.requests), pipeline.Write(r, table.Deaths, g.deaths),
			pipeline.Write(r, table.DeathMatches, g.matches), pipeline.Write(r, table.Batches, g.batches),
			pipeline.Write(r, table.Forecasts, g.forecasts), pipeline.Write(r, table.Disclosures, g.disclosures))
		if err == nil && g.spoil != nil {
			err = g.spoil(r)
		}
		return err
	}}
}

func tableNames() []string {
	var names []string
	for _, tb := range table.All() {
		names = append(names, tb.Name)
	}
	return names
}

// auditOf is a stage that tells which of the invariants are broken.
func auditOf(list []pipeline.Invariant, broken *[]string) pipeline.Stage {
	return pipeline.Stage{Name: "audit", Dated: true, Reads: tableNames(), Run: func(ctx context.Context, r *pipeline.Run) error {
		*broken = nil
		for _, tb := range table.All() {
			err := errors.Join(r.View(ctx, tb), r.ViewPrior(ctx, tb))
			if err == nil && tb.Kind == table.Log {
				err = r.ViewLatest(ctx, tb)
			}
			if err != nil {
				return err
			}
		}
		for _, inv := range list {
			if inv.SQL != "" {
				n, err := r.Engine.Int(ctx, "SELECT count(*) FROM ("+inv.SQL+") AS breaches")
				if err != nil {
					return err
				}
				if n > 0 {
					*broken = append(*broken, inv.Name)
				}
			}
			if inv.Check != nil && inv.Check(ctx, r) != nil {
				*broken = append(*broken, inv.Name)
			}
		}
		return nil
	}}
}

// TestPrivacyChecksCanBeBroken: every check that docs/privacy.md names is a check of every night, holds on an honest
// night, and does not hold when what it says is made false.
func TestPrivacyChecksCanBeBroken(t *testing.T) {
	day := table.NewDate(2026, 3, 2)
	const clinics = "clinics/metro-health"
	c := reports.Config{Recipients: recipient.Book{Recipients: []recipient.Recipient{{ID: "metro", Name: "Mary Ann Clinic",
		Kind: "provider", Receives: []string{clinics}, Plain: true, Basis: "Minn. Stat. 144.3351", Purpose: "care",
		Agreement: recipient.Agreement{ID: "DUA-1", Ends: day + 30}}}}}
	sum := strings.Repeat("ab", 32)
	client := func(id int64) table.Client { return table.Client{ClientID: id, Contact: "allowed"} }
	standard := func(id, last string) table.StandardRecord {
		return table.StandardRecord{RecordID: id, First: "ASTRID", Last: last, BirthDate: day - 900, ZIP: "55104"}
	}
	link := func(record string, client int64) table.ClientLink {
		return table.ClientLink{RecordID: record, ClientID: client, Since: 1}
	}
	asked := table.Request{RequestID: "families/1", Kind: "opt_out", Snapshot: 1, BatchID: sum[:16], FirstName: "Astrid",
		LastName: "Lind", BirthDate: day - 900, ZIP: "55104"}
	restriction := func(client int64, source, basis string) table.Restriction {
		return table.Restriction{ClientID: client, Kind: "opt_out", SourceID: source, Basis: basis, Since: 1}
	}
	first := given{
		clients:      []table.Client{client(1), client(2)},
		standard:     []table.StandardRecord{standard("a/1/1", "LIND"), standard("a/2/1", "BERG")},
		links:        []table.ClientLink{link("a/1/1", 1), link("a/2/1", 2)},
		restrictions: []table.Restriction{restriction(1, "families/1", "matched")},
		requests:     []table.Request{asked},
		batches: []table.Batch{{BatchID: sum[:16], SHA256: sum, Snapshot: 1, Status: "loaded", Sender: "families",
			SenderKind: "families"}},
	}
	second := func(change func(*given)) *given {
		g := first
		g.requests, g.batches = nil, []table.Batch{{BatchID: "cdcdcdcdcdcdcdcd", SHA256: strings.Repeat("cd", 32), Snapshot: 2,
			Status: "loaded"}}
		g.records = []table.ClientRecord{{RecordID: "a/1/1", Snapshot: 2, FirstName: "Mary", LastName: "Ann"}}
		g.restrictions = slices.Clone(g.restrictions)
		g.links = slices.Clone(g.links)
		if change != nil {
			change(&g)
		}
		return &g
	}
	shown := func(client int64) table.Disclosure {
		r := c.Recipients.Recipients[0]
		return r.Disclose(2, clinics+"/due.csv", client)
	}
	own := func(client int64, kind string) table.Disclosure {
		return table.Disclosure{Snapshot: 2, Output: fmt.Sprintf("records/record-%d", client), ClientID: client, Recipient: "the person",
			Kind: kind, Basis: "Minn. Stat. 13.04", Purpose: "own record, request families/9"}
	}
	all := invariants(c)
	seen := map[string]bool{}
	held := false // that a disclosure which may be made breaks nothing
	for _, x := range []struct {
		name, broken string
		change       func(*given)
	}{
		{"an honest night", "", func(g *given) {
			g.notes = []string{"Mary Ann Clinic has sent nothing"}
		}},
		{"somebody restricted has a forecast", "nobody who is opted out, locked or sealed appears in forecasts or reports",
			func(g *given) { g.forecasts = []table.Forecast{{ClientID: 1, Group: "MMR"}} }},
		{"a request of tonight was not looked at", "a request of tonight restricts whoever has its name, birth date and ZIP code",
			func(g *given) {
				q := asked
				q.RequestID, q.Snapshot, q.Kind, q.LastName, q.BatchID = "families/2", 2, "lock", "Berg", "cdcdcdcdcdcdcdcd"
				g.requests = []table.Request{q}
			}},
		{"a merge relaxes", "who has the records of somebody restricted is restricted", func(g *given) {
			g.links[0].ClientID = 2 // the record of the restricted one is another's now
		}},
		{"a restriction goes to another person", "who has the records of somebody restricted is restricted", func(g *given) {
			g.restrictions = []table.Restriction{restriction(2, "families/1", "matched")}
		}},
		{"a file lifts a restriction", privacy.Kept, func(g *given) { g.restrictions = nil }},
		{"a stub is left out of linkage", privacy.Live, func(g *given) { g.links = g.links[1:] }},
		{"an agreement has ended", privacy.Received, func(g *given) {
			d := shown(2)
			d.Output = "clinics/lakes-health/due.csv"
			g.disclosures = []table.Disclosure{d}
		}},
		{"another purpose than the agreement's", privacy.Received, func(g *given) {
			d := shown(2)
			d.Purpose = "advertising"
			g.disclosures = []table.Disclosure{d}
		}},
		{"a folder for nobody", privacy.Received, func(g *given) {
			g.spoil = func(r *pipeline.Run) error {
				path, err := r.OutPath("plans/uplan/members.csv")
				return errors.Join(err, os.WriteFile(path, nil, 0o600))
			}
		}},
		{"an answer to the person's own request", "", func(g *given) { g.disclosures = []table.Disclosure{own(2, "person or guardian")} }},
		{"a record for anybody else, by the night", privacy.Received, func(g *given) {
			g.disclosures = []table.Disclosure{own(2, "provider")}
		}},
		{"another output for a person", privacy.Received, func(g *given) {
			d := own(2, "person or guardian")
			d.Output = "regions/metro/recall.csv"
			g.disclosures = []table.Disclosure{d}
		}},
		{"the night answers somebody restricted", "nobody who is opted out, locked or sealed appears in forecasts or reports",
			func(g *given) { g.disclosures = []table.Disclosure{own(1, "person or guardian")} }},
		{"an agreement that holds", privacy.Lists, func(g *given) { g.disclosures = []table.Disclosure{shown(2)} }}, // no file
		{"a person twice in an output", "nobody is disclosed twice in one output of a night", func(g *given) {
			g.disclosures = []table.Disclosure{shown(2), shown(2)}
		}},
		{"a note with a name", "no note of the night names a person", func(g *given) {
			g.notes = []string{"line 7: Ann, Mary is too old"}
		}},
		{"a file that others may read", "what the night has written is for its owner's eyes only", func(g *given) {
			g.spoil = func(r *pipeline.Run) error {
				path, err := r.OutPath("clinics/metro-health/due.csv")
				return errors.Join(err, os.WriteFile(path, nil, 0o600), os.Chmod(path, 0o644))
			}
		}},
		{"a file of requests comes again, and counts", "a death or request file that came again changes nothing",
			func(g *given) {
				g.batches[0].Status = "duplicate"
				g.requests = []table.Request{{RequestID: "families/1", Kind: "opt_out", Snapshot: 2, BatchID: g.batches[0].BatchID}}
			}},
		{"a certificate names a person twice", "a death or request file that came again changes nothing", func(g *given) {
			m := table.DeathMatch{ClientID: 2, DeathID: "vital/1", Basis: "certificate"}
			g.matches = []table.DeathMatch{m, m}
		}},
		{"a delivery without its hash", "every delivery is noted by the hash of its bytes", func(g *given) {
			g.batches[0].SHA256 = ""
		}},
		{"a death of no delivery", "every delivery is noted by the hash of its bytes", func(g *given) {
			g.deaths = []table.Death{{DeathID: "vital/1", Snapshot: 2, BatchID: "0000000000000000"}}
		}},
	} {
		seen[x.broken] = true
		t.Run(strings.ReplaceAll(x.name, " ", "-"), func(t *testing.T) {
			b, err := pipeline.NewBench(context.Background(), filepath.Join(t.TempDir(), "bench"))
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			var broken []string
			run := func(on table.Date, g *given) {
				if _, err := b.Night(context.Background(), on, nil, g.stage(), auditOf(all, &broken)); err != nil {
					t.Fatal(err)
				}
			}
			run(day-1, &first)
			if len(broken) > 0 {
				t.Fatalf("the night before broke %q", broken)
			}
			run(day, second(x.change))
			if x.broken == "" && len(broken) > 0 || x.broken != "" && !slices.Contains(broken, x.broken) {
				t.Errorf("broken: %q, want %q", broken, x.broken)
			}
			held = held || x.broken == privacy.Lists && !slices.Contains(broken, privacy.Received)
		})
	}
	if !held {
		t.Error("what an agreement permits breaks a check")
	}
	for _, r := range privacy.Rules() {
		if len(r.Checks) == 0 && r.Then == "" {
			t.Errorf("invariant %d has no check, and does not say why", r.Number)
		}
		for _, name := range r.Checks {
			if !slices.ContainsFunc(all, func(i pipeline.Invariant) bool { return i.Name == name }) {
				t.Errorf("invariant %d: no night asks %q", r.Number, name)
			}
			if !seen[name] && !slices.Contains(brokenInReports, name) {
				t.Errorf("invariant %d: no test breaks %q", r.Number, name)
			}
		}
	}
}
