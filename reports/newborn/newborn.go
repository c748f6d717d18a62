// Package newborn writes the file of newborns whose families get the registry's notification with the birth packet:
//
//	newborns/newborns.csv    a row a newborn; on the same day the same rows
//
// Each birth is notified once: its record came in time, is not void, and no record of the same child was notified before.
// Amendments, rollbacks, backouts and upgrades change nothing in that: table newborn_notice keeps what became of each
// birth, and is never taken back. Nobody is notified of an infant who has died, or of an identity under seal.
package newborn

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"slices"
	"strconv"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/privacy"
	"miic/reports/recipient"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Settings are what a site decides about newborns.
type Settings struct {
	Days       int    `yaml:"days"`       // a birth that comes later than so many days after the birth is not notified
	Restricted string `yaml:"restricted"` // what becomes of newborns who are restricted: a policy by name
}

// The policies about newborns who have opted out, are locked, or whose family wants no mail.
const (
	Never      = "never"       // they are never notified, whatever becomes of the restriction
	WhenLifted = "when_lifted" // they are, if an operator lifts the restriction while they are young enough
)

// DefaultSettings are the usual ones.
func DefaultSettings() Settings { return Settings{Days: 90, Restricted: Never} }

// Check reports what is wrong with the settings.
func (s *Settings) Check() error {
	if s.Days < 1 || s.Days > 365 {
		return fmt.Errorf("newborns: days is %d: it must be 1 to 365", s.Days)
	}
	if s.Restricted != Never && s.Restricted != WhenLifted {
		return fmt.Errorf("newborns: restricted is %q: it must be %s or %s", s.Restricted, Never, WhenLifted)
	}
	return nil
}

// Config is what the stage gets.
type Config struct {
	Settings
	Recipients recipient.Book
}

// What became of a birth. The first three are final; the others are looked at again while the child is young enough.
const (
	Notified   = "notified"
	Late       = "late"       // it came, or could first be notified, too long after the birth
	Sealed     = "sealed"     // an identity under seal
	SameChild  = "same_child" // another record of the child was notified; until they are parted
	Restricted = "restricted" // by the policy
	Dead       = "dead"       // until it turns out to be wrong
	Unreceived = "unreceived" // nobody may receive the file
	Waiting    = "waiting"    // a file of requests is unread, or the infant may have died: for as long as it takes
)

// birth is a newest version of a birth record, with what is known of the child tonight.
type birth struct {
	RecordID   string     `col:"record_id" doc:"the birth record"`
	ClientID   int64      `col:"client_id,null" doc:"the child"`
	BirthDate  table.Date `col:"birth_date" doc:"date of birth"`
	Before     string     `col:"outcome,null" doc:"what became of it by the night before"`
	Sealed     bool       `col:"sealed" doc:"the identity is under seal"`
	Restricted bool       `col:"restricted" doc:"opted out, locked, or no mail is wanted"`
	Dead       bool       `col:"dead" doc:"the infant has died"`
	MayBeDead  bool       `col:"may_be_dead" doc:"the infant may have died"`
	SameChild  bool       `col:"same_child" doc:"another record of the child was notified before"`
}

// outcome is what becomes of a birth tonight. open: families' requests are all read; received: somebody may receive the file.
func (s *Settings) outcome(b *birth, asOf table.Date, open, received bool) string {
	young := b.BirthDate != 0 && asOf-b.BirthDate <= table.Date(s.Days)
	switch {
	case b.Sealed:
		return Sealed
	case b.SameChild && young:
		return SameChild
	case b.Before != Waiting && !young:
		return Late
	case b.Restricted || b.Before == Restricted && s.Restricted == Never:
		return Restricted
	case b.Dead:
		return Dead
	case !received:
		return Unreceived
	case b.MayBeDead || !open || b.ClientID == 0:
		return Waiting
	}
	return Notified
}

// Run decides about each birth that is new or waits, and writes the file.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	to, _ := c.Recipients.For(recipient.Newborns, r.AsOf)
	if err := view(ctx, r); err != nil {
		return err
	}
	rows, err := c.decide(ctx, r, len(unread) == 0, to != nil)
	if err != nil {
		return err
	}
	if len(rows) > 0 { // a log gains a file only with rows in it
		if err := pipeline.Write(r, table.NewbornNotices, rows); err != nil {
			return err
		}
	}
	if to == nil || len(unread) > 0 {
		return nil
	}
	return writeFile(ctx, r, to)
}

// view makes what is known of births known to the engine: of all that are not settled yet, or of those that came tonight or
// wait.
func view(ctx context.Context, r *pipeline.Run) error {
	if err := r.View(ctx, table.ClientRecords, table.ClientLinks, table.Clients, table.DeathMatches, table.Batches); err != nil {
		return err
	}
	if _, err := privacy.HideRestricted(ctx, r); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.NewbornNotices); err != nil {
		return err
	}
	if err := r.Engine.Latest(ctx, "settled_birth", table.NewbornNotices, "prior_newborn_notice"); err != nil {
		return err
	}
	fresh := r.Files(table.ClientRecords.Name)
	if r.Continues {
		fresh = r.Tonight(table.ClientRecords.Name)
	}
	if err := r.Engine.View(ctx, "fresh_record", table.ClientRecords, fresh); err != nil {
		return err
	}
	if err := r.Engine.Materialize(ctx, "wanted_birth", queries.Get("wanted_birth")); err != nil {
		return err
	}
	return r.Engine.Materialize(ctx, "newest_birth", engine.LatestSQL(table.ClientRecords,
		"(SELECT * FROM client_record WHERE record_id IN (SELECT record_id FROM wanted_birth)) AS wanted"))
}

// decide returns what became of births tonight, where that differs from before, by record.
func (c *Config) decide(ctx context.Context, r *pipeline.Run, open, received bool) ([]table.NewbornNotice, error) {
	var rows []table.NewbornNotice
	notified := map[int64]bool{}
	err := engine.Stream(ctx, r.Engine, queries.Get("birth"), func(b *birth) error {
		b.SameChild = b.SameChild || notified[b.ClientID]
		is := c.outcome(b, r.AsOf, open, received)
		if is == Notified {
			notified[b.ClientID] = true
		}
		r.Count("newborns_"+is, 1)
		if is != b.Before {
			rows = append(rows, table.NewbornNotice{RecordID: b.RecordID, Snapshot: r.Snapshot, ClientID: b.ClientID,
				Outcome: is, DecidedOn: r.AsOf})
		}
		return nil
	})
	return rows, err
}

// told is a newborn as the file has it.
type told struct {
	ClientID    int64      `col:"client_id" doc:"the child"`
	FirstName   string     `col:"first_name,null" doc:"given name; none while only a placeholder is known"`
	LastName    string     `col:"last_name,null" doc:"surname"`
	BirthDate   table.Date `col:"birth_date" doc:"date of birth"`
	MotherFirst string     `col:"mother_first,null" doc:"of the birth record"`
	MotherLast  string     `col:"mother_last,null" doc:"of the birth record"`
	Address1    string     `col:"address_1,null" doc:"street line"`
	Address2    string     `col:"address_2,null" doc:"second line"`
	City        string     `col:"city,null" doc:"city"`
	State       string     `col:"state,null" doc:"state"`
	ZIP         string     `col:"zip,null" doc:"ZIP code"`
	Language    string     `col:"language,null" doc:"language of the household"`
}

var columns = []string{"registry_id", "first_name", "last_name", "birth_date", "mother_first_name", "mother_last_name",
	"address_1", "address_2", "city", "state", "zip", "language"}

const file = recipient.Newborns + "/newborns.csv"

// writeFile writes whom this day notifies, with a disclosure each: also those of an earlier run of the same day, unless they
// have been restricted, or have died, since.
func writeFile(ctx context.Context, r *pipeline.Run, to *recipient.Recipient) error {
	if err := r.View(ctx, table.NewbornNotices); err != nil {
		return err
	}
	people, err := engine.Rows[told](ctx, r.Engine, queries.Get("told", "as_of", r.AsOf))
	if err != nil {
		return err
	}
	path, err := r.OutPath(file)
	if err != nil {
		return err
	}
	var shown []table.Disclosure
	err = to.CSV.Style().Write(path, columns, func(yield func([]string) bool) {
		for _, p := range people {
			shown = append(shown, to.Disclose(r.Snapshot, file, p.ClientID))
			if !yield([]string{strconv.FormatInt(p.ClientID, 10), p.FirstName, p.LastName, p.BirthDate.String(), p.MotherFirst,
				p.MotherLast, p.Address1, p.Address2, p.City, p.State, p.ZIP, p.Language}) {
				return
			}
		}
	})
	if err != nil || len(shown) == 0 {
		return err
	}
	slices.SortFunc(shown, func(a, b table.Disclosure) int { return cmp.Compare(a.ClientID, b.ClientID) })
	return pipeline.Write(r, table.Disclosures, shown)
}
