package forecast

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/goccy/go-yaml"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
)

// readSeasons reads the file of seasons. Errors name the file, the place and what is expected.
func readSeasons(path string) ([]schedule.Season, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("seasons file: %w; mend the path under forecast: seasons: or take the key out", err)
	}
	byName := map[string]struct {
		Start string `yaml:"start"`
		End   string `yaml:"end"`
	}{}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&byName); err != nil &&
		!errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("seasons file %s: %s\nexpected lines such as  Influenza: {start: 2026-07-01, end: 2027-06-30}",
			path, yaml.FormatError(err, false, true))
	}
	if len(byName) == 0 {
		return nil, fmt.Errorf("seasons file %s, line 1: it names no season; write lines such as  Influenza: {start: "+
			"2026-07-01, end: 2027-06-30}, or take forecast: seasons: out of the configuration", path)
	}
	var seasons []schedule.Season
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		x, season := byName[name], schedule.Season{Of: name}
		for _, side := range []struct {
			key, text string
			to        *cdsi.Day
		}{{"start", x.Start, &season.Start}, {"end", x.End, &season.End}} {
			if *side.to, err = cdsi.ParseDay(side.text); err != nil {
				return nil, fmt.Errorf("seasons file %s: %s: %s: %w; write it as 2026-07-01", path, name, side.key, err)
			}
		}
		seasons = append(seasons, season)
	}
	return seasons, nil
}
