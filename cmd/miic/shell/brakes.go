package shell

import "miic/internal/pipeline"

// Brakes are the limits that hold a night for a person to look at, each against the last snapshot. 0 is no
// limit. Percentages are of the last snapshot's figure; points are of a share in percent.
type Brakes struct {
	ClientsRisePercent float64 `yaml:"clients_rise_percent"`
	ClientsFallPercent float64 `yaml:"clients_fall_percent"`
	MergesMostPercent  float64 `yaml:"merges_most_percent"` // people merged away tonight, of all
	SplitsMostPercent  float64 `yaml:"splits_most_percent"` // people split off tonight, of all
	// units refused one by one, of those in files that were loaded
	RefusedMostPercent float64 `yaml:"refused_most_percent"`
	NoticesMostPercent float64 `yaml:"notices_most_percent"` // reminders and recalls written, of all people
	// people past due: steadier than notices, which come in waves
	OverdueRisePercent float64 `yaml:"overdue_rise_percent"`
	OverdueFallPercent float64 `yaml:"overdue_fall_percent"`
	// of the people due or past due, those who can be written to
	ReachableFallPoints  float64 `yaml:"reachable_fall_points"`
	CohortFallPercent    float64 `yaml:"cohort_fall_percent"`    // people whom the headline measure is about
	CoverageChangePoints float64 `yaml:"coverage_change_points"` // the headline measure, statewide
}

// DefaultBrakes are meant for a state: small jumps pass, a sender's whole file twice does not.
func DefaultBrakes() Brakes {
	return Brakes{ClientsRisePercent: 10, ClientsFallPercent: 2, MergesMostPercent: 2, SplitsMostPercent: 1,
		RefusedMostPercent: 10, NoticesMostPercent: 40, OverdueRisePercent: 20, OverdueFallPercent: 30,
		ReachableFallPoints: 10, CohortFallPercent: 20, CoverageChangePoints: 3}
}

func (b Brakes) list() []pipeline.Brake {
	return []pipeline.Brake{
		{Name: "clients", Figure: "link.clients", Rise: b.ClientsRisePercent, Fall: b.ClientsFallPercent, Slack: 100},
		{Name: "merges", Figure: "link.clients_merged", Of: "link.clients", Most: b.MergesMostPercent, Slack: 20},
		{Name: "splits", Figure: "link.clients_split", Of: "link.clients", Most: b.SplitsMostPercent, Slack: 20},
		{
			Name:   "refused share",
			Figure: "ingest.loaded_units_rejected",
			Of:     "ingest.loaded_units_read",
			Most:   b.RefusedMostPercent,
			Slack:  100,
		},
		{Name: "notices", Figure: "campaign.notices", Of: "link.clients", Most: b.NoticesMostPercent, Slack: 500},
		{Name: "people past due", Figure: "campaign.overdue", Rise: b.OverdueRisePercent, Fall: b.OverdueFallPercent,
			Slack: 100, Unless: "campaign.withheld"},
		{Name: "people who can be written to", Figure: "campaign.reachable", Of: "campaign.candidates",
			Fall: b.ReachableFallPoints, Slack: 100, Unless: "campaign.withheld"},
		{Name: "people measured", Figure: "coverage.denominator", Fall: b.CohortFallPercent, Slack: 100,
			Unless: "coverage.withheld"},
		{Name: "coverage", Figure: "coverage.numerator", Of: "coverage.denominator",
			Rise: b.CoverageChangePoints, Fall: b.CoverageChangePoints, Unless: "coverage.withheld"},
	}
}

// renamed has the figures of the brakes that older versions kept under other names: the reports were one stage.
var renamed = map[string]string{
	"campaign.notices":     "report.notices",
	"campaign.overdue":     "report.overdue",
	"coverage.numerator":   "report.coverage_numerator",
	"coverage.denominator": "report.coverage_denominator",
}
