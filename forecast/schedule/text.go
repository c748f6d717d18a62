package schedule

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"miic/forecast/cdsi"
)

// The text form is a folder: schedule.txt with what concerns all antigens, and antigens/<name>.txt. A line is a
// keyword, words, and key=value pairs; values with blanks are quoted. Indentation is for the reader's eye: the order of
// the lines shows what belongs to what.
const (
	commonFile   = "schedule.txt"
	antigenDir   = "antigens"
	formatHeader = "miic-schedule 1"
)

// Write writes the schedule into dir in the text form, as files readable by their owner only. Antigen files of an
// earlier schedule are removed.
func Write(s *cdsi.Schedule, dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, antigenDir), 0o700); err != nil {
		return err
	}
	wanted := map[string]bool{}
	mark, err := factsMark(s)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, commonFile), func(w io.Writer) { writeCommon(w, s, mark) }); err != nil {
		return err
	}
	for i := range s.Antigens {
		name := fileName(s.Antigens[i].Name)
		if wanted[name] {
			return fmt.Errorf("two antigens would be written to %s", name)
		}
		wanted[name] = true
		if err := writeFile(filepath.Join(dir, antigenDir, name),
			func(w io.Writer) { writeAntigen(w, &s.Antigens[i]) }); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, antigenDir))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !wanted[e.Name()] && strings.HasSuffix(e.Name(), ".txt") {
			if err := os.Remove(filepath.Join(dir, antigenDir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeFile(name string, body func(io.Writer)) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	body(w)
	if err := w.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func fileName(antigen string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(antigen) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else {
			b.WriteByte('-')
		}
	}
	return b.String() + ".txt"
}

// Text writes the whole schedule as one stream, the common part first: for showing and for comparing two schedules
// line by line.
func Text(w io.Writer, s *cdsi.Schedule) error {
	b := bufio.NewWriter(w)
	writeCommon(b, s, "")
	for i := range s.Antigens {
		fmt.Fprintln(b)
		writeAntigen(b, &s.Antigens[i])
	}
	return b.Flush()
}

// AntigenText writes one antigen in the text form.
func AntigenText(w io.Writer, a *cdsi.Antigen) error {
	b := bufio.NewWriter(w)
	writeAntigen(b, a)
	return b.Flush()
}

// line builds one line of the text form.
type line struct{ strings.Builder }

func newLine(indent int, words ...string) *line {
	l := &line{}
	l.WriteString(strings.Repeat("  ", indent))
	for i, w := range words {
		if i > 0 {
			l.WriteByte(' ')
		}
		l.WriteString(quote(w))
	}
	return l
}

func quote(s string) string {
	if s == "" || strings.ContainsAny(s, " \t\"=#\n\r\\") {
		return strconv.Quote(s)
	}
	return s
}

func (l *line) set(key, value string) *line {
	if value != "" {
		l.WriteString(" " + key + "=" + quote(value))
	}
	return l
}

func (l *line) flag(word string, on bool) *line {
	if on {
		l.WriteString(" " + word)
	}
	return l
}

func (l *line) ages(a cdsi.Ages) *line {
	return l.set("begin", a.Begin.String()).set("end", a.End.String())
}

func (l *line) validity(v cdsi.Validity) *line {
	return l.set("from", v.From.String()).set("until", v.Until.String())
}

func (l *line) to(w io.Writer) { io.WriteString(w, l.String()+"\n") }

func codeList(width int, codes []int16) string {
	parts := make([]string, len(codes))
	for i, c := range codes {
		parts[i] = fmt.Sprintf("%0*d", width, c)
	}
	return strings.Join(parts, ",")
}

func cvxList(codes ...int16) string         { return codeList(2, codes) }
func observationList(codes ...int16) string { return codeList(3, codes) }

func intList(ns []int) string {
	parts := make([]string, len(ns))
	for i, n := range ns {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ",")
}

func writeCommon(w io.Writer, s *cdsi.Schedule, mark string) {
	fmt.Fprintln(w, formatHeader)
	newLine(0, "version", s.Version).set("facts", mark).to(w)
	writeCorrections(w, s)
	for _, g := range s.Groups {
		newLine(0, append([]string{"group", g.Name}, g.Antigens...)...).flag("full=yes", g.Full).to(w)
	}
	for _, a := range s.Associations {
		newLine(0, "contains", cvxList(a.CVX), a.Antigen).ages(a.Ages).to(w)
	}
	for i := 0; i < len(s.Conflicts); {
		// Rows that differ in the current vaccine only share a line.
		c := s.Conflicts[i]
		var current []int16
		for ; i < len(s.Conflicts); i++ {
			d := s.Conflicts[i]
			if d.Previous != c.Previous || d.Begin != c.Begin || d.MinEnd != c.MinEnd || d.End != c.End {
				break
			}
			current = append(current, d.Current)
		}
		newLine(0, "conflict", cvxList(c.Previous), cvxList(current...)).set("begin", c.Begin.String()).set("minend",
			c.MinEnd.String()).set("end", c.End.String()).to(w)
	}
	for _, o := range s.Observations {
		l := newLine(0, "observation", observationList(o.Code))
		for i := 0; i < len(o.Codes); {
			system := o.Codes[i].System
			var codes []string
			for ; i < len(o.Codes) && o.Codes[i].System == system; i++ {
				codes = append(codes, o.Codes[i].Code)
			}
			l.set(system, strings.Join(codes, ","))
		}
		l.to(w)
	}
}

var (
	typeWords    = []string{"standard", "risk", "evaluation-only"}
	sexWords     = []string{"unknown", "female", "male"}
	contextWords = []string{"", "evaluation", "forecast", "both"}
	compareWords = []string{"more-than", "exactly", "less-than"}
)

func allAny(all bool) string {
	if all {
		return "all"
	}
	return "any"
}

func writeAntigen(w io.Writer, a *cdsi.Antigen) {
	newLine(0, "antigen", a.Name).to(w)
	if len(a.ImmuneHistory) > 0 {
		newLine(1, "immune", observationList(a.ImmuneHistory...)).to(w)
	}
	for _, b := range a.ImmuneBirth {
		newLine(1, "immune-born-before", b.Before.String()).set("country", b.Country).set("except",
			observationList(b.Except...)).to(w)
	}
	for i := 0; i < len(a.Contraindications); i++ {
		x := a.Contraindications[i]
		newLine(1, "contraindicated", observationList(x.Code)).ages(x.Ages).to(w)
	}
	for i := 0; i < len(a.VaccineContra); {
		x := a.VaccineContra[i]
		var cvx []int16
		for ; i < len(a.VaccineContra) && a.VaccineContra[i].Code == x.Code && a.VaccineContra[i].Ages == x.Ages; i++ {
			cvx = append(cvx, a.VaccineContra[i].CVX)
		}
		newLine(1, "contraindicated-vaccine", observationList(x.Code), cvxList(cvx...)).ages(x.Ages).to(w)
	}
	for i := range a.Series {
		writeSeries(w, &a.Series[i])
	}
}

func writeSeries(w io.Writer, s *cdsi.Series) {
	newLine(1, "series", s.Name).to(w)
	var sexes []string
	for _, x := range s.Sexes {
		sexes = append(sexes, sexWords[x])
	}
	l := newLine(2, "choose", typeWords[s.Type]).set("group", strconv.Itoa(s.Group)).set("for", s.VaccineGrp)
	if len(s.Equivalent) > 0 {
		l.set("equivalent", intList(s.Equivalent))
	}
	l.set("sex", strings.Join(sexes, ",")).flag("default", s.Default).flag("product-path", s.ProductPath).set("priority",
		string(rune(s.Priority)))
	if s.Preference > 0 {
		l.set("preference", strconv.Itoa(s.Preference))
	}
	l.ages(s.Start).to(w)
	for i := 0; i < len(s.Indications); {
		// Neighbours with the same ages share a line; the codes stay in order.
		x := s.Indications[i]
		var codes []int16
		for ; i < len(s.Indications) && s.Indications[i].Ages == x.Ages; i++ {
			codes = append(codes, s.Indications[i].Code)
		}
		newLine(2, "indication", observationList(codes...)).ages(x.Ages).to(w)
	}
	for k := range s.Doses {
		newLine(2, "dose", strconv.Itoa(k+1)).to(w)
		writeDose(w, &s.Doses[k])
	}
}

func writeDose(w io.Writer, d *cdsi.SeriesDose) {
	for _, r := range d.Ages {
		newLine(3, "age").set("absmin", r.AbsMin.String()).set("min", r.Min.String()).set("earliest", r.EarliestRec.String()).
			set("latest", r.LatestRec.String()).set("max", r.Max.String()).validity(r.Valid).to(w)
	}
	for _, iv := range d.Intervals {
		writeInterval(w, "interval", iv)
	}
	for _, iv := range d.Allowable {
		writeInterval(w, "allowable-interval", iv)
	}
	writeVaccines(w, "preferable", d.Preferable)
	writeVaccines(w, "allowable", d.Allowed)
	if len(d.Inadvertent) > 0 {
		newLine(3, "inadvertent", cvxList(d.Inadvertent...)).to(w)
	}
	if d.Recurring {
		newLine(3, "recurring").to(w)
	}
	if d.Season.From != cdsi.NoDay || d.Season.Until != cdsi.NoDay {
		newLine(3, "season").validity(d.Season).to(w)
	}
	for _, sk := range d.Skips {
		newLine(3, "skip", contextWords[sk.Context], allAny(sk.All)).to(w)
		for _, set := range sk.Sets {
			newLine(4, "set", allAny(set.All)).validity(set.Valid).to(w)
			for _, c := range set.Conditions {
				writeCondition(w, &c)
			}
		}
	}
}

func writeInterval(w io.Writer, word string, iv cdsi.Interval) {
	l := newLine(3, word).flag("previous", iv.FromPrevious)
	if iv.FromTarget > 0 {
		l.set("dose", strconv.Itoa(iv.FromTarget))
	}
	l.set("recent", cvxList(iv.FromRecent...))
	if iv.FromObservation > 0 {
		l.set("observation", observationList(iv.FromObservation))
	}
	l.set("absmin", iv.AbsMin.String()).set("min", iv.Min.String()).set("earliest", iv.EarliestRec.String()).set("latest",
		iv.LatestRec.String()).
		flag("priority", iv.Priority).validity(iv.Valid).to(w)
}

func writeVaccines(w io.Writer, word string, list []cdsi.Vaccine) {
	for i := 0; i < len(list); {
		v := list[i]
		same := func(o cdsi.Vaccine) bool { o.CVX = v.CVX; return o == v }
		var codes []int16
		for ; i < len(list) && same(list[i]); i++ {
			codes = append(codes, list[i].CVX)
		}
		newLine(3, word, cvxList(codes...)).ages(v.Ages).flag("forecast", v.Forecast).set("product", v.TradeName).set("mvx",
			v.MVX).set("ml", v.Volume).to(w)
	}
}

func writeCondition(w io.Writer, c *cdsi.Condition) {
	switch c.Type {
	case cdsi.ByAge:
		newLine(5, "if-age").ages(c.Ages).to(w)
	case cdsi.CompletedSeries:
		newLine(5, "if-complete", intList(c.Groups)).to(w)
	case cdsi.ByInterval:
		newLine(5, "if-waited", c.Interval.String()).to(w)
	case cdsi.CountDoses:
		which := "total"
		if c.ValidOnly {
			which = "valid"
		}
		newLine(5, "if-count", which, compareWords[c.Comparison], strconv.Itoa(c.Count)).ages(c.Ages).
			set("from", c.Start.String()).set("before", c.End.String()).set("cvx", cvxList(c.CVX...)).to(w)
	}
}

// ReadText reads what Text wrote of a schedule that was in force. It was checked when it was taken in, and is not
// checked again.
func ReadText(from io.Reader) (*cdsi.Schedule, error) {
	r := &textReader{s: &cdsi.Schedule{}, stream: true, common: true}
	if err := r.lines(from, "text"); err != nil {
		return nil, err
	}
	normalise(r.s)
	return r.s, nil
}

// Read reads a schedule in the text form from the root of a file system (os.DirFS for a folder). Errors name file and
// line.
func Read(fsys fs.FS) (*cdsi.Schedule, error) {
	s := &cdsi.Schedule{}
	r := &textReader{s: s, from: sources{common: commonFile, antigens: map[string]string{}, lines: map[string]int{}}}
	if err := r.file(fsys, commonFile); err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, path.Join(antigenDir, "*.txt"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for _, name := range names {
		if err := r.file(fsys, name); err != nil {
			return nil, err
		}
	}
	normalise(s)
	if _, err := check(s, r.from); err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	if err := untouched(s, r.facts); err != nil {
		return nil, err
	}
	return s, nil
}
