package letter

import (
	"context"
	"fmt"
	"io"
	"iter"

	"miic/internal/parallel"
	"miic/internal/private"
)

// PerFile is how many pieces a file holds at most: printers and viewers take files of this size.
const PerFile = 5000

// WriteFiles writes n pieces into files of at most PerFile, on all cores, a file a worker. A piece is asked for when it is
// drawn, and then forgotten: what is in memory is a page a worker, however many pieces there are. Both functions are
// called by several workers at once. A file that fails is removed.
func WriteFiles[T any](ctx context.Context, n int, piece func(i int) (T, error), path func(file int) string, title string,
	draw func(w io.Writer, title string, pieces iter.Seq[T]) (Drawn, error)) ([]Drawn, error) {
	out := make([]Drawn, (n+PerFile-1)/PerFile)
	err := parallel.Each(ctx, len(out), func() func(int) error {
		return func(file int) (err error) {
			var failed error
			pieces := func(yield func(T) bool) {
				for i := file * PerFile; i < min(n, (file+1)*PerFile); i++ {
					p, err := piece(i)
					if failed = err; err == nil {
						failed = ctx.Err()
					}
					if failed != nil || !yield(p) {
						return
					}
				}
			}
			name := title
			if len(out) > 1 {
				name = fmt.Sprintf("%s, file %d of %d", title, file+1, len(out))
			}
			out[file], err = writeFile(path(file), func(w io.Writer) (Drawn, error) {
				d, err := draw(w, name, pieces)
				if failed != nil {
					err = failed
				}
				return d, err
			})
			return err
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func writeFile(path string, write func(io.Writer) (Drawn, error)) (out Drawn, err error) {
	err = private.Write(path, func(w io.Writer) error {
		out, err = write(w)
		return err
	})
	if err != nil {
		return Drawn{}, err
	}
	out.File = path
	return out, nil
}
