package cluster

import (
	"cmp"
	"slices"

	"miic/internal/table"
)

// Person is one group of records that clustering put together, with what ids depend on.
type Person struct {
	Members []int32
	ID      int64
}

// Identity is what giving ids must know of a record.
type Identity struct {
	RecordID    string
	Client      int64 // before tonight; 0 for none
	BirthRecord bool
}

// GiveIDs gives each group of records its person's id and returns the changes it makes. An old id goes
// to the group that holds its birth record, else to the one with most of its records, else to the one
// with the first of them; a group that is owed several keeps the oldest, and the others are merged
// into it. What is left gets new ids, in the order of record ids, above last. Records are in the order
// of their ids.
func GiveIDs(groups [][]int32, records []Identity, last int64, change func(table.ClientChange)) ([]Person, int64) {
	people := make([]Person, len(groups))
	type claim struct {
		group  int
		births int
		n      int
		first  int32
	}
	claims := map[int64][]claim{}
	var old []int64
	for g, members := range groups {
		people[g].Members = members
		for _, i := range members {
			id := records[i].Client
			if id == 0 {
				continue
			}
			list := claims[id]
			if list == nil {
				old = append(old, id)
			}
			k := slices.IndexFunc(list, func(c claim) bool { return c.group == g })
			if k < 0 {
				k = len(list)
				list = append(list, claim{group: g, first: i})
			}
			list[k].n++
			if records[i].BirthRecord {
				list[k].births++
			}
			claims[id] = list
		}
	}
	slices.Sort(old)
	kept := map[int64]int{} // old id → the group that is owed it
	for _, id := range old {
		best := slices.MinFunc(claims[id], func(a, b claim) int {
			return cmp.Or(cmp.Compare(b.births, a.births), cmp.Compare(b.n, a.n), cmp.Compare(a.first, b.first))
		})
		kept[id] = best.group
		if people[best.group].ID == 0 {
			people[best.group].ID = id // ids rise with age: the first owed is the oldest
		}
	}
	for _, id := range old {
		if p := people[kept[id]].ID; p != id {
			change(table.ClientChange{ClientID: id, OtherID: p, Change: "merged", Reason: "their records were found to be of one person"})
		}
	}
	order := make([]int, len(groups))
	for g := range order {
		order[g] = g
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(groups[a][0], groups[b][0]) })
	for _, g := range order {
		p := &people[g]
		parted := int64(0)
		if p.ID == 0 {
			last++
			p.ID = last
			if parted = oldest(p.Members, records); parted != 0 {
				change(table.ClientChange{ClientID: p.ID, OtherID: parted, Change: "split", Reason: "the evidence no longer holds its records together"})
			} else {
				change(table.ClientChange{ClientID: p.ID, Change: "created", Reason: "records that match no known person"})
				continue
			}
		}
		for _, i := range p.Members {
			r := records[i]
			switch {
			case r.Client == 0 && known(p.Members, records):
				change(table.ClientChange{ClientID: p.ID, RecordID: r.RecordID, Change: "joined", Reason: "its match weight reaches the bar"})
			case r.Client != 0 && r.Client != p.ID && r.Client != parted && kept[r.Client] != g: // else its person was merged into this one
				change(table.ClientChange{ClientID: p.ID, OtherID: r.Client, RecordID: r.RecordID, Change: "moved", Reason: "it fits this person better"})
			}
		}
	}
	return people, last
}

// known reports whether some record of a group had a person before tonight.
func known(members []int32, records []Identity) bool { return oldest(members, records) != 0 }

func oldest(members []int32, records []Identity) int64 {
	var id int64
	for _, i := range members {
		if c := records[i].Client; c != 0 && (id == 0 || c < id) {
			id = c
		}
	}
	return id
}
