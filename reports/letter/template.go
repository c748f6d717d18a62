package letter

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// The pieces of mail that a template can be for.
const (
	PieceLetter   = "letter"
	PiecePostcard = "postcard"
)

// sections are the parts that a template of a piece must have, in their order.
var sections = map[string][]string{
	PieceLetter:   {"subject", "salutation", "opening", "closing", "signature", "optout"},
	PiecePostcard: {"subject", "body"},
}

// Fields are what a template may write, beside plain text: {{.Names}}, {{if .Adult}} … {{else}} … {{end}}. Every field is
// text or a truth; a text that is not known is empty, so that {{if .Clinic}} asks whether it is.
type Fields struct {
	Addressee      string `doc:"the name of the person whom the letter is addressed to; empty for a guardian who is not known"`
	Guardian       string `doc:"the guardian's name, where one is known and the letter is about minors"`
	Names          string `doc:"the given names of all whom the letter is about; your baby or your child for one without a name"`
	Several        bool   `doc:"the letter is about more than one person"`
	Overdue        bool   `doc:"somebody is late with a vaccine: the letter recalls; else it reminds"`
	OverdueNames   string `doc:"the given names of those who are late"`
	SeveralOverdue bool   `doc:"more than one is late"`
	Adult          bool   `doc:"the letter is about the one it is addressed to"`
	Clinic         string `doc:"the clinic of all whom the letter is about; empty if they have several or none"`
	ClinicPhone    string `doc:"its number; empty where it is not known"`
	PhoneName      string `doc:"whom to phone: the clinic of all, else the region's office, else the state's"`
	Phone          string `doc:"its number"`
	Office         string `doc:"the office that sends the letter"`
	OptOutPhone    string `doc:"the number of the office that sends the letter"`
	DataDate       string `doc:"the day of the data, written out in the letter's language"`
}

// openFields are those that a postcard may write: none is about a person.
var openFields = []string{"Clinic", "ClinicPhone", "PhoneName", "Phone", "Office", "OptOutPhone"}

// neededFields must be written by a piece, or what a family needs of it is missing.
var neededFields = map[string][]string{
	PieceLetter:   {"Names", "Phone", "Office", "DataDate", "OptOutPhone"},
	PiecePostcard: {"Phone", "OptOutPhone"},
}

// A Template is the words of one piece in one language.
type Template struct {
	Name     string // of the file, before the language: notice
	Language string
	Piece    string

	approved bool // by the file's own header
	parts    map[string]*template.Template
}

// parseTemplate reads a template file. Errors name the file and the line.
func parseTemplate(file, name string, text []byte) (*Template, error) {
	head, body, err := readHead(file, text, "language", "piece")
	if err != nil {
		return nil, err
	}
	t := &Template{Name: name, Language: head.values["language"], Piece: head.values["piece"],
		approved: head.approved(), parts: map[string]*template.Template{}}
	wanted := sections[t.Piece]
	if wanted == nil {
		return nil, fmt.Errorf("%s:%d: piece is %q: it must be letter or postcard", file, head.lines["piece"], t.Piece)
	}
	used := map[string]bool{}
	for _, s := range body {
		if !slices.Contains(wanted, s.name) {
			return nil, fmt.Errorf("%s:%d: a %s has no section [%s]: it has %s", file, s.line, t.Piece, s.name, strings.Join(wanted, ", "))
		}
		if t.parts[s.name] != nil {
			return nil, fmt.Errorf("%s:%d: section [%s] is there twice", file, s.line, s.name)
		}
		// the lines before the section are left empty, so that an error counts as the file does
		part, err := template.New(file).Parse(strings.Repeat("\n", s.line) + s.text)
		if err != nil {
			return nil, errors.New(strings.TrimPrefix(err.Error(), "template: "))
		}
		if err := checkFields(part, t.Piece, used); err != nil {
			return nil, err
		}
		t.parts[s.name] = part
	}
	for _, s := range wanted {
		if t.parts[s] == nil {
			return nil, fmt.Errorf("%s:1: section [%s] is missing: a %s must have it", file, s, t.Piece)
		}
	}
	for _, f := range neededFields[t.Piece] {
		if !used[f] {
			return nil, fmt.Errorf("%s:1: the field {{.%s}} is missing: a %s must write it", file, f, t.Piece)
		}
	}
	return t, nil
}

// checkFields refuses whatever is more than text, fields and conditions, and fields that the piece must not write.
func checkFields(t *template.Template, piece string, used map[string]bool) error {
	var walk func(n parse.Node) error
	asking := false // within {{if …}}, which writes nothing
	each := func(nodes ...parse.Node) error {
		for _, n := range nodes {
			if err := walk(n); err != nil {
				return err
			}
		}
		return nil
	}
	refuse := func(n parse.Node, format string, args ...any) error {
		where, _ := t.ErrorContext(n)
		return fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...))
	}
	walk = func(n parse.Node) error {
		switch n := n.(type) {
		case nil, *parse.TextNode, *parse.CommentNode, *parse.StringNode, *parse.BoolNode:
			return nil
		case *parse.ListNode:
			if n == nil {
				return nil
			}
			return each(n.Nodes...)
		case *parse.ActionNode:
			return walk(n.Pipe)
		case *parse.IfNode:
			asking = true
			err := walk(n.Pipe)
			asking = false
			if err != nil {
				return err
			}
			return each(n.List, n.ElseList)
		case *parse.PipeNode:
			if len(n.Decl) > 0 {
				return refuse(n, "%s: a template has no variables", n)
			}
			for _, c := range n.Cmds {
				if err := each(c.Args...); err != nil {
					return err
				}
			}
			return nil
		case *parse.IdentifierNode:
			if !slices.Contains([]string{"and", "or", "not"}, n.Ident) {
				return refuse(n, "%s: a template has no function but and, or, not", n.Ident)
			}
			return nil
		case *parse.FieldNode:
			name := strings.Join(n.Ident, ".")
			if _, known := reflect.TypeFor[Fields]().FieldByName(name); !known {
				return refuse(n, "there is no field {{.%s}}: a template may write %s", name, strings.Join(fieldNames(), ", "))
			}
			if piece == PiecePostcard && !slices.Contains(openFields, name) {
				return refuse(n, "{{.%s}} on a postcard, which everybody can read: it may write %s", name, strings.Join(openFields, ", "))
			}
			used[name] = used[name] || !asking
			return nil
		}
		return refuse(n, "%s: a template is text, fields such as {{.Names}}, and {{if .Adult}} … {{else}} … {{end}}", n)
	}
	for _, other := range t.Templates() {
		if other != t {
			return fmt.Errorf("%s: a template defines no other one", t.Name())
		}
	}
	return walk(t.Root)
}

func fieldNames() []string {
	var names []string
	for f := range reflect.TypeFor[Fields]().Fields() {
		names = append(names, f.Name)
	}
	return names
}

// paragraphs writes a section: its paragraphs lie between empty lines, and a line that begins with "- " is an item.
func (t *Template) paragraphs(section string, f *Fields) ([]Paragraph, error) {
	var b bytes.Buffer
	if err := t.parts[section].Execute(&b, f); err != nil {
		return nil, err
	}
	var list []Paragraph
	var lines []string
	item := false
	flush := func() {
		if text := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); text != "" {
			list = append(list, Paragraph{Text: runs(text, t.Language), Item: item})
		}
		lines, item = nil, false
	}
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSpace(line)
		rest, isItem := strings.CutPrefix(line, "- ")
		if line == "" || isItem {
			flush()
			item = isItem
		}
		lines = append(lines, rest)
	}
	flush()
	return list, nil
}

// line writes a section as one line.
func (t *Template) line(section string, f *Fields) (Text, error) {
	list, err := t.paragraphs(section, f)
	var text Text
	for i, p := range list {
		if i > 0 {
			text = append(text, Run{Text: " ", Language: t.Language})
		}
		text = append(text, p.Text...)
	}
	return text, err
}

// Text from outside is between these runes in what a template has written, with its language before it. They stand for
// nothing in Unicode, and clean takes them out of what comes from outside.
const foreignBegin, foreignText, foreignEnd = "\uE000", "\uE001", "\uE002"

// Foreign marks text that is not in the template's language: a name in none, the name of a clinic in English.
func Foreign(text, language string) string {
	if text = clean(text); text == "" {
		return ""
	}
	return foreignBegin + language + foreignText + text + foreignEnd
}

// runs takes marked text apart.
func runs(s, language string) Text {
	var text Text
	for s != "" {
		before, rest, found := strings.Cut(s, foreignBegin)
		if before != "" {
			text = append(text, Run{Text: before, Language: language})
		}
		if !found {
			break
		}
		inside, after, _ := strings.Cut(rest, foreignEnd)
		of, name, _ := strings.Cut(inside, foreignText)
		text = append(text, Run{Text: name, Language: of})
		s = after
	}
	return text
}
