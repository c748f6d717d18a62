package cdsi_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"miic/forecast/cdsi"
	"miic/forecast/schedule"
)

// Own cases pin down what no published case does. Each archive in forecast/testdata/own holds a small made-up schedule
// in the text form and cases for it, their expectations worked out by hand from the specification's text; those in
// forecast/testdata/clinical hold none and are for the built-in schedule (corrections.txtar for it as corrected), their expectations from ACIP's:
//
//	case WORDS                              begins a case
//	as-of DATE                              also before the first case, as the default
//	patient BIRTH [SEX] [COUNTRY]
//	dose CVX DATE [mvx=M] [product=P] [expiry=DATE] [condition]
//	observe CODE [DATE]
//	judged N [of=ANTIGEN] STATUS [REASON,…]  dose N, in the order given; an antigen of one letter needs no of=
//	held N REASON
//	forecast GROUP KIND STATUS [KEY=VALUE…]  only the keys given are compared; the value none is no date
//	no-forecast GROUP KIND
//
// Words within a name are joined by "_".
type ownCase struct {
	name    string
	person  cdsi.Person
	asOf    cdsi.Day
	expects [][]string
}

type ownArchive struct {
	name     string
	schedule *cdsi.Schedule
	cases    []ownCase
}

func ownArchives(t *testing.T) []ownArchive { return archives(t, "own") }

func archives(t *testing.T, folder string) []ownArchive {
	files, err := filepath.Glob("../testdata/" + folder + "/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no own cases: %v", err)
	}
	var out []ownArchive
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		a := ownArchive{name: strings.TrimSuffix(filepath.Base(name), ".txtar")}
		fsys := fstest.MapFS{}
		for _, f := range txtar.Parse(data).Files {
			if f.Name == "cases" {
				a.cases = parseOwn(t, a.name, string(f.Data))
				continue
			}
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
		if folder == "clinical" {
			a.schedule = builtin(t)
			if a.name == "corrections" {
				if a.schedule, err = schedule.Corrected(a.schedule); err != nil {
					t.Fatal(err)
				}
			}
		} else if a.schedule, err = schedule.Read(fsys); err != nil {
			t.Fatalf("%s: %v", a.name, err)
		}
		out = append(out, a)
	}
	return out
}

func parseOwn(t *testing.T, archive, text string) []ownCase {
	asOf := cdsi.NoDay
	var out []ownCase
	for i, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		var c *ownCase
		if len(out) > 0 {
			c = &out[len(out)-1]
		}
		at := func(n int) string {
			if n < len(f) {
				return f[n]
			}
			return ""
		}
		switch f[0] {
		case "case":
			out = append(out, ownCase{name: strings.Join(f[1:], " "), asOf: asOf, person: cdsi.Person{Birth: cdsi.NoDay}})
		case "as-of":
			if c == nil {
				asOf = day(t, f[1])
			} else {
				c.asOf = day(t, f[1])
			}
		case "patient":
			c.person.Birth = day(t, f[1])
			c.person.Sex = map[string]cdsi.Sex{"F": cdsi.Female, "M": cdsi.Male}[at(2)]
			c.person.Country = at(3)
		case "dose":
			cvx, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			d := cdsi.Dose{CVX: int16(cvx), Date: cdsi.NoDay, Expiry: cdsi.NoDay}
			if f[2] != "none" {
				d.Date = day(t, f[2])
			}
			for _, word := range f[3:] {
				switch key, value, _ := strings.Cut(word, "="); key {
				case "mvx":
					d.MVX = value
				case "product":
					d.TradeName = strings.ReplaceAll(value, "_", " ")
				case "expiry":
					d.Expiry = day(t, value)
				case "condition":
					d.Condition = true
				default:
					t.Fatalf("%s line %d: %q", archive, i+1, word)
				}
			}
			c.person.Doses = append(c.person.Doses, d)
		case "observe":
			code, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			o := cdsi.Observation{Code: int16(code), Date: day(t, at(2))}
			c.person.Observations = append(c.person.Observations, o)
		case "judged", "held", "forecast", "no-forecast":
			c.expects = append(c.expects, f)
		default:
			t.Fatalf("%s line %d: %q is unknown", archive, i+1, f[0])
		}
	}
	return out
}

// wrong returns what the result lacks of the case's expectations.
func (c *ownCase) wrong(r cdsi.Result) []string {
	var out []string
	for _, x := range c.expects {
		if why := expectation(x, r); why != "" {
			out = append(out, strings.Join(x, " ")+": "+why)
		}
	}
	return out
}

func words(s string) string { return strings.ReplaceAll(s, " ", "_") }

func expectation(x []string, r cdsi.Result) string {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	switch x[0] {
	case "held":
		h := cdsi.HeldDose{Dose: number(x[1]) - 1}
		for _, h.Why = range []cdsi.HeldReason{cdsi.NoBirthDate, cdsi.NoDoseDate, cdsi.BeforeBirth, cdsi.UnknownVaccine} {
			if words(h.Why.String()) == x[2] && slices.Contains(r.Held, h) {
				return ""
			}
		}
		return fmt.Sprint("held are ", r.Held)
	case "judged":
		antigen, rest := "", x[2:]
		if name, of := strings.CutPrefix(rest[0], "of="); of || len(name) == 1 {
			antigen, rest = name, rest[1:]
		}
		k := slices.IndexFunc(r.Evaluations, func(ev cdsi.DoseEvaluation) bool {
			return ev.Dose == number(x[1])-1 && (antigen == "" || words(ev.Antigen) == antigen)
		})
		if k < 0 {
			if rest[0] == "nothing" {
				return ""
			}
			return "no evaluation"
		}
		ev := r.Evaluations[k]
		reasons := words(strings.Join(ev.Reasons.Names(), ","))
		if words(ev.Status.String()) != rest[0] || len(rest) > 1 && rest[1] != reasons || len(rest) == 1 && reasons != "" {
			return fmt.Sprintf("is %s %s", ev.Status, reasons)
		}
		return ""
	}
	k := slices.IndexFunc(r.Forecasts, func(f cdsi.Forecast) bool { return words(f.Group) == x[1] && f.Kind.String() == x[2] })
	if x[0] == "no-forecast" {
		if k >= 0 {
			return fmt.Sprintf("there is one: %+v", r.Forecasts[k])
		}
		return ""
	}
	if k < 0 {
		return "no such forecast"
	}
	f := r.Forecasts[k]
	var products []string
	for _, p := range f.Products {
		products = append(products, strconv.Itoa(int(p)))
	}
	got := map[string]string{"number": strconv.Itoa(f.DoseNumber), "earliest": f.Earliest.String(),
		"recommended": f.Recommended.String(),
		"past-due":    f.PastDue.String(), "latest": f.Latest.String(), "series": words(f.Series),
		"products": strings.Join(products, ","),
		"antigens": strings.Join(f.Antigens, ","), "recompute": f.RecomputeOn.String()}
	var out []string
	if words(f.Status.String()) != x[3] {
		out = append(out, "status "+f.Status.String())
	}
	for _, pair := range x[4:] {
		key, want, _ := strings.Cut(pair, "=")
		have, known := got[key]
		if !known {
			return "unknown key " + key
		}
		if have == "" {
			have = "none"
		}
		if have != want {
			out = append(out, key+" is "+have)
		}
	}
	return strings.Join(out, ", ")
}

func TestOwnCases(t *testing.T) {
	if n := runCases(t, "own"); n < 60 {
		t.Errorf("%d own cases, want 60 at least", n)
	}
}

// Which series can finish earliest, a contraindicated default, a dose that no series continues, and doses of one day:
// what families would be written, on CDC's data.
func TestClinicalCases(t *testing.T) { runCases(t, "clinical") }

// runCases holds both implementations to the cases of a folder, each with its doses as given and in reverse.
func runCases(t *testing.T, folder string) (n int) {
	for _, a := range archives(t, folder) {
		w := engine(t, a.schedule).NewWorker()
		for i := range a.cases {
			c := &a.cases[i]
			n++
			t.Run(a.name+"/"+c.name, func(t *testing.T) {
				if len(c.expects) == 0 {
					t.Fatal("the case expects nothing")
				}
				naive := func(p *cdsi.Person, on cdsi.Day) cdsi.Result { return naiveForecast(a.schedule, p, on) }
				for name, forecast := range map[string]func(*cdsi.Person, cdsi.Day) cdsi.Result{"engine": w.Forecast,
					"naive implementation": naive} {
					for _, reverse := range []bool{false, true} {
						order := make([]int, len(c.person.Doses))
						for k := range order {
							order[k] = k
						}
						if reverse && twins(c.person.Doses) {
							continue // of two doses that are alike either may be the one that counts
						}
						if reverse {
							slices.Reverse(order)
						}
						for _, why := range c.wrong(inOrder(forecast, &c.person, c.asOf, order)) {
							if name == "engine" || !strings.Contains(why, "recompute") {
								t.Errorf("%s, doses reversed %t: %s", name, reverse, why)
							}
						}
					}
				}
			})
		}
	}
	return n
}

// twins reports whether two doses are alike in everything.
func twins(doses []cdsi.Dose) bool {
	for i := range doses {
		if slices.Contains(doses[:i], doses[i]) {
			return true
		}
	}
	return false
}

// inOrder forecasts a person whose doses come in another order: first doses[order[0]]. The result names the doses as if
// they had come in their own.
func inOrder(forecast func(*cdsi.Person, cdsi.Day) cdsi.Result, p *cdsi.Person, on cdsi.Day, order []int) cdsi.Result {
	q := *p
	q.Doses = nil
	for _, k := range order {
		q.Doses = append(q.Doses, p.Doses[k])
	}
	r := forecast(&q, on)
	r.Evaluations, r.Held = slices.Clone(r.Evaluations), slices.Clone(r.Held)
	for i := range r.Evaluations {
		r.Evaluations[i].Dose = order[r.Evaluations[i].Dose]
	}
	for i := range r.Held {
		if r.Held[i].Dose >= 0 {
			r.Held[i].Dose = order[r.Held[i].Dose]
		}
	}
	slices.SortStableFunc(r.Evaluations, func(a, b cdsi.DoseEvaluation) int { return a.Dose - b.Dose })
	slices.SortStableFunc(r.Held, func(a, b cdsi.HeldDose) int { return a.Dose - b.Dose })
	return r
}
