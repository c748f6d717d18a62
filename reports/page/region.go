package page

import (
	"fmt"
	"slices"
	"strings"

	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/campaign"
)

// regionRow is one region's notices, or the state's.
type regionRow struct {
	Region           string
	Reminder, Recall campaign.Tally
	Total            bool
}

func (r regionRow) Reminded() int64 { return r.Reminder.Mailed }
func (r regionRow) Recalled() int64 { return r.Recall.Mailed }
func (r regionRow) Excluded() int64 { return r.Reminder.Excluded + r.Recall.Excluded }

// Why lists the first reasons of those left out, the commonest first.
func (r regionRow) Why() string {
	type why struct {
		words string
		n     int64
	}
	var list []why
	for i, words := range campaign.ReasonWords {
		if k := r.Reminder.First[i] + r.Recall.First[i]; k > 0 {
			list = append(list, why{words, k})
		}
	}
	slices.SortStableFunc(list, func(a, b why) int { return int(b.n - a.n) })
	var parts []string
	for _, w := range list {
		parts = append(parts, w.words+": "+prose.Thousands(w.n))
	}
	return strings.Join(parts, "; ")
}

// areaRate is the coverage of a region or of the state.
type areaRate struct {
	Type        string `col:"area_type" doc:"region or state"`
	Name        string `col:"area_name" doc:"name of the area"`
	Denominator int64  `col:"denominator" doc:"people counted; 0 when withheld"`
	Numerator   int64  `col:"numerator" doc:"of them, who meet the measure; 0 when withheld"`
	Withheld    bool   `col:"suppressed" doc:"both are withheld"`

	PublishedOn table.Date `col:"published_on" doc:"day of the publication"`
}

// Rate is the percentage to one decimal, only where the denominator bears it.
func (a areaRate) Rate() string {
	switch {
	case a.Withheld:
		return "withheld"
	case a.Denominator == 0:
		return "nobody"
	case a.Denominator < 50:
		return fmt.Sprintf("%d of %d", a.Numerator, a.Denominator)
	}
	return fmt.Sprintf("%.1f %%", 100*float64(a.Numerator)/float64(a.Denominator))
}

// Percent is the length of the bar.
func (a areaRate) Percent() int64 { return 100 * a.Numerator / max(a.Denominator, 1) }
