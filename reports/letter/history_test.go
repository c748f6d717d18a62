package letter

import (
	"slices"
	"strings"
	"testing"

	"miic/internal/table"
)

func judged(status string, antigens ...string) []Judged {
	var list []Judged
	for _, a := range antigens {
		list = append(list, Judged{a, status})
	}
	return list
}

// The page of history has each dose with its day, its vaccines in words and whether it counts; what a vaccine protects
// against stands where it is first named.
func TestHistory(t *testing.T) {
	m := mail(catalog(t))
	ana, kim, mai := person(1, 12, "Ana"), person(2, 8, "Kim"), person(3, 5, "Mai")
	ana.History, kim.History = true, true
	dtp := []string{"Diphtheria", "Pertussis", "Tetanus"}
	day := table.NewDate(2016, 5, 17)
	ana.Doses = []Dose{
		{day, NewGiven(110, slices.Concat(judged("Valid", dtp...), judged("Valid", "HepB", "Polio")))},
		{day + 20, NewGiven(110, slices.Concat(judged("Not Valid", dtp...), judged("Valid", "HepB"), judged("Extraneous", "Polio")))},
		{day + 60, NewGiven(3, judged("Not Valid", "Measles", "Mumps", "Rubella"))},
		{day + 90, NewGiven(21, judged("Extraneous", "Varicella"))},
		{day + 99, NewGiven(999, []Judged{{"", "Unknown Vaccine"}})},
		{asOf - 30, NewGiven(115, slices.Concat(judged("Extraneous", "Pertussis"), judged("Valid", "Diphtheria", "Tetanus")))},
	}
	l := oneLetter(t, m, ana, kim, mai)
	if len(l.History) != 2 { // Mai's campaign does not say so
		t.Fatalf("%d pages of history, want 2", len(l.History))
	}
	var got []string
	for _, row := range l.History[0].Rows {
		got = append(got, row[0].String()+" | "+row[1].String()+" | "+row[2].String())
	}
	want := []string{
		"May 17, 2016 | DTaP (diphtheria, tetanus and whooping cough); Hepatitis B (a disease of the liver); Polio | yes",
		"June 6, 2016 | DTaP; Hepatitis B; Polio | only Hepatitis B",
		"July 16, 2016 | MMR (measles, mumps and rubella) | no",
		"August 15, 2016 | Chickenpox (varicella) | more than needed",
		"August 24, 2016 | CVX 999 | no",
		"January 31, 2026 | Tdap (tetanus, diphtheria and whooping cough) | yes"}
	if !slices.Equal(got, want) {
		t.Errorf("the history is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if h := l.History[0].Heading.String(); !strings.HasPrefix(h, "Vaccines on record for Ana Vang, born ") {
		t.Errorf("its heading is %q", h)
	}
	if l.History[0].Note == nil || l.History[1].Note != nil || l.History[1].Rows[0][1].String() != "none" {
		t.Errorf("notes %v, %v, nothing on record: %v", l.History[0].Note, l.History[1].Note, l.History[1].Rows)
	}
}

// What a dose was is known by its antigens, and by its code where they do not tell.
func TestWhatADoseWas(t *testing.T) {
	triple := []string{"Diphtheria", "Pertussis", "Tetanus"}
	for _, x := range []struct {
		cvx      int16
		antigens []string
		want     string
	}{
		{20, triple, "DTaP"}, {115, triple, "Tdap"}, {1, triple, "DTP"}, {113, []string{"Diphtheria", "Tetanus"}, "Td"},
		{28, []string{"Diphtheria", "Tetanus"}, "DT"}, {35, []string{"Tetanus"}, "Tetanus"}, {5, []string{"Measles"}, "Measles"},
		{94, []string{"Measles", "Mumps", "Rubella", "Varicella"}, "MMR Varicella"}, {4, []string{"Measles", "Rubella"}, "Measles Rubella"},
		{148, []string{"Hib", "Meningococcal"}, "Hib Meningococcal"}, {999, []string{""}, ""},
	} {
		var keys []string
		for _, p := range NewGiven(x.cvx, judged("Valid", x.antigens...)).Products {
			keys = append(keys, p.Key)
		}
		if got := strings.Join(keys, " "); got != x.want {
			t.Errorf("CVX %d with %v is %q, want %q", x.cvx, x.antigens, got, x.want)
		}
	}
}
