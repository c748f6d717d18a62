// Package machine reads from the system what a night needs of it: memory, disks and their kinds, rights, who holds a
// lock, whether the clock is kept. What a system does not report is left at zero, or is not known; nothing is changed.
package machine

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// ResetPeak makes the kernel forget the highest resident memory so far, where it can.
func ResetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// PeakMiB reads the highest resident memory of this process since then; 0 where the system does not report it.
func PeakMiB() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	return kilobytes(string(text), "VmHWM") >> 10
}

// kilobytes finds a line such as "MemTotal:  1234 kB"; 0 when there is none.
func kilobytes(text, name string) int64 {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return n
		}
	}
	return 0
}

// Memory is what a process may have, in MiB; 0 is not known.
type Memory struct {
	Total     int64
	Available int64 // without taking it from others
	Limit     int64 // of the control group that this process is in; 0: none
}

// ReadMemory reads it from the root of a file system: os.DirFS("/").
func ReadMemory(root fs.FS) Memory {
	text, _ := fs.ReadFile(root, "proc/meminfo")
	m := Memory{Total: kilobytes(string(text), "MemTotal") >> 10, Available: kilobytes(string(text), "MemAvailable") >> 10}
	groups, _ := fs.ReadFile(root, "proc/self/cgroup")
	for line := range strings.Lines(string(groups)) {
		of := strings.SplitN(strings.TrimSpace(line), ":", 3) // id, controllers, path
		if len(of) != 3 {
			continue
		}
		base, file := "sys/fs/cgroup", "memory.max"
		switch {
		case of[0] == "0" && of[1] == "":
		case strings.Contains(","+of[1]+",", ",memory,"):
			base, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		// A group is limited by its own limit and by those of the groups above it.
		for dir := path.Clean("/" + of[2]); ; dir = path.Dir(dir) {
			text, err := fs.ReadFile(root, path.Join(base, dir, file))
			if n, perr := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && perr == nil {
				if mib := n >> 20; m.Total == 0 || mib < m.Total { // version 1 writes no limit as a very large one
					if m.Limit == 0 || mib < m.Limit {
						m.Limit = mib
					}
				}
			}
			if dir == "/" {
				break
			}
		}
	}
	return m
}

// LockHolder reads from the kernel's list (proc/locks) the process that holds the lock of a file.
// known is false where the list cannot be read; pid is 0 when nobody holds it.
func LockHolder(root fs.FS, id FileID) (pid int64, known bool) {
	text, err := fs.ReadFile(root, "proc/locks")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line) // 1: FLOCK ADVISORY WRITE 23330 fe:00:10257159 0 EOF
		if len(f) >= 6 && f[1] == "FLOCK" && f[5] == id.String() {
			pid, _ = strconv.ParseInt(f[4], 10, 64)
			return max(pid, 1), true
		}
	}
	return 0, true
}

// FileID names a file as the kernel's list of locks does.
type FileID struct {
	Major, Minor uint32
	Inode        uint64
}

func (id FileID) String() string { return fmt.Sprintf("%02x:%02x:%d", id.Major, id.Minor, id.Inode) }

// Disk is the file system that a path is on.
type Disk struct {
	Device  uint64 // the same for two paths on one file system
	Kind    string // ext4, xfs, nfs, …
	Network bool   // other machines may write it too: locks and renames cannot be relied on
	Passing bool   // what is on it does not outlive the machine, or the container
	Bytes   int64
	Free    int64 // to this user
	Files   int64 // that can still be made; -1: as many as there is room for
}

// magic has the numbers that statfs gives, of the kinds that matter, and the usual local ones for their names.
var magic = map[int64]Disk{
	0xEF53:     {Kind: "ext4"},
	0x58465342: {Kind: "xfs"},
	0x9123683E: {Kind: "btrfs"},
	0x2FC12FC1: {Kind: "zfs"},
	0xCA451A4E: {Kind: "bcachefs"},
	0xF2F52010: {Kind: "f2fs"},
	0x01021994: {Kind: "tmpfs", Passing: true},
	0x858458F6: {Kind: "ramfs", Passing: true},
	0x794C7630: {Kind: "overlay", Passing: true},
	0x6969:     {Kind: "nfs", Network: true},
	0x517B:     {Kind: "smb", Network: true},
	0xFE534D42: {Kind: "smb", Network: true},
	0xFF534D42: {Kind: "cifs", Network: true},
	0x01021997: {Kind: "9p", Network: true},
	0x65735546: {Kind: "fuse", Network: true}, // sshfs, s3fs and the like
	0x00C36400: {Kind: "ceph", Network: true},
	0x0BD00BD0: {Kind: "lustre", Network: true},
	0x5346414F: {Kind: "afs", Network: true},
	0x6B414653: {Kind: "afs", Network: true},
	0x73757245: {Kind: "coda", Network: true},
	0x01161970: {Kind: "gfs2", Network: true},
	0x7461636F: {Kind: "ocfs2", Network: true},
	0x47504653: {Kind: "gpfs", Network: true},
	0x19830326: {Kind: "beegfs", Network: true},
	0x786F4256: {Kind: "vboxsf", Network: true},
}

// diskOf is the kind that a number names.
func diskOf(number int64) Disk {
	if d, ok := magic[number&0xFFFFFFFF]; ok {
		return d
	}
	return Disk{Kind: fmt.Sprintf("of kind 0x%x", number)}
}
