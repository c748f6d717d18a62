package pipeline

import (
	"fmt"
	"os"

	"miic/internal/inbox"
	"miic/internal/prose"
)

// foreseen notes, for the night's own page, what of the inbox and the archive needs a person already, or will once the
// night is committed.
func (n *night) foreseen() []Note {
	var notes []Note
	for _, u := range n.unmoved {
		notes = append(notes, Note{Kind: "unmoved", Sender: u.Sender, File: u.Name, Text: u.Why})
	}
	var bytes int64
	cannot := map[string]string{} // by sender's folder
	for _, d := range n.inbox {
		if d.SHA256 == "" || d.Err != "" {
			continue
		}
		bytes += d.Bytes
		why, seen := cannot[d.Folder]
		if !seen {
			why = inbox.Unwritable(n.Inbox, d.Folder)
			cannot[d.Folder] = why
		}
		if why != "" {
			notes = append(notes, Note{Kind: "unmoved", Sender: d.Sender, File: d.Name, Text: why})
		}
	}
	if bytes == 0 {
		return notes
	}
	if why := archiveReady(n.Archive, bytes); why != "" {
		notes = append(notes, Note{Kind: "unmoved", Text: why})
	}
	return notes
}

// archiveReady reports why the archive cannot take so many bytes, or nothing.
func archiveReady(archive string, bytes int64) string {
	if err := os.MkdirAll(archive, 0o700); err != nil {
		return "the archive cannot be made: " + prose.Cause(err)
	}
	dir, err := inbox.OpenFolder(archive)
	if err != nil {
		return "the archive cannot be opened: " + prose.Cause(err)
	}
	defer dir.Close()
	if err := dir.Writable(); err != nil {
		return "the archive cannot be written to: " + err.Error()
	}
	free, err := freeBytes(archive)
	if err == nil && free < uint64(bytes)/2 { // a copy is compressed to less than half
		return fmt.Sprintf("the archive may need %d MiB and %d MiB are free there", bytes>>21+1, free>>20)
	}
	return ""
}
