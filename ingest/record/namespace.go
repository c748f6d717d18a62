package record

import (
	"strings"

	"miic/ingest/codes"
	"miic/ingest/field"
	"miic/ingest/read"
	"miic/ingest/rule"
)

// A number is one of the organisation that gave it. A sender may speak for several, and says for which: in HL7 by the
// assigning authority. It is kept as sent, blanks and all, so that another spelling is seen; what two spellings mean is
// decided beside all that the sender uses (package number).

// namespace reads the organisation that gave an identifier.
func (u *unit) namespace(t field.Field) string {
	b := u.raw[t]
	if len(read.Trim(b)) == 0 {
		return ""
	}
	if len(b) > 200 {
		u.fail(rule.IDLength, t)
		return ""
	}
	s := u.arena.Text(b)
	if len(read.Trim(b)) < len(b) { // blanks around it are a spelling of its own
		return u.arena.Join(s, " ")
	}
	return s
}

// within adds the organisation that gave it to the fingerprint of an identifier.
func within(h read.Fingerprint, namespace string) read.Fingerprint {
	if namespace == "" {
		return h
	}
	return h.Text(strings.ToUpper(strings.TrimSpace(namespace)))
}

// authority is the organisation in component n of an identifier: PID-3.4, of the type HD, is one component of three
// parts (name, universal id and its type); an order's EI has them as components of its own.
func (x *vxu) authority(rep []byte, n int, hd bool) []byte {
	var part [3][]byte
	for i := range part {
		if hd {
			part[i] = x.m.Part(rep, n, i+1)
		} else {
			part[i] = x.m.Part(rep, n+i, 1)
		}
		if isNull(part[i]) {
			part[i] = nil
		}
		if x.escape && len(part[i]) > 0 {
			part[i], x.arena.Buf = x.m.Unescape(part[i], x.arena.Buf)
		}
	}
	if len(read.Trim(part[1])) == 0 {
		return part[0]
	}
	out := make([]byte, 0, 64)
	for i, p := range part {
		if i > 0 {
			out = append(out, '&')
		}
		out = append(out, p...)
	}
	return out
}

// home is the state whose Medicaid numbers are written without it, as plans of the state do.
const home = "MN"

// state is the state that gave a number: the jurisdiction (PID-3.9), else the authority where that is a state.
func (x *vxu) state(rep []byte) string {
	for _, at := range [...]int{9, 4} {
		if s := strings.ToUpper(string(x.part(rep, at, 1))); len(s) == 2 {
			if _, ok := codes.Word("fips", s); ok {
				return s
			}
		}
	}
	return ""
}

// ofState makes the state a part of a Medicaid number that another state gave: two states' may be equal.
func (x *vxu) ofState(rep, id []byte) []byte {
	if state := x.state(rep); state != "" && state != home && len(id) > 0 {
		return append([]byte(state+"-"), id...)
	}
	return id
}

// certificate reads the number of a birth certificate as STATE-YEAR-NUMBER, with the state from the authority where the
// number lacks it. What has not all three is a number of some other list, and would keep a child's records apart.
func (x *vxu) certificate(rep, id []byte) []byte {
	if wholeCertificate(string(id)) {
		return id
	}
	if state := x.state(rep); state != "" && wholeCertificate(state+"-"+string(id)) {
		return append([]byte(state+"-"), id...)
	}
	return nil
}
