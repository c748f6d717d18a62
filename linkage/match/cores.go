package match

import (
	"runtime"
	"sync"
)

// onAllCores does the parts 0 to n-1 of a piece of work side by side. Each worker gets a function of its own, which may
// keep what it needs from part to part.
func onAllCores(n int, worker func() func(part int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		do := worker()
		wg.Go(func() {
			for part := range next {
				do(part)
			}
		})
	}
	for part := range n {
		next <- part
	}
	close(next)
	wg.Wait()
}
