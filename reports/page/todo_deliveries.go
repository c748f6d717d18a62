package page

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	life "miic/internal/delivery"
	"miic/internal/prose"
	"miic/reports/privacy"
)

func (p *page) doUnread() {
	for _, u := range p.Unread {
		do := todo{What: fmt.Sprintf("Have %s send %s again: the families' requests in it could not be read (%s). "+
			"Until a good file of requests comes, nothing about persons is published.", u.Sender, u.File, u.Status)}
		switch u.Status {
		case "stray":
			place := strings.TrimPrefix(u.Sender+"/"+u.File, "/")
			do.What = fmt.Sprintf("Move %s into its sender's folder, under the name that this sender gives such files, or "+
				"refuse it if no family asks for anything in it: it seems to hold families' requests, and lies where nobody "+
				"reads them. Until then nothing about persons is published.", prose.Name(place))
			do.Commands = []string{"miic ingest refuse '" + prose.Name(place) + "' --reason \"…\"", "miic nightly"}
		case "loaded":
			do.What = fmt.Sprintf("Look at the refused lines of %s of %s: "+
				"%d of the families' requests in it could not be read. "+
				"Have them sent again; until a good file of requests comes, nothing about persons is published.",
				u.File, u.Sender, u.Rejected)
		case "held":
			do.What = fmt.Sprintf("Look at %s of %s, which is held: the families' requests in it are not applied. "+
				"Until they are, nothing about persons is published.", u.File, u.Sender)
			do.Commands = []string{releaseCommand(u.BatchID), "miic nightly"}
		case "left":
			do.What = fmt.Sprintf("Nothing to do if %s of %s is whole by now: it was left for the next night, as it may "+
				"still have been growing. The families' requests in it are not applied. Until they are, nothing about "+
				"persons is published.", u.File, u.Sender)
			do.Commands = []string{"miic nightly"}
		case "left_out":
			do.What = fmt.Sprintf("Return %s of %s, which a rollback has left out: the families' requests in it were not "+
				"all applied before. Until they are, nothing about persons is published.", u.File, u.Sender)
			do.Commands = []string{life.Return.Command(u.BatchID), "miic nightly"}
		case "declined":
			do.What = fmt.Sprintf("Have %s send what %s should have held: an operator has refused it, and the families' "+
				"requests in it are not applied. Until a good file of requests comes, nothing about persons is published.",
				u.Sender, u.File)
		}
		p.Todo = append(p.Todo, do)
	}
}

// doDeliveries is about files that were refused or held, but for files of requests.
func (p *page) doDeliveries() {
	unread := func(batch string) bool {
		return slices.ContainsFunc(p.Unread, func(u privacy.UnreadRequest) bool { return u.BatchID == batch })
	}
	for _, f := range p.Files {
		switch {
		case unread(f.BatchID):
		case f.Status == "held":
			p.Todo = append(p.Todo, decide(f, "is held"))
		case f.Status == "refused" && (f.Kind != "" || f.Sender == ""):
			p.Todo = append(p.Todo, mend(f))
		}
	}
	p.doUnknownSenders()
	for _, f := range p.Held {
		if !unread(f.BatchID) {
			p.Todo = append(p.Todo, decide(f, "was held on an earlier night and still waits"))
		}
	}
}

// mend is what is to be done about a file that was refused whole: it follows the cause.
func mend(f delivery) todo {
	switch {
	case f.Sender == "":
		return todo{What: fmt.Sprintf("Move %s to the folder of its sender, or away: it lies in the inbox and in no "+
			"sender's folder.", f.File)}
	case f.SHA256 == "":
		return todo{What: fmt.Sprintf("Look at %s in the inbox of %s: %s", f.File, f.Sender, f.Reason)}
	case f.Layout == "":
		return todo{What: fmt.Sprintf("Find out what %s of %s is: no pattern of this sender fits its name. If the sender "+
			"has renamed its files, add a pattern to the configuration and release the file; if not, settle that it is "+
			"not loaded.", f.File, f.Sender),
			Commands: []string{releaseCommand(f.BatchID), refuseCommand(f.BatchID), "miic nightly"}}
	}
	return todo{What: fmt.Sprintf("Ask %s to send %s again: %s", f.Sender, f.File, f.Reason)}
}

// doUnknownSenders is about folders of the inbox that are no sender's: there is nobody to ask.
func (p *page) doUnknownSenders() {
	files := map[string][]delivery{}
	for _, f := range p.Files {
		if f.Status == "refused" && f.Kind == "" && f.Sender != "" {
			files[f.Sender] = append(files[f.Sender], f)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(files)) {
		list := files[folder]
		do := todo{What: fmt.Sprintf("Find out whose folder %s in the inbox is: no sender has this id, and %s came in it. "+
			"A new sender is added to senders in the configuration ('miic profile' looks at a first file), and then its "+
			"files are released. If it is none, refuse the files and remove the folder.", folder,
			prose.Count(int64(len(list)), "file", "files"))}
		for _, f := range list[:min(len(list), mostFiles)] {
			if f.SHA256 != "" {
				do.Commands = append(do.Commands, releaseCommand(f.BatchID), refuseCommand(f.BatchID))
			}
		}
		p.Todo = append(p.Todo, do)
	}
}

// mostFiles is for how many files of a folder, or that a rollback has left out, commands are written out.
const mostFiles = 5

// doLeftOut is about what a rollback has left out, until all of it is settled.
func (p *page) doLeftOut() {
	if len(p.LeftOut) == 0 {
		return
	}
	p.Todo = append(p.Todo, todo{What: fmt.Sprintf("Settle what a rollback has left out: %s in the archive and in no "+
		"table, listed below. Refuse what was wrong, then return the rest; senders need not send any of it again.",
		prose.Count(int64(len(p.LeftOut)), "delivery lies", "deliveries lie")),
		Commands: []string{refuseCommand("BATCH"), "miic ingest return --all --reason \"…\"", "miic nightly"}})
}

// decide is what is to be done about a held file.
func decide(f delivery, how string) todo {
	return todo{
		What: fmt.Sprintf("Decide about %s of %s, which %s: %s. Release it if it is right, refuse it if it is not.",
			f.File, f.Sender, how, f.Reason),
		Commands: []string{releaseCommand(f.BatchID), refuseCommand(f.BatchID), "miic nightly"},
	}
}

func releaseCommand(batch string) string { return life.Release.Command(batch) }

func refuseCommand(batch string) string { return life.Refuse.Command(batch) }

// doUnmoved is about files that were taken in and still lie in the inbox, and about an archive that cannot take copies.
func (p *page) doUnmoved() {
	for _, u := range p.Unmoved {
		what := "See to the archive: " + u.Text
		if u.File != "" {
			what = fmt.Sprintf("See to %s of %s, which was taken in and cannot leave the inbox: %s. Nothing of it is taken in "+
				"twice; give miic the right to move files there, or remove it by hand once the archive has its copy",
				u.File, u.Sender, u.Text)
		}
		p.Todo = append(p.Todo, todo{What: what + "."})
	}
}

func (p *page) doMissing() {
	if p.Silence != "" && len(p.Files) == 0 {
		return // one cause is looked for first; the senders are listed with the figures
	}
	for _, m := range p.Missing {
		p.Todo = append(p.Todo, todo{What: fmt.Sprintf("Ask %s why nothing came: %s", m.Sender, m.Text)})
	}
}

func (p *page) doUnmatched() {
	if n := len(p.Unmatched); n > 0 {
		p.Todo = append(p.Todo, todo{What: prose.Count(int64(n), "request restricts", "requests restrict") +
			" nobody, because no person in the registry fits: look whether name and birth date are right." +
			" Each is tried again every night: " + strings.Join(p.Unmatched[:min(n, mostRequests)], ", "),
			Commands: []string{"miic privacy show " + p.Unmatched[0],
				"miic privacy settle " + p.Unmatched[0] + " CLIENT|none --reason \"…\""}})
	}
}
