package evaluate

import (
	"fmt"
	"path/filepath"
	"slices"

	"miic/internal/table"
	"miic/linkage/cluster"
	"miic/linkage/standard"
)

// Night is the outcome of a night of the synthetic state against its truth.
type Night struct {
	Records     int       `json:"records"`
	Unknown     int       `json:"unknown"` // records that the truth lacks
	Clusters    *Clusters `json:"clusters"`
	TrueDoses   int       `json:"true_doses"`   // real doses that at least one accepted report is of
	Doses       int       `json:"doses"`        // doses that linkage made
	LostDoses   int       `json:"lost_doses"`   // real doses hidden: merged with another one
	DoubleDoses int       `json:"double_doses"` // counted beyond once
}

// syntheticTruth reads what `miic synth` wrote of the nights up to and including one: the person of each record, and
// the birth that persons born together share.
func syntheticTruth(truth, night string) (person, group map[string]string, err error) {
	person = map[string]string{}     // record id → person
	persons := map[string][]string{} // sender/number → persons in the order in which they had it
	records := []string{"night", "sender", "source_client_id", "person_id"}
	if err := readCSV(filepath.Join(truth, "records.csv"), records, func(l *standard.Line) {
		if l.Get("night") > night {
			return
		}
		number := l.Get("sender") + "/" + l.Get("source_client_id")
		if !slices.Contains(persons[number], l.Get("person_id")) {
			persons[number] = append(persons[number], l.Get("person_id"))
		}
	}); err != nil {
		return nil, nil, err
	}
	for number, list := range persons {
		for i, p := range list {
			person[fmt.Sprintf("%s/%d", number, i+1)] = p
		}
	}
	group = map[string]string{}
	births := []string{"person_id", "birth_group"}
	err = readCSV(filepath.Join(truth, "persons.csv"), births, func(l *standard.Line) {
		group[l.Get("person_id")] = l.Get("birth_group")
	})
	return person, group, err
}

// CheckResult scores what linking a night of a synthetic state gave against its truth.
func CheckResult(result *cluster.Result, truth, night string) (*Report, error) {
	person, group, err := syntheticTruth(truth, night)
	if err != nil {
		return nil, err
	}
	who, born := make([]string, len(result.RecordIDs)), make([]string, len(result.RecordIDs))
	for i, id := range result.RecordIDs {
		who[i], _ = personOf(person, id)
		born[i] = group[who[i]]
	}
	report := &Report{Records: len(who), Candidates: result.Candidates, EstimatedRecall: result.Recall.Share(),
		Training: result.Training}
	score(result, who, born, report)
	return report, nil
}

// personOf is the person of a record. A record that the truth lacks is a person of its own.
func personOf(person map[string]string, record string) (string, bool) {
	if p := person[record]; p != "" {
		return p, true
	}
	return "?" + record, false
}

// CheckNight compares the tables of a night, as lists of files, with the truth that `miic synth` wrote, up to
// and including the night's date.
func CheckNight(files func(table string) []string, truth, night string) (*Night, error) {
	out := &Night{}
	if err := out.scorePersons(files("client_link"), truth, night); err != nil {
		return nil, err
	}
	dose, err := trueDoses(files("vaccination_event"), truth, night)
	if err != nil {
		return nil, err
	}
	return out, out.scoreDoses(files("immunization_source"), dose)
}

func (n *Night) scorePersons(links []string, truth, night string) error {
	person, group, err := syntheticTruth(truth, night)
	if err != nil {
		return err
	}
	var who, born []string
	byClient := map[int64][]int32{}
	if err := table.Scan(links, func(l *table.ClientLink) error {
		p, known := personOf(person, l.RecordID)
		if !known {
			n.Unknown++
		}
		byClient[l.ClientID] = append(byClient[l.ClientID], int32(len(who)))
		who = append(who, p)
		born = append(born, group[p])
		return nil
	}); err != nil {
		return err
	}
	clients := make([][]int32, 0, len(byClient))
	for _, m := range byClient {
		clients = append(clients, m)
	}
	slices.SortFunc(clients, func(a, b []int32) int { return int(a[0] - b[0]) })
	n.Records = len(who)
	n.Clusters, _ = scoreClusters(clients, who, born)
	return nil
}

// trueDoses gives the real dose that each event reports; none for an event that the truth lacks.
func trueDoses(events []string, truth, night string) (map[string]string, error) {
	type key struct {
		number, date string
		cvx          int16
	}
	dose := map[key]string{}
	if err := readCSV(filepath.Join(truth, "doses.csv"), nil, func(l *standard.Line) {
		if l.Get("night") > night {
			return
		}
		var cvx int
		fmt.Sscan(l.Get("cvx"), &cvx)
		number := l.Get("sender") + "/" + l.Get("source_client_id")
		dose[key{number, l.Get("administered_on"), int16(cvx)}] = l.Get("true_dose_id")
	}); err != nil {
		return nil, err
	}
	of := map[string]string{}
	err := table.Scan(events, func(e *table.VaccinationEvent) error {
		number := e.RecordID[:max(0, len(e.RecordID)-2)]
		of[e.EventID] = dose[key{number, e.AdministeredOn.String(), e.CVX}]
		return nil
	})
	return of, err
}

// scoreDoses compares immunizations with the real dose of each event.
func (n *Night) scoreDoses(sources []string, trueDose map[string]string) error {
	immunizations := map[string]map[string]bool{} // by true dose
	real := map[string]map[string]bool{}          // true doses by immunization
	put := func(m map[string]map[string]bool, key, value string) {
		if m[key] == nil {
			m[key] = map[string]bool{}
		}
		m[key][value] = true
	}
	if err := table.Scan(sources, func(s *table.ImmunizationSource) error {
		if d := trueDose[s.EventID]; d != "" {
			put(immunizations, d, s.ImmunizationID)
			put(real, s.ImmunizationID, d)
		}
		return nil
	}); err != nil {
		return err
	}
	n.TrueDoses, n.Doses = len(immunizations), len(real)
	for _, m := range immunizations {
		n.DoubleDoses += len(m) - 1
	}
	for _, m := range real {
		n.LostDoses += len(m) - 1
	}
	return nil
}
