package lake

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"miic/internal/table"
)

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
func schemaVersion(path string) (int, error) {
	rdr, err := file.OpenParquetFile(path, false)
	if err != nil {
		return 0, err
	}
	defer rdr.Close()
	return versionIn(rdr)
}

func versionIn(rdr *file.Reader) (int, error) {
	text := rdr.MetaData().KeyValueMetadata().FindValue(table.SchemaVersion)
	if text == nil {
		return 0, fmt.Errorf("its metadata lacks %s", table.SchemaVersion)
	}
	return strconv.Atoi(*text)
}

// readFooter checks a Parquet file's columns and types against the table, in the schema version that the
// file names, and returns its rows and what it records about its columns. Whether a column may be null is
// not compared: SQL engines mark all as optional.
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
	if name := meta.KeyValueMetadata().FindValue(table.TableName); name == nil || *name != t.Name {
		return 0, nil, fmt.Errorf("its metadata lacks %s = %s", table.TableName, t.Name)
	}
	version, err := versionIn(rdr)
	if err != nil {
		return 0, nil, err
	}
	want, err := t.ColumnsAt(version)
	if err != nil {
		return 0, nil, err
	}
	if table.IsKeys(path) {
		want = map[string]string{t.Owner: want[t.Owner]}
	}
	// The Arrow schema that arrow-go stores in the metadata is left alone: SQL engines write none.
	schema, err := pqarrow.FromParquet(meta.Schema, nil, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("its schema cannot be read: %w", err)
	}
	if schema.NumFields() != len(want) {
		return 0, nil, fmt.Errorf("it has %d columns, expected %d", schema.NumFields(), len(want))
	}
	for _, f := range schema.Fields() {
		if sqlType, ok := want[f.Name]; !ok || !sameType(f.Type, table.ArrowType(sqlType)) {
			return 0, nil, fmt.Errorf("column %s of type %s is not one of version %d", f.Name, f.Type, version)
		}
	}
	return rdr.NumRows(), columnStats(schema, rdr), nil
}

func sameType(a, b arrow.DataType) bool {
	if x, ok := a.(*arrow.TimestampType); ok {
		y, ok := b.(*arrow.TimestampType)
		return ok && x.Unit == y.Unit
	}
	return arrow.TypeEqual(a, b)
}

func columnStats(schema *arrow.Schema, rdr *file.Reader) []Column {
	cols := make([]Column, schema.NumFields())
	known := make([]bool, len(cols))
	for i, f := range schema.Fields() {
		cols[i].Name, known[i] = f.Name, true
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
			if s, ok := stats.(*metadata.Int64Statistics); ok && schema.Field(i).Type.ID() == arrow.INT64 && s.HasMinMax() {
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
