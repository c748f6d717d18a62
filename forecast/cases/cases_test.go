package cases

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/internal/testdata"
)

func builtin(t testing.TB) *cdsi.Engine { return engineOf(t, false) }

func engineOf(t testing.TB, corrected bool) *cdsi.Engine {
	t.Helper()
	s, err := schedule.Default()
	if err == nil && corrected {
		s, err = schedule.Corrected(s)
	}
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
// The published cases with and without the corrections of CDC's data: of what fails it is known whose fault it is.
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
	for _, corrected := range []bool{false, true} {
		known := map[string]bool{}
		for _, r := range rows[1:] {
			if r[1] != "row" && r[1] != "data" && r[1] != "ours" || r[2] != "yes" && r[2] != "no" || r[3] == "" {
				t.Errorf("known failure %q: whose fault, corrected or not, and why are needed", r)
			}
			if r[2] == "no" || !corrected {
				known[r[0]] = true
			}
		}
		report := Run(engineOf(t, corrected), published(t))
		for _, x := range report.Failed {
			if !known[x.ID] {
				t.Errorf("corrected %t: %s: %s", corrected, x.ID, x.Why)
			}
		}
		for id := range known {
			if !slices.ContainsFunc(report.Failed, func(x Failure) bool { return x.ID == id }) {
				t.Errorf("corrected %t: %s is listed as a known failure but is right: take it off the list", corrected, id)
			}
		}
		h, u := report.Sets["healthy"], report.Sets["underlying"]
		t.Logf("corrected %t: healthy %+v underlying %+v", corrected, h, u)
		if h.Cases != 681 || h.ForecastRight != h.Cases || h.DosesRight != h.Cases || h.ReasonsRight < h.Cases-1 {
			t.Errorf("healthy: %+v; want 681 of 681 right, reasons in all but one", h)
		}
		want := map[bool][2]int{false: {220, 232}, true: {223, 233}}[corrected]
		if u.Cases != 236 || u.ForecastRight < want[0] || u.DosesRight < want[1] {
			t.Errorf("corrected %t: underlying: %+v; want at least %d forecasts and dose statuses right of 236", corrected, u, want)
		}
	}
}

func TestTheTwoNumberings(t *testing.T) {
	e, list := builtin(t), published(t)
	for _, c := range []struct {
		name    string
		numbers numbering
		want    int
	}{
		{"valid doses of both kinds plus one", func(_ *Case, _ *cdsi.Forecast, valid int) []int { return []int{valid + 1} }, 219},
		{"the engine's own", func(_ *Case, f *cdsi.Forecast, _ int) []int { return []int{f.DoseNumber} }, 214},
		{"either", asWritten, 220},
		{"not compared", func(c *Case, _ *cdsi.Forecast, _ int) []int { return []int{c.Number} }, 220},
	} {
		got := run(e, list, c.numbers).Sets[underlying].ForecastRight
		if got != c.want {
			t.Errorf("%s: %d rows right, want %d", c.name, got, c.want)
		}
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

// header and row make a file of one case that is right: a person who is born with a dose of HepB.
const (
	header = "set,id,dob,gender,assessment_date,dose1_date,dose1_cvx,dose1_eval_status,dose1_eval_reason,series_status,forecast_num,earliest_date,recommended_date,past_due_date,vaccine_group\n"
	row    = "healthy,1,2000-01-31,F,2010-01-01,2000-01-31,08,Valid,,Not " +
		"Complete,2,2000-02-28,2000-03-01,2000-05-28,HepB\n"
)

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "no header"},
		{"header only", header, "no case"},
		{"header and empty rows", header + strings.Repeat(",", 14) + "\n\n,,\n", "no case"},
		{"columns missing", "set,id\n", "column dob is missing"},
		{"a forecast column missing", strings.Replace(header, "past_due_date,", "", 1) + row, "column past_due_date is missing"},
		{"a dose column missing", strings.Replace(header, "dose1_eval_status,", "", 1) + row, "column dose1_eval_status is missing"},
		{"a column twice", strings.Replace(header, "set,", "set,ID,", 1) + row, "column id occurs twice"},
		{"no such day", header + strings.Replace(row, "2000-01-31", "2000-02-30", 1), "line 2: column dob: no such day"},
		{"no birth date", header + strings.Replace(row, "2000-01-31", "", 1), "line 2: column dob: no value"},
		{"no assessment date", header + strings.Replace(row, "2010-01-01", "", 1), "line 2: column assessment_date: no value"},
		{"no vaccine", header + strings.Replace(row, ",08,", ",,", 1), "line 2: column dose1_cvx: not a code"},
		{"dose without a day", header + strings.Replace(row, "2000-01-31,08", ",08", 1), "line 2: column dose1_date: no value"},
		{"unknown set", header + row + strings.Replace(row, "healthy", "sickly", 1), "line 3: column set"},
		{"no id", header + strings.Replace(row, ",1,", ",,", 1), "line 2: column id: no value"},
		{"no group", header + strings.Replace(row, "HepB", "", 1), "line 2: column vaccine_group: no value"},
		{"no status", header + strings.Replace(row, "Not Complete", "", 1), "line 2: column series_status: no value"},
		{"odd number", header + strings.Replace(row, ",2,", ",two,", 1), "line 2: column forecast_num: not a number"},
		{"odd sex", header + strings.Replace(row, ",F,", ",girl,", 1), "line 2: column gender"},
		{"too many fields", header + strings.Replace(row, "HepB", "HepB,x", 1), "line 2: 16 fields under a header of 15"},
		{"quotation without end", header + "\"" + row, "line 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Read(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// Files that differ only in form are read the same.
func TestReadTakesOtherHands(t *testing.T) {
	want, err := Read(strings.NewReader(header + row))
	if err != nil {
		t.Fatal(err)
	}
	reversed := func(line string) string {
		fields := strings.Split(strings.TrimSpace(line), ",")
		slices.Reverse(fields)
		return strings.Join(fields, ",") + "\n"
	}
	for name, text := range map[string]string{
		"CRLF":                strings.ReplaceAll(header+row, "\n", "\r\n"),
		"byte order mark":     "\ufeff" + header + row,
		"mark and quotes":     "\ufeff\"set\"" + strings.TrimPrefix(header, "set") + row,
		"columns reordered":   reversed(header) + reversed(row),
		"columns in capitals": strings.ToUpper(header) + row,
		"more columns":        strings.Replace(header, "\n", ",name,dose_count\n", 1) + row,
		"more dose columns": strings.Replace(header, "\n", ",dose2_date,dose2_cvx,dose2_eval_status,dose2_eval_reason\n",
			1) + row,
		"set in capitals":   header + strings.Replace(row, "healthy", "Healthy", 1),
		"workbook's dates":  header + strings.ReplaceAll(row, "2000-01-31", "1/31/2000"),
		"dates with a time": header + strings.ReplaceAll(row, "2000-01-31", "2000-01-31 00:00:00"),
		"compact dates":     header + strings.ReplaceAll(row, "2000-01-31", "20000131"),
		"blanks":            header + strings.ReplaceAll(row, ",", " , "),
		"empty rows":        header + "\n,,,\n" + row + ",,\n",
		"no end of line":    header + strings.TrimSpace(row),
		"female spelt out":  header + strings.Replace(row, ",F,", ",female,", 1),
		"HEPB":              header + strings.Replace(row, "HepB", "HEPB", 1),
	} {
		got, err := Read(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What a row expects, in other words: right is right, and each difference is seen.
func TestComparison(t *testing.T) {
	e := builtin(t)
	for _, c := range []struct {
		name, old, new string
		forecast, dose bool
	}{
		{"as it is", "", "", true, true},
		{"status in small letters", "Not Complete", "not complete", true, true},
		{"dose status in capitals", "Valid", "VALID", true, true},
		{"number not given", ",2,", ",-,", true, true},
		{"number blank", ",2,", ",,", true, true},
		{"another status", "Not Complete", "Complete", false, true},
		{"another dose status", "Valid", "Not Valid", true, false},
		{"another number", ",2,", ",3,", false, true},
		{"another earliest date", "2000-02-28", "2000-02-29", false, true},
		{"another recommended date", "2000-03-01", "2000-03-02", false, true},
		{"another past due date", "2000-05-28", "2000-05-29", false, true},
		{"no past due date", "2000-05-28", "", false, true},
		{"another group", "HepB", "HepA", false, true},
		{"a group that is none", "HepB", "HepQ", false, true},
	} {
		for _, set := range []string{healthy, underlying} {
			list, err := Read(strings.NewReader(header + strings.Replace(strings.Replace(row, c.old, c.new, 1), "healthy", set,
				1)))
			if err != nil {
				t.Fatal(err)
			}
			report := Run(e, list)
			n := report.Sets[set]
			if len(report.Sets) != 1 || n.Cases != 1 || (n.ForecastRight == 1) != c.forecast || (n.DosesRight == 1) != c.dose ||
				(len(report.Failed) == 0) != (c.forecast && c.dose) {
				t.Errorf("%s, %s: %+v", c.name, set, report)
			}
		}
	}
}

// Every group of the schedule is known by its name, and by those of both workbooks, in any case; and every name means a
// group that exists.
func TestEveryGroupHasItsNames(t *testing.T) {
	s, err := schedule.Default()
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string]bool{}
	for _, g := range s.Groups {
		groups[g.Name] = true
		for _, name := range []string{g.Name, strings.ToUpper(g.Name), strings.ToLower(g.Name),
			strings.ReplaceAll(g.Name, " ", "")} {
			if got := groupName(name); got != g.Name {
				t.Errorf("%q is read as %q", name, got)
			}
		}
	}
	if len(groups) != len(names) {
		t.Errorf("%d groups in the schedule, %d here", len(groups), len(names))
	}
	for name, group := range groupOf {
		if !groups[group] {
			t.Errorf("%q means %q, which is no group of the schedule", name, group)
		}
	}
	for name, want := range map[string]string{
		"DTAP": "DTaP/Tdap/Td", "DTaP": "DTaP/Tdap/Td", "Tdap": "DTaP/Tdap/Td", "Td": "DTaP/Tdap/Td", "POL": "Polio",
		"IPOL": "Polio", "PCV": "Pneumococcal",
		"MCV": "Meningococcal", "MENB": "Meningococcal B", "MenB": "Meningococcal B", "ROTA": "Rotavirus",
		"Rota": "Rotavirus", "FLU": "Influenza", "Flu": "Influenza",
		"VAR": "Varicella", "ZOSTER": "Zoster", "HIB": "Hib", "HepA": "HepA", "COVID-19": "COVID-19", "COVID": "COVID-19",
		"Typhoid": "Typhoid", "TBE": "TBE",
		"JE": "Japanese Encephalitis", "YF": "Yellow Fever", "Yellow Fever": "Yellow Fever", "Mpox": "Orthopoxvirus",
		"Mpox/Orthopoxvirus": "Orthopoxvirus",
		"Hep A":              "HepA", "Hep-B": "HepB", "PPSV23": "Pneumococcal", "PCV13": "Pneumococcal", "unheard of": "unheard of",
	} {
		if got := groupName(name); got != want {
			t.Errorf("%q is read as %q, want %q", name, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(header + row)
	f.Add("\ufeff" + header + row + strings.Replace(row, "healthy", "underlying", 1))
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
