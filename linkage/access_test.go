package linkage

import (
	"reflect"
	"testing"

	"miic/internal/table"
)

// TestARequestForARecordFindsItsPersonAndRestrictsNobody: whom it surely names, and whom it may; nothing else changes by it.
func TestARequestForARecordFindsItsPersonAndRestrictsNobody(t *testing.T) {
	one, sister := child("clinic-a", "1", "Astrid", born), child("clinic-a", "2", "Freja", born.AddMonths(-26))
	d := crowd(t)
	d.records = append(d.records, one, sister)
	bare := optOut(&one, access)
	bare.RequestID, bare.BirthDate, bare.Address1, bare.City, bare.ZIP = "families/bare", 0, "", "", ""
	stranger := optOut(&one, access)
	stranger.RequestID, stranger.FirstName, stranger.LastName, stranger.BirthDate = "families/stranger", "Zeb", "Nobodyson", born-4000
	stranger.Address1, stranger.City, stranger.ZIP = "77 Elm St", "Bemidji", "56601"
	plain := newBench(t)
	night(t, plain, d)
	before, wereLinks := restrictionsOf(t, plain), links(t, plain)
	d.requests = append(d.requests, optOut(&one, access), bare, stranger)
	b := newBench(t)
	night(t, b, d)
	l := links(t, b)
	got, err := table.ReadAll[table.AccessMatch](b.Files("access_match"))
	if err != nil {
		t.Fatal(err)
	}
	want := []table.AccessMatch{{RequestID: "families/bare", ClientID: l[one.RecordID]},
		{RequestID: "families/" + one.RecordID, ClientID: l[one.RecordID], Sure: true}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("matches %+v, want %+v", got, want)
	}
	if after := restrictionsOf(t, b); !reflect.DeepEqual(after, before) {
		t.Errorf("restrictions %+v, without the requests %+v", after, before)
	}
	if !reflect.DeepEqual(l, wereLinks) {
		t.Error("people are others with the requests")
	}
	night(t, b, delivered{}) // the next night knows the same
	if again, err := table.ReadAll[table.AccessMatch](b.Files("access_match")); err != nil || !reflect.DeepEqual(again, want) {
		t.Errorf("the next night: %+v, %v", again, err)
	}
}
