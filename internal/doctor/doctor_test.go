package doctor

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var now = time.Date(2026, 3, 10, 6, 0, 0, 0, time.UTC)

// wellSite is a site where all is well.
func wellSite() Site {
	folder := func(name, path string, mode fs.FileMode) Folder {
		return Folder{Name: name, Path: path, Mode: fs.ModeDir | mode, Read: true, Write: true, Kind: "ext4"}
	}
	s := Site{
		Config: Config{Path: "/etc/miic/miic.yaml", Mode: 0o640, User: "miic", Senders: 12},
		Folders: Folders{folder("lake", "/var/lib/miic/lake", 0o700), folder("inbox", "/var/spool/miic", 0o711),
			folder("archive", "/var/lib/miic/archive", 0o700), folder("out", "/var/lib/miic/out", 0o750)},
		Disks:  []Disk{{For: []string{"lake", "inbox", "archive", "out"}, Kind: "ext4", Free: 500e9, Files: 9e6, Need: 12e9}},
		Memory: Memory{Total: 32000, Available: 30000, Engine: 4096, Heap: 5120, Peak: 8400},
		Clock: Clock{Now: now, Zone: "America/Chicago", Kept: true, Known: true, AsOf: "2026-03-09",
			Newest: now.Add(-4 * time.Hour)},
		Codes:   Reference{Schedule: "4.64", Oldest: "2025-12-01"},
		Backup:  Backup{Path: "/backup", Newest: now.Add(-2 * time.Hour), Night: now.Add(-4 * time.Hour)},
		Sharing: Sharing{Folder: "/etc/miic/recipients", Recipients: 12},
		Lake:    Lake{Snapshot: 41, AsOf: "2026-03-09", Published: true, LastRun: "000050", State: "published"},
	}
	for i := range 12 {
		s.Senders = append(s.Senders, Sender{ID: fmt.Sprintf("clinic-%d", i), Path: "/var/spool/miic/x",
			Mode: fs.ModeDir | fs.ModeSetgid | 0o770, Owner: "sftp", List: true, Remove: true, Files: 1,
			Patterns: []Pattern{{"CL_*.txt", "wir-client"}, {"IM_*.txt", "wir-immunization"}}})
	}
	return s
}

// TestAllIsWell: one screen, and nothing on it asks for anything.
func TestAllIsWell(t *testing.T) {
	r := Examine(wellSite())
	if !r.Ready {
		t.Error("not ready")
	}
	for _, f := range r.Findings {
		if f.Level != OK || f.Do != "" {
			t.Errorf("%+v", f)
		}
	}
	var b strings.Builder
	r.Write(&b)
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) > 24 || lines[len(lines)-1] != "ready for a night" {
		t.Errorf("%d lines:\n%s", len(lines), b.String())
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("%d columns: %s", utf8.RuneCountInString(line), line)
		}
	}
}

// TestWhatIsFound: one thing is wrong at a time, and it is found under its check, at its level, in these words, with
// what to do about it; everything else is still well.
func TestWhatIsFound(t *testing.T) {
	folder := func(s *Site, name string) *Folder {
		for i := range s.Folders {
			if s.Folders[i].Name == name {
				return &s.Folders[i]
			}
		}
		t.Fatal(name)
		return nil
	}
	for _, c := range []struct {
		name   string
		change func(*Site)
		check  string
		level  Level
		text   string // found in the finding
	}{
		{"others may write the settings", func(s *Site) { s.Config.Mode = 0o664 }, "configuration", Fault, "mode 0664"},
		{"anybody reads the hook", func(s *Site) { s.Config.Mode, s.Config.Secret = 0o644, true }, "configuration", Note, "webhook"},
		{"no sender", func(s *Site) { s.Config.Senders, s.Senders = 0, nil }, "configuration", Note, "no sender"},
		{"asked by root", func(s *Site) { s.Config.Root, s.Config.User = true, "root" }, "configuration", Note, "not judged"},

		{"no inbox", func(s *Site) { folder(s, "inbox").Missing = true }, "folders", Fault, "a night fails"},
		{"no lake and no right to make one", func(s *Site) { f := folder(s, "lake"); f.Missing, f.Write = true, false },
			"folders", Fault, "miic may not make it"},
		{"the lake is another's", func(s *Site) { f := folder(s, "lake"); f.Write, f.Owner = false, "root" }, "folders", Fault,
			"may not write it"},
		{"the archive is closed", func(s *Site) { f := folder(s, "archive"); f.Read, f.Write = false, false }, "folders",
			Fault, "may not read or write it"},
		{"the lake is open", func(s *Site) { folder(s, "lake").Mode = fs.ModeDir | 0o755 }, "folders", Fault, "open to everybody"},
		{"the lake's group", func(s *Site) { folder(s, "lake").Mode = fs.ModeDir | 0o770 }, "folders", Note, "its group"},
		{"anybody delivers", func(s *Site) { folder(s, "inbox").Mode = fs.ModeDir | 0o777 }, "folders", Fault, "replace deliveries"},
		{"anybody lists the inbox", func(s *Site) { folder(s, "inbox").Mode = fs.ModeDir | 0o755 }, "folders", Note, "who delivers"},
		{"the lake is on a network", func(s *Site) { f := folder(s, "lake"); f.Kind, f.Network = "nfs", true }, "folders",
			Fault, "on nfs"},
		{"the lake is in a container", func(s *Site) { f := folder(s, "lake"); f.Kind, f.Passing = "overlay", true },
			"folders", Note, "on overlay"},

		{"no room for a night", func(s *Site) { s.Disks[0].Free = 11e9 }, "disk", Fault, "11 GB free, a night needs 12 GB"},
		{"room for two nights", func(s *Site) { s.Disks[0].Free = 25e9 }, "disk", Note, "25 GB free"},
		{"no more files", func(s *Site) { s.Disks[0].Files = 12 }, "disk", Fault, "12 more files"},
		{"little room for a first night", func(s *Site) { s.Disks[0].Need, s.Disks[0].Free = 0, 1e8 }, "disk", Note, "not known yet"},

		{"less memory than memory_mib", func(s *Site) { s.Memory = Memory{Total: 3000, Available: 2000, Engine: 4096} },
			"memory", Fault, "memory_mib alone is 4,096 MiB"},
		{"less memory than the last nights took", func(s *Site) { s.Memory.Total, s.Memory.Heap = 8000, 0 }, "memory", Fault,
			"the last nights took 8,400 MiB"},
		{"the group allows less", func(s *Site) { s.Memory.Limit = 8000 }, "memory", Fault, "the control group allows 8,000 MiB"},
		{"others have it now", func(s *Site) { s.Memory.Available = 6000 }, "memory", Note, "6,000 MiB are free of 31 GiB now"},
		{"engine and heap together", func(s *Site) { s.Memory.Heap = 31000 }, "memory", Note, "together"},
		{"the system does not report it", func(s *Site) { s.Memory = Memory{Engine: 4096} }, "memory", Note, "does not report"},

		{"today is before HEAD", func(s *Site) { s.Clock.AsOf = "2026-03-11" }, "clock", Fault, "every night is refused"},
		{"the clock was turned back", func(s *Site) { s.Clock.Newest = now.Add(time.Hour) }, "clock", Fault, "written later"},
		{"no night for three days", func(s *Site) { s.Clock.AsOf = "2026-03-07" }, "clock", Note, "3 days ago"},
		{"a year off", func(s *Site) { s.Clock.AsOf = "2025-03-10" }, "clock", Note, "365 days ago"},
		{"nothing keeps the clock", func(s *Site) { s.Clock.Kept = false }, "clock", Note, "nothing keeps"},

		{"the season is over", func(s *Site) { s.Codes.Over = []string{"Influenza: over since 2026-03-09"} }, "reference", Note,
			"Influenza: over since 2026-03-09"},
		{"old codes", func(s *Site) { s.Codes.Old = []Old{{"codes: of 2023-01-01", "renew them"}} }, "reference", Note, "2023-01-01"},
		{"no schedule", func(s *Site) { s.Codes.Err = "no such folder" }, "reference", Fault, "no such folder"},

		{"no backup is known", func(s *Site) { s.Backup.Path = "" }, "backup", Note, "not known"},
		{"no backup since the night before last", func(s *Site) { s.Backup.Newest = now.Add(-50 * time.Hour) }, "backup", Note, "2 days ago"},
		{"no backup for a week", func(s *Site) { s.Backup.Newest = now.Add(-8 * day) }, "backup", Fault, "8 days ago"},
		{"an empty folder of backups", func(s *Site) { s.Backup.Newest = time.Time{} }, "backup", Fault, "is empty"},
		{"backups on a disk that is not there", func(s *Site) { s.Backup.Err = "it is not there" }, "backup", Fault, "not there"},

		{"a damaged lake", func(s *Site) { s.Lake.Err, s.Lake.Do = "HEAD is missing", "check it" }, "lake", Fault, "HEAD is missing"},
		{"a killed run", func(s *Site) { s.Lake.State = "killed" }, "lake", Note, "was killed"},
		{"a failed run", func(s *Site) { s.Lake.State = "failed" }, "lake", Note, "000050, failed"},
		{"not published", func(s *Site) { s.Lake.Published, s.Lake.State = false, "committed" }, "lake", Note, "not published"},
		{"held", func(s *Site) { s.Lake.Held = 1 }, "lake", Note, "1 night is held"},

		{"a sender without a folder", func(s *Site) { s.Senders[3].Missing = true }, "senders", Note, "1 sender has no folder in the inbox and cannot deliver: clinic-3"},
		{"a folder that is a link", func(s *Site) { s.Senders[3].Linked = true }, "senders", Fault, "symbolic link"},
		{"a folder that is closed", func(s *Site) { s.Senders[3].List = false }, "senders", Fault, "belongs to sftp"},
		{"a folder of which nothing can be taken", func(s *Site) { s.Senders[3].Remove = false }, "senders", Fault, "take files out"},
		{"files that are closed", func(s *Site) { s.Senders[3].Closed = 2 }, "senders", Fault, "2 files"},
		{"files that stay", func(s *Site) { s.Senders[3].Fixed = 2 }, "senders", Fault, "sticky bit"},
		{"a folder elsewhere", func(s *Site) { s.Senders[3].Apart = true }, "senders", Note, "another file system"},
		{"anybody delivers for it", func(s *Site) { s.Senders[3].Mode = fs.ModeDir | 0o777 }, "senders", Fault, "anybody may put"},
		{"anybody looks", func(s *Site) { s.Senders[3].Mode = fs.ModeDir | 0o755 }, "senders", Note, "anybody may look"},
		{"patterns that overlap", func(s *Site) { s.Senders[3].Patterns[1].Names = "CL_2026*" }, "senders", Note,
			"CL_*.txt and CL_2026*; wir-client reads it"},
		{"a folder of nobody", func(s *Site) { s.Stray = []string{"Clinic-3"} }, "senders", Note, "1 folder of the inbox belongs"},
		{"an entry with a mistake", func(s *Site) { s.Sharing.Refused = []string{"metro.yaml:2: unknown kind"} }, "recipients",
			Fault, "metro.yaml:2"},
		{"a mistake in a campaign", func(s *Site) { s.Sharing.NotSent = []string{"campaigns: toddlers.yaml:2: no group"} }, "recipients",
			Fault, "toddlers.yaml:2"},
		{"a region of nobody", func(s *Site) { s.Sharing.NotWritten = []string{"no entry names regions/metro"} }, "recipients",
			Note, "not written: no entry names regions/metro"},
		{"an agreement that ends", func(s *Site) { s.Sharing.EndsSoon = []string{"agreement A ends"} }, "recipients", Note, "agreement A"},
		{"files beside the folders", func(s *Site) { s.Loose = 2 }, "senders", Note, "2 files of the inbox lie"},
	} {
		s := wellSite()
		c.change(&s)
		r := Examine(s)
		if r.Ready != (c.level != Fault) {
			t.Errorf("%s: ready is %v", c.name, r.Ready)
		}
		found := 0
		for _, f := range r.Findings {
			switch {
			case f.Level == OK:
			case f.Check != c.check || f.Level != c.level || !strings.Contains(f.Text, c.text):
				t.Errorf("%s: unexpected %+v", c.name, f)
			default:
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s: found %d times: %+v", c.name, found, r.Findings)
		}
	}
}

// TestInOrderAsWell: what looks like a fault and is none.
func TestInOrderAsWell(t *testing.T) {
	for name, change := range map[string]func(*Site){
		"a run is going on": func(s *Site) { s.Lake.Holder, s.Lake.State, s.Lake.Published = "host a, pid 1", "killed", false },
		"before the first night": func(s *Site) {
			s.Lake, s.Clock.AsOf, s.Clock.Newest = Lake{Missing: true}, "", time.Time{}
			s.Disks[0].Need, s.Memory.Peak, s.Backup.Night = 0, 0, time.Time{}
			for i := range s.Folders {
				s.Folders[i].Missing = s.Folders[i].Name != "inbox"
			}
		},
		"two patterns for one layout":         func(s *Site) { s.Senders[0].Patterns = []Pattern{{"a*", "x"}, {"*b", "x"}} },
		"the archive on a network":            func(s *Site) { s.Folders[2].Kind, s.Folders[2].Network = "nfs", true },
		"it is not known who keeps the clock": func(s *Site) { s.Clock.Known, s.Clock.Kept = false, false },
	} {
		s := wellSite()
		change(&s)
		for _, f := range Examine(s).Findings {
			if f.Level != OK {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

// TestManyFindings: a hundred senders without a folder leave the other checks on the screen, faults first.
func TestManyFindings(t *testing.T) {
	s := wellSite()
	for i := range 100 {
		s.Senders = append(s.Senders, Sender{ID: fmt.Sprintf("new-%d", i), Path: "/x", Linked: true})
	}
	for i := range 10 {
		s.Senders = append(s.Senders, Sender{ID: fmt.Sprintf("missing-%d", i), Path: "/x", Missing: true})
	}
	s.Senders[0].Closed = 1
	r := Examine(s)
	var list []Finding
	for _, f := range r.Findings {
		if f.Check == "senders" {
			list = append(list, f)
		}
	}
	if len(list) != most || list[0].Level != Fault || list[most-1].Level != Fault || !strings.Contains(list[most-1].Text, "and 97 more") {
		t.Errorf("%+v", list)
	}
	if r.Ready {
		t.Error("ready with a fault")
	}
	// A fault that is not listed counts.
	for i := range s.Senders[:12] {
		s.Senders[i].Closed = 1
	}
	if Examine(s).Ready {
		t.Error("ready with faults")
	}
	// A name from outside cannot write a line of its own.
	s = wellSite()
	s.Stray = []string{"x\nfault  lake  all is lost"}
	var b strings.Builder
	Examine(s).Write(&b)
	if strings.Contains(b.String(), "\nfault") {
		t.Errorf("a forged line:\n%s", b.String())
	}
}

// TestWithoutAConfiguration: nothing else is known then, and nothing else is claimed.
func TestWithoutAConfiguration(t *testing.T) {
	r := Examine(Site{Config: Config{Path: "miic.yaml", Err: "unknown field\n  colour: red"}})
	if r.Ready || len(r.Findings) != 1 || r.Findings[0].Level != Fault || r.Findings[0].Do == "" {
		t.Errorf("%+v", r)
	}
}

// Item 9: between two seasons the end of the last is said, and nothing is asked for.
func TestBetweenTwoSeasons(t *testing.T) {
	site := wellSite()
	site.Codes.Off = []string{"RSV: over since 2026-03-09"}
	r := Examine(site)
	if !r.Ready || !slices.Contains(r.Findings, Finding{Check: "reference", Level: OK, Text: "RSV: over since 2026-03-09"}) {
		t.Errorf("%+v", r.Findings)
	}
}
