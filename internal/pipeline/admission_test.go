package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"miic/internal/inbox"
)

// TestAdmission: files that are too large, or too many for one sender, or badly named are not read, and the others are.
func TestAdmission(t *testing.T) {
	h := newHouse(t)
	h.opts.Admit = func(sender string) inbox.Admission {
		return inbox.Admission{MostBytes: map[string]int64{"clinic": 20}[sender], MostName: 30}
	}
	h.deliver("clinic", "a.csv", "1,lock")
	h.deliver("clinic", "b.csv", "2,lock")
	h.deliver("clinic", "c.csv", "3,lock")
	h.deliver("clinic", "huge.csv")
	if err := os.Truncate(filepath.Join(h.opts.Inbox, "clinic", "huge.csv"), 1<<40); err != nil {
		t.Fatal(err)
	}
	h.deliver("plan", "m.csv", "5,lock")
	h.deliver("plan", "snapshot 9\nis committed", "6,lock")
	h.deliver("plan", "not\xffutf8", "6,lock")
	h.deliver("plan", "turned\u202e", "6,lock")
	h.deliver("plan", strings.Repeat("x", 31), "6,lock")
	h.deliver("\x1b[31mred", "n.csv", "6,lock")
	if err := syscall.Mkfifo(filepath.Join(h.opts.Inbox, "plan", "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	res := h.night(2, Committed, 3)
	var got []string
	for _, n := range res.Stages[0].Notes {
		got = append(got, n.Sender+"/"+n.File+" "+n.Text)
	}
	want := []string{
		`\x1b[31mred/n.csv its folder's name is no sender's: move it to its sender's folder`,
		`clinic/c.csv with its sender's other files of tonight it is more than 20 bytes, the most there may be: left for the next night`,
		`clinic/huge.csv it has 1099511627776 bytes, and the most is 20: have it sent in several files, or raise most_bytes`,
		`plan/not\xffutf8 its name is not UTF-8: have it sent again under another name`,
		`plan/pipe is not a regular file: put the file itself in the inbox`,
		`plan/snapshot 9\nis committed its name holds characters that do not show: have it sent again under another name`,
		`plan/turned\u202e its name holds characters that do not show: have it sent again under another name`,
		`plan/` + strings.Repeat("x", 31) + ` its name has 31 bytes, and the most is 30: have it sent again under another name, or raise most_name`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("noted:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := len(h.clients()); n != 3 {
		t.Errorf("%d requests are loaded, want those of a, b and m", n)
	}
	h.night(2, Committed, 3) // what was too much for one night
	if n := len(h.clients()); n != 4 {
		t.Errorf("%d requests after the next night, want 4", n)
	}
}
