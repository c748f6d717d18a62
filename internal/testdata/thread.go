package testdata

import (
	"os"
	"runtime"
	"runtime/debug"
)

// OneThread lets a package's tests run on one thread, unless the environment has GOMAXPROCS: a night of a handful of
// people takes a fifth less work on one thread than on two, and packages are tested side by side anyway. Memory is
// collected a quarter as often, unless the environment has GOGC: a small night has little of it. Call it in TestMain. The
// race detector gets its threads by the environment.
func OneThread() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
