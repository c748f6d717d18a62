package ingest

import (
	"fmt"
	"math"
	"slices"

	"miic/ingest/rule"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// judgePatterns marks those of a file's figures that break a rule about whole deliveries, and notes them.
func (n *night) judgePatterns(b *batch, figures []table.DeliveryFigure) {
	l := n.limits(b.sender)
	past := n.past[b.sender.ID+"/"+b.layout]
	if l.History > 0 && len(past) > l.History {
		past = past[:l.History]
	}
	for _, c := range rule.About("delivery") {
		if c.Measure == "age" {
			away, doses := ageDistance(figures, past)
			if l.Least > 0 && len(past) >= l.Least && doses >= c.Least && away > c.Above {
				for i := range figures {
					if f := &figures[i]; f.Measure == "age" {
						f.Rule = c.ID
					}
				}
				n.pattern(b, c,
					fmt.Sprintf("%.0f of 100 doses are of another age group than in the sender's last %d files", away,
						len(past)))
			}
			continue
		}
		for i := range figures {
			f := &figures[i]
			if f.Measure != c.Measure || f.Item != c.Item || f.Denominator < c.Least {
				continue
			}
			share := 100 * float64(f.Numerator) / float64(f.Denominator)
			usual, known := usualShare(past, f.Measure+"/"+f.Item, l.Least)
			if share <= c.Most || known && share <= usual+c.Above {
				continue
			}
			f.Rule = c.ID
			text := fmt.Sprintf("%d of %d, %.0f %%", f.Numerator, f.Denominator, share)
			if known {
				text += fmt.Sprintf("; in the sender's own history it was %.0f %%", usual)
			}
			n.pattern(b, c, text)
		}
	}
}

func (n *night) pattern(b *batch, c rule.Rule, text string) {
	n.run.Count("patterns_unusual", 1)
	n.run.Note(pipeline.Note{Kind: "warning", Sender: b.sender.ID, File: b.file.Name, Text: c.Message + " (" + c.ID +
		": " + text + "); ask the sender how the dates come about, the file was loaded"})
}

// usualShare is the median of a figure's share in the files before.
func usualShare(past []*pastDelivery, figure string, least int) (percent float64, known bool) {
	var shares []float64
	for _, p := range past {
		if s, ok := p.shares[figure]; ok {
			shares = append(shares, s)
		}
	}
	if least == 0 || len(shares) < least {
		return 0, false
	}
	slices.Sort(shares)
	return shares[len(shares)/2], true
}

// ageDistance is how many of a hundred doses would have to be of another age group for the file to have the
// sender's usual mix: the mean of the files before.
func ageDistance(figures []table.DeliveryFigure, past []*pastDelivery) (away float64, doses int64) {
	now := map[string]float64{}
	for _, f := range figures {
		if f.Measure == "age" {
			doses = f.Denominator
			now[f.Item] = 100 * float64(f.Numerator) / float64(f.Denominator)
		}
	}
	files := 0
	mean := map[string]float64{}
	for _, p := range past {
		has := false
		for _, g := range ageGroups {
			if s, ok := p.shares["age/"+g]; ok {
				mean[g] += s
				has = true
			}
		}
		if has {
			files++
		}
	}
	if files == 0 || len(now) == 0 {
		return 0, doses
	}
	for _, g := range ageGroups {
		away += math.Abs(now[g]-mean[g]/float64(files)) / 2
	}
	return away, doses
}
