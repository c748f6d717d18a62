package read

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
)

// FuzzLines compares the line reader with a plain split: every byte is in one line or one line end.
func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nb\r\nc"), 3)
	f.Add([]byte("a\rb\rccccccccccccc"), 4)
	f.Fuzz(func(t *testing.T, data []byte, limit int) {
		if limit < 1 || limit > 1000 {
			return
		}
		mark := "\n"
		if !bytes.Contains(data, []byte("\n")) && bytes.Contains(data, []byte("\r")) {
			mark = "\r"
		}
		want := strings.Split(string(data), mark)
		if want[len(want)-1] == "" {
			want = want[:len(want)-1]
		}
		r := NewLineReader(bytes.NewReader(data), limit)
		offset := int64(0)
		for i, w := range want {
			l, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			if l.Number != int64(i+1) || l.Offset != offset {
				t.Fatalf("line %d at %d, want %d at %d", l.Number, l.Offset, i+1, offset)
			}
			offset += int64(len(w) + 1)
			if mark == "\n" {
				w = strings.TrimSuffix(w, "\r")
			}
			if l.TooLong != (len(w) > limit) || !strings.HasPrefix(w, string(l.Text)) || !l.TooLong &&
				string(l.Text) != w {
				t.Fatalf("line %d is %q, want %q", i+1, l.Text, w)
			}
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Fatalf("after the last line: %v", err)
		}
	})
}

// FuzzCSV compares the splitter with the standard library's on single lines that both accept.
func FuzzCSV(f *testing.F) {
	f.Add(`a,"b ""c""",d`)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\n") || text == "" {
			return
		}
		cells, ok := SplitCSV([]byte(text), ',', nil, nil)
		r := csv.NewReader(strings.NewReader(text))
		want, err := r.Read()
		if err != nil {
			return // the standard library is stricter about quotes inside a cell
		}
		if !ok || len(cells) != len(want) {
			t.Fatalf("%d cells, %v; want %d", len(cells), ok, len(want))
		}
		for i, w := range want {
			if string(cells[i]) != w {
				t.Fatalf("cell %d is %q, want %q", i, cells[i], w)
			}
		}
	})
}

// FuzzDates: what a form reads is a day that writes back as the same digits; nothing else is read.
func FuzzDates(f *testing.F) {
	f.Add("20240229")
	f.Add("02292024")
	f.Add("2024-02-29")
	f.Add("20240229101500-0600")
	f.Fuzz(func(t *testing.T, s string) {
		for form := range DateForms {
			d, state := ParseDate(form, []byte(s))
			if (state == DateGood) != (d != 0) {
				t.Fatalf("form %s: date %s in state %d", form, d, state)
			}
			if state != DateGood {
				continue
			}
			iso := strings.ReplaceAll(d.String(), "-", "")
			want := map[string]string{"YYYYMMDD": iso, "MMDDYYYY": iso[4:] + iso[:4], "YYYY-MM-DD": d.String(),
				"HL7": iso}[form]
			if !strings.HasPrefix(s, want) || form != "HL7" && s != want {
				t.Fatalf("form %s read %s as %s", form, s, d)
			}
		}
		ParseTime([]byte(s))
		FileDate(s)
	})
}
