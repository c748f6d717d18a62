package inbox

import (
	"context"
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
	"time"

	"miic/internal/lake"
	"miic/internal/parallel"
	"miic/internal/prose"
)

// Admission is what a sender's file may be at most to be read at all. A limit of 0 is none.
type Admission struct {
	MostBytes int64         // of a file, and of all files of a night together
	MostName  int           // bytes of its name; 0: MostName
	LeastAge  time.Duration // since it was last written to; a younger one may still be growing
}

// File is one file in the inbox.
type File struct {
	Sender string // the folder it lies in
	Name   string // file name
	Path   string // where to read it: a copy that nobody else can change, or where it lies
	Bytes  int64
	SHA256 string // of its bytes, in hex; empty for what cannot be read
	Err    string // why it is not read, and what to do: a folder, a symbolic link, no permission
	Left   bool   // it is not read, for now: it may still be growing

	Folder, Raw string    // as folder and file are called in the inbox, where Sender and Name are shown otherwise
	Modified    time.Time // when it was last written to
	Young       bool      // that is so short a time ago that it may still be growing
}

// A Scan lists what lies in the inbox.
type Scan struct {
	Dir   string
	Admit func(sender string) Admission // nil: no limits
	Now   time.Time                     // zero: no file is too young
	Known func(*File) bool              // a file that an earlier night has taken in and could not move; nil: none
	// folder for copies that nobody else can change; empty: none are made, and files are read where they lie
	Copies string
	Room   func(bytes int64) error // asked before copies are made

	list []File
}

// Run lists what lies in inbox/<sender>/, by sender and name. Dotted and .part names are still being written.
// What cannot be read is listed with the reason: it is for ingest to refuse, not for the night to stumble over.
// Symbolic links are not followed: a delivery is bytes, not a pointer.
func (s *Scan) Run(ctx context.Context) ([]File, error) {
	root, err := OpenFolder(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lake.Errorf(lake.Usage, "no inbox at %s: make the folder, or name another in the configuration",
			s.Dir)
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := s.senders(root); err != nil {
		return nil, err
	}
	var total int64
	for _, d := range s.list {
		if d.Err == "" {
			total += d.Bytes
		}
	}
	if s.Room != nil {
		if err := s.Room(total); err != nil {
			return nil, err
		}
	}
	err = parallel.Each(ctx, len(s.list), func() func(int) error {
		buffer := make([]byte, 1<<18)
		return func(i int) error { return s.read(root, i, buffer) }
	})
	return s.list, err
}

// senders lists the files of all senders' folders, and looks at each.
func (s *Scan) senders(root *Folder) error {
	names, err := root.Names()
	if err != nil {
		return err
	}
	slices.Sort(names)
	s.list = []File{}
	for _, raw := range names {
		if unfinished(raw) {
			continue
		}
		shown, fault := Name(raw, 0)
		folder, err := root.Folder(raw)
		switch {
		case errors.Is(err, fs.ErrNotExist): // it was there a moment ago
		case notFolder(root, raw):
			s.add(File{Name: shown, Err: "lies in no sender's folder: move it into one"})
		case err != nil:
			s.add(File{Sender: shown, Err: "the sender's folder cannot be read: " + prose.Cause(err) +
				": correct its rights"})
		default:
			err := s.sender(folder, raw, shown, fault)
			folder.Close()
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func notFolder(root *Folder, name string) bool {
	st, err := root.Stat(name)
	return err == nil && st.Mode&0o170000 != 0o040000
}

func (s *Scan) add(d File) { s.list = append(s.list, d) }

// sender lists a sender's files. A folder whose own name is not in order has no sender; its files are listed so.
func (s *Scan) sender(folder *Folder, raw, shown, fault string) error {
	names, err := folder.Names()
	if err != nil {
		s.add(File{Sender: shown, Err: "the sender's folder cannot be read: " + prose.Cause(err) +
			": correct its rights"})
		return nil
	}
	slices.Sort(names)
	var limit Admission
	if s.Admit != nil {
		limit = s.Admit(raw)
	}
	var sum int64
	for _, name := range names {
		if unfinished(name) {
			continue
		}
		d := File{Sender: shown, Path: filepath.Join(s.Dir, raw, name), Folder: raw, Raw: name}
		var bad string
		d.Name, bad = Name(name, limit.MostName)
		st, err := folder.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			d.Err = "cannot be read: " + prose.Cause(err)
		case bad != "":
			d.Err = bad
		case fault != "":
			d.Err = "its folder's name is no sender's: move it to its sender's folder"
		case limit.MostBytes > 0 && st.Size > limit.MostBytes && st.Mode&0o170000 == 0o100000:
			d.Err = fmt.Sprintf(
				"it has %d bytes, and the most is %d: have it sent in several files, or raise most_bytes",
				st.Size,
				limit.MostBytes,
			)
		default:
			d.Bytes, d.Modified = st.Size, time.Unix(st.Mtim.Unix())
		}
		if s.Known != nil && d.Err == "" && s.Known(&d) {
			continue
		}
		if sum += d.Bytes; d.Err == "" && limit.MostBytes > 0 && sum > limit.MostBytes {
			sum -= d.Bytes
			d.Leave(
				fmt.Sprintf("with its sender's other files of tonight it is more than %d bytes, the most there may be",
					limit.MostBytes),
			)
		}
		s.add(d)
	}
	return nil
}

func unfinished(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".part")
}

// read reads one file, and where copies are made writes the very bytes that it has hashed.
func (s *Scan) read(root *Folder, i int, buffer []byte) error {
	d := &s.list[i]
	if d.Err != "" {
		return nil
	}
	most := d.Bytes
	d.Bytes = 0
	fail := func(err error) error {
		d.Err = "cannot be read: " + prose.Cause(err) + ": correct its rights"
		return nil
	}
	folder, err := root.Folder(d.Folder)
	if err != nil {
		return fail(err)
	}
	defer folder.Close()
	f, info, err := folder.Open(d.Raw)
	var fault Fault
	switch {
	case errors.As(err, &fault):
		d.Err = fault.Text + ": put the file itself in the inbox"
		return nil
	case errors.Is(err, fs.ErrNotExist):
		d.Leave("was removed before it was read")
		return nil
	case err != nil:
		return fail(err)
	}
	defer f.Close()
	var limit Admission
	if s.Admit != nil {
		limit = s.Admit(d.Folder)
	}
	if age := s.Now.Sub(info.ModTime()).Abs(); !s.Now.IsZero() && age < limit.LeastAge {
		d.Young = true // but an operator may have put it in
	}
	if s.Copies != "" && BeingWritten(f) || info.Size() != most {
		d.Leave("is still being written")
		return nil
	}
	n, sum, err := s.copy(f, i, most, buffer)
	switch {
	case errors.Is(err, errCopying):
		return err
	case err != nil:
		return fail(err)
	}
	after, err := f.Stat()
	if err != nil {
		return fail(err)
	}
	if n != most || after.Size() != most || !after.ModTime().Equal(info.ModTime()) {
		d.Leave("changed while it was read")
		return nil
	}
	d.Bytes, d.SHA256 = n, sum
	if s.Copies != "" {
		d.Path = s.copyPath(i)
	}
	return nil
}

func (s *Scan) copyPath(i int) string { return filepath.Join(s.Copies, fmt.Sprintf("%06d", i)) }

// Leave leaves a file for the next night.
func (d *File) Leave(why string) {
	d.Left, d.Err = true, why+": left for the next night"
	d.Bytes, d.SHA256, d.Young = 0, "", false
}

var errCopying = errors.New("a delivery cannot be copied into the lake's private folder")

// copy hashes up to one byte more than a file should have.
func (s *Scan) copy(f io.Reader, i int, most int64, buffer []byte) (n int64, sum string, err error) {
	h := sha256.New()
	var out *os.File
	if s.Copies != "" {
		if out, err = os.OpenFile(s.copyPath(i), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
			return 0, "", fmt.Errorf("%w: %w", errCopying, err)
		}
		defer func() {
			if cerr := out.Close(); err == nil && cerr != nil {
				err = fmt.Errorf("%w: %w", errCopying, cerr)
			}
		}()
	}
	in := io.LimitReader(f, most+1)
	for {
		k, rerr := in.Read(buffer)
		n += int64(k)
		h.Write(buffer[:k])
		if out != nil && k > 0 {
			if _, err := out.Write(buffer[:k]); err != nil {
				return n, "", fmt.Errorf("%w: %w", errCopying, err)
			}
		}
		if errors.Is(rerr, io.EOF) {
			return n, hex.EncodeToString(h.Sum(nil)), nil
		}
		if rerr != nil {
			return n, "", rerr
		}
	}
}
