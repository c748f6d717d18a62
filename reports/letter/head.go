package letter

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// English is the language of what is mailed where no other text is approved.
const English = "en"

// Language is the code of a language in the one form in which files are named: two letters where it has two, in small
// letters. Hmong is one language, however its kinds are coded. A code that is not known is none.
func Language(code string) string {
	code = strings.TrimSpace(code)
	if hmong[strings.ToLower(code)] {
		return "hmn"
	}
	tag, err := language.All.Parse(code)
	if err != nil {
		return ""
	}
	base, sure := tag.Base()
	if sure == language.No {
		return ""
	}
	return base.String()
}

var hmong = map[string]bool{"mww": true, "blu": true, "hnj": true}

// A head is the lines before a text: a key, a colon and a value.
type head struct {
	values map[string]string
	lines  map[string]int
}

// approved reports whether the text says who has approved it.
func (h *head) approved() bool { return h.values["approved_by"] != "" }

// A section is a part of a text, with the line of its name.
type section struct {
	name, text string
	line       int
}

// readHead reads the lines up to the one of three hyphens, and the sections after it. Lines that begin with # before that
// are comments. It wants the keys that are named, and allows approved_by.
func readHead(file string, text []byte, keys ...string) (*head, []section, error) {
	if !utf8.Valid(text) {
		return nil, nil, fmt.Errorf("%s is not UTF-8 text: save it again as UTF-8", file)
	}
	h := &head{values: map[string]string{}, lines: map[string]int{}}
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n"), "\n")
	end := slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "---" })
	if end < 0 {
		return nil, nil, fmt.Errorf("%s: there is no line of three hyphens between its head and its text", file)
	}
	for i, line := range lines[:end] {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, found := strings.Cut(line, ":")
		switch key, value = strings.TrimSpace(key), strings.TrimSpace(value); {
		case !found || key != "approved_by" && !slices.Contains(keys, key):
			return nil, nil, fmt.Errorf("%s:%d: %q is not in a head: it has %s and approved_by", file, i+1, key, strings.Join(keys, ", "))
		case h.lines[key] > 0:
			return nil, nil, fmt.Errorf("%s:%d: %s is there twice", file, i+1, key)
		default:
			h.values[key], h.lines[key] = value, i+1
		}
	}
	for _, key := range keys {
		if h.values[key] == "" {
			return nil, nil, fmt.Errorf("%s: %s is missing: write it before the line of three hyphens", file, key)
		}
	}
	list := []section{{line: end + 1}}
	for i, line := range lines[end+1:] {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "["); ok && strings.HasSuffix(name, "]") {
			list = append(list, section{name: strings.TrimSuffix(name, "]"), line: end + 2 + i})
			continue
		}
		list[len(list)-1].text += line + "\n"
	}
	if strings.TrimSpace(list[0].text) == "" {
		list = list[1:]
	}
	return h, list, nil
}

// clean makes text from outside fit for a line of print: no control characters, none that turn the direction of writing
// or stand for nothing, and one blank between words.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
