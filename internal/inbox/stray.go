package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"miic/internal/archive"
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

	Folder, Raw string // as they are called in the inbox
}

// unfinishedAfter is how long nobody has written to a file with the name of an unfinished one before it counts.
const unfinishedAfter = 24 * time.Hour

const (
	mostDeep  = 4    // folders below a sender's that are looked into
	mostFiles = 5000 // files in folders below senders'
)

// strays looks through the inbox.
type strays struct {
	recognise Recognise
	now       time.Time
	list      []Stray
	below     int // files looked at in folders below senders'
}

// FindStrays lists the stray files in an inbox, by folder and name.
func FindStrays(dir string, recognise Recognise, now time.Time) ([]Stray, error) {
	if recognise == nil {
		return nil, nil
	}
	root, err := OpenFolder(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	s := &strays{recognise: recognise, now: now}
	err = s.each(root, func(name string, folder *Folder) {
		if folder == nil {
			s.add("", name, s.file("", name, root))
			return
		}
		if strings.HasPrefix(name, ".") {
			return
		}
		_ = s.each(folder, func(file string, below *Folder) { // what cannot be read is for ingest to refuse
			if below != nil {
				s.add(name, file, Stray{Why: s.within(name, below, 1)})
				return
			}
			s.add(name, file, s.file(name, file, folder))
		})
	})
	return s.list, err
}

// each visits the folders and regular files in a folder, by name.
func (s *strays) each(in *Folder, visit func(name string, folder *Folder)) error {
	names, err := in.Names()
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		st, err := in.Stat(name)
		switch {
		case err != nil:
		case st.Mode&unix.S_IFMT == unix.S_IFDIR:
			if folder, err := in.Folder(name); err == nil {
				visit(name, folder)
				folder.Close()
			}
		case st.Mode&unix.S_IFMT == unix.S_IFREG:
			visit(name, nil)
		}
	}
	return nil
}

func (s *strays) add(folder, name string, d Stray) {
	if d.Why == "" {
		return
	}
	d.Folder, d.Raw = folder, name
	if folder != "" {
		d.Sender, _ = Name(folder, 0)
	}
	d.Name, _ = Name(name, 0)
	s.list = append(s.list, d)
}

// within is why a folder below a sender's holds a stray file, or nothing.
func (s *strays) within(sender string, dir *Folder, depth int) (why string) {
	if depth > mostDeep {
		return ""
	}
	_ = s.each(dir, func(name string, below *Folder) {
		if s.below++; why != "" || s.below > mostFiles {
			return
		}
		if below != nil {
			why = s.within(sender, below, depth+1)
		} else if d := s.file(sender, name, dir); d.Why != "" {
			why = "holds a file that " + d.Why
		}
	})
	return why
}

// file looks at one file.
func (s *strays) file(sender, name string, in *Folder) (d Stray) {
	f, info, err := in.Open(name)
	if err != nil { // its name may say enough
		if !unfinished(name) {
			d.Why = s.recognise(sender, name, false, nil, 0)
		}
		return d
	}
	defer f.Close()
	left := unfinished(name) && s.now.Sub(info.ModTime()) > unfinishedAfter
	if unfinished(name) && !left {
		return d
	}
	if d.Why = s.recognise(sender, name, left, f, info.Size()); d.Why == "" {
		return d
	}
	sum := sha256.New()
	if d.Bytes, err = io.Copy(sum, io.NewSectionReader(f, 0, info.Size())); err == nil {
		d.SHA256 = hex.EncodeToString(sum.Sum(nil))
	}
	return d
}

// TakeStray moves a stray file into the archive as a delivery is moved: copied, renamed into a private folder, compared
// and then removed.
func TakeStray(w *lake.Writer, dir string, to archive.Dir, s Stray) error {
	root, err := OpenFolder(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	folder := root
	if s.Folder != "" {
		if folder, err = root.Folder(s.Folder); err != nil {
			return err
		}
		defer folder.Close()
	}
	if !to.Has(s.SHA256) {
		in, _, err := folder.Open(s.Raw)
		if err != nil {
			return err
		}
		defer in.Close()
		if err := to.Store(in, s.SHA256); err != nil {
			return err
		}
	}
	t := &taker{w: w, archive: to, run: w.Run, root: root}
	private, err := t.private("stray")
	if err != nil {
		return err
	}
	defer t.others(nil) // the folders that are empty go
	defer private.Close()
	if err := folder.Move(s.Raw, private, s.Raw); err != nil {
		return err
	}
	same, err := t.same(private, lake.Delivered{Name: s.Raw, SHA256: s.SHA256})
	if err == nil && !same {
		return errors.Join(private.Move(s.Raw, folder, s.Raw), archive.ErrOther)
	}
	if err != nil {
		return err
	}
	if err := private.Remove(s.Raw); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(private.Sync(), folder.Sync())
}

// Place is where a stray file lies in the inbox.
func (s *Stray) Place() string { return filepath.Join(s.Folder, s.Raw) }
