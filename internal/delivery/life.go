package delivery

import (
	"fmt"
	"slices"
)

// A State is how a delivery is left: where it is and what it waits for.
type State string

// The states of a delivery's life.
const (
	Arrived   State = "arrived"
	Released  State = "released"
	Loaded    State = "loaded"
	Replayed  State = "replayed"
	Restored  State = "restored"
	Empty     State = "empty"
	Held      State = "held"
	Refused   State = "refused"
	Declined  State = "declined"
	BackedOut State = "backed_out"
	LeftOut   State = "left_out"
	Gone      State = "gone"
)

// An Event is what a night, an operator or the retention does to a delivery.
type Event string

// The events of a delivery's life. Those of a night are what it makes of the file.
const (
	Load      Event = "load"
	FindEmpty Event = "find empty"
	Hold      Event = "hold"
	TurnAway  Event = "turn away"

	Release  Event = "release"
	Return   Event = "return"
	Refuse   Event = "refuse"
	Replay   Event = "replay"
	BackOut  Event = "back out"
	RollBack Event = "roll back"
	Bring    Event = "bring back"

	Expire Event = "expire"
)

// A Meaning is what there is to know about a state or an event.
type Meaning[T ~string] struct {
	Of    T
	Words string // how it is called
	Means string
}

// States has every state, in the order of a life.
var States = []Meaning[State]{
	{Arrived, "arrived", "it lies in the inbox, and no night that was committed has taken it"},
	{Released, "released", "an operator lets it in: the next night takes it from the archive"},
	{Loaded, "loaded", "what it reported is in the tables"},
	{Replayed, "replayed", "loaded, and corrected lines of it were put in: they are a delivery of their own"},
	{Restored, "restored", "it was backed out, and a rollback to before that has brought it back: it is in the tables again"},
	{Empty, "empty", "it held no records: a sign that the sender is alive"},
	{Held, "held", "it is kept back whole until an operator decides"},
	{Refused, "refused", "the night could not take it; the cause has to be mended"},
	{Declined, "declined", "an operator has refused it: it is not loaded, and nothing waits for it"},
	{BackedOut, "backed out", "an operator has taken it out of the tables again"},
	{LeftOut, "left out", "the night that took it in was rolled back: it lies in the archive and is in no table"},
	{Gone, "gone", "it is in no table, and its copy is past the retention: it has to be sent again"},
}

// Events has every event, those of nights first.
var Events = []Meaning[Event]{
	{Load, "loaded", "the night loads it"},
	{FindEmpty, "empty", "the night finds no records in it"},
	{Hold, "held", "the night keeps it back whole"},
	{TurnAway, "refused", "the night cannot take it"},
	{Release, "released", "`miic ingest release`"},
	{Return, "returned", "`miic ingest return`"},
	{Refuse, "refused", "`miic ingest refuse`"},
	{Replay, "replayed", "`miic ingest replay`"},
	{BackOut, "backed out", "`miic lake backout`"},
	{RollBack, "rolled back", "`miic lake rollback` to before the night that took it in"},
	{Bring, "brought back", "`miic lake rollback` to before its backout"},
	{Expire, "deleted", "the retention deletes its copy"},
}

// A Transition is one way from state to state.
type Transition struct {
	From State
	On   Event
	To   State
}

// Transitions is the whole life of a delivery: what is not in it cannot be. Bytes that come again, from anybody and
// under any name, are the same delivery.
var Transitions = []Transition{
	{Arrived, Load, Loaded}, {Arrived, FindEmpty, Empty}, {Arrived, Hold, Held}, {Arrived, TurnAway, Refused},
	{Arrived, Release, Released}, {Arrived, Refuse, Declined}, {Arrived, RollBack, LeftOut},

	{Released, Load, Loaded}, {Released, FindEmpty, Empty}, {Released, Hold, Held}, {Released, TurnAway, Refused},
	{Released, Refuse, Declined}, {Released, RollBack, LeftOut},

	// What is loaded stays so, whatever becomes of the same bytes under another name.
	{Loaded, Load, Loaded}, {Loaded, Hold, Loaded}, {Loaded, TurnAway, Loaded},
	{Loaded, Replay, Replayed}, {Loaded, BackOut, BackedOut}, {Loaded, RollBack, LeftOut}, {Loaded, Expire, Loaded},

	{Replayed, Load, Replayed}, {Replayed, Hold, Replayed}, {Replayed, TurnAway, Replayed},
	{Replayed, Replay, Replayed}, {Replayed, BackOut, BackedOut}, {Replayed, RollBack, LeftOut},
	{Replayed, Expire, Replayed},

	{Restored, Load, Restored}, {Restored, Hold, Restored}, {Restored, TurnAway, Restored},
	{Restored, Release, Loaded}, {Restored, BackOut, BackedOut}, {Restored, RollBack, LeftOut},
	{Restored, Expire, Restored},

	{Empty, Load, Loaded}, {Empty, FindEmpty, Empty}, {Empty, Hold, Held}, {Empty, TurnAway, Refused},
	{Empty, RollBack, Empty}, {Empty, Expire, Empty},

	{Held, Load, Loaded}, {Held, FindEmpty, Empty}, {Held, Hold, Held}, {Held, TurnAway, Refused},
	{Held, Release, Released}, {Held, Refuse, Declined}, {Held, RollBack, LeftOut},

	{Refused, Load, Loaded}, {Refused, FindEmpty, Empty}, {Refused, Hold, Held}, {Refused, TurnAway, Refused},
	{Refused, Release, Released}, {Refused, Refuse, Declined}, {Refused, RollBack, LeftOut}, {Refused, Expire, Gone},

	// A night that finds the bytes again passes them over; older programs did not, and wrote "refused" for the decision.
	{Declined, Load, Loaded}, {Declined, Hold, Held}, {Declined, TurnAway, Declined},
	{Declined, Release, Released}, {Declined, RollBack, Declined}, {Declined, Expire, Gone},

	{BackedOut, Load, Loaded}, {BackedOut, Hold, Held}, {BackedOut, TurnAway, Refused}, {BackedOut, FindEmpty, Empty},
	{BackedOut, Release, Released}, {BackedOut, RollBack, BackedOut}, {BackedOut, Bring, Restored},
	{BackedOut, Expire, Gone},

	// The copy of what is left out is not deleted; but it can have been, while the delivery was loaded.
	{LeftOut, Load, Loaded}, {LeftOut, FindEmpty, Empty}, {LeftOut, Hold, Held}, {LeftOut, TurnAway, Refused},
	{LeftOut, Return, Released}, {LeftOut, Release, Released}, {LeftOut, Refuse, Declined},
	{LeftOut, RollBack, LeftOut}, {LeftOut, Expire, Gone},

	{Gone, Load, Loaded}, {Gone, FindEmpty, Empty}, {Gone, Hold, Held}, {Gone, TurnAway, Refused},
	{Gone, RollBack, Gone}, {Gone, Expire, Gone},
}

var next = func() map[State]map[Event]State {
	m := map[State]map[Event]State{}
	for _, t := range Transitions {
		if m[t.From] == nil {
			m[t.From] = map[Event]State{}
		}
		m[t.From][t.On] = t.To
	}
	return m
}()

// Next is the state after an event, or an error where there is no such transition.
func Next(s State, e Event) (State, error) {
	if to, ok := next[s][e]; ok {
		return to, nil
	}
	return s, fmt.Errorf("what is %s cannot be %s", s.Words(), e.Words())
}

// Words is how a state is called.
func (s State) Words() string { return words(States, s) }

// Words is how what an event does is called.
func (e Event) Words() string { return words(Events, e) }

func words[T ~string](list []Meaning[T], of T) string {
	if i := slices.IndexFunc(list, func(m Meaning[T]) bool { return m.Of == of }); i >= 0 {
		return list[i].Words
	}
	return string(of)
}

// Waits reports that a delivery in this state waits for an operator.
func (s State) Waits() bool { return s == Held || s == LeftOut || s == Restored }

// Listed reports that a delivery in this state is not settled for good: it waits for an operator or for a night, or it was
// loaded and is in no table now.
func (s State) Listed() bool { return s.Waits() || s == Arrived || s == Released || s == BackedOut }

// Kept reports that the copy of a delivery in this state is not deleted, however old it is.
func (s State) Kept() bool { return s == Held || s == LeftOut || s == Released }

// InTables reports that the tables hold what a delivery in this state reported.
func (s State) InTables() bool { return s == Loaded || s == Replayed || s == Restored }

// commands are what operators can do, in the order in which it is offered, and the command that does it.
var commands = []struct {
	on      Event
	command string
	copied  bool // it takes the archived copy
}{
	{Return, "miic ingest return %s --reason \"…\"", true},
	{Release, "miic ingest release %s --reason \"…\"", true},
	{Refuse, "miic ingest refuse %s --reason \"…\"", false},
	{Replay, "miic ingest replay %s FILE… --reason \"…\"", true},
	{BackOut, "miic lake backout %s --reason \"…\"", false},
}

// Can lists what operators can do with a delivery in this state.
func (s State) Can() []Event {
	var list []Event
	for _, c := range commands {
		if _, ok := next[s][c.on]; ok {
			list = append(list, c.on)
		}
	}
	return list
}

// Command is the command by which an operator does an event to a batch.
func (e Event) Command(batch string) string {
	for _, c := range commands {
		if c.on == e {
			return fmt.Sprintf(c.command, batch)
		}
	}
	return ""
}
