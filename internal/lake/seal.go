package lake

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/parallel"
	"miic/internal/table"
)

// Seal makes a finished part of a table durable and describes it: fsync, footer, columns and types
// against the list of tables, hash. The path is the file's own, under the lake.
//
// A killed COPY leaves a file under its final name, so nothing counts as data before it is sealed.
func (w *Writer) Seal(t *table.Table, path string) (File, error) {
	rel, err := filepath.Rel(w.dir, path)
	if err != nil {
		return File{}, err
	}
	f := File{Path: filepath.ToSlash(rel)}
	if err := os.Chmod(path, 0o600); err != nil {
		return f, err
	}
	if err := SyncFile(path); err != nil {
		return f, fmt.Errorf("sync %s: %w", f.Path, err)
	}
	if f.Rows, f.Columns, err = readFooter(t, path); err != nil {
		return f, fmt.Errorf("table %s, file %s: %w", t.Name, f.Path, err)
	}
	if f.Footer, err = hashFooter(path); err != nil {
		return f, fmt.Errorf("table %s, file %s: %w", t.Name, f.Path, err)
	}
	if f.Bytes, f.SHA256, err = HashFile(path); err != nil {
		return f, fmt.Errorf("hash %s: %w", f.Path, err)
	}
	w.Point("sealed " + t.Name)
	return f, nil
}

// SyncDirs makes the folders durable that lead to the sealed parts of a table.
func (w *Writer) SyncDirs(files []File) error {
	seen := map[string]bool{}
	for _, f := range files {
		for dir := filepath.Dir(w.Path(f.Path)); !seen[dir]; dir = filepath.Dir(dir) {
			if err := SyncDir(dir); err != nil {
				return err
			}
			seen[dir] = true
			if dir == w.dir || dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return nil
}

// Verify compares a file's size and hash with what a manifest or ledger records of it.
func Verify(path string, f File) error {
	n, sum, err := HashFile(path)
	switch {
	case err != nil:
		return err
	case n != f.Bytes:
		return fmt.Errorf("has %d bytes, want %d", n, f.Bytes)
	case sum != f.SHA256:
		return fmt.Errorf("its SHA-256 differs")
	}
	return nil
}

// Present makes sure that every file the manifest names is there in its full size and with its
// footer: a night must not carry over what is lost, and a Parquet reader given a spoilt footer may ask
// for all the memory there is. Whether every byte is right is for Prove and Check to find out. A lake of
// a schema version that this program does not read is refused too.
func (l *Lake) Present(m *Manifest) error {
	for _, name := range slices.Sorted(maps.Keys(m.Tables)) {
		for _, f := range m.Tables[name] {
			info, err := os.Stat(l.Path(f.Path))
			if err == nil && info.Size() == f.Bytes && f.Footer != "" {
				err = verifyFooter(l.Path(f.Path), f)
			}
			if err != nil || info.Size() != f.Bytes {
				return Errorf(
					Damaged,
					"snapshot %d, table %s: %s is missing, cut or spoilt: restore it from a backup; "+
						"`miic lake check` lists all faults",
					m.Snapshot,
					name,
					f.Path,
				)
			}
			if err := l.readable(m, name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// Readable refuses a lake whose tables have a schema version that this program does not read. The newest
// file of a table is asked. It is for commands that read a few rows; what is lost or damaged they meet,
// or Check does.
func (l *Lake) Readable(m *Manifest) error {
	for _, name := range slices.Sorted(maps.Keys(m.Tables)) {
		files := m.Tables[name]
		if len(files) == 0 {
			continue
		}
		if last := files[len(files)-1]; verifyFooter(l.Path(last.Path), last) == nil {
			if err := l.readable(m, name, last); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Lake) readable(m *Manifest, name string, f File) error {
	t, version := table.Get(name), 0
	err := fmt.Errorf("table %s is not known to this program", name)
	if t != nil {
		if version, err = schemaVersion(l.Path(f.Path)); err == nil {
			_, err = t.At(version)
		}
	}
	if err == nil {
		return nil
	}
	return Errorf(
		Failed,
		"snapshot %d, %s: %w: nothing is wrong with the lake; go on with the version of miic that wrote it, "+
			"or a newer one",
		m.Snapshot,
		f.Path,
		err,
	)
}

// Prove reads every byte of a table's files and compares it with what the manifest records of it, on all
// cores. Damage is an error of code Damaged that names the file.
func (l *Lake) Prove(ctx context.Context, name string, files []File) error {
	return parallel.Each(ctx, len(files), func() func(int) error {
		return func(i int) error {
			if err := Verify(l.Path(files[i].Path), files[i]); err != nil {
				return Errorf(
					Damaged,
					"table %s, file %s: %w: nothing was derived from it; restore it from a backup, or roll back; "+
						"`miic lake check --data` lists all faults",
					name,
					files[i].Path,
					err,
				)
			}
			return nil
		}
	})
}
