package letter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Settings are what a site decides about the words of its letters.
type Settings struct {
	Templates string     `yaml:"templates"` // folder of the site's own texts
	Offices   string     `yaml:"offices"`   // CSV file: who sends the letters; without it none are printed
	Clinics   string     `yaml:"clinics"`   // CSV file: clinics that give vaccines at low or no cost
	Approved  []Approval `yaml:"approved"`  // translations that may be mailed
}

// DefaultSettings name files that need not be there.
func DefaultSettings() Settings {
	return Settings{Templates: "templates", Offices: "offices.csv", Clinics: "clinics.csv"}
}

// Load reads what the settings name, from the folder of the configuration on, and makes its path absolute. Only what
// has its usual name may be missing.
func (s *Settings) Load(base string) (*Mail, error) {
	usual := DefaultSettings()
	find := func(path *string, usual string) (found bool, err error) {
		if *path == "" {
			return false, nil
		}
		full := *path
		if !filepath.IsAbs(full) {
			full = filepath.Join(base, full)
		}
		if _, err = os.Stat(full); errors.Is(err, fs.ErrNotExist) && *path == usual {
			return false, nil
		}
		*path = full
		return err == nil, err
	}
	m := &Mail{}
	folder := ""
	found, err := find(&s.Templates, usual.Templates)
	if found {
		folder = s.Templates
	}
	if err == nil {
		m.Catalog, err = Load(folder, s.Approved)
	}
	if err != nil {
		return nil, err
	}
	if found, err = find(&s.Offices, usual.Offices); found {
		m.Offices, err = readFile(s.Offices, ReadOffices)
	}
	if err != nil {
		return nil, fmt.Errorf("offices: %w", err)
	}
	if found, err = find(&s.Clinics, usual.Clinics); found {
		m.Clinics, err = readFile(s.Clinics, ReadClinics)
	}
	if err != nil {
		return nil, fmt.Errorf("clinics: %w", err)
	}
	return m, nil
}

func readFile[T any](path string, read func(io.Reader) (T, error)) (v T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return v, err
	}
	defer f.Close()
	if v, err = read(f); err != nil {
		return v, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

// BuiltIn is the mail of a site without files of its own.
func BuiltIn() *Mail {
	c, err := Load("", nil)
	if err != nil {
		panic("letter: the built-in texts: " + err.Error())
	}
	return &Mail{Catalog: c}
}

// MarshalJSON writes which texts are in force and which may be mailed: it is in the keys of stages.
func (c *Catalog) MarshalJSON() ([]byte, error) {
	type texts struct {
		Fingerprint string
		Approved    bool
	}
	all := map[string]texts{}
	for _, l := range c.Languages() {
		all[l] = texts{c.Fingerprint(l), c.approved[l]}
	}
	return json.Marshal(all)
}
