package schedule

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"miic/forecast/cdsi"
)

// Load reads a schedule from a folder: our text form, or a release of CDC's XML as published. "" is the built-in. Notes
// come with XML only: what is written in our form was noted when it was imported.
func Load(dir string) (*cdsi.Schedule, []Note, error) {
	if dir == "" {
		s, err := Default()
		return s, nil, err
	}
	released, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil {
		return nil, nil, fmt.Errorf("schedule %s: %w", dir, err)
	}
	if len(released) > 0 {
		s, notes, err := ReadXML(dir)
		if err != nil {
			return nil, nil, fmt.Errorf("schedule %s: %w", dir, err)
		}
		return s, notes, nil
	}
	s, err := Read(os.DirFS(dir))
	if left := filepath.Join(workFolder(filepath.Clean(dir)), "old"); errors.Is(err, fs.ErrNotExist) && isThere(left) {
		return nil, nil, fmt.Errorf("schedule %s: an import was cut off while it replaced the schedule: run 'miic "+
			"schedule import' again, or move %s there", dir, left)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("schedule %s: neither CDC's XML nor a schedule in our form is there; import one with "+
			"'miic schedule import'", dir)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("schedule %s: %w", dir, err)
	}
	return s, nil, markEdited(s)
}

// workFolder is where an import into dir does its work: beside it, under a name that the next import knows.
func workFolder(dir string) string {
	return filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+"-import")
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// takeUp clears away what an import into dir that was cut off has left, and puts the schedule back that it had moved
// aside.
func takeUp(dir string) error {
	work := workFolder(dir)
	if old := filepath.Join(work, "old"); !isThere(dir) && isThere(old) {
		if err := os.Rename(old, dir); err != nil {
			return err
		}
	}
	return os.RemoveAll(work)
}

// Replace writes the schedule into dir in our text form, in place of the schedule that may be there. It is written
// beside, read back and compared before it takes the place, so that on an error the schedule in dir stays as it was. A
// folder with files of another kind is refused. What an import that was cut off has left is cleared away first.
func Replace(s *cdsi.Schedule, dir string) (err error) {
	dir = filepath.Clean(dir)
	if err := ours(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	if err := takeUp(dir); err != nil {
		return err
	}
	work := workFolder(dir)
	if err := os.Mkdir(work, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(work)
	fresh, old := filepath.Join(work, "new"), filepath.Join(work, "old")
	if err := Write(s, fresh); err != nil {
		return err
	}
	back, err := Read(os.DirFS(fresh))
	if err != nil {
		return fmt.Errorf("what was written cannot be read again: %w", err)
	}
	if same, err := equal(s, back); err != nil || !same {
		return errors.Join(fmt.Errorf("what was written into %s is not what was read", fresh), err)
	}
	replaced := isThere(dir)
	if replaced {
		if err := os.Rename(dir, old); err != nil {
			return err
		}
	}
	if err := os.Rename(fresh, dir); err != nil {
		if replaced {
			err = errors.Join(err, os.Rename(old, dir))
		}
		return err
	}
	return nil
}

// ours refuses a folder that holds anything but a schedule in our form.
func ours(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == dir {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && (rel == "." || rel == antigenDir):
		case d.Type().IsRegular() && (rel == commonFile || filepath.Dir(rel) == antigenDir && strings.HasSuffix(rel, ".txt")):
		default:
			return fmt.Errorf("folder %s holds %s, which is no part of a schedule in our form: name another folder, or move "+
				"it away", dir, rel)
		}
		return nil
	})
}

func equal(a, b *cdsi.Schedule) (bool, error) {
	var x, y bytes.Buffer
	if err := errors.Join(Text(&x, a), Text(&y, b)); err != nil {
		return false, err
	}
	return bytes.Equal(x.Bytes(), y.Bytes()), nil
}
