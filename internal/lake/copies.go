package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"miic/internal/parallel"
	"miic/internal/table"
)

// A copy is the protected copy of a delivery: compressed, in the archive, under the SHA-256 of the bytes delivered.
var copyPath = regexp.MustCompile(`^([0-9a-f]{2})/(([0-9a-f]{2})[0-9a-f]{62})\.zst$`)

// CopyPath is where in the archive the copy of bytes of that SHA-256 lies.
func CopyPath(sum string) string { return sum[:2] + "/" + sum + ".zst" }

// HashCopy returns the SHA-256, in hex, of the bytes that a copy holds.
func HashCopy(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return "", err
	}
	defer z.Close()
	h := sha256.New()
	if _, err := io.Copy(h, z); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// archive checks that every copy is there that the snapshots need, and, when every byte is read, that each copy holds
// what its name promises.
func (c *checker) archive(ctx context.Context) error {
	if c.o.Archive == "" {
		return nil
	}
	sums, err := c.copies()
	if err != nil {
		return err
	}
	c.r.Copies = len(sums)
	for _, sum := range slices.Sorted(maps.Keys(c.needed)) {
		// Deleted after it was last delivered, by the retention: none is expected.
		if expired, ok := c.expired[sum]; ok && expired >= c.needed[sum] {
			continue
		}
		if c.waiting[sum] {
			c.info(Finding{Kind: "unarchived", Snapshot: c.needed[sum], File: "archive/" + CopyPath(sum),
				Text: "is not there yet: the delivery lies in the inbox, and the archive could not take it"})
			continue
		}
		if _, ok := slices.BinarySearch(sums, sum); !ok {
			c.fault(Finding{Kind: "missing", Snapshot: c.needed[sum], File: "archive/" + CopyPath(sum),
				Text: "is the copy of a delivery, and is missing without being past its retention"})
		}
	}
	if !c.o.Data {
		return nil
	}
	faults := make([]error, len(sums))
	err = parallel.Each(ctx, len(sums), func() func(int) error {
		return func(i int) error {
			got, err := HashCopy(filepath.Join(c.o.Archive, filepath.FromSlash(CopyPath(sums[i]))))
			if err == nil && got != sums[i] {
				err = errors.New("does not hold the bytes that its name promises")
			} else if err != nil && !errors.Is(err, fs.ErrNotExist) { // its retention may end beside the check
				err = errors.New("cannot be decompressed: " + cause(err))
			} else {
				err = nil
			}
			faults[i] = err
			return nil
		}
	})
	for i, fault := range faults {
		if fault != nil {
			c.fault(Finding{Kind: "hash", Snapshot: c.needed[sums[i]],
				File: "archive/" + CopyPath(sums[i]), Text: fault.Error()})
		}
	}
	return err
}

// cause is what the system or the decompressor reports, without the path of a file.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return err.Error()
}

// copies lists the SHA-256 of the copies that lie in the archive, ascending.
func (c *checker) copies() ([]string, error) {
	var sums []string
	err := filepath.WalkDir(c.o.Archive, func(file string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(c.o.Archive, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if m := copyPath.FindStringSubmatch(rel); m != nil && m[1] == m[3] {
			sums = append(sums, m[2])
			return nil
		}
		text := "is not named like a copy of a delivery"
		if strings.HasSuffix(rel, tmpSuffix) {
			text = "was left by a killed run"
		}
		c.info(Finding{Kind: "stray", File: path.Join("archive", rel), Text: text})
		return nil
	})
	slices.Sort(sums)
	return sums, err
}

// needCopy records that a snapshot took in a delivery. Only a published snapshot has moved its deliveries into the
// archive.
func (c *checker) needCopy(sum string, snapshot int64) {
	if len(sum) == 2*sha256.Size && c.published[snapshot] {
		c.needed[sum] = max(c.needed[sum], snapshot)
	}
}

// needCopies records the deliveries that the batches of HEAD name: those of pruned snapshots are among them.
func (c *checker) needCopies(m *Manifest) {
	if c.o.Archive == "" {
		return
	}
	type batch struct {
		SHA256   string `col:"sha256"`
		Snapshot int64  `col:"snapshot"`
	}
	for _, f := range m.Tables["batch"] {
		if c.bad[f.Path] {
			continue
		}
		err := table.Scan([]string{c.Path(f.Path)}, func(b *batch) error {
			c.needCopy(b.SHA256, b.Snapshot)
			return nil
		})
		if err != nil {
			c.fault(Finding{Kind: "data", Snapshot: m.Snapshot, Table: "batch", File: f.Path,
				Text: fmt.Sprintf("cannot be read: %s", cause(err))})
		}
	}
}
