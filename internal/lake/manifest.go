package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"

	"miic/internal/table"

	"miic/internal/prose"
)

// Format is the version of the manifest's layout that this program writes. It reads every one up to it.
const Format = 2

// Manifest is one snapshot: the exact files of every table and how they came to be.
type Manifest struct {
	Format       int               `json:"format"`
	Generation   int               `json:"generation,omitempty"` // of the tables' schemas, of the program that wrote it
	Snapshot     int64             `json:"snapshot"`
	Parent       int64             `json:"parent"`                  // 0 for the first
	ParentSHA256 string            `json:"parent_sha256,omitempty"` // of the parent's manifest
	Run          string            `json:"run"`                     // the run that wrote it
	Kind         string            `json:"kind"`                    // night, rollback or backout
	AsOf         string            `json:"as_of"`                   // YYYY-MM-DD
	RollbackTo   int64             `json:"rollback_to,omitempty"`   // whose tables a rollback brought back
	Backout      string            `json:"backout,omitempty"`       // the delivery that a backout took out
	Operator     string            `json:"operator,omitempty"`      // who accepted, rolled back or backed out
	Reason       string            `json:"reason,omitempty"`        // and why
	ConfigSHA256 string            `json:"config_sha256"`
	Schedule     string            `json:"schedule"` // version of the supporting data
	Tripped      []Tripped         `json:"tripped,omitempty"`
	Marks        map[string]int64  `json:"marks"` // high-water marks of ids; they never fall
	Stages       []Stage           `json:"stages"`
	Inbox        []Delivered       `json:"inbox"` // what the night found there
	Tables       map[string][]File `json:"tables"`
	Out          []File            `json:"out"` // paths below out/<snapshot>/

	sum string // SHA-256 of the bytes it was read from
}

// SchemaGeneration is that of the program that wrote the snapshot: the first did not write it down.
func (m *Manifest) SchemaGeneration() int { return max(1, m.Generation) }

// SHA256 returns the hash of the bytes that the manifest was read from.
func (m *Manifest) SHA256() string { return m.sum }

// File is one immutable file.
type File struct {
	Path     string   `json:"path"`
	Rows     int64    `json:"rows,omitempty"`     // of a file of keys: the owners that it names
	Replaces int64    `json:"replaces,omitempty"` // of a file of keys: the rows before it that no longer count
	Bytes    int64    `json:"bytes"`
	SHA256   string   `json:"sha256"`
	Footer   string   `json:"footer_sha256,omitempty"` // of a Parquet footer and the eight bytes after it
	Digest   string   `json:"stands_for,omitempty"`    // when compacted: of the table's files up to it, as they were before
	Columns  []Column `json:"columns,omitempty"`
}

// Date is the day that the snapshot is about.
func (m *Manifest) Date() (table.Date, error) {
	day, err := table.ParseDate(m.AsOf)
	if err != nil {
		err = fmt.Errorf("snapshot %d: as-of date: %w", m.Snapshot, err)
	}
	return day, err
}

// Column is what the footer records about one column of a file. Bounds are kept for whole numbers
// only: those of a name or a birth date would be a person's data.
type Column struct {
	Name  string `json:"name"`
	Nulls int64  `json:"nulls"`
	Min   *int64 `json:"min,omitempty"`
	Max   *int64 `json:"max,omitempty"`
}

// Stage is how one stage of the night came out.
type Stage struct {
	Name     string            `json:"name"`
	Version  int               `json:"version"`
	Key      string            `json:"key"`                // empty: whatever its inputs, it must run again
	After    string            `json:"after,omitempty"`    // of a stage that reads the inbox: its key were the inbox empty
	Settings string            `json:"settings,omitempty"` // hash of what decides its result beside tables, inbox and date
	Inputs   map[string]string `json:"inputs,omitempty"`   // the digest of each table that it read
	Reads    []string          `json:"reads,omitempty"`
	Prior    []string          `json:"prior,omitempty"`
	Writes   []string          `json:"writes,omitempty"`
	Figures  map[string]int64  `json:"figures,omitempty"`
	Notes    json.RawMessage   `json:"notes,omitempty"`
	Out      []File            `json:"out,omitempty"` // what it wrote under out/
}

// Delivered is one thing that a night found in the inbox.
type Delivered struct {
	Sender string `json:"sender"`
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Err    string `json:"err,omitempty"`   // why it could not be read; it stays in the inbox then
	Stray  bool   `json:"stray,omitempty"` // it may hold families' requests, and lies where nobody delivers them
	// an operator let it in: it was taken from the archive, not from the inbox
	Archived bool `json:"archived,omitempty"`
}

// Tripped is one brake that stopped a night.
type Tripped struct {
	Brake string `json:"brake"`
	Text  string `json:"text"`
}

// Rows returns the rows of a table that count, given its files.
func Rows(files []File) int64 {
	var n int64
	for _, f := range files {
		if table.IsKeys(f.Path) {
			n -= f.Replaces
		} else {
			n += f.Rows
		}
	}
	return n
}

// Written returns the rows that are in a list of files, whether or not they count.
func Written(files []File) int64 {
	var n int64
	for _, f := range files {
		if !table.IsKeys(f.Path) {
			n += f.Rows
		}
	}
	return n
}

// Bytes returns the size of a list of files.
func Bytes(files []File) int64 {
	var n int64
	for _, f := range files {
		n += f.Bytes
	}
	return n
}

// Digest returns one hash for a table's list of files. It is folded file by file. A compacted file has the
// digest of the files that it took the place of, so that compaction does not make a stage's input look new.
func Digest(files []File) string {
	sum := ""
	for _, f := range files {
		if f.Digest != "" {
			sum = f.Digest
			continue
		}
		h := sha256.Sum256([]byte(sum + " " + f.SHA256))
		sum = hex.EncodeToString(h[:])
	}
	return sum
}

// encode returns the manifest's bytes: the same manifest always has the same.
func (m *Manifest) encode() ([]byte, error) {
	m.Format, m.Generation = Format, table.Generation
	sort.Slice(m.Out, func(i, j int) bool { return m.Out[i].Path < m.Out[j].Path })
	data, err := json.MarshalIndent(m, "", " ")
	data = prose.JSON(data)
	if err != nil {
		return nil, err
	}
	return append(data, '\n'), nil
}
