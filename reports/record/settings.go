package record

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"miic/reports/healthcard"
)

// Settings are what a site decides about its official records.
type Settings struct {
	KeyFile string `yaml:"key" json:"-"`        // the site's private key, as 'miic key new' makes it; empty: records are not signed
	Issuer  string `yaml:"issuer"`              // https URL below which .well-known/jwks.json has the public keys
	Basis   string `yaml:"basis"`               // the law by which people have their own record
	Fault   string `yaml:"-" json:",omitempty"` // why a key that is named cannot sign

	Key *healthcard.Key `yaml:"-"`
}

// DefaultSettings sign nothing.
func DefaultSettings() Settings { return Settings{Basis: "Minn. Stat. 13.04"} }

// Load reads the key, from the folder of the configuration on. A key that cannot sign is a Fault: no record is issued until
// it is mended, and all else of the night goes on.
func (s *Settings) Load(base string) error {
	if s.KeyFile == "" {
		if s.Issuer != "" {
			return errors.New("issuer is named, but no key: name the file that 'miic key new' has written, or leave both out")
		}
		return nil
	}
	u, err := url.Parse(s.Issuer)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.HasSuffix(s.Issuer, "/") {
		return errors.New("issuer must be an https URL without a slash at its end: .well-known/jwks.json below it has the public keys")
	}
	if !filepath.IsAbs(s.KeyFile) {
		s.KeyFile = filepath.Join(base, s.KeyFile)
	}
	if s.Key, err = healthcard.ReadKey(s.KeyFile); err != nil {
		s.Fault = err.Error()
	}
	return nil
}
