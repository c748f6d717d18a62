// Package yamlfile names the file and the line of what is wrong in a YAML file of a site.
package yamlfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// A File is a text with its name, for errors about values in it.
type File struct {
	Name string
	Text []byte
}

// Decode reads the file into v; a key that v does not have is an error with its line.
func (f File) Decode(v any) error {
	return f.Unreadable(yaml.UnmarshalWithOptions(f.Text, v, yaml.Strict()))
}

// Unreadable names the file and line of an error of the YAML reader; none stays none.
func (f File) Unreadable(err error) error {
	if err == nil {
		return nil
	}
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", f.Name, at.GetToken().Position.Line, at.GetMessage())
	}
	return fmt.Errorf("%s: %w", f.Name, err)
}

// Fault is an error about the value at a path, such as $.ages.from.
func (f File) Fault(path, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", f.Name, f.Line(path), fmt.Sprintf(format, args...))
}

// Line is the line of the value at a path, or of what encloses it where it is not in the file; 1 where nothing is.
func (f File) Line(path string) int {
	file, err := parser.ParseBytes(f.Text, 0)
	if err != nil {
		return 1
	}
	for path != "$" && path != "" {
		if p, err := yaml.PathString(path); err == nil {
			if node, err := p.FilterFile(file); err == nil && node != nil {
				return node.GetToken().Position.Line
			}
		}
		path = path[:strings.LastIndexAny(path, ".[")]
	}
	return 1
}
