package lake

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

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

// Verify compares a file's size and hash with what a manifest or ledger says of it.
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
// for all the memory there is. Whether every byte is right is for Check to find out. A lake whose tables have another
// schema than this program writes is refused too.
func (l *Lake) Present(m *Manifest) error {
	for _, name := range slices.Sorted(maps.Keys(m.Tables)) {
		for _, f := range m.Tables[name] {
			info, err := os.Stat(l.Path(f.Path))
			if err == nil && info.Size() == f.Bytes && f.Footer != "" {
				err = verifyFooter(l.Path(f.Path), f)
			}
			if err != nil || info.Size() != f.Bytes {
				return Errorf(Damaged, "snapshot %d, table %s: %s is missing, cut or spoilt: restore it from a backup; `miic lake check` lists all faults", m.Snapshot, name, f.Path)
			}
			if err := l.sameSchema(m, name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// SameSchema refuses a lake whose tables have another schema than this program reads. One file of a table tells: a program that writes
// another schema refuses what is there. It is for commands that read a few rows; what is lost or damaged they meet, or Check does.
func (l *Lake) SameSchema(m *Manifest) error {
	for _, name := range slices.Sorted(maps.Keys(m.Tables)) {
		if files := m.Tables[name]; len(files) > 0 && verifyFooter(l.Path(files[0].Path), files[0]) == nil {
			if err := l.sameSchema(m, name, files[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Lake) sameSchema(m *Manifest, name string, f File) error {
	version, want := schemaVersion(l.Path(f.Path)), table.Get(name)
	if want != nil && version == want.Meta()[table.SchemaVersion] {
		return nil
	}
	return Errorf(Failed, "snapshot %d, table %s: %s has schema version %s, and this program does not read it: nothing is wrong with the lake; "+
		"go on with the version of miic that wrote it, or see \"A new version of miic\" in docs/operating.md", m.Snapshot, name, f.Path, version)
}

// hashFooter hashes a Parquet file from the beginning of its footer to its end.
func hashFooter(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	var tail [8]byte // the footer's length and the magic word
	if info.Size() < 12 {
		return "", fmt.Errorf("not a whole Parquet file: it has %d bytes", info.Size())
	}
	if _, err := f.ReadAt(tail[:], info.Size()-8); err != nil {
		return "", err
	}
	length := int64(binary.LittleEndian.Uint32(tail[:4])) + 8
	if string(tail[4:]) != "PAR1" || length > info.Size()-4 {
		return "", fmt.Errorf("not a whole Parquet file: it does not end in a footer")
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f, info.Size()-length, length)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func verifyFooter(path string, f File) error {
	sum, err := hashFooter(path)
	if err == nil && sum != f.Footer {
		err = fmt.Errorf("the SHA-256 of its footer differs")
	}
	return err
}

// schemaVersion returns the version of its table's schema that a sound Parquet file was written with.
func schemaVersion(path string) string {
	rdr, err := file.OpenParquetFile(path, false)
	if err != nil {
		return "unknown"
	}
	defer rdr.Close()
	if v := rdr.MetaData().KeyValueMetadata().FindValue(table.SchemaVersion); v != nil {
		return *v
	}
	return "unknown"
}

// readFooter checks a Parquet file's columns and types against the table and returns its rows and
// what it tells about its columns. Whether a column may be null is not compared: SQL engines mark
// all as optional.
func readFooter(t *table.Table, path string) (rows int64, cols []Column, err error) {
	defer func() {
		if r := recover(); r != nil { // the Parquet reader panics on some damaged footers
			err = fmt.Errorf("its Parquet footer is damaged")
		}
	}()
	rdr, err := file.OpenParquetFile(path, false)
	if err != nil {
		return 0, nil, fmt.Errorf("not a whole Parquet file: %w", err)
	}
	defer rdr.Close()
	meta := rdr.MetaData()
	kv := meta.KeyValueMetadata()
	for key, want := range t.Meta() {
		if got := kv.FindValue(key); got == nil || *got != want {
			return 0, nil, fmt.Errorf("its metadata lacks %s = %s", key, want)
		}
	}
	// The Arrow schema that arrow-go stores in the metadata is left alone: SQL engines write none.
	schema, err := pqarrow.FromParquet(meta.Schema, nil, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("its schema cannot be read: %w", err)
	}
	want := t.Schema()
	if schema.NumFields() != want.NumFields() {
		return 0, nil, fmt.Errorf("it has %d columns, want %d", schema.NumFields(), want.NumFields())
	}
	for i, f := range schema.Fields() {
		if f.Name != want.Field(i).Name || !sameType(f.Type, want.Field(i).Type) {
			return 0, nil, fmt.Errorf("column %d is %s %s, want %s %s", i+1, f.Name, f.Type, want.Field(i).Name, want.Field(i).Type)
		}
	}
	return rdr.NumRows(), columnStats(t, rdr), nil
}

func sameType(a, b arrow.DataType) bool {
	if x, ok := a.(*arrow.TimestampType); ok {
		y, ok := b.(*arrow.TimestampType)
		return ok && x.Unit == y.Unit
	}
	return arrow.TypeEqual(a, b)
}

func columnStats(t *table.Table, rdr *file.Reader) []Column {
	cols := make([]Column, len(t.Columns))
	known := make([]bool, len(cols))
	for i, c := range t.Columns {
		cols[i].Name, known[i] = c.Name, true
	}
	for g := range rdr.NumRowGroups() {
		for i := range cols {
			chunk, err := rdr.MetaData().RowGroup(g).ColumnChunk(i)
			if err != nil {
				return nil
			}
			stats, err := chunk.Statistics()
			if err != nil || stats == nil || !stats.HasNullCount() {
				known[i] = false
				continue
			}
			cols[i].Nulls += stats.NullCount()
			if s, ok := stats.(*metadata.Int64Statistics); ok && t.Columns[i].SQL == "BIGINT" && s.HasMinMax() {
				cols[i].widen(s.Min(), s.Max())
			}
		}
	}
	list := cols[:0]
	for i, c := range cols {
		if known[i] && (c.Nulls > 0 || c.Min != nil) {
			list = append(list, c)
		}
	}
	return list
}

func (c *Column) widen(low, high int64) {
	if c.Min == nil {
		c.Min, c.Max = &low, &high
		return
	}
	*c.Min, *c.Max = min(*c.Min, low), max(*c.Max, high)
}
