package delivery

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/internal/lake"
	"miic/internal/table"
)

// How a delivery was left is what the nights did with it, one after the other; bytes that come again change nothing.
func TestNewest(t *testing.T) {
	for _, c := range []struct {
		name, want string
		rows       []table.Batch // of one delivery
	}{
		{"held and passed over in one night", "held", []table.Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 1, Status: "duplicate"}}},
		{"held, then refused", "refused", []table.Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 2, Status: "refused"}}},
		{"loaded and, under another name, refused", "loaded", []table.Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "refused"}}},
		{"in one night loaded and, under another name, held", "loaded", []table.Batch{{Snapshot: 1, Sender: "b", Status: "held"}, {Snapshot: 1, Sender: "a", Status: "loaded"}}},
		{"released after it was held", "loaded", []table.Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 2, Status: "loaded"}, {Snapshot: 3, Status: "duplicate"}}},
		{"taken out", "backed_out", []table.Batch{{Snapshot: 2, Status: "backed_out"}, {Snapshot: 1, Status: "loaded"}}},
		{"taken out, and held when it comes again", "held", []table.Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "backed_out"}, {Snapshot: 3, Status: "held"}}},
		{"taken out and loaded again", "loaded", []table.Batch{{Snapshot: 1, Status: "loaded"}, {Snapshot: 2, Status: "backed_out"}, {Snapshot: 3, Status: "loaded"}}},
		{"left out", "left_out", []table.Batch{{Snapshot: 1, Status: "held"}, {Snapshot: 5, Status: "left_out"}}},
		{"left out and returned", "loaded", []table.Batch{{Snapshot: 5, Status: "left_out"}, {Snapshot: 6, Status: "loaded"}}},
	} {
		for i := range c.rows {
			c.rows[i].BatchID = "b"
		}
		if got := NewestOf(c.rows)["b"].Status; got != c.want {
			t.Errorf("%s: it is %s, want %s", c.name, got, c.want)
		}
	}
}

// A history makes the rows and ledgers of one delivery out of words: a night's are load, empty, hold, turn (away) and
// other (nothing of it); an operator's are release, return, refuse, replay, backout and rollback:SNAPSHOT; and expire.
type history struct {
	snapshot int64
	rows     []table.Batch
	past     lake.Past
	state    State // by the table alone
	gone     bool  // its copy
	used     map[Transition]bool
}

var sum = strings.Repeat("ab", 32)

func (h *history) event(e Event) error {
	to, err := Next(h.state, e)
	if err != nil {
		return err
	}
	h.used[Transition{h.state, e, to}] = true
	h.state = to
	return nil
}

func (h *history) do(word string) error {
	word, arg, _ := strings.Cut(word, ":")
	status := map[string]string{"load": "loaded", "empty": "empty", "hold": "held", "turn": "refused", "backout": "backed_out"}[word]
	switch word {
	case "load", "empty", "hold", "turn", "backout", "other":
		h.snapshot++
		h.past.AsOf[h.snapshot] = fmt.Sprintf("2026-03-%02d", h.snapshot)
		if word == "other" {
			return nil
		}
		h.gone = h.gone && word == "backout"
		h.rows = append(h.rows, table.Batch{BatchID: sum[:16], SHA256: sum, Snapshot: h.snapshot, Status: status, Sender: "a", FileName: "f"})
		return h.event(done[status])
	case "release", "return", "refuse", "replay":
		h.past.Decisions = append(h.past.Decisions, lake.Decision{Kind: word, Batch: sum[:16], SHA256: sum, Operator: "op",
			Reason: "why", Snapshot: h.snapshot, Run: strconv.Itoa(len(h.past.Decisions))})
		if word == "replay" {
			h.past.Decisions[len(h.past.Decisions)-1].SHA256 = strings.Repeat("cd", 32)
		}
		return h.event(Event(word))
	case "expire": // after a night
		h.snapshot++
		h.past.AsOf[h.snapshot] = fmt.Sprintf("2026-03-%02d", h.snapshot)
		h.gone = true
		h.past.Deleted = append(h.past.Deleted, lake.Deleted{Snapshot: h.snapshot, Copies: []string{sum}})
		return h.event(Expire)
	case "rollback":
		to, err := strconv.ParseInt(arg, 10, 64)
		if err != nil {
			return err
		}
		kept := slices.DeleteFunc(slices.Clone(h.rows), func(b table.Batch) bool { return b.Snapshot > to })
		rolled := &lake.Rolled{To: to, Delivered: Roll(FoldLives(h.rows, &h.past), h.rows, kept)}
		for _, b := range rolled.Delivered {
			if e := Event(b.Event); h.state == BackedOut && e == BackOut {
				err := h.event(RollBack)
				if err != nil {
					return err
				}
			} else if err := h.event(e); err != nil {
				return err
			}
		}
		b := NewestOf(kept)[sum[:16]]
		if len(rolled.Delivered) == 0 && len(kept) < len(h.rows) && (b == nil || !State(b.Status).InTables()) {
			if err := h.event(RollBack); err != nil {
				return err
			}
		}
		if h.gone && len(rolled.Delivered) > 0 && (h.state == LeftOut || h.state == BackedOut) { // nothing could be returned
			if err := h.event(Expire); err != nil {
				return err
			}
		}
		h.snapshot++
		h.past.AsOf[h.snapshot] = h.past.AsOf[to]
		h.rows = kept
		h.past.Rollbacks = append(h.past.Rollbacks, lake.RolledBack{Snapshot: h.snapshot, AsOf: h.past.AsOf[h.snapshot], Operator: "op", Text: "why", Rolled: rolled})
		return nil
	}
	return fmt.Errorf("no word %q", word)
}

// TestLives takes a delivery through every transition of the table, and folds its life from rows and ledgers.
func TestLives(t *testing.T) {
	used := map[Transition]bool{}
	for _, c := range []struct {
		words string
		want  State
	}{
		{"load", Loaded}, {"empty", Empty}, {"hold", Held}, {"turn", Refused},
		{"other release", Released}, {"other refuse", Declined},
		{"other release load", Loaded}, {"other release empty", Empty}, {"other release hold", Held},
		{"hold release turn", Refused}, {"hold release refuse", Declined},
		{"other hold release rollback:1", LeftOut},
		{"load load", Loaded}, {"load hold", Loaded}, {"load turn", Loaded}, {"load expire", Loaded},
		{"load replay", Replayed}, {"load replay load", Replayed}, {"load replay hold", Replayed}, {"load replay turn", Replayed},
		{"load replay replay", Replayed}, {"load replay backout", BackedOut}, {"load replay expire", Replayed},
		{"other load replay rollback:1", LeftOut}, {"other load rollback:1", LeftOut}, {"load backout", BackedOut},
		{"load backout rollback:1", Restored}, {"load backout rollback:1 release", Loaded},
		{"load backout rollback:1 backout", BackedOut}, {"load backout rollback:1 load", Restored},
		{"load backout rollback:1 hold", Restored}, {"load backout rollback:1 turn", Restored},
		{"load backout rollback:1 expire", Restored},
		{"empty load", Loaded}, {"empty empty", Empty}, {"empty hold", Held}, {"empty turn", Refused}, {"empty expire", Empty},
		{"other empty rollback:1", Empty},
		{"hold load", Loaded}, {"hold empty", Empty}, {"hold hold", Held}, {"hold turn", Refused},
		{"hold refuse", Declined}, {"other hold rollback:1", LeftOut},
		{"turn load", Loaded}, {"turn hold", Held}, {"turn turn", Refused}, {"turn release", Released}, {"turn refuse", Declined},
		{"other turn rollback:1", LeftOut}, {"turn expire", Gone},
		{"hold refuse load", Loaded}, {"hold refuse hold", Held}, {"hold refuse turn", Declined},
		{"hold refuse release", Released}, {"hold refuse expire", Gone},
		{"other hold refuse rollback:1", Declined},
		{"load backout load", Loaded}, {"load backout hold", Held}, {"load backout turn", Refused}, {"load backout empty", Empty},
		{"load backout release", Released}, {"load backout expire", Gone},
		{"other load backout rollback:1", BackedOut},
		{"other load rollback:1 load", Loaded}, {"other load rollback:1 empty", Empty}, {"other load rollback:1 hold", Held},
		{"other load rollback:1 turn", Refused}, {"other load rollback:1 return", Released},
		{"other load rollback:1 release", Released}, {"other load rollback:1 refuse", Declined},
		{"turn expire load", Loaded}, {"turn expire empty", Empty}, {"turn expire hold", Held}, {"turn expire turn", Refused},
		{"turn expire expire", Gone}, {"other turn expire rollback:1", Gone},
		{"other load rollback:1 return load rollback:1", LeftOut}, {"load backout rollback:1 other", Restored},
		// Released, held by a brake, refused: no night that counts took it in between.
		{"hold release other refuse", Declined},
		{"hold refuse release load backout hold refuse", Declined},
	} {
		h := &history{past: lake.Past{AsOf: map[int64]string{}}, state: Arrived, used: used}
		for _, word := range strings.Fields(c.words) {
			if err := h.do(word); err != nil {
				t.Fatalf("%s: %s: %v", c.words, word, err)
			}
		}
		if h.state != c.want {
			t.Errorf("%s: by the table it is %s, want %s", c.words, h.state, c.want)
		}
		l := FoldLives(h.rows, &h.past)[sum[:16]]
		if l == nil && c.want == Empty { // nothing is left of it, and nothing is missing
			continue
		}
		if l == nil || l.State != c.want {
			t.Errorf("%s: the fold has %v, want %s", c.words, l, c.want)
		}
	}
	// These need a second rollback, or a copy that went while the delivery was loaded.
	for _, tr := range []Transition{{Arrived, RollBack, LeftOut}, {Refused, FindEmpty, Empty},
		{Restored, RollBack, LeftOut}, {LeftOut, RollBack, LeftOut}, {LeftOut, Expire, Gone}} {
		if to, err := Next(tr.From, tr.On); err != nil || to != tr.To {
			t.Errorf("%s, %s: it is %s, %v, want %s", tr.From, tr.On, to, err, tr.To)
		}
		used[tr] = true
	}
	for _, tr := range Transitions {
		if !used[tr] {
			t.Errorf("no history takes the transition %v", tr)
		}
	}
}

// The copy that a rollback would need may have gone while the delivery was loaded: it cannot be returned.
func TestLeftOutWithoutCopyIsGone(t *testing.T) {
	h := &history{past: lake.Past{AsOf: map[int64]string{}}, state: Arrived, used: map[Transition]bool{}}
	for _, word := range strings.Fields("other load expire rollback:1") {
		if err := h.do(word); err != nil {
			t.Fatal(err)
		}
	}
	l := FoldLives(h.rows, &h.past)[sum[:16]]
	if l.State != Gone || len(l.Can()) > 0 {
		t.Errorf("it is %s and can %v, want gone and nothing", l.State, l.Can())
	}
}

// An older program's rollback did not record what it left out: the nights in between took it in.
func TestRollbackOfAnOlderProgram(t *testing.T) {
	other := strings.Repeat("cd", 32)
	past := &lake.Past{AsOf: map[int64]string{1: "2026-03-01", 2: "2026-03-02", 3: "2026-03-01"},
		Nights: []lake.TakenIn{{Snapshot: 2, AsOf: "2026-03-02", Inbox: []lake.Delivered{
			{Sender: "a", Name: "f", Bytes: 9, SHA256: sum}, {Sender: "a", Name: "again", Bytes: 9, SHA256: other}}}},
		Rollbacks: []lake.RolledBack{{Snapshot: 3, AsOf: "2026-03-01", Operator: "op", Text: "why"}}}
	rows := []table.Batch{{BatchID: other[:16], SHA256: other, Snapshot: 1, Status: "loaded", Sender: "a", FileName: "was"}}
	lives := FoldLives(rows, past)
	if l := lives[sum[:16]]; l == nil || l.State != LeftOut || l.Came != "2026-03-02" || l.File != "f" {
		t.Errorf("it is %+v, want left out", l)
	}
	if l := lives[other[:16]]; l.State != Loaded {
		t.Errorf("what the earlier snapshot has is %s, want loaded", l.State)
	}
}

// Every state and event has words, and every refusal names the state, since when, and what can be done.
func TestCheckNamesWhatCanBeDone(t *testing.T) {
	for _, s := range States {
		if s.Words == "" || s.Means == "" {
			t.Errorf("%s has no words", s.Of)
		}
		for _, c := range commands {
			l := &Life{Batch: "480d4ab635960ece", Sender: "plan", File: "members.csv", State: s.Of, Since: "2026-03-03",
				SHA256: sum, Copy: s.Of != Gone}
			err := l.Check(c.on)
			_, no := Next(s.Of, c.on)
			if (err == nil) != (no == nil) {
				t.Errorf("%s, %s: the check has %v, the table %v", s.Of, c.on, err, no)
			}
			if err == nil {
				continue
			}
			for _, part := range append(l.Commands(), "480d4ab635960ece", "members.csv of plan", s.Words, "2026-03-03") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%s, %s: %q does not name %q", s.Of, c.on, err, part)
				}
			}
		}
	}
}
