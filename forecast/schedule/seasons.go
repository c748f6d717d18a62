package schedule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"miic/forecast/cdsi"
)

// Season sets a season anew.
type Season struct {
	Of    string   // a vaccine group, an antigen, or a series as antigen/series
	Start cdsi.Day // first day
	End   cdsi.Day // last day; NoDay: open
}

// WithSeasons returns a copy of the schedule with some seasons set anew, for a season that must not wait for a release;
// what is named more narrowly wins. It moves every series dose that has a season, and in the skip conditions of its
// series the windows for counting doses that begin or end with the old season: otherwise last season's doses would
// count for this one. Validities of ages and intervals stay: they come from decisions, not from seasons.
//
// A group or antigen whose series have different seasons is refused: they must be named one by one. The version gains a
// mark made from the seasons, so that rows record which they rest on.
func WithSeasons(s *cdsi.Schedule, seasons []Season) (*cdsi.Schedule, error) {
	if len(seasons) == 0 {
		return s, nil
	}
	out := *s
	out.Antigens = slices.Clone(s.Antigens)
	seasons = slices.Clone(seasons)
	slices.SortFunc(seasons, func(a, b Season) int { return strings.Compare(a.Of, b.Of) })
	mark := sha256.New()
	var moves [3][]move // by how narrowly it is named: group, antigen, series
	for i, x := range seasons {
		if i > 0 && seasons[i-1].Of == x.Of {
			return nil, fmt.Errorf("%s: named twice", x.Of)
		}
		if x.Start == cdsi.NoDay {
			return nil, fmt.Errorf("%s: the season has no start", x.Of)
		}
		if x.End != cdsi.NoDay && x.End < x.Start {
			return nil, fmt.Errorf("%s: the season ends on %s, before it starts on %s", x.Of, x.End, x.Start)
		}
		rank, found := find(s, x.Of)
		if rank < 0 {
			return nil, fmt.Errorf("%s: no vaccine group, antigen or antigen/series of schedule %s has that name; 'miic "+
				"schedule show' lists them", x.Of, s.Version)
		}
		old, err := onlySeason(s, found)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", x.Of, err)
		}
		for _, f := range found {
			moves[rank] = append(moves[rank], move{f, old, cdsi.Validity{From: x.Start, Until: x.End}})
		}
		fmt.Fprintf(mark, "%s %s %s\n", x.Of, x.Start, x.End)
	}
	last := map[seriesRef]move{}
	for _, list := range moves {
		for _, m := range list {
			last[m.seriesRef] = m
		}
	}
	for i := range out.Antigens {
		a := &out.Antigens[i]
		a.Series = slices.Clone(a.Series)
		for k := range a.Series {
			if m, ok := last[seriesRef{i, k}]; ok {
				m.apply(&a.Series[k])
			}
		}
	}
	out.Version += "+seasons-" + hex.EncodeToString(mark.Sum(nil))[:8]
	return &out, nil
}

// seriesRef points to a series of the schedule: index of the antigen, index of the series.
type seriesRef struct{ antigen, series int }

// move is a series whose season goes from old to new.
type move struct {
	seriesRef
	old, new cdsi.Validity
}

// find returns the series that a name means, and how narrowly it is named: 0 a group, 1 an antigen, 2 a series; -1:
// nothing has that name. A group and an antigen of the same name mean the group.
func find(s *cdsi.Schedule, name string) (rank int, found []seriesRef) {
	rank = -1
	for i := range s.Antigens {
		for k := range s.Antigens[i].Series {
			as := -1
			switch name {
			case s.Antigens[i].Series[k].VaccineGrp:
				as = 0
			case s.Antigens[i].Name:
				as = 1
			case s.Antigens[i].Name + "/" + s.Antigens[i].Series[k].Name:
				as = 2
			}
			if as < 0 || rank >= 0 && as > rank {
				continue
			}
			if as < rank {
				found = nil
			}
			rank, found = as, append(found, seriesRef{i, k})
		}
	}
	return rank, found
}

// onlySeason returns the season that all seasonal doses of the series have.
func onlySeason(s *cdsi.Schedule, in []seriesRef) (cdsi.Validity, error) {
	none := cdsi.Validity{From: cdsi.NoDay, Until: cdsi.NoDay}
	only := none
	for _, f := range in {
		sr := &s.Antigens[f.antigen].Series[f.series]
		for _, d := range sr.Doses {
			switch {
			case d.Season == none:
			case only == none:
				only = d.Season
			case only != d.Season:
				return none, fmt.Errorf("its series have different seasons; name them one by one as antigen/series, such as %q",
					s.Antigens[f.antigen].Name+"/"+sr.Name)
			}
		}
	}
	if only == none {
		return none, fmt.Errorf("it has no seasonal dose")
	}
	return only, nil
}

func (m move) apply(s *cdsi.Series) {
	s.Doses = slices.Clone(s.Doses)
	for i := range s.Doses {
		d := &s.Doses[i]
		if d.Season == m.old {
			d.Season = m.new
		}
		d.Skips = slices.Clone(d.Skips)
		for j := range d.Skips {
			d.Skips[j].Sets = slices.Clone(d.Skips[j].Sets)
			for k := range d.Skips[j].Sets {
				set := &d.Skips[j].Sets[k]
				set.Conditions = slices.Clone(set.Conditions)
				for c := range set.Conditions {
					if x := &set.Conditions[c]; x.Type == cdsi.CountDoses {
						x.Start, x.End = m.day(x.Start), m.day(x.End)
					}
				}
			}
		}
	}
}

// day moves a day that is an end of the old season.
func (m move) day(d cdsi.Day) cdsi.Day {
	switch {
	case d == cdsi.NoDay:
	case d == m.old.From:
		return m.new.From
	case d == m.old.Until:
		return m.new.Until
	}
	return d
}
