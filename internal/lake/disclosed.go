package lake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"miic/internal/prose"
)

// A Disclosed is what a command has written about persons for a recipient, on demand: one file below disclosed/, synced
// before the output appears. It holds ids, and no person's data. It needs no lock: it is written while a night runs too,
// and the next night takes it into the table of disclosures.
type Disclosed struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Output    string    `json:"output"` // what, as an entry of a recipient names it
	Recipient string    `json:"recipient"`
	Kind      string    `json:"recipient_kind"`
	Basis     string    `json:"legal_basis"`
	Purpose   string    `json:"purpose"`
	Agreement string    `json:"agreement"`
	Operator  string    `json:"operator"`
	Reason    string    `json:"reason"`
	Snapshot  int64     `json:"snapshot"`            // the night that it is about
	Clients   []int64   `json:"clients"`             // each once, ascending
	Request   string    `json:"request,omitempty"`   // that it answers, where the person has asked for it
	Codes     []string  `json:"codes,omitempty"`     // verification codes of the records that were issued
	Addresses []string  `json:"addresses,omitempty"` // of an export of addresses: the ids of its rows, in their order
}

// Path is the output as the table of disclosures names it: no other output has that name.
func (d *Disclosed) Path() string { return "on-demand/" + d.ID + "/" + d.Output }

const disclosedDir = "disclosed"

var disclosedName = regexp.MustCompile(`^(\d{6,})\.json$`)

// Disclose records a disclosure under the next number and returns that. Once it returns, the record is on disk.
func (l *Lake) Disclose(d Disclosed) (string, error) {
	if l.now == nil {
		return "", errors.New("record a disclosure: it needs a clock, and this lake was opened without one")
	}
	if strings.TrimSpace(d.Reason) == "" {
		return "", Errorf(Usage, "a disclosure needs a reason")
	}
	dir := l.Path(disclosedDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if err := SyncDir(filepath.Dir(dir)); err != nil {
		return "", err
	}
	slices.Sort(d.Clients)
	d.Clients, d.At = slices.Compact(d.Clients), l.now().UTC()
	for {
		names, err := l.disclosedNames()
		if err != nil {
			return "", err
		}
		d.ID = number(int64(len(names)) + 1)
		if len(names) > 0 {
			d.ID = number(runNumber(strings.TrimSuffix(names[len(names)-1], ".json")) + 1)
		}
		done, err := l.writeDisclosed(dir, d)
		if err != nil || done {
			return d.ID, err
		}
	}
}

// writeDisclosed writes a record whole under its number; false if another command has just taken that.
func (l *Lake) writeDisclosed(dir string, d Disclosed) (bool, error) {
	event, err := json.Marshal(d)
	if err != nil {
		return false, err
	}
	event = prose.JSON(event)
	line := append(joinCheck(event, checkValue(d.ID, event)), '\n')
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return false, err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(line)
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return false, fmt.Errorf("record a disclosure: %w", err)
	}
	l.Point("disclosure written")
	switch err := os.Link(tmp.Name(), filepath.Join(dir, d.ID+".json")); {
	case errors.Is(err, fs.ErrExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("record a disclosure: %w", err)
	}
	return true, SyncDir(dir)
}

func (l *Lake) disclosedNames() ([]string, error) {
	entries, err := os.ReadDir(l.Path(disclosedDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if disclosedName.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Disclosures lists what was disclosed on demand, oldest first. A record that is damaged or missing is an error, with the
// records that can be read.
func (l *Lake) Disclosures() ([]Disclosed, error) {
	names, err := l.disclosedNames()
	if err != nil {
		return nil, err
	}
	var list []Disclosed
	var first error
	for i, name := range names {
		id := strings.TrimSuffix(name, ".json")
		if want := number(int64(i) + 1); first == nil && id != want && len(list) == i {
			first = Errorf(Damaged, "%s/%s.json is missing: restore it from a backup", disclosedDir, want)
		}
		data, err := os.ReadFile(l.Path(disclosedDir + "/" + name))
		if err != nil {
			return list, err
		}
		var d Disclosed
		event, check := splitCheck([]byte(strings.TrimSuffix(string(data), "\n")))
		if check == "" || check != checkValue(id, event) || json.Unmarshal(event, &d) != nil || d.ID != id {
			if first == nil {
				first = Errorf(Damaged, "%s/%s does not have its check value: restore it from a backup", disclosedDir, name)
			}
			continue
		}
		list = append(list, d)
	}
	return list, first
}

// disclosed checks the records of what was disclosed on demand.
func (c *checker) disclosed() error {
	_, err := c.Disclosures()
	if CodeOf(err) == Damaged {
		file, text, _ := strings.Cut(err.Error(), " ")
		c.fault(Finding{Kind: "ledger", File: file, Text: text})
		return nil
	}
	return err
}
