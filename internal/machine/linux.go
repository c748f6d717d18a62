//go:build linux

package machine

import (
	"io/fs"
	"syscall"

	"golang.org/x/sys/unix"
)

// What May asks for.
const (
	Read  = unix.R_OK
	Write = unix.W_OK
	Enter = unix.X_OK // a folder
)

// May reports whether this process may do that with a path, by the rights that it has now.
func May(path string, what uint32) bool {
	return unix.Faccessat(unix.AT_FDCWD, path, what, unix.AT_EACCESS) == nil
}

// DiskOf returns the file system of a path that is there.
func DiskOf(path string) (Disk, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return Disk{}, &fs.PathError{Op: "statfs", Path: path, Err: err}
	}
	id, err := StatID(path)
	if err != nil {
		return Disk{}, err
	}
	d := diskOf(int64(s.Type))
	d.Device = uint64(id.Major)<<32 | uint64(id.Minor)
	d.Bytes, d.Free = int64(s.Blocks)*int64(s.Bsize), int64(s.Bavail)*int64(s.Bsize)
	d.Files = -1
	if s.Files > 0 { // some make them as they are needed
		d.Files = int64(s.Ffree)
	}
	return d, nil
}

// StatID returns what names a file in the list of locks.
func StatID(path string) (FileID, error) {
	var s unix.Stat_t
	if err := unix.Stat(path, &s); err != nil {
		return FileID{}, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	return FileID{unix.Major(uint64(s.Dev)), unix.Minor(uint64(s.Dev)), s.Ino}, nil
}

// Owner returns the number of the user who owns a file.
func Owner(info fs.FileInfo) (uid int, known bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(s.Uid), true
}

// Of adjtimex(2).
const (
	clockIsWrong = 5    // TIME_ERROR
	clockIsFree  = 0x40 // STA_UNSYNC
)

// ClockIsKept reports whether something keeps the clock right, as the kernel knows it.
func ClockIsKept() (kept, known bool) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	if err != nil {
		return false, false
	}
	return state != clockIsWrong && t.Status&clockIsFree == 0, true
}
