package table

// Tables that the reports write.

// PatientStatus is a person's standing at a provider or in the jurisdiction.
type PatientStatus struct {
	ClientID int64  `col:"client_id" doc:"the person"`
	Level    string `col:"level" doc:"provider or jurisdiction"`
	Provider string `col:"provider,null" doc:"sender id of the clinic; null at the jurisdiction's level"`
	Status   string `col:"status" doc:"at a clinic active, moved, inactive or deceased; in the jurisdiction active, outside, unknown or deceased"`
	Since    Date   `col:"since" doc:"day the status began, as far as known"`
	Reason   string `col:"reason" doc:"id of the rule that set it"`

	Region       string `col:"region,null" doc:"in the jurisdiction: the region of the address, or unassigned; null at a clinic"`
	RegionSince  Date   `col:"region_since" doc:"since when it is that region's, where the person came from another one"`
	RegionBefore string `col:"region_before,null" doc:"the region before that"`
}

// Notice is one reminder or recall to one person.
type Notice struct {
	NoticeID      string `col:"notice_id" doc:"hash of campaign, person, round and contents"`
	Snapshot      int64  `col:"snapshot" doc:"number of the snapshot"`
	ClientID      int64  `col:"client_id" doc:"the person"`
	Campaign      string `col:"campaign" doc:"the campaign"`
	Kind          string `col:"kind" doc:"reminder or recall"`
	Round         int32  `col:"round" doc:"1 for the first notice of the kind about the same vaccines"`
	Channel       string `col:"channel" doc:"mail, postcard, text or phone"`
	Language      string `col:"language" doc:"language of the household, or the one that the campaign fixes: of the piece, where the words of it are approved"`
	Region        string `col:"region" doc:"the region whose file holds it"`
	VaccineGroups string `col:"vaccine_groups" doc:"groups that are due, joined by a bar"`
	EarliestDueOn Date   `col:"earliest_due_on" doc:"the first recommended day among them"`
	IssuedOn      Date   `col:"issued_on" doc:"as-of date of the night"`
	Outcome       string `col:"outcome,null" doc:"sent, returned and so on, once known"`
	Address1      string `col:"address_1,null" doc:"street line of the letter; null in notices from before it was kept"`
	ZIP           string `col:"zip,null" doc:"ZIP code of the letter"`
	HouseholdID   int64  `col:"household_id,null" doc:"the household; null in notices from before version 3"`
	Envelope      int32  `col:"envelope,null" doc:"which piece to the household that night: notices with the same number go out as one"`
	Template      string `col:"template,null" doc:"the template of the piece"`
	PriceMicros   int64  `col:"price_micros,null" doc:"price of the whole piece in millionths of a dollar; null where the site gives none"`
	Phone         string `col:"phone,null" doc:"ten digits, of a text or a call"`
}

// ControlNotice is a notice that nobody got: of somebody in a campaign's control group.
type ControlNotice struct {
	NoticeID      string `col:"notice_id" doc:"what the notice would have had"`
	Snapshot      int64  `col:"snapshot" doc:"number of the snapshot"`
	ClientID      int64  `col:"client_id" doc:"the person"`
	Campaign      string `col:"campaign" doc:"the campaign"`
	Kind          string `col:"kind" doc:"reminder or recall"`
	Round         int32  `col:"round" doc:"1 for the first of the kind about the same vaccines"`
	Channel       string `col:"channel" doc:"by which it would have gone"`
	Region        string `col:"region" doc:"the region whose file would have held it"`
	VaccineGroups string `col:"vaccine_groups" doc:"groups that are due, joined by a bar"`
	EarliestDueOn Date   `col:"earliest_due_on" doc:"the first recommended day among them"`
	IssuedOn      Date   `col:"issued_on" doc:"as-of date of the night"`
}

// Withheld is somebody for whom a campaign calls for a notice, who gets none tonight.
type Withheld struct {
	ClientID int64  `col:"client_id" doc:"the person; nobody who is opted out, locked or sealed"`
	Campaign string `col:"campaign" doc:"the campaign"`
	Kind     string `col:"kind" doc:"reminder or recall"`
	Region   string `col:"region" doc:"the region, or unassigned"`
	Reason   string `col:"reason" doc:"the first reason that holds, in the order in which they are tried"`
	Reasons  string `col:"reasons" doc:"all that hold, in that order, joined by a bar"`
}

// Household is whose household somebody is of who has had a notice.
type Household struct {
	ClientID    int64 `col:"client_id" doc:"the person; nobody who is opted out, locked or sealed"`
	HouseholdID int64 `col:"household_id" doc:"never reused; stays when a child joins"`
	Since       int64 `col:"since_snapshot" doc:"number of the snapshot since which the person is of it"`
}

// Coverage is one measure in one area, of everybody or of those with one value of a property: tonight's internal figure,
// whatever its size. It is in no output.
type Coverage struct {
	Measure         string `col:"measure" doc:"id of the measure"`
	MeasureVersion  int32  `col:"measure_version" doc:"version of its definition"`
	AreaType        string `col:"area_type" doc:"county, region or state"`
	AreaCode        string `col:"area_code" doc:"FIPS code of the county, name of the region (unassigned for people without a county), or the state's two letters"`
	AreaName        string `col:"area_name" doc:"name of the area"`
	Stratum         string `col:"stratum" doc:"all; or the property, in a region and the state only: birth_cohort, age, sex, race, ethnicity, language or clinic"`
	StratumCode     string `col:"stratum_code" doc:"all; or the value: of a birth cohort the year in whose July it begins, of an age completed years"`
	StratumName     string `col:"stratum_name" doc:"the value in words"`
	Denominator     int64  `col:"denominator" doc:"people counted"`
	Numerator       int64  `col:"numerator" doc:"of them, those who meet the measure by valid doses"`
	NumeratorAny    int64  `col:"numerator_any" doc:"those who meet it by any doses"`
	Population      int64  `col:"population,null" doc:"people of the age who live in the area, by the site's file of populations; null: not known"`
	DenominatorRule string `col:"denominator_rule" doc:"id of the rule about who is counted"`
	AsOf            Date   `col:"as_of" doc:"as-of date"`
	Schedule        string `col:"schedule" doc:"version of the supporting data"`
}

// Publication is one published measure in one area, of everybody or of those with one value of a property: as it was published
// on a day, and never changed.
type Publication struct {
	PublishedOn     Date    `col:"published_on" doc:"as-of date of the night that published it"`
	Snapshot        int64   `col:"snapshot" doc:"number of the snapshot that has the figures"`
	Measure         string  `col:"measure" doc:"id of the measure"`
	MeasureVersion  int32   `col:"measure_version" doc:"version of its definition"`
	Doses           string  `col:"doses" doc:"valid or any: the doses that the measure, and so the percentage, is about"`
	AreaType        string  `col:"area_type" doc:"county, region or state"`
	AreaCode        string  `col:"area_code" doc:"FIPS code of the county, name of the region (unassigned for people without a county), or the state's two letters"`
	AreaName        string  `col:"area_name" doc:"name of the area"`
	Stratum         string  `col:"stratum" doc:"all; or the property, in the whole state only: birth_cohort, sex, race, ethnicity or language"`
	StratumCode     string  `col:"stratum_code" doc:"all; or the value: of a birth cohort the year in whose July it begins"`
	StratumName     string  `col:"stratum_name" doc:"the value in words"`
	Denominator     int64   `col:"denominator,null" doc:"people counted; null when withheld"`
	Numerator       int64   `col:"numerator,null" doc:"of them, those who meet the measure by valid doses; null when withheld"`
	NumeratorAny    int64   `col:"numerator_any,null" doc:"those who meet it by any doses; null when withheld"`
	Percent         float64 `col:"percent,null" doc:"of the people counted, to one decimal from 50 people up, else whole; null when withheld or of nobody"`
	PercentLow      float64 `col:"percent_low,null" doc:"lower end of the 95 % interval (Wilson), rounded alike"`
	PercentHigh     float64 `col:"percent_high,null" doc:"upper end of it"`
	Population      int64   `col:"population,null" doc:"people of the age who live there, by the site's file of populations; null: withheld or not known"`
	PeoplePercent   float64 `col:"population_percent,null" doc:"people counted for every 100 of these"`
	Suppressed      bool    `col:"suppressed" doc:"all figures of the row are withheld"`
	Suppression     string  `col:"suppression,null" doc:"why: few (a figure is about too few people, or one that is could be worked out with it)"`
	DenominatorRule string  `col:"denominator_rule" doc:"id of the rule about who is counted"`
	Schedule        string  `col:"schedule,null" doc:"version of the supporting data; null where no figure is published"`
	Footnotes       string  `col:"footnotes,null" doc:"ids of what a reader must know beside the figure, joined by a bar"`
	FootnoteTexts   string  `col:"footnote_texts,null" doc:"their texts, joined by a bar"`
}

// NotCounted is somebody who may be another person, so that only one of the two is counted.
type NotCounted struct {
	ClientID int64 `col:"client_id" doc:"the person"`
	OtherID  int64 `col:"other_id" doc:"who may be the same person: with more doses, or as many and the smaller id"`
}

// MeasureResult is what a measure finds of one person who is in its population.
type MeasureResult struct {
	ClientID int64  `col:"client_id" doc:"the person"`
	Measure  string `col:"measure" doc:"id of the measure"`
	Version  int32  `col:"measure_version" doc:"version of its definition"`
	JudgedOn Date   `col:"judged_on" doc:"the birthday by which the doses count; null: the night"`
	Met      bool   `col:"met" doc:"met by valid doses"`
	MetAny   bool   `col:"met_any" doc:"met by any doses, valid or not"`
	Late     bool   `col:"met_late" doc:"met by valid doses tonight: then, or since"`
	Short    int16  `col:"short" doc:"valid doses lacking in the clause that lacks most, a series that is not complete lacks 1; 0 when met"`
	TwoDoses bool   `col:"two_doses" doc:"two doses or more on record by the day, influenza apart: the other rule of denominators"`
	Missing  string `col:"missing,null" doc:"of a measure that clinics are assessed by: the groups that lack valid doses and how many, or that they are not complete, joined by a bar; null when met"`

	Eligibility string `col:"eligibility,null" doc:"financial eligibility code of the person's last dose that has one; null: none has"`
}

// Disclosure is one person in one output.
type Disclosure struct {
	Snapshot  int64  `col:"snapshot" doc:"number of the snapshot"`
	Output    string `col:"output" doc:"path of the file under out/"`
	ClientID  int64  `col:"client_id" doc:"the person"`
	Recipient string `col:"recipient" doc:"who receives the file"`
	Kind      string `col:"recipient_kind" doc:"kind of organisation"`
	Basis     string `col:"legal_basis" doc:"the law that permits it"`
	Purpose   string `col:"purpose" doc:"what it is for"`
}

// NewbornNotice is what became of the notification of a birth.
type NewbornNotice struct {
	RecordID  string `col:"record_id" doc:"the birth record"`
	Snapshot  int64  `col:"snapshot" doc:"number of the snapshot that decided it"`
	ClientID  int64  `col:"client_id,null" doc:"the child, by the id of that day"`
	Outcome   string `col:"outcome" doc:"notified; late (it came, or could first be notified, too long after the birth), sealed, same_child (another record of the child was notified), restricted, dead, unreceived (nobody may receive the file) or waiting"`
	DecidedOn Date   `col:"decided_on" doc:"as-of date of the night"`
}

// OpenNotice is a notice of a region whose collections are noted, as it lay in the folder open/ over some nights: whether
// somebody has collected it so. One that goes to another address, by another channel or to another recipient from a night on
// has a row more from there.
type OpenNotice struct {
	NoticeID    string `col:"notice_id" doc:"the notice"`
	ClientID    int64  `col:"client_id" doc:"the person"`
	Region      string `col:"region" doc:"the region in whose folder open/ it lies"`
	IssuedOn    Date   `col:"issued_on" doc:"day of the notice"`
	Since       int64  `col:"since_snapshot" doc:"number of the snapshot since which it lies there like this"`
	Until       int64  `col:"until_snapshot,null" doc:"the first snapshot in which it lies there like this no more; null while it does"`
	CollectedOn Date   `col:"collected_on" doc:"day on which it was collected; null until then"`
	Recipient   string `col:"recipient,null" doc:"who receives the folder; null for what lay in a night's own files alone, after the snapshot of the first note and before the folder"`
	Channel     string `col:"channel,null" doc:"mail, postcard, text or phone"`
	Address1    string `col:"address_1,null" doc:"street line of the letter"`
	ZIP         string `col:"zip,null" doc:"ZIP code of the letter"`
	Phone       string `col:"phone,null" doc:"ten digits, of a text or a call"`
}

// AnsweredList is a list of people that a sender wanted answered, and was.
type AnsweredList struct {
	BatchID    string `col:"batch_id" doc:"the list"`
	Sender     string `col:"sender" doc:"id of the sender"`
	Snapshot   int64  `col:"snapshot" doc:"number of the snapshot that answered it"`
	AnsweredOn Date   `col:"answered_on" doc:"as-of date of the night"`
	Entries    int64  `col:"entries" doc:"entries of the list"`
	Found      int64  `col:"found" doc:"of them, those whose person was found and is in the answer"`
}

// RecordAnswer is what became of a request for a record.
type RecordAnswer struct {
	RequestID  string `col:"request_id" doc:"the request"`
	ClientID   int64  `col:"client_id,null" doc:"the person whose record was issued, by the id of that day"`
	State      string `col:"state" doc:"answered (by a night), given (by an operator) or waits (for an operator)"`
	Reason     string `col:"reason" doc:"what agreed (mother_maiden, address), operator, or why it waits: nobody, several, unsure, kept_apart, deceased, relation, identity, office or key"`
	AnsweredOn Date   `col:"answered_on" doc:"day of the answer; null while it waits"`
	Code       string `col:"code,null" doc:"verification code of the record"`
}

// Withdrawal is a recipient's folder of an older night that names somebody who may not be shown so any more.
type Withdrawal struct {
	Snapshot int64  `col:"snapshot" doc:"number of the snapshot with which it was withdrawn"`
	Of       int64  `col:"of_snapshot" doc:"number of the snapshot in whose folder it lay; of what was handed out on demand, that which took it into disclosure"`
	Folder   string `col:"folder" doc:"path under that folder; an output on demand, which lies nowhere below out/"`
	People   int64  `col:"people" doc:"how many of the people in one of its outputs it is about, at least"`
	Why      string `col:"why" doc:"kinds of their restrictions, joined by a bar"`
}

// HeldLetter is somebody whose letter waits for nothing but a reviewer's answer.
type HeldLetter struct {
	ClientID int64  `col:"client_id" doc:"the person"`
	Kind     string `col:"kind" doc:"reminder or recall"`
}

var (
	PatientStatuses = define[PatientStatus](Table{Name: "patient_status", Kind: State, Version: 2, Steps: []Step{Added(2, "region", nil), Added(2, "region_since", nil), Added(2, "region_before", nil)}, Doc: "A person's standing at a provider or in the jurisdiction.", Owner: "client_id",
		Key: []string{"client_id", "level", "provider"}})
	Notices = define[Notice](Table{Name: "notice", Kind: Log, Version: 3, Steps: []Step{Added(2, "address_1", nil), Added(2, "zip", nil), Added(3, "household_id", nil),
		Added(3, "envelope", nil), Added(3, "template", nil), Added(3, "price_micros", nil), Added(3, "phone", nil)}, Doc: "One reminder or recall to one person.",
		Key: []string{"notice_id"}, Newest: []string{"snapshot"}})
	Coverages = define[Coverage](Table{Name: "coverage", Kind: State, Version: 2, Steps: []Step{Added(2, "stratum_code", "all"),
		Added(2, "stratum_name", "all"), Added(2, "numerator_any", int64(0)), Added(2, "population", nil), Dropped(2, "suppressed", "BOOLEAN"), Dropped(2, "suppression", "VARCHAR")},
		Doc: "One measure in one area, of everybody or of those with one value of a property: internal figures.",
		Key: []string{"measure", "area_type", "area_code", "stratum", "stratum_code"}})
	Publications = define[Publication](Table{Name: "publication", Kind: Log, Doc: "One published measure in one area, as it was published on a day.",
		Key: []string{"published_on", "measure", "area_type", "area_code", "stratum", "stratum_code"}, Newest: []string{"snapshot"}})
	NotCounteds = define[NotCounted](Table{Name: "not_counted", Kind: State, Doc: "Somebody who is in no figure of coverage: a question is open whether they are another person, who is counted.",
		Key: []string{"client_id"}})
	MeasureResults = define[MeasureResult](Table{Name: "measure_result", Kind: State, Doc: "What a measure finds of one person who is in its population.", Owner: "client_id",
		Key: []string{"client_id", "measure"}})
	Disclosures = define[Disclosure](Table{Name: "disclosure", Kind: Log, Doc: "One person in one output.",
		Key: []string{"snapshot", "output", "client_id"}, Newest: []string{"snapshot"}})
	Households = define[Household](Table{Name: "household", Kind: State, Doc: "Whose household somebody is of who has had a notice.",
		Key: []string{"client_id"}})
	OpenNotices = define[OpenNotice](Table{Name: "open_notice", Kind: State, Doc: "A notice of a region whose collections are noted, as it lay in its folder over some nights, and whether it was collected so.",
		Key: []string{"notice_id", "since_snapshot"}})
	NewbornNotices = define[NewbornNotice](Table{Name: "newborn_notice", Kind: Log, Doc: "What became of the notification of a birth.",
		Key: []string{"record_id"}, Newest: []string{"snapshot"}})
	Withdrawals = define[Withdrawal](Table{Name: "withdrawal", Kind: Log, Doc: "A folder of an older night that names somebody restricted since.",
		Key: []string{"of_snapshot", "folder"}, Newest: []string{"snapshot"}})
	ControlNotices = define[ControlNotice](Table{Name: "control_notice", Kind: Log, Doc: "A notice that somebody of a campaign's control group would have got.",
		Key: []string{"notice_id"}, Newest: []string{"snapshot"}})
	Withhelds = define[Withheld](Table{Name: "withheld", Kind: State, Doc: "Somebody for whom a campaign calls for a notice, who gets none, and why.",
		Key: []string{"client_id", "campaign"}})
	AnsweredLists = define[AnsweredList](Table{Name: "answered_list", Kind: Log, Doc: "A list of people that a sender wanted answered, and was.",
		Key: []string{"batch_id", "sender"}, Newest: []string{"snapshot"}})
	RecordAnswers = define[RecordAnswer](Table{Name: "record_answer", Kind: State, Doc: "What became of a request for a record.",
		Key: []string{"request_id"}})
	HeldLetters = define[HeldLetter](Table{Name: "held_letter", Kind: State, Doc: "Somebody whose letter waits for nothing but a reviewer's answer.",
		Key: []string{"client_id"}})
)
