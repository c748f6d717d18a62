package delivery

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/lake"
)

// TestAnyOrder: in whatever order nights, operators, rollbacks and the retention act on a delivery, its life as folded
// from rows and ledgers is the state that the table of transitions leads to, and the advice is what is allowed there.
func TestAnyOrder(t *testing.T) {
	words := []string{"load", "hold", "turn", "other", "release", "return", "refuse", "replay", "backout", "expire",
		"rollback"}
	rapid.Check(t, func(t *rapid.T) {
		h := &history{past: lake.Past{AsOf: map[int64]string{}}, state: Arrived, used: map[Transition]bool{}}
		var done []string
		if err := h.do("other"); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 12).Draw(t, "length") {
			word := rapid.SampledFrom(words).Draw(t, "word")
			if word == "rollback" {
				word += ":" + strconv.FormatInt(rapid.Int64Range(1, h.snapshot).Draw(t, "to"), 10)
			}
			if !h.may(word) {
				continue
			}
			if err := h.do(word); err != nil {
				t.Fatalf("%v, then %s: %v", done, word, err)
			}
			done = append(done, word)
			l := FoldLives(h.rows, &h.past)[sum[:16]]
			if l == nil {
				if h.state != Arrived && h.state != Empty {
					t.Fatalf("%v: nothing is known, want %s", done, h.state)
				}
				continue
			}
			// A rollback to before a backout brings the corrected lines' delivery back as it was: replayed is loaded too.
			if l.State == Replayed && h.state == Loaded {
				h.state = Replayed
			}
			if l.State != h.state {
				t.Fatalf("%v: the fold has %s, want %s", done, l.State, h.state)
			}
			for _, e := range []Event{Release, Return, Refuse, Replay, BackOut} {
				if can := slices.Contains(l.Can(), e); can != (l.Check(e) == nil) {
					t.Fatalf("%v: %s is offered: %v, and allowed: %v", done, e, can, l.Check(e))
				}
			}
		}
	})
}

// may reports that the table has a transition for the word, as every command asks it. The retention spares what waits.
func (h *history) may(word string) bool {
	event := map[string]Event{"load": Load, "empty": FindEmpty, "hold": Hold, "turn": TurnAway, "release": Release,
		"return": Return, "refuse": Refuse, "replay": Replay, "backout": BackOut, "expire": Expire}[word]
	if event == "" {
		// Not covered: a copy that was deleted and came again in nights that two rollbacks take back. It counts as gone,
		// though the archive has it.
		return word == "other" || len(h.past.Deleted) == 0 || h.gone
	}
	if h.gone && h.state != Restored && (event == Release || event == Return || event == Replay) {
		return false
	}
	_, err := Next(h.state, event)
	return err == nil && (event != Expire || !h.state.Kept() && h.state != Arrived)
}
