package shell

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// remark is a line of the example that is prose; other lines that begin with # are settings with their defaults.
var remark = regexp.MustCompile(`^# \S`)

// TestExampleConfiguration: docs/miic.yaml, which packages install, is accepted as it is; and with every setting in it
// put into force it is the default, but for folders and senders. So it names every setting, with its default.
func TestExampleConfiguration(t *testing.T) {
	text, err := os.ReadFile("../../../docs/miic.yaml")
	if err != nil {
		t.Fatal(err)
	}
	load := func(text string) *Config {
		t.Helper()
		path := filepath.Join(t.TempDir(), "miic.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	asIs := load(string(text))

	var all []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if !remark.MatchString(line) && line != "senders: []" {
			all = append(all, strings.TrimPrefix(line, "#"))
		}
	}
	inForce := load(strings.Join(all, "\n"))
	if len(inForce.Senders) < 2 {
		t.Errorf("the example has %d senders", len(inForce.Senders))
	}
	want := Default()
	want.Lake, want.Inbox, want.Archive = "/var/lib/miic/lake", "/var/spool/miic", "/var/lib/miic/archive"
	want.Recipients, want.Campaigns, want.Measures = "/etc/miic/recipients", "/etc/miic/campaigns", "/etc/miic/measures"
	want.Out, want.Linkage.Verdicts = "/var/lib/miic/out", "/var/lib/miic/verdicts.csv"
	// A key and an issuer have no default: the example shows how they are written.
	if r := &inForce.Reports.Records; filepath.Base(r.KeyFile) != "record-key.json" || r.Issuer == "" {
		t.Errorf("the example signs records with the key %q of %q", r.KeyFile, r.Issuer)
	}
	inForce.Reports.Records.KeyFile, inForce.Reports.Records.Issuer = "", ""
	settings := func(c *Config) string {
		c.Senders = nil
		out, err := yaml.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if diff := cmp.Diff(settings(&want), settings(inForce)); diff != "" {
		t.Errorf("docs/miic.yaml with all its settings in force is not the default (-default +example):\n%s", diff)
	}
	if diff := cmp.Diff(settings(&want), settings(asIs)); diff != "" {
		t.Errorf("docs/miic.yaml as it is is not the default (-default +example):\n%s", diff)
	}

	// A setting that is left out would have its default too, so the names are compared as well.
	var tree map[string]any
	if err := yaml.Unmarshal([]byte(strings.Join(all, "\n")), &tree); err != nil {
		t.Fatal(err)
	}
	var missing func(where string, v reflect.Type, tree map[string]any)
	missing = func(where string, v reflect.Type, tree map[string]any) {
		for f := range v.NumField() {
			name, _, _ := strings.Cut(v.Field(f).Tag.Get("yaml"), ",")
			if name == "" || name == "-" {
				continue
			}
			value, ok := tree[name]
			if !ok {
				t.Errorf("docs/miic.yaml does not name %s%s", where, name)
			}
			if inner, ok := value.(map[string]any); ok && v.Field(f).Type.Kind() == reflect.Struct {
				missing(where+name+".", v.Field(f).Type, inner)
			}
		}
	}
	missing("", reflect.TypeFor[Config](), tree)
}

// TestSettingsBehindALine: what lies behind a line --- would be read by nobody.
func TestSettingsBehindALine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "miic.yaml")
	if err := os.WriteFile(path, []byte("senders: []\n---\nretain_days: 30\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "miic.yaml:2: a second document") {
		t.Errorf("%v, want the line that begins another document", err)
	}
}
