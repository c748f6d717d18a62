package withdrawal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"miic/internal/lake"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/bundle"
)

// NoteName is the file that is left in a withdrawn folder.
const NoteName = "WITHDRAWN.txt"

const withdrawnText = `The files of this folder were withdrawn: somebody in them may be shown to you no more.
Take the newest folder. Do not use copies or prints of the files that lay here, and destroy them.
`

// TakeOut takes folders of older nights, and the sealed bundles that hold them, out of out/, as the table withdrawal has
// them: those of tonight, those that a killed run has left half done, and those that have come back from a backup. What is
// to go is in the ledger before it goes. A folder that a prune has removed is no concern; nor is one that is a link, as in
// a rehearsal. A folder is moved aside whole before its files go, so that nobody finds a part of it.
func TakeOut(w *lake.Writer, m *lake.Manifest, out string) error {
	rows, err := table.ReadAll[table.Withdrawal](w.Files(m, table.Withdrawals.Name))
	if err != nil {
		return err
	}
	var list []lake.Withdrawn
	for _, row := range rows {
		if row.Of >= m.Snapshot || !filepath.IsLocal(row.Folder) { // never tonight's own
			continue
		}
		lies, err := stillLies(lake.OutFolder(out, row.Of), row.Folder)
		if err != nil {
			return err
		}
		if lies {
			list = append(list, lake.Withdrawn{Snapshot: row.Of, Folder: row.Folder})
		}
	}
	if len(list) == 0 {
		return nil
	}
	if err := w.Append(m.Run, lake.Event{Event: lake.OutputsWithdrawn, Snapshot: m.Snapshot, Withdrawn: list}); err != nil {
		return err
	}
	for _, d := range list {
		if err := takeOutOf(w, lake.OutFolder(out, d.Snapshot), d.Folder); err != nil {
			return fmt.Errorf("the files of %s of snapshot %d must be withdrawn, since somebody in them may be shown no more, "+
				"and cannot be: %s: remove the folder by hand, and run again", d.Folder, d.Snapshot, prose.Cause(err))
		}
	}
	return nil
}

// aside is where a folder is moved before its files go.
func aside(night, folder string) string {
	path := filepath.Join(night, filepath.FromSlash(folder))
	return filepath.Join(filepath.Dir(path), ".withdrawn-"+filepath.Base(path))
}

// stillLies reports that something of a folder is there to be withdrawn.
func stillLies(night, folder string) (bool, error) {
	info, err := os.Lstat(night)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := os.Lstat(aside(night, folder)); err == nil {
		return true, nil
	}
	entries, err := os.ReadDir(filepath.Join(night, filepath.FromSlash(folder)))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return len(entries) != 1 || entries[0].Name() != NoteName, err
}

// takeOutOf takes one folder out. The bundles go first: a folder that is gone has no bundle.
func takeOutOf(w *lake.Writer, night, folder string) error {
	sealed, err := bundle.Holding(night, folder)
	if err != nil {
		return err
	}
	for _, path := range sealed {
		if err := os.Remove(filepath.Join(night, filepath.FromSlash(path))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		w.Point("bundle withdrawn")
	}
	path, gone := filepath.Join(night, filepath.FromSlash(folder)), aside(night, folder)
	if err := os.RemoveAll(gone); err != nil {
		return err
	}
	if err := os.Rename(path, gone); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	w.Point("folder aside")
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(path, NoteName), []byte(withdrawnText), 0o600); err != nil {
		return err
	}
	for _, dir := range []string{path, filepath.Dir(path)} {
		if err := lake.SyncDir(dir); err != nil {
			return err
		}
	}
	w.Point("folder marked")
	if err := os.RemoveAll(gone); err != nil {
		return err
	}
	w.Point("folder withdrawn")
	return lake.SyncDir(filepath.Dir(path))
}
