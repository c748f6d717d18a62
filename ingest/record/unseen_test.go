package record

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/ingest/read"
	"miic/internal/table"
)

// loadClients reads a file by a layout (HL7 without one) and returns the people in it.
func loadClients(t *testing.T, layout, text string) (Result, []stagedClient) {
	t.Helper()
	f := &File{No: 1, Snapshot: 1, Path: filepath.Join(t.TempDir(), "x"), Sender: "s", Kind: "clinic",
		AsOf: table.NewDate(2026, 3, 2), Time: table.NewDate(2026, 3, 1).Midnight()}
	if layout != "" {
		all, err := read.Layouts("")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			if l.ID == layout {
				f.Layout = l
			}
		}
	}
	if err := os.WriteFile(f.Path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := Load(context.Background(), f, t.TempDir(), 1)
	if whole := (Refusal{}); err != nil && !errors.As(err, &whole) {
		t.Fatal(err)
	}
	people, err := table.ReadAll[stagedClient](b.Files[StagedClients])
	if err != nil {
		t.Fatal(err)
	}
	return b, people
}

const massHead = "vaccination_date,2026-02-20\r\ncvx,150\r\nlot,ZX12\r\nclinic,Gym\r\nid,last_name,first_name,birth_date,sex,address_1,city,state,zip\r\n"

// TestWhatNobodySees (item 11): no-break spaces, zero-width characters and marks of direction are blanks or gone, in every
// layout, wherever they are.
func TestWhatNobodySees(t *testing.T) {
	const nbsp, zwsp, ltr, bom, narrow, shy = "\u00a0", "\u200b", "\u202a", "\ufeff", "\u202f", "\u00ad"
	member := "member_id,last_name,first_name,middle_name,birth_date,sex,address_1,address_2,city,state,zip,county_fips,phone,email,language,medicaid_id,pcp_npi,updated_on\n"
	for _, c := range []struct{ name, layout, text string }{
		{"around values", "mass-clinic", massHead + "1," + nbsp + "Van Dyke" + nbsp + "," + zwsp + "MaryAnn,2015-03-04," + nbsp + "F,1 First St,Ely,MN,55731" + nbsp + "\r\n"},
		{"within values", "mass-clinic", massHead + "1,Van" + nbsp + "Dyke,Mary" + zwsp + "Ann,2015-03-04" + bom + "," + ltr + "F," + "1" + narrow + "First St,Ely,MN,55731\r\n"},
		{"in a column's name", "mass-clinic", strings.Replace(massHead, ",sex,", ","+nbsp+"sex"+zwsp+",", 1) + "1,Van Dyke,Mary" + shy + "Ann,2015-03-04,F,1 First St,Ely,MN,55731\r\n"},
		{"in a line before the header", "mass-clinic", strings.Replace(massHead, "cvx,150", nbsp+"cvx,150"+nbsp, 1) + "1,Van Dyke,MaryAnn,2015-03-04,F,1 First St,Ely,MN,55731\r\n"},
		{"within quotes", "plan-members", member + `1,"` + nbsp + `Van` + nbsp + ` Dyke","Mary` + zwsp + `Ann",,2015-03-04,"` + ltr + `F",1 First St,,Ely,MN,55731,,,,,,,2026-02-01` + "\n"},
		{"before a quote", "plan-members", member + `1,` + zwsp + `"Van Dyke",` + bom + `"MaryAnn",,2015-03-04,F,1 First St,,Ely,MN,55731,,,,,,,2026-02-01` + "\n"},
		{"in HL7's components", "", oddMessage(oddHead, "PID|1||1"+nbsp+"^^^LAKE^MR||"+nbsp+"Van"+nbsp+"Dyke^Mary"+zwsp+"Ann^^^^^L||"+zwsp+"20150304|"+nbsp+"F|||1 First"+narrow+"St^^Ely^MN^55731"+nbsp+"^USA^H")},
		{"in HL7, declared Latin 1", "", oddMessage(oddHead+"||||||8859/1", "PID|1||1^^^LAKE^MR||Van\xa0Dyke\xa0^Mary\xadAnn^^^^^L||20150304|\xa0F|||1 First\xa0St^^Ely^MN^55731^USA^H")},
		{"in HL7, escaped", "", oddMessage(oddHead, `PID|1||1^^^LAKE^MR||Van\XC2A0\Dyke^Mary\XE2808B\Ann^^^^^L||20150304|F|||1 First St^^Ely^MN^55731^USA^H`)},
		{"in windows-1252", "wir-client-csv", "record_identifier,last_name,first_name,birth_date,sex,street_address,city,state,zip\n1,\xa0Van\xa0Dyke,Mary\xadAnn,03042015\xa0,\xa0F,1 First St,Ely,MN,55731\n"},
		{"in records of fixed width", "wir-client", wirClient("1", "Mary\xadAnn", "\xa0Van\xa0Dyke", "03042015", "F", "1 First\xa0St", "Ely", "MN", "55731")},
	} {
		b, people := loadClients(t, c.layout, c.text)
		if len(people) != 1 || b.Refused > 0 {
			t.Errorf("%s: %d people, %d refused", c.name, len(people), b.Refused)
			continue
		}
		p := people[0]
		if p.LastName != "Van Dyke" || p.FirstName != "MaryAnn" || p.Sex != "F" || p.BirthDate != table.NewDate(2015, 3, 4) ||
			p.ZIP != "55731" || p.Address1 != "1 First St" || p.SourceClientID != "1" {
			t.Errorf("%s: %q %q, %q, %s, %q %q, id %q", c.name, p.FirstName, p.LastName, p.Sex, p.BirthDate, p.Address1, p.ZIP, p.SourceClientID)
		}
	}
}

// wirClient is a record of fixed width.
func wirClient(id, first, last, born, sex, street, city, state, zip string) string {
	line := []byte(strings.Repeat(" ", 574))
	for _, v := range []struct {
		at   int
		text string
	}{{1, id}, {26, first}, {76, last}, {121, born}, {197, sex}, {320, street}, {485, city}, {537, state}, {539, zip}} {
		copy(line[v.at-1:], v.text)
	}
	return string(line) + "\n"
}

// TestRowsOfBlanksAreNoUnits (item 11): what spreadsheets leave below a table is nobody's.
func TestRowsOfBlanksAreNoUnits(t *testing.T) {
	row := "1,Van Dyke,Mary,2015-03-04,F,1 First St,Ely,MN,55731\r\n"
	for name, blank := range map[string]string{"commas": ",,,,,,,,\r\n", "fewer commas": ",,\r\n", "blanks": "    \r\n",
		"tabs": "\t\t\t\r\n", "commas and blanks": " , ,,\t,,,,, \r\n", "no-break spaces": "\u00a0\r\n",
		"commas and no-break spaces": "\u00a0,\u00a0,,,,,,,\u2003\r\n", "zero width": "\u200b\u200b,,,,,,,,\ufeff\r\n",
		"empty quotes": `"","","","","","","","",""` + "\r\n", "nothing": "\r\n"} {
		for where, text := range map[string]string{"below": massHead + row + strings.Repeat(blank, 12), "between": massHead + blank + row,
			"above": blank + massHead + row, "without an end": massHead + row + strings.TrimRight(blank, "\r\n")} {
			if b, people := loadClients(t, "mass-clinic", text); len(people) != 1 || b.Read != 1 || b.Refused > 0 {
				t.Errorf("%s, %s: %d people, %d units, %d refused", name, where, len(people), b.Read, b.Refused)
			}
		}
	}
	record := wirClient("1", "Mary", "Dyke", "03042015", "F", "", "", "", "")
	for name, text := range map[string]string{"a blank record": strings.Repeat(" ", 574) + "\n", "of no-break spaces": strings.Repeat("\xa0", 574) + "\n"} {
		if b, people := loadClients(t, "wir-client", record+text); len(people) != 1 || b.Read != 1 {
			t.Errorf("fixed width, %s: %d people, %d units", name, len(people), b.Read)
		}
	}
	message := oddMessage(oddHead, oddPID)
	for name, text := range map[string]string{"blanks": message + "   \r\t\r", "no-break spaces": message + "\u00a0\r \u00a0\r"} {
		if b, people := loadClients(t, "", text); len(people) != 1 || b.Read != 1 || b.Refused > 0 {
			t.Errorf("HL7, %s: %d people, %d units", name, len(people), b.Read)
		}
	}
	// What is not blank is still judged.
	for _, line := range []string{"x\r\n", ",,,,,x,,,\r\n", "\"\r\n", ",,,,,,,,-\r\n"} {
		if b, _ := loadClients(t, "mass-clinic", massHead+row+line); b.Read != 2 || b.Refused != 1 {
			t.Errorf("%q: %d units, %d refused", line, b.Read, b.Refused)
		}
	}
}

// TestTextAsItIsDeclared (item 11): MSH-18 is read by its exact name, in the spellings in use.
func TestTextAsItIsDeclared(t *testing.T) {
	for _, c := range []struct{ declared, bytes, want string }{
		{"8859/1", "Bj\xf8rk", "Bjørk"}, {"ISO-8859-1", "Bj\xf8rk", "Bjørk"}, {"ISO 8859-1:1987", "Bj\xf8rk", "Bjørk"}, {"8859-1", "Bj\xf8rk", "Bjørk"},
		{"iso8859_1", "Bj\xf8rk", "Bjørk"}, {"WINDOWS-1252", "O\x92Bj\xf8rk", "O’Bjørk"}, {"cp1252", "\x8eelko", "Želko"},
		{"8859/1", "O\x92Keefe", "O’Keefe"}, {"8859/15", "\xb4i\xb8ka\xa4", "Žižka€"}, {"ISO-8859-15", "\xb4i\xb8ka", "Žižka"},
		{"8859/2", "\xa9imi\xe6", "Šimić"}, {"ISO-8859-2", "\xa9imi\xe6", "Šimić"}, {"8859/5", "\xb8\xd2\xd0\xdd", "Иван"}, {"8859/9", "\xdeahin", "Şahin"},
		{"8859/7", "\xc1\xed\xed\xe1", "Αννα"}, {"WINDOWS-1251", "\xc8\xe2\xe0\xed", "Иван"}, {"windows-1250", "\x8aimi\xe6", "Šimić"},
		{"UNICODE UTF-8", "Bjørk", "Bjørk"}, {"UTF-8", "Bjørk", "Bjørk"}, {"utf8", "Bjørk", "Bjørk"}, {"UNICODE", "Bjørk", "Bjørk"},
		{"GB 18030-2000", "\xcd\xf5\x7d", "王}"}, {"BIG-5", "\xb3\x5c", "許"}, {"KS X 1001", "\xb1\xe8", "김"},
		{"ISO IR87", "\x1b$B;3ED\x1b(B", "山田"}, {"ASCII", "Bjork", "Bjork"}, {"", "Bjørk", "Bjørk"}, {"UNICODE UTF-16", "Bjork", "Bjork"},
		{"8859/1", `Bj\XF8\rk`, "Bjørk"},
		// refused
		{"", "Bj\xf8rk", ""}, {"UTF-8", "Bj\xf8rk", ""}, {"ASCII", "Bj\xf8rk", ""}, {"CNS 11643-1992", "\xb1\xe8", ""}, {"UNICODE UTF-16", "Bj\xf8rk", ""},
		{"EBCDIC", "Bj\xf8rk", ""}, {"8859/3", "\xa5x", ""}, // a place without a character
	} {
		head := oddHead
		if c.declared != "" {
			head += "||||||" + c.declared
		}
		b, people := loadClients(t, "", oddMessage(head, "PID|1||L1^^^LAKE^MR||"+c.bytes+"^Ida^^^^^L||20240115|F"))
		switch {
		case c.want == "" && (b.Refused != 1 || len(people) > 0):
			t.Errorf("%s %q: %d refused", c.declared, c.bytes, b.Refused)
		case c.want != "" && (len(people) != 1 || people[0].LastName != c.want):
			t.Errorf("%s %q: %d people, %d refused; want %s, %+q", c.declared, c.bytes, len(people), b.Refused, c.want, names(people))
		}
	}
}

func names(people []stagedClient) (list []string) {
	for _, p := range people {
		list = append(list, p.LastName)
	}
	return list
}
