package mailing

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"miic/reports/mailing/barcode"
)

// Settings are what a site decides about its mail.
type Settings struct {
	Mailer barcode.Mailer `yaml:"mailer"` // of the Intelligent Mail barcode; without an id there are no tracking digits and bars
	Decoys []Decoy        `yaml:"decoys"` // rows to the registry itself, to see what a mailing house mails
	Days   int            `yaml:"days"`   // for how many days calls and texts may be made from a file
}

// A Decoy is an address of the registry's own among those of the families.
type Decoy struct {
	Name    string   `yaml:"name"`
	Child   string   `yaml:"child"` // a made-up given name
	Street  string   `yaml:"street"`
	City    string   `yaml:"city"`
	State   string   `yaml:"state"`
	ZIP     string   `yaml:"zip"`
	Regions []string `yaml:"regions"` // in whose files; none: in every
}

// mostDecoys is how many decoys a site may have.
const mostDecoys = 50

// decoysADay is how many decoys there are on a day at most, in the files of all regions.
func (s *Settings) decoysADay(regions []string) int64 { return int64(len(s.Decoys) * len(regions)) }

// Check reports what is wrong with the settings, given the regions.
func (s *Settings) Check(regions []string) error {
	var errs []error
	if s.Mailer != (barcode.Mailer{}) {
		if err := s.Mailer.Check(); err != nil {
			errs = append(errs, fmt.Errorf("mailing.mailer: %w", err))
		}
	}
	if s.Days < 1 {
		errs = append(errs, fmt.Errorf("mailing.days is %d: it must be 1 or more", s.Days))
	}
	if len(s.Decoys) > mostDecoys {
		errs = append(errs, fmt.Errorf("mailing.decoys has %d entries: at most %d", len(s.Decoys), mostDecoys))
	}
	if m := &s.Mailer; m.Check() == nil && s.decoysADay(regions)*(uniqueDays+1) > decoySerials(m) {
		errs = append(errs, fmt.Errorf("mailing.decoys has %d entries for %d regions: their serial numbers would come again "+
			"within %d days: keep at most %d", len(s.Decoys), len(regions), uniqueDays,
			decoySerials(m)/(uniqueDays+1)/int64(len(regions))))
	}
	for i, d := range s.Decoys {
		for _, f := range []struct{ name, value string }{{"name", d.Name}, {"child", d.Child}, {"street", d.Street},
			{"city", d.City}, {"state", d.State}} {
			if strings.TrimSpace(f.value) == "" {
				errs = append(errs, fmt.Errorf("mailing.decoys, entry %d has no %s", i+1, f.name))
			}
		}
		if zip5, zip4 := splitZIP(d.ZIP); barcode.Routing(zip5, zip4, "") == "" {
			errs = append(errs, fmt.Errorf("mailing.decoys, entry %d: zip %q is no ZIP code", i+1, d.ZIP))
		}
		for _, region := range d.Regions {
			if !slices.Contains(regions, region) {
				errs = append(errs, fmt.Errorf("mailing.decoys, entry %d: unknown region %q: one of %s", i+1, region,
					strings.Join(regions, ", ")))
			}
		}
	}
	return errors.Join(errs...)
}
