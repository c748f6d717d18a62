package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// tmpSuffix marks a file that nobody may name yet; the next writer sweeps what a killed one left.
const tmpSuffix = ".tmp"

// writeFile is the only way a named file of the lake comes to be or is replaced: temporary name
// beside it, write, fsync, rename, fsync of the folder. A reader sees the old bytes or the new.
func (l *Lake) writeFile(path string, data []byte) error {
	name := filepath.Base(path)
	tmp := path + tmpSuffix
	if err := l.writeTemp(tmp, data); err != nil {
		os.Remove(tmp)
		return fmt.Errorf("write %s: %w", name, err)
	}
	l.Point("temp " + name)
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(tmp)
		return fmt.Errorf("write %s: %w", name, err)
	}
	l.Point("renamed " + name)
	return SyncDir(filepath.Dir(path))
}

func (l *Lake) writeTemp(tmp string, data []byte) error {
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// SyncDir makes the names in a folder durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync folder %s: %w", filepath.Base(dir), err)
	}
	return nil
}

// SyncFile makes the bytes of a file durable.
func SyncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// HashFile returns the size and the SHA-256, in hex, of a file's bytes.
func HashFile(path string) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return n, hex.EncodeToString(h.Sum(nil)), err
}

func hashBytes(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// tmpFiles lists what a killed writer may have left under a temporary name.
func (l *Lake) tmpFiles() ([]string, error) {
	var found []string
	for _, dir := range []string{".", "snapshots", "held", "runs", answersDir} {
		entries, err := os.ReadDir(l.Path(dir))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), tmpSuffix) {
				found = append(found, filepath.ToSlash(filepath.Join(dir, e.Name())))
			}
		}
	}
	return found, nil
}

// sweep removes what a killed writer left: temporary files and scratch, which holds personal data.
func (l *Lake) sweep() error {
	stray, err := l.tmpFiles()
	if err != nil {
		return err
	}
	for _, rel := range stray {
		if err := os.Remove(l.Path(rel)); err != nil {
			return err
		}
	}
	return os.RemoveAll(l.Path(".scratch"))
}
