// Package filter is the forecast engine as lines in, lines out, so that a shell or a cluster engine can host it.
//
// Fields are parted by tabs; an empty field is unknown; dates are YYYY-MM-DD. A person's lines follow one another:
//
//	P  id  birth_date  sex  birth_country
//	D  dose_id  cvx  mvx  date  flags
//	O  code  date
//
// sex is F, M or U. flags are parted by commas: condition (the dose must not count), expiry=DATE (last good day of the
// lot), product=NAME (trade name). Trailing empty fields may be left out.
//
// The answer to a person follows before the next person is read:
//
//	H  id  dose_id  why                                                        a dose (or, with no dose_id, the person) held back
//	E  id  dose_id  antigen  group  status  reasons  series  target_dose       a dose judged
//	F  id  group  kind  status  number  earliest  recommended  past_due  latest  antigens  products  series  recompute_on  assumed
//	X  line  why                                                               a line that was refused
//
// assumed is there only where it says "assumed": the forecast rests on a season that no schedule has, the last one repeated
// by the calendar. Where a season has run out and is not repeated the status is Unknown.
//
// A dose whose date cannot be read is held back like one without, and its line is refused as well; a person whose birth
// date cannot be read is held back whole. Nothing of a refused line is repeated.
package filter

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
)

// Counts are what a run did.
type Counts struct {
	People   int // answered, those without birth date not among them
	Doses    int // of these people
	Held     int // lines H
	Rejected int // lines X
	Odd      cdsi.Oddities
}

// All gives the counts by name; what a night counts too has the name it has there.
func (c Counts) All() iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		if !yield("people", int64(c.People)) || !yield("doses", int64(c.Doses)) || !yield("held_back", int64(c.Held)) ||
			!yield("rejected", int64(c.Rejected)) {
			return
		}
		c.Odd.All()(yield)
	}
}

// maxLine bounds the memory for a line.
const maxLine = 64 << 10

// Run answers the people of in on out as of a day, by the engine of the schedule as it holds on that day. It returns an
// error only when reading or writing fails.
func Run(e *cdsi.Engine, now *schedule.Current, asOf cdsi.Day, in io.Reader, out io.Writer) (Counts, error) {
	f := &filter{w: e.NewWorker(), now: now, asOf: asOf, out: bufio.NewWriter(out)}
	r := bufio.NewReaderSize(in, maxLine)
	for n := 1; ; n++ {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			f.refuse(n, "line is too long")
			f.lose()
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = r.ReadSlice('\n')
			}
			line = nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return f.counts, fmt.Errorf("reading line %d: %w", n, err)
		}
		if text := strings.TrimRight(string(line), "\r\n"); text != "" {
			f.line(n, text)
		}
		if err != nil {
			break
		}
	}
	f.answer()
	if err := f.out.Flush(); err != nil {
		return f.counts, fmt.Errorf("writing answers: %w", err)
	}
	return f.counts, nil
}

type filter struct {
	w      *cdsi.Worker
	now    *schedule.Current
	asOf   cdsi.Day
	out    *bufio.Writer
	counts Counts

	open   bool
	id     string
	person cdsi.Person
	doses  []string // dose ids
	days   []cdsi.Day
}

func (f *filter) refuse(n int, why string) {
	f.counts.Rejected++
	fmt.Fprintf(f.out, "X\t%d\t%s\n", n, why)
}

// lose ends the person at hand after a line that could not be read: it may have begun another, whose
// doses must not be judged as this one's. Lines up to the next P are refused.
func (f *filter) lose() {
	f.answer()
	f.open = false
}

func (f *filter) line(n int, text string) {
	var field [8]string
	parts := strings.SplitN(text, "\t", len(field))
	copy(field[:], parts)
	switch {
	case field[0] == "P":
		f.answer()
		f.open, f.id, f.doses = true, field[1], f.doses[:0]
		f.person = cdsi.Person{Country: field[4], Doses: f.person.Doses[:0], Observations: f.person.Observations[:0]}
		f.person.Birth = f.date(n, field[2])
		switch field[3] {
		case "F":
			f.person.Sex = cdsi.Female
		case "M":
			f.person.Sex = cdsi.Male
		case "", "U":
		default:
			f.refuse(n, "sex is not F, M or U; taken as unknown")
		}
	case !f.open && (field[0] == "D" || field[0] == "O"):
		f.refuse(n, "line belongs to no person that could be read")
	case field[0] == "D":
		d := cdsi.Dose{CVX: f.code(n, field[2], "vaccine"), MVX: field[3], Date: f.date(n, field[4]), Expiry: cdsi.NoDay}
		for _, flag := range strings.Split(field[5], ",") {
			key, value, _ := strings.Cut(flag, "=")
			switch key {
			case "":
			case "condition":
				d.Condition = true
			case "expiry":
				d.Expiry = f.date(n, value)
			case "product":
				d.TradeName = value
			default:
				f.refuse(n, "unknown flag left out")
			}
		}
		f.person.Doses, f.doses = append(f.person.Doses, d), append(f.doses, field[1])
	case field[0] == "O":
		if c := f.code(n, field[1], "observation"); c >= 0 {
			f.person.Observations = append(f.person.Observations, cdsi.Observation{Code: c, Date: f.date(n, field[2])})
		}
	default:
		f.refuse(n, "line is not one of P, D, O")
		f.lose()
	}
}

func (f *filter) date(n int, text string) cdsi.Day {
	d, err := cdsi.ParseDay(text)
	if err != nil {
		f.refuse(n, err.Error())
	}
	return d
}

// code reads a numeric code; one that cannot be read is -1, which no schedule knows.
func (f *filter) code(n int, text, what string) int16 {
	c, err := strconv.ParseInt(text, 10, 16)
	if err != nil || c < 0 {
		f.refuse(n, what+" code is not a number")
		return -1
	}
	return int16(c)
}

func (f *filter) answer() {
	if !f.open {
		return
	}
	r := f.w.Forecast(&f.person, f.asOf)
	f.now.Settle(&r)
	if f.person.Birth != cdsi.NoDay {
		f.counts.People++
		f.counts.Doses += len(f.person.Doses)
	}
	f.counts.Held += len(r.Held)
	f.counts.Odd.Add(&f.person, r.Held, f.asOf)
	for _, h := range r.Held {
		dose := ""
		if h.Dose >= 0 {
			dose = f.doses[h.Dose]
		}
		f.row("H", f.id, dose, h.Why.String())
	}
	for _, ev := range r.Evaluations {
		f.row("E", f.id, f.doses[ev.Dose], ev.Antigen, ev.Group, ev.Status.String(), strings.Join(ev.Reasons.Names(), ","),
			ev.Series, number(ev.TargetDose))
	}
	f.days = r.RowDays(f.days[:0])
	for i, x := range r.Forecasts {
		var products []string
		for _, c := range x.Products {
			products = append(products, fmt.Sprintf("%02d", c))
		}
		fields := []string{"F", f.id, x.Group, x.Kind.String(), x.Status.String(), number(x.DoseNumber), x.Earliest.String(),
			x.Recommended.String(), x.PastDue.String(), x.Latest.String(), strings.Join(x.Antigens, ","),
			strings.Join(products, ","), x.Series, f.days[i].String()}
		if x.Assumed {
			fields = append(fields, "assumed")
		}
		f.row(fields...)
	}
	f.out.Flush()
	f.open = false
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (f *filter) row(fields ...string) {
	f.out.WriteString(strings.Join(fields, "\t"))
	f.out.WriteByte('\n')
}
