package standard

import "github.com/antzucaro/matchr"

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
