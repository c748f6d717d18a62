package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/privacy"
)

// ErrNoNotice is that there is no such notice, or none that may be shown.
var ErrNoNotice = errors.New("there is no such notice, or its person may appear in no output: notice_id is in the files of letters")

// Asked is why a notice was made: what it is, what its person needs by now, and what went with it.
type Asked struct {
	NoticeID    string      `json:"notice_id"`
	Snapshot    int64       `json:"snapshot"`
	IssuedOn    string      `json:"issued_on"`
	Campaign    string      `json:"campaign"`
	Kind        string      `json:"kind"`
	Round       int32       `json:"round"`
	Channel     string      `json:"channel"`
	Language    string      `json:"language"`
	Template    string      `json:"template,omitempty"`
	Region      string      `json:"region"`
	ClientID    int64       `json:"client_id"`
	HouseholdID int64       `json:"household_id,omitempty"`
	Envelope    int32       `json:"envelope,omitempty"`
	EarliestDue string      `json:"earliest_due_on"`
	Outcome     string      `json:"outcome,omitempty"`
	Vaccines    []askedNeed `json:"vaccines"`
	SamePiece   []int64     `json:"same_piece_client_ids,omitempty"`
	Others      []string    `json:"other_notices,omitempty"`
	Open        []lay       `json:"open,omitempty"`
	Disclosed   []disclosed `json:"disclosed"`
}

// A lay is a stretch of nights on which a notice lay alike in its region's folder open/.
type lay struct {
	Since     int64      `col:"since_snapshot" json:"since_snapshot"`
	Until     int64      `col:"until_snapshot,null" json:"until_snapshot,omitempty"` // the first night after
	Channel   string     `col:"channel,null" json:"channel"`
	Collected table.Date `col:"collected_on" json:"-"`
	On        string     `json:"collected_on,omitempty"`
}

// askedNeed is what the person needs of one group by now.
type askedNeed struct {
	Group       string     `col:"vaccine_group" json:"vaccine_group"`
	Status      string     `col:"status" json:"status_now"`
	Dose        int16      `col:"dose_number,null" json:"dose_number,omitempty"`
	Recommended table.Date `col:"recommended_on" json:"-"`
	PastDue     table.Date `col:"past_due_on" json:"-"`
	Refused     table.Date `col:"refused_on" json:"-"`
	Days        string     `json:"days"`
}

type disclosed struct {
	Output    string `col:"output" json:"output"`
	Recipient string `col:"recipient" json:"recipient"`
}

// Ask finds out why a notice was made, from what is stored.
func Ask(ctx context.Context, r *pipeline.Run, notice string) (*Asked, error) {
	if err := r.View(ctx, table.Clients, table.Forecasts, table.Disclosures, table.OpenNotices); err != nil {
		return nil, err
	}
	if err := r.ViewLatest(ctx, table.Notices); err != nil {
		return nil, err
	}
	if _, err := privacy.HideRestricted(ctx, r); err != nil {
		return nil, err
	}
	found, err := engine.Rows[table.Notice](ctx, r.Engine, queries.Get("asked_notice", "notice", notice))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNoNotice
	}
	n := &found[0]
	a := &Asked{NoticeID: n.NoticeID, Snapshot: n.Snapshot, IssuedOn: n.IssuedOn.String(), Campaign: n.Campaign, Kind: n.Kind,
		Round: n.Round, Channel: n.Channel, Language: n.Language, Template: n.Template, Region: n.Region, ClientID: n.ClientID,
		HouseholdID: n.HouseholdID, Envelope: n.Envelope, EarliestDue: n.EarliestDueOn.String(), Outcome: n.Outcome}
	if err := a.lies(ctx, r.Engine); err != nil {
		return nil, err
	}
	beside, err := engine.Rows[table.Notice](ctx, r.Engine, queries.Get("asked_beside", "notice", notice, "client", n.ClientID,
		"household", n.HouseholdID, "envelope", int(n.Envelope), "snapshot", n.Snapshot))
	if err != nil {
		return nil, err
	}
	for i := range beside {
		if o := &beside[i]; o.ClientID == n.ClientID {
			a.Others = append(a.Others, fmt.Sprintf("%s, %s of campaign %s, round %d, %s", o.NoticeID, o.Kind, o.Campaign, o.Round, o.IssuedOn))
		} else {
			a.SamePiece = append(a.SamePiece, o.ClientID)
		}
	}
	needs, err := engine.Rows[askedNeed](ctx, r.Engine, queries.Get("asked_need", "client", n.ClientID))
	if err != nil {
		return nil, err
	}
	for _, need := range needs {
		if slices.Contains(strings.Split(n.VaccineGroups, "|"), need.Group) {
			need.Days = need.days()
			a.Vaccines = append(a.Vaccines, need)
		}
	}
	a.Disclosed, err = engine.Rows[disclosed](ctx, r.Engine, queries.Get("asked_disclosed", "client", n.ClientID, "snapshot", n.Snapshot))
	return a, err
}

// lies finds out where the notice lay uncollected. It goes by the channel by which it was collected, else by that of
// tonight, which may be another than on its first night.
func (a *Asked) lies(ctx context.Context, e *engine.Engine) (err error) {
	a.Open, err = engine.Rows[lay](ctx, e, queries.Get("asked_open", "notice", a.NoticeID, "region", a.Region))
	for i := range a.Open {
		o := &a.Open[i]
		if a.Channel = o.Channel; o.Collected != 0 {
			o.On = o.Collected.String()
		}
	}
	return err
}

// days puts the days of a need into words.
func (n *askedNeed) days() string {
	var words []string
	for _, d := range []struct {
		what string
		day  table.Date
	}{{"recommended", n.Recommended}, {"late after", n.PastDue}, {"refused", n.Refused}} {
		if d.day != 0 {
			words = append(words, d.what+" "+d.day.String())
		}
	}
	return strings.Join(words, ", ")
}

// words say where and how a notice lay.
func (o *lay) words() string {
	out := fmt.Sprintf("in the folder open/ since snapshot %d, to go by %s", o.Since, o.Channel)
	if o.Until != 0 {
		out += fmt.Sprintf("; no more in snapshot %d", o.Until)
	}
	if o.On != "" {
		return out + "; collected " + o.On
	}
	return out + "; not collected"
}

// Text writes the answer in words.
func (a *Asked) Text(w io.Writer) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("notice %s: a %s of campaign %s, round %d, issued %s by snapshot %d", a.NoticeID, a.Kind, a.Campaign, a.Round, a.IssuedOn, a.Snapshot)
	line("to       client %d, region %s, by %s in %s; the first dose it is about was due %s", a.ClientID, a.Region, a.Channel, a.Language, a.EarliestDue)
	if a.HouseholdID != 0 {
		with := "alone"
		if len(a.SamePiece) > 0 {
			with = "with clients " + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(a.SamePiece)), ", "), "[]")
		}
		line("piece    household %d, envelope %d, template %s; %s", a.HouseholdID, a.Envelope, a.Template, with)
	}
	for _, o := range a.Open {
		line("open     %s", o.words())
	}
	for _, v := range a.Vaccines {
		line("vaccine  %s: %s by now; %s", v.Group, v.Status, v.Days)
	}
	if a.Outcome != "" {
		line("outcome  %s", a.Outcome)
	}
	for _, o := range a.Others {
		line("other    %s", o)
	}
	for _, d := range a.Disclosed {
		line("given to %s in %s", d.Recipient, d.Output)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
