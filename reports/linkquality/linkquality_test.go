package linkquality

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

var asOf = table.NewDate(2026, 3, 20)

// TestWhatBecameOfPairs: hand-worked sums. A pair counts with the fate of its two persons, on the side of the threshold on which its
// weight lies; what the model expects is the sum of probabilities.
func TestWhatBecameOfPairs(t *testing.T) {
	w := weightsOf([]pairGroup{
		{Bin: 10, Bears: true, Became: linked, Rules: 0b11, Pairs: 100, Expected: 99},
		{Bin: 10, Bears: true, Became: linked, Rules: 0b01, Pairs: 10, Expected: 10},
		{Bin: 1, Became: linked, Pairs: 5, Expected: 2},
		{Bin: 2, Became: review, Pairs: 7, Expected: 3.5},
		{Bin: -2, Became: apart, Pairs: 40, Expected: .5},
		{Bin: -9, Became: apart, Pairs: 1},                           // below the lowest bin
		{Bin: 99, Bears: true, Became: apart, Pairs: 2, Expected: 2}, // above the highest
	})
	for what, c := range map[string][2]float64{
		"wrong": {w.linked.wrong(), 1}, "below": {w.below.expected, .5}, "joined": {w.joined.expected, 2}, "review": {w.review.expected, 3.5},
		"parted": {float64(w.parted.pairs), 2}, "linked": {float64(w.linked.pairs), 110}, "by others": {float64(w.joined.pairs), 5},
		"in review": {float64(w.review.pairs), 7}, "too light": {float64(w.below.pairs), 41},
		"first bin": {float64(w.bins[0].apart), 1}, "last bin": {float64(w.bins[len(w.bins)-1].apart), 2},
		"bin of 2 bits": {float64(w.bins[5].linked), 5}, "bin of 4 bits": {float64(w.bins[6].review), 7},
		"bin of -4 bits": {float64(w.bins[2].apart), 40}, "unseen": {w.unseen, 10 * 9 / (2 * 100.)},
	} {
		if math.Abs(c[0]-c[1]) > 1e-9 {
			t.Errorf("%s: %g, want %g", what, c[0], c[1])
		}
	}
	for i, want := range map[int]string{0: "below -6 bits", 1: "-6 to -4 bits", 23: "38 to 40 bits", 24: "40 bits and more"} {
		if got := w.bins[i].weights(); got != want {
			t.Errorf("column %d has %s, want %s", i, got, want)
		}
	}
	says := w.picture(Config{Link: 6.6, Review: 2})
	if says.Says != "Of 165 pairs of records that are alike, 69.7 % are one person's now, 4.2 % wait for a person and 26.1 % are kept apart." ||
		!strings.Contains(string(says.Drawing), "linked from 6.6") {
		t.Errorf("%+v", says)
	}
}

// TestKindsOfQuestions: no word that came from a person, such as who has judged, gets from a reason to the page; nor does it say
// that a question is about somebody restricted.
func TestKindsOfQuestions(t *testing.T) {
	for reason, want := range map[string]string{
		"held: names_like_twins":                 "the weight would do, but names like twins",
		"held: surname_differs names_like_twins": "the weight would do, but surname differs",
		"held: Kim Lee":                          "another reason",
		"asked again: Kim Lee said different on 2026-03-01; since then x": "judged before, and a record has changed since",
		"match weight between review and link":                            "the weight lies between the two thresholds",
		"may have died: mail is held":                                     "may be the person of a death certificate",
		"its sender told another birth date before":                       "another reason",
		"may be a person who has opted out":                               "another reason",
		"Kim Lee wants to know":                                           "another reason",
	} {
		if got := kindOf(reason); got != want {
			t.Errorf("%q is of the kind %q, want %q", reason, got, want)
		}
	}
}

// TestAgesOfQuestions: each question on one side of a boundary.
func TestAgesOfQuestions(t *testing.T) {
	var list []question
	for _, days := range []table.Date{0, 1, 7, 8, 30, 31} {
		list = append(list, question{Reason: "may have died: x", On: asOf - days, Questions: 1})
	}
	list = append(list, question{Reason: "held: twins", On: asOf - 2, Questions: 9})
	got := queueOf(asOf, list)
	if len(got) != 2 || got[0].ages != [4]int64{0, 9, 0, 0} || got[1].ages != [4]int64{1, 2, 2, 1} || got[1].oldest != asOf-31 {
		t.Errorf("%+v", got)
	}
}

// TestLinkagePage: from tables to the page. Two records of one person, two whose persons are asked about by another pair of theirs,
// two kept apart; a pair of which one record has changed since does not count, and no id gets out.
func TestLinkagePage(t *testing.T) {
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	given := pipeline.Stage{Name: "given", Writes: Reads, Run: func(_ context.Context, r *pipeline.Run) error {
		var links []table.ClientLink
		var records []table.StandardRecord
		for i, client := range []int64{501, 501, 502, 503, 503} {
			id := fmt.Sprint("elm/", i)
			links = append(links, table.ClientLink{RecordID: id, ClientID: client})
			records = append(records, table.StandardRecord{RecordID: id, ContentHash: fmt.Sprint("hash", i)})
		}
		pair := func(l, r int, weight, p float64, hash string) table.ScoredPair {
			return table.ScoredPair{RecordL: fmt.Sprint("elm/", l), RecordR: fmt.Sprint("elm/", r), Snapshot: 1, Rules: 1, Weight: weight, PMatch: p,
				HashL: fmt.Sprint("hash", l), HashR: hash, Decision: "link"}
		}
		for _, err := range []error{pipeline.Write(r, table.ClientLinks, links), pipeline.Write(r, table.StandardRecords, records),
			pipeline.Write(r, table.ScoredPairs, []table.ScoredPair{pair(0, 1, 6.6, .9, "hash1"), pair(0, 3, 6.5, .8, "hash3"),
				pair(1, 2, -1, .125, "hash2"), pair(2, 4, 30, 1, "before")}),
			pipeline.Write(r, table.ReviewItems, []table.ReviewItem{{ItemID: "q", RecordL: "elm/1", RecordR: "elm/4", Snapshot: 2, Decision: "open",
				Reason: "held: names_like_twins"}, {ItemID: "s", RecordL: "elm/1", RecordR: "elm/2", Snapshot: 1, Decision: "different", Reason: "Kim Lee"}}),
			pipeline.Write(r, table.Clients, []table.Client{{ClientID: 501, Records: 2}, {ClientID: 502, Records: 1}, {ClientID: 503, Records: 12}}),
			pipeline.Write(r, table.Batches, []table.Batch{{BatchID: "a", Snapshot: 1, ReceivedOn: asOf - 9}, {BatchID: "b", Snapshot: 2, ReceivedOn: asOf - 8}}),
			pipeline.Write(r, table.ClientChanges, []table.ClientChange{{ClientID: 504, OtherID: 501, Snapshot: 2, Change: "merged", Reason: "r"}}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	}}
	night, err := b.Night(t.Context(), asOf, nil, given, pipeline.Stage{Name: "page", Dated: true, Reads: Reads,
		Run: func(ctx context.Context, r *pipeline.Run) error {
			return Run(ctx, r, Config{Model: "7", Link: 6.6, Review: 2})
		}})
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, name := range []string{"linkage.html", "linkage_weights.csv", "linkage_nights.csv", "linkage_questions.csv"} {
		data, err := os.ReadFile(filepath.Join(night.OutDir, name))
		if err != nil {
			t.Fatal(err)
		}
		text[name] = string(data)
		for _, secret := range []string{"elm/", "501", "Kim"} {
			if strings.Contains(string(data), secret) {
				t.Errorf("%s tells %s", name, secret)
			}
		}
	}
	for name, want := range map[string][]string{
		"linkage_weights.csv":   {"\r\n6,8,1,1,0\r\n", "\r\n-2,0,0,0,1\r\n", "\r\n30,32,0,0,0\r\n"},
		"linkage_nights.csv":    {"2,2026-03-12,0,0,1,0,0,0,1,0,0\r\n", "1,2026-03-11,0,0,0,0,0,0,0,0,1\r\n"},
		"linkage_questions.csv": {"\"the weight would do, but names like twins\",0,0,1,0,2026-03-12\r\n"},
		"linkage.html": {"1 question waits for a person.", "Of 3 pairs of records that are alike, 33.3 % are one person", "10 or more",
			"model 7", `aria-current="page">Linkage<`},
	} {
		for _, w := range want {
			if !strings.Contains(text[name], w) {
				t.Errorf("%s lacks %q:\n%s", name, w, text[name])
			}
		}
	}
	i := strings.Index(text["linkage.html"], "linked wrongly")
	if cells := strings.Split(text["linkage.html"][i:], "</tr>"); i < 0 || !strings.Contains(cells[0], ">0.1<") || !strings.Contains(cells[1], ">0.1<") {
		t.Errorf("estimates: %s", slices.Concat(cells[:2]))
	}
}
