package mailing

import (
	"cmp"
	"slices"
	"strconv"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
)

// breakdown counts tonight's notices by what coordinators ask for. Why others get none is in the summary.
var breakdown = List{"breakdown.csv", "How many people get a notice tonight, by one thing.", []Column{
	{"region", "region, or state for all together"},
	{"kind", "reminder or recall"},
	{"by", "county, clinic, age or language; list: a list that the recipient's entry asks for"},
	{"value", "the county's five digits, the clinic's name, completed years of age, the language, or the list's file; empty: not known"},
	{"people", "people with a new notice; each is in one row for each of county, clinic, age and language"},
}, forPeople}

// count is a row of a breakdown but for its number.
type count struct {
	region, kind, by, value string
	order                   int // of the value among others: years are not sorted as words
}

// breakdowns writes the counts of each region and of the state.
func (c *Config) breakdowns(r *pipeline.Run, plan *campaign.Plan) error {
	state := map[count]int64{}
	for _, region := range c.Regions {
		if c.Recipients[region] == nil {
			continue
		}
		own := map[count]int64{}
		for _, kind := range campaign.Kinds {
			for _, one := range fresh(plan.Chosen[region][kind]) {
				for _, k := range c.counts(r.AsOf, one) {
					k.region, k.kind = region, kind
					own[k]++
					k.region = StateRow
					state[k]++
				}
			}
		}
		for _, cut := range c.cuts(region, plan) {
			for _, one := range cut.people {
				own[count{region: region, kind: one.Notice.Kind, by: "list", value: cut.list.Name}]++
			}
		}
		if err := writeBreakdown(r, c.style(region), "regions/"+region, own); err != nil {
			return err
		}
	}
	return writeBreakdown(r, c.style(StateRow), StateRow, state)
}

// counts are the four rows in which somebody is counted.
func (c *Config) counts(asOf table.Date, one *campaign.Chosen) []count {
	p := &one.Person
	age, _ := p.BirthDate.Years(asOf)
	return []count{
		{by: "county", value: p.CountyFIPS},
		{by: "clinic", value: c.Clinics[p.Provider].Name},
		{by: "age", value: strconv.Itoa(age), order: age},
		{by: "language", value: one.Notice.Language},
	}
}

func writeBreakdown(r *pipeline.Run, style csvfile.Style, folder string, counts map[count]int64) error {
	var keys []count
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b count) int {
		return cmp.Or(cmp.Compare(b.kind, a.kind), cmp.Compare(a.by, b.by), cmp.Compare(a.order, b.order), cmp.Compare(a.value, b.value))
	})
	return breakdown.write(r, style, folder+"/"+breakdown.Name, func(yield func([]string) bool) {
		for _, k := range keys {
			if !yield([]string{k.region, k.kind, k.by, k.value, strconv.FormatInt(counts[k], 10)}) {
				return
			}
		}
	})
}
