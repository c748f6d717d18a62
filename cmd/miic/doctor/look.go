package doctor

import (
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"miic/cmd/miic/shell"
	"miic/forecast"
	"miic/forecast/cdsi"
	"miic/forecast/schedule"
	"miic/ingest"
	"miic/internal/doctor"
	"miic/internal/machine"
	"miic/internal/prose"
	"miic/internal/reference"
)

// look gathers all that can be known about a site.
func look(path string, root fs.FS) doctor.Site {
	s := doctor.Site{Config: doctor.Config{Path: path, User: shell.Operator(), Root: os.Geteuid() == 0}}
	if info, err := os.Stat(path); err == nil {
		s.Config.Mode = info.Mode()
	}
	c, err := shell.Load(path)
	if err != nil {
		s.Config.Err = prose.Text(err.Error())
		return s
	}
	s.Config.Senders, s.Config.Secret = len(c.Senders), c.Notify.Webhook != ""
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil { // Load has tried it
		zone = time.UTC
	}
	now := time.Now().In(zone)

	lake, nights := lookAtLake(c.Lake, root)
	s.Lake = lake
	places := []doctor.Folder{lookAtFolder("lake", c.Lake), lookAtFolder("inbox", c.Inbox),
		lookAtFolder("archive", c.Archive), lookAtFolder("out", c.Out)}
	s.Folders = places
	if info, err := os.Stat(c.Linkage.Verdicts); err == nil && !info.IsDir() {
		f := lookAtFolder("verdicts", c.Linkage.Verdicts)
		f.Write = f.Write || f.Read // a night reads it; who reviews writes it
		s.Folders = append(s.Folders, f)
	}
	s.Senders, s.Stray, s.Loose = lookAtInbox(c.Inbox, c.Senders)
	s.Disks = lookAtDisks(places, nights, waiting(c.Inbox))

	m := machine.ReadMemory(root)
	s.Memory = doctor.Memory{Total: m.Total, Available: m.Available, Limit: m.Limit, Engine: int64(c.MemoryMiB),
		Peak: nights.peak}
	if heap := debug.SetMemoryLimit(-1); heap < 1<<60 { // GOMEMLIMIT, as Go has understood it
		s.Memory.Heap = heap >> 20
	}
	s.Clock = doctor.Clock{Now: now, Zone: c.TimeZone, AsOf: lake.AsOf, Newest: nights.written}
	s.Clock.Kept, s.Clock.Known = machine.ClockIsKept()
	s.Codes = lookAtReference(c, now)
	s.Sharing = lookAtRecipients(c, now)
	s.Backup = lookAtBackup(c.Backup)
	s.Backup.Night = nights.committed
	return s
}

// owner names who owns a file, or "" when it is whoever asks.
func owner(info fs.FileInfo) string {
	uid, known := machine.Owner(info)
	if !known || uid == os.Geteuid() {
		return ""
	}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(uid)
}

// lookAtFolder looks at a folder, or at the nearest one above it that is there: that is where it would be made.
func lookAtFolder(name, path string) doctor.Folder {
	f := doctor.Folder{Name: name, Path: path}
	at := path
	info, err := os.Stat(at)
	for err != nil && at != filepath.Dir(at) {
		f.Missing = true
		at = filepath.Dir(at)
		info, err = os.Stat(at)
	}
	if err != nil {
		return f
	}
	f.Mode, f.Owner = info.Mode(), owner(info)
	if info.IsDir() {
		f.Read, f.Write = machine.May(at, machine.Read|machine.Enter), machine.May(at, machine.Write|machine.Enter)
	} else {
		f.Read, f.Write = machine.May(at, machine.Read), machine.May(at, machine.Write)
	}
	if d, err := machine.DiskOf(at); err == nil {
		f.Kind, f.Network, f.Passing = d.Kind, d.Network, d.Passing
	}
	return f
}

// lookAtDisks groups the folders by the file system that they are on, with what a night writes there.
func lookAtDisks(places []doctor.Folder, n nights, waiting int64) []doctor.Disk {
	var list []doctor.Disk
	index := map[uint64]int{}
	for _, f := range places {
		at := f.Path
		for _, err := os.Stat(at); err != nil && at != filepath.Dir(at); _, err = os.Stat(at) {
			at = filepath.Dir(at)
		}
		d, err := machine.DiskOf(at)
		if err != nil {
			continue
		}
		i, seen := index[d.Device]
		if !seen {
			i = len(list)
			index[d.Device] = i
			list = append(list, doctor.Disk{Kind: d.Kind, Free: d.Free, Files: d.Files})
		}
		x := &list[i]
		x.For = append(x.For, f.Name)
		switch f.Name {
		case "lake": // what it writes, about as much again for what the engine spills, and copies of the deliveries
			x.Need += 2*max(n.tables, waiting/2) + max(n.delivered, waiting)
		case "out":
			x.Need += n.outputs
		case "archive":
			x.Need += max(n.delivered, waiting)
		}
		x.Rests = "by the largest of the last nights and what waits in the inbox"
	}
	return list
}

// waiting is how many bytes lie in the inbox.
func waiting(inbox string) int64 {
	var n int64
	_ = filepath.WalkDir(inbox, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			n += info.Size()
		}
		return nil
	})
	return n
}

// lookAtInbox looks at each sender's folder, and at what lies beside them.
func lookAtInbox(inbox string, senders []ingest.Sender) (list []doctor.Sender, stray []string, loose int) {
	whole, wholeErr := machine.DiskOf(inbox)
	known := map[string]bool{}
	for _, s := range senders {
		known[s.ID] = true
		x := doctor.Sender{ID: s.ID, Path: filepath.Join(inbox, s.ID)}
		for _, f := range s.Files {
			x.Patterns = append(x.Patterns, doctor.Pattern{Names: f.Pattern, Layout: f.Layout})
		}
		info, err := os.Lstat(x.Path)
		if x.Missing = err != nil; !x.Missing {
			x.Linked, x.Mode, x.Owner = info.Mode()&fs.ModeSymlink != 0, info.Mode(), owner(info)
			x.List = machine.May(x.Path, machine.Read|machine.Enter)
			x.Remove = machine.May(x.Path, machine.Write|machine.Enter)
			d, err := machine.DiskOf(x.Path)
			x.Apart = wholeErr == nil && err == nil && d.Device != whole.Device
			lookAtFiles(&x)
		}
		list = append(list, x)
	}
	entries, err := os.ReadDir(inbox)
	if err != nil {
		return list, nil, 0
	}
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), ".") || known[e.Name()]:
		case e.IsDir():
			stray = append(stray, e.Name())
		default:
			loose++
		}
	}
	return list, stray, loose
}

// lookAtFiles counts what waits in a sender's folder.
func lookAtFiles(x *doctor.Sender) {
	entries, err := os.ReadDir(x.Path)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || !e.Type().IsRegular() {
			continue
		}
		x.Files++
		if !machine.May(filepath.Join(x.Path, e.Name()), machine.Read) {
			x.Closed++
		}
		info, err := e.Info()
		if err == nil && x.Remove && x.Mode&fs.ModeSticky != 0 && x.Owner != "" && owner(info) != "" {
			x.Fixed++
		}
	}
}

func lookAtReference(c *shell.Config, now time.Time) doctor.Reference {
	var r doctor.Reference
	s, err := forecast.LoadSchedule(c.Forecast)
	if err != nil {
		r.Err = prose.Text(err.Error())
		return r
	}
	r.Schedule = s.Version
	today := now.Format(time.DateOnly)
	day, err := cdsi.ParseDay(today)
	if err != nil {
		r.Err = err.Error()
		return r
	}
	for _, l := range schedule.AsOf(s, day).Lapses {
		if l.Missed {
			r.Over = append(r.Over, l.Text())
		} else {
			r.Off = append(r.Off, l.Text())
		}
	}
	tables := shell.References(c)
	for _, t := range tables {
		if r.Oldest == "" || t.Released < r.Oldest {
			r.Oldest = t.Released
		}
	}
	for _, o := range reference.TooOld(tables, today) {
		r.Old = append(r.Old, doctor.Old{Text: o.Text(), Do: o.Renew})
	}
	return r
}

// lookAtBackup finds the newest file: the one that is named, or the newest in the folder and the folders in it.
func lookAtBackup(path string) doctor.Backup {
	b := doctor.Backup{Path: path}
	if path == "" {
		return b
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Err = "it is not there, or may not be looked at"
		return b
	}
	if !info.IsDir() {
		b.Newest = info.ModTime()
		return b
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		b.Err = "it may not be listed"
		return b
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") })
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.ModTime().After(b.Newest) {
			b.Newest = info.ModTime()
		}
	}
	return b
}
