package linkage

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
	"miic/linkage/review"
)

// A stepparent adopts: the child keeps given name, birth date, house and phone, and gets a surname and a
// certificate. Vital records ask for the old identity to be sealed. From then on nothing ties the two.
func TestASealedIdentityIsNeverTiedToTheNewOne(t *testing.T) {
	old := child("births", "1", "Astrid", born)
	old.BirthCertNumber = "MN-2022-000001"
	clinic := child("clinic-a", "7", "Astrid", born)
	d := crowd(t)
	d.records = append(d.records, old, clinic)
	b := newBench(t)
	night(t, b, d)
	night(t, b, delivered{requests: []table.Request{{RequestID: "births/S1", Sender: "births", SenderTime: 1,
		Kind: "seal", FirstName: "Astrid", LastName: "Lindqvist",
		BirthDate: born, Address1: old.Address1, City: old.City, State: "MN", ZIP: old.ZIP}}})
	was := links(t, b)[old.RecordID]
	if !clientsOf(t, b)[was].Sealed || links(t, b)[clinic.RecordID] != was {
		t.Fatal("the old identity is not one sealed person")
	}

	renewed := child("births", "2", "Astrid", born)
	renewed.LastName, renewed.BirthCertNumber = "Halvorsen", "MN-2022-900001"
	atClinic := child("clinic-b", "3", "Astrid", born)
	atClinic.LastName = "Halvorsen"
	late := child("clinic-c", "4", "Astrid", born) // a clinic that knows nothing of it yet
	night(t, b, delivered{records: []table.ClientRecord{renewed, atClinic, late}})
	l, c := links(t, b), clientsOf(t, b)
	now := l[renewed.RecordID]
	if now == was || l[atClinic.RecordID] != now {
		t.Fatalf("sealed %d; the new certificate is client %d, the clinic's record %d", was, now, l[atClinic.RecordID])
	}
	if l[late.RecordID] != was {
		t.Error("a record under the old name shows the old identity again")
	}
	if x := c[now]; x.Sealed || x.OptedOut || x.Locked || x.InReview {
		t.Errorf("the child is hidden, or waits for review, under its new name: sealed %v, in review %v", x.Sealed,
			x.InReview)
	}
	mine := []string{renewed.RecordID, atClinic.RecordID}
	for id, it := range items(t, b) {
		if it.Decision == "open" && slices.Contains(mine, it.RecordL) != slices.Contains(mine, it.RecordR) {
			t.Errorf("item %s asks about %s and %s", id, it.RecordL, it.RecordR)
		}
	}
	rows, err := table.ReadAll[table.ClientChange](b.Files("client_change"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.ClientID == now && r.OtherID == was || r.ClientID == was && r.OtherID == now {
			t.Errorf("a change ties the two: %+v", r)
		}
	}
	x := explainer(t, b)
	shown, err := x.Client(now)
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%+v", shown); strings.Contains(text, "Lindqvist") || strings.Contains(text, "LINDQVIST") ||
		strings.Contains(text, old.RecordID) || strings.Contains(text, clinic.RecordID) {
		t.Errorf("the new identity shows the old: %s", text)
	}
	if _, err := x.Pair(old.RecordID, renewed.RecordID); err == nil {
		t.Error("the pair is explained")
	}

	// Nights on, whatever changes, they stay apart.
	atClinic.Email, atClinic.SenderTime = "home@example.org", 5
	clinic.Email, clinic.SenderTime = "home@example.org", 5
	night(t, b, delivered{records: []table.ClientRecord{atClinic, clinic}})
	if l := links(t, b); l[atClinic.RecordID] != now || l[clinic.RecordID] != was || clientsOf(t, b)[now].InReview {
		t.Error("a change brought the two together")
	}
}

// A pair of the old and the new identity that waited for review before the seal waits no more: the child
// would stay under suspicion of being the sealed person for ever.
func TestASealEndsWhatWaits(t *testing.T) {
	old := child("births", "1", "Astrid", born)
	old.BirthCertNumber = "MN-2022-000001"
	renewed := child("births", "2", "Astrid", born)
	renewed.LastName, renewed.BirthCertNumber = "Halvorsen", "MN-2022-900001"
	d := crowd(t)
	d.records = append(d.records, old, renewed)
	b := newBench(t)
	night(t, b, d)
	item := review.ItemID(old.RecordID, renewed.RecordID)
	if got := items(t, b)[item].Decision; got != "open" {
		t.Fatalf("the pair does not wait: %q", got)
	}
	night(t, b, delivered{requests: []table.Request{{RequestID: "births/S1", Sender: "births", SenderTime: 1,
		Kind: "seal", FirstName: "Astrid", LastName: "Lindqvist",
		BirthDate: born, Address1: old.Address1, City: old.City, State: "MN", ZIP: old.ZIP}}})
	night(t, b, delivered{records: []table.ClientRecord{child("clinic-c", "77", "Freja", born.AddMonths(-26))}})
	c := clientsOf(t, b)[links(t, b)[renewed.RecordID]]
	if got := items(t, b)[item].Decision; got == "open" || c.Sealed || c.InReview {
		t.Errorf("the item is %s; the child is sealed %v, in review %v", got, c.Sealed, c.InReview)
	}
	if !clientsOf(t, b)[links(t, b)[old.RecordID]].Sealed {
		t.Error("the old identity is not sealed any more")
	}
}

// A replaced certificate, as after a paternity finding, is no seal: one person, its former name kept.
func TestAReplacedCertificateSealsNothing(t *testing.T) {
	one := child("births", "1", "Astrid", born)
	one.BirthCertNumber = "MN-2022-000001"
	clinic := child("clinic-a", "7", "Astrid", born)
	d := crowd(t)
	d.records = append(d.records, one, clinic)
	b := newBench(t)
	night(t, b, d)
	id := links(t, b)[one.RecordID]
	one.LastName, one.SenderTime = "Halvorsen", 2
	night(t, b, delivered{records: []table.ClientRecord{one}})
	l, c := links(t, b), clientsOf(t, b)[id]
	if l[one.RecordID] != id || l[clinic.RecordID] != id || c.Sealed {
		t.Errorf("clients %d and %d, were %d; sealed %v", l[one.RecordID], l[clinic.RecordID], id, c.Sealed)
	}
	if got := historyOf(t, b)[id]; len(got) != 1 || !strings.Contains(strings.ToUpper(got[0]), "ASTRID LINDQVIST") &&
		!strings.Contains(strings.ToUpper(got[0]), "HALVORSEN") {
		t.Errorf("history %q", got)
	}
}
