package machine

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/gofrs/flock"
)

// TestMemory: a process may have no more than the smallest limit of its group and those above it.
func TestMemory(t *testing.T) {
	meminfo := "MemTotal:       16384000 kB\nMemFree:  1 kB\nMemAvailable:    8192000 kB\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  Memory
	}{
		{"no groups", nil, Memory{16000, 8000, 0}},
		{"no limit", map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n"},
			Memory{16000, 8000, 0}},
		{"its own", map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "2147483648\n"},
			Memory{16000, 8000, 2048}},
		{"the one above is smaller", map[string]string{"proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/b/memory.max": "2147483648\n", "sys/fs/cgroup/a/memory.max": "1073741824\n"},
			Memory{16000, 8000, 1024}},
		{"in a container", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1073741824\n"},
			Memory{16000, 8000, 1024}},
		{"version 1", map[string]string{"proc/self/cgroup": "3:cpu,cpuacct:/x\n2:memory:/x\n",
			"sys/fs/cgroup/memory/x/memory.limit_in_bytes": "536870912\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":   "9223372036854771712\n"}, Memory{16000, 8000, 512}},
	} {
		root := fstest.MapFS{"proc/meminfo": {Data: []byte(meminfo)}}
		for name, text := range c.files {
			root[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := ReadMemory(root); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	if got := ReadMemory(fstest.MapFS{}); got != (Memory{}) {
		t.Errorf("from nothing: %+v", got)
	}
}

// TestThisMachine: what the system really answers, for a file that is locked and a folder that is closed.
func TestThisMachine(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the system does not report it")
	}
	root := os.DirFS("/")
	if m := ReadMemory(root); m.Total < 100 || m.Available < 1 || m.Available > m.Total {
		t.Errorf("memory %+v", m)
	}
	if PeakMiB() < 1 {
		t.Error("this process has used no memory")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "LOCK")
	if err := os.WriteFile(file, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	d, err := DiskOf(dir)
	if err != nil || d.Bytes <= 0 || d.Free <= 0 || d.Free > d.Bytes || d.Kind == "" {
		t.Errorf("disk %+v, %v", d, err)
	}
	if other, err := DiskOf("/proc"); err != nil || other.Device == d.Device {
		t.Errorf("two file systems are one device: %+v, %v", other, err)
	}
	if _, err := DiskOf(filepath.Join(dir, "none")); err == nil {
		t.Error("a path that is not there has a file system")
	}

	id, err := StatID(file)
	if err != nil {
		t.Fatal(err)
	}
	if pid, known := LockHolder(root, id); !known || pid != 0 {
		t.Skipf("locks cannot be read here: %d %v", pid, known)
	}
	lock := flock.New(file)
	if ok, err := lock.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if pid, known := LockHolder(root, id); !known || pid != int64(os.Getpid()) {
		t.Logf("the holder is %d (this is %d), known %v", pid, os.Getpid(), known)
		if pid == 0 {
			t.Error("a lock that is held is not seen")
		}
	}
	lock.Unlock()

	if !May(file, Read) || !May(dir, Read|Write|Enter) || May(filepath.Join(dir, "none"), Read) {
		t.Error("rights are not read")
	}
	info, _ := os.Stat(file)
	if uid, known := Owner(info); !known || uid != os.Geteuid() {
		t.Errorf("the owner is %d", uid)
	}
}

// TestDiskKinds: what other machines may write too is known as such.
func TestDiskKinds(t *testing.T) {
	for number, want := range map[int64]Disk{
		0xEF53:            {Kind: "ext4"},
		0x6969:            {Kind: "nfs", Network: true},
		-0x00ACB2BE:       {Kind: "cifs", Network: true}, // as a 32-bit system gives 0xFF534D42
		0x794C7630:        {Kind: "overlay", Passing: true},
		0x12345678:        {Kind: "of kind 0x12345678"},
		int64(0x9123683E): {Kind: "btrfs"},
	} {
		if got := diskOf(number); got != want {
			t.Errorf("%#x: %+v, want %+v", number, got, want)
		}
	}
}
