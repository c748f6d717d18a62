package table

// Tables that linkage writes: records in linkage form, compared pairs, people, their doses and
// their restrictions.

// StandardRecord is the newest version of a client record in linkage form.
type StandardRecord struct {
	RecordID    string `col:"record_id" doc:"the client record"`
	ContentHash string `col:"content_hash" doc:"hash of every field that linkage reads; a new hash makes the record dirty"`
	Sender      string `col:"sender" doc:"id of the sender"`
	SenderKind  string `col:"sender_kind" doc:"vital_records, clinic, health_plan or families"`
	Withdrawn   bool   `col:"withdrawn" doc:"voided by its sender: linked to nobody"`

	First         string `col:"first,null" doc:"given name in ASCII capitals; null for a placeholder"`
	FirstCode     string `col:"first_code,null" doc:"phonetic code of the given name"`
	Middle        string `col:"middle,null" doc:"middle name in ASCII capitals"`
	Last          string `col:"last,null" doc:"surname in ASCII capitals, without hyphens and blanks"`
	Last1         string `col:"last_1,null" doc:"first part of a double surname"`
	Last2         string `col:"last_2,null" doc:"second part of a double surname"`
	LastCode      string `col:"last_code,null" doc:"phonetic code of the surname"`
	AliasFirst    string `col:"alias_first,null" doc:"another given name in use"`
	AliasLast     string `col:"alias_last,null" doc:"another surname in use"`
	Suffix        string `col:"suffix,null" doc:"JR, SR, II and so on"`
	MotherFirst   string `col:"mother_first,null" doc:"mother's given name"`
	MotherMaiden  string `col:"mother_maiden,null" doc:"mother's maiden name"`
	GuardianFirst string `col:"guardian_first,null" doc:"guardian's given name"`
	GuardianLast  string `col:"guardian_last,null" doc:"guardian's surname"`

	BirthDate   Date   `col:"birth_date" doc:"date of birth; null for a sentinel"`
	BirthISO    string `col:"birth_iso,null" doc:"date of birth as YYYY-MM-DD, for comparing digits"`
	BirthOrder  int32  `col:"birth_order,null" doc:"order in a multiple birth"`
	Multiple    string `col:"multiple,null" doc:"Y or N: one of a multiple birth"`
	Sex         string `col:"sex,null" doc:"F or M"`
	Placeholder bool   `col:"placeholder" doc:"the given name was a placeholder such as BABY BOY"`

	Street     string `col:"street,null" doc:"street line, standardised"`
	City       string `col:"city,null" doc:"city in capitals"`
	ZIP        string `col:"zip,null" doc:"five-digit ZIP, or a postal code of another country as one word"`
	Phone      string `col:"phone,null" doc:"ten digits; null for a number on the stop list"`
	Phone2     string `col:"phone_2,null" doc:"a second phone, ten digits"`
	Email      string `col:"email,null" doc:"e-mail in lower case"`
	SSN        string `col:"ssn,null" doc:"nine digits; null for a default"`
	MedicaidID string `col:"medicaid_id,null" doc:"Medicaid number"`
	Chart      string `col:"chart,null" doc:"sender and chart number"`
	BirthCert  string `col:"birth_cert,null" doc:"state, year and number of the birth certificate"`
	Doses      string `col:"doses,null" doc:"days of the doses reported with it, ISO, joined by a bar"`
	Given      string `col:"given,null" doc:"of the doses that a clinic gave itself: day and CVX code, YYYY-MM-DD:CVX, joined by a bar"`

	Model string `col:"model" doc:"version of the linkage model that the keys are of"`
	RuleKeys
}

// RuleKeys holds the hashes of a record's blocking keys.
type RuleKeys struct {
	Key00 int64 `col:"key_00,null" doc:"hash of the key of the model's blocking rule 0; null when a part is not known"`
	Key01 int64 `col:"key_01,null" doc:"hash of the key of the model's blocking rule 1; null when a part is not known"`
	Key02 int64 `col:"key_02,null" doc:"hash of the key of the model's blocking rule 2; null when a part is not known"`
	Key03 int64 `col:"key_03,null" doc:"hash of the key of the model's blocking rule 3; null when a part is not known"`
	Key04 int64 `col:"key_04,null" doc:"hash of the key of the model's blocking rule 4; null when a part is not known"`
	Key05 int64 `col:"key_05,null" doc:"hash of the key of the model's blocking rule 5; null when a part is not known"`
	Key06 int64 `col:"key_06,null" doc:"hash of the key of the model's blocking rule 6; null when a part is not known"`
	Key07 int64 `col:"key_07,null" doc:"hash of the key of the model's blocking rule 7; null when a part is not known"`
	Key08 int64 `col:"key_08,null" doc:"hash of the key of the model's blocking rule 8; null when a part is not known"`
	Key09 int64 `col:"key_09,null" doc:"hash of the key of the model's blocking rule 9; null when a part is not known"`
	Key10 int64 `col:"key_10,null" doc:"hash of the key of the model's blocking rule 10; null when a part is not known"`
	Key11 int64 `col:"key_11,null" doc:"hash of the key of the model's blocking rule 11; null when a part is not known"`
	Key12 int64 `col:"key_12,null" doc:"hash of the key of the model's blocking rule 12; null when a part is not known"`
	Key13 int64 `col:"key_13,null" doc:"hash of the key of the model's blocking rule 13; null when a part is not known"`
	Key14 int64 `col:"key_14,null" doc:"hash of the key of the model's blocking rule 14; null when a part is not known"`
	Key15 int64 `col:"key_15,null" doc:"hash of the key of the model's blocking rule 15; null when a part is not known"`
	Key16 int64 `col:"key_16,null" doc:"hash of the key of the model's blocking rule 16; null when a part is not known"`
	Key17 int64 `col:"key_17,null" doc:"hash of the key of the model's blocking rule 17; null when a part is not known"`
	Key18 int64 `col:"key_18,null" doc:"hash of the key of the model's blocking rule 18; null when a part is not known"`
	Key19 int64 `col:"key_19,null" doc:"hash of the key of the model's blocking rule 19; null when a part is not known"`
	Key20 int64 `col:"key_20,null" doc:"hash of the key of the model's blocking rule 20; null when a part is not known"`
	Key21 int64 `col:"key_21,null" doc:"hash of the key of the model's blocking rule 21; null when a part is not known"`
	Key22 int64 `col:"key_22,null" doc:"hash of the key of the model's blocking rule 22; null when a part is not known"`
	Key23 int64 `col:"key_23,null" doc:"hash of the key of the model's blocking rule 23; null when a part is not known"`
}

// Rules is how many blocking rules a model may have.
const Rules = 24

// At is the place of the key of blocking rule i.
func (k *RuleKeys) At(i int) *int64 {
	return [Rules]*int64{&k.Key00, &k.Key01, &k.Key02, &k.Key03, &k.Key04, &k.Key05, &k.Key06, &k.Key07, &k.Key08, &k.Key09, &k.Key10, &k.Key11,
		&k.Key12, &k.Key13, &k.Key14, &k.Key15, &k.Key16, &k.Key17, &k.Key18, &k.Key19, &k.Key20, &k.Key21, &k.Key22, &k.Key23}[i]
}

// ScoredPair is two records compared.
type ScoredPair struct {
	RecordL  string  `col:"record_l" doc:"the record with the smaller id"`
	RecordR  string  `col:"record_r" doc:"the record with the larger id"`
	Snapshot int64   `col:"snapshot" doc:"number of the snapshot that scored it"`
	Rules    int64   `col:"rules" doc:"bit mask of the blocking rules that the pair satisfies"`
	Vector   string  `col:"vector" doc:"comparison vector: one character per comparison, - for null"`
	Weight   float64 `col:"match_weight" doc:"match weight in bits, prior and term frequency included"`
	TermFreq float64 `col:"term_frequency" doc:"bits that term frequency adds in fields that name one person"`
	FamFreq  float64 `col:"family_frequency" doc:"bits that term frequency adds in fields of a family"`
	PMatch   float64 `col:"p_match" doc:"probability that the two are one person"`
	PTwin    float64 `col:"p_twin" doc:"probability that they were born together"`
	PFamily  float64 `col:"p_family" doc:"probability that they are of one family"`
	Decision string  `col:"decision" doc:"link, review, or non_link"`
	Hold     string  `col:"hold,null" doc:"why a pair above the bar went to review: ids of the hold rules"`
	Model    string  `col:"model" doc:"version of the linkage model"`
	HashL    string  `col:"hash_l" doc:"content hash of the left record when it was scored"`
	HashR    string  `col:"hash_r" doc:"content hash of the right record when it was scored"`
}

// ReviewItem is a pair that a person must judge, and the verdict. In the place of a record may stand a death
// certificate, as death: and its id; and where a record contradicts what its sender reported before, the record that begins if it is
// two people's.
type ReviewItem struct {
	ItemID    string `col:"item_id" doc:"hash of the two records"`
	RecordL   string `col:"record_l" doc:"the record with the smaller id"`
	RecordR   string `col:"record_r" doc:"the record with the larger id"`
	Snapshot  int64  `col:"snapshot" doc:"number of the snapshot that raised or settled it"`
	Reason    string `col:"reason" doc:"why it needs a person"`
	Decision  string `col:"decision" doc:"open, same, different or withdrawn"`
	DecidedBy string `col:"decided_by,null" doc:"operator"`
	DecidedOn Date   `col:"decided_on" doc:"day of the verdict"`
	Evidence  string `col:"evidence_hash" doc:"hash of both records' contents when it was raised or judged; turn: and a hash of what contradicts each other in one record"`
}

// ClientLink is which person a record belongs to.
type ClientLink struct {
	RecordID string `col:"record_id" doc:"the client record"`
	ClientID int64  `col:"client_id" doc:"the person"`
	Since    int64  `col:"since_snapshot" doc:"number of the snapshot since which it is so"`
}

// Client is one person: best-known demographics with the record each came from.
type Client struct {
	ClientID      int64  `col:"client_id" doc:"never reused"`
	FirstName     string `col:"first_name,null" doc:"given name; null while only a placeholder is known"`
	MiddleName    string `col:"middle_name,null" doc:"middle name"`
	LastName      string `col:"last_name,null" doc:"surname"`
	Suffix        string `col:"suffix,null" doc:"JR, III and the like"`
	NameSource    string `col:"name_source,null" doc:"record the name came from"`
	BirthDate     Date   `col:"birth_date" doc:"date of birth"`
	BirthSource   string `col:"birth_source,null" doc:"record the birth date came from"`
	BirthOrder    int32  `col:"birth_order,null" doc:"order in a multiple birth"`
	MultipleBirth string `col:"multiple_birth,null" doc:"Y, N or null"`
	BirthCountry  string `col:"birth_country,null" doc:"country of birth"`
	Sex           string `col:"sex,null" doc:"F, M, X or null"`
	Race          string `col:"race,null" doc:"race codes, joined by a bar"`
	Ethnicity     string `col:"ethnicity,null" doc:"H or N"`
	Language      string `col:"language,null" doc:"language of the household"`
	GuardianFirst string `col:"guardian_first,null" doc:"responsible person's given name"`
	GuardianLast  string `col:"guardian_last,null" doc:"responsible person's surname"`
	GuardianRole  string `col:"guardian_role,null" doc:"relationship of the responsible person"`
	Address1      string `col:"address_1,null" doc:"street line"`
	Address2      string `col:"address_2,null" doc:"second line"`
	City          string `col:"city,null" doc:"city"`
	State         string `col:"state,null" doc:"state"`
	ZIP           string `col:"zip,null" doc:"ZIP code"`
	CountyFIPS    string `col:"county_fips,null" doc:"county: the one reported, else by ZIP"`
	Region        string `col:"region" doc:"one of the seven regions, or unassigned"`
	AddressSource string `col:"address_source,null" doc:"record the address came from"`
	AddressFlag   string `col:"address_flag,null" doc:"bad, when mail comes back"`
	Phone         string `col:"phone,null" doc:"ten digits"`
	PhoneSource   string `col:"phone_source,null" doc:"record the phone came from"`
	Provider      string `col:"provider,null" doc:"sender id of the responsible clinic: the last that gave a dose"`
	Status        string `col:"status" doc:"active, moved, inactive or deceased, by the newest word of any record"`
	DeceasedOn    Date   `col:"deceased_on" doc:"date of death"`
	BirthRecord   bool   `col:"has_birth_record" doc:"a birth record belongs to the person"`
	Records       int32  `col:"records" doc:"how many client records belong to the person"`
	Contact       string `col:"contact" doc:"the most restrictive contact word of any record"`
	OptedOut      bool   `col:"opted_out" doc:"appears in no output"`
	Locked        bool   `col:"locked" doc:"visible to the present provider only: appears in no output about persons"`
	NoContact     bool   `col:"no_contact" doc:"no reminder and no recall"`
	Sealed        bool   `col:"sealed" doc:"an old identity under seal: appears in no output"`
	InReview      bool   `col:"in_review" doc:"a question about one of the records waits for clerical review"`
	Since         int64  `col:"since_snapshot" doc:"number of the snapshot that created the person"`
}

// ClientHistory is a name, an address or a phone that a person had before the best-known one, or has
// beside it.
type ClientHistory struct {
	ClientID      int64  `col:"client_id" doc:"the person; nobody who is opted out, locked or sealed"`
	Kind          string `col:"kind" doc:"name, address or phone: the other columns of values are null"`
	Place         int32  `col:"place" doc:"1 for the one of its kind that was reported last"`
	FirstName     string `col:"first_name,null" doc:"given name; null for a placeholder"`
	MiddleName    string `col:"middle_name,null" doc:"middle name"`
	LastName      string `col:"last_name,null" doc:"surname"`
	Suffix        string `col:"suffix,null" doc:"JR, III and the like"`
	Address1      string `col:"address_1,null" doc:"street line"`
	Address2      string `col:"address_2,null" doc:"second line"`
	City          string `col:"city,null" doc:"city"`
	State         string `col:"state,null" doc:"state"`
	ZIP           string `col:"zip,null" doc:"ZIP code"`
	Phone         string `col:"phone,null" doc:"ten digits"`
	RecordID      string `col:"record_id" doc:"the record that reported it last"`
	FirstReported Time   `col:"first_reported" doc:"sender's time of the first version that has it"`
	LastReported  Time   `col:"last_reported" doc:"sender's time of the last version that has it"`
}

// ClientChange is one step in the life of an id.
type ClientChange struct {
	ClientID int64  `col:"client_id" doc:"the person"`
	OtherID  int64  `col:"other_id,null" doc:"the person that it was merged into, was split from, or that the record came from"`
	RecordID string `col:"record_id,null" doc:"the record that joined or moved"`
	Snapshot int64  `col:"snapshot" doc:"number of the snapshot"`
	Change   string `col:"change" doc:"created, joined, merged, split, moved or emptied"`
	Reason   string `col:"reason" doc:"why, in words"`
	Model    string `col:"model" doc:"version of the linkage model"`
}

// Restriction is what a request or a record's flag forbids about one person.
type Restriction struct {
	ClientID int64  `col:"client_id" doc:"the person"`
	Kind     string `col:"kind" doc:"opt_out, lock, seal, no_contact, or a wish about one channel: no_mail, no_calls or no_texts"`
	SourceID string `col:"source_id" doc:"the request, the client record or the result of a notice that it comes from"`
	Basis    string `col:"basis" doc:"operator (a person has decided that the request is about this one), matched (the request names this person, or the notice went to this one), possible (it may; suppressed until settled) or record (a sender's flag)"`
	Since    int64  `col:"since_snapshot" doc:"number of the snapshot since which it holds"`
}

// OnlyContact reports that a kind of restriction is about letters, calls and texts alone: the person is in the registry's
// other outputs.
func OnlyContact(kind string) bool {
	switch kind {
	case "no_contact", "no_mail", "no_calls", "no_texts":
		return true
	}
	return false
}

// Settlement is what an operator has decided of whom a request is, or is not, about: a row for each record that the
// decision names.
type Settlement struct {
	RequestID string `col:"request_id" doc:"the request; of what is lifted also the record, or result: and the result, that restricted"`
	RecordID  string `col:"record_id" doc:"a record of the person whom it is about, or of one whom it only seemed to be about; empty where the request fitted nobody"`
	Decision  string `col:"decision" doc:"person (the request is about the person of the record), other (it is not) or lifted (it restricts the person of the record no more, unless it comes anew); one without a row of a person is about nobody whom it fitted then"`
	ClientID  int64  `col:"client_id,null" doc:"the person, by the id of that day; null for nobody"`
	DecidedBy string `col:"decided_by" doc:"operator"`
	DecidedOn Date   `col:"decided_on" doc:"day of the decision"`
	Reason    string `col:"reason" doc:"why, in the operator's words"`
	Snapshot  int64  `col:"snapshot" doc:"number of the snapshot that it was decided on"`
}

// AccessMatch is a request for a record and a person whom it names, or may name.
type AccessMatch struct {
	RequestID string `col:"request_id" doc:"the request"`
	ClientID  int64  `col:"client_id" doc:"the person"`
	Sure      bool   `col:"sure" doc:"it surely names the person"`
}

// DeathMatch is a death certificate and a person whom it names, or may name.
type DeathMatch struct {
	ClientID   int64  `col:"client_id" doc:"the person"`
	DeathID    string `col:"death_id" doc:"the death certificate"`
	Basis      string `col:"basis" doc:"operator, certificate (the birth certificate's number) or matched: the person is deceased; possible: mail is held until it is settled"`
	DeceasedOn Date   `col:"deceased_on" doc:"date of death, as on the certificate"`
	Since      int64  `col:"since_snapshot" doc:"number of the snapshot since which the two belong together"`
}

// Immunization is one real dose.
type Immunization struct {
	ImmunizationID string `col:"immunization_id" doc:"id of the chosen event when the dose was first known"`
	ClientID       int64  `col:"client_id" doc:"the person"`
	AdministeredOn Date   `col:"administered_on" doc:"day it was given"`
	CVX            int16  `col:"cvx" doc:"product"`
	MVX            string `col:"mvx,null" doc:"manufacturer"`
	TradeName      string `col:"trade_name,null" doc:"trade name"`
	Lot            string `col:"lot,null" doc:"lot number"`
	LotExpiry      Date   `col:"lot_expiry" doc:"expiry of the lot"`
	Historical     bool   `col:"historical" doc:"no sender reports to have given the dose itself"`
	Condition      string `col:"condition,null" doc:"why the dose may not count"`
	Provider       string `col:"provider,null" doc:"sender id of the organisation that gave it, if one reports so"`
	EventID        string `col:"event_id" doc:"the chosen event"`
	SourceCount    int32  `col:"source_count" doc:"how many events report it"`
	Reason         string `col:"reason" doc:"the rule that chose the event"`

	ClaimedAntigens string `col:"claimed_antigens,null" doc:"the antigens that only claims report, by the names of the schedule, split by commas"`
	Eligibility     string `col:"eligibility,null" doc:"financial eligibility code: the chosen event's, or that of the first one that has any"`
}

// ImmunizationSource is which real dose each event reports.
type ImmunizationSource struct {
	EventID        string `col:"event_id" doc:"the reported dose"`
	ImmunizationID string `col:"immunization_id" doc:"the real dose"`
	ClientID       int64  `col:"client_id" doc:"the person"`
	Reason         string `col:"reason" doc:"chosen, or the rule by which it is the same dose"`
}

// DoseDoubt is two doses of one person that may be one: they stay apart until a person judges.
type DoseDoubt struct {
	ImmunizationID string `col:"immunization_id" doc:"the earlier dose"`
	OtherID        string `col:"other_id" doc:"the dose that may be the same"`
	ClientID       int64  `col:"client_id" doc:"the person"`
	Days           int32  `col:"days" doc:"days between the two reports in doubt"`
	Reason         string `col:"reason" doc:"why they may be one, in words"`
}

// Doubt is that somebody waits to be judged the same person as another, seen from one of the two.
type Doubt struct {
	ClientID int64 `col:"client_id" doc:"the person"`
	OtherID  int64 `col:"other_id" doc:"who may be the same person"`
	Ordinary bool  `col:"ordinary" doc:"nothing but the likeness of records is in question: no death, no restriction, no number given again, no record that contradicts itself"`
}

// JoinedDose is a real dose of two persons who may be one, as it is if they are.
type JoinedDose struct {
	ClientID       int64  `col:"client_id" doc:"the person with the smaller id"`
	OtherID        int64  `col:"other_id" doc:"who may be the same person"`
	ImmunizationID string `col:"immunization_id" doc:"the dose"`
	AdministeredOn Date   `col:"administered_on" doc:"day it was given"`
	CVX            int16  `col:"cvx" doc:"product"`
	MVX            string `col:"mvx,null" doc:"manufacturer"`
	TradeName      string `col:"trade_name,null" doc:"trade name"`
	LotExpiry      Date   `col:"lot_expiry" doc:"expiry of the lot"`
	Condition      string `col:"condition,null" doc:"why the dose may not count"`
}

var (
	StandardRecords = define[StandardRecord](Table{Name: "standard_record", Kind: State, Version: 2, Steps: []Step{Added(2, "given", nil)}, Doc: "The newest version of a client record, in linkage form.", Lookup: true, Owner: "record_id",
		Key: []string{"record_id"}})
	ScoredPairs = define[ScoredPair](Table{Name: "scored_pair", Kind: Log, Doc: "Two records compared.", Lookup: true,
		Key: []string{"record_l", "record_r"}, Newest: []string{"snapshot"}})
	ReviewItems = define[ReviewItem](Table{Name: "review_item", Kind: Log, Doc: "A pair that a person must judge, and the verdict.",
		Key: []string{"item_id"}, Newest: []string{"snapshot"}})
	ClientLinks = define[ClientLink](Table{Name: "client_link", Kind: State, Doc: "Which person a record belongs to.", Lookup: true, Owner: "record_id",
		Key: []string{"record_id"}})
	Clients = define[Client](Table{Name: "client", Kind: State, Doc: "One person, best known.", Lookup: true, Owner: "client_id",
		Key: []string{"client_id"}})
	ClientHistories = define[ClientHistory](Table{Name: "client_history", Kind: State, Version: 2, Steps: []Step{Renamed(2, "first_told", "first_reported"), Renamed(2, "last_told", "last_reported")}, Doc: "A name, address or phone that a person had before, or has beside the best-known one.",
		Key: []string{"client_id", "kind", "place"}, Lookup: true, Owner: "client_id"})
	ClientChanges = define[ClientChange](Table{Name: "client_change", Kind: Log, Doc: "One step in the life of a person's id.",
		Key: []string{"snapshot", "client_id", "change", "other_id", "record_id"}, Newest: []string{"snapshot"}})
	Restrictions = define[Restriction](Table{Name: "restriction", Kind: State, Doc: "What a request or a flag forbids about one person.",
		Key: []string{"client_id", "kind", "source_id"}})
	Settlements = define[Settlement](Table{Name: "settlement", Kind: State, Doc: "What an operator has decided of whom a request is about, or that it restricts no more.",
		Key: []string{"request_id", "record_id"}})
	AccessMatches = define[AccessMatch](Table{Name: "access_match", Kind: State, Doc: "A request for a record and a person whom it names, or may name.",
		Key: []string{"request_id", "client_id"}})
	DeathMatches = define[DeathMatch](Table{Name: "death_match", Kind: State, Doc: "A death certificate and a person whom it names, or may name.",
		Key: []string{"client_id", "death_id"}})
	Immunizations = define[Immunization](Table{Name: "immunization", Kind: State, Version: 3, Steps: []Step{Added(2, "claimed_antigens", nil), Added(3, "eligibility", nil)}, Doc: "One real dose.", Owner: "client_id",
		Key: []string{"client_id", "administered_on", "immunization_id"}})
	ImmunizationSources = define[ImmunizationSource](Table{Name: "immunization_source", Kind: State, Doc: "Which real dose each reported one is.", Owner: "client_id",
		Key: []string{"event_id"}})
	DoseDoubts = define[DoseDoubt](Table{Name: "dose_doubt", Kind: State, Doc: "Two doses of one person that may be one.", Owner: "client_id",
		Key: []string{"immunization_id", "other_id"}})
	Doubts = define[Doubt](Table{Name: "doubt", Kind: State, Doc: "Two persons who wait to be judged one or two, seen from one of them.",
		Key: []string{"client_id", "other_id"}})
	JoinedDoses = define[JoinedDose](Table{Name: "joined_dose", Kind: State, Doc: "A real dose of two persons who may be one, as it is if they are.",
		Key: []string{"client_id", "other_id", "administered_on", "immunization_id"}})
)
