package doctor

import (
	"time"

	"miic/cmd/miic/shell"
	"miic/internal/doctor"
	"miic/internal/table"
)

// lookAtRecipients finds out who receives nothing today, and whose agreement ends soon.
func lookAtRecipients(c *shell.Config, now time.Time) doctor.Sharing {
	book := c.Reports.Recipients
	s := doctor.Sharing{Folder: c.Recipients, Recipients: len(book.Recipients), Refused: book.Faults, NotSent: c.Reports.NoticeFaults}
	s.NotWritten, s.EndsSoon = book.Notes(table.FromTime(now), c.Reports.NightlyOutputs())
	return s
}
