package evaluate

// Clusters are the rates over pairs of records in one cluster, and what became of persons.
type Clusters struct {
	Rates
	ExactPersons    float64 `json:"exact_persons"`     // persons whose records are one cluster, alone in it
	FalseTwinMerges int     `json:"false_twin_merges"` // clusters that hold two persons of one birth group
	BCubedPrecision float64 `json:"b_cubed_precision"`
	BCubedRecall    float64 `json:"b_cubed_recall"`
}

// scoreClusters scores a partition of records, by their places, against their persons and the births of those; it also
// returns the cluster of each record.
func scoreClusters(clusters [][]int32, person, birth []string) (*Clusters, []int) {
	size := sizes(person)
	clusterOf := make([]int, len(person))
	c := &Clusters{}
	var found, hit, exact, precision, recall float64
	for k, members := range clusters {
		records := map[string]int{} // by person
		for _, i := range members {
			clusterOf[i] = k
			records[person[i]]++
		}
		found += choose2(len(members))
		for p, n := range records {
			hit += choose2(n)
			precision += float64(n) * float64(n) / float64(len(members))
			recall += float64(n) * float64(n) / float64(size[p])
			if n == size[p] && len(members) == n {
				exact++
			}
		}
		c.FalseTwinMerges += twinMerges(members, person, birth)
	}
	c.Rates = rates(hit, found, pairsOf(size))
	c.ExactPersons = exact / float64(len(size))
	c.BCubedPrecision, c.BCubedRecall = precision/float64(len(person)), recall/float64(len(person))
	return c, clusterOf
}

// sizes counts the records of each person.
func sizes(person []string) map[string]int {
	size := map[string]int{}
	for _, p := range person {
		size[p]++
	}
	return size
}

// pairsOf counts the pairs of records of one person.
func pairsOf(size map[string]int) float64 {
	var n float64
	for _, k := range size {
		n += choose2(k)
	}
	return n
}

// twinMerges counts the births of which a cluster holds more than one person.
func twinMerges(members []int32, person, birth []string) int {
	born := map[string]map[string]bool{}
	for _, i := range members {
		b := birth[i]
		if b == "" {
			continue
		}
		if born[b] == nil {
			born[b] = map[string]bool{}
		}
		born[b][person[i]] = true
	}
	n := 0
	for _, persons := range born {
		if len(persons) > 1 {
			n++
		}
	}
	return n
}
