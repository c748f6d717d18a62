package evaluate

import (
	"context"

	"miic/internal/table"
	"miic/linkage/match"
	"miic/linkage/standard"
)

// Outcomes count pairs of one label by what the model decides.
type Outcomes struct {
	Link    int `json:"link"`
	Review  int `json:"review"`
	NonLink int `json:"non_link"`
}

// labels are the verdicts of a panel on pairs; each is the decision that the model should take.
var labels = map[string]match.Decision{"match": match.Link, "possible": match.Review, "not": match.NonLink}

// A labelledPair is a line of a file of labelled pairs.
type labelledPair struct {
	records         [2]string
	label, category string
}

// scorePairs judges labelled pairs, each in isolation.
func scorePairs(ctx context.Context, model *match.Model, records []table.StandardRecord, path string,
	report *Report) error {
	labelled, err := readPairs(path, records)
	if err != nil {
		return err
	}
	list := make([][2]string, len(labelled))
	for i, p := range labelled {
		list[i] = p.records
	}
	edges, err := match.ScorePairs(ctx, model, records, list)
	if err != nil {
		return err
	}
	byLabel := func() map[string]*Outcomes { return map[string]*Outcomes{"match": {}, "possible": {}, "not": {}} }
	report.Confusion = byLabel()
	report.ByCategory = map[string]map[string]*Outcomes{}
	agree := 0
	for i, edge := range edges {
		label, category := labelled[i].label, labelled[i].category
		if report.ByCategory[category] == nil {
			report.ByCategory[category] = byLabel()
		}
		decision := model.Decide(edge)
		report.Confusion[label].count(decision)
		report.ByCategory[category][label].count(decision)
		if decision == labels[label] {
			agree++
		}
	}
	report.Agreement = float64(agree) / float64(len(edges))
	return nil
}

// readPairs reads a file of labelled pairs, all of which must be of the records.
func readPairs(path string, records []table.StandardRecord) ([]labelledPair, error) {
	var list []labelledPair
	if err := readCSV(path, []string{"record_l", "record_r", "expected"}, func(l *standard.Line) {
		list = append(list, labelledPair{[2]string{l.Get("record_l"), l.Get("record_r")}, l.Get("expected"),
			l.Get("category")})
	}); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, inputError("%s has no pair", path)
	}
	for i, p := range list {
		if labels[p.label] == "" {
			return nil, inputError("%s: pair %d expects %q, not match, possible or not", path, i+1, p.label)
		}
	}
	known := make(map[string]bool, len(records))
	for i := range records {
		known[records[i].RecordID] = true
	}
	for i, p := range list {
		if !known[p.records[0]] || !known[p.records[1]] {
			return nil, inputError("%s: pair %d names a record that is not there", path, i+1)
		}
	}
	return list, nil
}

func (o *Outcomes) count(d match.Decision) {
	switch d {
	case match.Link:
		o.Link++
	case match.Review:
		o.Review++
	default:
		o.NonLink++
	}
}
