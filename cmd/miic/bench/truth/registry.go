package truth

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/lake"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/mailing"
	"miic/reports/withdrawal"
)

// A registry is what one snapshot of the lake has of the people of the state.
type registry struct {
	clients map[int64]*client
	of      map[*person][]*client // whom a person's records belong to, by id
	letters []letter              // of this night
	noticed map[string]map[*person]bool

	withdrawn int          // letters of the night whose files are gone
	review    [][2]*client // open questions
}

// A client is a person of the registry.
type client struct {
	row     clientRow
	records map[*person]int
	needs   []campaign.Need
	status  string
	hidden  bool // opted out, locked or sealed
	mayDead bool
}

type clientRow struct {
	ClientID    int64      `col:"client_id" doc:""`
	BirthDate   table.Date `col:"birth_date" doc:""`
	County      string     `col:"county_fips,null" doc:""`
	Address1    string     `col:"address_1,null" doc:""`
	City        string     `col:"city,null" doc:""`
	State       string     `col:"state,null" doc:""`
	ZIP         string     `col:"zip,null" doc:""`
	AddressFlag string     `col:"address_flag,null" doc:""`
	Contact     string     `col:"contact" doc:""`
	OptedOut    bool       `col:"opted_out" doc:""`
	Locked      bool       `col:"locked" doc:""`
	NoContact   bool       `col:"no_contact" doc:""`
	Sealed      bool       `col:"sealed" doc:""`
	InReview    bool       `col:"in_review" doc:""`
}

// A letter is one row that the mailing house gets.
type letter struct {
	notice table.Notice
	client *client
	cells  map[string]string
}

// main is the person whom most of a client's records are about; nil if the truth knows none of them.
func (c *client) main() *person {
	var best *person
	for p, n := range c.records {
		if best == nil || n > c.records[best] || n == c.records[best] && p.id < best.id {
			best = p
		}
	}
	return best
}

// readClients reads the people, with those of the truth whom their records are about, and to whom each record belongs.
func readClients(files func(*table.Table) []string, s *state) (*registry, map[string]*client, error) {
	r := &registry{clients: map[int64]*client{}, of: map[*person][]*client{}}
	byRecord := map[string]*client{}
	err := table.Scan(files(table.Clients), func(c *clientRow) error {
		r.clients[c.ClientID] = &client{row: *c, records: map[*person]int{}, hidden: c.OptedOut || c.Locked || c.Sealed}
		return nil
	})
	if err == nil {
		err = r.links(files, s, byRecord)
	}
	return r, byRecord, err
}

func readRegistry(l *lake.Lake, m *lake.Manifest, out string, s *state) (*registry, error) {
	files := func(t *table.Table) []string { return l.Files(m, t.Name) }
	r, byRecord, err := readClients(files, s)
	if err != nil {
		return nil, err
	}
	r.noticed = map[string]map[*person]bool{campaign.Reminder: {}, campaign.Recall: {}}
	for _, step := range []func() error{
		func() error {
			return table.Scan(files(table.Restrictions), func(x *table.Restriction) error {
				if c := r.clients[x.ClientID]; c != nil && table.OnlyContact(x.Kind) {
					c.row.NoContact = c.row.NoContact || x.Kind == "no_contact" || x.Kind == "no_mail"
				} else if c != nil {
					c.hidden = true
				}
				return nil
			})
		},
		func() error {
			return table.Scan(files(table.DeathMatches), func(x *table.DeathMatch) error {
				if c := r.clients[x.ClientID]; c != nil {
					c.mayDead = true
				}
				return nil
			})
		},
		func() error {
			return table.Scan(files(table.PatientStatuses), func(x *table.PatientStatus) error {
				if c := r.clients[x.ClientID]; c != nil && x.Level == "jurisdiction" {
					c.status = x.Status
				}
				return nil
			})
		},
		func() error {
			return table.Scan(files(table.Forecasts), func(f *table.Forecast) error {
				if c := r.clients[f.ClientID]; c != nil && f.Kind == "standard" && f.Status == "Not Complete" {
					c.needs = append(c.needs, campaign.Need{Group: f.Group, Recommended: f.Recommended, PastDue: f.PastDue,
						Refused: f.RefusedOn})
				}
				return nil
			})
		},
		func() error { return r.questions(files(table.ReviewItems), byRecord) },
		func() error { return r.post(files(table.Notices), m, out) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// links puts each record that the truth knows to its client and its person.
func (r *registry) links(files func(*table.Table) []string, s *state, byRecord map[string]*client) error {
	type named struct {
		RecordID       string `col:"record_id" doc:""`
		Sender         string `col:"sender" doc:""`
		SourceClientID string `col:"source_client_id" doc:""`
	}
	who := map[string]*person{}
	if err := table.Scan(files(table.ClientRecords), func(x *named) error {
		if p := s.records[x.Sender+"/"+x.SourceClientID]; p != nil {
			who[x.RecordID] = p
		}
		return nil
	}); err != nil {
		return err
	}
	err := table.Scan(files(table.ClientLinks), func(x *table.ClientLink) error {
		c := r.clients[x.ClientID]
		if c == nil {
			return nil
		}
		byRecord[x.RecordID] = c
		if p := who[x.RecordID]; p != nil {
			if c.records[p]++; c.records[p] == 1 {
				r.of[p] = append(r.of[p], c)
			}
		}
		return nil
	})
	for _, list := range r.of {
		slices.SortFunc(list, func(a, b *client) int { return int(a.row.ClientID - b.row.ClientID) })
	}
	return err
}

// questions lists the pairs of clients about whom a question is open, each once.
func (r *registry) questions(files []string, byRecord map[string]*client) error {
	latest := map[string]table.ReviewItem{}
	if err := table.Scan(files, func(x *table.ReviewItem) error {
		if was, ok := latest[x.ItemID]; !ok || x.Snapshot >= was.Snapshot {
			latest[x.ItemID] = *x
		}
		return nil
	}); err != nil {
		return err
	}
	seen := map[[2]int64]bool{}
	for _, x := range latest {
		a, b := byRecord[x.RecordL], byRecord[x.RecordR]
		if x.Decision != "open" || a == nil || b == nil || a == b {
			continue
		}
		if a.row.ClientID > b.row.ClientID {
			a, b = b, a
		}
		if key := [2]int64{a.row.ClientID, b.row.ClientID}; !seen[key] {
			seen[key] = true
			r.review = append(r.review, [2]*client{a, b})
		}
	}
	return nil
}

// post reads tonight's letters as the mailing house gets them, and who has had a notice so far.
func (r *registry) post(notices []string, m *lake.Manifest, out string) error {
	cells := map[string]map[string]string{}
	paths, err := filepath.Glob(filepath.Join(lake.OutFolder(out, m.Snapshot), "regions", "*", "re*.csv"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if name := filepath.Base(path); name != campaign.Reminder+".csv" && name != campaign.Recall+".csv" {
			continue
		}
		if err := csvfile.Read(path, mailing.LetterColumns, func(row []string) error {
			one := make(map[string]string, len(row))
			for i, name := range mailing.LetterColumns {
				one[name] = row[i]
			}
			cells[one["notice_id"]] = one
			return nil
		}); err != nil {
			return err
		}
	}
	return table.Scan(notices, func(n *table.Notice) error {
		c := r.clients[n.ClientID]
		if c == nil {
			return nil
		}
		for p := range c.records {
			r.noticed[n.Kind][p] = true
		}
		if n.Snapshot != m.Snapshot {
			return nil
		}
		row := cells[n.NoticeID]
		folder := filepath.Join(lake.OutFolder(out, m.Snapshot), "regions", n.Region)
		if _, err := os.Stat(filepath.Join(folder, withdrawal.NoteName)); row == nil && err == nil {
			r.withdrawn++ // somebody in the folder is restricted since: a later night took its files away
			return nil
		}
		if row == nil {
			return fmt.Errorf("notice %s of snapshot %d has no letter under %s: %w", n.NoticeID, m.Snapshot,
				lake.OutFolder(out, m.Snapshot), os.ErrNotExist)
		}
		r.letters = append(r.letters, letter{*n, c, row})
		return nil
	})
}
