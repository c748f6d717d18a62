package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"miic/forecast/cdsi"
)

// parsed is a line taken apart. Taking a word or value consumes it; done complains about what is left.
type parsed struct {
	words  []string
	values map[string]string
	err    error
}

func parseLine(text string) (*parsed, error) {
	p := &parsed{values: map[string]string{}}
	for text = strings.TrimLeft(text, " \t"); text != ""; text = strings.TrimLeft(text, " \t") {
		key := ""
		if i := strings.IndexAny(text, " \t=\""); i > 0 && text[i] == '=' {
			key, text = text[:i], text[i+1:]
		}
		value := ""
		if strings.HasPrefix(text, `"`) {
			q, err := strconv.QuotedPrefix(text)
			if err != nil {
				return nil, fmt.Errorf("a quotation does not end")
			}
			text = text[len(q):]
			if value, err = strconv.Unquote(q); err != nil {
				return nil, fmt.Errorf("a quotation is malformed")
			}
		} else {
			i := strings.IndexAny(text, " \t")
			if i < 0 {
				i = len(text)
			}
			value, text = text[:i], text[i:]
		}
		if key == "" {
			p.words = append(p.words, value)
		} else if _, twice := p.values[key]; twice {
			return nil, fmt.Errorf("%s= occurs twice", key)
		} else {
			p.values[key] = value
		}
	}
	return p, nil
}

func (p *parsed) fail(err error) {
	if p.err == nil && err != nil {
		p.err = err
	}
}

func (p *parsed) done() error {
	if p.err != nil {
		return p.err
	}
	if len(p.words) > 0 {
		return fmt.Errorf("%q is not expected here", p.words[0])
	}
	keys := make([]string, 0, len(p.values))
	for k := range p.values {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if len(keys) > 0 {
		return fmt.Errorf("%s= is not expected here", keys[0])
	}
	return nil
}

func (p *parsed) word() string {
	if len(p.words) == 0 {
		p.fail(fmt.Errorf("a word is missing"))
		return ""
	}
	w := p.words[0]
	p.words = p.words[1:]
	return w
}

func (p *parsed) oneOf(words []string) int {
	w := p.word()
	i := slices.Index(words, w)
	if i < 0 || w == "" {
		p.fail(fmt.Errorf("%q is none of %q", w, words))
		return 0
	}
	return i
}

func (p *parsed) flag(word string) bool {
	i := slices.Index(p.words, word)
	if i < 0 {
		return false
	}
	p.words = slices.Delete(p.words, i, i+1)
	return true
}

func (p *parsed) value(key string) string {
	v := p.values[key]
	delete(p.values, key)
	return v
}

func (p *parsed) number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 9999 {
		p.fail(fmt.Errorf("%q is not a small number", text))
		return 0
	}
	return n
}

func (p *parsed) numberAt(key string) int {
	if text := p.value(key); text != "" {
		return p.number(text)
	}
	return 0
}

func (p *parsed) numbers(text string) []int {
	var out []int
	for _, part := range strings.FieldsFunc(text, isComma) {
		out = append(out, p.number(part))
	}
	return out
}

func isComma(r rune) bool { return r == ',' }

func (p *parsed) codes(text string) []int16 {
	out, err := parseCodes(text)
	p.fail(err)
	return out
}

func (p *parsed) code(text string) int16 {
	c, err := parseCode(text)
	p.fail(err)
	return c
}

func (p *parsed) duration(key string) cdsi.Duration {
	u, err := cdsi.ParseDuration(p.value(key))
	p.fail(err)
	return u
}

func (p *parsed) day(key string) cdsi.Day {
	d, err := cdsi.ParseDay(p.value(key))
	if err != nil {
		p.fail(fmt.Errorf("%s=: %w", key, err))
	}
	return d
}

func (p *parsed) ages() cdsi.Ages {
	return cdsi.Ages{Begin: p.duration("begin"), End: p.duration("end")}
}

func (p *parsed) validity() cdsi.Validity {
	return cdsi.Validity{From: p.day("from"), Until: p.day("until")}
}
