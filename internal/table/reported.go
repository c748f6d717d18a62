package table

// The bits of ClientRecord.Reported that more than ingest reads. All of them: ingest/record/carry.go.
const (
	ReportedName      = 1<<0 | 1<<2 // given name, surname
	ReportedGuardian  = 1<<5 | 1<<6 | 1<<8
	ReportedSex       = 1 << 12
	ReportedRace      = 1 << 13
	ReportedEthnicity = 1 << 14
	ReportedLanguage  = 1 << 15
	ReportedAddress   = 1 << 16
	ReportedPhone     = 1 << 17
	ReportedStatus    = 1 << 23
	ReportedProvider  = 1 << 24
	ReportedContact   = 1 << 25
	ReportedDeath     = 1 << 41
)
