// Package bench measures single stages on their own: reading deliveries, linkage, the forecaster. A measurement makes
// what it needs in a folder that it is given, and returns a report that can be printed or written as JSON.
package bench

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"miic/internal/prose"
)

// A Printer prints a report: sentences, and tables whose first row is the heading.
type Printer struct {
	Say   func(format string, args ...any)
	Table func(rows [][]string)
}

// Progress is called as a measurement goes on; total 0 means that the end is not known.
type Progress func(stage, step string, done, total int64)

func thousands(n int64) string { return prose.Thousands(n) }

// ProcessorSeconds is the processor time this process has used, which what else runs on the machine does not touch.
func ProcessorSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// ResetPeak makes the kernel forget the highest resident memory so far, where it can.
func ResetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// PeakMiB reads the highest resident memory since then; 0 where the system does not report it.
func PeakMiB() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(rest, "kB")), 10, 64)
			return kb / 1024
		}
	}
	return 0
}
