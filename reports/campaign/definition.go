package campaign

import (
	"cmp"
	"slices"
	"strings"

	"miic/internal/table"
)

// Both is the kind of a campaign that reminds and recalls.
const Both = "both"

// The channels by which a notice goes out. A postcard is open to everybody's eyes: it never names a vaccine or a child.
const (
	Mail     = "mail" // a letter
	Postcard = "postcard"
	Text     = "text"
	Phone    = "phone"
)

// Channels are all channels.
var Channels = []string{Mail, Postcard, Text, Phone}

// The rules by which a campaign chooses the language of a piece, beside the code of one that is fixed. Where nobody has
// approved the words in a language, it is English.
const (
	FamilyLanguage = "family" // the household's
	BothLanguages  = "both"   // the household's, and English on the other side
)

// A Campaign is whom a site reminds or recalls about what, and how.
type Campaign struct {
	Name     string `json:"name"`
	Title    string `json:"title,omitempty"` // what it is for, in a line
	Source   string `json:"source"`          // where it is defined: built-in, the settings, or a file of the site
	Kind     string `json:"kind"`            // reminder, recall or both
	Priority int    `json:"priority"`        // who is in two campaigns on one night is in that with the lower one

	// about whom: everybody for whom all of these hold. Nothing named is no limit.
	FromMonths  int        `json:"from_months"`  // completed months of age from which on
	UntilMonths int        `json:"until_months"` // the age that nobody in it has reached
	BornFrom    table.Date `json:"born_from,omitempty"`
	BornUntil   table.Date `json:"born_until,omitempty"` // the last such day
	Regions     []string   `json:"regions,omitempty"`
	Counties    []string   `json:"counties,omitempty"` // FIPS codes
	ZIPs        []string   `json:"zips,omitempty"`     // five digits
	Clinics     []string   `json:"clinics,omitempty"`  // sender ids

	// about what
	Groups []string           `json:"groups"`           // vaccine groups that call for a notice
	Beside []string           `json:"beside,omitempty"` // named in a notice that another group called for
	Doses  map[string][]int16 `json:"doses,omitempty"`  // by group, the first and the last dose of it that it is about

	// when
	ReminderFrom int        `json:"due_from,omitempty"`     // a dose recommended sooner calls for no reminder; 0: any does
	ReminderDays int        `json:"due_within"`             // a dose recommended by so many days from tonight calls for a reminder
	RecallDays   int        `json:"overdue_days"`           // a dose past due for so many days calls for a recall
	CutOff       string     `json:"cut_off,omitempty"`      // YYYY-MM-DD, or MM-DD of each year: ages are of that day, and what is due by then is due
	Starts       table.Date `json:"starts,omitempty"`       // the first night
	Ends         table.Date `json:"ends,omitempty"`         // the last night
	MaxRounds    int        `json:"rounds"`                 // notices of one kind about the same dose
	MinInterval  int        `json:"interval_days"`          // days between two notices of one kind to one person
	RefusalDays  int        `json:"refusal_days"`           // how long a family's refusal of a vaccine keeps it out of notices
	Outbreak     bool       `json:"outbreak,omitempty"`     // nobody is left without a notice for the sake of a comparison
	Control      *Control   `json:"control,omitempty"`      // who gets none, so that the effect can be known
	HistoryPage  bool       `json:"history_page,omitempty"` // the doses on record go with the letter

	// how
	Channels    []string         `json:"channels"` // the first that reaches the family is taken
	Template    string           `json:"template"`
	Language    string           `json:"language"`               // family, both, or a language's code
	PriceMicros map[string]int64 `json:"price_micros,omitempty"` // of a piece by channel, in millionths of a dollar
	PageMicros  int64            `json:"page_micros,omitempty"`  // of each person's history page beside it
}

// A Control is a share of those whom a campaign would write to who get no notice from it.
type Control struct {
	Share    float64    `json:"share"`
	Approval string     `json:"approval"` // the reference of who has approved it
	Ends     table.Date `json:"ends"`     // the last night; from the next one on they get notices like everybody
}

// Runs reports that the campaign sends notices on the night.
func (c *Campaign) Runs(asOf table.Date) bool {
	return c.Starts <= asOf && (c.Ends == 0 || asOf <= c.Ends)
}

// cutOff is the day that the campaign is about; none where it is about tonight.
func (c *Campaign) cutOff(asOf table.Date) table.Date {
	if len(c.CutOff) == len("01-02") { // asked for each person: it is not written out and read
		digits := func(i int) int { return 10*int(c.CutOff[i]-'0') + int(c.CutOff[i+1]-'0') }
		for year, _, _ := asOf.YMD(); ; year++ { // a 29 February comes within eight years
			if d := table.NewDate(year, digits(0), digits(3)); d >= asOf {
				return d
			}
		}
	}
	if c.CutOff == "" {
		return 0
	}
	d, err := table.ParseDate(c.CutOff)
	if err != nil {
		return 0
	}
	return d
}

// horizon is the last recommended day that calls for a reminder.
func (c *Campaign) horizon(asOf table.Date) table.Date {
	return max(asOf+table.Date(c.ReminderDays), c.cutOff(asOf))
}

// OfAge reports whether the campaign is about people born on the day.
func (c *Campaign) OfAge(birth, asOf table.Date) bool {
	day := asOf
	if cut := c.cutOff(asOf); cut != 0 {
		day = cut
	}
	return birth <= asOf && birth.AddMonths(c.FromMonths) <= day && birth.AddMonths(c.UntilMonths) > day &&
		(c.BornFrom == 0 || birth >= c.BornFrom) && (c.BornUntil == 0 || birth <= c.BornUntil)
}

// covers reports whether the campaign is about somebody who lives and is cared for where the person is.
func (c *Campaign) covers(p *Person) bool {
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	return in(c.Regions, p.Region) && in(c.Counties, p.CountyFIPS) && in(c.Clinics, p.Provider) &&
		in(c.ZIPs, p.ZIP[:min(5, len(p.ZIP))])
}

// needs appends to a list those of a person's needs that the campaign is about, each with whether it calls for a notice by
// itself.
func (c *Campaign) needs(list []Need, asOf table.Date, all []Need) []Need {
	horizon := c.horizon(asOf)
	for _, n := range all {
		n.Calls = slices.Contains(c.Groups, n.Group)
		if !n.Calls && !slices.Contains(c.Beside, n.Group) {
			continue
		}
		if d := c.Doses[n.Group]; d != nil && (n.Dose < d[0] || n.Dose > d[1]) {
			continue
		}
		if n.Recommended <= horizon || int(asOf-n.late()) >= c.RecallDays {
			list = append(list, n)
		}
	}
	return list
}

// channel is by what a notice reaches the person; if by none, why not by the first.
func (c *Campaign) channel(p *Person) (string, reason) {
	var why []reason
	for _, channel := range c.Channels {
		keeps, any := p.unreached(channel)
		if !any {
			return channel, 0
		}
		why = append(why, keeps)
	}
	return "", why[0]
}

// unreached is why the person is not reached by a channel, if so.
func (p *Person) unreached(channel string) (why reason, any bool) {
	noCalls := strings.HasSuffix(p.Contact, "_no_calls")
	switch {
	case (channel == Mail || channel == Postcard) && p.NoMail, channel == Text && (noCalls || p.NoTexts),
		channel == Phone && (noCalls || p.NoCalls):
		return contact, true
	case (channel == Mail || channel == Postcard) && !p.mailable():
		return address, true
	case (channel == Text || channel == Phone) && p.Phone == "":
		return noPhone, true
	}
	return 0, false
}

// mailable reports that mail can be addressed to the person.
func (p *Person) mailable() bool {
	return p.Address1 != "" && p.City != "" && p.State != "" && len(p.ZIP) >= 5 && p.AddressFlag != "bad"
}

// Order returns the site's campaigns by priority. One that has the standing one's name takes its place.
func Order(standing Campaign, site []Campaign) []Campaign {
	list := slices.Clone(site)
	if !slices.ContainsFunc(site, func(c Campaign) bool { return c.Name == standing.Name }) {
		list = append(list, standing)
	}
	slices.SortFunc(list, func(a, b Campaign) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Name, b.Name))
	})
	return list
}
