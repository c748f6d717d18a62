package schedule

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/forecast/cdsi"
	"miic/internal/testdata"
)

func read(t *testing.T, dir string) *cdsi.Schedule {
	t.Helper()
	s, err := Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReplacePutsTheNewScheduleInPlace(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "schedule")
	old, err := Read(small())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // into nothing, then over what is there
		if err := Replace(old, dir); err != nil {
			t.Fatal(err)
		}
	}
	next, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if err := Replace(next, dir); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir); got.Version != "4.64" || difference(next, got) != "" {
		t.Errorf("schedule %s is in place, want 4.64", got.Version)
	}
	if _, err := os.Stat(filepath.Join(dir, antigenDir, "a.txt")); err == nil {
		t.Error("a file of the old schedule is left")
	}
	if entries, _ := os.ReadDir(home); len(entries) != 1 {
		t.Errorf("left beside the schedule: %v", entries)
	}
}

func TestReplaceLeavesTheOldScheduleOnAnError(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "schedule")
	old, err := Read(small())
	if err != nil {
		t.Fatal(err)
	}
	if err := Replace(old, dir); err != nil {
		t.Fatal(err)
	}
	broken := *old // two antigens that would share a file
	broken.Antigens = append(append([]cdsi.Antigen{}, old.Antigens...), cdsi.Antigen{Name: "a"})
	if err := Replace(&broken, dir); err == nil || !strings.Contains(err.Error(), "two antigens") {
		t.Errorf("error %v", err)
	}
	headless := *old
	headless.Groups = nil
	if err := Replace(&headless, dir); err == nil || !strings.Contains(err.Error(), "cannot be read again") {
		t.Errorf("error %v", err)
	}
	if got := read(t, dir); difference(old, got) != "" {
		t.Error("the schedule in place was changed")
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.doc"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Replace(old, dir); err == nil || !strings.Contains(err.Error(), "notes.doc") {
		t.Errorf("a folder with a foreign file was replaced: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "notes.doc")); err != nil {
		t.Error("the foreign file is gone")
	}
	if entries, _ := os.ReadDir(home); len(entries) != 1 {
		t.Errorf("left beside the schedule: %v", entries)
	}
}

func TestLoadSaysWhatIsMissing(t *testing.T) {
	if _, _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "miic schedule import") {
		t.Errorf("an empty folder: %v", err)
	}
	s, notes, err := Load("")
	if err != nil || s.Version != "4.64" || notes != nil {
		t.Errorf("the built-in: %v, %v", notes, err)
	}
}

// Wherever a file of a release breaks off, the release is refused and the file named.
func TestAReleaseThatBreaksOffIsRefused(t *testing.T) {
	from := testdata.Dir(t, builtinRelease)
	files, err := filepath.Glob(filepath.Join(from, "*.xml"))
	if err != nil || len(files) < 31 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	dir := filepath.Join(t.TempDir(), "release 4.64")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 12 {
		file := files[r.IntN(len(files))]
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		end := r.IntN(len(whole) - 10)
		if err := os.WriteFile(filepath.Join(dir, name), whole[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		if s, _, err := ReadXML(dir); err == nil || s != nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s cut at byte %d of %d: %v", name, end, len(whole), err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A release that lacks a whole part of the schedule file is incomplete, though it is good XML.
func TestAReleaseWithoutAPartIsRefused(t *testing.T) {
	for _, part := range []string{"liveVirusConflicts", "vaccineGroups", "vaccineGroupToAntigenMap", "cvxToAntigenMap",
		"observations"} {
		dir := releaseWith(t, "release 4.64", scheduleFile, "<"+part+">", "<was-"+part+">")
		path := filepath.Join(dir, scheduleFile)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(data), "</"+part+">", "</was-"+part+">", 1)),
			0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ReadXML(dir); err == nil || !strings.Contains(err.Error(), scheduleFile) ||
			!strings.Contains(err.Error(), "element scheduleSupportingData/"+part+": missing") {
			t.Errorf("without %s: %v", part, err)
		}
	}
}

// A killed import is taken up by the next one, wherever it was cut off, and what is in place is whole meanwhile.
func TestAKilledImportIsClearedAway(t *testing.T) {
	s, err := Read(small())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		left func(dir, work string) error
	}{
		{"while writing", func(dir, work string) error {
			return os.WriteFile(filepath.Join(work, "new"), []byte("half"), 0o600)
		}},
		{"with the old schedule aside", func(dir, work string) error { return os.Rename(dir, filepath.Join(work, "old")) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := t.TempDir()
			dir := filepath.Join(home, "schedule")
			if err := Replace(s, dir); err != nil {
				t.Fatal(err)
			}
			work := workFolder(dir)
			if err := os.Mkdir(work, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := c.left(dir, work); err != nil {
				t.Fatal(err)
			}
			if _, _, err := Load(dir); err != nil && !strings.Contains(err.Error(), "cut off") {
				t.Errorf("meanwhile: %v", err)
			}
			broken := *s
			broken.Groups = nil
			if err := Replace(&broken, dir); err == nil {
				t.Fatal("a broken schedule was taken")
			}
			if got := read(t, dir); difference(s, got) != "" {
				t.Error("the old schedule is not back in place after a refused import")
			}
			if err := Replace(s, dir); err != nil {
				t.Fatal(err)
			}
			if entries, _ := os.ReadDir(home); len(entries) != 1 {
				t.Errorf("left beside the schedule: %v", entries)
			}
		})
	}
}
