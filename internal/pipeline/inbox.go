package pipeline

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

	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/parallel"
)

// Admission is what a sender's file may be at most to be read at all. A limit of 0 is none.
type Admission struct {
	MostBytes int64         // of a file, and of all files of a night together
	MostName  int           // bytes of its name; 0: inbox.MostName
	LeastAge  time.Duration // since it was last written to; a younger one may still be growing
}

// A scan lists what lies in the inbox.
type scan struct {
	dir   string
	admit func(sender string) Admission // nil: no limits
	now   time.Time                     // zero: no file is too young
	known func(*Delivery) bool          // a file that an earlier night has taken in and could not move; nil: none
	// folder for copies that nobody else can change; empty: none are made, and files are read where they lie
	copies string
	room   func(bytes int64) error // asked before copies are made

	list []Delivery
}

// ScanInbox lists what lies in inbox/<sender>/, by sender and name. Dotted and .part names are still being written.
// What cannot be read is listed with the reason: it is for ingest to refuse, not for the night to stumble over.
// Symbolic links are not followed: a delivery is bytes, not a pointer.
func ScanInbox(dir string) ([]Delivery, error) {
	s := &scan{dir: dir}
	return s.run(context.Background())
}

func (s *scan) run(ctx context.Context) ([]Delivery, error) {
	root, err := inbox.OpenFolder(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lake.Errorf(lake.Usage, "no inbox at %s: make the folder, or name another in the configuration",
			s.dir)
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
	if s.room != nil {
		if err := s.room(total); err != nil {
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
func (s *scan) senders(root *inbox.Folder) error {
	names, err := root.Names()
	if err != nil {
		return err
	}
	slices.Sort(names)
	s.list = []Delivery{}
	for _, raw := range names {
		if unfinished(raw) {
			continue
		}
		shown, fault := inbox.Name(raw, 0)
		folder, err := root.Folder(raw)
		switch {
		case errors.Is(err, fs.ErrNotExist): // it was there a moment ago
		case notFolder(root, raw):
			s.add(Delivery{Name: shown, Err: "lies in no sender's folder: move it into one"})
		case err != nil:
			s.add(Delivery{Sender: shown, Err: "the sender's folder cannot be read: " + inbox.Cause(err) +
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

func notFolder(root *inbox.Folder, name string) bool {
	st, err := root.Stat(name)
	return err == nil && st.Mode&0o170000 != 0o040000
}

func (s *scan) add(d Delivery) { s.list = append(s.list, d) }

// sender lists a sender's files. A folder whose own name is not in order has no sender; its files are listed so.
func (s *scan) sender(folder *inbox.Folder, raw, shown, fault string) error {
	names, err := folder.Names()
	if err != nil {
		s.add(Delivery{Sender: shown, Err: "the sender's folder cannot be read: " + inbox.Cause(err) +
			": correct its rights"})
		return nil
	}
	slices.Sort(names)
	var limit Admission
	if s.admit != nil {
		limit = s.admit(raw)
	}
	var sum int64
	for _, name := range names {
		if unfinished(name) {
			continue
		}
		d := Delivery{Sender: shown, Path: filepath.Join(s.dir, raw, name), folder: raw, file: name}
		var bad string
		d.Name, bad = inbox.Name(name, limit.MostName)
		st, err := folder.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			d.Err = "cannot be read: " + inbox.Cause(err)
		case bad != "":
			d.Err = bad
		case fault != "":
			d.Err = "its folder's name is no sender's: move it to its sender's folder"
		case limit.MostBytes > 0 && st.Size > limit.MostBytes && st.Mode&0o170000 == 0o100000:
			d.Err = fmt.Sprintf("it has %d bytes, and the most is %d: have it sent in several files, or raise most_bytes",
				st.Size, limit.MostBytes)
		default:
			d.Bytes, d.modified = st.Size, time.Unix(st.Mtim.Unix())
		}
		if s.known != nil && d.Err == "" && s.known(&d) {
			continue
		}
		if sum += d.Bytes; d.Err == "" && limit.MostBytes > 0 && sum > limit.MostBytes {
			sum -= d.Bytes
			d.leave(fmt.Sprintf("with its sender's other files of tonight it is more than %d bytes, the most there may be",
				limit.MostBytes))
		}
		s.add(d)
	}
	return nil
}

func unfinished(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".part")
}

// read reads one file, and where copies are made writes the very bytes that it has hashed.
func (s *scan) read(root *inbox.Folder, i int, buffer []byte) error {
	d := &s.list[i]
	if d.Err != "" {
		return nil
	}
	most := d.Bytes
	d.Bytes = 0
	fail := func(err error) error {
		d.Err = "cannot be read: " + inbox.Cause(err) + ": correct its rights"
		return nil
	}
	folder, err := root.Folder(d.folder)
	if err != nil {
		return fail(err)
	}
	defer folder.Close()
	f, info, err := folder.Open(d.file)
	var fault inbox.Fault
	switch {
	case errors.As(err, &fault):
		d.Err = fault.Text + ": put the file itself in the inbox"
		return nil
	case errors.Is(err, fs.ErrNotExist):
		d.leave("was removed before it was read")
		return nil
	case err != nil:
		return fail(err)
	}
	defer f.Close()
	var limit Admission
	if s.admit != nil {
		limit = s.admit(d.folder)
	}
	if age := s.now.Sub(info.ModTime()).Abs(); !s.now.IsZero() && age < limit.LeastAge {
		d.young = true // but an operator may have put it in
	}
	if s.copies != "" && inbox.BeingWritten(f) || info.Size() != most {
		d.leave("is still being written")
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
		d.leave("changed while it was read")
		return nil
	}
	d.Bytes, d.SHA256 = n, sum
	if s.copies != "" {
		d.Path = s.copyPath(i)
	}
	return nil
}

func (s *scan) copyPath(i int) string { return filepath.Join(s.copies, fmt.Sprintf("%06d", i)) }

// leave leaves a file for the next night.
func (d *Delivery) leave(why string) {
	d.Left, d.Err = true, why+": left for the next night"
	d.Bytes, d.SHA256, d.young = 0, "", false
}

var errCopying = errors.New("a delivery cannot be copied into the lake's private folder")

// copy hashes up to one byte more than a file should have.
func (s *scan) copy(f io.Reader, i int, most int64, buffer []byte) (n int64, sum string, err error) {
	h := sha256.New()
	var out *os.File
	if s.copies != "" {
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

// delivered is the inbox as the manifest keeps it.
func delivered(list []Delivery) []lake.Delivered {
	out := []lake.Delivered{}
	for _, d := range list {
		out = append(out, lake.Delivered{Sender: d.Sender, Name: d.Name, Bytes: d.Bytes, SHA256: d.SHA256, Err: d.Err,
			Stray: d.Stray != "", Archived: d.Archived})
	}
	return out
}
