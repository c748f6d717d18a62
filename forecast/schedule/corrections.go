package schedule

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"miic/forecast/cdsi"
)

//go:embed corrections.yaml
var correctionsFile []byte

// Corrections returns the corrections built into the program: known faults of CDC's data, as data.
var Corrections = sync.OnceValues(func() ([]cdsi.Correction, error) { return parseCorrections(correctionsFile) })

func parseCorrections(text []byte) ([]cdsi.Correction, error) {
	var rows []struct {
		Antigen   string   `yaml:"antigen"`
		Series    string   `yaml:"series"`
		Attribute string   `yaml:"attribute"`
		Was       string   `yaml:"was"`
		Value     string   `yaml:"value"`
		Releases  []string `yaml:"releases"`
		Why       string   `yaml:"why"`
		Source    string   `yaml:"source"`
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&rows); err != nil {
		return nil, fmt.Errorf("corrections: %s", yaml.FormatError(err, false, true))
	}
	var out []cdsi.Correction
	for i, x := range rows {
		c := cdsi.Correction(x)
		switch {
		case c.Antigen == "" || c.Series == "" || len(c.Releases) == 0 || c.Why == "":
			return nil, fmt.Errorf("corrections: number %d: antigen, series, releases and why are needed", i+1)
		case c.Source == "":
			return nil, fmt.Errorf("corrections: number %d, %s: no source: a correction without a citation is not made", i+1, c.Place())
		case attributes[c.Attribute] == nil:
			return nil, fmt.Errorf("corrections: number %d, %s: there is no such attribute", i+1, c.Place())
		}
		out = append(out, c)
	}
	return out, nil
}

// attributes are what of a series can be corrected: each returns its value as text and, if a value is given, sets it.
var attributes = map[string]func(s *cdsi.Series, value *string) (string, error){
	"priority": func(s *cdsi.Series, value *string) (string, error) {
		was := string(s.Priority)
		if value != nil {
			if len(*value) != 1 || (*value)[0] < 'A' || (*value)[0] > 'Z' {
				return was, fmt.Errorf("%q is not one letter A to Z", *value)
			}
			s.Priority = (*value)[0]
		}
		return was, nil
	},
	"preference": func(s *cdsi.Series, value *string) (string, error) {
		was := strconv.Itoa(s.Preference)
		if value == nil {
			return was, nil
		}
		n, err := strconv.Atoi(*value)
		s.Preference = n
		return was, err
	},
	"minAgeToStart": func(s *cdsi.Series, value *string) (string, error) { return correctAge(&s.Start.Begin, value) },
	"maxAgeToStart": func(s *cdsi.Series, value *string) (string, error) { return correctAge(&s.Start.End, value) },
}

func correctAge(age *cdsi.Duration, value *string) (string, error) {
	was := age.String()
	if value == nil {
		return was, nil
	}
	d, err := cdsi.ParseDuration(*value)
	*age = d
	return was, err
}

// Corrected returns the schedule with the program's own corrections.
func Corrected(s *cdsi.Schedule) (*cdsi.Schedule, error) {
	list, err := Corrections()
	if err != nil {
		return nil, err
	}
	return Correct(s, list)
}

// Correct returns a copy of the schedule with the corrections that are for its release. The schedule keeps them, so that
// whatever rests on it can name them, and its version gains a mark made from them. A correction is refused when the
// release no longer says what it corrects: then somebody must look. Where the value is there already, a site has edited
// its schedule, and there is nothing to do.
func Correct(s *cdsi.Schedule, list []cdsi.Correction) (*cdsi.Schedule, error) {
	release, _, _ := strings.Cut(s.Version, "+")
	out := *s
	out.Antigens, out.Corrections = slices.Clone(s.Antigens), slices.Clone(s.Corrections)
	mark := sha256.New()
	for _, c := range list {
		if !slices.Contains(c.Releases, release) {
			continue
		}
		sr := seriesToCorrect(&out, c)
		if sr == nil {
			return nil, refused(c, s.Version, "has no such series")
		}
		set := attributes[c.Attribute]
		switch now, _ := set(sr, nil); now {
		case c.Value:
			continue
		case c.Was:
		default:
			return nil, refused(c, s.Version, fmt.Sprintf("says %q, where the correction expects %q", now, c.Was))
		}
		if _, err := set(sr, &c.Value); err != nil {
			return nil, fmt.Errorf("correction of %s: %w", c.Place(), err)
		}
		out.Corrections = append(out.Corrections, c)
		fmt.Fprintf(mark, "%s %q %q\n", c.Place(), c.Was, c.Value)
	}
	if len(out.Corrections) == len(s.Corrections) {
		return s, nil
	}
	out.Version += "+corrected-" + hex.EncodeToString(mark.Sum(nil))[:8]
	return &out, nil
}

func refused(c cdsi.Correction, version, why string) error {
	return fmt.Errorf("correction of %s is refused: schedule %s %s. The data is not what was corrected; compare with 'miic "+
		"schedule diff', and until a newer program knows this schedule set  forecast: {corrections: false}", c.Place(), version, why)
}

// seriesToCorrect returns the series in a copy of its own, nil if there is none.
func seriesToCorrect(s *cdsi.Schedule, c cdsi.Correction) *cdsi.Series {
	for i := range s.Antigens {
		a := &s.Antigens[i]
		k := slices.IndexFunc(a.Series, func(sr cdsi.Series) bool { return a.Name == c.Antigen && sr.Name == c.Series })
		if k >= 0 {
			a.Series = slices.Clone(a.Series)
			return &a.Series[k]
		}
	}
	return nil
}

func writeCorrections(w io.Writer, s *cdsi.Schedule) {
	for _, c := range s.Corrections {
		newLine(0, "correction", c.Antigen, c.Series, c.Attribute).set("was", c.Was).set("value", c.Value).set("releases",
			strings.Join(c.Releases, ",")).set("why", c.Why).set("source", c.Source).to(w)
	}
}

func correctionLine(p *parsed) cdsi.Correction {
	return cdsi.Correction{Antigen: p.word(), Series: p.word(), Attribute: p.word(), Was: p.value("was"), Value: p.value("value"),
		Releases: strings.FieldsFunc(p.value("releases"), isComma), Why: p.value("why"), Source: p.value("source")}
}
