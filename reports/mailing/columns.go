package mailing

import (
	"fmt"
	"iter"

	"miic/internal/pipeline"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/xlsxfile"
)

// A Column is one column of a file that people receive.
type Column struct{ Name, Doc string }

// A List is a file of rows that people receive: the one definition from which it is written and described.
type List struct {
	Name    string // of the file
	Doc     string // what a row is
	Columns []Column
	Form    form
}

// meaning is what a row is, and in which other form the list comes.
func (l *List) meaning() string {
	if l.Form == forPeople {
		return l.Doc + " Also as " + xlsxfile.Name(l.Name) + "."
	}
	return l.Doc
}

func (l *List) header() []string {
	names := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		names[i] = c.Name
	}
	return names
}

// A form is how a list is written.
type form int

const (
	plainly   form = iota // as CSV
	quoted                // as CSV with every cell in quotes, as mailing houses want it
	forPeople             // as CSV, and as a workbook beside it
)

// write writes the rows of a list to where it lies under out/, in a style.
func (l *List) write(r *pipeline.Run, style csvfile.Style, output string, rows iter.Seq[[]string]) error {
	path, err := r.OutPath(output)
	if err != nil {
		return err
	}
	switch l.Form {
	case forPeople:
		return xlsxfile.Beside(style, path, l.header(), rows)
	case quoted:
		return style.WriteQuoted(path, l.header(), rows)
	}
	return style.Write(path, l.header(), rows)
}

// MostPeople is how many people of a household a row of the mailing house's file has room for.
const MostPeople = 8

// house is the mailing house's file.
var house = List{"mailing.csv", "One piece of mail: an envelope or a postcard to a household.", slicesOf(
	[]Column{
		{"campaign_id", "name of the campaign"},
		{"run_id", "day of the night that wrote the file"},
		{"sequence", "place of the piece in this file, from 1, by ZIP code; printed on the piece"},
		{"notice_id", "id of the piece, to be sent back with what became of it: that of its first notice"},
		{"household_id", "number of the household; the same every night"},
		{"kind", "reminder, or recall where somebody in the household has missed a dose"},
		{"round", "1 for the first notice about the same vaccines"},
		{"template", "which text is printed"},
		{"language", "language of the text: en, es, so or hmn; es+en where it is in both"},
		{"addressee", "first line of the address"},
		{"child_count", "how many people the piece is about"},
	}, each("child%d_first", "given name of person %d in the piece; empty: not known, or a postcard, which everybody reads"),
	each("vaccines%d_text", "vaccines that person %d is due, in words; empty for a postcard"),
	[]Column{
		{"addr1", "street line; in the postal service's form where an address vendor has given it"},
		{"addr2", "second line: apartment, unit"},
		{"city", "city"},
		{"state", "state, two letters"},
		{"zip5", "ZIP code, five digits"},
		{"zip4", "the four digits behind the ZIP code, where they are known"},
		{"imb_routing", "routing digits of the Intelligent Mail barcode: ZIP code, with the four digits and the delivery point as far as known"},
		{"imb_tracking", "the 20 tracking digits of the Intelligent Mail barcode; empty where the site has no mailer id"},
		{"region", "region of the household"},
		{"county_fips", "county of the household, five digits"},
		{"clinic_name", "clinic that cares for the first person of the piece"},
		{"clinic_phone", "its telephone number"},
		{"return_address_code", "which return address is printed: the region's"},
		{"data_cutoff_date", "day up to which what was reported is in the file, YYYY-MM-DD"},
		{"suppress_reason", "empty: whoever is not to be written to is in no file"},
		{"imb_text", "the 65 bars of the Intelligent Mail barcode as letters A, D, F and T; empty where the site has no mailer id"},
		{"addr_checked_on", "day on which an address vendor held the address against moves, YYYY-MM-DD: commercial prices need one within 95 days; empty: never"},
	}), quoted}

// called are the columns of the lists of telephone calls and of texts.
var called = []Column{
	{"notice_id", "id of the notice, to be sent back with what became of it"},
	{"phone_e164", "telephone number with the country's code, as E.164 has it"},
	{"use", "mobile, land or unknown"},
	{"language", "language to be spoken or written: en, es, so or hmn"},
	{"first_name_child", "given name of the first person that the notice is about; empty in texts"},
	{"clinic_name", "clinic that cares for the first person"},
	{"clinic_phone", "its telephone number"},
	{"message_id", "which text is spoken or sent; it names no vaccine"},
	{"window_start", "first day of the calls or texts, YYYY-MM-DD"},
	{"window_end", "last day of the calls or texts, YYYY-MM-DD"},
}

var (
	phones = List{"phone.csv", "One call to a household.", called, forPeople}
	texts  = List{"text.csv", "One text to a household. It says nothing about vaccines.", called, forPeople}
)

func each(name, doc string) []Column {
	list := make([]Column, MostPeople)
	for i := range list {
		list[i] = Column{fmt.Sprintf(name, i+1), fmt.Sprintf(doc, i+1)}
	}
	return list
}

func slicesOf(parts ...[]Column) []Column {
	var all []Column
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// listed are the columns of the lists of reminders and recalls.
var listed = []Column{
	{"notice_id", "id of the notice"},
	{"kind", "reminder or recall"},
	{"round", "1 for the first notice about the same vaccines"},
	{"language", "language of the letter: en, es, so or hmn"},
	{"addressee", "first line of the address of a piece of mail to this person alone, in its language"},
	{"first_name", "given name; empty: not known"},
	{"last_name", "surname"},
	{"birth_date", "date of birth, YYYY-MM-DD"},
	{"vaccine_groups", "vaccine groups that are due, joined by a bar"},
	{"earliest_due_on", "the first recommended day among those that called for the notice, YYYY-MM-DD"},
	{"address_1", "street line"},
	{"address_2", "second line: apartment, unit"},
	{"city", "city"},
	{"state", "state, two letters"},
	{"zip", "ZIP code"},
	{"phone", "telephone number, ten digits"},
	{"county_fips", "county, five digits"},
	{"region", "region"},
	{"clinic_name", "clinic that cares for the person"},
	{"clinic_phone", "its telephone number"},
	{"data_cut_off", "day up to which what was reported is in the file, YYYY-MM-DD"},
}

// lists are the lists of people, by the kind of their notices.
var lists = map[string]*List{
	campaign.Reminder: {"reminder.csv", "One person with a dose that falls due.", listed, forPeople},
	campaign.Recall:   {"recall.csv", "One person who has missed a dose.", listed, forPeople},
}

// LetterColumns of reminder.csv and recall.csv.
var LetterColumns = lists[campaign.Reminder].header()

// summary counts candidates, once under the first reason that keeps them out; people_any_reason counts them under every
// reason that does. Each person of the age with an open dose is in exactly one of: mailed, excluded under a reason, not
// called under a reason.
var summary = List{"summary.csv", "How many people there are with one outcome.", []Column{
	{"region", "region, or state for all together"},
	{"kind", "reminder, recall, or none where nothing calls for a notice"},
	{"outcome", "candidates, mailed, open (chosen by an earlier night, and not collected yet), excluded, or not called; hidden: in no output"},
	{"reason", "why they are excluded or not called; empty: all with the outcome"},
	{"people", "people, each under the first reason only"},
	{"people_any_reason", "people, each under every reason that holds"},
}, forPeople}

// withheld is for the registry alone.
var withheld = List{"withheld.csv", "One person and campaign that calls for a notice and sends none. For the registry alone.",
	[]Column{
		{"client_id", "number of the person"},
		{"campaign", "name of the campaign"},
		{"kind", "reminder or recall"},
		{"first_reason", "the first reason that holds"},
		{"all_reasons", "all reasons that hold, joined by a bar"},
	}, forPeople}
