package read

import (
	"cmp"
	"fmt"
	"maps"
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
	Dates    string `yaml:"dates"`    // form of every date: see DateForms
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
	"result",  // what came of a notice
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
	// delimited, instead of to: the fields that the column holds and what separates them
	Split string `yaml:"split"`
	// delimited: what the sender's words are in ours, whatever their case; a word that is not there is dropped
	Map map[string]string `yaml:"map"`

	target field.Field // of a split the first
	split  *split
	name   string            // of the column, as the layout spells it
	words  map[string]string // the sender's word of each of ours
}

// Name is what the sender calls it, as the layout spells it; a fixed-width field has our name.
func (f *LayoutField) Name() string { return cmp.Or(f.name, f.To) }

// Words are what the sender writes for our words: of several the first by the alphabet.
func (f *LayoutField) Words() map[string]string { return f.words }

// Pieces are the fields that a record has there, in their order, with what stands before each, and what stands at the end.
// A value that is the same in every record stands nowhere, and has none.
func (f *LayoutField) Pieces() (list []Piece, after string) {
	switch {
	case f.split != nil:
		return f.split.pieces()
	case f.name == "" && len(f.At) == 0:
		return nil, ""
	}
	return []Piece{{Field: f.To}}, ""
}

// Targets are the fields that the layout's field fills.
func (f *LayoutField) Targets() []field.Field {
	if f.split != nil {
		return f.split.parts
	}
	return []field.Field{f.target}
}

// resolve reads what a field is.
func (f *LayoutField) resolve(l *Layout) error {
	f.name, f.Column = f.Column, strings.ToLower(f.Column)
	if (f.Split != "" || f.Map != nil) && l.Form != "csv" {
		return fmt.Errorf("field %s: split and map are for columns of a csv layout", f.To)
	}
	if f.Split != "" {
		if f.To != "" || f.Map != nil || f.Value != "" || f.Shared || f.Canary != "" {
			return fmt.Errorf("column %s: with split a field has column, required and optional, and nothing else", f.Column)
		}
		var err error
		if f.split, err = parseSplit(f.Split); err != nil {
			return fmt.Errorf("column %s: %w", f.Column, err)
		}
		f.target = f.split.parts[0]
		return nil
	}
	var ok bool
	if f.target, ok = field.ByName[f.To]; !ok {
		return fmt.Errorf("to %q is not a field we know", f.To)
	}
	if len(f.Map) > 0 {
		f.words = map[string]string{}
		folded := make(map[string]string, len(f.Map))
		for word, ours := range f.Map {
			key := strings.ToLower(strings.TrimSpace(word))
			if other, twice := folded[key]; twice && other != ours {
				return fmt.Errorf("field %s: map has %q twice, with two meanings", f.To, word)
			}
			folded[key] = ours
			if other, ok := f.words[ours]; !ok || word < other {
				f.words[ours] = word
			}
		}
		f.Map = folded
	}
	return nil
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
		return nil, fmt.Errorf("dates %q is none of %s", l.Dates, strings.Join(slices.Sorted(maps.Keys(DateForms)), ", "))
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
	columns := map[string]bool{}
	for i := range l.Fields {
		f := &l.Fields[i]
		if err := f.resolve(l); err != nil {
			return nil, fmt.Errorf("field %d: %w", i+1, err)
		}
		if columns[f.Column] && f.Column != "" {
			return nil, fmt.Errorf("field %d: column %q is there twice: one column is one field, or a split of several", i+1, f.Column)
		}
		columns[f.Column] = true
		t := f.target
		always := f.Value != "" && f.Column == "" && len(f.At) == 0
		if !always && (l.Form == "fixed") != (len(f.At) > 0) || !always && (l.Form == "csv") != (f.Column != "") {
			return nil, fmt.Errorf("field %s: a fixed layout needs at or value, a csv layout column or value", f.To)
		}
		for _, at := range f.At {
			if at[0] < 1 || at[1] < 1 || at[0]+at[1]-1 > l.Width {
				return nil, fmt.Errorf("field %s: %d/%d lies outside the record of %d bytes", f.To, at[0], at[1],
					l.Width)
			}
		}
		switch {
		case f.Required && f.split != nil:
			l.Needed = append(l.Needed, f.split.needed...)
		case f.Required:
			l.Needed = append(l.Needed, t)
		}
		if l.Form == "csv" && f.Value != "" {
			l.defaults = append(l.defaults, f)
		}
		if f.Canary != "" {
			l.Canaries = append(l.Canaries, Canary{Field: t, Kind: f.Canary})
		}
	}
	return l, nil
}
