// Package field names everything that a sender's record may hold.
//
// Layouts and the HL7 segments both fill values by field, so that a value is checked and normalised in one place,
// whatever brought it.
package field

// A Field is one thing that a sender's record may hold.
type Field int

const (
	SourceID      Field = iota
	Namespace           // the organisation that gave the client's number
	DoseNamespace       // the one that gave the dose's id
	ClientStatus
	FirstName
	MiddleName
	LastName
	NameSuffix
	MaidenName
	Alias // FIRST^LAST, joined by a bar
	MotherFirst
	MotherLast
	MotherMaiden
	GuardianFirst
	GuardianLast
	GuardianRole
	BirthDate
	DeathDate
	Living // N: dead at the time of the report
	Plurality
	BirthOrder
	MultipleBirth
	BirthFacility
	BirthCountry
	Sex
	Race
	Ethnicity
	Language
	Address1
	Address2
	City
	State
	ZIP
	County
	AddressFlag
	Phone
	Phone2
	Email
	ChartNumber
	SSN
	MedicaidID
	Certificate
	Share      // Y: other organisations may see the record
	Protection // Y: they may not: the opposite sense of share
	ShareOn
	Contact
	ContactOn
	StatusOn
	Provider
	Void
	Replaces
	UpdatedOn

	VaccineGroup
	CPT
	CVX
	NDC
	TradeName
	RawProduct // a code of a system we do not know, as SYSTEM:CODE
	DoseDate
	Route
	Site
	MVX
	Source
	Lot
	Expiry
	Volume
	Giver
	Orderer
	Enterer
	EnteredOn
	Funding
	Eligibility
	Completion
	Action
	OwnDoseID
	ClaimID
	ClaimLine
	ClaimStatus
	AdjustsClaim

	CommentCode
	CommentOn

	ListID1
	ListID2
	ListID3
	ListID4
	ListID5
	ListID6
	CoveredFrom
	CoveredUntil
	Grade
	EnrolledOn
	ExemptionKind
	ExemptionOn
	ExemptionVaccine
	Consent

	RequestID
	RequestKind
	ReceivedOn
	Requester
	Relation

	NoticeID
	ResultCode
	HappenedOn

	count
)

// None is no field.
const None Field = -1

// Values holds one record's values by field, trimmed, in the file's encoding.
type Values [count][]byte

var names = [count]string{
	"source_client_id", "namespace", "event_namespace", "status", "first_name", "middle_name", "last_name", "suffix", "maiden_name", "aliases",
	"mother_first", "mother_last",
	"mother_maiden", "guardian_first", "guardian_last", "guardian_role", "birth_date", "death_date", "living",
	"plurality",
	"birth_order", "multiple_birth", "birth_facility", "birth_country", "sex", "race", "ethnicity", "language",
	"address_1",
	"address_2", "city", "state", "zip", "county", "address_flag", "phone", "phone_2", "email", "chart_number", "ssn",
	"medicaid_id", "birth_certificate_no", "share", "protection", "share_on", "contact", "contact_on", "status_on",
	"provider", "void", "replaces", "updated_on",
	"vaccine_group", "cpt", "cvx", "ndc", "trade_name", "raw_code", "administered_on", "route", "site", "mvx", "source",
	"lot",
	"lot_expiry", "volume", "giver", "orderer", "enterer", "entered_on", "funding", "eligibility", "completion",
	"action", "event_id", "claim_id", "claim_line",
	"claim_status", "adjusts_claim_id", "comment_code", "comment_on", "list_id_1", "list_id_2", "list_id_3",
	"list_id_4", "list_id_5",
	"list_id_6", "covered_from", "covered_until", "grade", "enrolled_on", "exemption_kind", "exemption_on",
	"exemption_vaccine", "consent", "request_id", "kind", "received_on", "requester", "relation",
	"notice_id", "result_code", "happened_on",
}

// ByName finds a field by the name that layouts give it.
var ByName = func() map[string]Field {
	m := map[string]Field{}
	for f, name := range names {
		m[name] = Field(f)
	}
	return m
}()

func (t Field) String() string {
	if t < 0 {
		return ""
	}
	return names[t]
}
