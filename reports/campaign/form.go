package campaign

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"miic/internal/table"
)

//go:embed series.yaml
var seriesText []byte

// builtinSeries are the series that a campaign may name.
var builtinSeries = sync.OnceValues(func() (map[string][]string, error) {
	list := map[string][]string{}
	return list, yaml.Unmarshal(seriesText, &list)
})

// checker collects what is wrong with a form, each fault with its line.
type checker struct {
	at   func(path, format string, args ...any) error
	errs []error
}

func (k *checker) fault(path, format string, args ...any) {
	k.errs = append(k.errs, k.at(path, format, args...))
}

// among demands that each value is one of a list.
func (k *checker) among(key, what string, values, list []string) {
	for i, v := range values {
		if !slices.Contains(list, v) {
			k.fault(fmt.Sprintf("$.%s[%d]", key, i), "%s: there is no %s %q; there are %s", key, what, v, few(list))
		}
	}
}

// few lists some of many values.
func few(list []string) string {
	if len(list) > 30 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:30], ", "), len(list)-30)
	}
	return strings.Join(list, ", ")
}

func (k *checker) date(key, text string) table.Date {
	d, err := day(text)
	if err != nil {
		k.fault("$."+key, "%s: %q is no day as YYYY-MM-DD", key, text)
	}
	return d
}

func (k *checker) atLeast(key string, value, least int) {
	if value < least {
		k.fault("$."+key, "%s is %d: it must be %d or more", key, value, least)
	}
}

// campaign is what the form describes, with what is wrong with it.
func (f *form) campaign(at func(path, format string, args ...any) error, known *Known) (Campaign, []error) {
	k := &checker{at: at}
	c := Campaign{Name: f.Name, Title: f.Title, Kind: f.Kind, Priority: f.Priority, Regions: f.Regions, ZIPs: f.ZIPs,
		Clinics: f.Clinics, Beside: f.Beside, ReminderFrom: f.DueFrom, ReminderDays: f.DueWithin, RecallDays: f.Overdue,
		CutOff: f.CutOff, MaxRounds: f.Rounds, MinInterval: f.Interval, RefusalDays: f.Refusal, Outbreak: f.Outbreak,
		HistoryPage: f.History, Channels: f.Channels, Template: f.Template, Language: f.Language}
	if !nameForm.MatchString(f.Name) {
		k.fault("$.name", "name %q: it must have small letters, digits and hyphens, and begin with a letter or digit", f.Name)
	}
	if !slices.Contains([]string{Reminder, Recall, Both}, f.Kind) {
		k.fault("$.kind", "kind is %q: it must be reminder, recall or both", f.Kind)
	}
	f.people(k, &c, known)
	f.vaccines(k, &c, known)
	k.atLeast("due_from", f.DueFrom, 0)
	k.atLeast("due_within", f.DueWithin, f.DueFrom)
	k.atLeast("overdue_days", f.Overdue, 0)
	k.atLeast("rounds", f.Rounds, 1)
	k.atLeast("interval_days", f.Interval, 0)
	k.atLeast("refusal_days", f.Refusal, 0)
	c.Starts, c.Ends = k.date("starts", f.Starts), k.date("ends", f.Ends)
	if c.Ends != 0 && c.Ends < c.Starts {
		k.fault("$.ends", "ends is before starts: the campaign would never run")
	}
	if _, err := table.ParseDate("2028-" + f.CutOff); f.CutOff != "" && err != nil {
		k.date("cut_off", f.CutOff)
	}
	if len(f.Channels) == 0 {
		k.fault("$.channels", "channels names none: there are %s", strings.Join(Channels, ", "))
	}
	k.among("channels", "channel", f.Channels, Channels)
	in := known.Templates[f.Template]
	if in == nil {
		k.fault("$.template", "there is no template %q; there are %s", f.Template, few(slices.Sorted(maps.Keys(known.Templates))))
	} else if f.Language != FamilyLanguage && f.Language != BothLanguages && !slices.Contains(in, f.Language) {
		k.fault("$.language", "language is %q: it must be family, both, or a language that template %s is in: %s", f.Language,
			f.Template, few(in))
	}
	f.price(k, &c)
	f.control(k, &c)
	return c, k.errs
}

// people fills in whom the campaign is about.
func (f *form) people(k *checker, c *Campaign, known *Known) {
	c.UntilMonths = 12 * 150
	for _, a := range []struct {
		key, text string
		to        *int
	}{{"from", f.Ages.From, &c.FromMonths}, {"until", f.Ages.Until, &c.UntilMonths}} {
		months, days, ok := table.ParseSpan(a.text)
		switch {
		case ok && days == 0:
			*a.to = months
		case a.text != "":
			k.fault("$.ages."+a.key, "ages: %s is %q: it must be as 19 months or 11 years", a.key, a.text)
		}
	}
	if c.FromMonths >= c.UntilMonths {
		k.fault("$.ages", "ages: until must be more than from: nobody would be of the age")
	}
	c.BornFrom, c.BornUntil = k.date("births.from", f.Births.From), k.date("births.to", f.Births.To)
	if c.BornUntil != 0 && c.BornUntil < c.BornFrom {
		k.fault("$.births.to", "births: to is before from: nobody would be in it")
	}
	k.among("regions", "region", f.Regions, known.Regions)
	k.among("clinics", "sender", f.Clinics, known.Clinics)
	names := map[string]string{}
	for _, county := range known.Counties {
		names[county.Name], names[county.FIPS] = county.FIPS, county.FIPS
	}
	k.among("counties", "county", f.Counties, slices.Sorted(maps.Keys(names)))
	for _, name := range f.Counties {
		c.Counties = append(c.Counties, names[name])
	}
	for i, zip := range f.ZIPs {
		if _, err := strconv.Atoi(zip); err != nil || len(zip) != 5 {
			k.fault(fmt.Sprintf("$.zips[%d]", i), "zips: %q is no ZIP code of five digits: put it in quotation marks", zip)
		}
	}
}

// vaccines fills in what the campaign is about.
func (f *form) vaccines(k *checker, c *Campaign, known *Known) {
	groups, key := f.Groups, "groups"
	if f.Series != "" {
		series, err := builtinSeries()
		if err != nil {
			k.errs = append(k.errs, err)
		}
		if series[f.Series] == nil {
			k.fault("$.series", "there is no series %q; there are %s", f.Series, few(slices.Sorted(maps.Keys(series))))
		}
		if len(f.Groups) > 0 {
			k.fault("$.groups", "the campaign has a series and groups: keep one of them")
		}
		groups, key = series[f.Series], "series"
	} else if len(f.Groups) == 0 {
		k.fault("$.groups", "groups names no vaccine group: no notice would ever be sent")
	}
	for i, text := range groups {
		group, doses := wanted(text)
		if !slices.Contains(known.Groups, group) {
			k.fault(fmt.Sprintf("$.%s[%d]", key, i), "%s: there is no vaccine group %q; there are %s", key, group, few(known.Groups))
		}
		if slices.Contains(c.Groups, group) {
			k.fault(fmt.Sprintf("$.%s[%d]", key, i), "%s: vaccine group %s is there twice", key, group)
		}
		c.Groups = append(c.Groups, group)
		if doses == nil {
			continue
		}
		if doses[0] < 1 || doses[1] < doses[0] {
			k.fault(fmt.Sprintf("$.%s[%d]", key, i), "%s: %q has no such doses", key, text)
		}
		if c.Doses == nil {
			c.Doses = map[string][]int16{}
		}
		c.Doses[group] = doses
	}
	k.among("beside", "vaccine group", f.Beside, known.Groups)
	for i, g := range f.Beside {
		if slices.Contains(c.Groups, g) {
			k.fault(fmt.Sprintf("$.beside[%d]", i), "vaccine group %s is in both groups and beside: keep it in one", g)
		}
	}
}

// historyPage is the key of the price of a history page.
const historyPage = "history_page"

// price fills in what a piece costs.
func (f *form) price(k *checker, c *Campaign) {
	for _, channel := range slices.Sorted(maps.Keys(f.Price)) {
		dollars, err := strconv.ParseFloat(f.Price[channel], 64)
		switch {
		case !slices.Contains(Channels, channel) && channel != historyPage:
			k.fault("$.price."+channel, "price: there is no channel %q; there are %s, and %s", channel, strings.Join(Channels, ", "), historyPage)
		case channel == historyPage && !f.History:
			k.fault("$.price."+channel, "price: no history page goes with the letters: write history_page: true")
		case err != nil || !(dollars >= 0 && dollars < 1000):
			k.fault("$.price."+channel, "price: %q is no price in dollars, such as 0.62", f.Price[channel])
		case channel == historyPage:
			c.PageMicros = int64(dollars*1e6 + 0.5)
		default:
			if c.PriceMicros == nil {
				c.PriceMicros = map[string]int64{}
			}
			c.PriceMicros[channel] = int64(dollars*1e6 + 0.5)
		}
	}
}

// control fills in the control group. To leave somebody without a notice needs somebody's approval and an end, and is
// never right in an outbreak.
func (f *form) control(k *checker, c *Campaign) {
	if f.Control == nil || f.Control.Share == 0 {
		return
	}
	c.Control = &Control{Share: f.Control.Share, Approval: f.Control.Approval, Ends: k.date("control.ends", f.Control.Ends)}
	if f.Outbreak {
		k.fault("$.control", "control: the campaign is about an outbreak, in which nobody may be left without a notice")
	}
	if !(c.Control.Share > 0 && c.Control.Share <= 0.5) {
		k.fault("$.control.share", "control: share is %v: it must be more than 0 and at most 0.5", c.Control.Share)
	}
	if strings.TrimSpace(c.Control.Approval) == "" {
		k.fault("$.control", "control: approval is missing: name the reference of who has approved that families get no notice")
	}
	if f.Control.Ends == "" {
		k.fault("$.control", "control: ends is missing: name the last day on which families get no notice")
	}
}
