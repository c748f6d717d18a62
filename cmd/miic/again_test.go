package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/cmd/miic/shell"
	"miic/internal/table"
)

// TestNobodyWritesToWhoComesAgain: a hundred people of the state opt out, and come again at a mass clinic with both names
// changed and a new number, by their guardian, their address or their phone. Over three nights all are suppressed and asked
// about, and no letter goes to any of them.
func TestNobodyWritesToWhoComesAgain(t *testing.T) {
	t.Parallel()
	const cases = 100
	dir := stateAfterANight(t, "1500", "3")
	config := filepath.Join(dir, "miic.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	sender := "senders:\n  - {id: fair, name: Mass clinic, kind: clinic, expected: none, files: [{pattern: \"mc_*.csv\", " +
		"layout: mass-clinic}]}\n"
	write := func(path, content string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(config, strings.Replace(string(text), "senders:\n", sender, 1))

	clients := rows[table.Client](t, dir, "client")
	born := table.NewDate(2012, 1, 1)
	requests := "request_id,kind,first_name,last_name,birth_date,address_1,city,state,zip,received_on\n"
	visits := "vaccination_date,2026-03-03\ncvx,141\n" +
		"id,last_name,first_name,birth_date,sex,address_1,city,state,zip,phone,guardian_first,guardian_last\n"
	ways := []string{"guardian", "address", "phone"}
	n := 0
	for _, c := range clients {
		if n == cases || c.OptedOut || c.Locked || c.Sealed || c.BirthDate < born || c.GuardianLast == "" || c.Phone == "" ||
			c.Address1 == "" || c.ZIP == "" || c.FirstName == "" || c.MultipleBirth == "Y" ||
			strings.ContainsAny(c.Address1+c.LastName+c.City, ",\"") {
			continue
		}
		requests += fmt.Sprintf("again-%d,opt_out,%s,%s,%s,%s,%s,%s,%s,2026-03-02\n", n, c.FirstName, c.LastName, c.BirthDate,
			c.Address1, c.City, c.State, c.ZIP)
		address, city, zip, phone, first, last := fmt.Sprintf("%d Quarry Lane", 100+n), "Roseau", "56751",
			fmt.Sprintf("21855%05d", n), "Quilla", fmt.Sprintf("Zyx%c%c", 'a'+n/26, 'a'+n%26)
		switch ways[n%len(ways)] {
		case "guardian":
			first, last = c.GuardianFirst, c.GuardianLast
		case "address":
			address, city, zip = c.Address1, c.City, c.ZIP
		case "phone":
			phone = c.Phone
		}
		visits += fmt.Sprintf("%d,%s,%s,%s,%s,%s,%s,MN,%s,%s,%s,%s\n", n, strange(n*7919), strange(n*104729+5), c.BirthDate,
			c.Sex, address, city, zip, phone, first, last)
		n++
	}
	if n < cases {
		t.Fatalf("%d people to choose", n)
	}
	run := func(date string) {
		var out bytes.Buffer // nothing comes from the state's other senders
		if code := Main([]string{"--config", config, "nightly", "--as-of", date}, &out, &out); code != shell.ExitIncomplete {
			t.Fatalf("exit %d: %s", code, out.String())
		}
	}
	write(filepath.Join(dir, "inbox", "families", "requests_20260303.csv"), requests)
	run("2026-03-03")
	for i, date := range []string{"2026-03-04", "2026-03-05", "2026-03-06"} {
		if i == 0 {
			write(filepath.Join(dir, "inbox", "fair", "mc_20260304.csv"), visits)
		}
		run(date)
		again := map[int64]bool{}
		for _, l := range rows[table.ClientLink](t, dir, "client_link") {
			if strings.HasPrefix(l.RecordID, "fair/") {
				again[l.ClientID] = true
			}
		}
		suppressed, mailed, asked := map[int64]bool{}, 0, 0
		for _, r := range rows[table.Restriction](t, dir, "restriction") {
			if again[r.ClientID] && r.Kind == "opt_out" {
				suppressed[r.ClientID] = true
			}
		}
		for _, x := range rows[table.Notice](t, dir, "notice") {
			if again[x.ClientID] {
				mailed++
			}
		}
		for _, x := range rows[table.ReviewItem](t, dir, "review_item") {
			if x.Decision == "open" && (strings.HasPrefix(x.RecordL, "fair/") || strings.HasPrefix(x.RecordR, "fair/")) {
				asked++
			}
		}
		t.Logf("%s: %d come again, %d suppressed, %d questions, %d letters", date, len(again), len(suppressed), asked, mailed)
		if len(again) != cases || len(suppressed) < 99 || asked < cases || mailed > 0 {
			t.Errorf("%s: of %d who come again %d are suppressed, %d asked about, %d get letters", date, len(again),
				len(suppressed), asked, mailed)
		}
	}
}

// strange is a name that nobody in the state has.
func strange(n int) string {
	name := []byte("Q")
	for range 7 {
		name = append(name, "bdfgklmnprstvz"[n%14], "aeiou"[n%5])
		n = n/3 + 17*n%101
	}
	return string(name)
}
