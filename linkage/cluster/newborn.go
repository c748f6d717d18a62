package cluster

import "slices"

// joinNewborns puts persons of whom no given name is known, as a hospital reports a newborn, to the one other person
// that a link marks as the same newborn. Where no mother is known on one side nobody else with a name may have been born
// on that day at that home, but for one who cannot be the child, as a twin of another order. Where two persons may be
// meant, or two numbers of one sender claim the same person, as those of twins do, each stays by itself: that is asked.
func (c *Clustering) joinNewborns(groups [][]int32, byPair map[[2]int32]Link) [][]int32 {
	of := make(map[int32]int, len(c.Members))
	nameless := make([]bool, len(groups))
	for g, members := range groups {
		nameless[g] = !slices.ContainsFunc(members, func(i int32) bool { return c.Members[i].First != "" })
		for _, i := range members {
			of[i] = g
		}
	}
	meant, there := map[int]map[int]bool{}, map[int]map[int]bool{} // by nameless group: groups with a name
	motherless := map[int]bool{}                                   // nameless groups that no mother ties to whom they may be of
	add := func(to map[int]map[int]bool, a, b int) {
		if to[a] == nil {
			to[a] = map[int]bool{}
		}
		to[a][b] = true
	}
	for g := range groups {
		motherless[g] = true
	}
	each := func(fn func(nameless, named int, l *Link)) {
		for _, l := range byPair {
			a, b := of[l.A], of[l.B]
			if nameless[b] {
				a, b = b, a
			}
			if a != b && nameless[a] && !nameless[b] && c.compatible(groups[a], groups[b]) {
				fn(a, b, &l)
			}
		}
	}
	each(func(a, b int, l *Link) {
		if l.BornThere {
			add(there, a, b)
		}
	})
	each(func(a, b int, l *Link) {
		if l.Newborn || l.NewbornChild && there[a][b] { // another record of the child has the home
			add(meant, a, b)
			if l.Mother {
				delete(motherless, a)
			}
		}
	})
	claims := map[int][]int{} // by group with a name: the nameless ones that can be of nobody else
	for g := range groups {
		if len(meant[g]) == 1 && !(motherless[g] && len(there[g]) > 1) {
			for to := range meant[g] {
				claims[to] = append(claims[to], g)
			}
		}
	}
	for to, from := range claims {
		if c.rivals(groups, from) {
			continue
		}
		for _, g := range from {
			if c.compatible(groups[to], groups[g]) {
				groups[to] = append(groups[to], groups[g]...)
				groups[g] = nil
			}
		}
		slices.Sort(groups[to])
	}
	return slices.DeleteFunc(groups, func(g []int32) bool { return g == nil })
}

// rivals reports whether one sender has numbers in two of the groups.
func (c *Clustering) rivals(groups [][]int32, list []int) bool {
	seen := map[string]int{}
	for _, g := range list {
		for _, i := range groups[g] {
			s := c.Members[i].Sender
			if other, ok := seen[s]; ok && other != g {
				return true
			}
			seen[s] = g
		}
	}
	return false
}

// compatible reports whether nothing forbids two groups to be one person.
func (c *Clustering) compatible(a, b []int32) bool {
	for _, x := range a {
		for _, y := range b {
			if c.forbidden(x, y) {
				return false
			}
		}
	}
	return true
}
