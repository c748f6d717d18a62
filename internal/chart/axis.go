package chart

import (
	"math"
	"strconv"

	"miic/internal/prose"
)

// A place is a share of the picture's width.
type place float64

// String is the place as SVG has it.
func (p place) String() string { return number(100*float64(p)) + "%" }

// An axis goes from one value to another.
type axis struct {
	low, high float64
	counts    bool
}

// share is how far along the axis a value lies; what lies outside is at its end.
func (a axis) share(v float64) float64 {
	if a.high <= a.low {
		return 0
	}
	return min(max((v-a.low)/(a.high-a.low), 0), 1)
}

func (a axis) place(v float64) place { return place(a.share(v)) }

type tick struct {
	value  float64
	X      place
	Anchor string
	Text   string
}

// values are the axis' round values, and the next ones beyond its ends.
func (a axis) values() []float64 {
	if a.counts {
		return wholeTicks(a.low, a.high)
	}
	return Ticks(a.low, a.high)
}

// ticks are the round values of an axis that lie on it.
func (a axis) ticks(unit string) []tick {
	var list []tick
	for _, v := range a.values() {
		if s := (v - a.low) / (a.high - a.low); s < -1e-9 || s > 1+1e-9 {
			continue
		}
		at := a.place(v)
		list = append(list, tick{v, at, anchor(float64(at)), plain(v) + unit})
	}
	return list
}

// anchor keeps a text at an end within the picture.
func anchor(share float64) string {
	switch {
	case share < .12:
		return "start"
	case share > .88:
		return "end"
	}
	return "middle"
}

// Ticks are three to seven round values from one at or below the lower value to one at or above the higher.
func Ticks(low, high float64) []float64 { return ticksOf(low, high, 0, 1, 2, 2.5, 5, 10) }

// wholeTicks are the ticks of an axis of counts: nobody is a fifth of a person.
func wholeTicks(low, high float64) []float64 { return ticksOf(low, high, 1, 1, 2, 5, 10) }

// ticksOf has steps of a power of ten times one of the factors, and none below the least.
func ticksOf(low, high, least float64, factors ...float64) []float64 {
	if high <= low {
		high = low + 1
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, times := range factors {
		if (high-low)/(step*times) <= 5 {
			step *= times
			break
		}
	}
	step = max(step, least)
	first, last := math.Floor(low/step+1e-9), math.Ceil(high/step-1e-9)
	var list []float64
	for k := first; k <= last; k++ {
		list = append(list, k*step)
	}
	return list
}

// plain is a number of an axis: thousands apart, and no more decimals than it has.
func plain(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) >= 1000 {
		return prose.Thousands(int64(v))
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

// number is a length with two decimals at most.
func number(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
