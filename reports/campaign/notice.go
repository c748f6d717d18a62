package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"miic/internal/table"
)

// noticeID names a notice by its content, so that the same notice made again has the same name.
func (c *Campaign) noticeID(clientID int64, ch choice) string {
	var buffer [256]byte
	content := append(append(buffer[:0], c.Name...), '|')
	content = append(strconv.AppendInt(content, clientID, 10), '|')
	content = append(append(content, ch.kind...), '|')
	content = append(strconv.AppendInt(content, int64(ch.round), 10), '|')
	content = append(append(content, ch.earliestOn.String()...), '|')
	content = append(content, ch.groups...)
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

func (c *Campaign) notice(asOf table.Date, snapshot int64, p *Person, ch choice) table.Notice {
	language := p.Language
	switch {
	case c.Language != FamilyLanguage && c.Language != BothLanguages:
		language = c.Language
	case language == "":
		language = "en"
	}
	n := table.Notice{
		NoticeID: c.noticeID(p.ClientID, ch), Snapshot: snapshot, ClientID: p.ClientID, Campaign: c.Name, Kind: ch.kind,
		Round: int32(ch.round), Channel: ch.channel, Language: language, Region: p.Region,
		VaccineGroups: ch.groups, EarliestDueOn: ch.earliestOn, IssuedOn: asOf,
		Address1: p.Address1, ZIP: p.ZIP, Template: c.Template, PriceMicros: c.PriceMicros[ch.channel],
	}
	if ch.channel == Text || ch.channel == Phone {
		n.Address1, n.ZIP, n.Phone = "", "", p.Phone
	}
	return n
}

// controlNotice is the notice that somebody of the control group would have got.
func (c *Campaign) controlNotice(asOf table.Date, snapshot int64, p *Person, ch choice) table.ControlNotice {
	return table.ControlNotice{NoticeID: c.noticeID(p.ClientID, ch), Snapshot: snapshot, ClientID: p.ClientID,
		Campaign: c.Name, Kind: ch.kind, Round: int32(ch.round), Channel: ch.channel, Region: p.Region,
		VaccineGroups: ch.groups, EarliestDueOn: ch.earliestOn, IssuedOn: asOf}
}
