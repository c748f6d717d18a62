package record

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"miic/internal/parallel"
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
	results      *table.Writer[stagedResult]
	rejections   *table.Writer[StagedRejection]
	files        map[*table.Table]string
	found        *Survey // instead of scratch files, counts what is wrong
}

// sinks are those of a file, one for each of its parts in their order.
type sinks struct {
	prefix string // of the scratch files' paths
	list   []*sink
	found  *Survey
}

// open adds the sink of the next part.
func (s *sinks) open() *sink {
	one := &sink{prefix: fmt.Sprintf("%s-%d", s.prefix, len(s.list)+1), files: map[*table.Table]string{}, found: s.found}
	s.list = append(s.list, one)
	return one
}

// keep lets the rows of all but the first n parts go.
func (s *sinks) keep(n int) {
	for _, one := range s.list[min(n, len(s.list)):] {
		clear(one.files)
	}
}

// written lists the scratch files in the order of the file's lines.
func (s *sinks) written() map[*table.Table][]string {
	files := map[*table.Table][]string{}
	for _, one := range s.list {
		for t, path := range one.files {
			files[t] = append(files[t], path)
		}
	}
	return files
}

// close closes the sinks side by side: most of a short file is written now.
func (s *sinks) close() error {
	errs := make([]error, len(s.list))
	// every sink is closed, also after an error
	_ = parallel.Each(context.Background(), len(s.list), func() func(int) error {
		return func(i int) error {
			errs[i] = s.list[i].close()
			return nil
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func put[T any](s *sink, w **table.Writer[T], t *table.Table, row *T) error {
	return putAll(s, w, t, unsafe.Slice(row, 1))
}

func putAll[T any](s *sink, w **table.Writer[T], t *table.Table, rows []T) error {
	if len(rows) == 0 || s.found != nil {
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
	return errors.Join(closeWriter(s.clients), closeWriter(s.events), closeWriter(s.observations),
		closeWriter(s.requests),
		closeWriter(s.deaths), closeWriter(s.roster), closeWriter(s.results), closeWriter(s.rejections))
}

func closeWriter[T any](w *table.Writer[T]) error {
	if w == nil {
		return nil
	}
	return w.Close()
}

// faults writes what was wrong with the unit.
func (s *sink) faults(u *unit) error {
	if s.found != nil {
		s.found.add(u.faults)
		return nil
	}
	for i := range u.faults {
		f := &u.faults[i]
		row := StagedRejection{File: u.from.No, Unit: u.line}
		row.Rejected = table.Rejected{BatchID: u.from.BatchID, Snapshot: u.from.Snapshot, Sender: u.from.Sender,
			Line: f.line, Offset: u.offset,
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

var errEnough = errors.New("enough rows")

// FewRejections keeps the first rows of what was wrong with a file that is refused whole: it may have a fault in each of
// millions of lines, and nobody reads on.
func (r *Result) FewRejections(most int64) error {
	files := r.Files[StagedRejections]
	if len(files) == 0 {
		return nil
	}
	few := files[0] + ".few.parquet"
	w, err := table.NewScratchWriter[StagedRejection](StagedRejections, few)
	if err != nil {
		return err
	}
	n := int64(0)
	err = table.Scan(files, func(row *StagedRejection) error {
		if n++; n > most {
			return errEnough
		}
		return w.Append(row)
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	r.Files[StagedRejections] = []string{few}
	return err
}
