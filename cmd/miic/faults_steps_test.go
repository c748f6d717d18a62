package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// arrange carries out a step that is about files, and reports whether it is one:
//
//	make KIND PATH        something in the inbox that is no file as it should be; \n and \xff in PATH are those bytes
//	move FROM TO          within the case's folder, as a person would
//	remove PATH
//	config LINE           a line at the end of the configuration; ~ is a space, ; begins a new line
func (f *faultCase) arrange(words []string) bool {
	f.t.Helper()
	place := func(name string) string {
		return filepath.Join(f.work, strings.NewReplacer(`\n`, "\n", `\e`, "\x1b", `\xff`, "\xff").Replace(name))
	}
	switch words[0] {
	case "make":
		f.makeFile(words[1], place("inbox/"+words[2]))
	case "move":
		f.check(os.MkdirAll(filepath.Dir(place(words[2])), 0o700))
		f.check(os.Rename(place(words[1]), place(words[2])))
	case "remove":
		f.check(os.RemoveAll(place(words[1])))
	case "config":
		text, err := os.ReadFile(place("miic.yaml"))
		f.check(err)
		line := strings.NewReplacer("~", " ", ";", "\n").Replace(strings.Join(words[1:], " "))
		f.check(os.WriteFile(place("miic.yaml"), append(text, "\n"+line+"\n"...), 0o600))
	default:
		return false
	}
	return true
}

// makeFile makes what a sender should not deliver.
func (f *faultCase) makeFile(kind, path string) {
	f.t.Helper()
	f.check(os.MkdirAll(filepath.Dir(path), 0o700))
	write := func(text string) { f.check(os.WriteFile(path, []byte(text), 0o600)) }
	switch kind {
	case "text":
		write("nonsense\n")
	case "fifo":
		f.check(syscall.Mkfifo(path, 0o600))
	case "link":
		write("nonsense\n")
		f.check(os.Rename(path, filepath.Join(f.work, "elsewhere")))
		f.check(os.Symlink(filepath.Join(f.work, "elsewhere"), path))
	case "folder":
		f.check(os.Mkdir(path, 0o700))
	case "sparse": // 3 GiB that take no room
		write("")
		f.check(os.Truncate(path, 3<<30))
	case "long": // a name of 250 bytes
		path = filepath.Join(filepath.Dir(path), strings.Repeat("x", 246)+".csv")
		write("nonsense\n")
	case "requests", "old":
		write("request_id,kind,first_name,last_name,birth_date,address_1,city,state,zip,received_on\n" +
			"R9,opt_out,Test,Person,2024-01-02,1 Oak St,Duluth,MN,55802,2026-03-02\n")
		if kind == "old" { // a transfer that ended two days ago and was never given its name
			at := time.Now().Add(-48 * time.Hour)
			f.check(os.Chtimes(path, at, at))
		}
	default:
		f.t.Fatalf("make %s: there is no such kind", kind)
	}
}
