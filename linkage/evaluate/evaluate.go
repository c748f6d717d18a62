// Package evaluate measures linkage: on labelled records and labelled pairs, on the synthetic state, and a newly
// trained model beside the one before it. Labels only score: nothing here trains on them.
package evaluate

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"miic/internal/table"
	"miic/linkage/cluster"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// Options say what to evaluate on. Exactly one of Truth and Pairs is given.
type Options struct {
	Records string // CSV as standard.ReadRecords takes it
	Truth   string // CSV: record_id, person_id, birth_group
	Pairs   string // CSV: pair_id, category, record_l, record_r, expected (match, possible, not)
	Model   string // model file; empty for the default model
	Train   bool   // estimate m and u from the records first, without labels

	Clock func() time.Time // for the seconds of each step; nil leaves them out
}

// Rates are shares from 0 to 1.
type Rates struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Clusters are the rates over pairs of records in one cluster, and what became of persons.
type Clusters struct {
	Rates
	ExactPersons    float64 `json:"exact_persons"`     // share of persons whose records are one cluster, and alone in it
	FalseTwinMerges int     `json:"false_twin_merges"` // clusters that hold two persons of one birth group
	BCubedPrecision float64 `json:"b_cubed_precision"`
	BCubedRecall    float64 `json:"b_cubed_recall"`
}

// Outcomes count pairs of one label by what the model decides.
type Outcomes struct {
	Link    int `json:"link"`
	Review  int `json:"review"`
	NonLink int `json:"non_link"`
}

// Report is the outcome of an evaluation.
type Report struct {
	Records          int                             `json:"records"`
	Candidates       int64                           `json:"candidates,omitempty"`
	Edges            *Rates                          `json:"edges,omitempty"`
	Clusters         *Clusters                       `json:"clusters,omitempty"`                  // at the natural cut: what is more likely than not
	Nightly          *Clusters                       `json:"nightly,omitempty"`                   // as a night links by itself: with the bar and the holds
	BlockingRecall   float64                         `json:"blocking_recall,omitempty"`           // share of the true pairs that meet a blocking rule
	EstimatedRecall  float64                         `json:"estimated_blocking_recall,omitempty"` // the same by capture and recapture, without labels
	CalibrationError float64                         `json:"calibration_error"`                   // largest gap of a decile of the scored pairs between expected and observed
	Calibration      []Bin                           `json:"calibration,omitempty"`               // by probability, in ten steps of .1
	ReviewShare      float64                         `json:"review_share"`                        // questions for review, of two persons each, for each record
	Confusion        map[string]*Outcomes            `json:"confusion,omitempty"`
	Agreement        float64                         `json:"agreement,omitempty"`
	ByCategory       map[string]map[string]*Outcomes `json:"-"`
	Seconds          map[string]float64              `json:"seconds"`
	Training         *match.Training                 `json:"training,omitempty"`
	Untrained        string                          `json:"untrained,omitempty"` // why the model was not trained though that was asked
}

// A Bin holds the pairs whose probability of being one person lies in a step of .1.
type Bin struct {
	From     float64 `json:"from"`
	Pairs    int     `json:"pairs"`
	Expected float64 `json:"expected"` // mean probability
	Observed float64 `json:"observed"` // share that is one person
}

// calibrate compares probabilities with the truth. The error is over deciles: the scored pairs in the order
// of their probability, cut into ten parts of equal size. The bins show the middle of the scale, where few
// pairs lie and no decile does.
func calibrate(edges []match.Edge, same func(*match.Edge) bool) ([]Bin, float64) {
	if len(edges) == 0 {
		return nil, 0
	}
	order := make([]int, len(edges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(edges[a].P[match.Same], edges[b].P[match.Same]) })
	bins := make([]Bin, 10)
	var deciles [10]Bin
	for at, i := range order {
		p, observed := edges[i].P[match.Same], 0.0
		if same(&edges[i]) {
			observed = 1
		}
		for _, b := range []*Bin{&deciles[at*10/len(order)], &bins[min(9, int(p*10))]} {
			b.Pairs++
			b.Expected += p
			b.Observed += observed
		}
	}
	var worst float64
	for _, d := range deciles {
		if d.Pairs > 0 {
			worst = max(worst, math.Abs(d.Expected-d.Observed)/float64(d.Pairs))
		}
	}
	for i := range bins {
		bins[i].From = float64(i) / 10
		if n := float64(bins[i].Pairs); n > 0 {
			bins[i].Expected /= n
			bins[i].Observed /= n
		}
	}
	return bins, worst
}

// InputError is a fault of what the caller gave: a file that is missing, not whole or does not fit the
// others. Its text names the file.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

func inputError(format string, args ...any) error { return &InputError{fmt.Errorf(format, args...)} }

// Run evaluates. It fails with an InputError where the fault is in the files.
func Run(ctx context.Context, o Options) (*Report, error) {
	if (o.Truth == "") == (o.Pairs == "") {
		return nil, inputError("evaluate: give either the truth or labelled pairs")
	}
	report := &Report{Seconds: map[string]float64{}}
	done := o.stopwatch(report.Seconds)
	model, err := match.Load(o.Model)
	if err != nil {
		return nil, &InputError{err}
	}
	records, doses, err := standard.ReadRecords(o.Records)
	if err != nil {
		return nil, &InputError{err}
	}
	if len(records) == 0 {
		return nil, inputError("evaluate: %s has no record", o.Records)
	}
	if err := once(records); err != nil {
		return nil, inputError("evaluate: %s: %w", o.Records, err)
	}
	if o.Train && len(records) < match.LeastToTrain {
		o.Train = false
		report.Untrained = fmt.Sprintf("%d records are too few to train on, which takes %d: they are judged by the model as it is", len(records), match.LeastToTrain)
	}
	standard := standard.All(model.Keys(), records, doses)
	report.Records = len(records)
	done("read")
	if o.Pairs != "" {
		if o.Train {
			if model, report.Training, err = match.Train(ctx, model, standard); err != nil {
				return nil, err
			}
			done("train")
		}
		err := pairs(ctx, model, standard, o.Pairs, report)
		done("score")
		return report, err
	}
	result, err := cluster.Batch(ctx, model, standard, o.Train, done)
	if err != nil {
		return nil, err
	}
	report.Candidates, report.Training, report.EstimatedRecall = result.Candidates, result.Training, result.Recall.Share()
	return report, truth(result, o.Truth, report)
}

// once refuses an id that stands on two records: labels could not tell them apart.
func once(records []table.ClientRecord) error {
	seen := make(map[string]bool, len(records))
	for i := range records {
		id := records[i].RecordID
		if seen[id] {
			return fmt.Errorf("record_id %s is there twice", id)
		}
		seen[id] = true
	}
	return nil
}

// stopwatch returns a function that books the time since its last call under a name.
func (o Options) stopwatch(into map[string]float64) func(string) {
	if o.Clock == nil {
		return func(string) {}
	}
	last := o.Clock()
	return func(name string) {
		now := o.Clock()
		into[name] += now.Sub(last).Seconds()
		last = now
	}
}

func readCSV(path string, want []string, fn func(get func(string) string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return inputError("evaluate: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		return inputError("evaluate: %s: no header line", path)
	}
	at := map[string]int{}
	for i, h := range header {
		at[strings.TrimPrefix(h, "\ufeff")] = i
	}
	for _, name := range want {
		if _, ok := at[name]; !ok {
			return inputError("evaluate: %s: no column %s", path, name)
		}
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return inputError("evaluate: %s: %w", path, err)
		}
		if err := fn(func(name string) string {
			if i, ok := at[name]; ok {
				return row[i]
			}
			return ""
		}); err != nil {
			return err
		}
	}
}

func choose2(n int) float64 { return float64(n) * float64(n-1) / 2 }

func rates(hit, found, true_ float64) Rates {
	r := Rates{1, 1, 0}
	if found > 0 {
		r.Precision = hit / found
	}
	if true_ > 0 {
		r.Recall = hit / true_
	}
	if r.Precision+r.Recall > 0 {
		r.F1 = 2 * r.Precision * r.Recall / (r.Precision + r.Recall)
	}
	return r
}

func truth(result *cluster.Result, path string, report *Report) error {
	person := map[string]string{}
	group := map[string]string{}
	if err := readCSV(path, []string{"record_id", "person_id"}, func(get func(string) string) error {
		person[get("record_id")] = get("person_id")
		group[get("record_id")] = get("birth_group")
		return nil
	}); err != nil {
		return err
	}
	who, born := make([]string, len(result.RecordIDs)), make([]string, len(result.RecordIDs))
	for i, id := range result.RecordIDs {
		p, ok := person[id]
		if !ok {
			return inputError("evaluate: %s has no record %s", path, id)
		}
		who[i], born[i] = p, group[id]
	}
	score(result, who, born, report)
	return nil
}

// score fills in the rates of a result whose records are of the persons who, and were born in the births born.
func score(result *cluster.Result, who, born []string, report *Report) {
	size := map[string]int{}
	for _, p := range who {
		size[p]++
	}
	var pairsTrue float64
	for _, k := range size {
		pairsTrue += choose2(k)
	}
	report.BlockingRecall = 1
	if pairsTrue > 0 {
		report.BlockingRecall = float64(result.Met(who)) / pairsTrue
	}
	var found, hit float64
	for _, e := range result.Edges {
		same := who[e.L] == who[e.R]
		p := e.P[match.Same]
		if p >= .5 {
			found++
			if same {
				hit++
			}
		}
	}
	edges := rates(hit, found, pairsTrue)
	report.Edges = &edges
	report.Calibration, report.CalibrationError = calibrate(result.Edges, func(e *match.Edge) bool { return who[e.L] == who[e.R] })
	report.Clusters, _ = clusters(result.Natural, who, born)
	var cluster []int
	report.Nightly, cluster = clusters(result.Persons, who, born)
	questions := map[[2]int]bool{} // two persons are one question, however many of their records are alike
	for _, e := range result.Edges {
		if a, b := cluster[e.L], cluster[e.R]; a != b && e.Weight >= result.Model.Thresholds.Review {
			questions[[2]int{min(a, b), max(a, b)}] = true
		}
	}
	report.ReviewShare = float64(len(questions)) / float64(len(who))
}

func pairs(ctx context.Context, model *match.Model, standard []table.StandardRecord, path string, report *Report) error {
	var list [][2]string
	var expected, category []string
	if err := readCSV(path, []string{"record_l", "record_r", "expected"}, func(get func(string) string) error {
		list = append(list, [2]string{get("record_l"), get("record_r")})
		expected = append(expected, get("expected"))
		category = append(category, get("category"))
		return nil
	}); err != nil {
		return err
	}
	if len(list) == 0 {
		return inputError("evaluate: %s has no pair", path)
	}
	for i, x := range expected {
		if x != "match" && x != "possible" && x != "not" {
			return inputError("evaluate: %s: pair %d expects %q; wants match, possible or not", path, i+1, x)
		}
	}
	known := make(map[string]bool, len(standard))
	for i := range standard {
		known[standard[i].RecordID] = true
	}
	for i, p := range list {
		if !known[p[0]] || !known[p[1]] {
			return inputError("evaluate: %s: pair %d names a record that is not there", path, i+1)
		}
	}
	edges, err := match.ScorePairs(ctx, model, standard, list)
	if err != nil {
		return err
	}
	report.Confusion = map[string]*Outcomes{"match": {}, "possible": {}, "not": {}}
	report.ByCategory = map[string]map[string]*Outcomes{}
	agree := 0
	for i, edge := range edges {
		o := report.Confusion[expected[i]]
		by := report.ByCategory[category[i]]
		if by == nil {
			by = map[string]*Outcomes{"match": {}, "possible": {}, "not": {}}
			report.ByCategory[category[i]] = by
		}
		for _, x := range []*Outcomes{o, by[expected[i]]} {
			switch model.Decide(edge) {
			case match.Link:
				x.Link++
			case match.Review:
				x.Review++
			default:
				x.NonLink++
			}
		}
		if model.Decide(edge) == map[string]match.Decision{"match": match.Link, "possible": match.Review, "not": match.NonLink}[expected[i]] {
			agree++
		}
	}
	report.Agreement = float64(agree) / float64(len(edges))
	return nil
}

// clusters scores a partition of records, known by their places, against who they are and with whom
// they were born; it also returns the cluster of each record.
func clusters(persons [][]int32, who, born []string) (*Clusters, []int) {
	size := map[string]int{}
	for _, p := range who {
		size[p]++
	}
	var pairsTrue float64
	for _, k := range size {
		pairsTrue += choose2(k)
	}
	cluster := make([]int, len(who))
	c := &Clusters{}
	var found, hit, exact, bp, br float64
	for k, members := range persons {
		in := map[string]int{}
		groups := map[string]map[string]bool{}
		for _, i := range members {
			cluster[i] = k
			in[who[i]]++
			if g := born[i]; g != "" {
				if groups[g] == nil {
					groups[g] = map[string]bool{}
				}
				groups[g][who[i]] = true
			}
		}
		found += choose2(len(members))
		for p, x := range in {
			hit += choose2(x)
			bp += float64(x) * float64(x) / float64(len(members))
			br += float64(x) * float64(x) / float64(size[p])
			if x == size[p] && len(members) == x {
				exact++
			}
		}
		for _, persons := range groups {
			if len(persons) > 1 {
				c.FalseTwinMerges++
			}
		}
	}
	c.Rates = rates(hit, found, pairsTrue)
	c.ExactPersons = exact / float64(len(size))
	c.BCubedPrecision, c.BCubedRecall = bp/float64(len(who)), br/float64(len(who))
	return c, cluster
}
