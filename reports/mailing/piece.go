package mailing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"miic/reports/campaign"
	"miic/reports/letter"
	"miic/reports/mailing/barcode"
)

// A Piece is what a household gets at once: an envelope, a postcard, a call or a text. It is about one person or several.
type Piece struct {
	Sequence   int // place in its file, from 1
	Chosen     []*campaign.Chosen
	Words      *letter.Piece // of mail: what it says, for all files alike
	Decoy      string        // to whom, of one that goes to the registry itself, to see what is mailed
	decoyPlace int64         // among the decoys of all regions and days
	Routing    string        // digits of the Intelligent Mail barcode
	Tracking   string
	Bars       string // its 65 letters; empty where the site has no mailer id
}

func (p *Piece) first() *campaign.Chosen { return p.Chosen[0] }

// ID is what names the piece when something comes back: its first notice.
func (p *Piece) ID() string { return p.first().Notice.NoticeID }

// kind is recall where somebody of the household has missed a dose.
func (p *Piece) kind() string {
	for _, c := range p.Chosen {
		if c.Notice.Kind == campaign.Recall {
			return campaign.Recall
		}
	}
	return campaign.Reminder
}

func (p *Piece) round() int32 {
	round := int32(0)
	for _, c := range p.Chosen {
		round = max(round, c.Notice.Round)
	}
	return round
}

// pieces puts the notices of a channel into pieces, in the order of the post: ZIP code, surname, given name, person.
func pieces(chosen []*campaign.Chosen, channels ...string) []Piece {
	type key struct {
		household int64
		envelope  int32
		client    int64 // of who is of no household
	}
	place := map[key]int{}
	var list []Piece
	for _, c := range chosen {
		n := &c.Notice
		if !slices.Contains(channels, n.Channel) {
			continue
		}
		k := key{n.HouseholdID, n.Envelope, 0}
		if n.HouseholdID == 0 {
			k.client = n.ClientID
		}
		i, ok := place[k]
		if !ok {
			i = len(list)
			place[k] = i
			list = append(list, Piece{})
		}
		list[i].Chosen = append(list[i].Chosen, c)
	}
	for i := range list {
		slices.SortFunc(list[i].Chosen, func(a, b *campaign.Chosen) int {
			return cmp.Or(cmp.Compare(a.Person.BirthDate, b.Person.BirthDate), cmp.Compare(a.Person.ClientID, b.Person.ClientID))
		})
	}
	inOrder(list)
	return list
}

// inOrder sorts pieces by the post's order and numbers them.
func inOrder(list []Piece) {
	slices.SortFunc(list, func(a, b Piece) int {
		p, q := &a.first().Person, &b.first().Person
		return cmp.Or(cmp.Compare(p.ZIP, q.ZIP), cmp.Compare(p.LastName, q.LastName), cmp.Compare(p.FirstName, q.FirstName),
			cmp.Compare(p.ClientID, q.ClientID), cmp.Compare(a.ID(), b.ID()))
	})
	for i := range list {
		list[i].Sequence = i + 1
	}
}

// barcodes gives the pieces of a file the digits of their barcodes. A piece has the number of its first notice among all
// notices, so that it is the same in every file; a decoy has one from the end, which notices do not reach.
func barcodes(m *barcode.Mailer, serials map[string]int64, list []Piece) error {
	for i := range list {
		p := &list[i]
		zip5, zip4 := splitZIP(p.first().Person.ZIP)
		p.Routing = barcode.Routing(zip5, zip4, p.first().Checked.DeliveryPoint)
		if m == nil || m.ID == "" {
			continue
		}
		serial, ok := serials[p.ID()]
		serial %= m.Serials() - decoySerials(m)
		switch {
		case p.Decoy != "":
			serial = m.Serials() - 1 - p.decoyPlace%decoySerials(m)
		case !ok:
			return fmt.Errorf("notice %s has no number", p.ID())
		}
		p.Tracking = m.Tracking(serial)
		var err error
		if p.Bars, err = barcode.Encode(p.Tracking, p.Routing); err != nil {
			return err
		}
	}
	return nil
}

// decoySerials is how many serial numbers are kept for decoys, from the last one down: one in twenty.
func decoySerials(m *barcode.Mailer) int64 { return m.Serials() / 20 }

// uniqueDays is for how many days the postal service wants no serial number used again.
const uniqueDays = 45

// splitZIP parts a ZIP code of five or nine digits.
func splitZIP(zip string) (zip5, zip4 string) {
	zip5, zip4, _ = strings.Cut(strings.TrimSpace(zip), "-")
	if len(zip5) == 9 && zip4 == "" {
		zip5, zip4 = zip5[:5], zip5[5:]
	}
	return zip5, zip4
}
