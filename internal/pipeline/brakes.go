package pipeline

import (
	"fmt"
	"math"

	"miic/internal/lake"
)

// Brake stops a night whose figure moved further than a site thinks possible: the night is held, and
// a person accepts it with a reason or finds the fault. A limit of 0 is no limit. On the first night
// there is nothing to compare with and no brake works.
type Brake struct {
	Name   string  `json:"name"`
	Figure string  `json:"figure"` // stage.figure
	Of     string  `json:"of"`     // stage.figure to divide by: then the value is a share, in percent
	Rise   float64 `json:"rise"`   // most it may rise against the last snapshot: percent, or points of a share
	Fall   float64 `json:"fall"`   // most it may fall
	Most   float64 `json:"most"`   // most it may be, whatever it was
	Unless string  `json:"unless"` // stage.figure: a night that counts it has withheld the figure, and is not compared
	Slack  float64 `json:"slack"`  // a change by up to this many, or for Most a figure of up to this many, never trips: small registries jump
}

func (n *night) brakes() []lake.Tripped {
	if n.head == nil {
		return nil
	}
	was, now := map[string]int64{}, map[string]int64{}
	for _, s := range n.head.Stages {
		for k, v := range s.Figures {
			was[s.Name+"."+k] = v
		}
	}
	for name, old := range n.Renamed {
		if _, known := was[name]; known {
			continue
		}
		if v, known := was[old]; known {
			was[name] = v
		}
	}
	for _, s := range n.stages {
		for k, v := range s.Figures {
			now[s.Name+"."+k] = v
		}
	}
	var tripped []lake.Tripped
	for _, b := range n.Brakes {
		if text := b.trips(was, now); text != "" {
			tripped = append(tripped, lake.Tripped{Brake: b.Name, Text: text})
		}
	}
	return tripped
}

// leastEmptied is the smallest figure whose fall to nothing is no chance, however small the registry.
const leastEmptied = 20

// trips returns why the brake stops the night, or nothing.
func (b Brake) trips(was, now map[string]int64) string {
	if b.Unless != "" && now[b.Unless] > 0 {
		return ""
	}
	old, known := b.value(was)
	cur, counted := b.value(now)
	if !counted && (b.Of != "" || !known) { // a count that is gone is 0; a share of nothing is none
		return ""
	}
	unit, change := "", cur-old
	if b.Of != "" {
		unit = " %"
	}
	moved := math.Abs(change) // by how many the figure is off
	if b.Of != "" {
		moved = moved / 100 * float64(now[b.Of])
	}
	limit := func(l float64) float64 {
		if b.Of != "" {
			return l
		}
		return l / 100 * math.Max(math.Abs(old), 1)
	}
	text := ""
	switch {
	case b.Most > 0 && cur > b.Most && float64(now[b.Figure]) > b.Slack:
		text = fmt.Sprintf("is %.4g%s, the limit is %.4g%s", cur, unit, b.Most, unit)
	case known && b.Rise > 0 && moved > b.Slack && change > limit(b.Rise):
		text = fmt.Sprintf("rose from %.4g%s to %.4g%s, the limit is %.4g %s", old, unit, cur, unit, b.Rise, b.word())
	case known && b.Fall > 0 && cur == 0 && float64(was[b.Figure]) >= leastEmptied && moved >= leastEmptied:
		text = fmt.Sprintf("fell from %.4g%s to nothing", old, unit)
	case known && b.Fall > 0 && moved > b.Slack && -change > limit(b.Fall):
		text = fmt.Sprintf("fell from %.4g%s to %.4g%s, the limit is %.4g %s", old, unit, cur, unit, b.Fall, b.word())
	}
	return text
}

func (b Brake) word() string {
	if b.Of != "" {
		return "points"
	}
	return "%"
}

func (b Brake) value(figures map[string]int64) (float64, bool) {
	v, ok := figures[b.Figure]
	if !ok || b.Of == "" {
		return float64(v), ok
	}
	of := figures[b.Of]
	if of == 0 {
		return 0, false
	}
	return 100 * float64(v) / float64(of), true
}
