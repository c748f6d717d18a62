package cluster

// union is a union-find over whole numbers, by size with path halving.
type union struct{ parent, size []int32 }

func newUnion(n int) *union {
	u := &union{make([]int32, n), make([]int32, n)}
	for i := range u.parent {
		u.parent[i], u.size[i] = int32(i), 1
	}
	return u
}

func (u *union) find(a int32) int32 {
	for u.parent[a] != a {
		u.parent[a] = u.parent[u.parent[a]]
		a = u.parent[a]
	}
	return a
}

func (u *union) join(a, b int32) {
	a, b = u.find(a), u.find(b)
	if a == b {
		return
	}
	if u.size[a] < u.size[b] || (u.size[a] == u.size[b] && a > b) {
		a, b = b, a
	}
	u.parent[b] = a
	u.size[a] += u.size[b]
}

// groups returns the members of each set with at least min members, each in order, the sets by their first member.
func (u *union) groups(min int) [][]int32 {
	at := map[int32]int{}
	var list [][]int32
	for i := range u.parent {
		root := u.find(int32(i))
		if int(u.size[root]) < min {
			continue
		}
		k, ok := at[root]
		if !ok {
			k = len(list)
			at[root] = k
			list = append(list, make([]int32, 0, u.size[root]))
		}
		list[k] = append(list[k], int32(i))
	}
	return list
}
