// Package archive keeps the protected copy of every delivery: compressed, under the SHA-256 of the bytes that were
// delivered, readable by the owner alone.
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"miic/internal/lake"
)

// Dir is the folder of the archive.
type Dir string

// ErrOther is the error for bytes that are not those of the SHA-256.
var ErrOther = errors.New("other bytes lie under the name")

// Path is where the copy of bytes of that SHA-256 lies.
func (d Dir) Path(sum string) string {
	return filepath.Join(string(d), filepath.FromSlash(lake.CopyPath(sum)))
}

// Store writes a compressed, synced copy of the bytes of that SHA-256. Other bytes are ErrOther.
func (d Dir) Store(in io.Reader, sum string) error {
	to := d.Path(sum)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	tmp := to + ".tmp"
	out, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(tmp) // it is gone once it has its name
	z, err := zstd.NewWriter(out)
	if err != nil {
		out.Close()
		return err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(z, h), in)
	for _, step := range []func() error{z.Close, out.Sync, out.Close} {
		if serr := step(); err == nil {
			err = serr
		}
	}
	if err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != sum {
		return ErrOther
	}
	if err := os.Rename(tmp, to); err != nil {
		return err
	}
	for dir, i := filepath.Dir(to), 0; i < 3; dir, i = filepath.Dir(dir), i+1 { // the folders may be new
		if err := lake.SyncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// Has reports that a whole copy of the bytes of that SHA-256 is there.
func (d Dir) Has(sum string) bool {
	got, err := lake.HashCopy(d.Path(sum))
	return err == nil && got == sum
}

// copyReader reads a compressed copy.
type copyReader struct {
	*zstd.Decoder
	f *os.File
}

func (r copyReader) Close() error {
	r.Decoder.Close()
	return r.f.Close()
}

func openCopy(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	z, err := zstd.NewReader(f, zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		f.Close()
		return nil, err
	}
	return copyReader{z, f}, nil
}

// Open opens the protected copy of a delivery, having seen that it is whole.
func (d Dir) Open(sum string) (io.ReadCloser, error) {
	path := d.Path(sum)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, lake.Errorf(
			lake.Damaged,
			"there is no archived copy %s: it is past its retention, or lost; have the file sent again",
			sum[:16],
		)
	}
	if !d.Has(sum) {
		return nil, lake.Errorf(
			lake.Damaged,
			"the archived copy %s is damaged: restore it from a backup, or have the file sent again",
			sum[:16],
		)
	}
	return openCopy(path)
}
