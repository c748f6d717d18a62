package chart

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
)

// A Tile is an area in a map of tiles.
type Tile struct {
	Row, Column int    // from 0
	Code        string // four letters at most
	Group       string // a line parts tiles of different groups
	Value       float64
	Text        string // the value as it is printed: five signs at most
	Tip         string
	Withheld    bool
	Empty       bool // there is nothing to show, and nothing to withhold
}

// Tiles are a map on which all areas have the same size: those of few people can be read as well as others.
type Tiles struct {
	Words
	Tiles    []Tile
	Unit     string
	Withheld string // what a hatched tile means, in the legend
	Nobody   string // what an empty one means
}

// shades is how many shades values have; the stylesheet has the classes shade-0 to shade-4.
const shades = 5

// Size of a tile and of what is between two.
const (
	tileWidth, tileHeight = 40, 38
	tileGap               = 2
)

// HTML is the picture with its legend.
func (t Tiles) HTML() template.HTML {
	p := tilePicture{Words: t.Words}
	limits := t.limits()
	rows, columns := 0, 0
	var withheld, empty bool
	at := map[[2]int]string{}
	for _, tile := range t.Tiles {
		rows, columns = max(rows, tile.Row+1), max(columns, tile.Column+1)
		one := placedTile{Tile: tile, X: tile.Column * tileWidth, Y: tile.Row * tileHeight,
			Class: "shade-" + strconv.Itoa(shade(limits, tile.Value))}
		one.Middle, one.CodeY, one.TextY = one.X+tileWidth/2, one.Y+16, one.Y+31
		switch {
		case tile.Withheld:
			withheld, one.Class = true, ""
		case tile.Empty:
			empty, one.Class = true, "shade-none"
		}
		p.Tiles = append(p.Tiles, one)
		at[[2]int{tile.Row, tile.Column}] = tile.Group
	}
	p.Hatched = withheld
	p.Width, p.Height = columns*tileWidth, rows*tileHeight
	for _, tile := range t.Tiles { // a line in the gap where the tile to the right, or the one below, is of another group
		x, y := tile.Column*tileWidth-tileGap/2, tile.Row*tileHeight-tileGap/2
		if g, ok := at[[2]int{tile.Row, tile.Column + 1}]; ok && g != tile.Group {
			p.Borders = append(p.Borders, border{x + tileWidth, y, x + tileWidth, y + tileHeight})
		}
		if g, ok := at[[2]int{tile.Row + 1, tile.Column}]; ok && g != tile.Group {
			p.Borders = append(p.Borders, border{x, y + tileHeight, x + tileWidth, y + tileHeight})
		}
	}
	p.Key = t.key(limits, withheld, empty)
	return draw("tiles", p)
}

// limits are round values at which the shades change, so that the values shown have all of them.
func (t Tiles) limits() []float64 {
	var values []float64
	for _, tile := range t.Tiles {
		if !tile.Withheld && !tile.Empty {
			values = append(values, tile.Value)
		}
	}
	if len(values) == 0 {
		return nil
	}
	low, high := slices.Min(values), slices.Max(values)
	for _, step := range []float64{1, 2, 5, 10, 20, 50, 100, 1000, 10000, 1e5, 1e6} {
		first := step * float64(int(low/step)+1) // the lowest value lies below it
		if first+step*(shades-1) >= high {
			limits := []float64{}
			for i := range shades - 1 {
				if v := first + step*float64(i); v <= high {
					limits = append(limits, v)
				}
			}
			return limits
		}
	}
	return nil
}

// shade is which of the shades a value has: how many limits it has reached.
func shade(limits []float64, v float64) int {
	n := 0
	for _, l := range limits {
		if v >= l {
			n++
		}
	}
	return n
}

// key is the legend.
func (t Tiles) key(limits []float64, withheld, empty bool) []keyEntry {
	var list []keyEntry
	for i := range limits {
		text := "below " + plain(limits[0]) + t.Unit
		if i > 0 {
			text = fmt.Sprintf("%s to below %s%s", plain(limits[i-1]), plain(limits[i]), t.Unit)
		}
		list = append(list, keyEntry{Class: "shade-" + strconv.Itoa(i), Text: text})
	}
	if n := len(limits); n > 0 {
		list = append(list, keyEntry{Class: "shade-" + strconv.Itoa(n), Text: plain(limits[n-1]) + t.Unit + " and more"})
	}
	if withheld {
		list = append(list, keyEntry{Hatched: true, Text: t.Withheld})
	}
	if empty {
		list = append(list, keyEntry{Class: "shade-none", Text: t.Nobody})
	}
	return list
}

type tilePicture struct {
	Words
	Width, Height int
	Hatched       bool
	Tiles         []placedTile
	Borders       []border
	Key           []keyEntry
}

// Inner is a tile's size without the gap.
func (tilePicture) InnerWidth() int  { return tileWidth - tileGap }
func (tilePicture) InnerHeight() int { return tileHeight - tileGap }

type placedTile struct {
	Tile
	X, Y, Middle, CodeY, TextY int
	Class                      string
}

type border struct{ X1, Y1, X2, Y2 int }

type keyEntry struct {
	Class, Text string
	Hatched     bool
}
