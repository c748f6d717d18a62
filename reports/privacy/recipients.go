package privacy

import (
	"miic/internal/area"
	"miic/internal/table"
)

// A region's file goes to the community health board that coordinates the region; people without a
// region stay with the commissioner. Both are named by Minn. Stat. 144.3351.
const (
	legalBasis = "Minn. Stat. 144.3351"
	boardKind  = "community health board"
	stateKind  = "commissioner of health"
)

// Disclose is one person in a region's file: who receives it, by which law, and what for.
func Disclose(snapshot int64, region, output string, clientID int64, purpose string) table.Disclosure {
	recipient, kind := "regional coordinator, "+region, boardKind
	if region == area.Unassigned {
		recipient, kind = "state immunization program", stateKind
	}
	return table.Disclosure{Snapshot: snapshot, Output: output, ClientID: clientID,
		Recipient: recipient, Kind: kind, Basis: legalBasis, Purpose: purpose}
}
