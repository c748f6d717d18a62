package area

import "testing"

// TestEveryCountyHasATile: one of its own, with a code of its own, and with a neighbour.
func TestEveryCountyHasATile(t *testing.T) {
	at, code := map[[2]int]string{}, map[string]string{}
	tile := map[string]Tile{}
	for _, c := range Default().Counties() {
		one, ok := TileOf(c.FIPS)
		if !ok || len(one.Code) != 3 || one.Row < 0 || one.Column < 0 {
			t.Errorf("%s has the tile %+v", c.Name, one)
		}
		if other := at[[2]int{one.Row, one.Column}]; other != "" {
			t.Errorf("%s and %s are at one place", c.Name, other)
		}
		if other := code[one.Code]; other != "" {
			t.Errorf("%s and %s have one code", c.Name, other)
		}
		at[[2]int{one.Row, one.Column}], code[one.Code], tile[c.Name] = c.Name, c.Name, one
	}
	if len(tiles()) != len(at) {
		t.Errorf("%d tiles for %d counties", len(tiles()), len(at))
	}
	for place, name := range at {
		near := 0
		for _, d := range [][2]int{{0, 1}, {1, 0}, {0, -1}, {-1, 0}} {
			if at[[2]int{place[0] + d[0], place[1] + d[1]}] != "" {
				near++
			}
		}
		if near == 0 {
			t.Errorf("%s lies alone", name)
		}
	}
	// The second lies beside the first, to the east or to the south, as it does in the state.
	for _, c := range [][2]string{{"Kittson", "Roseau"}, {"Lake", "Cook"}, {"Rock", "Nobles"}, {"Fillmore", "Houston"}, {"Polk", "Red Lake"}} {
		if a, b := tile[c[0]], tile[c[1]]; a.Row != b.Row || a.Column+1 != b.Column {
			t.Errorf("%s is not east of %s", c[1], c[0])
		}
	}
	for _, c := range [][2]string{{"Carlton", "Pine"}, {"Pine", "Chisago"}, {"Chisago", "Washington"}, {"Pipestone", "Rock"}, {"Traverse", "Big Stone"},
		{"Washington", "Dakota"}, {"Dakota", "Goodhue"}, {"Kittson", "Marshall"}} {
		if a, b := tile[c[0]], tile[c[1]]; a.Column != b.Column || a.Row+1 != b.Row {
			t.Errorf("%s is not south of %s", c[1], c[0])
		}
	}
	if _, ok := TileOf("55109"); ok {
		t.Error("a county of another state has a tile")
	}
}
