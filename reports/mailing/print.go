package mailing

import (
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"miic/internal/pipeline"
	postalservice "miic/internal/postal"
	"miic/internal/prose"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/letter"
	"miic/reports/recipient"
)

// words are what a piece of mail says, in the language that the campaign's rule gives.
func (c *Config) words(asOf table.Date, p *Piece, doses map[int64][]letter.Dose) *letter.Piece {
	people := make([]letter.Person, len(p.Chosen))
	for i, one := range p.Chosen {
		who, clinic := &one.Person, c.Clinics[one.Person.Provider]
		people[i] = letter.Person{ClientID: who.ClientID, First: who.FirstName, Last: who.LastName, Birth: who.BirthDate,
			GuardianFirst: who.GuardianFirst, GuardianLast: who.GuardianLast, Address1: who.Address1, Address2: who.Address2,
			City: who.City, State: who.State, ZIP: who.ZIP, CountyFIPS: who.CountyFIPS,
			Clinic: clinic.Name, ClinicPhone: clinic.Phone, Notice: one.Notice, History: one.HistoryPage, Doses: doses[who.ClientID]}
	}
	words := c.Mail.Catalog.Piece(asOf, people)
	if p.first().Language == campaign.BothLanguages {
		words.AlsoInEnglish()
	}
	if p.Decoy != "" {
		words.To = p.Decoy
	}
	return &words
}

// print draws the letters and postcards of a region or the state, and labels for all of them, and returns who is in
// which file; what each file holds goes into printed. A site that has not said who sends its letters gets none.
func (c *Config) print(ctx context.Context, r *pipeline.Run, b *Batch, printed map[string]letter.Drawn) ([]table.Disclosure, error) {
	to := c.Recipients[b.Region]
	if !c.Mail.Sends() || to == nil {
		return nil, nil
	}
	var letters, twoSided, cards []*Piece
	every := make([]*Piece, len(b.Mail))
	for i := range b.Mail {
		p := &b.Mail[i]
		every[i] = p
		switch {
		case p.first().Notice.Channel == letter.PiecePostcard:
			cards = append(cards, p)
		case p.Words.Both():
			twoSided = append(twoSided, p)
		default:
			letters = append(letters, p)
		}
	}
	title := fmt.Sprintf("%s, %s", b.Region, r.AsOf)
	write := func(p *Piece) (*letter.Letter, error) {
		l, err := p.Words.Letter(c.Mail, p.Sequence, p.Bars)
		return &l, err
	}
	shown, err := printFile(ctx, r, b, to, "letters", "Letters, "+title, letters, printed, letter.DrawLetters, write)
	if err != nil {
		return nil, err
	}
	more, err := printFile(ctx, r, b, to, "letters-two-sided", "Letters on both sides, "+title, twoSided, printed, letter.DrawLetters, write)
	if err != nil {
		return nil, err
	}
	shown = append(shown, more...)
	more, err = printFile(ctx, r, b, to, "postcards", "Postcards, "+title, cards, printed, letter.DrawPostcards,
		func(p *Piece) (*letter.Postcard, error) {
			card, err := p.Words.Postcard(c.Mail, p.Sequence, p.Bars)
			return &card, err
		})
	if err != nil {
		return nil, err
	}
	shown = append(shown, more...)
	more, err = printFile(ctx, r, b, to, "labels", "Labels, "+title, every, printed, letter.DrawLabels,
		func(p *Piece) (*letter.Label, error) {
			return &letter.Label{Sequence: p.Sequence, Lines: p.Words.Address()}, nil
		})
	return append(shown, more...), err
}

// printFile draws pieces into a file, or into several of as many as one holds. No pieces give no file.
func printFile[T any](ctx context.Context, r *pipeline.Run, b *Batch, to *recipient.Recipient, name, title string, list []*Piece, printed map[string]letter.Drawn,
	draw func(io.Writer, string, iter.Seq[T]) (letter.Drawn, error), write func(*Piece) (T, error)) ([]table.Disclosure, error) {
	files := (len(list) + letter.PerFile - 1) / letter.PerFile
	outputs, paths := make([]string, files), make([]string, files)
	for i := range files {
		number := ""
		if files > 1 {
			number = "-" + strconv.Itoa(i+1)
		}
		outputs[i] = b.Folder + "/" + name + number + ".pdf"
		var err error
		if paths[i], err = r.OutPath(outputs[i]); err != nil {
			return nil, err
		}
	}
	drawn, err := letter.WriteFiles(ctx, len(list), func(i int) (T, error) { return write(list[i]) },
		func(file int) string { return paths[file] }, title, draw)
	if err != nil {
		return nil, err
	}
	var shown []table.Disclosure
	for i, d := range drawn {
		printed[outputs[i]] = d
		if b.Region != StateRow && !b.isOpen() {
			kind, _, _ := strings.Cut(name, "-")
			r.Count(kind+"_printed", int64(d.Pieces))
		}
		for _, p := range list[i*letter.PerFile : min(len(list), (i+1)*letter.PerFile)] {
			if p.Decoy != "" {
				continue
			}
			for _, one := range p.Chosen {
				shown = append(shown, to.Disclose(r.Snapshot, outputs[i], one.Notice.ClientID))
			}
		}
	}
	return shown, nil
}

// noteMoves notes how many pieces no address vendor has held against moves in time, where the site has one.
func (c *Config) noteMoves(r *pipeline.Run, batches []Batch) {
	var moves campaign.Moves
	for _, b := range batches {
		for i := range b.Mail {
			if p := &b.Mail[i]; p.Decoy == "" && b.Region != StateRow && !b.isOpen() {
				moves.Add(p.first().Checked.On, r.AsOf)
			}
		}
	}
	if moves.InTime > 0 {
		r.Count("mail_moves_checked", moves.InTime)
	}
	late := moves.Older + moves.Never
	if !c.Vendor || late == 0 {
		return
	}
	r.Count("mail_moves_unchecked", late)
	r.Note(pipeline.Note{Kind: "warning", Text: fmt.Sprintf("%s not held against moves within %d days (%d never): commercial prices "+
		"do not hold for them; 'miic recall addresses export' asks the vendor", prose.Count(late, "piece of mail was", "pieces of mail were"),
		postalservice.MoveUpdateDays, moves.Never)})
}

// noteWords notes how many pieces are in English since nothing in the language that they were to have is approved, and that none is
// printed while the site has not said who sends it.
func (c *Config) noteWords(r *pipeline.Run, regions []Batch) {
	instead, pieces := map[string]int64{}, 0
	for _, b := range regions {
		pieces += len(b.Mail)
		for i := range b.Mail {
			if p := &b.Mail[i]; p.Decoy == "" && p.Words.Language != p.Words.Wanted {
				instead[p.Words.Wanted]++
			}
		}
	}
	for _, language := range slices.Sorted(maps.Keys(instead)) {
		why := "there is no text in it"
		if slices.Contains(c.Mail.Catalog.Languages(), language) {
			why = "nobody has approved the texts in it (reports.letters.approved)"
		}
		r.Count("mail_in_english_instead", instead[language])
		r.Note(pipeline.Note{Kind: "warning", Text: fmt.Sprintf("%d pieces of mail that were to be in %s are in English: %s",
			instead[language], language, why)})
	}
	if pieces > 0 && !c.Mail.Sends() {
		r.Note(pipeline.Note{Kind: "warning", Text: "no letters are printed: offices.csv says who sends them (reports.letters.offices)"})
	}
}
