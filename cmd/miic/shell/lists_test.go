package shell

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/ingest/read"
	"miic/internal/table"
	"miic/reports/care"
)

// A day that goes back to a sender is in the form in which it came.
func TestDaysGoBackAsTheyCame(t *testing.T) {
	for form := range read.DateForms {
		for _, day := range []table.Date{table.NewDate(2019, 1, 2), table.NewDate(2020, 2, 29), table.NewDate(1998, 12, 31)} {
			if back, state := read.ParseDate(form, []byte(care.InForm(day, form))); back != day || state != read.DateGood {
				t.Errorf("%s in the form %s came back as %s", care.InForm(day, form), form, back)
			}
		}
	}
}

// A plan's columns are those of each of its layouts: as it spells them, put together again, in its words; of fixed width too.
func TestAPlanMaySendListsInSeveralLayouts(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"layouts/north-list.yaml": `id: north-list
doc: members
makes: roster
form: csv
encoding: utf-8
dates: M/D/YYYY
fields:
  - {to: list_id_1, column: MBR_ID, required: true}
  - {column: Member Name, split: "last_name, first_name middle_name?", required: true}
  - {to: birth_date, column: DOB, required: true}
  - {to: sex, column: Gender, map: {Female: F, Woman: F, Male: M}}
  - {to: state, value: MN}
`,
		"layouts/north-fixed.yaml": `id: north-fixed
doc: members
makes: roster
form: fixed
width: 40
encoding: utf-8
dates: YYYYMMDD
fields:
  - {to: list_id_1, at: [[1, 10]], required: true}
  - {to: last_name, at: [[11, 20]], required: true}
  - {to: birth_date, at: [[31, 8]], required: true}
  - {to: state, value: MN}
`,
		"miic.yaml": `layouts: layouts
senders:
  - id: north
    name: North
    kind: health_plan
    expected: none
    files:
      - {pattern: "members_*.csv", layout: north-list}
      - {pattern: "members_*.txt", layout: north-fixed}
      - {pattern: "claims_*.csv", layout: plan-claims}
`} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(filepath.Join(dir, "miic.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for layout, columns := range c.Reports.Lists {
		var words []string
		for _, x := range columns {
			words = append(words, fmt.Sprint(x.Name, x.Pieces, x.Words, x.Dates))
		}
		got[layout] = strings.Join(words, "; ")
	}
	want := map[string]string{
		"north-list": "MBR_ID[{ list_id_1 false}] map[]M/D/YYYY; Member Name[{ last_name false} {,  first_name false} {  middle_name true}] " +
			"map[]M/D/YYYY; DOB[{ birth_date false}] map[]M/D/YYYY; Gender[{ sex false}] map[F:Female M:Male]M/D/YYYY",
		"north-fixed": "list_id_1[{ list_id_1 false}] map[]YYYYMMDD; last_name[{ last_name false}] map[]YYYYMMDD; " +
			"birth_date[{ birth_date false}] map[]YYYYMMDD"}
	for layout, words := range want {
		if got[layout] != words {
			t.Errorf("%s has\n%s\nwant\n%s", layout, got[layout], words)
		}
	}
	if len(got) != len(want) {
		t.Errorf("lists: %v", got)
	}
}
