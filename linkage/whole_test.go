package linkage

import (
	"fmt"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// given are reports of doses of the DTaP series on days after birth.
func given(r *table.ClientRecord, after ...int) []table.VaccinationEvent {
	var list []table.VaccinationEvent
	for _, n := range after {
		on := r.BirthDate + table.Date(n)
		list = append(list, table.VaccinationEvent{EventID: fmt.Sprintf("%s/%s", r.RecordID, on), RecordID: r.RecordID,
			Sender: r.Sender, SenderTime: r.SenderTime, Action: "A", CVX: 20, AdministeredOn: on, Completion: "CP"})
	}
	return list
}

// moved is a child as another clinic knows it after a move: a common name, and nothing but that and the birth date in
// common with the first clinic's record.
func moved() (home, away table.ClientRecord) {
	home, away = child("clinic-a", "1", "Emma", born), child("clinic-b", "2", "Emma", born)
	home.LastName, away.LastName = "Johnson", "Johnson"
	away.MotherFirst, away.MotherMaiden, away.Phone = "", "", ""
	away.Address1, away.City, away.ZIP = "902 Prairie Avenue", "Moorhead", "56560"
	return home, away
}

func doubtsOf(t *testing.T, b *pipeline.Bench) (doubts []table.Doubt, joined []table.JoinedDose) {
	t.Helper()
	doubts, err := table.ReadAll[table.Doubt](b.Files("doubt"))
	if err == nil {
		joined, err = table.ReadAll[table.JoinedDose](b.Files("joined_dose"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return doubts, joined
}

// TestDosesAnswerAQuestionOfAnEarlierNight is item 6: what is queued is linked once days of doses make it surely one
// person, the question is taken back, and the change gives the reason. Until then item 7's doubt has the doses of both.
func TestDosesAnswerAQuestionOfAnEarlierNight(t *testing.T) {
	home, away := moved()
	second := home // of another clinic: no pair of records shares more than a day
	second.RecordID, second.Sender, second.SourceClientID = "clinic-c/3/1", "clinic-c", "3"
	d := crowd(t)
	d.records = append(d.records, home, second, away)
	d.events = append(append(given(&home, 61, 190), given(&second, 122, 460)...), given(&away, 1600)...)
	b := newBench(t)
	night(t, b, d)
	l := links(t, b)
	if l[home.RecordID] != l[second.RecordID] {
		t.Fatal("the two records of one home are two persons")
	}
	if l[home.RecordID] == l[away.RecordID] {
		t.Fatal("they are one person already: the test is about nothing")
	}
	k := persons(l[home.RecordID], l[away.RecordID])
	between := func() (ordinary, doses int) {
		doubts, joined := doubtsOf(t, b)
		for _, x := range doubts {
			if persons(x.ClientID, x.OtherID) == k && x.Ordinary {
				ordinary++
			}
		}
		for _, x := range joined {
			if persons(x.ClientID, x.OtherID) == k {
				doses++
			}
		}
		return ordinary, doses
	}
	if doubts, doses := between(); doubts != 2 || doses != 5 {
		t.Fatalf("%d ordinary doubts about the two, %d doses of both", doubts, doses)
	}

	away.SenderTime++
	night(t, b, delivered{records: []table.ClientRecord{away}, events: given(&away, 61, 122, 1600)})
	if l = links(t, b); l[home.RecordID] != l[away.RecordID] {
		t.Error("two days in common have not made them one person")
	}
	if doubts, doses := between(); doubts != 0 || doses != 0 {
		t.Errorf("after the link: %d doubts about the two, %d doses of both", doubts, doses)
	}
	why := ""
	for _, c := range changesOf(t, b) {
		if c.Change == "merged" {
			why = c.Reason
		}
	}
	if !strings.Contains(why, "days of their doses") {
		t.Errorf("the merge is explained by %q", why)
	}

	// A night that brings nothing leaves them together.
	night(t, b, delivered{})
	if l = links(t, b); l[home.RecordID] != l[away.RecordID] {
		t.Error("the next night has parted them")
	}
}

// TestARestrictionMakesADoubtMoreThanLikeness is item 7's bound: where one of the two wants no letters, nothing is worked
// out of what the answer would change.
func TestARestrictionMakesADoubtMoreThanLikeness(t *testing.T) {
	home, away := moved()
	away.Contact = "none"
	d := crowd(t)
	d.records = append(d.records, home, away)
	d.events = append(given(&home, 61, 122, 190, 460), given(&away, 1600)...)
	b := newBench(t)
	night(t, b, d)
	l, found := links(t, b), 0
	doubts, joined := doubtsOf(t, b)
	for _, x := range doubts {
		if x.ClientID == l[home.RecordID] || x.OtherID == l[home.RecordID] {
			found++
			if x.Ordinary {
				t.Errorf("an ordinary doubt: %+v", x)
			}
		}
	}
	if found != 2 || len(joined) != 0 {
		t.Errorf("%d doubts, %d doses of both", found, len(joined))
	}
}
