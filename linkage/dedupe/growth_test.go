package dedupe

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"miic/internal/table"
)

// allPairs compares every report of a person with every other, as the rules are written: what run must come to with less
// work.
func (d *deduper) allPairs() [][]int {
	at := make([]*doseSet, len(d.doses))
	d.groups = make([][]string, len(d.doses))
	for i := range d.doses {
		d.groups[i] = groupsOf[d.doses[i].CVX]
		at[i] = &doseSet{events: []int{i}, named: partsOf[d.doses[i].CVX]}
	}
	list, verdicts := d.compareAll()
	// The surest pairs first, so that a report that fits two doses joins the one it fits better.
	slices.SortStableFunc(list, func(a, b candidate) int { return b.score - a.score })
	for _, c := range list {
		a, b := at[c.i], at[c.j]
		if a == b {
			continue
		}
		merged, why := d.merge(a, b, verdicts)
		if merged == nil {
			if why == antigenLost {
				d.doubt(c.i, c.j, "no report names all the antigens that the reports of both name")
			}
			continue
		}
		for _, e := range merged.events {
			at[e] = merged
		}
	}
	d.sortDoubts()
	var out [][]int
	for i := range at {
		if at[i].events[0] == i {
			out = append(out, at[i].events)
		}
	}
	return out
}

func (d *deduper) compareAll() (list []candidate, verdicts map[[2]int]verdict) {
	verdicts = map[[2]int]verdict{}
	for i := range d.doses {
		for j := i + 1; j < len(d.doses); j++ {
			a, b := &d.doses[i], &d.doses[j]
			days := int(b.AdministeredOn - a.AdministeredOn)
			if days > longestSpan {
				break
			}
			switch {
			case outright(a, b):
				verdicts[[2]int{i, j}] = sameDose
				list = append(list, candidate{i, j, 1000}) // above any score of the rules
			case d.alike(i, j):
				list = d.judge(i, j, list, verdicts)
			}
		}
	}
	return list, verdicts
}

// TestLessWorkSameDoses: copies set aside, groups and windows come to what comparing all pairs comes to.
func TestLessWorkSameDoses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(t, "reports")
		doses := make([]Row, n)
		for i := range doses {
			doses[i] = Row{ClientID: 1, EventID: fmt.Sprintf("e%02d", i),
				Sender:         rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "sender"),
				CVX:            rapid.SampledFrom([]int16{0, 20, 110, 8, 10, 115, 28, 107, 40, 999}).Draw(t, "cvx"),
				Lot:            rapid.SampledFrom([]string{"", "L1", "l1", "L2"}).Draw(t, "lot"),
				TradeName:      rapid.SampledFrom([]string{"", "Pediarix"}).Draw(t, "trade"),
				RawCode:        rapid.SampledFrom([]string{"", "X"}).Draw(t, "raw"),
				Historical:     rapid.Bool().Draw(t, "historical"),
				AdministeredOn: table.NewDate(2024, 5, 1) + table.Date(rapid.SampledFrom([]int{0, 0, 0, 1, 5, 23, 24, 30, 31, 60}).Draw(t, "day"))}
		}
		slices.SortFunc(doses, func(a, b Row) int {
			return cmp.Or(cmp.Compare(a.AdministeredOn, b.AdministeredOn), cmp.Compare(a.EventID, b.EventID))
		})
		short, long := &deduper{doses: doses}, &deduper{doses: doses}
		got, want := short.run(), long.allPairs()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("sets %v, want %v of %+v", got, want, doses)
		}
		of := make([]string, n)
		for _, set := range want {
			for _, i := range set {
				of[i] = doses[set[0]].EventID
			}
		}
		if got, want := fmt.Sprint(short.between(of)), fmt.Sprint(long.between(of)); got != want {
			t.Fatalf("doubts %s, want %s of %+v", got, want, doses)
		}
	})
}

// TestWorkGrowsWithReports: twice the reports of one person are about twice the work, whatever they are.
func TestWorkGrowsWithReports(t *testing.T) {
	defer func(was int) { mostNeighbours = was }(mostNeighbours)
	mostNeighbours = 100
	for name, row := range map[string]func(i int) Row{
		"copies":                     func(int) Row { return Row{Sender: "A", CVX: 20, Lot: "L"} },
		"other lots on one day":      func(i int) Row { return Row{Sender: "A", CVX: 20, Lot: fmt.Sprint(i)} },
		"other products, other lots": func(i int) Row { return Row{Sender: "A", CVX: []int16{20, 110, 106}[i%3], Lot: fmt.Sprint(i)} },
		"other senders":              func(i int) Row { return Row{Sender: fmt.Sprint(i), CVX: 20} },
		"combinations": func(i int) Row {
			return Row{Sender: fmt.Sprint(i), CVX: []int16{110, 20, 8, 10}[i%4], Historical: i%2 == 0}
		},
		"nobody knows the product": func(i int) Row { return Row{Sender: "A", RawCode: fmt.Sprint(i)} },
		"a dose every day":         func(i int) Row { return Row{Sender: "A", CVX: 20, AdministeredOn: table.Date(i)} },
		"two hundred a day":        func(i int) Row { return Row{Sender: fmt.Sprint(i % 200), CVX: 20, AdministeredOn: table.Date(i / 200)} },
	} {
		work := func(n int) (pairs int, allocated float64) {
			doses := make([]Row, n)
			for i := range doses {
				doses[i] = row(i)
				doses[i].ClientID, doses[i].EventID = 1, fmt.Sprintf("e%06d", i)
				doses[i].AdministeredOn += doseDay
			}
			d := &deduper{doses: doses}
			d.run()
			return d.work, testing.AllocsPerRun(1, func() { Immunizations(doses) })
		}
		const n = 400
		pairs, allocated := work(n)
		pairs2, allocated2 := work(2 * n)
		t.Logf("%s: %d and %d pairs, %.0f and %.0f allocations", name, pairs, pairs2, allocated, allocated2)
		if pairs2 > pairs*5/2+100 || allocated2 > allocated*2.5+100 {
			t.Errorf("%s: %d reports take %d pairs and %.0f allocations, twice as many %d and %.0f", name, n, pairs, allocated,
				pairs2, allocated2)
		}
	}
}
