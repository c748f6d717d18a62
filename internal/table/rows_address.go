package table

// AddressAnswer is what an address vendor has said about an address that it was asked about.
type AddressAnswer struct {
	AddressID string `col:"address_id" doc:"of the surname and the address as they were exported"`
	Snapshot  int64  `col:"snapshot" doc:"number of the snapshot that took the answer in"`
	BatchID   string `col:"batch_id" doc:"the file of answers, by its bytes"`
	Line      int64  `col:"line" doc:"line in the file, from 1"`
	ExportID  string `col:"export_id" doc:"the export that it answers, as lake/disclosed has it"`
	Vendor    string `col:"vendor" doc:"id of the recipient that got the export"`

	Surname  string `col:"surname,null" doc:"surname at the door, as exported"`
	Address1 string `col:"address_1" doc:"street line, as exported"`
	Address2 string `col:"address_2,null" doc:"second line, as exported"`
	City     string `col:"city,null" doc:"city, as exported"`
	State    string `col:"state,null" doc:"state, as exported"`
	ZIP      string `col:"zip" doc:"ZIP code, as exported"`

	StdAddress1   string `col:"std_address_1,null" doc:"street line in the postal service's form; null where it has none"`
	StdAddress2   string `col:"std_address_2,null" doc:"second line in that form"`
	StdCity       string `col:"std_city,null" doc:"city in that form"`
	StdState      string `col:"std_state,null" doc:"state in that form"`
	StdZIP5       string `col:"std_zip5,null" doc:"ZIP code, five digits"`
	StdZIP4       string `col:"std_zip4,null" doc:"the four digits behind it"`
	DeliveryPoint string `col:"delivery_point,null" doc:"the two digits of the delivery point"`
	DPVCode       string `col:"dpv_code,null" doc:"whether mail is delivered there: Y, D (a unit is missing), S (the unit is not known) or N"`

	NCOACode    string `col:"ncoa_code,null" doc:"return code of the postal service's file of moves"`
	MovedOn     Date   `col:"moved_on" doc:"when the family moved; of a month its first day"`
	NewAddress1 string `col:"new_address_1,null" doc:"street line of the new address"`
	NewAddress2 string `col:"new_address_2,null" doc:"second line of the new address"`
	NewCity     string `col:"new_city,null" doc:"city of the new address"`
	NewState    string `col:"new_state,null" doc:"two-letter state of the new address"`
	NewZIP5     string `col:"new_zip5,null" doc:"ZIP code of the new address"`
	NewZIP4     string `col:"new_zip4,null" doc:"the four digits behind it"`

	ProcessedOn Date `col:"processed_on" doc:"the day on which the vendor held the address against the postal service's files"`
}

// AddressAnswers is the table of what address vendors have answered.
var AddressAnswers = define[AddressAnswer](Table{Name: "address_answer", Kind: Log, Doc: "What an address vendor has said about an address.",
	Key: []string{"address_id"}, Newest: []string{"processed_on", "snapshot", "batch_id", "line"}})
