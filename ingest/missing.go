package ingest

import (
	"fmt"
	"slices"

	"miic/ingest/due"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// missing notes the senders of which a file is due and has not come, and pairs of which one half came.
func (n *night) missing() error {
	holidays, err := due.Holidays(n.cfg.Holidays)
	if err != nil {
		return err
	}
	known := n.knownSince()
	expected, silent := 0, 0 // senders of whom a file was due since the last night, and those of them who sent nothing
	for i := range n.cfg.Senders {
		s := &n.cfg.Senders[i]
		came, sent := map[string]bool{}, false
		for _, b := range n.batches {
			if b.sender == s && !b.replay() {
				came[b.layout] = true
				sent = sent || !b.file.Archived // what an operator lets in came on another night
			}
		}
		for id := range came {
			if l := n.layouts[id]; l != nil && l.Paired && !came[l.Clients] {
				n.run.Note(pipeline.Note{Kind: "missing", Sender: s.ID,
					Text: "sent an immunization file without its client file: ask for it"})
			}
		}
		c, err := due.Parse(s.Expected, holidays)
		if err != nil {
			return err
		}
		if tonight, _ := c.Missed(max(n.lastNight(), n.lastAside[s.ID]), n.run.AsOf); tonight > 0 {
			expected++
			if !sent {
				silent++
			}
		}
		if sent {
			continue
		}
		last, ever := n.lastCame[s.ID]
		if !ever { // it has never sent anything
			last = known[s.ID] - 1
		}
		missed, since := c.Missed(last, n.run.AsOf)
		if missed == 0 {
			continue
		}
		n.run.Count("senders_missing", 1)
		text := fmt.Sprintf("a file was due on %s and has not come", since)
		if missed > 1 {
			text = fmt.Sprintf("%d files have not come, the first was due on %s", missed, since)
		}
		if ever {
			text += fmt.Sprintf("; the last came on %s", last)
		} else {
			text += "; none has ever come"
		}
		n.run.Note(pipeline.Note{Kind: "missing", Sender: s.ID, Text: text +
			": ask for it; the night goes on without it, and its people are held back from recall"})
	}
	n.noteSilence(expected, silent)
	return nil
}

// lastNight is the date of the night before; on the first night there was one the day before.
func (n *night) lastNight() table.Date {
	if n.run.PriorAsOf == 0 {
		return n.run.AsOf - 1
	}
	return n.run.PriorAsOf
}

// noteSilence notes that the night is without deliveries, which is not a quiet night. One sender that is late is that sender's matter; when all
// are, or most, it is the way to here that is broken.
func (n *night) noteSilence(due, silent int) {
	if silent == 0 || silent < due && float64(100*silent) < n.cfg.MissingPercent*float64(due) ||
		silent < due && n.cfg.MissingPercent == 0 {
		return
	}
	text := fmt.Sprintf("nothing has come from any of the %d senders whose files were due", due)
	if due == 1 {
		text = "nothing has come from the only sender whose file was due"
	}
	if silent < due {
		text = fmt.Sprintf("nothing has come from %d of the %d senders whose files were due", silent, due)
	}
	advice := ": look whether the inbox is mounted and is the folder that transfers write to, before asking the senders; " +
		"then run the night again"
	if slices.ContainsFunc(n.batches, func(b *batch) bool { return !b.file.Archived }) {
		advice = ": other files came, so the inbox is there"
	}
	n.run.Note(pipeline.Note{Kind: pipeline.Silence, Exit3: true, Text: text + advice})
}

// knownSince returns since which night each sender is expected as it is now. A night that finds a sender for the first
// time remembers that; only the first night that remembers it takes all for known since the first night of all.
func (n *night) knownSince() map[string]table.Date {
	const begun = "senders_known"
	first := n.run.AsOf
	if n.run.Mark(begun) == 0 && n.firstNight > 0 {
		first = n.firstNight
	}
	since := map[string]table.Date{}
	for i := range n.cfg.Senders {
		s := &n.cfg.Senders[i]
		mark := "expected/" + s.ID + "/" + s.Expected
		if n.run.Mark(mark) == 0 {
			n.run.SetMark(mark, int64(first))
		}
		since[s.ID] = table.Date(n.run.Mark(mark))
	}
	n.run.SetMark(begun, 1)
	return since
}
