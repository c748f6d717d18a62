package mailing

import (
	"path/filepath"
	"slices"

	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
)

// openFolder is where, under out/, the notices of a region lie that nobody has collected.
func openFolder(region string) string { return "regions/" + region + "/open" }

func (b *Batch) isOpen() bool { return b.Folder == openFolder(b.Region) }

// writeOpen writes the lists of people of the folders open/, and which notices lie in them. It returns a disclosure for
// each notice that comes into a folder tonight: it is shown there to one recipient, and stays until it is collected.
func (c *Config) writeOpen(r *pipeline.Run, plan *campaign.Plan) ([]table.Disclosure, error) {
	if err := pipeline.Write(r, table.OpenNotices, plan.Open); err != nil {
		return nil, err
	}
	var shown []table.Disclosure
	for _, o := range plan.Open {
		if to := c.Recipients[o.Region]; to != nil && o.Since == r.Snapshot { // new, or other than it lay there before
			shown = append(shown, to.Disclose(r.Snapshot, openFolder(o.Region), o.ClientID))
		}
	}
	for _, region := range c.Regions {
		if !plan.Opened[region] || c.Recipients[region] == nil {
			continue
		}
		for _, kind := range campaign.Kinds {
			letters := c.letters(r.AsOf, plan.Chosen[region][kind])
			if err := writeFile(r, c.Recipients[region], lists[kind], openFolder(region)+"/"+lists[kind].Name, letters); err != nil {
				return nil, err
			}
		}
	}
	return shown, nil
}

// fileOpen is a notice in a list of a folder open/, read back.
type fileOpen struct {
	Region   string `col:"region" doc:"of the folder"`
	NoticeID string `col:"notice_id" doc:"as in the row"`
	Piece    bool   `col:"piece" doc:"it is the first of a piece of mail, a call or a text, and not in a list of people"`
	People   int64  `col:"people" doc:"whom the row is about"`
}

// readOpenFiles reads the files of a region's folder open/, if it has one.
func readOpenFiles(r *pipeline.Run, region string, rows []fileOpen) ([]fileOpen, error) {
	folder := openFolder(region)
	if !exists(r, folder) {
		return rows, nil
	}
	m, err := manifestOf(r, folder)
	if err != nil {
		return nil, err
	}
	pieces, err := readPieces(r, m, region, folder, []*List{&house, &phones, &texts}, nil)
	if err != nil {
		return nil, err
	}
	for _, p := range pieces {
		if !p.Decoy {
			rows = append(rows, fileOpen{region, p.NoticeID, true, p.People})
		}
	}
	for _, kind := range campaign.Kinds {
		path := filepath.Join(r.OutDir(), filepath.FromSlash(folder), lists[kind].Name)
		err := csvfile.Read(path, LetterColumns, func(cells []string) error {
			rows = append(rows, fileOpen{region, cells[slices.Index(LetterColumns, "notice_id")], false, 1})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}
