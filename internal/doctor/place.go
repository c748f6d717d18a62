package doctor

import (
	"fmt"
	"io/fs"
	"strings"

	"miic/internal/prose"
)

// Config is the file with the settings.
type Config struct {
	Path    string
	Err     string      // why it cannot be used
	Mode    fs.FileMode // 0: not known
	User    string      // who asks
	Root    bool        // who may do everything, so that rights cannot be judged
	Senders int
	Secret  bool // it names a hook, whose address is often all that is needed to write there
}

func (c Config) judge() []Finding {
	if c.Err != "" {
		return []Finding{fault("mend it; 'miic config' shows what is in force", "%s", c.Err)}
	}
	var list []Finding
	if c.Mode&0o022 != 0 {
		list = append(list, fault("chmod go-w "+c.Path,
			"others may write %s (mode %04o): they decide what a night does", c.Path, c.Mode.Perm()))
	}
	if c.Secret && c.Mode&0o004 != 0 {
		list = append(list, note("chmod o-r "+c.Path, "anybody may read the webhook's address in %s", c.Path))
	}
	if c.Senders == 0 {
		list = append(list, note("name them under senders: in "+c.Path, "no sender is configured: a night takes nothing in"))
	}
	if c.Root {
		list = append(list, note("sudo -u miic miic doctor, or whoever runs the nights",
			"asked by %s, who may do everything: rights were not judged", c.User))
	}
	if len(list) == 0 {
		list = append(list, ok("%s: %s", c.Path, prose.Count(int64(c.Senders), "sender", "senders")))
	}
	return list
}

// Folder is one of the folders that the configuration names, or verdicts, which is a file.
type Folder struct {
	Name    string // lake, inbox, archive, out, verdicts
	Path    string
	Missing bool // it is not there; then the rest is about the nearest folder above it that is
	Mode    fs.FileMode
	Owner   string // "" when it is the one who asks
	Read    bool   // whoever asks may list and enter it
	Write   bool   // and make and remove in it
	Kind    string // of its file system
	Network bool
	Passing bool
}

// Folders are those of the configuration.
type Folders []Folder

func (list Folders) judge(c Config) []Finding {
	var found []Finding
	names := []string{}
	for _, f := range list {
		found = append(found, f.judge(c)...)
		names = append(names, f.Name)
	}
	if len(found) == 0 {
		found = append(found, ok("%s: rights as needed, %s", strings.Join(names, ", "), kinds(list)))
	}
	return found
}

// kinds names the file systems, in the order of the folders.
func kinds(list Folders) string {
	var names []string
	for _, f := range list {
		if f.Kind != "" && !strings.Contains(" "+strings.Join(names, " ")+" ", " "+f.Kind+" ") {
			names = append(names, f.Kind)
		}
	}
	if len(names) == 0 {
		return "file system not known"
	}
	return strings.Join(names, " and ")
}

func (f Folder) judge(c Config) []Finding {
	var list []Finding
	where := fmt.Sprintf("%s, %s:", f.Name, f.Path)
	switch {
	case f.Missing && f.Name == "inbox":
		list = append(list, fault(fmt.Sprintf("install -d -m 711 %s, or name another under inbox:", f.Path),
			"%s it is not there, and a night fails", where))
	case c.Root:
	case f.Missing && !f.Write:
		list = append(list, fault(fmt.Sprintf("make it for the user of the nights: install -d -m 700 -o %s %s", c.User, f.Path),
			"%s it is not there, and %s may not make it", where, c.User))
	case !f.Missing && !(f.Read && f.Write):
		do := "run the nights as the user who owns it, or chown it"
		if f.Owner != "" {
			do = fmt.Sprintf("it belongs to %s: run the nights as that user, or chown it", f.Owner)
		}
		list = append(list, fault(do, "%s %s may not %s it", where, c.User, lacks(f)))
	}
	if !f.Missing {
		list = append(list, f.open(where)...)
	}
	switch {
	case f.Network && (f.Name == "lake" || f.Name == "inbox"):
		list = append(list, fault("move it to a local disk",
			"%s it is on %s, where locks and renames of other machines cannot be relied on", where, f.Kind))
	case f.Passing && f.Name != "verdicts":
		list = append(list, note("move it to a disk, or mount one there",
			"%s it is on %s, which may not outlive the machine or the container", where, f.Kind))
	}
	return list
}

func lacks(f Folder) string {
	switch {
	case f.Read:
		return "write"
	case f.Write:
		return "read"
	}
	return "read or write"
}

// open finds rights that are too wide. Senders pass through the inbox, so that it may be entered; what the others hold
// is of no concern to anybody else.
func (f Folder) open(where string) []Finding {
	perm := f.Mode.Perm()
	switch {
	case f.Name == "inbox" && perm&0o002 != 0 && f.Mode&fs.ModeSticky == 0:
		return []Finding{fault("chmod o-w "+f.Path, "%s anybody may remove and replace deliveries (mode %04o)", where, perm)}
	case f.Name == "inbox" && perm&0o004 != 0:
		return []Finding{note("chmod o-r "+f.Path, "%s anybody may see who delivers (mode %04o)", where, perm)}
	case f.Name == "inbox":
	case perm&0o007 != 0:
		return []Finding{fault("chmod o-rwx "+f.Path, "%s it is open to everybody on this machine (mode %04o)", where, perm)}
	case perm&0o020 != 0:
		return []Finding{note("chmod g-w "+f.Path, "%s its group may write it (mode %04o)", where, perm)}
	}
	return nil
}

// Disk is one file system and what the configuration has on it.
type Disk struct {
	For   []string // names of the folders on it
	Kind  string
	Free  int64  // bytes
	Files int64  // that can still be made; -1: as many as there is room for
	Need  int64  // of the next night, by the largest of the last; 0: not known
	Rests string // what Need rests on
}

func judgeDisks(disks []Disk) []Finding {
	var list []Finding
	for _, d := range disks {
		where := strings.Join(d.For, ", ")
		switch {
		case d.Files >= 0 && d.Files < 1000:
			list = append(list, fault("remove files there, or make the file system anew with more of them",
				"%s: only %d more files can be made", where, d.Files))
		case d.Free < d.Need:
			list = append(list, fault("free space: 'miic lake prune --dry-run' lists what may go",
				"%s: %s free, a night needs %s (%s)", where, size(d.Free), size(d.Need), d.Rests))
		case d.Free < 3*d.Need:
			list = append(list, note("free space soon: 'miic lake prune --dry-run' lists what may go",
				"%s: %s free, a night needs %s (%s)", where, size(d.Free), size(d.Need), d.Rests))
		case d.Need == 0 && d.Free < 1<<30:
			list = append(list, note("the first load needs about as much as is delivered",
				"%s: %s free; what a night needs is not known yet", where, size(d.Free)))
		case d.Need == 0:
			list = append(list, ok("%s: %s free; no night to compare with", where, size(d.Free)))
		default:
			list = append(list, ok("%s: %s free, a night needs %s", where, size(d.Free), size(d.Need)))
		}
	}
	return list
}

// size writes bytes the way people read them.
func size(n int64) string {
	switch {
	case n >= 10e9:
		return prose.Thousands(n/1e9) + " GB"
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return prose.Thousands(n/1e6) + " MB"
	}
	return prose.Thousands((n+999)/1000) + " kB"
}

// Memory is what a night may have and what it needs, in MiB; 0 is not known.
type Memory struct {
	Total, Available, Limit int64 // Limit: of the control group of whoever asks
	Engine                  int64 // memory_mib
	Heap                    int64 // GOMEMLIMIT, where it is set for whoever asks
	Peak                    int64 // of the last nights
}

func (m Memory) judge() []Finding {
	if m.Total == 0 {
		return []Finding{note("", "the system does not report it; memory_mib is %s", mib(m.Engine))}
	}
	most, whose := m.Total, "the machine has"
	if m.Limit > 0 && m.Limit < most {
		most, whose = m.Limit, "the control group allows"
	}
	need, by := m.Engine, "memory_mib alone is"
	if m.Peak > need {
		need, by = m.Peak, "the last nights took"
	}
	smaller := "make memory_mib and GOMEMLIMIT smaller, or give it more"
	var list []Finding
	switch {
	case need > most:
		list = append(list, fault(smaller, "%s %s, and %s %s", whose, mib(most), by, mib(need)))
	case m.Available > 0 && need > m.Available:
		list = append(list, note("see what else takes memory at night",
			"%s are free of %s now, and %s %s", mib(m.Available), mib(most), by, mib(need)))
	case m.Heap > 0 && m.Engine+m.Heap > most:
		list = append(list, note(smaller, "memory_mib and GOMEMLIMIT are %s together, and %s %s", mib(m.Engine+m.Heap), whose, mib(most)))
	case m.Engine > most*3/4:
		list = append(list, note(smaller, "memory_mib is %s of %s: Go's heap comes on top", mib(m.Engine), mib(most)))
	case m.Peak > 0:
		list = append(list, ok("%s %s, %s free now; the last nights took %s", whose, mib(most), mib(m.Available), mib(m.Peak)))
	default:
		list = append(list, ok("%s %s, %s free now; memory_mib is %s", whose, mib(most), mib(m.Available), mib(m.Engine)))
	}
	return list
}

func mib(n int64) string {
	if n >= 10*1024 {
		return prose.Thousands(n/1024) + " GiB"
	}
	return prose.Thousands(n) + " MiB"
}
