package mailing

import (
	"context"
	"path/filepath"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
)

// What a recipient's own list must not be breaks the invariant: a row without a notice, without a disclosure, twice, of a
// person of the wrong side; and a disclosure without a row.
func TestWhatAListMustNotBe(t *testing.T) {
	ctx := context.Background()
	notices := []table.Notice{{NoticeID: "a", Snapshot: 2, ClientID: 1, Region: "metro"}, {NoticeID: "b", Snapshot: 2, ClientID: 2, Region: "central"}}
	of := func(id int64, name string) table.Disclosure {
		return table.Disclosure{Snapshot: 2, ClientID: id, Output: "regions/metro/" + name}
	}
	row := func(notice, region, name string) fileCut {
		return fileCut{"regions/metro/" + name, "metro", name == outside.Name, notice, region}
	}
	all := []table.Disclosure{of(1, "counties.csv"), of(2, "outside.csv")}
	good := []fileCut{row("a", "metro", "counties.csv"), row("b", "central", "outside.csv")}
	for name, c := range map[string]struct {
		rows  []fileCut
		told  []table.Disclosure
		holds bool
	}{
		"as it is":       {good, all, true},
		"no notice":      {append(good[:2:2], row("c", "metro", "counties.csv")), all, false},
		"not disclosed":  {good, all[:1], false},
		"twice":          {append(good[:2:2], good[0]), all, false},
		"a neighbour":    {append(good[1:2:2], row("a", "metro", "outside.csv")), append(all[1:2:2], of(1, "outside.csv")), false},
		"another region": {append(good[:1:1], row("b", "metro", "outside.csv")), all, false},
		"no row":         {good[:1], all, false},
	} {
		e, err := engine.Open(ctx, engine.Options{Temp: filepath.Join(t.TempDir(), "spill")})
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{engine.Load(ctx, e, "file_cut", c.rows), engine.Load(ctx, e, "latest_notice", notices),
			engine.Load(ctx, e, "disclosure", c.told), engine.Load(ctx, e, "prior_disclosure", []table.Disclosure{{Snapshot: 1}})} {
			if err != nil {
				t.Fatal(err)
			}
		}
		n, err := e.Int(ctx, "SELECT count(*) FROM ("+queries.Get("invariant_cut")+") AS breaches")
		if err != nil || (n == 0) != c.holds {
			t.Errorf("%s: broken by %d rows, %v", name, n, err)
		}
		e.Close()
	}
}
