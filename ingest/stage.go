// Package ingest turns deliveries into records: batch, rejected, client_record, vaccination_event,
// observation, request, death, roster_entry and affirmation, and measures them: delivery_figure.
//
// It promises that nothing delivered is lost or silent. Every unit of a file (a line, or a message in HL7) is
// accepted, refused with its line, byte offset and rule, or held with its whole file, and the night fails unless
// these add up. A file is known by its bytes, a record by its sender's own number, and of two versions the newer by
// the sender's own time wins, whatever order they arrive in; what the newer one leaves out stays as reported before.
// No message, error or rejected row holds what a record holds about a person.
//
// The packages below make records of one file: read cuts it into units, record makes rows of these. Here these are
// compared with each other and with what earlier nights have. Read stage.go first (the night), then batch.go (one
// file), resolve.go (what the night's records mean beside those of the nights before), limits.go (which files are held
// whole) and logs.go (what is new). Checks that need more than one value are SQL, with their conditions in the one
// table of rules, rule/checks.yaml. backout.go takes a delivery out again.
package ingest

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sort"
	"sync"

	"miic/ingest/read"
	"miic/ingest/stray"
	"miic/internal/delivery"
	"miic/internal/parallel"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// writes are the stage's tables, and what it reads of earlier nights.
var writes = []string{"batch", "rejected", "client_record", "vaccination_event", "observation", "request", "death",
	"roster_entry", "notice_result", "affirmation", "delivery_figure"}

// notices is what it reads of earlier nights to know whose a notice is. It matters only where a result of one comes.
var notices = []string{"notice", "open_notice", "client", "client_link", "client_change"}

// Stage is the ingest stage of the night.
func Stage(cfg Config) pipeline.Stage {
	return pipeline.Stage{
		Name: "ingest", Version: 13, Prior: slices.Concat(writes, notices), Writes: writes, Inbox: true, Dated: true, Config: cfg.key(),
		Run: func(ctx context.Context, r *pipeline.Run) error {
			if err := cfg.Validate(); err != nil {
				return err
			}
			n := &night{cfg: cfg, run: r, partedFiles: map[*table.Table][]string{}}
			return n.ingest(ctx)
		},
		Foresee: func(ctx context.Context, r *pipeline.Run) error {
			if err := cfg.Validate(); err != nil {
				return err
			}
			n := &night{cfg: cfg, run: r}
			return n.foresee(ctx)
		},
	}
}

// A night is one run of the stage.
type night struct {
	cfg     Config
	run     *pipeline.Run
	batches []*batch
	layouts map[string]*read.Layout
	before  []table.Batch         // of earlier nights
	latest  map[string]table.Time // newest time of what earlier nights loaded, by sender and layout

	past   map[string][]*pastDelivery // what earlier nights loaded, by sender and layout, newest first
	newest delivery.Newest            // how earlier nights left each delivery
	// what operators refused, and why, and what they took out, by batch: the same bytes need to be let in
	refused  map[string]string
	takenOut map[string]bool

	lastCame   map[string]table.Date // by sender
	lastAside  map[string]table.Date // by sender: of what is left out, or let in tonight
	firstNight table.Date
	renumbered int  // numbers that senders have changed; -1 for none, 0 until it is known
	idsReused  bool // reused_dose_id has rows

	// of the logs that hold parted records: the state before the night, with those
	partedFiles map[*table.Table][]string
}

func (n *night) ingest(ctx context.Context) error {
	if err := n.arrivals(); err != nil {
		return err
	}
	if err := n.load(ctx); err != nil {
		return err
	}
	debug.FreeOSMemory() // what reading needed must not stay beside what the engine needs now
	if err := n.resolve(ctx); err != nil {
		return err
	}
	if err := n.missing(); err != nil {
		return err
	}
	return n.account()
}

// arrivals sets up the night's batches in an order that the inbox has no say in, and settles what
// need not be opened: files without a sender or a layout, and bytes that were loaded before.
func (n *night) arrivals() error {
	senders := map[string]*Sender{}
	for i := range n.cfg.Senders {
		senders[n.cfg.Senders[i].ID] = &n.cfg.Senders[i]
	}
	var err error
	if n.layouts, err = read.Layouts(n.cfg.Layouts); err != nil {
		return err
	}
	before, err := table.ReadAll[table.Batch](n.run.PriorFiles("batch"))
	if err != nil {
		return err
	}
	known := map[string]string{} // by SHA-256, where the bytes were loaded
	n.latest = map[string]table.Time{}
	n.before = before
	if err := n.history(before); err != nil {
		return err
	}
	n.setAside(before)
	for _, b := range n.newest {
		if b.Status == loaded {
			n.latest[b.Sender+"/"+b.Layout] = max(n.latest[b.Sender+"/"+b.Layout], b.SenderTime)
			known[b.SHA256] = fmt.Sprintf("%s/%s, received on %s", b.Sender, b.FileName, b.ReceivedOn)
		}
	}
	tonight := map[string]*batch{}
	files := append([]pipeline.Delivery(nil), n.run.Inbox...)
	sort.Slice(files, func(i, j int) bool {
		if files[i].Sender != files[j].Sender {
			return files[i].Sender < files[j].Sender
		}
		if files[i].Name != files[j].Name {
			return files[i].Name < files[j].Name
		}
		return files[i].SHA256 < files[j].SHA256 // what operators let in may have a name of tonight's, or one name
	})
	for i, d := range files {
		b := &batch{no: int32(i + 1), file: d, asOf: n.run.AsOf, sender: senders[d.Sender]}
		n.batches = append(n.batches, b)
		b.id = batchID(d)
		if d.Stray != "" || d.Refused != nil {
			b.sender = &Sender{ID: d.Sender} // who has not delivered it
			b.status, b.reason = stray.Judge(&d, known[d.SHA256])
			continue
		}
		if b.sender == nil {
			b.sender = &Sender{ID: d.Sender}
			b.status, b.reason = refused, fmt.Sprintf("no sender has the id %s: if it is a new sender, add it to "+
				"senders in the configuration and release this file; if not, remove the folder", d.Sender)
			continue
		}
		b.layout = b.sender.layoutOf(d.Name)
		b.l, b.most = n.layouts[b.layout], n.limits(b.sender).MostUnits
		on := read.FileDate(d.Name)
		if b.Time = on.Midnight(); on == 0 {
			b.Time = n.cameOn(d).Midnight()
		}
		why, no := n.refused[b.id]
		switch {
		case d.Left:
			b.status, b.reason = left, d.Err
		case d.Err != "":
			b.status, b.reason = refused, d.Err
		case no && d.Let == nil:
			if b.status, b.reason = duplicate, "the same bytes were "+why+": they are not loaded; release the "+
				"delivery if it is right after all"; n.newest[b.id] == nil || n.newest[b.id].Status != declined {
				b.status = declined
			}
		case b.layout == "":
			b.status, b.reason = refused,
				"no pattern of its sender fits its name: add one to the configuration or rename the file"
		case n.takenOut[b.id] && d.Let == nil:
			b.status, b.reason = held, "the same bytes were loaded before and an operator took them out: release it "+
				"if it is to be loaded after all"
		case b.replay() && !n.isLoaded(d.Let.Batch):
			b.status, b.reason = held, fmt.Sprintf("it holds corrected lines of batch %s, which is not loaded any "+
				"more: release it or refuse it", d.Let.Batch)
		case d.Bytes > 0 && known[d.SHA256] != "":
			b.status, b.reason = duplicate, "the same bytes were loaded before: "+known[d.SHA256]
		case on > n.run.AsOf+1:
			b.status, b.reason = refused,
				"the day in its name lies after the night's date: correct the name and put it back"
		}
		if b.status == "" && d.Bytes > 0 {
			if first := tonight[d.SHA256]; first != nil {
				b.copyOf = first
			} else {
				tonight[d.SHA256] = b
			}
		}
	}
	return nil
}

// cameOn is when a delivery came: tonight, or when the night took it in after which an operator let it in.
func (n *night) cameOn(d pipeline.Delivery) table.Date {
	if d.Let != nil {
		if on, err := table.ParseDate(d.Let.ReceivedOn); err == nil {
			return on
		}
	}
	return n.run.AsOf
}

// isLoaded reports that what a delivery reported is in the tables.
func (n *night) isLoaded(batch string) bool {
	b := n.newest[batch]
	return b != nil && b.Status == loaded
}

// replay reports that the file holds corrected lines of an earlier delivery, and not all of it.
func (b *batch) replay() bool { return b.file.Let != nil && b.file.Let.Replay }

// batchID is the beginning of the file's SHA-256; for what has none, a name that is as stable.
func batchID(d pipeline.Delivery) string {
	if len(d.SHA256) >= 16 {
		return d.SHA256[:16]
	}
	return fmt.Sprintf("%016x", uint64(read.Seed.Text(d.Sender).Text(d.Name).Sum()))
}

// splitFrom is the smallest file, in bytes, that is read in parts.
const splitFrom = 16 << 20

// partsOf is in how many parts a file is read: as many as it has of the night's work for all workers. Else the others
// are done before it is, and most of the machine would wait for it.
func partsOf(bytes, total int64) int {
	if bytes < splitFrom {
		return 1
	}
	return int((bytes*int64(parallel.Workers()) + total - 1) / total)
}

// load reads the files side by side, and then those of tonight's copies whose first file was refused.
func (n *night) load(ctx context.Context) error {
	var total, done int64
	for _, b := range n.batches {
		total += b.file.Bytes
	}
	var firsts, copies []*batch
	for _, b := range n.batches {
		b.parts = partsOf(b.file.Bytes, total)
		switch {
		case b.status != "":
		case b.copyOf == nil:
			firsts = append(firsts, b)
		default:
			copies = append(copies, b)
		}
	}
	var mu sync.Mutex
	load := func(list []*batch) error {
		return parallel.Each(ctx, len(list), func() func(int) error {
			return func(i int) error {
				b := list[i]
				err := b.load(ctx, n.run.Snapshot, n.run.Scratch)
				mu.Lock()
				defer mu.Unlock()
				done += b.file.Bytes
				n.run.Progress("read deliveries", done, total, pipeline.Bytes)
				return err
			}
		})
	}
	if err := load(firsts); err != nil {
		return err
	}
	var again []*batch
	for _, b := range copies {
		if b.copyOf.status == refused {
			again = append(again, b)
			continue
		}
		b.status, b.reason = duplicate,
			fmt.Sprintf("the same bytes came tonight as %s/%s", b.copyOf.sender.ID, b.copyOf.file.Name)
	}
	return load(again)
}

// account writes the batch rows and notes, and fails the night unless every unit is accounted for.
func (n *night) account() error {
	rows := append(n.refusals(), n.leftOut()...)
	for _, b := range n.batches {
		row := table.Batch{BatchID: b.id, Snapshot: n.run.Snapshot, FileName: b.file.Name, Sender: b.sender.ID,
			SenderKind: b.sender.Kind,
			Layout:     b.layout, SHA256: b.file.SHA256, ReceivedOn: n.cameOn(b.file), SenderTime: b.Time,
			Bytes:     b.file.Bytes,
			UnitsRead: b.Read, Status: b.status, Reason: b.reason}
		if b.replay() {
			row.ReplayOf = b.file.Let.Batch
		}
		if let := b.file.Let; let != nil && b.status == loaded {
			switch {
			case let.Replay:
				b.reason = fmt.Sprintf("corrected lines of batch %s, put in by %s: %s", let.Batch, let.Operator,
					let.Reason)
			case let.Returned:
				b.reason = fmt.Sprintf("returned by %s, after a rollback: %s", let.Operator, let.Reason)
			default:
				b.reason = fmt.Sprintf("released by %s: %s", let.Operator, let.Reason)
			}
			row.Reason = b.reason
		}
		switch b.status {
		case refused:
			row.Rejected = b.Read
		case held:
			row.Held = b.Read
		default:
			row.Accepted, row.Rejected = b.Accepted, b.Refused
		}
		if row.UnitsRead != row.Accepted+row.Rejected+row.Held {
			return fmt.Errorf("batch %s, %s/%s: %d units were read, but %d accepted, %d refused and %d held: this "+
				"is a fault of the program, nothing is committed; keep the file and report it",
				b.id, b.sender.ID, b.file.Name, row.UnitsRead, row.Accepted, row.Rejected, row.Held)
		}
		if b.status == loaded {
			// For the brake: a file refused whole has its own exit code and must not stop the others.
			n.run.Count("loaded_units_read", row.UnitsRead)
			n.run.Count("loaded_units_rejected", row.Rejected)
		}
		rows = append(rows, row)
		n.note(b)
		n.run.Count("files_"+b.status, 1)
		n.run.Count("units_read", row.UnitsRead)
		n.run.Count("units_accepted", row.Accepted)
		n.run.Count("units_rejected", row.Rejected)
		n.run.Count("units_held", row.Held)
	}
	if rows = append(rows, stray.Gone(n.before, rows, n.run.Snapshot)...); len(rows) == 0 {
		return nil
	}
	sort.Slice(rows, func(i, j int) bool {
		a, b := &rows[i], &rows[j]
		if a.BatchID != b.BatchID {
			return a.BatchID < b.BatchID
		}
		return a.Sender+"/"+a.FileName < b.Sender+"/"+b.FileName
	})
	return pipeline.Write(n.run, table.Batches, rows)
}

func (n *night) note(b *batch) {
	note := pipeline.Note{Kind: "arrived", Sender: b.sender.ID, File: b.file.Name, Text: b.reason}
	switch b.status {
	case loaded:
		note.Text = fmt.Sprintf("%d units read, %d accepted, %d refused", b.Read, b.Accepted, b.Refused)
		if b.reason != "" {
			note.Text += "; " + b.reason
		}
		if b.layout == "family-requests" && b.Refused > 0 {
			n.run.Note(pipeline.Note{Kind: "refused", Sender: b.sender.ID, File: b.file.Name, Exit3: true,
				Text: fmt.Sprintf("%d requests in it could not be read, and an opt-out may be among them: look at "+
					"its rejected rows, ask the family, and send them again", b.Refused)})
		}
		if b.l != nil && b.l.Makes == "result" && b.Refused > 0 {
			n.run.Note(pipeline.Note{Kind: "refused", Sender: b.sender.ID, File: b.file.Name, Exit3: true,
				Text: fmt.Sprintf("%d results of notices in it could not be taken, and a wish for no letters may be "+
					"among them: look at its rejected rows, correct the lines and send them again", b.Refused)})
		}
	case empty, stray.Settled:
	case duplicate, left:
		note.Kind = b.status
	case declined:
		note.Kind = duplicate
	default:
		note.Kind, note.Exit3 = b.status, true
	}
	n.run.Note(note)
	if b.status == loaded && b.file.Let == nil && b.Time < n.latest[b.sender.ID+"/"+b.layout] {
		n.run.Note(pipeline.Note{Kind: "warning", Sender: b.sender.ID, File: b.file.Name,
			Text: "it is older than a file that was loaded before it: its records were put in the order of the " +
				"sender's time"})
	}
	if b.Warning != "" {
		n.run.Note(pipeline.Note{Kind: "warning", Sender: b.sender.ID, File: b.file.Name, Text: b.Warning})
	}
}
