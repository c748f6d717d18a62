package engine

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"miic/internal/table"
)

func open(t *testing.T) *Engine {
	t.Helper()
	e, err := Open(t.Context(), Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func mustBe(t *testing.T, e *Engine, query string, want int64) {
	t.Helper()
	if n, err := e.Int(t.Context(), query); err != nil || n != want {
		t.Errorf("%s: %d, %v; want %d", query, n, err, want)
	}
}

// A view gives what it was last defined as, whichever was read or redefined before, also behind another view.
func TestViewsAreAsLastDefined(t *testing.T) {
	e := open(t)
	e.Define("never_read", "SELECT * FROM no_such_table")
	e.Define("deep", "SELECT 1 AS n")
	e.Define("middle", "SELECT n + 10 AS n FROM deep")
	e.Define("top", "SELECT n + 100 AS n FROM middle")
	mustBe(t, e, "SELECT n FROM top", 111)
	e.Define("deep", "SELECT 2 AS n")
	mustBe(t, e, "SELECT n FROM top", 112)
	e.Define("middle", "SELECT n + 20 AS n FROM deep")
	e.Define("deep", "SELECT 3 AS n")
	mustBe(t, e, "SELECT n FROM top", 123)
	mustBe(t, e, "SELECT n FROM deep", 3)
	if _, err := e.Int(t.Context(), "SELECT n FROM never_read"); err == nil || !strings.Contains(err.Error(), "no_such_table") {
		t.Errorf("a view of no table: %v", err)
	}
	mustBe(t, e, "SELECT count(*) FROM deep", 1)
}

// A column may be called as a view is.
func TestColumnCalledAsAView(t *testing.T) {
	e := open(t)
	e.Define("outer_view", "SELECT inner_view AS n FROM (SELECT 5 AS inner_view) AS r")
	e.Define("inner_view", "SELECT n AS outer_view FROM outer_view")
	mustBe(t, e, "SELECT outer_view FROM inner_view", 5)
}

// A file that is not there is reported when the view is defined, with its name.
func TestViewOfAMissingFile(t *testing.T) {
	e := open(t)
	missing := filepath.Join(t.TempDir(), "client.parquet")
	if err := e.View(t.Context(), "client", table.Clients, []string{missing}); err == nil ||
		!strings.Contains(err.Error(), "client.parquet") {
		t.Errorf("got %v", err)
	}
}

// A renewed session has nothing of the one before, and everything that a session begins with.
func TestRenew(t *testing.T) {
	e := open(t)
	ctx := t.Context()
	if err := e.Materialize(ctx, "left_behind", "SELECT 1 AS n"); err != nil {
		t.Fatal(err)
	}
	e.Define("seen", "SELECT 2 AS n")
	mustBe(t, e, "SELECT n FROM seen", 2)
	e.Renew()
	for _, name := range []string{"left_behind", "seen"} {
		if _, err := e.Int(ctx, "SELECT n FROM "+name); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	mustBe(t, e, "SELECT days_between(DATE '2026-03-01', DATE '2026-03-02')", 1)
	mustBe(t, e, "SELECT count(*) FROM duckdb_settings() WHERE (name, value) IN (('TimeZone', 'UTC'), ('preserve_insertion_order', "+
		"'false'), ('enable_external_file_cache', 'false'), ('parquet_metadata_cache', 'true'), ('lock_configuration', 'true'), "+
		"('enable_progress_bar', 'false'))", 6)
	if e.Exec(ctx, "SET threads = 7") == nil {
		t.Error("a setting was changed")
	}
}

func TestInt(t *testing.T) {
	e := open(t)
	for query, want := range map[string]int64{
		"SELECT CAST(-7 AS TINYINT)": -7, "SELECT sum(x) FROM range(5) AS r(x)": 10, "SELECT CAST(NULL AS INTEGER)": 0,
		"SELECT 9223372036854775807": 1<<63 - 1,
	} {
		mustBe(t, e, query, want)
	}
	for _, query := range []string{"SELECT 1 WHERE false", "SELECT x FROM range(2) AS r(x)"} {
		if _, err := e.Int(t.Context(), query); err == nil {
			t.Errorf("%s is one number", query)
		}
	}
}

// A statement that runs is stopped when its context ends, and the session can be used after it.
func TestStatementIsStopped(t *testing.T) {
	e := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := e.Exec(ctx, "CREATE TEMP TABLE big AS SELECT count(*) AS n FROM range(1000000) AS a, range(1000000) AS b WHERE a.range + b.range = -1")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	mustBe(t, e, "SELECT 4", 4)
}
