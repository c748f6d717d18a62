package mailing

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"miic/internal/engine"
	"miic/internal/phone"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/letter"
)

// Channels of notices, by the file that holds them.
var (
	postal = []string{"mail", "postcard"}
	spoken = []string{"phone"}
	typed  = []string{"text"}
)

// A Batch is the pieces of one region, or of the state, by file.
type Batch struct {
	Folder string // under out/
	Region string
	Mail   []Piece // decoys among them
	Calls  []Piece
	Texts  []Piece
}

// batches are the pieces of each region, and of the state as a whole: the same mail, in the order of its own file.
func (c *Config) batches(ctx context.Context, r *pipeline.Run, plan *campaign.Plan) ([]Batch, error) {
	var list, opened []Batch
	doses, err := histories(ctx, r, plan)
	if err != nil {
		return nil, err
	}
	for _, region := range c.Regions {
		if c.Recipients[region] == nil {
			continue
		}
		var all, tonight []*campaign.Chosen
		for _, kind := range campaign.Kinds {
			for i := range plan.Chosen[region][kind] {
				one := plan.Chosen[region][kind][i].Addressed()
				if all = append(all, one); !one.Waiting {
					tonight = append(tonight, one)
				}
			}
		}
		if plan.Opened[region] {
			opened = append(opened, c.batch(r.AsOf, openFolder(region), region, all, doses))
		}
		list = append(list, c.batch(r.AsOf, "regions/"+region, region, tonight, doses))
	}
	state := Batch{Folder: StateRow, Region: StateRow}
	for _, b := range list {
		if c.Recipients[StateRow] != nil {
			state.Mail = append(state.Mail, b.Mail...)
		}
	}
	inOrder(state.Mail)
	list = append(append(opened, list...), state)
	serials, err := c.serials(ctx, r, plan)
	for i := range list {
		if err == nil {
			err = barcodes(&c.Settings.Mailer, serials, list[i].Mail)
		}
	}
	return list, err
}

// batch is the pieces of a folder, with the region's decoys among its mail.
func (c *Config) batch(asOf table.Date, folder, region string, chosen []*campaign.Chosen, doses map[int64][]letter.Dose) Batch {
	b := Batch{Folder: folder, Region: region, Mail: pieces(chosen, postal...),
		Calls: pieces(chosen, spoken...), Texts: pieces(chosen, typed...)}
	if len(b.Mail) > 0 {
		b.Mail = append(b.Mail, c.decoys(asOf, region, b.Mail[0].first())...)
		inOrder(b.Mail)
	}
	for i := range b.Mail {
		b.Mail[i].Words = c.words(asOf, &b.Mail[i], doses)
	}
	return b
}

// decoys are the pieces to the registry itself in a region's file, like one of the others.
func (c *Config) decoys(asOf table.Date, region string, like *campaign.Chosen) []Piece {
	var list []Piece
	for i, d := range c.Settings.Decoys {
		if len(d.Regions) > 0 && !slices.Contains(d.Regions, region) {
			continue
		}
		person := campaign.Person{FirstName: d.Child, LastName: d.Child, BirthDate: asOf.AddMonths(-24), Address1: d.Street,
			City: d.City, State: d.State, ZIP: d.ZIP, Region: region}
		one := *like
		one.Person = person
		one.Notice.NoticeID, one.Notice.HouseholdID, one.Notice.ClientID = decoyID(asOf, region, i), 0, 0
		place := slices.Index(c.Regions, region)*len(c.Settings.Decoys) + i
		list = append(list, Piece{Decoy: d.Name, decoyPlace: int64(asOf)*c.Settings.decoysADay(c.Regions) + int64(place),
			Chosen: []*campaign.Chosen{&one}})
	}
	return list
}

// serials are the numbers of tonight's notices among all that there have been, where a barcode needs them.
func (c *Config) serials(ctx context.Context, r *pipeline.Run, plan *campaign.Plan) (map[string]int64, error) {
	if c.Settings.Mailer.ID == "" {
		return nil, nil
	}
	type numbered struct {
		NoticeID string `col:"notice_id" doc:"the notice"`
		Serial   int64  `col:"serial" doc:"its number"`
	}
	var tonight []numbered
	for _, kinds := range plan.Chosen {
		for _, chosen := range kinds {
			for i := range chosen {
				tonight = append(tonight, numbered{chosen[i].Notice.NoticeID, r.Snapshot})
			}
		}
	}
	slices.SortFunc(tonight, func(a, b numbered) int { return cmp.Compare(a.NoticeID, b.NoticeID) })
	if err := engine.Load(ctx, r.Engine, "posted", tonight); err != nil {
		return nil, err
	}
	serials := make(map[string]int64, len(tonight))
	err := engine.Stream(ctx, r.Engine, queries.Get("serial"), func(n *numbered) error {
		serials[n.NoticeID] = n.Serial
		return nil
	})
	return serials, err
}

// writeBatch writes the files of a region's or the state's pieces, and returns who is in which.
func (c *Config) writeBatch(r *pipeline.Run, b *Batch) ([]table.Disclosure, error) {
	var shown []table.Disclosure
	to := c.Recipients[b.Region]
	show := func(output string, list []Piece) {
		for i := range list {
			for _, one := range list[i].Chosen {
				if list[i].Decoy == "" && !b.isOpen() {
					shown = append(shown, to.Disclose(r.Snapshot, output, one.Notice.ClientID))
				}
			}
		}
	}
	for _, f := range []struct {
		list   *List
		pieces []Piece
		cells  func(*pipeline.Run, *Piece) []string
	}{
		{&house, b.Mail, c.houseCells},
		{&phones, b.Calls, c.callCells},
		{&texts, b.Texts, c.textCells},
	} {
		if to == nil || b.Region == StateRow && f.list != &house {
			continue // calls and texts are made by the regions
		}
		output := b.Folder + "/" + f.list.Name
		err := f.list.write(r, to.CSV.Style(), output, func(yield func([]string) bool) {
			for i := range f.pieces {
				if !yield(f.cells(r, &f.pieces[i])) {
					return
				}
			}
		})
		if err != nil {
			return nil, err
		}
		show(output, f.pieces)
	}
	return shown, nil
}

// houseCells is a piece as a row of the mailing house's file.
func (c *Config) houseCells(r *pipeline.Run, p *Piece) []string {
	one, words := p.first(), p.Words
	n, at, clinic := &one.Notice, &one.Person, c.clinicOf(p)
	zip5, zip4 := splitZIP(at.ZIP)
	household := ""
	if n.HouseholdID != 0 {
		household = fmt.Sprint(n.HouseholdID)
	}
	row := []string{n.Campaign, runID(r.AsOf), fmt.Sprint(p.Sequence), p.ID(), household, p.kind(),
		fmt.Sprint(p.round()), words.Template, words.Languages(), words.To, fmt.Sprint(len(p.Chosen))}
	for _, column := range []func(*letter.Person) string{
		(*letter.Person).Given,
		func(who *letter.Person) string { return words.Vaccines(who).String() },
	} {
		for i := range MostPeople {
			cell := ""
			if i < len(words.People) && words.Piece != letter.PiecePostcard { // which everybody reads
				cell = column(&words.People[i])
			}
			row = append(row, cell)
		}
	}
	return append(row, at.Address1, at.Address2, at.City, at.State, zip5, zip4, p.Routing, p.Tracking, n.Region,
		at.CountyFIPS, clinic.Name, clinic.Phone, n.Region, r.AsOf.String(), "", p.Bars, checkedOn(one))
}

func checkedOn(one *campaign.Chosen) string {
	if one.Checked.On == 0 {
		return ""
	}
	return one.Checked.On.String()
}

// clinicOf is the clinic of the first person of a piece who has one.
func (c *Config) clinicOf(p *Piece) Clinic {
	for _, one := range p.Chosen {
		if clinic, ok := c.Clinics[one.Person.Provider]; ok {
			return clinic
		}
	}
	return Clinic{}
}

func (c *Config) callCells(r *pipeline.Run, p *Piece) []string {
	name := p.first().Person.FirstName
	return c.calledCells(r, p, name, "call-"+p.kind())
}

// textCells has no name: a text is read by whoever holds the telephone.
func (c *Config) textCells(r *pipeline.Run, p *Piece) []string {
	return c.calledCells(r, p, "", "text-"+p.kind())
}

func (c *Config) calledCells(r *pipeline.Run, p *Piece, name, message string) []string {
	n, clinic := &p.first().Notice, c.clinicOf(p)
	return []string{p.ID(), e164(cmp.Or(n.Phone, p.first().Person.Phone)), "unknown", n.Language, name, clinic.Name,
		clinic.Phone, message, (r.AsOf + 1).String(), (r.AsOf + table.Date(c.Settings.Days)).String()}
}

// e164 writes a telephone number of the North American plan with the country's code; nothing for what is none.
func e164(digits string) string {
	if n := phone.Number(digits); n != "" {
		return "+1" + n
	}
	return ""
}

// runID names the night in files for others: by its day, so that the same day again writes the same files.
func runID(asOf table.Date) string { return asOf.String() }

// decoyID is the id of a decoy in a region's file: of the form of notices' ids.
func decoyID(asOf table.Date, region string, place int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "decoy|%s|%s|%d", asOf, region, place))
	return hex.EncodeToString(sum[:8])
}
