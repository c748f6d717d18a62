package table

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the generated documents")

const vocabularyFile = "../../docs/vocabulary.md"

func TestVocabulary(t *testing.T) {
	if *update {
		if err := os.WriteFile(vocabularyFile, []byte(Vocabulary()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(vocabularyFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != Vocabulary() {
		t.Error("docs/vocabulary.md is not what internal/table says: run make docs")
	}
}

func TestDatesAgreeWithTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(0, 150000).Draw(t, "day")
		want := time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day)
		d := FromTime(want)
		if d.String() != want.Format(time.DateOnly) {
			t.Fatalf("%s became %s", want.Format(time.DateOnly), d)
		}
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%s read as %s, %v", d, back, err)
		}
		if FromUnixDay(d.UnixDay()) != d {
			t.Fatalf("%s does not survive Parquet's day number", d)
		}
		n := rapid.IntRange(-300, 300).Draw(t, "months")
		y, m, _ := d.AddMonths(n).YMD()
		if wy, wm := want.Year(), int(want.Month())+n; y*12+m != wy*12+wm {
			t.Fatalf("%s and %d months is %s", d, n, d.AddMonths(n))
		}
	})
}

func TestImpossibleDatesAreRefused(t *testing.T) {
	for _, s := range []string{"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "20260101", "2026-01-32", "2026-01-0x", "0000-01-01"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
	if NewDate(2024, 2, 29).String() != "2024-02-29" {
		t.Error("the leap day is a day")
	}
}

func TestRowsSurviveParquet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	want := []Batch{
		{BatchID: "b1", Snapshot: 1, Sender: "s", SenderTime: NewDate(2026, 3, 2).Midnight(), ReceivedOn: NewDate(2026, 3, 2), Bytes: 12, Status: "loaded"},
		{BatchID: "b2", Reason: "Ä"},
	}
	w, err := NewWriter[Batch](Batches, path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if err := w.Append(&want[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := ReadAll[Batch]([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("read back %+v", got)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v", info.Mode())
	}
}

func TestInvalidTextIsRefused(t *testing.T) {
	w, err := NewWriter[Batch](Batches, filepath.Join(t.TempDir(), "x.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Append(&Batch{BatchID: "\xff"}); err == nil {
		t.Error("text that is not UTF-8 was written")
	}
}

func TestYearsAreCompleted(t *testing.T) {
	for _, c := range []struct {
		born, on Date
		years    int
		ok       bool
	}{
		{NewDate(2020, 5, 4), NewDate(2026, 5, 3), 5, true},
		{NewDate(2020, 5, 4), NewDate(2026, 5, 4), 6, true},
		{NewDate(2020, 2, 29), NewDate(2021, 2, 27), 0, true},
		{NewDate(2020, 2, 29), NewDate(2021, 2, 28), 1, true}, // as AddMonths has it
		{NewDate(2020, 2, 29), NewDate(2024, 2, 28), 3, true},
		{NewDate(2020, 2, 29), NewDate(2024, 2, 29), 4, true},
		{NewDate(1926, 12, 31), NewDate(2026, 12, 30), 99, true},
		{NewDate(2026, 5, 4), NewDate(2026, 5, 4), 0, true},
		{NewDate(2026, 5, 5), NewDate(2026, 5, 4), 0, false},
		{0, NewDate(2026, 5, 4), 0, false},
		{NewDate(2026, 5, 5), 0, 0, false},
	} {
		if years, ok := c.born.Years(c.on); years != c.years || ok != c.ok {
			t.Errorf("%s on %s: %d, %v; want %d, %v", c.born, c.on, years, ok, c.years, c.ok)
		}
	}
}

func TestSpansAreReadAsFilesNameThem(t *testing.T) {
	for text, want := range map[string]struct {
		months, days int
		ok           bool
	}{
		"4 days": {0, 4, true}, "1 day": {0, 1, true}, "6 weeks": {0, 42, true}, "19 months": {19, 0, true}, "1 year": {12, 0, true},
		"11 years": {132, 0, true}, "0 months": {0, 0, true}, "": {}, "four years": {}, "4": {}, "-1 year": {}, "10000 days": {},
		"2 years 3 months": {}, "6  weeks": {}, "1 fortnight": {},
	} {
		months, days, ok := ParseSpan(text)
		if months != want.months || days != want.days || ok != want.ok {
			t.Errorf("%q: %d months, %d days, %v", text, months, days, ok)
		}
	}
}
