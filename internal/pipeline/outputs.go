package pipeline

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"miic/internal/lake"
	"miic/internal/prose"
)

// linkOut puts finished output files of another folder into the one being built.
func (n *night) linkOut(from string, files []lake.File) error {
	to := building(n.Out, n.w.Run)
	for _, f := range files {
		src, dst := filepath.Join(from, filepath.FromSlash(f.Path)), filepath.Join(to, filepath.FromSlash(f.Path))
		if err := lake.Verify(src, f); err != nil {
			return fmt.Errorf("%s: %w", f.Path, errors.New(prose.Cause(err)))
		}
		if err := os.MkdirAll(filepath.Dir(dst), 0o700); err != nil {
			return err
		}
		if err := linkOrCopy(src, dst); err != nil {
			return err
		}
	}
	if len(files) == 0 {
		return nil
	}
	return n.syncBuilding()
}

// linkOrCopy gives a finished file a second name. A leftover of the same name is replaced.
func linkOrCopy(src, dst string) error {
	if err := os.Remove(dst); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := os.Link(src, dst)
	if err == nil ||
		!(errors.Is(err, syscall.EXDEV) || errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EMLINK)) {
		return err
	}
	return copyFile(src, dst)
}

// copyFile writes a synced copy under a name that must not exist.
func copyFile(src, dst string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(dst, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return err
}

// syncTree makes the names in a folder and all below it durable.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !d.IsDir() {
			return err
		}
		return lake.SyncDir(path)
	})
}

// syncBuilding makes the names of the outputs durable, down from the folder that holds out/.
func (n *night) syncBuilding() error {
	if err := syncTree(building(n.Out, n.w.Run)); err != nil {
		return err
	}
	if err := lake.SyncDir(n.Out); err != nil {
		return err
	}
	return lake.SyncDir(filepath.Dir(n.Out))
}

// freshOut lists the output files, by path, that no earlier stage of the night wrote. A stage that
// changes another's file breaks the contract.
func (n *night) freshOut() ([]string, error) {
	known := map[string]lake.File{}
	for _, f := range n.out {
		known[f.Path] = f
	}
	root := building(n.Out, n.w.Run)
	var fresh []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		info, err := d.Info()
		if err != nil {
			return err
		}
		if f, ok := known[rel]; !ok {
			fresh = append(fresh, rel)
		} else if info.Size() != f.Bytes {
			return fmt.Errorf("output %s was written by an earlier stage and has been changed", rel)
		}
		return nil
	})
	return fresh, err
}
