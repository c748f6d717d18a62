// Package yamlfile reads the YAML files of a site, and names the file and the line of what is wrong in one.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// File is a text with its name, for errors about values in it.
type File struct {
	Name string
	Text []byte

	fault string // why it is there and has no text
}

// Folder reads the files of a folder whose names end in .yaml, by name. Hidden ones are left alone: editors and other
// systems leave such copies. A folder that is not there has none. A file that cannot be read, or was meant to be read and is
// named .yml, is there all the same: Decode says so, and the others go on.
func Folder(files fs.FS, dir string) ([]File, error) {
	entries, err := fs.ReadDir(files, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []File
	for _, e := range entries {
		ending := strings.ToLower(path.Ext(e.Name()))
		if strings.HasPrefix(e.Name(), ".") || ending != ".yaml" && ending != ".yml" {
			continue
		}
		list = append(list, Read(files, path.Join(dir, e.Name())))
	}
	return list, nil
}

// Read reads one file as Folder reads those of its folder.
func Read(files fs.FS, name string) File {
	f := File{Name: path.Base(name)}
	text, err := fs.ReadFile(files, name)
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // some editors begin a text with it
	switch {
	case path.Ext(name) != ".yaml":
		f.fault = ":1: would be read by nobody: its name must end in .yaml"
	case err != nil:
		f.fault = ":1: cannot be read: look at its rights"
	case !utf8.Valid(text):
		f.fault = fmt.Sprintf(":%d: is not UTF-8 text: save it again as UTF-8", brokenLine(text))
	default:
		f.Text = text
	}
	return f
}

// brokenLine is the first line that is not UTF-8.
func brokenLine(text []byte) int {
	n := 0
	for line := range bytes.Lines(text) {
		if n++; !utf8.Valid(line) {
			break
		}
	}
	return n
}

// Decode reads the file into v. A key that v does not have is an error with its line; so are a file without anything in it,
// and one of several documents.
func (f File) Decode(v any) error {
	if f.fault != "" {
		return errors.New(f.Name + f.fault)
	}
	if len(bytes.TrimSpace(f.Text)) == 0 {
		return fmt.Errorf("%s:1: is empty", f.Name)
	}
	if err := yaml.UnmarshalWithOptions(f.Text, v, yaml.Strict()); err != nil {
		return f.Unreadable(Meant(err, v))
	}
	return f.OneDocument()
}

// OneDocument is the error about a file of several documents: the reader takes the first and passes over the others.
func (f File) OneDocument() error {
	file, err := parser.ParseBytes(f.Text, 0)
	if err != nil {
		return f.Unreadable(err)
	}
	if len(file.Docs) > 1 {
		line := 1
		if second := file.Docs[1]; second.Start != nil {
			line = second.Start.Position.Line
		}
		return fmt.Errorf("%s:%d: a second document begins here, and would be read by nobody: write it into a file of its own",
			f.Name, line)
	}
	return nil
}

// Unreadable names the file and line of an error of the YAML reader; none stays none.
func (f File) Unreadable(err error) error {
	if err == nil {
		return nil
	}
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
		return fmt.Errorf("%s:%d: %s", f.Name, at.GetToken().Position.Line, at.GetMessage())
	}
	return fmt.Errorf("%s:1: is not YAML: %w", f.Name, err)
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
			if node, err := p.FilterFile(file); err == nil && node != nil && node.GetToken() != nil {
				return node.GetToken().Position.Line
			}
		}
		path = path[:strings.LastIndexAny(path, ".[")]
	}
	return 1
}
