package address

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/postal"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Config is what was handed in.
type Config struct {
	Answers []Handed
}

// Handed is an answer that was handed in.
type Handed struct {
	SHA256 string
	Vendor string     // the recipient that got the export
	Asked  Asked      `json:"-"`
	On     table.Date // the day on which it was handed in
	// an operator has withdrawn the answer: this is no new one
	Withdrawn bool
	Read      func() ([]byte, error) `json:"-"` // its bytes, as they were handed in
}

// batch names the file in tables.
func (h *Handed) batch() string { return "answer-" + h.SHA256[:16] }

// Stage takes in what was handed in since the last night, before linkage asks where people live. Of an export the last
// answer counts, unless it was withdrawn: what nights have taken in of any other goes, and what it said of people with it.
func Stage(c Config) pipeline.Stage {
	return pipeline.Stage{
		Name: "addresses", Version: 2, Config: c,
		Prior:  []string{table.AddressAnswers.Name, table.Clients.Name, table.ClientLinks.Name, table.NoticeResults.Name},
		Writes: []string{table.AddressAnswers.Name, table.NoticeResults.Name},
		Run:    func(ctx context.Context, r *pipeline.Run) error { return run(ctx, r, c) },
	}
}

type known struct {
	BatchID string `col:"batch_id" doc:"a file of answers"`
}

func run(ctx context.Context, r *pipeline.Run, c Config) error {
	if len(c.Answers) == 0 {
		return nil
	}
	if err := r.ViewPrior(ctx, table.AddressAnswers); err != nil {
		return err
	}
	taken, err := engine.Rows[known](ctx, r.Engine, queries.Get("known"))
	if err != nil {
		return err
	}
	inForce := c.inForce()
	if err := takeOut(ctx, r, slices.DeleteFunc(c.batches(), func(batch string) bool {
		return inForce[batch] != nil || !slices.Contains(taken, known{batch})
	})); err != nil {
		return err
	}
	var rows []table.AddressAnswer
	for _, batch := range c.batches() {
		h := inForce[batch]
		if h == nil || slices.Contains(taken, known{batch}) {
			continue
		}
		data, err := h.Read()
		if err != nil {
			return err
		}
		list, faults := Read(data, &h.Asked, h.On)
		if len(faults) > 0 { // it had none when it was handed in
			return fmt.Errorf("answer to the export %s of addresses, line %d: %s: %s", h.Asked.Export, faults[0].Line, faults[0].Field, faults[0].Why)
		}
		for j := range list {
			list[j].Snapshot, list[j].BatchID, list[j].Vendor = r.Snapshot, batch, h.Vendor
		}
		rows = append(rows, list...)
	}
	r.Count("addresses_answered", int64(len(rows)))
	if len(rows) == 0 {
		return nil // a log gains a file only with rows in it
	}
	slices.SortStableFunc(rows, func(a, b table.AddressAnswer) int {
		return cmp.Or(cmp.Compare(a.AddressID, b.AddressID), cmp.Compare(a.ProcessedOn, b.ProcessedOn))
	})
	if err := pipeline.Write(r, table.AddressAnswers, rows); err != nil {
		return err
	}
	return writeGone(ctx, r, rows)
}

// batches are the files of answers, each once.
func (c *Config) batches() []string {
	var list []string
	for i := range c.Answers {
		if batch := c.Answers[i].batch(); !slices.Contains(list, batch) {
			list = append(list, batch)
		}
	}
	return list
}

// inForce are the answers that count, by their batches: of each export the last one, unless it was withdrawn.
func (c *Config) inForce() map[string]*Handed {
	last := map[string]*Handed{}
	for i := range c.Answers {
		last[c.Answers[i].Asked.Export] = &c.Answers[i]
	}
	out := map[string]*Handed{}
	for _, h := range last {
		if !h.Withdrawn {
			out[h.batch()] = h
		}
	}
	return out
}

// takeOut takes answers out of the tables, with what they said of people: whoever it was about lives again where the
// senders say. The results that go are in taken_out_result.
func takeOut(ctx context.Context, r *pipeline.Run, batches []string) error {
	if err := r.ViewPrior(ctx, table.NoticeResults); err != nil {
		return err
	}
	these := "('')"
	if len(batches) > 0 {
		quoted := make([]string, len(batches))
		for i, batch := range batches {
			quoted[i] = engine.Literal(batch)
		}
		these = "(" + strings.Join(quoted, ", ") + ")"
	}
	if err := r.Engine.Materialize(ctx, "taken_out_result", "SELECT * FROM prior_notice_result WHERE batch_id IN "+these); err != nil {
		return err
	}
	r.Count("answers_taken_out", int64(len(batches)))
	if len(batches) == 0 {
		return nil
	}
	for _, t := range []*table.Table{table.AddressAnswers, table.NoticeResults} {
		if err := r.Rewrite(ctx, t, "batch_id NOT IN "+these); err != nil {
			return err
		}
	}
	return nil
}

// gone is an address at which a family does not live any more, or at which no mail is delivered.
type gone struct {
	AddressID string `col:"address_id" doc:"the address"`
	BatchID   string `col:"batch_id" doc:"the file of answers"`
	Surname   string `col:"surname" doc:"surname at the door"`
	Address1  string `col:"address_1" doc:"street line"`
	Address2  string `col:"address_2" doc:"second line"`
	City      string `col:"city" doc:"city"`
	State     string `col:"state" doc:"state"`
	ZIP       string `col:"zip" doc:"ZIP code"`
}

// goneClient is somebody who has such an address by the night before.
type goneClient struct {
	AddressID string `col:"address_id" doc:"the address"`
	BatchID   string `col:"batch_id" doc:"the file of answers"`
	ClientID  int64  `col:"client_id" doc:"the person"`
	RecordID  string `col:"record_id" doc:"a record of the person"`
}

// writeGone writes what tonight's answers say about people, as the results of letters would: that mail does not reach them
// where they were thought to live, and their new address.
func writeGone(ctx context.Context, r *pipeline.Run, rows []table.AddressAnswer) error {
	var list []gone
	of := map[known]map[string]*table.AddressAnswer{}
	for i := range rows {
		a := &rows[i]
		if found := postal.Find(a.DPVCode, a.NCOACode); found != postal.Moved && found != postal.Gone {
			continue
		}
		list = append(list, gone{a.AddressID, a.BatchID, a.Surname, a.Address1, a.Address2, a.City, a.State, a.ZIP})
		if of[known{a.BatchID}] == nil {
			of[known{a.BatchID}] = map[string]*table.AddressAnswer{}
		}
		of[known{a.BatchID}][a.AddressID] = a
	}
	r.Count("addresses_gone", int64(len(list)))
	if len(list) == 0 || len(r.PriorFiles(table.Clients.Name)) == 0 {
		return nil
	}
	if err := r.ViewPrior(ctx, table.Clients, table.ClientLinks); err != nil {
		return err
	}
	if err := engine.Load(ctx, r.Engine, "gone_address", list); err != nil {
		return err
	}
	var results []table.NoticeResult
	if err := engine.Stream(ctx, r.Engine, queries.Get("gone_client"), func(g *goneClient) error {
		results = append(results, resultOf(of[known{g.BatchID}][g.AddressID], g))
		return nil
	}); err != nil {
		return err
	}
	r.Count("people_gone", int64(len(results)))
	if len(results) == 0 {
		return nil
	}
	return pipeline.Write(r, table.NoticeResults, results)
}

// resultOf is an answer about somebody, as the result of a letter to the address would be.
func resultOf(a *table.AddressAnswer, g *goneClient) table.NoticeResult {
	out := table.NoticeResult{NoticeID: fmt.Sprintf("address-%s-%d", a.AddressID, g.ClientID), ClientID: g.ClientID, RecordID: g.RecordID,
		Sender: a.Vendor, Snapshot: a.Snapshot, BatchID: a.BatchID, Line: a.Line, SenderTime: a.ProcessedOn.Midnight(), Code: "returned",
		HappenedOn: a.ProcessedOn, SentTo: a.Address1, SentToZIP: a.ZIP,
		Address1: a.NewAddress1, Address2: a.NewAddress2, City: a.NewCity, State: a.NewState, ZIP: a.NewZIP5}
	if a.NewZIP4 != "" {
		out.ZIP += "-" + a.NewZIP4
	}
	out.ResultID = out.NoticeID + "/" + out.Code + "/" + out.HappenedOn.String()
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%s|%s|%s", out.ResultID, out.Address1, out.Address2, out.City, out.State, out.ZIP))
	out.ContentHash = int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
	return out
}
