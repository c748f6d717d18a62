package parallel

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

func TestEachPartIsDoneOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 1000} {
		done := make([]atomic.Int32, n)
		err := Each(context.Background(), n, func() func(int) error {
			return func(part int) error { done[part].Add(1); return nil }
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range done {
			if done[i].Load() != 1 {
				t.Errorf("of %d parts, part %d was done %d times", n, i, done[i].Load())
			}
		}
	}
}

func TestTheFirstErrorEndsTheWork(t *testing.T) {
	wrong := errors.New("wrong")
	var begun atomic.Int32
	err := Each(context.Background(), 1_000_000, func() func(int) error {
		return func(part int) error {
			begun.Add(1)
			if part == 3 {
				return wrong
			}
			time.Sleep(time.Microsecond)
			return nil
		}
	})
	if !errors.Is(err, wrong) || begun.Load() == 1_000_000 {
		t.Errorf("error %v after %d parts", err, begun.Load())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Each(ctx, 1, func() func(int) error { return func(int) error { return nil } }); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted context: %v", err)
	}
}

func TestPartsAddUp(t *testing.T) {
	for _, n := range []int{1, 2, 3, 8} {
		for _, count := range []int{0, 1, 7, 100} {
			at := 0
			for i := range n {
				from, to := Part(i, n, count)
				if from != at || to < from {
					t.Errorf("part %d of %d of %d things goes from %d to %d, expected to begin at %d", i, n, count, from, to, at)
				}
				at = to
			}
			if at != count {
				t.Errorf("%d parts of %d things end at %d", n, count, at)
			}
		}
	}
}
