package shell

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"miic/internal/engine"
	"miic/internal/inbox"
	"miic/internal/lake"
	"miic/internal/private"
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
	request        string // of the person, where it goes to the very person
	hidden         map[int64]bool
}

// OpenOnDemand opens a night (0: HEAD) for an output that a command writes for a recipient, by its id. It refuses a
// recipient that may not have the output today, and, since an opt-out may be in it, while a request of a family is unread
// in HEAD or lies in the inbox.
func OpenOnDemand(ctx context.Context, a *App, output, to, reason string, snapshot int64) (*OnDemand, error) {
	d, err := openOnDemand(a, output, reason)
	if err != nil {
		return nil, err
	}
	day, err := Today(d.Config)
	if err != nil {
		return nil, err
	}
	if d.Recipient, err = d.Config.Reports.Recipients.May(to, output, day); err != nil {
		return nil, UsageError("%w", err)
	}
	head := d.Night
	if snapshot != 0 && snapshot != head.Snapshot {
		if d.Night, err = d.Lake.Manifest(snapshot); err == nil {
			err = d.Lake.Readable(d.Night)
		}
		if err != nil {
			return nil, err
		}
	}
	return d, d.govern(ctx, head, func() (map[int64]bool, error) {
		return privacy.Governed(ctx, d.Engine, d.Lake.FilesOf(head), d.Lake.FilesOf(d.Night))
	})
}

// A Demand is what an output about a night is asked for with.
type Demand struct{ To, Reason, Out, AsOf string }

// Flags are those of a command that asks.
func (d *Demand) Flags(f *pflag.FlagSet) {
	f.StringVar(&d.To, "for", "", "who receives it: the `id` of a recipient's entry")
	f.StringVar(&d.Reason, "reason", "", "why, in words; kept with the disclosure")
	f.StringVar(&d.Out, "out", "", "the `file` to write; one that is there is not replaced")
	f.StringVar(&d.AsOf, "as-of", "", "the night of this `date`, YYYY-MM-DD, or the last before it (default the newest)")
}

// OpenFile opens the night that is asked about, for an output that is one file.
func (d *Demand) OpenFile(ctx context.Context, a *App, output string) (*OnDemand, error) {
	if d.Out == "" {
		return nil, UsageError("name the file to write with --out FILE")
	}
	return d.OpenNight(ctx, a, output)
}

// OpenNight opens the night that is asked about.
func (d *Demand) OpenNight(ctx context.Context, a *App, output string) (*OnDemand, error) {
	snapshot, err := NightOf(a, d.AsOf)
	if err != nil {
		return nil, err
	}
	return OpenOnDemand(ctx, a, output, d.To, d.Reason, snapshot)
}

// WriteRows writes a list with a header, as the recipient's programs want it.
func (d *OnDemand) WriteRows(path string, clients []int64, header []string, rows [][]string) error {
	return d.Write(path, clients, func(out io.Writer) error {
		return d.Recipient.CSV.Style().WriteTo(out, header, slices.Values(rows))
	})
}

// An OwnRequest is somebody's request for their own record, or their child's, and how an operator has made sure of who asks.
type OwnRequest struct{ Request, Checked string }

// OpenOwnRequest opens HEAD for an output that goes to the very person whom it is about, by an operator's word. Only a
// sealed identity may not be in it.
func OpenOwnRequest(ctx context.Context, a *App, output, reason string, own OwnRequest) (*OnDemand, error) {
	if strings.TrimSpace(own.Checked) == "" {
		return nil, UsageError("say how you have made sure who asks, with --identity-checked \"…\": it is kept with the disclosure")
	}
	d, err := openOnDemand(a, output, reason)
	if err != nil {
		return nil, err
	}
	d.request = own.Request
	d.Recipient = &recipient.Recipient{Name: "the person", Kind: "person or guardian", Basis: d.Config.Reports.Records.Basis,
		Purpose: "own record, request " + own.Request + "; identity checked: " + own.Checked}
	return d, d.govern(ctx, d.Night, func() (map[int64]bool, error) {
		return privacy.Sealed(ctx, d.Engine, d.Lake.FilesOf(d.Night))
	})
}

// openOnDemand opens HEAD.
func openOnDemand(a *App, output, reason string) (*OnDemand, error) {
	if err := NeedReason(reason, WithDisclosure); err != nil {
		return nil, err
	}
	c, l, head, err := OpenHead(a)
	if err != nil {
		return nil, err
	}
	return &OnDemand{Config: c, Lake: l, Night: head, output: output, reason: reason}, nil
}

// govern opens the engine and finds whom the output may not show.
func (d *OnDemand) govern(ctx context.Context, head *lake.Manifest, hidden func() (map[int64]bool, error)) (err error) {
	if d.Engine, err = OpenEngine(ctx, d.Config); err != nil {
		return err
	}
	err = RequestsRead(ctx, d.Config, d.Engine, d.Lake.FilesOf(head))
	if err == nil {
		d.hidden, err = hidden()
	}
	if err != nil {
		d.Engine.Close()
	}
	return err
}

// RequestsRead refuses an output that a command is to write while a request of a family lies in the inbox, or could not be
// read by HEAD, whose files of a table are given: an opt-out may be in it.
func RequestsRead(ctx context.Context, c *Config, e *engine.Engine, head func(table string) []string) error {
	waiting, err := RequestsWaiting(c)
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

// Hidden are the people, by the night's ids, who may not be in the output.
func (d *OnDemand) Hidden() []int64 { return slices.Sorted(maps.Keys(d.hidden)) }

// Write records that these people are disclosed and then writes the file, whole or not at all. A file that is there is
// not replaced.
func (d *OnDemand) Write(path string, clients []int64, write func(io.Writer) error) error {
	return d.WriteAddresses(path, clients, nil, func(_ string, out io.Writer) error { return write(out) })
}

// WriteAddresses does what Write does for an export of these addresses, by their ids; the record's number is the export's.
func (d *OnDemand) WriteAddresses(path string, clients []int64, addresses []string, write func(number string, out io.Writer) error) error {
	err := NewFile(path)
	if err == nil {
		err = d.may(clients)
	}
	if err != nil {
		return err
	}
	number, err := d.disclose(lake.Disclosed{Clients: clients, Addresses: addresses})
	if err != nil {
		return err
	}
	return private.Write(path, func(out io.Writer) error { return write(number, out) })
}

// WriteFolder makes a folder of files about these people, whole or not at all: it is filled beside its place, the
// disclosure is recorded with the codes by which what was issued is found again, and it takes its place. A folder that is
// there is not replaced.
func (d *OnDemand) WriteFolder(path string, clients []int64, fill func(dir string) (codes []string, err error)) error {
	path, err := NewFolder(path)
	if err == nil {
		err = d.may(clients)
	}
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(path), ".writing-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	defer os.RemoveAll(tmp)
	codes, err := fill(tmp)
	if err == nil {
		_, err = d.disclose(lake.Disclosed{Clients: clients, Codes: codes})
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// may refuses to write about somebody who may not be shown.
func (d *OnDemand) may(clients []int64) error {
	for _, id := range clients {
		if !d.Shown(id) {
			return fmt.Errorf("client %d may be in no output: nothing was written", id)
		}
	}
	return nil
}

// disclose records that people are disclosed, and returns the number of the record.
func (d *OnDemand) disclose(one lake.Disclosed) (string, error) {
	r := d.Recipient
	one.Output, one.Recipient, one.Kind, one.Basis, one.Purpose = d.output, r.Name, r.Kind, r.Basis, r.Purpose
	one.Agreement, one.Operator, one.Reason, one.Request, one.Snapshot = r.Agreement.ID, Operator(), d.reason, d.request, d.Night.Snapshot
	return d.Lake.Disclose(one)
}

// RequestsWaiting names the files in the inbox that are, or may be, requests of families.
func RequestsWaiting(c *Config) ([]string, error) {
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
