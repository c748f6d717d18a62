package survive

import (
	"strings"

	"miic/internal/table"
	"miic/linkage/standard"
)

// News is a result of a notice, with its person.
type News struct {
	ClientID   int64      `col:"client_id"`
	ResultID   string     `col:"result_id"`
	Code       string     `col:"code"`
	Sender     string     `col:"sender"`
	BatchID    string     `col:"batch_id"`
	SenderTime table.Time `col:"sender_time"`
	HappenedOn table.Date `col:"happened_on"`
	ReceivedOn table.Date `col:"received_on"`
	SentTo     string     `col:"sent_to_address_1,null"`
	SentToZIP  string     `col:"sent_to_zip,null"`
	SentPhone  string     `col:"sent_to_phone,null"`
	Address1   string     `col:"address_1,null"`
	Address2   string     `col:"address_2,null"`
	City       string     `col:"city,null"`
	State      string     `col:"state,null"`
	ZIP        string     `col:"zip,null"`
	Astray     bool       `col:"astray"` // a person has judged that the letter went to somebody else
}

// Rows are what a result reports, beside the records of its person: that mail does not reach the address to which the
// notice went, the new address, a telephone by which nobody was reached. Each is of the day on which it became known.
func (n *News) Rows() []Row {
	base := Row{ClientID: n.ClientID, ReceivedOn: n.ReceivedOn, Sent: Sent{RecordID: standard.ResultPrefix + n.ResultID,
		Sender: n.Sender, BatchID: n.BatchID, SenderTime: n.SenderTime, DatedOn: n.HappenedOn,
		Reported: table.ReportedAddress}}
	var rows []Row
	moved := n.Code == "returned" || n.Code == "moved"
	if n.SentToZIP != "" && (moved || n.Code == "wrong_person" && n.Astray) {
		back := base
		back.Address1, back.ZIP, back.AddressFlag = n.SentTo, n.SentToZIP, "bad"
		rows = append(rows, back)
	}
	if moved && n.ZIP != "" {
		now := base
		now.RecordID += ":new"
		now.Address1, now.Address2, now.City, now.State, now.ZIP = n.Address1, n.Address2, n.City, n.State, n.ZIP
		rows = append(rows, now)
	}
	if n.Code == "phone_failed" {
		base.failed = &failure{n.HappenedOn, n.SentPhone}
		rows = append(rows, base)
	}
	return rows
}

// ofNotice reports whether the row is what came of a notice, and no record.
func (r *Row) ofNotice() bool { return strings.HasPrefix(r.RecordID, standard.ResultPrefix) }
