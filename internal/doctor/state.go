package doctor

import (
	"fmt"
	"time"

	"miic/internal/prose"
)

const day = 24 * time.Hour

// Clock is what time it is, and what the lake knows about it.
type Clock struct {
	Now         time.Time // in the site's zone
	Zone        string
	Kept, Known bool      // something keeps the clock right; whether that is known
	AsOf        string    // HEAD's date; "" before the first night
	Newest      time.Time // when the lake was last written; zero: never
}

func (c Clock) judge() []Finding {
	today := c.Now.Format(time.DateOnly)
	var list []Finding
	if c.Newest.Sub(c.Now) > 5*time.Minute {
		list = append(list, fault("set the clock: a night as of a wrong date cannot be taken back by a right one",
			"it is %s, and the lake was written later than that, on %s", c.Now.Format("2006-01-02 15:04"),
			c.Newest.In(c.Now.Location()).Format("2006-01-02 15:04")))
	}
	switch behind := daysBetween(c.AsOf, today); {
	case c.AsOf == "":
	case behind < 0:
		list = append(list, fault("set the clock or time_zone; if HEAD's date is the wrong one, 'miic lake rollback'",
			"today is %s in %s, before HEAD's date %s: every night is refused", today, c.Zone, c.AsOf))
	case behind > 60:
		list = append(list, note("is the date right? then see 'miic runs' for what happened since",
			"today is %s, and HEAD is as of %s, %d days ago", today, c.AsOf, behind))
	case behind > 1:
		list = append(list, note("see 'miic runs', and whether the timer is on: systemctl list-timers miic-nightly.timer",
			"the last night is %d days ago, as of %s", behind, c.AsOf))
	}
	if c.Known && !c.Kept {
		list = append(list, note("systemctl enable --now systemd-timesyncd, or chrony",
			"nothing keeps the clock right, as far as the system knows"))
	}
	if len(list) == 0 {
		text := c.Now.Format("2006-01-02 15:04") + " in " + c.Zone
		if c.Known {
			text += ", kept by the network"
		}
		if c.AsOf != "" {
			text += "; HEAD is as of " + c.AsOf
		}
		list = append(list, ok("%s", text))
	}
	return list
}

// daysBetween counts from one date to another; 0 when one is none.
func daysBetween(from, to string) int {
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a) / day)
}

// Reference is the data about vaccines and places that the program has or the site has brought in.
type Reference struct {
	Schedule string   // version
	Err      string   // why it cannot be read
	Over     []string // seasons of the schedule of which the next has begun by the calendar: since when, and what holds
	Off      []string // seasons that are over before the next
	Old      []Old    // tables that are older than they may get
	Oldest   string   // the oldest release among the tables
}

// Old is a table that is older than it may get.
type Old struct {
	Text string // which, and since when
	Do   string
}

func (r Reference) judge() []Finding {
	if r.Err != "" {
		return []Finding{fault("mend forecast: schedule: or seasons: in the configuration", "%s", r.Err)}
	}
	var list []Finding
	for _, text := range r.Over {
		list = append(list, note("import a newer schedule ('miic schedule import'), or write the season into forecast: seasons:",
			"%s", text))
	}
	for _, old := range r.Old {
		list = append(list, note(old.Do, "%s", old.Text))
	}
	for _, text := range r.Off {
		list = append(list, ok("%s", text))
	}
	if len(list) == len(r.Off) {
		list = append(list, ok("schedule %s; codes and places of %s or later", r.Schedule, r.Oldest))
	}
	return list
}

// Backup is the newest file under what backup: names.
type Backup struct {
	Path   string // "": nothing is configured
	Err    string
	Newest time.Time // zero: there is no file
	Night  time.Time // when HEAD was committed; zero: never
}

func (b Backup) judge(now time.Time) []Finding {
	const do = "see why it does not run; what a night needs is listed in operating.md, Care of the lake"
	switch age := now.Sub(b.Newest); {
	case b.Path == "":
		return []Finding{note("name the newest backup, or its folder, under backup: in the configuration",
			"whether there is one is not known")}
	case b.Err != "":
		return []Finding{fault(do, "%s cannot be looked at: %s", b.Path, b.Err)}
	case b.Newest.IsZero() && b.Night.IsZero():
		return []Finding{note("", "%s is empty, and there is no night yet that it could hold", b.Path)}
	case b.Newest.IsZero():
		return []Finding{fault(do, "%s is empty", b.Path)}
	case age > 7*day:
		return []Finding{fault(do, "the newest is of %s, %d days ago", b.Newest.In(now.Location()).Format("2006-01-02 15:04"),
			int(age/day))}
	case age > 2*day || b.Night.Sub(b.Newest) > 36*time.Hour:
		return []Finding{note(do, "the newest is of %s, %d days ago", b.Newest.In(now.Location()).Format("2006-01-02 15:04"),
			int(age/day))}
	}
	return []Finding{ok("the newest is of %s", b.Newest.In(now.Location()).Format("2006-01-02 15:04"))}
}

// Lake is what its files record.
type Lake struct {
	Missing   bool   // before the first night
	Err       string // why it cannot be read
	Do        string // and what to do
	Snapshot  int64  // HEAD's; 0: no night was committed
	AsOf      string
	Published bool
	Holder    string // who has the lock, by what LOCK records; "": nobody
	LastRun   string
	State     string // of the last run: published, committed, held, sealed, failed, decided, killed
	Held      int    // nights that wait to be accepted
}

func (l Lake) judge() []Finding {
	switch {
	case l.Missing:
		return []Finding{ok("there is none yet: the first 'miic nightly' makes it")}
	case l.Err != "":
		return []Finding{fault(l.Do, "%s", l.Err)}
	}
	var list []Finding
	if l.Holder == "" { // what a run that is going on has not done yet is no finding
		switch {
		case l.State == "killed":
			list = append(list, note("the next night takes up what was finished; 'miic runs "+l.LastRun+"'",
				"run %s was killed before its end", l.LastRun))
		case l.State == "failed":
			list = append(list, note("'miic runs "+l.LastRun+"' has the error", "the last run, %s, failed", l.LastRun))
		case l.Snapshot > 0 && !l.Published:
			list = append(list, note("the next 'miic nightly' does it", "snapshot %d is committed and not published", l.Snapshot))
		}
	}
	if l.Held > 0 {
		list = append(list, note("'miic lake status' names what tripped, and how to take it",
			"%s by a brake: nothing newer is published", prose.Count(int64(l.Held), "night is held", "nights are held")))
	}
	state := "no night was committed yet"
	if l.Snapshot > 0 {
		state = fmt.Sprintf("snapshot %d as of %s", l.Snapshot, l.AsOf)
	}
	if l.Holder != "" {
		return append(list, ok("%s; a run is going on: %s", state, l.Holder))
	}
	if len(list) == 0 {
		list = append(list, ok("%s; nobody holds the lock", state))
	}
	return list
}
