package ingest

import (
	"context"
	"fmt"

	"miic/ingest/number"
	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/prose"
)

// spellingUsed is a spelling of a namespace in a file of the night, or, as file 0, before.
type spellingUsed struct {
	Sender   string `col:"sender" doc:"sender"`
	Spelling string `col:"spelling" doc:"as sent"`
	File     int32  `col:"file_no" doc:"file of the night; 0 for earlier nights"`
	Line     int64  `col:"line" doc:"its first line"`
	Units    int64  `col:"units" doc:"how many have it"`
}

type spelling struct {
	Sender    string `col:"sender" doc:"sender"`
	Spelling  string `col:"spelling" doc:"as sent"`
	Namespace string `col:"namespace" doc:"what it means"`
}

// namespaces makes spelling: which organisation each spelling means that a sender uses, tonight or before.
func (n *night) namespaces(ctx context.Context) error {
	rows, err := engine.Rows[spellingUsed](ctx, n.run.Engine, queries.Get("spelling_used"))
	if err != nil {
		return err
	}
	same := map[string]map[string]string{}
	for _, s := range n.cfg.Senders {
		same[s.ID] = s.Namespaces
	}
	var list []spelling
	for len(rows) > 0 {
		k := 1
		for k < len(rows) && rows[k].Sender == rows[0].Sender {
			k++
		}
		var spellings []string
		for _, r := range rows[:k] {
			spellings = append(spellings, r.Spelling)
		}
		means := number.Namespaces(spellings, same[rows[0].Sender])
		for i, r := range rows[:k] {
			if i == 0 || rows[i-1].Spelling != r.Spelling {
				list = append(list, spelling{r.Sender, r.Spelling, means[r.Spelling]})
			}
		}
		n.spelled(rows[:k], means)
		rows = rows[k:]
	}
	return engine.Load(ctx, n.run.Engine, "spelling", list)
}

// spelled notes what is new in the spellings of one sender. Where it has sent files of the kind before without any, that
// they have them now is a change too.
func (n *night) spelled(rows []spellingUsed, means map[string]string) {
	var list []number.Spelling
	for _, r := range rows {
		x := number.Spelling{Text: r.Spelling, Means: means[r.Spelling], Line: r.Line}
		if r.File > 0 {
			b := n.batches[r.File-1]
			x.Tonight, x.File, x.Known = true, b.file.Name, len(n.past[b.sender.ID+"/"+b.layout]) > 0
		}
		list = append(list, x)
	}
	for _, note := range number.Changed(list) {
		n.run.Note(pipeline.Note{Kind: "warning", Sender: rows[0].Sender, File: note.File, Text: note.Text})
	}
}

// lostNamespace is how many records of a file go on under another authority than before, or under none.
type lostNamespace struct {
	File  int32 `col:"file_no" doc:"file of the night"`
	Units int64 `col:"units" doc:"how many"`
	Line  int64 `col:"line" doc:"the first"`
}

// carriedOn notes them.
func (n *night) carriedOn(ctx context.Context) error {
	rows, err := engine.Rows[lostNamespace](ctx, n.run.Engine, queries.Get("carried_on"))
	for _, r := range rows {
		b := n.batches[r.File-1]
		n.run.Note(pipeline.Note{Kind: "warning", Sender: b.sender.ID, File: b.file.Name, Text: fmt.Sprintf(
			"line %d: %s came with another assigning authority than before, or with none; the people are alike and "+
				"their records go on, nobody else's does. Ask the sender, and say in its namespaces: what a new name means",
			r.Line, prose.Count(r.Units, "number", "numbers"))})
	}
	return err
}
