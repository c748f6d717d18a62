package linkage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/table"
	"miic/linkage/match"
)

// Of hopeless records each has a defined outcome: it is a person of its own, compared with few others,
// and no bridge between anybody.
func TestPoorRecordsStayAlone(t *testing.T) {
	const n = 400
	blank := func(i int) table.ClientRecord {
		return table.ClientRecord{RecordID: fmt.Sprintf("clinic-a/%04d/1", i), Sender: "clinic-a",
			SourceClientID: fmt.Sprintf("%04d", i), Generation: 1,
			SenderTime: 1, Share: "unknown", Contact: "allowed"}
	}
	for name, fill := range map[string]func(*table.ClientRecord){
		"nothing at all":      func(*table.ClientRecord) {},
		"nothing but a name":  func(r *table.ClientRecord) { r.FirstName, r.LastName = "Astrid", "Lindqvist" },
		"a surname":           func(r *table.ClientRecord) { r.LastName = "Lindqvist" },
		"a placeholder":       func(r *table.ClientRecord) { r.FirstName, r.LastName = "BABY GIRL", "UNKNOWN" },
		"a sentinel date":     func(r *table.ClientRecord) { r.BirthDate = table.NewDate(1900, 1, 1) },
		"the clinic's phone":  func(r *table.ClientRecord) { r.Phone = "2185550100" },
		"default identifiers": func(r *table.ClientRecord) { r.SSN, r.MedicaidID = "999999999", "000000000" },
	} {
		t.Run(name, func(t *testing.T) {
			d := crowd(t)
			for i := range n {
				r := blank(i)
				fill(&r)
				d.records = append(d.records, r)
			}
			rich := child("clinic-b", "1", "Astrid", born)
			again := child("clinic-c", "2", "Astrid", born)
			d.records = append(d.records, rich, again)
			b := newBench(t)
			counts := night(t, b, d)
			l := links(t, b)
			size := map[int64]int{}
			for _, c := range l {
				size[c]++
			}
			for i := range n {
				if r := blank(i).RecordID; l[r] == 0 || size[l[r]] != 1 {
					t.Fatalf("%s is in a person of %d records", r, size[l[r]])
				}
			}
			if l[rich.RecordID] != l[again.RecordID] {
				t.Error("a good pair beside them did not link")
			}
			if most := int64(n * 2 * match.HotWindow(match.Default().BlockCap)); counts["link.pairs_compared"] > most {
				t.Errorf("%d pairs compared, more than %d", counts["link.pairs_compared"], most)
			}
			if waits := counts["link.review_raised"]; waits > n/10 {
				t.Errorf("%d pairs of them wait for review", waits)
			}
		})
	}
}

// The same number on two people, or a chart number that a clinic gives out again, makes no one person of
// two; and on many people a number is no evidence.
func TestSharedNumbersDoNotJoinPeople(t *testing.T) {
	one, two := child("clinic-a", "1", "Astrid", born), child("clinic-b", "2", "Sigurd", born.AddMonths(-67))
	two.LastName, two.MotherFirst, two.MotherMaiden, two.Sex, two.Phone = "Okafor", "Ngozi", "Eze", "M", "5075550101"
	two.Address1, two.City, two.ZIP = "3 Oak Court", "Winona", "55987"
	for name, share := range map[string]func(a, b *table.ClientRecord){
		"social security number": func(a, b *table.ClientRecord) { a.SSN, b.SSN = "470110123", "470110123" },
		"Medicaid number": func(a, b *table.ClientRecord) {
			a.MedicaidID, b.MedicaidID = "01234567", "01234567"
		},
		"both, and the phone": func(a, b *table.ClientRecord) {
			a.SSN, b.SSN, a.MedicaidID, b.MedicaidID = "470110123", "470110123", "01234567", "01234567"
			b.Phone = a.Phone
		},
		"chart number, given out again": func(a, b *table.ClientRecord) {
			b.Sender, b.SourceClientID, b.Generation, b.RecordID = a.Sender, a.SourceClientID, 2, "clinic-a/1/2"
			a.ChartNumber, b.ChartNumber = "C-77", "C-77"
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, c := one, two
			share(&a, &c)
			d := crowd(t)
			d.records = append(d.records, a, c)
			b := newBench(t)
			night(t, b, d)
			if l := links(t, b); l[a.RecordID] == l[c.RecordID] {
				t.Error("two people became one")
			}
		})
	}
}

// Ten thousand people with one phone, as when a clinic sends its own: they stay as many people, each is
// compared with a bounded number of others, and what was left out is counted.
func TestOnePhoneOnTenThousandRecords(t *testing.T) {
	const n = 10_000
	var d delivered
	all := registry(t, 4000).records
	seen := map[string]bool{}
	for i := 0; len(d.records) < n; i++ {
		r := child("clinic-a", fmt.Sprintf("%05d", i), all[i%len(all)].FirstName,
			born.AddMonths(-(i*31%200))+table.Date(i%27))
		r.LastName, r.MotherFirst, r.MotherMaiden = all[(i*7919+i/len(all))%len(all)].LastName, "", ""
		r.Sex, r.Address1, r.City, r.ZIP = "", "", "", ""
		if name := r.FirstName + r.LastName; !seen[name] {
			seen[name] = true
			d.records = append(d.records, r)
		}
	}
	b := newBench(t)
	counts := night(t, b, d)
	if got, most := counts["link.pairs_compared"], int64(n*2*match.HotWindow(match.Default().BlockCap)); got > most {
		t.Errorf("%d pairs compared, more than %d", got, most)
	}
	if counts["link.clients"] < n*99/100 {
		t.Errorf("%d persons of %d", counts["link.clients"], n)
	}
	if counts["link.records"] != n || counts["link.linked"] != n {
		t.Errorf("%d records, %d of them in a person; want %d", counts["link.records"], counts["link.linked"], n)
	}
}

// A model file with a missing level, or with weights that fall, is refused before anything is done; the
// refusal names the file, the comparison and the fault.
func TestABadModelStopsTheNight(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*match.Model)
		want  string
	}{
		"a missing level": {func(m *match.Model) { l := &m.Comparisons[0].Levels; *l = (*l)[1:] }, "both must be 1"},
		"the last one": {func(m *match.Model) { l := &m.Comparisons[0].Levels; *l = (*l)[:len(*l)-1] },
			"has a condition"},
		"weights that fall": {func(m *match.Model) {
			l := m.Comparisons[0].Levels
			l[0].M, l[1].M = l[1].M, l[0].M
			l[0].U, l[1].U = l[1].U, l[0].U
		}, "more than the better level"},
		"a share of nothing": {func(m *match.Model) { m.Comparisons[0].Levels[0].U = 0 }, "must be in (0, 1]"},
	} {
		m := match.Default()
		c.spoil(m)
		path := filepath.Join(t.TempDir(), "model.json")
		if err := os.WriteFile(path, m.Text(), 0o600); err != nil {
			t.Fatal(err)
		}
		b := newBench(t)
		_, err := b.Night(context.Background(), someNight, nil, crowd(t).ingest(nil), Stage(Config{Model: path}))
		if err == nil || !strings.Contains(err.Error(), path) ||
			!strings.Contains(err.Error(), m.Comparisons[0].Name) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if len(b.Files("client")) > 0 {
			t.Errorf("%s: people were written", name)
		}
	}
}
