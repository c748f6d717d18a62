package address

import (
	"context"
	"errors"
	"slices"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

// people writes who lives where: 1 and 2 at the second address, 3 there too under another name, 4 where 3 of the export was
// and has moved since, 5 at the first.
func people() pipeline.Stage {
	return pipeline.Stage{Name: "people", Writes: []string{"client", "client_link"}, Run: func(ctx context.Context, r *pipeline.Run) error {
		at := func(id int64, last, guardian, one, two, city, state, zip string) table.Client {
			return table.Client{ClientID: id, LastName: last, GuardianLast: guardian, Address1: one, Address2: two, City: city, State: state,
				ZIP: zip, BirthDate: today - 700, Contact: "allowed", Region: "metro", Since: 1}
		}
		clients := []table.Client{
			at(1, "Vang", "Xiong", "22 Oak Ave", "Apt 4", "Saint Paul", "MN", "55101"),
			at(2, "Xiong", "", "22 Oak Ave", "Apt 4", "Saint Paul", "MN", "55101"),
			at(3, "Lee", "", "22 Oak Ave", "Apt 4", "Saint Paul", "MN", "55101"),
			at(4, "O'Hara", "", "8 Elm", "", "Boston", "MA", "02134"),
			at(5, "Berg", "", "1 Main St", "", "Duluth", "MN", "55802"),
		}
		clients[0].AddressSource = "b-1"
		return errors.Join(pipeline.Write(r, table.Clients, clients), pipeline.Write(r, table.ClientLinks, []table.ClientLink{
			{RecordID: "a-1", ClientID: 1}, {RecordID: "b-1", ClientID: 1}, {RecordID: "c-2", ClientID: 2}, {RecordID: "d-3", ClientID: 3},
			{RecordID: "e-4", ClientID: 4}, {RecordID: "f-5", ClientID: 5}}))
	}}
}

// TestAnAnswerIsTheAddressesAsItWasExported: who has moved is as if a letter had come back, for those who still have the
// address under that name; the answer is taken in once.
func TestAnAnswerIsTheAddressesAsItWasExported(t *testing.T) {
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	data := text(",", answers()...)
	c := Config{Answers: []Handed{{SHA256: "fedcba9876543210fedc", Asked: *export7(), // a later answer has taken its place
		Read: func() ([]byte, error) { return nil, errors.New("it was read") }}, {SHA256: "0123456789abcdef0123", Vendor: "Vendor", Asked: *export7(), On: today,
		Read: func() ([]byte, error) { return data, nil }}}}
	for i, config := range []Config{{}, c, c} {
		if _, err := b.Night(t.Context(), today+table.Date(i), nil, Stage(config), people()); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := table.ReadAll[table.AddressAnswer](b.Files("address_answer"))
	if err != nil || len(kept) != 3 {
		t.Fatalf("%d answers are kept, %v", len(kept), err)
	}
	for _, a := range kept {
		if a.Snapshot != 2 || a.BatchID != "answer-0123456789abcdef" || a.Vendor != "Vendor" {
			t.Errorf("%+v", a)
		}
	}
	results, err := table.ReadAll[table.NoticeResult](b.Files("notice_result"))
	if err != nil || len(results) != 2 {
		t.Fatalf("%d results, %v: %+v", len(results), err, results)
	}
	slices.SortFunc(results, func(a, b table.NoticeResult) int { return int(a.ClientID - b.ClientID) })
	for i, record := range []string{"b-1", "c-2"} { // the record whose address it is, else the first
		r := results[i]
		if r.ClientID != int64(i+1) || r.RecordID != record || r.Code != "returned" || r.SentTo != "22 Oak Ave" || r.SentToZIP != "55101" ||
			r.Address1 != "9 NEW RD" || r.City != "EDINA" || r.ZIP != "55424-0007" || r.HappenedOn != table.NewDate(2026, 3, 5) {
			t.Errorf("%+v", r)
		}
	}
	if results[0].ResultID == results[1].ResultID {
		t.Error("two people have one result")
	}
}

// TestADamagedAnswerFailsTheNight: nothing of it is taken in.
func TestADamagedAnswerFailsTheNight(t *testing.T) {
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	want := errors.New("damaged")
	c := Config{Answers: []Handed{{SHA256: "0123456789abcdef0123", Asked: *export7(), On: today, Read: func() ([]byte, error) { return nil, want }}}}
	if _, err := b.Night(t.Context(), today, nil, Stage(c)); !errors.Is(err, want) {
		t.Errorf("%v", err)
	}
}

// TestTheLastAnswerCounts: a corrected answer takes the place of a wrong one, with what that one said of people, also of
// those who have been at its new address since; one that is withdrawn leaves nothing, and may be handed in again.
func TestTheLastAnswerCounts(t *testing.T) {
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	handed := func(sha string, withdrawn bool, change ...string) Handed {
		rows := answers()
		set(rows[1], change...)
		return Handed{SHA256: sha + "0123456789abcdef", Vendor: "Vendor", Asked: *export7(), On: today, Withdrawn: withdrawn,
			Read: func() ([]byte, error) { return text(",", rows...), nil }}
	}
	wrong := handed("a", false)
	elsewhere := handed("b", false, "new_addr1", "5 OTHER RD")
	stays := handed("c", false, "ncoa_code", "00", "moved_on", "", "new_addr1", "", "new_city", "", "new_state", "", "new_zip5", "", "new_zip4", "")
	gone := stays
	gone.Withdrawn = true
	given := people()
	moved := given
	moved.Config = "moved" // the wrong answer has moved persons 1 and 2
	moved.Run = func(ctx context.Context, r *pipeline.Run) error {
		at := func(id int64, last string) table.Client {
			return table.Client{ClientID: id, LastName: last, GuardianLast: "Xiong", Address1: "9 NEW RD", City: "EDINA", State: "MN",
				ZIP: "55424-0007", BirthDate: today - 700, Contact: "allowed", Region: "metro", Since: 1}
		}
		return errors.Join(pipeline.Write(r, table.Clients, []table.Client{at(1, "Vang"), at(2, "Xiong")}),
			pipeline.Write(r, table.ClientLinks, []table.ClientLink{{RecordID: "b-1", ClientID: 1}, {RecordID: "c-2", ClientID: 2}}))
	}
	for i, night := range []struct {
		answers []Handed
		people  pipeline.Stage
		batch   string
		results []string // who is to live where
	}{
		{nil, given, "", nil},
		{[]Handed{wrong}, moved, "answer-a0123456789abcde", []string{"b-1 9 NEW RD", "c-2 9 NEW RD"}},
		{[]Handed{wrong, elsewhere}, moved, "answer-b0123456789abcde", []string{"b-1 5 OTHER RD", "c-2 5 OTHER RD"}},
		{[]Handed{wrong, elsewhere, stays}, given, "answer-c0123456789abcde", nil},
		{[]Handed{wrong, elsewhere, stays, gone}, given, "", nil},
		{[]Handed{wrong, elsewhere, stays, gone, wrong}, given, "answer-a0123456789abcde", []string{"b-1 9 NEW RD", "c-2 9 NEW RD"}},
	} {
		if _, err := b.Night(t.Context(), today+table.Date(i), nil, Stage(Config{Answers: night.answers}), night.people); err != nil {
			t.Fatal(i, err)
		}
		kept, err := table.ReadAll[table.AddressAnswer](b.Files("address_answer"))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range kept {
			if a.BatchID != night.batch {
				t.Errorf("night %d: an answer of %s is kept", i, a.BatchID)
			}
		}
		if (len(kept) == len(homes)) != (night.batch != "") {
			t.Errorf("night %d: %d answers are kept", i, len(kept))
		}
		results, err := table.ReadAll[table.NoticeResult](b.Files("notice_result"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range results {
			got = append(got, r.RecordID+" "+r.Address1)
		}
		if slices.Sort(got); !slices.Equal(got, night.results) {
			t.Errorf("night %d: results %q, want %q", i, got, night.results)
		}
	}
}
