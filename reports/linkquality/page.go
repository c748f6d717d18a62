package linkquality

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"

	"miic/internal/chart"
	"miic/internal/pipeline"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/internal/webpage"
	"miic/reports/csvfile"
	"miic/reports/navigation"
)

//go:embed linkage.html.tmpl
var pageText string

var pageTemplate = webpage.Must(navigation.Linkage, pageText, nil)

type page struct {
	Head      webpage.Head
	AsOf      string
	Model     string
	Lead      string
	Weights   chart.Picture
	Fates     webpage.Table
	Estimates webpage.Table
	Queue     webpage.Table
	QueueSays string
	Nights    chart.Picture
	NightRows webpage.Table
	People    webpage.Table
}

func writePage(r *pipeline.Run, p page) error {
	path, err := r.OutPath(navigation.Linkage)
	if err != nil {
		return err
	}
	return webpage.Write(path, pageTemplate, navigation.Linkage, p)
}

// writeFiles writes what the page and its pictures show as CSV.
func (f *figures) writeFiles(r *pipeline.Run) error {
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	var bins, nights, questions [][]string
	for i, b := range f.weights.bins {
		from, until := whole(b.from), whole(b.from+binWidth)
		if i == 0 {
			from = ""
		}
		if i == len(f.weights.bins)-1 {
			until = ""
		}
		bins = append(bins, []string{from, until, whole(b.linked), whole(b.review), whole(b.apart)})
	}
	for _, n := range f.nights {
		row := []string{whole(n.snapshot), n.on.String()}
		for _, figure := range nightFigures {
			row = append(row, whole(n.figures[figure]))
		}
		nights = append(nights, row)
	}
	for _, q := range f.queue {
		questions = append(questions, []string{q.kind, whole(q.ages[0]), whole(q.ages[1]), whole(q.ages[2]), whole(q.ages[3]), q.oldest.String()})
	}
	for _, file := range []struct {
		name   string
		header []string
		rows   [][]string
	}{
		{"linkage_weights.csv", []string{"weight_from", "weight_until", "linked", "in_review", "apart"}, bins},
		{"linkage_nights.csv", append([]string{"snapshot", "night"}, nightFigures...), nights},
		{"linkage_questions.csv", []string{"kind", "tonight", "1_to_7_days", "8_to_30_days", "over_30_days", "oldest"}, questions},
	} {
		path, err := r.OutPath(file.name)
		if err != nil {
			return err
		}
		if err := csvfile.Write(path, file.header, slices.Values(file.rows)); err != nil {
			return err
		}
	}
	return nil
}

func (f *figures) page(asOf table.Date, c Config) page {
	w := &f.weights
	p := page{AsOf: asOf.String(), Model: c.Model, Weights: w.picture(c), Fates: w.fates(), Estimates: w.estimates(),
		Queue: queueTable(f.queue), NightRows: nightTable(f.nights), Nights: nightPicture(f.nights), People: peopleTable(f.people),
		Head: webpage.Head{Title: "Linkage, " + asOf.String(), Nav: navigation.From(navigation.Linkage),
			Footer: "This page counts pairs, questions and people, and names nobody; it is for nobody but the registry."}}
	var waiting, long int64
	for _, q := range f.queue {
		waiting += q.all()
		long += q.ages[3]
	}
	p.Lead = "No question waits for a person."
	if waiting > 0 {
		p.Lead = prose.Count(waiting, "question waits", "questions wait") + " for a person"
		if long > 0 {
			p.Lead += fmt.Sprintf(", %s for more than 30 days", prose.Thousands(long))
		}
		p.Lead += "."
		p.QueueSays = "The commonest kind: " + f.queue[0].kind + "."
	}
	return p
}

// picture draws the pairs by weight, with both thresholds.
func (w *weights) picture(c Config) chart.Picture {
	inPersons, keptApart := w.linked.pairs+w.joined.pairs, w.below.pairs+w.parted.pairs
	all := inPersons + w.review.pairs + keptApart
	if all == 0 {
		return chart.Picture{Says: "No two records have been compared yet."}
	}
	share := func(n int64) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(all)) }
	says := fmt.Sprintf("Of %s of records that are alike, %s are one person's now, %s wait for a person and %s are kept apart.",
		prose.Count(all, "pair", "pairs"), share(inPersons), share(w.review.pairs), share(keptApart))
	h := chart.Histogram{Words: chart.Words{ID: "weights", Title: "Pairs of records by weight, in bits", Desc: says},
		Marks: []chart.Mark{{At: c.Review, Label: fmt.Sprintf("asked from %.1f", c.Review)}, {At: c.Link, Label: fmt.Sprintf("linked from %.1f", c.Link)}}}
	for _, b := range w.bins {
		h.Bins = append(h.Bins, chart.Bin{From: float64(b.from), Until: float64(b.from + binWidth), Count: b.linked + b.review + b.apart,
			Tip: fmt.Sprintf("%s: %s linked, %s in review, %s apart", b.weights(), prose.Thousands(b.linked),
				prose.Thousands(b.review), prose.Thousands(b.apart))})
	}
	return chart.Picture{Says: says, Drawing: h.HTML()}
}

// weights says which weights a column has: the first has all below it too, and the last all above.
func (b weightBin) weights() string {
	switch b.from {
	case lowestBin:
		return fmt.Sprintf("below %d bits", lowestBin+binWidth)
	case highestBin:
		return fmt.Sprintf("%d bits and more", highestBin)
	}
	return fmt.Sprintf("%d to %d bits", b.from, b.from+binWidth)
}

// fates has what became of the pairs.
func (w *weights) fates() webpage.Table {
	t := webpage.Table{Caption: "What became of the pairs, and how many of them the model takes for one person's",
		Columns: webpage.Columns("pairs", "#number", "#of one person")}
	for _, l := range []struct {
		what, second string
		part
	}{
		{"linked", "the weight reaches the threshold", w.linked},
		{"linked all the same", "by other records of the person, by all records together, or by a person's answer", w.joined},
		{"wait for a person", "a question about their two persons is open", w.review},
		{"apart", "the weight is below the threshold", w.below},
		{"apart all the same", "by a rule, by all records together, or by a person's answer", w.parted},
	} {
		row := webpage.Row{Cells: webpage.Texts(l.what, prose.Thousands(l.pairs), about(l.expected))}
		row.Cells[0].Second = l.second
		t.Rows = append(t.Rows, row)
	}
	return t
}

// estimates has what the model expects to be wrong.
func (w *weights) estimates() webpage.Table {
	t := webpage.Table{Caption: "Estimates by the model, in pairs of records; nobody has looked at these pairs",
		Columns: webpage.Columns("what", "#pairs", "how it is worked out")}
	for _, l := range []struct {
		what string
		n    float64
		how  string
	}{
		{"linked wrongly", w.linked.wrong(), "Over the pairs that the weight links: the probability of each that it is not of one person, added up. " +
			"A third record of the person may still speak for it."},
		{"missed below the threshold", w.below.expected, "Over the pairs that are apart since their weight is too low, and that nobody is asked about: " +
			"the probability of each that it is of one person, added up. What all records of the two persons say together is not in it: " +
			"where that has parted them it is too high."},
		{"never compared", w.unseen, "From how many sure pairs one rule alone has found, and how many two: how many none has (Chao's " +
			"estimate). The rules look at much the same, so it is the least."},
	} {
		t.Rows = append(t.Rows, webpage.Row{Cells: webpage.Texts(l.what, about(l.n), l.how)})
	}
	return t
}

// about is a number that was estimated: one decimal while it is small.
func about(n float64) string {
	if n < 99.95 {
		return fmt.Sprintf("%.1f", n)
	}
	return prose.Thousands(int64(n + .5))
}

func queueTable(queue []queueLine) webpage.Table {
	t := webpage.Table{Caption: "Questions that wait, by kind and by how long ago they were asked",
		Columns: webpage.Columns("kind", "#all", "#tonight", "#1 to 7 days", "#8 to 30 days", "#over 30 days", "oldest of")}
	for _, q := range queue {
		row := webpage.Row{Cells: webpage.Texts(q.kind, prose.Thousands(q.all()), prose.Thousands(q.ages[0]), prose.Thousands(q.ages[1]),
			prose.Thousands(q.ages[2]), prose.Thousands(q.ages[3]), q.oldest.String())}
		if q.ages[3] > 0 {
			row.Class = "far"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func nightTable(nights []nightLine) webpage.Table {
	t := webpage.Table{Caption: "The last nights on which a file came, the newest first", Columns: webpage.Columns("night", "#people created",
		"#records joined", "#people merged", "#split", "#records moved", "#questions asked", "#taken back", "#answered")}
	for i := len(nights) - 1; i >= 0; i-- {
		n := nights[i]
		cells := webpage.Texts(n.on.String())
		for _, figure := range []string{"created", "joined", "merged", "split", "moved", "raised", "withdrawn", "judged"} {
			cells = append(cells, webpage.Cell{Text: prose.Thousands(n.figures[figure])})
		}
		t.Rows = append(t.Rows, webpage.Row{Cells: cells})
	}
	return t
}

// nightPicture draws merges, splits and questions over the nights. The first night of all has no past to correct.
func nightPicture(nights []nightLine) chart.Picture {
	if len(nights) > 0 && nights[0].snapshot == 1 {
		nights = nights[1:]
	}
	if len(nights) < 2 {
		return chart.Picture{}
	}
	last := nights[len(nights)-1]
	var merged, split int64
	series := []chart.Series{{Name: "people merged"}, {Name: "people split off"}, {Name: "questions asked"}}
	var names []string
	for _, n := range nights {
		names = append(names, n.on.String()[5:])
		merged, split = merged+n.figures["merged"], split+n.figures["split"]
		for i, figure := range []string{"merged", "split", "raised"} {
			v := n.figures[figure]
			series[i].Points = append(series[i].Points, chart.Point{Value: float64(v), Tip: fmt.Sprintf("%s: %s %s", n.on, prose.Thousands(v), series[i].Name)})
		}
	}
	says := fmt.Sprintf("On the last %d nights %s into another and %s off; on the newest, %s, it was %s and %s, and %s.", len(nights),
		prose.Count(merged, "person was merged", "people were merged"), prose.Count(split, "was split", "were split"), last.on,
		prose.Thousands(last.figures["merged"]), prose.Thousands(last.figures["split"]),
		prose.Count(last.figures["raised"], "question was asked", "questions were asked"))
	return chart.Picture{Says: says, Drawing: chart.Lines{Words: chart.Words{ID: "nights", Title: "Merges, splits and questions by night", Desc: says}, Counts: true,
		Categories: names, Series: series}.HTML()}
}

func peopleTable(people []peopleRow) webpage.Table {
	t := webpage.Table{Caption: "People by the number of their records", Columns: webpage.Columns("records", "", "#people")}
	var most int64
	for _, p := range people {
		most = max(most, p.People)
	}
	for _, p := range people {
		words := strconv.FormatInt(p.Records, 10)
		if p.Records > 9 {
			words = "10 or more"
		}
		t.Rows = append(t.Rows, webpage.Row{Cells: []webpage.Cell{{Text: words}, {Drawing: webpage.Bar(100 * float64(p.People) / float64(most))},
			{Text: prose.Thousands(p.People)}}})
	}
	return t
}
