package page

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/reference"
)

// A todo is one thing to do and the commands that do it.
type todo struct {
	What     string
	Commands []string
}

// waiting is what waits for a decision.
type waiting struct {
	questions int64     // open, of clerical review
	returned  int64     // of them, about people who may have opted out under another name
	unmatched []request // requests that restrict nobody
	several   []request // requests that restrict whoever they may be about
	deaths    deathCount
}

type request struct {
	ID       string `col:"request_id" doc:"the request"`
	Snapshot int64  `col:"snapshot" doc:"the night it came"`
}

// deathCount is how death certificates match people.
type deathCount struct {
	Possible int64 `col:"possible" doc:"certificates that may be somebody's"`
	Held     int64 `col:"held" doc:"people they may be of"`
	Sure     int64 `col:"sure" doc:"people that a certificate surely names"`
}

func (w *waiting) read(ctx context.Context, r *pipeline.Run) (err error) {
	w.questions, err = r.Engine.Int(ctx, "SELECT count(*) FROM latest_review_item WHERE decision = 'open'")
	if err != nil {
		return err
	}
	if w.returned, err = r.Engine.Int(ctx, queries.Get("returned_question")); err != nil {
		return err
	}
	if w.unmatched, err = engine.Rows[request](ctx, r.Engine, queries.Get("unmatched_request")); err != nil {
		return err
	}
	if w.several, err = engine.Rows[request](ctx, r.Engine, queries.Get("several_request")); err != nil {
		return err
	}
	deaths, err := engine.Rows[deathCount](ctx, r.Engine, queries.Get("death_count"))
	if err != nil {
		return err
	}
	w.deaths = deaths[0]
	r.Count("requests_unmatched", int64(len(w.unmatched)))
	r.Count("requests_unsettled", int64(len(w.several)))
	r.Count("possible_deaths", w.deaths.Held)
	r.Count("deceased_by_certificate", w.deaths.Sure)
	return nil
}

// judge lists what to do now and what waits, and sums up in one line how the night went.
func (p *page) judge(w waiting) {
	older := int64(0)
	for _, q := range w.unmatched {
		if q.Snapshot == p.Snapshot {
			p.Unmatched = append(p.Unmatched, q.ID)
		} else {
			older++
		}
	}
	if p.Silence != "" {
		do := todo{What: sentence(p.Silence)}
		if len(p.Files) == 0 {
			do.Commands = []string{"miic nightly"}
		}
		p.Todo = append(p.Todo, do)
	}
	p.doLeftOut()
	p.doUnread()
	p.doDeliveries()
	p.doUnmoved()
	p.doMissing()
	p.doUnmatched()
	p.doNotices()
	p.doRecipients()
	p.doMeasures()
	p.doUnused()
	p.doHanded(p.asOf)
	p.doSeasons()
	p.doReferences()
	p.Bad = len(p.Todo) > 0
	switch {
	case p.Silence != "" && len(p.Unread) == 0:
		first, _, _ := strings.Cut(p.Silence, ":")
		p.Verdict = "The night is complete, but " + first + "."
	case len(p.LeftOut) > 0 && len(p.Unread) == 0:
		p.Verdict = "The night is complete, but without " +
			prose.Count(int64(len(p.LeftOut)), "delivery", "deliveries") + " that a rollback has left out."
	case len(p.Unread) > 0:
		p.Verdict = "Nothing about persons was published tonight."
	case p.Bad:
		p.Verdict = "The night is complete, but " +
			prose.Count(int64(len(p.Todo)), "thing needs", "things need") + " a person."
	default:
		p.Verdict = "All is well. Nothing needs doing."
	}
	p.waitAgreements()
	p.waitCrowded()
	p.waitLists()
	p.waitDeaths(w.deaths)
	p.waitQuestions(w.questions)
	p.waitReturned(w.returned)
	p.waitNumbers()
	if older > 0 {
		p.Waiting = append(p.Waiting, prose.Count(older, "earlier request still fits", "earlier requests still fit")+
			" no person in the registry; each is tried again every night. 'miic privacy list' names them, and"+
			" 'miic privacy settle' ends the waiting.")
	}
	if n := int64(len(w.several)); n > 0 {
		p.Waiting = append(p.Waiting, prose.Count(n, "request may be", "requests may be")+
			" about one person or another: all of them are in no output until it is settled ('miic privacy list').")
	}
}

// sentence writes a note's text with a capital letter and a full stop.
func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] + "." }

// mostRequests is how many unmatched requests the page names.
const mostRequests = 20

// doSeasons asks for a newer schedule once a season has begun that the schedule in force does not have; until then it only
// says so. Assumed doses count in no coverage, and are on letters only where the site has it so.
func (p *page) doSeasons() {
	var missed []string
	for _, n := range p.Seasons {
		if n.Kind == "season over" {
			missed = append(missed, n.Text)
		} else {
			p.Waiting = append(p.Waiting, n.Text+". The next season needs a newer schedule.")
		}
	}
	if len(missed) == 0 {
		return
	}
	letters := "letters do not name what is assumed"
	if p.Settings.Campaigns.AssumedSeasons {
		letters = "letters name what is assumed, as reports: assumed_seasons: has it"
	}
	p.Todo = append(p.Todo, todo{What: "Import a newer schedule, or name the season in the file under forecast: seasons: — " +
		strings.Join(missed, ". ") + ". Coverage counts no assumed dose, and " + letters + ".",
		Commands: []string{"miic schedule import DIR"}})
}

// doReferences names the tables that are older than they may get.
func (p *page) doReferences() {
	for _, o := range reference.TooOld(p.Settings.References, p.AsOf) {
		p.Todo = append(p.Todo, todo{What: sentence(o.Renew) + " It is overdue: " + o.Text() + "."})
	}
}

// doRecipients names what was not written because nobody may receive it, and why.
func (p *page) doRecipients() {
	p.doNotes(p.Closed, "Mend the entries of who receives what, or renew the agreement; until then these files are not written: ",
		"miic doctor", "miic nightly")
}

// doMeasures names the files of measures that are not counted.
func (p *page) doMeasures() {
	p.doNotes(p.Measures, "Mend the measures of coverage; until then no measure of these files is counted: ",
		"miic measures check FILE", "miic nightly")
}

// doUnused names what is wrong with the files of populations and footnotes.
func (p *page) doUnused() {
	p.doNotes(p.Unused, "Mend the file of populations or of footnotes; until then figures of coverage go without: ", "miic nightly")
}

// doNotes asks for one thing about all notes of a kind, if there are any.
func (p *page) doNotes(notes []pipeline.Note, what string, commands ...string) {
	if len(notes) == 0 {
		return
	}
	list := make([]string, len(notes))
	for i, n := range notes {
		list[i] = n.Text
	}
	p.Todo = append(p.Todo, todo{What: what + strings.Join(list, "; ") + ".", Commands: commands})
}

func (p *page) waitCrowded() {
	for _, n := range p.Crowded {
		p.Waiting = append(p.Waiting, "More than 105 people are counted in coverage for every 100 who live there: "+n.Text+
			". Look for people who have moved away, or who are there twice.")
	}
}

func (p *page) waitAgreements() {
	for _, n := range p.Ending {
		p.Waiting = append(p.Waiting, sentence(n.Text)+" Without a new one its files are no longer written.")
	}
}

func (p *page) waitLists() {
	for _, n := range p.Unlisted {
		p.Waiting = append(p.Waiting, sentence(n.Text))
	}
}

func (p *page) waitDeaths(d deathCount) {
	if d.Held > 0 {
		p.Waiting = append(p.Waiting, prose.Count(d.Possible, "death certificate", "death certificates")+" may be of "+
			prose.Count(d.Held, "person", "people")+
			" in the registry, who get no letter until that is judged, on the page of clerical review.")
	}
}

func (p *page) waitQuestions(n int64) {
	if n > 0 {
		p.Waiting = append(p.Waiting, prose.Count(n, "question waits", "questions wait")+
			" to be judged on the page of clerical review: until then a pair stays two people,"+
			" a record that contradicts itself one, and they get no letter.")
	}
}

func (p *page) waitReturned(n int64) {
	if n > 0 {
		p.Waiting = append(p.Waiting, prose.Count(n, "person", "people")+" may have opted out or be locked under"+
			" another name, and "+be(n)+" in no output until that is judged ('miic review export --restricted').")
	}
}

// twoPeopleRules are broken when a client number may be of two people.
var twoPeopleRules = []string{"overlay", "number_reused", "birth_date_contradicts", "sex_contradicts"}

func (p *page) waitNumbers() {
	var numbers int64
	var at []string
	for _, r := range p.Refused {
		if slices.Contains(twoPeopleRules, r.Rule) {
			numbers += r.Count
			at = append(at,
				fmt.Sprintf("%s (%s) in batch %s, the first in line %d", r.Sender, r.Rule, r.BatchID, r.Line))
		}
	}
	if numbers > 0 {
		p.Waiting = append(p.Waiting, prose.Count(numbers, "client number may stand", "client numbers may stand")+
			" for two people, to be looked at with the sender (the records wait for review too): "+
			strings.Join(at, "; ")+". All of them are in the sender's response file.")
	}
}

func be(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
