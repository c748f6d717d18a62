package privacy

import (
	"fmt"
	"strings"
)

// The named checks of a night that keep the invariants.
const (
	nobodyHidden    = "nobody who is opted out, locked or sealed appears in forecasts or reports"
	askedTonight    = "a request of tonight restricts whoever has its name, birth date and ZIP code"
	recordsGoverned = "who has the records of somebody restricted is restricted"
	wantsNone       = "nobody who wants no notices, has died or may have, gets one"
	noticeDisclosed = "every notice is disclosed once, in the file of the person's region"
	disclosedOnce   = "nobody is disclosed twice in one output of a night"
	cameAgain       = "a death or request file that came again changes nothing"
	byHash          = "every delivery is noted by the hash of its bytes"
	withheldUnread  = "nothing about persons is published while a file of requests is unread"
	notesUnnamed    = "no note of the night names a person"
	ownersOnly      = "what the night has written is for its owner's eyes only"
)

// A Rule is one of the fourteen invariants of privacy.
type Rule struct {
	Number int
	Text   string
	Checks []string // of every night, by name
	Also   string   // what keeps it beside them
	Then   string   // what happens when it is broken, where that is not the end of the night
}

// Rules are the invariants, by number.
func Rules() []Rule {
	return []Rule{
		{1, "Nobody who has opted out, is locked or sealed is in any output, but for an official record that the person " +
			"asked for.", []string{nobodyHidden, Lists}, "commands that write on demand ask HEAD's restrictions", ""},
		{2, "A request that came today governs what is written today. Nothing is written while a file of requests cannot " +
			"be read.", []string{askedTonight, nobodyHidden, withheldUnread}, "the stages' order: requests, people, forecasts, outputs", ""},
		{3, "A restriction of any record governs the person; after a split, each part that has the records. A merge never " +
			"relaxes one.", []string{recordsGoverned}, "", ""},
		{4, "No file lifts a restriction: only an operator does, with a reason that is kept.",
			[]string{Kept}, "`miic privacy settle` and `lift`", ""},
		{5, "Whoever has opted out stays known, so that new rows join the same person, and is seen nowhere.",
			[]string{Live, nobodyHidden}, "", ""},
		{6, "Each output has a recipient of a kind that may have it, a law, a purpose, and an agreement that has not ended; " +
			"else there is no file.", []string{Received}, "", ""},
		{7, "A region's file has that region's people only; the regions and those without one add up to the state.",
			[]string{Regional, noticeDisclosed}, "", ""},
		{8, "The accounting has one line for each person in each output, and each file has as many rows.",
			[]string{disclosedOnce, noticeDisclosed, Regional, Lists}, "", ""},
		{9, "An extract for research has no direct identifier, no class smaller than the threshold, and pseudonyms by a key " +
			"that is not in it.", nil, "`miic report extract` reads what it has written before anybody can", "nothing is written"},
		{10, "Logs, errors and notes have ids and places, never a name or a birth date.", []string{notesUnnamed},
			"tests run nights of people whose names hold a marker, and look for it in all that is logged", ""},
		{11, "What lies beside the outputs is as protected as the deliveries. Copies are kept for as long as the site says, " +
			"and each deletion is in the ledger.", []string{ownersOnly}, "the ledger's `expired`", ""},
		{12, "Each birth is notified once, no dead infant, nobody again when a record is amended, and no first family after " +
			"a sealing.", []string{Newborns}, "table `newborn_notice` is taken back by nothing", ""},
		{13, "A death or request file that comes again has no effect.", []string{cameAgain}, "", ""},
		{14, "Who ran what, on which bytes, with which program and settings, and who collected each output, is on record.",
			[]string{byHash}, "the chained ledger, manifests and records of collections, which `miic lake check` proves", ""},
	}
}

// The checks of other packages that keep an invariant, by name.
const (
	Lists = "each list for clinics, schools and states holds those who are disclosed, and nobody who may not be shown; a clinic's " +
		"list its own patients"
	Regional = "the regions' files hold what was noted and disclosed, each its own region, and add up to the state"
	Received = "everything for a recipient is for one who may have it today"
	Newborns = "each birth is notified once, and nobody who has died, is sealed or restricted"
	Kept     = "no restriction is lost between snapshots"
	Live     = "every live record belongs to one person"
)

// broken is what happens when a check of a night fails.
const broken = "the night fails"

// Document is the table of docs/privacy.md.
func Document() string {
	var b strings.Builder
	b.WriteString("| | invariant | checked every night | beside that | when it is broken |\n|---|---|---|---|---|\n")
	for _, r := range Rules() {
		then := r.Then
		if then == "" {
			then = broken
		}
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", r.Number, r.Text, strings.Join(r.Checks, "; "), r.Also, then)
	}
	return b.String()
}
