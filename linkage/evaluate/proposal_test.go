package evaluate

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"miic/internal/testdata"
	"miic/linkage/match"
	"miic/linkage/standard"
)

func TestProposal(t *testing.T) {
	records, doses, err := standard.ReadRecords(filepath.Join(testdata.Dir(t, "linkage/registry-seed1"), "records.csv"))
	if err != nil {
		t.Fatal(err)
	}
	old := match.Default()
	model, p, err := Propose(context.Background(), old, standard.All(old.Keys(), records[:900], doses[:900]))
	if err != nil {
		t.Fatal(err)
	}
	file, err := match.Parse(model.Text())
	if err != nil || file.ID() != p.New || p.Old != old.ID() || p.New == p.Old {
		t.Errorf("the file holds model %s, the proposal is of %s, from %s: %v", file.ID(), p.New, p.Old, err)
	}
	if !bytes.Equal(old.Text(), match.Default().Text()) {
		t.Error("training has changed the model it started from")
	}
	levels := 0
	for _, c := range old.Comparisons {
		if c.Kind != match.Relation {
			levels += len(c.Levels)
		}
	}
	moved := 0
	for _, l := range p.Levels {
		if l.NewBits != l.OldBits {
			moved++
		}
		if far := l.NewBits-l.OldBits >= jumpBits || l.OldBits-l.NewBits >= jumpBits; far != l.Jump {
			t.Errorf("%s %s moves from %.2f to %.2f bits; jump %v", l.Comparison, l.Level, l.OldBits, l.NewBits, l.Jump)
		}
	}
	if len(p.Levels) != levels || moved == 0 {
		t.Errorf("%d levels of %d, %d moved", len(p.Levels), levels, moved)
	}
	if p.Shadow.OldPersons < 100 || p.Shadow.NewPersons < 100 {
		t.Errorf("shadow: %d and %d persons of 900 records", p.Shadow.OldPersons, p.Shadow.NewPersons)
	}
}

func TestRegroups(t *testing.T) {
	ids := []string{"a", "b", "c", "d", "e", "f", "g"}
	got := regroups(ids, [][]int32{{0, 1}, {2}, {3, 4}, {5}, {6}}, [][]int32{{1, 0}, {2, 3}, {4}, {5, 6}})
	want := []Regroup{
		{Old: [][]string{{"c"}, {"d", "e"}}, New: [][]string{{"c", "d"}, {"e"}}},
		{Old: [][]string{{"f"}, {"g"}}, New: [][]string{{"f", "g"}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s", fmt.Sprint(got))
	}
	if got := regroups(ids[:2], [][]int32{{0, 1}}, [][]int32{{1, 0}}); len(got) != 0 {
		t.Errorf("equal partitions: %v", got)
	}
}
