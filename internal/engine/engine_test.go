package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"miic/internal/table"
)

type pairRow struct {
	ID   int64      `col:"id" doc:"id"`
	Text string     `col:"text,null" doc:"text"`
	Day  table.Date `col:"day" doc:"day"`
	N    int16      `col:"n,null" doc:"n"`
}

func TestRowsRoundTrip(t *testing.T) {
	ctx := context.Background()
	e, err := Open(ctx, Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	want := []pairRow{{1, "Å", table.NewDate(2026, 3, 2), 4}, {2, "", 0, 0}}
	if err := Load(ctx, e, "pair", want); err != nil {
		t.Fatal(err)
	}
	got, err := Rows[pairRow](ctx, e, "SELECT * FROM pair ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("rows came back as %v", got)
	}
	if n, err := e.Int(ctx, "SELECT count(*) FROM pair WHERE text IS NULL AND day IS NULL AND n IS NULL"); err != nil || n != 1 {
		t.Errorf("nulls: %d, %v", n, err)
	}
	var streamed []pairRow
	if err := Stream(ctx, e, "SELECT * FROM pair ORDER BY id DESC", func(r *pairRow) error { streamed = append(streamed, *r); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(streamed) != 2 || streamed[0] != want[1] {
		t.Errorf("streamed %v", streamed)
	}
}

func TestNothingIsLoadedFromOutside(t *testing.T) {
	ctx := context.Background()
	e, err := Open(ctx, Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, stmt := range []string{"SET threads = 1", "INSTALL httpfs", "SET autoload_known_extensions = true"} {
		if e.Exec(ctx, stmt) == nil {
			t.Errorf("%s was allowed", stmt)
		}
	}
}

func TestCopyHasTheTablesColumns(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	e, err := Open(ctx, Options{Temp: filepath.Join(dir, "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	path := filepath.Join(dir, "link.parquet")
	n, err := e.Copy(ctx, table.ClientLinks, "SELECT 2 AS since_snapshot, 'r' || i AS record_id, i AS client_id FROM range(3) AS t(i)", path)
	if err != nil || n != 3 {
		t.Fatalf("%d rows, %v", n, err)
	}
	rows, err := table.ReadAll[table.ClientLink]([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || rows[0] != (table.ClientLink{RecordID: "r0", ClientID: 0, Since: 2}) {
		t.Errorf("read %v", rows)
	}
	if _, err := e.Copy(ctx, table.ClientLinks, "SELECT 1 AS since_snapshot, 'r' AS record_id, 1 AS client_id", path); err == nil {
		t.Error("a file was overwritten")
	}
	if err := e.View(ctx, "none", table.ClientLinks, nil); err != nil {
		t.Fatal(err)
	}
	if n, err := e.Int(ctx, "SELECT count(*) FROM none WHERE client_id > 0"); err != nil || n != 0 {
		t.Errorf("an empty view has %d rows, %v", n, err)
	}
}

// TestOrderOfAFileIsTheQuerys: the rows of several row groups, sorted by words within what gives them their columns, are in the order
// of the texts.
func TestOrderOfAFileIsTheQuerys(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	e, err := Open(ctx, Options{Temp: filepath.Join(dir, "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	const rows = 400000
	names := "SELECT 'r' || lpad(CAST((i * 7919) % 1000 AS VARCHAR), 3, '0') AS name, (i * 104729) % 400000 AS id FROM range(400000) AS t(i)"
	if err := e.Words(ctx, "name_word", "SELECT name FROM ("+names+")"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "link.parquet")
	n, err := e.CopyOrdered(ctx, table.ClientLinks, "SELECT CAST(name AS VARCHAR) AS record_id, id + 1 - 1 AS client_id, 2 AS since_snapshot "+
		"FROM (SELECT CAST(name AS name_word) AS name, id FROM ("+names+") ORDER BY CAST(name AS name_word), id) AS f", path)
	if err != nil || n != rows {
		t.Fatalf("%d rows, %v", n, err)
	}
	var last table.ClientLink
	if err := table.Scan([]string{path}, func(r *table.ClientLink) error {
		if r.RecordID < last.RecordID || r.RecordID == last.RecordID && r.ClientID < last.ClientID {
			t.Fatalf("%v after %v", *r, last)
		}
		last = *r
		return nil
	}); err != nil || last.RecordID != "r999" {
		t.Errorf("%v, %v", last, err)
	}
}

// TestThreadsAreTheSchedulers: one setting governs the engine and everything in Go.
func TestThreadsAreTheSchedulers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	e, err := Open(context.Background(), Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if n, err := e.Int(context.Background(), "SELECT CAST(current_setting('threads') AS BIGINT)"); err != nil || n != 1 {
		t.Errorf("the engine has %d threads (%v)", n, err)
	}
}

func TestGroupsAreTheRowsThatLieTogether(t *testing.T) {
	e := open(t)
	type row struct {
		Day  int32 `col:"day"`
		Dose int32 `col:"dose"`
	}
	groups := func(query string) (list [][]int32) {
		t.Helper()
		err := Groups(t.Context(), e, query, func(r *row) int32 { return r.Day }, func(rows []row) error {
			var doses []int32
			for _, r := range rows {
				doses = append(doses, r.Dose)
			}
			list = append(list, doses)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	const values = "SELECT * FROM (VALUES (1, 10), (1, 11), (2, 12), (3, 13), (3, 14)) AS v(day, dose)"
	if got := fmt.Sprint(groups(values + " ORDER BY dose")); got != "[[10 11] [12] [13 14]]" {
		t.Errorf("groups %s", got)
	}
	if got := groups(values + " WHERE day > 3"); got != nil {
		t.Errorf("groups of no rows: %v", got)
	}
	stop := errors.New("stop")
	calls := 0
	err := Groups(t.Context(), e, values+" ORDER BY dose", func(r *row) int32 { return r.Day }, func([]row) error {
		calls++
		return stop
	})
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// TestPeriodsHoldTheirDays: each day lies in the period that it is said to lie in, also where months differ in length.
func TestPeriodsHoldTheirDays(t *testing.T) {
	e := open(t)
	for _, asOf := range []table.Date{table.NewDate(2026, 3, 2), table.NewDate(2024, 2, 29), table.NewDate(2025, 2, 28),
		table.NewDate(2026, 3, 31), table.NewDate(2026, 4, 30), table.NewDate(2026, 1, 1)} {
		for _, months := range []int{1, 12} {
			n, err := e.Int(t.Context(), fmt.Sprintf("SELECT count(*) FROM (SELECT add_days(%[1]s, r.i - 3000) AS d FROM range(6000) AS r(i)) AS d "+
				"WHERE NOT (d BETWEEN period_start(d, %[1]s, %[2]d) AND add_months(%[1]s, -%[2]d * periods_ago(d, %[1]s, %[2]d))) "+
				"OR period_start(d, %[1]s, %[2]d) <> add_days(add_months(%[1]s, -%[2]d * (1 + periods_ago(d, %[1]s, %[2]d))), 1)",
				Literal(asOf), months))
			if err != nil || n != 0 {
				t.Errorf("by %s, %d days lie outside of their period of %d months (%v)", asOf, n, months, err)
			}
		}
	}
}
