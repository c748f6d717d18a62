package ingest

// A target is one thing that a sender's record may say. Layouts and the HL7 segments both fill
// values by target, so that a value is checked and normalised in one place whatever brought it.
type target int

const (
	sourceID target = iota
	clientStatus
	firstName
	middleName
	lastName
	nameSuffix
	maidenName
	alias // FIRST^LAST, joined by a bar
	motherFirst
	motherLast
	motherMaiden
	guardianFirst
	guardianLast
	guardianRole
	birthDate
	deathDate
	living // N: dead at the time of the report
	plurality
	birthOrder
	multipleBirth
	birthFacility
	birthCountry
	sex
	race
	ethnicity
	language
	address1
	address2
	city
	state
	zip
	county
	addressFlag
	phone
	phone2
	email
	chartNumber
	ssn
	medicaidID
	certificate
	share      // Y: other organisations may see the record
	protection // Y: they may not: the opposite sense of share
	shareOn
	contact
	contactOn
	statusOn
	provider
	void
	replaces
	updatedOn

	vaccineGroup
	cpt
	cvx
	ndc
	tradeName
	rawProduct // a code of a system we do not know, as SYSTEM:CODE
	doseDate
	route
	site
	mvx
	source
	lot
	expiry
	volume
	giver
	orderer
	enterer
	enteredOn
	funding
	eligibility
	completion
	action
	ownDoseID
	claimID
	claimLine
	claimStatus
	adjustsClaim

	commentCode
	commentOn

	listID1
	listID2
	listID3
	listID4
	listID5
	listID6
	coveredFrom
	coveredUntil

	requestID
	requestKind
	receivedOn

	targetCount
)

const noTarget target = -1

// values holds one record's values by target, trimmed, in the file's encoding.
type values [targetCount][]byte

var targetNames = [targetCount]string{
	"source_client_id", "status", "first_name", "middle_name", "last_name", "suffix", "maiden_name", "aliases", "mother_first", "mother_last",
	"mother_maiden", "guardian_first", "guardian_last", "guardian_role", "birth_date", "death_date", "living", "plurality",
	"birth_order", "multiple_birth", "birth_facility", "birth_country", "sex", "race", "ethnicity", "language", "address_1",
	"address_2", "city", "state", "zip", "county", "address_flag", "phone", "phone_2", "email", "chart_number", "ssn",
	"medicaid_id", "birth_certificate_no", "share", "protection", "share_on", "contact", "contact_on", "status_on", "provider", "void", "replaces", "updated_on",
	"vaccine_group", "cpt", "cvx", "ndc", "trade_name", "raw_code", "administered_on", "route", "site", "mvx", "source", "lot",
	"lot_expiry", "volume", "giver", "orderer", "enterer", "entered_on", "funding", "eligibility", "completion", "action", "event_id", "claim_id", "claim_line",
	"claim_status", "adjusts_claim_id", "comment_code", "comment_on", "list_id_1", "list_id_2", "list_id_3", "list_id_4", "list_id_5",
	"list_id_6", "covered_from", "covered_until", "request_id", "kind", "received_on",
}

var targets = func() map[string]target {
	m := map[string]target{}
	for t, name := range targetNames {
		m[name] = target(t)
	}
	return m
}()

func (t target) String() string {
	if t < 0 {
		return ""
	}
	return targetNames[t]
}
