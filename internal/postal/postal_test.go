package postal

import (
	"testing"

	"miic/internal/table"
)

// TestAnIDIsOfEveryPartOfAnAddress: a changed word is another address, and words do not run into each other.
func TestAnIDIsOfEveryPartOfAnAddress(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range []Address{
		{"Berg", "1 Main St", "", "Duluth", "MN", "55802"},
		{"Borg", "1 Main St", "", "Duluth", "MN", "55802"},
		{"Berg", "1 Main St", "Apt 2", "Duluth", "MN", "55802"},
		{"Berg", "1 Main St Apt 2", "", "Duluth", "MN", "55802"},
		{"Berg", "1 Main St", "", "Duluth", "MN", "5580"},
		{"Berg", "1 Main St", "", "DuluthMN", "", "55802"},
		{"", "Berg", "1 Main St", "Duluth", "MN", "55802"},
	} {
		if id := a.ID(); seen[id] || len(id) != 16 {
			t.Errorf("%+v: %s", a, id)
		}
		seen[a.ID()] = true
	}
}

func TestAMoveUpdateHoldsNinetyFiveDays(t *testing.T) {
	day := table.NewDate(2026, 3, 2)
	for days, want := range map[int]bool{0: true, 95: true, 96: false} {
		if got := InTime(day, day+table.Date(days)); got != want {
			t.Errorf("%d days later: %v", days, got)
		}
	}
	if InTime(0, day) {
		t.Error("never is not in time")
	}
}

func TestTwoCodesComeToOneFinding(t *testing.T) {
	for codes, want := range map[[2]string]Finding{
		{"Y", ""}: Delivered, {"D", "00"}: Delivered, {"S", "04"}: Delivered, {"Y", "66"}: Delivered,
		{"Y", "A"}: Moved, {"", "91"}: Moved, {"N", "92"}: Moved,
		{"Y", "02"}: Gone, {"", "14"}: Gone, {"N", ""}: Gone,
		{"", ""}: NotFound, {"", "00"}: NotFound,
	} {
		if got := Find(codes[0], codes[1]); got != want || !KnownDPV(codes[0]) || !KnownNCOA(codes[1]) {
			t.Errorf("%v: %d, want %d", codes, got, want)
		}
	}
	for _, code := range []string{"2", "a", "93", "0"} {
		if KnownNCOA(code) {
			t.Errorf("%q is no code", code)
		}
	}
	if KnownDPV("y") || KnownDPV("Q") {
		t.Error("an unknown code of delivery is known")
	}
}
