package linkage

import (
	"testing"

	"miic/internal/table"
)

func TestWhoMayBeRestrictedIsSuppressed(t *testing.T) {
	optOut := table.Restriction{ClientID: 1, Kind: "opt_out", SourceID: "families/1", Basis: "matched", Since: 1}
	quiet := table.Restriction{ClientID: 3, Kind: "no_contact", SourceID: "families/2", Basis: "matched", Since: 1}
	got := suppressDoubtful([]table.Restriction{optOut, quiet}, []clientPair{{L: 1, R: 2}, {L: 3, R: 4}, {L: 1, R: 6}},
		func(_ string, client int64) bool { return client == 6 }, 5)
	want := []table.Restriction{optOut,
		{ClientID: 2, Kind: "opt_out", SourceID: "families/1", Basis: "possible", Since: 5}, quiet}
	if len(got) != len(want) {
		t.Fatalf("restrictions %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("restriction %v, want %v", got[i], want[i])
		}
	}
	// The next night the pair is settled: the doubt goes, the restriction stays.
	old := []carried{carried(got[0]), carried(got[1])}
	next := joinRestrictions(old, []table.Restriction{optOut})
	if len(next) != 1 || next[0] != optOut {
		t.Errorf("after the review: %v", next)
	}
}
