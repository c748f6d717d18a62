package record

import "miic/internal/table"

// Staged rows are what a file reports, before it is compared with what the sender reported earlier. They carry the unit
// they came from, and by what two units of one file are the same.

// unitColumns are the unit, and the file, that a staged row came from.
type unitColumns struct {
	File     int32 `col:"file_no" doc:"file of the night"`
	Unit     int64 `col:"unit" doc:"line of the unit"`
	Offset   int64 `col:"unit_offset" doc:"offset of the unit"`
	UnitKey  int64 `col:"unit_key" doc:"fingerprint of what identifies the unit in its file; 0 where the client row of the unit has it"`
	UnitHash int64 `col:"unit_hash" doc:"fingerprint of what the unit holds"`
}

type stagedClient struct {
	table.ClientRecord
	unitColumns
}

type stagedEvent struct {
	table.VaccinationEvent
	SourceID        string `col:"source_client_id" doc:"the sender's own number for the person"`
	ClientNamespace string `col:"client_namespace,null" doc:"the organisation that gave that number"`
	OwnID           bool   `col:"own_id" doc:"event_id is the sender's own"`
	Content         int64  `col:"content_key" doc:"fingerprint of record, date, product and lot: what it is known by when its own id is not its alone"`
	KeyHash         int64  `col:"key_hash" doc:"fingerprint of event_id"`
	unitColumns
}

type stagedObservation struct {
	table.Observation
	SourceID        string `col:"source_client_id,null" doc:"in a comment file the sender's own number for the person; null in HL7"`
	ClientNamespace string `col:"client_namespace,null" doc:"the organisation that gave that number"`
	unitColumns
}

type stagedRequest struct {
	table.Request
	unitColumns
}

type stagedDeath struct {
	table.Death
	unitColumns
}

type stagedRosterEntry struct {
	table.RosterEntry
	unitColumns
}

type stagedResult struct {
	table.NoticeResult
	unitColumns
}

type StagedRejection struct {
	table.Rejected
	File int32 `col:"file_no" doc:"file of the night"`
	Unit int64 `col:"unit" doc:"line of the unit"`
}

var (
	StagedClients      = table.Working[stagedClient]("staged_client")
	StagedEvents       = table.Working[stagedEvent]("staged_event")
	StagedObservations = table.Working[stagedObservation]("staged_observation")
	stagedRequests     = table.Working[stagedRequest]("staged_request")
	stagedDeaths       = table.Working[stagedDeath]("staged_death")
	stagedRoster       = table.Working[stagedRosterEntry]("staged_roster")
	StagedResults      = table.Working[stagedResult]("staged_result")
	StagedRejections   = table.Working[StagedRejection]("staged_rejection")
)

// Staged are the tables of what is accepted.
var Staged = []*table.Table{StagedClients, StagedEvents, StagedObservations, stagedRequests, stagedDeaths, stagedRoster,
	StagedResults}
