package letter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"miic/internal/table"
)

// letterWords are the words that a language must have, with the blanks in braces that each must have.
var letterWords = []wordKey{
	{"and", nil}, {"your_baby", nil}, {"your_child", nil}, {"guardian", nil}, {"guardian_of", []string{"{name}"}}, {"resident", nil},
	{"date", []string{"{day}", "{month}", "{year}"}}, {"months", nil},
	{"page", []string{"{page}", "{pages}"}}, {"number", []string{"{sequence}"}},
	{"due_heading", nil}, {"name", nil}, {"vaccines", nil}, {"when", nil}, {"due", nil}, {"late", nil}, {"late_some", nil},
	{"phone_heading", nil}, {"place", nil}, {"phone", nil},
	{"clinics_heading", nil}, {"address", nil}, {"note", nil},
	{"history_heading", []string{"{name}"}}, {"born", []string{"{date}"}}, {"given_on", nil},
	{"counted", nil}, {"counted_yes", nil}, {"counted_no", nil}, {"counted_only", []string{"{vaccines}"}}, {"counted_extra", nil},
	{"history_none", nil}, {"history_note", nil},
	{"optout_heading", nil}, {"optout_none", nil}, {"optout_done", nil}, {"optout_moved", nil}, {"optout_wrong", nil},
	{"signed", nil}, {"signed_on", nil}, {"quote", []string{"{id}"}},
}

// recordWords are the words of an official record.
var recordWords = []wordKey{
	{"title", nil}, {"issued_by", nil}, {"issued_on", []string{"{date}"}}, {"as_of", []string{"{date}"}},
	{"name", nil}, {"born", nil}, {"registry_id", nil},
	{"on", nil}, {"age", nil}, {"product", nil}, {"counts", nil}, {"source", nil},
	{"age_days", []string{"{days}"}}, {"age_months", []string{"{months}"}}, {"age_years", []string{"{years}"}},
	{"other", nil}, {"no_doses", nil}, {"given", nil}, {"reported", nil}, {"source_note", nil},
	{"yes", nil}, {"no", nil}, {"in_part", nil}, {"not_judged", nil},
	{"too_young", nil}, {"too_old", nil}, {"too_soon", nil}, {"vaccine_conflict", nil}, {"wrong_vaccine", nil},
	{"inadvertent", nil}, {"series_complete", nil}, {"lot_expired", nil}, {"dose_condition", nil}, {"before_birth", nil},
	{"unknown_vaccine", nil}, {"restricted", nil},
	{"health_heading", nil}, {"fact", nil}, {"fact_on", nil}, {"immunity", nil}, {"contraindication", nil}, {"reaction", nil}, {"exemption", nil},
	{"required_heading", nil}, {"required_note", []string{"{law}", "{date}"}}, {"requirement", nil}, {"standing", nil},
	{"doses_counted", nil}, {"next_dose", nil}, {"law_complete", nil}, {"law_disease", nil}, {"law_medical", nil},
	{"law_begun", nil}, {"law_missing", nil}, {"law_not_asked", nil},
	{"next_heading", nil}, {"next_note", nil}, {"vaccine", nil}, {"recommended", nil}, {"late_after", nil},
	{"limits_heading", nil}, {"limits", nil}, {"correct", []string{"{office}", "{phone}"}},
	{"check_heading", nil}, {"signed", nil}, {"unsigned", []string{"{code}", "{phone}"}}, {"scan", []string{"{n}", "{of}"}},
	{"footer", []string{"{id}", "{code}"}},
}

// schoolWords are the words of a school's letter to a family whose child lacks an immunization.
var schoolWords = []wordKey{
	{"as_of", []string{"{date}"}}, {"dear", nil}, {"subject", []string{"{name}"}}, {"opening", []string{"{law}"}},
	{"heading", nil}, {"immunization", nil}, {"found", nil}, {"next", nil}, {"now", nil}, {"ask", nil},
	{"bring", nil}, {"exclude", []string{"{date}"}}, {"record", nil}, {"medical", nil}, {"history", nil}, {"belief", nil},
	{"cutoff", []string{"{date}"}}, {"student", []string{"{id}"}}, {"unprintable", nil},
}

type wordKey struct {
	key    string
	blanks []string
}

// Words are what all letters of a language use, or all records.
type Words struct {
	language string
	approved bool
	of       map[string]string
	texts    map[string]Text // the same, each made once for all letters
	months   []string
}

// parseWords reads a file of words: a key, a colon and the words, one a line.
func parseWords(file string, text []byte, keys []wordKey) (*Words, error) {
	h, body, err := readHead(file, text, "language")
	if err != nil {
		return nil, err
	}
	w := &Words{language: h.values["language"], approved: h.approved(), of: map[string]string{}, texts: map[string]Text{}}
	for _, s := range body {
		if s.name != "" {
			return nil, fmt.Errorf("%s:%d: words have no sections", file, s.line)
		}
		for i, line := range strings.Split(s.text, "\n") {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			key, value, found := strings.Cut(line, ":")
			at := slices.IndexFunc(keys, func(k wordKey) bool { return k.key == key })
			value = clean(value)
			switch {
			case !found || at < 0:
				return nil, fmt.Errorf("%s:%d: no text uses words of the key %q", file, s.line+i+1, key)
			case w.of[key] != "":
				return nil, fmt.Errorf("%s:%d: %s is there twice", file, s.line+i+1, key)
			case value == "":
				return nil, fmt.Errorf("%s:%d: %s is empty", file, s.line+i+1, key)
			}
			for _, b := range keys[at].blanks {
				if !strings.Contains(value, b) {
					return nil, fmt.Errorf("%s:%d: %s must have %s", file, s.line+i+1, key, b)
				}
			}
			w.of[key], w.texts[key] = value, Text{{Text: value, Language: w.language}}
		}
	}
	for _, k := range keys {
		if w.of[k.key] == "" {
			return nil, fmt.Errorf("%s: %s is missing", file, k.key)
		}
	}
	if w.of["months"] == "" {
		return w, nil
	}
	if w.months = strings.Split(w.of["months"], "|"); len(w.months) != 12 {
		return nil, fmt.Errorf("%s: months has %d names between bars: it must have 12", file, len(w.months))
	}
	return w, nil
}

// Text is words with their blanks filled.
func (w *Words) Text(key string, fill ...string) Text {
	if len(fill) == 0 {
		return w.texts[key]
	}
	return runs(filled(w.of[key], fill...), w.language)
}

// filled is words with blanks and what comes into them, in pairs.
func filled(s string, fill ...string) string {
	for i := 0; i < len(fill); i += 2 {
		s = strings.ReplaceAll(s, fill[i], fill[i+1])
	}
	return s
}

// Date writes a day out.
func (w *Words) Date(d table.Date) string {
	y, m, day := d.YMD()
	return filled(w.of["date"], "{day}", strconv.Itoa(day), "{month}", w.months[m-1], "{year}", strconv.Itoa(y))
}

// join lists names: Ana, Luis and Eva.
func (w *Words) join(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " " + w.of["and"] + " " + names[n-1]
	}
	return strings.Join(names, "")
}
