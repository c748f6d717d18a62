package purge

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/archive"
	"miic/internal/lake"
	"miic/internal/name"
	"miic/internal/table"
)

// rewriteArchive writes each copy of a delivery that has the person anew without those lines or messages, under the hash
// of the bytes that stay, and removes the old one. The plan records what became of each, before the old one goes.
func rewriteArchive(w *lake.Writer, plan *Plan) error {
	if plan.Rewritten == nil {
		plan.Rewritten = map[string]string{}
	}
	copies := archive.Dir(plan.Archive)
	var sums []string
	err := filepath.WalkDir(plan.Archive, func(path string, d fs.DirEntry, err error) error {
		if sum, ok := strings.CutSuffix(filepath.Base(path), ".zst"); err == nil && ok && len(sum) == 64 && copies.Path(sum) == path {
			sums = append(sums, sum)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, sum := range sums {
		in, err := copies.Open(sum)
		if err != nil {
			return err
		}
		data, err := io.ReadAll(in)
		if cerr := in.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return err
		}
		kept, found := plan.Person.without(sum[:16], data)
		if !found {
			continue
		}
		to := ""
		if len(kept) > 0 {
			h := sha256.Sum256(kept)
			to = hex.EncodeToString(h[:])
			if err := copies.Store(bytes.NewReader(kept), to); err != nil {
				return err
			}
		}
		w.Point("purge copied")
		plan.Rewritten[sum] = to
		if err := w.StartPurge(plan); err != nil {
			return err
		}
		if err := os.Remove(copies.Path(sum)); err != nil {
			return err
		}
		w.Point("purge step")
	}
	return nil
}

// without takes the person's units out of a delivery, and reports whether there were any. What is no plain text is kept
// or goes as a whole.
func (p *person) without(batch string, data []byte) (kept []byte, found bool) {
	if bytes.IndexByte(data, 0) >= 0 || bytes.HasPrefix(data, []byte("PK")) || bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return nil, slices.ContainsFunc(p.Lines, func(l lineOf) bool { return l.Batch == batch })
	}
	for _, u := range units(data) {
		if p.in(u, batch) {
			found = true
			continue
		}
		kept = append(kept, u.text...)
	}
	return kept, found
}

// unit is a line of a delivery, or a message of one in HL7, with the numbers of its first and last line.
type unit struct {
	text        []byte
	first, last int64
}

func units(data []byte) []unit {
	messages := bytes.HasPrefix(data, []byte("MSH")) || bytes.HasPrefix(data, []byte("FHS")) || bytes.HasPrefix(data, []byte("BHS"))
	var list []unit
	for n := int64(1); len(data) > 0; n++ {
		end := bytes.IndexAny(data, "\r\n") + 1
		if end == 0 {
			end = len(data)
		} else if data[end-1] == '\r' && end < len(data) && data[end] == '\n' {
			end++
		}
		line := data[:end]
		data = data[end:]
		segment := string(line[:min(3, len(line))])
		if messages && len(list) > 0 && segment != "MSH" && segment != "BTS" && segment != "FTS" {
			u := &list[len(list)-1]
			u.text, u.last = append(u.text[:len(u.text):len(u.text)], line...), n
			continue
		}
		list = append(list, unit{line, n, n})
	}
	return list
}

// in reports whether a unit is about the person: a row came from it, it has a number of the person's in a delivery of that
// sender, or a name together with the birth date.
func (p *person) in(u unit, batch string) bool {
	if slices.ContainsFunc(p.Lines, func(l lineOf) bool { return l.Batch == batch && l.Line >= u.first && l.Line <= u.last }) {
		return true
	}
	text := name.ASCII(string(bytes.ToValidUTF8(u.text, []byte(" "))))
	for _, n := range p.Numbers {
		if (n.Sender == "" || n.Sender == p.Senders[batch]) && hasWord(text, strings.ToUpper(n.Number)) {
			return true
		}
	}
	return slices.ContainsFunc(p.Names, func(n named) bool {
		return strings.Contains(text, name.ASCII(n.First)) && strings.Contains(text, name.ASCII(n.Last)) && hasDate(text, n.Born)
	})
}

// hasWord reports whether a text has a word with no letter or digit beside it.
func hasWord(text, word string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(word)
		if (at == 0 || !isWord(text[at-1])) && (end == len(text) || !isWord(text[end])) {
			return true
		}
		from = at + 1
	}
}

func isWord(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' }

// hasDate reports whether a text has a day in some usual form; in files of fixed width the year may stand apart.
func hasDate(text string, on table.Date) bool {
	iso := on.String()
	y, m, d := iso[:4], iso[5:7], iso[8:]
	short := strings.TrimPrefix(m, "0") + "/" + strings.TrimPrefix(d, "0") + "/"
	for _, form := range []string{iso, m + "/" + d + "/", short, y + "/" + m + "/" + d, d + "." + m + "." + y} {
		if strings.Contains(text, form) {
			return true
		}
	}
	return strings.Contains(text, y) && strings.Contains(text, fmt.Sprint(m, d))
}
