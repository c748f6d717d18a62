package evaluate

import (
	"fmt"
	"path/filepath"
	"slices"

	"miic/internal/table"
	"miic/linkage/cluster"
)

// Night is the outcome of a night of the synthetic state against its truth.
type Night struct {
	Records     int       `json:"records"`
	Unknown     int       `json:"unknown"` // records that the truth does not tell of
	Clusters    *Clusters `json:"clusters"`
	TrueDoses   int       `json:"true_doses"`   // real doses that at least one accepted report tells of
	Doses       int       `json:"doses"`        // doses that linkage made
	LostDoses   int       `json:"lost_doses"`   // real doses hidden: merged with another one
	DoubleDoses int       `json:"double_doses"` // counted beyond once
}

// syntheticTruth reads what `miic synth` wrote of the nights up to and including one: the person of each
// record, and the birth that persons born together share.
func syntheticTruth(truth, night string) (person, group map[string]string, err error) {
	person = map[string]string{}     // record id → person
	persons := map[string][]string{} // sender/number → persons in the order in which they had it
	if err := readCSV(filepath.Join(truth, "records.csv"), []string{"night", "sender", "source_client_id", "person_id"}, func(get func(string) string) error {
		if get("night") > night {
			return nil
		}
		number := get("sender") + "/" + get("source_client_id")
		if !slices.Contains(persons[number], get("person_id")) {
			persons[number] = append(persons[number], get("person_id"))
		}
		return nil
	}); err != nil {
		return nil, nil, err
	}
	for number, list := range persons {
		for i, p := range list {
			person[fmt.Sprintf("%s/%d", number, i+1)] = p
		}
	}
	group = map[string]string{}
	err = readCSV(filepath.Join(truth, "persons.csv"), []string{"person_id", "birth_group"}, func(get func(string) string) error {
		group[get("person_id")] = get("birth_group")
		return nil
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
		if who[i] = person[id]; who[i] == "" {
			who[i] = "?" + id
		}
		born[i] = group[who[i]]
	}
	report := &Report{Records: len(who), Candidates: result.Candidates, EstimatedRecall: result.Recall.Share(), Training: result.Training}
	score(result, who, born, report)
	return report, nil
}

// CheckNight compares the tables of a night, as lists of files, with the truth that `miic synth` wrote, up to
// and including the night's date.
func CheckNight(files func(table string) []string, truth, night string) (*Night, error) {
	out := &Night{}
	person, group, err := syntheticTruth(truth, night)
	if err != nil {
		return nil, err
	}
	var who, born []string
	byClient := map[int64][]int32{}
	if err := table.Scan(files("client_link"), func(l *table.ClientLink) error {
		p, ok := person[l.RecordID]
		if !ok {
			out.Unknown++
			p = "?" + l.RecordID
		}
		byClient[l.ClientID] = append(byClient[l.ClientID], int32(len(who)))
		who = append(who, p)
		born = append(born, group[p])
		return nil
	}); err != nil {
		return nil, err
	}
	clients := make([][]int32, 0, len(byClient))
	for _, m := range byClient {
		clients = append(clients, m)
	}
	slices.SortFunc(clients, func(a, b []int32) int { return int(a[0] - b[0]) })
	out.Records = len(who)
	out.Clusters, _ = clusters(clients, who, born)

	type doseKey struct {
		number, date string
		cvx          int16
	}
	dose := map[doseKey]string{}
	if err := readCSV(filepath.Join(truth, "doses.csv"), nil, func(get func(string) string) error {
		if get("night") > night {
			return nil
		}
		var cvx int
		fmt.Sscan(get("cvx"), &cvx)
		dose[doseKey{get("sender") + "/" + get("source_client_id"), get("administered_on"), int16(cvx)}] = get("true_dose_id")
		return nil
	}); err != nil {
		return nil, err
	}
	of := map[string]string{}
	if err := table.Scan(files("vaccination_event"), func(e *table.VaccinationEvent) error {
		number := e.RecordID[:max(0, len(e.RecordID)-2)]
		of[e.EventID] = dose[doseKey{number, e.AdministeredOn.String(), e.CVX}]
		return nil
	}); err != nil {
		return nil, err
	}
	real := map[string]map[string]bool{} // true dose → immunizations
	in := map[string]map[string]bool{}   // immunization → true doses
	if err := table.Scan(files("immunization_source"), func(s *table.ImmunizationSource) error {
		d := of[s.EventID]
		if d == "" {
			return nil
		}
		for _, x := range []struct {
			m    map[string]map[string]bool
			k, v string
		}{{real, d, s.ImmunizationID}, {in, s.ImmunizationID, d}} {
			if x.m[x.k] == nil {
				x.m[x.k] = map[string]bool{}
			}
			x.m[x.k][x.v] = true
		}
		return nil
	}); err != nil {
		return nil, err
	}
	out.TrueDoses, out.Doses = len(real), len(in)
	for _, m := range real {
		out.DoubleDoses += len(m) - 1
	}
	for _, m := range in {
		out.LostDoses += len(m) - 1
	}
	return out, nil
}
