package campaign

import (
	"testing"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/postal"
	"miic/internal/table"
)

// TestAnAnswerIsWhoseAddressItIs: by the words of the address and the name at the door; mail is in the postal service's form.
func TestAnAnswerIsWhoseAddressItIs(t *testing.T) {
	b, err := pipeline.NewBench(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	at := func(id int64, last, guardian, one, two string) table.Client {
		return table.Client{ClientID: id, LastName: last, GuardianLast: guardian, Address1: one, Address2: two, City: "Duluth", State: "MN", ZIP: "55802"}
	}
	said := func(surname, one, two, dpv string, day table.Date) table.AddressAnswer {
		return table.AddressAnswer{Surname: surname, Address1: one, Address2: two, City: "Duluth", State: "MN", ZIP: "55802",
			StdAddress1: "1 MAIN ST", StdCity: "DULUTH", StdState: "MN", StdZIP5: "55802", StdZIP4: "0012", DeliveryPoint: "01", DPVCode: dpv, ProcessedOn: day}
	}
	day := table.NewDate(2026, 3, 5)
	for _, err := range []error{
		engine.Load(t.Context(), b.Engine, "client", []table.Client{at(1, "Vang", "Berg", "1 Main St", ""), at(2, "Berg", "", "1 Main St", ""),
			at(3, "Lee", "", "1 Main St", ""), at(4, "Berg", "", "1 Main St", "Apt 2"), at(5, "Berg", "", "2 Main St", ""), at(6, "Berg", "", "1 Main St", "")}),
		engine.Load(t.Context(), b.Engine, "latest_address_answer", []table.AddressAnswer{said("Berg", "1 Main St", "", "Y", day), said("Berg", "2 Main St", "", "N", day)}),
		engine.Load(t.Context(), b.Engine, "written_to", []writtenTo{{1}, {2}, {3}, {4}, {5}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	rows, err := engine.Rows[Home](t.Context(), b.Engine, queries.Get("address"))
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range []struct {
		on        table.Date
		delivered bool
	}{{day, true}, {day, true}, {0, false}, {0, false}, {day, false}} {
		if r := &rows[i]; r.ProcessedOn != want.on || (r.finding() == postal.Delivered) != want.delivered {
			t.Errorf("client %d: %+v", r.ClientID, r)
		}
	}
	c := &Chosen{Person: Person{ClientID: 1, Address1: "1 Main St", City: "Duluth", State: "MN", ZIP: "55802"}, standard: &rows[0]}
	if p := c.Addressed().Person; p.Address1 != "1 MAIN ST" || p.City != "DULUTH" || p.ZIP != "55802-0012" || p.Address2 != "" {
		t.Errorf("mailed to %+v", p)
	}
	if c.Person.Address1 != "1 Main St" {
		t.Error("the reported address was lost")
	}
}

func TestPiecesAreCountedByTheirMoveUpdate(t *testing.T) {
	night, m := table.NewDate(2026, 6, 8), Moves{}
	for _, day := range []table.Date{night, night - 95, night - 96, 0} {
		m.Add(day, night)
	}
	if m != (Moves{InTime: 2, Older: 1, Never: 1}) {
		t.Errorf("%+v", m)
	}
}
