// Package doctor judges whether a site is ready for a night, from facts that it is given: it looks at nothing itself.
// A finding is in order, a remark, or a fault with what to do about it. No finding holds what a delivery contains.
package doctor

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Level is how much a finding matters.
type Level string

// A fault means that the next night fails, harms, or cannot be trusted.
const (
	OK    Level = "ok"
	Note  Level = "note"
	Fault Level = "fault"
)

// Finding is one line of the report.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Text  string `json:"text"`
	Do    string `json:"do,omitempty"` // what to do about it
}

// Report is what the doctor found, in the order of the checks.
type Report struct {
	Ready    bool      `json:"ready"` // no finding is a fault
	Findings []Finding `json:"findings"`
}

// Site is everything that is known about a site. A part that could not be looked at is empty.
type Site struct {
	Config  Config
	Folders Folders
	Disks   []Disk
	Memory  Memory
	Clock   Clock
	Codes   Reference
	Backup  Backup
	Lake    Lake
	Senders []Sender
	Sharing Sharing
	Stray   []string // folders of the inbox that belong to no sender
	Loose   int      // files in the inbox that lie in no folder
}

// Examine judges a site.
func Examine(s Site) Report {
	r := Report{Ready: true, Findings: []Finding{}}
	if s.Config.Err != "" { // without it nothing else is known
		r.add("configuration", s.Config.judge())
		return r
	}
	r.add("configuration", s.Config.judge())
	r.add("folders", s.Folders.judge(s.Config))
	r.add("disk", judgeDisks(s.Disks))
	r.add("memory", s.Memory.judge())
	r.add("clock", s.Clock.judge())
	r.add("reference", s.Codes.judge())
	r.add("lake", s.Lake.judge())
	r.add("backup", s.Backup.judge(s.Clock.Now))
	r.add("senders", judgeSenders(s))
	r.add("recipients", s.Sharing.judge())
	return r
}

// most is how many findings of one check are listed: a screen is to show the others too.
const most = 6

// add takes over a check's findings, the faults first.
func (r *Report) add(check string, list []Finding) {
	var sorted []Finding
	for _, level := range []Level{Fault, Note, OK} {
		for _, f := range list {
			if f.Level == level {
				f.Check = check
				sorted = append(sorted, f)
			}
		}
	}
	for _, f := range sorted {
		r.Ready = r.Ready && f.Level != Fault
	}
	if n := len(sorted); n > most {
		left := sorted[most-1:]
		sorted = append(sorted[:most-1:most-1], Finding{Check: check, Level: left[0].Level,
			Text: fmt.Sprintf("and %d more; mend these first and ask again", len(left))})
	}
	r.Findings = append(r.Findings, sorted...)
}

// Write prints the report, at most 80 columns wide.
func (r Report) Write(w io.Writer) {
	const indent = "                     " // what a level and a check's name take
	for _, f := range r.Findings {
		lines := wrap(f.Text, 80-len(indent))
		fmt.Fprintf(w, "%-6s %-13s %s\n", f.Level, f.Check, strings.Join(lines, "\n"+indent))
		if f.Do != "" {
			fmt.Fprintf(w, "%s%s\n", indent, strings.Join(wrap("→ "+f.Do, 80-len(indent)), "\n"+indent+"  "))
		}
	}
	faults := 0
	for _, f := range r.Findings {
		if f.Level == Fault {
			faults++
		}
	}
	switch {
	case faults == 0:
		fmt.Fprintln(w, "\nready for a night")
	case faults == 1:
		fmt.Fprintln(w, "\nnot ready for a night: one fault")
	default:
		fmt.Fprintf(w, "\nnot ready for a night: %d faults\n", faults)
	}
}

// wrap breaks a text between words. A word that is too long, as a path may be, keeps a line of its own.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

func ok(format string, args ...any) Finding {
	return Finding{Level: OK, Text: fmt.Sprintf(format, args...)}
}

func note(do, format string, args ...any) Finding {
	return Finding{Level: Note, Text: fmt.Sprintf(format, args...), Do: do}
}

func fault(do, format string, args ...any) Finding {
	return Finding{Level: Fault, Text: fmt.Sprintf(format, args...), Do: do}
}
