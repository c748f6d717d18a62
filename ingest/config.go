package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"miic/ingest/due"
	"miic/ingest/effective"
	"miic/ingest/read"
)

// Config is the ingest part of the configuration: who delivers what.
type Config struct {
	Senders []Sender `yaml:"senders" json:"senders"`
	// folder of the site's own layouts, one YAML file each; empty: none
	Layouts string `yaml:"layouts" json:"layouts"`
	// days on which nobody is expected to send, YYYY-MM-DD
	Holidays []string `yaml:"holidays" json:"holidays,omitempty"`
	// when a whole file is held, beside its sender's own history
	Deliveries Limits `yaml:"deliveries" json:"deliveries"`
	// share of the senders of whom a file was due tonight, in percent, from which on those who sent nothing are one fault,
	// nearer than they are. All of them always are; 0: only all
	MissingPercent float64 `yaml:"missing_percent" json:"missing_percent"`

	Parted []Parting `yaml:"-" json:"parted,omitempty"` // records that hold two people's data, by a person's verdict
}

// key is what of the configuration decides the result: all it holds, and the texts of the site's layouts.
func (c Config) key() any {
	h := sha256.New()
	if c.Layouts != "" {
		// the pattern is good; a folder that cannot be read fails the night
		files, _ := filepath.Glob(filepath.Join(c.Layouts, "*.yaml"))
		for _, f := range files {
			text, err := os.ReadFile(f)
			fmt.Fprintf(h, "%s %v %d\n", filepath.Base(f), err != nil, len(text))
			h.Write(text)
		}
	}
	c.Layouts = hex.EncodeToString(h.Sum(nil)[:8])
	return c
}

// Sender is an organisation that delivers files into inbox/<id>/.
type Sender struct {
	ID   string `yaml:"id" json:"id"`     // the inbox folder; letters, digits, - and _
	Name string `yaml:"name" json:"name"` // for people to read
	// vital_records, clinic, health_plan, school, families or mailing_house
	Kind  string `yaml:"kind" json:"kind"`
	Phone string `yaml:"phone" json:"phone"` // printed on letters
	// when a file is due: daily, weekdays, weekly fri, monthly 15, or none
	Expected string  `yaml:"expected" json:"expected"`
	Limits   *Limits `yaml:"deliveries" json:"deliveries,omitempty"` // instead of those for all senders
	Encoding string  `yaml:"encoding" json:"encoding"`               // utf-8 or windows-1252; empty: the layout's
	// which day of a record is that on which what it reports was true: record, certificate, doses or delivery; empty: the
	// layout's
	Dated effective.Rule `yaml:"dated" json:"dated,omitempty"`
	Files []FilePattern  `yaml:"files" json:"files"`

	// spellings of organisations for which the sender speaks (HL7 PID-3.4, ORC-3), each with the one that it means
	Namespaces map[string]string `yaml:"namespaces" json:"namespaces,omitempty"`
	// CSV file: old_id,new_id,since (YYYY-MM-DD): numbers that the sender has changed
	RenumberedFile string       `yaml:"renumbered" json:"-"`
	Renumbered     []Renumbered `yaml:"-" json:"renumbered,omitempty"` // what it holds
}

// FilePattern names the layout that reads the files of a name.
type FilePattern struct {
	Pattern string `yaml:"pattern" json:"pattern"` // as in a shell: births_*.ije
	Layout  string `yaml:"layout" json:"layout"`   // id of a layout
}

var (
	senderKinds = []string{"vital_records", "clinic", "health_plan", "school", "families", "mailing_house"}
	senderID    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)
)

// Validate returns what is wrong with the senders and where, or nil.
func (c Config) Validate() error {
	known, err := read.Layouts(c.Layouts)
	if err != nil {
		return err
	}
	if _, err := due.Holidays(c.Holidays); err != nil {
		return err
	}
	if c.MissingPercent < 0 || c.MissingPercent > 100 {
		return fmt.Errorf("missing_percent: %g is not from 0 to 100", c.MissingPercent)
	}
	if err := c.Deliveries.validate(); err != nil {
		return fmt.Errorf("deliveries: %w", err)
	}
	seen := map[string]bool{}
	for i, s := range c.Senders {
		where := fmt.Sprintf("senders[%d] (%s)", i, s.ID)
		switch {
		case !senderID.MatchString(s.ID):
			return fmt.Errorf("%s: id must be 1 to 40 letters, digits, - or _: it names the inbox folder", where)
		case seen[s.ID]:
			return fmt.Errorf("%s: this id is given twice; each sender needs its own", where)
		case !slices.Contains(senderKinds, s.Kind):
			return fmt.Errorf("%s: kind %q is not one of %s", where, s.Kind, strings.Join(senderKinds, ", "))
		case s.Encoding != "" && s.Encoding != read.UTF8 && s.Encoding != read.Windows1252:
			return fmt.Errorf("%s: encoding %q is not %s or %s", where, s.Encoding, read.UTF8, read.Windows1252)
		case effective.Check(s.Dated) != nil:
			return fmt.Errorf("%s: %w", where, effective.Check(s.Dated))
		case len(s.Files) == 0:
			return fmt.Errorf("%s: files is empty; name at least one pattern and its layout", where)
		}
		seen[s.ID] = true
		for from, to := range s.Namespaces {
			if strings.TrimSpace(from) == "" || strings.TrimSpace(to) == "" || s.Namespaces[to] != "" {
				return fmt.Errorf("%s: namespaces: %q: %q: write a spelling and the one that it means, which means no other",
					where, from, to)
			}
		}
		if _, err := due.Parse(s.Expected, nil); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
		if err := s.Limits.validate(); err != nil {
			return fmt.Errorf("%s: deliveries: %w", where, err)
		}
		for j, f := range s.Files {
			if f.Pattern == "" {
				return fmt.Errorf("%s: files[%d] has no pattern", where, j)
			}
			if _, err := filepath.Match(f.Pattern, "x"); err != nil {
				return fmt.Errorf("%s: files[%d]: pattern %q cannot be read: %w", where, j, f.Pattern, err)
			}
			if f.Layout != read.HL7Layout && known[f.Layout] == nil {
				return fmt.Errorf("%s: files[%d]: layout %q is unknown; there are %s, %s", where, j, f.Layout,
					read.HL7Layout, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
			}
		}
	}
	return nil
}

// layoutOf returns the id of the layout that reads a file of that name, or nothing.
func (s *Sender) layoutOf(name string) string {
	for _, f := range s.Files {
		if ok, _ := filepath.Match(f.Pattern, name); ok {
			return f.Layout
		}
	}
	return ""
}
