package ingest

// A rule is one thing that a delivery can break. Rules are refused by, counted by and looked up by id.
type rule struct {
	id       string
	severity string // refuse, warn or inform
	message  string
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

// readerRules are the rules of checks.yaml about what a reader finds in one value or unit.
var readerRules = func() map[string]rule {
	m := map[string]rule{}
	for _, c := range checksAbout("reader") {
		m[c.ID] = c.rule()
	}
	return m
}()

func readerRule(id string) rule {
	r, ok := readerRules[id]
	if !ok {
		panic("checks.yaml: no rule of the readers is called " + id)
	}
	return r
}

// A fault is a rule broken in one unit.
type fault struct {
	rule  *rule
	field target
	where string // the field in the sender's own words (RXA-3), when it has one
	line  int64  // in HL7 the segment's line; 0: the unit's
	code  string // the unknown code, where the rule is about a code table
}
