package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"miic/internal/lake"
)

// A stray file holds families' requests, as it seems, and lies where nobody delivers them. It is not read: it stays
// where it is, nothing about persons is published, and the night names it, until somebody moves it or settles that it
// is refused.

// Recognise is the reason for which a file is a stray one, or nothing. The folder is the one in the inbox that it lies
// in, empty for the inbox itself; unfinished is what has the name of a file that is still being written, though nobody
// has written to it for a day.
type Recognise func(folder, name string, unfinished bool, data io.ReaderAt, size int64) string

// Stray is a stray file.
type Stray struct {
	Sender string // the folder in the inbox that it lies in; empty for the inbox itself
	Name   string
	Bytes  int64
	SHA256 string // empty for a folder that holds it, and for what cannot be read
	Why    string
}

// unfinishedAfter is how long nobody has written to a file with the name of an unfinished one before it counts.
const unfinishedAfter = 24 * time.Hour

const (
	mostDeep  = 4    // folders below a sender's that are looked into
	mostFiles = 5000 // files in folders below a sender's
)

// strays looks through the inbox.
type strays struct {
	root      *os.Root
	recognise Recognise
	now       time.Time
	list      []Stray
	below     int // files looked at in folders below senders'
}

// FindStrays lists the stray files in an inbox, by folder and name.
func FindStrays(inbox string, recognise Recognise, now time.Time) ([]Stray, error) {
	if recognise == nil {
		return nil, nil
	}
	root, err := os.OpenRoot(inbox)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	s := &strays{root: root, recognise: recognise, now: now}
	for _, e := range s.entries(".") {
		if !e.IsDir() {
			s.look("", e)
		} else if !strings.HasPrefix(e.Name(), ".") {
			for _, f := range s.entries(e.Name()) {
				s.look(e.Name(), f)
			}
		}
	}
	return s.list, nil
}

// entries are what lies in a folder; of one that cannot be read ingest gives the reason.
func (s *strays) entries(dir string) []fs.DirEntry {
	f, err := s.root.Open(dir)
	if err != nil {
		return nil
	}
	defer f.Close()
	list, _ := f.ReadDir(-1)
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// look adds what lies in a sender's folder, or in the inbox itself, if it is stray; a folder if it holds such a file.
func (s *strays) look(folder string, e fs.DirEntry) {
	if e.IsDir() {
		if why := s.within(folder, path.Join(folder, e.Name()), 1); why != "" {
			s.list = append(s.list, Stray{Sender: folder, Name: e.Name(), Why: why})
		}
		return
	}
	if !e.Type().IsRegular() {
		return
	}
	if d := s.file(folder, path.Join(folder, e.Name())); d.Why != "" {
		s.list = append(s.list, d)
	}
}

// within is why a folder below a sender's holds a stray file, or nothing.
func (s *strays) within(folder, dir string, depth int) string {
	if depth > mostDeep {
		return ""
	}
	for _, e := range s.entries(dir) {
		if s.below++; s.below > mostFiles {
			return ""
		}
		at := path.Join(dir, e.Name())
		switch {
		case e.IsDir():
			if why := s.within(folder, at, depth+1); why != "" {
				return why
			}
		case e.Type().IsRegular():
			if d := s.file(folder, at); d.Why != "" {
				return "holds a file that " + d.Why
			}
		}
	}
	return ""
}

// file looks at one file.
func (s *strays) file(folder, at string) Stray {
	d := Stray{Sender: folder, Name: path.Base(at)}
	f, err := s.root.OpenFile(at, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
	if err != nil { // its name may say enough
		if info, err := s.root.Lstat(at); err == nil && info.Mode().IsRegular() {
			if left := s.left(d.Name, info); left || !unfinished(d.Name) {
				d.Why = s.recognise(folder, d.Name, left, nil, 0)
			}
		}
		return d
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return d
	}
	left := s.left(d.Name, info)
	if unfinished(d.Name) && !left {
		return d
	}
	if d.Why = s.recognise(folder, d.Name, left, f, info.Size()); d.Why == "" {
		return d
	}
	sum := sha256.New()
	if d.Bytes, err = io.Copy(sum, io.NewSectionReader(f, 0, info.Size())); err == nil {
		d.SHA256 = hex.EncodeToString(sum.Sum(nil))
	}
	return d
}

// left reports whether a file has the name of one that is being written, and is not.
func (s *strays) left(name string, info fs.FileInfo) bool {
	return unfinished(name) && s.now.Sub(info.ModTime()) > unfinishedAfter
}

// findStrays marks the deliveries that are stray, and adds stray files that are none otherwise, such as unfinished
// ones. Of those an operator has refused the night takes leave: they go into the archive.
func (n *night) findStrays() error {
	list, err := FindStrays(n.Inbox, n.Stray, n.Lake.Now())
	if err != nil {
		return err
	}
	refused, err := n.Lake.RefusedStrays()
	if err != nil {
		return err
	}
	for _, s := range list {
		at := slices.IndexFunc(n.inbox, func(d Delivery) bool { return d.Sender == s.Sender && d.Name == s.Name })
		if at < 0 {
			n.inbox = append(n.inbox, Delivery{Sender: s.Sender, Name: s.Name,
				Path: filepath.Join(n.Inbox, s.Sender, s.Name)})
			at = len(n.inbox) - 1
		}
		d := &n.inbox[at]
		d.Bytes, d.SHA256 = s.Bytes, s.SHA256
		if r := refused[s.SHA256]; r != nil && s.SHA256 != "" {
			d.Err, d.Refused = "", &Refusal{Batch: r.Batch, Operator: r.Operator, Reason: r.Reason}
			continue
		}
		d.Stray, d.Err = s.Why, s.Why
	}
	return nil
}

// strayGone reports whether a stray file that HEAD's night has seen does not lie there any more.
func (n *night) strayGone() bool {
	if n.head == nil {
		return false
	}
	return slices.ContainsFunc(n.head.Inbox, func(was lake.Delivered) bool {
		return was.Stray && !slices.ContainsFunc(n.inbox, func(d Delivery) bool {
			return d.Sender == was.Sender && d.Name == was.Name && d.SHA256 == was.SHA256
		})
	})
}

// RefuseStray settles that a stray file holds nothing that is to be read. The next night moves it into the archive, and
// publishes.
func RefuseStray(o Options, s Stray, reason string) error {
	w, err := o.Lake.Lock()
	if err != nil {
		return err
	}
	defer w.Unlock()
	return w.RefuseStray(lake.Decision{Kind: "refuse stray", Batch: s.SHA256[:16], SHA256: s.SHA256,
		Operator: o.Operator, Reason: reason})
}
