package reports

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/mailing"
	"miic/reports/mailing/barcode"
	"miic/reports/xlsxfile"
)

// byColumn reads a CSV file as one map for each row, by column, whatever its columns are.
func byColumn(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csvfile.Reader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// homes is a night with two children in one home, another in the same street, an adult, and children of another region.
func homes() *world {
	w := &world{batches: population(1, 0).batches}
	for id, place := range []struct {
		street, zip, region, county string
		years                       int
	}{
		{"1 Elm St", "55404-1234", "metro", "27053", 4}, {"1 Elm St", "55404-1234", "metro", "27053", 6},
		{"2 Elm St", "551040007", "metro", "27123", 2}, {"3 Elm St", "55024", "metro", "27037", 18},
		{"4 Oak St", "55803", "northeast", "27137", 3}, {"5 Oak St", "01234", "unassigned", "", 3},
	} {
		c := clientOf(int64(id+1), asOf.AddMonths(-12*place.years)-3)
		c.Address1, c.ZIP, c.Region, c.CountyFIPS = place.street, place.zip, place.region, place.county
		w.clients = append(w.clients, c)
		f := due(c.ClientID, "MMR", asOf+10, asOf+60)
		if id == 1 {
			f = due(c.ClientID, "Polio", asOf-100, asOf-40)
		}
		w.forecasts = append(w.forecasts, f)
	}
	return w
}

func withMail(s mailing.Settings) Config {
	c := testConfig()
	s.Days = 14
	c.Mailing = s
	return c
}

var posted = mailing.Settings{Mailer: barcode.Mailer{ID: "123456", Service: "271"}, Decoys: []mailing.Decoy{
	{Name: "Pat Registry", Child: "Robin", Street: "9 Seed St", City: "Saint Paul", State: "MN", ZIP: "55101", Regions: []string{"metro"}}}}

func TestMailingHouseFile(t *testing.T) {
	o, err := newBench(t).Night(context.Background(), asOf, nil, nightStages(homes(), withMail(posted))...)
	if err != nil {
		t.Fatal(err)
	}
	rows := byColumn(t, filepath.Join(o.OutDir, "regions/metro/mailing.csv"))
	var zips, decoys []string
	for i, row := range rows {
		zips = append(zips, row["zip5"]+row["zip4"])
		bars, err := barcode.Encode(row["imb_tracking"], row["imb_routing"])
		if err != nil || bars != row["imb_text"] || row["imb_routing"] != row["zip5"]+row["zip4"] {
			t.Errorf("row %d: barcode %q %q %q, %v", i+1, row["imb_routing"], row["imb_tracking"], row["imb_text"], err)
		}
		if row["sequence"] != fmt.Sprint(i+1) || row["suppress_reason"] != "" || row["data_cutoff_date"] != asOf.String() {
			t.Errorf("row %d: %v", i+1, row)
		}
		if row["addressee"] == "Pat Registry" {
			decoys = append(decoys, row["notice_id"])
		}
	}
	if want := []string{"55024", "55101", "551040007", "554041234"}; !slices.Equal(zips, want) {
		t.Errorf("ZIP codes %q, want %q", zips, want)
	}
	home := rows[3] // the elder has missed a dose, the younger is only due one: one envelope, a recall
	if home["child_count"] != "2" || home["kind"] != "recall" || home["vaccines1_text"] == home["vaccines2_text"] ||
		home["child1_first"] != marker+"2" || home["child2_first"] != marker+"1" || home["child3_first"] != "" ||
		home["addressee"] != "Gua "+marker {
		t.Errorf("the household's row is %v", home)
	}
	state := byColumn(t, filepath.Join(o.OutDir, "state/mailing.csv"))
	if len(state) != 6 || state[0]["zip5"] != "01234" {
		t.Errorf("the state's file has %d rows, the first of %s", len(state), state[0]["zip5"])
	}
	tracking := map[string]bool{}
	for _, row := range state {
		tracking[row["imb_tracking"]] = true
	}
	if len(tracking) != 6 || len(decoys) != 1 {
		t.Errorf("%d tracking numbers in %d rows, decoys %q", len(tracking), len(state), decoys)
	}
	var m mailing.Manifest
	if err := json.Unmarshal([]byte(read(t, o, "regions/metro/manifest.json")), &m); err != nil {
		t.Fatal(err)
	}
	if m.Pieces != 4 || m.People != 4 || *m.Sequence != [2]int{1, 4} || len(m.Decoys) != 1 || m.Decoys[0].NoticeID != decoys[0] ||
		!maps.Equal(m.ByPeople, map[string]int{"1": 3, "2": 1}) || !maps.Equal(m.ByRegion, map[string]int{"metro": 4}) {
		t.Errorf("manifest %+v", m)
	}
	for _, f := range m.Files {
		text := read(t, o, "regions/metro/"+f.Name)
		rows := strings.Count(text, "\n") - 1
		if strings.HasSuffix(f.Name, ".xlsx") {
			var err error
			if rows, err = xlsxfile.Rows(filepath.Join(o.OutDir, "regions/metro", f.Name)); err != nil {
				t.Error(err)
			}
		}
		if f.SHA256 != fmt.Sprintf("%x", sha256.Sum256([]byte(text))) || f.Rows == nil || *f.Rows != rows {
			t.Errorf("%+v is not about %s", f, f.Name)
		}
	}
	if len(m.Files) != 8+6 {
		t.Errorf("%d files in the manifest", len(m.Files))
	}
}

// Everybody with a notice is once in each of the four counts of a region, and the regions' counts add up to the state's.
func TestBreakdownCountsEverybodyOnce(t *testing.T) {
	o, err := newBench(t).Night(context.Background(), asOf, nil, nightStages(homes(), withMail(posted))...)
	if err != nil {
		t.Fatal(err)
	}
	sums, ages := map[string]int{}, map[string]string{}
	for _, folder := range []string{"regions/metro", "regions/northeast", "regions/unassigned", "state"} {
		for _, row := range byColumn(t, filepath.Join(o.OutDir, folder, "breakdown.csv")) {
			n, err := strconv.Atoi(row["people"])
			if err != nil {
				t.Fatal(err)
			}
			sums[row["region"]+" "+row["by"]] += n
			if row["region"] == "metro" && row["by"] == "age" {
				ages[row["kind"]] += row["value"] + ":" + row["people"] + " "
			}
		}
	}
	for _, by := range []string{"county", "clinic", "age", "language"} {
		for region, want := range map[string]int{"metro": 4, "northeast": 1, "unassigned": 1, "state": 6} {
			if sums[region+" "+by] != want {
				t.Errorf("%s by %s: %d, want %d", region, by, sums[region+" "+by], want)
			}
		}
	}
	if ages["reminder"] != "2:1 4:1 18:1 " || ages["recall"] != "6:1 " {
		t.Errorf("ages %v", ages)
	}
}

// Disclosures are as many as the people in each file, decoys apart, also where one row is about two.
func TestEveryPersonInAFileIsDisclosedOnce(t *testing.T) {
	b := newBench(t)
	if _, err := b.Night(context.Background(), asOf, nil, nightStages(homes(), withMail(posted))...); err != nil {
		t.Fatal(err)
	}
	shown, err := table.ReadAll[table.Disclosure](b.Files("disclosure"))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, d := range shown {
		count[d.Output]++
	}
	want := map[string]int{"regions/metro/mailing.csv": 4, "regions/metro/reminder.csv": 3, "regions/metro/recall.csv": 1,
		"regions/northeast/mailing.csv": 1, "regions/northeast/reminder.csv": 1, "regions/unassigned/mailing.csv": 1,
		"regions/unassigned/reminder.csv": 1, "state/mailing.csv": 6}
	if !maps.Equal(count, want) {
		t.Errorf("disclosed %v, want %v", count, want)
	}
}

// Barcodes have the same number for a notice when its day is run again, and none that an earlier night has used.
func TestTrackingNumbersAreNotUsedTwice(t *testing.T) {
	b, w, seen := newBench(t), homes(), map[string]string{}
	for night, day := range []table.Date{asOf, asOf, asOf + 1, asOf + 40} {
		for i := range w.batches {
			w.batches[i].Snapshot = int64(night + 1)
		}
		if night == 2 {
			c := clientOf(77, asOf.AddMonths(-50))
			w.clients, w.forecasts = append(w.clients, c), append(w.forecasts, due(77, "MMR", asOf+10, asOf+60))
		}
		o, err := b.Night(context.Background(), day, nil, nightStages(w, withMail(posted))...)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range byColumn(t, filepath.Join(o.OutDir, "state/mailing.csv")) {
			if id, ok := seen[row["imb_tracking"]]; ok && id != row["notice_id"] {
				t.Errorf("night %d: %s is of two notices", night+1, row["imb_tracking"])
			}
			seen[row["imb_tracking"]] = row["notice_id"]
		}
	}
	if len(seen) < 8 {
		t.Errorf("%d tracking numbers", len(seen))
	}
}

// What a region's or the state's file must not be makes the night fail.
func TestMailingFilesThatAreWrong(t *testing.T) {
	for name, c := range map[string]struct {
		file   string
		change func(string) string
	}{
		"a row is missing":      {"regions/metro/mailing.csv", func(s string) string { return s[:strings.LastIndex(s[:len(s)-2], "\r\n")+2] }},
		"a file is gone over":   {"regions/metro/text.csv", func(s string) string { return s + "x" }},
		"another region's mail": {"regions/metro/mailing.csv", func(s string) string { return strings.ReplaceAll(s, `"metro"`, `"central"`) }},
		"no manifest":           {"state/manifest.json", func(string) string { return "{}" }},
	} {
		spoil := pipeline.Stage{Name: "spoil", Dated: true, Run: func(_ context.Context, r *pipeline.Run) error {
			path := filepath.Join(r.OutDir(), filepath.FromSlash(c.file))
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(path, []byte(c.change(string(text))), 0o600)
		}}
		var broken []string
		_, err := newBench(t).Night(context.Background(), asOf, nil, nightStages(homes(), withMail(posted), spoil, audit(&broken))...)
		if err != nil || len(broken) != 1 {
			t.Errorf("%s: broke %q, %v", name, broken, err)
		}
	}
}

func TestMailingSettings(t *testing.T) {
	for want, s := range map[string]mailing.Settings{
		"mailing.mailer: the mailer id is \"12\"":   {Mailer: barcode.Mailer{ID: "12", Service: "271"}},
		"mailing.mailer: the service type is \"\"":  {Mailer: barcode.Mailer{ID: "123456"}},
		"mailing.decoys, entry 1 has no street":     {Decoys: []mailing.Decoy{{Name: "a", Child: "b", City: "c", State: "MN", ZIP: "55101"}}},
		"entry 1: zip \"5510\" is no ZIP code":      {Decoys: []mailing.Decoy{{Name: "a", Child: "b", Street: "d", City: "c", State: "MN", ZIP: "5510"}}},
		"entry 1: unknown region \"south\": one of": {Decoys: []mailing.Decoy{{Name: "a", Child: "b", Street: "d", City: "c", State: "MN", ZIP: "55101", Regions: []string{"south"}}}},
	} {
		c := withMail(s)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
