package cases

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
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
	for _, x := range report.Failed {
		if !known[x.ID] {
			t.Errorf("%s: %s", x.ID, x.Why)
		}
	}
	for id := range known {
		if !slices.ContainsFunc(report.Failed, func(x Failure) bool { return x.ID == id }) {
			t.Errorf("%s is listed as a known failure but is right: take it off the list", id)
		}
	}
	h, u := report.Sets["healthy"], report.Sets["underlying"]
	t.Logf("healthy %+v underlying %+v", h, u)
	if h.Cases != 681 || h.ForecastRight != h.Cases || h.DosesRight != h.Cases || h.ReasonsRight < h.Cases-1 {
		t.Errorf("healthy: %+v; want 681 of 681 right, reasons in all but one", h)
	}
	// One reading of the forecast number for all rows: 2016-UC-0095 contradicts 2016-UC-0167 and fails by it.
	if u.Cases != 236 || u.ForecastRight < 218 || u.DosesRight < 231 {
		t.Errorf("underlying: %+v; want at least 218 forecasts and 231 dose statuses right of 236", u)
	}
}

// The report's JSON is a promise to scripts.
func TestReportAsJSON(t *testing.T) {
	const rows = "set,id,dob,gender,assessment_date,dose1_date,dose1_cvx,dose1_eval_status,dose1_eval_reason,series_status,forecast_num,earliest_date,recommended_date,past_due_date,vaccine_group\n" +
		"healthy,right,2000-01-31,F,2010-01-01,2000-01-31,8,valid,,not complete,2,2000-02-28,2000-03-01,2000-05-28,HepB\n" +
		"healthy,wrong,2000-01-31,F,2010-01-01,2000-01-31,8,Not Valid,Age: Too Young,Complete,,,,,HepB\n"
	list, err := Read(strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	report := Run(builtin(t), list)
	got, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"schedule":"4.64","sets":{"healthy":{"cases":2,"forecast_right":1,"doses_right":1,"reasons_right":1}},"failed":[{"id":"wrong","why":`
	if !strings.HasPrefix(string(got), want) {
		t.Errorf("got  %s\nwant %s…", got, want)
	}
}

func TestReadRefuses(t *testing.T) {
	const header = "set,id,dob,gender,assessment_date,dose1_date,dose1_cvx,series_status,vaccine_group\n"
	for _, c := range []struct{ text, want string }{
		{"", "no header"},
		{"set,id\n", "column dob is missing"},
		{header + "healthy,1,2000-02-30,F,2010-01-01,,,,\n", "line 2: column dob"},
		{header + "healthy,1,2000-02-03,F,2010-01-01,2001-01-01,x,,\n", "line 2: column dose1_cvx"},
	} {
		if _, err := Read(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("set,id,dob,gender,assessment_date,series_status,vaccine_group\nhealthy,1,2000-01-01,F,2010-01-01,Complete,MMR\n")
	e := builtin(f)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		total := 0
		for _, n := range Run(e, list).Sets {
			total += n.Cases
		}
		if total != len(list) {
			t.Errorf("%d cases read, %d counted", len(list), total)
		}
	})
}
