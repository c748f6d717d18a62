package testdata

import (
	"os"
	"runtime"
)

// OneThread lets a package's tests run on one thread, unless the environment has GOMAXPROCS: a night of a handful of
// people takes a fifth less work on one thread than on two, and packages are tested side by side anyway. Call it in
// TestMain. The race detector gets its threads by the environment.
func OneThread() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(1)
	}
}
