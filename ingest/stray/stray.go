// Package stray recognises files of families' requests that lie where no sender of requests delivers them: an opt-out
// may be in one, and nobody would read it.
//
// It promises to recognise a file by the columns of any layout of requests, whatever their order, case and delimiter,
// the file's encoding and the lines above them, also within a ZIP file, a spreadsheet or a compressed file; or by the
// name under which a sender of requests delivers. A file that another layout reads is none.
package stray

import (
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"miic/ingest/read"
	"miic/internal/pipeline"
)

// A Sender is whose files lie in a folder, and by which layout those of a name are read.
type Sender struct {
	ID       string // the folder
	Families bool   // families' requests come from it, whatever its layouts are
	Files    []Pattern
}

// A Pattern is a name as in a shell, and the layout of such files.
type Pattern struct{ Name, Layout string }

// A Finder recognises stray files.
type Finder struct {
	senders  map[string]*Sender
	requests []*columns // of layouts of requests
	others   []*columns
	names    []name // under which requests come
}

// name is a pattern under which a sender delivers requests.
type name struct {
	sender        string
	pattern, stem string // in lower case; without what follows the last dot
}

// columns are those of a layout, as they are compared.
type columns struct {
	layout   string
	all      []string // without those that a file may lack
	required []string
}

// New makes a finder for a site's senders and layouts.
func New(senders []Sender, layouts map[string]*read.Layout) *Finder {
	f := &Finder{senders: map[string]*Sender{}}
	asks := func(layout string) bool { return layouts[layout] != nil && layouts[layout].Makes == "request" }
	for _, l := range layouts {
		if c := columnsOf(l); len(c.all) == 0 {
			continue
		} else if asks(l.ID) {
			f.requests = append(f.requests, c)
		} else {
			f.others = append(f.others, c)
		}
	}
	byLayout := func(a, b *columns) int { return strings.Compare(a.layout, b.layout) }
	slices.SortFunc(f.requests, byLayout)
	slices.SortFunc(f.others, byLayout)
	for i := range senders {
		s := senders[i]
		for _, p := range s.Files {
			if !s.Families && !asks(p.Layout) {
				continue
			}
			if n := (name{s.ID, strings.ToLower(p.Name), stem(strings.ToLower(p.Name))}); n.says() {
				f.names = append(f.names, n)
			}
			s.Families = true
		}
		f.senders[s.ID] = &s
	}
	return f
}

// says reports whether a pattern is a name at all: one that fits every file, or every one of an ending, is not.
func (n name) says() bool {
	letters := 0
	inClass := false
	for _, r := range n.stem {
		switch {
		case r == '[' || r == ']':
			inClass = r == '['
		case !inClass && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			letters++
		}
	}
	return letters >= 3
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// Requests reports whether a folder is that of a sender of requests.
func (f *Finder) Requests(folder string) bool {
	s := f.senders[folder]
	return s != nil && s.Families
}

// leftovers are the dotted files that systems and shells leave in a folder that somebody logs in to.
var leftovers = []string{".ds_store", ".bash_", ".bashrc", ".profile", ".cshrc", ".zsh", ".ssh", ".listing", ".message",
	".ftpquota", ".htaccess", ".nfs", ".viminfo", ".lesshst", ".cache", ".config", ".gitkeep", ".keep", ".sudo_as_admin",
	".hushlogin", ".trash", ".fseventsd", ".spotlight", "._", ".smbdelete"}

// Why is the reason for which a file is a stray file of requests, or nothing. Folder is the one in the inbox that it
// lies in, empty for the inbox itself; unfinished is what has the name of a file that is still being written, and
// should have been finished long ago.
func (f *Finder) Why(folder, file string, unfinished bool, data io.ReaderAt, size int64) string {
	own := f.Requests(folder)
	if own && !unfinished {
		return "" // its sender's, whatever becomes of it
	}
	lower := strings.ToLower(file)
	if own && !slices.ContainsFunc(leftovers, func(l string) bool { return strings.HasPrefix(lower, l) }) {
		return "lies unfinished in the folder of a sender of families' requests since more than a day"
	}
	if n := f.named(folder, file); n != "" {
		return "has a name under which sender " + n + " delivers families' requests"
	}
	if layout := f.holds(data, size); layout != "" {
		return "has the columns of families' requests (layout " + layout + ")"
	}
	return ""
}

// named is the sender of requests under whose pattern a file's name falls, whatever was added to it. Where the sender
// in whose folder it lies delivers under such a name too, it is no sign.
func (f *Finder) named(folder, file string) string {
	if s := f.senders[folder]; s != nil {
		for _, p := range s.Files {
			if ok, _ := path.Match(p.Name, file); ok && (name{"", p.Name, stem(p.Name)}).says() {
				return ""
			}
		}
	}
	short := strings.TrimLeft(strings.ToLower(file), ".")
	for range 4 {
		for _, n := range f.names {
			whole, _ := path.Match(n.pattern, short)
			bare, _ := path.Match(n.stem, short)
			if whole || bare {
				return n.sender
			}
		}
		if short = stem(short); short == "" {
			break
		}
	}
	return ""
}

// Judge is what becomes of a stray file, and why. What was loaded before is known, wherever it lies: known is where from.
func Judge(d *pipeline.Delivery, known string) (status, reason string) {
	switch {
	case d.Refused != nil:
		return Settled, "it was stray, and was refused by " + d.Refused.Operator + ": " + d.Refused.Reason
	case d.SHA256 != "" && known != "":
		return "duplicate", "the same bytes were loaded before: " + known + "; remove it, nobody delivers there"
	}
	return Status, "it " + d.Stray + ", and lies where nobody delivers them: an opt-out may be in it, so that nothing " +
		"about persons is published until it is moved into its sender's folder under its name, or refused with a reason"
}
