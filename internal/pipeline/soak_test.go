package pipeline

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// A soak is a test of many rounds that remembers how far it has come. With MIIC_SOAK naming a folder it keeps a file
// there, so that a run that was stopped goes on at the round where it was, and a run after the last round begins again
// with the next seed. Without the variable every run does the same rounds.
type soak struct {
	Seed   uint64         `json:"seed"`
	Rounds int            `json:"rounds"` // to do
	Done   int            `json:"done"`
	Seen   map[string]int `json:"seen"` // what the rounds came to
	path   string         // empty: nothing is remembered
}

// openSoak begins a soak, or takes up the one of that name that was left.
func openSoak(t *testing.T, name string, rounds int) *soak {
	t.Helper()
	s := &soak{Seed: 1, Rounds: rounds, Seen: map[string]int{}}
	dir := os.Getenv("MIIC_SOAK")
	if dir == "" {
		return s
	}
	s.path = filepath.Join(dir, name+".json")
	data, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s
	}
	left := soak{}
	if err == nil {
		err = json.Unmarshal(data, &left)
	}
	if err != nil {
		t.Fatalf("%s: %v: remove the file to begin again", s.path, err)
	}
	if left.Done >= left.Rounds {
		s.Seed = left.Seed + 1
		return s
	}
	s.Seed, s.Done, s.Seen = left.Seed, left.Done, left.Seen
	s.Rounds = max(rounds, s.Done)
	t.Logf("going on after round %d of %d, seed %d", s.Done, s.Rounds, s.Seed)
	return s
}

// chance returns the randomness of a round: its own, so that a round is the same whichever run does it.
func (s *soak) chance(round int) *rand.Rand { return rand.New(rand.NewPCG(s.Seed, uint64(round))) }

// count adds to what the rounds came to.
func (s *soak) count(what string) { s.Seen[what]++ }

// finish records that a round is done and has found nothing wrong.
func (s *soak) finish(t *testing.T, round int) {
	t.Helper()
	s.Done = round + 1
	if s.path == "" {
		return
	}
	data, err := json.MarshalIndent(s, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(s.path), 0o700)
	}
	if err == nil {
		err = os.WriteFile(s.path+".tmp", append(data, '\n'), 0o600)
	}
	if err == nil {
		err = os.Rename(s.path+".tmp", s.path)
	}
	if err != nil {
		t.Fatal(err)
	}
	if s.Done%100 == 0 {
		t.Logf("%d of %d rounds done: %v", s.Done, s.Rounds, s.Seen)
	}
}

// crashRounds is how many rounds the crash test does: MIIC_CRASH_ROUNDS, or a few.
func crashRounds() int {
	n, err := strconv.Atoi(os.Getenv("MIIC_CRASH_ROUNDS"))
	if err != nil {
		return 40
	}
	return n
}

func TestSoakGoesOn(t *testing.T) {
	t.Setenv("MIIC_SOAK", filepath.Join(t.TempDir(), "soak"))
	first := openSoak(t, "x", 3)
	for round := range 2 { // and then it is stopped
		first.count("kills")
		first.finish(t, round)
	}
	second := openSoak(t, "x", 3)
	if second.Done != 2 || second.Seen["kills"] != 2 || second.Seed != first.Seed {
		t.Errorf("the second run begins with %+v", second)
	}
	if a, b := first.chance(2).Uint64(), second.chance(2).Uint64(); a != b || a == first.chance(1).Uint64() {
		t.Errorf("round 3 draws %d in the first run and %d in the second", a, b)
	}
	second.finish(t, 2)
	third := openSoak(t, "x", 3)
	if third.Done != 0 || third.Seed != first.Seed+1 || len(third.Seen) != 0 {
		t.Errorf("a run after the last round begins with %+v", third)
	}
}
