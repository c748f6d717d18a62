// Package linkquality writes linkage.html: how sure it is that records were put together rightly, what waits for a
// person, and what the last nights changed. It promises counts of pairs, of questions and of people, of the whole registry
// alone: no record, no id, and no word of a question's reason that is not ours.
//
//	linkage.html              the page
//	linkage_weights.csv       pairs by weight, and what became of them
//	linkage_nights.csv        what the last nights changed and asked
//	linkage_questions.csv     questions that wait, by kind and age
package linkquality

import (
	"context"
	"embed"
	"math/bits"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/recapture"
	"miic/internal/table"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Reads are the tables that the page is made of.
var Reads = []string{"scored_pair", "standard_record", "client_link", "client", "client_change", "review_item", "batch"}

// Config is what the page shows of the linkage model.
type Config struct {
	Model        string
	Link, Review float64 // thresholds, in bits
}

const (
	binWidth   = 2   // bits
	lowestBin  = -8  // weights below are counted with the first bin
	highestBin = 40  // and those above with the last
	sure       = .95 // from this probability on a pair counts as one person when rules are measured
	nightsBack = 15
)

// What became of a pair.
const (
	linked = "linked" // both records are one person's
	review = "review" // their persons are asked about
	apart  = "apart"  // neither
)

// pairGroup is pairs of about one weight.
type pairGroup struct {
	Bin      int64   `col:"bin" doc:"the weight, in widths of a bin, rounded down"`
	Bears    bool    `col:"bears" doc:"the weight reaches the threshold for linking"`
	Became   string  `col:"became" doc:"linked, review or apart"`
	Rules    int64   `col:"rules" doc:"the rules that found them, of those that are surely one person's; 0 of others"`
	Pairs    int64   `col:"pairs" doc:"how many"`
	Expected float64 `col:"expected" doc:"the sum of their probabilities of being one person"`
}

// part is pairs with a common fate, and how many of them the model expects to be of one person.
type part struct {
	pairs    int64
	expected float64
}

// wrong is how many the model expects not to be of one person.
func (p part) wrong() float64 { return float64(p.pairs) - p.expected }

// weights are the pairs by weight, and the parts of them.
type weights struct {
	bins           []weightBin
	linked, joined part // one person: by their weight; by other records or a person's answer
	review         part
	below, parted  part    // not one person: since the weight is too low; by a rule or a person's answer
	unseen         float64 // pairs of one person that no rule found: the least
}

type weightBin struct {
	from                  int64
	linked, review, apart int64
}

// weightsOf adds up groups of pairs.
func weightsOf(groups []pairGroup) weights {
	var w weights
	for from := int64(lowestBin); from <= highestBin; from += binWidth {
		w.bins = append(w.bins, weightBin{from: from})
	}
	var once, twice float64
	for _, g := range groups {
		b := &w.bins[min(max((binWidth*g.Bin-lowestBin)/binWidth, 0), int64(len(w.bins)-1))]
		var p *part
		switch {
		case g.Became == linked:
			b.linked += g.Pairs
			if p = &w.joined; g.Bears {
				p = &w.linked
			}
		case g.Became == review:
			b.review += g.Pairs
			p = &w.review
		default:
			b.apart += g.Pairs
			if p = &w.below; g.Bears {
				p = &w.parted
			}
		}
		p.pairs += g.Pairs
		p.expected += g.Expected
		switch bits.OnesCount64(uint64(g.Rules)) {
		case 1:
			once += g.Expected
		case 2:
			twice += g.Expected
		}
	}
	w.unseen = recapture.Unseen(once, twice)
	return w
}

// question is open questions of one reason and day.
type question struct {
	Reason    string     `col:"reason" doc:"why"`
	On        table.Date `col:"on_day" doc:"the night that asked"`
	Questions int64      `col:"questions" doc:"how many"`
}

// queueLine is open questions of one kind, by age.
type queueLine struct {
	kind   string
	oldest table.Date
	ages   [4]int64 // tonight, up to 7 days, up to 30, and older
}

func (q queueLine) all() (n int64) {
	for _, k := range q.ages {
		n += k
	}
	return n
}

// kinds are the kinds of questions, by how their reason begins. One that asks whether somebody restricted has come again is no
// kind of its own: how many there are, and since when, would tell that such a person was delivered that night. It counts as
// another reason, and so do a sender's number that stands for somebody else now, a record that contradicts what its sender
// told, and a letter that reached the wrong person: the rest must be of more than one kind.
var kinds = []struct{ begins, kind string }{
	{"match weight between", "the weight lies between the two thresholds"},
	{"links, but its cluster", "the weight would do, but not with all records of the person"},
	{"little alike, but", "little alike, but all records together may be one person's"},
	{"asked again", "judged before, and a record has changed since"},
	{"may have died", "may be the person of a death certificate"},
	{"a dose was given after", "a dose is dated after the day of the death"},
}

// kindOf is the kind of a question. Of the reason only words that the program itself has are shown.
func kindOf(reason string) string {
	if holds, held := strings.CutPrefix(reason, "held: "); held {
		hold, _, _ := strings.Cut(holds, " ")
		if hold != "" && strings.Trim(hold, "abcdefghijklmnopqrstuvwxyz_") == "" {
			return "the weight would do, but " + strings.ReplaceAll(hold, "_", " ")
		}
	}
	for _, k := range kinds {
		if strings.HasPrefix(reason, k.begins) {
			return k.kind
		}
	}
	return "another reason"
}

// queueOf sorts open questions by kind, the commonest first, and by age.
func queueOf(asOf table.Date, questions []question) []queueLine {
	var lines []queueLine
	for _, q := range questions {
		kind := kindOf(q.Reason)
		i := slices.IndexFunc(lines, func(l queueLine) bool { return l.kind == kind })
		if i < 0 {
			i = len(lines)
			lines = append(lines, queueLine{kind: kind, oldest: q.On})
		}
		age := 3
		for k, most := range []table.Date{0, 7, 30} {
			if asOf-q.On <= most {
				age = k
				break
			}
		}
		lines[i].ages[age] += q.Questions
		lines[i].oldest = min(lines[i].oldest, q.On)
	}
	slices.SortStableFunc(lines, func(a, b queueLine) int { return int(b.all() - a.all()) })
	return lines
}

// nightRow is one figure of a night.
type nightRow struct {
	Snapshot int64      `col:"snapshot" doc:"the night"`
	On       table.Date `col:"on_day" doc:"its day"`
	Figure   string     `col:"figure" doc:"what was counted"`
	Amount   int64      `col:"amount" doc:"how many"`
}

// nightFigures are what is shown of a night: joined are records that came to a person, judged are answered questions.
var nightFigures = []string{"created", "joined", "merged", "split", "moved", "emptied", "raised", "withdrawn", "judged"}

type nightLine struct {
	snapshot int64
	on       table.Date
	figures  map[string]int64
}

func nightsOf(rows []nightRow) []nightLine {
	var lines []nightLine
	for _, r := range rows {
		if k := len(lines) - 1; k < 0 || lines[k].snapshot != r.Snapshot {
			lines = append(lines, nightLine{r.Snapshot, r.On, map[string]int64{}})
		}
		lines[len(lines)-1].figures[r.Figure] += r.Amount
	}
	return lines
}

// peopleRow is how many people have so many records.
type peopleRow struct {
	Records int64 `col:"records" doc:"records; 10: ten or more"`
	People  int64 `col:"people" doc:"how many"`
}

// figures are all that the page shows.
type figures struct {
	weights weights
	queue   []queueLine
	nights  []nightLine
	people  []peopleRow
}

// Run writes the page and its files.
func Run(ctx context.Context, r *pipeline.Run, c Config) error {
	f, err := count(ctx, r, c)
	if err != nil {
		return err
	}
	if err := f.writeFiles(r); err != nil {
		return err
	}
	return writePage(r, f.page(r.AsOf, c))
}

func count(ctx context.Context, r *pipeline.Run, c Config) (f figures, err error) {
	if err := r.View(ctx, table.ClientLinks, table.Clients, table.StandardRecords, table.ClientChanges); err != nil {
		return f, err
	}
	if err := r.ViewLatest(ctx, table.ScoredPairs, table.ReviewItems, table.Batches); err != nil {
		return f, err
	}
	groups, err := engine.Rows[pairGroup](ctx, r.Engine, queries.Get("pair", "width", int64(binWidth), "link", c.Link, "sure", sure))
	if err != nil {
		return f, err
	}
	questions, err := engine.Rows[question](ctx, r.Engine, queries.Get("question"))
	if err != nil {
		return f, err
	}
	nights, err := engine.Rows[nightRow](ctx, r.Engine, queries.Get("night", "nights", int64(nightsBack)))
	if err != nil {
		return f, err
	}
	f.weights, f.queue, f.nights = weightsOf(groups), queueOf(r.AsOf, questions), nightsOf(nights)
	f.people, err = engine.Rows[peopleRow](ctx, r.Engine, queries.Get("records_of_people"))
	return f, err
}
