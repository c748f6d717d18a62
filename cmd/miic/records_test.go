package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
	"miic/internal/lake"
	"miic/internal/table"
)

// asked is what families ask for on the first night.
type asked struct {
	people []map[string]string // whose records are asked for by A0, A1, …, each with the address
	other  map[string]string   // the first again, from another address: other
	apart  map[string]string   // who has opted out: apart
	sealed map[string]string   // an identity under seal: sealed
}

// askForRecords delivers requests for records of children of the state, one to opt out, and one to seal an identity.
func askForRecords(t *testing.T, dir, night string) *asked {
	t.Helper()
	home, wants, group := map[string]map[string]string{}, map[string]string{}, map[string]int{}
	for _, a := range truth(t, dir, "addresses.csv") {
		if a["night"] == night && a["until"] == "" {
			home[a["person_id"]] = a
		}
	}
	for _, r := range truth(t, dir, "requests.csv") {
		if r["night"] <= night {
			wants[r["person_id"]] += r["kind"]
		}
	}
	persons := truth(t, dir, "persons.csv")
	for _, p := range persons {
		group[p["birth_group"]]++
	}
	a := &asked{}
	for _, p := range persons {
		id := p["person_id"]
		if p["night"] != night || p["birth_date"] < "2010" || p["birth_date"] > "2024" || p["died_on"] != "" || group[p["birth_group"]] > 1 ||
			home[id] == nil || strings.ContainsAny(p["first_name"]+p["last_name"], ",\"") {
			continue
		}
		switch {
		case wants[id] != "":
		case a.sealed == nil:
			a.sealed = p
		case a.apart == nil:
			a.apart = p
		case len(a.people) < 6:
			a.people = append(a.people, p)
		}
	}
	if len(a.people) < 6 {
		t.Fatalf("only %d children to ask about", len(a.people))
	}
	a.other = a.people[0]
	text := "request_id,kind,first_name,last_name,birth_date,address_1,city,state,zip,received_on,requester,relation,mother_maiden\n"
	ask := func(id, kind string, p map[string]string, relation string) {
		h := home[p["person_id"]]
		if id == "other" {
			h = map[string]string{"address_1": "1 Nowhere St", "city": "Ely", "state": "MN", "zip": "55731"}
		}
		text += strings.Join([]string{id, kind, p["first_name"], p["last_name"], p["birth_date"], h["address_1"], h["city"], h["state"],
			h["zip"], night, "A Person", relation, ""}, ",") + "\n"
	}
	for i, p := range a.people {
		ask(fmt.Sprint("A", i), "access", p, "parent")
	}
	ask("other", "access", a.other, "parent")
	ask("apart", "access", a.apart, "parent")
	ask("kept", "opt_out", a.apart, "")
	ask("sealed", "seal", a.sealed, "")
	path := filepath.Join(dir, "inbox", "families", "requests_b"+strings.ReplaceAll(night, "-", "")+".csv")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// recordsAreAnswered: by the night itself to who knows what others have reported, and by an operator to who has opted out.
// Whose identity is sealed is in no output any more, and has no record.
func recordsAreAnswered(t *testing.T, dir string, a *asked) {
	t.Helper()
	answers, matched := map[string]table.RecordAnswer{}, map[string]int64{}
	for _, r := range rows[table.RecordAnswer](t, dir, "record_answer") {
		answers[strings.TrimPrefix(r.RequestID, "families/")] = r
	}
	for _, m := range rows[table.AccessMatch](t, dir, "access_match") {
		matched[strings.TrimPrefix(m.RequestID, "families/")] = m.ClientID
	}
	told := map[int64]table.Disclosure{}
	for _, d := range rows[table.Disclosure](t, dir, "disclosure") {
		if d.Output == fmt.Sprintf("records/record-%d", d.ClientID) {
			told[d.ClientID] = d
		}
	}
	out := filepath.Join(dir, "out", "latest", "records")
	manifest, err := os.Open(filepath.Join(out, "manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	listed, err := csv.NewReader(manifest).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	answered := 0
	for i, p := range a.people {
		r := answers[fmt.Sprint("A", i)]
		if r.State != "answered" {
			t.Logf("the request about %s waits: %s", p["person_id"], r.Reason)
			continue
		}
		answered++
		base := filepath.Join(out, fmt.Sprintf("record-%d", r.ClientID))
		var is struct {
			Born string `json:"birth_date"`
			Code string `json:"verification_code"`
		}
		text, err := os.ReadFile(base + ".json")
		if err == nil {
			err = json.Unmarshal(text, &is)
		}
		if err != nil || is.Born != p["birth_date"] || is.Code != r.Code { // names are as the registry holds them
			t.Errorf("%s: %v, and the record has another birth date (%v) or code (%v)", p["person_id"], err, is.Born != p["birth_date"],
				is.Code != r.Code)
		}
		for _, form := range []string{".pdf", ".csv"} {
			if info, err := os.Stat(base + form); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", filepath.Base(base)+form, info, err)
			}
		}
		if d := told[r.ClientID]; d.Kind != "person or guardian" || !strings.Contains(d.Purpose, r.RequestID) {
			t.Errorf("%s is disclosed as %+v", p["person_id"], d)
		}
	}
	if answered < 4 || len(listed) != 1+3*answered || len(told) != answered {
		t.Errorf("%d of %d requests are answered, the manifest has %d lines, the accounting %d people", answered, len(a.people),
			len(listed), len(told))
	}
	for id, why := range map[string]string{"other": "unsure", "apart": "kept_apart"} {
		if r := answers[id]; r.State != "waits" || r.Reason != why {
			t.Errorf("the request %s: %s, %s; want it to wait: %s", id, r.State, r.Reason, why)
		}
	}
	config := filepath.Join(dir, "miic.yaml")
	list, _ := miic(t, shell.ExitDone, "--config", config, "history", "requests")
	if !strings.Contains(list, "families/other") || !strings.Contains(list, "unsure") || strings.Contains(list, a.apart["last_name"]) {
		t.Errorf("the requests that wait are shown as\n%s", list)
	}

	apart := matched["apart"]
	own := func(want int, out string, client int64) string {
		t.Helper()
		_, said := miic(t, want, "--config", config, "history", fmt.Sprint(client), "--own-request", "families/apart", "--identity-checked",
			"birth certificate at the desk", "--reason", "asked for a copy", "--out", filepath.Join(dir, out))
		return said
	}
	if said := own(shell.ExitUsage, "another", matched["A0"]); !strings.Contains(said, "another birth date") {
		t.Errorf("a slip in the number: %s", said)
	}
	own(shell.ExitDone, "own", apart)
	var is struct {
		Born  string `json:"birth_date"`
		Apart bool   `json:"kept_apart"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "own", fmt.Sprintf("record-%d.json", apart)))
	if err == nil {
		err = json.Unmarshal(text, &is)
	}
	if err != nil || !is.Apart || is.Born != a.apart["birth_date"] {
		t.Errorf("the own record: %v, kept apart is %v", err, is.Apart)
	}
	l, err := lake.Open(filepath.Join(dir, "lake"), lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := l.Disclosures()
	if err != nil {
		t.Fatal(err)
	}
	last := ledger[len(ledger)-1]
	if last.Request != "families/apart" || last.Reason != "asked for a copy" || last.Kind != "person or guardian" || last.Operator == "" ||
		!strings.Contains(last.Purpose, "birth certificate at the desk") || len(last.Clients) != 1 || last.Clients[0] != apart {
		t.Errorf("the own record is on record as %+v", last)
	}
	sealed := int64(0)
	for _, r := range rows[table.Restriction](t, dir, "restriction") {
		if r.Kind == "seal" {
			sealed = r.ClientID
		}
	}
	if sealed == 0 {
		t.Fatal("nobody is sealed: the test has nothing to look at")
	}
	own(shell.ExitFailed, "sealed", sealed)
	if _, err := os.Stat(filepath.Join(dir, "sealed")); err == nil {
		t.Error("a sealed identity has a record")
	}
	for _, d := range rows[table.Disclosure](t, dir, "disclosure") {
		if d.ClientID == sealed && d.Snapshot > 1 { // the first night was before the sealing: what it wrote is withdrawn
			t.Errorf("a sealed identity is in %s", d.Output)
		}
	}
	looked := 0
	if err := filepath.WalkDir(filepath.Join(dir, "out"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".csv" && filepath.Ext(path) != ".html" || strings.Contains(path, "responses") {
			return err
		}
		looked++
		text, err := os.ReadFile(path)
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, a.sealed["birth_date"]) && strings.Contains(strings.ToUpper(line), strings.ToUpper(a.sealed["last_name"])) {
				t.Errorf("a sealed identity is in %s", path)
			}
		}
		return err
	}); err != nil || looked < 50 {
		t.Errorf("%d files looked at, %v", looked, err)
	}
}
