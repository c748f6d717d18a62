package ingest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/ingest"
	"miic/internal/engine"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// hub is a feed that speaks for several organisations, and a clinic with its own layouts.
func hub(t *testing.T, same map[string]string) *feed {
	layouts := t.TempDir()
	for id, text := range map[string]string{
		"people": "id: people\ndoc: people\nmakes: client\nform: csv\ndates: YYYY-MM-DD\nfields:\n" +
			"  - {to: source_client_id, column: id, required: true}\n  - {to: namespace, column: issuer}\n" +
			"  - {to: last_name, column: last, required: true}\n  - {to: first_name, column: first}\n" +
			"  - {to: birth_date, column: born, required: true}\n",
		"shots": "id: shots\ndoc: doses\nmakes: dose\nform: csv\ndates: YYYY-MM-DD\nclients: people\nfields:\n" +
			"  - {to: source_client_id, column: id, required: true}\n  - {to: namespace, column: issuer}\n" +
			"  - {to: administered_on, column: given, required: true}\n  - {to: cvx, column: cvx}\n" +
			"  - {to: event_id, column: dose}\n",
		"notes": "id: notes\ndoc: notes\nmakes: comment\nform: csv\ndates: YYYY-MM-DD\nclients: people\ncomments:\n" +
			"  \"33\": refusal NIP002:00\nfields:\n" +
			"  - {to: source_client_id, column: id, required: true}\n  - {to: namespace, column: issuer}\n" +
			"  - {to: comment_code, column: code, required: true}\n  - {to: comment_on, column: on}\n",
	} {
		if err := os.WriteFile(filepath.Join(layouts, id+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &feed{t: t, bench: newBench(t), stage: ingest.Stage(ingest.Config{Layouts: layouts, Senders: []ingest.Sender{
		{ID: "hub", Kind: "clinic", Namespaces: same, Files: []ingest.FilePattern{{Pattern: "*.hl7", Layout: "hl7-vxu"},
			{Pattern: "people*", Layout: "people"}, {Pattern: "notes*", Layout: "notes"}, {Pattern: "shots*", Layout: "shots"},
			{Pattern: "members*", Layout: "plan-members"}, {Pattern: "claims*", Layout: "plan-claims"},
			{Pattern: "requests*", Layout: "family-requests"}, {Pattern: "students*", Layout: "school-roster"},
			{Pattern: "*_CL_*", Layout: "wir-client-csv"}, {Pattern: "*_CO_*", Layout: "wir-comment-csv"}}}}})}
}

// arrive is a night of several files, whose names and texts alternate; it returns its notes.
func (f *feed) arrive(files ...string) []pipeline.Note {
	f.t.Helper()
	f.nights++
	var list []pipeline.Delivery
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(f.t.TempDir(), files[i])
		if err := os.WriteFile(path, []byte(files[i+1]), 0o600); err != nil {
			f.t.Fatal(err)
		}
		list = append(list, pipeline.Delivery{File: inbox.File{Sender: "hub", Name: files[i], Path: path,
			Bytes: int64(len(files[i+1])), SHA256: fmt.Sprintf("%08x%08x%048x", f.nights, i, f.nights)}})
	}
	o, err := f.bench.Night(context.Background(), day(f.t, "2026-04-01")+table.Date(f.nights), list, f.stage)
	if err != nil {
		f.t.Fatal(err)
	}
	return o.Notes
}

// message is what an organisation writes of a person: number, name, birth date and sex, and doses as "id day cvx" or,
// taken back, "-id day cvx".
func (f *feed) message(org, number, person string, doses ...string) string {
	p := strings.Fields(person) // first last born sex
	f.messages++
	s := fmt.Sprintf("MSH|^~\\&|E|%s|||%d120000||VXU^V04^VXU_V04|%d|P|2.5.1\rPID|1||%s^^^%s^MR||%s^%s^^^^^L||%s|%s\r",
		strings.Split(org, "&")[0], 20260301+f.nights, f.messages, number, org, p[1], p[0], p[2], p[3])
	for _, d := range doses {
		of := org
		if id, other, ok := strings.Cut(d, "@"); ok { // an id of another organisation
			var rest string
			of, rest, _ = strings.Cut(other, " ")
			d = id + " " + rest
		}
		v := strings.Fields(d)
		action := "A"
		if v[0][0] == '-' {
			v[0], action = v[0][1:], "D"
		}
		s += fmt.Sprintf("ORC|RE||%s^%s\rRXA|0|1|%s||%s^^CVX|0.5|||00|||||||||||CP|%s\r", v[0],
			strings.Join(strings.Split(of, "&"), "^"), v[1], v[2], action)
	}
	return s
}

// given lists what stands of each record: given name, and its doses as day and product.
func (f *feed) given() string {
	f.t.Helper()
	ctx, e := context.Background(), f.bench.Engine
	newest := func(name string, t *table.Table) string {
		if err := e.View(ctx, name, t, f.bench.Files(t.Name)); err != nil {
			f.t.Fatal(err)
		}
		return engine.LatestSQL(t, name)
	}
	clients, err := engine.Rows[table.ClientRecord](ctx, e, newest("clients", table.ClientRecords))
	if err != nil {
		f.t.Fatal(err)
	}
	events, err := engine.Rows[table.VaccinationEvent](ctx, e, newest("events", table.VaccinationEvents))
	if err != nil {
		f.t.Fatal(err)
	}
	of := map[string][]string{}
	for _, x := range events {
		if x.Action == "A" {
			of[x.RecordID] = append(of[x.RecordID], fmt.Sprintf("%s/%d", strings.ReplaceAll(x.AdministeredOn.String(), "-", ""), x.CVX))
		}
	}
	var list []string
	for _, c := range clients {
		slices.Sort(of[c.RecordID])
		list = append(list, strings.TrimSpace(c.FirstName+" "+strings.Join(of[c.RecordID], " ")))
		delete(of, c.RecordID)
	}
	if len(of) > 0 {
		f.t.Errorf("doses of no record: %v", of)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func (f *feed) want(what, want string) {
	f.t.Helper()
	if got := f.given(); got != want {
		f.t.Errorf("%s:\n%s, want\n%s", what, got, want)
	}
}

// rules counts the rows of a rule.
func (f *feed) rules(id string) (n int) {
	for _, r := range readAll[table.Rejected](f.t, f.bench, "rejected") {
		if r.Rule == id {
			n++
		}
	}
	return n
}

const (
	ann  = "Ann Lind 20200314 F"
	tobi = "Tobi Oduya 20171122 M"
	ida  = "Ida Foss 20180808 F"
	roy  = "Roy Gill 20180808 M"
)

// A number belongs to its namespace: equal numbers, and equal ids of doses, of two organisations in one feed are of two
// people, on one night and on later ones, whatever they share by chance.
func TestNumberBelongsToItsNamespace(t *testing.T) {
	f := hub(t, nil)
	f.arrive("a.hl7", f.message("NORTH", "1001", ann, "1 20210401 3")+f.message("SOUTH", "1001", tobi, "1 20190105 3")+
		f.message("NORTH", "3003", ida, "55 20190901 3")+f.message("SOUTH", "4004", roy, "55 20190901 3"))
	const all = "Ann 20210401/3, Ida 20190901/3, Roy 20190901/3, Tobi 20190105/3"
	f.want("one night", all)
	f.arrive("b.hl7", f.message("SOUTH", "1001", tobi, "1 20190105 3", "2 20200105 21"))
	f.want("one of them again", "Ann 20210401/3, Ida 20190901/3, Roy 20190901/3, Tobi 20190105/3 20200105/21")
	f.arrive("c.hl7", f.message("NORTH", "1001", ann, "1 20210402 3")+
		f.message("SOUTH", "4004", roy, "-55 20190901 3"))
	f.want("a correction and a withdrawal", "Ann 20210402/3, Ida 20190901/3, Roy, Tobi 20190105/3 20200105/21")
	f.arrive("d.hl7", f.message("WEST", "1001", "Ann Berg 20200314 F", "1 20210402 3"))
	f.want("a third, of the same given name and birth date",
		"Ann 20210402/3, Ann 20210402/3, Ida 20190901/3, Roy, Tobi 20190105/3 20200105/21")
	if n := f.rules("number_reused") + f.rules("overlay") + f.rules("dose_id_twice"); n != 0 {
		t.Errorf("%d warnings that numbers are used again, want none: they are of other organisations", n)
	}
	if n := f.rules("number_of_another"); n != 2 {
		t.Errorf("%d rows say that a number is another organisation's too, want 2", n)
	}
}

// One organisation's id of a dose is another's on one person, too: a hub repeats what two have given.
func TestDoseIDsOfTwoOrganisationsOnOnePerson(t *testing.T) {
	f := hub(t, nil)
	f.arrive("a.hl7", f.message("NORTH", "1", ann, "7@NORTH 20210401 3", "7@SOUTH 20210601 21"))
	f.want("one message", "Ann 20210401/3 20210601/21")
	f.arrive("b.hl7", f.message("NORTH", "1", ann, "7@SOUTH 20210602 21"))
	f.want("the one corrected", "Ann 20210401/3 20210602/21")
	f.arrive("c.hl7", f.message("NORTH", "1", ann, "-7@NORTH 20210401 3"))
	f.want("the other withdrawn", "Ann 20210602/21")
}

// Within one namespace an id that comes with another person moves nothing: a dose goes to another record only where
// the two are alike, and a row says so.
func TestNothingMovesToWhoIsNotAlike(t *testing.T) {
	f := hub(t, nil)
	f.arrive("a.hl7", f.message("NORTH", "1", ann, "5 20210401 3"))
	f.arrive("b.hl7", f.message("NORTH", "2", ida, "5 20210401 3"))
	f.want("the same day and product of another person", "Ann 20210401/3, Ida 20210401/3")
	if n := f.rules("dose_moved"); n != 0 {
		t.Errorf("%d rows say that a dose has moved", n)
	}
	f.arrive("c.hl7", f.message("NORTH", "3", ann, "5 20210401 3"))
	f.want("another chart of the same person", "Ann, Ann 20210401/3, Ida 20210401/3")
	if n := f.rules("dose_moved"); n != 1 {
		t.Errorf("%d rows say that a dose has moved, want 1", n)
	}
	f.arrive("d.hl7", f.message("NORTH", "1", "Bo Krog 20200314 M", "9 20220202 21"))
	f.want("the number given to a boy of the same birthday", "Ann, Ann 20210401/3, Bo 20220202/21, Ida 20210401/3")
	f.arrive("e.hl7", f.message("NORTH", "1", "Bo Krog 20200314 M", "5 20210401 3"))
	f.want("who brings the old id", "Ann, Ann 20210401/3, Bo 20210401/3 20220202/21, Ida 20210401/3")
}

// Records that were stored without a namespace are continued by the first delivery that has one, by likeness: no new
// people, no double doses, and no dose of another's.
func TestStoredWithoutNamespaceIsContinued(t *testing.T) {
	f := hub(t, nil)
	f.arrive("a.hl7", f.message("", "1001", ann, "1 20210401 3")+f.message("", "2002", roy, "2 20190901 3"))
	f.arrive("b.hl7", f.message("SOUTH", "1001", tobi, "1 20190105 3")+f.message("NORTH", "1001", ann, "1 20210402 3")+
		f.message("NORTH", "2002", "Roy Gill 20180808 M", "-2 20190901 3"))
	f.want("the first delivery with namespaces", "Ann 20210402/3, Roy, Tobi 20190105/3")
	f.arrive("c.hl7", f.message("", "1001", ann, "1 20210403 3"))
	f.want("and one without again", "Ann 20210403/3, Roy, Tobi 20190105/3")
	f.arrive("d.hl7", f.message("", "1001", ida, "9 20210403 3"))
	f.want("of somebody else", "Ann 20210403/3, Ida 20210403/3, Roy, Tobi 20190105/3")
}

// A namespace in another spelling moves nobody, and the page says where it is and what to do.
func TestNamespaceInAnotherSpelling(t *testing.T) {
	for _, c := range []struct {
		name, first, then string
		same              map[string]string
		text              string
	}{
		{"case", "NORTH", "North", nil, "nobody's record moves"},
		{"blanks", "NORTH", "NORTH ", nil, "nobody's record moves"},
		{"an id beside it", "NORTH", "NORTH&2.16.840.1.113883.3.77&ISO", nil, "nobody's record moves"},
		{"the id alone", "NORTH&2.16.840.1.113883.3.77&ISO", "2.16.840.1.113883.3.77", nil, "nobody's record moves"},
		{"another name", "NORTH", "NRTH", nil, "is new in this feed"},
		{"another name, declared", "NORTH", "NRTH", map[string]string{"Nrth": "north"}, "nobody's record moves"},
		{"none", "NORTH", "", nil, "with another assigning authority than before, or with none"},
		{"the first", "", "NORTH", nil, ""},
	} {
		f := hub(t, c.same)
		f.arrive("a.hl7", f.message(c.first, "1001", ann, "1 20210401 3", "2 20220401 21")+
			f.message("SOUTH", "1001", tobi, "1 20190105 3"))
		notes := f.arrive("b.hl7", f.message(c.then, "1001", ann, "1 20210401 3", "-2 20220401 21")+
			f.message("SOUTH", "1001", tobi, "1 20190105 3"))
		f.want(c.name, "Ann 20210401/3, Tobi 20190105/3")
		if n := f.rules("namespace_changed"); (n == 1) != (c.first != "" && c.text != "nobody's record moves") {
			t.Errorf("%s: %d rows say that a record goes on under another authority (namespace_changed)", c.name, n)
		}
		if c.text != "" && !slices.ContainsFunc(notes, func(n pipeline.Note) bool {
			return n.File == "b.hl7" && strings.HasPrefix(n.Text, "line 1: ") && strings.Contains(n.Text, c.text)
		}) {
			t.Errorf("%s: no note says %q and its line: %+v", c.name, c.text, notes)
		}
	}
}

// Flat files: a declared column says who gave the number, and a dose without it is not given to one of two people.
func TestNamespaceOfALayout(t *testing.T) {
	f := hub(t, nil)
	const people, shots = "id,issuer,last,first,born\n", "id,issuer,given,cvx,dose\n"
	f.arrive("people1", people+"1,NORTH,Lind,Ann,2020-03-14\n1,SOUTH,Oduya,Tobi,2017-11-22\n2,NORTH,Foss,Ida,2018-08-08\n",
		"shots1", shots+"1,NORTH,2021-04-01,3,\n1,SOUTH,2021-04-01,3,\n1,,2022-05-05,21,\n2,,2022-05-05,21,\n1,WEST,2022-05-05,21,\n")
	f.want("two of one number", "Ann 20210401/3, Ida 20220505/21, Tobi 20210401/3")
	f.arrive("notes1", "id,issuer,code,on\n1,SOUTH,33,2022-05-05\n")
	tobis := ""
	for _, c := range readAll[table.ClientRecord](t, f.bench, "client_record") {
		if c.FirstName == "Tobi" {
			tobis = c.RecordID
		}
	}
	if o := readAll[table.Observation](t, f.bench, "observation"); len(o) != 1 || o[0].RecordID != tobis {
		t.Errorf("a refusal of %s is kept as %+v", tobis, o)
	}
	if a, u := f.rules("client_ambiguous"), f.rules("client_unknown"); a != 1 || u != 1 {
		t.Errorf("%d lines could be of two people and %d of nobody known, want 1 and 1", a, u)
	}
}

// A claim's number that comes back with another member takes nothing from the first, and a void of the second nothing
// either.
func TestClaimNumberOfTwoMembers(t *testing.T) {
	f := hub(t, nil)
	const head = "claim_id,line,member_id,service_date,cpt,cvx,ndc,rendering_npi,billing_npi,status,adjusts_claim_id,updated_on\n"
	members := "member_id,last_name,first_name,middle_name,birth_date,sex,address_1,address_2,city,state,zip,county_fips," +
		"phone,email,language,medicaid_id,pcp_npi,updated_on\n" +
		"A,Lind,Ann,,2020-03-14,F,,,,,,,,,,,,2026-03-01\nB,Foss,Ida,,2018-08-08,F,,,,,,,,,,,,2026-03-01\n"
	f.arrive("members1.csv", members, "claims1.csv", head+"77,1,A,2021-04-01,90707,3,,,,P,,2026-03-01\n")
	f.arrive("claims2.csv", head+"77,1,B,2021-04-01,90707,3,,,,P,,2026-03-02\n")
	f.want("the same number, day and product", "Ann 20210401/3, Ida 20210401/3")
	f.arrive("claims3.csv", head+"77,1,B,2021-04-01,90707,3,,,,V,,2026-03-03\n")
	f.want("the second void", "Ann 20210401/3, Ida")
}

// A request whose number was another family's is kept beside the first: an opt-out is not lost over it.
func TestRequestNumberOfTwoFamiliesIsKept(t *testing.T) {
	f := hub(t, nil)
	const head = "request_id,kind,first_name,last_name,birth_date,address_1,city,state,zip,received_on\n"
	f.arrive("requests1.csv", head+"17,opt_out,Ann,Lind,2020-03-14,,,,,2026-03-01\n")
	f.arrive("requests2.csv", head+"17,access,Ida,Foss,2018-08-08,,,,,2026-04-01\n")
	f.arrive("requests3.csv", head+"17,access,Ida,Foss,2018-08-08,,,,,2026-04-02\n")
	got := map[string]string{}
	for _, r := range readAll[table.Request](t, f.bench, "request") {
		got[r.RequestID] += r.FirstName
	}
	if fmt.Sprint(got) != "map[hub/17:Ann hub/17~02:IdaIda]" {
		t.Errorf("%v", got)
	}
}

// Two schools' students of one number are both answered.
func TestListNumberOfTwoSchools(t *testing.T) {
	f := hub(t, nil)
	f.arrive("students1.csv", "id_1,id_2,firstname,lastname,birthdate\n5,EAST,Ann,Lind,2020-03-14\n5,WEST,Ida,Foss,2018-08-08\n"+
		"5,EAST,Ann,Lind,2020-03-14\n")
	if rows := readAll[table.RosterEntry](t, f.bench, "roster_entry"); len(rows) != 2 {
		t.Errorf("%d entries, want 2", len(rows))
	}
}
