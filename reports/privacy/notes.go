package privacy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// wordPair is two words beside each other, in capitals.
type wordPair struct {
	First string `col:"first_word" doc:"as a given name stands"`
	Last  string `col:"last_word" doc:"as a surname stands"`
}

// checkNotes looks in the night's notes for the name of somebody who was reported tonight. What senders call their files,
// what organisations are called, and why an operator has decided something, is left out: a file name must not end
// everybody's night.
func checkNotes(ctx context.Context, r *pipeline.Run, organisations []string) error {
	known := slices.Clone(organisations)
	for _, d := range r.Inbox {
		known = append(known, d.Name, d.Sender)
	}
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	var pairs []wordPair
	for _, f := range r.Figures() {
		for _, note := range f.Notes {
			text := operatorsWords.ReplaceAllString(note.Text, "")
			for _, name := range append(known, note.File, note.Sender) {
				if name != "" {
					text = strings.ReplaceAll(text, name, "-")
				}
			}
			pairs = append(pairs, pairsOf(text)...)
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	if err := engine.Load(ctx, r.Engine, "word_pair", slices.Compact(pairs)); err != nil {
		return err
	}
	for _, view := range []func(context.Context, ...*table.Table) error{r.View, r.ViewPrior} {
		if err := view(ctx, table.ClientRecords); err != nil {
			return err
		}
	}
	n, err := r.Engine.Int(ctx, queries.Get("named"))
	if err == nil && n > 0 {
		err = fmt.Errorf("the notes have the name of %d people", n)
	}
	return err
}

// operatorsWords are the reason of somebody's decision, as notes repeat it: what operators write ends no night.
var operatorsWords = regexp.MustCompile(`\bby [^:]*: .*`)

// pairsOf are the words beside each other in a text that begin with a capital, in both orders.
func pairsOf(text string) []wordPair {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '\'' })
	var pairs []wordPair
	for i := 1; i < len(words); i++ {
		one, two := words[i-1], words[i]
		if isCapital(one) && isCapital(two) {
			one, two = strings.ToUpper(one), strings.ToUpper(two)
			pairs = append(pairs, wordPair{one, two}, wordPair{two, one})
		}
	}
	return pairs
}

func isCapital(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// checkModes looks at what the night has written, below out/ and in its private folder: nobody but the owner may read it.
func checkModes(_ context.Context, r *pipeline.Run) error {
	for _, root := range []string{r.OutDir(), r.Scratch} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				rel, _ := filepath.Rel(root, path)
				err = fmt.Errorf("%s can be read by others (%s)", rel, info.Mode().Perm())
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
