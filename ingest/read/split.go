package read

import (
	"fmt"
	"regexp"
	"strings"

	"miic/ingest/field"
)

// A split takes one column apart into several fields, as "last_name, first_name middle_name?" does with a whole name.
//
// Words are names of fields, or _ for a piece that is passed over; what is between them separates, blanks around a mark
// being as good as none. A ? after a field: it, and what separates it from the one before, may be missing. A piece ends
// where its separator first comes; the last one takes the rest.
type split struct {
	text   string
	form   *regexp.Regexp
	parts  []field.Field // by group of form
	needed []field.Field
}

var (
	splitWord = regexp.MustCompile(`[a-z][a-z_0-9]*\??|_`)
	onlyZIP   = `\d{5}(?:-?\d{4})?`
)

func parseSplit(text string) (*split, error) {
	s := &split{text: text}
	words := splitWord.FindAllStringIndex(text, -1)
	if len(words) == 0 {
		return nil, fmt.Errorf(`split %q: write fields and what separates them, such as "last_name, first_name middle_name?"`, text)
	}
	var form strings.Builder
	seen := map[field.Field]bool{}
	for i, at := range words {
		name, optional := strings.CutSuffix(text[at[0]:at[1]], "?")
		target, ok := field.ByName[name]
		switch {
		case name == "_":
			target = field.None
		case !ok:
			return nil, fmt.Errorf("split %q: %q is not a field we know", text, name)
		case seen[target]:
			return nil, fmt.Errorf("split %q: %s is there twice", text, name)
		case optional && i == 0:
			return nil, fmt.Errorf("split %q: the first field cannot be missing", text)
		}
		seen[target] = target != field.None
		between := ""
		if i > 0 {
			between = text[words[i-1][1]:at[0]]
			if between == "" {
				return nil, fmt.Errorf("split %q: nothing separates %s from the field before it", text, name)
			}
		}
		piece := fmt.Sprintf("%s(%s)", separator(between), pieceForm(target, between))
		if optional {
			piece = "(?:" + piece + ")?"
		} else if target != field.None {
			s.needed = append(s.needed, target)
		}
		form.WriteString(piece)
		s.parts = append(s.parts, target)
	}
	var err error
	before, behind := text[:words[0][0]], text[words[len(words)-1][1]:]
	s.form, err = regexp.Compile(`(?s)^\s*` + separator(before) + form.String() + separator(behind) + `\s*$`)
	return s, err
}

// A Piece is a field of a column that holds several, and what separates it from the one before.
type Piece struct {
	Before, Field string
	Optional      bool
}

// pieces are those that are not passed over, in their order, and what stands behind the last.
func (s *split) pieces() (list []Piece, after string) {
	end := 0
	for _, at := range splitWord.FindAllStringIndex(s.text, -1) {
		if word, optional := strings.CutSuffix(s.text[at[0]:at[1]], "?"); word != "_" {
			list = append(list, Piece{Before: s.text[end:at[0]], Field: word, Optional: optional})
		}
		end = at[1]
	}
	return list, s.text[end:]
}

func separator(between string) string {
	if mark := strings.TrimSpace(between); mark != "" {
		return `\s*` + regexp.QuoteMeta(mark) + `\s*`
	} else if between != "" {
		return `\s+`
	}
	return ""
}

// pieceForm is what a piece looks like. Codes end a piece before them that has no mark at its end: "St. Cloud MN 56301".
func pieceForm(target field.Field, between string) string {
	switch {
	case target == field.ZIP:
		return onlyZIP
	case target == field.State && strings.TrimSpace(between) == "":
		return `[A-Za-z]{2}`
	}
	return `.+?`
}

// apart fills raw with the pieces of a value, and reports whether it has the form.
func (s *split) apart(value []byte, raw *field.Values) bool {
	at := s.form.FindSubmatchIndex(value)
	if at == nil {
		return false
	}
	for i, target := range s.parts {
		if from, to := at[2*i+2], at[2*i+3]; target != field.None && from >= 0 {
			raw[target] = Trim(value[from:to])
		}
	}
	return true
}
