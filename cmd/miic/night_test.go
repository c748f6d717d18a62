package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"miic/cmd/miic/models"
	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/table"
	"miic/reports/withdrawal"
)

// miic runs the command in this process and demands an exit code.
func miic(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main(args, &out, &errs); code != want {
		t.Fatalf("miic %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// state makes a small synthetic state and returns its folder.
func state(t *testing.T, clients, nights string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	miic(t, shell.ExitDone, "synth", "--clients", clients, "--seed", "11", "--nights", nights, "--out", dir, "-q")
	return dir
}

// firstNights make states and run their first night, each by the numbers of clients and nights.
var firstNights sync.Map

// stateAfterANight is a copy of a small synthetic state whose first night, of 2026-03-02, has been run: once for all tests
// that ask for one of this size.
func stateAfterANight(t *testing.T, clients, nights string) string {
	t.Helper()
	made, _ := firstNights.LoadOrStore(clients+"/"+nights, sync.OnceValue(func() string {
		dir := filepath.Join(states, clients+"-"+nights)
		miic(t, shell.ExitDone, "synth", "--clients", clients, "--seed", "11", "--nights", nights, "--out", dir, "-q")
		night(t, dir, "2026-03-02", shell.ExitDone)
		return dir
	}))
	dir := filepath.Join(t.TempDir(), "state")
	copyState(t, dir, made.(func() string)())
	return dir
}

// copyState copies a state with the modes and times of its files.
func copyState(t *testing.T, to, from string) {
	t.Helper()
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// night delivers a night of the state and runs it.
func night(t *testing.T, dir, date string, want int) (stdout, stderr string) {
	t.Helper()
	if err := models.Deliver(filepath.Join(dir, "nights", date), filepath.Join(dir, "inbox")); err != nil {
		t.Fatal(err)
	}
	return miic(t, want, "--config", filepath.Join(dir, "miic.yaml"), "nightly", "--as-of", date, "-v")
}

// rows reads a table as HEAD has it.
func rows[T any](t *testing.T, dir, name string) []T {
	t.Helper()
	l, err := lake.Open(filepath.Join(dir, "lake"), lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.Head()
	if err != nil {
		t.Fatal(err)
	}
	list, err := table.ReadAll[T](l.Files(m, name))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// truth reads a file of the state's truth as rows by column name.
func truth(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "truth", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]string
	for _, rec := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = rec[i]
		}
		list = append(list, row)
	}
	return list
}

// TestOptedOutPeopleAreInNothing follows the truth: whoever opted out by a night, no client that holds
// one of the person's records has a forecast, a notice or a disclosure from that night on.
func TestOptedOutPeopleAreInNothing(t *testing.T) {
	t.Parallel()
	dir := stateAfterANight(t, "1500", "3")
	checked, withdrawn := 0, 0
	for n, date := range []string{"2026-03-02", "2026-03-03"} {
		if n > 0 {
			night(t, dir, date, shell.ExitDone)
		}
		people := map[string]bool{}
		for _, r := range truth(t, dir, "requests.csv") {
			if r["kind"] == "opt_out" && r["night"] <= date {
				people[r["person_id"]] = true
			}
		}
		records, known := map[string]bool{}, map[string]bool{}
		for _, r := range truth(t, dir, "records.csv") {
			if people[r["person_id"]] && r["night"] <= date {
				records[r["sender"]+"/"+r["source_client_id"]] = true
				known[r["person_id"]] = true
			}
		}
		clients := map[int64]bool{}
		for _, l := range rows[table.ClientLink](t, dir, "client_link") {
			if at := strings.LastIndex(l.RecordID, "/"); records[l.RecordID[:at]] {
				clients[l.ClientID] = true
			}
		}
		if len(known) < 3 || len(clients) < len(known) {
			t.Fatalf("night %s: of %d people with records who opted out, %d clients hold them: the test has too little to "+
				"look at", date, len(known), len(clients))
		}
		checked += len(clients)
		for _, c := range rows[table.Client](t, dir, "client") {
			if clients[c.ClientID] && !c.OptedOut {
				t.Errorf("night %s: client %d holds a record of a person who opted out, and is not opted out", date, c.ClientID)
			}
		}
		for _, f := range rows[table.Forecast](t, dir, "forecast") {
			if clients[f.ClientID] {
				t.Errorf("night %s: client %d opted out and has a forecast", date, f.ClientID)
			}
		}
		for _, x := range rows[table.Notice](t, dir, "notice") {
			if clients[x.ClientID] && x.Snapshot == int64(n+1) {
				t.Errorf("night %s: client %d opted out and got a notice", date, x.ClientID)
			}
		}
		for _, d := range rows[table.Disclosure](t, dir, "disclosure") {
			if clients[d.ClientID] && d.Snapshot < int64(n+1) {
				withdrawn++
				folder := filepath.Join(dir, "out", fmt.Sprintf("%06d", d.Snapshot), filepath.FromSlash(withdrawal.Folder(d.Output)))
				files, err := os.ReadDir(folder)
				if err != nil || len(files) != 1 || files[0].Name() != "WITHDRAWN.txt" {
					t.Errorf("night %s: client %d opted out, and %s of snapshot %d lies there still: %v, %v", date, d.ClientID, d.Output,
						d.Snapshot, files, err)
				}
			}
			if clients[d.ClientID] && d.Snapshot == int64(n+1) {
				t.Errorf("night %s: client %d opted out and is in %s", date, d.ClientID, d.Output)
			}
		}
	}
	if withdrawn == 0 {
		t.Error("nobody who opted out on the second night was in an output of the first: the test has too little to look at")
	}
	t.Logf("%d clients of opted-out people looked at, and %d of their rows in outputs of the first night", checked, withdrawn)
}

// TestTwinsStayTwoPeople: no client holds records of two people who were born together.
func TestTwinsStayTwoPeople(t *testing.T) {
	t.Parallel()
	dir := stateAfterANight(t, "9000", "1")
	group := map[string]string{}
	size := map[string]map[string]bool{}
	for _, p := range truth(t, dir, "persons.csv") {
		group[p["person_id"]] = p["birth_group"]
		if size[p["birth_group"]] == nil {
			size[p["birth_group"]] = map[string]bool{}
		}
		size[p["birth_group"]][p["person_id"]] = true
	}
	person := map[string]string{}
	for _, r := range truth(t, dir, "records.csv") {
		person[r["sender"]+"/"+r["source_client_id"]] = r["person_id"]
	}
	seen := map[int64]map[string]bool{}
	twins := 0
	for _, l := range rows[table.ClientLink](t, dir, "client_link") {
		p := person[l.RecordID[:strings.LastIndex(l.RecordID, "/")]]
		if g := group[p]; len(size[g]) > 1 {
			twins++
			if seen[l.ClientID] == nil {
				seen[l.ClientID] = map[string]bool{}
			}
			seen[l.ClientID][p] = true
		}
	}
	if twins < 20 {
		t.Fatalf("only %d records of twins: the test has nothing to look at", twins)
	}
	for id, people := range seen {
		if len(people) > 1 {
			t.Errorf("client %d holds the records of %d people who were born together", id, len(people))
		}
	}
}

// marker is a name that nobody has: wherever it turns up, a name has leaked.
const marker = "ZQXVARK"

// plant writes the marker into good and bad units of every layout of the first night.
func plant(t *testing.T, dir string) {
	t.Helper()
	planted := 0
	err := filepath.WalkDir(filepath.Join(dir, "nights"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var lines []string
		sep := "\n"
		switch {
		case strings.HasSuffix(path, ".hl7"):
			sep = "\r"
			lines = strings.Split(string(data), sep)
			for i, line := range lines {
				if f := strings.Split(line, "|"); f[0] == "PID" && len(f) > 7 && planted%3 == 0 {
					f[5] = marker + "^" + marker
					if i%2 == 0 {
						f[7] = "19991399"
					}
					lines[i] = strings.Join(f, "|")
				}
				planted++
			}
		case strings.Contains(path, "_CL_"):
			sep = "\r\n"
			lines = strings.Split(string(data), sep)
			for i, line := range lines {
				if len(line) == 574 && i%3 == 0 {
					date := line[120:128]
					if i%2 == 0 {
						date = "13451999"
					}
					lines[i] = line[:25] + marker + strings.Repeat(" ", 25-len(marker)) + line[50:75] + marker +
						strings.Repeat(" ", 45-len(marker)) + date + line[128:]
				}
			}
		case strings.Contains(path, "members_"), strings.Contains(path, "requests_"):
			lines = strings.Split(strings.TrimRight(string(data), "\r\n"), "\n")
			names := strings.Split(lines[0], ",")
			for i := 1; i < len(lines); i += 3 {
				f := strings.Split(lines[i], ",")
				if len(f) != len(names) {
					continue
				}
				for k, name := range names {
					switch {
					case strings.TrimSpace(name) == "last_name":
						f[k] = marker
					case strings.TrimSpace(name) == "birth_date" && i%2 == 0:
						f[k] = marker
					}
				}
				lines[i] = strings.Join(f, ",")
			}
			lines = append(lines, "")
		default:
			return nil
		}
		return os.WriteFile(path, []byte(strings.Join(lines, sep)), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	// A state so small may have no deaths: these are ours, and every other one is bad.
	var deaths bytes.Buffer
	for i := range 6 {
		record := []byte(strings.Repeat(" ", 5000-i%2))
		for at, v := range map[int]string{1: "2026MN00000" + strconv.Itoa(i), 27: marker, 78: marker, 189: marker[:1],
			205: marker, 237: "0215", 1681: marker, 2058: marker} {
			copy(record[at-1:], v)
		}
		deaths.Write(record)
		deaths.WriteByte('\n')
	}
	if err := os.WriteFile(filepath.Join(dir, "nights", "2026-03-02", "vital-records", "deaths_20260302.mor"),
		deaths.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestNoNameLeaves plants a name in good and in bad lines of every layout and looks for it where no
// person's data may be: output, log, ledger, manifest and run page.
func TestNoNameLeaves(t *testing.T) {
	t.Parallel()
	dir := state(t, "300", "1")
	plant(t, dir)
	if err := models.Deliver(filepath.Join(dir, "nights", "2026-03-02"), filepath.Join(dir, "inbox")); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := Main([]string{"--config", filepath.Join(dir, "miic.yaml"), "nightly", "--as-of", "2026-03-02", "-v"}, &out,
		&errs)
	if code != shell.ExitDone && code != shell.ExitIncomplete {
		t.Fatalf("exit %d\n%s%s", code, out.String(), errs.String())
	}
	loaded := 0
	for _, r := range rows[table.ClientRecord](t, dir, "client_record") {
		if strings.EqualFold(r.LastName, marker) {
			loaded++
		}
	}
	if loaded == 0 || len(rows[table.Death](t, dir, "death")) == 0 {
		t.Fatal("no record with the marker was loaded: the test would prove nothing")
	}
	for _, args := range [][]string{{"lake", "status"}, {"lake", "log", "--json"}, {"runs", "000001"},
		{"runs", "000001", "--json"}, {"lake", "check", "--data"}} {
		o, e := miic(t, shell.ExitDone, append([]string{"--config", filepath.Join(dir, "miic.yaml")}, args...)...)
		out.WriteString(o)
		errs.WriteString(e)
	}
	places := map[string]string{"standard output": out.String(), "log": errs.String()}
	for _, pattern := range []string{"lake/runs/*", "lake/snapshots/*", "out/*/run.html", "out/*/coverage.csv",
		"out/*/state/*", "out/*/regions/*/summary.csv"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("nothing fits %s: %v", pattern, err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			places[f] = string(data)
		}
	}
	for place, text := range places {
		if strings.Contains(strings.ToUpper(text), marker) {
			t.Errorf("a person's name is in %s", place)
		}
	}
}

// TestFilesArePrivate: everything a night writes is for its owner only.
func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := stateAfterANight(t, "250", "2")
	for _, sub := range []string{"lake", "out", "archive"} {
		err := filepath.WalkDir(filepath.Join(dir, sub), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil || info.Mode()&fs.ModeSymlink != 0 {
				return err
			}
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
