package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/lake"
	"miic/internal/table"
)

func (h *house) clients() map[string]int64 {
	h.t.Helper()
	ids := map[string]int64{}
	files := h.opts.Lake.Files(h.head(), "client_link")
	if err := table.Scan(files, func(l *table.ClientLink) error { ids[l.RecordID] = l.ClientID; return nil }); err != nil {
		h.t.Fatal(err)
	}
	return ids
}

// TestRollback: tables go back; requests, restrictions, verdicts, notices, disclosures and ids do not.
func TestRollback(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	h.deliver("clinic", "b.csv", "2,opt_out")
	h.night(3, Committed, 0)
	if _, err := Rollback(ctx, h.opts, 1, ""); lake.CodeOf(err) != lake.Usage {
		t.Errorf("without a reason: %v", err)
	}
	for _, to := range []int64{0, 2, 3} {
		if _, err := Rollback(ctx, h.opts, to, "why"); lake.CodeOf(err) != lake.Usage {
			t.Errorf("to snapshot %d: %v", to, err)
		}
	}
	h.opts.Operator = "op"
	m, err := Rollback(ctx, h.opts, 1, "wrong file")
	if err != nil {
		t.Fatal(err)
	}
	if m.Snapshot != 3 || m.Parent != 2 || m.RollbackTo != 1 || m.AsOf != "2026-03-02" || m.Reason != "wrong file" || m.Operator != "op" {
		t.Errorf("the rollback is %+v", m)
	}
	if n := lake.Rows(m.Tables["request"]); n != 2 {
		t.Errorf("%d requests were carried forward, want 2", n)
	}
	if n := lake.Rows(m.Tables["batch"]); n != 1 {
		t.Errorf("%d batches, want the one of the old night", n)
	}
	if m.Marks["client_id"] != 2 || len(h.clients()) != 1 {
		t.Errorf("mark %d, clients %v", m.Marks["client_id"], h.clients())
	}
	if _, err := os.Lstat(filepath.Join(h.opts.Out, "latest")); err == nil {
		t.Error("the withdrawn outputs are still the latest")
	}
	h.sound()

	// The same night again: what touches requests is done anew, and no id is given twice.
	res := h.night(2, Committed, 0)
	if res.Stages[1].How != "run" || res.Stages[2].How != "run" {
		t.Errorf("after the rollback: %+v", res.Stages)
	}
	if ids := h.clients(); ids["clinic/1"] != 1 || ids["clinic/2"] != 3 {
		t.Errorf("client ids %v: 2 was given out before and must not come again", ids)
	}
	if target, _ := os.Readlink(filepath.Join(h.opts.Out, "latest")); target != "000004" {
		t.Errorf("latest points at %s", target)
	}
	h.night(2, NothingToDo, 0)
	h.sound()
}

func TestBrakeAndAccept(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t)
	h.opts.Brakes = []Brake{{Name: "clients", Figure: "link.clients", Rise: 50, Slack: 2}}
	h.deliver("clinic", "a.csv", "1,lock", "2,lock", "3,lock", "4,lock")
	h.night(2, Committed, 0) // nothing to compare with
	h.deliver("clinic", "b.csv", "5,lock", "6,lock")
	h.night(3, Committed, 0) // half as many again, and within the slack
	h.deliver("clinic", "c.csv", "7,lock", "8,lock", "9,lock", "10,lock")
	res := h.night(4, Held, 4)
	if len(res.Tripped) != 1 || res.Tripped[0].Text != "rose from 6 to 10, the limit is 50 %" {
		t.Errorf("tripped: %+v", res.Tripped)
	}
	if h.head().Snapshot != 2 || len(tree(t, h.opts.Inbox)) != 1 {
		t.Error("a held night has moved HEAD or the inbox")
	}
	h.sound()
	if _, err := Accept(ctx, h.opts, res.Run, ""); lake.CodeOf(err) != lake.Usage {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := Accept(ctx, h.opts, "000077", "why"); lake.CodeOf(err) != lake.Usage {
		t.Errorf("a run that is not held: %v", err)
	}
	held := rows(t, h.opts.Lake, must(h.opts.Lake.Held(res.Run)))
	m, err := Accept(ctx, h.opts, res.Run, "a school joined")
	if err != nil {
		t.Fatal(err)
	}
	if m.Snapshot != 3 || m.Reason != "a school joined" || len(m.Tripped) != 1 || rows(t, h.opts.Lake, h.head()) != held {
		t.Errorf("accepted: %+v", m)
	}
	if len(tree(t, h.opts.Inbox)) != 0 || len(tree(t, h.opts.Lake.Path("held"))) != 0 {
		t.Error("the inbox or the held night is still there")
	}
	h.night(4, NothingToDo, 0)
	h.sound()
}

// TestHeldNightIsOvertaken: the next night takes the files of the held one, and the held one cannot
// be accepted any more.
func TestHeldNightIsOvertaken(t *testing.T) {
	h := newHouse(t)
	h.opts.Brakes = []Brake{{Name: "clients", Figure: "link.clients", Rise: 50}}
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	h.deliver("clinic", "b.csv", "2,lock", "3,lock")
	held := h.night(3, Held, 4)
	again := h.night(3, Held, 4)
	for _, s := range again.Stages {
		if s.How != "adopted" {
			t.Errorf("held again: %s was %s", s.Stage, s.How)
		}
	}
	h.opts.Brakes[0].Rise = 500
	if res := h.night(3, Committed, 0); res.Snapshot != 2 || len(h.clients()) != 3 {
		t.Errorf("after raising the limit: %+v", res)
	}
	if _, err := Accept(context.Background(), h.opts, held.Run, "late"); lake.CodeOf(err) != lake.Usage {
		t.Errorf("an overtaken night was accepted: %v", err)
	}
	h.sound()
}

// TestBrakeFindsARenamedFigure: on the first night after a stage or figure got another name, a brake compares with
// what the last snapshot calls it, and is not silently off.
func TestBrakeFindsARenamedFigure(t *testing.T) {
	for _, renamed := range []map[string]string{nil, {"people.clients": "link.clients"}} {
		h := newHouse(t)
		h.deliver("clinic", "a.csv", "1,lock", "2,lock")
		h.night(2, Committed, 0)
		h.opts.Stages[1].Name = "people"
		h.opts.Renamed = renamed
		h.opts.Brakes = []Brake{{Name: "clients", Figure: "people.clients", Rise: 50}}
		h.deliver("clinic", "b.csv", "3,lock", "4,lock")
		if renamed == nil {
			h.night(3, Committed, 0) // nothing to compare with
			continue
		}
		res := h.night(3, Held, 4)
		if len(res.Tripped) != 1 || res.Tripped[0].Text != "rose from 2 to 4, the limit is 50 %" {
			t.Errorf("tripped: %+v", res.Tripped)
		}
		h.opts.Brakes[0].Rise = 200
		h.night(3, Committed, 0)
		h.opts.Renamed["people.clients"] = "link.nothing" // the snapshot has the new name now
		h.opts.Brakes[0].Rise = 10
		h.deliver("clinic", "c.csv", "5,lock")
		if res := h.night(4, Held, 4); res.Tripped[0].Text != "rose from 4 to 5, the limit is 10 %" {
			t.Errorf("tripped: %+v", res.Tripped)
		}
	}
}

func TestBrakes(t *testing.T) {
	was := map[string]int64{"link.clients": 1000, "ingest.read": 100, "ingest.refused": 2}
	for _, c := range []struct {
		brake Brake
		now   map[string]int64
		want  string
	}{
		{Brake{Figure: "link.clients", Rise: 10}, map[string]int64{"link.clients": 1100}, ""},
		{Brake{Figure: "link.clients", Rise: 10}, map[string]int64{"link.clients": 1101}, "rose from 1000 to 1101, the limit is 10 %"},
		{Brake{Figure: "link.clients", Fall: 1}, map[string]int64{"link.clients": 989}, "fell from 1000 to 989, the limit is 1 %"},
		{Brake{Figure: "link.clients", Fall: 1, Slack: 11}, map[string]int64{"link.clients": 989}, ""},
		{Brake{Figure: "link.merges", Most: 50}, map[string]int64{"link.merges": 51}, "is 51, the limit is 50"},
		{Brake{Figure: "link.merges", Rise: 50}, map[string]int64{"link.merges": 51}, ""}, // not known before
		{Brake{Figure: "link.clients", Rise: 10}, map[string]int64{}, ""},
		{Brake{Figure: "ingest.refused", Of: "ingest.read", Rise: 5}, map[string]int64{"ingest.read": 200, "ingest.refused": 14}, ""},
		{Brake{Figure: "ingest.refused", Of: "ingest.read", Rise: 5}, map[string]int64{"ingest.read": 200, "ingest.refused": 15}, "rose from 2 % to 7.5 %, the limit is 5 points"},
		{Brake{Figure: "ingest.refused", Of: "ingest.read", Most: 20, Slack: 9}, map[string]int64{"ingest.read": 20, "ingest.refused": 9}, ""},
		{Brake{Figure: "ingest.refused", Of: "ingest.read", Most: 20, Slack: 9}, map[string]int64{"ingest.read": 20, "ingest.refused": 10}, "is 50 %, the limit is 20 %"},
		{Brake{Figure: "ingest.refused", Of: "ingest.read", Most: 20}, map[string]int64{"ingest.read": 0, "ingest.refused": 0}, ""},
	} {
		if got := c.brake.trips(was, c.now); got != c.want {
			t.Errorf("%+v with %v: %q, want %q", c.brake, c.now, got, c.want)
		}
	}
}

// TestCompaction: a log of many files becomes one, rows and keys stay.
func TestCompaction(t *testing.T) {
	defer func(n int) { compactAt = n }(compactAt)
	compactAt = 4
	h := newHouse(t)
	for i := range compactAt + 1 {
		h.deliver("clinic", "a.csv", fmt.Sprintf("%d,lock", 100-i))
		h.night(2, Committed, 0)
		if n := len(h.head().Tables["request"]); n != i+1 && i < compactAt {
			t.Fatalf("night %d: request has %d files", i+1, n)
		}
	}
	m := h.head()
	if n := len(m.Tables["request"]); n != 1 || lake.Rows(m.Tables["request"]) != int64(compactAt+1) {
		t.Fatalf("request has %d files and %d rows", n, lake.Rows(m.Tables["request"]))
	}
	var ids []string
	if err := table.Scan([]string{h.opts.Lake.Path(m.Tables["request"][0].Path)}, func(q *table.Request) error { ids = append(ids, q.RequestID); return nil }); err != nil {
		t.Fatal(err)
	}
	if ids[0] != "clinic/100" || ids[1] != "clinic/96" {
		t.Errorf("not sorted by key: %v", ids)
	}
	h.night(2, NothingToDo, 0)
	if res := h.night(3, Committed, 0); res.Stages[1].How != "reused" {
		t.Errorf("compaction made link look changed: %s", res.Stages[1].How)
	}
	h.sound()
}

func TestDryRun(t *testing.T) {
	h := newHouse(t)
	h.deliver("clinic", "a.csv", "1,lock")
	h.night(2, Committed, 0)
	before := tree(t, h.root)
	h.opts.DryRun = true
	plan := func(d int) string {
		var how []string
		for _, s := range h.night(d, DryRun, 0).Stages {
			how = append(how, s.Stage+" "+s.How)
		}
		return strings.Join(how, ", ")
	}
	h.night(2, NothingToDo, 0)
	if got := plan(3); got != "ingest run, link if changed, report run" {
		t.Errorf("on a new date: %s", got)
	}
	h.opts.Stages[2].Version++
	if got := plan(2); got != "ingest reuse, link reuse, report run" {
		t.Errorf("with a new report: %s", got)
	}
	after := tree(t, h.root)
	for path, body := range before {
		if after[path] != body {
			t.Errorf("a dry run has changed %s", path)
		}
	}
	if len(after) != len(before) {
		t.Errorf("a dry run has left %d files, there were %d", len(after), len(before))
	}
}

func must(m *lake.Manifest, err error) *lake.Manifest {
	if err != nil {
		panic(err)
	}
	return m
}
