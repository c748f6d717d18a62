package schedule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"miic/forecast/cdsi"
)

// Note is an oddity of a release that was tolerated.
type Note struct {
	File  string // file name within the folder
	Place string // series, dose or element
	What  string
}

// String returns the note as one line.
func (n Note) String() string { return fmt.Sprintf("%s: %s: %s", n.File, n.Place, n.What) }

const scheduleFile = "ScheduleSupportingData.xml"

var release = regexp.MustCompile(`\d+\.\d+`)

// ReadXML reads a folder with a release of CDC's supporting data (any 4.x): antigen files AntigenSupportingData*.xml
// and ScheduleSupportingData.xml. The version is the number in the folder's name; a folder without one is known by a
// hash of its files, and data that is called like the built-in release and differs from it by a mark. Errors name file,
// element and reason.
func ReadXML(dir string) (*cdsi.Schedule, []Note, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("schedule folder: %w", err)
	}
	x := newXMLReader()
	hash := sha256.New()
	found := false
	for _, entry := range entries {
		name := entry.Name()
		antigen := strings.HasPrefix(name, "AntigenSupportingData") && strings.HasSuffix(name, ".xml")
		if !antigen && name != scheduleFile {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, nil, fmt.Errorf("schedule folder: %w", err)
		}
		fmt.Fprintf(hash, "%s %d\n", name, len(data))
		hash.Write(data)
		root, err := parseTree(strings.NewReader(string(data)))
		if err != nil {
			return nil, nil, fmt.Errorf("%s: not readable as XML: %w", name, err)
		}
		found = found || !antigen
		if err := x.document(name, root, antigen); err != nil {
			return nil, nil, err
		}
	}
	if !found {
		return nil, nil, fmt.Errorf("%s: the file is missing in folder %s", scheduleFile, filepath.Base(dir))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	x.s.Version = release.FindString(filepath.Base(abs))
	if x.s.Version == "" {
		x.s.Version = "sha256-" + hex.EncodeToString(hash.Sum(nil))[:12]
	}
	if !strings.HasPrefix(x.s.Version, "4.") {
		x.file, x.place = "folder", filepath.Base(abs)
		x.note("its name is not that of a release 4.x: the version is %s", x.s.Version)
	}
	notes, err := x.finish()
	if err != nil {
		return nil, nil, err
	}
	if err := markEdited(x.s); err != nil {
		return nil, nil, err
	}
	if strings.Contains(x.s.Version, editedMark) {
		notes = append(notes, Note{"folder", filepath.Base(abs),
			fmt.Sprintf("its data is not that of the built-in release of the same number: the version is %s", x.s.Version)})
	}
	return x.s, notes, nil
}

func newXMLReader() *xmlReader {
	return &xmlReader{s: &cdsi.Schedule{}, from: sources{common: scheduleFile, antigens: map[string]string{}}}
}

// finish checks what all documents hold together, and returns all notes.
func (x *xmlReader) finish() ([]Note, error) {
	normalise(x.s)
	notes, err := check(x.s, x.from)
	return append(x.notes, notes...), err
}

// document reads a file of the release: that of an antigen, or the one that is common to all.
func (x *xmlReader) document(file string, root *node, antigen bool) error {
	want, read := "scheduleSupportingData", x.common
	if antigen {
		want, read = "antigenSupportingData", x.antigen
	}
	x.file, x.place = file, root.name
	if root.name != want {
		return fmt.Errorf("%s: element %s: the document is no %s", file, root.name, want)
	}
	err := x.whole(root, "")
	if err == nil {
		err = read(root)
	}
	if err != nil {
		return fmt.Errorf("%s: %s: %w", file, x.place, err)
	}
	x.place = "document"
	x.oddly(root)
	root.unused(root.name, func(path string) { x.note("element %s is not known to this program and was left out", path) })
	return nil
}

type xmlReader struct {
	s     *cdsi.Schedule
	from  sources
	file  string
	place string
	notes []Note
}

func (x *xmlReader) note(format string, args ...any) {
	x.notes = append(x.notes, Note{x.file, x.place, fmt.Sprintf(format, args...)})
}

// oddly notes values that are written in an unusual way but read like any other.
func (x *xmlReader) oddly(root *node) {
	blanks, capitals, nothings, attributes := 0, 0, 0, 0
	root.walk(func(n *node) {
		if n.padded {
			blanks++
		}
		if capital.MatchString(n.text) {
			capitals++
		}
		if n.nothing && n.name != "setLogic" {
			nothings++
		}
		if n.extra {
			attributes++
		}
	})
	if blanks > 0 {
		x.note("%d values begin or end with a blank, which was dropped", blanks)
	}
	if capitals > 0 {
		x.note("%d durations have a capital unit, read like any other", capitals)
	}
	if nothings > 0 {
		x.note("%d values outside setLogic are n/a: taken as empty", nothings)
	}
	if attributes > 0 {
		x.note("%d elements have attributes, which were left out", attributes)
	}
}

var capital = regexp.MustCompile(`^[0-9]+ (Day|Week|Month|Year)s?$`)

// fields reads the values of one element and keeps the first error, so that rows can be written as literals.
type fields struct {
	n   *node
	err error
}

func (f *fields) fail(name string, err error) {
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("element %s/%s: %w", f.n.name, name, err)
	}
}

func (f *fields) duration(name string) cdsi.Duration {
	u, err := cdsi.ParseDuration(f.n.value(name))
	f.fail(name, err)
	return u
}

func (f *fields) ages(begin, end string) cdsi.Ages {
	return cdsi.Ages{Begin: f.duration(begin), End: f.duration(end)}
}

func (f *fields) day(name string) cdsi.Day {
	text := f.n.value(name)
	if len(text) == 10 && text[2] == '/' && text[5] == '/' { // immunityBirthDate is mm/dd/yyyy
		text = text[6:] + text[:2] + text[3:5]
	}
	d, err := cdsi.ParseDay(text)
	f.fail(name, err)
	return d
}

func (f *fields) validity(from, until string) cdsi.Validity {
	return cdsi.Validity{From: f.day(from), Until: f.day(until)}
}

func (f *fields) number(name string) int {
	text := f.n.value(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 9999 {
		f.fail(name, fmt.Errorf("%q is not a small number", text))
		return 0
	}
	return n
}

func (f *fields) code(name string) int16 {
	c, err := parseCode(f.n.value(name))
	f.fail(name, err)
	return c
}

func (f *fields) codes(name string) []int16 {
	out, err := parseCodes(f.n.value(name))
	f.fail(name, err)
	return out
}

func (f *fields) word(name string, words ...string) int {
	text := f.n.value(name)
	for i, w := range words {
		if strings.EqualFold(text, w) {
			return i
		}
	}
	f.fail(name, fmt.Errorf("%q is none of %q", text, words))
	return 0
}

func (f *fields) required(name string) string {
	text := f.n.value(name)
	if text == "" {
		f.fail(name, fmt.Errorf("no value"))
	}
	return text
}

func parseCode(text string) (int16, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > 999 {
		return 0, fmt.Errorf("%q is not a code of up to three digits", text)
	}
	return int16(n), nil
}

// parseCodes reads codes parted by ";" or ",", sorts them and drops repeats.
func parseCodes(text string) ([]int16, error) {
	var out []int16
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ',' }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		c, err := parseCode(part)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return sortedCodes(out), nil
}

// sortedCodes sorts the codes and drops repeats.
func sortedCodes(codes []int16) []int16 {
	slices.Sort(codes)
	return slices.Compact(codes)
}
