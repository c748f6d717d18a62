package standard

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/antzucaro/matchr"
)

//go:embed nicknames.txt
var nicknamesText string

// NicknamePairs lists two names each that one person may go by: a name and its everyday form, or two
// forms of one name.
var NicknamePairs = sync.OnceValue(func() [][2]string {
	var pairs [][2]string
	for line := range strings.Lines(nicknamesText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		set := strings.Fields(line)
		for i, a := range set {
			for _, b := range set[i+1:] {
				pairs = append(pairs, [2]string{a, b})
			}
		}
	}
	return pairs
})

var suffixes = map[string]string{"JR": "JR", "JUNIOR": "JR", "SR": "SR", "SENIOR": "SR", "II": "II", "2ND": "II",
	"III": "III", "3RD": "III", "IV": "IV", "4TH": "IV"}

// phonetics remembers the codes of names: names repeat, and the code costs more than the look-up.
type phonetics map[string]string

// code returns the sound of a name, by Double Metaphone.
func (p phonetics) code(name string) string {
	if name == "" {
		return ""
	}
	if c, ok := p[name]; ok {
		return c
	}
	c, _ := matchr.DoubleMetaphone(name)
	if c == "" {
		c = name
	}
	p[name] = c
	return c
}
