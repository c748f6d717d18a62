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

// ReadXML reads a folder with a release of CDC's supporting data (any 4.x): antigen files AntigenSupportingData*.xml and
// ScheduleSupportingData.xml. The version is the number in the folder's name; a folder without one is known by a
// hash of its files. Errors name file, element and reason.
func ReadXML(dir string) (*cdsi.Schedule, []Note, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("schedule folder: %w", err)
	}
	x := &xmlReader{s: &cdsi.Schedule{}}
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
			return nil, nil, err
		}
		fmt.Fprintf(hash, "%s %d\n", name, len(data))
		hash.Write(data)
		root, err := parseTree(strings.NewReader(string(data)))
		if err != nil {
			return nil, nil, fmt.Errorf("%s: not readable as XML: %w", name, err)
		}
		x.file, x.place = name, root.name
		if antigen {
			err = x.antigen(root)
		} else {
			found = true
			err = x.schedule(root)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %s: %w", name, x.place, err)
		}
		x.place = "document"
		x.oddly(root)
		root.unused(root.name, func(path string) { x.note("element %s is not known to this program and was left out", path) })
	}
	if !found {
		return nil, nil, fmt.Errorf("schedule folder %s has no %s", filepath.Base(dir), scheduleFile)
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
		x.note("its name does not tell a release 4.x: the version is %s", x.s.Version)
	}
	normalise(x.s)
	notes, err := check(x.s)
	if err != nil {
		return nil, nil, err
	}
	return x.s, append(x.notes, notes...), nil
}

type xmlReader struct {
	s     *cdsi.Schedule
	file  string
	place string
	notes []Note
}

func (x *xmlReader) note(format string, args ...any) {
	x.notes = append(x.notes, Note{x.file, x.place, fmt.Sprintf(format, args...)})
}

// oddly notes values that are written in an unusual way but read like any other.
func (x *xmlReader) oddly(root *node) {
	blanks, capitals := 0, 0
	root.walk(func(n *node) {
		if n.padded {
			blanks++
		}
		if capital.MatchString(n.text) {
			capitals++
		}
	})
	if blanks > 0 {
		x.note("%d values begin or end with a blank, which was dropped", blanks)
	}
	if capitals > 0 {
		x.note("%d durations have a capital unit, read like any other", capitals)
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
	slices.Sort(out)
	return slices.Compact(out), nil
}

// schedule reads the file that is common to all antigens.
func (x *xmlReader) schedule(root *node) error {
	if root.name != "scheduleSupportingData" {
		return fmt.Errorf("element is not scheduleSupportingData")
	}
	for _, part := range []string{"liveVirusConflicts", "vaccineGroups", "vaccineGroupToAntigenMap", "cvxToAntigenMap", "observations"} {
		if len(root.all(part)) == 0 {
			return fmt.Errorf("element %s: missing or empty", part)
		}
	}
	seen := map[[2]int16]cdsi.Conflict{}
	for _, list := range root.all("liveVirusConflicts") {
		for _, n := range list.all("liveVirusConflict") {
			f := fields{n: n}
			c := cdsi.Conflict{Begin: f.duration("conflictBeginInterval"), MinEnd: f.duration("minConflictEndInterval"), End: f.duration("conflictEndInterval")}
			for _, side := range []struct {
				name string
				to   *int16
			}{{"previous", &c.Previous}, {"current", &c.Current}} {
				nodes := n.all(side.name)
				if len(nodes) != 1 {
					return fmt.Errorf("element liveVirusConflict/%s: missing", side.name)
				}
				g := fields{n: nodes[0]}
				*side.to = g.code("cvx")
				nodes[0].ignore("vaccineType")
				f.fail(side.name, g.err)
			}
			if f.err != nil {
				return f.err
			}
			key := [2]int16{c.Previous, c.Current}
			if was, twice := seen[key]; twice {
				x.place = "liveVirusConflicts"
				x.note("CVX %02d then %02d occurs twice; the longer wait is kept", c.Previous, c.Current)
				if longer(was.End, c.End) {
					continue
				}
			}
			seen[key] = c
		}
	}
	for _, c := range seen {
		x.s.Conflicts = append(x.s.Conflicts, c)
	}
	members := map[string][]string{}
	for _, list := range root.all("vaccineGroupToAntigenMap") {
		for _, n := range list.all("vaccineGroupMap") {
			name := n.value("name")
			for _, a := range n.all("antigen") {
				members[name] = append(members[name], a.text)
			}
		}
	}
	for _, list := range root.all("vaccineGroups") {
		for _, n := range list.all("vaccineGroup") {
			f := fields{n: n}
			g := cdsi.VaccineGroup{Name: f.required("name"), Full: f.word("administerFullVaccineGroup", "", "No", "Yes") == 2}
			if f.err != nil {
				return f.err
			}
			g.Antigens = members[g.Name]
			x.s.Groups = append(x.s.Groups, g)
		}
	}
	for _, list := range root.all("cvxToAntigenMap") {
		for _, n := range list.all("cvxMap") {
			n.ignore("shortDescription")
			f := fields{n: n}
			cvx := f.code("cvx")
			for _, an := range n.all("association") {
				g := fields{n: an}
				x.s.Associations = append(x.s.Associations, cdsi.Association{CVX: cvx, Antigen: g.required("antigen"), Ages: g.ages("associationBeginAge", "associationEndAge")})
				f.fail("association", g.err)
			}
			if f.err != nil {
				return f.err
			}
		}
	}
	for _, list := range root.all("observations") {
		for _, n := range list.all("observation") {
			n.ignore("observationTitle", "group", "indicationText", "contraindicationText", "clarifyingText")
			f := fields{n: n}
			o := cdsi.ObservationCode{Code: f.code("observationCode")}
			for _, values := range n.all("codedValues") {
				for _, v := range values.all("codedValue") {
					v.ignore("text")
					o.Codes = append(o.Codes, cdsi.CodedValue{System: v.value("codeSystem"), Code: v.value("code")})
				}
			}
			if f.err != nil {
				return f.err
			}
			x.s.Observations = append(x.s.Observations, o)
		}
	}
	return nil
}

func longer(a, b cdsi.Duration) bool {
	return int(a.Months)*31+int(a.Days) > int(b.Months)*31+int(b.Days)
}
