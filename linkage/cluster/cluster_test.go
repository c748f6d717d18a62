package cluster

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/table"
	"miic/linkage/match"
)

func TestUnionAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		u := newUnion(n)
		reach := make([][]bool, n)
		for i := range reach {
			reach[i] = make([]bool, n)
			reach[i][i] = true
		}
		for range rapid.IntRange(0, 40).Draw(t, "edges") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			u.join(int32(a), int32(b))
			reach[a][b], reach[b][a] = true, true
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		for i := range n {
			for j := range n {
				if (u.find(int32(i)) == u.find(int32(j))) != reach[i][j] {
					t.Fatalf("%d and %d: union gives %v, reachability %v", i, j, !reach[i][j], reach[i][j])
				}
			}
		}
	})
}

// clustered clusters members whose every pair has a weight.
func clustered(t interface{ Fatal(...any) }, members []Member, weight func(a, b int32) float64) [][]int32 {
	var links []Link
	for a := range members {
		for b := a + 1; b < len(members); b++ {
			links = append(links, Link{A: int32(a), B: int32(b), Weight: weight(int32(a), int32(b))})
		}
	}
	c := &Clustering{Model: match.Default(), Members: members, Scores: func(p [][2]int32) ([]Link, error) {
		t.Fatal("a pair was scored again")
		return nil, nil
	}}
	out, err := c.Run(links)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// However the weights fall, nobody is put together with a record of another birth certificate or of
// another order in a multiple birth.
func TestHardConstraintsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 10).Draw(t, "n")
		members := make([]Member, n)
		for i := range members {
			members[i] = Member{BirthCert: rapid.SampledFrom([]string{"", "", "MN-1", "MN-2"}).Draw(t, "cert"),
				BirthOrder: rapid.SampledFrom([]int32{0, 0, 1, 2}).Draw(t, "order"),
				Multiple:   rapid.SampledFrom([]string{"", "Y", "N"}).Draw(t, "multiple"),
				Client:     rapid.SampledFrom([]int64{0, 0, 7, 8}).Draw(t, "client")}
		}
		weights := map[[2]int32]float64{}
		for a := range n {
			for b := a + 1; b < n; b++ {
				weights[[2]int32{int32(a), int32(b)}] = rapid.Float64Range(-20, 60).Draw(t, "weight")
			}
		}
		groups := clustered(t, members, func(a, b int32) float64 { return weights[[2]int32{a, b}] })
		seen := 0
		for _, g := range groups {
			seen += len(g)
			for _, a := range g {
				for _, b := range g {
					if a != b && conflict(&members[a], &members[b]) {
						t.Fatalf("%d and %d are one person", a, b)
					}
				}
			}
		}
		if seen != n {
			t.Fatalf("%d of %d members are in a group", seen, n)
		}
	})
}

func TestAverageLinkageCutsAChain(t *testing.T) {
	weight := func(a, b int32) float64 {
		if b-a == 1 {
			return 8
		}
		return -10
	}
	if got := clustered(t, make([]Member, 4), weight); len(got) != 2 {
		t.Errorf("a chain of four whose ends disagree makes %v", got)
	}
	if got := clustered(t, make([]Member, 4), func(a, b int32) float64 { return 9 }); len(got) != 1 {
		t.Errorf("four that all agree make %v", got)
	}
}

func TestHysteresis(t *testing.T) {
	between := func(a, b int32) float64 { return 3 } // below the bar to join, above the one to leave
	if got := clustered(t, make([]Member, 2), between); len(got) != 2 {
		t.Errorf("two strangers joined at 3 bits")
	}
	if got := clustered(t, []Member{{Client: 5}, {Client: 5}}, between); len(got) != 1 {
		t.Errorf("two records of one person parted at 3 bits")
	}
	if got := clustered(t, []Member{{Client: 5}, {Client: 5}}, func(a, b int32) float64 { return -1 }); len(got) != 2 {
		t.Errorf("two records of one person stayed together at -1 bits")
	}
}

func TestIDs(t *testing.T) {
	rec := func(id int64, birth bool) Identity { return Identity{Client: id, BirthRecord: birth} }
	for _, c := range []struct {
		name    string
		records []Identity
		groups  [][]int32
		ids     []int64
		changes []string
	}{
		{"new", []Identity{rec(0, false), rec(0, false)}, [][]int32{{0}, {1}}, []int64{11, 12},
			[]string{"created 11/0", "created 12/0"}},
		{"joined", []Identity{rec(3, false), rec(0, false)}, [][]int32{{0, 1}}, []int64{3}, []string{"joined 3/0"}},
		{"merged into the oldest", []Identity{rec(4, true), rec(3, false), rec(4, false)}, [][]int32{{0, 1, 2}},
			[]int64{3}, []string{"merged 4/3"}},
		{"split: the birth record's holder keeps the id", []Identity{rec(3, false), rec(3, false), rec(3, true)},
			[][]int32{{0, 1}, {2}}, []int64{11, 3}, []string{"split 11/3"}},
		{"split: else the one with most records", []Identity{rec(3, false), rec(3, false), rec(3, false)},
			[][]int32{{0}, {1, 2}}, []int64{11, 3}, []string{"split 11/3"}},
		{"moved", []Identity{rec(3, true), rec(3, false), rec(4, true)}, [][]int32{{0}, {1, 2}}, []int64{3, 4},
			[]string{"moved 4/3"}},
		{"moved from a person that is merged away",
			[]Identity{rec(2, false), rec(3, false), rec(4, true), rec(4, false)}, [][]int32{{0, 3}, {1, 2}},
			[]int64{2, 3}, []string{"merged 4/3", "moved 2/4"}},
		{"unchanged", []Identity{rec(3, true), rec(3, false)}, [][]int32{{0, 1}}, []int64{3}, nil},
	} {
		var changes []string
		people, last := GiveIDs(c.groups, c.records, 10, func(ch table.ClientChange) {
			changes = append(changes, fmt.Sprintf("%s %d/%d", ch.Change, ch.ClientID, ch.OtherID))
		})
		var ids []int64
		for _, p := range people {
			ids = append(ids, p.ID)
		}
		if !slices.Equal(ids, c.ids) || !slices.Equal(changes, c.changes) {
			t.Errorf("%s: ids %v and changes %v; want %v and %v", c.name, ids, changes, c.ids, c.changes)
		}
		if last < 10 || last < slices.Max(ids) {
			t.Errorf("%s: the mark is %d", c.name, last)
		}
	}
}
