// Package evaluate measures linkage: on labelled records and labelled pairs, on the synthetic state, and a newly
// trained model beside the one before it. Labels only score: nothing here trains on them.
package evaluate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"miic/internal/table"
	"miic/linkage/cluster"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// Options are what to evaluate on. Exactly one of Truth and Pairs is given.
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

// Report is the outcome of an evaluation. Shares are from 0 to 1.
type Report struct {
	Records    int    `json:"records"`
	Candidates int64  `json:"candidates,omitempty"`
	Edges      *Rates `json:"edges,omitempty"`
	// At the natural cut: what is more likely than not.
	Clusters *Clusters `json:"clusters,omitempty"`
	// As a night links by itself: with the bar and the holds.
	Nightly *Clusters `json:"nightly,omitempty"`
	// Share of the true pairs that meet a blocking rule; and the same by capture and recapture, without labels.
	BlockingRecall  float64 `json:"blocking_recall,omitempty"`
	EstimatedRecall float64 `json:"estimated_blocking_recall,omitempty"`
	// Largest gap of a decile of the scored pairs between expected and observed.
	CalibrationError float64 `json:"calibration_error"`
	Calibration      []Bin   `json:"calibration,omitempty"` // by probability, in ten steps of .1
	// Questions for review, of two persons each, for each record.
	ReviewShare float64                         `json:"review_share"`
	Confusion   map[string]*Outcomes            `json:"confusion,omitempty"`
	Agreement   float64                         `json:"agreement,omitempty"`
	ByCategory  map[string]map[string]*Outcomes `json:"-"`
	Seconds     map[string]float64              `json:"seconds"`
	Training    *match.Training                 `json:"training,omitempty"`
	Untrained   string                          `json:"untrained,omitempty"` // why training was asked for but not done
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
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(edges[a].P[match.Same], edges[b].P[match.Same])
	})
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

// InputError is a fault in what the caller gave: a file that is missing, not whole or does not fit the
// others. Its text names the file.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

func inputError(format string, args ...any) error { return &InputError{fmt.Errorf(format, args...)} }

// Run evaluates. It fails with an InputError where the fault is in the files.
func Run(ctx context.Context, o Options) (*Report, error) {
	if (o.Truth == "") == (o.Pairs == "") {
		return nil, inputError("give either the truth or labelled pairs")
	}
	report := &Report{Seconds: map[string]float64{}}
	done := o.stopwatch(report.Seconds)
	model, err := match.Load(o.Model)
	if err != nil {
		return nil, &InputError{err}
	}
	records, doses, err := readRecords(o.Records)
	if err != nil {
		return nil, err
	}
	if o.Train && len(records) < match.LeastToTrain {
		o.Train = false
		report.Untrained = fmt.Sprintf("%d records are too few to train on, which takes %d: "+
			"they are judged by the model as it is", len(records), match.LeastToTrain)
	}
	standardised := standard.All(model.Keys(), records, doses)
	report.Records = len(records)
	done("read")
	if o.Pairs != "" {
		if o.Train {
			if model, report.Training, err = match.Train(ctx, model, standardised); err != nil {
				return nil, err
			}
			done("train")
		}
		err := scorePairs(ctx, model, standardised, o.Pairs, report)
		done("score")
		return report, err
	}
	result, err := cluster.Batch(ctx, model, standardised, o.Train, done)
	if err != nil {
		return nil, err
	}
	report.Candidates, report.Training = result.Candidates, result.Training
	report.EstimatedRecall = result.Recall.Share()
	return report, scoreByTruth(result, o.Truth, report)
}

func readRecords(path string) ([]table.ClientRecord, []string, error) {
	records, doses, err := standard.ReadRecords(path)
	if err != nil {
		return nil, nil, &InputError{err}
	}
	if len(records) == 0 {
		return nil, nil, inputError("%s has no record", path)
	}
	if err := checkUnique(records); err != nil {
		return nil, nil, inputError("%s: %w", path, err)
	}
	return records, doses, nil
}

// checkUnique refuses an id on two records: labels could not distinguish the two.
func checkUnique(records []table.ClientRecord) error {
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

// stopwatch returns a function that adds the time since its last call to the step of that name.
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

// readCSV reads a file of labels. One with a line that was cut off is refused: the labels must be whole.
func readCSV(path string, columns []string, fn func(*standard.Line)) error {
	err := standard.ReadCSV(path, columns, func(l *standard.Line) error {
		if !l.Whole() {
			return fmt.Errorf("line %d has another number of values than the header", l.Number)
		}
		fn(l)
		return nil
	})
	if err != nil {
		return &InputError{err}
	}
	return nil
}

func choose2(n int) float64 { return float64(n) * float64(n-1) / 2 }

// rates are of the pairs found: how many are right, and how many right ones there are. Of nothing all is right.
func rates(hit, found, right float64) Rates {
	r := Rates{1, 1, 0}
	if found > 0 {
		r.Precision = hit / found
	}
	if right > 0 {
		r.Recall = hit / right
	}
	if r.Precision+r.Recall > 0 {
		r.F1 = 2 * r.Precision * r.Recall / (r.Precision + r.Recall)
	}
	return r
}

// scoreByTruth scores a result by a file of labels.
func scoreByTruth(result *cluster.Result, path string, report *Report) error {
	person, group := map[string]string{}, map[string]string{}
	if err := readCSV(path, []string{"record_id", "person_id"}, func(l *standard.Line) {
		person[l.Get("record_id")] = l.Get("person_id")
		group[l.Get("record_id")] = l.Get("birth_group")
	}); err != nil {
		return err
	}
	who, born := make([]string, len(result.RecordIDs)), make([]string, len(result.RecordIDs))
	for i, id := range result.RecordIDs {
		p, ok := person[id]
		if !ok {
			return inputError("%s has no record %s", path, id)
		}
		who[i], born[i] = p, group[id]
	}
	score(result, who, born, report)
	return nil
}

// score fills in the rates of a result. By place of its records, person and birth give whose each is, and in which
// birth that person was born.
func score(result *cluster.Result, person, birth []string, report *Report) {
	truePairs := pairsOf(sizes(person))
	report.BlockingRecall = 1
	if truePairs > 0 {
		report.BlockingRecall = float64(result.Met(person)) / truePairs
	}
	same := func(e *match.Edge) bool { return person[e.L] == person[e.R] }
	var found, hit float64
	for i := range result.Edges {
		e := &result.Edges[i]
		if e.P[match.Same] < .5 {
			continue
		}
		found++
		if same(e) {
			hit++
		}
	}
	edges := rates(hit, found, truePairs)
	report.Edges = &edges
	report.Calibration, report.CalibrationError = calibrate(result.Edges, same)
	report.Clusters, _ = scoreClusters(result.Natural, person, birth)
	var clusterOf []int
	report.Nightly, clusterOf = scoreClusters(result.Persons, person, birth)
	questions := map[[2]int]bool{} // two persons are one question, however many of their records are alike
	for _, e := range result.Edges {
		a, b := clusterOf[e.L], clusterOf[e.R]
		k := [2]int{min(a, b), max(a, b)}
		if a != b && e.Weight >= result.Model.Thresholds.Review && !result.Apart[k] {
			questions[k] = true
		}
	}
	for _, e := range result.Asked {
		a, b := clusterOf[e.L], clusterOf[e.R]
		questions[[2]int{min(a, b), max(a, b)}] = true
	}
	report.ReviewShare = float64(len(questions)) / float64(len(person))
}
