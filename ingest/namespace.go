package ingest

import (
	"context"
	"fmt"

	"miic/ingest/number"
	"miic/internal/engine"
	"miic/internal/pipeline"
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

// fewSpellings is how many new spellings of a sender are named one by one; more are no organisations.
const fewSpellings = 5

// spelled notes the spellings that one sender has not used before, where it has used others.
func (n *night) spelled(rows []spellingUsed, means map[string]string) {
	before := map[string]bool{}
	of := map[string]string{} // an earlier spelling, by what it means
	for _, r := range rows {
		if r.File == 0 {
			before[r.Spelling] = true
			of[means[r.Spelling]] = r.Spelling
		}
	}
	if len(before) == 0 {
		return
	}
	var notes []pipeline.Note
	seen := map[string]bool{}
	for _, r := range rows {
		if r.File == 0 || before[r.Spelling] || seen[r.Spelling] {
			continue
		}
		seen[r.Spelling] = true
		text := fmt.Sprintf("line %d: the assigning authority %s is new in this feed. Its numbers are its own; where a "+
			"person is alike to the one of another authority's equal number, the record goes on", r.Line, shown(r.Spelling))
		text += ". If it is one of the others under a new name, say so in the sender's namespaces: in miic.yaml"
		if known, ok := of[means[r.Spelling]]; ok {
			text = fmt.Sprintf("line %d: the assigning authority %s was spelled %s before: both are read as one, and "+
				"nobody's record moves. Ask the sender to keep to one spelling", r.Line, shown(r.Spelling), shown(known))
		}
		notes = append(notes, pipeline.Note{Kind: "warning", Sender: r.Sender, File: n.batches[r.File-1].file.Name,
			Text: text})
	}
	if len(notes) > fewSpellings {
		notes = append(notes[:fewSpellings], pipeline.Note{Kind: "warning", Sender: rows[0].Sender, Text: fmt.Sprintf(
			"%d more assigning authorities are new tonight: if that cannot be, a column is shifted; look at the files",
			len(notes)-fewSpellings)})
	}
	for _, note := range notes {
		n.run.Note(note)
	}
}

// shown is a spelling as it may be printed: quoted, and short.
func shown(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return fmt.Sprintf("%q", s)
}
