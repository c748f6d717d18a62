package linkage

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/review"
	"miic/linkage/standard"
)

// certificate is the death of one of the children that child makes.
func certificate(number, first string, born table.Date) table.Death {
	return table.Death{DeathID: "vital/" + number, Sender: "vital", SenderTime: 1, FirstName: first,
		LastName: "Lindqvist", MotherFirst: "Signe", MotherMaiden: "Abrahamsson",
		BirthDate: born, DeceasedOn: someNight - 10, Sex: "F", Address1: "14 Birch St",
		City: "Duluth", State: "MN", ZIP: "55812"}
}

func deathsOf(t *testing.T, b *pipeline.Bench) map[int64]table.DeathMatch {
	t.Helper()
	m := map[int64]table.DeathMatch{}
	if err := table.Scan(b.Files("death_match"),
		func(d *table.DeathMatch) error { m[d.ClientID] = *d; return nil }); err != nil {
		t.Fatal(err)
	}
	return m
}

// A sure match makes the person deceased, and nobody else; sent again it changes nothing; voided it is as if
// it had never been.
func TestDeathIsSureAndReversible(t *testing.T) {
	one, sister := child("clinic-a", "1", "Astrid", born), child("clinic-a", "2", "Freja", born.AddMonths(-26))
	first := crowd(t)
	first.records = append(first.records, one, sister)
	b := newBench(t)
	night(t, b, first)
	d := certificate("MN-2026-000001", "Astrid", born)
	night(t, b, delivered{deaths: []table.Death{d}})
	l, c, m := links(t, b), clientsOf(t, b), deathsOf(t, b)
	who, alive := l[one.RecordID], l[sister.RecordID]
	if m[who].Basis != "matched" || c[who].Status != "deceased" || c[who].DeceasedOn != d.DeceasedOn {
		t.Errorf("who died: %+v, status %s", m[who], c[who].Status)
	}
	if len(m) != 1 || c[alive].Status == "deceased" {
		t.Errorf("%d people are touched by one death; the sister is %s", len(m), c[alive].Status)
	}
	since := m[who].Since

	again := d
	again.SenderTime = 2
	night(t, b, delivered{deaths: []table.Death{again}})
	if m := deathsOf(t, b); len(m) != 1 || m[who].Since != since {
		t.Errorf("sent again: %+v", m)
	}
	night(t, b, delivered{})
	if c := clientsOf(t, b); c[who].Status != "deceased" || c[who].DeceasedOn != d.DeceasedOn {
		t.Errorf("on a night without news: %s", c[who].Status)
	}

	replaced := certificate("MN-2026-000001", "Freja", born.AddMonths(-26))
	replaced.SenderTime = 3
	night(t, b, delivered{deaths: []table.Death{replaced}})
	if c, m := clientsOf(t, b), deathsOf(t, b); c[who].Status != "active" || c[who].DeceasedOn != 0 ||
		c[alive].Status != "deceased" || len(m) != 1 {
		t.Errorf("replaced: %s and %s", c[who].Status, c[alive].Status)
	}
	void := replaced
	void.SenderTime, void.Withdrawn = 4, true
	night(t, b, delivered{deaths: []table.Death{void}})
	if c, m := clientsOf(t, b), deathsOf(t, b); c[who].Status != "active" || c[alive].Status != "active" ||
		len(m) != 0 {
		t.Errorf("voided: %s and %s, %d deaths", c[who].Status, c[alive].Status, len(m))
	}
}

// A certificate that may be somebody's makes nobody deceased: it waits for a person, who settles it either way.
func TestDoubtfulDeathWaitsForAPerson(t *testing.T) {
	for decision, status := range map[string]string{"same": "deceased", "different": "active"} {
		one := child("clinic-a", "1", "Astrid", born)
		first := crowd(t)
		first.records = append(first.records, one)
		d := table.Death{DeathID: "vital/MN-2026-000002", Sender: "vital", SenderTime: 1, FirstName: "Asta",
			LastName: "Lindqvist", BirthDate: born,
			DeceasedOn: someNight - 10, ZIP: "55812"}
		first.deaths = []table.Death{d}
		b := newBench(t)
		verdicts := filepath.Join(t.TempDir(), "verdicts.csv")
		judgedNight(t, b, first, verdicts)
		who := links(t, b)[one.RecordID]
		if m, c := deathsOf(t, b), clientsOf(t, b); m[who].Basis != "possible" || c[who].Status != "active" ||
			!c[who].InReview {
			t.Fatalf("a doubtful death: %+v, %s, in review %v", m[who], c[who].Status, c[who].InReview)
		}
		q, err := explainer(t, b).Queue(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if q.Questions[0].Right.RecordID != standard.DeathPrefix+d.DeathID {
			t.Errorf("the death is not the first question: %s", q.Questions[0].Reason)
		}
		var asked []review.Question
		for _, x := range q.Questions {
			if x.Right.RecordID == standard.DeathPrefix+d.DeathID {
				asked = append(asked, x)
			}
		}
		if len(asked) != 1 || asked[0].Left.RecordID != one.RecordID || len(asked[0].Beside) < 4 {
			t.Fatalf("asked: %+v", asked)
		}
		var page strings.Builder
		if err := q.WriteHTML(&page); err != nil || !strings.Contains(page.String(), "ASTA") {
			t.Errorf("the page does not show what is on the certificate: %v", err)
		}
		fresh, err := explainer(t, b).Judge(context.Background(),
			[]review.Judged{{ItemID: asked[0].ItemID, Decision: decision, By: "kim", Evidence: asked[0].Evidence,
				Line: 2}}, nil, someNight)
		if err != nil {
			t.Fatal(err)
		}
		keep(t, verdicts, fresh)
		for range 2 {
			judgedNight(t, b, delivered{}, verdicts)
			m, c := deathsOf(t, b), clientsOf(t, b)
			if c[who].Status != status || c[who].InReview || (decision == "same") != (m[who].Basis == "operator") {
				t.Errorf("judged %s: %+v, %s, in review %v", decision, m[who], c[who].Status, c[who].InReview)
			}
		}
	}
}

// The number of the birth certificate finds an infant without a name; two who carry it leave a doubt.
func TestInfantIsFoundByBirthCertificate(t *testing.T) {
	baby, other := child("BIRTH", "b", "BABY GIRL", born), child("clinic-b", "o", "Ingrid", born.AddMonths(40))
	baby.BirthCertNumber = "MN-2022-000123"
	first := crowd(t)
	first.records = append(first.records, baby, other)
	first.deaths = []table.Death{{DeathID: "vital/1", Sender: "vital", SenderTime: 1, BirthCertNumber: "MN-2022-000123",
		DeceasedOn: born + 3}}
	b := newBench(t)
	night(t, b, first)
	l, m := links(t, b), deathsOf(t, b)
	if len(m) != 1 || m[l[baby.RecordID]].Basis != "certificate" ||
		clientsOf(t, b)[l[baby.RecordID]].Status != "deceased" {
		t.Errorf("by certificate: %+v", m)
	}
	other.BirthCertNumber, other.SenderTime = "MN-2022-000123", 2
	other.LastName, other.MotherFirst, other.MotherMaiden = "Rask", "Ann", "Lie"
	other.Address1, other.Phone = "9 Elm St", "2185550199"
	night(t, b, delivered{records: []table.ClientRecord{other}})
	l, m = links(t, b), deathsOf(t, b)
	if l[other.RecordID] == l[baby.RecordID] {
		t.Fatal("the two are one person")
	}
	if m[l[baby.RecordID]].Basis != "possible" || m[l[other.RecordID]].Basis != "possible" {
		t.Errorf("two with one certificate: %+v", m)
	}
}

// A dose that was given after the day of the death puts the death in question.
func TestDoseAfterDeathIsAsked(t *testing.T) {
	one := child("clinic-a", "1", "Astrid", born)
	first := crowd(t)
	first.records = append(first.records, one)
	d := certificate("MN-2026-000003", "Astrid", born)
	first.deaths = []table.Death{d}
	b := newBench(t)
	night(t, b, first)
	who := links(t, b)[one.RecordID]
	dose := func(id string, on table.Date, historical bool) table.VaccinationEvent {
		return table.VaccinationEvent{EventID: "clinic-a/" + id, RecordID: one.RecordID, Sender: "clinic-a",
			SenderTime: 2, Action: "A", CVX: 20,
			AdministeredOn: on, Historical: historical, Completion: "CP"}
	}
	night(t, b, delivered{events: []table.VaccinationEvent{dose("before", d.DeceasedOn-30, false),
		dose("recalled", d.DeceasedOn+2, true)}})
	if clientsOf(t, b)[who].InReview {
		t.Error("a dose before the death, and one reported from memory, are asked about")
	}
	n := night(t, b, delivered{events: []table.VaccinationEvent{dose("after", d.DeceasedOn+5, false)}})
	if c := clientsOf(t, b)[who]; !c.InReview || c.Status != "deceased" || n["link.deaths_before_a_dose"] != 1 {
		t.Errorf("a dose given after the death: in review %v, %s", c.InReview, c.Status)
	}
	raised := 0
	for _, it := range items(t, b) {
		if it.Decision == "open" && it.Reason == "a dose was given after the day of the death" {
			raised++
		}
	}
	if raised != 1 {
		t.Errorf("%d questions", raised)
	}
}

// Which of the persons that a death may be of it is of.
func TestWhoDied(t *testing.T) {
	m := func(client int64, basis string, weight float64) deathMatch {
		return deathMatch{DeathID: "d", ClientID: client, RecordID: "r", Basis: basis, Weight: weight}
	}
	for name, c := range map[string]struct {
		in   []deathMatch
		not  []int64
		want string
	}{
		"one sure": {[]deathMatch{m(1, "matched", 20), m(2, "possible", 5)}, nil, "1matched"},
		"two sure": {[]deathMatch{m(1, "matched", 20), m(2, "matched", 19)}, nil,
			"1possible 2possible"},
		"a certificate over a match": {[]deathMatch{m(1, "matched", 20), m(2, "certificate", 0)}, nil, "2certificate"},
		"two certificates": {[]deathMatch{m(1, "certificate", 0), m(2, "certificate", 0)}, nil,
			"1possible 2possible"},
		"an operator over all": {[]deathMatch{m(1, "certificate", 0), m(2, "operator", 0)}, nil, "2operator"},
		"not this one": {[]deathMatch{m(1, "certificate", 0), m(2, "possible", 3)}, []int64{1},
			"2possible"},
		"two records of one person": {[]deathMatch{m(1, "possible", 20), m(1, "matched", 22)}, nil, "1matched"},
		"possible only": {[]deathMatch{m(2, "possible", 3), m(1, "possible", 9)}, nil,
			"1possible 2possible"},
		"nobody is left after a word": {[]deathMatch{m(1, "matched", 20)}, []int64{1}, ""},
	} {
		not := map[string]map[int64]bool{"d": {}}
		for _, id := range c.not {
			not["d"][id] = true
		}
		var got []string
		for _, x := range whoDied(c.in, not) {
			got = append(got, string(rune('0'+x.ClientID))+x.Basis)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// TestTheLikeliestPersonOfADeathIsAskedAbout: of more persons than a death may ask about the weakest are left out, not
// those who came last.
func TestTheLikeliestPersonOfADeathIsAskedAbout(t *testing.T) {
	matches := []deathMatch{{DeathID: "b", ClientID: 1, RecordID: "r0", Weight: 1, Basis: "possible"}}
	for i := range mostAsked + 1 {
		matches = append(matches,
			deathMatch{DeathID: "a", ClientID: int64(i + 1), RecordID: fmt.Sprint("r", i+1), Weight: float64(i),
				Basis: "possible"})
	}
	got := strongestFirst(whoDied(matches, nil))
	for i := range mostAsked + 1 {
		if want := int64(mostAsked + 1 - i); got[i].DeathID != "a" || got[i].ClientID != want {
			t.Errorf("place %d of the questions has person %d of death %s, want person %d of a", i, got[i].ClientID,
				got[i].DeathID, want)
		}
	}
	if last := got[len(got)-1]; last.DeathID != "b" {
		t.Errorf("the other death comes first: %s is last", last.DeathID)
	}
}
