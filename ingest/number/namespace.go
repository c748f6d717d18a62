package number

import (
	"maps"
	"slices"
	"strings"
)

// A feed may speak for several organisations, and names them as it likes. Namespaces sees which of its spellings mean
// one: those that differ in case or blanks, a name and the universal id (OID) that comes with it and no other, and what
// the configuration says. It returns the namespace of each spelling: a name in capitals where one is known.
func Namespaces(spellings []string, same map[string]string) map[string]string {
	kept := map[string]string{}
	for from, to := range same {
		kept[fold(from)] = to
	}
	type known struct{ name, id string }
	of := map[string]known{}
	ids, names := map[string]map[string]bool{}, map[string]map[string]bool{} // of a name, and of an id
	add := func(m map[string]map[string]bool, key, value string) {
		if key != "" && value != "" {
			if m[key] == nil {
				m[key] = map[string]bool{}
			}
			m[key][value] = true
		}
	}
	for _, s := range spellings {
		name, id := pieces(s)
		for _, as := range []string{fold(s), name, id} {
			if to, ok := kept[as]; ok && as != "" {
				name, id = pieces(to)
				break
			}
		}
		of[s] = known{name, id}
		add(ids, name, id)
		add(names, id, name)
	}
	out := make(map[string]string, len(of))
	for s, k := range of {
		if k.id == "" && len(ids[k.name]) == 1 {
			k.id = first(ids[k.name])
		}
		out[s] = k.name
		if k.id != "" {
			out[s] = k.id
			for _, name := range slices.Sorted(maps.Keys(names[k.id])) {
				if len(ids[name]) == 1 { // a name of several ids is no name for one of them
					out[s] = name
					break
				}
			}
		}
	}
	return out
}

func first(set map[string]bool) string { return slices.Min(slices.Collect(maps.Keys(set))) }

// pieces cuts a spelling into the organisation's name and its universal id: NAME&ID&ISO, one of them, or an id alone.
func pieces(spelling string) (name, id string) {
	parts := strings.Split(spelling, "&")
	name = fold(parts[0])
	if len(parts) > 1 {
		id = fold(parts[1])
	}
	if id == "" && isID(name) {
		name, id = "", name
	}
	return name, strings.TrimPrefix(id, "URN:OID:")
}

// isID reports an object identifier: numbers between dots.
func isID(s string) bool {
	s = strings.TrimPrefix(s, "URN:OID:")
	return strings.Count(s, ".") >= 2 && strings.Trim(s, "0123456789.") == ""
}

func fold(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), " ")) }
