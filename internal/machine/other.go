//go:build !linux

package machine

import (
	"errors"
	"io/fs"
	"os"
)

// What May asks for.
const (
	Read  = 4
	Write = 2
	Enter = 1 // a folder
)

// May cannot be answered here; what is not allowed fails when it is tried.
func May(path string, what uint32) bool { _, err := os.Stat(path); return err == nil }

// DiskOf is not known here.
func DiskOf(path string) (Disk, error) { return Disk{}, errors.ErrUnsupported }

// StatID is not known here.
func StatID(path string) (FileID, error) { return FileID{}, errors.ErrUnsupported }

// Owner is not known here.
func Owner(info fs.FileInfo) (uid int, known bool) { return 0, false }

// ClockIsKept is not known here.
func ClockIsKept() (kept, known bool) { return false, false }
