package page

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	life "miic/internal/delivery"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/reference"
	"miic/reports/privacy"
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
	p.doRecipients()
	p.doMeasures()
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

func (p *page) doUnread() {
	for _, u := range p.Unread {
		do := todo{What: fmt.Sprintf("Have %s send %s again: the families' requests in it could not be read (%s). "+
			"Until a good file of requests comes, nothing about persons is published.", u.Sender, u.File, u.Status)}
		switch u.Status {
		case "stray":
			place := strings.TrimPrefix(u.Sender+"/"+u.File, "/")
			do.What = fmt.Sprintf("Move %s into its sender's folder, under the name that this sender gives such files, or "+
				"refuse it if no family asks for anything in it: it seems to hold families' requests, and lies where nobody "+
				"reads them. Until then nothing about persons is published.", prose.Name(place))
			do.Commands = []string{"miic ingest refuse '" + prose.Name(place) + "' --reason \"…\"", "miic nightly"}
		case "loaded":
			do.What = fmt.Sprintf("Look at the refused lines of %s of %s: "+
				"%d of the families' requests in it could not be read. "+
				"Have them sent again; until a good file of requests comes, nothing about persons is published.",
				u.File, u.Sender, u.Rejected)
		case "held":
			do.What = fmt.Sprintf("Look at %s of %s, which is held: the families' requests in it are not applied. "+
				"Until they are, nothing about persons is published.", u.File, u.Sender)
			do.Commands = []string{releaseCommand(u.BatchID), "miic nightly"}
		case "left":
			do.What = fmt.Sprintf("Nothing to do if %s of %s is whole by now: it was left for the next night, as it may "+
				"still have been growing. The families' requests in it are not applied. Until they are, nothing about "+
				"persons is published.", u.File, u.Sender)
			do.Commands = []string{"miic nightly"}
		case "left_out":
			do.What = fmt.Sprintf("Return %s of %s, which a rollback has left out: the families' requests in it were not "+
				"all applied before. Until they are, nothing about persons is published.", u.File, u.Sender)
			do.Commands = []string{life.Return.Command(u.BatchID), "miic nightly"}
		case "declined":
			do.What = fmt.Sprintf("Have %s send what %s should have held: an operator has refused it, and the families' "+
				"requests in it are not applied. Until a good file of requests comes, nothing about persons is published.",
				u.Sender, u.File)
		}
		p.Todo = append(p.Todo, do)
	}
}

// doDeliveries is about files that were refused or held, but for files of requests.
func (p *page) doDeliveries() {
	unread := func(batch string) bool {
		return slices.ContainsFunc(p.Unread, func(u privacy.UnreadRequest) bool { return u.BatchID == batch })
	}
	for _, f := range p.Files {
		switch {
		case unread(f.BatchID):
		case f.Status == "held":
			p.Todo = append(p.Todo, decide(f, "is held"))
		case f.Status == "refused" && (f.Kind != "" || f.Sender == ""):
			p.Todo = append(p.Todo, mend(f))
		}
	}
	p.doUnknownSenders()
	for _, f := range p.Held {
		if !unread(f.BatchID) {
			p.Todo = append(p.Todo, decide(f, "was held on an earlier night and still waits"))
		}
	}
}

// mend is what is to be done about a file that was refused whole: it follows the cause.
func mend(f delivery) todo {
	switch {
	case f.Sender == "":
		return todo{What: fmt.Sprintf("Move %s to the folder of its sender, or away: it lies in the inbox and in no "+
			"sender's folder.", f.File)}
	case f.SHA256 == "":
		return todo{What: fmt.Sprintf("Look at %s in the inbox of %s: %s", f.File, f.Sender, f.Reason)}
	case f.Layout == "":
		return todo{What: fmt.Sprintf("Find out what %s of %s is: no pattern of this sender fits its name. If the sender "+
			"has renamed its files, add a pattern to the configuration and release the file; if not, settle that it is "+
			"not loaded.", f.File, f.Sender),
			Commands: []string{releaseCommand(f.BatchID), refuseCommand(f.BatchID), "miic nightly"}}
	}
	return todo{What: fmt.Sprintf("Ask %s to send %s again: %s", f.Sender, f.File, f.Reason)}
}

// doUnknownSenders is about folders of the inbox that are no sender's: there is nobody to ask.
func (p *page) doUnknownSenders() {
	files := map[string][]delivery{}
	for _, f := range p.Files {
		if f.Status == "refused" && f.Kind == "" && f.Sender != "" {
			files[f.Sender] = append(files[f.Sender], f)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(files)) {
		list := files[folder]
		do := todo{What: fmt.Sprintf("Find out whose folder %s in the inbox is: no sender has this id, and %s came in it. "+
			"A new sender is added to senders in the configuration ('miic profile' looks at a first file), and then its "+
			"files are released. If it is none, refuse the files and remove the folder.", folder,
			prose.Count(int64(len(list)), "file", "files"))}
		for _, f := range list[:min(len(list), mostFiles)] {
			if f.SHA256 != "" {
				do.Commands = append(do.Commands, releaseCommand(f.BatchID), refuseCommand(f.BatchID))
			}
		}
		p.Todo = append(p.Todo, do)
	}
}

// mostFiles is for how many files of a folder, or that a rollback has left out, commands are written out.
const mostFiles = 5

// doLeftOut is about what a rollback has left out, until all of it is settled.
func (p *page) doLeftOut() {
	if len(p.LeftOut) == 0 {
		return
	}
	p.Todo = append(p.Todo, todo{What: fmt.Sprintf("Settle what a rollback has left out: %s in the archive and in no "+
		"table, listed below. Refuse what was wrong, then return the rest; senders need not send any of it again.",
		prose.Count(int64(len(p.LeftOut)), "delivery lies", "deliveries lie")),
		Commands: []string{refuseCommand("BATCH"), "miic ingest return --all --reason \"…\"", "miic nightly"}})
}

// decide is what is to be done about a held file.
func decide(f delivery, how string) todo {
	return todo{
		What: fmt.Sprintf("Decide about %s of %s, which %s: %s. Release it if it is right, refuse it if it is not.",
			f.File, f.Sender, how, f.Reason),
		Commands: []string{releaseCommand(f.BatchID), refuseCommand(f.BatchID), "miic nightly"},
	}
}

func releaseCommand(batch string) string { return life.Release.Command(batch) }

func refuseCommand(batch string) string { return life.Refuse.Command(batch) }

// doUnmoved is about files that were taken in and still lie in the inbox, and about an archive that cannot take copies.
func (p *page) doUnmoved() {
	for _, u := range p.Unmoved {
		what := "See to the archive: " + u.Text
		if u.File != "" {
			what = fmt.Sprintf("See to %s of %s, which was taken in and cannot leave the inbox: %s. Nothing of it is taken in "+
				"twice; give miic the right to move files there, or remove it by hand once the archive has its copy",
				u.File, u.Sender, u.Text)
		}
		p.Todo = append(p.Todo, todo{What: what + "."})
	}
}

func (p *page) doMissing() {
	if p.Silence != "" && len(p.Files) == 0 {
		return // one cause is looked for first; the senders are listed with the figures
	}
	for _, m := range p.Missing {
		p.Todo = append(p.Todo, todo{What: fmt.Sprintf("Ask %s why nothing came: %s", m.Sender, m.Text)})
	}
}

// mostRequests is how many unmatched requests the page names.
const mostRequests = 20

func (p *page) doUnmatched() {
	if n := len(p.Unmatched); n > 0 {
		p.Todo = append(p.Todo, todo{What: prose.Count(int64(n), "request restricts", "requests restrict") +
			" nobody, because no person in the registry fits: look whether name and birth date are right." +
			" Each is tried again every night: " + strings.Join(p.Unmatched[:min(n, mostRequests)], ", "),
			Commands: []string{"miic privacy show " + p.Unmatched[0],
				"miic privacy settle " + p.Unmatched[0] + " CLIENT|none --reason \"…\""}})
	}
}

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
	if len(p.Closed) == 0 {
		return
	}
	var list []string
	for _, n := range p.Closed {
		list = append(list, n.Text)
	}
	p.Todo = append(p.Todo, todo{What: "Mend the entries of who receives what, or renew the agreement; until then these " +
		"files are not written: " + strings.Join(list, "; ") + ".", Commands: []string{"miic doctor", "miic nightly"}})
}

// doMeasures names the files of measures that are not counted.
func (p *page) doMeasures() {
	if len(p.Measures) == 0 {
		return
	}
	var list []string
	for _, n := range p.Measures {
		list = append(list, n.Text)
	}
	p.Todo = append(p.Todo, todo{What: "Mend the measures of coverage; until then no measure of these files is counted: " +
		strings.Join(list, "; ") + ".", Commands: []string{"miic measures check FILE", "miic nightly"}})
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
