// Package bench measures single stages on their own: reading deliveries, linkage, the forecaster, mail. A measurement makes
// what it needs in a folder that it is given, and returns a report that can be printed or written as JSON.
package bench

import (
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
type Progress func(stage, step string, done, total int64, unit string)

func thousands(n int64) string { return prose.Thousands(n) }

// ProcessorSeconds is the processor time this process has used, which what else runs on the machine does not touch.
func ProcessorSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
