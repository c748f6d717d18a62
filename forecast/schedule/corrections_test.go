package schedule

import (
	"slices"
	"strings"
	"testing"

	"miic/forecast/cdsi"
)

// defective returns the built-in schedule with a change to the series that the program's correction is about.
func defective(t *testing.T, change func(*cdsi.Series)) *cdsi.Schedule {
	t.Helper()
	own, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	list, err := Corrections()
	if err != nil {
		t.Fatal(err)
	}
	out := *own
	out.Antigens = slices.Clone(own.Antigens)
	change(seriesToCorrect(&out, list[0]))
	return &out
}

// Known faults of CDC's data are corrected as data: the release with the fault, and nothing else of it.
func TestCorrectionsAreMadeAndNamed(t *testing.T) {
	own, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	list, err := Corrections()
	if err != nil || len(list) == 0 {
		t.Fatalf("%d corrections, %v", len(list), err)
	}
	s, err := Corrected(own)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.Version, own.Version+"+corrected-") {
		t.Errorf("the version %q does not say that the schedule is corrected", s.Version)
	}
	if len(own.Corrections) != 0 {
		t.Error("the published schedule was changed")
	}
	gone, added := 0, []string{}
	for _, c := range Diff(own, s) {
		if !c.Added {
			gone++
		} else {
			added = append(added, c.Fact)
		}
	}
	all := strings.Join(added, "\n")
	if gone != 1+len(list) || len(added) != 1+2*len(list) || !strings.Contains(all, "correction Meningococcal") ||
		!strings.Contains(all, "MMWR") {
		t.Errorf("%d facts gone, new: %s", gone, all)
	}
	var text strings.Builder
	if err := Text(&text, s); err != nil {
		t.Fatal(err)
	}
	back, err := ReadText(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	if same, err := equal(s, back); err != nil || !same || len(back.Corrections) != len(list) {
		t.Errorf("what is kept with a night is not what was used: %v", err)
	}
	if again, err := Corrected(s); err != nil || again.Version != s.Version || len(again.Corrections) != len(list) {
		t.Errorf("correcting twice makes %v, %v", again, err)
	}
}

// A correction is refused when the release has changed what it corrects, and left out for another release.
func TestCorrectionsThatDoNotFit(t *testing.T) {
	for name, change := range map[string]func(*cdsi.Series){
		"another value":          func(s *cdsi.Series) { s.Priority = 'C' },
		"the series is gone":     func(s *cdsi.Series) { s.Name = "ACWY 1-dose" },
		"the antigen is gone":    func(s *cdsi.Series) { s.Name += " (adults)" },
		"the name is another":    func(s *cdsi.Series) { s.Name = strings.ToUpper(s.Name) },
		"a value never heard of": func(s *cdsi.Series) { s.Priority = 'Z' },
	} {
		_, err := Corrected(defective(t, change))
		if err == nil || !strings.Contains(err.Error(), "refused") || !strings.Contains(err.Error(), "corrections: false") ||
			!strings.Contains(err.Error(), "Meningococcal") {
			t.Errorf("%s: %v", name, err)
		}
	}
	mended := defective(t, func(s *cdsi.Series) { s.Priority = 'A' })
	if s, err := Corrected(mended); err != nil || s.Version != mended.Version || len(s.Corrections) != 0 {
		t.Errorf("a schedule that says it already: %v, %v", s, err)
	}
	other := defective(t, func(s *cdsi.Series) { s.Priority = 'C' })
	other.Version = "4.99"
	if s, err := Corrected(other); err != nil || s != other {
		t.Errorf("a release that the correction is not for: %v, %v", s, err)
	}
	edited := defective(t, func(*cdsi.Series) {})
	edited.Version += "+edited-1f0c5d2a"
	if s, err := Corrected(edited); err != nil || len(s.Corrections) == 0 {
		t.Errorf("a site's edited release is not corrected: %v, %v", s, err)
	}
}

func TestCorrectionsThatCannotBeRead(t *testing.T) {
	const good = "- {antigen: A, series: s, attribute: priority, was: B, value: A, releases: ['4.64'], why: w, source: MMWR}\n"
	if list, err := parseCorrections([]byte(good)); err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	for change, want := range map[[2]string]string{
		{", source: MMWR", ""}:                       "without a citation",
		{"attribute: priority", "attribute: colour"}: "no such attribute",
		{"releases: ['4.64'], ", ""}:                 "releases",
		{"antigen: A, ", ""}:                         "antigen",
		{"was: B", "wass: B"}:                        "wass",
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		if _, err := parseCorrections([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want one with %q", text, err, want)
		}
	}
}

// Every attribute that can be corrected is read as it is set, and refuses what is no value.
func TestAttributesOfASeries(t *testing.T) {
	for name, values := range map[string][2]string{"priority": {"C", "low"}, "preference": {"7", "first"},
		"minAgeToStart": {"2y", "two"}, "maxAgeToStart": {"18m", "old"}} {
		s := cdsi.Series{Priority: 'A', Preference: 1}
		if _, err := attributes[name](&s, &values[0]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if now, _ := attributes[name](&s, nil); now != values[0] {
			t.Errorf("%s is %q after it was set to %q", name, now, values[0])
		}
		if _, err := attributes[name](&s, &values[1]); err == nil {
			t.Errorf("%s took %q", name, values[1])
		}
	}
	if len(attributes) != 4 {
		t.Errorf("%d attributes, 4 are tested", len(attributes))
	}
}
