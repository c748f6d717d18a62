package table

import (
	"slices"
	"testing"
)

// The version that wins is the sender's newest, then the night's, the delivery's and the line's.
func TestLatestVersions(t *testing.T) {
	version := func(id string, time Time, snapshot int64, batch string, line int64) NoticeResult {
		return NoticeResult{ResultID: id, SenderTime: time, Snapshot: snapshot, BatchID: batch, Line: line}
	}
	rows := []NoticeResult{
		version("a", 5, 1, "x", 1), version("b", 0, 9, "x", 2), version("a", 7, 1, "x", 9), version("a", 6, 8, "x", 1),
		version("b", 1, 1, "x", 1), version("c", 3, 2, "m", 7), version("c", 3, 2, "n", 1), version("c", 3, 1, "z", 9),
		version("c", 3, 2, "n", 4), version("c", 3, 2, "n", 2)}
	want := []NoticeResult{version("a", 7, 1, "x", 9), version("b", 1, 1, "x", 1), version("c", 3, 2, "n", 4)}
	if got := Latest(NoticeResults, rows); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	slices.Reverse(rows)
	if got := Latest(NoticeResults, rows); !slices.Equal(got, []NoticeResult{want[2], want[1], want[0]}) {
		t.Errorf("the other way round: %+v", got)
	}
}
