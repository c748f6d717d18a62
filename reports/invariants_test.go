package reports

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/recipient"
)

// audit is a stage that reads everything, writes nothing and tells which invariants are broken.
func audit(broken *[]string) pipeline.Stage { return auditOf(clinicConfig(), broken) }

// auditOf is that for a site with these settings.
func auditOf(c Config, broken *[]string) pipeline.Stage {
	return pipeline.Stage{Name: "audit", Dated: true, Reads: tableNames(),
		Run: func(ctx context.Context, r *pipeline.Run) error {
			*broken = nil
			for _, tb := range table.All() {
				if err := r.View(ctx, tb); err != nil {
					return err
				}
				if err := r.ViewPrior(ctx, tb); err != nil {
					return err
				}
				if tb.Kind == table.Log {
					if err := r.ViewLatest(ctx, tb); err != nil {
						return err
					}
				}
			}
			for _, inv := range Invariants(c) {
				if inv.SQL != "" {
					n, err := r.Engine.Int(ctx, "SELECT count(*) FROM ("+inv.SQL+") AS breaches")
					if err != nil {
						return err
					}
					if n > 0 {
						*broken = append(*broken, inv.Name)
					}
				}
				if inv.Check == nil {
					continue
				}
				if err := inv.Check(ctx, r); err != nil {
					*broken = append(*broken, inv.Name)
					if strings.Contains(err.Error(), marker) {
						return fmt.Errorf("invariant %q names a person", inv.Name)
					}
				}
			}
			return nil
		}}
}

// tamper is a stage that may spoil anything.
func tamper(f func(r *pipeline.Run) error) pipeline.Stage {
	return pipeline.Stage{Name: "tamper", Dated: true, Writes: tableNames(),
		Run: func(_ context.Context, r *pipeline.Run) error { return f(r) }}
}

func tableNames() []string {
	var names []string
	for _, tb := range table.All() {
		names = append(names, tb.Name)
	}
	return names
}

// clinicConfig is that of a site where a clinic receives its lists.
func clinicConfig() Config {
	c := testConfig()
	c.Recipients.Recipients = append(slices.Clone(c.Recipients.Recipients), recipient.Recipient{ID: "metro-health",
		Name: "Metro Health", Kind: "provider", Receives: []string{"clinics/metro-health"}, Plain: true,
		Basis: "Minn. Stat. 144.3351", Purpose: "care of own patients",
		Agreement: recipient.Agreement{ID: "DUA-C", Ends: asOf + 900}})
	return c
}

func TestHonestNightsBreakNoInvariant(t *testing.T) {
	b, w := newBench(t), population(21, 900)
	var broken []string
	for night, day := range []table.Date{asOf, asOf, asOf + 1, asOf + 2, asOf + 40} {
		for i := range w.batches { // each night's deliveries are its own, or it would be chance which of two is the newest
			w.batches[i].Snapshot = int64(night + 1)
		}
		w.batches[1].Status = "loaded"
		if night == 3 {
			w.batches[1].Status = "refused"
		}
		if night > 0 { // somebody opts out after having had notices, somebody moves
			w.restrictions = append(w.restrictions, table.Restriction{ClientID: int64(1000 + 10*night),
				Kind: "opt_out", SourceID: "families/x", Basis: "matched"})
			w.forecasts = slices.DeleteFunc(w.forecasts,
				func(f table.Forecast) bool { return f.ClientID == int64(1000+10*night) })
			w.milestones = slices.DeleteFunc(w.milestones,
				func(m table.Milestone) bool { return m.ClientID == int64(1000+10*night) })
			w.clients[11*night].Region, w.clients[11*night].CountyFIPS = "northeast", "27137"
		}
		stages := nightStages(w, clinicConfig(), audit(&broken))
		o, err := b.Night(context.Background(), day, nil, stages...)
		if err != nil {
			t.Fatal(err)
		}
		if night != 3 { // requests are unread, and there is no list
			checkRates(t, b, o)
		}
		if len(broken) > 0 {
			t.Errorf("night %d broke %q", night+1, broken)
		}
	}
}

// checkRates: a clinic is told of its own patients what coverage counts of the clinic, but for those who may have died.
func checkRates(t *testing.T, b *pipeline.Bench, o *pipeline.Outcome) {
	t.Helper()
	counted, err := table.ReadAll[table.Coverage](b.Files("coverage"))
	if err != nil {
		t.Fatal(err)
	}
	results, err := table.ReadAll[table.MeasureResult](b.Files("measure_result"))
	if err != nil {
		t.Fatal(err)
	}
	deaths, err := table.ReadAll[table.DeathMatch](b.Files("death_match"))
	if err != nil {
		t.Fatal(err)
	}
	statuses, err := table.ReadAll[table.PatientStatus](b.Files("patient_status"))
	if err != nil {
		t.Fatal(err)
	}
	patient, met, mayBeDead := map[int64]bool{}, map[string]int64{}, map[string]int64{}
	for _, s := range statuses {
		if s.Level == "provider" && s.Provider == "metro-health" && s.Status == "active" {
			patient[s.ClientID] = true
		}
	}
	for _, r := range results {
		if patient[r.ClientID] && slices.ContainsFunc(deaths, func(d table.DeathMatch) bool { return d.ClientID == r.ClientID }) {
			mayBeDead[r.Measure]++
			if r.Met {
				met[r.Measure]++
			}
		}
	}
	seen := int64(0)
	for line := range strings.Lines(read(t, o, "clinics/metro-health/rates.csv")) {
		f := strings.Split(strings.TrimSpace(line), ",")
		want := []string{f[0], "0", "0"}
		for _, c := range counted {
			if c.Measure == f[0] && c.AreaType == "state" && c.Stratum == "clinic" && c.StratumCode == "metro-health" {
				want = []string{f[0], fmt.Sprint(c.Denominator - mayBeDead[f[0]]), fmt.Sprint(c.Numerator - met[f[0]])}
				seen += c.Denominator
			}
		}
		if got := []string{f[0], f[len(f)-5], f[len(f)-4]}; f[0] != "measure" && !slices.Equal(got, want) {
			t.Errorf("the clinic is told %q, counted are %q", got, want)
		}
	}
	if seen < 20 {
		t.Errorf("%d patients are counted: the comparison says little", seen)
	}
}

func TestEveryInvariantCanBeBroken(t *testing.T) {
	const (
		hidden    = "nobody who is opted out, locked or sealed appears in forecasts or reports"
		contact   = "nobody who wants no notices, has died or may have, gets one"
		disclosed = "every notice is disclosed once, in the file of the person's region"
		withheld  = "nothing about persons is published while a file of requests is unread"
		lists     = "each list for clinics, schools and states holds those who are disclosed, and nobody who may not be shown; a clinic's list its own patients"
		addsUp    = "each measure's figures of the state are the sum of its counties and the unassigned, of its regions, and of the values of each property"
		files     = "the regions' files hold what was noted and disclosed, each its own region, and add up to the state"
	)
	w := population(22, 400)
	notices := func(r *pipeline.Run) []table.Notice {
		rows, err := table.ReadAll[table.Notice](r.Files("notice"))
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	changeClient := func(r *pipeline.Run, id int64, change func(*table.Client)) error {
		rows := slices.Clone(w.clients)
		for i := range rows {
			if rows[i].ClientID == id {
				change(&rows[i])
			}
		}
		return pipeline.Write(r, table.Clients, rows)
	}
	edit := func(r *pipeline.Run, name string, change func([]byte) []byte) error {
		path := filepath.Join(r.OutDir(), filepath.FromSlash(name))
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, change(text), 0o600)
	}
	lastLine := func(text []byte) []byte {
		lines := bytes.SplitAfter(text, []byte("\r\n"))
		return lines[len(lines)-2]
	}
	for _, c := range []struct {
		name   string
		broken string
		spoil  func(r *pipeline.Run) error
	}{
		{"an opt-out came after the forecast", hidden, func(r *pipeline.Run) error {
			return pipeline.Write(r, table.Restrictions, append(slices.Clone(w.restrictions),
				table.Restriction{ClientID: w.forecasts[0].ClientID, Kind: "opt_out", SourceID: "q",
					Basis: "possible"}))
		}},
		{"a lock is on the client only", hidden, func(r *pipeline.Run) error {
			return changeClient(r, w.forecasts[0].ClientID, func(c *table.Client) { c.Locked = true })
		}},
		{"a sealed person is disclosed", hidden, func(r *pipeline.Run) error {
			n := notices(r)[0]
			return changeClient(r, n.ClientID, func(c *table.Client) { c.Sealed = true })
		}},
		{"a person has a dose judged", hidden, func(r *pipeline.Run) error {
			i := slices.IndexFunc(w.clients, func(c table.Client) bool { return c.OptedOut })
			return pipeline.Write(r, table.DoseEvaluations, []table.DoseEvaluation{{ClientID: w.clients[i].ClientID,
				ImmunizationID: "x", Antigen: "Measles", Status: "Valid"}})
		}},
		{"a notice to one who wants none", contact, func(r *pipeline.Run) error {
			return changeClient(r, notices(r)[0].ClientID, func(c *table.Client) { c.NoContact = true })
		}},
		{"a notice to one who may have died", contact, func(r *pipeline.Run) error {
			return pipeline.Write(r, table.DeathMatches, append(slices.Clone(w.deaths),
				table.DeathMatch{ClientID: notices(r)[0].ClientID, DeathID: "vital/x", Basis: "possible"}))
		}},
		{"a recall to one who wants reminders only", contact, func(r *pipeline.Run) error {
			list := notices(r)
			i := slices.IndexFunc(list, func(n table.Notice) bool { return n.Kind == campaign.Recall })
			return changeClient(r, list[i].ClientID, func(c *table.Client) { c.Contact = "reminder_only_no_calls" })
		}},
		{"a disclosure without a notice", disclosed, func(r *pipeline.Run) error {
			return pipeline.Write(r, table.Disclosures, []table.Disclosure{{Snapshot: r.Snapshot,
				Output: "regions/metro/recall.csv", ClientID: 99}})
		}},
		{"a notice without a disclosure", disclosed, func(r *pipeline.Run) error {
			n := notices(r)[0]
			n.NoticeID, n.ClientID = "ffff", 99
			return pipeline.Write(r, table.Notices, []table.Notice{n})
		}},
		{"a disclosure told twice", disclosed, func(r *pipeline.Run) error {
			n := notices(r)[0]
			return pipeline.Write(r, table.Disclosures, []table.Disclosure{{Snapshot: r.Snapshot,
				Output: "regions/" + n.Region + "/" + n.Kind + ".csv", ClientID: n.ClientID}})
		}},
		{"a row in another region's file", files, func(r *pipeline.Run) error {
			var row []byte
			if err := edit(r, "regions/metro/recall.csv", func(text []byte) []byte {
				row = slices.Clone(lastLine(text))
				return text[:len(text)-len(row)]
			}); err != nil {
				return err
			}
			return edit(r, "regions/northeast/recall.csv", func(text []byte) []byte { return append(text, row...) })
		}},
		{"a row in the other kind's file", files, func(r *pipeline.Run) error {
			var row []byte
			if err := edit(r, "regions/metro/recall.csv", func(text []byte) []byte {
				row = slices.Clone(lastLine(text))
				return text[:len(text)-len(row)]
			}); err != nil {
				return err
			}
			return edit(r, "regions/metro/reminder.csv", func(text []byte) []byte { return append(text, row...) })
		}},
		{"a row too few", files, func(r *pipeline.Run) error {
			return edit(r, "regions/metro/recall.csv",
				func(text []byte) []byte { return text[:len(text)-len(lastLine(text))] })
		}},
		{"a row twice", files, func(r *pipeline.Run) error {
			return edit(r, "regions/metro/recall.csv", func(text []byte) []byte {
				return append(text, lastLine(text)...)
			})
		}},
		{"a row that nobody knows", files, func(r *pipeline.Run) error {
			return edit(r, "regions/metro/recall.csv", func(text []byte) []byte {
				row := slices.Clone(lastLine(text))
				copy(row, "0000000000000000")
				return append(text[:len(text)-len(row)], row...)
			})
		}},
		{"a person whose region is another", files, func(r *pipeline.Run) error {
			return changeClient(r, notices(r)[0].ClientID, func(c *table.Client) { c.Region = "southeast" })
		}},
		{"a header changed", files, func(r *pipeline.Run) error {
			return edit(r, "regions/metro/recall.csv", func(text []byte) []byte {
				return bytes.Replace(text, []byte("zip"), []byte("ZIP"), 1)
			})
		}},
		{"a region's summary differs from the state's", files, func(r *pipeline.Run) error {
			return edit(r, "regions/metro/summary.csv", func(text []byte) []byte {
				return bytes.Replace(text, []byte("recall,candidates,,"), []byte("recall,candidates,,1"), 1)
			})
		}},
		{"the state is not the sum", files, func(r *pipeline.Run) error {
			return edit(r, "state/summary.csv", func(text []byte) []byte {
				return bytes.Replace(text, []byte("state,recall,mailed,,"), []byte("state,recall,mailed,,1"), 1)
			})
		}},
		{"a county is missing in the state's coverage", addsUp, func(r *pipeline.Run) error {
			rows, err := table.ReadAll[table.Coverage](r.Files("coverage"))
			if err != nil {
				return err
			}
			i := slices.IndexFunc(rows, func(c table.Coverage) bool { return c.AreaType == "county" })
			return pipeline.Write(r, table.Coverages, slices.Delete(rows, i, i+1))
		}},
		{"a clinic's list has somebody who is not disclosed", lists, func(r *pipeline.Run) error {
			return edit(r, "clinics/metro-health/due.csv", func(text []byte) []byte {
				cells := bytes.Split(lastLine(text), []byte(","))
				cells[1] = []byte("99") // registry_id
				return append(text, bytes.Join(cells, []byte(","))...)
			})
		}},
		{"a school's list has somebody who is not disclosed", lists, func(r *pipeline.Run) error {
			folder := filepath.Join(r.OutDir(), "schools", "north")
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return err
			}
			text := fmt.Sprintf("id_1,registry_id\r\n1,\r\n2,%d\r\n", w.clients[0].ClientID)
			return os.WriteFile(filepath.Join(folder, "students-a.csv"), []byte(text), 0o600)
		}},
		{"a patient too few in a clinic's list", lists, func(r *pipeline.Run) error {
			return edit(r, "clinics/metro-health/due.csv",
				func(text []byte) []byte { return text[:len(text)-len(lastLine(text))] })
		}},
		{"a patient in a clinic's list may have died", lists, func(r *pipeline.Run) error {
			rows, err := table.ReadAll[table.Disclosure](r.Files("disclosure"))
			if err != nil {
				return err
			}
			i := slices.IndexFunc(rows, func(d table.Disclosure) bool { return d.Output == "clinics/metro-health/due.csv" })
			return pipeline.Write(r, table.DeathMatches, append(slices.Clone(w.deaths),
				table.DeathMatch{ClientID: rows[i].ClientID, DeathID: "vital/x", Basis: "possible"}))
		}},
		{"a clinic's list has another clinic's patient", lists, func(r *pipeline.Run) error {
			rows, err := table.ReadAll[table.PatientStatus](r.Files("patient_status"))
			if err != nil {
				return err
			}
			for i := range rows {
				if rows[i].Provider == "metro-health" {
					rows[i].Status = "moved"
				}
			}
			return pipeline.Write(r, table.PatientStatuses, rows)
		}},
		{"published although requests are unread", withheld, func(r *pipeline.Run) error {
			return pipeline.Write(r, table.Batches, []table.Batch{{BatchID: "z", Snapshot: r.Snapshot,
				Sender: "families", SenderKind: "families", FileName: "late.csv", Status: "refused"}})
		}},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			var broken []string
			if _, err := newBench(t).Night(context.Background(), asOf, nil,
				nightStages(w, clinicConfig(), tamper(c.spoil), audit(&broken))...); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(broken, c.broken) {
				t.Errorf("broken: %q, want %q", broken, c.broken)
			}
		})
	}
}
