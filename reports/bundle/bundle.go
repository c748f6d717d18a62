// Package bundle makes one sealed archive a recipient: a ZIP of the folders that it may have, encrypted to its public keys
// with age. The night decides what is in which (Plan), as bytes that two runs write alike; encrypted is what was
// committed, while it is published (Seal), since no two encryptions are alike. A bundle whose plain bytes are those of the
// night before is not encrypted again.
package bundle

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"miic/internal/lake"
	"miic/internal/table"
	"miic/reports/recipient"
)

// Where, below a night's folder, the plan and what was sealed by it lie.
const (
	folder   = "bundles"
	planPath = folder + "/contents.json"
	sealPath = folder + "/sealed.json"
)

// A Bundle is what one recipient gets.
type Bundle struct {
	Recipient string      `json:"recipient"` // the id of its entry
	Keys      []string    `json:"keys"`
	Files     []lake.File `json:"files"` // the plain ones, by path
}

// Sealed is a bundle as it lies in the folder.
type Sealed struct {
	Recipient   string `json:"recipient"`
	Keys        string `json:"keys_sha256"`
	PlainBytes  int64  `json:"plain_bytes"`
	PlainSHA256 string `json:"plain_sha256"` // of the archive before it was encrypted
	lake.File
}

// Plan writes what is in each bundle of the night whose folder this is, if there is any.
func Plan(out string, book *recipient.Book, asOf table.Date) (int, error) {
	var list []Bundle
	for i := range book.Recipients {
		r := &book.Recipients[i]
		if len(r.Keys) == 0 {
			continue
		}
		b := Bundle{Recipient: r.ID, Keys: r.Keys}
		for _, output := range r.Receives {
			// What is handed out on demand is in no bundle: below records/ lie the night's answers to families themselves.
			if to, _ := book.For(output, asOf); to == nil || to.ID != r.ID || !recipient.Nightly(output) {
				continue
			}
			files, err := filesBelow(out, output)
			if err != nil {
				return 0, err
			}
			b.Files = append(b.Files, files...)
		}
		if len(b.Files) > 0 {
			list = append(list, b)
		}
	}
	if len(list) == 0 {
		return 0, nil
	}
	return len(list), writeJSON(filepath.Join(out, filepath.FromSlash(planPath)), list)
}

// An Entry is what one recipient gets of a night.
type Entry struct {
	ID, Name string
	Files    int
	Bytes    int64  // of the plain files
	How      string // in words: sealed, plain or not written, and why
}

// Overview is what each recipient of nightly files gets of the night whose folder this is.
func Overview(out string, book *recipient.Book, asOf table.Date) ([]Entry, error) {
	var list []Entry
	for i := range book.Recipients {
		r := &book.Recipients[i]
		e, nightly, why := Entry{ID: r.ID, Name: r.Name}, false, ""
		for _, output := range r.Receives {
			if !recipient.Nightly(output) {
				continue
			}
			nightly = true
			to, not := book.For(output, asOf)
			if to == nil || to.ID != r.ID {
				why = not
				continue
			}
			err := eachBelow(out, output, func(_ string, d fs.DirEntry) error {
				info, err := d.Info()
				if err == nil {
					e.Files, e.Bytes = e.Files+1, e.Bytes+info.Size()
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		switch {
		case !nightly:
			continue
		case e.Files == 0 && why != "":
			e.How = "not written: " + why
		case e.Files == 0:
			e.How = "nothing tonight"
		case len(r.Keys) == 1:
			e.How = "sealed to its key"
		case len(r.Keys) > 1:
			e.How = fmt.Sprintf("sealed to its %d keys", len(r.Keys))
		default:
			e.How = "plain folder, not sealed: its entry has no key"
		}
		list = append(list, e)
	}
	return list, nil
}

// filesBelow lists the files of a folder, by path.
func filesBelow(out, below string) ([]lake.File, error) {
	var list []lake.File
	err := eachBelow(out, below, func(path string, _ fs.DirEntry) error {
		rel, err := filepath.Rel(out, path)
		if err != nil {
			return err
		}
		f := lake.File{Path: filepath.ToSlash(rel)}
		f.Bytes, f.SHA256, err = lake.HashFile(path)
		list = append(list, f)
		return err
	})
	return list, err
}

// eachBelow calls fn for the files of a folder, by path, if it is there.
func eachBelow(out, below string, fn func(path string, d fs.DirEntry) error) error {
	return filepath.WalkDir(filepath.Join(out, filepath.FromSlash(below)), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		return fn(path, d)
	})
}

// archive writes the plain bytes of a bundle: MANIFEST.txt, which sha256sum checks, and the files. The same files give the
// same bytes.
func (b *Bundle) archive(w io.Writer, out string) error {
	z := zip.NewWriter(w)
	var manifest strings.Builder
	for _, f := range b.Files {
		fmt.Fprintf(&manifest, "%s  %s\n", f.SHA256, f.Path)
	}
	m, err := z.CreateHeader(&zip.FileHeader{Name: "MANIFEST.txt", Method: zip.Deflate})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(m, manifest.String()); err != nil {
		return err
	}
	for _, f := range b.Files {
		in, err := os.Open(filepath.Join(out, filepath.FromSlash(f.Path)))
		if err != nil {
			return err
		}
		to, err := z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Deflate})
		h := sha256.New()
		if err == nil {
			_, err = io.Copy(io.MultiWriter(to, h), in)
		}
		in.Close()
		if err == nil && hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
			err = fmt.Errorf("%s is not what was planned", f.Path)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

// Seal encrypts the bundles of a finished folder, or takes them from the folder of the night before where their plain
// bytes and keys are the same, and returns what it has made. What an earlier attempt has left is written anew.
func Seal(out, before string) ([]lake.File, error) {
	var plan []Bundle
	if err := readJSON(filepath.Join(out, filepath.FromSlash(planPath)), &plan); err != nil || len(plan) == 0 {
		return nil, err
	}
	var was []Sealed
	if err := readJSON(filepath.Join(before, filepath.FromSlash(sealPath)), &was); err != nil {
		was = nil // then everything is encrypted again
	}
	var sealed []Sealed
	var files []lake.File
	for i := range plan {
		s, err := plan[i].seal(out, before, was)
		if err != nil {
			return nil, fmt.Errorf("bundle of %s: %w", plan[i].Recipient, err)
		}
		sealed, files = append(sealed, s), append(files, s.File)
	}
	path := filepath.Join(out, filepath.FromSlash(sealPath))
	if err := writeJSON(path, sealed); err != nil {
		return nil, err
	}
	if err := lake.SyncFile(path); err != nil {
		return nil, err
	}
	return files, lake.SyncDir(filepath.Dir(path))
}

// Made returns what Seal has made in a folder.
func Made(out string) ([]lake.File, error) {
	var sealed []Sealed
	err := readJSON(filepath.Join(out, filepath.FromSlash(sealPath)), &sealed)
	var files []lake.File
	for _, s := range sealed {
		files = append(files, s.File)
	}
	return files, err
}

// Holding returns where the sealed bundles lie that hold a file of a folder, by the plan of the night whose folder this is.
func Holding(out, below string) ([]string, error) {
	var plan []Bundle
	if err := readJSON(filepath.Join(out, filepath.FromSlash(planPath)), &plan); err != nil {
		return nil, err
	}
	var list []string
	for i := range plan {
		if slices.ContainsFunc(plan[i].Files, func(f lake.File) bool { return strings.HasPrefix(f.Path, below+"/") }) {
			list = append(list, plan[i].path())
		}
	}
	return list, nil
}

// path is where a bundle lies below the night's folder.
func (b *Bundle) path() string { return folder + "/" + b.Recipient + ".zip.age" }

func (b *Bundle) seal(out, before string, was []Sealed) (Sealed, error) {
	s := Sealed{Recipient: b.Recipient, Keys: digest(b.Keys), File: lake.File{Path: b.path()}}
	h := sha256.New()
	n := &counter{}
	if err := b.archive(io.MultiWriter(h, n), out); err != nil {
		return s, err
	}
	s.PlainBytes, s.PlainSHA256 = n.bytes, hex.EncodeToString(h.Sum(nil))
	path := filepath.Join(out, filepath.FromSlash(s.Path))
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	for _, w := range was {
		if w.Recipient != s.Recipient || w.Keys != s.Keys || w.PlainSHA256 != s.PlainSHA256 || w.Path != s.Path {
			continue
		}
		old := filepath.Join(before, filepath.FromSlash(w.Path))
		if lake.Verify(old, w.File) == nil && os.Link(old, path) == nil {
			s.File = w.File
			return s, nil
		}
	}
	if err := b.encrypt(out, path); err != nil {
		return s, err
	}
	var err error
	s.Bytes, s.SHA256, err = lake.HashFile(path)
	return s, err
}

// encrypt writes the archive, encrypted to every key, and syncs it.
func (b *Bundle) encrypt(out, path string) error {
	var to []age.Recipient
	for _, key := range b.Keys {
		list, err := age.ParseRecipients(strings.NewReader(key))
		if err != nil {
			return fmt.Errorf("a key cannot be read: %w", err)
		}
		to = append(to, list...)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w, err := age.Encrypt(f, to...)
	if err == nil {
		err = b.archive(w, out)
		if cerr := w.Close(); err == nil {
			err = cerr
		}
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

// counter counts bytes.
type counter struct{ bytes int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return len(p), nil
}

func digest(keys []string) string {
	sum := sha256.Sum256([]byte(strings.Join(keys, "\n")))
	return hex.EncodeToString(sum[:])
}

func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o600)
}

// readJSON reads a file, or leaves v as it is where there is none.
func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}
