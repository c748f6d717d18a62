package record

import (
	"fmt"
	"path/filepath"
	"unsafe"

	"miic/internal/table"
)

// A sink takes the rows of one part of a file into scratch files, made when the first row of a kind comes.
type sink struct {
	prefix       string // of the scratch files' paths
	clients      *table.Writer[stagedClient]
	events       *table.Writer[stagedEvent]
	observations *table.Writer[stagedObservation]
	requests     *table.Writer[stagedRequest]
	deaths       *table.Writer[stagedDeath]
	roster       *table.Writer[stagedRosterEntry]
	rejections   *table.Writer[StagedRejection]
	files        map[*table.Table]string
	second       *sink // of the other half of the file
}

func newSink(dir string, name string) *sink {
	return &sink{prefix: filepath.Join(dir, name), files: map[*table.Table]string{}}
}

// beside opens the sink of the file's other half.
func (s *sink) beside() *sink {
	s.second = &sink{prefix: s.prefix + "-b", files: map[*table.Table]string{}}
	return s.second
}

// written lists the scratch files in the order of the file's lines.
func (s *sink) written() map[*table.Table][]string {
	files := map[*table.Table][]string{}
	for ; s != nil; s = s.second {
		for t, path := range s.files {
			files[t] = append(files[t], path)
		}
	}
	return files
}

func put[T any](s *sink, w **table.Writer[T], t *table.Table, row *T) error {
	return putAll(s, w, t, unsafe.Slice(row, 1))
}

func putAll[T any](s *sink, w **table.Writer[T], t *table.Table, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	if *w == nil {
		path := fmt.Sprintf("%s-%s.parquet", s.prefix, t.Name)
		var err error
		if *w, err = table.NewScratchWriter[T](t, path); err != nil {
			return err
		}
		s.files[t] = path
	}
	return (*w).AppendAll(rows)
}

func (s *sink) close() error {
	second := make(chan error, 1)
	if s.second != nil { // most of a short file is written now
		go func() { second <- s.second.close() }()
	}
	var first error
	keep := func(err error) {
		if first == nil {
			first = err
		}
	}
	if s.clients != nil {
		keep(s.clients.Close())
	}
	if s.events != nil {
		keep(s.events.Close())
	}
	if s.observations != nil {
		keep(s.observations.Close())
	}
	if s.requests != nil {
		keep(s.requests.Close())
	}
	if s.deaths != nil {
		keep(s.deaths.Close())
	}
	if s.roster != nil {
		keep(s.roster.Close())
	}
	if s.rejections != nil {
		keep(s.rejections.Close())
	}
	if s.second != nil {
		keep(<-second)
	}
	return first
}

// faults writes what was wrong with the unit.
func (s *sink) faults(u *unit) error {
	for i := range u.faults {
		f := &u.faults[i]
		row := StagedRejection{File: u.from.No, Unit: u.line}
		row.Rejected = table.Rejected{BatchID: u.from.BatchID, Snapshot: u.from.Snapshot, Sender: u.from.Sender, Line: f.line, Offset: u.offset,
			Field: f.where, Rule: f.rule.ID, Severity: f.rule.Severity, Code: f.code}
		if row.Field == "" {
			row.Field = f.field.String()
		}
		if err := put(s, &s.rejections, StagedRejections, &row); err != nil {
			return err
		}
	}
	return nil
}
