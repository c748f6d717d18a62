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

var (
	ruleLength        = rule{"record_length", refuse, "the record is not as long as the layout says"}
	ruleTooLong       = rule{"line_too_long", refuse, "the line is longer than any record may be"}
	ruleColumns       = rule{"field_count", refuse, "the line has not as many fields as the header"}
	ruleQuote         = rule{"quote_open", refuse, "a quote is not closed on its line"}
	ruleEncoding      = rule{"encoding", refuse, "the line is not valid in the file's encoding"}
	ruleRequired      = rule{"required_missing", refuse, "a required value is missing"}
	ruleIDLength      = rule{"id_too_long", refuse, "an identifier is longer than 100 characters"}
	ruleBirthMissing  = rule{"birth_date_missing", refuse, "the birth date is missing or a filler"}
	ruleBirthBad      = rule{"birth_date_unreadable", refuse, "the birth date is not a day of the declared form"}
	ruleBirthFuture   = rule{"birth_date_future", refuse, "the birth date lies after the night's date"}
	ruleBirthOld      = rule{"birth_date_too_old", refuse, "the birth date lies more than 120 years back"}
	ruleDoseMissing   = rule{"dose_date_missing", refuse, "the dose has no date, or a filler"}
	ruleDoseBad       = rule{"dose_date_unreadable", refuse, "the dose's date is not a day of the declared form"}
	ruleDoseFuture    = rule{"dose_date_future", refuse, "the dose's date lies after the night's date"}
	ruleProduct       = rule{"product_missing", refuse, "nothing tells which vaccine was given"}
	ruleTimeBad       = rule{"sender_time_unreadable", refuse, "the sender's own time is missing or cannot be read"}
	ruleTimeFuture    = rule{"sender_time_future", refuse, "the sender's own time lies more than a day after the night's date"}
	ruleClientUnknown = rule{"client_unknown", refuse, "no client record of this sender has the dose's client number"}
	ruleTwice         = rule{"id_twice_differs", refuse, "the same id comes twice in one file with different content"}
	ruleClaimStatus   = rule{"claim_status", refuse, "the claim's status is not P, V or A"}
	ruleRequestKind   = rule{"request_kind", refuse, "the request's kind is not one we know"}
	ruleHL7Header     = rule{"message_header", refuse, "the message header cannot be read"}
	ruleHL7Type       = rule{"message_type", refuse, "the message is not a vaccination update (VXU)"}
	ruleHL7Test       = rule{"message_not_production", refuse, "the message is marked as test or debugging"}
	ruleHL7Patient    = rule{"message_patient", refuse, "the message has no patient segment, or several"}
	ruleHL7RunOn      = rule{"segments_run_on", refuse, "a dose (RXA) or an answer (OBX) begins in the middle of a line, or not as a segment begins: the message is refused, or it would be lost"}
	ruleHL7Size       = rule{"message_too_long", refuse, "the message is longer than any message may be"}

	ruleDateBad     = rule{"date_unreadable", warn, "a date is not a day of the declared form; it was dropped"}
	ruleDateFuture  = rule{"date_future", warn, "a date lies after the night's date; it was dropped"}
	ruleSentinel    = rule{"date_filler", warn, "a date is a filler; it was dropped"}
	ruleCode        = rule{"code_unknown", warn, "a code is not in our table; it was kept raw or dropped"}
	rulePhone       = rule{"phone_unreadable", warn, "a phone number has not ten digits; it was dropped"}
	ruleZIP         = rule{"zip_unreadable", warn, "a ZIP code has not five or nine digits; it was dropped"}
	ruleNumber      = rule{"number_unreadable", warn, "a number cannot be read; it was dropped"}
	ruleSSN         = rule{"ssn_filler", warn, "a social security number is a filler or has not nine digits; it was dropped"}
	ruleBornAfter   = rule{"birth_after_death", warn, "the date of birth lies after the date of death; it was dropped"}
	ruleHL7Wrapped  = rule{"segment_wrapped", warn, "a line in the message begins no segment; it was taken as the end of the segment before it"}
	ruleFillerTwice = rule{"dose_id_twice", warn, "two different doses have the same id: of one message, or of two people; both were taken, known by their content"}
	ruleRefusedDose = rule{"refused_and_given", warn, "a dose that is said to be given has a reason for refusal; the dose was taken"}
	ruleProductsDif = rule{"products_differ", warn, "two codes of one dose name different vaccines; the first was taken"}

	rulePlaceholder = rule{"name_placeholder", inform, "the given name is a placeholder"}
	ruleNotVaccine  = rule{"not_a_vaccine", inform, "the claim line is not a vaccine"}
	ruleNotGiven    = rule{"not_administered", inform, "no dose was given"}
	ruleRepeated    = rule{"repeated", inform, "the same content came before in the same file"}
)

var allRules = []rule{ruleLength, ruleTooLong, ruleColumns, ruleQuote, ruleEncoding, ruleRequired, ruleIDLength, ruleBirthMissing, ruleBirthBad,
	ruleBirthFuture, ruleBirthOld, ruleDoseMissing, ruleDoseBad, ruleDoseFuture, ruleProduct, ruleTimeBad, ruleTimeFuture, ruleClientUnknown,
	ruleTwice, ruleClaimStatus, ruleRequestKind, ruleHL7Header, ruleHL7Type, ruleHL7Test, ruleHL7Patient, ruleHL7RunOn, ruleHL7Size,
	ruleDateBad, ruleDateFuture, ruleSentinel, ruleCode, rulePhone, ruleZIP, ruleNumber, ruleSSN, ruleBornAfter, ruleHL7Wrapped, ruleFillerTwice, ruleRefusedDose, ruleProductsDif,
	rulePlaceholder, ruleNotVaccine, ruleNotGiven, ruleRepeated}

// A fault is a rule broken in one unit.
type fault struct {
	rule  *rule
	field target
	where string // the field in the sender's own words (RXA-3), when it has one
	line  int64  // in HL7 the segment's line; 0: the unit's
	code  string // the unknown code, where the rule is about a code table
}
