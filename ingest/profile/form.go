package profile

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"miic/ingest/read"
)

// ends counts what ends the lines, and zero bytes.
func (p *profiler) ends() error {
	var cr, lf, both, zero int64
	block := make([]byte, read.BlockSize)
	var last byte
	for at := p.start; at < p.size; {
		n, err := p.f.ReadAt(block[:min(read.BlockSize, p.size-at)], at)
		if n == 0 {
			return err
		}
		b := block[:n]
		cr += int64(bytes.Count(b, []byte{'\r'}))
		lf += int64(bytes.Count(b, []byte{'\n'}))
		both += int64(bytes.Count(b, []byte("\r\n")))
		zero += int64(bytes.Count(b, []byte{0}))
		if last == '\r' && b[0] == '\n' {
			both++
		}
		last = b[n-1]
		at += int64(n)
	}
	switch cr, lf := cr-both, lf-both; {
	case cr+lf+both == 0:
		p.LineEnds = "none"
	case cr == 0 && lf == 0:
		p.LineEnds = "CR LF"
	case both == 0 && cr == 0:
		p.LineEnds = "LF"
	case both == 0 && lf == 0:
		p.LineEnds = "CR"
	default:
		p.LineEnds = "mixed"
		p.odd("line ends are mixed: %d CR LF, %d LF, %d CR", both, lf, cr)
	}
	if last != '\n' && last != '\r' {
		p.odd("no line end after the last line: it may be cut")
	}
	if zero > 0 {
		p.odd("%d zero bytes: the file is damaged or not text", zero)
	}
	return nil
}

// form finds whether lines are of fixed width or delimited by what is more even: the lengths of the lines or their numbers of fields.
func (p *profiler) form(head []byte, all []*read.Layout) {
	var sample [][]byte
	r := read.NewLineReader(bytes.NewReader(head), read.MaxLine)
	for len(sample) < 2000 {
		ln, err := r.Next()
		if err != nil || !ln.Ended && len(sample) > 0 {
			break
		}
		if !read.Blank(ln.Text) {
			sample = append(sample, bytes.Clone(ln.Text))
		}
	}
	length, even := commonest(sample, func(b []byte) int { return len(b) })
	p.Form, p.Width = "fixed", length
	best, fields := 0, 0
	for _, d := range []byte(",|\t;") {
		n, share := commonest(sample, func(b []byte) int {
			cells, _ := read.SplitCSV(b, d, nil, nil)
			return len(cells) - 1
		})
		if n > 0 && (share > best || share == best && n > fields) {
			best, fields, p.delimiter = share, n, d
		}
	}
	known := slices.ContainsFunc(all, func(l *read.Layout) bool { return l.Form == "fixed" && l.Width == length })
	p.foreign = !read.ASCII(head)
	if p.guess = read.UTF8; !utf8.Valid(head[:bytes.LastIndexByte(head, '\n')+1]) {
		p.guess = read.Windows1252
	}
	if p.delimiter == 0 || known {
		return
	}
	cells, _ := read.SplitCSV(sample[0], p.delimiter, nil, nil)
	if header := headerLike(cells); even < 9*len(sample)/10 || best >= even && (len(sample) > 1 || header) {
		p.Form, p.Width, p.Delimiter, p.Header = "csv", 0, string(p.delimiter), header
	}
}

// commonest returns the value that most lines have, and how many have it.
func commonest(lines [][]byte, of func([]byte) int) (value, lineCount int) {
	count := map[int]int{}
	for _, b := range lines {
		n := of(b)
		if count[n]++; count[n] > lineCount || count[n] == lineCount && n > value {
			value, lineCount = n, count[n]
		}
	}
	return value, lineCount
}

// headerLike reports names of columns: words, none twice, and a quarter of them known to
// us: the first line of a file without a header may hold a person's name and must not be shown.
func headerLike(cells [][]byte) bool {
	seen, known := map[string]bool{}, 0
	for _, c := range cells {
		s := string(bytes.ToLower(bytes.TrimSpace(c)))
		if s == "" { // a spreadsheet's column without a name
			continue
		}
		if len(s) > 60 || s[0] >= '0' && s[0] <= '9' || seen[s] {
			return false
		}
		seen[s] = true
		if fieldNamed(s) != "" || wholes[plain(s)] != "" || answers[plain(s)][0] != "" {
			known++
		}
	}
	return known > 0 && known*4 >= len(seen)
}
