package mailing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
)

// Invariant is what must be true of the files. They are read back from out/, so that what is checked is what
// people receive.
func Invariant() pipeline.Invariant {
	return pipeline.Invariant{Check: checkFiles,
		Name: "the regions' files hold what was noted and disclosed, each its own region, and add up to the state"}
}

// fileLetter is a row of a region's file, read back.
type fileLetter struct {
	Output     string `col:"output" doc:"path under out/"`
	Folder     string `col:"folder" doc:"region of the folder"`
	Kind       string `col:"kind" doc:"kind of the file"`
	NoticeID   string `col:"notice_id" doc:"as in the row"`
	RowKind    string `col:"row_kind" doc:"as in the row"`
	Region     string `col:"region" doc:"as in the row"`
	CountyFIPS string `col:"county_fips" doc:"as in the row"`
}

func checkFiles(ctx context.Context, r *pipeline.Run) error {
	if err := r.ViewLatest(ctx, table.Notices, table.Disclosures); err != nil {
		return err
	}
	if err := r.View(ctx, table.Clients); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.Disclosures); err != nil {
		return err
	}
	if err := loadFiles(ctx, r); err != nil {
		return err
	}
	for _, name := range []string{"invariant_file", "invariant_undisclosed", "invariant_sum"} {
		n, err := r.Engine.Int(ctx, "SELECT count(*) FROM ("+queries.Get(name)+") AS breaches")
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%s: broken by %d rows", name, n)
		}
	}
	return nil
}

// loadFiles makes tables of the rows of all files of letters and all summaries.
func loadFiles(ctx context.Context, r *pipeline.Run) error {
	folders, err := regionFolders(r.OutDir())
	if err != nil {
		return err
	}
	var letters []fileLetter
	var summaries []summaryRow
	for _, region := range folders {
		for _, kind := range campaign.Kinds {
			if letters, err = readLetters(r, region, kind, letters); err != nil {
				return err
			}
		}
		if summaries, err = readSummary(r, region, regionSummary(region), summaries); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join(r.OutDir(), filepath.FromSlash(stateSummary))); err == nil {
		if summaries, err = readSummary(r, StateRow, stateSummary, summaries); err != nil {
			return err
		}
	}
	if err := engine.Load(ctx, r.Engine, "file_letter", letters); err != nil {
		return err
	}
	return engine.Load(ctx, r.Engine, "file_summary", summaries)
}

func regionFolders(out string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(out, "regions"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func readLetters(r *pipeline.Run, region, kind string, letters []fileLetter) ([]fileLetter, error) {
	output := letterFile(region, kind)
	path := filepath.Join(r.OutDir(), filepath.FromSlash(output))
	err := csvfile.Read(path, LetterColumns, func(cells []string) error {
		at := func(name string) string { return cells[slices.Index(LetterColumns, name)] }
		letters = append(letters, fileLetter{Output: output, Folder: region, Kind: kind, NoticeID: at("notice_id"),
			RowKind: at("kind"), Region: at("region"), CountyFIPS: at("county_fips")})
		return nil
	})
	return letters, err
}
