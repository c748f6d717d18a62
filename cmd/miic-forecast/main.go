// Command miic-forecast reads people and their doses from standard input and writes evaluations and forecasts to
// standard output: the engine of miic without a database, for a shell or a cluster engine to host. The lines are
// described in package forecast/filter. It needs no cgo.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"miic/forecast/cdsi"
	"miic/forecast/filter"
	"miic/forecast/schedule"
)

const usage = `usage: miic-forecast -as-of YYYY-MM-DD [-schedule DIR] [-corrections=false] < people > answers

People come as tab-separated lines, one person's lines together:
  P  id  birth_date  sex  birth_country
  D  dose_id  cvx  mvx  date  flags        flags: condition, expiry=DATE, product=NAME
  O  code  date
Answers are H (held back), E (dose judged), F (forecast) and X (line refused), a person's before the next is read.

example: printf 'P\t1\t2020-05-04\tF\nD\ta\t110\t\t2020-07-06\n' | miic-forecast -as-of 2020-08-01

  -as-of DATE     the day the forecast is for (required)
  -schedule DIR   CDC's supporting data as XML, or an imported schedule, instead of the built-in 4.64
  -corrections=false  use that data as CDC published it: known faults of it are not corrected

At the end one line on standard error counts people, doses, lines refused (rejected)
and what was odd, by the names that a night's ledger has for it:
  miic-forecast: schedule=4.64 people=1 doses=1 held_back=0 rejected=0 no_birth_date=0 no_sex=0 ...
Before it comes a line for each season of the schedule that has run out, and since when:
an influenza season is repeated by the calendar (its F lines end with the field "assumed"),
of others the status is Unknown.

exit: 0 done; 1 reading or writing failed; 2 bad usage or schedule; 3 done, but lines were refused
`

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("miic-forecast", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usage) }
	asOfText := flags.String("as-of", "", "")
	dir := flags.String("schedule", "", "")
	corrections := flags.Bool("corrections", true, "")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	asOf, err := cdsi.ParseDay(*asOfText)
	if err != nil || asOf == cdsi.NoDay || flags.NArg() > 0 {
		fmt.Fprint(stderr, "miic-forecast: -as-of needs a date, YYYY-MM-DD, and there are no other arguments\n", usage)
		return 2
	}
	s, _, err := schedule.Load(*dir)
	if err == nil && *corrections {
		s, err = schedule.Corrected(s)
	}
	if err != nil {
		fmt.Fprintf(stderr, "miic-forecast: %v\n", err)
		return 2
	}
	now := schedule.AsOf(s, asOf)
	e, err := cdsi.NewEngine(now.Schedule)
	if err != nil {
		fmt.Fprintf(stderr, "miic-forecast: %v\n", err)
		return 2
	}
	counts, err := filter.Run(e, now, asOf, stdin, stdout)
	if err != nil {
		fmt.Fprintf(stderr, "miic-forecast: %v\n", err)
		return 1
	}
	for _, l := range now.Lapses {
		fmt.Fprintf(stderr, "miic-forecast: season over: %s\n", l.Text())
	}
	fmt.Fprintf(stderr, "miic-forecast: schedule=%s", e.Version())
	for name, n := range counts.All() {
		fmt.Fprintf(stderr, " %s=%d", name, n)
	}
	fmt.Fprintln(stderr)
	if counts.Rejected > 0 {
		return 3
	}
	return 0
}
