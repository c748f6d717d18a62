package withdrawal

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// A world is what Run reads.
type world struct {
	clients      []table.Client
	restrictions []table.Restriction
	changes      []table.ClientChange
	disclosures  []table.Disclosure
	open         []table.OpenNotice
}

func (w *world) shown(snapshot int64, output string, clients ...int64) {
	for _, id := range clients {
		w.disclosures = append(w.disclosures, table.Disclosure{Snapshot: snapshot, Output: output, ClientID: id})
	}
}

func (w *world) restrict(client int64, kind string) {
	w.restrictions = append(w.restrictions, table.Restriction{ClientID: client, Kind: kind, SourceID: "r", Basis: "matched"})
}

// night runs as the next night of the bench, and returns what it withdraws: folder, night and why.
func night(t *testing.T, b *pipeline.Bench, day int, w *world) []string {
	t.Helper()
	var list []string
	for _, row := range rowsOf(t, b, day, w, 1) {
		list = append(list, fmt.Sprintf("%s %d %s", row.Folder, row.Of, row.Why))
	}
	slices.Sort(list)
	return list
}

// rowsOf runs a night by a version of the stage, and returns the rows that it writes.
func rowsOf(t *testing.T, b *pipeline.Bench, day int, w *world, version int) []table.Withdrawal {
	t.Helper()
	given := pipeline.Stage{Name: "given", Config: day, Writes: Reads, Run: func(_ context.Context, r *pipeline.Run) error {
		var later []table.Disclosure // a log: only what is new
		for _, d := range w.disclosures {
			if d.Snapshot == r.Snapshot {
				later = append(later, d)
			}
		}
		var changes []table.ClientChange
		for _, c := range w.changes {
			if c.Snapshot == r.Snapshot {
				changes = append(changes, c)
			}
		}
		for _, err := range []error{pipeline.Write(r, table.Clients, w.clients), pipeline.Write(r, table.Restrictions, w.restrictions),
			pipeline.Write(r, table.ClientChanges, changes), pipeline.Write(r, table.Disclosures, later),
			pipeline.Write(r, table.OpenNotices, w.open)} {
			if err != nil {
				return err
			}
		}
		return nil
	}}
	stage := pipeline.Stage{Name: "withdraw", Version: version, Reads: Reads, Prior: []string{"withdrawal"}, Writes: []string{"withdrawal"}, Run: Run}
	if _, err := b.Night(context.Background(), table.NewDate(2026, 3, 1)+table.Date(day), nil, given, stage); err != nil {
		t.Fatal(err)
	}
	rows, err := table.ReadAll[table.Withdrawal](b.Files("withdrawal"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(rows, func(row table.Withdrawal) bool { return row.Snapshot != int64(day) })
}

func newBench(t *testing.T) *pipeline.Bench {
	t.Helper()
	b, err := pipeline.NewBench(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// TestWhatIsWithdrawn: by each kind of restriction, the folders that name the person and no others; each once.
func TestWhatIsWithdrawn(t *testing.T) {
	b, w := newBench(t), &world{}
	everywhere := func(night int64, client int64) {
		w.shown(night, "regions/metro/recall.csv", client)
		w.shown(night, "regions/metro/mailing.csv", client)
		w.shown(night, "state/mailing.csv", client)
		w.shown(night, "clinics/oak/due.csv", client)
		w.shown(night, "plans/north/members.csv", client)
	}
	everywhere(1, 1)
	w.shown(1, "regions/north/recall.csv", 2)
	w.shown(1, "regions/north/text.csv", 2)
	w.shown(1, "clinics/elm/due.csv", 2)
	w.shown(1, "on-demand/000001/susceptible", 1, 2)
	w.shown(1, "newborns/newborns.csv", 1)
	w.shown(1, "records/record-1", 1)
	w.shown(2, "newborns/newborns.csv", 5)
	if got := night(t, b, 1, w); got != nil {
		t.Errorf("on the first night: %q", got)
	}
	everywhere(2, 3) // another person in the same folders
	w.shown(2, "regions/north/recall.csv", 4)
	w.restrict(1, "opt_out")
	w.restrict(2, "no_texts")
	want := []string{"clinics/oak 1 opt_out", "newborns 1 opt_out", "on-demand/000001/susceptible 1 opt_out", "plans/north 1 opt_out",
		"regions/metro 1 opt_out", "regions/north 1 no_texts", "state 1 opt_out"}
	if got := night(t, b, 2, w); !slices.Equal(got, want) {
		t.Errorf("withdrawn are %q\nwant %q", got, want)
	}
	w.restrict(4, "no_calls") // in no call
	w.restrict(5, "no_texts") // newborns' families are written to
	if got := night(t, b, 3, w); got != nil {
		t.Errorf("again: %q", got)
	}
	w.restrict(3, "no_mail")
	w.restrict(5, "no_mail")
	w.clients = []table.Client{{ClientID: 4, Contact: "none"}}
	// the third night wrote nothing new: it may have had the files of the second
	want = []string{"newborns 2 no_mail", "newborns 3 no_mail", "regions/metro 2 no_mail", "regions/metro 3 no_mail", "regions/north 2 no_contact", "regions/north 3 no_contact",
		"state 2 no_mail", "state 3 no_mail"}
	if got := night(t, b, 4, w); !slices.Equal(got, want) {
		t.Errorf("withdrawn are %q\nwant %q", got, want)
	}
}

// TestWhomAFolderNames: under ids that somebody had before, and for as many nights as a notice lay in open/.
func TestWhomAFolderNames(t *testing.T) {
	b, w := newBench(t), &world{}
	w.shown(1, "clinics/oak/due.csv", 10) // merged into 12 by way of 11
	w.shown(1, "clinics/elm/due.csv", 20) // of whom 21 was a part until the third night
	w.shown(1, "clinics/ash/due.csv", 30) // somebody else
	w.shown(3, "clinics/elm/due.csv", 20) // no longer
	w.shown(1, "clinics/fir/due.csv", 12) // who is 12 herself
	w.shown(2, "clinics/fir/due.csv", 30)
	w.changes = []table.ClientChange{{ClientID: 10, OtherID: 11, Change: "merged", Snapshot: 2},
		{ClientID: 11, OtherID: 12, Change: "merged", Snapshot: 2}, {ClientID: 21, OtherID: 20, Change: "split", Snapshot: 3}}
	lay := func(id string, client, since, until int64, recipient, channel string) {
		w.open = append(w.open, table.OpenNotice{NoticeID: id, ClientID: client, Region: "metro", Since: since, Until: until,
			Recipient: recipient, Channel: channel})
	}
	lay("a", 40, 1, 3, "Board", "mail")
	lay("a", 40, 3, 0, "Board", "phone")
	lay("b", 41, 2, 3, "", "mail") // in the night's own files alone
	for day := 1; day <= 3; day++ {
		if got := night(t, b, day, w); got != nil {
			t.Errorf("night %d: %q", day, got)
		}
	}
	w.restrict(12, "seal")
	w.restrict(21, "lock")
	w.restrict(40, "no_calls")
	w.restrict(41, "no_contact")
	want := "clinics/elm 1 lock; clinics/elm 2 lock; clinics/fir 1 seal; clinics/oak 1 seal; clinics/oak 2 seal; " +
		"clinics/oak 3 seal; regions/metro 3 no_calls"
	if got := strings.Join(night(t, b, 4, w), "; "); got != want {
		t.Errorf("withdrawn are %s\nwant %s", got, want)
	}
}

// TestWhatChangedGivesTheSame: nights that look up only what changed withdraw what nights withdraw that look up everything,
// whoever is restricted, released, joined and parted, and whatever is disclosed to whom, on demand too.
func TestWhatChangedGivesTheSame(t *testing.T) {
	kinds := []string{"opt_out", "lock", "seal", "no_contact", "no_mail", "no_calls", "no_texts"}
	outputs := []string{"regions/metro/recall.csv", "regions/metro/mailing.csv", "regions/north/phone.csv", "regions/metro/open",
		"clinics/oak/due.csv", "state/mailing.csv", "newborns/newborns.csv", "records/record-1"}
	draw := rand.New(rand.NewPCG(7, 11))
	some, all, w := newBench(t), newBench(t), &world{}
	withdrawn := 0
	for day := 1; day <= 10; day++ {
		person := func() int64 { return 1 + draw.Int64N(40) }
		for range draw.IntN(25) {
			w.shown(int64(day), outputs[draw.IntN(len(outputs))], person())
		}
		if draw.IntN(3) == 0 {
			w.shown(int64(day), fmt.Sprintf("on-demand/%06d/susceptible", day), person(), person())
		}
		w.restrictions = slices.DeleteFunc(w.restrictions, func(table.Restriction) bool { return draw.IntN(4) == 0 })
		for range draw.IntN(3) {
			w.restrict(person(), kinds[draw.IntN(len(kinds))])
		}
		if draw.IntN(2) == 0 {
			change := []string{"merged", "split", "moved"}[draw.IntN(3)]
			w.changes = append(w.changes, table.ClientChange{ClientID: person(), OtherID: person(), Change: change, Snapshot: int64(day)})
		}
		w.clients = []table.Client{{ClientID: person(), OptedOut: draw.IntN(2) == 0, Contact: "none"}}
		got, want := rowsOf(t, some, day, w, 1), rowsOf(t, all, day, w, day)
		if !slices.Equal(got, want) {
			t.Fatalf("night %d withdraws %+v\nwant %+v", day, got, want)
		}
		withdrawn += len(got)
	}
	if withdrawn < 10 {
		t.Errorf("the nights withdraw %d folders: too few to tell", withdrawn)
	}
}
