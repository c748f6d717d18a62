package schedule

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"miic/forecast/cdsi"
)

// WithSeasons returns a copy of the schedule with the seasons of some antigens set anew, for a season that must not wait for a release.
// A line of the override reads
//
//	season ANTIGEN from=YYYY-MM-DD until=YYYY-MM-DD
//
// and moves every series dose of the antigen that has a season; a side left out is open. The version gains a mark made from
// the lines, so that rows tell which seasons they rest on.
func WithSeasons(s *cdsi.Schedule, r io.Reader) (*cdsi.Schedule, error) {
	out := *s
	out.Antigens = append([]cdsi.Antigen(nil), s.Antigens...)
	mark := sha256.New()
	any := false
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		text := strings.TrimSpace(sc.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		l, err := parseLine(text)
		if err == nil && l.word() != "season" {
			err = fmt.Errorf("the line does not begin with season")
		}
		if err == nil {
			name, season := l.word(), l.validity()
			if err = l.done(); err == nil {
				err = setSeason(&out, name, season)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("seasons: line %d: %w", n, err)
		}
		fmt.Fprintln(mark, text)
		any = true
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("seasons: %w", err)
	}
	if any {
		out.Version += "+" + hex.EncodeToString(mark.Sum(nil))[:8]
	}
	return &out, nil
}

func setSeason(s *cdsi.Schedule, name string, season cdsi.Validity) error {
	if season.From != cdsi.NoDay && season.Until != cdsi.NoDay && season.Until < season.From {
		return fmt.Errorf("the season ends before it begins")
	}
	for i := range s.Antigens {
		a := &s.Antigens[i]
		if a.Name != name {
			continue
		}
		moved := 0
		a.Series = append([]cdsi.Series(nil), a.Series...)
		for j := range a.Series {
			a.Series[j].Doses = append([]cdsi.SeriesDose(nil), a.Series[j].Doses...)
			for k := range a.Series[j].Doses {
				if d := &a.Series[j].Doses[k]; d.Season.From != cdsi.NoDay || d.Season.Until != cdsi.NoDay {
					d.Season = season
					moved++
				}
			}
		}
		if moved == 0 {
			return fmt.Errorf("antigen %s has no seasonal dose", name)
		}
		return nil
	}
	return fmt.Errorf("antigen %q is not in the schedule", name)
}
