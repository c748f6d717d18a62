package campaign

import (
	"slices"
	"strings"

	"miic/internal/table"
	"miic/reports/status"
)

// The kinds of notice. A reminder is about a dose that falls due, a recall about one that was missed.
const (
	Reminder = "reminder"
	Recall   = "recall"
)

// Kinds are the kinds of notice, in the order of the files.
var Kinds = []string{Reminder, Recall}

// A reason keeps a person out of tonight's files. The reasons are tried in this order; the summary
// counts each excluded person under the first that holds, and under all that hold.
type reason int

const (
	inactive      reason = iota // not active in the jurisdiction
	deceased                    // reported dead
	possibleDeath               // a death certificate may be the person's
	contact                     // wants no notices, or none of this kind
	address                     // no usable postal address
	noPhone                     // no telephone number
	refused                     // the family has refused every vaccine that calls for the notice
	roundsUsed                  // as many notices as the campaign allows have named it
	reached                     // its day has passed, and the family has had a letter about it
	recentNotice                // the last notice is too recent
	staleClinic                 // a file of the person's clinic is missing or unread
	inReview                    // the record waits for clerical review, and the answer would change the letter
	sameLetter                  // one who may be the same person gets the letter for both
	noAgreement                 // nobody may receive the region's files: no agreement holds
	otherCampaign               // gets a notice of another campaign tonight
	controlGroup                // in the group that gets none, by which a campaign's effect is known
)

// ReasonNames are the words of a summary for the reasons, in their order.
var ReasonNames = [...]string{"inactive", "deceased", "possible death", "contact", "address", "no phone", "refused", "rounds used",
	"reached", "recent notice", "stale clinic", "in review", "one letter for both",
	"no agreement", "other campaign", "control group"}

// ReasonWords say each reason to who reads a page, in the same order.
var ReasonWords = [len(ReasonNames)]string{
	"lives in another state",
	"reported dead",
	"a death certificate may be theirs",
	"wants no such notices",
	"no address that mail reaches",
	"no telephone number",
	"the family has refused these vaccines",
	"has had as many notices as the campaign sends",
	"has had a letter about it, and its day has passed",
	"had a notice a short while ago",
	"a file of their clinic is missing or unread",
	"a question about the record is open",
	"one letter goes out for two records that may be one person",
	"nobody may receive their region's files",
	"gets a notice of another campaign tonight",
	"in the control group, which gets none",
}

// Words are what a page says for a reason's name.
func Words(name string) string {
	if i := slices.Index(ReasonNames[:], name); i >= 0 {
		return ReasonWords[i]
	}
	return name
}

// lasts reports that the reason keeps a person out of every file until something about the person changes. The other
// reasons pass by themselves: they come and go with the campaign's waves and with a sender's missing file.
func (r reason) lasts() bool {
	switch r {
	case refused, roundsUsed, reached, recentNotice, staleClinic, noAgreement, otherCampaign:
		return false
	}
	return true
}

func (r reason) String() string { return ReasonNames[r] }

// A Person is somebody for whom a vaccine calls for a notice.
type Person struct {
	ClientID      int64      `col:"client_id" doc:"the person"`
	FirstName     string     `col:"first_name,null" doc:"given name"`
	LastName      string     `col:"last_name,null" doc:"surname"`
	BirthDate     table.Date `col:"birth_date" doc:"date of birth"`
	Language      string     `col:"language,null" doc:"language"`
	GuardianFirst string     `col:"guardian_first,null" doc:"guardian"`
	GuardianLast  string     `col:"guardian_last,null" doc:"guardian"`
	Address1      string     `col:"address_1,null" doc:"street line"`
	Address2      string     `col:"address_2,null" doc:"second line"`
	City          string     `col:"city,null" doc:"city"`
	State         string     `col:"state,null" doc:"state"`
	ZIP           string     `col:"zip,null" doc:"ZIP code"`
	AddressFlag   string     `col:"address_flag,null" doc:"bad, when mail comes back"`
	Phone         string     `col:"phone,null" doc:"ten digits"`
	CountyFIPS    string     `col:"county_fips,null" doc:"county"`
	Region        string     `col:"region" doc:"region"`
	Provider      string     `col:"provider,null" doc:"responsible clinic"`
	Contact       string     `col:"contact" doc:"contact word"`
	InReview      bool       `col:"in_review" doc:"waits for review"`
	NoContact     bool       `col:"no_contact" doc:"no notices"`
	NoMail        bool       `col:"no_mail" doc:"no letters and postcards"`
	NoCalls       bool       `col:"no_calls" doc:"no telephone calls"`
	NoTexts       bool       `col:"no_texts" doc:"no texts"`
	PossibleDeath bool       `col:"possible_death" doc:"a death certificate is, or may be, the person's"`
	Status        string     `col:"status" doc:"status in the jurisdiction"`

	Needs   []Need
	InDoubt bool // waits for review, and gets the same letter whatever the answer is
}

// A Need is one vaccine group that a person needs by the end of the reminder window.
type Need struct {
	Group       string     `col:"vaccine_group" doc:"vaccine group"`
	Calls       bool       `col:"calls" doc:"it calls for a notice by itself"`
	Dose        int16      `col:"dose_number,null" doc:"number of the dose"`
	Recommended table.Date `col:"recommended_on" doc:"recommended day"`
	PastDue     table.Date `col:"past_due_on" doc:"last day in time"`
	Refused     table.Date `col:"refused_on" doc:"day of a refusal that was not taken back"`
}

// A choice is what the campaign decides about one person tonight.
type choice struct {
	kind       string
	channel    string
	round      int        // 1 for the first notice about the same vaccines
	groups     string     // all that the person needs, joined by a bar
	earliestOn table.Date // the first recommended day among the vaccines that called
	reasons    []reason   // none: the notice is sent
}

// calls are what a person's needs call for.
type calls struct {
	reminder, recall called
	refused          bool // a refusal bars one
	roundsUsed       bool // so many notices have named one that no more are allowed
	reached          bool // the family has had a letter about one, and it is not yet past due by the grace
}

// called is what a person's needs call for by notices of one kind.
type called struct {
	any        bool       // some need calls for it
	open       int        // those that nothing bars
	notices    int        // the most notices that have named one of these
	earliestOn table.Date // the first recommended day among these
	reminded   int        // those of which the family was reminded only days ago
}

func (c *calls) of(kind string) *called {
	if kind == Recall {
		return &c.recall
	}
	return &c.reminder
}

// choose decides whether a person is reminded, recalled or left out, and why.
//
// A dose that is recommended by the end of the window calls for a reminder, once its recommended day has passed only
// while the family has not been reached; one that is past due by the grace calls for a recall, and a recall wins over a
// reminder. A dose that the family has refused, or that enough notices have named, calls for nothing; when no other
// calls, that is why the person is left out. The notice names everything that is needed by the end of the window, but
// for refused vaccines, so that one visit can settle it.
func (c *Campaign) choose(asOf table.Date, p *Person, before []EarlierNotice, stale bool) choice {
	calls := c.calls(asOf, p, before)
	out := choice{kind: Reminder, groups: c.groups(asOf, p.Needs)}
	if calls.recall.open > 0 || calls.reminder.open == 0 && calls.recall.any {
		out.kind = Recall
	}
	called := calls.of(out.kind)
	out.round, out.earliestOn = called.notices+1, called.earliestOn
	channel, unreached := c.channel(p)
	out.channel = channel
	nothingOpen := called.open == 0
	// the answer to a reminder of every vaccine that calls for the recall is waited for
	justReminded := out.kind == Recall && !nothingOpen && called.reminded == called.open
	for _, r := range []struct {
		holds bool
		why   reason
	}{
		{p.Status == status.Outside, inactive},
		{p.Status == "deceased", deceased},
		{p.Status != "deceased" && p.PossibleDeath, possibleDeath},
		{p.NoContact || !permits(p.Contact, out.kind) || channel == "" && unreached == contact, contact},
		{channel == "" && unreached == address, address},
		{channel == "" && unreached == noPhone, noPhone},
		{nothingOpen && calls.refused, refused},
		{nothingOpen && calls.roundsUsed, roundsUsed},
		{nothingOpen && calls.reached, reached},
		{justReminded || c.recent(asOf, out.kind, p, before), recentNotice},
		{stale, staleClinic},
		{p.InReview, inReview},
	} {
		if r.holds {
			out.reasons = append(out.reasons, r.why)
		}
	}
	return out
}

// calls sorts out which needs call for which kind of notice.
func (c *Campaign) calls(asOf table.Date, p *Person, before []EarlierNotice) calls {
	var out calls
	for _, need := range p.Needs {
		kind := c.kindOf(asOf, need)
		if !need.Calls || kind == "" {
			continue
		}
		of := out.of(kind)
		of.any = true
		notices := c.noticesAbout(kind, need, p, before)
		switch {
		case c.isRefused(asOf, need):
			out.refused = true
		case kind == Reminder && need.Recommended < asOf && c.CutOff == "" && c.isReached(need, before):
			out.reached = true
		case notices >= c.MaxRounds:
			out.roundsUsed = true
		default:
			of.open++
			of.notices = max(of.notices, notices)
			if of.earliestOn == 0 || need.Recommended < of.earliestOn {
				of.earliestOn = need.Recommended
			}
			if c.justReminded(asOf, need.Group, before) {
				of.reminded++
			}
		}
	}
	return out
}

// groups names all vaccines that are needed and not refused, joined by a bar.
func (c *Campaign) groups(asOf table.Date, needs []Need) string {
	var buffer [128]byte
	text := buffer[:0]
	for _, need := range needs {
		if c.isRefused(asOf, need) {
			continue
		}
		if len(text) > 0 {
			text = append(text, '|')
		}
		text = append(text, need.Group...)
	}
	return string(text)
}

// kindOf returns the kind of notice that a dose calls for, if any. One without a day on which it is past due, as most
// of adults are, is so from its recommended day.
func (c *Campaign) kindOf(asOf table.Date, need Need) string {
	kind := ""
	switch {
	case int(asOf-need.late()) >= c.RecallDays:
		kind = Recall
	case need.Recommended <= c.horizon(asOf) && (c.ReminderFrom == 0 || int(need.Recommended-asOf) >= c.ReminderFrom):
		kind = Reminder
	}
	if c.Kind != Both && c.Kind != kind {
		return ""
	}
	return kind
}

func (c *Campaign) isRefused(asOf table.Date, need Need) bool {
	return need.Refused != 0 && int(asOf-need.Refused) < c.RefusalDays
}

// noticesAbout counts the notices of a kind that have named the vaccine since this dose of it could first call for
// one: those about the dose before it do not count, nor those of another campaign, nor those that the person never got.
func (c *Campaign) noticesAbout(kind string, need Need, p *Person, before []EarlierNotice) int {
	since := need.Recommended
	if kind == Reminder {
		since = c.opens(need)
	}
	if c.CutOff != "" {
		since = 0 // the campaign of another year has another cut-off, and its rounds are long past
	}
	n := 0
	for i := range before {
		e := &before[i]
		if e.Campaign == c.Name && e.Kind == kind && e.IssuedOn >= since && names(e.Groups, need.Group) && !p.neverGot(e) {
			n++
		}
	}
	return n
}

// isReached reports that a letter of either kind has named the vaccine since this dose of it could first call for one,
// and has not come back.
func (c *Campaign) isReached(need Need, before []EarlierNotice) bool {
	for i := range before {
		e := &before[i]
		if e.IssuedOn >= c.opens(need) && !e.Returned && names(e.Groups, need.Group) {
			return true
		}
	}
	return false
}

// opens is the first day on which a dose calls for a reminder.
func (c *Campaign) opens(need Need) table.Date { return need.Recommended - table.Date(c.ReminderDays) }

// justReminded reports that the family was reminded of a vaccine only days ago.
func (c *Campaign) justReminded(asOf table.Date, group string, before []EarlierNotice) bool {
	for i := range before {
		e := &before[i]
		if e.Kind == Reminder && int(asOf-e.IssuedOn) < c.MinInterval && !e.Returned && names(e.Groups, group) {
			return true
		}
	}
	return false
}

func names(groups, group string) bool {
	for g := range strings.SplitSeq(groups, "|") {
		if g == group {
			return true
		}
	}
	return false
}

func (c *Campaign) recent(asOf table.Date, kind string, p *Person, before []EarlierNotice) bool {
	for i := range before {
		e := &before[i]
		if e.Kind == kind && int(asOf-e.IssuedOn) < c.MinInterval && !p.neverGot(e) {
			return true
		}
	}
	return false
}

// permits reports whether a contact word allows a letter of the kind; the wish for no calls is about
// telephones. A word that we do not know allows nothing.
func permits(contact, kind string) bool {
	switch strings.TrimSuffix(contact, "_no_calls") {
	case "allowed":
		return true
	case "reminder_only":
		return kind == Reminder
	case "recall_only":
		return kind == Recall
	}
	return false
}
