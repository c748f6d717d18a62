package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
	"miic/internal/testdata"
)

// The document of 'miic forecast cases --json', name by name, as scripts read it.
type casesDocument struct {
	Schedule string `json:"schedule"`
	Sets     map[string]struct {
		Cases         int `json:"cases"`
		ForecastRight int `json:"forecast_right"`
		DosesRight    int `json:"doses_right"`
		ReasonsRight  int `json:"reasons_right"`
	} `json:"sets"`
	Failed []struct {
		ID  string `json:"id"`
		Why string `json:"why"`
	} `json:"failed"`
}

// From any folder, with no lake and no configuration, with the built-in schedule and with CDC's XML as it comes: one
// document, and the published figures.
func TestCasesAsOneDocument(t *testing.T) {
	file, release := testdata.Dir(t, "cdsi/cases.csv"), testdata.Dir(t, "cdsi/supporting-data-4.64")
	for _, path := range []*string{&file, &release} {
		abs, err := filepath.Abs(*path)
		if err != nil {
			t.Fatal(err)
		}
		*path = abs
	}
	t.Chdir(t.TempDir())
	for _, args := range [][]string{{"forecast", "cases", file, "--json"},
		{"forecast", "cases", "--schedule", release, "--json", file},
		{"forecast", "cases", "--corrections=false", file, "--json"}} {
		version, right := "4.64+corrected-", 223
		if slices.Contains(args, "--corrections=false") {
			version, right = "4.64", 220
		}
		var out, errs bytes.Buffer
		if code := Main(args, &out, &errs); code != shell.ExitDone || errs.Len() > 0 {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		dec := json.NewDecoder(&out)
		dec.DisallowUnknownFields()
		var got casesDocument
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if err := dec.Decode(new(any)); err != io.EOF {
			t.Errorf("something follows the document: %v", err)
		}
		h, u := got.Sets["healthy"], got.Sets["underlying"]
		if !strings.HasPrefix(got.Schedule, version) || len(got.Sets) != 2 || h.Cases != 681 || h.ForecastRight != 681 || h.DosesRight != 681 ||
			h.ReasonsRight < 680 || u.Cases != 236 || u.ForecastRight < right {
			t.Errorf("%+v", got)
		}
	}
}

// When something is wrong with the files there is no document, not even half of one.
func TestCasesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	good, bad := "set,id,dob,gender,assessment_date,series_status,forecast_num,earliest_date,recommended_date,past_due_date,vaccine_group\n", filepath.Join(dir, "bad.csv")
	for name, text := range map[string]string{
		"nothing": "", "header only": good, "bad row after a good one": good +
			"healthy,1,2000-01-01,F,2010-01-01,Complete,,,,,MMR\nhealthy,2,2000-13-01,F,2010-01-01,Complete,,,,,MMR\n",
		"no cases": "PK\x03\x04", "quotes": good + "\"healthy,1",
	} {
		if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := Main([]string{"forecast", "cases", bad, "--json"}, &out, &errs)
		var printed struct {
			Exit  int
			Error string
		}
		if err := json.Unmarshal(errs.Bytes(), &printed); code != shell.ExitUsage || out.Len() > 0 || err != nil ||
			printed.Exit != shell.ExitUsage || printed.Error == "" {
			t.Errorf("%s: exit %d, standard output %q, standard error %q: %v", name, code, out.String(), errs.String(), err)
		}
	}
}
