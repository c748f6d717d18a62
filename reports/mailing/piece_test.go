package mailing

import (
	"testing"

	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/letter"
	"miic/reports/mailing/barcode"
)

// No serial number of a decoy comes again within 45 days, in whichever region, and none is a notice's; the same day run
// again has the same numbers.
func TestNumbersOfDecoys(t *testing.T) {
	regions := []string{"metro", "northeast", "central", "unassigned"}
	c := Config{Regions: regions, Mail: letter.BuiltIn(), Settings: Settings{Mailer: barcode.Mailer{ID: "123456789", Service: "271"}, Days: 1}}
	for range mostDecoys {
		c.Settings.Decoys = append(c.Settings.Decoys, Decoy{Name: "Pat", Child: "Robin", Street: "9 Seed St", City: "Saint Paul",
			State: "MN", ZIP: "55101"})
	}
	if err := c.Settings.Check(regions); err != nil {
		t.Fatal(err)
	}
	like := &campaign.Chosen{Notice: table.Notice{NoticeID: "n", Channel: campaign.Mail}}
	seen := map[string]table.Date{}
	first := table.NewDate(2026, 3, 2)
	for day := first; day <= first+uniqueDays; day++ {
		for _, region := range regions {
			list, again := c.decoys(day, region, like), c.decoys(day, region, like)
			for _, l := range [][]Piece{list, again} {
				if err := barcodes(&c.Settings.Mailer, nil, l); err != nil {
					t.Fatal(err)
				}
			}
			for i := range list {
				if was, ok := seen[list[i].Tracking]; ok || again[i].Tracking != list[i].Tracking {
					t.Fatalf("%s, %s: %s was used on %s", region, day, list[i].Tracking, was)
				}
				seen[list[i].Tracking] = day
			}
		}
	}
	if want := mostDecoys * len(regions) * (uniqueDays + 1); len(seen) != want {
		t.Errorf("%d numbers, want %d", len(seen), want)
	}
	// Notices begin again at the decoys' numbers.
	notice := []Piece{{Chosen: []*campaign.Chosen{{Notice: table.Notice{NoticeID: "n"}}}}}
	for serial, want := range map[int64]string{949_999: "949999", 950_000: "000000", 999_999: "049999"} {
		if err := barcodes(&c.Settings.Mailer, map[string]int64{"n": serial}, notice); err != nil {
			t.Fatal(err)
		}
		got := notice[0].Tracking
		if _, decoy := seen[got]; got != "00271123456789"+want || decoy {
			t.Errorf("notice %d has the number %s", serial, got)
		}
	}
	many := make([]string, 40)
	if err := c.Settings.Check(many); err == nil {
		t.Error("decoys whose numbers would come again are taken")
	}
}

// TestABarcodeLeadsToTheDeliveryPoint: with ZIP+4 and delivery point it has 11 routing digits, with ZIP+4 nine, else five;
// and pieces go by ZIP+4.
func TestABarcodeLeadsToTheDeliveryPoint(t *testing.T) {
	piece := func(id, zip, point string) Piece {
		c := &campaign.Chosen{Person: campaign.Person{ZIP: zip}, Checked: campaign.Checked{DeliveryPoint: point}}
		c.Notice.NoticeID = id
		return Piece{Chosen: []*campaign.Chosen{c}}
	}
	list := []Piece{piece("c", "55802-1200", ""), piece("b", "55802-0012", "01"), piece("a", "55802", "")}
	inOrder(list)
	m := &barcode.Mailer{ID: "123456", Service: "270"}
	if err := barcodes(m, map[string]int64{"a": 1, "b": 2, "c": 3}, list); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"55802", "55802001201", "558021200"} {
		p := &list[i]
		if p.Routing != want || p.Sequence != i+1 {
			t.Errorf("piece %d, %s: routing %s, want %s", p.Sequence, p.ID(), p.Routing, want)
		}
		if bars, err := barcode.Encode(p.Tracking, want); err != nil || bars != p.Bars || len(bars) != 65 {
			t.Errorf("piece %d: %s, %v", p.Sequence, p.Bars, err)
		}
	}
}
