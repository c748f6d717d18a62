package linkage

import (
	"cmp"
	"slices"
	"strings"

	"miic/internal/table"
)

// Restrictions only ever grow here: a request or a record's flag adds one, merges and splits carry it to
// everyone it may concern, and nothing that is delivered takes it away. Only an operator can.

// requestKinds are the requests that restrict, and what they forbid.
var requestKinds = map[string]string{"opt_out": "opt_out", "lock": "lock", "no_contact": "no_contact", "seal": "seal"}

// requestMatch is a request compared with one record.
type requestMatch struct {
	RequestID string
	ClientID  int64
	Sure      bool // at the bar and not held
}

// fromRequests turns matches at or above the review floor into restrictions: of the one person that a
// request surely names, else of every person it may name, until it is settled.
func fromRequests(kinds map[string]string, matches []requestMatch, snapshot int64) []table.Restriction {
	sure := map[string]map[int64]bool{}
	for _, m := range matches {
		if m.Sure {
			if sure[m.RequestID] == nil {
				sure[m.RequestID] = map[int64]bool{}
			}
			sure[m.RequestID][m.ClientID] = true
		}
	}
	var out []table.Restriction
	for _, m := range matches {
		r := table.Restriction{ClientID: m.ClientID, Kind: kinds[m.RequestID], SourceID: m.RequestID, Basis: "possible", Since: snapshot}
		if len(sure[m.RequestID]) == 1 {
			if !sure[m.RequestID][m.ClientID] {
				continue
			}
			r.Basis = "matched"
		}
		out = append(out, r)
	}
	return out
}

// carried is a restriction of the parent snapshot for one person that may now be under it.
type carried struct {
	ClientID int64  `col:"client_id"`
	Kind     string `col:"kind"`
	SourceID string `col:"source_id"`
	Basis    string `col:"basis"`
	Since    int64  `col:"since_snapshot"`
}

// joinRestrictions puts tonight's restrictions to those carried over. The older date stands; a source
// that now surely names a person stops suppressing the others it might have meant.
func joinRestrictions(old []carried, tonight []table.Restriction) []table.Restriction {
	settled := map[string]bool{}
	for _, r := range tonight {
		settled[r.SourceID] = settled[r.SourceID] || r.Basis != "possible"
	}
	type key struct {
		client       int64
		kind, source string
	}
	at := map[key]int{}
	var out []table.Restriction
	add := func(r table.Restriction) {
		k := key{r.ClientID, r.Kind, r.SourceID}
		i, ok := at[k]
		if !ok {
			at[k] = len(out)
			out = append(out, r)
			return
		}
		out[i].Since = min(out[i].Since, r.Since)
		if out[i].Basis == "possible" {
			out[i].Basis = r.Basis
		}
	}
	for _, r := range old {
		if r.Basis == "possible" && settled[r.SourceID] {
			continue
		}
		add(table.Restriction(r))
	}
	for _, r := range tonight {
		add(r)
	}
	slices.SortFunc(out, func(a, b table.Restriction) int {
		return cmp.Or(cmp.Compare(a.ClientID, b.ClientID), strings.Compare(a.Kind, b.Kind), strings.Compare(a.SourceID, b.SourceID))
	})
	return out
}

// clientPair is two persons who wait for a review of whether they are one.
type clientPair struct {
	L int64 `col:"client_l"`
	R int64 `col:"client_r"`
}

// suppressDoubtful adds, for each person who may be the same as one who has opted out, is locked or
// sealed, the same restriction as possible. A direct one of the same source stands.
func suppressDoubtful(list []table.Restriction, open []clientPair, snapshot int64) []table.Restriction {
	of := map[int64][]table.Restriction{}
	for _, r := range list {
		if r.Kind != "no_contact" {
			of[r.ClientID] = append(of[r.ClientID], r)
		}
	}
	var doubtful []table.Restriction
	add := func(from, to int64) {
		for _, r := range of[from] {
			r.ClientID, r.Basis, r.Since = to, "possible", snapshot
			doubtful = append(doubtful, r)
		}
	}
	for _, p := range open {
		add(p.L, p.R)
		add(p.R, p.L)
	}
	known := make([]carried, len(list))
	for i, r := range list {
		known[i] = carried(r)
	}
	return joinRestrictions(known, doubtful)
}
