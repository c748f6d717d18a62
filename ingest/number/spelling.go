package number

import "fmt"

// A Spelling is one of a sender's spellings of namespaces, in a file of the night or before.
type Spelling struct {
	Text, Means string
	Tonight     bool
	File        string
	Line        int64 // the first that has it
	Known       bool  // files of its kind have come before
}

// A Change is what operators are told of a spelling: of the file, what, where and what to do.
type Change struct{ File, Text string }

// few is how many new spellings of a sender are named one by one; more are no organisations.
const few = 5

// Changed says which of a sender's spellings are new, where that is a change.
func Changed(list []Spelling) []Change {
	before := map[string]bool{}
	of := map[string]string{} // an earlier spelling, by what it means
	for _, s := range list {
		if !s.Tonight {
			before[s.Text], of[s.Means] = true, s.Text
		}
	}
	seen := map[string]bool{}
	var out []Change
	for _, s := range list {
		if !s.Tonight || before[s.Text] || seen[s.Text] || !s.Known {
			continue
		}
		seen[s.Text] = true
		earlier, spelled := of[s.Means]
		text := "is new in this feed. Its numbers are its own; where a person is alike to the one of another " +
			"authority's equal number, the record goes on. If it is one of the others under a new name, say so in the " +
			"sender's namespaces: in miic.yaml"
		switch {
		case spelled:
			text = fmt.Sprintf("was spelled %s before: both are read as one, and nobody's record moves. Ask the sender "+
				"to keep to one spelling", shown(earlier))
		case len(before) == 0:
			text = "is the first that this feed names. Records of before, without one, go on where the people are " +
				"alike; where they are not, a number is another organisation's and begins a record"
		}
		out = append(out, Change{s.File, fmt.Sprintf("line %d: the assigning authority %s %s", s.Line, shown(s.Text), text)})
	}
	if len(out) > few {
		out = append(out[:few], Change{out[0].File, fmt.Sprintf("%d more assigning authorities are new tonight: if that "+
			"cannot be, a column is shifted; look at the file, and take it out if so", len(out)-few)})
	}
	return out
}

// shown is a spelling as it may be printed: quoted, and short.
func shown(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return fmt.Sprintf("%q", s)
}
