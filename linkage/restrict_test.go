package linkage

import (
	"fmt"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/linkage/match"
)

// child makes a record of one of a family's children as a clinic sends it.
func child(sender, number, first string, born table.Date) table.ClientRecord {
	return table.ClientRecord{RecordID: sender + "/" + number + "/1", Sender: sender, SourceClientID: number,
		Generation: 1, SenderTime: 1,
		FirstName: first, LastName: "Lindqvist", MotherFirst: "Signe", MotherMaiden: "Abrahamsson",
		BirthDate: born, Sex: "F",
		Address1: "14 Birch Street", City: "Duluth", State: "MN", ZIP: "55812", Phone: "2185550144", Share: "allowed",
		Contact: "allowed"}
}

func clientsOf(t testing.TB, b *pipeline.Bench) map[int64]table.Client {
	t.Helper()
	m := map[int64]table.Client{}
	if err := table.Scan(b.Files("client"),
		func(c *table.Client) error { m[c.ClientID] = *c; return nil }); err != nil {
		t.Fatal(err)
	}
	return m
}

var born = table.NewDate(2022, 4, 19)

// crowd is enough other people for the priors to be those of a state.
func crowd(t testing.TB) delivered {
	d := registry(t, 400)
	d.events = nil
	return d
}

func TestTwinsAreNeverOnePerson(t *testing.T) {
	// Same-name twins, as hospitals send them in the first days: everything agrees but the birth order.
	a, b := child("clinic-a", "1", "BABY GIRL", born), child("clinic-b", "2", "BABY GIRL", born)
	a.BirthOrder, a.MultipleBirth, b.BirthOrder, b.MultipleBirth = 1, "Y", 2, "Y"
	// Two certificates, although a slip gave both children one name.
	c, d := child("births", "3", "Maja", born), child("births", "4", "Maja", born)
	c.BirthCertNumber, d.BirthCertNumber = "MN-2022-000001", "MN-2022-000002"
	nights := crowd(t)
	nights.records = append(nights.records, a, b, c, d)
	bench := newBench(t)
	night(t, bench, nights)
	l := links(t, bench)
	if l[a.RecordID] == l[b.RecordID] {
		t.Error("twins with different birth orders are one person")
	}
	if l[c.RecordID] == l[d.RecordID] {
		t.Error("records with different birth certificates are one person")
	}
	var raised int
	if err := table.Scan(bench.Files("review_item"), func(r *table.ReviewItem) error {
		if r.Decision == "open" {
			raised++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if raised == 0 {
		t.Error("nobody is asked about them")
	}
}

func TestRequestsRestrictFromTheFirstNight(t *testing.T) {
	one, two := child("clinic-a", "1", "Astrid", born), child("clinic-b", "9", "Astrid", born)
	sister := child("clinic-a", "2", "Freja", born.AddMonths(-26))
	first := crowd(t)
	first.records = append(first.records, one, sister)
	first.requests = []table.Request{{RequestID: "families/1", Sender: "families", SenderTime: 1, Kind: "opt_out",
		FirstName: "Astrid", LastName: "Lindqvist",
		BirthDate: born, Address1: "14 Birch St", City: "Duluth", State: "MN", ZIP: "55812", ReceivedOn: someNight}}
	b := newBench(t)
	night(t, b, first)
	l, c := links(t, b), clientsOf(t, b)
	if !c[l[one.RecordID]].OptedOut {
		t.Error("the person is not opted out on the night the request arrived")
	}
	if c[l[sister.RecordID]].OptedOut {
		t.Error("the sister is opted out")
	}
	// A second record of the same child joins; one who asks to opt in changes nothing by a file.
	night(t, b, delivered{records: []table.ClientRecord{two},
		requests: []table.Request{{RequestID: "families/2", Sender: "families", SenderTime: 2, Kind: "opt_in",
			FirstName: "Astrid", LastName: "Lindqvist", BirthDate: born}}})
	l, c = links(t, b), clientsOf(t, b)
	if l[one.RecordID] != l[two.RecordID] {
		t.Fatal("the second record did not join")
	}
	if !c[l[two.RecordID]].OptedOut {
		t.Error("a new record lifted the opt-out")
	}
	// The record moves house and changes its flags back and forth: both restrictions stay.
	moved := one
	moved.SenderTime, moved.Share, moved.Contact = 3, "refused", "none"
	moved.Address1, moved.ZIP, moved.City = "800 Cedar Avenue", "55901", "Rochester"
	night(t, b, delivered{records: []table.ClientRecord{moved}})
	moved.SenderTime, moved.Share, moved.Contact = 4, "allowed", "allowed"
	night(t, b, delivered{records: []table.ClientRecord{moved}})
	l, c = links(t, b), clientsOf(t, b)
	if x := c[l[one.RecordID]]; !x.OptedOut || !x.Locked || !x.NoContact {
		t.Errorf("restrictions after the flags were taken back: opted out %v, locked %v, no contact %v", x.OptedOut,
			x.Locked, x.NoContact)
	}
	if c[l[one.RecordID]].Region != "southeast" {
		t.Errorf("region %s after the move", c[l[one.RecordID]].Region)
	}
}

func TestDoubtfulRequestSuppressesAllItMayMean(t *testing.T) {
	one := child("clinic-a", "1", "Astrid", born)
	d := crowd(t)
	d.records = append(d.records, one)
	// No address: name and birth date alone do not settle it.
	d.requests = []table.Request{{RequestID: "families/1", Sender: "families", SenderTime: 1, Kind: "opt_out",
		FirstName: "Astrid", LastName: "Lindqvist", BirthDate: born}}
	b := newBench(t)
	night(t, b, d)
	rows, err := table.ReadAll[table.Restriction](b.Files("restriction"))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0].Basis != "possible" || rows[0].ClientID != links(t, b)[one.RecordID] {
		t.Errorf("restrictions: %d rows; want one of basis possible for the one person", len(rows))
	}
}

func TestRestrictionFollowsAMergeAndBothPartsOfASplit(t *testing.T) {
	prior := []carried{{ClientID: 1, Kind: "opt_out", SourceID: "families/1", Basis: "matched", Since: 1},
		{ClientID: 2, Kind: "opt_out", SourceID: "families/1", Basis: "matched", Since: 1}}
	got := joinRestrictions(prior,
		[]table.Restriction{{ClientID: 1, Kind: "opt_out", SourceID: "families/1", Basis: "matched", Since: 5}})
	if len(got) != 2 || got[0].Since != 1 || got[1].ClientID != 2 {
		t.Errorf("after a split: %v", got)
	}
	possible := []carried{{ClientID: 3, Kind: "lock", SourceID: "families/2", Basis: "possible", Since: 1}}
	if got := joinRestrictions(possible, nil); len(got) != 1 {
		t.Errorf("an unsettled request stopped suppressing: %v", got)
	}
	settled := []table.Restriction{{ClientID: 4, Kind: "lock", SourceID: "families/2", Basis: "matched", Since: 2}}
	if got := joinRestrictions(possible, settled); len(got) != 1 || got[0].ClientID != 4 {
		t.Errorf("a settled request: %v", got)
	}
}

func TestHotKeysAreBounded(t *testing.T) {
	const n = 1500
	var d delivered
	for i := range n {
		r := child("clinic-a", fmt.Sprintf("n%04d", i), "", born)
		// Nothing but one phone and one street for everybody.
		r.FirstName, r.LastName, r.MotherFirst, r.MotherMaiden, r.Sex = "", "", "", "", ""
		d.records = append(d.records, r)
	}
	b := newBench(t)
	counts := night(t, b, d)
	if got := counts["link.pairs_compared"]; got > n*int64(2*match.HotWindow(match.Default().BlockCap)) {
		t.Errorf("%d pairs compared for one key on %d records", got, n)
	}
	if counts["link.pairs_cut_from_hot_blocks"] == 0 || counts["link.hot_keys"] == 0 {
		t.Errorf("what was cut is not counted: %v", counts)
	}
	if counts["link.clients"] != n {
		t.Errorf("%d persons of %d records that hold nothing", counts["link.clients"], n)
	}
}
