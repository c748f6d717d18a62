package table

// Tables that ingest writes. All are logs: a night adds what arrived, and the newest version of a
// key, by the sender's own time, wins.

// Batch is one delivered file.
type Batch struct {
	BatchID    string `col:"batch_id" doc:"first 16 hex digits of the SHA-256 of the file's bytes"`
	Snapshot   int64  `col:"snapshot" doc:"number of the snapshot that the night made"`
	FileName   string `col:"file_name" doc:"the file's name in the inbox"`
	Sender     string `col:"sender" doc:"id of the sender, as in the configuration"`
	SenderKind string `col:"sender_kind" doc:"vital_records, clinic, health_plan, school or families"`
	Layout     string `col:"layout,null" doc:"the layout that read the file; null when none fits its name"`
	SHA256     string `col:"sha256" doc:"SHA-256 of the file's bytes, in hex"`
	ReceivedOn Date   `col:"received_on" doc:"as-of date of the night that first took the file in"`
	SenderTime Time   `col:"sender_time" doc:"when the sender wrote the file: from the file itself or its name"`
	Bytes      int64  `col:"bytes" doc:"size of the file in bytes"`
	UnitsRead  int64  `col:"units_read" doc:"lines read (messages, in HL7), header and trailer lines apart"`
	Accepted   int64  `col:"accepted" doc:"units that became records or events"`
	Rejected   int64  `col:"rejected" doc:"units refused one by one"`
	Held       int64  `col:"held" doc:"units kept back with the whole file"`
	Status     string `col:"status" doc:"loaded, empty, duplicate, refused, held, left (for the next night, as it may still be growing), stray (it may hold families' requests, and lies where nobody delivers them), settled (a stray file that was moved, or that an operator has refused), declined (refused by an operator), backed_out (loaded, and taken out again by an operator) or left_out (its night was rolled back)"`
	ReplayOf   string `col:"replay_of,null" doc:"the delivery of which this file holds corrected lines"`
	Reason     string `col:"reason,null" doc:"why the file was refused, held, passed over or let in by an operator, and what to do; never a person's data"`
}

// Rejected is a refused unit, or a refused or doubtful value in an accepted one.
type Rejected struct {
	BatchID  string `col:"batch_id" doc:"the delivery"`
	Snapshot int64  `col:"snapshot" doc:"number of the snapshot that the night made"`
	Sender   string `col:"sender" doc:"id of the sender"`
	Line     int64  `col:"line" doc:"line number in the file, from 1"`
	Offset   int64  `col:"byte_offset" doc:"offset of the unit's first byte, from 0"`
	Field    string `col:"field,null" doc:"the field at fault; null when the whole unit is"`
	Rule     string `col:"rule" doc:"id of the rule that was broken"`
	Severity string `col:"severity" doc:"refuse (the unit or, in HL7, the dose), warn (the value was dropped or doubted) or inform"`
	Code     string `col:"code,null" doc:"the unknown code, where the rule is about a code table; no other value is ever kept"`
}

// ClientRecord is a person as one sender knows them.
type ClientRecord struct {
	RecordID       string `col:"record_id" doc:"sender/source_client_id/generation"`
	Sender         string `col:"sender" doc:"id of the sender"`
	SourceClientID string `col:"source_client_id" doc:"the sender's own number for the person"`
	Namespace      string `col:"namespace,null" doc:"the organisation that gave the number, as sent (HL7 PID-3.4); null where the sender has never said"`
	Generation     int32  `col:"generation" doc:"1, or higher where the number is another person's too: given again, or equal to one of another organisation"`
	Follows        int32  `col:"follows,null" doc:"the generation of whom the same organisation had under the number before; -1: nobody; null: the one before"`
	Snapshot       int64  `col:"snapshot" doc:"number of the snapshot that brought this version"`
	BatchID        string `col:"batch_id" doc:"the delivery that brought this version"`
	Line           int64  `col:"line" doc:"line in the delivery, from 1"`
	SenderTime     Time   `col:"sender_time" doc:"the sender's own time of this version; the newest wins"`
	DatedOn        Date   `col:"dated_on" doc:"day on which what this version reports was true, by the sender's own word (its update time, or an event in the same message); null where it has none, and on rows before schema version 5"`
	Withdrawn      bool   `col:"withdrawn" doc:"the sender has voided the record"`

	FirstName     string `col:"first_name,null" doc:"given name as sent"`
	MiddleName    string `col:"middle_name,null" doc:"middle name as sent"`
	LastName      string `col:"last_name,null" doc:"surname as sent"`
	Suffix        string `col:"suffix,null" doc:"JR, III and the like"`
	Aliases       string `col:"aliases,null" doc:"other names as FIRST^LAST, joined by a bar"`
	MotherFirst   string `col:"mother_first,null" doc:"mother's given name"`
	MotherLast    string `col:"mother_last,null" doc:"mother's present surname"`
	MotherMaiden  string `col:"mother_maiden,null" doc:"mother's surname before marriage"`
	GuardianFirst string `col:"guardian_first,null" doc:"responsible person's given name"`
	GuardianLast  string `col:"guardian_last,null" doc:"responsible person's surname"`
	GuardianRole  string `col:"guardian_role,null" doc:"relationship of the responsible person: MTH FTH PAR GRD FCH and so on"`

	BirthDate     Date   `col:"birth_date" doc:"date of birth"`
	BirthOrder    int32  `col:"birth_order,null" doc:"1 for the first born of a multiple birth"`
	MultipleBirth string `col:"multiple_birth,null" doc:"Y, N, or null when not reported"`
	BirthCountry  string `col:"birth_country,null" doc:"country of birth, ISO 3166 alpha-3"`
	BirthFacility string `col:"birth_facility,null" doc:"where born, as sent"`
	Sex           string `col:"sex,null" doc:"F, M, X, or null when not reported"`
	Race          string `col:"race,null" doc:"race codes (CDC hierarchical), joined by a bar"`
	Ethnicity     string `col:"ethnicity,null" doc:"H hispanic, N not"`
	Language      string `col:"language,null" doc:"ISO 639-1 where there is one, else 639-3"`

	Address1    string `col:"address_1,null" doc:"street line as sent"`
	Address2    string `col:"address_2,null" doc:"second line as sent"`
	City        string `col:"city,null" doc:"city as sent"`
	State       string `col:"state,null" doc:"two-letter state"`
	ZIP         string `col:"zip,null" doc:"ZIP code as text, five or nine digits"`
	CountyFIPS  string `col:"county_fips,null" doc:"five-digit county code, if the sender reports one"`
	AddressFlag string `col:"address_flag,null" doc:"bad, when the sender reports that mail comes back"`
	Phone       string `col:"phone,null" doc:"ten digits"`
	Phone2      string `col:"phone_2,null" doc:"a second phone, ten digits"`
	Email       string `col:"email,null" doc:"e-mail address as sent"`

	ChartNumber     string `col:"chart_number,null" doc:"the sender's chart or member number"`
	SSN             string `col:"ssn,null" doc:"social security number, nine digits"`
	MedicaidID      string `col:"medicaid_id,null" doc:"Medicaid or MinnesotaCare number"`
	BirthCertNumber string `col:"birth_certificate_no,null" doc:"state of birth, year of birth and certificate number: MN-2024-001234"`

	Share      string `col:"share" doc:"allowed, refused or unknown: may other organisations see the record"`
	ShareOn    Date   `col:"share_on" doc:"day since which the word on sharing holds, if the sender reports it"`
	Contact    string `col:"contact" doc:"allowed, none, reminder_only, recall_only, and each with _no_calls"`
	ContactOn  Date   `col:"contact_on" doc:"day since which the word on contact holds, if the sender reports it"`
	Status     string `col:"status,null" doc:"A active, N inactive, L lost, M moved or gone elsewhere, P permanently inactive, U unknown"`
	StatusOn   Date   `col:"status_on" doc:"day since which the status holds, if the sender reports it"`
	DeceasedOn Date   `col:"deceased_on" doc:"date of death"`
	Provider   string `col:"provider,null" doc:"id of the clinic that cares for the person, in the sender's words"`

	Reported    int64 `col:"reported" doc:"bit set of the fields that the sender reports in this version itself; the rest is carried over from the version before it (bits: ingest/carry.go)"`
	ContentHash int64 `col:"content_hash" doc:"fingerprint of what the record holds, with what is carried over; a version with that of the one before it is not stored"`
}

// VaccinationEvent is a dose as one sender reports it.
type VaccinationEvent struct {
	EventID        string `col:"event_id" doc:"sender/ the sender's own id, with ^ and the organisation where another one has given it first; else a hash of record, date, product and lot"`
	RecordID       string `col:"record_id" doc:"the client record it belongs to"`
	Sender         string `col:"sender" doc:"id of the sender"`
	Namespace      string `col:"namespace,null" doc:"the organisation that gave the dose's id, as sent (HL7 ORC-3); null where the sender does not say"`
	Snapshot       int64  `col:"snapshot" doc:"number of the snapshot that brought this version"`
	BatchID        string `col:"batch_id" doc:"the delivery that brought this version"`
	Line           int64  `col:"line" doc:"line in the delivery, from 1"`
	SenderTime     Time   `col:"sender_time" doc:"the sender's own time of this version; the newest wins"`
	Action         string `col:"action" doc:"A reported, D withdrawn: a tombstone"`
	CVX            int16  `col:"cvx,null" doc:"CVX code; null when the product is not known"`
	RawCode        string `col:"raw_code,null" doc:"the code as sent, with its system, when it is not in our tables"`
	MVX            string `col:"mvx,null" doc:"manufacturer"`
	NDC            string `col:"ndc,null" doc:"eleven digits"`
	CPT            string `col:"cpt,null" doc:"CPT code as sent"`
	TradeName      string `col:"trade_name,null" doc:"trade name as sent"`
	Lot            string `col:"lot,null" doc:"lot number, cleaned: the first, where the sender wrote several in one field"`
	LotOther       string `col:"lot_other,null" doc:"further lots that stood in the same field, cleaned, joined by a bar"`
	LotRaw         string `col:"lot_raw,null" doc:"the field as sent, where lot is not all of it"`
	LotExpiry      Date   `col:"lot_expiry" doc:"expiry of the lot"`
	Volume         string `col:"volume,null" doc:"amount with unit, as sent"`
	AdministeredOn Date   `col:"administered_on" doc:"day the dose was given"`
	Historical     bool   `col:"historical" doc:"reported to the sender, not given by it"`
	Source         string `col:"source,null" doc:"NIP001 code of the information's source"`
	Route          string `col:"route,null" doc:"route of administration"`
	Site           string `col:"site,null" doc:"body site"`
	Provider       string `col:"provider,null" doc:"the organisation that gave it, as sent; else who gave it"`
	GivenBy        string `col:"given_by,null" doc:"the person who gave it: the sender's id for them, else the name, as sent"`
	OrderedBy      string `col:"ordered_by,null" doc:"the person who ordered it, in the same form"`
	EnteredBy      string `col:"entered_by,null" doc:"the person who wrote it down, in the same form"`
	EnteredOn      Date   `col:"entered_on" doc:"day it was written down at the sender's"`
	VIS            string `col:"vis,null" doc:"vaccine information statements given: document^published^presented, with ISO days, joined by a bar"`
	Funding        string `col:"funding,null" doc:"funding code"`
	Eligibility    string `col:"eligibility,null" doc:"financial eligibility code"`
	Completion     string `col:"completion" doc:"CP complete, PA partial, NA not administered, RE refused"`
	Condition      string `col:"condition,null" doc:"why the dose may not count: recalled, cold_chain, misadministered, partial"`
	ClaimNumber    string `col:"claim_number,null" doc:"claim and line, for health plans"`
	ContentHash    int64  `col:"content_hash" doc:"fingerprint of what the sender said; a re-sent version with the same one is not stored again"`
}

// Observation is a contraindication, reaction, immunity, risk or refusal.
type Observation struct {
	ObservationID string `col:"observation_id" doc:"hash of record, code and date, after the sender's id"`
	RecordID      string `col:"record_id" doc:"the client record it belongs to"`
	Sender        string `col:"sender" doc:"id of the sender"`
	Snapshot      int64  `col:"snapshot" doc:"number of the snapshot that brought this version"`
	BatchID       string `col:"batch_id" doc:"the delivery that brought this version"`
	Line          int64  `col:"line" doc:"line in the delivery, from 1"`
	SenderTime    Time   `col:"sender_time" doc:"the sender's own time of this version; the newest wins"`
	Action        string `col:"action" doc:"A reported, D withdrawn"`
	Kind          string `col:"kind" doc:"immunity, contraindication, reaction, risk, refusal, or comment: a code of a comment file whose meaning is not known"`
	Code          string `col:"code" doc:"code as sent, with its system: SCT:38907003"`
	CDSiCode      string `col:"cdsi_code,null" doc:"CDSi observation code, three digits, where there is one"`
	CVX           int16  `col:"cvx,null" doc:"the vaccine that a refusal or a reaction is about"`
	ObservedOn    Date   `col:"observed_on" doc:"date of the observation"`
	ContentHash   int64  `col:"content_hash" doc:"fingerprint of what the sender said; a re-sent version with the same one is not stored again"`
}

// Request is what a family, or vital records, asked for.
type Request struct {
	RequestID   string `col:"request_id" doc:"sender/ the sender's own number; with ~02 and so on where it was another person's before"`
	Sender      string `col:"sender" doc:"id of the sender"`
	Snapshot    int64  `col:"snapshot" doc:"number of the snapshot that brought it"`
	BatchID     string `col:"batch_id" doc:"the delivery that brought it"`
	Line        int64  `col:"line" doc:"line in the delivery, from 1"`
	SenderTime  Time   `col:"sender_time" doc:"when it was made, or the file's time"`
	Kind        string `col:"kind" doc:"opt_out, opt_in, lock, no_contact, seal or access"`
	FirstName   string `col:"first_name,null" doc:"given name as written"`
	LastName    string `col:"last_name,null" doc:"surname as written"`
	BirthDate   Date   `col:"birth_date" doc:"date of birth as written"`
	Address1    string `col:"address_1,null" doc:"street line as written"`
	City        string `col:"city,null" doc:"city as written"`
	State       string `col:"state,null" doc:"two-letter state"`
	ZIP         string `col:"zip,null" doc:"ZIP code"`
	ReceivedOn  Date   `col:"received_on" doc:"day the request reached the registry"`
	ContentHash int64  `col:"content_hash" doc:"fingerprint of what the sender said; a re-sent version with the same one is not stored again"`

	Requester    string `col:"requester,null" doc:"who asks, as written"`
	Relation     string `col:"relation,null" doc:"self, parent or guardian; null for none of these"`
	MotherMaiden string `col:"mother_maiden,null" doc:"surname of the person's mother before marriage, as written"`
}

// Death is a death certificate, as vital records sent it.
type Death struct {
	DeathID    string `col:"death_id" doc:"sender/ state, year and number of the death certificate"`
	Sender     string `col:"sender" doc:"id of the sender"`
	Snapshot   int64  `col:"snapshot" doc:"number of the snapshot that brought this version"`
	BatchID    string `col:"batch_id" doc:"the delivery that brought this version"`
	Line       int64  `col:"line" doc:"line in the delivery, from 1"`
	SenderTime Time   `col:"sender_time" doc:"the sender's own time of this version; the newest wins"`
	Withdrawn  bool   `col:"withdrawn" doc:"the certificate was voided"`

	FirstName       string `col:"first_name,null" doc:"given name as sent"`
	MiddleName      string `col:"middle_name,null" doc:"middle name or initial as sent"`
	LastName        string `col:"last_name,null" doc:"surname as sent"`
	MaidenName      string `col:"maiden_name,null" doc:"surname before marriage as sent"`
	Suffix          string `col:"suffix,null" doc:"JR, III and the like"`
	MotherFirst     string `col:"mother_first,null" doc:"mother's given name"`
	MotherMaiden    string `col:"mother_maiden,null" doc:"mother's surname before marriage"`
	BirthDate       Date   `col:"birth_date" doc:"date of birth"`
	DeceasedOn      Date   `col:"deceased_on" doc:"date of death; null where the day is not known"`
	Sex             string `col:"sex,null" doc:"F, M, X, or null when not reported"`
	SSN             string `col:"ssn,null" doc:"social security number, nine digits"`
	Address1        string `col:"address_1,null" doc:"street line of the residence as sent"`
	City            string `col:"city,null" doc:"city of the residence as sent"`
	State           string `col:"state,null" doc:"two-letter state of the residence"`
	ZIP             string `col:"zip,null" doc:"ZIP code of the residence, five or nine digits"`
	BirthCertNumber string `col:"birth_certificate_no,null" doc:"of an infant: state of birth, year of birth and certificate number: MN-2024-001234"`

	ContentHash int64 `col:"content_hash" doc:"fingerprint of what the certificate holds; a re-sent version with the same one is not stored again"`
}

// RosterEntry is a person on a list that a sender wants answered: a school's students, a plan's members.
type RosterEntry struct {
	EntryID    string `col:"entry_id" doc:"batch_id and line: every list is a question of its own"`
	Sender     string `col:"sender" doc:"id of the sender"`
	Snapshot   int64  `col:"snapshot" doc:"number of the snapshot that brought it"`
	BatchID    string `col:"batch_id" doc:"the list"`
	Line       int64  `col:"line" doc:"line in the list, from 1"`
	SenderTime Time   `col:"sender_time" doc:"the list's own time"`
	ListID1    string `col:"list_id_1" doc:"the sender's own number for the person; returned untouched, as are the others"`
	ListID2    string `col:"list_id_2,null" doc:"a second number of the sender's"`
	ListID3    string `col:"list_id_3,null" doc:"a third"`
	ListID4    string `col:"list_id_4,null" doc:"a fourth"`
	ListID5    string `col:"list_id_5,null" doc:"a fifth"`
	ListID6    string `col:"list_id_6,null" doc:"a sixth"`

	FirstName    string `col:"first_name,null" doc:"given name as sent"`
	MiddleName   string `col:"middle_name,null" doc:"middle name as sent"`
	LastName     string `col:"last_name,null" doc:"surname as sent"`
	BirthDate    Date   `col:"birth_date" doc:"date of birth"`
	Sex          string `col:"sex,null" doc:"F, M, X, or null when not reported"`
	Address1     string `col:"address_1,null" doc:"street line as sent"`
	Address2     string `col:"address_2,null" doc:"second line as sent"`
	City         string `col:"city,null" doc:"city as sent"`
	State        string `col:"state,null" doc:"two-letter state"`
	ZIP          string `col:"zip,null" doc:"ZIP code as text, five or nine digits"`
	CountyFIPS   string `col:"county_fips,null" doc:"five-digit county code, if the sender reports one"`
	MedicaidID   string `col:"medicaid_id,null" doc:"Medicaid or MinnesotaCare number"`
	CoveredFrom  Date   `col:"covered_from" doc:"of a plan's member: first day of cover"`
	CoveredUntil Date   `col:"covered_until" doc:"of a plan's member: last day of cover; null while it goes on"`

	Grade            string `col:"grade,null" doc:"of a student: PK (any program below kindergarten), K, or 1 to 12"`
	EnrolledOn       Date   `col:"enrolled_on" doc:"of a student: day of enrolment, from which the time in progress runs"`
	ExemptionKind    string `col:"exemption_kind,null" doc:"statement that the school has on file: medical, nonmedical (a belief) or history (of the disease)"`
	ExemptionOn      Date   `col:"exemption_on" doc:"day of the statement"`
	ExemptionVaccine string `col:"exemption_vaccine,null" doc:"vaccines that the statement is about, as sent, with semicolons between several; all"`

	ContentHash int64 `col:"content_hash" doc:"fingerprint of what the list has about the person"`
}

// NoticeResult is what came of a notice: mail that came back, a wish, a move. It says nothing about anybody whom the
// registry had not written to.
type NoticeResult struct {
	ResultID    string `col:"result_id" doc:"notice_id/ code/ day: the same result is one, whatever file it comes in"`
	NoticeID    string `col:"notice_id" doc:"the notice; of an address vendor's answer address-, the address and the person"`
	ClientID    int64  `col:"client_id,null" doc:"the person to whom it was written, by the id of that day"`
	RecordID    string `col:"record_id,null" doc:"a record of that person by the night before: that whose address the person had, where there is one; null where the person has no record any more"`
	Sender      string `col:"sender" doc:"id of the sender"`
	Snapshot    int64  `col:"snapshot" doc:"number of the snapshot that brought it"`
	BatchID     string `col:"batch_id" doc:"the delivery that brought it"`
	Line        int64  `col:"line" doc:"line in the delivery, from 1"`
	SenderTime  Time   `col:"sender_time" doc:"the file's own time"`
	Code        string `col:"code" doc:"mailed, returned, moved, phone_failed, no_mail, no_calls, no_texts, no_contact, wrong_person or vaccinated (a family reports that a dose was given elsewhere)"`
	HappenedOn  Date   `col:"happened_on" doc:"the day on which it came back, was asked for, or became known"`
	SentTo      string `col:"sent_to_address_1,null" doc:"street line to which the notice went; null where that was not kept"`
	SentToZIP   string `col:"sent_to_zip,null" doc:"ZIP code to which it went"`
	SentToPhone string `col:"sent_to_phone,null" doc:"telephone number to which it went"`
	Address1    string `col:"address_1,null" doc:"street line of the new address"`
	Address2    string `col:"address_2,null" doc:"second line of the new address"`
	City        string `col:"city,null" doc:"city of the new address"`
	State       string `col:"state,null" doc:"two-letter state of the new address"`
	ZIP         string `col:"zip,null" doc:"ZIP code of the new address"`
	ContentHash int64  `col:"content_hash" doc:"fingerprint of what the sender said; a re-sent version with the same one is not stored again"`
}

// Affirmation is a version that reported nothing new and is not stored: it keeps an older version that arrives
// after it from standing against it.
type Affirmation struct {
	Log         string `col:"log" doc:"the log whose key it repeats: client_record, vaccination_event, observation, request or death"`
	VersionKey  string `col:"version_key" doc:"the key in that log"`
	Sender      string `col:"sender" doc:"id of the sender"`
	Snapshot    int64  `col:"snapshot" doc:"number of the snapshot of the night that it came in"`
	BatchID     string `col:"batch_id" doc:"the delivery that repeated it"`
	Line        int64  `col:"line" doc:"line in the delivery, from 1"`
	SenderTime  Time   `col:"sender_time" doc:"the sender's own time of the repetition"`
	DatedOn     Date   `col:"dated_on" doc:"for client_record the day on which the version is repeated to be true, as in its column dated_on"`
	Reported    int64  `col:"reported" doc:"for client_record the fields that the sender reported again, as in its column reported; else 0"`
	ContentHash int64  `col:"content_hash" doc:"fingerprint of the version that it repeats"`
}

// DeliveryFigure is one figure about one loaded delivery: a line of its sender's report card.
type DeliveryFigure struct {
	BatchID     string `col:"batch_id" doc:"the delivery"`
	Snapshot    int64  `col:"snapshot" doc:"number of the snapshot that the night made"`
	Sender      string `col:"sender" doc:"id of the sender"`
	Layout      string `col:"layout" doc:"the layout that read the file"`
	ReceivedOn  Date   `col:"received_on" doc:"as-of date of the night that took the file in"`
	Measure     string `col:"measure" doc:"what is measured: complete, valid, timely, unique, units, rule, unknown_code, pattern, age, withdrawn, median_days, files (docs/checks.md)"`
	Item        string `col:"item,null" doc:"of what: a field, a rule, a code, a number of days, a pattern"`
	Numerator   int64  `col:"numerator" doc:"units, values or doses that meet the measure; of median_days the days"`
	Denominator int64  `col:"denominator" doc:"units, values or doses looked at"`
	Line        int64  `col:"line,null" doc:"a line of the delivery to look at, where the measure has one"`
	Rule        string `col:"rule,null" doc:"the rule about whole deliveries that the figure breaks"`
}

var (
	Batches = define[Batch](Table{Name: "batch", Kind: Log, Version: 2, Doc: "One delivered file, on one night.",
		Key: []string{"batch_id", "snapshot", "sender", "file_name"}, Newest: []string{"snapshot"}})
	Rejections = define[Rejected](Table{Name: "rejected", Kind: Log, Doc: "A refused unit, or a refused or doubtful value.",
		Key: []string{"batch_id", "line", "byte_offset", "field", "rule"}, Newest: []string{"snapshot"}})
	ClientRecords = define[ClientRecord](Table{Name: "client_record", Kind: Log, Version: 5, Steps: []Step{Renamed(3, "told", "reported"), Added(4, "namespace", nil), Added(4, "follows", nil), Added(5, "dated_on", nil)}, Doc: "A person as one sender knows them, in one version.",
		Key: []string{"record_id"}, Newest: []string{"sender_time", "snapshot", "batch_id", "line"}, Sort: []string{"record_id", "sender_time"}, Lookup: true})
	VaccinationEvents = define[VaccinationEvent](Table{Name: "vaccination_event", Kind: Log, Version: 3, Steps: []Step{Added(3, "namespace", nil)}, Doc: "A dose as one sender reports it, in one version.",
		Key: []string{"event_id"}, Newest: []string{"sender_time", "snapshot", "batch_id", "line"}, Sort: []string{"record_id", "administered_on", "event_id"}})
	Observations = define[Observation](Table{Name: "observation", Kind: Log, Doc: "A contraindication, reaction, immunity, risk or refusal, in one version.",
		Key: []string{"observation_id"}, Newest: []string{"sender_time", "snapshot", "batch_id", "line"}, Sort: []string{"record_id", "observation_id"}})
	Requests = define[Request](Table{Name: "request", Kind: Log, Version: 2, Steps: []Step{Added(2, "requester", nil), Added(2, "relation", nil), Added(2, "mother_maiden", nil)}, Doc: "What a family, or vital records, asked for.",
		Key: []string{"request_id"}, Newest: []string{"sender_time", "snapshot", "batch_id", "line"}})
	Deaths = define[Death](Table{Name: "death", Kind: Log, Doc: "A death certificate, in one version.",
		Key: []string{"death_id"}, Newest: []string{"sender_time", "snapshot", "batch_id", "line"}})
	RosterEntries = define[RosterEntry](Table{Name: "roster_entry", Kind: Log, Version: 2, Steps: []Step{Added(2, "grade", nil), Added(2, "enrolled_on", nil), Added(2, "exemption_kind", nil), Added(2, "exemption_on", nil), Added(2, "exemption_vaccine", nil)}, Doc: "A person on a list that a sender wants answered.",
		Key: []string{"entry_id"}, Newest: []string{"snapshot"}, Sort: []string{"batch_id", "line"}})
	NoticeResults = define[NoticeResult](Table{Name: "notice_result", Kind: Log, Doc: "What came of a notice, as a sender reports it.",
		Key: []string{"result_id"}, Newest: []string{"sender_time", "snapshot", "batch_id", "line"}})
	DeliveryFigures = define[DeliveryFigure](Table{Name: "delivery_figure", Kind: Log, Doc: "One figure about one loaded delivery: a line of its sender's report card.",
		Key: []string{"batch_id", "snapshot", "measure", "item"}, Newest: []string{"snapshot"}, Sort: []string{"sender", "batch_id", "measure", "item"}})
	Affirmations = define[Affirmation](Table{Name: "affirmation", Kind: Log, Version: 3, Steps: []Step{Renamed(2, "told", "reported"), Added(3, "dated_on", nil)}, Doc: "A version that a sender repeated unchanged, at a later time of its own.",
		Key: []string{"log", "version_key", "sender_time", "batch_id", "line"}, Newest: []string{"snapshot"}, Sort: []string{"log", "version_key", "sender_time"}})
)
