// Package rule is the one table of rules on what arrives: checks.yaml, with the id, severity and message of each.
//
// The readers refuse and warn by these rules, the night's checks take their conditions from them, and reports and
// the run page look their messages up by id.
package rule

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

//go:embed checks.yaml
var checksText []byte

// A Rule is one thing that a delivery can break. Rules are refused by, counted by and looked up by id. What the readers
// find has no condition. Where a rule needs more than one value of a unit, the condition is SQL over the relation that
// about names, or, of a whole delivery, limits of one of its figures.
type Rule struct {
	ID        string `yaml:"id"`
	Severity  string `yaml:"severity"`
	About     string `yaml:"about"`
	Field     string `yaml:"field"`
	Condition string `yaml:"condition"`
	Message   string `yaml:"message"`

	Measure string  `yaml:"measure"` // of a delivery: the figure
	Item    string  `yaml:"item"`
	Least   int64   `yaml:"least"` // with fewer looked at it does not count
	Most    float64 `yaml:"most"`  // percent
	Above   float64 `yaml:"above"` // points above the median of the sender's own history
}

// All is the table of rules, in the order of checks.yaml.
var All = load()

func load() []Rule {
	var list []Rule
	if err := yaml.UnmarshalWithOptions(checksText, &list, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("checks.yaml: %v", err))
	}
	for _, c := range list {
		if c.Severity != Warn && c.Severity != Inform && (c.About != "reader" || c.Severity != Refuse) {
			panic(fmt.Sprintf("checks.yaml: %s: severity %q: what is accepted can be warned or informed of", c.ID,
				c.Severity))
		}
	}
	return list
}

// Severities: a refused unit (or HL7 dose) does not load; a warned value was dropped or is doubted.
const (
	Refuse = "refuse"
	Warn   = "warn"
	Inform = "inform"
)

// What the readers look for, by its id in checks.yaml, which has severity and message.
var (
	Length         = Reader("record_length")
	TooLong        = Reader("line_too_long")
	Columns        = Reader("field_count")
	Quote          = Reader("quote_open")
	Encoding       = Reader("encoding")
	Required       = Reader("required_missing")
	Consent        = Reader("consent_missing")
	IDLength       = Reader("id_too_long")
	BirthMissing   = Reader("birth_date_missing")
	BirthBad       = Reader("birth_date_unreadable")
	BirthFuture    = Reader("birth_date_future")
	BirthOld       = Reader("birth_date_too_old")
	DoseMissing    = Reader("dose_date_missing")
	DoseBad        = Reader("dose_date_unreadable")
	DoseFuture     = Reader("dose_date_future")
	Product        = Reader("product_missing")
	TimeBad        = Reader("sender_time_unreadable")
	TimeFuture     = Reader("sender_time_future")
	ClientUnknown  = Reader("client_unknown")
	Ambiguous      = Reader("client_ambiguous")
	Twice          = Reader("id_twice_differs")
	ClaimStatus    = Reader("claim_status")
	RequestKind    = Reader("request_kind")
	ResultCode     = Reader("result_code")
	ResultDate     = Reader("result_date_unreadable")
	ResultFuture   = Reader("result_date_future")
	ResultAddress  = Reader("result_address_partial")
	NoticeUnknown  = Reader("notice_unknown")
	ResultEarly    = Reader("result_before_notice")
	ResultOfNobody = Reader("result_of_nobody")
	HL7Header      = Reader("message_header")
	HL7Type        = Reader("message_type")
	HL7Test        = Reader("message_not_production")
	HL7Patient     = Reader("message_patient")
	HL7RunOn       = Reader("segments_run_on")
	HL7Size        = Reader("message_too_long")

	DateBad     = Reader("date_unreadable")
	DateFuture  = Reader("date_future")
	Sentinel    = Reader("date_filler")
	Code        = Reader("code_unknown")
	Phone       = Reader("phone_unreadable")
	ZIP         = Reader("zip_unreadable")
	Number      = Reader("number_unreadable")
	SSN         = Reader("ssn_filler")
	BornAfter   = Reader("birth_after_death")
	HL7Wrapped  = Reader("segment_wrapped")
	FillerTwice = Reader("dose_id_twice")
	DoseMoved   = Reader("dose_moved")
	RefusedDose = Reader("refused_and_given")
	ProductsDif = Reader("products_differ")

	Split = Reader("split_not_matched")
	Map   = Reader("value_not_mapped")

	TestPerson  = Reader("test_person")
	Placeholder = Reader("name_placeholder")
	NoSurname   = Reader("last_name_placeholder")
	NotVaccine  = Reader("not_a_vaccine")
	NotGiven    = Reader("not_administered")
	Repeated    = Reader("repeated")
)

// Reader returns the rule of that id about what a reader finds in one value or unit. An id that is not in
// the table is a mistake in the program, and panics.
func Reader(id string) *Rule {
	for i := range All {
		if r := &All[i]; r.ID == id && r.About == "reader" {
			return r
		}
	}
	panic("checks.yaml: no rule of the readers is called " + id)
}

// About lists the rules about one subject.
func About(subject string) []Rule {
	var list []Rule
	for _, c := range All {
		if c.About == subject {
			list = append(list, c)
		}
	}
	return list
}

// Messages returns the message of each rule, by id.
func Messages() map[string]string {
	m := map[string]string{}
	for _, c := range All {
		m[c.ID] = c.Message
	}
	return m
}
