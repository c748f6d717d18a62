package cases

import (
	"encoding/csv"
	"os"
	"testing"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/internal/testdata"
)

func builtin(t testing.TB) *cdsi.Engine {
	t.Helper()
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	e, err := cdsi.NewEngine(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func published(t testing.TB) []Case {
	t.Helper()
	f, err := os.Open(testdata.Dir(t, "cdsi/cases.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cs, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return cs
}

// The published cases: nothing fails but what is on the list of known failures, and nothing on the list passes.
func TestPublishedCases(t *testing.T) {
	f, err := os.Open("../testdata/known_failures.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, r := range rows[1:] {
		known[r[0]] = true
	}
	report := Run(builtin(t), published(t))
	failed := map[string]bool{}
	for _, x := range report.Failed {
		failed[x.ID] = true
		if !known[x.ID] {
			t.Errorf("%s: %s", x.ID, x.Why)
		}
	}
	for id := range known {
		if !failed[id] {
			t.Errorf("%s is listed as a known failure but is right: take it off the list", id)
		}
	}
	h, u := report.Sets["healthy"], report.Sets["underlying"]
	t.Logf("healthy %+v underlying %+v", h, u)
	if h.Cases != 681 || h.ForecastRight != h.Cases || h.DosesRight != h.Cases || h.ReasonsRight < h.Cases-1 {
		t.Errorf("healthy: %+v; want 681 of 681 right, reasons in all but one", h)
	}
	if u.Cases != 236 || u.ForecastRight < 219 || u.DosesRight < 219 {
		t.Errorf("underlying: %+v; want at least 219 of 236", u)
	}
}
