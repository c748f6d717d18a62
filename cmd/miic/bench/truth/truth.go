// Package truth measures nights of a synthetic state by the state's truth: which letters go to the wrong place, to nobody
// who is due, twice, or not at all; and why.
package truth

import (
	"context"
	"fmt"
	"os"

	"miic/forecast/cdsi"
	"miic/internal/lake"
	"miic/reports/campaign"
)

// Options are what to measure.
type Options struct {
	Lake     *lake.Lake
	Out      string // what the nights have published
	Truth    string // folder that `miic synth` wrote
	Schedule *cdsi.Schedule
	Campaign campaign.Campaign
	Progress func(night string, done, total int)
}

// Report is one measurement of each committed night.
type Report struct {
	Stage    string  `json:"stage"`
	Schedule string  `json:"schedule"`
	Nights   []Night `json:"nights"`
	Cases    []Case  `json:"-"`
}

// A Share is so many of so many.
type Share struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// add counts one more, and whether it is one of those that are looked for.
func (s *Share) add(hit bool) {
	s.Of++
	if hit {
		s.N++
	}
}

// Percent is the share in hundredths; of nothing it is 0.
func (s Share) Percent() float64 { return 100 * float64(s.N) / float64(max(s.Of, 1)) }

// A Night is what one night came to. Of the letters only those of the night count; who is mailed may have been so before.
type Night struct {
	AsOf     string `json:"as_of"`
	Snapshot int64  `json:"snapshot"`
	Persons  int    `json:"persons"` // of whom a record was delivered

	Recalls   int `json:"recall_letters"`
	Reminders int `json:"reminder_letters"`

	OldCounty         Share `json:"recalls_to_a_county_left"` // of the recall letters to families in the state
	LeftState         int   `json:"recalls_to_families_who_left_the_state"`
	LeftStateReminder int   `json:"reminders_to_families_who_left_the_state"`
	Recalled          Share `json:"recalled_of_those_who_should_be"`
	OnList            Share `json:"on_the_list_of_overdue_and_mailable"` // not stale, not held by a doubt, no mail that comes back
	NotDue            int   `json:"recalled_though_not_due"`
	Reminded          Share `json:"reminded_of_those_who_should_be"` // a recall reaches them too
	RemindedNotDue    int   `json:"reminded_though_not_due"`
	Twice             int   `json:"children_with_two_letters"`
	Withdrawn         int   `json:"letters_withdrawn_since"` // their files are gone, so that nothing about them is judged
	OptedOut          int   `json:"letters_to_opted_out"`
	Locked            int   `json:"letters_to_locked"`
	NoContact         int   `json:"letters_to_no_contact"`
	Dead              int   `json:"letters_to_dead"`
	Refusing          int   `json:"letters_about_a_refused_vaccine"`
	Immune            int   `json:"letters_about_a_vaccine_of_the_immune"`
	Contraindicated   int   `json:"letters_about_a_contraindicated_vaccine"`
	Split             Share `json:"persons_split_over_two_clients"`
	Joined            int   `json:"clients_of_two_persons"`
	Review            Share `json:"review_pairs_of_one_person"`

	// Of all letters to families in the state.
	Exact       Share `json:"address_exact"`       // the newest home that a delivery has given, with its unit
	Street      Share `json:"address_street"`      // the same but for the unit
	Unreported  int   `json:"address_not_known"`   // nobody has reported where the family lives by the newest record
	Name        Share `json:"name"`                // given name and surname
	Guardian    Share `json:"guardian"`            // of the letters that name one: mother or father, by today's name
	GuardianNot int   `json:"guardian_not_named"`  // to the parent or guardian
	Language    Share `json:"language"`            //
	Household   Share `json:"household_one_place"` // of the households with two letters: all of them to one address

	LostRecalls   map[string]int `json:"should_be_recalled_and_are_not"` // by cause
	LostReminders map[string]int `json:"should_be_reminded_and_are_not"`
	FalseRecalls  map[string]int `json:"recalled_though_not_due_by_cause"`
}

// A Case is one fault, with the ids that lead to it: no name, address or birth date.
type Case struct {
	Night, Fault, Cause, Person, Notice string
	Clients                             []int64
}

// A Measurement compares nights with the truth, one after the other.
type Measurement struct {
	Report Report

	options Options
	state   *state
	oracle  *oracle
}

// Begin reads the truth.
func Begin(o Options) (*Measurement, error) {
	s, err := readState(o.Truth)
	if err != nil {
		return nil, err
	}
	oracle, err := newOracle(o.Schedule, o.Campaign)
	if err != nil {
		return nil, err
	}
	return &Measurement{Report: Report{Stage: "truth", Schedule: o.Schedule.Version}, options: o, state: s, oracle: oracle}, nil
}

// All compares every committed night of the lake. Of a night whose folders a later one has withdrawn, only the letters that
// are left are compared.
func (m *Measurement) All(ctx context.Context) error {
	o := &m.options
	head, err := o.Lake.Head()
	if err != nil {
		return err
	}
	if head == nil {
		return fmt.Errorf("the lake %s has no night yet: run 'miic nightly' first", o.Lake.Dir())
	}
	for id := int64(1); id <= head.Snapshot; id++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		night, err := o.Lake.Manifest(id)
		switch {
		case lake.CodeOf(err) == lake.Damaged && id < head.Snapshot:
			continue // pruned
		case err != nil:
			return err
		case night.Kind != "night":
			continue
		}
		if o.Progress != nil {
			o.Progress(night.AsOf, int(id), int(head.Snapshot))
		}
		if err := m.Night(night); err != nil {
			return err
		}
	}
	return nil
}

// Night compares one night.
func (m *Measurement) Night(of *lake.Manifest) error {
	o := &m.options
	if _, err := os.Stat(lake.OutFolder(o.Out, of.Snapshot)); err != nil {
		return fmt.Errorf("the outputs of snapshot %d: %w; letters are compared as the mailing house gets them", of.Snapshot, err)
	}
	night, cases, err := measureNight(*o, m.state, m.oracle, of)
	if err != nil {
		return fmt.Errorf("snapshot %d: %w", of.Snapshot, err)
	}
	m.Report.Nights, m.Report.Cases = append(m.Report.Nights, *night), append(m.Report.Cases, cases...)
	return nil
}

func measureNight(o Options, s *state, oracle *oracle, m *lake.Manifest) (*Night, []Case, error) {
	r, err := readRegistry(o.Lake, m, o.Out, s)
	if err != nil {
		return nil, nil, err
	}
	asOf, err := m.Date()
	if err != nil {
		return nil, nil, err
	}
	n := &night{oracle: oracle, registry: r, asOf: asOf, should: map[*person]string{}, bars: map[*person]barred{}, Night: Night{AsOf: m.AsOf, Snapshot: m.Snapshot,
		LostRecalls: map[string]int{}, LostReminders: map[string]int{}, FalseRecalls: map[string]int{}}}
	n.people(s)
	n.letters()
	n.questions()
	return &n.Night, n.cases, nil
}
