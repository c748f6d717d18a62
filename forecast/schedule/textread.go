package schedule

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"miic/forecast/cdsi"
)

// textReader reads the text form line by line; the last antigen, series, dose, skip and set seen are what a line
// belongs to.
type textReader struct {
	s       *cdsi.Schedule
	from    sources
	facts   string // mark of the facts when the schedule was written
	at      int    // number of the line
	stream  bool   // all files in one, as Text writes them
	common  bool   // reading the common file
	started bool   // its header was seen
	antigen *cdsi.Antigen
	series  *cdsi.Series
	dose    *cdsi.SeriesDose
	skip    *cdsi.Skip
	set     *cdsi.SkipSet
}

func (r *textReader) file(fsys fs.FS, name string) error {
	f, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	defer f.Close()
	*r = textReader{s: r.s, from: r.from, facts: r.facts, common: name == commonFile}
	if err := r.lines(f, name); err != nil {
		return err
	}
	if r.common && !r.started {
		return fmt.Errorf("schedule: %s is empty", name)
	}
	if !r.common && r.antigen == nil {
		return fmt.Errorf("schedule: %s names no antigen", name)
	}
	if r.antigen == nil {
		return nil
	}
	if other, twice := r.from.antigens[r.antigen.Name]; twice {
		return fmt.Errorf("schedule: %s: antigen %q is that of file %s", name, r.antigen.Name, other)
	}
	r.from.antigens[r.antigen.Name] = name
	return nil
}

func (r *textReader) lines(from io.Reader, name string) error {
	sc := bufio.NewScanner(from)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		r.at = n
		text := strings.TrimSpace(sc.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		l, err := parseLine(text)
		if err == nil {
			err = r.line(l)
		}
		if err == nil {
			err = l.done()
		}
		if err != nil {
			return fmt.Errorf("schedule: %s line %d: %w", name, n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("schedule: %s: %w", name, err)
	}
	return nil
}

func (r *textReader) line(p *parsed) error {
	word := p.word()
	if r.stream && word == "antigen" {
		r.common, r.antigen, r.series, r.dose, r.skip, r.set = false, nil, nil, nil, nil, nil
	}
	switch {
	case r.common:
		return r.commonLine(word, p)
	case word == "antigen":
		if r.antigen != nil {
			return fmt.Errorf("a second antigen in one file")
		}
		r.s.Antigens = append(r.s.Antigens, cdsi.Antigen{Name: p.word()})
		r.antigen = &r.s.Antigens[len(r.s.Antigens)-1]
		return nil
	case r.antigen == nil:
		return fmt.Errorf("%q comes before the antigen's name", word)
	}
	if known := r.antigenLine(word, p); known {
		return nil
	}
	if r.series == nil {
		return fmt.Errorf("%q is unknown, or comes before the series it belongs to", word)
	}
	if known := r.seriesLine(word, p); known {
		return nil
	}
	if r.dose == nil {
		return fmt.Errorf("%q is unknown, or comes before the dose it belongs to", word)
	}
	if known := r.doseLine(word, p); known {
		return nil
	}
	return r.skipLine(word, p)
}

func (r *textReader) commonLine(word string, p *parsed) error {
	if !r.started {
		if word != "miic-schedule" || p.word() != "1" {
			return fmt.Errorf("the file does not begin with %q", formatHeader)
		}
		r.started = true
		return nil
	}
	switch word {
	case "version":
		r.s.Version, r.facts = p.word(), p.value("facts")
	case "group":
		g := cdsi.VaccineGroup{Name: p.word(), Full: p.value("full") == "yes"}
		g.Antigens, p.words = p.words, nil
		r.s.Groups = append(r.s.Groups, g)
	case "correction":
		r.s.Corrections = append(r.s.Corrections, correctionLine(p))
	case "contains":
		r.s.Associations = append(r.s.Associations, cdsi.Association{CVX: p.code(p.word()), Antigen: p.word(),
			Ages: p.ages()})
	case "conflict":
		c := cdsi.Conflict{Previous: p.code(p.word())}
		current := p.codes(p.word())
		c.Begin, c.MinEnd, c.End = p.duration("begin"), p.duration("minend"), p.duration("end")
		for _, c.Current = range current {
			r.s.Conflicts = append(r.s.Conflicts, c)
		}
	case "observation":
		o := cdsi.ObservationCode{Code: p.code(p.word())}
		systems := make([]string, 0, len(p.values))
		for system := range p.values {
			systems = append(systems, system)
		}
		slices.Sort(systems)
		for _, system := range systems {
			for _, code := range strings.FieldsFunc(p.value(system), isComma) {
				o.Codes = append(o.Codes, cdsi.CodedValue{System: system, Code: code})
			}
		}
		r.s.Observations = append(r.s.Observations, o)
	default:
		return fmt.Errorf("%q is unknown", word)
	}
	return nil
}

func (r *textReader) antigenLine(word string, p *parsed) bool {
	a := r.antigen
	switch word {
	case "immune":
		a.ImmuneHistory = append(a.ImmuneHistory, p.codes(p.word())...)
	case "immune-born-before":
		day, err := cdsi.ParseDay(p.word())
		p.fail(err)
		a.ImmuneBirth = append(a.ImmuneBirth, cdsi.BirthImmunity{Before: day, Country: p.value("country"),
			Except: p.codes(p.value("except"))})
	case "contraindicated":
		a.Contraindications = append(a.Contraindications, cdsi.Indication{Code: p.code(p.word()), Ages: p.ages()})
	case "contraindicated-vaccine":
		x := cdsi.VaccineContraindication{Code: p.code(p.word())}
		cvx := p.codes(p.word())
		x.Ages = p.ages()
		for _, x.CVX = range cvx {
			a.VaccineContra = append(a.VaccineContra, x)
		}
	case "series":
		a.Series = append(a.Series, cdsi.Series{Name: p.word(), Priority: 'A'})
		r.series, r.dose, r.skip, r.set = &a.Series[len(a.Series)-1], nil, nil, nil
		if r.from.lines != nil {
			r.from.lines[a.Name+"/"+r.series.Name] = r.at
		}
	default:
		return false
	}
	return true
}

func (r *textReader) seriesLine(word string, p *parsed) bool {
	s := r.series
	switch word {
	case "choose":
		s.Type = cdsi.SeriesType(p.oneOf(typeWords))
		s.Group, s.VaccineGrp, s.Equivalent = p.numberAt("group"), p.value("for"), p.numbers(p.value("equivalent"))
		for _, name := range strings.FieldsFunc(p.value("sex"), isComma) {
			i := slices.Index(sexWords, name)
			if i < 0 {
				p.fail(fmt.Errorf("%q is none of %q", name, sexWords))
				break
			}
			s.Sexes = append(s.Sexes, cdsi.Sex(i))
		}
		s.Default, s.ProductPath = p.flag("default"), p.flag("product-path")
		if letter := p.value("priority"); len(letter) == 1 && letter[0] >= 'A' && letter[0] <= 'Z' {
			s.Priority = letter[0]
		} else {
			p.fail(fmt.Errorf("priority= is not one letter A to Z"))
		}
		s.Preference = p.numberAt("preference")
		s.Start = p.ages()
	case "indication":
		codes := p.codes(p.word())
		ages := p.ages()
		for _, c := range codes {
			s.Indications = append(s.Indications, cdsi.Indication{Code: c, Ages: ages})
		}
	case "dose":
		if n := p.number(p.word()); n != len(s.Doses)+1 {
			p.fail(fmt.Errorf("dose %d where dose %d was expected", n, len(s.Doses)+1))
		}
		s.Doses = append(s.Doses, cdsi.SeriesDose{Season: cdsi.Validity{From: cdsi.NoDay, Until: cdsi.NoDay}})
		r.dose, r.skip, r.set = &s.Doses[len(s.Doses)-1], nil, nil
	default:
		return false
	}
	return true
}

func (r *textReader) doseLine(word string, p *parsed) bool {
	d := r.dose
	switch word {
	case "age":
		d.Ages = append(d.Ages, cdsi.AgeRow{AbsMin: p.duration("absmin"), Min: p.duration("min"),
			EarliestRec: p.duration("earliest"),
			LatestRec:   p.duration("latest"), Max: p.duration("max"), Valid: p.validity()})
	case "interval":
		d.Intervals = append(d.Intervals, readInterval(p))
	case "allowable-interval":
		d.Allowable = append(d.Allowable, readInterval(p))
	case "preferable":
		d.Preferable = append(d.Preferable, readVaccines(p)...)
	case "allowable":
		d.Allowed = append(d.Allowed, readVaccines(p)...)
	case "inadvertent":
		d.Inadvertent = append(d.Inadvertent, p.codes(p.word())...)
	case "recurring":
		d.Recurring = true
	case "season":
		d.Season = p.validity()
	case "skip":
		d.Skips = append(d.Skips, cdsi.Skip{Context: cdsi.Context(p.oneOf(contextWords)),
			All: p.oneOf([]string{"any", "all"}) == 1})
		r.skip, r.set = &d.Skips[len(d.Skips)-1], nil
	default:
		return false
	}
	return true
}

func (r *textReader) skipLine(word string, p *parsed) error {
	if word == "set" {
		if r.skip == nil {
			return fmt.Errorf("a set outside a skip")
		}
		r.skip.Sets = append(r.skip.Sets, cdsi.SkipSet{All: p.oneOf([]string{"any", "all"}) == 1, Valid: p.validity()})
		r.set = &r.skip.Sets[len(r.skip.Sets)-1]
		return nil
	}
	c := cdsi.Condition{Start: cdsi.NoDay, End: cdsi.NoDay}
	switch word {
	case "if-age":
		c.Type, c.Ages = cdsi.ByAge, p.ages()
	case "if-complete":
		c.Type, c.Groups = cdsi.CompletedSeries, p.numbers(p.word())
	case "if-waited":
		c.Type = cdsi.ByInterval
		u, err := cdsi.ParseDuration(p.word())
		p.fail(err)
		c.Interval = u
	case "if-count":
		c.Type = cdsi.CountDoses
		c.ValidOnly = p.oneOf([]string{"total", "valid"}) == 1
		c.Comparison = cdsi.Comparison(p.oneOf(compareWords))
		c.Count = p.number(p.word())
		c.Ages, c.Start, c.End, c.CVX = p.ages(), p.day("from"), p.day("before"), p.codes(p.value("cvx"))
	default:
		return fmt.Errorf("%q is unknown", word)
	}
	if r.set == nil {
		return fmt.Errorf("a condition outside a set")
	}
	r.set.Conditions = append(r.set.Conditions, c)
	return nil
}

func readInterval(p *parsed) cdsi.Interval {
	iv := cdsi.Interval{FromPrevious: p.flag("previous"), FromTarget: p.numberAt("dose"),
		FromRecent: p.codes(p.value("recent")),
		AbsMin:     p.duration("absmin"), Min: p.duration("min"), EarliestRec: p.duration("earliest"),
		LatestRec: p.duration("latest"),
		Priority:  p.flag("priority"), Valid: p.validity()}
	if o := p.value("observation"); o != "" {
		iv.FromObservation = p.code(o)
	}
	return iv
}

func readVaccines(p *parsed) []cdsi.Vaccine {
	codes := p.codes(p.word())
	v := cdsi.Vaccine{Ages: p.ages(), Forecast: p.flag("forecast"), TradeName: p.value("product"), MVX: p.value("mvx"),
		Volume: p.value("ml")}
	var out []cdsi.Vaccine
	for _, v.CVX = range codes {
		out = append(out, v)
	}
	return out
}
