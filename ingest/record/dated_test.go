package record

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/ingest/effective"
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/internal/table"
)

// datedOn loads a file in a night of 2026-03-02 and returns the day of its first client record, or what went wrong.
func datedOn(t *testing.T, layout string, rule effective.Rule, text string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := Load(context.Background(), &File{No: 1, Snapshot: 1, Path: path, Sender: "s", Kind: "clinic", Dated: rule,
		Layout: read.Builtin[layout], AsOf: table.NewDate(2026, 3, 2), Time: table.NewDate(2026, 3, 1).Midnight()}, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := table.ReadAll[stagedClient](b.Files[StagedClients])
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d records: %v", len(rows), err)
	}
	return rows[0].DatedOn.String()
}

// Values are dated by when they were true: each layout has its word on that, and a sender's own rule goes before it.
func TestWhichDayARecordHas(t *testing.T) {
	message := func(pid33, sent, dose string) string {
		m := oddMessage(strings.Replace(oddHead, "20260301101500-0600", sent, 1), oddPID+strings.Repeat("|", 25)+pid33, dose)
		return m
	}
	old, late := oddDose("1", "20240401", "20"), oddDose("1", "20260215", "20")
	refused := "ORC|RE||9999^LAKE\rRXA|0|1|20260220||03^^CVX|999||||||||||||00^Parental decision^NIP002||RE|A"
	certificate := func(replaces byte) string {
		line := []byte(strings.Repeat(" ", 4000))
		for _, f := range []struct {
			at   int
			text string
		}{{1, "2012"}, {5, "MN"}, {7, "000123"}, {13, "0"}, {30, "F"}, {31, "0307"}, {1001, "IDA"}, {1101, "BERG"}} {
			copy(line[f.at-1:], f.text)
		}
		line[3017] = replaces
		return string(line) + "\n"
	}
	plan := "member_id,last_name,first_name,middle_name,birth_date,sex,address_1,address_2,city,state,zip,county_fips,phone," +
		"email,language,medicaid_id,pcp_npi,updated_on\nM1,Berg,Ida,,2012-03-07,F,1 Elm St,,Duluth,MN,55812,,,,,,,2025-11-03\n"
	roster := "vaccination_date,2026-02-11\nid,last_name,birth_date,first_name,sex,cvx\n1,Berg,2012-03-07,Ida,F,141\n"
	for _, c := range []struct {
		name, layout string
		rule         effective.Rule
		text, want   string
	}{
		{"PID-33", "", "", message("20230509", "20260301101500-0600", late), "2023-05-09"},
		{"PID-33 with its time", "", "", message("20230509120000-0600", "20260301101500-0600", late), "2023-05-09"},
		{"a message of its dose's time", "", "", message("", "20260225101500-0600", late), "2026-02-25"},
		{"a message of a history", "", "", message("", "20260301101500-0600", old), "2024-04-01"},
		{"a dose given elsewhere is no event here", "", "",
			message("", "20260301101500-0600", strings.Replace(late, "00^new", "01^historical", 1)), ""},
		{"nor is one that is withdrawn", "", "",
			message("", "20260301101500-0600", strings.Replace(late, "|CP|A", "|CP|D", 1)), ""},
		{"a refusal is", "", "", message("", "20260301101500-0600", refused), "2026-03-01"},
		{"a message without a dose", "", "", message("", "20260301101500-0600", "PD1"), ""},
		{"a sender whose messages are news", "", effective.Delivery, message("20230509", "20260227101500-0600", old),
			"2026-02-27"},
		{"a sender whose update time is the export's", "", effective.Doses, message("20260301", "20260301101500-0600", old),
			""},
		{"a certificate", "ije-natality", "", certificate('0'), "2012-03-07"},
		{"one that is amended", "ije-natality", "", certificate('1'), ""},
		{"a plan's update", "plan-members", "", plan, "2025-11-03"},
		{"a plan whose update is the export's", "plan-members", effective.Doses, plan, ""},
		{"a roster is of its clinic's day, when it comes soon", "mass-clinic", "", roster, "2026-03-01"},
		{"or late", "mass-clinic", "", strings.Replace(roster, "2026-02-11", "2025-09-11", 1), "2025-09-11"},
	} {
		if got := datedOn(t, c.layout, c.rule, c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The bits that linkage reads of what a version reports itself are those that ingest writes.
func TestReportedBitsAreShared(t *testing.T) {
	for bits, fields := range map[int64][]field.Field{
		table.ReportedName:      {field.FirstName, field.LastName},
		table.ReportedGuardian:  {field.GuardianLast, field.MotherFirst, field.MotherLast},
		table.ReportedSex:       {field.Sex},
		table.ReportedRace:      {field.Race},
		table.ReportedEthnicity: {field.Ethnicity},
		table.ReportedLanguage:  {field.Language},
		table.ReportedAddress:   {field.Address1},
		table.ReportedPhone:     {field.Phone},
		table.ReportedStatus:    {field.ClientStatus},
		table.ReportedProvider:  {field.Provider},
		table.ReportedContact:   {field.Contact},
	} {
		var want int64
		for _, f := range fields {
			want |= bitOf(f)
		}
		if bits != want {
			t.Errorf("%v: bits %b, written are %b", fields, bits, want)
		}
	}
	if table.ReportedDeath != reportedDeath {
		t.Errorf("a death has bit %b, written is %b", table.ReportedDeath, reportedDeath)
	}
}
