package care

import (
	"strings"
	"testing"

	"miic/internal/table"
)

const tonight = table.Date(20000)

func TestWhatTheNextVisitCanGive(t *testing.T) {
	need := func(group string, earliest, recommended, pastDue table.Date) Need {
		return Need{Group: group, Dose: 2, Earliest: tonight + earliest, Recommended: tonight + recommended, PastDue: tonight + pastDue}
	}
	refused := need("MMR", -90, -60, -30)
	refused.Refused = table.NewDate(2024, 1, 5)
	for _, c := range []struct {
		name  string
		needs []Need
		want  visit
	}{
		{"may be given tonight, and is recommended on the last day of the window", []Need{need("HepA", 0, 30, 90)},
			visit{Status: "due", Next: "HepA dose 2"}},
		{"is recommended a day after the window", []Need{need("HepA", 0, 31, 90), need("Polio", 0, 0, 9)},
			visit{Status: "due", Next: "Polio dose 2"}},
		{"may be given from tomorrow on", []Need{need("HepA", 1, 1, 90)},
			visit{Status: "due", Later: "HepA dose 2 from " + (tonight + 1).String()}},
		{"tonight is the last day in time", []Need{need("HepA", -9, -5, 0)}, visit{Status: "due", Next: "HepA dose 2"}},
		{"yesterday was", []Need{need("HepA", -9, -5, -1)}, visit{Status: "late", LateSince: tonight, Next: "HepA dose 2"}},
		{"the one that is late longest", []Need{need("HepA", -99, -50, -8), need("Polio", -99, -50, -20), need("MMR", 0, 0, 9)},
			visit{Status: "late", LateSince: tonight - 19, Next: "HepA dose 2; Polio dose 2; MMR dose 2"}},
		{"a refusal makes nobody late", []Need{refused, need("HepA", 0, 0, 9)},
			visit{Status: "due", Next: "HepA dose 2", Refused: "MMR on 2024-01-05"}},
		{"nothing but a refusal", []Need{refused}, visit{Status: "refused", Refused: "MMR on 2024-01-05"}},
	} {
		if got := plan(tonight, 30, c.needs); got != c.want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.name, got, c.want)
		}
	}
}

func TestWhichDosesWereTooEarlyOrOneTooMany(t *testing.T) {
	for _, c := range []struct {
		name   string
		judged []judgement
		want   string
	}{
		{"counts", []judgement{{"Measles", "Valid", ""}}, ""},
		{"too young", []judgement{{"Measles", "Not Valid", "too young"}}, "given too early: Measles"},
		{"too soon, among other reasons", []judgement{{"Polio", "Not Valid", "vaccine conflict|too soon"}}, "given too early: Polio"},
		{"not valid for another reason", []judgement{{"Polio", "Not Valid", "too old"}}, ""},
		{"not needed", []judgement{{"Measles", "Extraneous", ""}, {"Mumps", "Extraneous", ""}}, "one too many: Measles Mumps"},
		{"one of its antigens was needed", []judgement{{"Diphtheria", "Valid", ""}, {"HepB", "Extraneous", ""}}, ""},
		{"early for one, one too many for the other", []judgement{{"Diphtheria", "Not Valid", "too soon"}, {"HepB", "Extraneous", ""}},
			"given too early: Diphtheria"},
	} {
		what, antigens := finding(c.judged)
		if got := strings.TrimSuffix(what+": "+strings.Join(antigens, " "), ": "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
