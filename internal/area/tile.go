package area

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// A Tile is a county's place on a map on which all counties have the same size: near its place in the state, and beside
// most of its neighbours. The layout is our own.
type Tile struct {
	Row, Column int    // from the north and from the west, from 0
	Code        string // three letters, for want of space
}

//go:embed tiles.csv
var tilesCSV string

var tiles = sync.OnceValue(func() map[string]Tile {
	rows, err := csv.NewReader(strings.NewReader(tilesCSV)).ReadAll()
	if err != nil || strings.Join(rows[0], ",") != "fips,row,column,code" {
		panic(fmt.Sprintf("area: the built-in tiles: %v", err))
	}
	list := map[string]Tile{}
	for _, cells := range rows[1:] {
		row, err := strconv.Atoi(cells[1])
		column, err2 := strconv.Atoi(cells[2])
		if err != nil || err2 != nil {
			panic("area: the built-in tiles: " + strings.Join(cells, ","))
		}
		list[cells[0]] = Tile{row, column, cells[3]}
	}
	return list
})

// TileOf is the tile of a county; one that is not built in has none.
func TileOf(fips string) (Tile, bool) {
	t, ok := tiles()[fips]
	return t, ok
}
