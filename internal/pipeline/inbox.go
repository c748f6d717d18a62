package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"miic/internal/lake"
)

// ScanInbox lists what lies in inbox/<sender>/, by sender and name. Dotted and .part names are still
// being written. What cannot be read is listed with the reason: it is for ingest to refuse, not for
// the night to stumble over. Symbolic links are not followed: a delivery is bytes, not a pointer.
func ScanInbox(dir string) ([]Delivery, error) {
	senders, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lake.Errorf(
			lake.Usage,
			"no inbox at %s: make the folder, or name another in the configuration",
			dir,
		)
	}
	if err != nil {
		return nil, err
	}
	list := []Delivery{}
	for _, s := range senders {
		if unfinished(s.Name()) {
			continue
		}
		path := filepath.Join(dir, s.Name())
		if !s.IsDir() {
			list = append(list, Delivery{Name: s.Name(), Path: path, Err: "lies in no sender's folder"})
			continue
		}
		files, err := os.ReadDir(path)
		if err != nil {
			list = append(
				list,
				Delivery{Sender: s.Name(), Path: path, Err: "the sender's folder cannot be read: " + cause(err)},
			)
			continue
		}
		for _, f := range files {
			if !unfinished(f.Name()) {
				list = append(list, readDelivery(s.Name(), filepath.Join(path, f.Name())))
			}
		}
	}
	return list, nil
}

func unfinished(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".part")
}

func readDelivery(sender, path string) Delivery {
	d := Delivery{Sender: sender, Name: filepath.Base(path), Path: path}
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		d.Err = "cannot be read: " + cause(err)
	case info.IsDir():
		d.Err = "is a folder, not a file"
	case info.Mode()&fs.ModeSymlink != 0:
		d.Err = "is a symbolic link, not a file"
	case !info.Mode().IsRegular():
		d.Err = "is not a regular file"
	default:
		sum, quick := sha256.New(), quickHash()
		n, err := readFile(path, sum, quick)
		if err != nil {
			d.Err = "cannot be read: " + cause(err)
			break
		}
		d.Bytes, d.SHA256, d.quick = n, hex.EncodeToString(sum.Sum(nil)), quick.Sum64()
	}
	return d
}

func readFile(path string, into ...io.Writer) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return io.Copy(io.MultiWriter(into...), f)
}

var quickSeed = maphash.MakeSeed()

// quickHash makes a hash that no sender can foresee, ten times as fast as SHA-256. It is of this process only.
func quickHash() *maphash.Hash {
	h := &maphash.Hash{}
	h.SetSeed(quickSeed)
	return h
}

// cause leaves out the path: notes and keys must not depend on where the inbox lies.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// delivered is the inbox as the manifest keeps it.
func delivered(list []Delivery) []lake.Delivered {
	out := []lake.Delivered{}
	for _, d := range list {
		out = append(out, lake.Delivered{Sender: d.Sender, Name: d.Name, Bytes: d.Bytes, SHA256: d.SHA256, Err: d.Err})
	}
	return out
}

// unchanged makes sure that the files are still those whose hashes the night is keyed on.
func unchanged(list []Delivery) error {
	for _, d := range list {
		if d.Err != "" {
			continue
		}
		quick := quickHash()
		if n, err := readFile(d.Path, quick); err != nil || n != d.Bytes || quick.Sum64() != d.quick {
			return lake.Errorf(
				lake.Failed,
				"file %s of sender %s changed while it was read: run again; senders should write under a name ending in .part and rename",
				d.Name,
				d.Sender,
			)
		}
	}
	return nil
}
