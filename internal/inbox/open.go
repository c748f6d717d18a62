// Package inbox touches what strangers may write: the folders in which senders deliver.
//
// It promises that nothing there can make the program wait, read what is no delivery, or write outside the inbox. A
// folder is opened once and its files by their names in it, so that no link on the way is followed; a file is looked
// at after it was opened, and only a regular one is read. Names are shown so that they neither break a line nor forge
// one.
package inbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A Fault is why something is no file that can be read. Its text holds no path.
type Fault struct{ Text string }

func (f Fault) Error() string { return f.Text }

// Open opens a regular file by its path. The last name of the path is not followed if it is a link, and a pipe or a
// device is refused instead of waited for.
func Open(path string) (*os.File, fs.FileInfo, error) { return openAt(unix.AT_FDCWD, path) }

// openAt opens a regular file. It is looked at before, because to open a device can have effects, and again
// afterwards, because another file may lie there by then.
func openAt(folder int, name string) (*os.File, fs.FileInfo, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(folder, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return nil, nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if err := kindOf(uint32(st.Mode)); err != nil {
		return nil, nil, err
	}
	const flags = unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_CLOEXEC | unix.O_NOCTTY
	fd, err := ignoringEINTR(func() (int, error) { return unix.Openat(folder, name, flags, 0) })
	switch {
	case errors.Is(err, unix.ELOOP):
		return nil, nil, kindOf(unix.S_IFLNK)
	case errors.Is(err, unix.ENXIO): // a socket, by now
		return nil, nil, kindOf(unix.S_IFSOCK)
	case err != nil:
		return nil, nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	err = unix.Fstat(fd, &st)
	if err == nil {
		err = kindOf(uint32(st.Mode))
	}
	if err == nil {
		err = unix.SetNonblock(fd, false)
	}
	if err != nil {
		unix.Close(fd)
		return nil, nil, err
	}
	f := os.NewFile(uintptr(fd), name)
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

func kindOf(mode uint32) error {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return nil
	case unix.S_IFDIR:
		return Fault{"is a folder, not a file"}
	case unix.S_IFLNK:
		return Fault{"is a symbolic link, not a file"}
	}
	return Fault{"is not a regular file"}
}

func ignoringEINTR(open func() (int, error)) (int, error) {
	for {
		fd, err := open()
		if !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}

// A Folder is an open folder: what is done in it is done there, whatever its name means by then.
type Folder struct{ f *os.File }

// OpenFolder opens a folder by a path that the configuration names; it may lead over links.
func OpenFolder(path string) (*Folder, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.IsDir() {
		f.Close()
		return nil, &fs.PathError{Op: "open", Path: path, Err: unix.ENOTDIR}
	}
	return &Folder{f}, nil
}

// Folder opens a folder in this one; a link to one is no folder.
func (d *Folder) Folder(name string) (*Folder, error) {
	const flags = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC
	fd, err := ignoringEINTR(func() (int, error) { return unix.Openat(d.fd(), name, flags, 0) })
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &Folder{os.NewFile(uintptr(fd), filepath.Join(d.f.Name(), name))}, nil
}

// Private opens a folder in this one that nobody else may enter, and makes it if it is not there.
func (d *Folder) Private(name string) (*Folder, error) {
	if err := unix.Mkdirat(d.fd(), name, 0o700); err != nil && !errors.Is(err, unix.EEXIST) {
		return nil, &fs.PathError{Op: "mkdir", Path: name, Err: err}
	}
	sub, err := d.Folder(name)
	if err != nil {
		return nil, err
	}
	var st unix.Stat_t
	if err := unix.Fstat(sub.fd(), &st); err != nil {
		sub.Close()
		return nil, err
	}
	if int(st.Uid) != os.Geteuid() || st.Mode&0o077 != 0 {
		sub.Close()
		return nil, Fault{"the folder " + name + " in the inbox is another user's, or open to others"}
	}
	return sub, nil
}

func (d *Folder) fd() int { return int(d.f.Fd()) }

// Close closes the folder.
func (d *Folder) Close() error { return d.f.Close() }

// Sync makes the names in the folder durable.
func (d *Folder) Sync() error { return d.f.Sync() }

// Names lists what lies in the folder, in any order.
func (d *Folder) Names() ([]string, error) { return d.f.Readdirnames(-1) }

// Open opens a regular file in the folder.
func (d *Folder) Open(name string) (*os.File, fs.FileInfo, error) { return openAt(d.fd(), name) }

// Stat looks at what lies under a name, without following it.
func (d *Folder) Stat(name string) (unix.Stat_t, error) {
	var st unix.Stat_t
	err := unix.Fstatat(d.fd(), name, &st, unix.AT_SYMLINK_NOFOLLOW)
	return st, err
}

// Writable reports whether names in the folder may be changed.
func (d *Folder) Writable() error {
	return unix.Faccessat(d.fd(), ".", unix.W_OK|unix.X_OK, 0)
}

// Move renames a file of this folder into another one, and never onto a file that lies there.
func (d *Folder) Move(name string, to *Folder, as string) error {
	err := unix.Renameat2(d.fd(), name, to.fd(), as, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) ||
		errors.Is(err, unix.ENOSYS) { // the file system cannot: a link cannot replace either
		if err = unix.Linkat(d.fd(), name, to.fd(), as, 0); err == nil {
			err = unix.Unlinkat(d.fd(), name, 0)
		}
	}
	if err != nil {
		return &os.LinkError{Op: "rename", Old: name, New: as, Err: err}
	}
	return nil
}

// Remove removes a file.
func (d *Folder) Remove(name string) error {
	if err := unix.Unlinkat(d.fd(), name, 0); err != nil {
		return &fs.PathError{Op: "remove", Path: name, Err: err}
	}
	return nil
}

// RemoveFolder removes a folder that is empty; another one stays.
func (d *Folder) RemoveFolder(name string) { _ = unix.Unlinkat(d.fd(), name, unix.AT_REMOVEDIR) }

// leases are the file systems on which the kernel knows of every writer; over a network it does not.
var leases = map[int64]bool{0xEF53: true /* ext4 */, 0x58465342: true /* xfs */, 0x9123683E: true, /* btrfs */
	0x01021994: true /* tmpfs */, 0x2FC12FC1: true /* zfs */}

// BeingWritten reports that another program has a file open for writing, as far as the system lets us know.
func BeingWritten(f *os.File) bool {
	var fsys unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &fsys); err != nil || !leases[int64(fsys.Type)] {
		return false
	}
	_, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	if err == nil {
		_, _ = unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
	}
	return errors.Is(err, unix.EAGAIN)
}
