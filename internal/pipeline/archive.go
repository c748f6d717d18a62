package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/klauspost/compress/zstd"

	"miic/internal/delivery"
	"miic/internal/lake"
	"miic/internal/table"
)

// The archive holds the protected copy of every delivery: compressed, under the SHA-256 of the bytes that were
// delivered, readable by the owner alone.

// archivedPath is where the copy of bytes of that SHA-256 lies.
func archivedPath(archive, sum string) string {
	return filepath.Join(archive, sum[:2], sum+".zst")
}

// compress writes a compressed, synced copy of the bytes of that SHA-256. Other bytes are errOther.
func compress(in io.Reader, to, sum string) error {
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
		return errOther
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

// archived reports that a whole copy of bytes of that SHA-256 lies at a path.
func archived(path, sum string) bool {
	r, err := openCopy(path)
	if err != nil {
		return false
	}
	defer r.Close()
	h := sha256.New()
	_, err = io.Copy(h, r)
	return err == nil && hex.EncodeToString(h.Sum(nil)) == sum
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

// OpenArchived opens the protected copy of a delivery, having seen that it is whole.
func OpenArchived(archive, sum string) (io.ReadCloser, error) {
	path := archivedPath(archive, sum)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, lake.Errorf(
			lake.Damaged,
			"there is no archived copy %s: it is past its retention, or lost; have the file sent again",
			sum[:16],
		)
	}
	if !archived(path, sum) {
		return nil, lake.Errorf(
			lake.Damaged,
			"the archived copy %s is damaged: restore it from a backup, or have the file sent again",
			sum[:16],
		)
	}
	return openCopy(path)
}

// writeFile writes a private file and returns its size.
func writeFile(path string, in io.Reader) (int64, error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(out, in)
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return n, err
}

// expire removes the copies of deliveries that are older than the retention, by the night's own date, and records so in
// the ledger. What waits for an operator, or for the next night, stays.
func expire(w *lake.Writer, m *lake.Manifest, o Options) error {
	if o.RetainDays <= 0 {
		return nil
	}
	asOf, err := table.ParseDate(m.AsOf)
	if err != nil {
		return err
	}
	lives, err := delivery.ReadLives(w.Lake, m)
	if err != nil {
		return err
	}
	last := map[string]table.Date{}
	var paths []string
	for _, f := range m.Tables["batch"] {
		paths = append(paths, w.Path(f.Path))
	}
	err = table.Scan(paths, func(b *table.Batch) error {
		if len(b.SHA256) == 64 {
			last[b.SHA256] = max(last[b.SHA256], b.ReceivedOn)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var gone []string
	for sum, on := range last {
		if l := lives[sum[:16]]; l != nil && l.State.Kept() || on+table.Date(o.RetainDays) >= asOf {
			continue
		}
		switch err := os.Remove(archivedPath(o.Archive, sum)); {
		case err == nil:
			gone = append(gone, sum)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	sort.Strings(gone)
	return w.Append(
		m.Run,
		lake.Event{
			Event: lake.Expired,
			Text: fmt.Sprintf(
				"%d copies of deliveries were older than %d days and were deleted",
				len(gone),
				o.RetainDays,
			),
			Copies: gone,
		},
	)
}
