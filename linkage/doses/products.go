package doses

import (
	_ "embed"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"
)

//go:embed products.txt
var productsText string

// groupSet is a set of vaccine groups, one bit each.
type groupSet uint64

type product struct {
	groups      groupSet
	unspecified bool
}

type productTable struct {
	names    []string
	products map[int16]product
}

// products is read once; a fault in the embedded text is a fault of the build.
var products = sync.OnceValue(func() *productTable {
	t := &productTable{products: map[int16]product{}}
	for _, line := range strings.Split(productsText, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		bit := groupSet(1) << len(t.names)
		t.names = append(t.names, fields[0])
		for _, f := range fields[1:] {
			text, unspecified := strings.CutSuffix(f, "?")
			code, err := strconv.ParseInt(text, 10, 16)
			if err != nil || len(t.names) > 64 {
				panic(fmt.Sprintf("products.txt: group %s: %q is no CVX code", fields[0], f))
			}
			p := t.products[int16(code)]
			p.groups |= bit
			p.unspecified = p.unspecified || unspecified
			t.products[int16(code)] = p
		}
	}
	return t
})

// groups returns what a product protects against. A code that is not in the table is a group of
// its own: two of them are the same dose only if they are the same product.
func (t *productTable) groups(cvx int16) groupSet { return t.products[cvx].groups }

// set returns the set of the named groups.
func (t *productTable) set(names ...string) groupSet {
	var s groupSet
	for _, name := range names {
		for i, n := range t.names {
			if n == name {
				s |= 1 << i
			}
		}
	}
	return s
}

// combination tells a product against more than one group; measles, mumps and rubella count once.
func (t *productTable) combination(g groupSet) bool {
	mmr := t.set("measles", "mumps", "rubella")
	n := bits.OnesCount64(uint64(g &^ mmr))
	if g&mmr != 0 {
		n++
	}
	return n > 1
}
