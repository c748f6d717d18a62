package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"miic/internal/archive"
	"miic/internal/lake"
	"miic/internal/prose"
)

// What a night takes in leaves the inbox in small steps, each of which the next run finds as a kill left it:
//
//  1. right before the commit a copy is written to the archive, from the bytes that the night has read
//  2. after it the file is renamed into a private folder of the inbox, where nobody else can change it or put another in
//     its place
//  3. there its hash is compared: only bytes that the archive has are removed. Other bytes are a delivery that came
//     meanwhile. They go back under their name, and never onto another file
//
// A file that cannot be copied or moved stays where it is, and a person is asked. The night goes on.

// takenFolder is the private folder in the inbox: <takenFolder>/<run>/<sender>/<file>.
const takenFolder = ".miic-taken"

// A taker empties the inbox of what a night has taken in.
type taker struct {
	w       *lake.Writer
	archive archive.Dir
	run     string
	root    *Folder
	unmoved []lake.Unmoved
}

// StoreCopies writes the copies of what a night has read into the archive. What cannot be written now is tried again
// when the file is taken out of the inbox, and is for a person then.
func StoreCopies(w *lake.Writer, to archive.Dir, list []File) {
	for _, d := range list {
		if d.SHA256 == "" || d.Err != "" || to.Has(d.SHA256) {
			continue
		}
		if in, _, err := Open(d.Path); err == nil {
			_ = to.Store(in, d.SHA256)
			in.Close()
			w.Point("copied")
		}
	}
}

// Take empties the inbox of deliveries, and returns what needs a person.
func Take(w *lake.Writer, dir string, to archive.Dir, run string, list []lake.Delivered) []lake.Unmoved {
	t := &taker{w: w, archive: to, run: run}
	root, err := OpenFolder(dir)
	if err != nil {
		if len(list) == 0 {
			return nil
		}
		return []lake.Unmoved{{Why: "the inbox cannot be opened: " + prose.Cause(err)}}
	}
	defer root.Close()
	t.root = root
	for _, d := range list {
		if d.Err == "" && !d.Archived {
			t.delivery(d)
		}
	}
	t.others(list)
	return t.unmoved
}

// stays notes a delivery that needs a person.
func (t *taker) stays(d lake.Delivered, copied bool, why string) {
	t.unmoved = append(t.unmoved, lake.Unmoved{Sender: d.Sender, Name: d.Name, SHA256: d.SHA256, Bytes: d.Bytes,
		Modified: t.modified(d), Copied: copied, Why: why})
}

// StillThere lists the deliveries among what could not be moved that still lie in the inbox as they were then. What has
// been written to since is a delivery of its own, and for a copy of the earlier one it is too late.
func StillThere(dir string, list []lake.Unmoved) (there []lake.Delivered, lost []lake.Unmoved) {
	root, err := OpenFolder(dir)
	if err != nil {
		return nil, list
	}
	defer root.Close()
	t := &taker{root: root}
	for _, u := range list {
		d := lake.Delivered{Sender: u.Sender, Name: u.Name, Bytes: u.Bytes, SHA256: u.SHA256}
		switch {
		case u.SHA256 == "": // is found again, if it is still so
		case t.modified(d).Equal(u.Modified):
			there = append(there, d)
		case !u.Copied:
			lost = append(lost, lake.Unmoved{Sender: d.Sender, Name: d.Name, Why: replacedText(d)})
		}
	}
	return there, lost
}

func replacedText(d lake.Delivered) string {
	return "it was removed or replaced before the archive had a copy of it (" + d.SHA256[:16] + "): its rows are loaded; " +
		"have it sent again"
}

func (t *taker) modified(d lake.Delivered) (at time.Time) {
	if folder, err := t.root.Folder(d.Sender); err == nil {
		if st, err := folder.Stat(d.Name); err == nil {
			at = time.Unix(st.Mtim.Unix()).UTC()
		}
		folder.Close()
	}
	return at
}

func (t *taker) delivery(d lake.Delivered) {
	copied := t.archive.Has(d.SHA256)
	folder, err := t.root.Folder(d.Sender)
	if errors.Is(err, fs.ErrNotExist) && copied {
		return
	}
	if err != nil {
		t.stays(d, copied, "its sender's folder cannot be opened: "+prose.Cause(err))
		return
	}
	defer folder.Close()
	if !copied && !t.copy(folder, d) {
		return
	}
	private, err := t.private(d.Sender)
	if err == nil {
		defer private.Close()
		_, err = private.Stat(d.Name)
		if errors.Is(err, fs.ErrNotExist) { // else a killed run has moved it
			err = t.move(folder, private, d)
		}
	}
	switch {
	case err == nil:
		t.finish(folder, private, d)
	case errors.Is(err, archive.ErrOther), errors.Is(err, fs.ErrNotExist): // another delivery has its name, or nothing
	default:
		t.stays(d, true, "it cannot be moved out of the inbox: "+prose.Cause(err))
	}
}

// copy writes a delivery that lies in the inbox into the archive.
func (t *taker) copy(folder *Folder, d lake.Delivered) bool {
	in, _, err := folder.Open(d.Name)
	if err == nil {
		err = t.archive.Store(in, d.SHA256)
		in.Close()
	}
	var fault Fault
	switch {
	case err == nil:
		return true
	case errors.Is(err, archive.ErrOther), errors.Is(err, fs.ErrNotExist) && t.gone(folder, d), errors.As(err, &fault):
		t.unmoved = append(t.unmoved, lake.Unmoved{Sender: d.Sender, Name: d.Name, Why: replacedText(d)})
	default:
		t.stays(d, false, "its copy cannot be written to the archive: "+prose.Cause(err))
	}
	return false
}

func (t *taker) gone(folder *Folder, d lake.Delivered) bool {
	_, err := folder.Stat(d.Name)
	return errors.Is(err, fs.ErrNotExist)
}

// move renames a delivery into the private folder. What is not as long as the night read it is another delivery.
func (t *taker) move(folder, private *Folder, d lake.Delivered) error {
	if st, err := folder.Stat(d.Name); err == nil && st.Size != d.Bytes {
		return archive.ErrOther
	}
	t.w.Point("seen")
	if err := folder.Move(d.Name, private, d.Name); err != nil {
		return err
	}
	t.w.Point("taken")
	return errors.Join(private.Sync(), folder.Sync())
}

// finish removes a delivery from the private folder if it is what the archive has.
func (t *taker) finish(folder, private *Folder, d lake.Delivered) {
	same, err := t.same(private, d)
	t.w.Point("compared")
	switch {
	case err == nil && !same:
		t.putBack(folder, private, d)
		return
	case err == nil:
		if err = private.Remove(d.Name); err == nil {
			t.w.Point("removed")
			err = private.Sync()
		}
	}
	if err != nil {
		t.stays(d, true, "it cannot be read again or removed: "+prose.Cause(err)+"; it lies in "+takenFolder+"/"+t.run)
	}
}

// same reports whether a file holds the bytes that the night has read, and nobody may still add to them.
func (t *taker) same(in *Folder, d lake.Delivered) (bool, error) {
	f, _, err := in.Open(d.Name)
	var fault Fault
	if errors.As(err, &fault) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if BeingWritten(f) {
		return false, nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return false, err
	}
	return hex.EncodeToString(h.Sum(nil)) == d.SHA256, nil
}

// putBack returns a file to its sender's folder: the next night takes it in.
func (t *taker) putBack(folder, private *Folder, d lake.Delivered) {
	err := private.Move(d.Name, folder, d.Name)
	if err == nil {
		t.w.Point("put back")
		err = errors.Join(folder.Sync(), private.Sync())
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		t.unmoved = append(
			t.unmoved,
			lake.Unmoved{Sender: d.Sender, Name: d.Name, Why: "it was put in the place of a " +
				"file that was being taken in, and another one has its name by now: it waits in " + takenFolder +
				" until that one is taken in"},
		)
	case err != nil:
		t.unmoved = append(
			t.unmoved,
			lake.Unmoved{Sender: d.Sender, Name: d.Name, Why: "it came while another file of " +
				"that name was being taken in, and cannot be put back: " + prose.Cause(err) + "; it lies in " + takenFolder},
		)
	}
}

// private opens the folder for what is taken from a sender.
func (t *taker) private(sender string) (*Folder, error) {
	dir := t.root
	for _, name := range []string{takenFolder, t.run, sender} {
		next, err := dir.Private(name)
		if dir != t.root {
			dir.Close()
		}
		if err != nil {
			return nil, err
		}
		dir = next
	}
	return dir, nil
}

// others puts back what lies in the private folder and is none of the deliveries: it came while a file was being taken
// in, and its name was not free then. It removes the folders that are empty.
func (t *taker) others(list []lake.Delivered) {
	taken, err := t.root.Folder(takenFolder)
	if err != nil { // nothing was ever moved
		return
	}
	defer taken.Close()
	ours := map[string]bool{}
	for _, d := range list {
		if d.Err == "" && !d.Archived {
			ours[filepath.Join(t.run, d.Sender, d.Name)] = true
		}
	}
	eachIn(taken, func(run string, ofRun *Folder) {
		eachIn(ofRun, func(sender string, private *Folder) {
			names, _ := private.Names()
			slices.Sort(names)
			for _, name := range names {
				if !ours[filepath.Join(run, sender, name)] {
					t.other(sender, name, private)
				}
			}
		})
	})
	t.root.RemoveFolder(takenFolder)
}

func (t *taker) other(sender, name string, private *Folder) {
	d := lake.Delivered{Sender: sender, Name: name}
	folder, err := t.root.Folder(sender)
	if err != nil {
		t.unmoved = append(
			t.unmoved,
			lake.Unmoved{Sender: sender, Name: name, Why: fmt.Sprintf("it came while another "+
				"file of that name was being taken in, and cannot be put back: %s; it lies in %s", prose.Cause(err),
				takenFolder)},
		)
		return
	}
	defer folder.Close()
	t.putBack(folder, private, d)
}

// eachIn visits the folders in a folder, and removes those that are empty afterwards.
func eachIn(in *Folder, visit func(name string, folder *Folder)) {
	names, _ := in.Names()
	slices.Sort(names)
	for _, name := range names {
		folder, err := in.Folder(name)
		if err != nil {
			continue
		}
		visit(name, folder)
		folder.Close()
		in.RemoveFolder(name)
	}
}

// Unwritable reports why files cannot be moved out of a sender's folder, or nothing.
func Unwritable(dir, sender string) string {
	root, err := OpenFolder(dir)
	if err != nil {
		return ""
	}
	defer root.Close()
	folder, err := root.Folder(sender)
	if err != nil {
		return ""
	}
	defer folder.Close()
	if err := folder.Writable(); err != nil {
		return "its folder cannot be written to: " + err.Error()
	}
	if private, err := root.Private(takenFolder); err != nil {
		return "the inbox cannot be written to: " + prose.Cause(err)
	} else {
		private.Close()
		root.RemoveFolder(takenFolder)
	}
	return ""
}
