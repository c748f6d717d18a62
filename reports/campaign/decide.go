package campaign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"miic/internal/table"
)

// A decision is what one campaign decides about one person tonight. It holds until the next person is decided about.
type decision struct {
	campaign *Campaign
	person   Person // with the needs that the campaign is about
	control  bool   // the person is in this campaign's own control group
	choice
}

// decide asks each campaign that runs tonight about a person for whom something in it calls for a notice, in the order
// of their priority. At most one of the decisions is a notice: nobody is written to twice in a night. Who is in a control
// group gets none from the campaigns after it either, but of an outbreak: there would be nothing to compare with. Somebody
// of a region that the site does not have counts as without one. The decisions take the place of those given, which are of
// the person before.
func (c *Config) decide(last []decision, asOf table.Date, d *doubts, p *Person, before []EarlierNotice, stale bool) []decision {
	out := last[:0]
	if cap(out) < len(c.Campaigns) {
		out = make([]decision, 0, len(c.Campaigns))
	}
	if !slices.Contains(c.Regions, p.Region) && len(c.Regions) > 0 {
		p.Region = c.Regions[len(c.Regions)-1]
	}
	sent, kept := false, false
	for i := range c.Campaigns {
		one := &c.Campaigns[i]
		if !one.Runs(asOf) || !one.OfAge(p.BirthDate, asOf) || !one.covers(p) {
			continue
		}
		now := &out[:len(out)+1][len(out)] // with the memory of the decision that it takes the place of
		needs := one.needs(now.person.Needs[:0], asOf, p.Needs)
		if !one.callsAny(asOf, needs) {
			now.person.Needs = needs
			continue
		}
		now.person = *p
		now.person.Needs = needs
		control := one.inControl(asOf, p.ClientID)
		ch := d.choose(one, asOf, &now.person, one.counted(before, control), stale)
		if c.closed(p.Region) {
			ch.reasons = append(ch.reasons, noAgreement)
		}
		if sent {
			ch.reasons = append(ch.reasons, otherCampaign)
		}
		if control || kept && !one.Outbreak {
			ch.reasons = append(ch.reasons, controlGroup)
		}
		sent, kept = sent || len(ch.reasons) == 0, kept || control
		now.campaign, now.control, now.choice = one, control, ch
		out = out[:len(out)+1]
	}
	return out
}

// counted are the earlier notices that count for a campaign. One that somebody would have had counts for the campaign whose
// control group kept it back, and as long as the person is in that group: afterwards nothing was ever sent.
func (c *Campaign) counted(before []EarlierNotice, control bool) []EarlierNotice {
	for i := range before {
		if before[i].Control {
			return slices.DeleteFunc(slices.Clone(before), func(e EarlierNotice) bool {
				return e.Control && !(control && e.Campaign == c.Name)
			})
		}
	}
	return before
}

// closed reports that nobody receives a region's files tonight.
func (c *Config) closed(region string) bool { return c.Recipients != nil && c.Recipients[region] == "" }

// inControl reports that the person is in the campaign's control group: by a hash with the approval as its key, so that
// it is the same in every round and cannot be chosen.
func (c *Campaign) inControl(asOf table.Date, clientID int64) bool {
	if c.Control == nil || c.Outbreak || asOf > c.Control.Ends {
		return false
	}
	h := hmac.New(sha256.New, []byte(c.Control.Approval))
	fmt.Fprintf(h, "%s|%d", c.Name, clientID)
	return float64(binary.BigEndian.Uint64(h.Sum(nil)))/math.MaxUint64 < c.Control.Share
}
