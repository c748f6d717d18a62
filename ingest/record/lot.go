package record

import (
	"strings"

	"miic/ingest/field"
	"miic/ingest/lot"
)

// lots reads the lot field: the lot, further lots that are beside it, and the field as sent where
// these do not hold all of it.
func (u *unit) lots(e *stagedEvent) {
	raw := u.text(field.Lot)
	if raw == "" {
		return
	}
	s := u.arena.Upper(raw)
	for len(s) > 0 {
		one := s
		if i := strings.IndexAny(s, ",/;"); i >= 0 {
			one, s = s[:i], s[i+1:]
		} else {
			s = ""
		}
		switch one = lot.Clean(one); {
		case one == "" || one == e.Lot:
		case e.Lot == "":
			e.Lot = one
		case e.LotOther == "":
			e.LotOther = one
		default:
			e.LotOther = u.arena.Join(e.LotOther, "|", one)
		}
	}
	if e.Lot != raw {
		e.LotRaw = raw
	}
}
