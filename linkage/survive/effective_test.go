package survive

import (
	"strings"
	"testing"

	"miic/internal/area"
	"miic/internal/table"
	"miic/linkage/standard"
)

var (
	childBorn = table.NewDate(2010, 7, 11)
	tonight   = table.NewDate(2026, 3, 2)
)

// An entry of a record: from a clinic, in tonight's first load, at an address of that name.
func entry(record, address string, change ...func(*Row)) Row {
	r := Row{ClientID: 7, SenderKind: standard.Clinic, ReceivedOn: tonight}
	r.RecordID, r.Sender, r.BatchID = record, record[:strings.IndexByte(record, '/')], record+"'s first"
	r.SenderTime, r.BirthDate, r.Contact, r.Reported = tonight.Midnight(), childBorn, "allowed", 1<<48-1
	r.LastName, r.Address1, r.City, r.State, r.ZIP = "Berg", address, "Duluth", "MN", "55812"
	for _, f := range change {
		f(&r)
	}
	return r
}

func certificateOf(r *Row)          { r.SenderKind, r.DatedOn = standard.VitalRecords, childBorn }
func planOf(r *Row)                 { r.SenderKind = "health_plan" }
func on(d table.Date) func(*Row)    { return func(r *Row) { r.DatedOn = d } }
func bad(r *Row)                    { r.AddressFlag = "bad" }
func none(r *Row)                   { r.Reported = 0 }
func gaveOn(y, m, d int) func(*Row) { return func(r *Row) { r.Given = table.NewDate(y, m, d) } }

// came is a later delivery of that day.
func came(y, m, d int) func(*Row) {
	return func(r *Row) {
		day := table.NewDate(y, m, d)
		r.SenderTime, r.ReceivedOn, r.BatchID = day.Midnight(), day, r.RecordID+" of "+day.String()
	}
}

// repeated is a later delivery of what holds already.
func repeated(y, m, d int, dated table.Date) func(*Row) {
	return func(r *Row) {
		came(y, m, d)(r)
		r.Affirmed, r.Address1, r.DatedOn = true, "", dated
	}
}

// Values are dated by when they were true: of each person the address that holds, its day, and what that is.
func TestTheAddressThatWasTrueLast(t *testing.T) {
	june := table.NewDate(2025, 6, 1)
	for _, c := range []struct {
		name    string
		entries []Row
		want    string
	}{
		{"a certificate in a file of tonight is of the birth", []Row{
			entry("births/1", "1 Old Rd", certificateOf), entry("clinic/1", "2 New St", gaveOn(2025, 5, 9), came(2026, 1, 5)),
		}, "2 New St 2025-05-09 the newest dose that this sender gave"},
		{"a first load is dated by the sender's own doses", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9)), entry("b/1", "2 New St", gaveOn(2024, 8, 1), came(2026, 2, 1)),
		}, "2 New St 2024-08-01 the newest dose that this sender gave"},
		{"without a dose it is of the birth", []Row{
			entry("a/1", "1 Old Rd"), entry("b/1", "2 New St", gaveOn(2012, 8, 1), came(2026, 2, 1)),
		}, "2 New St 2012-08-01 the newest dose that this sender gave"},
		{"an amended certificate without the first one is of the birth", []Row{
			entry("births/1", "1 Old Rd", certificateOf, on(0)), entry("b/1", "2 New St", gaveOn(2012, 8, 1)),
		}, "2 New St 2012-08-01 the newest dose that this sender gave"},
		{"what an amended certificate changes is of the amendment", []Row{
			entry("births/1", "1 Old Rd", certificateOf, came(2026, 1, 1)),
			entry("births/1", "2 New St", certificateOf, on(0), came(2026, 1, 20)), entry("b/1", "1 Old Rd", gaveOn(2026, 1, 9)),
		}, "2 New St 2026-01-20 the delivery that changed it"},
		{"what it leaves as it was is of the birth", []Row{
			entry("births/1", "1 Old Road", certificateOf, came(2026, 1, 1)),
			entry("births/1", "1 OLD RD", certificateOf, on(0), came(2026, 1, 20)), entry("b/1", "2 New St", gaveOn(2011, 1, 9)),
		}, "2 New St 2011-01-09 the newest dose that this sender gave"},
		{"what a sender changes later is of that delivery", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9), came(2026, 1, 1)), entry("a/1", "2 New St", gaveOn(2019, 5, 9)),
			entry("b/1", "3 Other St", gaveOn(2026, 2, 20)),
		}, "2 New St 2026-03-02 the delivery that changed it"},
		{"another spelling is no change", []Row{
			entry("a/1", "1 Old Road", gaveOn(2019, 5, 9), came(2026, 1, 1)), entry("a/1", "1 OLD RD", gaveOn(2019, 5, 9)),
			entry("b/1", "3 Other St", gaveOn(2020, 2, 20)),
		}, "3 Other St 2020-02-20 the newest dose that this sender gave"},
		{"nor is another phone a change of the address", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9), came(2026, 1, 1)),
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9), func(r *Row) { r.Phone = "2185550144" }),
			entry("b/1", "3 Other St", gaveOn(2020, 2, 20)),
		}, "3 Other St 2020-02-20 the newest dose that this sender gave"},
		{"two lines of a first load are one delivery", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9)), entry("a/1", "2 New St", gaveOn(2019, 5, 9)),
			entry("b/1", "3 Other St", gaveOn(2020, 2, 20)),
		}, "3 Other St 2020-02-20 the newest dose that this sender gave"},
		{"a plan's is of its update, not of its file", []Row{
			entry("p/1", "1 Old Rd", planOf, on(june)), entry("b/1", "2 New St", gaveOn(2025, 6, 2), came(2026, 1, 1)),
		}, "2 New St 2025-06-02 the newest dose that this sender gave"},
		{"a plan's update that is a claim's is of the day of service", []Row{
			entry("p/1", "1 Old Rd", planOf, on(june), func(r *Row) { r.Served = june - 30 }),
			entry("b/1", "2 New St", gaveOn(2025, 5, 9)),
		}, "2 New St 2025-05-09 the newest dose that this sender gave"},
		{"a sender's own word goes before its doses", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2026, 2, 9), on(june)), entry("b/1", "2 New St", gaveOn(2025, 6, 2)),
		}, "2 New St 2025-06-02 the newest dose that this sender gave"},
		{"a later word that repeats it confirms it", []Row{
			entry("a/1", "1 Old Rd", on(june), came(2026, 1, 1)), entry("a/1", "", repeated(2026, 3, 1, tonight-3)),
			entry("b/1", "2 New St", gaveOn(2026, 2, 1)),
		}, "1 Old Rd 2026-02-27 the sender's own day"},
		{"a later word that leaves it out does not", []Row{
			entry("a/1", "1 Old Rd", on(june), came(2026, 1, 1)), entry("a/1", "", repeated(2026, 3, 1, tonight-3), none),
			entry("b/1", "2 New St", gaveOn(2026, 2, 1)),
		}, "2 New St 2026-02-01 the newest dose that this sender gave"},
		{"a change is not older than what it changes", []Row{
			entry("a/1", "1 Old Rd", on(june), came(2025, 7, 1)), entry("a/1", "2 New St", on(june-400), came(2026, 1, 3)),
			entry("b/1", "1 Old Rd", gaveOn(2025, 12, 1)),
		}, "2 New St 2026-01-03 the delivery that changed it"},
		{"no day is later than receipt", []Row{
			entry("a/1", "1 Old Rd", came(2026, 1, 1)),
			entry("a/1", "2 New St", func(r *Row) { r.SenderTime, r.BatchID = (tonight + 1).Midnight(), "tomorrow's" }),
		}, "2 New St 2026-03-02 the delivery that changed it"},
		{"and says so", []Row{
			entry("p/1", "1 Old Rd", planOf, on(june), func(r *Row) { r.Served = june - 30 }),
			entry("b/1", "2 New St", gaveOn(2020, 5, 9)),
		}, "1 Old Rd 2025-05-02 the service whose claim the sender updated that day"},
		{"a word from before the birth is none", []Row{
			entry("a/1", "1 Old Rd", on(childBorn-9), gaveOn(2024, 5, 9)), entry("b/1", "2 New St", gaveOn(2023, 5, 9)),
		}, "1 Old Rd 2024-05-09 the newest dose that this sender gave"},
	} {
		got := ""
		client := Choose(c.entries, area.Default(), func(field string, from *Row, _ string) {
			if field == "address" {
				day, basis := from.Since(field)
				got = from.Address1 + " " + day.String() + " " + basis
			}
		})
		if got != c.want || !strings.HasPrefix(c.want, client.Address1+" ") {
			t.Errorf("%s: %s (chosen %s), want %s", c.name, got, client.Address1, c.want)
		}
	}
}

// An address that mail comes back from loses to a good one, unless that is older and the same sender replaced it.
func TestReturnedMail(t *testing.T) {
	for _, c := range []struct {
		name    string
		entries []Row
		want    string
	}{
		{"an older good one of another sender holds", []Row{
			entry("a/1", "2 New St", bad, gaveOn(2025, 5, 9)), entry("b/1", "1 Old Rd", gaveOn(2020, 5, 9)),
		}, "1 Old Rd"},
		{"a newer good one holds", []Row{
			entry("a/1", "1 Old Rd", bad, gaveOn(2020, 5, 9)), entry("b/1", "2 New St", gaveOn(2025, 5, 9)),
		}, "2 New St"},
		{"an older one that the sender of the bad one has replaced does not", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9), came(2025, 1, 1)), entry("a/1", "2 New St", bad, came(2025, 9, 1)),
			entry("b/1", "1 Old Road", gaveOn(2020, 5, 9)),
		}, "2 New St bad"},
		{"but it does where it was true after that", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9), came(2025, 1, 1)), entry("a/1", "2 New St", bad, came(2025, 9, 1)),
			entry("b/1", "1 Old Road", gaveOn(2026, 1, 9)),
		}, "1 Old Road"},
		{"a third one holds beside them", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9), came(2025, 1, 1)), entry("a/1", "2 New St", bad, came(2025, 9, 1)),
			entry("b/1", "1 Old Rd", gaveOn(2020, 5, 9)), entry("c/1", "3 Other St", gaveOn(2018, 5, 9)),
		}, "3 Other St"},
		{"two charts of one clinic: the newer replaces the older", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2019, 5, 9)), entry("a/2", "2 New St", bad, gaveOn(2025, 5, 9)),
		}, "2 New St bad"},
		{"the same address is bad whoever has it, until somebody has it later", []Row{
			entry("a/1", "1 Old Rd", bad, on(table.NewDate(2025, 5, 9))), entry("b/1", "1 OLD ROAD", gaveOn(2020, 5, 9)),
		}, "1 Old Rd bad"},
		{"as here", []Row{
			entry("a/1", "1 Old Rd", bad, on(table.NewDate(2025, 5, 9))), entry("b/1", "1 OLD ROAD", gaveOn(2025, 6, 9)),
		}, "1 OLD ROAD"},
		{"mail that comes back is news of its day", []Row{
			entry("a/1", "1 Old Rd", gaveOn(2025, 5, 9), came(2025, 6, 1)), entry("a/1", "1 Old Rd", bad, gaveOn(2025, 5, 9)),
			entry("b/1", "1 Old Rd", gaveOn(2025, 12, 1)),
		}, "1 Old Rd bad"},
	} {
		client := Choose(c.entries, area.Default(), nil)
		if got := strings.TrimSpace(client.Address1 + " " + client.AddressFlag); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// County, region, ZIP code, phone, guardian, responsible clinic and "moved out of state" follow the day on which they
// were true, each by itself.
func TestWhatFollowsTheDay(t *testing.T) {
	old := func(r *Row) {
		r.City, r.ZIP, r.CountyFIPS, r.Phone, r.GuardianLast, r.Status = "Mankato", "56001", "27013", "5075550100", "Old", "M"
	}
	now := func(r *Row) { r.CountyFIPS, r.Phone, r.GuardianLast, r.Status = "27137", "2185550144", "New", "A" }
	c := Choose([]Row{entry("old/1", "1 Old Rd", old, gaveOn(2019, 5, 9)),
		entry("new/1", "2 New St", now, gaveOn(2025, 5, 9), came(2026, 1, 1))}, area.Default(), nil)
	if c.ZIP != "55812" || c.CountyFIPS != "27137" || c.Region != "northeast" || c.Phone != "2185550144" ||
		c.GuardianLast != "New" || c.Provider != "new" || c.Status != "active" {
		t.Errorf("%+v", c)
	}
	// A clinic that has lost sight of a child says nothing about where it goes now; one that says so later does.
	left := func(r *Row) { r.Status, r.StatusOn = "M", table.NewDate(2025, 12, 1) }
	c = Choose([]Row{entry("old/1", "1 Old Rd", now, left, gaveOn(2019, 5, 9)),
		entry("new/1", "2 New St", now, gaveOn(2025, 5, 9))}, area.Default(), nil)
	if c.Status != "moved" || c.ZIP != "55812" || c.Address1 != "2 New St" {
		t.Errorf("moved since December: %s, %s", c.Status, c.Address1)
	}
	away := func(r *Row) { r.City, r.State, r.ZIP = "Fargo", "ND", "58102" }
	c = Choose([]Row{entry("old/1", "1 Old Rd", gaveOn(2025, 5, 9)), entry("p/1", "9 Away Ave", planOf, away,
		on(table.NewDate(2025, 9, 1)), came(2026, 1, 1))}, area.Default(), nil)
	if c.State != "ND" {
		t.Errorf("lives in %s", c.State)
	}
	// The clinic that last gave a dose cares for a child, whatever a later message of another says.
	explained := ""
	c = Choose([]Row{entry("a/1", "1 Old Rd", gaveOn(2025, 5, 9)), entry("b/1", "2 New St", on(tonight)),
		entry("p/1", "2 New St", planOf, gaveOn(2025, 9, 9))}, area.Default(), func(field string, from *Row, _ string) {
		if field == "provider" {
			day, _ := from.Since(field)
			explained = from.RecordID + " " + day.String()
		}
	})
	if c.Provider != "a" || explained != "a/1 2025-05-09" {
		t.Errorf("cared for by %s, explained by %s", c.Provider, explained)
	}
	// A county goes with its address: the ZIP code of one in North Mankato is mostly another county's.
	mankato := func(r *Row) { r.City, r.ZIP = "Mankato", "56003" }
	c = Choose([]Row{entry("a/1", "5 Elm Street", mankato, gaveOn(2024, 5, 9), func(r *Row) { r.CountyFIPS = "27013" }),
		entry("p/1", "5 ELM ST", planOf, mankato, on(tonight))}, area.Default(), nil)
	if c.CountyFIPS != "27013" || c.AddressSource != "p/1" {
		t.Errorf("county %s by %s", c.CountyFIPS, c.AddressSource)
	}
}
