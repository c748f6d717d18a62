package schedule

import (
	"fmt"
	"maps"
	"slices"

	"miic/forecast/cdsi"
)

// common reads the file that is common to all antigens.
func (x *xmlReader) common(root *node) error {
	for _, read := range []func(*node) error{x.conflicts, x.groups, x.vaccines, x.observations} {
		if err := read(root); err != nil {
			return err
		}
	}
	return nil
}

// rows calls read with every row of a list, with its place.
func (x *xmlReader) rows(root *node, list, row string, read func(*node) error) error {
	for _, l := range root.all(list) {
		for i, n := range l.all(row) {
			x.place = fmt.Sprintf("%s: %s %d", list, row, i+1)
			if err := read(n); err != nil {
				return err
			}
		}
	}
	x.place = list
	return nil
}

func (x *xmlReader) conflicts(root *node) error {
	type pair struct{ previous, current int16 }
	seen := map[pair]cdsi.Conflict{}
	var previous, current []int16
	err := x.rows(root, "liveVirusConflicts", "liveVirusConflict", func(n *node) error {
		f := fields{n: n}
		c := cdsi.Conflict{Begin: f.duration("conflictBeginInterval"), MinEnd: f.duration("minConflictEndInterval"),
			End: f.duration("conflictEndInterval")}
		side := func(name string) (cvx int16) {
			for _, s := range n.all(name) {
				s.ignore("vaccineType")
				g := fields{n: s}
				cvx = g.code("cvx")
				f.fail(name, g.err)
			}
			return cvx
		}
		c.Previous, c.Current = side("previous"), side("current")
		if f.err != nil {
			return f.err
		}
		key := pair{c.Previous, c.Current}
		if was, twice := seen[key]; twice {
			x.note("CVX %02d then %02d occurs twice; the longer wait is kept", c.Previous, c.Current)
			if above(was.End, c.End) {
				return nil
			}
		} else {
			previous, current = append(previous, c.Previous), append(current, c.Current)
		}
		seen[key] = c
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range sortedCodes(previous) {
		for _, c := range sortedCodes(current) {
			if row, ok := seen[pair{p, c}]; ok {
				x.s.Conflicts = append(x.s.Conflicts, row)
			} else {
				x.note("CVX %02d then %02d has no row, though both have with others: the two are taken not to conflict", p, c)
			}
		}
	}
	return nil
}

func (x *xmlReader) groups(root *node) error {
	members := map[string][]string{}
	if err := x.rows(root, "vaccineGroupToAntigenMap", "vaccineGroupMap", func(n *node) error {
		f := fields{n: n}
		name := f.required("name")
		for _, a := range n.all("antigen") {
			members[name] = append(members[name], a.text)
		}
		return f.err
	}); err != nil {
		return err
	}
	if err := x.rows(root, "vaccineGroups", "vaccineGroup", func(n *node) error {
		f := fields{n: n}
		g := cdsi.VaccineGroup{Name: f.required("name")}
		full := f.word("administerFullVaccineGroup", "", "No", "Yes")
		g.Full, g.Antigens = full == 2, members[g.Name]
		if len(g.Antigens) == 0 {
			f.fail("name", fmt.Errorf("vaccineGroupToAntigenMap has no antigens for group %q, or it occurs twice", g.Name))
		}
		if len(g.Antigens) > 1 && full == 0 {
			f.fail("administerFullVaccineGroup", fmt.Errorf("empty, though the group has several antigens"))
		}
		delete(members, g.Name)
		x.s.Groups = append(x.s.Groups, g)
		return f.err
	}); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		return fmt.Errorf("element vaccineGroup/name: group %q, which vaccineGroupToAntigenMap names, is missing", name)
	}
	return nil
}

func (x *xmlReader) vaccines(root *node) error {
	seen := map[int16]bool{}
	return x.rows(root, "cvxToAntigenMap", "cvxMap", func(n *node) error {
		n.ignore("shortDescription")
		f := fields{n: n}
		cvx := f.code("cvx")
		if seen[cvx] {
			x.note("CVX %02d occurs twice: it contains what either row says", cvx)
		}
		seen[cvx] = true
		for _, a := range n.all("association") {
			g := fields{n: a}
			x.s.Associations = append(x.s.Associations, cdsi.Association{CVX: cvx, Antigen: g.required("antigen"),
				Ages: g.ages("associationBeginAge", "associationEndAge")})
			f.fail("association", g.err)
		}
		return f.err
	})
}

func (x *xmlReader) observations(root *node) error {
	seen := map[int16]bool{}
	return x.rows(root, "observations", "observation", func(n *node) error {
		n.ignore("observationTitle", "group", "indicationText", "contraindicationText", "clarifyingText")
		f := fields{n: n}
		o := cdsi.ObservationCode{Code: f.code("observationCode")}
		if seen[o.Code] {
			x.note("observation %03d occurs twice", o.Code)
		}
		seen[o.Code] = true
		for _, values := range n.all("codedValues") {
			for _, v := range values.all("codedValue") {
				v.ignore("text")
				o.Codes = append(o.Codes, cdsi.CodedValue{System: v.value("codeSystem"), Code: v.value("code")})
			}
		}
		x.s.Observations = append(x.s.Observations, o)
		return f.err
	})
}
