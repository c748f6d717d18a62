package ingest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"miic/internal/delivery"
	"miic/internal/engine"
	"miic/internal/inbox"
	"miic/internal/table"
)

// Limits are how far a file may be from what its sender has sent before: beyond them it is held whole until
// an operator releases or refuses it. A limit of 0 is none. Nothing is compared with fewer than Least files of
// history, and a difference of up to Slack units never holds a file.
type Limits struct {
	// newest loaded files of the sender and layout that are its history
	History int `yaml:"history" json:"history"`
	// files of history that it takes; 0: nothing is compared with the sender's history
	Least int `yaml:"least" json:"least"`
	// so many times the median of units, or a part of it as small
	Times float64 `yaml:"times" json:"times"`
	// units that take something back, of all, above the median share
	WithdrawnPercent float64 `yaml:"withdrawn_percent" json:"withdrawn_percent"`
	// of the records of an earlier file of the same name, those that are missing in this one
	ResentPercent float64 `yaml:"resent_percent" json:"resent_percent"`
	Slack         int64   `yaml:"slack" json:"slack"`

	// bytes of a file, and of all that its sender has sent for a night; more is not read
	MostBytes int64 `yaml:"most_bytes" json:"-"`
	// bytes of a file's name
	MostName int `yaml:"most_name" json:"-"`
	// seconds since a file was last written to; a younger one may still be growing and is left for the next night
	LeastAge int `yaml:"least_age" json:"-"`
	// lines or messages of a file
	MostUnits int64 `yaml:"most_units" json:"most_units,omitempty"`
	// doses of one client on one day
	MostDoses int64 `yaml:"most_doses" json:"most_doses,omitempty"`
}

// DefaultLimits let a small clinic's days differ and hold a file that is ten times, or a tenth of, the usual.
func DefaultLimits() Limits {
	return Limits{History: 15, Least: 5, Times: 10, WithdrawnPercent: 20, ResentPercent: 20, Slack: 200,
		MostBytes: 2 << 30, MostName: inbox.MostName, LeastAge: 60, MostUnits: 5_000_000, MostDoses: 50}
}

func (l *Limits) validate() error {
	switch {
	case l == nil:
		return nil
	case l.MostBytes < 0 || l.MostName < 0 || l.LeastAge < 0 || l.MostUnits < 0 || l.MostDoses < 0:
		return fmt.Errorf("a limit is less than 0: 0 is none")
	case l.MostName > inbox.TopName:
		return fmt.Errorf("most_name is %d: want up to %d, for the response has the name and an ending", l.MostName,
			inbox.TopName)
	case l.History < 0 || l.Least < 0 || l.Slack < 0 || l.WithdrawnPercent < 0 || l.ResentPercent < 0:
		return fmt.Errorf("a limit is less than 0: 0 is none")
	case l.Times != 0 && l.Times <= 1:
		return fmt.Errorf("times is %g: want more than 1, or 0 for no limit", l.Times)
	case l.History > 0 && l.Least > l.History:
		return fmt.Errorf("least is %d and history %d: so many files are never looked at", l.Least, l.History)
	}
	return nil
}

func (n *night) limits(s *Sender) Limits { return n.cfg.limits(s) }

// limits are a sender's own, or those for all. What keeps one sender from harming the others is never without a limit
// by silence.
func (c Config) limits(s *Sender) Limits {
	all := c.Deliveries
	if s.Limits == nil {
		return all
	}
	l := *s.Limits
	l.MostBytes, l.MostName = cmp.Or(l.MostBytes, all.MostBytes), cmp.Or(l.MostName, all.MostName)
	l.LeastAge = cmp.Or(l.LeastAge, all.LeastAge)
	l.MostUnits, l.MostDoses = cmp.Or(l.MostUnits, all.MostUnits), cmp.Or(l.MostDoses, all.MostDoses)
	return l
}

// Admit is what the files of a sender, by its id, may be at most to be read at all. Whom nobody knows is a stranger, and
// the limits for all hold.
func (c Config) Admit(sender string) inbox.Admission {
	l := c.Deliveries
	for i := range c.Senders {
		if s := &c.Senders[i]; s.ID == sender {
			l = c.limits(s)
		}
	}
	return inbox.Admission{MostBytes: l.MostBytes, MostName: l.MostName,
		LeastAge: time.Duration(l.LeastAge) * time.Second}
}

// A pastDelivery is a file that an earlier night loaded.
type pastDelivery struct {
	table.Batch
	withdrawn int64
	shares    map[string]float64 // percent, by measure/item of patterns and ages
}

// history gathers what earlier nights loaded, by sender and layout, newest first.
func (n *night) history(before []table.Batch) error {
	n.past, n.lastCame = map[string][]*pastDelivery{}, map[string]table.Date{}
	for i := range before {
		b := &before[i]
		n.lastCame[b.Sender] = max(n.lastCame[b.Sender], b.ReceivedOn)
		if n.firstNight == 0 || b.ReceivedOn < n.firstNight {
			n.firstNight = b.ReceivedOn
		}
	}
	n.newest = delivery.NewestOf(before)
	taken, shares := map[string]int64{}, map[string]map[string]float64{}
	err := table.Scan(n.run.PriorFiles("delivery_figure"), func(f *table.DeliveryFigure) error {
		switch f.Measure {
		case "withdrawn":
			taken[strings.Clone(f.BatchID)] = f.Numerator
		case "pattern", "age":
			id := strings.Clone(f.BatchID)
			if shares[id] == nil {
				shares[id] = map[string]float64{}
			}
			shares[id][strings.Clone(f.Measure+"/"+f.Item)] = 100 * float64(f.Numerator) / float64(max(f.Denominator,
				1))
		}
		return nil
	})
	for _, b := range n.newest {
		if b.Status == loaded && b.ReplayOf == "" {
			k := b.Sender + "/" + b.Layout
			n.past[k] = append(n.past[k], &pastDelivery{*b, taken[b.BatchID], shares[b.BatchID]})
		}
	}
	for _, list := range n.past {
		sort.Slice(list, func(i, j int) bool {
			if list[i].Snapshot != list[j].Snapshot {
				return list[i].Snapshot > list[j].Snapshot
			}
			return list[i].BatchID > list[j].BatchID
		})
	}
	return err
}

// holdFarOff holds the files that are far from what their senders have sent before, and nobody has let in.
func (n *night) holdFarOff(ctx context.Context) error {
	withdrawn, err := n.withdrawn(ctx)
	if err != nil {
		return err
	}
	crowded, err := n.crowdedDays(ctx)
	if err != nil {
		return err
	}
	for _, b := range n.batches {
		b.withdrawn = withdrawn[b.no]
		if b.status != loaded || b.file.Let != nil && !b.file.Let.Returned {
			continue
		}
		l := n.limits(b.sender)
		past := n.past[b.sender.ID+"/"+b.layout]
		reason := l.tooManyDoses(crowded[b.no])
		if reason == "" {
			reason = l.farOff(b.Read, b.withdrawn, past)
		}
		if reason == "" {
			if reason, err = n.resent(ctx, b, l, past); err != nil {
				return err
			}
		}
		if reason != "" {
			b.status, b.reason = held, reason+": ask the sender, then release it or refuse it"
		}
	}
	return nil
}

// crowdedDay is where in a file the most doses of one client on one day are.
type crowdedDay struct {
	File  int32 `col:"file_no" doc:"file of the night"`
	Doses int64 `col:"doses" doc:"doses of that client on that day"`
	Line  int64 `col:"line" doc:"the first of them"`
}

func (n *night) crowdedDays(ctx context.Context) (map[int32]crowdedDay, error) {
	rows, err := engine.Rows[crowdedDay](ctx, n.run.Engine, queries.Get("crowded_day"))
	found := map[int32]crowdedDay{}
	for _, r := range rows {
		found[r.File] = r
	}
	return found, err
}

// tooManyDoses reports a client who has more doses on a day than anybody can have, or nothing.
func (l Limits) tooManyDoses(d crowdedDay) string {
	if l.MostDoses == 0 || d.Doses <= l.MostDoses {
		return ""
	}
	return fmt.Sprintf("one client has %d doses on one day in it, the first in line %d, and the most is %d", d.Doses,
		d.Line, l.MostDoses)
}

// farOff reports how a file is far from its sender's history, or nothing.
func (l Limits) farOff(units, withdrawn int64, past []*pastDelivery) string {
	if l.History > 0 && len(past) > l.History {
		past = past[:l.History]
	}
	if l.Least == 0 || len(past) < l.Least {
		return ""
	}
	var sizes []int64
	var shares []float64
	for _, p := range past {
		sizes = append(sizes, p.UnitsRead)
		shares = append(shares, 100*float64(p.withdrawn)/float64(max(p.UnitsRead, 1)))
	}
	slices.Sort(sizes)
	slices.Sort(shares)
	usual := sizes[len(sizes)/2]
	share, usualShare := 100*float64(withdrawn)/float64(max(units, 1)), shares[len(shares)/2]
	switch {
	case l.Times > 0 && units-usual > l.Slack && float64(units) > l.Times*float64(usual):
		return fmt.Sprintf("it holds %d units, and the median of its sender's last %d files is %d: more than %g "+
			"times as many", units, len(past), usual, l.Times)
	case l.Times > 0 && usual-units > l.Slack && float64(units)*l.Times < float64(usual):
		return fmt.Sprintf("it holds %d units, and the median of its sender's last %d files is %d: less than a part "+
			"in %g", units, len(past), usual, l.Times)
	case l.WithdrawnPercent > 0 && withdrawn > l.Slack && share > usualShare+l.WithdrawnPercent:
		return fmt.Sprintf("%d of its %d units take something back, %.0f %%, and in its sender's last %d files it "+
			"was %.0f %%", withdrawn, units, share, len(past), usualShare)
	}
	return ""
}

// resent compares a file with an earlier one of the same name and other bytes: a new version of it, in which
// what was there may not be missing.
func (n *night) resent(ctx context.Context, b *batch, l Limits, past []*pastDelivery) (string, error) {
	at := slices.IndexFunc(past, func(p *pastDelivery) bool {
		return p.FileName == b.file.Name &&
			p.SHA256 != b.file.SHA256
	})
	if at < 0 {
		return "", nil
	}
	type kept struct {
		Old  int64 `col:"old_keys" doc:"records and doses of the earlier file"`
		Here int64 `col:"here" doc:"of them, those in tonight's"`
	}
	rows, err := engine.Rows[kept](ctx, n.run.Engine, queries.Get("resent", "batch", past[at].BatchID, "file",
		int(b.no)))
	if err != nil || len(rows) == 0 {
		return "", err
	}
	gone := rows[0].Old - rows[0].Here
	if l.ResentPercent > 0 && gone > l.Slack && 100*float64(gone) > l.ResentPercent*float64(rows[0].Old) {
		return fmt.Sprintf("a file of this name was loaded on %s, and %d of its %d records and doses are not in "+
			"this one", past[at].ReceivedOn, gone, rows[0].Old), nil
	}
	b.Warning = fmt.Sprintf("a file of this name with other content was loaded on %s: it was taken as a new "+
		"version, in which %d of the earlier one's %d records and doses are missing and stay as they were",
		past[at].ReceivedOn, gone, rows[0].Old)
	return "", nil
}

// withdrawn counts, by file, the units that take something back.
func (n *night) withdrawn(ctx context.Context) (map[int32]int64, error) {
	rows, err := engine.Rows[unitCount](ctx, n.run.Engine, queries.Get("withdrawn_units"))
	found := map[int32]int64{}
	for _, r := range rows {
		found[r.File] = r.N
	}
	return found, err
}
