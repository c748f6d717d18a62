package schedule

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// node is an XML element. CDC's files have no attributes or namespaces, and every value is text.
type node struct {
	name     string
	text     string // trimmed; "n/a", which older releases write for nothing, is nothing
	children []*node
	used     bool
	padded   bool // there was a blank before or after the text
	nothing  bool // the text was "n/a"
	extra    bool // it has attributes
}

// maxDepth is far beyond CDC's deepest element (8).
const maxDepth = 32

func parseTree(r io.Reader) (*node, error) {
	dec := xml.NewDecoder(r)
	root := &node{}
	stack := []*node{root}
	text := [][]byte{nil}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			names := make([]string, len(stack)-1)
			for i, n := range stack[1:] {
				names[i] = n.name
			}
			return nil, fmt.Errorf("element %s: %w", strings.Join(names, "/"), err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if len(stack) > maxDepth {
				return nil, fmt.Errorf("elements nested deeper than %d", maxDepth)
			}
			n := &node{name: t.Name.Local, extra: len(t.Attr) > 0}
			top := stack[len(stack)-1]
			top.children = append(top.children, n)
			stack = append(stack, n)
			text = append(text, nil)
		case xml.EndElement:
			n := stack[len(stack)-1]
			raw := text[len(text)-1]
			n.text = string(bytes.TrimSpace(raw))
			n.padded = n.text != "" && (raw[0] == ' ' || raw[len(raw)-1] == ' ')
			if strings.EqualFold(n.text, "n/a") {
				n.text, n.nothing = "", true
			}
			stack, text = stack[:len(stack)-1], text[:len(text)-1]
		case xml.CharData:
			text[len(text)-1] = append(text[len(text)-1], t...)
		}
	}
	if len(root.children) != 1 {
		return nil, errors.New("file holds no document")
	}
	return root.children[0], nil
}

// all returns the children of that name which are not empty: an empty element means "none".
func (n *node) all(name string) []*node {
	var out []*node
	for _, c := range n.children {
		if c.name == name {
			c.used = true
			if c.text != "" || len(c.children) > 0 && !c.blank() {
				out = append(out, c)
			}
		}
	}
	return out
}

// blank reports whether nothing below n has a value.
func (n *node) blank() bool {
	if n.text != "" {
		return false
	}
	for _, c := range n.children {
		if !c.blank() {
			return false
		}
	}
	return true
}

// value returns the text of the first child of that name, "" if absent.
func (n *node) value(name string) string {
	for _, c := range n.children {
		if c.name == name {
			c.used = true
			return c.text
		}
	}
	return ""
}

// ignore marks children as seen.
func (n *node) ignore(names ...string) {
	for _, c := range n.children {
		for _, name := range names {
			if c.name == name {
				c.skip()
			}
		}
	}
}

func (n *node) skip() {
	n.used = true
	for _, c := range n.children {
		c.skip()
	}
}

// walk calls f with n and every element below it.
func (n *node) walk(f func(*node)) {
	f(n)
	for _, c := range n.children {
		c.walk(f)
	}
}

// unused calls f with the path of each element that nobody looked at and that has a value.
func (n *node) unused(path string, f func(string)) {
	for _, c := range n.children {
		p := path + "/" + c.name
		if !c.used {
			if !c.blank() {
				f(p)
			}
			continue
		}
		c.unused(p, f)
	}
}
