package shell

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"miic/internal/engine"
	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/prose"
	"miic/reports/privacy"
	"miic/reports/recipient"
)

// OnDemand is what a command needs to write about persons for somebody else: who receives it, whom it may not show, and a
// record of each person before the file appears.
type OnDemand struct {
	Config    *Config
	Lake      *lake.Lake
	Night     *lake.Manifest // that it is about
	Engine    *engine.Engine
	Recipient *recipient.Recipient

	output, reason string
	hidden         map[int64]bool
}

// OpenOnDemand opens a night (0: HEAD) for an output that a command writes for a recipient, by its id. It refuses a
// recipient that may not have the output today, and, since an opt-out may be in it, while a request of a family is unread
// in HEAD or lies in the inbox.
func OpenOnDemand(ctx context.Context, a *App, output, to, reason string, snapshot int64) (*OnDemand, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, UsageError("say why with --reason \"…\": it is kept with the disclosure")
	}
	c, l, head, err := OpenHead(a)
	if err != nil {
		return nil, err
	}
	d := &OnDemand{Config: c, Lake: l, Night: head, output: output, reason: reason}
	day, err := Today(c)
	if err != nil {
		return nil, err
	}
	if d.Recipient, err = c.Reports.Recipients.May(to, output, day); err != nil {
		return nil, UsageError("%w", err)
	}
	if snapshot != 0 && snapshot != head.Snapshot {
		if d.Night, err = l.Manifest(snapshot); err == nil {
			err = l.Readable(d.Night)
		}
		if err != nil {
			return nil, err
		}
	}
	if d.Engine, err = OpenEngine(ctx, c); err != nil {
		return nil, err
	}
	of := func(m *lake.Manifest) func(string) []string {
		return func(name string) []string { return l.Files(m, name) }
	}
	if err = RequestsRead(ctx, c, d.Engine, of(head)); err == nil {
		d.hidden, err = privacy.Governed(ctx, d.Engine, of(head), of(d.Night))
	}
	if err != nil {
		d.Engine.Close()
		return nil, err
	}
	return d, nil
}

// RequestsRead refuses an output that a command is to write while a request of a family lies in the inbox, or could not be
// read by HEAD, whose files of a table are given: an opt-out may be in it.
func RequestsRead(ctx context.Context, c *Config, e *engine.Engine, head func(table string) []string) error {
	waiting, err := requestsWaiting(c)
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		return &ExitError{Code: ExitFailed, Err: fmt.Errorf("nothing about persons is written: requests of families "+
			"lie unread in the inbox (%s); run 'miic nightly' first", strings.Join(waiting, ", "))}
	}
	unread, err := privacy.Unread(ctx, e, head)
	if err == nil && len(unread) > 0 {
		err = &ExitError{Code: ExitFailed, Err: fmt.Errorf("nothing about persons is written: the requests in %s of %s could "+
			"not be read; the run page has what to do", prose.Name(unread[0].File), unread[0].Sender)}
	}
	return err
}

// Close ends it.
func (d *OnDemand) Close() { d.Engine.Close() }

// Shown reports whether a person, by the night's id, may be in the output.
func (d *OnDemand) Shown(client int64) bool { return !d.hidden[client] }

// Write records that these people are disclosed and then writes the file, whole or not at all. A file that is there is
// not replaced.
func (d *OnDemand) Write(path string, clients []int64, write func(io.Writer) error) error {
	for _, id := range clients {
		if !d.Shown(id) {
			return fmt.Errorf("client %d may be in no output: nothing was written", id)
		}
	}
	if err := NewFile(path); err != nil {
		return err
	}
	r := d.Recipient
	if _, err := d.Lake.Disclose(lake.Disclosed{Output: d.output, Recipient: r.Name, Kind: r.Kind, Basis: r.Basis,
		Purpose: r.Purpose, Agreement: r.Agreement.ID, Operator: Operator(), Reason: d.reason, Snapshot: d.Night.Snapshot,
		Clients: clients}); err != nil {
		return err
	}
	return WritePrivate(path, write)
}

// requestsWaiting names the files in the inbox that are, or may be, requests of families.
func requestsWaiting(c *Config) ([]string, error) {
	var list []string
	for _, s := range c.Senders {
		if s.Kind != "families" {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(c.Inbox, s.ID))
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), ".") {
				list = append(list, prose.Name(s.ID+"/"+e.Name()))
			}
		}
	}
	finder, err := Strays(c)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(c.Inbox); os.IsNotExist(err) {
		return list, nil
	}
	strays, err := inbox.FindStrays(c.Inbox, finder, time.Now())
	for _, s := range strays {
		list = append(list, prose.Name(strings.TrimPrefix(s.Sender+"/"+s.Name, "/")))
	}
	return list, err
}
