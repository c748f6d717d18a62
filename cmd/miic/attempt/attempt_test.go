package attempt

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"miic/internal/lake"
	"miic/internal/pipeline"
)

var began = time.Date(2026, 3, 3, 1, 30, 0, 0, time.UTC)

// newestPage writes an attempt and returns the page that a person opens.
func newestPage(t *testing.T, a *Attempt) string {
	t.Helper()
	if a.Out == "" {
		a.Out = filepath.Join(t.TempDir(), "out")
	}
	a.Kind, a.Began = Night, began
	if err := a.Write(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{newest, "attempts/" + a.Name() + ".html"} {
		info, err := os.Stat(filepath.Join(a.Out, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%s: %v, %v", name, info, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(a.Out, newest))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPages: what a page's first line reports of each outcome, and what else must be on it.
func TestPages(t *testing.T) {
	result := func(outcome pipeline.Ending) *pipeline.Result {
		return &pipeline.Result{Outcome: outcome, Run: "000002", Snapshot: 2, AsOf: "2026-03-03"}
	}
	held := result(pipeline.Held)
	held.Tripped = []lake.Tripped{{Brake: "notices", Text: "rose from 1 to 9"}}
	noted := result(pipeline.Committed)
	noted.Stages = []pipeline.StageResult{{Stage: "ingest", Notes: []pipeline.Note{
		{Kind: "missing", Sender: "elm", Text: "one is late"},
		{Kind: "refused", Sender: "oak", File: "a\x1b[2J.csv", Text: "is cut", Exit3: true},
		{Kind: pipeline.Silence, Text: "nothing came", Exit3: true}}}}
	ended := began.Add(time.Hour)
	for _, tc := range []struct {
		name string
		a    *Attempt
		want []string
	}{
		{"running", &Attempt{Result: result("")}, []string{"is running, or was killed", "has not ended"}},
		{"committed", &Attempt{Result: result(pipeline.Committed), Ended: ended, Head: 2},
			[]string{"Snapshot 2 of 2026-03-03 is committed.", "exit 0"}},
		{"needs a person", &Attempt{Result: noted, Ended: ended, Exit: 3, Meaning: "M", Advice: "do X with 'miic y'."},
			[]string{"and something needs a person", "exit 3: M", "do X with <code>miic y</code>.", "nothing came", `oak a\x1b[2J.csv: is cut`, "elm one is late"}},
		{"held", &Attempt{Result: held, Ended: ended, Exit: 4}, []string{"is held by a brake", "notices", "rose from 1 to 9"}},
		{"failed", &Attempt{Result: result(pipeline.Failed), Ended: ended, Exit: 1, Err: errors.New("stage link: <b>")},
			[]string{"failed. Nothing was committed", "stage link: &lt;b&gt;"}},
		{"interrupted", &Attempt{Result: result(pipeline.Failed), Ended: ended, Exit: 130, Err: context.Canceled},
			[]string{"was interrupted. Nothing was committed"}},
		{"the archive is full", &Attempt{Result: result(pipeline.Committed), Ended: ended, Exit: needsPerson, Head: 2},
			[]string{"is committed, but the inbox or the archive needs a person"}},
		{"before the night began", &Attempt{Ended: ended, Exit: 2, Err: errors.New("time_zone")}, []string{"failed", "time_zone"}},
	} {
		page := newestPage(t, tc.a)
		at := 0
		for _, want := range tc.want {
			i := strings.Index(page[at:], want)
			if i < 0 {
				t.Errorf("%s: %q is not there, or not in its place", tc.name, want)
				continue
			}
			at += i
		}
		if strings.Contains(page, "\x1b") {
			t.Errorf("%s: the page holds a control character", tc.name)
		}
	}
}

// TestNothingToDoKeepsWhatNeedsAPerson: a second run on the same day does not hide the page of the night; but a page of an
// attempt that failed in between gives way.
func TestNothingToDoKeepsWhatNeedsAPerson(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	night := func(outcome pipeline.Ending, run string, exit int, err error) string {
		return newestPage(t, &Attempt{Out: out, Ended: began, Exit: exit, Err: err, Head: 2, HeadAsOf: "2026-03-03",
			Result: &pipeline.Result{Outcome: outcome, Run: run, Snapshot: 2, AsOf: "2026-03-03"}})
	}
	first := night(pipeline.Committed, "000002", 3, nil)
	quiet := &Attempt{Out: out, Kind: Night, Began: began, Ended: began, Head: 2,
		Result: &pipeline.Result{Outcome: pipeline.NothingToDo, Snapshot: 2}}
	if err := quiet.Write(); err != nil {
		t.Fatal(err)
	}
	if now, _ := os.ReadFile(filepath.Join(out, newest)); string(now) != first {
		t.Error("the page of the night is gone")
	}
	night(pipeline.Failed, "000003", 1, errors.New("x"))
	if page := newestPage(t, quiet); !strings.Contains(page, "Nothing to do: snapshot 2") {
		t.Error("the page is still that of the attempt that failed")
	}
}

// TestOldPagesGo: the folder does not grow for ever, and the newest stay.
func TestOldPagesGo(t *testing.T) {
	a := &Attempt{Out: t.TempDir(), Kind: Night, Began: began}
	for i := range kept + 5 {
		a.Began = began.Add(time.Duration(i) * time.Minute)
		if err := a.Write(); err != nil {
			t.Fatal(err)
		}
		at := began.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(filepath.Join(a.Out, "attempts", a.Name()+".html"), at, at); err != nil {
			t.Fatal(err)
		}
	}
	list, err := os.ReadDir(filepath.Join(a.Out, "attempts"))
	if err != nil || len(list) != kept+1 && len(list) != kept {
		t.Fatalf("%d pages are kept, %v", len(list), err)
	}
	if _, err := os.Stat(filepath.Join(a.Out, "attempts", a.Name()+".html")); err != nil {
		t.Error("the newest is gone")
	}
}

// TestHooks: a webhook and a command get the line and the code, also of an attempt that was interrupted; a good night only
// where the site wants all; what goes wrong never names the address.
func TestHooks(t *testing.T) {
	var got []message
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m message
		text, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(text, &m); err != nil {
			t.Error(err)
		}
		got = append(got, m)
		w.WriteHeader(status)
	}))
	defer server.Close()
	heard := filepath.Join(t.TempDir(), "heard")
	n := Notify{When: Trouble, Webhook: server.URL + "/secret",
		Command: []string{"sh", "-c", `printf '%s|%s' "$MIIC_EXIT" "$MIIC_SUMMARY" > ` + heard}}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	a := &Attempt{Out: "out", Kind: Night, Ended: began, Exit: 130, Err: errors.New("stopped"),
		Result: &pipeline.Result{Outcome: pipeline.Failed, Run: "000007", AsOf: "2026-03-03"}}
	if err := a.Send(stopped, n); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(heard)
	if len(got) != 1 || got[0].Exit != 130 || got[0].Run != "000007" || !strings.HasPrefix(string(text), "130|miic: The night of") {
		t.Errorf("webhook %+v, command %q", got, text)
	}
	good := &Attempt{Kind: Night, Ended: began, Result: &pipeline.Result{Outcome: pipeline.Committed}}
	if err := good.Send(context.Background(), n); err != nil || len(got) != 1 {
		t.Errorf("a good night is trouble: %d, %v", len(got), err)
	}
	n.When = Always
	if err := good.Send(context.Background(), n); err != nil || len(got) != 2 {
		t.Errorf("a good night was not sent: %d, %v", len(got), err)
	}
	status = http.StatusForbidden
	n.Command = []string{"/nothing/here"}
	err := a.Send(context.Background(), n)
	if err == nil || !strings.Contains(err.Error(), "403") || !strings.Contains(err.Error(), "notify.command") ||
		strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
	server.Close()
	if err := a.Send(context.Background(), n); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

func TestNotifyIsChecked(t *testing.T) {
	for _, bad := range []Notify{{When: "often"}, {When: Trouble, Webhook: "http://example.org"},
		{When: Trouble, Webhook: "example.org"}, {When: Trouble, Command: []string{""}}} {
		if err := bad.Validate(); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	if err := (Notify{When: Always, Webhook: "https://example.org/x"}).Validate(); err != nil {
		t.Error(err)
	}
}
