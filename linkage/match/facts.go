package match

import (
	"strings"

	"miic/internal/table"
)

// Facts is what one record reports that is weighed of whole persons, not of pairs of records.
type Facts struct {
	Birth
	Born   table.Date // 0 if not known
	First  string     // given name in linkage form; empty if none is known
	Middle string     // in linkage form, or its first letter; empty if none is known
	Sender int32      // equal for records of one sender
	Days   []int32    // of its doses, in order, as table.Date
}

// Facts returns the facts of records of the index.
func (m *Matcher) Facts(rids []int32) ([]Facts, error) {
	wanted := make([]Pair, len(rids))
	for i, rid := range rids {
		wanted[i] = Pair{L: rid, R: rid}
	}
	if err := m.code(wanted); err != nil {
		return nil, err
	}
	out := make([]Facts, len(rids))
	for i, rid := range rids {
		f := &m.forms.list[rid]
		out[i] = Facts{Birth: m.Birth(rid), First: m.forms.text[f.v[fFirst]], Middle: m.forms.text[f.v[fMiddle]],
			Sender: f.v[fSender], Days: m.forms.days[f.doses.from:f.doses.to]}
		out[i].Born, _ = table.ParseDate(m.forms.text[f.v[fBirth]])
	}
	return out, nil
}

// dosed is what EachDosed reads of a record of a night.
type dosed struct {
	Withdrawn bool       `col:"withdrawn"`
	Kind      string     `col:"sender_kind"`
	Birth     table.Date `col:"birth_date"`
	Doses     string     `col:"doses,null"`
}

// EachDosed calls fn with the days of each record that reports doses and is of somebody born on a wanted day.
func (m *Matcher) EachDosed(wanted func(born table.Date) bool, fn func(born table.Date, days []int32)) error {
	if m.held == nil {
		for rid := 1; rid <= m.records; rid++ {
			f := &m.forms.list[rid]
			born, err := table.ParseDate(m.forms.text[f.v[fBirth]])
			if err == nil && f.v[fDoses] != 0 && wanted(born) {
				fn(born, m.forms.days[f.doses.from:f.doses.to])
			}
		}
		return nil
	}
	rows, err := table.RowsOf[dosed](m.held)
	if err != nil {
		return err
	}
	var r dosed
	var days []int32
	for at := range m.held.Len() {
		rows.Read(at, &r)
		if r.Doses == "" || r.Withdrawn || r.Birth == 0 || r.Kind == "request" || !wanted(r.Birth) {
			continue
		}
		days = days[:0]
		for text := range strings.SplitSeq(r.Doses, "|") {
			if d, err := table.ParseDate(text); err == nil {
				days = append(days, int32(d))
			}
		}
		fn(r.Birth, days)
	}
	return nil
}

// Reported says of each record, by rid, whether it gives a birth certificate and whether it reports doses.
func (m *Matcher) Reported() (certified, dosed []bool, err error) {
	certified, dosed = make([]bool, m.records+1), make([]bool, m.records+1)
	if m.held == nil {
		for rid := 1; rid <= m.records; rid++ {
			v := &m.forms.list[rid].v
			certified[rid], dosed[rid] = v[fBirthCert] != 0, v[fDoses] != 0
		}
		return certified, dosed, nil
	}
	type reported struct {
		BirthCert string `col:"birth_cert,null"`
		Doses     string `col:"doses,null"`
	}
	rows, err := table.RowsOf[reported](m.held)
	if err != nil {
		return nil, nil, err
	}
	var r reported
	for at := range m.held.Len() {
		rows.Read(at, &r)
		certified[at+1], dosed[at+1] = r.BirthCert != "", r.Doses != ""
	}
	return certified, dosed, nil
}
