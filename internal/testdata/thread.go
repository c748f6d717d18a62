package testdata

import (
	"os"
	"runtime"
	"runtime/debug"

	"miic/internal/parallel"
)

// OneThread lets a package's tests run on one thread, unless the environment has GOMAXPROCS: a night of a handful of
// people takes a fifth less work on one thread than on two, and packages are tested side by side anyway. Memory is
// collected a quarter as often, unless the environment has GOGC: a small night has little of it. Call it in TestMain. The
// race detector gets its threads by the environment.
func OneThread() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
	collectLess()
}

// OneWorker lets each night of a package's tests run on one thread, and tests that are parallel on all of them: for the
// package whose tests take longest, which runs alone in the end.
func OneWorker() {
	parallel.Limit(1)
	collectLess()
}

func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
