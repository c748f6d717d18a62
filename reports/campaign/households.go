package campaign

import (
	"cmp"
	"context"
	"slices"

	"miic/internal/engine"
	"miic/internal/household"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// home is where and with whom somebody lives.
type home struct {
	ClientID      int64      `col:"client_id" doc:"the person"`
	BirthDate     table.Date `col:"birth_date" doc:"date of birth"`
	Address1      string     `col:"address_1,null" doc:"street line"`
	ZIP           string     `col:"zip,null" doc:"ZIP code"`
	GuardianFirst string     `col:"guardian_first,null" doc:"guardian"`
	GuardianLast  string     `col:"guardian_last,null" doc:"guardian"`
	GuardianRole  string     `col:"guardian_role,null" doc:"guardian's relationship"`
	Phone         string     `col:"phone,null" doc:"ten digits"`
	Contact       string     `col:"contact" doc:"contact word"`
	HouseholdID   int64      `col:"household_id,null" doc:"the household until now"`
	Since         int64      `col:"since_snapshot,null" doc:"since when"`
}

// alone reports that letters to the person go to nobody else of the home: an adult's are the adult's own, and a foster
// child's home may be known to others who are not to know it.
func (h *home) alone(asOf table.Date) bool {
	return h.BirthDate.AddMonths(18*12) <= asOf || h.GuardianRole == "FCH"
}

// households gives everybody who gets a notice tonight the household's number, and each notice its envelope.
func households(ctx context.Context, r *pipeline.Run, c Config, plan *Plan) error {
	type written struct {
		ClientID int64 `col:"client_id" doc:"the person"`
	}
	var people []written
	for _, chosen := range plan.all() {
		people = append(people, written{chosen.Notice.ClientID})
	}
	if err := engine.Load(ctx, r.Engine, "written", people); err != nil {
		return err
	}
	var homes []home
	err := engine.Stream(ctx, r.Engine, queries.Get("home"), func(h *home) error {
		homes = append(homes, *h)
		return nil
	})
	if err != nil {
		return err
	}
	rows, last := number(r.AsOf, r.Snapshot, homes, r.Mark("household_id"))
	r.SetMark("household_id", last)
	plan.Households = rows
	of := make(map[int64]int64, len(rows))
	for _, row := range rows {
		of[row.ClientID] = row.HouseholdID
	}
	notices := plan.all()
	for _, n := range notices {
		n.Notice.HouseholdID = of[n.Notice.ClientID]
	}
	envelopes(notices, c.PerEnvelope)
	return nil
}

// number gives everybody a household, and returns with them the highest number given so far. A household keeps its
// number while children join it. Where two become one, the number of the most of them stays; where one becomes two, it
// stays with the most, and the others get a new one.
func number(asOf table.Date, snapshot int64, homes []home, last int64) ([]table.Household, int64) {
	groups := together(asOf, homes)
	// which groups have how many members of which household
	type claim struct {
		group   int
		id      int64
		members int
	}
	count := map[[2]int64]int{}
	for i := range homes {
		if id := homes[i].HouseholdID; id != 0 {
			count[[2]int64{int64(groups[i]), id}]++
		}
	}
	var claims []claim
	for k, n := range count {
		claims = append(claims, claim{int(k[0]), k[1], n})
	}
	slices.SortFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(b.members, a.members), cmp.Compare(a.id, b.id), cmp.Compare(a.group, b.group))
	})
	idOf, taken := map[int]int64{}, map[int64]bool{}
	for _, c := range claims {
		if idOf[c.group] == 0 && !taken[c.id] {
			idOf[c.group], taken[c.id] = c.id, true
		}
	}
	rows := make([]table.Household, len(homes))
	for i := range homes {
		h := &homes[i]
		id := idOf[groups[i]]
		if id == 0 {
			last++
			id = last
			idOf[groups[i]] = id
		}
		rows[i] = table.Household{ClientID: h.ClientID, HouseholdID: id, Since: snapshot}
		if id == h.HouseholdID {
			rows[i].Since = h.Since
		}
	}
	return rows, last
}

// together puts people into households: those who live together and want letters of the same kinds.
func together(asOf table.Date, homes []home) []int {
	groups := make([]int, len(homes))
	byContact := map[string][]int{}
	for i := range homes {
		groups[i] = i
		if !homes[i].alone(asOf) {
			byContact[homes[i].Contact] = append(byContact[homes[i].Contact], i)
		}
	}
	for _, places := range byContact {
		members := make([]household.Member, len(places))
		for j, i := range places {
			h := &homes[i]
			members[j] = household.Member{Street: h.Address1, ZIP: h.ZIP, GuardianFirst: h.GuardianFirst,
				GuardianLast: h.GuardianLast, Phones: []string{h.Phone}}
		}
		for j, first := range household.Group(members) {
			groups[places[j]] = places[first]
		}
	}
	return groups
}

// envelopes puts the notices of a household that go out in the same way into as few envelopes as the cap allows, the
// eldest first. All of one envelope have one language: the one of the most of them.
func envelopes(notices []*Chosen, most int) {
	slices.SortFunc(notices, func(a, b *Chosen) int {
		return cmp.Or(compareWay(a, b), cmp.Compare(a.Person.BirthDate, b.Person.BirthDate),
			cmp.Compare(a.Notice.ClientID, b.Notice.ClientID))
	})
	number, size := int32(0), 0
	for i, n := range notices {
		switch {
		case i == 0 || n.Notice.HouseholdID != notices[i-1].Notice.HouseholdID:
			number, size = 1, 0
		case size == most || compareWay(n, notices[i-1]) != 0:
			number, size = number+1, 0
		}
		n.Notice.Envelope = number
		size++
		if i+1 == len(notices) || size == most || compareWay(n, notices[i+1]) != 0 {
			one := notices[i+1-size : i+1]
			oneLanguage(one)
			addPages(one)
		}
	}
}

// compareWay compares household and way of two notices.
func compareWay(a, b *Chosen) int {
	x, y := &a.Notice, &b.Notice
	return cmp.Or(cmp.Compare(x.HouseholdID, y.HouseholdID), cmp.Compare(x.Region, y.Region),
		cmp.Compare(x.Channel, y.Channel), cmp.Compare(x.Template, y.Template), cmp.Compare(a.Language, b.Language))
}

// addPages adds what the history pages of an envelope cost to its price.
func addPages(notices []*Chosen) {
	pages := int64(0)
	for _, n := range notices {
		pages += n.pageMicros
	}
	for _, n := range notices {
		n.Notice.PriceMicros += pages
	}
}

// oneLanguage gives the notices of one envelope the language of the most of them; of several, the eldest's.
func oneLanguage(notices []*Chosen) {
	count := map[string]int{}
	for _, n := range notices {
		count[n.Notice.Language]++
	}
	most := 0
	for _, n := range count {
		most = max(most, n)
	}
	i := slices.IndexFunc(notices, func(n *Chosen) bool { return count[n.Notice.Language] == most })
	language := notices[i].Notice.Language
	for _, n := range notices {
		n.Notice.Language = language
	}
}
