package doctor

import (
	"io/fs"
	"strings"

	"miic/internal/prose"
)

// Sender is who delivers, and the sender's folder in the inbox.
type Sender struct {
	ID       string
	Patterns []Pattern
	Missing  bool
	Linked   bool // the folder is a symbolic link, which is not followed
	Path     string
	Mode     fs.FileMode
	Owner    string // "" when it is the one who asks
	List     bool   // whoever asks may list and enter the folder
	Remove   bool   // and remove files from it
	Apart    bool   // it is on another file system than the inbox
	Files    int    // that wait in it
	Closed   int    // of these, files that whoever asks may not read
	Fixed    int    // of these, files that may not be removed though the folder allows it: the sticky bit
}

// Pattern is a pattern of file names and the layout that reads them.
type Pattern struct{ Names, Layout string }

func judgeSenders(s Site) []Finding {
	var list []Finding
	var missing []string
	waiting, inbox := 0, false
	for _, f := range s.Folders {
		inbox = inbox || f.Name == "inbox" && !f.Missing
	}
	for _, x := range s.Senders {
		list = append(list, x.patterns()...)
		waiting += x.Files
		switch {
		case !inbox: // is a fault of its own
		case x.Missing:
			missing = append(missing, x.ID)
		default:
			list = append(list, x.folder(s.Config)...)
		}
	}
	if n := len(missing); n > 0 {
		list = append(list, note("install -d -m 2770 -o ACCOUNT -g GROUP INBOX/SENDER, the group being that of the nights' user",
			"%s no folder in the inbox and cannot deliver: %s", prose.Count(int64(n), "sender has", "senders have"), some(missing)))
	}
	if n := len(s.Stray); n > 0 {
		list = append(list, note("is a sender missing under senders:, or the case of the name wrong?",
			"%s of the inbox %s to no sender: %s", prose.Count(int64(n), "folder", "folders"), belong(n),
			some(s.Stray)))
	}
	if s.Loose > 0 {
		list = append(list, note("move each into the folder of its sender: an opt-out may be among them",
			"%s in no sender's folder", prose.Count(int64(s.Loose), "file of the inbox lies", "files of the inbox lie")))
	}
	if len(list) == 0 && inbox && len(s.Senders) > 0 {
		list = append(list, ok("%s; %s", prose.Count(int64(len(s.Senders)), "folder", "folders"),
			prose.Count(int64(waiting), "file waits", "files wait")))
	}
	return list
}

// some names the first few.
func some(names []string) string {
	var shown []string
	for _, name := range names[:min(len(names), 3)] {
		shown = append(shown, prose.Name(name))
	}
	if len(names) > 3 {
		shown = append(shown, "…")
	}
	return strings.Join(shown, ", ")
}

func belong(n int) string {
	if n == 1 {
		return "belongs"
	}
	return "belong"
}

// patterns finds those that fit one name and are read by different layouts.
func (x Sender) patterns() []Finding {
	var list []Finding
	for i, a := range x.Patterns {
		for _, b := range x.Patterns[i+1:] {
			if a.Layout != b.Layout && Overlap(a.Names, b.Names) {
				list = append(list, note("make one of them narrower",
					"%s: a file can fit %s and %s; %s reads it, the first", x.ID, a.Names, b.Names, a.Layout))
			}
		}
	}
	return list
}

// folder judges the sender's folder, which is there.
func (x Sender) folder(c Config) []Finding {
	if x.Linked {
		return []Finding{fault("mount the folder there (mount --bind), or deliver into a real one",
			"%s: its folder is a symbolic link, which is not followed", x.ID)}
	}
	var list []Finding
	if !c.Root {
		owner := ""
		if x.Owner != "" {
			owner = ", which belongs to " + x.Owner
		}
		switch {
		case !x.List:
			list = append(list, fault("chmod g+rwx, with the group of the nights' user: "+x.Path,
				"%s: %s may not read its folder%s", x.ID, c.User, owner))
		case !x.Remove:
			list = append(list, fault("chmod g+w, with the group of the nights' user: "+x.Path,
				"%s: %s may not take files out of its folder%s", x.ID, c.User, owner))
		}
		if x.Closed > 0 {
			list = append(list, fault("give the sender's account the umask 0027",
				"%s: %s in its folder that %s may not read", x.ID, prose.Count(int64(x.Closed), "file", "files"), c.User))
		}
		if x.Fixed > 0 {
			list = append(list, fault("chmod -t "+x.Path, "%s: %s in its folder that %s may not remove: it has the sticky bit",
				x.ID, prose.Count(int64(x.Fixed), "file", "files"), c.User))
		}
	}
	if x.Apart {
		list = append(list, note("", "%s: its folder is on another file system: files are copied before they are taken out", x.ID))
	}
	switch perm := x.Mode.Perm(); {
	case perm&0o002 != 0:
		list = append(list, fault("chmod o-rwx "+x.Path, "%s: anybody may put files into its folder (mode %04o)", x.ID, perm))
	case perm&0o005 != 0:
		list = append(list, note("chmod o-rwx "+x.Path, "%s: anybody may look into its folder (mode %04o)", x.ID, perm))
	}
	return list
}
