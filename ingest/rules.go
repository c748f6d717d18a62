package ingest

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

//go:embed checks.yaml
var checksText []byte

// A rule is one thing that a delivery can break. Rules are refused by, counted by and looked up by id. What the readers
// find has no condition. Where a rule needs more than one value of a unit, the condition is SQL over the relation that
// about names, or, of a whole delivery, limits of one of its figures.
type rule struct {
	ID        string `yaml:"id"`
	Severity  string `yaml:"severity"`
	About     string `yaml:"about"`
	Field     string `yaml:"field"`
	Condition string `yaml:"condition"`
	Message   string `yaml:"message"`

	Measure string  `yaml:"measure"` // of a delivery: the figure
	Item    string  `yaml:"item"`
	Least   int64   `yaml:"least"` // with fewer looked at it says nothing
	Most    float64 `yaml:"most"`  // percent
	Above   float64 `yaml:"above"` // points above the median of the sender's own history
}

var rules = mustRules()

func mustRules() []rule {
	var list []rule
	if err := yaml.UnmarshalWithOptions(checksText, &list, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("checks.yaml: %v", err))
	}
	for _, c := range list {
		if c.Severity != warn && c.Severity != inform && (c.About != "reader" || c.Severity != refuse) {
			panic(fmt.Sprintf("checks.yaml: %s: severity %q: what is accepted can be warned or informed of", c.ID, c.Severity))
		}
	}
	return list
}

// Severities: a refused unit (or HL7 dose) does not load; a warned value was dropped or is doubted.
const (
	refuse = "refuse"
	warn   = "warn"
	inform = "inform"
)

// What the readers look for, by its id in checks.yaml, where severity and message stand.
var (
	ruleLength        = readerRule("record_length")
	ruleTooLong       = readerRule("line_too_long")
	ruleColumns       = readerRule("field_count")
	ruleQuote         = readerRule("quote_open")
	ruleEncoding      = readerRule("encoding")
	ruleRequired      = readerRule("required_missing")
	ruleIDLength      = readerRule("id_too_long")
	ruleBirthMissing  = readerRule("birth_date_missing")
	ruleBirthBad      = readerRule("birth_date_unreadable")
	ruleBirthFuture   = readerRule("birth_date_future")
	ruleBirthOld      = readerRule("birth_date_too_old")
	ruleDoseMissing   = readerRule("dose_date_missing")
	ruleDoseBad       = readerRule("dose_date_unreadable")
	ruleDoseFuture    = readerRule("dose_date_future")
	ruleProduct       = readerRule("product_missing")
	ruleTimeBad       = readerRule("sender_time_unreadable")
	ruleTimeFuture    = readerRule("sender_time_future")
	ruleClientUnknown = readerRule("client_unknown")
	ruleTwice         = readerRule("id_twice_differs")
	ruleClaimStatus   = readerRule("claim_status")
	ruleRequestKind   = readerRule("request_kind")
	ruleHL7Header     = readerRule("message_header")
	ruleHL7Type       = readerRule("message_type")
	ruleHL7Test       = readerRule("message_not_production")
	ruleHL7Patient    = readerRule("message_patient")
	ruleHL7RunOn      = readerRule("segments_run_on")
	ruleHL7Size       = readerRule("message_too_long")

	ruleDateBad     = readerRule("date_unreadable")
	ruleDateFuture  = readerRule("date_future")
	ruleSentinel    = readerRule("date_filler")
	ruleCode        = readerRule("code_unknown")
	rulePhone       = readerRule("phone_unreadable")
	ruleZIP         = readerRule("zip_unreadable")
	ruleNumber      = readerRule("number_unreadable")
	ruleSSN         = readerRule("ssn_filler")
	ruleBornAfter   = readerRule("birth_after_death")
	ruleHL7Wrapped  = readerRule("segment_wrapped")
	ruleFillerTwice = readerRule("dose_id_twice")
	ruleRefusedDose = readerRule("refused_and_given")
	ruleProductsDif = readerRule("products_differ")

	rulePlaceholder = readerRule("name_placeholder")
	ruleNotVaccine  = readerRule("not_a_vaccine")
	ruleNotGiven    = readerRule("not_administered")
	ruleRepeated    = readerRule("repeated")
)

// reader returns the rule of that id about what a reader finds in one value or unit.
func readerRule(id string) *rule {
	for i := range rules {
		if r := &rules[i]; r.ID == id && r.About == "reader" {
			return r
		}
	}
	panic("checks.yaml: no rule of the readers is called " + id)
}

// rulesAbout lists the rules about one subject.
func rulesAbout(subject string) []rule {
	var list []rule
	for _, c := range rules {
		if c.About == subject {
			list = append(list, c)
		}
	}
	return list
}

// RuleMessages returns what each rule says, by id.
func RuleMessages() map[string]string {
	m := map[string]string{}
	for _, c := range rules {
		m[c.ID] = c.Message
	}
	return m
}
