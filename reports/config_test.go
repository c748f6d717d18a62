package reports

import (
	"strings"
	"testing"
)

func TestConfigIsChecked(t *testing.T) {
	good := DefaultConfig()
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Config){
		"reminder_days": func(c *Config) { c.ReminderDays = -1 }, "max_rounds": func(c *Config) { c.MaxRounds = 0 }, "small_cell": func(c *Config) { c.SmallCell = 0 },
		"small_part": func(c *Config) { c.SmallPart = 12 }, "monthly 29": func(c *Config) { c.Publish = "monthly 29" },
		"groups": func(c *Config) { c.Groups = nil }, "Influenza": func(c *Config) { c.Groups = append(c.Groups, "Influenza") }, "counties": func(c *Config) { c.Counties = nil },
		"campaign": func(c *Config) { c.Campaign = "" },
	} {
		c := DefaultConfig()
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
