// Package parallel does work on all cores.
//
// How many there are is one setting, `threads`: the command gives it to the Go scheduler and to the
// engine, and everything here goes by the scheduler's. Results never depend on how many there are.
package parallel

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Workers is how many pieces of work go side by side.
func Workers() int {
	if most := int(most.Load()); most > 0 {
		return min(most, runtime.GOMAXPROCS(0))
	}
	return runtime.GOMAXPROCS(0)
}

var most atomic.Int32

// Limit bounds Workers for the whole process, whatever the scheduler has: for tests, which are many small nights side by
// side.
func Limit(workers int) { most.Store(int32(workers)) }

// Each does the parts 0 to n-1 of a piece of work side by side. Each worker gets a function of its own,
// which may keep what it needs from part to part. The first error ends the work, as does ctx.
func Each(ctx context.Context, n int, worker func() func(part int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(n, Workers()) {
		do := worker()
		group.Go(func() error {
			for {
				part := int(next.Add(1)) - 1
				if part >= n {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := do(part); err != nil {
					return err
				}
			}
		})
	}
	return group.Wait()
}

// Part returns the bounds of part i when count things are dealt out in n parts of about the same size.
func Part(i, n, count int) (from, to int) { return i * count / n, (i + 1) * count / n }

// Send hands a value on unless ctx has ended.
func Send[T any](ctx context.Context, to chan<- T, value T) error {
	select {
	case to <- value:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
