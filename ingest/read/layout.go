package read

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"miic/ingest/effective"
	"miic/ingest/field"
)

// A Layout is how a line of a delimited or fixed-width file becomes a record. Layouts are data: a
// new sender whose lines hold the same things needs a file here and no code.
type Layout struct {
	ID       string `yaml:"id"`
	Doc      string `yaml:"doc"`
	Makes    string `yaml:"makes"`    // what a line is: see lineKinds
	Form     string `yaml:"form"`     // fixed or csv
	Width    int    `yaml:"width"`    // bytes of a fixed-width record, line end apart
	Between  string `yaml:"between"`  // delimited: comma (the default), pipe, tab or semicolon
	Encoding string `yaml:"encoding"` // unless the sender's own is configured
	Dates    string `yaml:"dates"`    // form of every date: YYYYMMDD, MMDDYYYY or YYYY-MM-DD
	Clients  string `yaml:"clients"`  // of doses: the layout whose files bring their clients
	// of clients: a record is a whole document, a blank in it takes back what was reported before
	Whole  bool           `yaml:"whole"`
	Dated  effective.Rule `yaml:"dated"`  // which day of a record is that on which what it reports was true
	Paired bool           `yaml:"paired"` // a file comes with one of the clients' layout on the same day
	Fields []LayoutField  `yaml:"fields"`

	// Of comments: what a code means, as a kind of observation and its code: "33": "refusal NIP002:00".
	Comments map[string]string `yaml:"comments"`

	Needed   []field.Field `yaml:"-"` // fields without which a line is refused
	Canaries []Canary      `yaml:"-"` // fields that show whether a column is shifted
	defaults []*LayoutField
	between  byte
}

// lineKinds are what a line of a file can be.
var lineKinds = []string{
	"client",  // a person as the sender knows them
	"dose",    // a dose of a person whom a client file brings
	"visit",   // a person and a dose given to them: a mass clinic's roster
	"claim",   // a health plan's claim line
	"comment", // something about a person that is no dose
	"request", // what a family asks for
	"death",   // a death certificate
	"roster",  // a person on a list that the sender wants answered
}

var Delimiters = map[string]byte{"": ',', "comma": ',', "pipe": '|', "tab": '\t', "semicolon": ';'}

// LayoutField is one value of a record: where it is, and which field of ours it is.
type LayoutField struct {
	To   string   `yaml:"to"`
	At   [][2]int `yaml:"at"`   // fixed width: begin (from 1) and width of each piece
	Join string   `yaml:"join"` // between pieces
	// fixed width: what it always is; delimited: what it is where a line has none
	Value    string `yaml:"value"`
	Column   string `yaml:"column"` // delimited: the header's name
	Required bool   `yaml:"required"`
	Optional bool   `yaml:"optional"` // delimited: the header may lack the column
	// delimited: may come once, before the header, as NAME and value: every line without one of its own has it
	Shared bool   `yaml:"shared"`
	Canary string `yaml:"canary"` // date or sex: parses in more than 99 of 100 lines, or the file is shifted

	target field.Field
}

// A Canary is a field that nearly every line has, and its kind: date, or the table of its codes.
type Canary struct {
	Field field.Field
	Kind  string
}

const (
	HL7Layout   = "hl7-vxu"
	UTF8        = "utf-8"
	Windows1252 = "windows-1252"
)

func ParseLayout(text []byte) (*Layout, error) {
	l := &Layout{}
	if err := yaml.UnmarshalWithOptions(text, l, yaml.Strict()); err != nil {
		return nil, err
	}
	if !slices.Contains(lineKinds, l.Makes) {
		return nil, fmt.Errorf("makes %q is not one of %s", l.Makes, strings.Join(lineKinds, ", "))
	}
	if l.Form != "fixed" && l.Form != "csv" {
		return nil, fmt.Errorf("form %q is not fixed or csv", l.Form)
	}
	if DateForms[l.Dates] == nil {
		return nil, fmt.Errorf("dates %q is not a known form", l.Dates)
	}
	if l.between = Delimiters[l.Between]; l.between == 0 {
		return nil, fmt.Errorf("between %q is not comma, pipe, tab or semicolon", l.Between)
	}
	if err := effective.Check(l.Dated); err != nil {
		return nil, err
	}
	for code, meaning := range l.Comments {
		kind, what, ok := strings.Cut(meaning, " ")
		if system, _, sent := strings.Cut(what, ":"); !ok || !sent || system == "" ||
			!slices.Contains([]string{"immunity", "contraindication", "reaction", "risk", "refusal"}, kind) {
			return nil, fmt.Errorf("comments: %s: write a kind of observation and its code, such as %q", code,
				"immunity SCT:38907003")
		}
	}
	for i := range l.Fields {
		f := &l.Fields[i]
		t, ok := field.ByName[f.To]
		if !ok {
			return nil, fmt.Errorf("field %d: to %q is not a field we know", i, f.To)
		}
		f.target = t
		if (l.Form == "fixed") != (len(f.At) > 0 || f.Value != "" && f.Column == "") ||
			(l.Form == "csv") != (f.Column != "") {
			return nil, fmt.Errorf("field %s: a fixed layout needs at or value, a csv layout column", f.To)
		}
		f.Column = strings.ToLower(f.Column)
		for _, at := range f.At {
			if at[0] < 1 || at[1] < 1 || at[0]+at[1]-1 > l.Width {
				return nil, fmt.Errorf("field %s: %d/%d lies outside the record of %d bytes", f.To, at[0], at[1],
					l.Width)
			}
		}
		if f.Required {
			l.Needed = append(l.Needed, t)
		}
		if f.Column != "" && f.Value != "" {
			l.defaults = append(l.defaults, f)
		}
		if f.Canary != "" {
			l.Canaries = append(l.Canaries, Canary{Field: t, Kind: f.Canary})
		}
	}
	return l, nil
}
