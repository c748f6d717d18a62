package campaign

import (
	"context"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// EarlierNotice is a notice of an earlier day.
type EarlierNotice struct {
	ClientID int64      `col:"client_id" doc:"the person"`
	Campaign string     `col:"campaign" doc:"the campaign"`
	Kind     string     `col:"kind" doc:"reminder or recall"`
	Groups   string     `col:"vaccine_groups" doc:"groups, joined by a bar"`
	IssuedOn table.Date `col:"issued_on" doc:"day of the notice"`
	Snapshot int64      `col:"snapshot" doc:"the night that wrote it"`
	Address1 string     `col:"address_1,null" doc:"street line of the letter; null in notices of older programs"`
	ZIP      string     `col:"zip,null" doc:"ZIP code of the letter"`
	Returned bool       `col:"returned" doc:"the letter came back"`
	Control  bool       `col:"control" doc:"it was not sent: the person is in the campaign's control group"`
}

// badAddress is an address of a person from which mail comes back, as a sender reports it.
type badAddress struct {
	ClientID int64  `col:"client_id" doc:"the person"`
	Address1 string `col:"address_1" doc:"street line"`
	ZIP      string `col:"zip" doc:"ZIP code"`
	Snapshot int64  `col:"snapshot" doc:"the night of the last report"`
}

// earlierNotices returns the notices of earlier days to the people called, by person.
func earlierNotices(ctx context.Context, r *pipeline.Run) (map[int64][]EarlierNotice, error) {
	bad := map[int64][]badAddress{}
	err := engine.Stream(ctx, r.Engine, queries.Get("returned"), func(b *badAddress) error {
		bad[b.ClientID] = append(bad[b.ClientID], *b)
		return nil
	})
	if err != nil {
		return nil, err
	}
	before := map[int64][]EarlierNotice{}
	query := queries.Get("earlier_notice", "as_of", r.AsOf)
	err = engine.Stream(ctx, r.Engine, query, func(e *EarlierNotice) error {
		e.Returned = e.Returned || cameBack(e, bad[e.ClientID])
		before[e.ClientID] = append(before[e.ClientID], *e)
		return nil
	})
	return before, err
}

// cameBack reports that a sender has since reported that mail comes back from where the letter went.
func cameBack(e *EarlierNotice, bad []badAddress) bool {
	for _, b := range bad {
		if b.Snapshot > e.Snapshot && sameAddress(b.Address1, b.ZIP, e.Address1, e.ZIP) {
			return true
		}
	}
	return false
}

// sameAddress compares two addresses as senders write them: by the house number, or the first word where there is
// none, and the five digits of the ZIP code. Of one person's addresses that is enough.
func sameAddress(street, zip, otherStreet, otherZIP string) bool {
	if len(zip) < 5 || len(otherZIP) < 5 || zip[:5] != otherZIP[:5] {
		return false
	}
	a, b := strings.Fields(street), strings.Fields(otherStreet)
	return len(a) > 0 && len(b) > 0 && strings.EqualFold(strings.Trim(a[0], ".,#"), strings.Trim(b[0], ".,#"))
}

// neverGot reports that a letter came back from where the person no longer lives, as far as we know: it is as if it had
// not been sent. One that came back from where the next would go counts for rounds and intervals like any other, or
// it would be sent again each night.
func (p *Person) neverGot(e *EarlierNotice) bool {
	return e.Returned && !sameAddress(e.Address1, e.ZIP, p.Address1, p.ZIP)
}
