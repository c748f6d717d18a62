package linkage

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/internal/testdata"
	"miic/linkage/review"
	"miic/linkage/standard"
)

// optOut is the request that the family of a record makes.
func optOut(r *table.ClientRecord, kind string) table.Request {
	return table.Request{RequestID: "families/" + r.RecordID, Sender: "families", SenderTime: 1, Kind: kind,
		FirstName: r.FirstName, LastName: r.LastName, BirthDate: r.BirthDate, Address1: r.Address1, City: r.City,
		State: r.State, ZIP: r.ZIP, ReceivedOn: someNight}
}

// again are the ways in which one who has opted out comes again: both names are another's, the number is new, and of
// the rest only what is named here is the same.
var again = []struct {
	name string
	keep func(now, was *table.ClientRecord)
	fits func(was *table.ClientRecord) bool
}{
	{"mother", func(now, was *table.ClientRecord) {
		now.MotherFirst, now.MotherMaiden = was.MotherFirst, was.MotherMaiden
	}, func(was *table.ClientRecord) bool { return was.MotherFirst != "" && was.MotherMaiden != "" }},
	{"address", func(now, was *table.ClientRecord) {
		now.Address1, now.City, now.State, now.ZIP = was.Address1, was.City, was.State, was.ZIP
	}, func(was *table.ClientRecord) bool { return was.Address1 != "" && was.ZIP != "" }},
	{"phone", func(now, was *table.ClientRecord) { now.Phone2 = was.Phone },
		func(was *table.ClientRecord) bool { return len(was.Phone) == 10 }},
	{"e-mail", func(now, was *table.ClientRecord) { now.Email = strings.ToUpper(was.Email) },
		func(was *table.ClientRecord) bool { return was.Email != "" }},
	{"mother and address, another day", func(now, was *table.ClientRecord) {
		now.MotherFirst, now.MotherMaiden = was.MotherFirst, was.MotherMaiden
		now.Address1, now.City, now.State, now.ZIP = was.Address1, was.City, was.State, was.ZIP
		now.BirthDate = slip(was.BirthDate)
	}, func(was *table.ClientRecord) bool {
		return was.MotherFirst != "" && was.MotherMaiden != "" && was.Address1 != "" && was.ZIP != "" &&
			slip(was.BirthDate) != 0
	}},
}

// slip is a birth date with day and month swapped, or no date where that is none.
func slip(d table.Date) table.Date {
	s := d.String()
	x, err := table.ParseDate(s[:5] + s[8:] + "-" + s[5:7])
	if err != nil || x == d {
		return 0
	}
	return x
}

// comeAgain makes the record under which somebody comes again, with the names of another.
func comeAgain(i int, was, other *table.ClientRecord) table.ClientRecord {
	r := table.ClientRecord{RecordID: fmt.Sprintf("CL9/again-%d/1", i), Sender: "CL9",
		SourceClientID: fmt.Sprintf("again-%d", i), Generation: 1, SenderTime: 1, FirstName: other.FirstName,
		LastName: other.LastName, BirthDate: was.BirthDate, Sex: was.Sex, Address1: fmt.Sprintf("%d Quarry Lane", 1000+i),
		City: "Roseau", State: "MN", ZIP: "56751", Phone: fmt.Sprintf("21855%05d", i), Share: "allowed",
		Contact: "allowed"}
	if i%4 == 0 {
		r.Sex = ""
	}
	again[i%len(again)].keep(&r, was)
	return r
}

// apartNames reports whether two records have neither name in common, not even the beginning.
func apartNames(a, b *table.ClientRecord) bool {
	for _, x := range []string{a.FirstName, a.LastName} {
		for _, y := range []string{b.FirstName, b.LastName} {
			if len(x) < 3 || len(y) < 3 || strings.EqualFold(x[:3], y[:3]) {
				return false
			}
		}
	}
	return true
}

// One hundred people opt out and come again with both names changed and one thing the same. On the night they come, and
// on every later one, all are suppressed and asked about.
func TestWhoComesAgainUnderAnotherNameIsAskedAbout(t *testing.T) {
	const cases = 100
	d := registry(t, 9000)
	for i := 0; i < len(d.records); i += 49 { // the registry has none
		d.records[i].Email = fmt.Sprintf("family-%d@example.org", i)
	}
	b := newBench(t)
	night(t, b, d)
	var requests, returning delivered
	taken := map[int64]bool{}
	l := links(t, b)
	next := 0
	for i := 0; i < cases; i++ {
		var was *table.ClientRecord
		for ; was == nil; next++ {
			r := &d.records[next*7%len(d.records)]
			if person := l[r.RecordID]; !taken[person] && r.FirstName != "" && r.LastName != "" && r.BirthDate != 0 &&
				r.ZIP != "" && again[i%len(again)].fits(r) {
				taken[person], was = true, r
			}
		}
		kind := "opt_out"
		if i%10 == 9 {
			kind = "lock"
		}
		requests.requests = append(requests.requests, optOut(was, kind))
		other := &d.records[i*31+11]
		for k := 0; !apartNames(was, other); k++ {
			other = &d.records[i*31+12+k]
		}
		returning.records = append(returning.records, comeAgain(i, was, other))
	}
	night(t, b, requests)
	before := 0
	for _, c := range clientsOf(t, b) {
		if c.OptedOut || c.Locked {
			before++
		}
	}
	if before < cases {
		t.Fatalf("%d people are restricted by %d requests", before, cases)
	}
	for n, delivery := range []delivered{returning, {}, {}} {
		counts := night(t, b, delivery)
		l, people := links(t, b), clientsOf(t, b)
		suppressed, asked := map[string]int{}, 0
		for i, r := range returning.records {
			how, c := again[i%len(again)].name, people[l[r.RecordID]]
			if c.InReview {
				asked++
			}
			switch {
			case c.OptedOut || c.Locked:
				suppressed[how]++
			case c.InReview:
			default:
				t.Errorf("night %d: one who comes again with the same %s gets letters", n+1, how)
			}
		}
		all := 0
		for _, k := range suppressed {
			all += k
		}
		t.Logf("night %d: suppressed %d of %d (%v), asked about %d; raised %d", n+1, all, cases, suppressed, asked,
			counts["link.returned_asked"])
		if all < 99 {
			t.Errorf("night %d: %d of %d are suppressed", n+1, all, cases)
		}
	}
}

// A verdict that they are different people releases who only seemed to come again, and holds when the record changes.
func TestWhoIsJudgedDifferentIsReleased(t *testing.T) {
	for _, kind := range []string{"opt_out", "flag"} {
		t.Run(kind, func(t *testing.T) {
			b := newBench(t)
			verdicts := filepath.Join(t.TempDir(), "verdicts.csv")
			out := child("clinic-a", "1", "Astrid", born)
			d := crowd(t)
			if kind == "flag" {
				out.Share = "refused"
			} else {
				d.requests = []table.Request{optOut(&out, kind)}
			}
			d.records = append(d.records, out)
			judgedNight(t, b, d, verdicts)
			other := child("clinic-b", "2", "Ingeborg", born)
			other.LastName, other.Phone, other.MotherFirst, other.MotherMaiden = "Vang", "", "", ""
			judgedNight(t, b, delivered{records: []table.ClientRecord{other}}, verdicts)
			restricted := func() bool {
				c := clientsOf(t, b)[links(t, b)[other.RecordID]]
				return c.OptedOut || c.Locked
			}
			it := items(t, b)[review.ItemID(out.RecordID, other.RecordID)]
			if !restricted() || it.Decision != "open" || !strings.HasPrefix(it.Reason, mayHaveReturned) {
				t.Fatalf("restricted: %v; the question is %q: %q", restricted(), it.Decision, it.Reason)
			}
			keep(t, verdicts, []review.Judged{{ItemID: it.ItemID, RecordL: it.RecordL, RecordR: it.RecordR,
				Decision: "different", By: "kim", On: someNight, Evidence: it.Evidence}})
			judgedNight(t, b, delivered{}, verdicts)
			if restricted() {
				t.Error("still restricted after the verdict")
			}
			other.Email, other.SenderTime = "vang@example.org", 2
			judgedNight(t, b, delivered{records: []table.ClientRecord{other}}, verdicts)
			if restricted() {
				t.Error("restricted again after a change of the record")
			}
		})
	}
}

// A twin whom the registry knew beside the one who opts out is left alone; one who comes with the request, or after it,
// is asked about.
func TestTwinsOfTheOptedOut(t *testing.T) {
	twin := func(number, first string, order int32) table.ClientRecord {
		r := child("clinic-a", number, first, born)
		r.BirthOrder, r.MultipleBirth = order, "Y"
		return r
	}
	for _, c := range []struct {
		name           string
		out, sibling   table.ClientRecord
		before, asking bool
	}{
		{"known before, by birth order", twin("1", "Astrid", 1), twin("2", "Ingeborg", 2), true, false},
		{"known before, beside each other at one sender", child("clinic-a", "1", "Astrid", born),
			child("clinic-a", "2", "Ingeborg", born), true, false},
		{"known before, with nothing that shows two", child("clinic-a", "1", "Astrid", born),
			child("clinic-b", "2", "Ingeborg", born), true, true},
		{"with the request", twin("1", "Astrid", 1), twin("2", "Ingeborg", 2), false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			d := crowd(t)
			d.records = append(d.records, c.out)
			if c.before {
				d.records = append(d.records, c.sibling)
			}
			night(t, b, d)
			next := delivered{requests: []table.Request{optOut(&c.out, "opt_out")}}
			if !c.before {
				next.records = append(next.records, c.sibling)
			}
			night(t, b, next)
			l, people := links(t, b), clientsOf(t, b)
			if l[c.out.RecordID] == l[c.sibling.RecordID] || !people[l[c.out.RecordID]].OptedOut {
				t.Fatal("the twins are one person, or nobody is opted out")
			}
			if got := people[l[c.sibling.RecordID]]; got.OptedOut != c.asking {
				t.Errorf("the twin is suppressed: %v, want %v", got.OptedOut, c.asking)
			}
		})
	}
}

// An adoption is not given away, and who only wants no letters has not left.
func TestTheSealedAreNotAskedAbout(t *testing.T) {
	for _, kind := range []string{"seal", "no_contact"} {
		b := newBench(t)
		out := child("clinic-a", "1", "Astrid", born)
		d := crowd(t)
		d.records = append(d.records, out)
		d.requests = []table.Request{optOut(&out, kind)}
		night(t, b, d)
		other := child("clinic-b", "2", "Ingeborg", born)
		other.LastName, other.MotherFirst, other.MotherMaiden, other.Phone = "Vang", "Mai", "Xiong", ""
		night(t, b, delivered{records: []table.ClientRecord{other}})
		if it, ok := items(t, b)[review.ItemID(out.RecordID, other.RecordID)]; ok {
			t.Errorf("%s: asked: %s", kind, it.Reason)
		}
	}
}

// What one record of a person has counts with the birth date of another: the one with the mother has a slip in it.
func TestPersonsAreComparedNotRecords(t *testing.T) {
	one, slipped := child("clinic-a", "1", "Astrid", born), child("clinic-b", "2", "Astrid", born)
	slipped.BirthDate = born - 1
	one.MedicaidID, slipped.MedicaidID = "272016942488", "272016942488"
	one.MotherFirst, one.MotherMaiden = "", ""
	d := crowd(t)
	d.records = append(d.records, one, slipped)
	d.requests = []table.Request{optOut(&one, "opt_out")}
	b := newBench(t)
	night(t, b, d)
	if l := links(t, b); l[one.RecordID] != l[slipped.RecordID] {
		t.Fatal("the two records are not one person")
	}
	other := child("clinic-c", "3", "Ingeborg", born)
	other.LastName, other.Address1, other.ZIP, other.Phone = "Vang", "4 Oak Court", "56751", ""
	night(t, b, delivered{records: []table.ClientRecord{other}})
	if !clientsOf(t, b)[links(t, b)[other.RecordID]].OptedOut {
		t.Error("one who comes again is not suppressed")
	}
}

// A request under a name that no record has, of somebody at one address with one birth date, suppresses them.
func TestRequestUnderAnUnknownName(t *testing.T) {
	one, two := child("clinic-a", "1", "Astrid", born), child("clinic-a", "2", "Freja", born.AddMonths(-26))
	d := crowd(t)
	d.records = append(d.records, one, two)
	q := optOut(&one, "opt_out")
	q.FirstName, q.LastName = "Ingeborg", "Vang"
	d.requests = []table.Request{q}
	b := newBench(t)
	night(t, b, d)
	l, people := links(t, b), clientsOf(t, b)
	if !people[l[one.RecordID]].OptedOut || people[l[two.RecordID]].OptedOut {
		t.Errorf("suppressed: %v, her sister %v", people[l[one.RecordID]].OptedOut, people[l[two.RecordID]].OptedOut)
	}
}

// Who is suppressed needlessly: of a state of which a part opts out, by its truth, those who are another person.
func TestFewAreSuppressedForAnother(t *testing.T) {
	d := registry(t, 20000)
	person := map[string]string{}
	err := standard.ReadCSV(filepath.Join(testdata.Dir(t, "linkage/registry-seed1"), "truth.csv"),
		[]string{"record_id", "person_id"}, func(l *standard.Line) error {
			person[l.Get("record_id")] = l.Get("person_id")
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	night(t, b, d)
	asked, out := delivered{}, map[string]bool{}
	for i := 0; i < len(d.records) && len(asked.requests) < 300; i += 61 {
		if r := &d.records[i]; r.FirstName != "" && r.ZIP != "" && !out[person[r.RecordID]] {
			out[person[r.RecordID]] = true
			asked.requests = append(asked.requests, optOut(r, "opt_out"))
		}
	}
	counts := night(t, b, asked)
	l := links(t, b)
	basis := map[int64]string{}
	for _, r := range restrictionsOf(t, b) {
		basis[r.ClientID] = r.Basis
	}
	holds := map[int64]map[string]bool{}
	for record, client := range l {
		if holds[client] == nil {
			holds[client] = map[string]bool{}
		}
		holds[client][person[record]] = true
	}
	needless, missed := 0, 0
	for client, of := range holds {
		own := false
		for p := range of {
			own = own || out[p]
		}
		switch {
		case basis[client] != "" && !own:
			needless++
		case basis[client] == "" && own:
			missed++
		}
	}
	t.Logf("%d opted out; %d suppressed for another, %d persons of theirs not suppressed; %d asked, %d known apart",
		len(out), needless, missed, counts["link.returned_asked"], counts["link.returned_known_apart"])
	if needless*20 > len(out) {
		t.Errorf("%d people are suppressed for %d others", needless, len(out))
	}
}

func restrictionsOf(t *testing.T, b *pipeline.Bench) []table.Restriction {
	t.Helper()
	rows, err := table.ReadAll[table.Restriction](b.Files("restriction"))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
