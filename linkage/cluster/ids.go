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

// Identity is what GiveIDs must know of a record.
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
	for g, members := range groups {
		people[g].Members = members
	}
	old, owed := owedTo(groups, records)
	for _, id := range old {
		if p := &people[owed[id]]; p.ID == 0 {
			p.ID = id // ids rise with age: the first owed is the oldest
		}
	}
	for _, id := range old {
		if p := people[owed[id]].ID; p != id {
			change(table.ClientChange{ClientID: id, OtherID: p, Change: "merged",
				Reason: "their records were found to be of one person"})
		}
	}
	order := make([]int, len(groups))
	for g := range order {
		order[g] = g
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(groups[a][0], groups[b][0]) })
	for _, g := range order {
		p := &people[g]
		from := oldest(p.Members, records)
		if p.ID == 0 {
			last++
			p.ID = last
			if from == 0 {
				change(table.ClientChange{ClientID: p.ID, Change: "created",
					Reason: "records that match no known person"})
				continue
			}
			change(table.ClientChange{ClientID: p.ID, OtherID: from, Change: "split",
				Reason: "the evidence no longer holds its records together"})
		} else {
			from = p.ID
		}
		for _, i := range p.Members {
			r := records[i]
			switch {
			case r.Client == 0 && known(p.Members, records):
				change(table.ClientChange{ClientID: p.ID, RecordID: r.RecordID, Change: "joined",
					Reason: "its match weight reaches the bar"})
			// A record of a person who was merged into this one did not move by itself.
			case r.Client != 0 && r.Client != from && owed[r.Client] != g:
				change(table.ClientChange{ClientID: p.ID, OtherID: r.Client, RecordID: r.RecordID, Change: "moved",
					Reason: "it fits this person better"})
			}
		}
	}
	return people, last
}

// A claim is the part of an old person's records that a group holds.
type claim struct {
	group   int
	births  int // birth records
	records int
	first   int32
}

// owedTo returns the old ids, the oldest first, and the group that each goes to.
func owedTo(groups [][]int32, records []Identity) (old []int64, owed map[int64]int) {
	claims := map[int64][]claim{}
	for g, members := range groups {
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
			list[k].records++
			if records[i].BirthRecord {
				list[k].births++
			}
			claims[id] = list
		}
	}
	slices.Sort(old)
	owed = make(map[int64]int, len(old))
	for _, id := range old {
		owed[id] = slices.MinFunc(claims[id], func(a, b claim) int {
			return cmp.Or(cmp.Compare(b.births, a.births), cmp.Compare(b.records, a.records),
				cmp.Compare(a.first, b.first))
		}).group
	}
	return old, owed
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
