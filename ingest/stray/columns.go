package stray

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

	"miic/ingest/read"
)

// How much is looked at: the lines that name the columns are at a file's beginning.
const (
	mostHead    = 256 << 10 // bytes, of a file or of one in an archive
	mostLines   = 50
	mostEntries = 200 // files in an archive
)

// columnsOf are the columns of a layout with a header.
func columnsOf(l *read.Layout) *columns {
	c := &columns{layout: l.ID}
	for _, f := range l.Fields {
		if f.Column == "" || f.Shared {
			continue
		}
		if f.Required {
			c.required = append(c.required, plain(f.Column))
		}
		if !f.Optional {
			c.all = append(c.all, plain(f.Column))
		}
	}
	return c
}

// plain is a column's name as it is compared: letters and digits, in lower case.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func in(names []string, header map[string]bool) (n int) {
	for _, name := range names {
		if header[name] {
			n++
		}
	}
	return n
}

// holds is the layout of requests whose columns a file has, or nothing.
func (f *Finder) holds(data io.ReaderAt, size int64) string {
	if data == nil || size == 0 {
		return ""
	}
	head := make([]byte, min(size, mostHead))
	n, _ := data.ReadAt(head, 0) // what cannot be read has no columns
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return f.inArchive(data, size)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(bytes.NewReader(head))
		if err != nil {
			return ""
		}
		head, _ = io.ReadAll(io.LimitReader(z, mostHead)) // the head is cut, and so is what it holds
	}
	return f.inText(head)
}

// inText looks for a line that names the columns.
func (f *Finder) inText(head []byte) string {
	lines := 0
	for line := range bytes.FieldsFuncSeq(decoded(head), func(r rune) bool { return r == '\n' || r == '\r' }) {
		if lines++; lines > mostLines {
			break
		}
		for _, delimiter := range []byte(",;\t|^~") {
			if cells, _ := read.SplitCSV(line, delimiter, nil, nil); len(cells) > 2 {
				if layout := f.header(cells); layout != "" {
					return layout
				}
			}
		}
	}
	return ""
}

// header is the layout of requests of which a line names the columns: all that a request needs, and half of the others.
// Where they are all the columns of another layout, and not of this one, it is the other's.
func (f *Finder) header(cells [][]byte) string {
	header := map[string]bool{}
	for _, c := range cells {
		header[plain(string(c))] = true
	}
	for _, c := range f.requests {
		needed := c.required
		if len(needed) < 2 {
			needed = c.all
		}
		found := in(c.all, header)
		if in(needed, header) < len(needed) || 2*found < len(c.all) {
			continue
		}
		if found < len(c.all) && f.another(header) {
			continue
		}
		return c.layout
	}
	return ""
}

func (f *Finder) another(header map[string]bool) bool {
	for _, c := range f.others {
		if in(c.all, header) == len(c.all) {
			return true
		}
	}
	return false
}

// inArchive looks into the files of a ZIP file; a spreadsheet is one.
func (f *Finder) inArchive(data io.ReaderAt, size int64) string {
	z, err := zip.NewReader(data, size)
	if err != nil {
		return ""
	}
	for i, entry := range z.File {
		if i == mostEntries {
			break
		}
		r, err := entry.Open()
		if err != nil {
			continue
		}
		head, _ := io.ReadAll(io.LimitReader(r, mostHead)) // as far as it can be read
		r.Close()
		if strings.HasSuffix(entry.Name, ".xml") {
			if layout := f.header(words(head)); layout != "" {
				return layout
			}
			continue
		}
		if layout := f.inText(head); layout != "" {
			return layout
		}
	}
	return ""
}

// words is what lies between the marks of an XML text: in a spreadsheet the texts of its cells.
func words(text []byte) (list [][]byte) {
	for len(text) > 0 {
		word, rest, _ := bytes.Cut(text, []byte("<"))
		if word = bytes.TrimSpace(word); len(word) > 0 {
			list = append(list, word)
		}
		_, text, _ = bytes.Cut(rest, []byte(">"))
	}
	return list
}

// decoded is a text as UTF-8, if it is UTF-16: by its first two bytes, or by every other byte of its beginning.
func decoded(head []byte) []byte {
	head = bytes.TrimPrefix(head, []byte{0xef, 0xbb, 0xbf})
	if len(head) < 4 {
		return head
	}
	first := head[:min(len(head), 64)&^1]
	even, odd := 0, 0
	for i, b := range first {
		if b == 0 && i%2 == 0 {
			even++
		} else if b == 0 {
			odd++
		}
	}
	half := len(first) / 4
	big := head[0] == 0xfe && head[1] == 0xff || even > half && odd == 0
	little := head[0] == 0xff && head[1] == 0xfe || odd > half && even == 0
	if !big && !little {
		return head
	}
	units := make([]uint16, len(head)/2)
	for i := range units {
		a, b := uint16(head[2*i]), uint16(head[2*i+1])
		if units[i] = a | b<<8; big {
			units[i] = a<<8 | b
		}
	}
	return []byte(strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff"))
}
