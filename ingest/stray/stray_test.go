package stray_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"miic/fixtures"
	"miic/ingest/read"
	"miic/ingest/stray"
)

const requests = "request_id,kind,first_name,last_name,birth_date,address_1,city,state,zip,received_on\n" +
	"17,opt_out,A,B,2020-01-02,1 C ST,D,MN,55001,2026-03-01\n"

// site has a sender of requests with a name, one that takes every file, and a clinic.
func site() *stray.Finder {
	return stray.New([]stray.Sender{
		{ID: "families", Families: true, Files: []stray.Pattern{{Name: "requests_*.csv", Layout: "family-requests"}}},
		{ID: "forms", Families: true, Files: []stray.Pattern{{Name: "*", Layout: "family-requests"}}},
		{ID: "letters", Families: true, Files: []stray.Pattern{{Name: "*.csv", Layout: "family-requests"}}},
		{ID: "county", Files: []stray.Pattern{{Name: "optout-[0-9]*.txt", Layout: "family-requests"},
			{Name: "*.hl7", Layout: read.HL7Layout}}},
		{ID: "metro", Files: []stray.Pattern{{Name: "requests_lab_*.csv", Layout: "wir-client-csv"},
			{Name: "*.csv", Layout: "wir-client-csv"}}},
	}, read.Builtin)
}

func zipped(t *testing.T, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, content := range map[string]string{"read me.txt": "hello", name: text} {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func utf16of(text string, big bool, mark string) string {
	var b strings.Builder
	b.WriteString(mark)
	for _, u := range utf16.Encode([]rune(text)) {
		x, y := byte(u), byte(u>>8)
		if big {
			x, y = y, x
		}
		b.WriteByte(x)
		b.WriteByte(y)
	}
	return b.String()
}

func why(folder, name string, unfinished bool, text string) string {
	return site().Why(folder, name, unfinished, strings.NewReader(text), int64(len(text)))
}

func TestStrayRequestsAreRecognised(t *testing.T) {
	header, row, _ := strings.Cut(requests, "\n")
	sheet := "<sst><si><t>" + strings.ReplaceAll(header, ",", "</t></si><si><t>") + "</t></si></sst>"
	for _, c := range []struct{ what, folder, name, text string }{
		{"in the inbox itself", "", "export.csv", requests},
		{"in a folder of the wrong case", "Families", "export.csv", requests},
		{"at another sender", "metro", "clients.csv", requests},
		{"in an unknown folder", "new folder", "x", requests},
		{"other order and case", "", "x.txt", "ZIP;Received_On;LAST_NAME;Kind;Request_ID;First Name;Birth Date\n"},
		{"by tabs", "", "x.txt", strings.ReplaceAll(requests, ",", "\t")},
		{"quoted", "", "x.txt", `"` + strings.ReplaceAll(header, ",", `","`) + `"` + "\r\n" + row},
		{"with columns of its own", "", "x.txt", "no," + header + ",remarks\n"},
		{"a column short", "", "x.txt", strings.Replace(header, ",zip", "", 1)},
		{"a line above", "metro", "clients.csv", "Opt-outs of March\n\n" + requests},
		{"a mark of UTF-8", "", "x.txt", "\ufeff" + requests},
		{"UTF-16", "", "x.txt", utf16of(requests, false, "\xff\xfe")},
		{"UTF-16, the other way", "metro", "x.csv", utf16of(requests, true, "\xfe\xff")},
		{"UTF-16 without a mark", "", "x.txt", utf16of(requests, false, "")},
		{"zipped", "metro", "clients.csv", zipped(t, "a.csv", requests)},
		{"compressed", "metro", "clients.csv.gz", gzipped(t, requests)},
		{"a spreadsheet", "metro", "clients.xlsx", zipped(t, "xl/sharedStrings.xml", sheet)},
		{"by its name", "", "requests_20260302.csv", "cannot be read"},
		{"by its name in capitals", "metro", "REQUESTS_20260302.CSV", ""},
		{"by its name, with another ending", "", "requests_20260302.xlsx", ""},
		{"by its name, with two endings", "", "requests_20260302.csv.pgp", ""},
		{"by the name of a sender of some requests", "", "optout-3.txt", ""},
	} {
		if why(c.folder, c.name, false, c.text) == "" {
			t.Errorf("%s: not recognised", c.what)
		}
	}
}

func TestNoFalseAlarm(t *testing.T) {
	for _, c := range []struct{ what, folder, name, text string }{
		{"where it belongs", "families", "requests_1.csv", requests},
		{"where it belongs, under a wrong name", "families", "x.csv", requests},
		{"where it belongs, at a sender of all kinds", "county", "optout-3.txt", requests},
		{"a name of its own sender's", "metro", "requests_lab_3.csv", "first_name,last_name\n"},
		{"any name that fits a star", "", "clients.csv", "chart,first_name,last_name,birth_date,city,state,zip\n"},
		{"nothing", "", "x", ""},
		{"an archive that is cut", "metro", "x.zip", zipped(t, "a.csv", requests)[:60]},
		{"a sentence", "", "x.txt", "the columns are request_id, kind, last_name and received_on\n"},
	} {
		if got := why(c.folder, c.name, false, c.text); got != "" {
			t.Errorf("%s: it %s", c.what, got)
		}
	}
}

func TestUnfinishedFiles(t *testing.T) {
	for _, c := range []struct {
		folder, name, text string
		stray              bool
	}{
		{"families", "requests_1.csv.part", "", true},
		{"families", "x.part", "", true},
		{"families", ".requests_1.csv.Xy12Zq", "", true},
		{"families", ".DS_Store", "", false},
		{"families", ".bash_history", "", false},
		{"metro", ".requests_1.csv.Xy12Zq", "", true},
		{"metro", "x.csv.part", requests, true},
		{"metro", "x.csv.part", "first_name,last_name\n", false},
		{"", ".x.part", requests, true},
	} {
		if got := why(c.folder, c.name, true, c.text); (got != "") != c.stray {
			t.Errorf("%s/%s: %q", c.folder, c.name, got)
		}
	}
}

// Whatever clinics, plans and schools of the synthetic state deliver, wherever it lies, is no request; and every file
// of requests is one anywhere else.
func TestDeliveriesOfTheState(t *testing.T) {
	dir := t.TempDir()
	_, err := fixtures.Generate(context.Background(), fixtures.Options{Out: dir, Clients: 600, Nights: 2, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, found := 0, 0
	err = filepath.WalkDir(filepath.Join(dir, "nights"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		isRequest := strings.HasPrefix(d.Name(), "requests_")
		if isRequest {
			found++
		}
		for _, folder := range []string{"", "metro", "nobody"} {
			if got := why(folder, "x", false, string(text)); (got != "") != isRequest {
				t.Errorf("%s in folder %q: %q", d.Name(), folder, got)
			}
		}
		return nil
	})
	if err != nil || files < 20 || found == 0 {
		t.Fatalf("%d files, %d of requests, %v", files, found, err)
	}
}

// The header of every layout, as its own file has it, is recognised if it is one of requests, and only then.
func TestHeadersOfLayouts(t *testing.T) {
	for id, l := range read.Builtin {
		var names []string
		for _, f := range l.Fields {
			if f.Column != "" && !f.Shared {
				names = append(names, f.Column)
			}
		}
		text := strings.ToUpper(strings.Join(names, ";")) + "\n"
		if got := why("metro", "x", false, text); (got != "") != (l.Makes == "request") {
			t.Errorf("%s: %q", id, got)
		}
	}
}
