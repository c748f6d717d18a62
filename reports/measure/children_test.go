package measure

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"miic/internal/table"
)

// childBorn is the birth date of every child of testdata/children.txt.
var childBorn = day("2023-06-10")

// TestSixChildrenOfEachMeasure: every built-in measure against children that are worked out by hand.
func TestSixChildrenOfEachMeasure(t *testing.T) {
	measures, faults, err := Load("", known)
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	text, err := os.ReadFile("testdata/children.txt")
	if err != nil {
		t.Fatal(err)
	}
	lists, sets := map[string]string{}, map[string]string{}
	children, results := map[string]int{}, map[string]map[string]bool{}
	seen := map[string]bool{}
	for n, line := range strings.Split(string(text), "\n") {
		name, rest, is := strings.Cut(line, " = ")
		switch {
		case line == "" || line[0] == '#':
			continue
		case is && strings.HasPrefix(name, "list "):
			lists[strings.TrimPrefix(name, "list ")] = rest
			continue
		case is && strings.HasPrefix(name, "set "):
			sets[strings.TrimPrefix(name, "set ")] = rest
			continue
		}
		f := strings.Split(line, "|")
		if len(f) != 5 {
			t.Fatalf("line %d has %d parts", n+1, len(f))
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		for _, word := range strings.Fields(f[0]) {
			if list, ok := lists[word]; ok {
				f[0] = strings.Replace(f[0], word, list, 1)
			}
		}
		night, err := childDay(f[1])
		if err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		p, err := child(f[2], sets)
		if err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		for _, id := range strings.Fields(f[0]) {
			i := slices.IndexFunc(measures, func(m Measure) bool { return m.ID == id })
			if i < 0 {
				t.Fatalf("line %d: there is no measure %s", n+1, id)
			}
			if key := id + "|" + f[1] + "|" + f[2]; seen[key] {
				t.Errorf("line %d: %s has this child already", n+1, id)
			} else {
				seen[key] = true
			}
			got := "out"
			if r, in := measures[i].Judge(p, night); in {
				got = map[bool]string{true: "+", false: "-"}[r.Met] + map[bool]string{true: "+", false: "-"}[r.MetAny]
			}
			if got != f[3] {
				t.Errorf("line %d: %s, %s: %s, want %s", n+1, id, f[4], got, f[3])
			}
			children[id]++
			if results[id] == nil {
				results[id] = map[string]bool{}
			}
			results[id][f[3]] = true
		}
	}
	for _, m := range measures {
		if children[m.ID] < 6 {
			t.Errorf("%s has %d children: it needs six", m.ID, children[m.ID])
		}
		if r := results[m.ID]; !r["++"] || !r["--"] || !r["out"] {
			t.Errorf("of the children of %s nobody meets it, does not meet it, or is not in its population: %v", m.ID, r)
		}
	}
}

var childAge = regexp.MustCompile(`^(\d+)([dmy])([+-]\d+)?$`)

// childDay is a day in the life of a child: an age such as 24m+1, or itself.
func childDay(text string) (table.Date, error) {
	f := childAge.FindStringSubmatch(text)
	if f == nil {
		return table.ParseDate(text)
	}
	n, _ := strconv.Atoi(f[1])
	off, _ := strconv.Atoi(f[3])
	on := childBorn
	switch f[2] {
	case "d":
		on += table.Date(n)
	case "m":
		on = on.AddMonths(n)
	case "y":
		on = on.AddMonths(12 * n)
	}
	return on + table.Date(off), nil
}

// child is the child of a line.
func child(text string, sets map[string]string) (*Person, error) {
	var doses []given
	states := map[string]State{} // group@when
	parts := strings.Split(text, ",")
	for i := 0; i < len(parts); i++ {
		words := strings.Fields(parts[i])
		if len(words) == 0 {
			continue
		}
		if set, ok := sets[words[0]]; ok {
			parts = slices.Concat(parts[:i+1], strings.Split(set, ","), parts[i+1:])
			continue
		}
		name, state, isState := strings.Cut(words[0], "=")
		minus := strings.HasPrefix(name, "-")
		name, cvxText, _ := strings.Cut(strings.TrimPrefix(name, "-"), "#")
		cvx, _ := strconv.ParseInt(cvxText, 10, 16)
		group := name
		switch name {
		case "DTaP":
			group = "DTaP/Tdap/Td"
		case "Tdap":
			group, cvx = "DTaP/Tdap/Td", 115
		case "PCV":
			group = "Pneumococcal"
		case "Men":
			group = "Meningococcal"
		}
		if !slices.ContainsFunc(known.Groups, func(g Group) bool { return g.Name == group }) {
			return nil, fmt.Errorf("there is no group %q", name)
		}
		switch {
		case minus:
			doses = slices.DeleteFunc(doses, func(d given) bool { return d.group == group })
			delete(states, group+"@24m")
			delete(states, group+"@now")
		case isState:
			state, when, one := strings.Cut(state, "@")
			value, ok := map[string]State{"complete": Complete, "immune": Immune}[state]
			if !ok || one && when != "24m" && when != "now" {
				return nil, fmt.Errorf("%q is no state", words[0])
			}
			if !one || when == "24m" {
				states[group+"@24m"] = value
			}
			if !one || when == "now" {
				states[group+"@now"] = value
			}
		}
		for _, w := range words[1:] {
			on, err := childDay(strings.TrimSuffix(w, "!"))
			if err != nil {
				return nil, err
			}
			doses = append(doses, given{group, on.String(), int16(cvx), strings.HasSuffix(w, "!")})
		}
	}
	p := person(childBorn.String(), doses...)
	for i, g := range known.Groups {
		p.Tonight[i].State, p.Then[Age{Months: 24}][i].State = states[g.Name+"@now"], states[g.Name+"@24m"]
	}
	return p, nil
}
