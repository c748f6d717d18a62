package campaign

import (
	"context"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/postal"
	"miic/internal/table"
)

// Home is the address of somebody who is written to, with what an address vendor last said about it.
type Home struct {
	ClientID int64  `col:"client_id" doc:"the person"`
	Surname  string `col:"surname" doc:"surname at the door"`
	Address1 string `col:"address_1,null" doc:"street line"`
	Address2 string `col:"address_2,null" doc:"second line"`
	City     string `col:"city,null" doc:"city"`
	State    string `col:"state,null" doc:"state"`
	ZIP      string `col:"zip,null" doc:"ZIP code"`

	StdAddress1   string     `col:"std_address_1,null" doc:"street line in the postal service's form"`
	StdAddress2   string     `col:"std_address_2,null" doc:"second line in that form"`
	StdCity       string     `col:"std_city,null" doc:"city in that form"`
	StdState      string     `col:"std_state,null" doc:"state in that form"`
	StdZIP5       string     `col:"std_zip5,null" doc:"ZIP code"`
	StdZIP4       string     `col:"std_zip4,null" doc:"the four digits behind it"`
	DeliveryPoint string     `col:"delivery_point,null" doc:"the delivery point"`
	DPVCode       string     `col:"dpv_code,null" doc:"whether mail is delivered there"`
	NCOACode      string     `col:"ncoa_code,null" doc:"whether the family has moved"`
	ProcessedOn   table.Date `col:"processed_on" doc:"the day of the answer; none without one"`
}

// Address is the address by its own words.
func (k *Home) Address() postal.Address {
	return postal.Address{Surname: k.Surname, Address1: k.Address1, Address2: k.Address2, City: k.City, State: k.State, ZIP: k.ZIP}
}

// finding is what the answer comes to.
func (k *Home) finding() postal.Finding { return postal.Find(k.DPVCode, k.NCOACode) }

// Checked is when an address vendor held an address against the postal service's files, and what mail needs of it.
type Checked struct {
	On            table.Date
	DeliveryPoint string
}

// Addressed is a notice as it is mailed: in the postal service's form of the address, where an address vendor has given
// it. The person and the notice keep the address as it was reported.
func (c *Chosen) Addressed() *Chosen {
	if c.standard == nil {
		return c
	}
	out, k := *c, c.standard
	p := &out.Person
	p.Address1, p.Address2, p.City, p.State, p.ZIP = k.StdAddress1, k.StdAddress2, k.StdCity, k.StdState, k.StdZIP5+"-"+k.StdZIP4
	return &out
}

// check finds out what an address vendor has said about the addresses to which mail goes tonight.
func (plan *Plan) check(ctx context.Context, r *pipeline.Run) error {
	var mailed []*Chosen
	var people []int64
	for _, c := range plan.all() {
		if c.Notice.Channel == Mail || c.Notice.Channel == Postcard {
			mailed, people = append(mailed, c), append(people, c.Person.ClientID)
		}
	}
	known, err := addresses(ctx, r, people)
	if err != nil {
		return err
	}
	by := make(map[int64]*Home, len(known))
	for i := range known {
		by[known[i].ClientID] = &known[i]
	}
	for _, c := range mailed {
		k := by[c.Person.ClientID]
		if k == nil || k.ProcessedOn == 0 || k.finding() == postal.Moved || k.finding() == postal.Gone {
			continue // a sender has since said that the family lives there
		}
		c.Checked.On = k.ProcessedOn
		if k.finding() == postal.Delivered {
			c.Checked.DeliveryPoint, c.standard = k.DeliveryPoint, k
		}
	}
	return nil
}

// MailedSoon are the addresses of all who get mail tonight, or will as soon as what passes by itself has passed: an
// interval, a clinic's missing file.
func (plan *Plan) MailedSoon(ctx context.Context, r *pipeline.Run) ([]Home, error) {
	people := slices.Clone(plan.soon)
	for _, c := range plan.all() {
		if c.Notice.Channel == Mail || c.Notice.Channel == Postcard {
			people = append(people, c.Person.ClientID)
		}
	}
	return addresses(ctx, r, people)
}

type writtenTo struct {
	ClientID int64 `col:"client_id" doc:"the person"`
}

func addresses(ctx context.Context, r *pipeline.Run, people []int64) ([]Home, error) {
	slices.Sort(people)
	var list []writtenTo
	for _, id := range slices.Compact(people) {
		list = append(list, writtenTo{id})
	}
	if len(list) == 0 {
		return nil, nil
	}
	if err := r.ViewLatest(ctx, table.AddressAnswers); err != nil {
		return nil, err
	}
	if err := engine.Load(ctx, r.Engine, "written_to", list); err != nil {
		return nil, err
	}
	return engine.Rows[Home](ctx, r.Engine, queries.Get("address"))
}
